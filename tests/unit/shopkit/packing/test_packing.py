"""Pieces into boxes: nothing overlaps, nothing sticks out, nothing is too heavy, nothing is lost; and how few boxes."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopkit.packing import Box, Left, Packed, Packing, Piece, TooManyPiecesError, pack
from tests.unit.shopkit.packing.brute import fewest

SMALL = Box("s", "small", (300, 200, 100), 120, 5_000)
LARGE = Box("l", "large", (400, 300, 300), 300, 12_000, wall=4)

_side = st.integers(1, 400)
_pieces = st.lists(st.tuples(st.tuples(_side, _side, _side), st.integers(1, 6_000)), max_size=14)
_unit = st.integers(1, 3)
_few = st.lists(st.tuples(st.tuples(_unit, _unit, _unit), st.integers(1, 4)), min_size=1, max_size=5)


def pieces_of(*said: tuple[tuple[int, int, int] | None, int | None]) -> list[Piece]:
    """Return pieces named by their place."""
    return [Piece(str(place), sides, grams) for place, (sides, grams) in enumerate(said)]


def _is_sound(found: Packed) -> bool:
    """Whether all pieces of a box lie inside, apart from each other, turned and not stretched, and are borne."""
    assert found.box is not None
    inside = all(
        low >= 0 and low + long <= room
        for one in found.places
        for low, long, room in zip(one.at, one.sides, found.box.inside, strict=True)
    )
    apart = all(
        any(a.at[axis] + a.sides[axis] <= b.at[axis] or b.at[axis] + b.sides[axis] <= a.at[axis] for axis in range(3))
        for a, b in combinations(found.places, 2)
    )
    whole = all(sorted(one.sides) == sorted(one.piece.sides or ()) for one in found.places)
    return inside and apart and whole and found.net_grams <= found.box.bears


@settings(max_examples=150)
@given(_pieces)
def test_what_is_packed_holds_together(said: list[tuple[tuple[int, int, int], int]]) -> None:
    """In every box the pieces lie inside, apart and within what it bears, and every piece is somewhere once."""
    pieces = pieces_of(*said)

    found = pack(pieces, [SMALL, LARGE])

    everywhere = [one.id for box in found.boxes for one in box.pieces] + [one.piece.id for one in found.left]
    assert all(_is_sound(box) for box in found.boxes)
    assert Counter(everywhere) == Counter(one.id for one in pieces)


@settings(max_examples=60)
@given(_few)
def test_opens_at_most_one_box_more_than_needed(said: list[tuple[tuple[int, int, int], int]]) -> None:
    """Of five small pieces at most one box more is opened than by trying everything."""
    boxes = [Box("a", "a", (3, 3, 3), 1, 8), Box("b", "b", (4, 3, 3), 1, 9)]
    pieces = pieces_of(*said)

    least = fewest(pieces, boxes)

    assert least <= len(pack(pieces, boxes).boxes) <= least + 1


@pytest.mark.parametrize(
    ("inside", "bears", "sides"),
    [
        ((2, 2, 2), 99, [(1, 1, 2)] * 4),
        ((3, 3, 1), 99, [(2, 1, 1)] * 4 + [(1, 1, 1)]),
        ((3, 3, 3), 99, [(1, 2, 2), (2, 1, 2), (2, 2, 1), (3, 1, 1), (1, 1, 3)]),
        ((4, 3, 2), 99, [(4, 3, 1), (2, 3, 1), (2, 3, 1)]),
        ((3, 2, 2), 2, [(1, 1, 1)] * 5),
        ((3, 3, 3), 99, [(3, 3, 2), (3, 3, 2), (3, 3, 1), (3, 3, 1)]),
        ((4, 4, 1), 99, [(3, 1, 1), (3, 1, 1), (3, 1, 1), (3, 1, 1), (2, 2, 1)]),
    ],
    ids=["columns", "around a hole", "turned", "layers", "by weight", "pairs", "pinwheel"],
)
def test_opens_no_box_too_many(inside: tuple[int, int, int], bears: int, sides: list[tuple[int, int, int]]) -> None:
    """These cases are packed into as few boxes as trying everything finds."""
    boxes = [Box("a", "a", inside, 1, bears)]
    pieces = pieces_of(*((one, 1) for one in sides))

    found = len(pack(pieces, boxes).boxes)

    assert found == fewest(pieces, boxes)


def test_smallest_box_that_does() -> None:
    """What fits into the small box is not sent in the large one, whichever comes first."""
    pieces = pieces_of(((280, 180, 40), 900), ((280, 180, 40), 900))

    found = pack(pieces, [LARGE, SMALL])

    assert [(one.box, one.net_grams, one.gross_grams) for one in found.boxes] == [(SMALL, 1_800, 1_920)]


def test_pieces_without_measures_are_packed_by_weight_and_it_says_so() -> None:
    """Where a piece has no measures all are parted by weight alone, no box is chosen and no place is made up."""
    pieces = pieces_of((None, 7_000), ((100, 100, 100), 6_000), (None, 5_000))

    found = pack(pieces, [SMALL, LARGE])

    parcels = tuple(Packed(None, group) for group in ((pieces[0], pieces[2]), (pieces[1],)))
    assert found == Packing(parcels, (), "weight", ("0", "2"))
    assert [(one.net_grams, one.gross_grams) for one in found.boxes] == [(12_000, None), (6_000, None)]


def test_pieces_that_cannot_be_packed_are_left_with_the_reason() -> None:
    """Nobody weighed it, no box is large enough, or none that is bears it: each is left, and the rest is packed."""
    pieces = pieces_of(((1, 1, 1), None), ((500, 10, 10), 5), ((10, 10, 10), 12_001), ((10, 10, 10), 12_000))

    found = pack(pieces, [SMALL, LARGE])

    assert found.left == (
        Left(pieces[0], "weight_unknown"),
        Left(pieces[1], "too_large"),
        Left(pieces[2], "too_heavy"),
    )
    assert [one.pieces for one in found.boxes] == [(pieces[3],)]
    assert not found.is_whole


def test_without_boxes_nothing_is_packed() -> None:
    """A shop without boxes is told that there is none, not that goods are too large."""
    pieces = pieces_of(((1, 1, 1), 1))

    found = pack(pieces, [])

    assert found == Packing((), (Left(pieces[0], "no_box"),))


def test_a_list_that_nobody_could_pack_by_is_refused() -> None:
    """More than two hundred pieces are refused with their number, before any time is spent."""
    pieces = pieces_of(*[((1, 1, 1), 1)] * 201)

    with pytest.raises(TooManyPiecesError) as told:
        pack(pieces, [LARGE])

    assert told.value.count == 201


def test_outside_is_not_known_without_the_wall() -> None:
    """A box whose wall nobody measured has no outside."""
    found = SMALL.outside, LARGE.outside

    assert found == (None, (408, 308, 308))
