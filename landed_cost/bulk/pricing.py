"""Pricing in chunks: goods by ways in columns, or whole shipments one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from landed_cost.bulk.columns import Block, Sheet
from landed_cost.bulk.scalar import write_scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from landed_cost.bulk.columns import Goods, Priced, Way
    from landed_cost.model import Shipment
    from landed_cost.rulebook.book import Rulebook

CHUNK: Final = 65_536
"""How many goods are priced at a time; memory grows with it and not with how many there are."""


def quote_many(shipments: Iterable[Shipment], rulebook: Rulebook) -> Priced:
    """Return what shipments come to, a row each in the order given, as :func:`landed_cost.quote` answers them.

    A shipment that ``quote`` would not read is a *wrong* row with the codes of its problems, and stops nothing.
    """
    given = tuple(shipments)
    sheet = Sheet(len(given))
    for row, shipment in enumerate(given):
        write_scalar(sheet, row, shipment, rulebook, "scalar")
    return sheet.priced(rulebook.version)


def quote_goods(goods: Goods, ways: Sequence[Way], rulebook: Rulebook, *, chunk: int = CHUNK) -> Iterator[Block]:
    """Yield what the goods come to by each of the ways, a block of at most ``chunk`` listings at a time.

    Blocks come by listings and then by ways, so that all that is known of a listing is together.
    """
    for first in range(0, len(goods), chunk):
        for number, way in enumerate(ways):
            sheet = Sheet(min(chunk, len(goods) - first))
            for row in range(len(sheet.outcome)):
                write_scalar(sheet, row, goods.shipment(way, first + row), rulebook, "scalar")
            yield Block(number, first, sheet.priced(rulebook.version))
