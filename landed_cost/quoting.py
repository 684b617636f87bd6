"""The quote: from a shipment and a rulebook to the whole answer, in one direction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from landed_cost import tallying
from landed_cost.assess import Line
from landed_cost.checking import Problem, ShipmentError, codes_unread, problems
from landed_cost.delivery import estimate
from landed_cost.goods import Meaning, meaning
from landed_cost.model import Quote, Reason, Restriction, Shipment, Texts, Totals, Versions
from landed_cost.rates import ExchangeRate
from landed_cost.reckon import (
    ASSUMED_FREIGHT,
    Reckoning,
    again,
    explained,
    explained_at_once,
    is_plain,
    offers,
    pick_lines,
    presumed_freight,
    price_offers,
    reckon,
    settle_claims,
)
from landed_cost.rulebook.book import Law, Rulebook
from landed_cost.rulebook.facts import Evidence
from landed_cost.rulebook.law import Refusal, RestrictionRule
from landed_cost.run import Run, customs_price, line_price

__all__ = ["Problem", "ShipmentError", "quote"]

_ENOUGH_SOURCES: Final = 2
# Reasons for which a figure has no upper end.
_ENDLESS: Final = frozenset({"rule.unknown", "duty.unknown", "measure.missing", "charge.uncomputable", "weight.absent"})
_ORDER: Final = {"refused": 0, "estimated": 1, "info": 2}


def quote(shipment: Shipment, rulebook: Rulebook) -> Quote:
    """Return the landed cost of ``shipment`` under the law of its date and destination, each line with its rule.

    What is not known makes the answer *estimated* with a range, or *refused*; it never counts as zero.
    Raises :class:`ShipmentError` with every problem of a request that cannot be read as a shipment: a tariff code that
    does not exist, a currency without a rate, an unknown attribute or measure.
    """
    found = list(problems(shipment, rulebook))
    destination = rulebook.destinations.get(shipment.destination.country)
    if destination is None:
        _raise(found)
        params = {"country": shipment.destination.country}
        return _refused(shipment, rulebook, None, [Reason("destination.not_covered", "refused", params)])
    law = rulebook.at(destination.country, shipment.date)
    meanings = [meaning(item, law) for item in shipment.items]
    _raise(found + list(codes_unread(meanings)))
    if shipment.date < destination.evidence_from:
        params = {
            "country": destination.country,
            "from": destination.evidence_from.isoformat(),
            "date": shipment.date.isoformat(),
        }
        return _refused(shipment, rulebook, law, [Reason("date.before_evidence", "refused", params)])
    if shipment.dispatch.country == destination.country:
        params = {"country": destination.country}
        return _refused(shipment, rulebook, law, [Reason("dispatch.domestic", "refused", params)])
    nameless = [reason for one in meanings if not one.candidates for reason in one.reasons]
    if nameless:
        return _refused(shipment, rulebook, law, nameless)
    if any(item.origin is None for item in shipment.items):
        return _of_any_origin(shipment, rulebook, law, meanings)
    return _answer(shipment, rulebook, law, meanings)


def _of_any_origin(shipment: Shipment, rulebook: Rulebook, law: Law, meanings: list[Meaning]) -> Quote:
    """Answer for goods of an origin nobody gave: as the dearest origin would be, within what all of them come to.

    Duties of different origins are never due together, and where a parcel starts does not say where goods were made.
    """
    answers = []
    for origin in law.origins:
        items = tuple(replace(item, origin=item.origin or origin) for item in shipment.items)
        answers.append((origin, _answer(replace(shipment, items=items), rulebook, law, meanings)))
    if len({(one.outcome, one.totals, str(one.ranges)) for _, one in answers}) == 1:
        # The way that is taken does not ask where goods were made, so neither does the answer.
        return replace(answers[-1][1], preferences=())
    endless = [pair for pair in answers if any(one.code in _ENDLESS for one in _refusing(pair[1]))]
    known = [pair for pair in answers if pair[1].outcome != "refused"]
    origin, found = max(endless or known or answers, key=lambda pair: pair[1].totals.import_charges or 0)
    refused = found.outcome == "refused"
    reason = Reason("origin.absent", "refused" if refused else "estimated", {"country": origin})
    whole = replace(found, outcome="refused" if refused else "estimated", preferences=())
    whole = replace(whole, reasons=(reason, *found.reasons))
    if refused:
        return whole
    return replace(whole, ranges={name: _widest([one.ranges[name] for _, one in known]) for name in found.ranges})


def _refusing(answer: Quote) -> list[Reason]:
    return [reason for reason in answer.reasons if reason.level == "refused"]


def _widest(ranges: list[tuple[int, int | None]]) -> tuple[int, int | None]:
    highs = [high for _, high in ranges]
    known = [high for high in highs if high is not None]
    return min(low for low, _ in ranges), max(known) if len(known) == len(highs) else None


def _raise(found: list[Problem]) -> None:
    if found:
        raise ShipmentError(tuple(found))


@dataclass(slots=True)
class _Scenarios:
    """The consignment as reckoned typically, low and high; all the same where nothing is uncertain."""

    run: Run
    typical: Reckoning
    low: tuple[Run, Reckoning] = field(init=False)
    high: tuple[Run, Reckoning] = field(init=False)

    def __post_init__(self) -> None:
        """Reckon low and high only where that can differ."""
        self.low = self.high = (self.run, self.typical)
        if self.run.uncertain:
            self.low, self.high = (again(self.run, scenario, self.typical.regime) for scenario in ("low", "high"))

    @property
    def all_agree(self) -> bool:
        """Whether the three come to the same lines."""
        lines = [[(one.rule.id, one.item, one.amount) for one in found.lines] for _, found in (self.low, self.high)]
        return all(other == [(one.rule.id, one.item, one.amount) for one in self.typical.lines] for other in lines)


def _answer(shipment: Shipment, rulebook: Rulebook, law: Law, meanings: list[Meaning]) -> Quote:
    rates, currency = rulebook.rates, law.destination.currency
    worth = [customs_price(item) for item in shipment.items]
    given = tuple((line_price(item, of), of.currency) for item, of in zip(shipment.items, worth, strict=True))
    prices = tuple(minor if of == currency else rates.convert_minor(minor, of, currency) for minor, of in given)
    none: list[str | None] = [None] * len(prices)
    candidates = tuple(found.candidates for found in meanings)
    run = Run(shipment, law, rates, candidates, prices, given, claims=none, way=law.way_number(_way(shipment)))
    pick_lines(run)
    found = offers(run)
    if is_plain(run) and not any(one.eligible for one in found):
        typical = explained_at_once(run)
        price_offers(run, found, typical)
    else:
        typical = explained(run, settle_claims(run, found) if found else reckon(run))
    run.rest_on(law.fact(law.destination.valuation)[1])
    # Neither a flat rate nor the rate of an agreement cares which tariff line the goods are on.
    by_tariff = {line.item for line in typical.lines if _is_of_tariff(run, line)}
    for index, one in enumerate(meanings):
        for reason in one.reasons:
            if index in by_tariff or reason.code == "hs.classified" or typical.regime is None:
                run.notes[reason.code, reason.item, ""] = reason
    scenarios = _Scenarios(run, typical)
    restrictions = _restrictions(run)
    used = tallying.exchange_rates(run)
    _say_rates(run, rulebook, used)
    not_included = _not_included(run)
    reasons = _reasons(scenarios, restrictions)
    if reasons and reasons[0].level == "refused":
        return _refused(shipment, rulebook, law, reasons, run, restrictions)
    charges = tallying.charges(run, typical, scenarios.low[1], scenarios.high[1])
    totals = tallying.totals(run, charges)
    return Quote(
        date=shipment.date,
        valid_until=law.valid_until,
        versions=_versions(rulebook, law),
        outcome="estimated" if any(reason.level == "estimated" for reason in reasons) else "complete",
        evidence=_grade(run.used.values()),
        reasons=tuple(reasons),
        currency=shipment.currency,
        totals=totals,
        ranges=tallying.ranges(run, totals, typical, scenarios.low, scenarios.high),
        charges=charges,
        options=tallying.options(run, typical),
        preferences=tuple(tallying.offer(run, one) for one in found),
        restrictions=restrictions,
        exchange_rates=used,
        delivery=estimate(
            shipment.ready_on or shipment.date,
            shipment.dispatch.country,
            shipment.destination.country,
            shipment.destination.region,
            shipment.channel,
            shipment.transport,
        ),
        advisories=(),
        not_included=not_included,
        regime=None if typical.regime is None else typical.regime.id,
        rules=tuple(evidence.ref for evidence in run.used.values()),
    )


def _not_included(run: Run) -> tuple[tuple[str, Texts], ...]:
    """Return the costs that the quote does not hold; what may concern this way is kept by the law of the day."""
    key = ("not included", run.way)
    possible = run.law.decisions.get(key)
    if possible is None:
        rows = run.law.destination.not_included
        possible = run.law.decisions[key] = tuple(row for row in rows if row.when.static(run, 0) is not False)
    found = [one for one in possible if one.when.dynamic is None or one.when.dynamic(run, 0) is not False]
    for one in found:
        if one.due:
            run.note(
                "fee.not_included", "estimated", {f"what_{lang}": text for lang, text in one.text.items()}, rule=one.id
            )
    return tuple((one.id, one.text) for one in found)


def _is_of_tariff(run: Run, line: Line) -> bool:
    return line.item is not None and line.evidence is run.candidate(line.item).evidence


def _way(shipment: Shipment) -> tuple[object, ...]:
    return (
        shipment.channel,
        shipment.transport,
        shipment.terms,
        shipment.importer.kind,
        shipment.destination.region,
        shipment.dispatch.country,
        shipment.seller.schemes,
        shipment.seller.registrations,
    )


def _reasons(scenarios: _Scenarios, restrictions: tuple[Restriction, ...]) -> list[Reason]:
    """Return everything that is to be said, what refuses first; without a reason nothing is *estimated*."""
    run = scenarios.run
    _refuse(scenarios, restrictions)
    if run.shipment.freight is None and "freight" not in run.shipment.price_includes:
        presumed = presumed_freight(run)
        if presumed is None:
            run.note("freight.absent", "estimated", {"percent": str(int(ASSUMED_FREIGHT * 100))})
        else:
            run.rest_on(presumed)
            run.note("freight.presumed", "estimated", {"rate": presumed.shown()})
    on = run.shipment.date
    for evidence in run.used.values():
        if on > evidence.sure_until:
            _weigh(run, evidence, on)
    if run.uncertain and not scenarios.all_agree and not any(one.level != "info" for one in run.notes.values()):
        # The lines under a code carry one general rate and differ all the same: by a list, an excise, an agreement.
        for index, candidates in enumerate(run.candidates):
            if len(candidates) > 1:
                params = {"code": run.items[index].hs_code or "", "lines": str(len(candidates))}
                run.note("hs.short", "estimated", params, index)
    names = {line.evidence.id: line.rule.name for line in scenarios.typical.lines}
    reasons = [_named(reason, names) for reason in run.notes.values()]
    return sorted(reasons, key=lambda reason: _ORDER[reason.level])


def _named(reason: Reason, names: Mapping[str, Texts]) -> Reason:
    """Call a rule what its charge is called in each language, where it gave a charge of the answer."""
    name = names.get(reason.rule or "")
    if name is None or "what" not in reason.params:
        return reason
    params = {key: value for key, value in reason.params.items() if key != "what"}
    return replace(reason, params=params | {f"what_{language}": text for language, text in name.items()})


def _refusals(run: Run) -> tuple[Refusal, ...]:
    """Return the refusals that may concern this way of coming in; kept by the law of the day."""
    key = ("refusals", run.way)
    found: tuple[Refusal, ...] | None = run.law.decisions.get(key)
    if found is None:
        rows = (row for row in run.law.refusals if row.when.static(run, 0) is not False)
        found = run.law.decisions[key] = tuple(rows)
    return found


def _refuse(scenarios: _Scenarios, restrictions: tuple[Restriction, ...]) -> None:
    """Note why no figure may be given: law that forbids it, no way in, or a figure without an upper end."""
    run = scenarios.run
    for row in _refusals(run):
        run.why.clear()
        answer = row.when.test(run, 0)
        if answer is None:
            run.say(run.why, None)
        elif answer:
            params = {f"message_{language}": text for language, text in row.message.items()}
            params |= {f"action_{language}": text for language, text in (row.action or {}).items()}
            run.note(row.evidence.id, "refused", params, rule=row.evidence.id)
    for restriction in restrictions:
        if restriction.severity == "prohibits":
            params = {f"what_{language}": text for language, text in restriction.message.items()}
            key = ("item.prohibited", restriction.item, restriction.id)
            run.notes[key] = Reason("item.prohibited", "refused", params, restriction.item, restriction.id)
    if scenarios.typical.regime is None:
        run.note("regime.none", "refused")
    other, high = scenarios.high
    if (high.unbounded or not high.solved) and other is not run:
        # Without an upper end any total would be a guess told with confidence.
        explained(other, high)
        run.notes |= {key: reason for key, reason in other.notes.items() if reason.level == "refused"}


def _say_rates(run: Run, rulebook: Rulebook, used: tuple[ExchangeRate, ...]) -> None:
    on = run.shipment.date
    if used and rulebook.rates.is_stale(on):
        days = str(abs(rulebook.rates.age(on)))
        run.note("fx.stale", "estimated", {"date": rulebook.rates.as_of.isoformat(), "days": days})
    if any(rate.kind == "market" and rate.quote == run.currency for rate in used):
        run.note("fx.market_rate", "info")


def _weigh(run: Run, evidence: Evidence, on: date) -> None:
    """Say what is weak about a rule that the answer rests on."""
    params = {"what": evidence.what, "known_until": evidence.known_until.isoformat() if evidence.known_until else "?"}
    if evidence.status in ("memory", "conflicting"):
        run.note(f"rule.{evidence.status}", "estimated", params, rule=evidence.id)
    if evidence.is_stale(on):
        run.note("rule.stale", "estimated", params, rule=evidence.id)


def _grade(used: Iterable[Evidence]) -> Literal["A", "B", "C"]:
    """A: the law itself was read for every rule; B: at least two sources for each; C: one source alone somewhere."""
    unread = [rule.source_count for rule in used if rule.status != "verified"]
    if not unread:
        return "A"
    return "B" if min(unread) >= _ENOUGH_SOURCES else "C"


def _restrictions(run: Run) -> tuple[Restriction, ...]:
    """Return what forbids, conditions or advises; no figure rests on it, so its evidence is kept apart."""
    found = []
    for index in range(-1, len(run.items)):
        for row, answer, restriction in _applying(run, index):
            if answer is None and row.severity == "prohibits":
                # Perhaps forbidden: shown as something to settle, never as nothing.
                rule = row.evidence.id
                run.note("restriction.perhaps", "estimated", _texts(row), None if index < 0 else index, rule)
                found.append(replace(restriction, severity="requires"))
            else:
                found.append(restriction)
    return tuple(found)


def _texts(row: RestrictionRule) -> dict[str, str]:
    return {f"what_{language}": text for language, text in row.message.items()}


def _applying(run: Run, index: int) -> list[tuple[RestrictionRule, bool | None, Restriction]]:
    run.explain = False
    found = []
    for row, likely, restriction in _possible(run, index):
        asked = True if row.when.dynamic is None else row.when.dynamic(run, max(index, 0))
        if asked is not False:
            found.append((row, likely if asked else None, restriction))
    run.explain = True
    return found


def _possible(run: Run, index: int) -> tuple[tuple[RestrictionRule, bool | None, Restriction], ...]:
    """Return the restrictions that may concern an item (the consignment for -1); kept by the law of the day."""
    key: tuple[object, ...] = ("restrictions", run.way)
    id_ = None
    if index >= 0:
        item = run.items[index]
        id_ = item.id
        key += (id_, run.code(index), item.origin, run.claims[index], frozenset(item.attributes.items()))
    found: tuple[tuple[RestrictionRule, bool | None, Restriction], ...] | None = run.law.decisions.get(key)
    if found is None:
        rows = [row for row in run.law.restrictions if (row.per == "consignment") is (index < 0)]
        answers = [(row, row.when.static(run, max(index, 0)), _restriction(row, id_)) for row in rows]
        found = run.law.decisions[key] = tuple(one for one in answers if one[1] is not False)
    return found


def _restriction(row: RestrictionRule, item: str | None) -> Restriction:
    evidence = row.evidence
    return Restriction(evidence.id, row.severity, item, row.ends, row.message, row.action, evidence.ref)


def _versions(rulebook: Rulebook, law: Law | None) -> Versions:
    schedule = "none"
    if law is not None and law.schedule is not None:
        schedule = law.schedule.edition.title
    elif law is not None and law.bands is not None:
        schedule = f"bands: {law.bands.source}"
    return Versions(rulebook.version, schedule, rulebook.rates.as_of.isoformat())


def _refused(
    shipment: Shipment,
    rulebook: Rulebook,
    law: Law | None,
    reasons: list[Reason],
    run: Run | None = None,
    restrictions: tuple[Restriction, ...] = (),
) -> Quote:
    """Return a refusal; it keeps what is known: the goods, the reasons, the restrictions."""
    rates, shown = rulebook.rates, shipment.currency
    goods = tallying.goods_total(shipment, rates)
    currencies = sorted({item.unit_price.currency for item in shipment.items} - {shown})
    return Quote(
        date=shipment.date,
        valid_until=shipment.date,
        versions=_versions(rulebook, law),
        outcome="refused",
        evidence="C" if run is None else _grade(run.used.values()),
        reasons=tuple(reasons),
        currency=shown,
        totals=Totals(goods, None, None, None, None, None, None, None, None),
        ranges={},
        charges=(),
        options=(),
        preferences=(),
        restrictions=restrictions,
        exchange_rates=tuple(rates.rate(currency, shown) for currency in currencies),
        delivery=None,
        advisories=(),
        not_included=(),
    )
