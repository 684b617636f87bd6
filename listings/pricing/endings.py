"""Prices as shops write them: 12.99 dollars, 12.990 Chilean pesos, and whether such a price still does what it should.

Ending a price changes it, so an ending may carry it over a limit of law or under the aim: every candidate is reckoned,
and the nearest that reaches the aim is the one proposed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from landed_cost.currencies import units
from landed_cost.rulebook.reader import read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from fractions import Fraction

    from landed_cost.rulebook.reader import Node

# So many prices with an ending are reckoned before it is said that none near will do.
_TRIED: Final = 40
_STATUSES: Final = ("verified", "reported", "memory")


@dataclass(frozen=True, slots=True)
class Style:
    """From a price on, prices end in ``ending`` within every ``step``; all in minor units."""

    since: int
    step: int
    ending: int


@dataclass(frozen=True, slots=True)
class Endings:
    """How prices in a currency end, as of a day, who says so and how sure that is; styles from the lowest price up."""

    currency: str
    styles: tuple[Style, ...]
    as_of: date
    status: str
    source: str

    def at_or_above(self, price: int) -> Iterator[int]:
        """Return every price with an ending from ``price`` on, in order, without end."""
        bounds = [*(style.since for style in self.styles[1:]), None]
        for style, until in zip(self.styles, bounds, strict=True):
            start = max(price, style.since)
            count = max(-(-(start - style.ending) // style.step), 0)
            while until is None or count * style.step + style.ending < until:
                yield count * style.step + style.ending
                count += 1

    def at_or_below(self, price: int) -> Iterator[int]:
        """Return every price with an ending from ``price`` down to above zero, in order."""
        until = price + 1
        for style in reversed(self.styles):
            count = (min(price, until - 1) - style.ending) // style.step
            while count >= 0 and count * style.step + style.ending >= max(style.since, 1):
                yield count * style.step + style.ending
                count -= 1
            until = min(until, style.since)


def endings(currency: str) -> Endings | None:
    """Return how prices end in a currency; ``None`` where the house has no data.

    >>> usd = endings("USD")
    >>> next(usd.at_or_above(1234)), next(usd.at_or_below(1234)), next(usd.at_or_above(99_91))
    (1299, 1199, 9999)
    """
    return _all().get(currency)


def currencies() -> tuple[str, ...]:
    """Return the currencies whose endings are known."""
    return tuple(_all())


@cache
def _all() -> dict[str, Endings]:
    text = files("listings.pricing").joinpath("endings.yaml").read_text("utf-8")
    found = [_read(node) for node in read_text(text, "endings.yaml", begin="- currency: USD").items()]
    return {one.currency: one for one in found}


def _read(node: Node) -> Endings:
    currency = node.need("currency").text()
    size = units(currency)
    styles = tuple(_style(one, size) for one in node.need("styles").items())
    found = Endings(
        currency=currency,
        styles=styles,
        as_of=node.need("as_of").day(),
        status=node.need("status").word(*_STATUSES),
        source=node.need("source").text(),
    )
    node.done()
    return found


def _style(node: Node, size: int) -> Style:
    since, step, ending = (_whole(node.need(name), size) for name in ("from", "step", "ending"))
    node.done()
    if not 0 <= ending < step:
        raise node.fail("an ending is smaller than its step, and not negative")
    return Style(since, step, ending)


def _whole(node: Node, size: int) -> int:
    minor: Fraction = node.number() * size
    if minor.denominator != 1:
        raise node.fail(f"{node.value} has more decimals than the currency")
    return int(minor)


def nearest_that(style: Endings, price: int, *, up: bool, reaches: Callable[[int], bool]) -> int | None:
    """Return the nearest price with an ending that reaches what it should; ``None`` if none near does."""
    for count, candidate in enumerate(style.at_or_above(price) if up else style.at_or_below(price)):
        if count >= _TRIED:
            break
        if candidate > 0 and reaches(candidate):
            return candidate
    return None
