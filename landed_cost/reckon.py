"""Reckoning a whole consignment: its value for customs, the lawful ways in, the cheapest of them, the claims that pay."""

from collections.abc import Set
from dataclasses import dataclass, replace
from typing import Final

from landed_cost.assess import ASSUMED_FREIGHT, Line, Run, assess
from landed_cost.goods import Preferred, preferred
from landed_cost.model import Item
from landed_cost.money import allocate, half_up, to_minor
from landed_cost.rulebook.agreements import Agreement
from landed_cost.rulebook.facts import fixed_amount
from landed_cost.rulebook.law import Regime

# A price that holds duties is solved for the value without them; each round leaves less than half of the error.
_ROUNDS: Final = 60
_HELD: Final = frozenset({"duties", "taxes"})


@dataclass(slots=True)
class Reckoning:
    """The lines of the chosen regime and, beside it, every other lawful one with its total (``None``: not bounded)."""

    regime: Regime | None
    lines: list[Line]
    total: int
    options: list[tuple[Regime, int | None]]
    unbounded: bool
    uncertain: bool


def start(run: Run) -> None:
    """Set prices, freight, insurance and customs value of the consignment for this scenario."""
    run.started = True
    shipment, basis = run.shipment, run.law.destination.basis
    freight = 0
    if shipment.freight is not None:
        freight = run.to_local(to_minor(shipment.freight.value, shipment.freight.currency), shipment.freight.currency)
    elif "freight" not in shipment.price_includes and run.scenario == "high":
        freight = half_up(sum(run.prices) * ASSUMED_FREIGHT.numerator, ASSUMED_FREIGHT.denominator)
    goods = list(run.prices)
    if "freight" in shipment.price_includes and freight:
        if basis == "FOB" and "freight" in run.law.destination.deductible:
            goods = _less(goods, freight)
        elif basis == "CIF":
            goods = _less(goods, freight)
    if run.included:
        goods = _less(goods, run.included)
    run.goods, run.freight = goods, freight
    run.insurance = _insurance(run)
    if basis == "FOB":
        run.customs = run.goods
    else:
        parts = allocate(freight + run.insurance, goods)
        run.customs = [value + part for value, part in zip(goods, parts, strict=True)]


def _less(goods: list[int], part: int) -> list[int]:
    shares = allocate(min(part, sum(goods)), goods)
    return [value - share for value, share in zip(goods, shares, strict=True)]


def _insurance(run: Run) -> int:
    given = run.shipment.insurance
    if given is not None:
        return run.to_local(to_minor(given.value, given.currency), given.currency)
    presumed = run.law.destination.insurance
    if presumed is None:
        return 0
    state, fact = run.law.fact(presumed)
    if state != "in_force" or fact.value is None:
        return 0
    ratio = fact.ratio(fact.value)
    amount = half_up(sum(run.goods) * ratio.numerator, ratio.denominator)
    run.rest_on(fact)
    run.note("insurance.presumed", "info", {"amount": f"{run.text(amount)} {run.currency} ({fact.shown()})"})
    return amount


def reckon(run: Run) -> Reckoning:
    """Reckon every lawful regime and choose: an exclusive one that is lawful, else the cheapest.

    A price that already holds duties or taxes is solved for the value without them first.
    """
    kinds = held_kinds(run.shipment.price_includes & set(run.law.destination.deductible))
    if not kinds:
        if not run.started:
            start(run)
        return _choose(run)
    run.included = 0
    start(run)
    found = _choose(run)
    for _ in range(_ROUNDS):
        included = sum(line.amount for line in found.lines if line.rule.kind in kinds)
        if abs(included - run.included) <= 1:
            break
        run.included = included
        start(run)
        found = _choose(run)
    return found


def held_kinds(parts: Set[str]) -> frozenset[str]:
    """Return which kinds of charge a price holds: with its duties go the fees of the border."""
    kinds = {"duties": ("duty", "fee"), "taxes": ("tax",)}
    return frozenset(kind for part in parts if part in kinds for kind in kinds[part])


def explained(run: Run, found: Reckoning) -> Reckoning:
    """Reckon the chosen regime once more, writing down what it rests on and what is to be said of it."""
    run.explain, run.used, run.notes = True, {}, {}
    run.uncertain = found.uncertain
    _insurance(run)
    if found.regime is not None:
        _explain(run, found.regime)
        found.lines = assess(run, found.regime)
    run.unbounded = found.unbounded
    for part in sorted((run.shipment.price_includes & set(_HELD)) - set(run.law.destination.deductible)):
        run.note("price_includes.not_deductible", "info", {"part": part})
    return found


def _choose(run: Run) -> Reckoning:
    options: list[tuple[Regime, int | None]] = []
    best: tuple[tuple[bool, bool, int], Regime, list[Line], bool] | None = None
    doubt = run.shipment.freight is None and "freight" not in run.shipment.price_includes
    for regime in run.law.destination.regimes:
        run.why.clear()
        answer = regime.when.test(run, 0)
        if answer is None:
            # Perhaps open: taken in the low scenario only, and whichever is chosen the doubt stays.
            doubt = True
            answer = run.scenario == "low"
        if not answer:
            continue
        run.uncertain = run.unbounded = False
        lines = assess(run, regime)
        total = sum(line.amount for line in lines)
        options.append((regime, None if run.unbounded else total))
        rank = (run.stay is not None and regime is not run.stay, run.unbounded, total)
        if regime.exclusive or best is None or rank < best[0]:
            best = rank, regime, lines, run.uncertain
        if regime.exclusive:
            options = options[-1:]
            break
    if best is None:
        return Reckoning(None, [], 0, options, unbounded=False, uncertain=doubt)
    # What is uncertain in a way that is not taken leaves this answer certain.
    (_, unbounded, total), regime, lines, uncertain = best
    return Reckoning(regime, lines, total, options, unbounded, uncertain or doubt)


