"""Prices cut into stretches on which the law says one thing, so that on each of them a search by halving is right.

Charges do not grow evenly with a price: below a limit nothing is due, above it everything, a fee has a least and a
most, another way in becomes the cheapest. What a quote is made of, without its figures, is its *make*. Where two prices
have the same make, everything between them is taken to have it too; between two that differ, the place where it changes
is found by halving. Limits of law that are known (``Plan.edges``) and a row of sample prices are looked at on top, so
that what comes and goes between two prices of one make is found as well.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from landed_cost import Amount, ShipmentError
from landed_cost.currencies import exponent, units
from listings.pricing.reckon import reckon

if TYPE_CHECKING:
    from landed_cost import Quote, Shipment
    from landed_cost.model import Texts
    from listings.pricing.model import Plan, Priced

_FIGURES: Final = re.compile(r"[0-9][0-9.,]*")
_MOST_PIECES: Final = 60
Make = tuple[object, ...]


class Piece(NamedTuple):
    """A stretch of prices with one make, first and last included, in minor units of the price's currency."""

    first: int
    last: int


@dataclass(slots=True)
class Trials:
    """Every price of one unit that was tried, each reckoned once; prices are minor units of the price's currency."""

    plan: Plan
    currency: str = field(init=False)
    quantity: Fraction = field(init=False)
    _found: dict[int, Priced | None] = field(default_factory=dict)
    _makes: dict[int, Make] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look up what is sought: the price of which goods, in which currency."""
        item = self.plan.shipment.items[self.plan.item]
        self.currency = item.unit_price.currency
        self.quantity = Fraction(item.quantity)

    @property
    def quotes(self) -> int:
        """How many prices were tried."""
        return len(self._found)

    def at(self, price: int) -> Priced | None:
        """Return what is left at a price; ``None`` where the engine cannot answer at all."""
        if price not in self._found:
            self._found[price] = self._try(price)
        return self._found[price]

    def make(self, price: int) -> Make:
        """Return what the quote at a price is made of, without its figures."""
        found = self.at(price)
        if price not in self._makes:
            self._makes[price] = () if found is None else make_of(found.quote)
        return self._makes[price]

    def _try(self, price: int) -> Priced | None:
        sent = at_price(self.plan.shipment, self.plan.item, price)
        try:
            return reckon(self.plan, sent, self.plan.ask(sent))
        except ShipmentError:
            return None


def at_price(sent: Shipment, index: int, price: int) -> Shipment:
    """Return the consignment with another price for one unit of an item, in minor units of that price's currency.

    A declared value stands in for a price of zero, and goes with it.
    """
    item = sent.items[index]
    currency = item.unit_price.currency
    amount = Amount(Decimal(price).scaleb(-exponent(currency)), currency)
    return replace(
        sent,
        items=(*sent.items[:index], replace(item, unit_price=amount, declared_value=None), *sent.items[index + 1 :]),
    )


def _shape(formula: str | Texts) -> str:
    return _FIGURES.sub("#", formula if isinstance(formula, str) else formula["en"])


def make_of(quote: Quote) -> Make:
    """Return what a quote is made of: outcome, way in, every charge with its rate and the shape of its formula."""
    charges = tuple(
        (one.id, one.item, one.rate, one.payer, one.collected, one.range is None, _shape(one.formula))
        for one in quote.charges
    )
    return quote.outcome == "refused", quote.regime, quote.ranges.get("landed", (0, 0))[1] is None, charges


def pieces(trials: Trials, most: int) -> list[Piece]:
    """Return the stretches of prices from the smallest to ``most``, each with one make."""
    found: list[Piece] = []
    points = sorted({1, most} | {one for one in (*_samples(most), *_edges(trials)) if 1 <= one <= most})
    first = 1
    for here, there in itertools.pairwise(points):
        start = here
        while trials.make(start) != trials.make(there) and len(found) < _MOST_PIECES:
            last = _last_alike(trials, start, there)
            found.append(Piece(first, last))
            first = start = last + 1
        if len(found) >= _MOST_PIECES:
            # Further up nothing is claimed: the search ends where the last stretch does.
            return found
    found.append(Piece(first, most))
    return found


def _last_alike(trials: Trials, here: int, there: int) -> int:
    """Return the last price that has the make of ``here``, before one that has another at or below ``there``."""
    make = trials.make(here)
    while there - here > 1:
        middle = (here + there) // 2
        if trials.make(middle) == make:
            here = middle
        else:
            there = middle
    return here


def _samples(most: int) -> list[int]:
    """Return prices spread evenly by ratio.

    >>> _samples(20)
    [1, 2, 3, 4, 5, 7, 9, 13, 17]
    """
    found, value = [1], Fraction(1)
    while value < most:
        value *= Fraction(4, 3)
        if int(value) > found[-1]:
            found.append(int(value))
    return [one for one in found if one <= most]


def _edges(trials: Trials) -> list[int]:
    """Return the prices at which the goods, alone or with freight and insurance, come to an amount of the law."""
    plan, to = trials.plan, trials.currency
    found: set[int] = set()
    others = sum(
        (
            Fraction(item.quantity) * _minor(plan, item.unit_price, to)
            for index, item in enumerate(plan.shipment.items)
            if index != plan.item
        ),
        Fraction(0),
    )
    freight, insurance = (
        Fraction(0) if one is None else _minor(plan, one, to)
        for one in (plan.shipment.freight, plan.shipment.insurance)
    )
    for edge in plan.edges:
        worth = _minor(plan, edge, to)
        for beside in {Fraction(0), freight, freight + insurance, -freight}:
            # A limit may be of the consignment or of one unit; the price just at it and the next one are looked at.
            for exact in ((worth - others - beside) / trials.quantity, worth - beside):
                low = exact.numerator // exact.denominator
                found |= {low, low + 1}
    return sorted(found)


def _minor(plan: Plan, amount: Amount, to: str) -> Fraction:
    return Fraction(amount.value) * units(to) * plan.rates.factor(amount.currency, to)
