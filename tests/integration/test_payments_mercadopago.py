"""Orders paid at the twin of Mercado Pago: on its page, told by its notifications, with its ways of going wrong."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost.money import Money
from shopkit.payments import mercadopago as adapter
from shopkit.payments import mercadopago_messages
from shopkit.payments.port import SignatureError
from shopkit.services import payment_accounts, payments, refunds, webhooks
from shopkit.services.context import open_services
from shopkit.services.problems import RequestError
from tests.databases import migrate
from tests.paying import Sale
from tests.shop import NOW, settings
from tests.twins.mercadopago import Twin, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SEAL = "A" * 43 + "="
PESOS = 139_872


@pytest.fixture
def twin() -> Iterator[Twin]:
    """Return a twin whose clock is the shop's."""
    with serving("MX", start=int(NOW.timestamp())) as found:
        yield found


@pytest.fixture
def sale(tmp_path: Path, twin: Twin) -> Iterator[Sale]:
    """Return a seller with an account at the twin and an order in pesos, whose notifications come to the shop."""
    services = open_services(settings(tmp_path, secret_keys=(SEAL,)), now=lambda: NOW)
    migrate(services.database)
    found = Sale(
        services,
        "mercadopago",
        total=Money(PESOS, "MXN"),
        market="MX",
        country="MX",
        secrets={"access_token": "TEST-twin"},
        signing=("old-signing", "twin-signing"),
        options={"api_base": twin.url},
    )
    twin.control("listen", url="http://127.0.0.1:9/hook")
    answers = {"kept": 200, "repeated": 200}
    twin.world.webhooks.transport = lambda _, query, headers, body: answers.get(found.tell(body, headers, query), 400)
    yield found
    services.database.dispose()


def deliver(sale: Sale, twin: Twin) -> None:
    """Let all notifications come in and be handled."""
    twin.control("deliver")
    webhooks.work(sale.services)


def pay(sale: Sale, twin: Twin, method: str = "card", by: str = "visa", **how: Any) -> str:
    """Let the buyer pay, and return the payment there."""
    begun = sale.start(method)
    made = twin.control("pay", preference=sale.ref(begun.payment_id), method=by, **how)
    deliver(sale, twin)
    return str(made["id"])


def pesos(minor: int) -> Money:
    """Return Mexican cents."""
    return Money(minor, "MXN")


def test_paid_by_card_and_refunded_in_parts(sale: Sale, twin: Twin) -> None:
    """The order is paid once by whatever notifications come; two parts go back as two refunds, each once."""
    twin.control("mode", name="duplicate", times=10, copies=3)
    payment = pay(sale, twin)
    paid = sale.state
    for key, minor in (("a", 1_000), ("a", 1_000), ("b", 2_000)):
        refunds.refund(sale.services, sale.actor, sale.order.id, pesos(minor), "", key)
    deliver(sale, twin)
    sent = twin.requests("POST", f"/v1/payments/{payment}/refunds")

    assert (paid.status, paid.net, paid.stops) == ("paid", PESOS, None)
    assert (sale.state.status, sale.state.net) == ("part_refunded", PESOS - 3_000)
    assert [(one["key"][:8], one["body"]) for one in sent] == [
        ("refund:r", '{"amount":10.00}'),
        ("refund:r", '{"amount":20.00}'),
    ]
    assert sale.kinds.count("payment_received") == 1
    assert len(twin.world.preferences) == 1


@pytest.mark.parametrize(
    ("method", "by", "number"), [("cash", "oxxo", "number"), ("spei", "clabe", "hosted_voucher_url")]
)
def test_what_is_paid_later_ships_once_it_is_paid(sale: Sale, twin: Twin, method: str, by: str, number: str) -> None:
    """Pending with what the buyer needs and its end; nothing ships until the money is there."""
    payment = pay(sale, twin, method, by)
    before, stops = sale.state.status, sale.state.stops
    [waiting] = payments.see(sale.services, sale.order.id)
    twin.control("settle", payment=payment)
    deliver(sale, twin)

    assert (before, stops, sale.state.status, sale.state.stops) == ("pending", "order.not_paid", "paid", None)
    assert waiting.until == NOW + timedelta(days=3)
    assert waiting.instructions[number]
    assert refunds.is_possible(sale.services, sale.order.id) is False


