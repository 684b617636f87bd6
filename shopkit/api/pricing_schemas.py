"""The answer about a price as it is described; the tests hold every answer against it."""

from typing import Annotated, Literal

from pydantic import Field

from shopkit.api.schemas import Answer, DayText, DecimalText, MoneyOut, QuoteResponse

Outcome = Literal["complete", "estimated", "refused"]


class SpanOut(Answer):
    """A figure as told, at the worst and at the best; *low* null: nothing bounds it."""

    amount: DecimalText | None
    low: DecimalText | None
    high: DecimalText | None


class PricingReason(Answer):
    """Why the answer is not sure, or what was taken for granted."""

    code: str
    level: Literal["info", "estimated", "refused"]
    message: str
    action: str | None


class LineSpan(Answer):
    """A line at the lowest and at the highest charges; null: nothing bounds it."""

    at_lowest_charges: DecimalText | None
    at_highest_charges: DecimalText | None


class FeeSourceOut(Answer):
    """Where the figure of a fee stands."""

    title: str
    url: str | None
    as_of: DayText | None
    status: Literal["verified", "reported", "memory"]


class PricingLine(Answer):
    """One step from the price to what is left, in the seller's currency; what goes out is negative."""

    id: str
    name: str
    amount: DecimalText
    formula: str
    range: LineSpan | None
    source: FeeSourceOut | None


class RateUsed(Answer):
    """The exchange rate between the quote's currency and the seller's."""

    from_: Annotated[str, Field(alias="from")]
    to: str
    rate: DecimalText
    date: DayText
    source: str


class ShelfStep(Answer):
    """One step from the importer's door to the shelf."""

    name: str
    amount: DecimalText
    formula: str


class ShelfOut(Answer):
    """What one unit costs on the shelf."""

    amount: DecimalText
    low: DecimalText
    high: DecimalText | None
    currency: str
    steps: list[ShelfStep]


class TargetPrice(Answer):
    """The price of one unit: as told, and at the lowest and the highest charges; null: none reaches the target."""

    amount: DecimalText | None
    at_lowest_charges: DecimalText | None
    at_highest_charges: DecimalText | None
    currency: str


class Stretch(Answer):
    """Prices from the first to the last, both included."""

    from_: Annotated[DecimalText, Field(alias="from")]
    to: DecimalText


class Pair(Answer):
    """A figure just below and just above a limit."""

    below: DecimalText | None
    above: DecimalText | None


class Named(Answer):
    """A charge."""

    id: str
    name: str


class JumpOut(Answer):
    """A price at which law changes what is due: what comes and what goes from the one price to the next."""

    below: DecimalText
    above: DecimalText
    landed: Pair
    in_hand: Pair
    comes: list[Named]
    goes: list[Named]


class EndingOut(Answer):
    """The nearest price as shops write them that still reaches the target, and who says that they do."""

    amount: DecimalText
    currency: str
    in_hand: DecimalText | None
    margin_percent: DecimalText | None
    landed: DecimalText | None
    as_of: DayText
    status: Literal["verified", "reported", "memory"]
    source: str


class TargetOut(Answer):
    """Which price of one unit reaches a target. *reached*: all stretches of prices up to *tried_to* that do."""

    goal: Literal["margin", "in_hand", "landed", "shelf"]
    asked: DecimalText
    currency: Annotated[str | None, Field(description="The currency the goal is reckoned in; null for a margin.")]
    price: TargetPrice
    code: str
    message: str
    action: str | None
    in_hand: DecimalText | None
    margin_percent: DecimalText | None
    landed: DecimalText | None
    outcome: Outcome | None
    reached: list[Stretch]
    tried_to: DecimalText
    jumps: list[JumpOut]
    ending: EndingOut | None


class SizeOut(Answer):
    """An order of so many units."""

    units: int
    in_hand: DecimalText | None
    fixed_percent: DecimalText | None
    landed: DecimalText | None


class Run(Answer):
    """Sizes from the first to the last, both included."""

    from_: Annotated[int, Field(alias="from")]
    to: int


class SizesOut(Answer):
    """From which size on an order pays for itself; *loses_again*: larger ones that do not."""

    freight: Literal["same", "by_unit"]
    pays_from: int | None
    pays_from_at_highest_charges: int | None
    loses_again: list[Run]
    tried_to: int
    sizes: list[SizeOut]


class MonthOut(Answer):
    """One month: orders, what comes in, what goes out, what there is since the first month."""

    month: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}$")]
    orders: int
    inflow: DecimalText
    outflow: DecimalText
    total: DecimalText


class CourseOut(Answer):
    """One case: the most that has to be put in, the month from which it is back for good, the end, its worth today."""

    case: Literal["low", "likely", "high"]
    put_in: DecimalText
    back_in: str | None
    end: DecimalText
    worth_today: DecimalText
    months: list[MonthOut]


class UseOut(Answer):
    """One use of the money, best first; *name* null is this market. *percent*: what each hundred put in brings."""

    name: str | None
    takes: DecimalText
    gain: DecimalText
    percent: DecimalText | None


class OrderWorth(Answer):
    """What one order leaves in each case."""

    low: DecimalText | None
    likely: DecimalText
    high: DecimalText


class MarketOut(Answer):
    """The worksheet; *known* false: nobody knows what an order leaves, so nothing is told."""

    known: bool
    currency: str | None
    in_hand_per_order: OrderWorth | None
    courses: list[CourseOut]
    affordable: Literal["yes", "no", "depends"] | None
    worth_it: Literal["yes", "no", "depends"] | None
    uses: list[UseOut]
    needed_orders: int | None
    outlays: DecimalText | None
    spent: DecimalText | None


class PricingResponse(Answer):
    """What is left of a price; *in_hand* null: it cannot be told. *quote* is the whole answer it rests on."""

    date: DayText
    currency: str
    outcome: Outcome
    reasons: list[PricingReason]
    price: MoneyOut
    in_hand: SpanOut | None
    margin_percent: SpanOut | None
    lines: list[PricingLine]
    fixed_percent: Annotated[DecimalText | None, Field(description="What every order bears once, of the price.")]
    charged: Annotated[MoneyOut | None, Field(description="All that the buyer pays the seller.")]
    exchange_rate: RateUsed | None
    shelf: ShelfOut | None
    quote: QuoteResponse
    targets: list[TargetOut]
    order_sizes: SizesOut | None
    market: MarketOut | None
