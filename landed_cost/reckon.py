"""Reckoning a whole consignment: its value for customs, the lawful ways in, the cheapest, the claims that pay."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from landed_cost.assess import Line, assess
from landed_cost.decide import kept
from landed_cost.goods import SHORT, Preferred, preferred
from landed_cost.model import Item
from landed_cost.money import allocate, half_up, to_minor
from landed_cost.rulebook.agreements import Agreement
from landed_cost.rulebook.facts import Fact
from landed_cost.rulebook.law import Regime
from landed_cost.rulebook.logic import Answer
from landed_cost.run import Run, Scenario

# Freight that is not given but taxed: from nothing to half of the goods. A stated guess, so that a range can be shown.
ASSUMED_FREIGHT: Final = Fraction(1, 2)
# Up to so many items each line of one is tried in every way in; beyond, in the way that the whole takes.
_FEW: Final = 5
# A price that holds duties is solved for the value without them; each round leaves less than half of the error.
_ROUNDS: Final = 60
# What a charge may be reckoned on that no claim changes.
_PARTS: Final = frozenset({"goods", "freight", "insurance", "customs_value"})
# Reasons that ask for evidence, which is not worth giving where nothing would be saved.
_OF_EVIDENCE: Final = frozenset({"preference.evidence_missing", "preference.certificate_needed"})
_HELD: Final = frozenset({"duties", "taxes"})
# Which part of a price holds a kind of charge.
_PART_OF: Final = {"duty": "duties", "fee": "duties", "tax": "taxes"}


@dataclass(slots=True)
class Way:
    """One lawful way in as reckoned: its lines, their sum in the law's currency, and how far that can be relied on."""

    regime: Regime
    lines: list[Line]
    total: int
    unbounded: bool
    uncertain: bool

    @property
    def rank(self) -> tuple[bool, int]:
        """What a buyer prefers: an amount that has an end, and the smaller one."""
        return self.unbounded, self.total


@dataclass(slots=True)
class Reckoning:
    """The lines of the chosen regime and, beside it, every other lawful way.

    ``solved`` is whether a price that holds duties or taxes could be told from the value without them.
    """

    regime: Regime | None
    lines: list[Line]
    total: int
    options: list[Way]
    unbounded: bool
    uncertain: bool
    solved: bool = True


def start(run: Run) -> None:
    """Set prices, freight, insurance and customs value of the consignment for this scenario."""
    run.started, run.values = True, {}
    shipment, basis = run.shipment, run.law.destination.basis
    freight = 0
    if shipment.freight is not None:
        freight = run.to_local(to_minor(shipment.freight.value, shipment.freight.currency), shipment.freight.currency)
    elif "freight" not in shipment.price_includes:
        freight = _absent_freight(run)
    goods = list(run.prices)
    if "freight" in shipment.price_includes and (basis == "CIF" or "freight" in run.law.destination.deductible):
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


def _absent_freight(run: Run) -> int:
    """Freight that was not given: what the law presumes, else nothing and in the high scenario a stated guess."""
    fact = presumed_freight(run)
    guess = ASSUMED_FREIGHT if run.scenario == "high" else Fraction(0)
    ratio = guess if fact is None or fact.value is None else fact.ratio(fact.value)
    return half_up(sum(run.prices) * ratio.numerator, ratio.denominator)


def presumed_freight(run: Run) -> Fact | None:
    """Return the fact by which the law presumes freight that nobody proves, where it has one on this day."""
    presumed = run.law.destination.freight
    if presumed is None:
        return None
    state, fact = run.law.fact(presumed)
    return fact if state == "in_force" and fact.value is not None else None


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
    parts = run.shipment.price_includes & _HELD.intersection(run.law.destination.deductible)
    if not parts:
        if not run.started:
            start(run)
        return _choose(run)
    run.included = 0
    start(run)
    found, far = _choose(run), False
    for _ in range(_ROUNDS):
        included = sum(line.amount for line in found.lines if is_held(line.rule.covers, parts))
        if included == run.included:
            return found
        far = abs(included - run.included) > 1
        run.included = included
        start(run)
        found = _choose(run)
    # Rounding may leave the last unit going up and down. More than that is a limit: free without the duty and dutiable
    # with it, so that no value fits the price.
    found.solved = not far
    return found


def is_held(covers: Iterable[str], parts: AbstractSet[str]) -> bool:
    """Return whether a price that includes ``parts`` holds a charge: all of what the charge stands for must be in it.

    With the duties of a price go the fees of the border.
    """
    return all(_PART_OF[kind] in parts for kind in covers)


def explained(run: Run, found: Reckoning) -> Reckoning:
    """Reckon the chosen regime once more, writing down what it rests on and what is to be said of it."""
    run.explain, run.used, run.notes = True, {}, {}
    run.uncertain = found.uncertain
    _insurance(run)
    if found.regime is not None:
        _explain(run, found.regime)
        found.lines = assess(run, found.regime)
    return _said(run, found)


