"""What sells where: concentration, products that do well, markets that go quiet, goals and trials.

Everything here is counted from :class:`Sale` alone, exactly, and says how it was counted; nothing is forecast. Values
are integers in the smallest unit of one currency, the seller's own: who calls converts them, at a rate that is told.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from landed_cost.money import half_up

# The whole of a market share, squared: one market alone comes to this.
WHOLE: Final = 10_000
# Three of the usual pauses without an order happen by chance once in twenty where orders come independently of each
# other: exp(-3) is 0.0498. A pause is measured from the orders themselves, so a slow market is not called cold.
QUIET, COLD = Fraction(2), Fraction(3)
# A rhythm is the mean of so many pauses at least, and of the last so many at most.
_PAUSES_LEAST: Final = 3
_PAUSES_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Sale:
    """One line of an order that stands: paid and not given back. ``value`` is without freight, duties and taxes."""

    order: str
    market: str
    listing: str
    on: date
    quantity: int
    value: int


@dataclass(frozen=True, slots=True)
class MarketSales:
    """What one market bought: orders, value, its share of all in hundredths of a percent, first and last day."""

    market: str
    orders: int
    value: int
    share: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Concentration:
    """How much hangs on few markets.

    ``hhi`` is the Herfindahl-Hirschman index: the sum of the squared shares in percent, from nearly nothing to 10,000
    (one market alone). ``equal_markets`` is how many markets of the same size would give it, in tenths.
    """

    hhi: int
    equal_markets: int
    markets: tuple[MarketSales, ...]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How regularly a market orders. ``pause`` is the mean number of days between days with orders, in tenths.

    ``state``: ``new`` (too few orders for a rhythm), ``steady``, ``quiet`` (twice the pause without an order) or
    ``cold`` (three times). ``since`` are the days since the last order.
    """

    market: str
    state: Literal["new", "steady", "quiet", "cold"]
    since: int
    pause: int | None
    last: date


@dataclass(frozen=True, slots=True)
class Winner:
    """A listing that sells, best first, where it does, and the markets of the seller where it does not yet."""

    listing: str
    value: int
    orders: int
    sold_in: tuple[str, ...]
    not_yet_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a goal is. ``expected`` is what an even pace would have brought by now."""

    reached: int
    target: int
    expected: int
    state: Literal["ahead", "on_pace", "behind", "reached", "missed"]


@dataclass(frozen=True, slots=True)
class Trial:
    """How a trial of a market goes that may cost so much and last so long.

    ``state``: ``open``, ``spent`` (the cap is used up: stop or decide anew), ``ended`` (its time is over) or
    ``paid_back`` (what it brought is at least what it cost).
    """

    spent: int
    cap: int
    brought: int
    days_left: int
    state: Literal["open", "spent", "ended", "paid_back"]


def concentration(sales: Iterable[Sale]) -> Concentration | None:
    """Return what each market bought, the largest first, and how concentrated that is; ``None`` without sales of value.

    >>> day = date(2026, 11, 1)
    >>> found = concentration([Sale("1", "US", "a", day, 1, 300), Sale("2", "CL", "a", day, 1, 100)])
    >>> found.hhi, found.equal_markets, [(one.market, one.share) for one in found.markets]
    (6250, 16, [('US', 7500), ('CL', 2500)])
    """
    found = _by_market(sales)
    values = {market: sum(sale.value for sale in rows) for market, rows in found.items()}
    total = sum(values.values())
    if total <= 0:
        return None
    squares = sum(value * value for value in values.values())
    markets = [
        MarketSales(
            market,
            len({sale.order for sale in rows}),
            values[market],
            half_up(values[market] * WHOLE, total),
            min(sale.on for sale in rows),
            max(sale.on for sale in rows),
        )
        for market, rows in found.items()
    ]
    markets.sort(key=lambda one: (-one.value, one.market))
    return Concentration(half_up(squares * WHOLE, total * total), half_up(total * total * 10, squares), tuple(markets))


def rhythms(sales: Iterable[Sale], today: date) -> tuple[Rhythm, ...]:
    """Return how each market orders, what is cold first; days with several orders count once.

    >>> days = [date(2026, 9, 1), date(2026, 9, 11), date(2026, 9, 21), date(2026, 10, 1)]
    >>> sold = [Sale(str(day), "US", "a", day, 1, 100) for day in days]
    >>> [(one.state, one.since, one.pause) for one in rhythms(sold, date(2026, 10, 30))]
    [('quiet', 29, 100)]
    """
    found = [_rhythm(market, sorted({sale.on for sale in rows}), today) for market, rows in _by_market(sales).items()]
    order = ("cold", "quiet", "steady", "new")
    return tuple(sorted(found, key=lambda one: (order.index(one.state), -one.since, one.market)))


def _rhythm(market: str, days: Sequence[date], today: date) -> Rhythm:
    since = (today - days[-1]).days
    recent = days[-_PAUSES_MOST - 1 :]
    pauses = len(recent) - 1
    if pauses < _PAUSES_LEAST:
        return Rhythm(market, "new", since, None, days[-1])
    pause = Fraction((recent[-1] - recent[0]).days, pauses)
    state: Literal["steady", "quiet", "cold"] = "steady"
    if since >= COLD * pause:
        state = "cold"
    elif since >= QUIET * pause:
        state = "quiet"
    return Rhythm(market, state, since, half_up(pause.numerator * 10, pause.denominator), days[-1])


def winners(sales: Iterable[Sale], markets: Iterable[str], most: int = 5) -> tuple[Winner, ...]:
    """Return the listings that sell best, and in which of the seller's ``markets`` each is not sold yet."""
    found: dict[str, list[Sale]] = defaultdict(list)
    for sale in sales:
        found[sale.listing].append(sale)
    everywhere = sorted(set(markets))
    rows = []
    for listing, sold in found.items():
        where = {sale.market for sale in sold}
        rows.append(
            Winner(
                listing,
                sum(sale.value for sale in sold),
                len({sale.order for sale in sold}),
                tuple(sorted(where)),
                tuple(market for market in everywhere if market not in where),
            )
        )
    rows.sort(key=lambda one: (-one.value, one.listing))
    return tuple(rows[:most])


