"""The question of a price as it comes through a door: the consignment, what its seller pays, what is to be reached."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from shopkit.services.schemas import LABEL, CurrencyCode, Day, Measure, Money, QuoteRequest, Shape

MAX_COSTS: Final = 30
MAX_TARGETS: Final = 4
MAX_MONTHS: Final = 60
Label = Annotated[str, Field(min_length=1, max_length=120, pattern=LABEL)]
Percent = Annotated[
    Measure, Field(description="Percent, as a decimal in a string: 6.5 is six and a half of a hundred.")
]
Month = Annotated[int, Field(ge=1, le=MAX_MONTHS, description="Counted from 1, the month of *start*.")]


class FeeSourceIn(Shape):
    """Where the figure of a fee stands."""

    title: Label
    url: Annotated[str, Field(max_length=500, pattern=LABEL, examples=["https://example.org/fees"])] | None = None
    as_of: Day | None = None
    status: Literal["verified", "reported", "memory"] = "reported"


class CostIn(Shape):
    """One thing the seller pays: an *amount* per unit or order, a *percent* of the price or of all charged."""

    name: Annotated[Label, Field(examples=["Tela y confección"])]
    per: Annotated[
        Literal["unit", "order", "price", "charged"],
        Field(description="charged: all that the buyer pays the seller, freight and charges collected included."),
    ]
    amount: Money | None = None
    percent: Percent | None = None
    source: FeeSourceIn | None = None


class Exchange(Shape):
    """What changing the money costs, and what is set aside in case the currency falls before it comes."""

    spread_percent: Percent = "0"
    buffer_percent: Percent = "0"


class Payment(Shape):
    """After how many days the money comes, and what money costs the seller in a year."""

    days: Annotated[int, Field(ge=0, le=730)] = 0
    yearly_percent: Percent = "0"


class PriceTarget(Shape):
    """What the price is to reach: exactly one of these. A margin is what is left as a share of the price."""

    margin_percent: Percent | None = None
    in_hand: Annotated[Money | None, Field(description="At least so much left of the order.")] = None
    landed: Annotated[Money | None, Field(description="At most so much at the buyer's door, for the order.")] = None
    shelf: Annotated[Money | None, Field(description="At most so much on the shelf, for one unit.")] = None


class SellOn(Shape):
    """One who sells on, with a margin of the price asked or a mark-up on the cost paid."""

    name: Label
    percent: Percent
    of: Literal["price", "cost"] = "price"


class Wholesale(Shape):
    """From the importer's door to the shelf."""

    steps: Annotated[list[SellOn], Field(default_factory=list, max_length=6)]
    recovers_taxes: Annotated[
        bool, Field(description="The importer gets the import taxes back; duties and fees stay a cost.")
    ] = False
    sales_tax_percent: Percent | None = None


class OrderSizes(Shape):
    """Orders of one unit and more: what the freight does, and how far to look."""

    freight: Annotated[
        Literal["same", "by_unit"], Field(description="The freight stays as given, or grows with the units.")
    ] = "same"
    up_to: Annotated[int, Field(ge=1, le=200)] = 50


class OutlayIn(Shape):
    """Money that goes out: once in a month, or every month from there to *until*."""

    name: Label
    amount: Money
    month: Month = 1
    every_month: bool = False
    until: Month | None = None


class Orders(Shape):
    """Orders a month, at least, most likely, at most."""

    low: Annotated[int, Field(ge=0, le=1_000_000)]
    likely: Annotated[int, Field(ge=0, le=1_000_000)]
    high: Annotated[int, Field(ge=0, le=1_000_000)]


class SalesIn(Shape):
    """What is expected from a month on, until the next entry."""

    month: Month = 1
    orders: Orders


class Use(Shape):
    """Something else the same money could do: what it takes, and what it brings beyond that by the end."""

    name: Label
    takes: Money
    gain: Money


