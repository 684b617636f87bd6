"""Reckoning a whole consignment: its value for customs, the lawful ways in, the cheapest of them."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from landed_cost.assess import Line, assess
from landed_cost.money import allocate, half_up, to_minor
from landed_cost.rulebook.facts import Fact
from landed_cost.rulebook.law import Regime
from landed_cost.rulebook.logic import Answer
from landed_cost.run import Run

# Freight that is not given but taxed: from nothing to half of the goods. A stated guess, so that a range can be shown.
ASSUMED_FREIGHT: Final = Fraction(1, 2)
# A price that holds duties is solved for the value without them; each round leaves less than half of the error.
_ROUNDS: Final = 60
_HELD: Final = frozenset({"duties", "taxes"})
# Which part of a price holds a kind of charge.
_PART_OF: Final = {"duty": "duties", "fee": "duties", "tax": "taxes"}


@dataclass(slots=True)
class Way:
    """One lawful way in as reckoned: its lines, their sum in the law's currency, and how far that can be relied on.

    ``is_aside``: its figure leaves out a fee and nobody asked for it.
    """

    regime: Regime
    lines: list[Line]
    total: int
    unbounded: bool
    uncertain: bool
    is_aside: bool = False

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """What a buyer prefers: an amount that has an end, one that holds every fee, and the smaller one."""
        return self.unbounded, self.is_aside, self.total


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
    given = shipment.insurance
    if given is None:
        run.insurance = _presumed_insurance(run)
    else:
        run.insurance = run.to_local(to_minor(given.value, given.currency), given.currency)
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


def _presumed_insurance(run: Run) -> int:
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
    parts = held_parts(run)
    if not parts:
        if not run.started:
            start(run)
        return choose(run)
    found, far = _with_held(run, 0), False
    for _ in range(_ROUNDS):
        included = _held_of(found, parts)
        if included == run.included:
            return found
        far = abs(included - run.included) > _by_rounding(found, parts)
        found = _with_held(run, included)
    # Rounding may leave the last units going up and down.
    return _between(run, parts) if far else found


def _with_held(run: Run, included: int) -> Reckoning:
    """Reckon with so much of the price taken for duties and taxes that it holds."""
    run.included = included
    start(run)
    return choose(run)


def _held_of(found: Reckoning, parts: AbstractSet[str]) -> int:
    return sum(line.amount for line in found.lines if is_held(line.rule.covers, parts))


def _by_rounding(found: Reckoning, parts: AbstractSet[str]) -> int:
    """How far apart two values that are one unit apart may lie by rounding: each charge that is held may turn."""
    return max(1, sum(is_held(line.rule.covers, parts) for line in found.lines))


def _between(run: Run, parts: AbstractSet[str]) -> Reckoning:
    """Search by halves for what a price holds, where charges as heavy as the goods make each guess overshoot.

    The more is held the less is left to be charged. Where that falls at a limit, free without the duty and dutiable
    with it, no value may fit the price.
    """
    less, more = 0, sum(run.prices)
    while more - less > 1:
        middle = (less + more) // 2
        found = _with_held(run, middle)
        held = _held_of(found, parts)
        if held == middle:
            return found
        less, more = (middle, more) if held > middle else (less, middle)
    found = _with_held(run, more)
    found.solved = more - _held_of(found, parts) <= _by_rounding(found, parts)
    return found


def held_parts(run: Run) -> frozenset[str]:
    """Return what of duties and taxes a price holds that the law lets it be solved for."""
    return run.shipment.price_includes & _HELD.intersection(run.law.destination.deductible)


def is_held(covers: Iterable[str], parts: AbstractSet[str]) -> bool:
    """Return whether a price that includes ``parts`` holds a charge: all of what the charge stands for must be in it.

    With the duties of a price go the fees of the border.
    """
    return all(_PART_OF[kind] in parts for kind in covers)


def explained(run: Run, found: Reckoning) -> Reckoning:
    """Reckon the chosen regime once more, writing down what it rests on and what is to be said of it."""
    run.explain, run.used, run.notes = True, {}, {}
    run.uncertain = found.uncertain
    if run.shipment.insurance is None:
        _presumed_insurance(run)
    if found.regime is not None:
        _explain(run, found.regime)
        found.lines = assess(run, found.regime)
    return _said(run, found)


def explained_at_once(run: Run) -> Reckoning:
    """Reckon and write down in one go, where there is one way in and nothing to choose."""
    run.explain, run.used, run.notes = True, {}, {}
    if run.shipment.insurance is None:
        _presumed_insurance(run)
    found = choose(run)
    run.uncertain = found.uncertain
    # A way that is surely open was asked with everything written down just now; only a list of law is named again.
    if found.regime is not None and (found.uncertain or found.regime.when.lists):
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
    return len(likely_regimes(run)) == 1 and not is_solved_for(run)


def is_solved_for(run: Run) -> bool:
    """Whether the price may hold duties or taxes, so that every reckoning solves for the value without them."""
    return not _HELD.isdisjoint(run.shipment.price_includes)


def way_of(run: Run, regime: Regime) -> Way:
    """Reckon one way in."""
    run.uncertain = run.unbounded = False
    lines = assess(run, regime)
    return Way(regime, lines, sum([line.amount for line in lines]), run.unbounded, run.uncertain)


def choose(run: Run, reckoned: Callable[[Run, Regime], Way] = way_of) -> Reckoning:
    """Have every open way reckoned, and take the one that is the law or costs least."""
    ways: list[Way] = []
    doubtful: list[Way] = []
    doubt = run.shipment.freight is None and "freight" not in run.shipment.price_includes
    for regime, likely in likely_regimes(run):
        run.why.clear()
        answer = is_open(run, regime, likely=likely)
        if answer is False:
            continue
        way = reckoned(run, regime)
        way.is_aside = regime.fee_apart and not _is_asked_for(run)
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


def _is_asked_for(run: Run) -> bool:
    """Whether every item names the agreement to claim, so that the way that honours the claims is meant."""
    return all(item.preference not in ("auto", "none") for item in run.items)


def likely_regimes(run: Run) -> tuple[tuple[Regime, Answer], ...]:
    """Return the regimes that may be open by channel, parties and day; settled for the lane."""
    found = run.lane.regimes
    if found is None:
        answers = [(regime, regime.when.static(run, 0)) for regime in run.law.destination.regimes]
        found = run.lane.regimes = tuple(pair for pair in answers if pair[1] is not False)
    return found


def is_open(run: Run, regime: Regime, *, likely: Answer) -> Answer:
    """Whether a regime is open to this consignment, of which ``likely`` is what can be said of its lane."""
    asked = True if regime.when.dynamic is None else regime.when.dynamic(run, 0)
    return likely if asked else asked


def _preferred(run: Run, ways: list[Way], doubtful: list[Way]) -> Way | None:
    """Return the cheapest lawful way, or the one that the typical scenario took while it is lawful.

    A way that is perhaps open is taken where no other is. When low it is taken if that costs less; when high, one that
    would be the law and not a choice is taken if that costs more.
    """
    if len(ways) == 1 and not doubtful:
        return ways[0]
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
    for regime, likely in likely_regimes(run):
        run.why.clear()
        # A way that was neither taken nor had to be ruled out first is no business of this answer.
        run.explain = regime is chosen or (regime.exclusive and not past)
        when = regime.when
        # Where the lane settles its part and rests on no list for that, only the amounts are asked again.
        settled = likely and not when.lists and (when.dynamic is None or when.dynamic(run, 0) is not None)
        answer = True if settled else when.test(run, 0)
        run.explain = True
        past |= regime is chosen
        if answer is None:
            run.say(run.why, None)
