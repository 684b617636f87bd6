"""What the routes of boxes and packing ask and answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shopkit.api.order_schemas import Amount, Currency
from shopkit.api.schemas import Answer
from shopkit.services.boxes import MAX_GRAMS, MAX_MM, MAX_NAME, MAX_WALL_MM
from shopkit.services.packing import MOST_ORDERS
from shopkit.services.schemas import LABEL, Money, Shape

ORDER: str = "^o_[0-9A-HJKMNP-TV-Z]{26}$"
_Millimetres = Annotated[int, Field(ge=1, le=MAX_MM)]
_Grams = Annotated[int, Field(ge=1, le=MAX_GRAMS)]
Orders = Annotated[list[Annotated[str, Field(pattern=ORDER)]], Field(min_length=1, max_length=MOST_ORDERS)]


class InsideIn(Shape):
    """Length, width and height inside, in whole millimetres."""

    length: _Millimetres
    width: _Millimetres
    height: _Millimetres


class BoxToAdd(Shape):
    """A kind of box: what it weighs itself, and what may be put into it.

    ``wall_mm`` is how thick its wall is: without it nobody knows what it measures outside, which carriers charge.
    """

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME, pattern=LABEL)]
    inside_mm: InsideIn
    own_grams: _Grams
    bears_grams: _Grams
    wall_mm: Annotated[int, Field(ge=1, le=MAX_WALL_MM)] | None = None
    cost: Money | None = None


class ToPack(Shape):
    """Orders that are packed together."""

    orders: Orders


class BoxMoney(Answer):
    """An amount with its currency."""

    amount: Amount
    currency: Currency


class Inside(Answer):
    """Length, width and height, in millimetres."""

    length: int
    width: int
    height: int


class BoxOut(Answer):
    """A kind of box of the shop."""

    id: str
    name: str
    inside_mm: Inside
    own_grams: int
    bears_grams: int
    wall_mm: int | None
    cost: BoxMoney | None


class BoxList(Answer):
    """The boxes of the shop, the smallest first."""

    results: list[BoxOut]


class BoxName(Answer):
    """Which box of the shop it is."""

    id: str
    name: str


class PieceOut(Answer):
    """A piece, the order and the line (from 0) that it is of."""

    id: str
    order: str
    line: int
    sku: str | None
    title: str


class PlacedPiece(PieceOut):
    """A piece in a box: its corner from the box's own, and how long it is along length, width and height there."""

    at_mm: list[int] | None
    sides_mm: list[int] | None


class LeftPiece(PieceOut):
    """A piece that is in no box, and why."""

    why: Literal["weight_unknown", "too_large", "too_heavy", "no_box"]


class PackedBox(Answer):
    """A box with what is in it; ``box``, the weight with it and places are null where it was packed by weight alone."""

    box: BoxName | None
    net_grams: int
    gross_grams: int | None
    outside_mm: list[int] | None
    cost: BoxMoney | None
    pieces: list[PlacedPiece]


class PackingOut(Answer):
    """Orders in boxes. By ``weight`` where pieces have no measures (``unmeasured``): whether they fit is not said."""

    orders: list[str]
    by: Literal["measures", "weight"]
    unmeasured: list[str]
    boxes: list[PackedBox]
    left: list[LeftPiece]
