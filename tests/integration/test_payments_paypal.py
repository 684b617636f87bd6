"""Orders paid at the twin of PayPal: approved there, taken here, told by its messages, with its ways of going wrong."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shopkit.payments import paypal as adapter
from shopkit.payments import paypal_messages
from shopkit.payments.port import PaymentError
from shopkit.services import order_acts, payment_accounts, payments, refunds, webhooks
from shopkit.services.context import open_services
from shopkit.services.problems import RequestError
from tests.databases import migrate
from tests.ordering import DUE
from tests.paying import Sale, usd
from tests.shop import NOW, settings
from tests.twins.paypal import Twin, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SECRETS = {"client_id": "twin-client", "client_secret": "twin-secret"}


@pytest.fixture
def twin() -> Iterator[Twin]:
    """Return a twin whose clock is the shop's."""
    with serving(start=int(NOW.timestamp())) as found:
        yield found


@pytest.fixture
def sale(tmp_path: Path, twin: Twin) -> Iterator[Sale]:
    """Return a seller with an account at the twin, whose messages come to the shop."""
    services = open_services(settings(tmp_path, secret_keys=("A" * 43 + "=",)), now=lambda: NOW)
    migrate(services.database)
    signing = ("OLDWEBHOOK", "TWINWEBHOOK")
    found = Sale(services, "paypal", secrets=SECRETS, signing=signing, options={"api_base": twin.url})
    twin.control("listen", url="http://127.0.0.1:9/hook")
    answers = {"kept": 200, "repeated": 200}
    twin.world.webhooks.transport = lambda _, headers, body: answers.get(found.tell(body, headers), 400)
    yield found
    services.database.dispose()


def deliver(sale: Sale, twin: Twin) -> None:
    """Let all messages come in and be handled, and those that come of that."""
    for _ in range(2):
        twin.control("deliver")
        webhooks.work(sale.services)


def paid(sale: Sale, twin: Twin, fate: str = "COMPLETED") -> str:
    """Let the buyer approve and the shop take it; return the attempt."""
    begun = sale.start("paypal")
    twin.control("approve", order=sale.ref(begun.payment_id), fate=fate)
    deliver(sale, twin)
    return begun.payment_id


def captures(twin: Twin) -> list[dict[str, Any]]:
    """Return what was taken."""
    return [one for one in twin.world.things.values() if one["_kind"] == "capture"]


def test_what_is_approved_is_taken_once_and_refunded_in_parts(sale: Sale, twin: Twin) -> None:
    """Whatever messages come, one capture is made; two parts go back as two refunds, each once."""
    begun = sale.start("paypal")
    again = sale.start("paypal")
    twin.control("mode", name="duplicate", times=10, copies=3)
    twin.control("approve", order=sale.ref(begun.payment_id))
    before = sale.state.status
    deliver(sale, twin)
    state = sale.state
    for key, minor in (("a", 1_000), ("a", 1_000), ("b", 2_000)):
        refunds.refund(sale.services, sale.actor, sale.order.id, usd(minor), "", key)
    deliver(sale, twin)
    path = f"/v2/checkout/orders/{sale.ref(begun.payment_id)}/capture"

    assert (begun.url, begun.payment_id) == (again.url, again.payment_id)
    assert (before, state.status, state.net, state.stops) == ("awaiting_payment", "paid", DUE, None)
    assert (sale.state.status, sale.state.net) == ("part_refunded", DUE - 3_000)
    assert [one["key"] for one in twin.requests("POST", path)] == [f"capture:{sale.ref(begun.payment_id)}"]
    assert [one["amount"]["value"] for one in captures(twin)] == ["76.63"]
    assert sale.kinds.count("payment_received") == 1
    assert sale.kinds.count("refund_made") == 2


@pytest.mark.parametrize("mode", ["corrupt", "wrong_key", "other_endpoint", "old", "unsigned", "lose", "reorder"])
def test_messages_that_are_spoilt_change_nothing_and_cost_nothing(sale: Sale, twin: Twin, mode: str) -> None:
    """Nothing unproved is kept; what was lost by it is found by reading again, on the buyer's return or daily."""
    twin.control("mode", name=mode, times=20)
    payment_id = paid(sale, twin)
    kept = len(webhooks.messages(sale.services, sale.actor))
    payments.settle(sale.services, payment_id)

    assert (kept > 0) is (mode == "reorder")
    assert (sale.state.status, sale.kinds) == ("paid", ["payment_started", "payment_received"])
    assert len(captures(twin)) == 1


