"""The law of one destination for all dates: valuation, regimes, charges, exemptions, restrictions, lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from landed_cost.model import Body, Kind, Texts
from landed_cost.rulebook.conditions import Condition
from landed_cost.rulebook.facts import Evidence, FactBook
from landed_cost.rulebook.lists import ListRule
from landed_cost.rulebook.papers import Paper


@dataclass(frozen=True, slots=True)
class RateSource:
    """Where a charge's rate comes from: ``kind`` is fact, by_origin, by_region, by_key or schedule."""

    kind: str
    name: str
    list: str | None = None
    fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Exemption:
    """A row that frees an item from a charge; ``ask`` is the attribute that settles one that hangs on use."""

    evidence: Evidence
    when: Condition
    ask: str | None
    question: Texts | None


@dataclass(frozen=True, slots=True)
class ChargeRule:
    """One charge of a regime: when, on what base, at what rate, within which bounds, rounded how.

    ``of`` picks the items that a charge on the consignment counts in its base; none of them: no charge.
    """

    id: str
    kind: Kind
    covers: tuple[str, ...]
    name: Texts
    per: str
    when: Condition
    of: Condition
    base: tuple[str, ...]
    rate: RateSource | None
    amount: str | None
    # What the amount is counted by (``kg``, ``pair`` or a drink's gallon; ``None``: once), and the kilos that are taken
    # for the most where the weight was not given.
    by: str | None
    by_most: str | None
    deduct: str | None
    inside: bool
    at_least: str | None
    at_most: str | None
    total_with: tuple[str, ...]
    exempt: tuple[Exemption, ...]
    step: int
    mode: str
    collected: str
    payer: str
    rule: str | None

    @property
    def is_plain(self) -> bool:
        """Whether it is a bare percentage of its base, rounded half up to the smallest unit."""
        bare = not (self.inside or self.deduct or self.at_least or self.at_most)
        return bare and self.step == 1 and self.mode == "half_up"


@dataclass(frozen=True, slots=True)
class Regime:
    """A lawful way in: an ordered list of charges and the condition under which it is open.

    ``fee_apart``: somebody has to be paid for it whose fee the figure does not hold, so that it is no cheaper for
    looking so: it is an option beside the others, and taken where nothing else is open or where it was asked for.
    """

    id: str
    name: Texts
    exclusive: bool
    when: Condition
    needs: tuple[Texts, ...]
    charges: tuple[ChargeRule, ...]
    fee_apart: bool = False
    # Charges whose amounts other charges of the regime look at, so that they are shared over the items at once.
    counted: frozenset[str] = field(init=False, repr=False, compare=False)
    # Whether what falls on one item does not depend on what is claimed for another.
    is_separable: bool = field(init=False, repr=False, compare=False)
    # Whether it does not depend on which lines the other items are on either.
    is_apart: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out once what every reckoning asks."""
        counted: set[str] = set()
        whole = {rule.id for rule in self.charges if rule.per != "item"}
        crosses, asks = self.when.crosses, False
        for rule in self.charges:
            looks = {*rule.base, *rule.total_with, *rule.when.charges, *rule.of.charges}
            looks = looks.union(*(row.when.charges for row in rule.exempt))
            counted |= looks
            if rule.per == "item":
                conditions = (rule.when, *(row.when for row in rule.exempt))
                crosses |= bool(looks & whole) or any(one.crosses for one in conditions)
                asks |= any(one.asks_others for one in conditions)
        object.__setattr__(self, "counted", frozenset(counted))
        object.__setattr__(self, "is_separable", not crosses)
        object.__setattr__(self, "is_apart", not crosses and not asks)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A condition under which no figure may be given."""

    evidence: Evidence
    when: Condition
    message: Texts
    action: Texts | None


@dataclass(frozen=True, slots=True)
class RestrictionRule:
    """What forbids, conditions or advises goods of a kind.

    ``level``: ``law``, what the ``trade`` asks for in fact, or a voluntary ``signal`` of quality. ``lifts`` says in
    words what ends a prohibition, ``ends`` is the day on which one ends by itself.
    """

    evidence: Evidence
    severity: str
    per: str
    when: Condition
    message: Texts
    action: Texts | None
    ends: date | None
    level: str = "law"
    kind: str = "condition"
    paper: Paper | None = None
    body: Body | None = None
    lifts: Texts | None = None
    lead_time: Texts | None = None
    cost: Texts | None = None

    def concerns(self, chapter: str | None) -> bool:
        """Whether it may hold for goods of an HS chapter (for the consignment with ``None``)."""
        if chapter is None or self.per == "consignment":
            return chapter is None and self.per == "consignment"
        return self.when.chapters is None or chapter in self.when.chapters


@dataclass(frozen=True, slots=True)
class NotIncluded:
    """A cost that the quote does not hold, said to the reader; ``due``: one that surely falls, so that it estimates."""

    id: str
    when: Condition
    text: Texts
    due: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    """Everything the file of one destination says, for all dates."""

    country: str
    # The country whose customs law holds there: its own code, or that of the territory it belongs to.
    territory: str
    name: Texts
    currency: str
    timezone: str
    evidence_from: date
    evidence_until: date
    schedule: str | None
    bands: str | None
    basis: str
    valuation: str
    insurance: str | None
    freight: str | None
    deductible: tuple[str, ...]
    regions: tuple[str, ...]
    column2: frozenset[str]
    facts: FactBook
    lists: Mapping[str, ListRule]
    regimes: tuple[Regime, ...]
    refusals: tuple[Refusal, ...]
    restrictions: tuple[RestrictionRule, ...]
    not_included: tuple[NotIncluded, ...]
    # Every day on which a rule begins, or that follows its last.
    days: frozenset[date] = frozenset()
