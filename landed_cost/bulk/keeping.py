"""The programs of a day's law, made when they are first needed and kept with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from landed_cost.bulk.symbols import UntraceableError
from landed_cost.bulk.tracing import trace

if TYPE_CHECKING:
    from collections.abc import Hashable

    from landed_cost.bulk.programs import Program
    from landed_cost.bulk.tracing import Asked
    from landed_cost.model import Item, Shipment
    from landed_cost.rulebook.book import Law, Rulebook

# How many programs are kept for the law of one destination on one day before they are all forgotten.
KEPT: Final = 20_000
# How many programs goods of one kind may need on one way, and how often making one may fail, before rows are asked one
# by one.
MOST: Final = 64
FAILURES: Final = 8


class Programs:
    """The programs for goods of one kind on one way; together they are for all rows that were met so far."""

    def __init__(self, same: dict[Program, Program]) -> None:
        self.made: list[Program] = []
        self._failed: list[str] = []
        self._same = same

    def make(self, asked: Asked, rulebook: Rulebook) -> Program:
        """Return one more program, for the row that is asked and those like it; else ``UntraceableError``."""
        if len(self.made) >= MOST:
            raise UntraceableError("too_many_ways")
        if len(self._failed) >= FAILURES:
            raise UntraceableError(self._failed[-1])
        try:
            found = trace(asked, rulebook)
        except UntraceableError as error:
            if error.why != "too_large":
                self._failed.append(error.why)
            raise
        # Goods of many kinds are often treated alike: they share one program, and are then reckoned together.
        found = self._same.setdefault(found, found)
        self.made.append(found)
        return found


class Shelf:
    """The programs of one law, by way and kind of goods."""

    def __init__(self) -> None:
        self._programs: dict[Hashable, Programs] = {}
        self._same: dict[Program, Program] = {}

    def __len__(self) -> int:
        """Count the kinds by ways that programs are kept for."""
        return len(self._programs)

    @property
    def different(self) -> int:
        """How many different programs there are."""
        return len(self._same)

    def programs(self, key: Hashable) -> Programs:
        """Return the programs under a key."""
        found = self._programs.get(key)
        if found is None:
            if len(self._programs) >= KEPT:
                self._programs.clear()
                self._same.clear()
            found = self._programs[key] = Programs(self._same)
        return found


_SHELVES: Final[WeakKeyDictionary[Law, Shelf]] = WeakKeyDictionary()


def shelf_of(law: Law) -> Shelf:
    """Return what is kept for a law; it goes when the law goes."""
    return _SHELVES.setdefault(law, Shelf())


def way_key(shipment: Shipment) -> tuple[Hashable, ...]:
    """Return all of a shipment that an answer may hang on, but for its items, its amounts and its weight."""
    basis = shipment.freight_basis
    return (
        shipment.dispatch,
        shipment.destination,
        shipment.channel,
        shipment.currency,
        shipment.terms,
        shipment.transport,
        shipment.ready_on,
        shipment.exported_on,
        shipment.importer,
        shipment.seller,
        shipment.price_includes,
        basis is not None and basis.is_illustrative,
    )


def kind_key(item: Item) -> tuple[Hashable, ...]:
    """Return all of an item that an answer may hang on, but for its price, quantity and weight."""
    return (
        item.hs_code or (item.description,),
        item.hs_schedule,
        item.origin,
        item.origin_evidence,
        item.preference,
        frozenset(item.attributes.items()),
        frozenset(item.measures.items()),
        item.unit_price.currency,
    )


def obstacle(shipment: Shipment, items: tuple[Item, ...]) -> str | None:
    """Say why a shipment of these items is not asked for together with others, if it is not."""
    if len(items) != 1:
        return "many_items"
    if items[0].origin is None:
        return "origin.absent"
    if items[0].declared_value is not None:
        return "declared_value"
    return None if shipment.price_includes.isdisjoint({"duties", "taxes"}) else "price_holds_charges"
