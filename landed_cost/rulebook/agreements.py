"""Trade agreements: who is in, since when, what paper opens the lower duty and up to what value none is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TypeVar

from landed_cost.currencies import exponent, is_known
from landed_cost.model import Texts
from landed_cost.money import Money
from landed_cost.rulebook.facts import STATUSES, Evidence, fixed_amount, read_evidence
from landed_cost.rulebook.reader import Node

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Waiver:
    """Up to this amount no certification is asked for; ``declared``: the exporter still declares on the invoice."""

    money: Money
    status: str
    declared: bool = False


@dataclass(frozen=True, slots=True)
class FeeExemption:
    """What originating goods do not pay at the border beside duty: the charges it frees from, and the words for it."""

    charges: tuple[str, ...]
    text: Texts
    status: str


@dataclass(frozen=True, slots=True)
class PreferentialRate:
    """What an originating good pays in percent; ``value`` ``None`` is unknown, ``high`` ``None`` the general rate."""

    value: Fraction | None
    low: Fraction
    high: Fraction | None
    status: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """One trade agreement among its members; one that is signed and not in force binds nobody on any day."""

    evidence: Evidence
    name: Texts
    members: Mapping[str, date]
    not_between: frozenset[frozenset[str]]
    us_symbols: frozenset[str]
    rates: Mapping[str, PreferentialRate]
    proof: Texts
    waivers: Mapping[str, Waiver]
    self_declared: bool
    # Members of one side: the agreement is with the other side and gives nothing among them.
    not_among: tuple[frozenset[str], ...] = ()
    fee_exemptions: Mapping[str, FeeExemption] = field(default_factory=dict)
    in_force: bool = True
    id: str = field(init=False)

    def __post_init__(self) -> None:
        """Take out the id, which every quote asks."""
        object.__setattr__(self, "id", self.evidence.id)

    def binds(self, origin: str, destination: str, on: date) -> bool:
        """Whether goods of ``origin`` may claim it in ``destination`` on ``on``."""
        if origin == destination or origin not in self.members or destination not in self.members:
            return False
        pair = frozenset((origin, destination))
        if pair in self.not_between or any(pair <= side for side in self.not_among):
            return False
        begun = max(self.members[origin], self.members[destination])
        return begun <= on and (self.evidence.until is None or on <= self.evidence.until)

    def in_territories(self, within: Mapping[str, str]) -> "Agreement":
        """Return it with the places inside the customs territory of a member, which have all that the member has.

        ``within`` names for each place the country it belongs to. Between the two it gives nothing.
        """
        places = {place: country for place, country in within.items() if country in self.members}
        if not places:
            return self
        return replace(
            self,
            members={**self.members, **{place: self.members[country] for place, country in places.items()}},
            rates={**self.rates, **_moved(self.rates, places)},
            waivers={**self.waivers, **_moved(self.waivers, places)},
            fee_exemptions={**self.fee_exemptions, **_moved(self.fee_exemptions, places)},
            not_among=(*self.not_among, *(frozenset(pair) for pair in places.items())),
        )


def _moved(found: Mapping[str, T], places: Mapping[str, str]) -> dict[str, T]:
    return {place: found[country] for place, country in places.items() if country in found}


def read_agreements(root: Node) -> tuple[Agreement, ...]:
    """Read ``agreements.yaml``: a list of agreements, ids unique."""
    found: dict[str, Agreement] = {}
    for node in root.items():
        agreement = _agreement(node)
        if agreement.id in found:
            raise node.fail(f"agreement {agreement.id} stands twice; ids are unique")
        found[agreement.id] = agreement
        node.done()
    return tuple(found.values())


def _agreement(node: Node) -> Agreement:
    pairs, sides = node.get("not_between"), node.get("not_among")
    node.get("fact")
    # Members without days: signed, and to begin on a day that nobody knows.
    listed, name = node.need("members"), node.need("name").translated()
    signed = isinstance(listed.value, list)
    members = dict.fromkeys(listed.texts(), date.max) if signed else _days(listed)
    return Agreement(
        evidence=read_evidence(node, name),
        name=name,
        members=members,
        not_between=frozenset(frozenset(pair.texts()) for pair in pairs.items()) if pairs else frozenset(),
        us_symbols=frozenset(node.take("us_symbols", Node.texts, ())),
        rates={country: _rate(rate) for country, rate in _open(node.get("rates")).items()},
        proof=node.need("proof").translated(),
        waivers={country: _waiver(waiver) for country, waiver in _open(node.get("waiver")).items()},
        self_declared=node.take("self_declared", Node.flag, default=False),
        not_among=tuple(frozenset(side.texts()) for side in sides.items()) if sides else (),
        fee_exemptions={country: _exemption(one) for country, one in _open(node.get("fee_exemptions")).items()},
        in_force=not signed,
    )


def _days(node: Node) -> dict[str, date]:
    return {country: day.day() for country, day in node.map().items()}


def _open(node: Node | None) -> dict[str, Node]:
    """A map whose keys are data (countries), not names of ours."""
    return {} if node is None else node.map()


def _rate(node: Node) -> PreferentialRate:
    value_node = node.need("value")
    value = None if value_node.value == "unknown" else value_node.number()
    high_node = node.get("high")
    high = None if high_node is None or high_node.value == "general" else high_node.number()
    low = node.take("low", Node.number, value or Fraction(0))
    status = node.need("status").word(*STATUSES)
    node.get("note")
    node.get("sources")
    node.done()
    return PreferentialRate(value, low, high if value is None else value, status)


def _waiver(node: Node) -> Waiver:
    amount, currency = node.need("amount").number(), node.need("currency").text()
    if not is_known(currency):
        raise node.need("currency").fail(f"{currency!r} is no currency of ISO 4217")
    if (amount * 10 ** exponent(currency)).denominator != 1:
        raise node.need("amount").fail(f"{amount} {currency} is finer than the smallest unit of {currency}")
    waiver = Waiver(
        Money(fixed_amount(amount, currency), currency),
        node.need("status").word(*STATUSES),
        node.take("declared", Node.flag, default=False),
    )
    node.get("sources")
    node.get("note")
    node.done()
    return waiver


def _exemption(node: Node) -> FeeExemption:
    found = FeeExemption(
        node.need("charges").texts(), node.need("text").translated(), node.need("status").word(*STATUSES)
    )
    node.get("sources")
    node.get("note")
    node.done()
    return found
