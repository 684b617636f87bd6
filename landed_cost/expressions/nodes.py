"""What a rate is made of, and what each part comes to.

Every node answers ``evaluate`` with an :class:`Evaluation`: exact when all it counts is known, else the range that
follows, with the measures to ask for. Amounts are minor units of the currency, as fractions, unrounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Protocol

from landed_cost.measures import BROKER, asks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from landed_cost.measures import Quantities

ZERO: Final = Fraction(0)
HUNDRED: Final = 100

# When one of these is among the parts that are charged, the parts are the whole article: a clock is its movement, case
# and battery. A rate on case, strap and battery alone leaves the movement out.
_MAIN_PARTS: Final = frozenset({"movement_value", "apparatus_value", "rifle_value"})
# Values that are not contained in the customs value, so that they set no upper bound.
_OUTSIDE: Final = frozenset({"retail_value", "repair_value"})


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a rate comes to: between ``low`` and ``high`` minor units, unrounded.

    ``high`` is ``None`` when no upper bound follows from what is known. ``missing`` names the measures to ask for
    (keys of :data:`landed_cost.measures.NAMES`). ``formula`` shows the arithmetic: ``2 kg × 37.2¢/kg + 50.00 × 10.2%``.
    """

    low: Fraction
    high: Fraction | None
    missing: tuple[str, ...] = ()
    formula: str = ""

    @property
    def exact(self) -> bool:
        """Whether this is one amount with nothing left to ask."""
        return not self.missing and (self.low is self.high or self.low == self.high)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a rate is taken on: the customs value in minor units, the decimals of its currency, the quantities."""

    base: Fraction
    digits: int
    quantities: Quantities


class Node(Protocol):
    """A part of a rate."""

    @property
    def needs(self) -> frozenset[str]:
        """Return the names of everything the rate may ask for."""
        ...

    def evaluate(self, scope: Scope) -> Evaluation:
        """Return what the rate comes to."""
        ...


@dataclass(frozen=True, slots=True)
class AdValorem:
    """``percent`` of the customs value, or of the ``parts`` of the article that are named (keys ``…_value``)."""

    percent: Fraction
    printed: str
    parts: tuple[str, ...] = ()
    _ratio: Fraction = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out once what every evaluation multiplies by."""
        object.__setattr__(self, "_ratio", self.percent / HUNDRED)

    @property
    def needs(self) -> frozenset[str]:
        """The values of the parts."""
        return frozenset(self.parts)

    @property
    def is_part(self) -> bool:
        """Whether this is taken on parts that are contained in the customs value."""
        return bool(self.parts) and not _OUTSIDE.intersection(self.parts)

    def evaluate(self, scope: Scope) -> Evaluation:
        """Return the share of the value; of parts not known nothing but zero is sure."""
        if not self.parts:
            return _sure(scope.base * self._ratio, f"{fixed(scope.base, scope.digits)} × {self.printed}")
        share = self.share(scope)
        if share is not None:
            base = scope.base * share
            return _sure(base * self._ratio, f"{fixed(base, scope.digits)} × {self.printed}")
        high = scope.base * self._ratio if self.is_part else None
        return Evaluation(ZERO, high, self.missing(scope), f"? × {self.printed}")

    def share(self, scope: Scope) -> Fraction | None:
        """Return which share of the customs value the parts are, or ``None`` when one is not known."""
        total = ZERO
        for part in self.parts:
            share = scope.quantities.value_share(part)
            if share is None:
                return None
            total += share
        return total

    def missing(self, scope: Scope) -> tuple[str, ...]:
        """Return the parts whose value is not known."""
        return tuple(part for part in self.parts if scope.quantities.value_share(part) is None)


