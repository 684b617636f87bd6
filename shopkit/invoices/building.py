"""How a document is made: of an order's frozen quote, its ledger, and what the seller said of itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, Literal

from shopkit.invoices.documents import Document, Line, Party

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from shopkit.invoices.documents import Cause
    from shopkit.orders import Event, OrderState
    from shopkit.orders.totals import Totals

Json = dict[str, Any]
_KILOGRAMS: Final = {
    "kg": Decimal(1),
    "g": Decimal("0.001"),
    "lb": Decimal("0.45359237"),
    "oz": Decimal("0.028349523125"),
}


@dataclass(frozen=True, slots=True)
class Sold:
    """Goods of an order as they were placed: the pieces of one line, and what all of them cost."""

    title: str
    sku: str
    quantity: int
    minor: int


@dataclass(frozen=True, slots=True)
class Order:
    """What a document is made of: an order's promise, frozen, and how its ledger stands.

    ``today`` is the seller's, ``ordered_on`` and ``dispatched_on`` too. ``law`` and ``law_on`` are the version of the
    rules and the day that the charges rest on.
    """

    number: int
    locale: str
    market: str
    terms: str
    ordered_on: date
    seller: Party
    buyer: Party
    sold: Sequence[Sold]
    items: Sequence[Json]
    totals: Totals
    state: OrderState
    gross_kg: Decimal | None
    law: str
    law_on: date | None
    reason: Literal["sale", "sample"]
    due_on: date
    dispatched_on: date | None
    carrier: str
    tracking: str


def invoice(order: Order, number: str, issued_at: datetime, today: date) -> Document:
    """Return the invoice of an order as it stands: its goods whole, what was taken off since as such."""
    state, totals = order.state, order.totals
    lines = tuple(_line(one, item) for one, item in zip(order.sold, order.items, strict=True))
    base = _base(order, number, issued_at, today)
    made = replace(
        base,
        lines=lines,
        freight=totals.freight.minor,
        insurance=totals.insurance.minor,
        charges=totals.charges.minor,
        reduced=state.reduced,
        at_door=totals.at_door.minor,
        due_on=order.due_on,
        law=order.law,
        law_on=order.law_on,
    )
    return replace(made, paid=min(made.total, max(0, state.covered)))


def credit_note(
    order: Order, of: Document, minor: int, cause: Cause, number: str, issued_at: datetime, today: date
) -> Document:
    """Return the credit note of an invoice: its lines where all of it is credited, the amount alone where a part is."""
    base = replace(
        _base(order, number, issued_at, today),
        kind="credit_note",
        refers_to=of.number,
        refers_on=of.issued_on,
        cause=cause,
        # Who sold and who bought is as the invoice said it.
        seller=of.seller,
        buyer=of.buyer,
    )
    if minor != of.total:
        return replace(base, amount=minor)
    return replace(
        base,
        lines=of.lines,
        freight=of.freight,
        insurance=of.insurance,
        charges=of.charges,
        reduced=of.reduced,
        law=of.law,
        law_on=of.law_on,
    )


def receipt(
    order: Order, event: Event, way: str, of: Document | None, number: str, issued_at: datetime, today: date
) -> Document:
    """Return the receipt of money that came: how much, when, by what, and for which order."""
    assert event.amount is not None  # noqa: S101  # it counted as paid
    return replace(
        _base(order, number, issued_at, today),
        kind="receipt",
        amount=event.amount.minor,
        paid=event.amount.minor,
        way=way,
        reference=str(event.data.get("reference", "")),
        moved_at=event.at,
        refers_to="" if of is None else of.number,
        refers_on=None if of is None else of.issued_on,
    )


def kilograms(weight: Mapping[str, str] | None) -> Decimal | None:
    """Return a weight of a request in kilograms; ``None`` where there is none.

    >>> str(kilograms({"value": "200", "unit": "g"}))
    '0.200'
    """
    if weight is None or weight.get("unit", "kg") not in _KILOGRAMS:
        return None
    try:
        return Decimal(weight["value"]) * _KILOGRAMS[weight.get("unit", "kg")]
    except (KeyError, InvalidOperation):
        return None


def _base(order: Order, number: str, issued_at: datetime, today: date) -> Document:
    return Document(
        kind="invoice",
        number=number,
        issued_at=issued_at,
        issued_on=today,
        locale=order.locale,
        currency=order.totals.goods.currency,
        order=order.number,
        ordered_on=order.ordered_on,
        seller=order.seller,
        buyer=order.buyer,
        market=order.market,
        terms=order.terms,
        place=order.buyer.city,
        reason=order.reason,
        gross_kg=order.gross_kg,
        dispatched_on=order.dispatched_on,
        carrier=order.carrier,
        tracking=order.tracking,
    )


def _line(one: Sold, item: Json) -> Line:
    weight = kilograms(item.get("weight"))
    return Line(
        one.title,
        one.quantity,
        one.minor,
        one.sku,
        str(item.get("hs_code") or ""),
        str(item.get("origin") or ""),
        None if weight is None else weight * one.quantity,
    )
