"""The price that reaches a target: searched where law makes the cost at the door jump, and every jump named.

A margin and an amount in hand ask for the *lowest* price that reaches them; a cost at the door and a price on the shelf
for the *highest* that does not pass them. On each stretch of one law (``pieces``) the goal moves one way, but for what
law rounds; the answer is looked for from the right side through all of them, so a price just under a limit is found
where it is the better one. The answer is reckoned at every scenario of the charges: a range stays a range.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from landed_cost.currencies import units
from listings.pricing.model import SCENARIOS, Jump, Plan, Priced, Scenario, Solution, Target
from listings.pricing.pieces import Piece, Trials, pieces
from listings.pricing.reckon import units_sent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# How far beyond what the costs suggest a price is looked for, as a power of two.
_DOUBLINGS: Final = 12
# Law rounds, to whole pesos or dollars in places, so the goal may waver where it crosses: so many prices are looked at
# one by one below the crossing that halving found.
_WAVER: Final = 48
_JUMPS: Final = 6
_ROUNDED: Final = 4
_HIGHEST: Final = 10**12
Reached = Callable[[int, Scenario], bool]


def solve(plan: Plan, target: Target) -> Solution:
    """Return the price of one unit that reaches the target, or that none does, with every stretch and jump."""
    trials = Trials(plan)
    search = _Search(trials, target)
    most = search.bound()
    cut = pieces(trials, most)
    most = cut[-1].last
    prices: dict[Scenario, int | None] = {}
    stretches: list[tuple[int, int]] = []
    for scenario in SCENARIOS:
        found = [one for piece in cut for one in search.stretch(piece, scenario)]
        best = None
        if found:
            best = found[0][0] if search.lowest else found[-1][1]
        prices[scenario] = best
        if scenario == "likely":
            stretches = _joined(found)
    answer = prices["likely"]
    middle = answer or price_now(plan)
    return Solution(
        target=target,
        currency=trials.currency,
        prices=prices,
        reached=tuple(stretches),
        jumps=tuple(_jumps(trials, cut, middle)),
        tried=most,
        best=search.measure(most, "likely"),
        at=None if answer is None else trials.at(answer),
        quotes=trials.quotes,
    )


def price_now(plan: Plan) -> int:
    """Return the price of one unit as it stands in the plan, in whole minor units of its currency."""
    price = plan.shipment.items[plan.item].unit_price
    return int(price.value * units(price.currency))


@dataclass(frozen=True, slots=True)
class _Search:
    trials: Trials
    target: Target

    @property
    def lowest(self) -> bool:
        """Whether the lowest price that reaches the target is the answer, not the highest."""
        return self.target.goal in {"margin", "in_hand"}

    def measure(self, price: int, scenario: Scenario) -> Fraction | None:
        """Return what the goal comes to at a price: a share, or an amount in minor units; ``None`` if unknown."""
        found = self.trials.at(price)
        if found is None:
            return None
        return measure(found, self.target, scenario)

    def reached(self, price: int, scenario: Scenario) -> bool:
        """Return whether the price reaches the target; one of which nothing is known does not."""
        found = self.measure(price, scenario)
        if found is None:
            return False
        aim = self.target.share if self.target.amount is None else Fraction(self.target.amount.minor)
        return found >= aim if self.lowest else found <= aim

    def bound(self) -> int:
        """Return the highest price that is looked at: beyond it the answer cannot lie, or is not sought."""
        plan, to = self.trials.plan, self.trials.currency
        guess = max(price_now(plan), _suggested(plan, self.target, to), 1)
        if not self.lowest:
            # The goods alone are never more than what is paid at the door or on the shelf.
            return min(guess + 1, _HIGHEST)
        for _ in range(_DOUBLINGS):
            if guess >= _HIGHEST or all(self.reached(guess, one) for one in SCENARIOS):
                break
            guess *= 2
        # As far again, so that a limit above the answer is seen as well.
        return min(guess * 2, _HIGHEST)

    def stretch(self, piece: Piece, scenario: Scenario) -> Iterable[tuple[int, int]]:
        """Return the part of a piece on which the target is reached: all, none, or from one end to a crossing."""
        first, last = (self.reached(one, scenario) for one in piece)
        if first and last:
            return [(piece.first, piece.last)]
        if not first and not last:
            return []
        low, high = piece
        while high - low > 1:
            middle = (low + high) // 2
            if self.reached(middle, scenario) == first:
                low = middle
            else:
                high = middle
        if last:
            tried = range(max(piece.first, high - _WAVER), high)
            return [(next((one for one in tried if self.reached(one, scenario)), high), piece.last)]
        tried = range(min(piece.last, low + _WAVER), low, -1)
        return [(piece.first, next((one for one in tried if self.reached(one, scenario)), low))]


def measure(found: Priced, target: Target, scenario: Scenario) -> Fraction | None:
    """Return what a goal comes to in an answer: a share for a margin, else an amount in minor units."""
    if target.goal == "margin":
        return found.margins[scenario]
    value: int | None
    if target.goal == "in_hand":
        value = found.left_at(scenario)
    elif target.goal == "landed":
        value = found.landed[scenario]
    elif found.shelf is None:
        value = None
    else:
        value = {"low": found.shelf.span[0], "likely": found.shelf.price, "high": found.shelf.span[1]}[scenario]
    return None if value is None else Fraction(value)


def _suggested(plan: Plan, target: Target, to: str) -> int:
    """Return a price, in minor units, that the amounts of the plan suggest: costs and aim, over the quantity."""
    quantity = Fraction(plan.shipment.items[plan.item].quantity)
    each = Fraction(0)
    for cost in plan.costs:
        if cost.amount is not None:
            times = units_sent(plan.shipment) if cost.per == "unit" else 1
            each += Fraction(cost.amount.value) * units(to) * plan.rates.factor(cost.amount.currency, to) * times
    if target.goal in {"landed", "shelf"}:
        each = Fraction(0)
    if target.amount is not None:
        one = target.amount
        aim = Fraction(one.minor * units(to), units(one.currency)) * plan.rates.factor(one.currency, to)
        each += aim * (units_sent(plan.shipment) if target.goal == "shelf" else 1)
    return int(each / quantity) + 1


def _joined(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return stretches with those that touch made one.

    >>> _joined([(1, 4), (5, 9), (12, 20)])
    [(1, 9), (12, 20)]
    """
    joined: list[tuple[int, int]] = []
    for first, last in found:
        if joined and joined[-1][1] + 1 == first:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


