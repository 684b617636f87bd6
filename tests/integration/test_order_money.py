"""What a seller does about the money of an order: refunds, what did not fit, disputes with their evidence."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from shopkit.services import evidence, invoices, order_acts, order_money, orders, payments, refunds
from shopkit.services.actors import Actor
from shopkit.services.context import open_services
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError
from tests.databases import migrate
from tests.ordering import DUE, event, sell
from tests.paying import Sale, usd
from tests.shop import NOW, settings
from tests.twins.stripe import Twin, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

    from shopkit.services.context import Services

KEY, SECRET = "sk_test_US_shop", "whsec_planted"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Return an empty shop that keeps secrets."""
    found = open_services(settings(tmp_path, secret_keys=("A" * 43 + "=",)), now=lambda: NOW)
    migrate(found.database)
    yield found
    found.database.dispose()


@pytest.fixture
def sale(services: Services) -> Sale:
    """Return a seller with an account at the sandbox, and an order."""
    return Sale(services)


def told(act: Callable[[], object]) -> list[str]:
    """Return the codes with which an act is refused, and what of it is left to give back."""
    with pytest.raises(RequestError) as caught:
        act()
    return [text for one in caught.value.problems for text in (one.code, *one.params.values())]


def kinds(services: Services, order_id: str) -> list[str]:
    """Return the ledger after the placing, without attempts."""
    found = [one.kind for one in orders.see(services, order_id).events][1:]
    return [one for one in found if one != "payment_started"]


def astray(sale: Sale) -> str:
    """Let 70.00 come where 76.63 were asked for, and return by which payment."""
    payment = sale.start().payment_id
    orders.add(sale.services, sale.order.id, event("payment_mismatch", f"{payment}:mismatch", 7_000, payment=payment))
    return payment


def test_parts_go_back_until_nothing_is_left(sale: Sale) -> None:
    """Each part once for its key, of the payment that was named; above what is left it says what is."""
    payment = sale.start().payment_id
    sale.pressed(payment, "pay")
    who = sale.services, sale.actor, sale.order.id
    for _ in range(2):
        refunds.refund(*who, usd(5_000), "stain", "a", payment_id=payment)
    above = told(lambda: refunds.refund(*who, usd(2_664), "", "b", payment_id=payment))
    unknown = told(lambda: refunds.refund(*who, usd(1), "", "c", payment_id="p_x"))
    refunds.refund(*who, usd(2_663), "rest", "d", payment_id=payment)
    found = order_money.of_order(*who)

    assert (above, unknown) == (["refund.above", "26.63 USD"], ["payment.unknown"])
    assert [(one.amount, one.state, one.reason) for one in found.refunds] == [
        (usd(5_000), "made", "stain"),
        (usd(2_663), "made", "rest"),
    ]
    assert (found.payments[0].left, found.refundable) == (usd(0), usd(0))


def test_all_of_it_goes_back_the_way_it_came(sale: Sale) -> None:
    """Of two payments the card's goes back, once however often it is asked; the voucher's is sent by hand and noted."""
    voucher, card = sale.start("voucher").payment_id, sale.start("card").payment_id
    sale.pressed(voucher, "issue")
    sale.pressed(card, "pay")
    sale.pressed(voucher, "pay_voucher")
    who = sale.services, sale.actor, sale.order.id
    refunds.whole(*who, "cancelled", "k")
    left = [one.left for one in order_money.of_order(*who).payments]
    refused = told(lambda: refunds.whole(*who, "cancelled", "k2"))
    refunds.record(*who, usd(DUE), "by bank", "h", payment_id=voucher)
    refunds.whole(*who, "cancelled", "k")

    assert left == [usd(DUE), usd(0)]
    assert refused == ["payment.refund_by_hand"]
    assert (sale.state.status, sale.state.net) == ("refunded", 0)
    assert kinds(sale.services, sale.order.id).count("refund_started") == 2


