"""The day's report: Stripe's bookings at its twin beside the ledgers, with differences that were planted."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shopkit.services import orders, payment_report, payments, refunds
from shopkit.services.context import open_services
from tests.databases import migrate
from tests.ordering import DUE, event, order, sell
from tests.paying import BACK, Sale, usd
from tests.shop import NOW, settings
from tests.twins.stripe import Twin, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

    from shopkit.services.context import Services

KEY = "sk_test_US_shop"
SEAL = "A" * 43 + "="
DAY = NOW.date()
FEE = DUE * 36 // 1000


@pytest.fixture
def twin() -> Iterator[Twin]:
    """Return a twin whose clock is the shop's."""
    with serving(start=int(NOW.timestamp())) as found:
        yield found


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Return an empty shop that keeps secrets."""
    found = open_services(settings(tmp_path, secret_keys=(SEAL,)), now=lambda: NOW)
    migrate(found.database)
    yield found
    found.database.dispose()


@pytest.fixture
def sale(services: Services, twin: Twin) -> Sale:
    """Return a seller with an account at the twin, and an order."""
    return Sale(services, "stripe", secrets={"key": KEY}, signing=(), options={"api_base": twin.url})


def pay(sale: Sale, twin: Twin, *, tells: bool = True) -> str:
    """Let the order be paid by card, and read it unless nobody tells us."""
    begun = sale.start()
    twin.control("pay", session=sale.ref(begun.payment_id))
    if tells:
        payments.settle(sale.services, begun.payment_id)
    return begun.payment_id


def told(sale: Sale) -> list[tuple[Any, ...]]:
    """Return what the report says, line by line."""
    found = payment_report.report(sale.services, sale.actor, DAY)
    return [(one.outcome, one.kind, one.order, one.here, one.there) for one in found.lines]


def test_a_day_that_agrees(sale: Sale, twin: Twin) -> None:
    """Payment, part of it back, a dispute, a fee of its own and the payout are there; amounts, fees and net add up."""
    payment = pay(sale, twin)
    refunds.refund(sale.services, sale.actor, sale.order.id, usd(1_000), "", "a")
    twin.control("dispute", payment=sale.ref(payment))
    payments.settle(sale.services, payment)
    twin.control("fee", key=KEY, amount=200, currency="usd", description="Radar")
    found = payment_report.report(sale.services, sale.actor, DAY)

    rest = DUE - 1_000
    assert told(sale) == [
        ("matched", "payment", 1001, usd(DUE), usd(DUE)),
        ("matched", "refund", 1001, usd(-1_000), usd(-1_000)),
        ("matched", "dispute", 1001, usd(-rest), usd(-rest)),
        ("unpaired", "fee", None, None, None),
    ]
    assert found.totals == (payment_report.Total("USD", usd(0), usd(FEE + 200), usd(-FEE - 200), usd(0)),)
    assert (found.differences, found.unread, found.accounts) == (0, (), 1)


def test_what_is_paid_out_is_told_apart(sale: Sale, twin: Twin) -> None:
    """A payout is no loss: the net of the day is what was paid out."""
    pay(sale, twin)
    twin.control("payout", key=KEY, currency="usd")
    found = payment_report.report(sale.services, sale.actor, DAY)

    net = usd(DUE - FEE)
    assert [(one.outcome, one.kind, one.net) for one in found.lines] == [
        ("matched", "payment", net),
        ("unpaired", "payout", usd(-net.minor)),
    ]
    assert found.totals == (payment_report.Total("USD", usd(DUE), usd(FEE), net, net),)


def test_money_we_never_heard_of(sale: Sale, twin: Twin) -> None:
    """A payment nobody told us of, and a refund made in the provider's pages, are missing here until they are read."""
    payment = pay(sale, twin, tells=False)
    before = told(sale)
    payments.settle(sale.services, payment)
    charge = twin.control("thing", name=sale.ref(payment))["payment_intent"]
    import stripe  # noqa: PLC0415  # as the provider's pages would

    client = stripe.StripeClient(KEY, base_addresses={"api": twin.url})
    client.v1.refunds.create({"payment_intent": charge, "amount": 500})
    unheard = told(sale)
    payments.settle(sale.services, payment)

    assert before == [("missing_here", "payment", 1001, None, usd(DUE))]
    assert unheard[1:] == [("missing_here", "refund", 1001, None, usd(-500))]
    assert told(sale)[1:] == [("matched", "refund", 1001, usd(-500), usd(-500))]


def test_money_that_nobody_booked(sale: Sale, twin: Twin) -> None:
    """What our ledger heard of the provider and the provider never booked is missing there."""
    begun = sale.start()
    planted = event("payment_received", "x:received", DUE, source="provider:stripe", payment=begun.payment_id)
    orders.add(sale.services, sale.order.id, planted)

    assert told(sale) == [("missing_there", "payment", 1001, usd(DUE), None)]
    assert twin.requests("GET", "/v1/balance_transactions")


