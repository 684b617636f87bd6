"""Goods into boxes: how fast small parcels are packed beside trying everything, how full boxes get, how it grows.

Seconds are those of the processor. What is tried to the end is small (five pieces, boxes of up to six by five by five
units), because nothing else ends.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

from shopkit.packing import Box, Piece, pack
from tests.unit.shopkit.packing.brute import fewest

if TYPE_CHECKING:
    from benchmarks.report import Report

SMALL: Final = (Box("a", "a", (6, 4, 4), 1, 12), Box("b", "b", (6, 5, 5), 1, 16))
BOXES: Final = (
    Box("s", "s", (300, 300, 300), 100, 10_000),
    Box("m", "m", (400, 400, 400), 200, 20_000),
    Box("l", "l", (600, 400, 400), 300, 30_000),
)


def pieces(count: int, longest: int, heaviest: int, chance: random.Random) -> list[Piece]:
    """Return so many pieces of all sizes up to a longest side."""
    return [
        Piece(
            str(number),
            (chance.randint(1, longest), chance.randint(1, longest), chance.randint(1, longest)),
            chance.randint(1, heaviest),
        )
        for number in range(count)
    ]


def measure(report: Report, *, cases: int = 100) -> None:
    """Pack small cases both ways, then sixty and two hundred pieces of all sizes."""
    chance = random.Random(1)  # noqa: S311  # the same goods in every run
    small = [pieces(5, 4, 4, chance) for _ in range(cases)]
    begun = time.process_time()
    ours = [len(pack(one, SMALL).boxes) for one in small]
    between = time.process_time()
    least = [fewest(one, SMALL) for one in small]
    tried = time.process_time() - between
    more = sum(mine - best for mine, best in zip(ours, least, strict=True))
    report.add("packing: five pieces, of trying everything", tried / (between - begun), "× as fast", f"{cases} cases")
    report.goal("packing: boxes more than are needed", more, cases / 20, at_most=True, unit=f"in {cases} cases")
    for count in (60, 200):
        goods = pieces(count, 300, 2_000, chance)
        begun = time.process_time()
        found = pack(goods, BOXES)
        took = time.process_time() - begun
        inside = sum(a * b * c for a, b, c in (one.sides for one in goods if one.sides is not None))
        room = sum(one.box.volume for one in found.boxes if one.box is not None)
        note = f"{len(found.boxes)} boxes, {inside / room:.0%} full"
        report.add(f"packing: {count} pieces of all sizes", took * 1000, "ms of CPU", note)