def explained_at_once(run: Run) -> Reckoning:
    """Reckon and write down in one go, where there is one way in and nothing to choose."""
    run.explain, run.used, run.notes = True, {}, {}
    start(run)
    found = _choose(run)
    run.uncertain = found.uncertain
    if found.regime is not None:
        _explain(run, found.regime)
    return _said(run, found)


def _said(run: Run, found: Reckoning) -> Reckoning:
    run.unbounded = found.unbounded
    for part in sorted(run.shipment.price_includes - set(run.law.destination.deductible)):
        if part != "freight" or run.law.destination.basis == "FOB":
            run.note("price_includes.not_deductible", "info", {"part": part})
    if not found.solved:
        run.note("price_includes.unsolved", "refused")
    return found


def is_plain(run: Run) -> bool:
    """Whether there is but one way in and the price holds no duties to be solved for."""
    return len(likely_regimes(run)) == 1 and not run.shipment.price_includes & _HELD


def _choose(run: Run) -> Reckoning:
    ways: list[Way] = []
    doubtful: list[Way] = []
    doubt = run.shipment.freight is None and "freight" not in run.shipment.price_includes
    for regime, likely in likely_regimes(run):
        run.why.clear()
        answer = _is_open(run, regime, likely=likely)
        if answer is False:
            continue
        run.uncertain = run.unbounded = False
        lines = assess(run, regime)
        way = Way(regime, lines, sum(line.amount for line in lines), run.unbounded, run.uncertain)
        (doubtful if answer is None else ways).append(way)
        if answer and regime.exclusive:
            ways = [way]
            break
    best = _preferred(run, ways, doubtful)
    if best is None:
        return Reckoning(None, [], 0, ways, unbounded=False, uncertain=doubt)
    # What is uncertain in a way that is not taken leaves this answer certain; a way that is perhaps open does not.
    uncertain = best.uncertain or doubt or run.split or bool(doubtful)
    return Reckoning(best.regime, best.lines, best.total, ways or [best], best.unbounded, uncertain)


def likely_regimes(run: Run) -> tuple[tuple[Regime, Answer], ...]:
    """Return the regimes that may be open by channel, parties and day; kept by the law of the day."""
    key = ("regimes", run.way)
    found: tuple[tuple[Regime, Answer], ...] | None = run.law.decisions.get(key)
    if found is None:
        answers = [(regime, regime.when.static(run, 0)) for regime in run.law.destination.regimes]
        found = run.law.decisions[key] = tuple(pair for pair in answers if pair[1] is not False)
    return found


def _is_open(run: Run, regime: Regime, *, likely: Answer) -> Answer:
    asked = True if regime.when.dynamic is None else regime.when.dynamic(run, 0)
    return likely if asked else asked


def _preferred(run: Run, ways: list[Way], doubtful: list[Way]) -> Way | None:
    """Return the cheapest lawful way, or the one that the typical scenario took while it is lawful.

    A way that is perhaps open is taken where no other is. When low it is taken if that costs less; when high, one that
    would be the law and not a choice is taken if that costs more.
    """
    staying = [way for way in ways if way.regime is run.stay] or ways or doubtful
    best = min(staying, key=lambda way: way.rank, default=None)
    if best is not None and run.scenario == "low":
        best = min([best, *doubtful], key=lambda way: way.rank)
    if best is not None and run.scenario == "high":
        best = max([best, *(way for way in doubtful if way.regime.exclusive)], key=lambda way: way.rank)
    return best


def _explain(run: Run, chosen: Regime) -> None:
    """Ask once more which ways are open, so that what the chosen one rests on and what is not known is remembered."""
    past = False
    for regime, _ in likely_regimes(run):
        run.why.clear()
        # A way that was neither taken nor had to be ruled out first is no business of this answer.
        run.explain = regime is chosen or (regime.exclusive and not past)
        answer = regime.when.test(run, 0)
        run.explain = True
        past |= regime is chosen
        if answer is None:
            run.say(run.why, None)


