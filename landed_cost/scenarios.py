"""What is not known, reckoned low, typically and high: of several tariff lines the cheapest, the usual, the dearest."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from landed_cost.assess import assess
from landed_cost.decide import kept
from landed_cost.goods import SHORT
from landed_cost.reckon import Reckoning, is_open, likely_regimes, reckon, start
from landed_cost.rulebook.law import Regime
from landed_cost.run import Run, Scenario
from landed_cost.trials import Trials

# Up to so many items each line of one is tried in every way in; beyond, in the way that the whole takes.
_FEW: Final = 5


def pick_lines(run: Run) -> None:
    """For items whose code means several tariff lines, take the cheapest (low), the dearest (high) or the middle."""
    run.pick, run.split = [0] * len(run.items), False
    if max(map(len, run.candidates), default=1) == 1:
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
        trials = Trials(run, index)
        for alike in _alike(run, index):
            run.pick[index] = alike[0]
            unbounded, total = _tried(trials, many)
            totals += [(unbounded, total, number) for number in alike]
        usual = [number for number, one in enumerate(candidates) if one.is_usual]
        totals.sort()
        run.split |= totals[0][:2] != totals[-1][:2]
        if run.scenario == "low":
            run.pick[index] = totals[0][2]
        elif run.scenario == "high":
            run.pick[index] = totals[-1][2]
        else:
            bounded = [total for total in totals if not total[0]] or totals
            run.pick[index] = usual[0] if usual else bounded[len(bounded) // 2][2]


def _tried(trials: Trials, regime: Regime | None) -> tuple[bool, int]:
    """Return what the line picked for an item comes to; with a regime only that item's, the others as they are."""
    if regime is None:
        return trials.total()
    run = trials.run
    run.unbounded = False
    total = sum([line.amount for line in assess(run, regime, (trials.index,))])
    return run.unbounded, total


def _alike(run: Run, index: int) -> list[list[int]]:
    """Return the lines that an item may be on, together those that the law treats alike: hundreds are soon dozens.

    Settled for such goods, but for the ways in that are open: some hang on amounts and on the lines of all items.
    """
    known, key = run.kinds[index].alike, (run.scenario, run.claims[index])
    found = known.get(key)
    if found is None:
        found = known[key] = _grouped(run, index)
        run.lane.settled.count()
    asking = [pair for pair in likely_regimes(run) if pair[0].when.asks_others]
    if not asking:
        return found
    groups: dict[tuple[object, ...], list[int]] = {}
    for position, alike in enumerate(found):
        for number in alike:
            run.pick[index] = number
            answers = [is_open(run, regime, likely=likely) for regime, likely in asking]
            groups.setdefault((position, *answers), []).append(number)
    return list(groups.values())


def _grouped(run: Run, index: int) -> list[list[int]]:
    groups: dict[tuple[object, ...], list[int]] = {}
    for number in range(len(run.candidates[index])):
        run.pick[index] = number
        groups.setdefault(tuple(_treated(run, index)), []).append(number)
    return list(groups.values())


def _treated(run: Run, index: int) -> Iterator[object]:
    """How the law treats the line picked for an item in each way in: what falls on it, and what frees it."""
    for regime, _ in likely_regimes(run):
        for _, decision in kept(run, regime, index):
            yield decision.rule.id, decision.rate and decision.rate.text, id(decision.exemption), decision.uncertain
            yield decision.rule.when.asks_others and run.code(index)
            for row in decision.later:
                yield row.when.static(run, index), row.when.asks_others and run.code(index)
        for _, decision in kept(run, regime, -1):
            # Whether a charge on the whole counts these goods, and how many codes it counts.
            yield decision.rule.of.static(run, index), decision.rule.per == "hs6" and run.code(index)[:SHORT]
            # What asks for some item on a line may be asking for this one.
            yield decision.rule.when.asks_others and run.code(index)


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


@dataclass(slots=True)
class Scenarios:
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
