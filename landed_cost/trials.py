"""Trying the lines of one item one after the other, with all that does not hang on them reckoned once."""

from dataclasses import dataclass, field

from landed_cost.assess import assess, sum_on
from landed_cost.decide import Decision, kept
from landed_cost.reckon import Way, choose, held_parts, reckon, way_of
from landed_cost.rulebook.law import Regime
from landed_cost.run import Run


@dataclass(slots=True)
class _Rest:
    """What a way in comes to without one item: of the others, and of the whole where that stands (``is_whole``)."""

    amounts: dict[str, list[int]]
    total: int
    unbounded: bool
    uncertain: bool
    is_whole: bool


@dataclass(slots=True)
class Trials:
    """The consignment while the lines of item ``index`` are tried: nothing else of ``run`` changes meanwhile."""

    run: Run
    index: int
    _rests: dict[int, _Rest] = field(default_factory=dict)

    def total(self) -> tuple[bool, int]:
        """Return whether the answer has no upper end with the line that is picked, and what it comes to."""
        # A price that holds its duties is another one with every line.
        found = reckon(self.run) if held_parts(self.run) else choose(self.run, self._way)
        return found.unbounded, found.total

    def _way(self, run: Run, regime: Regime) -> Way:
        if not regime.is_apart:
            return way_of(run, regime)
        rest = self._rests.get(id(regime))
        if rest is None:
            rest = self._rests[id(regime)] = self._without(regime)
        # Where the whole stands, nothing looks at what falls on the others.
        run.amounts = {} if rest.is_whole else {id_: list(of_items) for id_, of_items in rest.amounts.items()}
        run.uncertain, run.unbounded = rest.uncertain, rest.unbounded
        if rest.is_whole:
            # Only sums are compared.
            total = rest.total + sum_on(run, regime, self.index)
            return Way(regime, [], total, run.unbounded, run.uncertain)
        lines = assess(run, regime, (self.index,))
        total = rest.total + sum([line.amount for line in lines])
        return Way(regime, lines, total, run.unbounded, run.uncertain)

    def _without(self, regime: Regime) -> _Rest:
        run = self.run
        run.amounts, run.uncertain, run.unbounded = {}, False, False
        is_whole = not any(decision.asks_lines and _may_fall(run, decision) for _, decision in kept(run, regime, -1))
        others = [index for index in range(len(run.items)) if index != self.index]
        lines = assess(run, regime, others, whole=is_whole)
        return _Rest(run.amounts, sum([line.amount for line in lines]), run.unbounded, run.uncertain, is_whole)


def _may_fall(run: Run, decision: Decision) -> bool:
    """Whether a charge on the whole falls with some line of the item; amounts alone may say that it does with none."""
    when = decision.when
    return when is None or decision.rule.when.asks_others or when(run, 0) is not False
