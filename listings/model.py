"""A listing: what a seller says of a product and its variants, once, for every market and channel.

A listing may be a draft with holes: only its title is asked for. What is missing is told by :mod:`listings.quality`,
never filled in. Numbers of money, weight and measure are decimal *strings*, as in a quote, so that what was typed is
what is kept; ``Money.value`` gives an exact number. A listing is a value: a change makes a new one.

The shape is JSON all the way down: ``Listing.model_validate`` reads it strictly and lists everything wrong at once,
``model_dump(mode="json", exclude_defaults=True)`` writes it.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from landed_cost.currencies import is_known
from landed_cost.hs import HsCodeError, normalise

# Control characters have no place in a text, and PostgreSQL cannot keep a NUL.
TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
LINE = r"^[^\x00-\x1f\x7f]+$"
DECIMAL = r"^[0-9]{1,12}(\.[0-9]{1,6})?$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
HTTP = r"^https?://[^\s\x00-\x1f\x7f]+$"
COUNTRY = r"^[A-Z]{2}$"
CURRENCY = r"^[A-Z]{3}$"
MARKET = r"^([A-Z]{2}|\*)$"
NAME = r"^[a-z][a-z0-9_]{0,63}$"
LANGUAGE = r"^[a-z]{2}(-[A-Z]{2}|-419)?$"
BARCODE = r"^[0-9A-Za-z-]{1,40}$"
PHOTO = r"^[0-9a-f]{64}$"
# A seller's own name for a listing stands in addresses.
KEY = r"^[^\s\x00-\x1f\x7f/?#%]+$"

MAX_VARIANTS = 2_000
MAX_TITLE = 250
MAX_DESCRIPTION = 50_000


class _Shape(BaseModel):
    """What all shapes share: nothing is converted in silence, and nothing unknown is let through."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


def _is_a_day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("date.impossible", "{value} is no day of the calendar", {"value": text}) from None
    return text


def _in_capitals(code: object) -> object:
    """Return a code of a country or currency as ISO writes it, however it was written."""
    return code.upper() if isinstance(code, str) else code


def _digits(code: str | None) -> str | None:
    if code is None:
        return None
    try:
        return normalise(code)
    except HsCodeError as error:
        raise PydanticCustomError("hs.invalid", "{detail}", {"detail": str(error)}) from None


Line = Annotated[str, Field(min_length=1, max_length=250, pattern=LINE)]
ShortText = Annotated[str, Field(max_length=2_000, pattern=TEXT)]
Number = Annotated[str, Field(pattern=DECIMAL, examples=["12.50"])]
Country = Annotated[str, BeforeValidator(_in_capitals), Field(pattern=COUNTRY, examples=["MX"])]
Day = Annotated[str, Field(pattern=DAY, examples=["2026-11-27"]), AfterValidator(_is_a_day)]
Url = Annotated[str, Field(max_length=2_000, pattern=HTTP)]
Sku = Annotated[str, Field(min_length=1, max_length=64, pattern=LINE, examples=["PLA-OAX-M"])]
# A destination of the rulebook, or ``*`` for all of them.
Market = Annotated[str, BeforeValidator(_in_capitals), Field(pattern=MARKET, examples=["US"])]
Name = Annotated[str, Field(pattern=NAME)]


class Money(_Shape):
    """An amount with its currency, ISO 4217."""

    amount: Number
    currency: Annotated[str, BeforeValidator(_in_capitals), Field(pattern=CURRENCY, examples=["MXN"])]

    @field_validator("currency")
    @classmethod
    def _in_use(cls, code: str) -> str:
        if not is_known(code):
            raise PydanticCustomError(
                "currency.unknown", "{currency} is no currency that is in use", {"currency": code}
            )
        return code

    @property
    def value(self) -> Decimal:
        """The exact amount."""
        return Decimal(self.amount)


class Weight(_Shape):
    """A weight with its unit."""

    value: Number
    unit: Literal["kg", "g", "lb", "oz"]


class Dimensions(_Shape):
    """Length, width and height of one packed piece."""

    length: Number
    width: Number
    height: Number
    unit: Literal["cm", "mm", "in", "m"] = "cm"


class HsEvidence(_Shape):
    """How a tariff code came about, so that nobody takes a guess for a ruling.

    ``by``: the ``seller`` typed it, the ``finder`` proposed it and a person took it, an ``import`` brought it, a
    ``broker`` or a ``ruling`` stands behind it.
    """

    by: Literal["seller", "finder", "import", "broker", "ruling"]
    note: ShortText = ""
    on: Day | None = None


