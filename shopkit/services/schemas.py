"""The request of a quote as it comes through a door: its shape, field by field.

Every door reads the same shape. Numbers of money, weight and measure are decimal *strings*: a JSON float has lost
digits before we see it. What a single field cannot know (a date that exists, a currency in use, a code in the tariff)
is checked afterwards in :mod:`shopkit.services.reading`, so that everything wrong is listed at once.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

AMOUNT = r"^[0-9]{1,15}(\.[0-9]{1,6})?$"
MEASURE = r"^[0-9]{1,9}(\.[0-9]{1,6})?$"
COUNTRY = r"^[A-Za-z]{2}$"
CURRENCY = r"^[A-Za-z]{3}$"
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
DATETIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$"
CLOCK = r"^[0-9]{2}:[0-9]{2}$"
HS_CODE = r"^[0-9]([. ]{0,2}[0-9]){1,9}$"
REGION = r"^[A-Za-z0-9]{1,3}$"
POSTAL_CODE = r"^[0-9A-Za-z][0-9A-Za-z -]{0,15}$"
NAME = r"^[a-z0-9][a-z0-9_.+-]{0,63}$"
DIGEST = r"^[0-9a-f]{32}$"
# Control characters have no place in a description, and PostgreSQL cannot keep a NUL.
TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
LABEL = r"^[^\x00-\x1f\x7f]+$"
LINE = r"^[^\x00-\x1f\x7f]*$"

MAX_ITEMS = 200
MAX_BATCH = 1_000
MAX_DESTINATIONS = 50


def _described(pattern: str, example: str, description: str, **more: Any) -> Any:  # noqa: ANN401  # a pydantic field
    return Field(pattern=pattern, examples=[example], description=description, **more)


def _empty_list() -> Any:  # noqa: ANN401  # a pydantic field
    # A list made anew, where a default is looked through and copied deeply for each request that does without it.
    return Field(default_factory=list, json_schema_extra={"default": []})


def _empty_map() -> Any:  # noqa: ANN401  # a pydantic field
    return Field(default_factory=dict, json_schema_extra={"default": {}})


Decimals = Annotated[str, _described(AMOUNT, "25.00", "A decimal in a string: up to 15 digits, up to 6 decimals.")]
Measure = Annotated[str, _described(MEASURE, "0.2", "A decimal in a string: up to 9 digits, up to 6 decimals.")]
# Codes are read however they are written, and are in capitals from here on.
_Capitals = StringConstraints(to_upper=True)
Country = Annotated[str, _Capitals, _described(COUNTRY, "MX", "A country, ISO 3166-1 alpha-2, in either case.")]
CurrencyCode = Annotated[str, _Capitals, _described(CURRENCY, "USD", "A currency, ISO 4217, in either case.")]
Day = Annotated[str, _described(DATE, "2026-11-23", "A day as YYYY-MM-DD.", json_schema_extra={"format": "date"})]
Name = Annotated[str, _described(NAME, "usmca", "A name of the rulebook.")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Attribute = Annotated[str, Field(max_length=64, pattern=TEXT, examples=["cotton"])]


class Shape(BaseModel):
    """What all shapes share: nothing is converted in silence, and nothing unknown is let through."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


class Money(Shape):
    """An amount with its currency. An explicit zero differs from an absent amount."""

    amount: Decimals
    currency: CurrencyCode


class Weight(Shape):
    """A weight with its unit."""

    value: Measure
    unit: Literal["kg", "g", "lb", "oz"]


class Place(Shape):
    """Where a parcel starts or ends."""

    country: Country
    region: Annotated[str, _described(REGION, "CA", "The national code of the state or region.")] | None = None
    postal_code: Annotated[str, _described(POSTAL_CODE, "90012", "The postal code.")] | None = None


class PriorUse(Shape):
    """What the buyer already brought in; unknown is taken for nothing, and said."""

    day_value: Money | None = None
    year_value: Money | None = None
    year_parcels: Annotated[int, Field(ge=0, le=100_000)] | None = None


class Importer(Shape):
    """Who receives."""

    kind: Literal["consumer", "business"] = "consumer"
    tax_id: Annotated[str, Field(max_length=32, pattern=LABEL)] | None = None
    prior_use: PriorUse | None = None


class Seller(Shape):
    """Programmes the seller takes part in, and countries where it is registered for tax."""

    schemes: Annotated[list[Name], Field(max_length=50, examples=[["br.remessa_conforme"]])] = _empty_list()
    registrations: Annotated[list[Country], Field(max_length=50, examples=[["CL"]])] = _empty_list()