def test_what_did_not_fit_is_counted_by_who_decides(sale: Sale) -> None:
    """A person counts it as paid and asks for nothing more; who and when is in the ledger, and twice is once."""
    payment = astray(sale)
    held = sale.state
    ana = Actor(sale.actor.seller_id, "editor", "u_ana")
    for _ in range(2):
        order_acts.accept_payment(sale.services, ana, sale.order.id, payment, is_enough=True)
    events = orders.see(sale.services, sale.order.id).events

    assert (held.is_held, held.astray, held.stops) == (True, 7_000, "order.held")
    assert (sale.state.status, sale.state.received, sale.state.due, sale.state.stops) == ("paid", 7_000, 7_000, None)
    assert [(one.kind, one.at, one.data["user"]) for one in events if one.source == "seller"] == [
        ("payment_accepted", NOW, "u_ana"),
        ("reduced", NOW, "u_ana"),
    ]


def test_what_did_not_fit_goes_back(sale: Sale) -> None:
    """It can be given back instead; then nothing of it is left to be counted."""
    payment = astray(sale)
    who = sale.services, sale.actor, sale.order.id
    refunds.record(*who, usd(7_000), "", "a", payment_id=payment)
    refused = told(lambda: order_acts.accept_payment(*who, payment))

    assert refused == ["payment.nothing_astray"]
    assert (sale.state.received, sale.state.astray_left, sale.state.missing) == (0, 0, DUE)


def test_evidence_is_kept_and_then_handed_in_once(sale: Sale) -> None:
    """A draft leaves no mark in the ledger; handed in it does, and a second time is refused."""
    payment = sale.start().payment_id
    sale.pressed(payment, "pay")
    sale.pressed(payment, "dispute")
    who = sale.services, sale.actor, sale.order.id
    dispute = order_money.of_order(*who).disputes[0]
    nothing = order_money.of_order(*who).payments[0].left
    kept_back = told(lambda: refunds.whole(*who, "", "k"))
    evidence.answer(*who, dispute.ref, "A draft.", submits=False)
    drafted = kinds(sale.services, sale.order.id)
    evidence.answer(*who, dispute.ref, "It was delivered.", submits=True)
    again = told(lambda: evidence.answer(*who, dispute.ref, "And more.", submits=True))
    unknown = told(lambda: evidence.answer(*who, "dp_x", submits=True))

    assert kept_back == ["refund.above", "0.00 USD"]
    assert (dispute.may_answer, dispute.reason, nothing) == (True, "product_not_received", usd(0))
    assert drafted == ["payment_received", "dispute_opened"]
    assert kinds(sale.services, sale.order.id) == [*drafted, "dispute_answered"]
    assert (again, unknown) == (["dispute.answered"], ["dispute.unknown"])
    assert order_money.of_order(*who).disputes[0].answered_at == NOW


def test_the_bundle_holds_what_is_known(sale: Sale) -> None:
    """Order, frozen quote, ledger, address, parcel and the provider's messages, as data and as a paper."""
    payment = sale.start().payment_id
    sale.pressed(payment, "pay")
    order_acts.pack_all(sale.services, sale.actor, sale.order.id)
    order_acts.ship(sale.services, sale.actor, sale.order.id, carrier="DHL", tracking="JD01")
    sale.pressed(payment, "dispute")
    body = evidence.archive(sale.services, sale.actor, sale.order.id, "es")
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        names = sorted(file.namelist())
        data: dict[str, Any] = json.loads(file.read("evidence.json"))
        paper, ledger = file.read("evidence.pdf"), file.read("ledger.csv").decode()
    texts = evidence.texts(evidence.gather(sale.services, sale.actor, sale.order.id), "Mine.")

    assert names == ["evidence.json", "evidence.pdf", "ledger.csv"]
    assert paper.startswith(b"%PDF-")
    assert (data["quote"], data["request"]) == (sale.order.quote, sale.order.request)
    assert data["order"]["buyer"]["address"] == dict(sale.order.buyer.address)
    assert [one["kind"] for one in data["ledger"]] == [
        one.kind for one in orders.see(sale.services, sale.order.id).events
    ]
    assert [(one["kind"], one["data"]) for one in data["delivery"]] == [
        ("packed", {}),
        ("shipped", {"carrier": "DHL", "tracking": "JD01"}),
    ]
    assert [one["kind"] for one in data["messages"]["of_the_provider"]] == ["pay", "dispute"]
    assert (texts.carrier, texts.tracking, texts.sent_on) == ("DHL", "JD01", "2026-11-23")
    assert texts.story.startswith("Mine.\n\n2026-11-23 15:04 UTC: Order placed, 76.63 USD\n")
    assert len(ledger.splitlines()) == len(data["ledger"]) + 1


