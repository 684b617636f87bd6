"""What a ledger asks of invoices and credit notes, and documents that are read as they were written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landed_cost.money import Money
from shopkit.invoices import Document, Issued, Line, Party, amounts, digest_of, read, standing_of, write
from shopkit.invoices.amounts import cause_of, invoiced, stands, to_credit, to_invoice
from shopkit.invoices.building import kilograms
from shopkit.orders import Event, Kind, Ledger, RefusedError, fold

AT: Final = datetime(2026, 11, 23, 15, tzinfo=UTC)
DUE: Final = 7_663


def said(kind: Kind, name: str = "", minor: int | None = None, source: str = "provider:p", **more: Any) -> Event:
    """Return an event of the day; amounts are US cents."""
    return Event(kind, AT, source, name or kind, None if minor is None else Money(minor, "USD"), **more)


PLACED: Final = said("placed", minor=DUE, source="buyer", pieces={0: 2}, until=AT + timedelta(hours=1))
PAID: Final = said("payment_received", "p1", DUE, payment="p1")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], DUE),
        ([PAID], DUE),
        # What is taken off, and the same given back, is one reduction.
        ([PAID, said("reduced", "r", 1_000, "seller"), said("refund_made", "b", 1_000, payment="p1")], DUE - 1_000),
        # Given back without a word: a credit.
        ([PAID, said("refund_made", "b", 1_000, payment="p1")], DUE - 1_000),
        # Paid twice and one back: nothing was given up.
        ([PAID, said("payment_received", "p2", DUE, payment="p2"), said("refund_made", "b", DUE, payment="p2")], DUE),
        # Money that did not fit is no part of it.
        ([PAID, said("payment_mismatch", "x", 500, payment="x"), said("refund_made", "b", 500, payment="x")], DUE),
        # A first part that goes back leaves the whole price to be paid.
        ([said("payment_received", "p1", 500, payment="p1"), said("refund_made", "b", 500, payment="p1")], DUE),
        ([PAID, said("refund_made", "b", DUE, payment="p1")], 0),
        # What did not arrive was not given back.
        ([PAID, said("refund_made", "b", 900, payment="p1"), said("refund_failed", "f", 900, payment="p1")], DUE - 900),
        ([PAID, said("cancelled", source="seller")], 0),
        ([said("expired", source="clock")], 0),
        # A bank took the money: the buyer owes it still.
        ([PAID, said("dispute_opened", "d", DUE, ref="d"), said("dispute_lost", "l", DUE, ref="d")], DUE),
    ],
)
def test_how_much_of_an_order_stands(events: list[Event], expected: int) -> None:
    """The price, less what was taken off or given back of it: neither counted twice, nor what was paid too much."""
    if events and events[-1].kind == "expired":
        events = [replace(events[-1], at=AT + timedelta(hours=2))]

    assert stands(fold([PLACED, *events])) == expected


def test_a_refund_that_failed_gives_up_nothing() -> None:
    """The provider's last word on a refund takes it back, if it speaks of the same one."""
    events = [PLACED, PAID, said("refund_made", "b", 900, ref="b"), said("refund_failed", "f", 900, ref="b")]

    assert stands(fold(events)) == DUE


@pytest.mark.parametrize(
    ("events", "cause"),
    [
        ([said("reduced", "r", 1_000, "seller")], "reduced"),
        ([PAID, said("refund_made", "b", 1_000, payment="p1")], "refunded"),
        (
            [PAID, said("reduced", "r", 1_000, "seller"), said("refund_made", "b", 1_500, payment="p1")],
            "reduced_and_refunded",
        ),
        ([PAID, said("cancelled", source="seller")], "cancelled"),
    ],
)
def test_why_something_is_credited(events: list[Event], cause: str) -> None:
    """A credit note says what made it: less asked, given back, both, or the end of the order."""
    assert cause_of(fold([PLACED, *events]), 0) == cause


