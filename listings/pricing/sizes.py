"""How large an order must be to pay for itself: fees that every order bears once are shared by more units.

Larger is not always better: a larger order may pass a limit below which nothing is due. So every size is reckoned.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from landed_cost import Amount, ShipmentError
from listings.pricing.reckon import reckon

if TYPE_CHECKING:
    from landed_cost import Shipment
    from listings.pricing.model import Plan

Freight = Literal["same", "by_unit"]
MOST: Final = 100
_SHOWN: Final = (1, 2, 3, 5, 10, 20, 50, 100)


class Size(NamedTuple):
    """What is left of an order of so many units, and at the highest charges, in the seller's smallest unit."""

    units: int
    left: int | None
    worst: int | None
    fixed_share: Fraction | None
    landed: int | None


class Sizes(NamedTuple):
    """From which size on an order pays for itself, as told and at the highest charges, up to the size looked at.

    ``losses`` are larger sizes that lose again: (first, last) of each run.
    """

    first: int | None
    first_sure: int | None
    losses: tuple[tuple[int, int], ...]
    tried: int
    shown: tuple[Size, ...]


def order_sizes(plan: Plan, freight: Freight, most: int = MOST) -> Sizes:
    """Return what is left of orders of 1 to ``most`` units of the plan's goods, at its price."""
    found = [_size(plan, count, freight) for count in range(1, most + 1)]
    first = next((one.units for one in found if one.left is not None and one.left >= 0), None)
    sure = next((one.units for one in found if one.worst is not None and one.worst >= 0), None)
    return Sizes(
        first,
        sure,
        () if first is None else tuple(_losses(found[first:])),
        most,
        tuple(one for one in found if one.units in _SHOWN),
    )


def _losses(found: list[Size]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for one in found:
        if one.left is None or one.left >= 0:
            continue
        if runs and runs[-1][1] + 1 == one.units:
            runs[-1] = (runs[-1][0], one.units)
        else:
            runs.append((one.units, one.units))
    return runs


def _size(plan: Plan, count: int, freight: Freight) -> Size:
    sent = of_size(plan.shipment, plan.item, count, freight)
    try:
        found = reckon(plan, sent, plan.ask(sent))
    except ShipmentError:
        return Size(count, None, None, None, None)
    share = None if not found.price else Fraction(found.fixed, found.price)
    return Size(count, found.left, found.left_span[0], share, found.landed["likely"])


def of_size(sent: Shipment, index: int, count: int, freight: Freight) -> Shipment:
    """Return the consignment with ``count`` units of an item; its weight grows along, its freight as is said."""
    item = sent.items[index]
    before = sum((Fraction(one.quantity) for one in sent.items), Fraction(0))
    times = (before - Fraction(item.quantity) + count) / before
    weight = None if sent.gross_weight_kg is None else _times(sent.gross_weight_kg, times)
    paid = sent.freight
    if freight == "by_unit" and paid is not None:
        paid = Amount(_times(paid.value, times), paid.currency)
    items = (*sent.items[:index], replace(item, quantity=Decimal(count)), *sent.items[index + 1 :])
    return replace(sent, items=items, gross_weight_kg=weight, freight=paid)


def _times(value: Decimal, times: Fraction) -> Decimal:
    """Return a figure times a fraction, to six decimals, as many as a request may have."""
    exact = Fraction(value) * times
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.000001"))
