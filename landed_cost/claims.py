"""What agreements would save: which of them cover the goods, which to claim, and what each claim takes off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from landed_cost.assess import Line, assess, bare_sums
from landed_cost.decide import kept
from landed_cost.goods import Preferred, preferred
from landed_cost.model import Item
from landed_cost.reckon import Reckoning, Way, is_open, is_plain, is_solved_for, likely_regimes, reckon, start
from landed_cost.rulebook.agreements import Agreement
from landed_cost.rulebook.law import ChargeRule
from landed_cost.run import Run

# Reasons that ask for evidence, which is not worth giving where nothing would be saved.
_OF_EVIDENCE: Final = frozenset({"preference.evidence_missing", "preference.certificate_needed"})


# A charge and what it comes to.
Due = tuple[ChargeRule, int]


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
    # The saving by kind of charge: duties, taxes, fees. And the duties that are due on the item all the same.
    saved: tuple[int, int, int] = (0, 0, 0)
    still_due: list[Due] = field(default_factory=list)
    # Whether it saves most on its item.
    is_best: bool = False


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
            _price(run, offer, None, best, known, whole=not stands)
        elif not offer.given.quota:
            _price(run, offer, offer.agreement.id, best, known, whole=not stands)
            if offer.saving <= 0 and offer.why_not in _OF_EVIDENCE:
                offer.why_not = "preference.no_saving"
            if offer.why_not is None:
                offer.why_not = "preference.other_claimed" if run.claims[offer.index] else "preference.no_saving"
    run.amounts = amounts
    run.explain, run.uncertain, run.unbounded = outer


def _whole_stands(run: Run, best: Reckoning) -> bool:
    """Whether the charges on the whole consignment stay what they are, whatever is claimed for its items."""
    for _, decision in () if best.regime is None else kept(run, best.regime, -1):
        if decision.rule.when.crosses:
            return False
        if decision.asks_items and (decision.when is None or decision.when(run, 0) is not False):
            return False
    return True


def _price(
    run: Run, offer: Offer, claim: str | None, best: Reckoning, known: Mapping[str, list[int]] | None, *, whole: bool
) -> None:
    """Write what the offer saves: the difference that another claim on its item makes.

    Where items are apart, only that item is reckoned again.
    """
    index = offer.index
    other: Sequence[Due] | None = None
    if not whole and best.regime is not None and known is not None:
        before, run.claims[index] = run.claims[index], claim
        other = bare_sums(run, best.regime, index)
        run.claims[index] = before
    if other is not None:
        ours: Sequence[Due] = [(line.rule, line.amount) for line in best.lines if line.item == index]
        due = ours if offer.claimed else other
    else:
        lines = _otherwise(run, index, claim, best, known, whole=whole)
        ours, other = ([(line.rule, line.amount) for line in found] for found in (best.lines, lines))
        due = [(line.rule, line.amount) for line in (best.lines if offer.claimed else lines) if line.item == index]
    with_it, without = (ours, other) if offer.claimed else (other, ours)
    offer.saved = duties, taxes, fees = _less(without, with_it)
    offer.saving = duties + taxes + fees
    offer.still_due = [one for one in due if one[1] > 0 and one[0].kind == "duty"]


def _less(more: Iterable[Due], less: Iterable[Due]) -> tuple[int, int, int]:
    """Return by how much some charges are more than others: duties, taxes, fees."""
    sums = {"duty": 0, "tax": 0, "fee": 0}
    for rule, amount in more:
        sums[rule.kind] += amount
    for rule, amount in less:
        sums[rule.kind] -= amount
    return sums["duty"], sums["tax"], sums["fee"]


def _otherwise(
    run: Run, index: int, claim: str | None, best: Reckoning, known: Mapping[str, list[int]] | None, *, whole: bool
) -> list[Line]:
    """Return all lines with another claim on one item."""
    if best.regime is None or known is None:
        return _with(run, index, claim).lines
    before, run.claims[index] = run.claims[index], claim
    run.amounts = {id_: list(of_items) for id_, of_items in known.items()}
    changing = (index, None) if whole else (index,)
    lines = [line for line in best.lines if line.item not in changing]
    lines += assess(run, best.regime, (index,), whole=whole)
    run.claims[index] = before
    return lines


def _total_with(run: Run, index: int, claim: str | None) -> int:
    return _with(run, index, claim).total


def _with(run: Run, index: int, claim: str | None) -> Reckoning:
    kept = run.claims[index]
    run.claims[index] = claim
    found = reckon(run)
    run.claims[index] = kept
    return found
