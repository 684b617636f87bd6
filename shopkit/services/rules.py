"""The rules laid open: what is in force, what changed between two days, and how well each is known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from landed_cost.rulebook.facts import Fact, in_all
from landed_cost.rulebook.overlay import OF_TARIFF
from landed_cost.rulebook.reader import LANGUAGES, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from landed_cost import Rulebook
    from landed_cost.model import Texts
    from landed_cost.rulebook.facts import Evidence
    from landed_cost.rulebook.law import ChargeRule, Destination
    from landed_cost.rulebook.origins import Origin

_NEAR: Final = 3
# Kinds of evidence that something would better.
_WEAK: Final = frozenset({"memory", "conflicting", "reported"})


@dataclass(frozen=True, slots=True)
class Row:
    """One dated rule of a country.

    ``kind``: fact, exemption, list, refusal, restriction or agreement of the destination; export fact or export advice
    of the country of dispatch. ``charge`` is what an exemption frees from.
    """

    kind: str
    evidence: Evidence
    value: Texts
    charge: str = ""

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.evidence.id

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same when a rule says something else; one exemption may free from several charges."""
        return self.kind, self.id, self.charge

    def in_force(self, on: date) -> bool:
        """Return whether the day lies between its first and its last."""
        found = self.evidence
        return (found.since is None or found.since <= on) and (found.until is None or on <= found.until)


@dataclass(frozen=True, slots=True)
class Change:
    """What one rule said on the first day and on the second; ``None`` where it did not apply.

    ``day`` is the first day on which it says what it says on the second, where that is known.
    """

    kind: str
    id: str
    before: Row | None
    after: Row | None

    @property
    def day(self) -> date | None:
        """The day on which what it says after began, or that follows its last."""
        if self.after is not None:
            return self.after.evidence.since
        until = self.before.evidence.until if self.before is not None else None
        return None if until is None else until + timedelta(days=1)

    @property
    def what(self) -> Texts:
        """What the rule is about."""
        row = self.after or self.before
        return in_all("") if row is None else row.evidence.what


@dataclass(frozen=True, slots=True)
class Audit:
    """How well a destination is known: rules in force by status, the oldest evidence, and what to better."""

    country: str
    rules: int
    by_status: dict[str, int]
    oldest: date | None
    weak: tuple[tuple[Row, Texts], ...]


class UnknownRuleError(LookupError):
    """There is no such destination, or no such rule in it; the message says which there are."""


def rows(rulebook: Rulebook, country: str, rule: str | None = None) -> list[Row]:
    """Return the dated rules of a destination (those of one id, or whose id begins so), in order of id and time."""
    destination = rulebook.destinations.get(country.upper())
    if destination is None:
        known = tuple(sorted(rulebook.destinations))
        raise UnknownRuleError(f"{country}: not covered; there are {', '.join(known)}")
    every = sorted(_rows(rulebook, destination), key=lambda row: (row.id, str(row.evidence.since or "")))
    if rule is None:
        return every
    found = [row for row in every if row.id == rule] or [row for row in every if row.id.startswith(rule)]
    if not found:
        raise UnknownRuleError(_why_not(rule, destination.country, {row.id for row in every}))
    return found


def _why_not(rule: str, country: str, known: set[str]) -> str:
    if OF_TARIFF.fullmatch(rule):
        # Answers name them as they name rules.
        return f"{rule}: rates of the tariff and of bands are no dated rules; an answer has their source"
    near = ", ".join(get_close_matches(rule, sorted(known), n=_NEAR))
    hint = f"nearest: {near}" if near else f"shopkit rules show {country} lists all"
    return f"{country}: no rule {rule!r}; {hint}"


def diff(rulebook: Rulebook, country: str, before: date, after: date) -> list[Change]:
    """Return what changed between two days: rules that began, ended, or say something else."""
    return _between(rows(rulebook, country), before, after)