KINDS: Final[tuple[Kind, ...]] = (
    "payment_received",
    "refund_made",
    "refund_failed",
    "reduced",
    "cancelled",
    "accepted",
    "dispute_opened",
    "dispute_lost",
    "payment_mismatch",
)
STEPS: Final = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(KINDS), st.sampled_from((500, 1_000, DUE, 2 * DUE)), st.integers(0, 3)),
        st.sampled_from(("issue", "catch up")),
    ),
    max_size=25,
)


@settings(max_examples=200, deadline=None)
@given(steps=STEPS)
def test_documents_follow_the_ledger_whatever_happens(steps: list[Any]) -> None:
    """After a look, no more is invoiced than stands; each invoice is credited once at most; asked for, all stands."""
    ledger = Ledger([PLACED])
    issued: list[Issued] = []
    for number, step in enumerate(steps):
        if isinstance(step, tuple):
            kind, minor, name = step
            source = "seller" if kind in {"reduced", "cancelled", "accepted"} else "provider:p"
            try:
                ledger.add(said(kind, f"{kind}:{number}", minor, source, payment=f"p{name}", ref=f"r{name}"))
            except RefusedError:
                continue
            continue
        issued += _issue(ledger, issued, with_invoice=step == "issue")

        assert invoiced(issued) <= stands(ledger.state) or invoiced(issued) == 0
        if step == "issue" and stands(ledger.state):
            # What is missing was credited before: it came back by another payment, or never arrived.
            last = [one for one in issued if one.kind == "invoice"][-1]
            assert invoiced(issued) + _credited(last, issued) >= stands(ledger.state)
    for one in issued:
        if one.kind == "invoice":
            standing = standing_of(one, issued, ledger.state, AT.date())
            assert 0 <= standing.credited <= one.minor
            assert 0 <= standing.left <= one.minor - standing.credited
    # At most one invoice waits for money.
    waits = [one for one in issued if one.kind == "invoice" and _credited(one, issued) < one.minor]
    assert len(waits) <= 1


def _credited(one: Issued, issued: list[Issued]) -> int:
    return sum(other.minor for other in issued if other.refers_to == one.number)


def _issue(ledger: Ledger, before: list[Issued], *, with_invoice: bool) -> list[Issued]:
    """Do as the service does: credit, invoice the whole price, credit what was given back of it already."""
    made: list[Issued] = []

    def credit() -> None:
        minor = to_credit(ledger.state, [*before, *made])
        if minor:
            last = [one for one in (*before, *made) if one.kind == "invoice"][-1]
            made.append(Issued("credit_note", f"C-{len(before) + len(made)}", minor, refers_to=last.number))

    credit()
    if with_invoice and to_invoice(ledger.state, [*before, *made]):
        made.append(Issued("invoice", f"F-{len(before) + len(made)}", ledger.state.due))
        credit()
    return made


@pytest.mark.parametrize(
    ("events", "status", "left"),
    [
        ([], "open", DUE),
        ([said("payment_received", "p1", 663, payment="p1")], "part_paid", 7_000),
        ([PAID], "paid", 0),
        ([PAID, said("dispute_opened", "d", DUE, ref="d")], "disputed", 0),
        ([PAID, said("dispute_lost", "d", DUE, ref="d")], "charged_back", DUE),
        ([PAID, said("refund_made", "b", 1_000, payment="p1")], "to_credit", 0),
    ],
)
def test_how_an_invoice_stands(events: list[Event], status: str, left: int) -> None:
    """Open, paid in part or whole, disputed, taken by a bank, or waiting to be credited: by the ledger alone."""
    one = Issued("invoice", "F-000001", DUE, due_on=AT.date())

    found = standing_of(one, [one], fold([PLACED, *events]), AT.date())

    assert (found.status, found.left, found.is_seen) == (status, left, False)


def test_an_invoice_is_overdue_from_the_day_after() -> None:
    """On its last day it is open, the day after overdue; and opened by its buyer it is seen."""
    one = Issued("invoice", "F-000001", DUE, due_on=AT.date(), opened_at=AT)

    found = [standing_of(one, [one], fold([PLACED]), AT.date() + timedelta(days=later)) for later in (0, 1)]

    assert [(each.status, each.is_seen) for each in found] == [("open", True), ("overdue", True)]


