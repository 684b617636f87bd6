"""What a seller's price is made of, and what an answer about it holds: the nouns of pricing.

Amounts that come in are decimals with a currency; amounts inside and going out are whole minor units. What is left for
the seller is reckoned in the seller's own currency, ``Plan.currency``; what the buyer pays in that of the quote.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from landed_cost import Amount, Money, Quote, Reason, Shipment
    from landed_cost.rates import RateTable

Per = Literal["unit", "order", "price", "charged"]
"""What a cost is counted by: each unit, each order, the price of the goods, or all that the buyer pays the seller."""
Scenario = Literal["low", "likely", "high"]
"""The charges at import at their lowest, as told, and at their highest."""
SCENARIOS: tuple[Scenario, ...] = ("low", "likely", "high")
Outcome = Literal["complete", "estimated", "refused"]
Goal = Literal["margin", "in_hand", "landed", "shelf"]


@dataclass(frozen=True, slots=True)
class FeeSource:
    """Where the figure of a fee stands, as of which day, and how sure that is."""

    title: str
    url: str | None = None
    as_of: date | None = None
    status: str = "reported"


@dataclass(frozen=True, slots=True)
class Cost:
    """One thing that the seller pays: an ``amount`` per unit or order, or a ``share`` of the price or of all charged.

    ``share`` is a plain fraction: 3.6 % is ``Fraction(9, 250)``. The seller's own words name it.
    """

    name: str
    per: Per
    amount: Amount | None = None
    share: Fraction = Fraction(0)
    source: FeeSource | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One who sells on: a margin ``of`` the price asked, or a mark-up on the ``cost`` paid, as a plain fraction."""

    name: str
    share: Fraction
    of: Literal["price", "cost"] = "price"


@dataclass(frozen=True, slots=True)
class Chain:
    """From the importer's door to the shelf: who sells on, whether the import taxes come back, the tax on top."""

    steps: tuple[Step, ...]
    recovers_taxes: bool = False
    sales_tax: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A consignment with all that its seller pays and waits for.

    ``ask`` answers what a consignment costs at the door. ``spread`` is what the bank keeps on exchange, ``buffer`` what
    is set aside in case the currency falls, ``yearly`` what money costs a year, all plain fractions.
    ``edges`` are amounts of law at which the charges may jump; they are where a search looks twice.
    ``item`` is the place of the goods whose price is sought.
    """

    shipment: Shipment
    ask: Callable[[Shipment], Quote]
    rates: RateTable
    currency: str
    costs: tuple[Cost, ...] = ()
    spread: Fraction = Fraction(0)
    buffer: Fraction = Fraction(0)
    days_to_pay: int = 0
    yearly: Fraction = Fraction(0)
    edges: tuple[Amount, ...] = ()
    item: int = 0
    chain: Chain | None = None


class Line(NamedTuple):
    """One step from the price to what is left, in minor units of the seller's currency; what goes out is negative.

    ``span`` is the amount at the lowest and at the highest charges, where these differ from what is told.
    """

    id: str
    name: str | None
    amount: int
    formula: str
    source: FeeSource | None = None
    span: tuple[int | None, int | None] | None = None


class Shelf(NamedTuple):
    """What one unit costs on the shelf, in minor units of the quote's currency, and how it gets there."""

    price: int
    span: tuple[int, int | None]
    steps: tuple[tuple[str, int, str], ...]


class Priced(NamedTuple):
    """The answer for one price: every line, what is left, the margin, each with its range.

    ``left`` is ``None`` where it cannot be told; ``left_span`` is (at the highest charges, at the lowest), its first
    ``None`` when nothing bounds the charges. ``charged`` is what the buyer pays the seller, in the quote's currency.
    """

    shipment: Shipment
    quote: Quote
    currency: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    lines: tuple[Line, ...]
    price: int | None
    left: int | None
    left_span: tuple[int | None, int | None]
    fixed: int
    charged: int | None
    landed: Mapping[Scenario, int | None]
    margins: Mapping[Scenario, Fraction | None]
    shelf: Shelf | None = None

    def left_at(self, scenario: Scenario) -> int | None:
        """Return what is left at the lowest, told or highest charges."""
        return {"low": self.left_span[1], "likely": self.left, "high": self.left_span[0]}[scenario]


@dataclass(frozen=True, slots=True)
class Target:
    """What a price is to reach: a margin (``share``), or an amount left, at the door of one order, or on the shelf."""

    goal: Goal
    share: Fraction = Fraction(0)
    amount: Money | None = None


class Jump(NamedTuple):
    """A price at which law changes what is due: the last price below it, the first above, and what comes and goes.

    Prices of one unit; ``landed`` and ``left`` of the order before and after, ``None`` where they cannot be told.
    """

    below: int
    above: int
    landed: tuple[int | None, int | None]
    left: tuple[int | None, int | None]
    comes: tuple[tuple[str, Mapping[str, str]], ...]
    goes: tuple[tuple[str, Mapping[str, str]], ...]


class Solution(NamedTuple):
    """The price of one unit that reaches a target, in minor units of the price's own currency, or why there is none.

    ``prices`` holds it for each scenario of the charges. ``reached`` are all the stretches of prices, up to ``tried``,
    at which the target is reached as told. ``best`` is what the goal comes to at the furthest price tried.
    """

    target: Target
    currency: str
    prices: Mapping[Scenario, int | None]
    reached: tuple[tuple[int, int], ...]
    jumps: tuple[Jump, ...]
    tried: int
    best: Fraction | None
    at: Priced | None
    quotes: int