def test_a_page_offers_its_own_method_alone(sale: Sale, twin: Twin) -> None:
    """Who chose cash cannot pay by card there, except from an account, which cannot be left out."""
    begun = sale.start("cash")
    ref = sale.ref(begun.payment_id)
    with pytest.raises(Exception, match="cannot be chosen"):
        twin.control("pay", preference=ref, method="visa")
    twin.control("pay", preference=ref, method="account_money")
    deliver(sale, twin)

    assert sale.state.status == "paid"


def test_a_voucher_that_lapses_ends_the_attempt(sale: Sale, twin: Twin) -> None:
    """Neither the page nor the voucher can be paid any more."""
    pay(sale, twin, "cash", "oxxo")
    twin.control("advance", seconds=4 * 86_400)
    sale.services.now = lambda: NOW + timedelta(days=4)
    webhooks.reconcile(sale.services)

    assert [one.state for one in payments.see(sale.services, sale.order.id)] == ["expired"]


def test_a_rejected_card_lets_the_buyer_try_again(sale: Sale, twin: Twin) -> None:
    """The page stays open, and the next card pays the same attempt."""
    pay(sale, twin, outcome="rejected")
    [again] = payments.see(sale.services, sale.order.id)
    pay(sale, twin)

    assert again.state == "open"
    assert (sale.state.status, sale.kinds) == ("paid", ["payment_started", "payment_received"])


def test_two_cards_make_the_whole(sale: Sale, twin: Twin) -> None:
    """One part is under way while the other is there; together they are the order's."""
    begun = sale.start("card")
    ref = sale.ref(begun.payment_id)
    twin.control("pay", preference=ref, value="398.72")
    waits = twin.control("pay", preference=ref, value="1000.00", outcome="in_process")
    deliver(sale, twin)
    before = (sale.state.status, sale.state.net)
    twin.control("settle", payment=str(waits["id"]))
    deliver(sale, twin)

    assert before == ("underfunded", 39_872)
    assert (sale.state.status, sale.state.net, sale.state.is_held) == ("paid", PESOS, False)


def test_another_amount_is_held(sale: Sale, twin: Twin) -> None:
    """What does not fit waits for a person."""
    pay(sale, twin, value="1398.71")

    assert (sale.state.status, sale.state.stops, sale.state.astray) == ("awaiting_payment", "order.held", PESOS - 1)


@pytest.mark.parametrize(
    "mode",
    ["corrupt", "wrong_secret", "old", "future", "unsigned", "other_address", "lose", "reorder", "milliseconds"],
)
def test_notifications_that_are_spoilt_change_nothing_and_cost_nothing(sale: Sale, twin: Twin, mode: str) -> None:
    """Nothing unproved is kept; what was lost by it is found by reading again."""
    twin.control("mode", name=mode, times=20)
    pay(sale, twin)
    kept = len(webhooks.messages(sale.services, sale.actor))
    payments.settle(sale.services, payments.see(sale.services, sale.order.id)[0].payment_id)

    assert (kept > 0) is (mode in {"reorder", "milliseconds"})
    assert (sale.state.status, sale.kinds) == ("paid", ["payment_started", "payment_received"])


@pytest.mark.parametrize("mode", ["other_body", "other_topic"])
def test_of_the_body_nothing_is_believed(sale: Sale, twin: Twin, mode: str) -> None:
    """What is not signed leads nowhere; what is signed leads to the payment."""
    twin.control("mode", name=mode, times=20)
    pay(sale, twin)

    assert (sale.state.status == "paid") is (mode == "other_body")


def test_a_payment_their_search_does_not_find_yet_is_read_by_its_name(sale: Sale, twin: Twin) -> None:
    """The notification names it, and the order is paid; later readings know it as well."""
    twin.control("plant", fault="search_lags")
    pay(sale, twin)
    payments.settle(sale.services, payments.see(sale.services, sale.order.id)[0].payment_id)

    assert (sale.state.status, sale.kinds) == ("paid", ["payment_started", "payment_received"])


@pytest.mark.parametrize("kind", ["drop_after", "500_after"])
def test_a_preference_whose_answer_was_lost_is_found(sale: Sale, twin: Twin, kind: str) -> None:
    """Their key does not reach so far, so it is looked for: there is one."""
    twin.control("fault", kind=kind, times=2, path="/checkout/preferences", method="POST")
    with pytest.raises(payments.ProviderDownError):
        sale.start("card")
    begun = sale.start("card")

    assert sale.ref(begun.payment_id) in twin.world.preferences
    assert len(payments.see(sale.services, sale.order.id)) == 1