def _explain(run: Run, chosen: Regime) -> None:
    """Ask the conditions that led to the chosen regime once more, so that what they rest on is remembered."""
    for regime in run.law.destination.regimes:
        if regime is chosen or regime.exclusive:
            run.why.clear()
            if regime.when.test(run, 0) is None:
                for code, what in run.why:
                    run.note(code, "estimated", {"attribute": what, "list": what} if what else {}, None)
        if regime is chosen:
            return


def pick_lines(run: Run) -> None:
    """For items whose code means several tariff lines, take the cheapest (low), the dearest (high) or the middle one."""
    run.pick = [0] * len(run.items)
    for index, candidates in enumerate(run.candidates):
        if len(candidates) == 1:
            continue
        totals = []
        for number in range(len(candidates)):
            run.pick[index] = number
            run.unbounded = False
            found = reckon(run)
            totals.append((found.unbounded, found.total, number))
        usual = [number for number, one in enumerate(candidates) if one.band is not None and one.column == "typical"]
        totals.sort()
        if run.scenario == "low":
            run.pick[index] = totals[0][2]
        elif run.scenario == "high":
            run.pick[index] = totals[-1][2]
        else:
            bounded = [total for total in totals if not total[0]] or totals
            run.pick[index] = usual[0] if usual else bounded[len(bounded) // 2][2]


@dataclass(slots=True)
class Offer:
    """An agreement that could serve one item, and why it is or is not claimed."""

    index: int
    agreement: Agreement
    given: Preferred
    eligible: bool
    why_not: str | None
    claimed: bool = False
    saving: int = 0


def offers(run: Run) -> list[Offer]:
    """Return every agreement that covers an item's line, with whether the evidence in the request suffices."""
    start(run)
    found = []
    for index, item in enumerate(run.items):
        for agreement in run.law.agreements_for(item.origin):
            given = next((one for one in (preferred(c, agreement, run.law) for c in run.candidates[index]) if one), None)
            if given is None:
                continue
            why_not = _why_not(run, item, agreement, given)
            found.append(Offer(index, agreement, given, why_not is None, why_not))
    return found


def waived(run: Run, agreement: Agreement) -> bool:
    """Whether the consignment is small enough that the agreement asks for no certification."""
    waiver = agreement.waivers.get(run.law.destination.country)
    if waiver is None:
        return False
    return run.value_in("goods", waiver.currency) <= fixed_amount(waiver.amount, waiver.currency)


def _why_not(run: Run, item: Item, agreement: Agreement, given: Preferred) -> str | None:
    if item.preference == "none":
        return "preference.not_wanted"
    if item.preference not in ("auto", agreement.id):
        return "preference.other_claimed"
    if given.quota:
        return "preference.quota"
    if item.origin_evidence == "none":
        return "preference.evidence_missing"
    if item.origin_evidence == "certificate" or agreement.self_declared or waived(run, agreement):
        return None
    return "preference.certificate_needed"


def settle_claims(run: Run, found: list[Offer]) -> Reckoning:
    """Choose the claims that cost least and write each offer's saving (law's currency); return the best reckoning.

    All items that can claim do so at first (a fee falls only when every item claims); then each claim that saves
    nothing is dropped again.
    """
    run.claims = [None] * len(run.items)
    for index in range(len(run.items)):
        choices = [offer for offer in found if offer.index == index and offer.eligible]
        if choices:
            run.claims[index] = min(choices, key=lambda offer: _total_with(run, index, offer.agreement.id)).agreement.id
    best = reckon(run)
    for index, claim in enumerate(run.claims):
        if claim is not None and run.items[index].preference == "auto" and _total_with(run, index, None) <= best.total:
            run.claims[index] = None
            best = reckon(run)
    total = best.total
    for offer in found:
        if run.claims[offer.index] == offer.agreement.id:
            offer.claimed = True
            offer.saving = _total_with(run, offer.index, None) - total
        elif not offer.given.quota:
            offer.saving = total - _total_with(run, offer.index, offer.agreement.id)
            if offer.why_not is None:
                offer.why_not = "preference.other_claimed" if run.claims[offer.index] else "preference.no_saving"
    # A price that holds its duties was solved anew for each trial.
    return reckon(run) if run.included else best


def _total_with(run: Run, index: int, claim: str | None) -> int:
    kept = run.claims[index]
    run.claims[index] = claim
    total = reckon(run).total
    run.claims[index] = kept
    return total


def again(run: Run, scenario: str, regime: Regime | None) -> tuple[Run, Reckoning]:
    """Reckon the same consignment in another scenario, with the claims settled, and in ``regime`` while it is lawful."""
    other = replace(
        run,
        scenario=scenario,  # type: ignore[arg-type]  # one of the three literals, from quote()
        explain=False,
        stay=regime,
        uncertain=False,
        unbounded=False,
        claims=list(run.claims),
        pick=list(run.pick),
        started=False,
        why=[],
        used={},
        notes={},
        amounts={},
    )
    pick_lines(other)
    return other, reckon(other)
