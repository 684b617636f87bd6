"""Whole shipments, each with its own way: those that differ in nothing but numbers are asked together."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from landed_cost.bulk.answering import Answering
from landed_cost.bulk.columns import Sheet
from landed_cost.bulk.keeping import kind_key, obstacle, shelf_of, way_key
from landed_cost.bulk.scalar import write_scalar
from landed_cost.bulk.symbols import LARGEST
from landed_cost.bulk.tracing import Asked
from landed_cost.money import to_minor
from landed_cost.run import line_price

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator
    from decimal import Decimal

    import numpy.typing as npt

    from landed_cost.bulk.columns import Priced, Whole
    from landed_cost.bulk.keeping import Programs
    from landed_cost.model import Shipment
    from landed_cost.rulebook.book import Rulebook

    Rows = npt.NDArray[np.intp]

# In how fine parts of a kilo weights are counted, tried in turn; an ounce has twelve decimals.
_PER_KILO: Final = (10**3, 10**6, 10**9, 10**12)
# A price or a weight beyond this is asked by itself.
_LARGEST_GIVEN: Final = 10**12


class Alike:
    """Shipments of one kind of goods by one way: their rows, and the numbers in which they differ."""

    def __init__(self, programs: Programs, per_kilo: int) -> None:
        self.programs = programs
        self.per_kilo = per_kilo
        self.shipments: list[Shipment] = []
        self.rows: list[int] = []
        self.numbers: list[dict[str, int]] = []

    def asked(self, place: int) -> Asked:
        """Return one of them as it is asked."""
        return Asked(self.shipments[place], self.numbers[place], self.per_kilo)

    def columns(self) -> list[Whole]:
        """Return the numbers in columns."""
        return [np.array([one[name] for one in self.numbers], np.int64) for name in self.numbers[0]]


def quote_many(shipments: Iterable[Shipment], rulebook: Rulebook) -> Priced:
    """Return what shipments come to, a row each in the order given, as :func:`landed_cost.quote` answers them.

    A shipment that ``quote`` would not read is a *wrong* row with the codes of its problems, and stops nothing.
    """
    given = tuple(shipments)
    sheet = Sheet(len(given))
    groups: dict[Hashable, Alike] = {}
    for row, shipment in enumerate(given):
        sheet.currency[row], sheet.date[row] = sheet.currencies(shipment.currency), sheet.dates(shipment.date)
        why = obstacle(shipment, shipment.items) or _unusual(shipment, rulebook)
        if why is not None:
            write_scalar(sheet, row, shipment, rulebook, why)
            continue
        numbers, per_kilo = _numbers(shipment)
        if max(numbers.values()) > LARGEST:
            write_scalar(sheet, row, shipment, rulebook, "too_large")
            continue
        group = _group(groups, shipment, rulebook, tuple(numbers), per_kilo)
        group.rows.append(row)
        group.shipments.append(shipment)
        group.numbers.append(numbers)
    answering = Answering(sheet, rulebook)
    for group in groups.values():
        answering.answer(group.programs, np.array(group.rows, np.intp), group.columns(), group.asked)
    return sheet.priced(rulebook.version)


def _group(
    groups: dict[Hashable, Alike], shipment: Shipment, rulebook: Rulebook, names: tuple[str, ...], per_kilo: int
) -> Alike:
    country, on = shipment.destination.country, shipment.date
    currencies = tuple(None if one is None else one.currency for one in (shipment.freight, shipment.insurance))
    key = (way_key(shipment), kind_key(shipment.items[0]), names, currencies, per_kilo)
    found = groups.get((on, key))
    if found is None:
        programs = shelf_of(rulebook.at(country, on)).programs(key)
        found = groups[on, key] = Alike(programs, per_kilo)
    return found


def _unusual(shipment: Shipment, rulebook: Rulebook) -> str | None:
    """Say what keeps a shipment of one item from being asked in numbers; the engine says what is wrong with it."""
    (item,) = shipment.items
    if shipment.destination.country not in rulebook.destinations:
        return "destination.not_covered"
    amounts = [item.unit_price.value, item.quantity, *_given(shipment)]
    if not all(one.is_finite() for one in amounts) or min(amounts) < 0 or not min(amounts[:2]):
        return "unusual"
    return "too_large" if max(amounts) > _LARGEST_GIVEN or amounts[0] * amounts[1] > _LARGEST_GIVEN else None


def _given(shipment: Shipment) -> Iterator[Decimal]:
    for amount in (shipment.freight, shipment.insurance):
        if amount is not None:
            yield amount.value
    for weight in (shipment.items[0].weight_kg, shipment.gross_weight_kg):
        if weight is not None:
            yield weight


def _numbers(shipment: Shipment) -> tuple[dict[str, int], int]:
    """Return the numbers in which a shipment may differ from others like it, and the parts of a kilo in them."""
    (item,) = shipment.items
    numbers = {"goods": line_price(item, item.unit_price)}
    for name, amount in (("freight", shipment.freight), ("insurance", shipment.insurance)):
        if amount is not None:
            numbers[name] = to_minor(amount.value, amount.currency)
    weights = {}
    if item.weight_kg is not None:
        weights["net"] = Fraction(item.weight_kg) * Fraction(item.quantity)
    if shipment.gross_weight_kg is not None:
        weights["gross"] = Fraction(shipment.gross_weight_kg)
    # Finer than a billionth of a milligram nobody weighs; such a number is too large in any case.
    per_kilo = next((one for one in _PER_KILO if all(not one % weight.denominator for weight in weights.values())), 0)
    numbers |= {name: int(weight * per_kilo) if per_kilo else LARGEST + 1 for name, weight in weights.items()}
    if not item.quantity % 1:
        numbers["pieces"] = int(item.quantity)
    return numbers, per_kilo
