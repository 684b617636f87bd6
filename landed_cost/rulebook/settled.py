"""What the law of a day settles without looking at an amount: settled once for each lane and kind of goods, and kept.

The law of a day treats all parcels of a lane alike, and all goods of a kind on that lane, but for their amounts. So a
quote finds here which ways in are likely, at what rates which charges fall and what is to be said of the goods, and
only reckons. Nothing of one parcel is kept: no price, no quantity, no weight, no value, no id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from landed_cost.assess import Step
    from landed_cost.decide import Decision
    from landed_cost.goods import Preferred
    from landed_cost.model import Reason, Restriction, RuleRef, Texts
    from landed_cost.origins import Leaving
    from landed_cost.rulebook.agreements import Agreement
    from landed_cost.rulebook.facts import Evidence
    from landed_cost.rulebook.law import NotIncluded, Refusal, Regime, RestrictionRule
    from landed_cost.rulebook.logic import Answer, Test

    # Each decision with the place of its charge in the regime; found by the regime and all else that they hang on.
    Decisions: TypeAlias = dict[tuple[object, ...], tuple[tuple[int, Decision], ...]]

# What may be said of goods: its rule, what is left to be asked of amounts, and how it is said so far.
Row: TypeAlias = "tuple[RestrictionRule, Test | None, Restriction]"
# How much is kept for the law of one day, counted in lanes, kinds of goods and lists of decisions on them.
KEPT: Final = 20_000
# How much a lane keeps for goods together, of each sort.
KEPT_TOGETHER: Final = 256
_Key = TypeVar("_Key")
_Found = TypeVar("_Found")


class Said(NamedTuple):
    """What is said, and in two halves for an item's id between; ``doubts`` are the rules that perhaps forbid."""

    told: tuple[Restriction, ...]
    halves: tuple[tuple[tuple[object, ...], tuple[object, ...]], ...]
    doubts: tuple[RestrictionRule, ...]


@dataclass(slots=True)
class Restrictions:
    """What may be said of goods of a kind, or of the whole consignment; ``asks`` is what some of it asks of amounts.

    ``said`` keeps it as it is said, of no item yet, by the answers to what it asks.
    """

    rows: tuple[Row, ...]
    asks: tuple[Test, ...]
    said: dict[tuple[Answer, ...], Said] = field(default_factory=dict)


@dataclass(slots=True)
class Basis:
    """What follows from the rules that an answer rests on: how they are cited, what is weak about them, its grade."""

    used: tuple[Evidence, ...]
    rules: tuple[RuleRef, ...]
    weak: tuple[Reason, ...]
    grade: Literal["A", "B", "C"]


@dataclass(slots=True)
class Kind:
    """What is settled for goods of one kind on a lane: on the same tariff lines, of one origin, said to be the same.

    ``decisions`` are by regime, scenario, line and claim, ``restrictions`` by line and claim.
    """

    decisions: Decisions = field(default_factory=dict)
    restrictions: dict[tuple[int, str | None], Restrictions] = field(default_factory=dict)
    offers: tuple[tuple[Agreement, Preferred], ...] | None = None
    # Which lines the law treats alike, by scenario and claim.
    alike: dict[tuple[str, str | None], list[list[int]]] = field(default_factory=dict)


@dataclass(slots=True)
class Lane:
    """What is settled for one way of coming in: from where to which region, by which channel, between which parties.

    ``decisions`` on the whole consignment are by regime and scenario. What is ``None`` was not asked yet.
    """

    settled: Settled
    kinds: dict[tuple[object, ...], Kind] = field(default_factory=dict)
    decisions: Decisions = field(default_factory=dict)
    regimes: tuple[tuple[Regime, Answer], ...] | None = None
    restrictions: Restrictions | None = None
    refusals: tuple[Refusal, ...] | None = None
    not_included: tuple[NotIncluded, ...] | None = None
    # What is to be reckoned in a regime on several items, in order; by all that their decisions hang on.
    steps: dict[tuple[object, ...], tuple[Step, ...]] = field(default_factory=dict)
    # By the identity of the rules, which are kept with it.
    bases: dict[tuple[int, ...], Basis] = field(default_factory=dict)
    # How it is said where nothing of it hangs on an amount and none of it is surely due.
    always_not_included: tuple[tuple[str, Texts], ...] | None = None
    leaving: Leaving | None = None

    def kind(self, lines: str, origin: str | None, attributes: Mapping[str, str]) -> Kind:
        """Return what is settled for goods that may be on these lines, written out with their rates.

        Codes alone would be too little: which rate a line counts with hangs on more than its code.
        """
        key = (lines, origin, frozenset(attributes.items()) if attributes else None)
        found = self.kinds.get(key)
        if found is None:
            found = self.kinds[key] = Kind()
            self.settled.count()
        return found

    def keep(self, known: dict[_Key, _Found], key: _Key, found: _Found) -> None:
        """Keep what is settled for several kinds of goods together, of which there are many more: the last few."""
        if len(known) >= KEPT_TOGETHER:
            known.clear()
        known[key] = found
        self.settled.count()


class Settled:
    """The lanes of one law, forgotten all together when they come to hold more than ``KEPT``.

    A server that is asked for ever new goods so grows no further; what is forgotten is settled again when it is asked.
    """

    def __init__(self) -> None:
        self.lanes: dict[tuple[object, ...], Lane] = {}
        self.size = 0

    def lane(self, key: tuple[object, ...]) -> Lane:
        """Return what is settled for a lane."""
        found = self.lanes.get(key)
        if found is None:
            found = Lane(self)
            self.count()
            self.lanes[key] = found
        return found

    def count(self) -> None:
        """Count one thing more that is kept. A quote under way keeps its lane, whatever is forgotten meanwhile."""
        if self.size >= KEPT:
            self.lanes.clear()
            self.size = 0
        self.size += 1
