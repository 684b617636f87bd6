"""What changed for one seller between two looks at the rules: alerts, closed ways, and what could not be asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landed_cost.delivery import all_lanes
from shopkit.services.alerts import View, alerts
from shopkit.services.companies import get_company
from shopkit.services.subjects import MOST, kinds_of, markets_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from landed_cost.delivery import ClosedLane
    from shopkit.services.actors import Actor
    from shopkit.services.alerts import Alert
    from shopkit.services.companies import Company
    from shopkit.services.context import Services


@dataclass(frozen=True, slots=True)
class Unasked:
    """A thing of which nobody can say what it comes to: ``why`` is ``no_price`` or ``request``."""

    kind: str
    id: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Way:
    """A way to a market that is closed or narrowed for a time: its state on both days (``None``: open)."""

    lane: ClosedLane
    market: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Looked:
    """One step through what a seller offers and promised; ``cursor`` leads to the next (``None``: that was all).

    ``counts`` says how many of each kind were looked at in this step.
    """

    company: Company
    markets: tuple[str, ...]
    alerts: tuple[Alert, ...]
    unasked: tuple[Unasked, ...]
    counts: Mapping[str, int]
    cursor: str | None


def look(
    services: Services, actor: Actor, before: View, after: View, cursor: str | None = None, most: int = MOST
) -> Looked:
    """Return what a change touches among the seller's next ``most`` things; ``RequestError`` for a wrong cursor."""
    company = get_company(services, actor)
    today = services.today(company.country)
    things, then = walk(kinds_of(services, actor), cursor, most, today)
    found, unasked = [], {}
    for one in alerts((subject for thing in things for subject in thing.subjects), before, after, today):
        subject = one.subject
        if subject.kind == "listing" and one.before.outcome == one.after.outcome == "unasked":
            # It could not be asked before either: no rule did that.
            unasked[subject.id] = Unasked(subject.kind, subject.id, subject.name, "request")
        else:
            found.append(one)
    unasked |= {one.id: Unasked(one.kind, one.id, one.name, one.unasked) for one in things if one.unasked is not None}
    counts = Counter(one.kind for one in things if one.counts)
    markets = tuple(one for one in markets_of(services, actor) if one != company.country)
    return Looked(company, markets, tuple(found), tuple(unasked.values()), counts, then)


def closed_ways(home: str, markets: tuple[str, ...], first: date, last: date) -> Iterator[Way]:
    """Give the ways from a country to markets that closed, opened or became doubtful between two days, or are not open.

    By post they touch no listing's figure, which is asked by courier; a seller who sends by post wants to know.
    """
    for lane in all_lanes():
        states = lane.state(first), lane.state(last)
        if states == (None, None):
            continue
        for market in markets:
            if lane.serves(home, market, lane.channel, lane.transport):
                yield Way(lane, market, *states)
