"""What agreements would save: which of them cover the goods, which to claim, and what each claim takes off."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from landed_cost.assess import Line, assess, bare_lines
from landed_cost.decide import kept
from landed_cost.goods import Preferred, preferred
from landed_cost.model import Item
from landed_cost.reckon import Reckoning, Way, is_open, is_plain, is_solved_for, likely_regimes, reckon, start
from landed_cost.rulebook.agreements import Agreement
from landed_cost.run import Run

# Reasons that ask for evidence, which is not worth giving where nothing would be saved.
_OF_EVIDENCE: Final = frozenset({"preference.evidence_missing", "preference.certificate_needed"})


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
    # What would be due were it otherwise: without the claim that is made, or with the one that is not.
    otherwise: list[Line] = field(default_factory=list)


def offers(run: Run) -> list[Offer]:
    """Return every agreement that covers an item's line, with whether the evidence in the request suffices."""
    if not run.started:
        start(run)
    found = []
    for index, item in enumerate(run.items):
        for agreement, given in _given(run, index):
            why_not = _why_not(run, item, agreement, given)
            found.append(Offer(index, agreement, given, why_not is None, why_not))
    return found


def _given(run: Run, index: int) -> tuple[tuple[Agreement, Preferred], ...]:
    """Return what agreements give on the lines that an item may be on; settled for such goods."""
    kind = run.kinds[index]
    if kind.offers is None:
        pairs = []
        for agreement in run.law.agreements_for(run.items[index].origin):
            given = [one for one in (preferred(line, agreement, run.law) for line in run.candidates[index]) if one]
            if given:
                pairs.append((agreement, given[0]))
        kind.offers = tuple(pairs)
    return kind.offers


def waived(run: Run, agreement: Agreement) -> bool:
    """Whether the consignment is small enough that the agreement asks for no certification."""
    waiver = agreement.waivers.get(run.law.destination.country)
    if waiver is None:
        return False
    return run.value_in("goods", waiver.money.currency) <= waiver.money.minor


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

    A way in that only the claims open stays among the options all the same.
    """
    best, opened = choose_claims(run, found)
    price_offers(run, found, best)
    if is_solved_for(run):
        # A price that holds its duties was solved anew for each trial, and the last may have found none to hold.
        best = reckon(run)
    still = {id(way.regime) for way in best.options}
    best.options += [way for way in opened if id(way.regime) not in still and way.regime.when.crosses]
    _say_other_ways(run, found, best)
    return best


def choose_claims(run: Run, found: list[Offer]) -> tuple[Reckoning, list[Way]]:
    """Choose the claims that cost least; return the best reckoning, and the ways that were open with every claim.

    All items that can claim do so at first (a fee falls only when every item claims); then each claim that saves
    nothing is dropped again.
    """
    run.claims = [None] * len(run.items)
    for index in range(len(run.items)):
        choices = [offer for offer in found if offer.index == index and offer.eligible]
        if choices:
            run.claims[index] = min(choices, key=lambda offer: _total_with(run, index, offer.agreement.id)).agreement.id
    best = reckon(run)
    opened = best.options
    for index, claim in enumerate(run.claims):
        if claim is not None and run.items[index].preference == "auto" and _total_with(run, index, None) <= best.total:
            run.claims[index] = None
            best = reckon(run)
    return best, opened


def _say_other_ways(run: Run, found: list[Offer], best: Reckoning) -> None:
    """Do not say that a claim saves nothing where claims for all the goods open a way in that is not the one taken."""
    ways = [pair for pair in likely_regimes(run) if pair[0].when.crosses and pair[0] is not best.regime]
    idle = [offer for offer in found if offer.why_not == "preference.no_saving"]
    if not ways or not idle:
        return
    before = run.claims
    run.claims = list(before)
    for offer in idle:
        run.claims[offer.index] = run.claims[offer.index] or offer.agreement.id
    opens = any(is_open(run, regime, likely=likely) for regime, likely in ways)
    run.claims = before
    if opens:
        is_proven = any(way.regime.when.crosses for way in best.options)
        for offer in idle:
            offer.why_not = "preference.other_way" if is_proven else "preference.needs_all"


def price_offers(run: Run, found: list[Offer], best: Reckoning) -> None:
    """Write what each offer saves, or would save, against the best reckoning (law's currency)."""
    amounts, outer = run.amounts, (run.explain, run.uncertain, run.unbounded)
    run.explain = False
    apart = best.regime is not None and best.regime.is_separable and is_plain(run)
    stands = apart and _whole_stands(run, best)
    # Without anything known of the others everything is reckoned anew.
    known = amounts if apart else None
    for offer in found:
        claimed = run.claims[offer.index] == offer.agreement.id
        if claimed:
            offer.claimed = True
            offer.otherwise = _otherwise(run, offer.index, None, best, known, whole=not stands)
            offer.saving = _sum(offer.otherwise) - best.total
        elif not offer.given.quota:
            offer.otherwise = _otherwise(run, offer.index, offer.agreement.id, best, known, whole=not stands)
            offer.saving = best.total - _sum(offer.otherwise)
            if offer.saving <= 0 and offer.why_not in _OF_EVIDENCE:
                offer.why_not = "preference.no_saving"
            if offer.why_not is None:
                offer.why_not = "preference.other_claimed" if run.claims[offer.index] else "preference.no_saving"
    run.amounts = amounts
    run.explain, run.uncertain, run.unbounded = outer


def _whole_stands(run: Run, best: Reckoning) -> bool:
    """Whether the charges on the whole consignment stay what they are, whatever is claimed for its items."""
    for _, decision in () if best.regime is None else kept(run, best.regime, -1):
        may_fall = decision.when is None or decision.when(run, 0) is not False
        if decision.rule.when.crosses or (decision.asks_items and may_fall):
            return False
    return True


def _otherwise(
    run: Run, index: int, claim: str | None, best: Reckoning, known: Mapping[str, list[int]] | None, *, whole: bool
) -> list[Line]:
    """Return the lines with another claim on one item; where items are apart, only that item is reckoned again."""
    if best.regime is None or known is None:
        return _with(run, index, claim).lines
    before, run.claims[index] = run.claims[index], claim
    if not whole and (bare := bare_lines(run, best.regime, index)) is not None:
        run.claims[index] = before
        return [line for line in best.lines if line.item != index] + bare
    run.amounts = {id_: list(of_items) for id_, of_items in known.items()}
    changing = (index, None) if whole else (index,)
    lines = [line for line in best.lines if line.item not in changing]
    lines += assess(run, best.regime, (index,), whole=whole)
    run.claims[index] = before
    return lines


def _sum(lines: list[Line]) -> int:
    return sum([line.amount for line in lines])


def _total_with(run: Run, index: int, claim: str | None) -> int:
    return _with(run, index, claim).total


def _with(run: Run, index: int, claim: str | None) -> Reckoning:
    kept = run.claims[index]
    run.claims[index] = claim
    found = reckon(run)
    run.claims[index] = kept
    return found