class Input(_Shape):
    """A material that goes in, where it was made, and its value in one piece: what rules of origin ask."""

    name: Line
    origin: Country | None = None
    hs_code: Annotated[str, Field(max_length=20)] | None = None
    value: Money | None = None


class Material(_Shape):
    """What it is made of; shares may be left out."""

    name: Line
    percent: Number | None = None


class Certificate(_Shape):
    """A paper that proves something of the product."""

    kind: Line
    number: Annotated[str, Field(max_length=120, pattern=TEXT)] = ""
    body: Annotated[str, Field(max_length=250, pattern=TEXT)] = ""
    issued_on: Day | None = None
    expires_on: Day | None = None
    url: Url | None = None


class Lot(_Shape):
    """Producer, lot and grade of a natural product, and who graded it (coffee, cheese, flowers)."""

    producer: Annotated[str, Field(max_length=250, pattern=TEXT)] = ""
    number: Annotated[str, Field(max_length=120, pattern=TEXT)] = ""
    harvest: Annotated[str, Field(max_length=60, pattern=TEXT)] = ""
    grade: Annotated[str, Field(max_length=120, pattern=TEXT)] = ""
    graded_by: Annotated[str, Field(max_length=250, pattern=TEXT)] = ""


class Personalisation(_Shape):
    """What the buyer may have written or chosen; ``extra`` is its price on top."""

    name: Line
    kind: Literal["text", "choice", "file"] = "text"
    choices: Annotated[tuple[Line, ...], Field(max_length=100)] = ()
    max_length: Annotated[int, Field(ge=1, le=1_000)] | None = None
    extra: Money | None = None
    days: Annotated[int, Field(ge=0, le=365)] | None = None


class Aftercare(_Shape):
    """What is promised after the sale."""

    warranty: ShortText = ""
    returns: ShortText = ""
    returns_days: Annotated[int, Field(ge=0, le=3_650)] | None = None
    care: ShortText = ""
    contact: Annotated[str, Field(max_length=250, pattern=TEXT)] = ""


class Photo(_Shape):
    """A photo of the listing by the hash of what is kept, with its size in pixels and what it shows."""

    id: Annotated[str, Field(pattern=PHOTO)]
    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]
    alt: Annotated[str, Field(max_length=500, pattern=TEXT)] = ""


class Price(_Shape):
    """What one piece sells for, before (``compare_at``), and what it costs the seller."""

    price: Money | None = None
    compare_at: Money | None = None
    cost: Money | None = None


class Introductory(_Shape):
    """A lower price for a first time."""

    price: Money
    starts_on: Day
    ends_on: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on < self.starts_on:
            days = {"value": self.ends_on, "first": self.starts_on}
            raise PydanticCustomError("date.before", "the introductory price ends before it starts", days)
        return self


class Variant(_Shape):
    """One thing that is sold: a size, a colour, a pack. ``stock`` is ``None`` where it is not counted."""

    sku: Sku
    options: Annotated[dict[Line, Line], Field(max_length=10)] = {}
    barcode: Annotated[str, Field(pattern=BARCODE)] | None = None
    price: Money | None = None
    compare_at: Money | None = None
    cost: Money | None = None
    weight: Weight | None = None
    dimensions: Dimensions | None = None
    stock: Annotated[int, Field(ge=-1_000_000, le=1_000_000_000)] | None = None
    photo: Annotated[str, Field(pattern=PHOTO)] | None = None


class Override(_Shape):
    """What differs in one market: texts, price, label, packs. What is absent is as in the listing."""

    market: Market
    language: Annotated[str, Field(pattern=LANGUAGE)] | None = None
    title: Annotated[str, Field(max_length=MAX_TITLE, pattern=TEXT)] | None = None
    description: Annotated[str, Field(max_length=MAX_DESCRIPTION, pattern=TEXT)] | None = None
    brand_line: Annotated[str, Field(max_length=250, pattern=TEXT)] | None = None
    label: ShortText | None = None
    # The line of the destination's own tariff; its first six digits are the listing's.
    hs_code: Annotated[str, Field(max_length=20)] | None = None
    price: Money | None = None
    introductory: Introductory | None = None
    # SKUs that are offered there; ``None``: all.
    variants: Annotated[tuple[Sku, ...], Field(max_length=MAX_VARIANTS)] | None = None
    included: bool = True

    _readable = field_validator("hs_code")(_digits)


