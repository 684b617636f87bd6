"""Packing by corners: where a piece lies, the corners it makes are the places where the next one may lie.

A corner where a piece of some size did not fit is never tried for that size again: a box only gets fuller. So two
hundred shirts take as many looks as there are corners, not as many as there are pairs.
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Final

from shopkit.packing.model import Left, Packed, Packing, Piece, Placed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from shopkit.packing.model import Box, Sides, Why

# More pieces than one person packs by a list; beyond it the answer would take seconds.
MOST_PIECES: Final = 200
# Up to so many pieces places are also tried one after the other and taken back, up to so many looks at a box.
_FEW: Final = 8
_LOOKS: Final = 1_500
# Up to so many pieces all orders are tried, beyond it the first alone.
_MANY: Final = 60


class TooManyPiecesError(ValueError):
    """More pieces than are packed at once; ``count`` says how many there were."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(f"{count} pieces; at most {MOST_PIECES} are packed at once")


def pack(pieces: Sequence[Piece], boxes: Sequence[Box]) -> Packing:
    """Return the pieces in as few of the boxes as were found, and of those the smallest.

    Pieces are turned as they need be. One that nobody weighed is left; one without measures makes the whole packing
    one by weight, which says in how many parcels and not in which boxes. Raises ``TooManyPiecesError``.

    >>> from shopkit.packing import Box, Piece
    >>> shirts = [Piece(f"shirt-{number}", (300, 220, 30), 200) for number in range(3)]
    >>> found = pack(shirts, [Box("m", "medium", (320, 240, 100), 150, 10_000)])
    >>> [(one.box.name, one.gross_grams, [place.at for place in one.places]) for one in found.boxes]
    [('medium', 750, [(0, 0, 0), (0, 0, 30), (0, 0, 60)])]
    """
    if len(pieces) > MOST_PIECES:
        raise TooManyPiecesError(len(pieces))
    left = [Left(one, why) for one in pieces if (why := _against(one, boxes)) is not None]
    gone = {id(one.piece) for one in left}
    wanted = [one for one in pieces if id(one) not in gone]
    unmeasured = tuple(one.id for one in wanted if one.sides is None)
    if unmeasured:
        return Packing(_by_weight(wanted, max(box.bears for box in boxes)), tuple(left), "weight", unmeasured)
    found = min((_fill(order, boxes) for order in _orders(wanted)), key=_worth)
    return Packing(tuple(found), tuple(left))


def _against(piece: Piece, boxes: Sequence[Box]) -> Why | None:
    """Return why a piece goes into none of the boxes, even alone."""
    if piece.grams is None:
        return "weight_unknown"
    if not boxes:
        return "no_box"
    fitting = [box for box in boxes if piece.sides is None or _fits(piece.sides, box.inside)]
    if not fitting:
        return "too_large"
    return None if any(piece.grams <= box.bears for box in fitting) else "too_heavy"


def _fits(sides: Sides, inside: Sides) -> bool:
    return all(mine <= room for mine, room in zip(sorted(sides), sorted(inside), strict=True))


def _volume(piece: Piece) -> int:
    length, width, height = piece.sides or (0, 0, 0)
    return length * width * height


