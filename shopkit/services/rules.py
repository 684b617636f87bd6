"""The rules laid open: what is in force, what changed between two days, and how well each is known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from landed_cost.rulebook.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from landed_cost import Rulebook
    from landed_cost.rulebook.facts import Evidence
    from landed_cost.rulebook.law import Destination

# What would make a rule better known, by what it is now.
RAISES: Final = {
    "memory": "find any source that says so",
    "conflicting": "settle it with the official text",
    "reported": "find the official text",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One dated rule of a destination. ``kind``: fact, exemption, list, refusal, restriction or agreement."""

    kind: str
    evidence: Evidence
    value: str

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.evidence.id

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same when a rule says something else; one exemption may free from several charges."""
        return self.kind, self.id, self.value if self.kind == "exemption" else ""

    def in_force(self, on: date) -> bool:
        """Return whether the day lies between its first and its last."""
        found = self.evidence
        return (found.since is None or found.since <= on) and (found.until is None or on <= found.until)


@dataclass(frozen=True, slots=True)
class Change:
    """What one rule said on the first day and on the second; ``None`` where it did not apply."""

    kind: str
    id: str
    before: Row | None
    after: Row | None


@dataclass(frozen=True, slots=True)
class Audit:
    """How well a destination is known: rules in force by status, the oldest evidence, and what to better."""

    country: str
    rules: int
    by_status: dict[str, int]
    oldest: date | None
    weak: tuple[tuple[Row, str], ...]


class UnknownRuleError(LookupError):
    """There is no such destination, or no such rule in it; ``near`` are ids to choose from."""

    def __init__(self, message: str, near: tuple[str, ...] = ()) -> None:
        self.near = near
        super().__init__(message)


def rows(rulebook: Rulebook, country: str, rule: str | None = None) -> list[Row]:
    """Return the dated rules of a destination (those of one id, or whose id begins so), in order of id and time."""
    destination = rulebook.destinations.get(country.upper())
    if destination is None:
        known = tuple(sorted(rulebook.destinations))
        raise UnknownRuleError(f"{country}: not covered; there are {', '.join(known)}", known)
    every = sorted(_rows(rulebook, destination), key=lambda row: (row.id, str(row.evidence.since or "")))
    if rule is None:
        return every
    found = [row for row in every if row.id == rule] or [row for row in every if row.id.startswith(rule)]
    if not found:
        raise UnknownRuleError(
            f"{destination.country}: no rule {rule!r}", tuple(dict.fromkeys(row.id for row in every))
        )
    return found


def diff(rulebook: Rulebook, country: str, before: date, after: date) -> list[Change]:
    """Return what changed between two days: rules that began, ended, or say something else."""
    every = rows(rulebook, country)
    then = {row.key: row for row in every if row.in_force(before)}
    now = {row.key: row for row in every if row.in_force(after)}
    return [
        Change(key[0], key[1], then.get(key), now.get(key))
        for key in sorted(then.keys() | now.keys())
        if then.get(key) != now.get(key)
    ]


def audit(rulebook: Rulebook, on: date) -> list[Audit]:
    """Return for each destination how well the rules in force on the day are known, and what would raise each."""
    return [_audit(rulebook, country, on) for country in sorted(rulebook.destinations)]


def _audit(rulebook: Rulebook, country: str, on: date) -> Audit:
    current = list({(row.kind, row.id): row for row in rows(rulebook, country) if row.in_force(on)}.values())
    known = [row.evidence.known_until for row in current if row.evidence.known_until is not None]
    return Audit(
        country=country,
        rules=len(current),
        by_status=dict(sorted(Counter(row.evidence.status for row in current).items())),
        oldest=min(known, default=None),
        weak=tuple((row, raises) for row in current if (raises := _raises(row, on)) is not None),
    )


def _raises(row: Row, on: date) -> str | None:
    found = row.evidence
    if isinstance(found, Fact) and found.value is None and found.unit != "text":
        return "find the figure"
    if found.is_stale(on):
        return f"look again: the evidence reaches {found.known_until}"
    return RAISES.get(found.status)


def _rows(rulebook: Rulebook, destination: Destination) -> Iterator[Row]:
    for fact in destination.facts:
        yield Row("fact", fact, fact.shown())
    for regime in destination.regimes:
        for charge in regime.charges:
            for exemption in charge.exempt:
                yield Row("exemption", exemption.evidence, f"frees from {charge.id}")
    for listed in destination.lists.values():
        size = "to be imported" if listed.imported else f"{len(listed.entries)} codes"
        yield Row("list", listed.evidence, size)
    for refusal in destination.refusals:
        yield Row("refusal", refusal.evidence, refusal.message["en"])
    for restriction in destination.restrictions:
        yield Row("restriction", restriction.evidence, f"{restriction.severity}: {restriction.message['en']}")
    for agreement in rulebook.agreements:
        if destination.country in agreement.members:
            yield Row("agreement", agreement.evidence, agreement.name["en"])