def test_an_invoice_that_was_credited_whole_takes_no_money() -> None:
    """Its credit notes settle it, whatever is paid afterwards."""
    one = Issued("invoice", "F-000001", DUE)
    note = Issued("credit_note", "C-000001", DUE, refers_to="F-000001")

    found = standing_of(one, [one, note], fold([PLACED, PAID]), AT.date())

    assert found == amounts.Standing("credited", DUE, 0, is_seen=False)


# -- documents ----------------------------------------------------------------------------------------------------
TEXT: Final = st.text(max_size=12)
PARTY: Final = st.builds(Party, name=TEXT, country=st.just("MX"), legal_name=TEXT, street=TEXT, tax_id=TEXT)
KG: Final = st.one_of(st.none(), st.decimals("0.001", "999", places=3))
LINE: Final = st.builds(
    Line, title=TEXT, quantity=st.integers(1, 99), minor=st.integers(0, 10**12), sku=TEXT, hs_code=TEXT, net_kg=KG
)
MINOR: Final = st.integers(0, 10**12)
DOCUMENT: Final = st.builds(
    Document,
    kind=st.sampled_from(("invoice", "receipt", "credit_note")),
    number=TEXT,
    issued_at=st.datetimes(timezones=st.just(UTC)),
    issued_on=st.dates(),
    locale=st.just("es-US"),
    currency=st.sampled_from(("USD", "CLP", "KWD")),
    order=st.integers(1, 10**6),
    ordered_on=st.dates(),
    seller=PARTY,
    buyer=PARTY,
    market=st.just("US"),
    terms=st.sampled_from(("DAP", "DDP")),
    place=TEXT,
    lines=st.lists(LINE, max_size=3).map(tuple),
    freight=MINOR,
    insurance=MINOR,
    charges=MINOR,
    reduced=MINOR,
    amount=MINOR,
    paid=MINOR,
    due_on=st.one_of(st.none(), st.dates()),
    gross_kg=KG,
    moved_at=st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))),
)


@settings(max_examples=60, deadline=None)
@given(document=DOCUMENT)
def test_a_document_is_read_as_it_was_written(document: Document) -> None:
    """Whatever stands in it comes back, and written again it is the same text under the same digest."""
    text = write(document)

    assert read(text) == document
    assert digest_of(write(read(text))) == digest_of(text)
    parts = document.goods + document.freight + document.insurance + document.charges
    assert document.total == parts - document.reduced + document.amount == document.paid + document.to_pay


def test_a_document_of_another_shape_is_not_guessed_at() -> None:
    """What a later version wrote is refused, not read by halves."""
    with pytest.raises(ValueError, match="another shape"):
        read('{"version": 2}')


def test_goods_weigh_what_all_lines_weigh() -> None:
    """One line whose weight is not known leaves the whole unknown."""
    known = Line("a", 2, 100, net_kg=Decimal("0.4"))
    document = Document(
        "invoice", "F-000001", AT, date(2026, 11, 23), "es-US", "USD", 1, date(2026, 11, 23),
        Party("A", "MX"), Party("B", "US"), "US", "DDP", "Los Angeles", lines=(known, known),
    )  # fmt: skip

    found = [document.net_kg, replace(document, lines=(known, replace(known, net_kg=None))).net_kg]

    assert found == [Decimal("0.8"), None]


def test_weights_of_requests_are_kilograms() -> None:
    """Pounds and ounces by their exact definition; what is no weight is none."""
    asked: list[dict[str, str] | None] = [
        {"value": "0.2", "unit": "kg"},
        {"value": "1", "unit": "lb"},
        {"value": "16", "unit": "oz"},
        {"value": "x", "unit": "kg"},
        {"value": "1", "unit": "stone"},
        None,
    ]

    found = [kilograms(one) for one in asked]

    assert found == [Decimal("0.2"), Decimal("0.45359237"), Decimal("0.45359237"), None, None, None]
