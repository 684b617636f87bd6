"""Days worth a campaign: each from its rule, for the people who keep it and the place where they live.

The day is that of custom, not the one a law moves it to; carriers' holidays are the delivery estimate's own business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from landed_cost.rulebook.reader import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from landed_cost.rulebook.reader import Node
    from listings.campaigns.audiences import Group

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_STATUSES: Final = ("verified", "reported", "conflicting", "memory")
# A week holds each weekday once, so that a month's fourth begins after three of them.
_WEEK: Final = 7
_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Rule:
    """How a day is found in a year, who keeps it, and on whose word.

    One of ``month_day``, ``nth`` of a ``weekday`` in a ``month`` (−1: the last), or ``easter`` days from Easter Sunday.
    ``residents``: everybody keeps it in those countries; ``hispanic``: whoever is of Hispanic origin there.
    """

    countries: tuple[str, ...]
    month_day: tuple[int, int] | None
    nth: int
    weekday: int
    month: int
    easter: int | None
    add: int
    days: int
    residents: bool
    hispanic: bool
    status: str
    source: Mapping[str, str]
    note: Mapping[str, str] | None

    def first(self, year: int) -> date:
        """Return the first day in a year."""
        if self.month_day is not None:
            return date(year, *self.month_day)
        if self.easter is not None:
            return easter(year) + timedelta(days=self.easter)
        return nth_weekday(year, self.month, self.weekday, self.nth) + timedelta(days=self.add)


@dataclass(frozen=True, slots=True)
class Event:
    """A day with its name; ``words`` in a listing say that it was made for it."""

    id: str
    name: Mapping[str, str]
    words: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event in a year as ``country`` keeps it; ``last`` is its last day."""

    event: Event
    country: str
    first: date
    last: date
    rule: Rule


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar, by the computus of Meeus, Jones and Butcher.

    >>> easter(2026), easter(2027)
    (datetime.date(2026, 4, 5), datetime.date(2027, 3, 28))
    """
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, left = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moon + 15) % 30
    quarter, odd = divmod(rest, 4)
    week = (32 + 2 * left + 2 * quarter - epact - odd) % 7
    late = (golden + 11 * epact + 22 * week) // 451
    month, day = divmod(epact + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """Return the nth weekday of a month, Monday being 0; −1 is the last one.

    >>> nth_weekday(2027, 5, 6, 2), nth_weekday(2027, 5, 6, -1)
    (datetime.date(2027, 5, 9), datetime.date(2027, 5, 30))
    """
    if nth > 0:
        start = date(year, month, 1)
        return start + timedelta(days=(weekday - start.weekday()) % _WEEK + _WEEK * (nth - 1))
    after = date(year + 1, 1, 1) if month == _DECEMBER else date(year, month + 1, 1)
    end = after - timedelta(days=1)
    return end - timedelta(days=(end.weekday() - weekday) % _WEEK)


@cache
def events() -> Mapping[str, Event]:
    """Return the events by name."""
    name = "events.yaml"
    book = read_text(files(__package__).joinpath(name).read_text("utf-8"), name)
    sources = {key: node.translated() for key, node in book.need("sources").map().items()}
    found = [_event(one, sources) for one in book.need("events").items()]
    book.done()
    return {one.id: one for one in found}


def kept_by(group: Group, market: str) -> tuple[tuple[Event, Rule, str], ...]:
    """Return event, rule and country of every day that a group keeps who lives in a market.

    That is the day of the country they come from, and the day of everybody where they live: a Mexican family in
    California has two Mother's Days. A pan-Latino campaign names no country, so it keeps the market's days alone.
    """
    found = []
    for event in events().values():
        for rule in event.rules:
            if market in rule.countries and (rule.residents or (rule.hispanic and group.kind == "origin")):
                found.append((event, rule, market))
            elif group.country in rule.countries and not rule.residents:
                found.append((event, rule, group.country))
    return tuple(found)


def coming(group: Group, market: str, today: date, days: int = 366) -> tuple[Occurrence, ...]:
    """Return the days that a group keeps from today on, the nearest first; one that has begun counts until its end.

    A day that home and market share stands once, as the market's.
    """
    found: dict[tuple[str, date], Occurrence] = {}
    for event, rule, country in kept_by(group, market):
        for year in range(today.year - 1, (today + timedelta(days=days)).year + 1):
            first = rule.first(year)
            last = first + timedelta(days=rule.days - 1)
            if last >= today and first <= today + timedelta(days=days):
                name = event.id, first
                if name not in found or country == market:
                    found[name] = Occurrence(event, country, first, last, rule)
    return tuple(sorted(found.values(), key=lambda one: (one.first, one.event.id)))


def _event(node: Node, sources: Mapping[str, Mapping[str, str]]) -> Event:
    found = Event(
        node.need("id").text(),
        node.need("name").translated(),
        node.need("words").texts(),
        tuple(_rule(one, sources) for one in node.need("rules").items()),
    )
    node.done()
    return found


def _rule(node: Node, sources: Mapping[str, Mapping[str, str]]) -> Rule:
    nth = node.take("nth", lambda one: one.whole(), 0)
    source = node.need("source")
    found = Rule(
        countries=node.need("countries").texts(),
        month_day=node.take("day", _month_day, None),
        nth=nth,
        weekday=_WEEKDAYS.index(node.need("weekday").word(*_WEEKDAYS)) if nth else 0,
        month=node.need("month").whole() if nth else 0,
        easter=node.take("easter", lambda one: one.whole(), None),
        add=node.take("add", lambda one: one.whole(), 0),
        days=node.take("days", lambda one: one.whole(), 1),
        residents=node.take("residents", lambda one: one.flag(), default=False),
        hispanic=node.take("hispanic", lambda one: one.flag(), default=False),
        status=node.need("status").word(*_STATUSES),
        source=sources[source.word(*sources)],
        note=node.take("note", lambda one: one.translated(), None),
    )
    if sum((found.month_day is not None, bool(found.nth), found.easter is not None)) != 1:
        raise node.fail("a rule is one of day, nth or easter; write one of them")
    node.done()
    return found


def _month_day(node: Node) -> tuple[int, int]:
    month, _, day = node.text().partition("-")
    # A leap day would be missing in most years: no feast is on one.
    found = date(2025, int(month), int(day))
    return found.month, found.day
