"""Holes: days on which nothing is said of a figure that the law asks for.

A rule that ended, one that is unknown and one that charges nothing are all said. What is not said would be read as *not
in force*, and a tax would be left out in silence. Between and after its rows the reader of facts sees to it; here it
is seen to before the first, from the day on which a destination's evidence begins.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from landed_cost.rulebook.facts import Fact
from landed_cost.rulebook.law import ChargeRule, Destination, Refusal, RestrictionRule
from landed_cost.rulebook.reader import RulebookError

_BY_REGION: Final = "by_region"


def check_holes(destination: Destination) -> None:
    """Complain about the first figure that a rule asks for and of which nothing is said on some days."""
    for asker, id_ in _asked(destination):
        _check(destination.facts.rows(id_)[0], id_, asker, destination.evidence_from)
    groups = {
        charge.rate.name: charge.id
        for charge in _charges(destination)
        if charge.rate and charge.rate.kind == _BY_REGION
    }
    for group, asker in groups.items():
        # A rate by origin or by list leaves out whom the law does not name; one by region has to reach every region.
        earliest: dict[str, Fact] = {}
        for row in destination.facts.group_rows(group):
            for region in row.region:
                if region not in earliest or (row.since or date.min) < (earliest[region].since or date.min):
                    earliest[region] = row
        for region, row in sorted(earliest.items()):
            _check(row, f"{row.id} in {region}", f"charge {asker}", destination.evidence_from)


def _check(first: Fact, name: str, asker: str, begins: date) -> None:
    if first.since is not None and first.since > begins and first.before is None:
        last = first.since - timedelta(days=1)
        raise RulebookError(
            first.where,
            f"{name}: nothing is said from {begins} to {last}, and {asker} asks for it; "
            "add before: none if there was no such rule yet, or before: unknown",
        )


def _charges(destination: Destination) -> Iterator[ChargeRule]:
    return (charge for regime in destination.regimes for charge in regime.charges)


def _asked(destination: Destination) -> Iterator[tuple[str, str]]:
    """Every fact that is asked for on any day, and by what."""
    for part in (destination.valuation, destination.insurance, destination.freight):
        if part is not None:
            yield "valuation", part
    for regime in destination.regimes:
        yield from ((f"regime {regime.id}", id_) for id_ in sorted(regime.when.limits))
        for charge in regime.charges:
            yield from ((f"charge {charge.id}", id_) for id_ in _of_charge(charge))
    rows: tuple[Refusal | RestrictionRule, ...] = (*destination.refusals, *destination.restrictions)
    for row in rows:
        yield from ((row.evidence.id, id_) for id_ in sorted(row.when.limits))


def _of_charge(charge: ChargeRule) -> Iterator[str]:
    named = [charge.amount, charge.by_most, charge.deduct, charge.at_least, charge.at_most]
    rate = charge.rate
    if rate is not None:
        named.append(rate.fallback)
        if rate.kind == "fact":
            named.append(rate.name)
    for condition in (charge.when, charge.of, *(free.when for free in charge.exempt)):
        named += sorted(condition.limits)
    yield from (id_ for id_ in named if id_ is not None)