def test_a_refund_whose_answer_was_lost_is_found_by_its_amount(sale: Sale, twin: Twin) -> None:
    """Refunds bear no mark there: two hours later the one of this amount is taken for ours, and none is made twice."""
    payment = pay(sale, twin)
    twin.control("fault", kind="drop_after", times=2, path=f"/v1/payments/{payment}/refunds")
    refunds.refund(sale.services, sale.actor, sale.order.id, pesos(1_000), "", "a")
    twin.control("advance", seconds=2 * 3600)
    sale.services.now = lambda: NOW + timedelta(hours=2)
    webhooks.reconcile(sale.services)

    assert sale.state.net == PESOS - 1_000
    assert len(twin.world.payments[payment]["refunds"]) == 1
    assert [one.state for one in sale.state.refunds.values()] == ["made"]


@pytest.mark.parametrize(("end", "left"), [("approved", 0), ("rejected", PESOS)])
def test_a_refund_in_process_takes_its_time(sale: Sale, twin: Twin, end: str, left: int) -> None:
    """It is set aside until it is known how it ended."""
    payment = pay(sale, twin)
    twin.control("next_refund", status="in_process")
    refunds.refund(sale.services, sale.actor, sale.order.id, pesos(PESOS), "", "a")
    waiting = (sale.state.money, sale.state.refundable)
    refund = twin.world.payments[payment]["refunds"][0]["id"]
    twin.control("settle_refund", payment=payment, refund=refund, status=end)
    deliver(sale, twin)

    assert waiting == ("refunding", 0)
    assert (sale.state.net, sale.state.refundable) == (left, left)


def test_a_refund_in_their_own_pages_is_found(sale: Sale, twin: Twin) -> None:
    """It stands in the order's books."""
    payment = pay(sale, twin)
    twin.control("give_back", payment=payment, value="20.00")
    deliver(sale, twin)

    assert (sale.state.status, sale.state.net) == ("part_refunded", PESOS - 2_000)


@pytest.mark.parametrize(
    ("steps", "comes_to"),
    [
        ([("in_mediation", "pending")], ("disputed", PESOS)),
        ([("in_mediation", "pending"), ("approved", "accredited")], ("received", PESOS)),
        ([("in_mediation", "pending"), ("charged_back", "in_process")], ("disputed", PESOS)),
        ([("charged_back", "in_process"), ("charged_back", "reimbursed")], ("received", PESOS)),
        ([("in_mediation", "pending"), ("charged_back", "settled")], ("refunded", 0)),
    ],
)
def test_mediation_and_chargeback_are_disputes(
    sale: Sale, twin: Twin, steps: list[tuple[str, str]], comes_to: tuple[str, int]
) -> None:
    """They hold the goods until their end, and money that was taken is not counted."""
    payment = pay(sale, twin)
    for status, detail in steps:
        twin.control("settle", payment=payment, status=status, detail=detail)
        deliver(sale, twin)

    assert (sale.state.money, sale.state.net) == comes_to


def test_payments_of_others_change_nothing(sale: Sale, twin: Twin) -> None:
    """The account is used elsewhere too."""
    sale.start("card")
    other = twin.world.prefer(
        {"items": [{"title": "x", "quantity": 1, "unit_price": Decimal("1398.72")}], "external_reference": "other"}
    )
    twin.control("pay", preference=other["id"])
    deliver(sale, twin)

    assert (sale.state.status, [one.state for one in webhooks.messages(sale.services, sale.actor)]) == (
        "awaiting_payment",
        ["ignored"],
    )


@pytest.mark.parametrize(("token", "is_live"), [("TEST-x", True), ("APP_USR-x", False)])
def test_a_token_of_the_other_mode_is_not_kept(sale: Sale, token: str, is_live: bool) -> None:  # noqa: FBT001  # a case
    """A token for trying is not money's, and the other way round."""
    given: dict[str, Any] = {"country": "MX", "is_live": is_live, "secrets": {"access_token": token}}
    with pytest.raises(RequestError) as caught:
        payment_accounts.create(sale.services, sale.actor, "mercadopago", **given)

    assert [(one.pointer, one.code) for one in caught.value.problems] == [("/secrets/access_token", "payment.key_mode")]


