"""What the routes of boxes and packing ask and answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shopkit.api.order_schemas import Amount, Currency
from shopkit.api.schemas import Answer, QuoteResponse
from shopkit.services.boxes import MAX_GRAMS, MAX_MM, MAX_NAME, MAX_WALL_MM
from shopkit.services.packing import MOST_ORDERS
from shopkit.services.schemas import LABEL, Day, Money, Name, Shape

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


class ToCompare(Shape):
    """Orders of one person, sent apart or together on a day; ``service`` of ``card`` carries them where it is named."""

    orders: Orders
    card: Name | None = None
    service: Name | None = None
    date: Day | None = None


class ToSplit(Shape):
    """An order cut into consignments: how many pieces of each line (in order) go in each."""

    parcels: Annotated[
        list[Annotated[list[Annotated[int, Field(ge=0, le=1_000_000)]], Field(min_length=1, max_length=100)]],
        Field(min_length=2, max_length=20, examples=[[[1, 0], [1, 1]]]),
    ]
    date: Day | None = None


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


class ConsignmentOut(Answer):
    """What goes to customs as one; ``gross_grams`` is without boxes where none was chosen."""

    orders: list[str]
    pieces: list[list[int]]
    boxes: list[str | None]
    packed_by: Literal["measures", "weight"]
    gross_grams: int | None
    has_boxes: bool
    freight: list[dict[str, object]]
    quote: QuoteResponse


class Difference(Answer):
    """A total apart and together, and what going together saves; null is not known."""

    apart: Amount | None
    together: Amount | None
    saving: Amount | None


class ChargeApart(Answer):
    """A charge of the quotes, apart and together."""

    id: str
    name: str
    apart: Amount
    together: Amount


class Threshold(Answer):
    """A limit that each consignment keeps to and all together pass; ``evades``: no purchase is cut to stay under it."""

    id: str
    kind: Literal["import", "export", "form"]
    what: str
    limit: str
    apart: list[str]
    together: str
    certain: bool
    evades: bool


class SplitRuleOut(Answer):
    """Which parcels are one purchase; of status ``house`` where no text of the destination was found."""

    id: str
    scope: Literal["order", "day", "arrival"]
    what: str
    status: str
    from_: str | None = Field(alias="from")
    to: str | None
    known_until: str | None
    sources: list[str]


class ComparisonOut(Answer):
    """Both ways as quotes, what differs, the limits between them, and whether sending apart is refused."""

    apart: list[ConsignmentOut]
    together: ConsignmentOut
    currency: Currency
    totals: dict[str, Difference]
    charges: list[ChargeApart]
    thresholds: list[Threshold]
    tie: Literal["one_order", "one_day", "other_days"]
    split: Literal["allowed", "doubtful", "refused"]
    rule: SplitRuleOut