class Item(Shape):
    """One kind of goods. ``origin`` is where they were *made*; ``weight`` and ``measures`` are net and per unit."""

    id: Annotated[str, Field(max_length=64, pattern=LABEL, examples=["1"])] | None = None
    description: Annotated[str, Field(max_length=500, pattern=TEXT, examples=["Playera de algodón"])] = ""
    hs_code: (
        Annotated[str, _described(HS_CODE, "6109.10.00.12", "2 to 10 digits; dots and spaces are ignored.")] | None
    ) = None
    hs_schedule: Annotated[str, Field(max_length=64, pattern=LABEL, examples=["US"])] | None = None
    origin: Country | None = None
    origin_evidence: Literal["none", "declared", "certificate"] = "none"
    preference: Annotated[str, _described(NAME, "auto", "auto, none, or the id of an agreement.")] = "auto"
    quantity: Measure
    unit_price: Money
    declared_value: Money | None = None
    weight: Weight | None = None
    measures: Annotated[dict[str, Measure], Field(max_length=30, examples=[{"volume_l": "0.75"}])] = _empty_map()
    attributes: Annotated[dict[str, Attribute], Field(max_length=30, examples=[{"fiber": "cotton"}])] = _empty_map()
    shelf_life_days: Annotated[
        int | None, Field(ge=1, le=36_500, description="How many days the goods keep from the day they are ready.")
    ] = None
    min_remaining_days: Annotated[
        int | None, Field(ge=0, le=36_500, description="How many of them have to be left at the door.")
    ] = None


class DayRange(Shape):
    """At least and at most so many working days of the seller."""

    min: Annotated[int, Field(ge=0, le=120)]
    max: Annotated[int, Field(ge=0, le=120)]


class Closed(Shape):
    """Days on which the seller does not work, both included."""

    first: Day
    last: Day


class Handling(Shape):
    """How the seller gets an order ready; what is left out is as usual."""

    ordered_at: Annotated[
        str | None,
        _described(
            DATETIME, "2026-11-25T15:30", "When the order came in, by the seller's clock, in place of *ready_on*."
        ),
    ] = None
    cut_off: Annotated[
        str | None, _described(CLOCK, "14:00", "An order after it counts for the next day; needs *ordered_at*.")
    ] = None
    making: Annotated[DayRange | None, Field(description="Days to make the goods to order, before handling.")] = None
    days: Annotated[DayRange | None, Field(description="Days to get a finished order ready. Default: assumed.")] = None
    weekdays: Annotated[
        list[Weekday] | None, Field(min_length=1, max_length=7, description="Days worked. Default: Monday to Friday.")
    ] = None
    closed: Annotated[list[Closed], Field(max_length=20, examples=[[]])] = _empty_list()
    works_holidays: Annotated[bool, Field(description="Whether public holidays are worked as well.")] = False


class Dimensions(Shape):
    """Length, width and height of the parcel, packed."""

    length: Measure
    width: Measure
    height: Measure
    unit: Literal["cm", "in"] = "cm"


class FreightService(Shape):
    """A service of a rate card that is to give the freight; see ``/api/v1/freight``."""

    card: Annotated[str, _described(NAME, "illustrative", "The name of the card.")]
    service: Annotated[str, Field(max_length=64, pattern=LABEL, examples=["express"])]


class Parcel(Shape):
    """The consignment as it is sent."""

    gross_weight: Weight | None = None
    dimensions: Dimensions | None = None


class Figure(Shape):
    """A figure that is supposed, in the unit of its rule; without days for all of them, the last day included."""

    value: Annotated[str, _described(AMOUNT, "0", "A decimal in a string: up to 15 digits, up to 6 decimals.")]
    unit: (
        Annotated[
            str, Field(max_length=16, pattern=LABEL, examples=["USD"], description="Checked against the rule's own.")
        ]
        | None
    ) = None
    from_: Annotated[Day | None, Field(alias="from")] = None
    to: Day | None = None


_SUPPOSED = {"us.informal.limit": {"value": "0", "unit": "USD", "from": "2026-12-01"}}


class WhatIf(Shape):
    """Figures that are supposed instead of the law's, by the id of their rule; the answer is marked and not kept."""

    name: (
        Annotated[str, Field(min_length=1, max_length=80, pattern=LABEL, examples=["No more free parcels"])] | None
    ) = None
    set: Annotated[dict[str, Figure], Field(min_length=1, max_length=50, examples=[_SUPPOSED])]


