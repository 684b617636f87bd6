"""How many people: a count with what it counts, its year and its source. Unknown is no figure, and never zero."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import ceil, floor
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DIGITS: Final = 3
_MILLION: Final = 1_000_000
# Older than this a figure is shown with a warning: groups grow and move.
OLD_YEARS: Final = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """At least ``low`` and at most ``high`` people, counted in ``year``.

    The two are equal where the source is exact; a rounded source leaves half of its last digit either way. A margin of
    error, which the Census gives at 90 %, widens both. ``status`` is that of a fact.
    """

    low: int
    high: int
    year: int
    source: Mapping[str, str]
    status: str

    @property
    def is_exact(self) -> bool:
        """Whether the source gave the count itself."""
        return self.low == self.high

    def bounds(self) -> tuple[int, int]:
        """Return low and high in three digits, rounded outwards, so that no digit promises what is not known."""
        if self.is_exact:
            return self.low, self.high
        return _outward(self.low, ROUND_FLOOR), _outward(self.high, ROUND_CEILING)

    def age(self, year: int) -> int:
        """Return how many years old the figure is."""
        return year - self.year


def rounded(text: str, unit: int) -> tuple[int, int]:
    """Return the least and the most that a rounded number of units may stand for; never below nothing.

    >>> rounded("15.54", 1_000_000), rounded("0", 1_000)
    ((15535000, 15545000), (0, 500))
    """
    value = Decimal(text)
    half = Decimal(5).scaleb(int(value.as_tuple().exponent) - 1)
    return max(0, floor((value - half) * unit)), ceil((value + half) * unit)


def millions(text: str) -> tuple[int, int]:
    """Return the range of a number of millions."""
    return rounded(text, _MILLION)


def share(whole: tuple[int, int], percent: int) -> tuple[int, int]:
    """Return the range of a rounded share of a rounded whole.

    >>> share((15_535_000, 15_545_000), 82)
    (12661025, 12824625)
    """
    low, high = max(0, 2 * percent - 1), min(200, 2 * percent + 1)
    return whole[0] * low // 200, -(-whole[1] * high // 200)


def summed(figures: Iterable[Figure]) -> Figure | None:
    """Return what figures come to, with the oldest year and the weakest status; ``None`` of none.

    Only figures of one source are added up: those of several years are kept apart by the caller.
    """
    found = list(figures)
    if not found:
        return None
    weakest = max(found, key=lambda one: ("verified", "reported", "given", "conflicting", "memory").index(one.status))
    oldest = min(found, key=lambda one: one.year)
    low, high = sum(one.low for one in found), sum(one.high for one in found)
    return Figure(low, high, oldest.year, oldest.source, weakest.status)


def _outward(value: int, how: str) -> int:
    digits = len(str(value))
    if digits <= _DIGITS:
        return value
    return int(Decimal(value).scaleb(_DIGITS - digits).to_integral_value(how).scaleb(digits - _DIGITS))