def reduced(sale: Sale) -> None:
    """Ask less."""
    order_acts.reduce(sale.services, sale.actor, sale.order.id, usd(1_000), key="less")


def transferred(sale: Sale) -> None:
    """Note the whole by transfer."""
    order_acts.note_transfer(sale.services, sale.actor, sale.order.id, usd(DUE), key="t")


def cancelled(sale: Sale) -> None:
    """Cancel the order."""
    order_acts.cancel(sale.services, sale.actor, sale.order.id)


def held(sale: Sale) -> None:
    """Hold the order."""
    order_acts.hold(sale.services, sale.actor, sale.order.id, key="h")


@pytest.mark.parametrize("happens", [reduced, transferred, cancelled, held])
def test_what_the_order_does_not_ask_for_is_not_taken(sale: Sale, twin: Twin, happens: Callable[[Sale], None]) -> None:
    """Approved for another price, for what is paid by now, for an order that ended or is held: nothing is taken."""
    begun = sale.start("paypal")
    happens(sale)
    before = sale.state.net
    twin.control("approve", order=sale.ref(begun.payment_id))
    deliver(sale, twin)

    assert (captures(twin), sale.state.net) == ([], before)
    assert not any(one["path"].endswith("/capture") for one in twin.world.journal if one.get("method") == "POST")


@pytest.mark.parametrize("kind", ["drop_after", "500_after", "500_before"])
def test_a_lost_answer_to_a_capture_is_asked_for_again(sale: Sale, twin: Twin, kind: str) -> None:
    """The message waits and is handled later; money is taken once."""
    begun = sale.start("paypal")
    ref = sale.ref(begun.payment_id)
    twin.control("fault", kind=kind, times=2, path=f"/v2/checkout/orders/{ref}/capture")
    twin.control("approve", order=ref)
    twin.control("deliver")
    webhooks.work(sale.services)
    before = sale.state.status
    sale.services.now = lambda: NOW + timedelta(minutes=5)
    webhooks.work(sale.services)

    assert (before, sale.state.status, len(captures(twin))) == ("awaiting_payment", "paid", 1)


def test_a_provider_that_limits_is_left_alone_and_asked_later(sale: Sale, twin: Twin) -> None:
    """429 is not asked again at once."""
    twin.control("fault", kind="429")
    with pytest.raises(payments.ProviderDownError):
        sale.start("paypal")
    asked = len(twin.requests("POST", "/v2/checkout/orders"))

    assert (asked, sale.start("paypal").state) == (1, "open")


def test_a_declined_card_lets_the_buyer_choose_another(sale: Sale, twin: Twin) -> None:
    """Nothing failed for good: the page is open again, and the same attempt is paid."""
    payment_id = paid(sale, twin, "INSTRUMENT_DECLINED")
    [again] = payments.see(sale.services, sale.order.id)
    twin.control("approve", order=sale.ref(payment_id))
    deliver(sale, twin)

    assert (again.state, again.url) == ("open", f"{twin.url}/checkoutnow?token={sale.ref(payment_id)}")
    assert (sale.state.status, sale.kinds) == ("paid", ["payment_started", "payment_received"])


@pytest.mark.parametrize(("end", "status"), [("COMPLETED", "paid"), ("DECLINED", "awaiting_payment")])
def test_money_under_way_ships_nothing(sale: Sale, twin: Twin, end: str, status: str) -> None:
    """An eCheck is pending until the bank says how it ended."""
    paid(sale, twin, "PENDING")
    before, stops = sale.state.status, sale.state.stops
    twin.control("settle", capture=captures(twin)[0]["id"], status=end)
    deliver(sale, twin)

    assert (before, stops, sale.state.status) == ("pending", "order.not_paid", status)


def test_a_refund_may_wait_and_fail(sale: Sale, twin: Twin) -> None:
    """One that fails in the end opens again what can be given back."""
    paid(sale, twin)
    twin.control("next_refund", status="PENDING")
    refunds.refund(sale.services, sale.actor, sale.order.id, usd(DUE), "", "a")
    waiting = sale.state.refundable
    [refund] = [name for name, one in twin.world.things.items() if one["_kind"] == "refund"]
    twin.control("settle_refund", refund=refund, status="FAILED")
    deliver(sale, twin)

    assert (waiting, sale.state.refundable, sale.state.net) == (0, DUE, DUE)


