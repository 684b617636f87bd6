"""Whole numbers that remember how they were reckoned, so that one reckoning stands for many.

The engine is asked once with a price that is a number *and* a name. What it does with it is written on a tape: sums,
multiples, and quotients by a fixed number rounded down; nothing else happens to money in this engine. Each time it asks
which of two amounts is larger, the answer for the number at hand is given and the condition is written down. For all
other numbers that fulfil the conditions the engine would have done the very same, so that the tape is a program for
all of them.

Nothing here is an ``int``: what cannot be written on the tape fails, loudly, and is never reckoned with one number for
all.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from numbers import Number
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST: Final = 2**63 - 1
"""No sum, part of a sum or product of a program is larger, or it is not made."""

# Multiples of what stands at a place of the tape, by place.
Terms: TypeAlias = tuple[tuple[int, int], ...]


class UntraceableError(TypeError):
    """The engine did with an amount what no tape can hold; ``why`` is said of the rows that are asked one by one."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Sum:
    """Multiples of what stands on a tape, and a number: ``sum(times × place) + const``."""

    terms: Terms
    const: int


@dataclass(slots=True)
class Step:
    """One place of a tape: an input, or a sum divided by ``by`` and rounded down.

    ``value`` is the number at hand, ``low`` and ``high`` hold for every number that fulfils the conditions so far.
    """

    sum: Sum | None
    by: int
    value: int
    low: int
    high: int
    rough: Rough


@dataclass(frozen=True, slots=True)
class Rough:
    """A sum of multiples of inputs that a number is at most, and less by at most ``short``; all of it over ``by``."""

    times: Mapping[int, int]
    const: int
    short: int
    by: int