def _jumps(trials: Trials, cut: list[Piece], middle: int) -> list[Jump]:
    """Return where law makes the cost at the door jump, the nearest to the price that matters, in order of price."""
    found = []
    for piece in cut[:-1]:
        jump = _jump(trials, piece.last)
        if jump is not None:
            found.append(jump)
    found.sort(key=lambda one: abs(one.below - middle))
    return sorted(found[:_JUMPS])


def _jump(trials: Trials, below: int) -> Jump | None:
    """Return the jump between a price and the next; ``None`` where the cost at the door goes on evenly."""
    before, after = trials.at(below), trials.at(below + 1)
    if before is None or after is None:
        return None
    landed, left = (before.landed["likely"], after.landed["likely"]), (before.left, after.left)
    if landed == (None, None) or not (_leaps(trials, below, _door) or _leaps(trials, below, _hand)):
        return None
    old, new = _ways(before), _ways(after)
    comes = tuple((id_, name) for id_, name in new.items() if id_ not in old)
    goes = tuple((id_, name) for id_, name in old.items() if id_ not in new)
    return Jump(below, below + 1, landed, left, comes, goes)


def _door(found: Priced) -> int | None:
    return found.landed["likely"]


def _hand(found: Priced) -> int | None:
    return found.left


def _leaps(trials: Trials, below: int, look: Callable[[Priced], int | None]) -> bool:
    """Return whether a figure moves much more over this step than over those beside it, or appears or vanishes."""
    step = _moved(trials, below, look)
    if step is None:
        return True
    beside = [_moved(trials, one, look) or 0 for one in (below - 1, below + 1) if one >= 1]
    # Law and lines round: a few units are no jump.
    return step > 2 * max(beside, default=0) + _ROUNDED + trials.quantity


def _moved(trials: Trials, price: int, look: Callable[[Priced], int | None]) -> int | None:
    """Return by how much a figure moves from a price to the next; ``None`` where it appears or vanishes."""
    ends = [None if one is None else look(one) for one in (trials.at(price), trials.at(price + 1))]
    if None in ends:
        return 0 if ends == [None, None] else None
    return abs((ends[1] or 0) - (ends[0] or 0))


def _ways(found: Priced) -> dict[str, Mapping[str, str]]:
    """Return what is due, by the id of its charge, with its name in every language."""
    return {one.id: one.name for one in found.quote.charges}
