"""The worksheet before a market: what goes in, what comes back and when, and whether that is the best use of the money.

Months are counted from the first: month 1 is the month of ``start``. Amounts are whole minor units of the seller's own
currency; expected orders are a low, a likely and a high figure, so that the answer is a range as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from landed_cost.money import half_up

if TYPE_CHECKING:
    from datetime import date

Case = Literal["low", "likely", "high"]
CASES: Final[tuple[Case, ...]] = ("low", "likely", "high")
Verdict = Literal["yes", "no", "depends"]
_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Outlay:
    """Money that goes out: once in ``month``, or every month from there to ``until`` (``None``: the last)."""

    name: str
    amount: int
    month: int = 1
    monthly: bool = False
    until: int | None = None

    def in_month(self, month: int) -> int:
        """Return what goes out in a month."""
        if not self.monthly:
            return self.amount if month == self.month else 0
        return self.amount if self.month <= month and (self.until is None or month <= self.until) else 0


@dataclass(frozen=True, slots=True)
class Sales:
    """Orders a month from ``month`` on, until the next entry: low, likely, high."""

    month: int
    orders: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class OtherUse:
    """Something else the same money could do: what it takes, and what comes back by the end, beyond what it took."""

    name: str
    takes: int
    gain: int


@dataclass(frozen=True, slots=True)
class MarketPlan:
    """A market to be entered. ``left`` is what one order leaves (low, likely, high), ``wait`` the months until paid.

    ``spent`` is gone whatever is decided, and is shown apart. ``yearly`` is what money costs or would earn in a year,
    a plain fraction. ``budget`` is what may be put in; ``None`` is not known.
    """

    start: date
    months: int
    left: tuple[int | None, int, int]
    outlays: tuple[Outlay, ...]
    sales: tuple[Sales, ...]
    wait: int = 0
    yearly: Fraction = Fraction(0)
    budget: int | None = None
    spent: int = 0
    others: tuple[OtherUse, ...] = ()


class Month(NamedTuple):
    """One month of one case: orders, what comes in, what goes out, and what there is since the first month."""

    month: int
    orders: int
    inflow: int
    outflow: int
    total: int


class Course(NamedTuple):
    """How one case goes: the most that has to be put in, the month it is back, the end, and its worth today.

    ``back`` is the first month from which the total never falls below zero again, ``None`` if it does not come back.
    """

    case: Case
    months: tuple[Month, ...]
    put_in: int
    back: int | None
    end: int
    worth: int


class Use(NamedTuple):
    """One use of the money: what it takes, what it brings beyond that, and per unit put in; ``None``: takes nothing."""

    name: str | None
    takes: int
    gain: int
    share: Fraction | None


class Worksheet(NamedTuple):
    """The answer: courses by case, and the three questions. A course is ``None`` where an order's worth is unknown.

    ``needed`` are the orders in all that pay for what goes out, as told; ``None`` where no number does.
    """

    courses: tuple[Course | None, Course, Course]
    affordable: Verdict | None
    worth_it: Verdict
    uses: tuple[Use, ...]
    outlays: int
    needed: int | None
    spent: int


def worksheet(plan: MarketPlan) -> Worksheet:
    """Return how a market goes month by month in three cases, and whether it is affordable, worth it, the best use."""
    low = plan.left[0]
    courses = (
        None if low is None else _course(plan, "low", low),
        _course(plan, "likely", plan.left[1]),
        _course(plan, "high", plan.left[2]),
    )
    outlays = sum(one.in_month(month) for one in plan.outlays for month in range(1, plan.months + 1))
    likely = courses[1]
    budget = plan.budget
    affordable = None
    if budget is not None:
        affordable = _verdict([None if one is None else one.put_in <= budget for one in courses])
    return Worksheet(
        courses=courses,
        affordable=affordable,
        worth_it=_verdict([None if one is None else one.worth > 0 for one in courses]),
        uses=_uses(likely, plan.others),
        outlays=outlays,
        needed=-(-outlays // plan.left[1]) if plan.left[1] > 0 else None,
        spent=plan.spent,
    )


def _verdict(cases: list[bool | None]) -> Verdict:
    if all(cases):
        return "yes"
    return "depends" if any(case is not False for case in cases) else "no"


def _course(plan: MarketPlan, case: Case, left: int) -> Course:
    place = CASES.index(case)
    months: list[Month] = []
    total, worth = 0, Fraction(0)
    for month in range(1, plan.months + 1):
        sold, paid = _orders(plan, place, month), _orders(plan, place, month - plan.wait)
        inflow, outflow = paid * max(left, 0), sum(one.in_month(month) for one in plan.outlays) - paid * min(left, 0)
        total += inflow - outflow
        # Simple interest: what a month further off would have earned by then is taken off it.
        worth += Fraction(inflow - outflow) / (1 + plan.yearly * (month - 1) / _YEAR)
        months.append(Month(month, sold, inflow, outflow, total))
    short = max((-one.total for one in months), default=0)
    back = None
    for one in reversed(months):
        if one.total < 0:
            break
        back = one.month
    return Course(case, tuple(months), max(short, 0), back, total, half_up(worth.numerator, worth.denominator))


def _orders(plan: MarketPlan, place: int, month: int) -> int:
    """Return the orders of a month; none before the first entry or the first month."""
    begun = [one for one in plan.sales if one.month <= month]
    return max(begun, key=lambda one: one.month).orders[place] if begun else 0


def _uses(course: Course, others: tuple[OtherUse, ...]) -> tuple[Use, ...]:
    """Return the uses of the money, the one that brings most for each unit put in first; this market has no name."""
    uses = [_use(None, course.put_in, course.end), *(_use(one.name, one.takes, one.gain) for one in others)]
    return tuple(sorted(uses, key=_rank))


def _use(name: str | None, takes: int, gain: int) -> Use:
    return Use(name, takes, gain, Fraction(gain, takes) if takes else None)


def _rank(use: Use) -> tuple[int, Fraction, int]:
    # What takes nothing and brings something comes before anything that has to be paid for.
    if use.share is None:
        return (0 if use.gain > 0 else 2, Fraction(0), -use.gain)
    return (1, -use.share, -use.gain)