def test_a_refund_in_paypals_own_pages_is_found(sale: Sale, twin: Twin) -> None:
    """Its message names the refund alone, and leads to the order by the capture."""
    paid(sale, twin)
    twin.control("give_back", capture=captures(twin)[0]["id"], value="20.00")
    deliver(sale, twin)

    assert (sale.state.status, sale.state.net) == ("part_refunded", DUE - 2_000)


def test_more_than_is_left_at_paypal_is_refused_there_too(sale: Sale, twin: Twin) -> None:
    """What was given back in PayPal's pages unseen is not given back again: the refund fails and is told so."""
    paid(sale, twin)
    twin.control("give_back", capture=captures(twin)[0]["id"], value="70.00")
    state = refunds.refund(sale.services, sale.actor, sale.order.id, usd(1_000), "", "a")

    assert (state.net, [one.state for one in state.refunds.values()]) == (DUE, ["failed"])


def test_a_refund_whose_key_is_forgotten_is_looked_for(sale: Sale, twin: Twin) -> None:
    """Seven hours after a lost answer it is not made a second time."""
    paid(sale, twin)
    twin.control("fault", kind="drop_after", times=2, path="/v2/payments/captures/")
    refunds.refund(sale.services, sale.actor, sale.order.id, usd(1_000), "", "a")
    twin.control("advance", seconds=7 * 3600)
    sale.services.now = lambda: NOW + timedelta(hours=7)
    webhooks.reconcile(sale.services)

    assert sale.state.net == DUE - 1_000
    assert len([one for one in twin.world.things.values() if one["_kind"] == "refund"]) == 1


def test_an_attempt_without_an_answer_is_not_begun_again_after_six_hours(sale: Sale, twin: Twin) -> None:
    """The old one, which nobody ever saw, is over, and another is begun."""
    twin.control("fault", kind="500_after", times=2)
    with pytest.raises(payments.ProviderDownError):
        sale.start("paypal")
    twin.control("advance", seconds=6 * 3600)
    sale.services.now = lambda: NOW + timedelta(hours=6)
    begun = sale.start("paypal")

    assert [one.state for one in payments.see(sale.services, sale.order.id)] == ["starting", "open"]
    assert begun.payment_id == payments.see(sale.services, sale.order.id)[1].payment_id


@pytest.mark.parametrize(
    ("outcome", "comes_to"),
    [
        ("RESOLVED_SELLER_FAVOUR", ("paid", DUE, None)),
        ("CANCELED_BY_BUYER", ("paid", DUE, None)),
        ("RESOLVED_BUYER_FAVOUR", ("refunded", 0, "order.not_paid")),
    ],
)
def test_a_dispute_holds_the_goods_until_its_end(
    sale: Sale, twin: Twin, outcome: str, comes_to: tuple[str, int, str | None]
) -> None:
    """Its message names the capture; the reading says how it stands, and until when the seller may answer."""
    paid(sale, twin)
    opened = twin.control("dispute", capture=captures(twin)[0]["id"])
    deliver(sale, twin)
    stops = sale.state.stops
    twin.control("end_dispute", dispute=opened["dispute_id"], outcome=outcome)
    deliver(sale, twin)
    [event] = [one for one in sale.events if one.kind == "dispute_opened"]

    assert stops == "order.disputed"
    assert event.data == {"reason": opened["reason"], "due": (NOW + timedelta(days=10)).isoformat()}
    assert (sale.state.status, sale.state.net, sale.state.stops) == comes_to


def test_an_app_that_may_not_read_disputes_is_paid_all_the_same(sale: Sale, twin: Twin) -> None:
    """A right that was not granted at PayPal does not keep money from being seen."""
    twin.control("plant", fault="disputes_barred")
    paid(sale, twin)

    assert sale.state.status == "paid"


