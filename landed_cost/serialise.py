"""The quote as JSON: what is stored carries codes, parameters and all languages; what is read carries one language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from landed_cost import beside
from landed_cost.advice import advise
from landed_cost.currencies import exponent
from landed_cost.delivery.legs import Delivery
from landed_cost.messages import render
from landed_cost.model import (
    Advisory,
    Body,
    Charge,
    Option,
    PreferenceOffer,
    Quote,
    Reason,
    Restriction,
    RuleRef,
    Source,
    Totals,
    told,
)
from landed_cost.money import Money, decimal_text
from landed_cost.rates import ExchangeRate

Json = dict[str, Any]


def to_dict(quote: Quote) -> Json:
    """Return the quote as plain JSON values, texts in every language, ready to be stored.

    The keys are those of the response, but that ``message`` and ``action`` of a reason are not there yet:
    :func:`localise` writes them on reading.
    """
    digits = exponent(quote.currency)

    def text(minor: int | None) -> str | None:
        return None if minor is None else decimal_text(minor, digits)

    return {
        "date": quote.date.isoformat(),
        "valid_until": quote.valid_until.isoformat(),
        "versions": {
            "rulebook": quote.versions.rulebook,
            "schedule": quote.versions.schedule,
            "rates": quote.versions.rates,
        }
        | ({} if quote.versions.overlay is None else {"overlay": quote.versions.overlay}),
        "assessment": {
            "outcome": quote.outcome,
            "evidence": quote.evidence,
            "reasons": [_reason(reason) for reason in quote.reasons],
        },
        "currency": quote.currency,
        "regime": quote.regime,
        "totals": {name: text(getattr(quote.totals, name)) for name in Totals._fields},
        "range": {name: {"low": text(low), "high": text(high)} for name, (low, high) in quote.ranges.items()},
        "charges": [_charge(charge, digits) for charge in quote.charges],
        "rules": [rule_to_dict(rule) for rule in quote.rules],
        "options": [_option(option, digits) for option in quote.options],
        "preferences": [_offer(offer, quote) for offer in quote.preferences],
        "restrictions": [_restriction(restriction) for restriction in quote.restrictions],
        "exchange_rates": [_exchange_rate(rate) for rate in quote.exchange_rates],
        "delivery": None if quote.delivery is None else _estimated(quote.delivery),
        "freight_basis": None if quote.freight_basis is None else quote.freight_basis.to_dict(),
        "advisories": [_advisory(advisory) for advisory in (*quote.advisories, *beside.of_quote(quote))],
        "not_included": [{"id": id_, "text": dict(texts)} for id_, texts in quote.not_included],
    }


def localise(stored: Mapping[str, Any], language: str) -> Json:
    """Return the stored quote as the response in ``language`` (``es``, ``pt`` or ``en``); the input is not changed."""
    answer = dict(stored)
    assessment, versions = stored["assessment"], stored["versions"]
    answer["versions"] = versions | {"schedule": told(versions["schedule"], language)}
    answer["assessment"] = assessment | {
        "reasons": [_read_reason(reason, language) for reason in assessment["reasons"]]
    }
    answer["charges"] = [_read_charge(charge, language) for charge in stored["charges"]]
    answer["rules"] = [_read_rule(rule, language) for rule in stored.get("rules", ())]
    answer["options"] = [
        option | {"name": option["name"][language], "needs": [need[language] for need in option["needs"]]}
        for option in stored["options"]
    ]
    answer["preferences"] = [_read_offer(offer, language) for offer in stored["preferences"]]
    answer["restrictions"] = [_read_restriction(restriction, language) for restriction in stored["restrictions"]]
    answer["delivery"] = _read_delivery(stored["delivery"], language)
    answer["advisories"] = [_read_advisory(advisory, language) for advisory in stored["advisories"]]
    answer["not_included"] = [entry["text"][language] for entry in stored["not_included"]]
    return answer


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _money(money: Money | None) -> Json | None:
    return None if money is None else {"amount": money.text, "currency": money.currency}


def _source(source: Source) -> Json:
    return {"title": source.title, "url": source.url}


class _Cited:
    """A rule with its JSON and what was made of that: as it is read in a language, and what it restricts."""

    __slots__ = ("json", "read", "restricting", "rule")

    def __init__(self, rule: RuleRef) -> None:
        self.rule = rule
        self.json = _rule_json(rule)
        self.read: dict[str, Json] = {}
        # By severity and certainty, and by the language too where one was chosen; of no item.
        self.restricting: dict[tuple[str, ...], Json] = {}


# Rules belong to the rulebook and are cited by every answer that rests on them; their JSON is made once. They are found
# by the rule and by the JSON. An id is used again once its object is gone, so the object itself is kept and compared.
_BY_RULE: dict[int, _Cited] = {}
_BY_JSON: dict[int, _Cited] = {}
_KEPT_RULES = 20_000


def rule_to_dict(rule: RuleRef) -> Json:
    """Return a rule as JSON; made once for each, and not to be changed."""
    return _cited(rule).json


def _cited(rule: RuleRef) -> _Cited:
    found = _BY_RULE.get(id(rule))
    if found is None or found.rule is not rule:
        if len(_BY_RULE) >= _KEPT_RULES:
            _BY_RULE.clear()
            _BY_JSON.clear()
        found = _BY_RULE[id(rule)] = _Cited(rule)
        _BY_JSON[id(found.json)] = found
    return found


def _citing(rule: Json) -> _Cited | None:
    """Return the rule whose JSON this is; ``None`` for JSON that was kept and read again."""
    found = _BY_JSON.get(id(rule))
    return found if found is not None and found.json is rule else None


class _Told:
    """An estimate of days with its JSON, and that as it is read in a language."""

    __slots__ = ("delivery", "json", "read")

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.json = delivery.to_dict()
        self.read: dict[str, Json] = {}


# The estimate of a way and a day is kept by who makes it; its JSON is kept as that of a rule is, and not to be changed.
_BY_DELIVERY: dict[int, _Told] = {}
_BY_DAYS: dict[int, _Told] = {}
_KEPT_DELIVERIES = 2_000


def _estimated(delivery: Delivery) -> Json:
    found = _BY_DELIVERY.get(id(delivery))
    if found is None or found.delivery is not delivery:
        if len(_BY_DELIVERY) >= _KEPT_DELIVERIES:
            _BY_DELIVERY.clear()
            _BY_DAYS.clear()
        found = _BY_DELIVERY[id(delivery)] = _Told(delivery)
        _BY_DAYS[id(found.json)] = found
    return found.json


def _rule_json(rule: RuleRef) -> Json:
    return {
        "id": rule.id,
        "heading": rule.heading,
        "sources": [_source(source) for source in rule.sources],
        "from": _day(rule.since),
        "to": _day(rule.until),
        "known_until": _day(rule.known_until),
        "status": rule.status,
    }


def _reason(reason: Reason) -> Json:
    return {
        "code": reason.code,
        "level": reason.level,
        "params": dict(reason.params),
        "item": reason.item,
        "rule": reason.rule,
    }


def _range(bounds: tuple[int, int | None] | None, digits: int) -> Json | None:
    if bounds is None:
        return None
    low, high = bounds
    return {"low": decimal_text(low, digits), "high": None if high is None else decimal_text(high, digits)}


def _charge(charge: Charge, digits: int) -> Json:
    return {
        "id": charge.id,
        "kind": charge.kind,
        "covers": list(charge.covers),
        "item": charge.item,
        "name": dict(charge.name),
        "amount": decimal_text(charge.amount, digits),
        "currency": charge.currency,
        "local": _money(charge.local),
        "base": None if charge.base is None else charge.base.text,
        "rate": charge.rate,
        "formula": charge.formula if isinstance(charge.formula, str) else dict(charge.formula),
        "payer": charge.payer,
        "collected": charge.collected,
        "range": _range(charge.range, digits),
        "allocation": [{"item": item, "amount": decimal_text(part, digits)} for item, part in charge.allocation],
        "rule": rule_to_dict(charge.rule),
    }


def _option(option: Option, digits: int) -> Json:
    charges = option.import_charges
    return {
        "regime": option.regime,
        "name": dict(option.name),
        "lawful": option.lawful,
        "chosen": option.chosen,
        "import_charges": None if charges is None else decimal_text(charges, digits),
        "needs": [dict(need) for need in option.needs],
    }


def _offer(offer: PreferenceOffer, quote: Quote) -> Json:
    digits = exponent(quote.currency)
    advised = advise(offer, quote.preferences, quote.charges, quote.currency)
    value = None if offer.weighed is None else offer.weighed.break_even
    return {
        "item": offer.item,
        "agreement": offer.agreement,
        "name": dict(offer.name),
        "available": offer.available,
        "claimed": offer.claimed,
        "best": offer.best,
        "saving": None if offer.saving is None else decimal_text(offer.saving, digits),
        "saved": dict(
            zip(("duties", "taxes", "fees"), [decimal_text(part, digits) for part in offer.saved], strict=True)
        ),
        "still_due": [
            {"id": id_, "name": dict(name), "amount": decimal_text(amount, digits)}
            for id_, name, amount in offer.still_due
        ],
        "exempt": None if offer.exempt is None else dict(offer.exempt),
        "proof": dict(offer.proof),
        "paper": offer.paper,
        "waiver": _money(offer.waiver),
        "waived": offer.waived,
        "break_even": None if value is None else decimal_text(value, digits),
        "advice": {"code": advised.code, "reason": _reason(advised.reason)},
        "reason": None if offer.reason is None else _reason(offer.reason),
    }


def _restriction(restriction: Restriction) -> Json:
    # All that a restriction says but the item comes from its rule; whether it is certain may change how severe it is.
    cited, key = _cited(restriction.rule), (restriction.severity, str(restriction.certain))
    found = cited.restricting.get(key)
    if found is None:
        found = cited.restricting[key] = _restriction_json(restriction._replace(item=None))
    return found if restriction.item is None else found | {"item": restriction.item}


def _restriction_json(restriction: Restriction) -> Json:
    return {
        "id": restriction.id,
        "severity": restriction.severity,
        "item": restriction.item,
        "until": _day(restriction.until),
        "message": dict(restriction.message),
        "action": None if restriction.action is None else dict(restriction.action),
        "kind": restriction.kind,
        "paper": None if restriction.paper is None else dict(restriction.paper),
        "body": None if restriction.body is None else body_to_dict(restriction.body),
        "lifts": None if restriction.lifts is None else dict(restriction.lifts),
        "certain": restriction.certain,
        "sources": [_source(source) for source in restriction.rule.sources],
        "rule": rule_to_dict(restriction.rule),
    }


def body_to_dict(body: Body) -> Json:
    """Return who gives a paper, as JSON."""
    return {"name": body.name, "country": body.country, "url": body.url}


def _exchange_rate(rate: ExchangeRate) -> Json:
    return {
        "from": rate.base,
        "to": rate.quote,
        "rate": str(rate.rate),
        "date": rate.date.isoformat(),
        "source": rate.source,
        "kind": rate.kind,
    }


def _advisory(advisory: Advisory) -> Json:
    return {
        "code": advisory.code,
        "params": dict(advisory.params),
        "texts": None if advisory.texts is None else dict(advisory.texts),
        "amount": _money(advisory.amount),
    }


def _pick(texts: Mapping[str, str] | None, language: str) -> str | None:
    return None if texts is None else texts[language]


def _read_charge(charge: Json, language: str) -> Json:
    """Read a stored charge; where nothing was reckoned, its formula names in words what frees from it."""
    return charge | {
        "name": charge["name"][language],
        "formula": told(charge["formula"], language),
        "rule": _read_rule(charge["rule"], language),
    }


def _read_rule(rule: Json, language: str) -> Json:
    cited = _citing(rule)
    if cited is None:
        return _rule_in(rule, language)
    found = cited.read.get(language)
    if found is None:
        found = cited.read[language] = _rule_in(rule, language)
    return found


def _rule_in(rule: Json, language: str) -> Json:
    if all(isinstance(source["title"], str) for source in rule["sources"]):
        return rule
    return rule | {"sources": _read_sources(rule["sources"], language)}


def _read_sources(sources: list[Json], language: str) -> list[Json]:
    return [source | {"title": told(source["title"], language)} for source in sources]


def _read_reason(reason: Json, language: str) -> Json:
    message, action = render(reason["code"], reason["params"], language)
    return {
        "code": reason["code"],
        "level": reason["level"],
        "message": message,
        "action": action,
        "item": reason["item"],
        "rule": reason["rule"],
    }


def _read_restriction(restriction: Json, language: str) -> Json:
    cited = _citing(restriction["rule"])
    if cited is None:
        return _restriction_in(restriction, language)
    key = restriction["severity"], str(restriction["certain"]), language
    found = cited.restricting.get(key)
    if found is None:
        found = cited.restricting[key] = _restriction_in(restriction | {"item": None}, language)
    return found | {"item": restriction["item"]}


def _restriction_in(restriction: Json, language: str) -> Json:
    """Read a stored restriction; one of before 2026-11-28 knows nothing of papers."""
    found: Json = {"kind": "condition", "paper": None, "body": None, "lifts": None, "certain": True} | restriction
    return (
        found
        | {key: _pick(found[key], language) for key in ("message", "action", "paper", "lifts")}
        | {"sources": _read_sources(found["sources"], language), "rule": _read_rule(found["rule"], language)}
    )


def _read_delivery(delivery: Json | None, language: str) -> Json | None:
    """Read a stored delivery; of a quote of before 2026-11-28 sources and services are in English alone."""
    if delivery is None:
        return None
    known = _BY_DAYS.get(id(delivery))
    if known is None or known.json is not delivery:
        return _delivery_in(delivery, language)
    found = known.read.get(language)
    if found is None:
        found = known.read[language] = _delivery_in(delivery, language)
    return found


def _delivery_in(delivery: Json, language: str) -> Json:
    return delivery | {
        rows: [
            row | {key: told(row[key], language) for key in ("source", "service") if key in row}
            for row in delivery[rows]
        ]
        for rows in ("services", "legs", "published")
        if rows in delivery
    }


def _read_offer(offer: Json, language: str) -> Json:
    reason = offer["reason"]
    spoken_of = {"name": offer["name"][language], "proof": offer["proof"][language]}
    if "advice" in offer:  # quotes that were kept before offers carried advice are read as they are
        advice = offer["advice"]
        spoken = render(advice["reason"]["code"], advice["reason"]["params"], language)[0]
        spoken_of["advice"] = {"code": advice["code"], "message": spoken}
        spoken_of["still_due"] = [one | {"name": one["name"][language]} for one in offer["still_due"]]
        spoken_of["exempt"] = _pick(offer["exempt"], language)
    return (
        offer
        | spoken_of
        | {
            "reason": None if reason is None else render(reason["code"], reason["params"], language)[0],
        }
    )


def _read_advisory(advisory: Json, language: str) -> Json:
    texts = advisory["texts"]
    message = texts[language] if texts else render(advisory["code"], advisory["params"], language)[0]
    return {"code": advisory["code"], "message": message, "amount": advisory["amount"]}
