"""The stored quote, which carries codes, parameters and all languages, as it is read in one language."""

from collections.abc import Mapping
from typing import Any

from landed_cost.messages import Number, render
from landed_cost.model import told

Json = dict[str, Any]


def localise(stored: Mapping[str, Any], language: str, number: Number | None = None) -> Json:
    """Return the stored quote as the response in ``language`` (``es``, ``pt`` or ``en``); the input is not changed.

    ``number`` writes the amounts in sentences as the reader does; without it they have a point, as those outside.
    """
    answer = dict(stored)
    assessment, versions = stored["assessment"], stored["versions"]
    answer["versions"] = versions | {"schedule": told(versions["schedule"], language)}
    answer["assessment"] = assessment | {
        "reasons": [_read_reason(reason, language, number) for reason in assessment["reasons"]]
    }
    answer["charges"] = [_read_charge(charge, language) for charge in stored["charges"]]
    answer["rules"] = [rule_in(rule, language) for rule in stored.get("rules", ())]
    answer["options"] = [
        option | {"name": option["name"][language], "needs": [need[language] for need in option["needs"]]}
        for option in stored["options"]
    ]
    answer["preferences"] = [_read_offer(offer, language, number) for offer in stored["preferences"]]
    answer["restrictions"] = [restriction_in(restriction, language) for restriction in stored["restrictions"]]
    answer["delivery"] = None if stored["delivery"] is None else delivery_in(stored["delivery"], language)
    answer["advisories"] = [_read_advisory(advisory, language, number) for advisory in stored["advisories"]]
    answer["not_included"] = [entry["text"][language] for entry in stored["not_included"]]
    return answer


def _pick(texts: Mapping[str, str] | None, language: str) -> str | None:
    return None if texts is None else texts[language]


def _read_charge(charge: Json, language: str) -> Json:
    """Read a stored charge; where nothing was reckoned, its formula names in words what frees from it."""
    return charge | {
        "name": charge["name"][language],
        "formula": told(charge["formula"], language),
        "rule": rule_in(charge["rule"], language),
    }


def rule_in(rule: Json, language: str) -> Json:
    """Read a stored rule; sources that are named in words of ours are told in the language."""
    if all(isinstance(source["title"], str) for source in rule["sources"]):
        return rule
    return rule | {"sources": _read_sources(rule["sources"], language)}


def _read_sources(sources: list[Json], language: str) -> list[Json]:
    return [source | {"title": told(source["title"], language)} for source in sources]


def _read_reason(reason: Json, language: str, number: Number | None) -> Json:
    message, action = render(reason["code"], reason["params"], language, number)
    return {
        "code": reason["code"],
        "level": reason["level"],
        "message": message,
        "action": action,
        "item": reason["item"],
        "rule": reason["rule"],
    }


def restriction_in(restriction: Json, language: str) -> Json:
    """Read a stored restriction; one of before 2026-11-28 knows nothing of papers."""
    found: Json = {"kind": "condition", "paper": None, "body": None, "lifts": None, "certain": True} | restriction
    return (
        found
        | {key: _pick(found[key], language) for key in ("message", "action", "paper", "lifts")}
        | {"sources": _read_sources(found["sources"], language), "rule": rule_in(found["rule"], language)}
    )


def delivery_in(delivery: Json, language: str) -> Json:
    """Read a stored delivery; of a quote of before 2026-11-28 sources and services are in English alone."""
    return delivery | {
        rows: [
            row | {key: told(row[key], language) for key in ("source", "service") if key in row}
            for row in delivery[rows]
        ]
        for rows in ("services", "legs", "published")
        if rows in delivery
    }


def _read_offer(offer: Json, language: str, number: Number | None) -> Json:
    reason = offer["reason"]
    spoken_of = {"name": offer["name"][language], "proof": offer["proof"][language]}
    if "advice" in offer:  # quotes that were kept before offers carried advice are read as they are
        advice = offer["advice"]
        spoken = render(advice["reason"]["code"], advice["reason"]["params"], language, number)[0]
        spoken_of["advice"] = {"code": advice["code"], "message": spoken}
        spoken_of["still_due"] = [one | {"name": one["name"][language]} for one in offer["still_due"]]
        spoken_of["exempt"] = _pick(offer["exempt"], language)
    return (
        offer
        | spoken_of
        | {
            "reason": None if reason is None else render(reason["code"], reason["params"], language, number)[0],
        }
    )


def _read_advisory(advisory: Json, language: str, number: Number | None) -> Json:
    texts = advisory["texts"]
    message = texts[language] if texts else render(advisory["code"], advisory["params"], language, number)[0]
    return {"code": advisory["code"], "message": message, "amount": advisory["amount"]}
