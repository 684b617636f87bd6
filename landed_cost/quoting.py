"""The quote: from a shipment and a rulebook to the whole answer, in one direction."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from landed_cost import beside, origins, remarks, tallying
from landed_cost.advice import weigh
from landed_cost.assess import Line
from landed_cost.checking import Problem, ShipmentError, codes_unread, problems
from landed_cost.claims import offers, price_offers, settle_claims
from landed_cost.delivery import estimate
from landed_cost.goods import Meaning, meaning
from landed_cost.model import Quote, Reason, Restriction, Shipment, Texts, Totals, Versions
from landed_cost.rates import ExchangeRate
from landed_cost.reckon import Reckoning, explained, explained_at_once, is_plain, reckon
from landed_cost.rulebook.book import Law, Rulebook
from landed_cost.rulebook.law import Destination
from landed_cost.rulebook.overlay import marked
from landed_cost.run import Run, begin
from landed_cost.scenarios import Scenarios, pick_lines

__all__ = ["Problem", "ShipmentError", "quote"]

# Reasons for which a figure has no upper end.
_ENDLESS: Final = frozenset({"rule.unknown", "duty.unknown", "measure.missing", "charge.uncomputable", "weight.absent"})


class Found(NamedTuple):
    """What is known of an answer beside its charges."""

    scenarios: Scenarios
    restrictions: tuple[Restriction, ...]
    used: tuple[ExchangeRate, ...]
    not_included: tuple[tuple[str, Texts], ...]
    reasons: list[Reason]


def quote(shipment: Shipment, rulebook: Rulebook) -> Quote:
    """Return the landed cost of ``shipment`` under the law of its date and destination, each line with its rule.

    What is not known makes the answer *estimated* with a range, or *refused*; it never counts as zero.
    Raises :class:`ShipmentError` with every problem of a request that cannot be read as a shipment: a tariff code that
    does not exist, a currency without a rate, an unknown attribute or measure. Under an overlay the answer is marked.
    """
    answer = _quote(shipment, rulebook)
    return answer if rulebook.overlay is None else marked(answer, rulebook.overlay)


def _quote(shipment: Shipment, rulebook: Rulebook) -> Quote:
    found = list(problems(shipment, rulebook))
    destination = rulebook.destinations.get(shipment.destination.country)
    if destination is None:
        _raise(found)
        params = {"country": shipment.destination.country}
        return _refused(shipment, rulebook, None, [Reason("destination.not_covered", "refused", params)])
    law = rulebook.at(destination.country, shipment.date)
    meanings = [meaning(item, law) for item in shipment.items]
    found += codes_unread(meanings)
    _raise(found)
    if unseen := refused_unseen(shipment, destination, meanings):
        return _refused(shipment, rulebook, law, unseen)
    if None in [item.origin for item in shipment.items]:
        return _of_any_origin(shipment, rulebook, law, meanings)
    told = _answer(shipment, rulebook, law, meanings)
    return told if shipment.compliance_cost is None else _weighed(told, shipment, rulebook)


def refused_unseen(shipment: Shipment, destination: Destination, meanings: Sequence[Meaning]) -> list[Reason]:
    """Return why a shipment is refused whatever it is worth: its day, its way, or goods that nobody can name."""
    country = destination.country
    if shipment.date < destination.evidence_from:
        first = destination.evidence_from.isoformat()
        params = {"country": country, "from": first, "date": shipment.date.isoformat()}
        return [Reason("date.before_evidence", "refused", params)]
    if shipment.dispatch.country == country:
        return [Reason("dispatch.domestic", "refused", {"country": country})]
    return [reason for one in meanings if not one.candidates for reason in one.reasons]


def _weighed(answer: Quote, shipment: Shipment, rulebook: Rulebook) -> Quote:
    """Return the answer with every saving held against what the seller's proof of origin costs."""
    offers = weigh(answer, shipment, rulebook.rates, lambda other: quote(other, rulebook))
    return answer._replace(preferences=offers)


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
        return answers[-1][1]._replace(preferences=())
    endless = [pair for pair in answers if any(one.code in _ENDLESS for one in _refusing(pair[1]))]
    known = [pair for pair in answers if pair[1].outcome != "refused"]
    origin, found = max(endless or known or answers, key=lambda pair: pair[1].totals.import_charges or 0)
    refused = found.outcome == "refused"
    reason = Reason("origin.absent", "refused" if refused else "estimated", {"country": origin})
    whole = found._replace(
        outcome="refused" if refused else "estimated", preferences=(), reasons=(reason, *found.reasons)
    )
    if refused:
        return whole
    return whole._replace(ranges={name: _widest([one.ranges[name] for _, one in known]) for name in found.ranges})


def _refusing(answer: Quote) -> list[Reason]:
    return [reason for reason in answer.reasons if reason.level == "refused"]


