"""The money of a quote: charges in the buyer's currency, totals that are their sums, ranges, options and offers."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, Literal

from landed_cost.assess import Line
from landed_cost.claims import Offer, waived
from landed_cost.model import Amount, Charge, Item, Option, PreferenceOffer, Reason, Shipment, Texts, Totals
from landed_cost.money import Money, allocate, to_minor
from landed_cost.rates import ExchangeRate, RateTable
from landed_cost.reckon import Reckoning, Way, is_held
from landed_cost.rulebook.agreements import Agreement
from landed_cost.run import Run, line_price

# Makes a named tuple of all its fields without the detour of its own constructor: a quote has some dozens of them.
_new: Final = tuple.__new__
_KINDS: Final = ("duty", "tax", "fee")
# Less paper is better.
_PAPERS: Final = {"none": 2, "declaration": 1, "certificate": 0}
Amounts = Mapping[tuple[str, int | None], int]
Paper = Literal["none", "declaration", "certificate"]


def charges(run: Run, typical: Reckoning, low: Reckoning, high: Reckoning) -> tuple[Charge, ...]:
    """Return the lines of the answer, each converted by itself, with what it is in the other scenarios."""
    lows, highs = _by_place(run, low, typical), _by_place(run, high, typical)
    law, wanted, items = run.currency, run.shipment.currency, run.items
    by_terms = "seller" if run.shipment.terms == "DDP" else "buyer"
    found = []
    for line in typical.lines:
        rule, amount, formula, local = line.rule, line.amount, line.formula, _new(Money, (line.amount, law))
        if wanted != law:
            # In another money than the answer's the result is said, with its currency.
            amount, formula = run.rates.convert_minor(amount, law, wanted), _equals(formula, local)
        charge = (
            rule.id,
            rule.kind,
            rule.covers,
            None if line.item is None else items[line.item].id,
            rule.name,
            amount,
            wanted,
            local,
            None if line.base is None else _new(Money, (line.base, law)),
            line.rate,
            formula,
            by_terms if rule.payer == "terms" else rule.payer,
            rule.collected,
            line.evidence.ref,
            None if lows is None else _range(line, amount, lows, highs),
            () if line.shares is None else _allocation(run, line.shares, amount),
        )
        found.append(_new(Charge, charge))
    return tuple(found)


def _equals(formula: str | Texts, local: Money) -> str | Texts:
    if isinstance(formula, str):
        return f"{formula} = {local}"
    return {language: f"{text} = {local}" for language, text in formula.items()}


def _by_place(run: Run, other: Reckoning, typical: Reckoning) -> Amounts | None:
    if other is typical or other.regime is not typical.regime:
        return None
    return {(line.rule.id, line.item): shown(run, line.amount) for line in other.lines}


def _range(line: Line, amount: int, lows: Amounts | None, highs: Amounts | None) -> tuple[int, int] | None:
    if lows is None or highs is None:
        return None
    ends = [found.get((line.rule.id, line.item), 0) for found in (lows, highs)]
    low, high = min(*ends, amount), max(*ends, amount)
    return None if low == high else (low, high)


def shown(run: Run, minor: int) -> int:
    """Return an amount of the law's currency in the quote's."""
    wanted = run.shipment.currency
    return minor if wanted == run.currency else run.rates.convert_minor(minor, run.currency, wanted)


def _allocation(run: Run, shares: list[int], amount: int) -> tuple[tuple[str, int], ...]:
    if len(run.items) == 1:
        return ()
    if min(shares) < 0 or sum(shares) != amount:
        shares = allocate(amount, [max(share, 0) for share in shares])
    return tuple([(item.id, part) for item, part in zip(run.items, shares, strict=True)])


def goods_total(shipment: Shipment, rates: RateTable) -> int:
    """Return what is paid for the goods; a gift costs nothing, whatever it is worth to customs."""
    return sum(
        rates.convert_minor(line_price(item, item.unit_price), item.unit_price.currency, shipment.currency)
        for item in shipment.items
    )


def _goods(run: Run) -> int:
    """Return what is paid for the goods, from the prices that the reckoning began with where they are the same."""
    whole = 0
    for item, (minor, of) in zip(run.items, run.given, strict=True):
        if of != run.shipment.currency or item.declared_value is not None:
            return goods_total(run.shipment, run.rates)
        whole += minor
    return whole


def _given(run: Run, amount: Amount | None, local: int) -> int | None:
    """Return freight or insurance as it was given, in the quote's currency; ``local`` is it in the law's."""
    if amount is None:
        return None
    wanted = run.shipment.currency
    if wanted == amount.currency == run.currency:
        return local
    return run.rates.convert_minor(to_minor(amount.value, amount.currency), amount.currency, wanted)


def totals(run: Run, found: tuple[Charge, ...]) -> Totals:
    """Return the sums of the answer; what the price holds already is not added to the landed cost again."""
    shipment = run.shipment
    sums = dict.fromkeys(_KINDS, 0)
    for charge in found:
        sums[charge.kind] += charge.amount
    goods = _goods(run)
    freight = _given(run, shipment.freight, run.freight)
    insurance = _given(run, shipment.insurance, run.insurance)
    parts = shipment.price_includes
    held = sum(charge.amount for charge in found if is_held(charge.covers, parts)) if parts else 0
    carried = 0 if "freight" in shipment.price_includes else freight or 0
    import_charges = sum(sums.values())
    landed = goods + carried + (insurance or 0) + import_charges - held
    value = shown(run, sum(run.customs))
    parts_of_it = (sums["duty"], sums["tax"], sums["fee"])
    return _new(Totals, (goods, freight, insurance, value, *parts_of_it, import_charges, landed))


def ranges(
    run: Run, found: Totals, typical: Reckoning, low: tuple[Run, Reckoning], high: tuple[Run, Reckoning]
) -> dict[str, tuple[int, int | None]]:
    """Return how far import charges and landed cost go, from the whole quote reckoned low and high."""
    charges, landed = found.import_charges or 0, found.landed or 0
    if low[1] is typical and high[1] is typical:
        return {"import_charges": (charges, charges), "landed": (landed, landed)}
    scenarios = (low, (run, typical), high)
    sums = [_sum(one, reckoned.lines) for one, reckoned in scenarios]
    added = [_sum(one, [line for line in reckoned.lines if not _holds(run, line)]) for one, reckoned in scenarios]
    base = landed - added[1]
    freight = 0
    if run.shipment.freight is None and "freight" not in run.shipment.price_includes:
        freight = shown(run, high[0].freight)
    return {
        "import_charges": (min(sums), max(sums)),
        "landed": (base + min(added), base + max(added) + freight),
    }


def _holds(run: Run, line: Line) -> bool:
    return is_held(line.rule.covers, run.shipment.price_includes)


def _sum(run: Run, lines: Iterable[Line]) -> int:
    if run.shipment.currency == run.currency:
        return sum([line.amount for line in lines])
    return sum([shown(run, line.amount) for line in lines])


def _of_way(run: Run, way: Way) -> int:
    return way.total if run.shipment.currency == run.currency else _sum(run, way.lines)


def options(run: Run, typical: Reckoning) -> tuple[Option, ...]:
    """Return every lawful way with what it comes to, in sums of converted charges like the total."""
    return tuple(
        Option(
            regime=way.regime.id,
            name=way.regime.name,
            lawful=True,
            chosen=way.regime is typical.regime,
            import_charges=None if way.unbounded else _of_way(run, way),
            needs=way.regime.needs,
        )
        for way in typical.options
    )


def preferences(run: Run, found: list[Offer]) -> tuple[PreferenceOffer, ...]:
    """Return every offer; on each item the one that saves most is marked, of equals the one with the least paper."""
    papers = [_paper(run, one.agreement) for one in found]
    best: dict[str, tuple[tuple[int, int, bool], Offer]] = {}
    for one, (_, paper) in zip(found, papers, strict=True):
        saving = 0 if one.saving <= 0 or one.given.quota else shown(run, one.saving)
        if saving > 0:
            merit, id_ = (saving, _PAPERS[paper], one.claimed), run.items[one.index].id
            if id_ not in best or merit > best[id_][0]:
                best[id_] = merit, one
    for _, one in best.values():
        one.is_best = True
    return tuple([_offer(run, one, paper) for one, paper in zip(found, papers, strict=True)])


def _offer(run: Run, found: Offer, asked: tuple[bool, Paper]) -> PreferenceOffer:
    """Return what an agreement would save, or saves, on an item.

    ``asked`` is whether the certification is waived, and which paper is asked for.
    """
    agreement, quota = found.agreement, found.given.quota
    country = run.law.destination.country
    waiver = agreement.waivers.get(country)
    freed = agreement.fee_exemptions.get(country)
    is_waived, paper = asked
    code = "preference.claimed" if found.claimed else found.why_not or "preference.no_saving"
    offer = (
        run.items[found.index].id,
        agreement.id,
        agreement.name,
        not quota,
        found.claimed,
        None if quota else shown(run, found.saving),
        agreement.proof,
        None if waiver is None else waiver.money,
        is_waived,
        Reason(code, "info", {"headings": ", ".join(quota)}) if quota else _plain_reason(code),
        paper,
        found.is_best,
        _saved(run, found.saved) if found.saving else (0, 0, 0),
        tuple([(rule.id, rule.name, shown(run, amount)) for rule, amount in found.still_due]),
        None if freed is None else freed.text,
        None,
    )
    return _new(PreferenceOffer, offer)


@cache
def _plain_reason(code: str) -> Reason:
    return Reason(code, "info", {})


def _paper(run: Run, agreement: Agreement) -> tuple[bool, Paper]:
    """Return whether the agreement waives its certification for this consignment, and which paper it asks for."""
    waiver = agreement.waivers.get(run.law.destination.country)
    is_waived = waiver is not None and waived(run, agreement)
    if waiver is not None and is_waived and not waiver.declared:
        return is_waived, "none"
    return is_waived, "declaration" if is_waived or agreement.self_declared else "certificate"


def _saved(run: Run, saved: tuple[int, int, int]) -> tuple[int, int, int]:
    if run.shipment.currency == run.currency:
        return saved
    duties, taxes, fees = saved
    return shown(run, duties), shown(run, taxes), shown(run, fees)


def exchange_rates(run: Run) -> tuple[ExchangeRate, ...]:
    """Return every rate that an amount of the answer was converted with: for customs, for limits, for the reader."""
    shipment = run.shipment
    # Freight and insurance of another currency were converted; prices are, before anything is written down.
    if not run.converted and shipment.currency == run.currency and _are_priced_in(run.items, run.currency):
        return ()
    pairs = {(of, run.currency) for _, of in run.given}
    pairs |= {(item.unit_price.currency, shipment.currency) for item in shipment.items}
    for part in (shipment.freight, shipment.insurance):
        if part is not None:
            pairs |= {(part.currency, run.currency), (part.currency, shipment.currency)}
    pairs |= run.converted
    pairs.add((run.currency, shipment.currency))
    return tuple(run.rates.rate(a, b) for a, b in sorted(pairs) if a != b)


def _are_priced_in(items: Iterable[Item], currency: str) -> bool:
    return all(item.declared_value is None and item.unit_price.currency == currency for item in items)
