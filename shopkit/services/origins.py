"""Where one can send from: the countries whose export side is known, and the guide of each, from the quotes' rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopkit.services.destinations import DestinationNotCoveredError, applies, evidence_json, pick

if TYPE_CHECKING:
    from shopkit.services.context import Services
    from shopkit.services.destinations import Json


def list_origins(services: Services, language: str) -> Json:
    """Return the countries of dispatch whose export side is known, by name."""
    rulebook = services.rulebook
    found = [{"country": country, "name": one.name[language]} for country, one in rulebook.origins.items()]
    return {"rulebook": rulebook.version, "origins": sorted(found, key=lambda entry: str(entry["name"]))}


def get_origin(services: Services, country: str, language: str) -> Json:
    """Return the export side of a country as of today; ``DestinationNotCoveredError`` where it is not known."""
    rulebook = services.rulebook
    found = rulebook.origins.get(country)
    if found is None:
        raise DestinationNotCoveredError(country)
    on = services.today(country)
    return {
        "rulebook": rulebook.version,
        "as_of": on.isoformat(),
        "country": country,
        "name": found.name[language],
        "simplified": [
            {
                "id": one.id,
                "name": one.name[language],
                "channels": sorted(one.scope.channels),
                "destinations": sorted(one.scope.destinations),
                "destinations_not": sorted(one.scope.destinations_not),
                "limits": [
                    {"comparison": limit.comparison, "rule": limit.fact}
                    for limit in (one.scope.goods, one.scope.weight)
                    if limit is not None
                ],
                "files": one.files[language],
                "excludes": pick(one.excludes, language),
            }
            for one in found.simplified
        ],
        "rules": [
            {"id": fact.id, "what": fact.what[language], "value": fact.shown(language)} | evidence_json(fact, language)
            for fact in found.facts
            if fact.in_force(on)
        ],
        "advisories": [
            {"id": one.evidence.id, "kind": one.kind, "message": one.message[language]}
            | evidence_json(one.evidence, language)
            for one in found.advisories
            if applies(one.evidence, on)
        ],
    }