class Listing(_Shape):
    """A product with its variants. ``key`` is the seller's own name for it, unique in the shop, never translated.

    ``kind``: ``goods`` cross a border, a ``digital`` good or a ``service`` has no customs line. ``measures`` and
    ``attributes`` are those of a quote's item. ``language`` is that of the master texts.
    """

    key: Annotated[str, Field(min_length=1, max_length=120, pattern=KEY)]
    title: Annotated[str, Field(min_length=1, max_length=MAX_TITLE, pattern=TEXT)]
    kind: Literal["goods", "digital", "service"] = "goods"
    status: Literal["draft", "active", "archived"] = "draft"
    language: Annotated[str, Field(pattern=LANGUAGE)] = "es"
    description: Annotated[str, Field(max_length=MAX_DESCRIPTION, pattern=TEXT)] = ""
    brand: Annotated[str, Field(max_length=120, pattern=TEXT)] = ""
    category: Annotated[str, Field(max_length=250, pattern=TEXT)] = ""
    tags: Annotated[tuple[Line, ...], Field(max_length=250)] = ()
    photos: Annotated[tuple[Photo, ...], Field(max_length=250)] = ()
    # Addresses of pictures that were imported and not fetched yet.
    pictures: Annotated[tuple[Url, ...], Field(max_length=250)] = ()
    hs_code: Annotated[str, Field(max_length=20)] | None = None
    hs_evidence: HsEvidence | None = None
    origin: Country | None = None
    origin_evidence: Literal["none", "declared", "certificate"] = "none"
    inputs: Annotated[tuple[Input, ...], Field(max_length=100)] = ()
    materials: Annotated[tuple[Material, ...], Field(max_length=50)] = ()
    attributes: Annotated[dict[Name, Line], Field(max_length=100)] = {}
    measures: Annotated[dict[Name, Number], Field(max_length=30)] = {}
    weight: Weight | None = None
    dimensions: Dimensions | None = None
    shelf_life_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    making_days: Annotated[int, Field(ge=0, le=365)] | None = None
    price: Price = Price()
    variants: Annotated[tuple[Variant, ...], Field(max_length=MAX_VARIANTS)] = ()
    certificates: Annotated[tuple[Certificate, ...], Field(max_length=50)] = ()
    lot: Lot | None = None
    personalisation: Annotated[tuple[Personalisation, ...], Field(max_length=30)] = ()
    aftercare: Aftercare = Aftercare()
    markets: Annotated[tuple[Override, ...], Field(max_length=100)] = ()
    # Columns of a file that have no place here, kept so that the file can be written back as it came.
    extra: Annotated[dict[str, str], Field(max_length=300)] = {}

    _readable = field_validator("hs_code")(_digits)

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        skus = [one.sku for one in self.variants]
        if len(set(skus)) < len(skus):
            twice = sorted({sku for sku in skus if skus.count(sku) > 1})
            raise PydanticCustomError("sku.twice", "a SKU stands twice: {names}", {"names": ", ".join(twice[:5])})
        markets = [one.market for one in self.markets]
        if len(set(markets)) < len(markets):
            twice = sorted({market for market in markets if markets.count(market) > 1})
            raise PydanticCustomError("market.twice", "a market stands twice: {names}", {"names": ", ".join(twice[:5])})
        return self

    def variant(self, sku: str) -> Variant | None:
        """Return the variant of a SKU."""
        return next((one for one in self.variants if one.sku == sku), None)

    def override(self, market: str) -> Override | None:
        """Return what differs in a market: what is said of it, else what is said of all of them."""
        found = {one.market: one for one in self.markets}
        return found.get(market) or found.get("*")

    def price_of(
        self, variant: Variant | None = None, market: str | None = None, on: date | None = None
    ) -> Money | None:
        """Return the price of a piece: the market's, else the variant's, else the listing's.

        On a day within its first and last (both included), a market's introductory price goes before all of them.
        """
        override = None if market is None else self.override(market)
        own = None if variant is None else variant.price
        first = None if override is None else override.introductory
        if first is not None and on is not None and first.starts_on <= on.isoformat() <= first.ends_on:
            return first.price
        return (override and override.price) or own or self.price.price

    def weight_of(self, variant: Variant | None = None) -> Weight | None:
        """Return the weight of a piece: the variant's, else the listing's."""
        return (variant and variant.weight) or self.weight
