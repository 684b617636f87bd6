"""The ledger of an order: what follows from its events, in whatever order they are heard, and what may not happen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from landed_cost.money import Money
from shopkit.orders import Event, Kind, Ledger, RefusedError, fold

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=3)


def said(kind: Kind, name: str = "", minor: int | None = None, source: str = "provider:p", **more: Any) -> Event:
    """Return an event; amounts are US cents."""
    amount = None if minor is None else Money(minor, "USD")
    return Event(kind, more.pop("at", NOW), source, name or kind, amount, **more)


PLACED = said("placed", "", 7_663, "buyer", pieces={0: 2, 1: 1}, until=NOW + timedelta(hours=1))
PAID = said("payment_received", "pi_1:received", 7_663, payment="pi_1")


def stands(*events: Event) -> tuple[str, str, int, int]:
    """Return how an order stands after it was placed and more: status, money, net, owed back."""
    state = fold([PLACED, *events])
    return state.status, state.money, state.net, state.owed_back


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([], ("awaiting_payment", "due", 0, 0)),
        ([said("payment_pending", payment="pi_1")], ("pending", "pending", 0, 0)),
        ([PAID], ("paid", "received", 7_663, 0)),
        # An event that was told late takes nothing back.
        ([PAID, said("payment_expired", payment="pi_1")], ("paid", "received", 7_663, 0)),
        ([PAID, said("payment_pending", payment="pi_1")], ("paid", "received", 7_663, 0)),
        ([said("payment_received", "a", 7_000, payment="t")], ("underfunded", "due", 7_000, 0)),
        (
            [said("payment_received", "a", 7_000, payment="t"), said("payment_received", "b", 700, payment="t")],
            ("paid", "received", 7_700, 37),
        ),
        # Paid twice by two methods, and one of them given back: the order goes on.
        ([PAID, said("payment_received", "x", 7_663, payment="pi_2")], ("paid", "received", 15_326, 7_663)),
        (
            [
                PAID,
                said("payment_received", "x", 7_663, payment="pi_2"),
                said("refund_made", "re", 7_663, payment="pi_2"),
            ],
            ("paid", "received", 7_663, 0),
        ),
        ([PAID, said("refund_made", "re_1", 1_000)], ("part_refunded", "due", 6_663, 0)),
        ([said("refund_made", "re_1", 1_000), PAID], ("part_refunded", "due", 6_663, 0)),
        ([PAID, said("refund_made", "re_1", 7_663)], ("refunded", "refunded", 0, 0)),
        # A refund that failed opens the amount again, whichever of the two is heard first.
        (
            [PAID, said("refund_made", "r:1", 7_663, ref="r"), said("refund_failed", "r:2", ref="r")],
            ("paid", "received", 7_663, 0),
        ),
        (
            [PAID, said("refund_failed", "r:2", ref="r"), said("refund_made", "r:1", 7_663, ref="r")],
            ("paid", "received", 7_663, 0),
        ),
        ([PAID, said("dispute_opened", "d", 7_663, ref="d")], ("paid", "disputed", 7_663, 0)),
        ([said("dispute_opened", "d", 7_663, ref="d"), PAID], ("paid", "disputed", 7_663, 0)),
        (
            [PAID, said("dispute_won", "w", ref="d"), said("dispute_opened", "d", 1, ref="d")],
            ("paid", "received", 7_663, 0),
        ),
        (
            [PAID, said("dispute_opened", "d", 7_663, ref="d"), said("dispute_lost", "l", ref="d")],
            ("refunded", "refunded", 0, 0),
        ),
        ([said("payment_mismatch", "m", 9_999, payment="pi_1")], ("awaiting_payment", "held", 0, 0)),
        ([PAID, said("fraud_warned")], ("paid", "held", 7_663, 0)),
        ([said("expired", at=LATER), PAID], ("paid_late", "received", 7_663, 7_663)),
        ([said("cancelled", source="buyer"), PAID], ("paid_late", "received", 7_663, 7_663)),
        ([PAID, said("cancelled", source="seller")], ("cancelled", "received", 7_663, 7_663)),
        (
            [PAID, said("cancelled", source="seller"), said("refund_made", "re", 7_663)],
            ("refunded", "refunded", 0, 0),
        ),
        ([said("expired", at=LATER), PAID, said("accepted", source="seller")], ("paid", "received", 7_663, 0)),
        # One piece will not be sent: the order costs less, and its money goes back.
        (
            [PAID, said("reduced", "", 2_000, "seller", pieces={1: 1}), said("refund_made", "re", 2_000)],
            ("part_refunded", "received", 5_663, 0),
        ),
    ],
)
def test_what_follows(events: list[Event], found: tuple[str, str, int, int]) -> None:
    """Status and sums follow from the events."""
    assert stands(*events) == found


def test_money_of_another_currency_is_held_for_a_person() -> None:
    """What came in another currency is not counted as paid, and is not lost."""
    state = fold([PLACED, Event("payment_received", NOW, "provider:p", "x", Money(7_663, "MXN"), "pi_1")])

    assert (state.status, state.money, state.doubts) == ("awaiting_payment", "held", ("payment_mismatch",))


def test_a_repeat_is_heard_once() -> None:
    """The same thing told again changes nothing, whenever it is told."""
    ledger = Ledger([PLACED])

    found = [ledger.add(PAID), ledger.add(said("payment_received", "pi_1:received", 7_663, payment="pi_1", at=LATER))]

    assert (found, ledger.state.received, len(ledger.events)) == (["added", "repeated"], 7_663, 2)


def test_a_repeat_that_says_another_amount_is_a_conflict() -> None:
    """What was heard first stays; the second is written down once and a person has to look at it."""
    ledger = Ledger([PLACED, PAID])
    other = said("payment_received", "pi_1:received", 9_999, payment="pi_1")

    found = [ledger.add(other), ledger.add(other)]

    assert found == ["conflict", "repeated"]
    assert (ledger.state.received, ledger.state.doubts, ledger.state.stops) == (7_663, ("conflict",), "order.held")


@pytest.mark.parametrize(
    ("before", "asked", "reason"),
    [
        ([], said("placed", "again", 1, "buyer", pieces={0: 1}), "order.placed_already"),
        ([], said("packed", pieces={0: 1}, source="seller"), "order.not_paid"),
        ([PAID], said("shipped", source="seller"), "order.not_packed"),
        ([PAID], said("packed", pieces={0: 3}, source="seller"), "order.packs_more"),
        ([PAID], said("packed", pieces={2: 1}, source="seller"), "order.lines"),
        ([PAID], said("cancelled", source="buyer"), "order.paid_already"),
        ([PAID], said("delivered", source="carrier"), "order.not_sent"),
        ([PAID], said("expired", at=LATER, source="clock"), "order.not_due"),
        ([], said("expired", at=NOW, source="clock"), "order.not_due"),
        ([PAID, said("fraud_warned")], said("packed", pieces={0: 1}, source="seller"), "order.held"),
        ([PAID, said("dispute_opened", minor=1)], said("packed", pieces={0: 1}, source="seller"), "order.disputed"),
        ([PAID], said("refund_started", "r", 7_664, "seller"), "refund.too_much"),
        ([], said("refund_started", "r", 1, "seller"), "refund.too_much"),
        (
            [PAID, said("refund_started", "r", 7_000, "seller")],
            said("refund_started", "s", 664, "seller"),
            "refund.too_much",
        ),
        ([PAID], said("refund_started", "r", 0, "seller"), "order.amount"),
        ([PAID], said("released", source="seller"), "order.not_held"),
        ([said("expired", at=LATER)], said("accepted", source="seller"), "order.not_paid"),
        ([], said("accepted", source="seller"), "order.open"),
        ([PAID], said("reduced", "", 7_664, "seller"), "order.too_much"),
    ],
)
def test_what_may_not_happen(before: list[Event], asked: Event, reason: str) -> None:
    """What is asked for and may not be is refused with its reason, and leaves the order as it was."""
    ledger = Ledger([PLACED, *before])
    stood = ledger.state

    with pytest.raises(RefusedError, match=reason):
        ledger.add(asked)

    assert ledger.state == stood


def test_packed_against_ordered() -> None:
    """An order is packed when every piece is, and sent only then."""
    ledger = Ledger([PLACED, PAID])
    ledger.add(said("packed", "1", source="seller", pieces={0: 1}))
    half = ledger.state.fulfilment
    ledger.add(said("packed", "2", source="seller", pieces={0: 1, 1: 1}))
    ledger.add(said("shipped", source="seller"))

    assert (half, ledger.state.fulfilment, ledger.state.is_sent) == ("placed", "shipped", True)


def test_an_unpaid_order_ends_with_the_last_that_may_be_paid() -> None:
    """A voucher lets an order live until its own end, as the provider said it; after it, the first end counts."""
    voucher = said("payment_pending", payment="pi_1", until=LATER)

    found = [
        fold([PLACED, *more]).ends_at for more in ([], [voucher], [voucher, said("payment_expired", payment="pi_1")])
    ]

    assert found == [PLACED.until, LATER, PLACED.until]


def test_the_clock_ends_no_order_that_was_paid_and_given_back_in_part() -> None:
    """What is missing went back on purpose: a person says what follows. One that was given back whole may end."""
    part, whole = (said("refund_made", "re_1", minor, payment="pi_1") for minor in (1_000, 7_663))

    assert [fold([PLACED, PAID, one]).ends_at for one in (part, whole)] == [None, PLACED.until]
