"""A packing beside the parcel that ways are quoted for: told where it is known to be another."""

from __future__ import annotations

from decimal import Decimal

import pytest

from landed_cost.freight import Parcel
from shopkit.packing import Box, Packing, Piece, pack
from shopkit.sending.packed import Otherwise, PackedParcel, otherwise

# 200 g of its own: 308 × 208 × 108 mm outside where its wall is said.
WALLED = Box("b", "box", (300, 200, 100), 200, 5000, wall=4)
BARE = Box("b", "box", (300, 200, 100), 200, 5000)
UNMEASURED = Piece("cup", None, 800)


def mug() -> Piece:
    """Return a mug of 800 g; each piece is one of its own."""
    return Piece("mug", (120, 100, 90), 800)


def quoted(kg: str, *sides: str) -> Parcel:
    """Return the parcel of a quote: kilograms, and centimetres where there are any."""
    return Parcel(Decimal(kg), (Decimal(sides[0]), Decimal(sides[1]), Decimal(sides[2])) if sides else None)


def is_other(packing: Packing, parcel: Parcel) -> bool:
    """Return whether the packing is told as another parcel."""
    return otherwise(packing, parcel) is not None


@pytest.mark.parametrize(
    ("box", "parcel", "told"),
    [
        (WALLED, quoted("1", "10.8", "30.8", "20.8"), False),
        (WALLED, quoted("1.000", "30.80", "20.8", "10.8"), False),
        (WALLED, quoted("1.001", "30.8", "20.8", "10.8"), True),
        (WALLED, quoted("1", "30.8", "20.8", "10.9"), True),
        (WALLED, quoted("1"), True),
        (BARE, quoted("1"), False),
        # Without a wall nobody knows how much larger than 30 × 20 × 10 it is.
        (BARE, quoted("1", "31", "21", "11"), False),
        (BARE, quoted("1", "31", "20", "11"), True),
        (BARE, quoted("0.9", "31", "21", "11"), True),
    ],
)
def test_one_box_is_told_where_its_weight_or_its_sides_are_other(box: Box, parcel: Parcel, told: bool) -> None:  # noqa: FBT001  # expectation
    """Weight to the gram, sides whichever way the box lies; what is not known to be other is not told."""
    packing = pack([mug()], [box])

    assert is_other(packing, parcel) is told


@pytest.mark.parametrize(("kg", "told"), [("0.801", False), ("0.8", True), ("0.5", True)])
def test_by_weight_alone_the_goods_are_told_that_weigh_all_that_was_quoted(kg: str, told: bool) -> None:  # noqa: FBT001  # expectation
    """No box was chosen, and any weighs something."""
    packing = pack([UNMEASURED], [BARE])

    assert is_other(packing, quoted(kg, "31", "21", "11")) is told


def test_several_parcels_are_told_with_what_each_weighs_and_measures() -> None:
    """Whatever was quoted was one."""
    small = Box("s", "small", (130, 110, 100), 50, 900, wall=5)
    one = PackedParcel(
        Decimal("0.8"),
        Decimal("0.85"),
        (Decimal(14), Decimal(12), Decimal(11)),
        (Decimal(13), Decimal(11), Decimal(10)),
    )

    assert otherwise(pack([mug(), mug()], [small]), quoted("1.7", "24", "14", "12")) == Otherwise((one, one), 0)


def test_what_goes_into_no_box_is_counted() -> None:
    """Then no packing is the parcel."""
    rugs = [Piece("rug", (900, 300, 300), 4000) for _ in range(2)]
    found = otherwise(pack([mug(), *rugs], [WALLED]), quoted("1", "30.8", "20.8", "10.8"))

    assert found is not None
    assert (len(found.parcels), found.left) == (1, 2)


def test_of_nothing_to_send_nothing_is_told() -> None:
    """An order whose lines were all taken out has no parcel."""
    assert otherwise(pack([], [WALLED]), quoted("1")) is None
