"""When parcels are one purchase before customs: rules as dated data, and whether sending goods apart evades a limit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

Scope = Literal["order", "day", "arrival"]
# What the parts of a split have to do with each other, from the nearest to the farthest.
Tie = Literal["one_order", "one_day", "other_days"]
_EVERYWHERE: Final = "*"
_WITHIN: Final[Mapping[Scope, frozenset[Tie]]] = {
    "order": frozenset({"one_order"}),
    "day": frozenset({"one_order", "one_day"}),
    "arrival": frozenset({"one_order", "one_day", "other_days"}),
}


@dataclass(frozen=True, slots=True)
class SplitRule:
    """Which parcels count as one; ``status`` is that of facts, or ``house`` for what is ours and no law."""

    id: str
    countries: frozenset[str]
    channels: frozenset[str]
    scope: Scope
    since: date | None
    until: date | None
    known_until: date | None
    status: str
    sources: tuple[str, ...]
    what: Mapping[str, str]

    def binds(self, tie: Tie) -> bool:
        """Return whether parts that are tied so are one purchase under the rule."""
        return tie in _WITHIN[self.scope]

    def _fits(self, country: str, channel: str, on: date) -> bool:
        named = country in self.countries or _EVERYWHERE in self.countries
        begun = self.since is None or self.since <= on
        return named and channel in self.channels and begun and (self.until is None or on <= self.until)


def rule_for(country: str, channel: str, on: date) -> SplitRule:
    """Return the rule of a destination on a way and a day: the first that fits, the house's own where none does.

    >>> from datetime import date
    >>> [rule_for("US", way, date(2026, 11, 28)).id for way in ("postal", "courier")]
    ['us.145.12', 'us.141.51']
    >>> rule_for("US", "courier", date(2026, 6, 23)).id, rule_for("CL", "postal", date(2026, 11, 28)).status
    ('us.10.151', 'house')
    """
    return next(one for one in rules() if one._fits(country, channel, on))  # noqa: SLF001  # of this module


def tie_of(orders: Sequence[str], days: Sequence[date]) -> Tie:
    """Return what parts have to do with each other, by the order and the day of purchase of each.

    >>> from datetime import date
    >>> tie_of(["a", "a"], [date(2026, 1, 1)] * 2), tie_of(["a", "b"], [date(2026, 1, 1), date(2026, 1, 2)])
    ('one_order', 'other_days')
    """
    if len(set(orders)) < len(orders):
        return "one_order"
    return "one_day" if len(set(days)) < len(days) else "other_days"


@cache
def rules() -> tuple[SplitRule, ...]:
    """Return every rule, as the file has them."""
    text = files("shopkit.packing").joinpath("data/splits.yaml").read_text("utf-8")
    return tuple(
        SplitRule(
            one["id"],
            frozenset(one["countries"]),
            frozenset(one["channels"]),
            one["scope"],
            one["from"],
            one["to"],
            one["known_until"],
            one["status"],
            tuple(one["sources"]),
            one["what"],
        )
        for one in yaml.safe_load(text)
    )