def test_an_amount_that_differs(sale: Sale, twin: Twin) -> None:
    """A cent more in our ledger than was booked is told with both amounts."""
    payment = pay(sale, twin)
    more = event("payment_received", "x:more", 1, source="provider:stripe", payment=payment)
    orders.add(sale.services, sale.order.id, more)

    assert told(sale) == [("differs", "payment", 1001, usd(DUE + 1), usd(DUE))]


def test_another_programs_payments_are_foreign(sale: Sale, twin: Twin) -> None:
    """What bears no mark of ours is told as a stranger's; what bears our mark and is not known is missing here."""
    import stripe  # noqa: PLC0415  # as another program on the account would

    client = stripe.StripeClient(KEY, base_addresses={"api": twin.url})
    for marks in ({}, {"shopkit_attempt": "p_lost"}):
        line = {"price_data": {"currency": "usd", "unit_amount": 900, "product_data": {"name": "x"}}, "quantity": 1}
        asked: Any = {
            "mode": "payment",
            "line_items": [line],
            "success_url": BACK,
            "metadata": marks,
            "payment_intent_data": {"metadata": marks},
        }
        made = client.v1.checkout.sessions.create(asked)
        twin.control("pay", session=made.id, email="x@example.com")

    assert told(sale) == [
        ("foreign", "payment", None, None, usd(900)),
        ("missing_here", "payment", None, None, usd(900)),
    ]


def test_a_message_of_the_next_day_is_no_difference(services: Services, twin: Twin, tmp_path: Path) -> None:
    """What was booked before midnight and heard after is found on both days."""
    sale = Sale(services, "stripe", secrets={"key": KEY}, signing=(), options={"api_base": twin.url})
    payment = pay(sale, twin, tells=False)
    later = NOW + timedelta(days=1)
    tomorrow = open_services(settings(tmp_path, secret_keys=(SEAL,)), now=lambda: later)
    payments.settle(tomorrow, payment)
    days = [payment_report.report(tomorrow, sale.actor, day) for day in (DAY, later.date())]
    tomorrow.database.dispose()

    assert [[one.outcome for one in found.lines] for found in days] == [["matched"], []]


def test_an_account_that_cannot_be_read_is_said(sale: Sale, twin: Twin) -> None:
    """Nothing is known of it, and the report says so instead of being empty; another seller sees nothing of it."""
    pay(sale, twin)
    twin.control("fault", kind="500_before", times=3, method="GET", path="/v1/balance_transactions")
    found = payment_report.report(sale.services, sale.actor, DAY)
    eva = sell(sale.services)[0]

    assert (found.lines, found.unread, found.accounts) == ((), ((sale.account_id, "unavailable"),), 0)
    assert payment_report.report(sale.services, eva, DAY).accounts == 0


def test_many_bookings_come_page_by_page(sale: Sale, twin: Twin) -> None:
    """More than a hundred lines are read whole, each once, in their order."""
    for number in range(203):
        twin.control("fee", key=KEY, amount=number + 1, currency="usd")
    found = payment_report.report(sale.services, sale.actor, DAY)

    assert sorted(one.net.minor for one in found.lines if one.net is not None) == list(range(-203, 0))
    assert len(twin.requests("GET", "/v1/balance_transactions")) == 3


def test_the_command_writes_csv_and_fails_on_differences(
    sale: Sale, twin: Twin, tmp_path: Path, run: Callable[..., Result]
) -> None:
    """A day that agrees is 0, one that differs 1; the file has a line for each booking, in plain figures."""
    pay(sale, twin)
    given = ("payments", "report", "--seller", sale.actor.seller_id, "--day", DAY.isoformat())
    agreed = run(*given, "-o", str(tmp_path / "day.csv"), SHOPKIT_SECRET_KEYS=SEAL)
    refunds.refund(sale.services, sale.actor, sale.order.id, usd(100), "", "a")
    other = order(sale.services, sale.actor, sale.listing, "k2")
    lost = payments.start(sale.services, other.id, "stripe/card", BACK)
    twin.control("pay", session=sale.ref(lost.payment_id))
    differs = run(*given, SHOPKIT_SECRET_KEYS=SEAL)
    (row,) = csv.DictReader(io.StringIO((tmp_path / "day.csv").read_text("utf-8")))

    assert (agreed.exit_code, differs.exit_code) == (0, 1)
    assert {name: row[name] for name in ("outcome", "order", "here", "there", "fee", "net")} == {
        "outcome": "matched",
        "order": "1001",
        "here": "76.63",
        "there": "76.63",
        "fee": usd(FEE).text,
        "net": usd(DUE - FEE).text,
    }
    assert "missing here" in differs.output.replace("_", " ")
