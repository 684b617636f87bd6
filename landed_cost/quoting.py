"""The quote: from a shipment and a rulebook to the whole answer, in one direction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal

from landed_cost.assess import ASSUMED_FREIGHT, Line, Run, line_price
from landed_cost.delivery import estimate
from landed_cost.goods import Meaning, meaning
from landed_cost.measures import MeasureError, check
from landed_cost.model import (
    Charge,
    Option,
    PreferenceOffer,
    Quote,
    Reason,
    Restriction,
    Shipment,
    Texts,
    Totals,
    Versions,
)
from landed_cost.money import Money, allocate, to_minor
from landed_cost.rates import ExchangeRate, RateTable
from landed_cost.reckon import (
    Offer,
    Reckoning,
    again,
    explained,
    held_kinds,
    offers,
    pick_lines,
    reckon,
    settle_claims,
    waived,
)
from landed_cost.rulebook.book import Law, Rulebook
from landed_cost.rulebook.conditions import ATTRIBUTES
from landed_cost.rulebook.facts import Evidence
from landed_cost.rulebook.law import RestrictionRule

_VALID_FOR: Final = timedelta(days=14)
_ENOUGH_SOURCES: Final = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a request, and where: ``pointer`` is a JSON pointer."""

    pointer: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


class ShipmentError(ValueError):
    """The shipment cannot be what it says; ``problems`` lists everything that is wrong."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{one.pointer}: {one.code} {dict(one.params)}" for one in problems))
        self.problems = problems


def quote(shipment: Shipment, rulebook: Rulebook) -> Quote:
    """Return the landed cost of ``shipment`` under the law of its date and destination, each line with its rule.

    What is not known makes the answer *estimated* with a range, or *refused*; it never counts as zero.
    Raises :class:`ShipmentError` with every problem of a request that cannot be read as a shipment: a tariff code that
    does not exist, a currency without a rate, an unknown attribute or measure.
    """
    problems = list(_problems(shipment, rulebook.rates))
    destination = rulebook.destinations.get(shipment.destination.country)
    if destination is None:
        _raise(problems)
        params = {"country": shipment.destination.country}
        return _refused(shipment, rulebook, None, [Reason("destination.not_covered", "refused", params)])
    law = rulebook.at(destination.country, shipment.date)
    meanings = [meaning(item, law) for item in shipment.items]
    for index, found in enumerate(meanings):
        if found.problem is not None:
            code, params = found.problem
            problems.append(Problem(f"/items/{index}/hs_code", code, params))
    if destination.regions and shipment.destination.region not in (None, *destination.regions):
        known = ", ".join(destination.regions)
        problems.append(Problem("/destination/region", "region.unknown", {"known": known}))
    _raise(problems)
    if shipment.date < destination.evidence_from:
        params = {
            "country": destination.country,
            "from": destination.evidence_from.isoformat(),
            "date": shipment.date.isoformat(),
        }
        return _refused(shipment, rulebook, law, [Reason("date.before_evidence", "refused", params)])
    nameless = [reason for found in meanings if not found.candidates for reason in found.reasons]
    if nameless:
        return _refused(shipment, rulebook, law, nameless)
    return _answer(shipment, rulebook, law, meanings)


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise ShipmentError(tuple(problems))


def _problems(shipment: Shipment, rates: RateTable) -> list[Problem]:
    found = []
    money = {"/currency": shipment.currency}
    for name, amount in (
        ("/freight/currency", shipment.freight),
        ("/insurance/currency", shipment.insurance),
        ("/importer/prior_use/day_value/currency", shipment.importer.day_value),
        ("/importer/prior_use/year_value/currency", shipment.importer.year_value),
    ):
        if amount is not None:
            money[name] = amount.currency
    for index, item in enumerate(shipment.items):
        money[f"/items/{index}/unit_price/currency"] = item.unit_price.currency
        if item.declared_value is not None:
            money[f"/items/{index}/declared_value/currency"] = item.declared_value.currency
        elif not item.unit_price.value:
            found.append(Problem(f"/items/{index}/declared_value", "declared_value.needed"))
        for name in item.attributes:
            if name not in ATTRIBUTES:
                known = ", ".join(sorted(ATTRIBUTES))
                found.append(Problem(f"/items/{index}/attributes/{name}", "attribute.unknown", {"known": known}))
        try:
            check(item.measures)
        except MeasureError as error:
            found += [
                Problem(f"/items/{index}/measures/{one.key}", "measure.invalid", {"why": str(one)})
                for one in error.problems
            ]
    for pointer, currency in money.items():
        if currency not in rates.currencies:
            found.append(Problem(pointer, "currency.unknown", {"currency": currency}))
    return found


def _answer(shipment: Shipment, rulebook: Rulebook, law: Law, meanings: list[Meaning]) -> Quote:
    rates, currency = rulebook.rates, law.destination.currency
    given = tuple((line_price(item, of), of) for item in shipment.items for of in (_price_currency(item),))
    prices = tuple(minor if of == currency else rates.convert_minor(minor, of, currency) for minor, of in given)
    none: list[str | None] = [None] * len(prices)
    candidates = tuple(found.candidates for found in meanings)
    run = Run(shipment, law, rates, candidates, prices, given, claims=none, way=_way(shipment))
    pick_lines(run)
    found = offers(run)
    typical = explained(run, settle_claims(run, found) if found else reckon(run))
    run.rest_on(law.fact(law.destination.valuation)[1])
    # Neither a flat rate nor the rate of an agreement cares which tariff line the goods are on.
    by_tariff = {line.item for line in typical.lines if _is_of_tariff(run, line)}
    for index, one in enumerate(meanings):
        for reason in one.reasons:
            if index in by_tariff or reason.code == "hs.classified" or typical.regime is None:
                run.notes[reason.code, reason.item, ""] = reason
    low = high = (run, typical)
    if run.uncertain:
        low, high = again(run, "low", typical.regime), again(run, "high", typical.regime)
    return _quote(shipment, rulebook, run, typical, low, high, found)


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


def _price_currency(item: object) -> str:
    declared = getattr(item, "declared_value", None)
    return (declared or item.unit_price).currency  # type: ignore[attr-defined]  # an Item


def _quote(
    shipment: Shipment,
    rulebook: Rulebook,
    run: Run,
    typical: Reckoning,
    low: tuple[Run, Reckoning],
    high: tuple[Run, Reckoning],
    found: list[Offer],
) -> Quote:
    law = run.law
    restrictions, perhaps = _restrictions(run)
    reasons = _reasons(run, rulebook, restrictions)
    refusals = [reason for reason in reasons if reason.level == "refused"]
    if typical.regime is None:
        refusals.append(Reason("regime.none", "refused"))
    if typical.unbounded or high[1].unbounded:
        # Without an upper end any total would be a guess told with confidence.
        reasons = [
            Reason(one.code, "refused", one.params, one.item, one.rule) if one.code in _UNBOUNDED else one
            for one in reasons
        ]
        refusals = [reason for reason in reasons if reason.level == "refused"]
        if not refusals:
            refusals = [Reason("rule.unknown", "refused", {"what": "?"})]
            reasons += refusals
    if refusals:
        return _refused(shipment, rulebook, law, [*{id(one): one for one in (*refusals, *reasons)}.values()], run, restrictions)
    charges = _charges(run, typical, low[1], high[1])
    totals = _totals(run, charges, run.freight)
    ranges = _ranges(run, totals, low, high)
    estimated = run.uncertain or perhaps or any(reason.level == "estimated" for reason in reasons)
    language_free = tuple((one.id, one.text) for one in law.destination.not_included if one.when.test(run, 0) is not False)
    return Quote(
        date=shipment.date,
        valid_until=_valid_until(law),
        versions=_versions(rulebook, law),
        outcome="estimated" if estimated else "complete",
        evidence=_grade(run.used.values()),
        reasons=tuple(reasons),
        currency=shipment.currency,
        totals=totals,
        ranges=ranges,
        charges=charges,
        options=_options(run, typical),
        preferences=tuple(_offer(run, offer) for offer in found),
        restrictions=restrictions,
        exchange_rates=_rates_used(run),
        delivery=_delivery(shipment),
        advisories=(),
        not_included=language_free,
        regime=typical.regime.id if typical.regime else None,
        rules=tuple(evidence.ref for evidence in run.used.values()),
    )


_UNBOUNDED: Final = frozenset({"duty.unknown", "measure.missing", "charge.uncomputable", "rule.unknown"})


def _charges(run: Run, typical: Reckoning, low: Reckoning, high: Reckoning) -> tuple[Charge, ...]:
    lows, highs = _by_place(run, low, typical), _by_place(run, high, typical)
    return tuple(_charge(run, line, lows, highs) for line in typical.lines)


def _by_place(run: Run, other: Reckoning, typical: Reckoning) -> dict[tuple[str, int | None], int] | None:
    if other is typical or other.regime is not typical.regime:
        return None
    return {(line.rule.id, line.item): _shown(run, line.amount) for line in other.lines}


def _shown(run: Run, minor: int) -> int:
    """An amount of the law's currency in the quote's."""
    wanted = run.shipment.currency
    return minor if wanted == run.currency else run.rates.convert_minor(minor, run.currency, wanted)


def _charge(
    run: Run,
    line: Line,
    lows: dict[tuple[str, int | None], int] | None,
    highs: dict[tuple[str, int | None], int] | None,
) -> Charge:
    rule, place = line.rule, (line.rule.id, line.item)
    amount = _shown(run, line.amount)
    bounds = None
    if lows is not None and highs is not None:
        low, high = min(lows.get(place, 0), amount), max(highs.get(place, 0), amount)
        bounds = (low, high) if low != high else None
    payer = rule.payer
    if payer == "terms":
        payer = "seller" if run.shipment.terms == "DDP" else "buyer"
    shares: tuple[tuple[str, int], ...] = ()
    if line.shares is not None and len(run.items) > 1:
        parts = allocate(amount, [max(share, 0) for share in line.shares])
        shares = tuple((item.id, part) for item, part in zip(run.items, parts, strict=True))
    return Charge(
        id=rule.id,
        kind=rule.kind,  # type: ignore[arg-type]  # the loader let only the three kinds in
        covers=rule.covers,
        item=None if line.item is None else run.items[line.item].id,
        name=rule.name,
        amount=amount,
        currency=run.shipment.currency,
        local=Money(line.amount, run.currency),
        base=None if line.base is None else Money(line.base, run.currency),
        rate=line.rate,
        formula=line.formula,
        payer=payer,
        collected=rule.collected,
        rule=line.evidence.ref,
        range=bounds,
        allocation=shares,
    )


def _goods(shipment: Shipment, rates: RateTable) -> int:
    return sum(
        rates.convert_minor(line_price(item, _price_currency(item)), _price_currency(item), shipment.currency)
        for item in shipment.items
    )


def _part(shipment: Shipment, rates: RateTable, name: Literal["freight", "insurance"]) -> int | None:
    given = getattr(shipment, name)
    if given is None:
        return None
    return rates.convert_minor(to_minor(given.value, given.currency), given.currency, shipment.currency)


def _totals(run: Run, charges: tuple[Charge, ...], local_freight: int) -> Totals:
    shipment, rates = run.shipment, run.rates
    sums = dict.fromkeys(("duty", "tax", "fee"), 0)
    for charge in charges:
        sums[charge.kind] += charge.amount
    goods = _goods(shipment, rates)
    freight, insurance = _part(shipment, rates, "freight"), _part(shipment, rates, "insurance")
    import_charges = sum(sums.values())
    landed = goods + import_charges + (insurance or 0)
    if "freight" not in shipment.price_includes:
        landed += freight or 0
    landed -= sum(sums[kind] for kind in held_kinds(shipment.price_includes))
    del local_freight
    return Totals(
        goods=goods,
        freight=freight,
        insurance=insurance,
        customs_value=_shown(run, sum(run.customs)),
        duties=sums["duty"],
        taxes=sums["tax"],
        fees=sums["fee"],
        import_charges=import_charges,
        landed=landed,
    )


def _ranges(
    run: Run, totals: Totals, low: tuple[Run, Reckoning], high: tuple[Run, Reckoning]
) -> dict[str, tuple[int, int | None]]:
    charges, landed = totals.import_charges or 0, totals.landed or 0
    sums = [sum(_shown(one, line.amount) for line in found.lines) for one, found in (low, high)]
    lowest, highest = min(*sums, charges), max(*sums, charges)
    freight = 0
    if run.shipment.freight is None and "freight" not in run.shipment.price_includes:
        freight = _shown(run, high[0].freight)
    held = run.shipment.price_includes >= {"duties", "taxes"}
    if held:
        return {"import_charges": (lowest, highest), "landed": (landed, landed + freight)}
    return {
        "import_charges": (lowest, highest),
        "landed": (landed - charges + lowest, landed - charges + highest + freight),
    }


def _reasons(run: Run, rulebook: Rulebook, restrictions: tuple[Restriction, ...]) -> list[Reason]:
    law, shipment = run.law, run.shipment
    for row in law.refusals:
        if row.when.test(run, 0) is True:
            params = {f"message_{language}": text for language, text in row.message.items()}
            params |= {f"action_{language}": text for language, text in (row.action or {}).items()}
            run.note(row.evidence.id, "refused", params, rule=row.evidence.id)
    for restriction in restrictions:
        if restriction.severity == "prohibits":
            params = {f"what_{language}": text for language, text in restriction.message.items()}
            run.note("item.prohibited", "refused", params, rule=restriction.id)
    if shipment.freight is None and "freight" not in shipment.price_includes:
        percent = str(int(ASSUMED_FREIGHT * 100))
        run.note("freight.absent", "estimated", {"percent": percent})
    for evidence in run.used.values():
        _weigh(run, evidence, shipment.date)
    used = _rates_used(run)
    if used:
        if rulebook.rates.is_stale(shipment.date):
            days = str(abs(rulebook.rates.age(shipment.date)))
            run.note("fx.stale", "estimated", {"date": rulebook.rates.as_of.isoformat(), "days": days})
        if any(rate.kind == "market" for rate in used) and run.currency != shipment.currency:
            run.note("fx.market_rate", "info")
    order = {"refused": 0, "estimated": 1, "info": 2}
    return sorted(run.notes.values(), key=lambda reason: order[reason.level])


def _weigh(run: Run, evidence: Evidence, on: date) -> None:
    """Say what is weak about a rule that the answer rests on."""
    if evidence.status in ("verified", "reported") and on <= evidence.fresh_until:
        return
    params = {"what": evidence.what, "known_until": evidence.known_until.isoformat() if evidence.known_until else "?"}
    if evidence.status in ("memory", "conflicting"):
        run.note(f"rule.{evidence.status}", "estimated", params, rule=evidence.id)
    if evidence.is_stale(on):
        run.note("rule.stale", "estimated", params, rule=evidence.id)


def _grade(used: object) -> Literal["A", "B", "C"]:
    rules: list[Evidence] = list(used)  # type: ignore[call-overload]  # the values of a dict of evidence
    if all(rule.status == "verified" for rule in rules):
        return "A"
    if all(rule.status == "verified" or rule.source_count >= _ENOUGH_SOURCES for rule in rules):
        return "B"
    return "C"


def _restrictions(run: Run) -> tuple[tuple[Restriction, ...], bool]:
    found, perhaps = [], False
    for index in range(-1, len(run.items)):
        for row, likely in _possible(run, index):
            answer = likely
            if row.when.dynamic is not None:
                asked = row.when.dynamic(run, max(index, 0))
                answer = False if asked is False else None if asked is None else likely
            if answer is False:
                continue
            severity = row.severity
            if answer is None and severity == "prohibits":
                # Perhaps forbidden: shown as something to settle, never as nothing.
                perhaps, severity = True, "requires"
            id_ = None if index < 0 else run.items[index].id
            evidence = row.evidence
            found.append(Restriction(evidence.id, severity, id_, row.ends, row.message, row.action, evidence.ref))
    return tuple(found), perhaps


def _possible(run: Run, index: int) -> tuple[tuple[RestrictionRule, bool | None], ...]:
    """Return the restrictions in force that may concern an item (the consignment for -1); kept by the law of the day."""
    key: tuple[object, ...] = ("restrictions", run.way)
    if index >= 0:
        item = run.items[index]
        key += (run.code(index), item.origin, run.claims[index], frozenset(item.attributes.items()))
    found: tuple[tuple[RestrictionRule, bool | None], ...] | None = run.law.decisions.get(key)
    if found is None:
        rows = [row for row in run.law.restrictions if (row.per == "consignment") is (index < 0)]
        answers = [(row, row.when.static(run, max(index, 0))) for row in rows]
        found = run.law.decisions[key] = tuple(pair for pair in answers if pair[1] is not False)
    return found


def _options(run: Run, typical: Reckoning) -> tuple[Option, ...]:
    return tuple(
        Option(
            regime=regime.id,
            name=regime.name,
            lawful=True,
            chosen=regime is typical.regime,
            import_charges=None if total is None else _shown(run, total),
            needs=regime.needs,
        )
        for regime, total in typical.options
    )


def _offer(run: Run, offer: Offer) -> PreferenceOffer:
    agreement = offer.agreement
    waiver = agreement.waivers.get(run.law.destination.country)
    code = "preference.claimed" if offer.claimed else offer.why_not or "preference.no_saving"
    params = {"headings": ", ".join(offer.given.quota)} if offer.given.quota else {}
    return PreferenceOffer(
        item=run.items[offer.index].id,
        agreement=agreement.id,
        name=agreement.name,
        available=not offer.given.quota,
        claimed=offer.claimed,
        saving=None if offer.given.quota else _shown(run, offer.saving),
        proof=agreement.proof,
        waiver=None if waiver is None else Money(to_minor(_decimal(waiver.amount), waiver.currency), waiver.currency),
        waived=waived(run, agreement),
        reason=Reason(code, "info", params),
    )


def _decimal(value: object) -> Decimal:
    numerator, denominator = value.as_integer_ratio()  # type: ignore[attr-defined]  # a Fraction
    return Decimal(numerator) / Decimal(denominator)


def _rates_used(run: Run) -> tuple[ExchangeRate, ...]:
    shipment = run.shipment
    pairs = {(_price_currency(item), run.currency) for item in shipment.items}
    for part in (shipment.freight, shipment.insurance):
        if part is not None:
            pairs.add((part.currency, run.currency))
    pairs.add((run.currency, shipment.currency))
    return tuple(run.rates.rate(a, b) for a, b in sorted(pairs) if a != b)


def _delivery(shipment: Shipment) -> object:
    return estimate(
        shipment.ready_on or shipment.date,
        shipment.dispatch.country,
        shipment.destination.country,
        shipment.destination.region,
        shipment.channel,
        shipment.transport,
    )


def _valid_until(law: Law) -> date:
    until = law.on + _VALID_FOR
    change = law.next_change
    return until if change is None else min(until, change - timedelta(days=1))


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
    """A refusal keeps what is known: the goods, the reasons, the restrictions."""
    rates = rulebook.rates
    nothing: Mapping[str, tuple[int, int | None]] = {}
    texts: tuple[tuple[str, Texts], ...] = ()
    return Quote(
        date=shipment.date,
        valid_until=shipment.date,
        versions=_versions(rulebook, law),
        outcome="refused",
        evidence="C" if run is None else _grade(run.used.values()),
        reasons=tuple(reasons),
        currency=shipment.currency,
        totals=Totals(_goods(shipment, rates), None, None, None, None, None, None, None, None),
        ranges=nothing,
        charges=(),
        options=(),
        preferences=(),
        restrictions=restrictions,
        exchange_rates=(),
        delivery=None,
        advisories=(),
        not_included=texts,
    )