def changes_since(rulebook: Rulebook, country: str, since: date, until: date) -> list[Change]:
    """Return every change of a destination's rules after the day ``since``, up to ``until``, in order of time.

    Unlike :func:`diff`, which sets two days side by side, a rule that changed twice stands twice, and one that began
    and ended in between stands with both. ``UnknownRuleError`` for a destination that is not covered.
    """
    every = rows(rulebook, country)
    begun = {row.evidence.since for row in every if row.evidence.since is not None}
    begun |= {row.evidence.until + timedelta(days=1) for row in every if row.evidence.until is not None}
    days = sorted(day for day in begun if since < day <= until)
    return [change for day in days for change in _between(every, day - timedelta(days=1), day)]


def _between(every: list[Row], before: date, after: date) -> list[Change]:
    then = {row.key: row for row in every if row.in_force(before)}
    now = {row.key: row for row in every if row.in_force(after)}
    return [
        Change(key[0], key[1], then.get(key), now.get(key))
        for key in sorted(then.keys() | now.keys())
        if then.get(key) != now.get(key)
    ]


def audit(rulebook: Rulebook, on: date) -> list[Audit]:
    """Return for each destination how well the rules in force on the day are known, and what would raise each."""
    return [audit_of(rulebook, country, on) for country in sorted(rulebook.destinations)]


def audit_of(rulebook: Rulebook, country: str, on: date) -> Audit:
    """Return how well the rules of one destination that are in force on the day are known."""
    current = list({(row.kind, row.id): row for row in rows(rulebook, country) if row.in_force(on)}.values())
    known = [row.evidence.known_until for row in current if row.evidence.known_until is not None]
    return Audit(
        country=country,
        rules=len(current),
        by_status=dict(sorted(Counter(row.evidence.status for row in current).items())),
        oldest=min(known, default=None),
        weak=tuple((row, raises) for row in current if (raises := _raises(row, on)) is not None),
    )


def _raises(row: Row, on: date) -> Texts | None:
    found = row.evidence
    if isinstance(found, Fact) and found.value is None and found.unit != "text":
        return _words()["raises.figure"]
    if found.is_stale(on):
        return _filled("raises.again", day=str(found.known_until))
    return _words()[f"raises.{found.status}"] if found.status in _WEAK else None


@cache
def _words() -> Mapping[str, Texts]:
    text = files("shopkit.services").joinpath("rules.yaml").read_text("utf-8")
    return {key: node.translated() for key, node in read_text(text, "rules.yaml").map().items()}


def _filled(key: str, **values: str) -> Texts:
    return {language: text.format(**values) for language, text in _words()[key].items()}


def _frees(charge: ChargeRule) -> Texts:
    return {language: text.format(charge=charge.name[language]) for language, text in _words()["frees"].items()}


def _begun(word: str, texts: Texts) -> Texts:
    return {language: f"{_words()[word][language]}: {text}" for language, text in texts.items()}


def _shown(fact: Fact) -> Texts:
    return {language: fact.shown(language) for language in LANGUAGES}


def _rows(rulebook: Rulebook, destination: Destination) -> Iterator[Row]:
    for fact in destination.facts:
        yield Row("fact", fact, _shown(fact))
    for regime in destination.regimes:
        for charge in regime.charges:
            for exemption in charge.exempt:
                yield Row("exemption", exemption.evidence, _frees(charge), charge.id)
    for listed in destination.lists.values():
        size = _filled("one_code" if len(listed.entries) == 1 else "codes", count=str(len(listed.entries)))
        yield Row("list", listed.evidence, _words()["to_import"] if listed.imported else size)
    for refusal in destination.refusals:
        yield Row("refusal", refusal.evidence, refusal.message)
    for restriction in destination.restrictions:
        yield Row("restriction", restriction.evidence, _begun(restriction.severity, restriction.message))
    for agreement in rulebook.agreements:
        if destination.country in agreement.members:
            yield Row("agreement", agreement.evidence, agreement.name)
    yield from _export_rows(rulebook.origins.get(destination.country))


def _export_rows(origin: Origin | None) -> Iterator[Row]:
    if origin is not None:
        for fact in origin.facts:
            yield Row("export fact", fact, _shown(fact))
        for advice in origin.advisories:
            yield Row("export advice", advice.evidence, _begun(advice.kind, advice.message))