def test_an_order_that_lapsed_is_over(sale: Sale, twin: Twin) -> None:
    """PayPal forgets what nobody approved; before its end that is an error, after it the attempt is over."""
    begun = sale.start("paypal")
    twin.control("lapse", order=sale.ref(begun.payment_id))
    with pytest.raises(PaymentError):
        payments.settle(sale.services, begun.payment_id)
    sale.services.now = lambda: NOW + timedelta(hours=4)
    payments.settle(sale.services, begun.payment_id)

    assert [one.state for one in payments.see(sale.services, sale.order.id)] == ["expired"]


def test_what_is_approved_too_late_is_not_taken(sale: Sale, twin: Twin) -> None:
    """Six hours after it was begun an attempt is over, whatever PayPal still shows."""
    begun = sale.start("paypal")
    sale.services.now = lambda: NOW + timedelta(hours=6)
    payments.settle(sale.services, begun.payment_id)
    twin.control("approve", order=sale.ref(begun.payment_id))
    payments.settle(sale.services, begun.payment_id)

    assert ([one.state for one in payments.see(sale.services, sale.order.id)], captures(twin)) == (["expired"], [])


def test_a_token_that_lapsed_is_got_anew(sale: Sale, twin: Twin) -> None:
    """Nine hours later calls go on."""
    begun = sale.start("paypal")
    twin.control("advance", seconds=9 * 3600)
    twin.control("approve", order=sale.ref(begun.payment_id))
    payments.settle(sale.services, begun.payment_id)

    assert sale.state.status == "paid"


def test_secrets_that_are_missing_are_asked_for(tmp_path: Path) -> None:
    """An account without both halves of its key is not kept."""
    services = open_services(settings(tmp_path, secret_keys=("A" * 43 + "=",)), now=lambda: NOW)
    migrate(services.database)
    with pytest.raises(RequestError) as caught:
        Sale(services, "paypal", secrets={"client_id": "x"})
    services.database.dispose()

    assert [(one.pointer, one.code) for one in caught.value.problems] == [
        ("/secrets/client_secret", "payment.secret_missing")
    ]


def test_no_secret_reaches_logs(sale: Sale, twin: Twin, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the app's secret nor a token stands in a log, not even when calls fail."""
    caplog.set_level(logging.DEBUG)
    twin.control("fault", kind="500_before", times=2)
    with pytest.raises(payments.ProviderDownError):
        sale.start("paypal")
    paid(sale, twin)
    said = caplog.text + repr(sale.account)

    assert [one for one in ("twin-secret", *twin.world.tokens) if one in said] == []


# -- a fault in the adapter is seen by the twin ------------------------------------------------------------------------
def _keyless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the key of a request."""
    asked = adapter._asked
    monkeypatch.setattr(adapter, "_asked", lambda *given, **more: asked(*given, **more | {"key": None}))


def _hundredfold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write minor units where whole ones belong."""
    monkeypatch.setattr(adapter, "to_paypal", lambda money: f"{money.minor}.00")


def _credulous(monkeypatch: pytest.MonkeyPatch) -> None:
    """Believe any message."""
    monkeypatch.setattr(paypal_messages, "_is_of", lambda *_: True)


def _approval_is_money(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave what was approved where it is."""
    monkeypatch.setattr(adapter.PayPal, "capture", lambda *_: None)


def _believed(sale: Sale, twin: Twin) -> None:
    test_messages_that_are_spoilt_change_nothing_and_cost_nothing(sale, twin, "wrong_key")


@pytest.mark.parametrize(
    ("plant", "noticed"),
    [
        (_keyless, test_what_is_approved_is_taken_once_and_refunded_in_parts),
        (_hundredfold, test_what_is_approved_is_taken_once_and_refunded_in_parts),
        (_credulous, _believed),
        (_approval_is_money, test_a_token_that_lapsed_is_got_anew),
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


def test_keys_and_amounts_are_as_paypal_writes_them(sale: Sale, twin: Twin) -> None:
    """On the wire: text with two decimals, the attempt as its mark, a key of at most 108 signs."""
    begun = sale.start("paypal")
    [asked] = twin.requests("POST", "/v2/checkout/orders")
    unit = json.loads(asked["body"])["purchase_units"][0]

    assert unit["amount"] == {"currency_code": "USD", "value": "76.63"}
    assert (unit["custom_id"], unit["reference_id"]) == (begun.payment_id, begun.payment_id)
    assert asked["key"] == f"shopkit:{sale.order.id}:1:USD:7663"
    assert payment_accounts.adapter("paypal").key_life < timedelta(hours=6)