@dataclass(frozen=True, slots=True)
class Specific:
    """``amount`` (major units) for every ``per`` of ``unit``; the first ``over`` of each article are left out."""

    amount: Fraction
    unit: str
    printed: str
    per: int = 1
    over: int = 0
    _each: Fraction = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out once what every evaluation multiplies by."""
        object.__setattr__(self, "_each", self.amount / self.per)

    @property
    def needs(self) -> frozenset[str]:
        """The measures that the unit is made of."""
        return frozenset(asks(self.unit))

    def evaluate(self, scope: Scope) -> Evaluation:
        """Return quantity times amount, or from zero up when the quantity is not known."""
        total = scope.quantities.total(self.unit, self.over)
        label = "" if self.unit == "each" else f" {self.unit}"
        if total is None:
            return Evaluation(ZERO, None, scope.quantities.missing(self.unit), f"?{label} × {self.printed}")
        amount = total * self._each * 10**scope.digits
        return _sure(amount, f"{plain(total)}{label} × {self.printed}")


@dataclass(frozen=True, slots=True)
class Sum:
    """Several terms, each taken alone and added; parts of the value are bounded together by the whole."""

    terms: tuple[Node, ...]

    @property
    def needs(self) -> frozenset[str]:
        """What any term needs."""
        return _needs(self.terms)

    def evaluate(self, scope: Scope) -> Evaluation:
        """Return the sum; parts whose value is not known share what the known ones leave of the whole."""
        found = [term.evaluate(scope) for term in self.terms]
        formula = " + ".join([one.formula for one in found])
        if all(one.exact for one in found):
            return _sure(sum([one.low for one in found], ZERO), formula)
        parts = [term for term in self.terms if isinstance(term, AdValorem) and term.is_part]
        unknown = [part for part in parts if part.share(scope) is None]
        settled = [one for term, one in zip(self.terms, found, strict=True) if term not in unknown]
        low = sum((one.low for one in settled), ZERO)
        high = _added(one.high for one in settled)
        if unknown:
            known = sum((part.share(scope) or ZERO for part in parts), ZERO)
            left = scope.base * max(ZERO, 1 - known) / HUNDRED
            if any(_MAIN_PARTS.intersection(part.parts) for part in parts):
                low += left * min(part.percent for part in unknown)
            high = None if high is None else high + left * max(part.percent for part in unknown)
        return Evaluation(low, high, _missing(found), formula)


@dataclass(frozen=True, slots=True)
class Greatest:
    """The greatest of several rates: ``20% but not less than $3.50/kg``."""

    rates: tuple[Node, ...]

    @property
    def needs(self) -> frozenset[str]:
        """What any of the rates needs."""
        return _needs(self.rates)

    def evaluate(self, scope: Scope) -> Evaluation:
        """Return the greatest; it has no upper bound as long as one of them has none."""
        found = [rate.evaluate(scope) for rate in self.rates]
        highs = [one.high for one in found if one.high is not None]
        high = max(highs) if len(highs) == len(found) else None
        return Evaluation(max(one.low for one in found), high, _missing(found), _listed("max", found))


@dataclass(frozen=True, slots=True)
class Least:
    """The least of several rates: ``30% but not more than $2 each``."""

    rates: tuple[Node, ...]

    @property
    def needs(self) -> frozenset[str]:
        """What any of the rates needs."""
        return _needs(self.rates)

    def evaluate(self, scope: Scope) -> Evaluation:
        """Return the least; any rate that is known bounds it from above."""
        found = [rate.evaluate(scope) for rate in self.rates]
        highs = [one.high for one in found if one.high is not None]
        high = min(highs) if highs else None
        return Evaluation(min(one.low for one in found), high, _missing(found), _listed("min", found))


@dataclass(frozen=True, slots=True)
class SugarDegrees:
    """A rate per kg that falls with each degree of polarisation under 100, down to a floor. Amounts in major units."""

    full: Fraction
    step: Fraction
    floor: Fraction
    printed: str

    @property
    def needs(self) -> frozenset[str]:
        """The weight and the degrees."""
        return frozenset({*asks("kg"), "sugar_degrees"})

    def evaluate(self, scope: Scope) -> Evaluation:
        """Return kilograms times the rate of the degrees; without them, between floor and full rate."""
        missing = scope.quantities.missing("kg")
        degrees = scope.quantities.per_unit("sugar_degrees")
        lowest, highest = self.floor, self.full
        if degrees is None:
            missing = (*missing, "sugar_degrees")
        else:
            lowest = highest = max(self.floor, self.full - self.step * (HUNDRED - degrees))
        kilograms = scope.quantities.total("kg")
        if kilograms is None:
            return Evaluation(ZERO, None, missing, f"? kg × ({self.printed})")
        minor = kilograms * 10**scope.digits
        return Evaluation(lowest * minor, highest * minor, missing, f"{plain(kilograms)} kg × ({self.printed})")


@dataclass(frozen=True, slots=True)
class Reference:
    """A rate that is another rate: known only to who reads that one. ``plus`` is what is added to it."""

    printed: str
    plus: Node | None = None

    @property
    def needs(self) -> frozenset[str]:
        """A broker, and what the addition needs."""
        return frozenset({BROKER}) if self.plus is None else self.plus.needs | {BROKER}

    def evaluate(self, scope: Scope) -> Evaluation:
        """Return what is added, with no upper bound: the rate referred to is zero or more."""
        if self.plus is None:
            return Evaluation(ZERO, None, (BROKER,), self.printed)
        plus = self.plus.evaluate(scope)
        return Evaluation(plus.low, None, _missing([Evaluation(ZERO, None, (BROKER,)), plus]), self.printed)


@dataclass(frozen=True, slots=True)
class Capped:
    """A rate that in some cases may not be more than another one that only a broker can read."""

    rate: Node
    printed: str

    @property
    def needs(self) -> frozenset[str]:
        """A broker, and what the rate needs."""
        return self.rate.needs | {BROKER}

    def evaluate(self, scope: Scope) -> Evaluation:
        """Return zero to the rate: the cap is not known, and need not apply."""
        found = self.rate.evaluate(scope)
        formula = f"{found.formula}{self.printed}"
        return Evaluation(ZERO, found.high, _missing([found, Evaluation(ZERO, None, (BROKER,))]), formula)


@dataclass(frozen=True, slots=True)
class Seasonal:
    """Rates that apply in different parts of the year; which one is a matter of the date."""

    rates: tuple[Node, ...]
    printed: str

    @property
    def needs(self) -> frozenset[str]:
        """A broker, and what any of the rates needs."""
        return _needs(self.rates) | {BROKER}

    def evaluate(self, scope: Scope) -> Evaluation:
        """Return the range over all seasons."""
        found = [rate.evaluate(scope) for rate in self.rates]
        highs = [one.high for one in found if one.high is not None]
        high = max(highs) if len(highs) == len(found) else None
        missing = _missing([*found, Evaluation(ZERO, None, (BROKER,))])
        return Evaluation(min(one.low for one in found), high, missing, self.printed)


def fixed(minor: Fraction, digits: int) -> str:
    """Return an amount in major units with its decimals, and more of them where the amount is no whole cent.

    >>> fixed(Fraction(5000), 2), fixed(Fraction(5001, 2), 2)
    ('50.00', '25.005')
    """
    if minor.denominator == 1 and minor >= 0 and digits:
        # Nearly all amounts are whole cents; they need no fractions to be printed.
        whole_units, cents = divmod(minor.numerator, 10**digits)
        return f"{whole_units}.{cents:0{digits}d}"
    text = plain(minor / 10**digits)
    whole, _, part = text.partition(".")
    return text if "/" in text or not digits else f"{whole}.{part:0<{digits}}"


def plain(value: Fraction) -> str:
    """Return the shortest exact text of a number: a decimal where it has one, else a fraction.

    >>> plain(Fraction(9, 2)), plain(Fraction(1, 6)), plain(Fraction(200))
    ('4.5', '1/6', '200')
    """
    if value.denominator == 1:
        return str(value.numerator)
    twos = fives = 0
    rest = value.denominator
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    places = max(twos, fives)
    if rest != 1:
        return str(value)
    digits = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}d}"
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def _sure(amount: Fraction, formula: str) -> Evaluation:
    return Evaluation(amount, amount, (), formula)


def _needs(nodes: Iterable[Node]) -> frozenset[str]:
    return frozenset().union(*(node.needs for node in nodes))


def _missing(found: Iterable[Evaluation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for one in found for key in one.missing))


def _added(highs: Iterable[Fraction | None]) -> Fraction | None:
    total = ZERO
    for high in highs:
        if high is None:
            return None
        total += high
    return total


def _listed(name: str, found: list[Evaluation]) -> str:
    return f"{name}({'; '.join(one.formula for one in found)})"
