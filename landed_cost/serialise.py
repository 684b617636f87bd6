"""The quote as JSON: what is stored carries codes, parameters and all languages; what is read carries one language.

What is stored is read by :func:`localise`; :func:`speak` writes the same at once, for an answer that nobody stores.
Both ways of writing may be given ``ready``: it is called once for each piece that stands in many answers (rules, days
of delivery), and what it returns stands in its place, such as the piece's own text for a writer that takes it as it is.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Final

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
    Texts,
    Totals,
    told,
)
from landed_cost.money import Money, decimal_text
from landed_cost.rates import ExchangeRate
from landed_cost.spoken import Json, delivery_in, localise, restriction_in, rule_in

__all__ = ["Json", "body_to_dict", "localise", "rule_to_dict", "speak", "to_dict"]


Ready = Callable[[object], object]
# In which language (``None``: all, as stored), and what is made of pieces that stand in many answers.
How = tuple[str | None, Ready | None]


def to_dict(quote: Quote, ready: Ready | None = None) -> Json:
    """Return the quote as plain JSON values, texts in every language, ready to be stored.

    The keys are those of the response, but that ``message`` and ``action`` of a reason are not there yet:
    :func:`localise` writes them on reading.
    """
    return _written(quote, (None, ready))


def speak(quote: Quote, language: str, ready: Ready | None = None) -> Json:
    """Return the response in ``es``, ``pt`` or ``en``, as :func:`localise` makes it of the stored quote."""
    return _written(quote, (language, ready))


def _written(quote: Quote, how: How) -> Json:
    language, _ = how
    digits = exponent(quote.currency)

    def text(minor: int | None) -> str | None:
        return None if minor is None else _text(minor, digits)

    return {
        "date": quote.date.isoformat(),
        "valid_until": quote.valid_until.isoformat(),
        "versions": {
            "rulebook": quote.versions.rulebook,
            "schedule": _told(quote.versions.schedule, language),
            "rates": quote.versions.rates,
        }
        | ({} if quote.versions.overlay is None else {"overlay": quote.versions.overlay}),
        "assessment": {
            "outcome": quote.outcome,
            "evidence": quote.evidence,
            "reasons": [_reason(reason, language) for reason in quote.reasons],
        },
        "currency": quote.currency,
        "regime": quote.regime,
        "totals": {name: text(getattr(quote.totals, name)) for name in Totals._fields},
        "range": {name: {"low": text(low), "high": text(high)} for name, (low, high) in quote.ranges.items()},
        "charges": [_charge(charge, digits, how) for charge in quote.charges],
        "rules": _rules(quote.rules, how),
        "options": [_option(option, digits, language) for option in quote.options],
        "preferences": [_offer(offer, quote, language) for offer in quote.preferences],
        "restrictions": [_restriction(restriction, how) for restriction in quote.restrictions],
        "exchange_rates": [_exchange_rate(rate) for rate in quote.exchange_rates],
        "delivery": None if quote.delivery is None else _estimated(quote.delivery, how),
        "freight_basis": None if quote.freight_basis is None else quote.freight_basis.to_dict(),
        "advisories": [_advisory(advisory, language) for advisory in (*quote.advisories, *beside.of_quote(quote))],
        "not_included": [
            {"id": id_, "text": dict(texts)} if language is None else texts[language]
            for id_, texts in quote.not_included
        ],
    }


# Half of the amounts of an answer stand in it more than once, or are nothing.
_text: Final = lru_cache(maxsize=4_096)(decimal_text)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _money(money: Money | None) -> Json | None:
    if money is None:
        return None
    return {"amount": _text(money.minor, exponent(money.currency)), "currency": money.currency}


def _source(source: Source) -> Json:
    return {"title": source.title, "url": source.url}


class _Cited:
    """A rule with its JSON, as it is stored and as it is read in a language, and that of what it restricts."""

    __slots__ = ("json", "read", "restricting", "rule")

    def __init__(self, rule: RuleRef) -> None:
        self.rule = rule
        self.json = _rule_json(rule)
        self.read: dict[How, object] = {}
        # By severity and certainty, and how it is written; of no item.
        self.restricting: dict[tuple[str, bool, How], Json] = {}


# Rules belong to the rulebook and are cited by every answer that rests on them; their JSON is made once, and is not to
# be changed. An id is used again once its object is gone, so the object itself is kept and compared.
_BY_RULE: dict[int, _Cited] = {}
_KEPT_RULES = 20_000


def rule_to_dict(rule: RuleRef) -> Json:
    """Return a rule as JSON; made once for each, and not to be changed."""
    return _cited(rule).json


def _cited(rule: RuleRef) -> _Cited:
    found = _BY_RULE.get(id(rule))
    if found is None or found.rule is not rule:
        if len(_BY_RULE) >= _KEPT_RULES:
            _BY_RULE.clear()
        found = _BY_RULE[id(rule)] = _Cited(rule)
    return found


def _rule(rule: RuleRef, how: How) -> object:
    cited = _cited(rule)
    found = cited.read.get(how)
    if found is None:
        language, ready = how
        read = cited.json if language is None else rule_in(cited.json, language)
        found = cited.read[how] = _made(read, ready)
    return found


def _made(piece: object, ready: Ready | None) -> object:
    return piece if ready is None else ready(piece)


class _Basis:
    """The rules that answers rest on together, with their JSON as it is written."""

    __slots__ = ("read", "rules")

    def __init__(self, rules: tuple[RuleRef, ...]) -> None:
        self.rules = rules
        self.read: dict[How, object] = {}


# Answers that rest on the same rules share them, too; kept as the rules are.
_BY_BASIS: dict[int, _Basis] = {}
_KEPT_BASES = 1_000


def _rules(rules: tuple[RuleRef, ...], how: How) -> object:
    found = _BY_BASIS.get(id(rules))
    if found is None or found.rules is not rules:
        if len(_BY_BASIS) >= _KEPT_BASES:
            _BY_BASIS.clear()
        found = _BY_BASIS[id(rules)] = _Basis(rules)
    read = found.read.get(how)
    if read is None:
        read = found.read[how] = _made([_rule(rule, how) for rule in rules], how[1])
    return read


class _Told:
    """An estimate of days with its JSON, as it is stored and as it is read in a language."""

    __slots__ = ("delivery", "json", "read")

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.json = delivery.to_dict()
        self.read: dict[How, object] = {}


# The estimate of a way and a day is kept by who makes it; its JSON is kept as that of a rule is, and not to be changed.
_BY_DELIVERY: dict[int, _Told] = {}
_KEPT_DELIVERIES = 2_000


def _estimated(delivery: Delivery, how: How) -> object:
    found = _BY_DELIVERY.get(id(delivery))
    if found is None or found.delivery is not delivery:
        if len(_BY_DELIVERY) >= _KEPT_DELIVERIES:
            _BY_DELIVERY.clear()
        found = _BY_DELIVERY[id(delivery)] = _Told(delivery)
    read = found.read.get(how)
    if read is None:
        language, ready = how
        days = found.json if language is None else delivery_in(found.json, language)
        read = found.read[how] = _made(days, ready)
    return read


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


def _said(texts: Texts, language: str | None) -> Texts | str:
    return dict(texts) if language is None else texts[language]


def _said_if_any(texts: Texts | None, language: str | None) -> Texts | str | None:
    return None if texts is None else _said(texts, language)


def _told(text: str | Texts, language: str | None) -> str | Texts:
    return text if language is None else told(text, language)


def _reason(reason: Reason, language: str | None) -> Json:
    if language is not None:
        message, action = render(reason.code, reason.params, language)
        return {
            "code": reason.code,
            "level": reason.level,
            "message": message,
            "action": action,
            "item": reason.item,
            "rule": reason.rule,
        }
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
    return {"low": _text(low, digits), "high": None if high is None else _text(high, digits)}


def _charge(charge: Charge, digits: int, how: How) -> Json:
    """Write a charge; where nothing was reckoned, its formula names in words what frees from it."""
    language, _ = how
    return {
        "id": charge.id,
        "kind": charge.kind,
        "covers": list(charge.covers),
        "item": charge.item,
        "name": _said(charge.name, language),
        "amount": _text(charge.amount, digits),
        "currency": charge.currency,
        "local": _money(charge.local),
        "base": None if charge.base is None else _text(charge.base.minor, exponent(charge.base.currency)),
        "rate": charge.rate,
        "formula": charge.formula if isinstance(charge.formula, str) else _said(charge.formula, language),
        "payer": charge.payer,
        "collected": charge.collected,
        "range": _range(charge.range, digits),
        "allocation": [{"item": item, "amount": _text(part, digits)} for item, part in charge.allocation],
        "rule": _rule(charge.rule, how),
    }


def _option(option: Option, digits: int, language: str | None) -> Json:
    charges = option.import_charges
    return {
        "regime": option.regime,
        "name": _said(option.name, language),
        "lawful": option.lawful,
        "chosen": option.chosen,
        "import_charges": None if charges is None else _text(charges, digits),
        "needs": [_said(need, language) for need in option.needs],
    }


def _offer(offer: PreferenceOffer, quote: Quote, language: str | None) -> Json:
    digits = exponent(quote.currency)
    advised = advise(offer, quote.preferences, quote.charges, quote.currency)
    value = None if offer.weighed is None else offer.weighed.break_even
    return {
        "item": offer.item,
        "agreement": offer.agreement,
        "name": _said(offer.name, language),
        "available": offer.available,
        "claimed": offer.claimed,
        "best": offer.best,
        "saving": None if offer.saving is None else _text(offer.saving, digits),
        "saved": dict(zip(("duties", "taxes", "fees"), [_text(part, digits) for part in offer.saved], strict=True)),
        "still_due": [
            {"id": id_, "name": _said(name, language), "amount": _text(amount, digits)}
            for id_, name, amount in offer.still_due
        ],
        "exempt": _said_if_any(offer.exempt, language),
        "proof": _said(offer.proof, language),
        "paper": offer.paper,
        "waiver": _money(offer.waiver),
        "waived": offer.waived,
        "break_even": None if value is None else _text(value, digits),
        "advice": {
            "code": advised.code,
            "reason" if language is None else "message": _sentence(advised.reason, language),
        },
        "reason": None if offer.reason is None else _sentence(offer.reason, language),
    }


def _sentence(reason: Reason, language: str | None) -> str | Json:
    """Write what is read of a reason where its sentence stands alone, or all that is stored of it."""
    return _reason(reason, None) if language is None else render(reason.code, reason.params, language)[0]


def _restriction(restriction: Restriction, how: How) -> Json:
    # All that a restriction says but the item comes from its rule; whether it is certain may change how severe it is.
    cited, key = _cited(restriction.rule), (restriction.severity, restriction.certain, how)
    found = cited.restricting.get(key)
    if found is None:
        language, ready = how
        found = _restriction_json(restriction._replace(item=None))
        if language is not None:
            found = restriction_in(found, language)
        found |= {"sources": _made(found["sources"], ready), "rule": _rule(restriction.rule, how)}
        cited.restricting[key] = found
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


def _advisory(advisory: Advisory, language: str | None) -> Json:
    if language is not None:
        texts = advisory.texts
        message = texts[language] if texts else render(advisory.code, advisory.params, language)[0]
        return {"code": advisory.code, "message": message, "amount": _money(advisory.amount)}
    return {
        "code": advisory.code,
        "params": dict(advisory.params),
        "texts": None if advisory.texts is None else dict(advisory.texts),
        "amount": _money(advisory.amount),
    }