def test_no_secret_reaches_logs(sale: Sale, twin: Twin, caplog: pytest.LogCaptureFixture) -> None:
    """Neither token nor signing secret stands in a log, not even when calls fail."""
    caplog.set_level(logging.DEBUG)
    twin.control("fault", kind="500_before", times=2)
    with pytest.raises(payments.ProviderDownError):
        sale.start("card")
    pay(sale, twin)
    said = caplog.text + repr(sale.account)

    assert [one for one in ("TEST-twin", "twin-signing", "old-signing") if one in said] == []


def test_what_goes_over_the_wire(sale: Sale, twin: Twin) -> None:
    """Numbers as they are, dates with milliseconds, the attempt as reference, no part in months unless asked for."""
    begun = sale.start("card")
    [asked] = twin.requests("POST", "/checkout/preferences")
    sent = json.loads(asked["body"], parse_float=Decimal)

    assert '"unit_price":1398.72' in asked["body"]
    assert (sent["external_reference"], sent["expiration_date_to"]) == (
        begun.payment_id,
        (NOW + timedelta(hours=23, minutes=50)).isoformat(timespec="milliseconds"),
    )
    assert sent["payment_methods"] == {
        "excluded_payment_types": [{"id": "ticket"}, {"id": "bank_transfer"}, {"id": "atm"}]
    }


# -- a fault in the adapter is seen by the twin ------------------------------------------------------------------------
def _hundredfold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write minor units where whole ones belong."""
    monkeypatch.setattr(adapter, "to_mercadopago", lambda money: Decimal(money.minor))


def _credulous(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the id from the address whoever signed what."""
    monkeypatch.setattr(adapter, "prove", lambda _headers, query, *_: (query["data.id"], query["data.id"]))


def _trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count what waits as money."""
    monkeypatch.setattr(adapter, "_CAME", adapter._CAME | {"pending"})


def _forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a key of each moment."""
    keys = iter("abcdefgh")
    ask = adapter._ask
    monkeypatch.setattr(
        adapter, "_ask", lambda *given, **more: ask(*given, **more | {"key": more.get("key") and next(keys)})
    )
    monkeypatch.setattr(adapter.MercadoPago, "key_life", timedelta(days=1))


def _spoilt(sale: Sale, twin: Twin) -> None:
    test_notifications_that_are_spoilt_change_nothing_and_cost_nothing(sale, twin, "wrong_secret")


def _waiting(sale: Sale, twin: Twin) -> None:
    test_what_is_paid_later_ships_once_it_is_paid(sale, twin, "cash", "oxxo", "number")


@pytest.mark.parametrize(
    ("plant", "noticed"),
    [
        (_hundredfold, test_what_goes_over_the_wire),
        (_credulous, _spoilt),
        (_trusting, _waiting),
        (_forgetful, test_a_refund_whose_answer_was_lost_is_found_by_its_amount),
    ],
)
def test_a_fault_planted_in_the_adapter_is_noticed(
    sale: Sale,
    twin: Twin,
    monkeypatch: pytest.MonkeyPatch,
    plant: Callable[[pytest.MonkeyPatch], None],
    noticed: Callable[[Sale, Twin], None],
) -> None:
    """Each makes a test of these fail."""
    plant(monkeypatch)

    with pytest.raises((AssertionError, RequestError)):
        noticed(sale, twin)


@pytest.mark.parametrize(
    ("headers", "data"),
    [
        ({}, "1"),
        ({"x-signature": ""}, "1"),
        ({"x-signature": "ts=1"}, "1"),
        ({"x-signature": "v1=00"}, "1"),
        ({"x-signature": "ts=abc,v1=00"}, "1"),
        ({"x-signature": "ts=1764244800,v1=00"}, "1"),
        ({"x-signature": "ts=1764244800,ts=1764244800,v1=é"}, ""),
    ],
)
def test_a_header_that_proves_nothing_is_refused(headers: dict[str, str], data: str) -> None:
    """Missing, torn, doubled or of somebody else."""
    with pytest.raises(SignatureError):
        mercadopago_messages.prove(headers, {"data.id": data}, ("s",), NOW)


@pytest.mark.parametrize("secrets", [(), ("",), ("  ",)])
def test_an_empty_secret_is_none(secrets: tuple[str, ...]) -> None:
    """Their library takes an empty text for a key; here it is no secret."""
    with pytest.raises(SignatureError, match="no secret"):
        mercadopago_messages.prove({"x-signature": "ts=1764244800,v1=00"}, {"data.id": "1"}, secrets, NOW)
