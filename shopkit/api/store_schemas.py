"""What the routes of stores ask and answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from shopkit.api.order_schemas import Amount, Currency, Fulfilment, Status
from shopkit.api.schemas import Answer, DayText, DecimalText, Moment
from shopkit.services.schemas import LABEL, POSTAL_CODE, REGION, Shape

_Word = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
_Key = Annotated[str, Field(min_length=1, max_length=64, pattern=LABEL, examples=["taza-peltre"])]


class LineIn(Shape):
    """Pieces of a product. ``written`` is what the buyer has put on each, by the names that the product gives."""

    key: _Key
    sku: Annotated[str, Field(min_length=1, max_length=64, pattern=LABEL, examples=["TAZ-AZU"])] | None = None
    quantity: Annotated[int, Field(ge=1, le=20)] = 1
    written: Annotated[dict[_Word, _Word], Field(max_length=10, default_factory=dict)]


class Basket(Shape):
    """Goods, and the door they go to: ``region`` and ``postal_code`` may change duties, taxes and freight."""

    lines: Annotated[list[LineIn], Field(min_length=1, max_length=20)]
    region: Annotated[str, Field(pattern=REGION, examples=["CA"])] | None = None
    postal_code: Annotated[str, Field(pattern=POSTAL_CODE, examples=["90012"])] | None = None


class BuyerIn(Shape):
    """Who buys, and the address; which parts of it are needed, the country settles."""

    name: _Word
    email: _Word
    phone: _Word = ""
    line1: _Word
    line2: _Word = ""
    city: _Word
    region: _Word = ""
    postal_code: _Word = ""
    tax_id: _Word = ""


class Checkout(Shape):
    """An order. ``agreed`` is what the quote of the same basket at the same address gave.

    ``key`` is the client's own name for it, hard to guess: a repeat is the same order.
    """

    lines: Annotated[list[LineIn], Field(min_length=1, max_length=20)]
    buyer: BuyerIn
    agreed: Annotated[str, Field(max_length=64, pattern=LABEL)]
    key: Annotated[str, Field(min_length=16, max_length=120, pattern=LABEL, examples=["8c0f3a52-6c1e-4d5f-9b1a"])]


class PlaceOut(Answer):
    """A market that a store is open in, and who pays duties and taxes there: the shop (DDP) or the buyer (DAP)."""

    market: str
    languages: list[str]
    terms: Literal["DDP", "DAP"]
    currency: Currency


class StandingOut(Answer):
    """How a shop stands over a year; ``stars`` and ``reliability`` are null while too few orders tell."""

    since: DayText
    until: DayText
    stars: DecimalText | None
    ratings: int
    reliability: int | None
    deliveries: int


class StoreOut(Answer):
    """A store and where it is open."""

    slug: str
    name: str
    country: str
    places: list[PlaceOut]
    standing: StandingOut


class SpreadOut(Answer):
    """A figure with its range; null is what nobody knows."""

    likely: DecimalText | None
    low: DecimalText | None
    high: DecimalText | None


class OfferOut(Answer):
    """A variation; without a ``price`` it is sold on request. ``pay`` is all that is paid to the shop for one piece.

    ``collected`` are duties, taxes and fees within it (DDP); ``charges`` what customs asks, with its range.
    """

    sku: str | None
    options: dict[str, str]
    in_stock: bool
    price: DecimalText | None
    shipping: DecimalText | None
    collected: DecimalText | None
    pay: DecimalText | None
    outcome: str | None
    charges: SpreadOut | None


class ProductOut(Answer):
    """A product in the words and the currency of the place, with its price at the door."""

    key: str
    title: str
    description: str
    page: str
    currency: Currency
    personalisation: list[dict[str, Any]]
    variants: list[OfferOut]


class ProductList(Answer):
    """Twenty-four products, the newest first."""

    results: list[ProductOut]
    page: int
    has_more: bool


class BasketLineOut(Answer):
    """A line as it is ordered."""

    key: str
    sku: str | None
    title: str
    quantity: int
    amount: Amount


class BasketOut(Answer):
    """What a basket comes to at an address; ``total`` is paid to the shop, ``at_door`` on delivery.

    ``agreed`` goes with the order: it holds for exactly these figures.
    """

    lines: list[BasketLineOut]
    goods: Amount
    freight: Amount
    charges: Amount
    total: Amount
    at_door: Amount
    currency: Currency
    outcome: str
    arrives: list[DayText] | None
    agreed: str


class WayToPay(Answer):
    """A way to pay, and how long the money takes."""

    method: str
    title: str
    delay: str


class OrderOfBuyer(Answer):
    """An order as its buyer sees it: ``name`` opens it, ``page`` is where it is paid."""

    name: str
    number: int
    page: str
    status: Status
    fulfilment: Fulfilment
    total: Amount
    missing: Amount
    currency: Currency
    pay_until: Moment | None
    ways: list[WayToPay]
    lines: list[BasketLineOut]


class RatingOut(Answer):
    """What a buyer said; words that an engine translated say from which language, and by whom."""

    stars: int
    words: str
    language: str
    rated_on: DayText
    answer: str | None
    translated_from: str | None
    translated_by: str | None


class ReputationOut(Answer):
    """How a shop stands, and the last that was said of it."""

    standing: StandingOut
    ratings: list[RatingOut]