def progress(sales: Iterable[Sale], market: str, target: int, starts_on: date, ends_on: date, today: date) -> Progress:
    """Return how far a goal of value in one market (``*``: in all) is; both days count. The target is above nothing.

    Within a tenth of what an even pace would have brought is on pace.
    """
    reached = sum(
        sale.value for sale in sales if market in ("*", sale.market) and starts_on <= sale.on <= min(today, ends_on)
    )
    days = (ends_on - starts_on).days + 1
    gone = min(max((today - starts_on).days + 1, 0), days)
    expected = half_up(target * gone, days)
    state: Literal["ahead", "on_pace", "behind", "reached", "missed"]
    if reached >= target:
        state = "reached"
    elif today > ends_on:
        state = "missed"
    elif abs(reached - expected) * 10 <= expected:
        state = "on_pace"
    else:
        state = "ahead" if reached > expected else "behind"
    return Progress(reached, target, expected, state)


def trial(spent: int, cap: int, brought: int, ends_on: date, today: date) -> Trial:
    """Return how a capped trial goes: what was spent of what may be, what it brought after everything, days left."""
    left = max((ends_on - today).days + 1, 0)
    state: Literal["open", "spent", "ended", "paid_back"] = "open"
    if spent and brought >= spent:
        state = "paid_back"
    elif spent >= cap:
        state = "spent"
    elif not left:
        state = "ended"
    return Trial(spent, cap, brought, left, state)


def thin_markets(sales: Iterable[Sale], since: date, least: int = 3) -> tuple[str, ...]:
    """Return the markets with fewer than ``least`` orders since a day: attention spread thin, to be told gently."""
    found = _by_market(sale for sale in sales if sale.on >= since)
    return tuple(sorted(market for market, rows in found.items() if len({sale.order for sale in rows}) < least))


def _by_market(sales: Iterable[Sale]) -> dict[str, list[Sale]]:
    found: dict[str, list[Sale]] = defaultdict(list)
    for sale in sales:
        found[sale.market].append(sale)
    return found