def test_nothing_of_it_is_another_sellers(sale: Sale) -> None:
    """Whoever asks for another's order is told that there is none."""
    eva = sell(sale.services)[0]
    asks: list[Callable[[], object]] = [
        lambda: order_money.of_order(sale.services, eva, sale.order.id),
        lambda: evidence.archive(sale.services, eva, sale.order.id, "es"),
        lambda: evidence.answer(sale.services, eva, sale.order.id, "dp_1", submits=True),
        lambda: refunds.whole(sale.services, eva, sale.order.id, "", "k"),
        lambda: order_acts.accept_payment(sale.services, eva, sale.order.id, "p_1"),
    ]
    for ask in asks:
        with pytest.raises(OrderNotFoundError):
            ask()


@pytest.fixture
def twin() -> Iterator[Twin]:
    """Return a twin of Stripe whose clock is the shop's."""
    with serving(start=int(NOW.timestamp())) as found:
        yield found


def test_stripe_takes_drafts_and_one_last_word(services: Services, twin: Twin) -> None:
    """Texts go out under Stripe's names, drafts do not count, an answer that was lost is sent again, once is enough."""
    sale = Sale(services, "stripe", secrets={"key": KEY}, signing=(SECRET,), options={"api_base": twin.url})
    twin.control("endpoint", key=KEY, url="http://127.0.0.1:9/hook", secret=SECRET)
    begun = sale.start()
    twin.control("pay", session=sale.ref(begun.payment_id))
    disputed = twin.control("dispute", payment=sale.ref(begun.payment_id))
    payments.settle(services, begun.payment_id)
    who = services, sale.actor, sale.order.id
    evidence.answer(*who, disputed["id"], "One.", submits=False)
    evidence.answer(*who, disputed["id"], "Two.", submits=False)
    drafted = twin.control("thing", name=disputed["id"])
    twin.control("fault", kind="500_after", times=3, path="/v1/disputes")
    lost = told(lambda: evidence.answer(*who, disputed["id"], "Three.", submits=True))
    evidence.answer(*who, disputed["id"], "Three.", submits=True)
    ended = twin.control("thing", name=disputed["id"])

    assert (drafted["status"], drafted["evidence_details"]["submission_count"]) == ("needs_response", 0)
    assert drafted["evidence"]["uncategorized_text"].startswith("Two.")
    assert drafted["evidence"]["customer_email_address"] == "ana@buyer.example"
    assert lost == ["dispute.down"]
    assert (ended["status"], ended["evidence_details"]["submission_count"]) == ("under_review", 1)
    assert kinds(services, sale.order.id)[-1] == "dispute_answered"


def test_commands_do_what_the_page_does(sale: Sale, tmp_path: Path, run: Callable[..., Result]) -> None:
    """Payments are shown, a part goes back, too much is refused with what is left, and evidence is written."""
    payment = sale.start().payment_id
    sale.pressed(payment, "pay")
    who, name = ("--seller", sale.actor.seller_id), sale.order.id
    done = run("orders", "refund", name, "10", *who, "--reason", "stain")
    above = run("orders", "refund", name, "100", *who)
    shown = run("orders", "payments", name, *who)
    written = run("orders", "evidence", name, *who, "-o", str(tmp_path / "all.zip"))

    assert [one.exit_code for one in (done, above, shown, written)] == [0, 1, 0, 0]
    assert "can still be given back: 66.63 USD" in shown.output
    assert "66.63 USD" in above.output
    assert zipfile.is_zipfile(tmp_path / "all.zip")


def test_what_was_counted_as_paid_gets_its_receipt(sale: Sale) -> None:
    """Money that did not fit has no receipt until somebody counts it as paid."""
    payment = astray(sale)
    who = sale.services, sale.actor, sale.order.id
    invoices.catch_up(sale.services, sale.order.id)
    before = invoices.of_order(*who)
    order_acts.accept_payment(*who, payment)
    invoices.catch_up(sale.services, sale.order.id)

    assert before == ()
    assert [one.document.kind for one in invoices.of_order(*who)] == ["receipt"]
