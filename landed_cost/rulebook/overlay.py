"""What if: figures that are supposed for certain days, laid over the law without touching it.

An overlay changes what single facts say; it adds no rule and takes none away, so whatever asks for the fact asks for
the supposed figure instead. Every answer under it is marked, and at most *estimated*: it is no statement about the law.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from landed_cost.currencies import exponent, is_known
from landed_cost.model import Quote, Reason, Source
from landed_cost.rulebook.facts import ASSUMED, Fact, FactBook
from landed_cost.rulebook.law import Destination

if TYPE_CHECKING:
    from landed_cost.rulebook.book import Rulebook

_DAY: Final = timedelta(days=1)
_NEAREST: Final = 3
# A band of duty or a line of an official tariff, as a charge cites it: no dated rule, so there is none to lay over.
OF_TARIFF: Final = re.compile(r"[a-z]{2}\.(band|hts|tariff)\.[0-9][0-9.]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Supposed:
    """One figure that is supposed: ``value`` in the fact's own unit, from ``since`` to ``until`` (``None``: always).

    ``unit`` is what the one who supposes it took the unit for; ``None`` where that was not said.
    """

    fact: str
    value: Fraction
    text: str
    since: date | None = None
    until: date | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Overlay:
    """Supposed figures under one name, which every answer under them carries."""

    name: str
    supposed: tuple[Supposed, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a supposed figure: of which fact, in which part of it (empty: the fact itself)."""

    fact: str
    part: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


class OverlayError(ValueError):
    """The overlay does not fit the rulebook; ``faults`` lists everything that is wrong."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{one.fact}: {one.code} {dict(one.params)}" for one in faults))
        self.faults = faults


def faults(overlay: Overlay, rulebook: "Rulebook") -> Iterator[Fault]:
    """Find everything that does not fit: facts that do not exist, other units, figures that no law could have."""
    for one in overlay.supposed:
        rows = [
            row
            for destination in rulebook.destinations.values()
            if one.fact in destination.facts
            for row in destination.facts.rows(one.fact)
        ]
        if not rows and OF_TARIFF.fullmatch(one.fact):
            yield Fault(one.fact, "", "what_if.tariff", {"fact": one.fact[:64]})
        elif not rows:
            yield Fault(
                one.fact, "", "what_if.unknown_fact", {"fact": one.fact[:64], "known": _near(one.fact, rulebook)}
            )
        elif rows[0].unit == "text":
            yield Fault(one.fact, "", "what_if.text", rows[0].said)
        else:
            yield from _misfits(one, rows[0], rulebook)


def _misfits(one: Supposed, row: Fact, rulebook: "Rulebook") -> Iterator[Fault]:
    if one.unit is not None and one.unit != row.unit:
        yield Fault(one.fact, "unit", "what_if.unit", {"unit": one.unit, "expected": row.unit})
    if one.since is not None and one.until is not None and one.until < one.since:
        yield Fault(one.fact, "to", "what_if.days", {"from": str(one.since), "to": str(one.until)})
    if is_known(row.unit) and (one.value * 10 ** exponent(row.unit)).denominator != 1:
        yield Fault(one.fact, "value", "what_if.too_fine", {"value": one.text, "unit": row.unit})
    if row.unit in ("percent", "per_mille") and row.ratio(one.value) >= 1 and _is_inside(row, rulebook):
        yield Fault(one.fact, "value", "what_if.whole", {"value": one.text})


def _is_inside(row: Fact, rulebook: "Rulebook") -> bool:
    """Whether a charge holds this rate in its own base, which nothing could hold from 100 % on."""
    charges = (
        charge
        for destination in rulebook.destinations.values()
        for regime in destination.regimes
        for charge in regime.charges
    )
    return any(
        charge.inside and charge.rate is not None and charge.rate.name in (row.id, row.group) for charge in charges
    )


def _near(wanted: str, rulebook: "Rulebook") -> str:
    # Imported where something is wrong.
    from rapidfuzz import process  # noqa: PLC0415

    known = sorted({fact.id for destination in rulebook.destinations.values() for fact in destination.facts})
    return ", ".join(found for found, *_ in process.extract(wanted[:64], known, limit=_NEAREST))


def lay_over(destination: Destination, overlay: Overlay) -> Destination:
    """Return the law of a destination with the supposed figures in it; the same object where none concerns it."""
    mine = [one for one in overlay.supposed if one.fact in destination.facts]
    if not mine:
        return destination
    facts, days = destination.facts, set(destination.days)
    for one in mine:
        rows = facts.rows(one.fact)
        laid = _lay_over(rows, facts.at(one.fact, one.since or destination.evidence_from)[1], one, overlay.name)
        facts = FactBook([row for row in facts if row.id != one.fact] + laid)
        days |= {row.since for row in laid if row.since} | {row.until + _DAY for row in laid if row.until}
    return replace(destination, facts=facts, days=frozenset(days))


def _lay_over(rows: list[Fact], model: Fact, one: Supposed, name: str) -> list[Fact]:
    """Return the rows of a fact with the supposed one among them; those it meets are cut, or gone where covered."""
    first, last = one.since or date.min, one.until or date.max
    laid = []
    for row in rows:
        since, until = row.since or date.min, row.until or date.max
        if since < first:
            laid.append(row if until < first else replace(row, until=first - _DAY))
        if until > last:
            laid.append(row if since > last else replace(row, since=last + _DAY))
    laid.append(
        replace(
            model,
            value=one.value,
            text=one.text,
            low=None,
            high=None,
            since=one.since,
            until=one.until,
            # Nothing is said of the days after a figure that is supposed for a while, unless the law goes on.
            then=None if one.until is None else model.then or "ended",
            status=ASSUMED,
            known_until=None,
            sources=(Source(name, ""),),
            source_count=1,
            heading=None,
            note=None,
        )
    )
    laid.sort(key=lambda row: row.since or date.min)
    before = min(rows, key=lambda row: row.since or date.min).before
    return [replace(row, before=None if index else before) for index, row in enumerate(laid)]


def marked(answer: Quote, overlay: Overlay) -> Quote:
    """Return an answer under an overlay as what it is: hypothetical, and at most *estimated*."""
    reason = Reason("overlay.hypothetical", "estimated", {"name": overlay.name})
    return answer._replace(
        outcome="estimated" if answer.outcome == "complete" else answer.outcome,
        reasons=(reason, *answer.reasons) if answer.outcome != "refused" else (*answer.reasons, reason),
        versions=answer.versions._replace(overlay=overlay.name),
    )