class MarketSheet(Shape):
    """The worksheet before a market. *spent* is gone whatever is decided, and is shown apart."""

    start: Day
    months: Annotated[int, Field(ge=1, le=MAX_MONTHS)] = 12
    outlays: Annotated[list[OutlayIn], Field(default_factory=list, max_length=40)]
    sales: Annotated[list[SalesIn], Field(min_length=1, max_length=40)]
    in_hand_per_order: Annotated[Money | None, Field(description="Default: what this price leaves.")] = None
    wait_months: Annotated[int, Field(ge=0, le=24, description="Until the buyers' money comes.")] = 0
    yearly_percent: Annotated[Percent, Field(description="What money costs, or would earn, in a year.")] = "0"
    budget: Money | None = None
    spent: Money | None = None
    other_uses: Annotated[list[Use], Field(default_factory=list, max_length=10)]


class PricingRequest(Shape):
    """What is left of a price, and what price reaches a target; the price sought is that of the first item."""

    quote: Annotated[QuoteRequest, Field(description="The consignment at its price now, as for a quote; not kept.")]
    currency: Annotated[CurrencyCode, Field(description="The seller's own.")]
    costs: Annotated[list[CostIn], Field(default_factory=list, max_length=MAX_COSTS)]
    exchange: Exchange | None = None
    payment: Payment | None = None
    targets: Annotated[list[PriceTarget], Field(default_factory=list, max_length=MAX_TARGETS)]
    wholesale: Wholesale | None = None
    order_sizes: OrderSizes | None = None
    market: MarketSheet | None = None


# Two shirts of Toluca to California: the example of the description, of the page and of docs/pricing.md.
EXAMPLE: Final[dict[str, Any]] = {
    "quote": {
        "date": "2026-11-23",
        "dispatch": {"country": "MX", "postal_code": "50000"},
        "destination": {"country": "US", "region": "CA", "postal_code": "90012"},
        "channel": "courier",
        "terms": "DDP",
        "currency": "USD",
        "price_includes": ["freight", "duties", "taxes"],
        "items": [
            {
                "description": "Playera de algodón",
                "hs_code": "6109.10",
                "origin": "MX",
                "quantity": "2",
                "unit_price": {"amount": "35.00", "currency": "USD"},
                "weight": {"value": "0.2", "unit": "kg"},
                "attributes": {"fiber": "cotton"},
            }
        ],
        "freight": {"amount": "12.00", "currency": "USD"},
        "insurance": {"amount": "0.00", "currency": "USD"},
    },
    "currency": "MXN",
    "costs": [
        {"name": "Tela y confección", "per": "unit", "amount": {"amount": "90.00", "currency": "MXN"}},
        {"name": "Caja y etiqueta", "per": "order", "amount": {"amount": "35.00", "currency": "MXN"}},
        {"name": "Comisión de la tienda", "per": "price", "percent": "6.5"},
        {"name": "Cobro con tarjeta", "per": "charged", "percent": "3.9"},
    ],
    "exchange": {"spread_percent": "1", "buffer_percent": "2"},
    "payment": {"days": 14, "yearly_percent": "18"},
    "targets": [{"margin_percent": "30"}, {"landed": {"amount": "80.00", "currency": "USD"}}],
    "order_sizes": {"freight": "same", "up_to": 20},
    "market": {
        "start": "2027-01-01",
        "months": 12,
        "outlays": [
            {"name": "Fotos y textos en inglés", "amount": {"amount": "9000.00", "currency": "MXN"}},
            {
                "name": "Anuncios",
                "amount": {"amount": "1200.00", "currency": "MXN"},
                "month": 2,
                "every_month": True,
            },
        ],
        "sales": [
            {"month": 2, "orders": {"low": 2, "likely": 8, "high": 15}},
            {"month": 6, "orders": {"low": 4, "likely": 16, "high": 30}},
        ],
        "wait_months": 1,
        "yearly_percent": "18",
        "budget": {"amount": "15000.00", "currency": "MXN"},
        "other_uses": [
            {
                "name": "Segunda bordadora",
                "takes": {"amount": "14000.00", "currency": "MXN"},
                "gain": {"amount": "4000.00", "currency": "MXN"},
            }
        ],
    },
}
