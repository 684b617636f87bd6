"""The fewest boxes that there can be, by trying everything: for small sides, where every place is a whole number.

Packings pushed into a corner stand at sums of sides, so whole sides have whole places and nothing is overlooked.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shopkit.packing import Box, Piece

Sides = tuple[int, int, int]


def fewest(pieces: Sequence[Piece], boxes: Sequence[Box]) -> int:
    """Return how few boxes hold all pieces; each of them fits into some box alone."""
    return min(
        len(groups)
        for groups in _parted(tuple(range(len(pieces))))
        if all(any(_holds(box, [pieces[one] for one in group]) for box in boxes) for group in groups)
    )


def _parted(ones: tuple[int, ...]) -> Iterator[list[tuple[int, ...]]]:
    if not ones:
        yield []
        return
    first, rest = ones[0], ones[1:]
    for groups in _parted(rest):
        yield [(first,), *groups]
        for place, group in enumerate(groups):
            yield [*groups[:place], (first, *group), *groups[place + 1 :]]


def _holds(box: Box, pieces: Sequence[Piece]) -> bool:
    if sum(one.grams or 0 for one in pieces) > box.bears:
        return False
    sides = tuple(sorted((one.sides or (0, 0, 0) for one in pieces), key=lambda one: -one[0] * one[1] * one[2]))
    return sum(a * b * c for a, b, c in sides) <= box.volume and _lies(box.inside, sides, 0)


@lru_cache(maxsize=100_000)
def _lies(inside: Sides, sides: tuple[Sides, ...], taken: int) -> bool:
    return not sides or any(
        not mask & taken and _lies(inside, sides[1:], mask | taken) for mask in _masks(inside, sides[0])
    )


@lru_cache(maxsize=1000)
def _masks(inside: Sides, sides: Sides) -> tuple[int, ...]:
    """Every way to lie in a box, as the set of the cells that are then taken."""
    found = set()
    for turned in set(permutations(sides)):
        for at in product(*(range(room - mine + 1) for room, mine in zip(inside, turned, strict=True))):
            cells = product(*(range(low, low + many) for low, many in zip(at, turned, strict=True)))
            found.add(sum(1 << (x + inside[0] * (y + inside[1] * z)) for x, y, z in cells))
    return tuple(sorted(found))
