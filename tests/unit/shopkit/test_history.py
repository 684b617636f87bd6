"""The history of sales: what months add up to, how times are judged, and what is never added."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landed_cost.money import Money
from shopkit.invoices.history import History, Row, Sums, Told, history, last_day
from shopkit.orders import Event, Kind, Ledger, RefusedError, fold
from shopkit.services.sales_history import as_csv

ZONE: Final = ZoneInfo("America/Mexico_City")
AT: Final = datetime(2026, 9, 30, 20, tzinfo=UTC)
SINCE, UNTIL = date(2026, 9, 1), date(2026, 11, 30)


def said(kind: Kind, days: float = 0, minor: int | None = None, currency: str = "USD", **more: Any) -> Event:
    """Return an event so many days after the first moment."""
    amount = None if minor is None else Money(minor, currency)
    name = more.pop("name", f"{kind}:{days}")
    return Event(kind, AT + timedelta(days=days), more.pop("source", "provider:p"), name, amount, **more)


def told(*events: Event, market: str = "US", currency: str = "USD", promised: int | None = None) -> Told:
    """Return an order of 10.00 with these events after its placing."""
    placed = said("placed", 0, 1_000, currency, source="buyer", pieces={0: 1})
    return Told(market, [placed, *events], promised)


def made(*orders: Told, today: date = UNTIL) -> History:
    """Return the history of three months."""
    return history(orders, SINCE, UNTIL, ZONE, today)


def test_money_counts_in_the_month_in_which_it_moved() -> None:
    """Placed in September, paid in October, given back in part in November: three months, each its own."""
    found = made(
        told(said("payment_received", 3, 1_000, payment="p"), said("refund_made", 40, 300, payment="p", ref="r"))
    )

    assert found.rows == (
        Row(date(2026, 9, 1), "US", "USD", Sums(orders=1)),
        Row(date(2026, 10, 1), "US", "USD", Sums(paid=1, tickets=1_000, received=1_000)),
        Row(date(2026, 11, 1), "US", "USD", Sums(refunded=300)),
    )
    assert found.totals["USD"].net == 700


def test_months_are_those_of_the_seller() -> None:
    """What comes at three in the morning UTC on the first came on the last of the month in Mexico."""
    found = made(told(said("payment_received", 7 / 24, 1_000, payment="p")))

    assert [(row.month, row.sums.received) for row in found.rows] == [(date(2026, 9, 1), 1_000)]


def test_currencies_and_markets_are_never_added() -> None:
    """Each currency has its own total, each market its own row."""
    paid = said("payment_received", 1, 1_000, payment="p")
    pesos = said("payment_received", 1, 1_000, "CLP", payment="p")

    found = made(told(paid), told(paid, market="CA"), told(pesos, market="CL", currency="CLP"))

    assert {currency: sums.received for currency, sums in found.totals.items()} == {"CLP": 1_000, "USD": 2_000}
    assert {(row.market, row.currency) for row in found.rows} == {("US", "USD"), ("CA", "USD"), ("CL", "CLP")}


@pytest.mark.parametrize(
    ("delivered", "promised", "today", "expected"),
    [
        (9, 10, UNTIL, (1, 1)),
        (14, 10, UNTIL, (0, 1)),
        (None, 10, UNTIL, (0, 1)),
        (None, 10, date(2026, 10, 11), (0, 0)),
        (9, None, UNTIL, (0, 0)),
    ],
    ids=["in time", "late", "not yet and late", "still open", "never promised"],
)
def test_what_came_in_time(delivered: int | None, promised: int | None, today: date, expected: tuple[int, int]) -> None:
    """In time by the promised day; on its way, late from the day after; without a promise it is not judged."""
    events = [said("payment_received", 1, 1_000, payment="p")]
    if delivered is not None:
        events.append(said("delivered", delivered, source="seller"))

    sums = made(told(*events, promised=promised), today=today).totals["USD"]

    assert (sums.on_time, sums.judged) == expected


def test_an_average_is_of_what_was_paid_in_full() -> None:
    """Two orders paid, one in part: the average is of the two, halves up; of none there is none."""
    found = made(
        told(said("payment_received", 1, 1_000, payment="p")),
        told(said("reduced", 0.1, 1, source="seller"), said("payment_received", 1, 999, payment="p")),
        told(said("payment_received", 1, 400, payment="p")),
    )

    assert (found.totals["USD"].ticket, found.totals["USD"].paid, Sums().ticket) == (1_000, 2, None)


def test_disputes_count_when_they_are_opened_and_money_when_it_is_lost() -> None:
    """A dispute that is heard of twice is one; what a bank took is in the month in which it took it."""
    found = made(
        told(
            said("payment_received", 1, 1_000, payment="p"),
            said("dispute_opened", 10, 1_000, ref="d"),
            said("dispute_lost", 35, 1_000, ref="d"),
        )
    )

    assert [(row.month.month, row.sums.disputes, row.sums.charged_back) for row in found.rows] == [
        (9, 0, 0),
        (10, 1, 0),
        (11, 0, 1_000),
    ]


def test_numbers_of_the_file_are_numbers() -> None:
    """More given back than received is below nothing, and no spreadsheet takes it for a text or a formula."""
    found = made(told(said("refund_made", 40, 1_250, payment="p", ref="r")))

    assert list(as_csv(found))[1:] == [
        "2026-09,US,USD,1,0,0.00,0.00,0.00,0.00,,0,0,0\r\n",
        "2026-11,US,USD,0,0,0.00,12.50,0.00,-12.50,,0,0,0\r\n",
    ]


KINDS: Final[tuple[Kind, ...]] = (
    "payment_received",
    "refund_made",
    "refund_failed",
    "reduced",
    "cancelled",
    "dispute_opened",
    "dispute_lost",
    "payment_mismatch",
)
STEP: Final = st.tuples(
    st.sampled_from(KINDS), st.integers(0, 60), st.sampled_from((300, 1_000, 2_000)), st.integers(0, 3)
)


@settings(max_examples=150, deadline=None)
@given(lives=st.lists(st.lists(STEP, max_size=12), min_size=1, max_size=4))
def test_months_add_up_to_how_the_ledgers_stand(lives: list[list[Any]]) -> None:
    """Whatever happened in whatever order: over all months, received, given back, lost and net are the ledgers' own."""
    orders = []
    for steps in lives:
        ledger = Ledger(told().events)
        for number, (kind, days, minor, name) in enumerate(steps):
            source = "seller" if kind in {"reduced", "cancelled"} else "provider:p"
            more = {"payment": f"p{name}", "ref": f"r{name}", "name": f"{kind}:{number}"}
            try:
                ledger.add(said(kind, days, minor, source=source, **more))
            except RefusedError:
                continue
        orders.append(Told("US", ledger.events, None))

    found = history(orders, date(2026, 1, 1), date(2027, 12, 31), ZONE, UNTIL)

    states = [fold(one.events) for one in orders]
    sums = found.totals["USD"]
    assert (sums.orders, sums.received, sums.refunded, sums.charged_back, sums.net, sums.disputes) == (
        len(orders),
        sum(one.received for one in states),
        sum(one.refunded for one in states),
        sum(one.charged_back for one in states),
        sum(one.net for one in states),
        sum(len(one.disputes) for one in states),
    )


@pytest.mark.parametrize(
    ("day", "last"), [("2026-02-11", "2026-02-28"), ("2028-02-29", "2028-02-29"), ("2026-12-31", "2026-12-31")]
)
def test_the_last_day_of_a_month(day: str, last: str) -> None:
    """February and December, too."""
    assert last_day(date.fromisoformat(day)) == date.fromisoformat(last)