class Consignment(Shape):
    """What a quote is about, but for where it goes."""

    date: Annotated[
        Day | None, Field(description="Entry at the border, in the destination's time. Default: today.")
    ] = None
    ready_on: Annotated[Day | None, Field(description="When the parcel is ready to leave.")] = None
    exported_on: Annotated[Day | None, Field(description="When it left, for laws that look at that.")] = None
    dispatch: Place
    channel: Literal["postal", "courier", "freight"]
    transport: Literal["air", "sea", "road"] | None = None
    terms: Literal["DAP", "DDP", "EXW", "FCA", "FOB", "CPT", "CIP", "CFR", "CIF", "DPU"] = "DAP"
    place: Annotated[str, Field(max_length=128, pattern=LABEL, examples=["Veracruz"])] | None = None
    currency: Annotated[
        CurrencyCode | None, Field(description="Currency of the answer. Default: that of the first price.")
    ] = None
    importer: Importer | None = None
    seller: Seller | None = None
    price_includes: Annotated[list[Literal["freight", "duties", "taxes"]], Field(max_length=3, examples=[[]])] = (
        _empty_list()
    )
    items: Annotated[list[Item], Field(min_length=1, max_length=MAX_ITEMS)]
    parcel: Parcel | None = None
    handling: Handling | None = None
    freight_service: Annotated[
        FreightService | None, Field(description="Gives the freight by a rate card, in place of *freight*.")
    ] = None
    freight: Annotated[Money | None, Field(description="Absent is not zero: without it *landed* is estimated.")] = None
    insurance: Annotated[Money | None, Field(description="Absent: what the destination presumes, if it does.")] = None
    compliance_cost: Annotated[
        Money | None,
        Field(description="What proving origin costs the seller for this consignment: makes *break_even* answerable."),
    ] = None
    what_if: Annotated[WhatIf | None, Field(description="Answers a supposition: marked, and never kept.")] = None


class QuoteRequest(Consignment):
    """One consignment from one sender to one receiver."""

    destination: Place
    save: Annotated[bool, Field(description="false answers without keeping; then *id* is null.")] = True


class CompareRequest(Consignment):
    """One basket for many destinations; without ``destinations``, all that are covered."""

    destinations: Annotated[list[Place], Field(min_length=1, max_length=MAX_DESTINATIONS)] | None = None
    save: Annotated[bool, Field(description="true keeps every quote.")] = False


class OfferedProduct(Shape):
    """What is to be offered; ``origin`` is where it was *made*."""

    description: Annotated[str, Field(max_length=500, pattern=TEXT, examples=["Queso morolique duro"])] = ""
    hs_code: Annotated[str, _described(HS_CODE, "0406.90", "2 to 10 digits; dots and spaces are ignored.")] | None = (
        None
    )
    hs_schedule: Annotated[str, Field(max_length=64, pattern=LABEL, examples=["US"])] | None = None
    origin: Country | None = None
    attributes: Annotated[dict[str, Attribute], Field(max_length=40, examples=[{"pasteurised": "no"}])] = _empty_map()


class HeldPaper(Shape):
    """A paper the seller has: a kind of paper, or the id of the one requirement that it answers."""

    paper: Annotated[str, _described(NAME, "us.fda.facility", "A kind of paper, or the id of a requirement.")]
    country: Annotated[Country | None, Field(description="The country whose register or authority gave it.")] = None
    number: Annotated[str, Field(max_length=64, pattern=LABEL)] | None = None
    expires: Annotated[Day | None, Field(description="Its last day; without one it does not end.")] = None


class ReadinessRequest(Shape):
    """One product for many destinations; without ``destinations``, all that are covered."""

    date: Annotated[Day | None, Field(description="The day whose law is asked. Default: today there.")] = None
    arrives_by: Annotated[
        Day | None, Field(description="Papers must last until then. Default: the latest day our delivery ranges give.")
    ] = None
    dispatch: Place
    destinations: Annotated[list[Place], Field(min_length=1, max_length=MAX_DESTINATIONS)] | None = None
    channels: Annotated[
        list[Literal["postal", "courier", "freight"]], Field(min_length=1, max_length=3, examples=[["courier"]])
    ] = ["postal", "courier", "freight"]
    importer: Literal["consumer", "business"] = "consumer"
    product: OfferedProduct
    papers: Annotated[list[HeldPaper], Field(max_length=200)] = _empty_list()
