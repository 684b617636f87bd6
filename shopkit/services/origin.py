"""Whether goods originate: every agreement between two countries, step by step, and whether it is worth asking."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from landed_cost import Amount, Importer, Item, Place, Shipment, ShipmentError, messages, quote
from landed_cost.advice import advise
from landed_cost.countries import is_country
from landed_cost.currencies import is_known
from landed_cost.hs import HsCodeError, normalise
from landed_cost.model import told
from landed_cost.origin import Goods, Judgement, Material, Step, judge
from landed_cost.rulebook.origin_rules import conditions, origin_rules
from shopkit.services.origin_shapes import OriginRequest
from shopkit.services.problems import RequestError, RequestProblem, nearest_few
from shopkit.services.reading import read_day, read_shape

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from landed_cost.model import RuleRef
    from shopkit.services.context import Services

Json = dict[str, Any]
_DIGITS: Final = 6
_NEXT: Final = {"originating": None, "not_originating": "origin.next_none", "cannot_be_decided": "origin.next_answer"}


def ask(services: Services, value: Any, language: str) -> Json:  # noqa: ANN401  # what JSON holds
    """Return the judgement of each agreement in ``language``; ``RequestError`` lists everything wrong at once."""
    problems: list[RequestProblem] = []
    if not isinstance(value, dict):
        raise RequestError([RequestProblem("", "type.object")])
    request = read_shape(OriginRequest, value, problems)
    on = None if request is None else read_day(request.date, "/date", problems) or services.today(request.destination)
    if request is not None:
        problems += _meaning(request, {one.id for one in services.rulebook.agreements})
    if problems or request is None or on is None:
        raise RequestError(problems)
    goods = _goods(request)
    rules = origin_rules()
    between = [
        one
        for one in services.rulebook.agreements
        if {goods.made_in, request.destination} <= set(one.members) and request.agreement in (None, one.id)
    ]
    binding = [one for one in between if one.binds(goods.made_in, request.destination, on)]
    return {
        "date": on.isoformat(),
        "made_in": goods.made_in,
        "destination": request.destination,
        "hs_code": goods.hs_code,
        "needed": _needed(services, goods, request, on, language),
        "results": [_told(judge(goods, one, rules.get(one.id), on), language) for one in binding],
        "not_in_force": [one.name[language] for one in between if not one.in_force],
    }


def _meaning(request: OriginRequest, agreements: set[str]) -> list[RequestProblem]:
    """Return what no single field could know."""
    found = []
    named = [("/destination", request.destination), ("/product/made_in", request.product.made_in)]
    codes = [("/product/hs_code", request.product.hs_code)]
    ids = [] if request.agreement is None else [("/agreement", request.agreement)]
    for index, one in enumerate(request.materials):
        named += [(f"/materials/{index}/origin", one.origin)] if one.origin else []
        codes += [(f"/materials/{index}/hs_code", one.hs_code)] if one.hs_code else []
        under = one.originating_under or []
        ids += [(f"/materials/{index}/originating_under/{place}", name) for place, name in enumerate(under)]
    for pointer, country in named:
        if not is_country(country):
            found.append(RequestProblem(pointer, "country.unknown", {"value": country}))
    if request.destination == request.product.made_in:
        found.append(RequestProblem("/destination", "origin.same_country", {"value": request.destination}))
    for pointer, code in codes:
        try:
            normalise(code)
        except HsCodeError as error:
            found.append(RequestProblem(pointer, "hs.invalid", {"code": code, "why": str(error)}))
    if not is_known(request.currency):
        found.append(RequestProblem("/currency", "currency.unknown", {"currency": request.currency}))
    found += [
        RequestProblem(pointer, "agreement.unknown", {"value": name}) for pointer, name in ids if name not in agreements
    ]
    return [*found, *_contradictions(request), *_unknown_conditions(request)]


def _contradictions(request: OriginRequest) -> Iterator[RequestProblem]:
    """Find materials of another country in goods that are said to hold nothing of one, and tell both sides.

    What originates under an agreement counts as of its members, so a material declared so is no contradiction.
    """
    if not request.wholly_obtained:
        return
    made_in = request.product.made_in
    foreign = {
        index: one
        for index, one in enumerate(request.materials)
        if one.origin not in (None, made_in) and not one.originating_under
    }
    params = {
        "country": made_in,
        "materials": ", ".join(f"{one.description} ({one.origin})" for one in foreign.values()),
    }
    if foreign:
        yield RequestProblem("/wholly_obtained", "origin.wholly_foreign", params)
    for index in foreign:
        yield RequestProblem(f"/materials/{index}/origin", "origin.wholly_foreign", params)


def _unknown_conditions(request: OriginRequest) -> Iterator[RequestProblem]:
    """Find names among the confirmed conditions that no rule has."""
    known = conditions(origin_rules())
    for index, name in enumerate(request.confirmed):
        if name not in known:
            params = {"value": name, "known": nearest_few(name, known)}
            yield RequestProblem(f"/confirmed/{index}", "origin.unknown_condition", params)


def _goods(request: OriginRequest) -> Goods:
    product = request.product
    return Goods(
        description=product.description,
        hs_code=normalise(product.hs_code)[:_DIGITS],
        made_in=product.made_in,
        materials=tuple(
            Material(
                description=one.description,
                value=_number(one.value),
                hs_code=None if one.hs_code is None else normalise(one.hs_code)[:_DIGITS],
                origin=one.origin,
                originating_under=None if one.originating_under is None else frozenset(one.originating_under),
            )
            for one in request.materials
        ),
        wholly_obtained=request.wholly_obtained,
        operations=frozenset(request.operations),
        works_cost=_number(product.works_cost),
        ex_works=_number(product.ex_works),
        fob=_number(product.fob),
        transport=request.transport,
        confirmed=frozenset(request.confirmed),
    )


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(Decimal(text))


def _needed(services: Services, goods: Goods, request: OriginRequest, on: date, language: str) -> Json:
    """Say whether origin need be pursued at all: not where duty, additional duties and fees are nil without it.

    Asked of an import by a business by air, as a whole consignment of the price given; without one it stays open.
    """
    code = "origin.needed_unknown"
    price = request.product.fob or request.product.ex_works
    if price is not None and Decimal(price):
        item = Item(
            "1", goods.description, Decimal(1), Amount(Decimal(price), request.currency), goods.hs_code,
            origin=goods.made_in,
        )  # fmt: skip
        sent = Shipment(
            on,
            Place(goods.made_in),
            Place(request.destination),
            "freight",
            request.currency,
            (item,),
            transport="air",
            importer=Importer("business"),
            freight=Amount(Decimal(0), request.currency),
        )
        try:
            answer = quote(sent, services.rulebook)
        except ShipmentError:
            answer = None
        if answer is not None and answer.preferences:
            advised = {
                advise(one, answer.preferences, answer.charges, answer.currency).code for one in answer.preferences
            }
            code = "advice.origin_not_needed" if advised == {"not_needed"} else "origin.needed"
    known = {"advice.origin_not_needed": False, "origin.needed": True}
    return {"needed": known.get(code), "message": messages.render(code, {}, language)[0]}


def _told(found: Judgement, language: str) -> Json:
    return {
        "agreement": found.agreement,
        "name": found.name[language],
        "outcome": found.outcome,
        "criterion": found.criterion,
        "steps": [_step(step, language) for step in found.steps],
        "next": _next(found, language),
        "proof": found.proof[language],
        "stays_of": found.stays_of,
        "cite": found.cite,
        "rule": None if found.rule is None else _rule(found.rule, language),
    }


def _step(step: Step, language: str) -> Json:
    return {
        "code": step.code,
        "met": step.met,
        "message": messages.render(step.code, step.params, language)[0],
        "confirm": step.params.get("name") if step.code == "origin.confirmed" and step.met is None else None,
    }


def _next(found: Judgement, language: str) -> str:
    code = _NEXT[found.outcome]
    if found.stays_of is not None:
        code = "origin.next_stays"
    if code is None:
        code = "origin.next_declaration" if found.self_declared else "origin.next_certificate"
    params = {"proof": found.proof[language], "country": found.stays_of or ""}
    return messages.render(code, params, language)[0]


def _rule(rule: RuleRef, language: str) -> Json:
    return {
        "id": rule.id,
        "heading": rule.heading,
        "sources": [{"title": told(source.title, language), "url": source.url} for source in rule.sources],
        "from": None if rule.since is None else rule.since.isoformat(),
        "to": None if rule.until is None else rule.until.isoformat(),
        "known_until": None if rule.known_until is None else rule.known_until.isoformat(),
        "status": rule.status,
    }