def _widest(ranges: list[tuple[int, int | None]]) -> tuple[int, int | None]:
    highs = [high for _, high in ranges]
    known = [high for high in highs if high is not None]
    return min(low for low, _ in ranges), max(known) if len(known) == len(highs) else None


def _raise(found: list[Problem]) -> None:
    if found:
        raise ShipmentError(tuple(found))


def _answer(shipment: Shipment, rulebook: Rulebook, law: Law, meanings: list[Meaning]) -> Quote:
    run = begin(shipment, law, rulebook.rates, meanings)
    pick_lines(run)
    found = offers(run)
    if is_plain(run) and True not in [one.eligible for one in found]:
        typical = explained_at_once(run)
        price_offers(run, found, typical)
    else:
        typical = explained(run, settle_claims(run, found) if found else reckon(run))
    scenarios, restrictions, used, not_included, reasons = find_out(run, typical, meanings)
    if reasons and reasons[0].level == "refused":
        return _refused(shipment, rulebook, law, reasons, run, restrictions)
    charges = tallying.charges(run, typical, scenarios.low[1], scenarios.high[1])
    totals = tallying.totals(run, charges)
    delivery = estimate(
        shipment.ready_on or shipment.date,
        shipment.dispatch.country,
        shipment.destination.country,
        shipment.destination.region,
        shipment.channel,
        shipment.transport,
        shipment.handling,
        shipment.observed,
    )
    reasons += beside.of_shelf_life(shipment, delivery)
    basis = remarks.basis_of(run)
    return Quote(
        date=shipment.date,
        valid_until=law.valid_until,
        versions=_versions(rulebook, law),
        # What estimates stands before what informs.
        outcome="estimated" if reasons and reasons[0].level == "estimated" else "complete",
        evidence=basis.grade,
        reasons=tuple(reasons),
        currency=shipment.currency,
        totals=totals,
        ranges=tallying.ranges(run, totals, typical, scenarios.low, scenarios.high),
        charges=charges,
        options=tallying.options(run, typical),
        preferences=tallying.preferences(run, found) if found else (),
        restrictions=restrictions,
        exchange_rates=used,
        delivery=delivery,
        advisories=origins.of_quote(run, rulebook, totals.goods) + beside.of_freight(shipment, totals),
        not_included=not_included,
        regime=None if typical.regime is None else typical.regime.id,
        rules=basis.rules,
        freight_basis=shipment.freight_basis,
    )


def find_out(run: Run, typical: Reckoning, meanings: Sequence[Meaning]) -> Found:
    """Find out how sure the reckoning is: its ends, and all reasons why it is no complete answer or none at all."""
    law = run.law
    run.rest_on(law.fact(law.destination.valuation)[1])
    _say_meanings(run, typical, meanings)
    scenarios = Scenarios(run, typical)
    restrictions = remarks.restrictions(run)
    used = tallying.exchange_rates(run)
    remarks.say_rates(run, used)
    not_included = _not_included(run)
    closed = beside.closed_ways(run)
    reasons = remarks.reasons(scenarios, restrictions)
    return Found(scenarios, restrictions + closed, used, not_included, reasons)


def _say_meanings(run: Run, typical: Reckoning, meanings: Sequence[Meaning]) -> None:
    """Say what the codes leave open; neither a flat rate nor that of an agreement cares on which line goods are."""
    for index, found in enumerate(meanings):
        if found.reasons:
            is_by_tariff = any(line.item == index and _is_of_tariff(run, line) for line in typical.lines)
            for reason in found.reasons:
                if is_by_tariff or reason.code == "hs.classified" or typical.regime is None:
                    run.notes[reason.code, reason.item, ""] = reason


def _not_included(run: Run) -> tuple[tuple[str, Texts], ...]:
    """Return the costs that the quote does not hold; which may concern this way in is settled for the lane."""
    lane = run.lane
    if lane.always_not_included is not None:
        return lane.always_not_included
    possible = lane.not_included
    if possible is None:
        rows = run.law.destination.not_included
        possible = lane.not_included = tuple(row for row in rows if row.when.static(run, 0) is not False)
        if not any(row.due or row.when.dynamic for row in possible):
            lane.always_not_included = tuple((row.id, row.text) for row in possible)
    found = []
    for one in possible:
        if one.when.dynamic is not None and one.when.dynamic(run, 0) is False:
            continue
        if one.due:
            texts = {f"what_{language}": text for language, text in one.text.items()}
            run.note("fee.not_included", "estimated", texts, rule=one.id)
        found.append((one.id, one.text))
    return tuple(found)


def _is_of_tariff(run: Run, line: Line) -> bool:
    return line.item is not None and line.evidence.id == run.candidate(line.item).evidence.id


def _versions(rulebook: Rulebook, law: Law | None) -> Versions:
    return Versions(rulebook.version, "none" if law is None else law.schedule_name, rulebook.rates.as_of.isoformat())


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
        evidence="C" if run is None else remarks.basis_of(run).grade,
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