def pick_lines(run: Run) -> None:
    """For items whose code means several tariff lines, take the cheapest (low), the dearest (high) or the middle."""
    run.pick, run.split = [0] * len(run.items), False
    if all(len(candidates) == 1 for candidates in run.candidates):
        return
    start(run)
    many = reckon(run).regime if len(run.items) > _FEW else None
    if many is not None:
        # The amounts of all the items stand while the lines of one are tried.
        assess(run, many)
    for index, candidates in enumerate(run.candidates):
        if len(candidates) == 1:
            continue
        totals: list[tuple[bool, int, int]] = []
        for alike in _alike(run, index):
            run.pick[index] = alike[0]
            unbounded, total = _tried(run, index, many)
            totals += [(unbounded, total, number) for number in alike]
        usual = [number for number, one in enumerate(candidates) if one.band is not None and one.column == "typical"]
        totals.sort()
        run.split |= totals[0][:2] != totals[-1][:2]
        if run.scenario == "low":
            run.pick[index] = totals[0][2]
        elif run.scenario == "high":
            run.pick[index] = totals[-1][2]
        else:
            bounded = [total for total in totals if not total[0]] or totals
            run.pick[index] = usual[0] if usual else bounded[len(bounded) // 2][2]


def _tried(run: Run, index: int, regime: Regime | None) -> tuple[bool, int]:
    """Return what the line picked for an item comes to; with a regime only that item's, the others as they are."""
    if regime is None:
        found = reckon(run)
        return found.unbounded, found.total
    run.unbounded = False
    total = sum([line.amount for line in assess(run, regime, index)])
    return run.unbounded, total


def _alike(run: Run, index: int) -> list[list[int]]:
    """Return the lines that an item may be on, together those that the law treats alike: hundreds are soon dozens."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for number in range(len(run.candidates[index])):
        run.pick[index] = number
        groups.setdefault(tuple(_treated(run, index)), []).append(number)
    return list(groups.values())


def _treated(run: Run, index: int) -> Iterator[object]:
    """How the law treats the line picked for an item: the ways in that are open, what falls on it, what frees it."""
    for regime, likely in likely_regimes(run):
        yield _is_open(run, regime, likely=likely)
        for _, decision in kept(run, regime, index):
            yield decision.rule.id, decision.rate and decision.rate.text, id(decision.exemption), decision.uncertain
            for row in decision.later:
                yield row.when.static(run, index)
        for _, decision in kept(run, regime, -1):
            # Whether a charge on the whole counts these goods, and how many codes it counts.
            yield decision.rule.of.static(run, index), decision.rule.per == "hs6" and run.code(index)[:SHORT]


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
        for agreement, given in _given(run, index):
            why_not = _why_not(run, item, agreement, given)
            found.append(Offer(index, agreement, given, why_not is None, why_not))
    return found


def _given(run: Run, index: int) -> tuple[tuple[Agreement, Preferred], ...]:
    """Return what agreements give on the lines that an item may be on; kept by the law of the day."""
    item, candidates = run.items[index], run.candidates[index]
    key = ("offers", item.origin, len(candidates), *(one.code for one in candidates))
    found: tuple[tuple[Agreement, Preferred], ...] | None = run.law.decisions.get(key)
    if found is None:
        pairs = []
        for agreement in run.law.agreements_for(item.origin):
            given = [one for one in (preferred(line, agreement, run.law) for line in candidates) if one]
            if given:
                pairs.append((agreement, given[0]))
        found = run.law.decisions[key] = tuple(pairs)
    return found


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
    price_offers(run, found, best)
    # A price that holds its duties was solved anew for each trial.
    return reckon(run) if run.included else best


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
            offer.saving = _other_total(run, offer.index, None, best, known, whole=not stands) - best.total
        elif not offer.given.quota:
            offer.saving = best.total - _other_total(
                run, offer.index, offer.agreement.id, best, known, whole=not stands
            )
            if offer.saving <= 0 and offer.why_not in _OF_EVIDENCE:
                offer.why_not = "preference.no_saving"
            if offer.why_not is None:
                offer.why_not = "preference.other_claimed" if run.claims[offer.index] else "preference.no_saving"
    run.amounts = amounts
    run.explain, run.uncertain, run.unbounded = outer


def _whole_stands(run: Run, best: Reckoning) -> bool:
    """Whether the charges on the whole consignment stay what they are, whatever is claimed for its items."""
    for _, decision in () if best.regime is None else kept(run, best.regime, -1):
        rule = decision.rule
        looks = rule.of.item_level or any(name not in _PARTS for name in rule.base)
        may_fall = decision.when is None or decision.when(run, 0) is not False
        if rule.when.crosses or (looks and may_fall):
            return False
    return True


def _other_total(
    run: Run, index: int, claim: str | None, best: Reckoning, known: Mapping[str, list[int]] | None, *, whole: bool
) -> int:
    """Return the total with another claim on one item; where items are apart, only that item is reckoned again."""
    if best.regime is None or known is None:
        return _total_with(run, index, claim)
    before, run.claims[index] = run.claims[index], claim
    run.amounts = {id_: list(of_items) for id_, of_items in known.items()}
    stays = sum([line.amount for line in best.lines if line.item != index and (line.item is not None or not whole)])
    total = stays + sum([line.amount for line in assess(run, best.regime, index, whole=whole)])
    run.claims[index] = before
    return total


def _total_with(run: Run, index: int, claim: str | None) -> int:
    kept = run.claims[index]
    run.claims[index] = claim
    total = reckon(run).total
    run.claims[index] = kept
    return total


def again(run: Run, scenario: Scenario, regime: Regime | None) -> tuple[Run, Reckoning]:
    """Reckon the same consignment in another scenario: the claims settled, and in ``regime`` while it is lawful."""
    other = replace(
        run,
        scenario=scenario,
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
        values={},
        converted=set(),
    )
    pick_lines(other)
    return other, reckon(other)
