"""Goods by ways in columns, a chunk of goods at a time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from landed_cost.bulk.answering import Answering, spans_of
from landed_cost.bulk.columns import Block, Sheet
from landed_cost.bulk.keeping import Shelf, kind_key, obstacle, shelf_of, way_key
from landed_cost.bulk.scalar import write_scalar
from landed_cost.bulk.tracing import Asked

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    import numpy.typing as npt

    from landed_cost.bulk.columns import Goods, Way, Whole
    from landed_cost.bulk.keeping import Programs
    from landed_cost.rulebook.book import Rulebook

    Rows = npt.NDArray[np.intp]

CHUNK: Final = 262_144
"""How many goods are priced at a time; memory grows with it and not with how many there are."""

# Products of columns stay below this, so that they surely fit.
_LARGEST: Final = 2.0**62


def quote_goods(goods: Goods, ways: Sequence[Way], rulebook: Rulebook, *, chunk: int = CHUNK) -> Iterator[Block]:
    """Yield what the goods come to by each of the ways, a block of at most ``chunk`` listings by one way at a time.

    In a block listings that are treated alike lie together, which is what makes this fast; its ``rows`` say which they
    are.
    """
    kinds = [kind_key(kind) for kind in goods.kinds]
    for first in range(0, len(goods), chunk):
        part = _Part.of(goods, first, min(first + chunk, len(goods)))
        for number, way in enumerate(ways):
            yield _Pricing(goods, way, rulebook, part, kinds).block(number)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of the goods, in the order of their kinds: which they are, and where each kind begins and ends.

    ``goods`` is price × quantity, zero for those whose numbers nobody can mean or that do not fit; ``net`` is the
    weight of all pieces, below zero where it was not given.
    """

    rows: Rows
    cuts: tuple[tuple[int, int], ...]
    goods: Whole
    net: Whole
    pieces: Whole

    @classmethod
    def of(cls, goods: Goods, first: int, stop: int) -> Self:
        """Return the goods from ``first`` to before ``stop``."""
        part = slice(first, stop)
        price, quantity, grams = goods.price[part], goods.quantity[part], goods.grams[part]
        size = quantity.astype(np.float64)
        odd = (price < 1) | (quantity < 1) | (price * size > _LARGEST) | (grams * size > _LARGEST)
        # Goods of a known weight are asked for apart from those of one that nobody gave.
        sort = (goods.kind[part].astype(np.int64) * 2 + (grams >= 0)) * 2 + odd
        order = np.argsort(sort, kind="stable")
        sort, quantity, grams = sort[order], np.where(odd, 0, quantity)[order], grams[order]
        cuts = (0, *(np.flatnonzero(sort[1:] != sort[:-1]) + 1).tolist(), stop - first)
        return cls(
            order + first,
            tuple(pairwise(cuts)),
            price[order] * quantity,
            np.where(grams < 0, -1, grams * quantity),
            quantity,
        )

    def of_these(self, cuts: Sequence[tuple[int, int]]) -> Self:
        """Return the same goods in the order of ``cuts``."""
        order = np.concatenate([np.arange(start, stop) for start, stop in cuts])
        ends = np.cumsum([stop - start for start, stop in cuts]).tolist()
        cuts = tuple(pairwise([0, *ends]))
        return type(self)(self.rows[order], cuts, self.goods[order], self.net[order], self.pieces[order])


class _Pricing:
    """Some of the goods by one way."""

    def __init__(self, goods: Goods, way: Way, rulebook: Rulebook, part: _Part, kinds: Sequence[Hashable]) -> None:
        self._goods = goods
        self._way = way
        self._rulebook = rulebook
        self._sheet = Sheet(len(part.rows))
        self._part = part
        self._kinds = kinds
        self._numbers: dict[str, Whole] = {}
        self._spans: dict[str, tuple[int, int]] = {}

    def block(self, number: int) -> Block:
        """Return all of them answered."""
        shipment, sheet = self._way.shipment, self._sheet
        sheet.currency[:], sheet.date[:] = sheet.currencies(shipment.currency), sheet.dates(shipment.date)
        by_kind = sorted(zip(self._programs(), self._part.cuts, strict=True), key=_alike)
        self._part = self._part.of_these([cut for _, cut in by_kind])
        part = self._part
        freight = {} if self._way.freight is None else {"freight": self._way.freight[part.rows]}
        self._numbers = {"goods": part.goods, **freight, "net": part.net, "pieces": part.pieces}
        self._spans = dict(zip(self._numbers, spans_of(tuple(self._numbers.values())), strict=True))
        answering = Answering(sheet, self._rulebook)
        kinds = zip([programs for programs, _ in by_kind], self._part.cuts, strict=True)
        for _, some in groupby(kinds, key=_alike):
            self._answer(answering, tuple(some))
        return Block(number, self._part.rows, sheet.priced(self._rulebook.version))

    def _programs(self) -> Iterator[Programs | str]:
        """Yield the programs for each kind, or why its goods are asked one by one."""
        shipment = self._way.shipment
        country = shipment.destination.country
        covered = country in self._rulebook.destinations
        shelf = shelf_of(self._rulebook.at(country, shipment.date)) if covered else Shelf()
        carried = shipment.freight if self._way.freight is None else self._way.freight_currency
        key = (way_key(shipment), carried, shipment.insurance, shipment.gross_weight_kg)
        for start, _ in self._part.cuts:
            kind = int(self._goods.kind[self._part.rows[start]])
            if not covered:
                yield "destination.not_covered"
            elif not self._part.goods[start]:
                yield "unusual"
            else:
                why = obstacle(shipment, (self._goods.kinds[kind],))
                weighs = bool(self._part.net[start] >= 0)
                yield shelf.programs((key, self._kinds[kind], weighs)) if why is None else why

    def _answer(self, answering: Answering, kinds: Sequence[tuple[Programs | str, tuple[int, int]]]) -> None:
        """Answer kinds that are treated alike, as far as is known yet."""
        start, stop = kinds[0][1][0], kinds[-1][1][1]
        first = kinds[0][0]
        if isinstance(first, str):
            for place in range(start, stop):
                write_scalar(self._sheet, place, self._asked(place).shipment, self._rulebook, first)
            return
        named = self._columns(start, stop)
        rows, columns = np.arange(start, stop), list(named.values())
        left = answering.known(first.made, rows, columns, [self._spans[name] for name in named])
        ends = np.searchsorted(left + start, [end for _, (_, end) in kinds])
        for (programs, _), (one, end) in zip(kinds, pairwise([0, *ends.tolist()]), strict=True):
            if one < end and not isinstance(programs, str):
                answering.rest(programs, rows, columns, left[one:end], lambda place: self._asked(start + place))

    def _columns(self, start: int, stop: int) -> dict[str, Whole]:
        """Return the numbers in which goods of a kind differ."""
        found = {name: column[start:stop] for name, column in self._numbers.items()}
        if found["net"][0] < 0:
            del found["net"]
        return found

    def _asked(self, place: int) -> Asked:
        numbers = {name: int(column[0]) for name, column in self._columns(place, place + 1).items()}
        return Asked(self._goods.shipment(self._way, int(self._part.rows[place])), numbers)


def _alike(kind: tuple[Programs | str, object]) -> tuple[int, str, tuple[int, ...]]:
    """Return what is the same for kinds that all programs made so far treat alike."""
    programs = kind[0]
    if isinstance(programs, str):
        return 2, programs, ()
    return (0, "", tuple(map(id, programs.made))) if programs.made else (1, "", (id(programs),))
