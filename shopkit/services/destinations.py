"""Where one can sell to: the covered destinations, and the guide of each, from the same rules as the quotes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from landed_cost.model import told
from landed_cost.serialise import body_to_dict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from landed_cost import Rulebook
    from landed_cost.rulebook.book import Law
    from landed_cost.rulebook.facts import Evidence
    from landed_cost.rulebook.law import ChargeRule, Destination, RestrictionRule
    from shopkit.services.context import Services

Json = dict[str, Any]


class DestinationNotCoveredError(LookupError):
    """No rules are known for this country."""


def version_tag(rulebook: Rulebook, *more: str) -> str:
    """Return a short tag that changes whenever an answer out of the rulebook may: an ``ETag`` without quotes."""
    parts = [rulebook.version, str(rulebook.rates.as_of), *more]
    parts += [_schedule(rulebook, country) or "" for country in sorted(rulebook.destinations)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def list_destinations(services: Services, language: str) -> Json:
    """Return the covered destinations by the name they have in the language."""
    rulebook = services.rulebook
    found = [_summary(rulebook, one, language) for one in rulebook.destinations.values()]
    return {"rulebook": rulebook.version, "destinations": sorted(found, key=lambda entry: str(entry["name"]))}


def get_destination(services: Services, country: str, language: str) -> Json:
    """Return the guide of one destination as of today there; ``DestinationNotCoveredError`` for others."""
    rulebook = services.rulebook
    found = rulebook.destinations.get(country)
    if found is None:
        raise DestinationNotCoveredError(country)
    on = services.today(country)
    law = rulebook.at(country, on)
    return _summary(rulebook, found, language) | {
        "rulebook": rulebook.version,
        "as_of": on.isoformat(),
        "timezone": found.timezone,
        "valuation": found.basis,
        "regions": list(found.regions),
        "regimes": [
            {
                "id": regime.id,
                "name": regime.name[language],
                "exclusive": regime.exclusive,
                "needs": [need[language] for need in regime.needs],
                "charges": [
                    {"id": charge.id, "kind": charge.kind, "name": charge.name[language], "per": charge.per}
                    | _figure(law, charge, language)
                    for charge in law.live(regime)
                ],
            }
            for regime in found.regimes
        ],
        "rules": [
            {"id": fact.id, "what": fact.what[language], "value": fact.shown(language)} | evidence_json(fact, language)
            for fact in found.facts
            if fact.in_force(on)
        ],
        "restrictions": [
            requirement(rule, language) | evidence_json(rule.evidence, language)
            for rule in found.restrictions
            if applies(rule.evidence, on)
        ],
        "refusals": [
            {"id": rule.evidence.id, "message": rule.message[language], "action": pick(rule.action, language)}
            | evidence_json(rule.evidence, language)
            for rule in found.refusals
            if applies(rule.evidence, on)
        ],
        "agreements": [
            {
                "id": agreement.id,
                "name": agreement.name[language],
                "in_force": agreement.in_force,
                "members": sorted(agreement.members),
                "proof": agreement.proof[language],
            }
            | evidence_json(agreement.evidence, language)
            for agreement in rulebook.agreements
            if country in agreement.members and applies(agreement.evidence, on)
        ],
        "not_included": [entry.text[language] for entry in found.not_included],
    }


def _figure(law: Law, charge: ChargeRule, language: str) -> Json:
    """Return the rate or amount of a charge on the day, or by what it differs (schedule, origin, region, key)."""
    source = charge.rate
    name = charge.amount if source is None else source.name if source.kind == "fact" else None
    if name is None:
        return {"figure": None, "by": None if source is None else source.kind.removeprefix("by_")}
    state, fact = law.fact(name)
    return {"figure": None if state == "unknown" else fact.shown(language), "by": None}


def requirement(rule: RestrictionRule, language: str) -> Json:
    """Return what a restriction says and the paper that it asks for, without its evidence."""
    paper, body = rule.paper, rule.body
    return {
        "id": rule.evidence.id,
        "severity": rule.severity,
        "level": rule.level,
        "kind": rule.kind,
        "message": rule.message[language],
        "action": pick(rule.action, language),
        "lifts": pick(rule.lifts, language),
        "paper": None
        if paper is None
        else {
            "id": paper.id,
            "name": paper.name[language],
            "form": pick(paper.form, language),
            "validity": pick(paper.validity, language),
            "national": paper.national,
            "per_shipment": paper.per_shipment,
        },
        "body": None if body is None else body_to_dict(body),
        "lead_time": pick(rule.lead_time, language),
        "cost": pick(rule.cost, language),
    }


def _summary(rulebook: Rulebook, found: Destination, language: str) -> Json:
    return {
        "country": found.country,
        "name": found.name[language],
        "currency": found.currency,
        "evidence_from": found.evidence_from.isoformat(),
        "evidence_until": found.evidence_until.isoformat(),
        "schedule": _schedule(rulebook, found.country),
        "needs_region": bool(found.regions),
    }


def _schedule(rulebook: Rulebook, country: str) -> str | None:
    found = rulebook.schedule(country)
    return None if found is None else found.edition.title


def evidence_json(evidence: Evidence, language: str) -> Json:
    """Return how well a rule is known, and its days."""
    return {
        "heading": evidence.heading,
        "from": None if evidence.since is None else evidence.since.isoformat(),
        "to": None if evidence.until is None else evidence.until.isoformat(),
        "known_until": None if evidence.known_until is None else evidence.known_until.isoformat(),
        "status": evidence.status,
        "sources": [{"title": told(source.title, language), "url": source.url} for source in evidence.sources],
    }


def applies(evidence: Evidence, on: date) -> bool:
    """Return whether a day lies between the first and the last of a rule."""
    return (evidence.since is None or evidence.since <= on) and (evidence.until is None or on <= evidence.until)


def pick(texts: Mapping[str, str] | None, language: str) -> str | None:
    """Return a text in one language, if there is one."""
    return None if texts is None else texts[language]