def _orders(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield the orders that are tried; ties stay as they came, so that the same goods are always packed the same."""
    keys: tuple[Callable[[Piece], tuple[int, ...]], ...] = (
        lambda one: (_volume(one),),
        lambda one: tuple(sorted(one.sides or (), reverse=True)),
        lambda one: tuple(sorted(one.sides or ())[1:]),
        lambda one: (one.grams or 0,),
    )
    for key in keys if len(pieces) <= _MANY else keys[:1]:
        yield sorted(pieces, key=key, reverse=True)


def _worth(found: Sequence[Packed]) -> tuple[int, int]:
    return len(found), sum(one.box.volume for one in found if one.box is not None)


def _fill(order: Sequence[Piece], boxes: Sequence[Box]) -> list[Packed]:
    """Fill box after box: the smallest that takes all that is left, else the one that takes the most of it."""
    found: list[Packed] = []
    waiting = list(order)
    by_size = sorted(boxes, key=lambda box: (box.volume, box.grams))
    while waiting:
        best: tuple[Placed, ...] = ()
        chosen = by_size[0]
        for box in by_size:
            tried = _into(box, waiting)
            if len(tried) < len(waiting) <= _FEW:
                tried = _searched(box, waiting) or tried
            if len(tried) == len(waiting):
                best, chosen = tried, box
                break
            if _taken(tried) > _taken(best):
                best, chosen = tried, box
        taken = {id(one.piece) for one in best}
        waiting = [one for one in waiting if id(one) not in taken]
        found.append(Packed(chosen, tuple(one.piece for one in best), best))
    return found


def _taken(placed: Iterable[Placed]) -> tuple[int, int]:
    all_of_it = tuple(placed)
    return sum(_volume(one.piece) for one in all_of_it), sum(one.piece.grams or 0 for one in all_of_it)


def _into(box: Box, pieces: Iterable[Piece]) -> tuple[Placed, ...]:
    """Return which of the pieces go into one box, in this order, and where."""
    placed: list[Placed] = []
    corners: list[Sides] = [(0, 0, 0)]
    full: set[tuple[Sides, Sides]] = set()
    room = box.bears
    for piece in pieces:
        grams = piece.grams or 0
        if grams > room or piece.sides is None:
            continue
        found = _place(piece, box.inside, corners, placed, full)
        if found is not None:
            placed.append(found)
            room -= grams
            _corners(found, placed, corners)
    return tuple(placed)


def _searched(box: Box, pieces: Sequence[Piece]) -> tuple[Placed, ...]:
    """Return all pieces in one box, each tried at every corner and turned every way; nothing where none was found.

    It gives up after so many looks, so that the same goods are packed the same on every machine.
    """
    if sum(one.grams or 0 for one in pieces) > box.bears or sum(map(_volume, pieces)) > box.volume:
        return ()
    looks = 0

    def further(placed: list[Placed], corners: list[Sides], waiting: Sequence[Piece]) -> bool:
        nonlocal looks
        if not waiting:
            return True
        for at in corners:
            for sides in _turned(waiting[0]):
                looks += 1
                if looks > _LOOKS:
                    return False
                if _is_free(at, sides, box.inside, placed):
                    placed.append(Placed(waiting[0], at, sides))
                    more = list(corners)
                    _corners(placed[-1], placed, more)
                    if further(placed, more, waiting[1:]):
                        return True
                    placed.pop()
        return False

    found: list[Placed] = []
    return tuple(found) if further(found, [(0, 0, 0)], pieces) else ()


def _turned(piece: Piece) -> list[Sides]:
    """Return the ways a piece can lie, the flattest first."""
    return sorted({(a, b, c) for a, b, c in permutations(piece.sides or ())}, key=lambda sides: sides[::-1])


def _is_free(at: Sides, sides: Sides, inside: Sides, placed: Iterable[Placed]) -> bool:
    return (
        at[0] + sides[0] <= inside[0]
        and at[1] + sides[1] <= inside[1]
        and at[2] + sides[2] <= inside[2]
        and not any(_overlap(at, sides, one) for one in placed)
    )


def _place(
    piece: Piece, inside: Sides, corners: Sequence[Sides], placed: Sequence[Placed], full: set[tuple[Sides, Sides]]
) -> Placed | None:
    """Return the piece at the lowest corner where it fits, lying as flat as it can there."""
    turned = _turned(piece)
    for at in corners:
        for sides in turned:
            if (at, sides) in full:
                continue
            if _is_free(at, sides, inside, placed):
                return Placed(piece, at, sides)
            full.add((at, sides))
    return None


def _overlap(at: Sides, sides: Sides, other: Placed) -> bool:
    (x, y, z), (u, v, w), (length, width, height) = at, other.at, other.sides
    return (
        x < u + length
        and u < x + sides[0]
        and y < v + width
        and v < y + sides[1]
        and z < w + height
        and w < z + sides[2]
    )


def _corners(new: Placed, placed: Sequence[Placed], corners: list[Sides]) -> None:
    """Add the corners that a piece makes: its three ends, each as it is and slid to what it rests against."""
    (x, y, z), (length, width, height) = new.at, new.sides
    ends = ((x + length, y, z), (x, y + width, z), (x, y, z + height))
    more = set(ends)
    for axis, end in enumerate(ends):
        for other in range(3):
            if other != axis:
                more.add(_slid(end, other, placed))
    corners.extend(more.difference(corners))
    corners.sort(key=lambda at: (at[2], at[1], at[0]))


def _slid(at: Sides, axis: int, placed: Iterable[Placed]) -> Sides:
    """Return a corner slid along an axis towards the box's own corner until a piece stands in the way."""
    others = [other for other in range(3) if other != axis]
    to = 0
    for one in placed:
        end = one.at[axis] + one.sides[axis]
        if to < end <= at[axis] and all(one.at[o] <= at[o] < one.at[o] + one.sides[o] for o in others):
            to = end
    point = list(at)
    point[axis] = to
    return point[0], point[1], point[2]


def _by_weight(pieces: Sequence[Piece], bears: int) -> tuple[Packed, ...]:
    """Part pieces by weight alone, the heaviest first, each to the first parcel that still bears it."""
    parcels: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: one.grams or 0, reverse=True):
        grams = piece.grams or 0
        for parcel in parcels:
            if sum(one.grams or 0 for one in parcel) + grams <= bears:
                parcel.append(piece)
                break
        else:
            parcels.append([piece])
    return tuple(Packed(None, tuple(parcel)) for parcel in parcels)