class Tape:
    """What is reckoned, and under which conditions it holds."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.inputs = 0
        # Sums that have to be zero or more, beyond the bounds of the inputs: the least number known for each.
        self.known: dict[Terms, int] = {}
        self._places: dict[tuple[Sum, int], int] = {}

    def input(self, value: int, high: int) -> Whole:
        """Return the next input: a number from 0 to ``high``, which is ``value`` here. Inputs come before all else."""
        place = len(self.steps)
        self.steps.append(Step(None, 1, value, 0, high, Rough({place: 1}, 0, 0, 1)))
        self.inputs += 1
        return Whole(self, ((place, 1),), 0)

    def quotient(self, terms: Terms, const: int, by: int) -> Whole:
        """Return a sum divided by ``by`` and rounded down; whole multiples of ``by`` need no division."""
        inner = tuple((place, times % by) for place, times in terms if times % by)
        outer = [(place, times // by) for place, times in terms if times // by]
        more, rest = divmod(const, by)
        if inner:
            common = gcd(by, *[times for _, times in inner])
            inner = tuple((place, times // common) for place, times in inner)
            outer.append((self._place(Sum(inner, rest // common), by // common), 1))
        return Whole(self, tuple(sorted(outer)), more)

    def _place(self, sum_: Sum, by: int) -> int:
        found = self._places.get((sum_, by))
        if found is None:
            self.check(sum_)
            low, high = self.bounds(sum_)
            rough, over = self._rough(sum_)
            # Rounding down takes less than one, of which there are ``by`` times ``rough.by`` parts.
            short = rough.short + over + (by - 1) * rough.by
            rough = Rough(rough.times, rough.const + over, short, rough.by * by)
            step = Step(sum_, by, self.value(sum_) // by, low // by, high // by, rough)
            found = self._places[sum_, by] = len(self.steps)
            self.steps.append(step)
        return found

    def check(self, sum_: Sum) -> None:
        """Refuse a sum that may not fit into 64 bits, or one of whose parts may not."""
        most = abs(sum_.const)
        for place, times in sum_.terms:
            step = self.steps[place]
            most += abs(times) * max(abs(step.low), abs(step.high))
        if most > LARGEST:
            raise UntraceableError("too_large")

    def value(self, sum_: Sum) -> int:
        """Return what a sum comes to for the numbers at hand."""
        return sum([times * self.steps[place].value for place, times in sum_.terms]) + sum_.const

    def bounds(self, sum_: Sum) -> tuple[int, int]:
        """Return between what a sum lies for all numbers that fulfil the conditions."""
        low = high = sum_.const
        for place, times in sum_.terms:
            step = self.steps[place]
            low += times * (step.low if times > 0 else step.high)
            high += times * (step.high if times > 0 else step.low)
        return low, high

    def holds(self, sum_: Sum) -> bool:
        """Whether a sum is zero or more; what is not so for all numbers becomes a condition."""
        low, high = self.bounds(sum_)
        if low >= 0 or high < 0:
            return low >= 0
        other = _opposite(sum_)
        if self.known.get(sum_.terms, sum_.const + 1) <= sum_.const:
            return True
        if self.known.get(other.terms, other.const + 1) <= other.const:
            return False
        rough, over = self._rough(sum_)
        if self._least(rough) >= 0:
            return True
        turned = Rough({place: -times for place, times in rough.times.items()}, -rough.const - rough.by, over, rough.by)
        if self._least(turned) >= 0:
            return False
        found = self.value(sum_) >= 0
        self._assume(sum_ if found else other)
        return found

    def _rough(self, sum_: Sum) -> tuple[Rough, int]:
        """Return a sum in multiples of inputs, and how much more than that it may be at most, in the same parts."""
        steps = [(times, self.steps[place].rough) for place, times in sum_.terms]
        by = lcm(*[rough.by for _, rough in steps])
        found: dict[int, int] = {}
        const, short, over = sum_.const * by, 0, 0
        for times, rough in steps:
            parts = times * (by // rough.by)
            for place, share in rough.times.items():
                found[place] = found.get(place, 0) + parts * share
            const += parts * rough.const
            if parts > 0:
                short += parts * rough.short
            else:
                over -= parts * rough.short
        return Rough(found, const, short, by), over

    def _least(self, rough: Rough) -> int:
        """Return a number of parts that no sum of numbers that fulfil the conditions is below."""
        least = rough.const - rough.short
        for place, times in rough.times.items():
            step = self.steps[place]
            least += times * (step.low if times > 0 else step.high)
        return least

    def _assume(self, sum_: Sum) -> None:
        """Make it a condition that a sum is zero or more, as it is for the numbers at hand."""
        if len(sum_.terms) == 1:
            self._bound(*sum_.terms[0], sum_.const)
            return
        rough, _ = self._rough(sum_)
        moved = [(place, times) for place, times in rough.times.items() if times]
        if len(moved) == 1:
            (place, times), least = moved[0], rough.const - rough.short
            if times * self.steps[place].value + least >= 0:
                # Enough for the sum and simpler: one number from somewhere on, or up to somewhere.
                self._bound(place, times, least)
                return
        self.check(sum_)
        self.known[sum_.terms] = min(sum_.const, self.known.get(sum_.terms, sum_.const))

    def _bound(self, place: int, times: int, const: int) -> None:
        """Make it a condition that ``times × place + const`` is zero or more."""
        step, inner = self.steps[place], self.steps[place].sum
        if times > 0:
            step.low = max(step.low, -(const // times))
            further = None if inner is None else Sum(inner.terms, inner.const - step.low * step.by)
        else:
            step.high = min(step.high, const // -times)
            further = None if inner is None else _opposite(Sum(inner.terms, inner.const - (step.high + 1) * step.by))
        if further is not None and self.bounds(further)[0] < 0:
            self._assume(further)


def _opposite(sum_: Sum) -> Sum:
    """Return the sum that is zero or more where this one is below zero."""
    return Sum(tuple((place, -times) for place, times in sum_.terms), -sum_.const - 1)


class Whole:
    """A whole number on a tape."""

    __hash__ = None  # type: ignore[assignment]  # to find it in a dictionary would be to take one number for all
    __slots__ = ("const", "tape", "terms")

    def __init__(self, tape: Tape, terms: Terms, const: int) -> None:
        self.tape, self.terms, self.const = tape, terms, const

    @property
    def numerator(self) -> Whole:
        """Itself, as of every whole number."""
        return self

    @property
    def denominator(self) -> int:
        """One."""
        return 1

    @property
    def sum(self) -> Sum:
        """What it is in terms of its tape."""
        return Sum(self.terms, self.const)

    def _plus(self, other: int | Whole, sign: int) -> Whole:
        if isinstance(other, int):
            return Whole(self.tape, self.terms, self.const + sign * other)
        merged = dict(self.terms)
        for place, times in other.terms:
            merged[place] = merged.get(place, 0) + sign * times
        terms = tuple(sorted(pair for pair in merged.items() if pair[1]))
        return Whole(self.tape, terms, self.const + sign * other.const)

    def __add__(self, other: int | Whole) -> Whole:
        """Sum."""
        return self._plus(other, 1)

    __radd__ = __add__

    def __sub__(self, other: int | Whole) -> Whole:
        """Difference."""
        return self._plus(other, -1)

    def __rsub__(self, other: int) -> Whole:
        """Difference, the other way."""
        return (-self) + other

    def __neg__(self) -> Whole:
        """Opposite."""
        return self.times(-1)

    def __abs__(self) -> Whole:
        """Size."""
        return self if self >= 0 else -self

    def times(self, number: int) -> Whole:
        """Return a multiple."""
        if not number:
            return Whole(self.tape, (), 0)
        return Whole(self.tape, tuple([(place, times * number) for place, times in self.terms]), self.const * number)

    def __mul__(self, other: int | Fraction) -> Whole | Ratio:
        """Multiple; of a fraction a ratio."""
        if isinstance(other, int):
            return self.times(other)
        if isinstance(other, Fraction):
            return Ratio(self.times(other.numerator), other.denominator)
        return NotImplemented

    __rmul__ = __mul__

    def __floordiv__(self, by: int) -> Whole:
        """Quotient, rounded down."""
        return self.tape.quotient(self.terms, self.const, by)

    def __ge__(self, other: int | Whole) -> bool:
        """Compare, and remember under which condition the answer holds."""
        return self.tape.holds((self - other).sum)

    def __gt__(self, other: int | Whole) -> bool:
        """Compare likewise."""
        return self >= other + 1

    def __le__(self, other: int | Whole) -> bool:
        """Compare likewise."""
        return self.tape.holds((other - self).sum)

    def __lt__(self, other: int | Whole) -> bool:
        """Compare likewise."""
        return not self >= other

    def __eq__(self, other: object) -> bool:
        """Compare likewise; of numbers that differ it is remembered which is larger."""
        if isinstance(other, int | Whole):
            return self >= other and self <= other
        if isinstance(other, Number | Ratio):
            raise UntraceableError("not_arithmetic")
        return False

    def __bool__(self) -> bool:
        """Whether it is not zero."""
        return not self == 0  # noqa: SIM201  # there is no other way to ask

    def as_integer_ratio(self) -> tuple[Whole, int]:
        """Return itself and one, as a decimal would."""
        return self, 1


class Ratio:
    """A whole number on a tape divided by a fixed one, not rounded."""

    __hash__ = None  # type: ignore[assignment]  # as above
    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: Whole, denominator: int) -> None:
        self.numerator, self.denominator = numerator, denominator

    def __mul__(self, other: int | Fraction) -> Ratio:
        """Multiple."""
        if not isinstance(other, int | Fraction):
            return NotImplemented
        return Ratio(self.numerator.times(other.numerator), self.denominator * other.denominator)

    __rmul__ = __mul__

    def __truediv__(self, other: int | Fraction) -> Ratio:
        """Share."""
        return self * (1 / Fraction(other))

    def __add__(self, other: int | Fraction | Whole | Ratio) -> Ratio:
        """Sum."""
        if not isinstance(other, int | Fraction | Whole | Ratio):
            return NotImplemented
        here, there = other.denominator, self.denominator
        return Ratio(self.numerator.times(here) + _times(other.numerator, there), here * there)

    __radd__ = __add__

    def __sub__(self, other: int | Fraction | Whole | Ratio) -> Ratio:
        """Difference."""
        return self + other * -1

    def _beyond(self, other: int | Fraction | Ratio) -> Whole:
        """How far it is above another number, times a positive one."""
        return self.numerator.times(other.denominator) - _times(other.numerator, self.denominator)

    def __ge__(self, other: int | Fraction | Ratio) -> bool:
        """Compare, and remember under which condition the answer holds."""
        return self._beyond(other) >= 0

    def __gt__(self, other: int | Fraction | Ratio) -> bool:
        """Compare likewise."""
        return self._beyond(other) > 0

    def __le__(self, other: int | Fraction | Ratio) -> bool:
        """Compare likewise."""
        return self._beyond(other) <= 0

    def __lt__(self, other: int | Fraction | Ratio) -> bool:
        """Compare likewise."""
        return self._beyond(other) < 0

    def __eq__(self, other: object) -> bool:
        """Compare likewise."""
        return self._beyond(other) == 0 if isinstance(other, int | Fraction | Ratio) else False

    def __bool__(self) -> bool:
        """Whether it is not zero."""
        return bool(self.numerator)


def _times(number: int | Whole, by: int) -> int | Whole:
    return number * by if isinstance(number, int) else number.times(by)


class Unread:
    """Stands in a request where a decimal would that nothing may look at: whoever does fails."""

    __hash__ = None  # type: ignore[assignment]  # as above
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Fail."""
        raise UntraceableError("not_arithmetic")

    def __bool__(self) -> bool:
        """Fail."""
        raise UntraceableError("not_arithmetic")


class Figure(Unread):
    """A number of units on a tape, each ``1/per``; it can be read as a ratio and in no other way."""

    __slots__ = ("per", "units")

    def __init__(self, units: Whole | int, per: int) -> None:
        self.units, self.per = units, per

    def as_integer_ratio(self) -> tuple[Whole | int, int]:
        """Return numerator and denominator."""
        return self.units, self.per
