"""What parcels took in fact: from a shop's own observations to a range that a quote may rest on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

# Below this the tenth and the ninetieth of a hundred would be single parcels.
ENOUGH: Final = 20
_LOW: Final = Fraction(1, 10)
_LIKELY: Final = Fraction(1, 2)
_HIGH: Final = Fraction(9, 10)
# A parcel of which nothing was heard for longer was lost, or its date is a slip of the keyboard.
LONGEST_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Observed:
    """Calendar days from the hand-over to the door of so many parcels: eight in ten took from low to high.

    ``first`` and ``last`` are the days on which the first and the last of them were dispatched.
    """

    low_days: int
    likely_days: int
    high_days: int
    parcels: int
    first: date
    last: date

    def to_dict(self) -> dict[str, Any]:
        """Return the range as the quote's JSON has it."""
        return {
            "low_days": self.low_days,
            "likely_days": self.likely_days,
            "high_days": self.high_days,
            "parcels": self.parcels,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
        }


def observe(parcels: Iterable[tuple[date, date]], enough: int = ENOUGH) -> Observed | None:
    """Return the range that parcels (dispatched, delivered) took, or ``None`` where there are not enough of them.

    Low, likely and high are the tenth, fiftieth and ninetieth percentile, each a number of days that some parcel really
    took: a single parcel that was lost for months, or whose date was mistyped, moves none of them far. Raises
    ``ValueError`` for a parcel that was delivered before it was dispatched or more than a year after.

    >>> from datetime import date
    >>> days = [4] * 2 + [5] * 10 + [6] * 5 + [9] * 2 + [60]
    >>> found = observe((date(2026, 3, 2), date.fromordinal(date(2026, 3, 2).toordinal() + n)) for n in days)
    >>> found.low_days, found.likely_days, found.high_days, found.parcels
    (4, 5, 9, 20)
    """
    given = list(parcels)
    days = sorted((delivered - dispatched).days for dispatched, delivered in given)
    if days and not 0 <= days[0] <= days[-1] <= LONGEST_DAYS:
        raise ValueError(f"a parcel took {days[0] if days[0] < 0 else days[-1]} days; 0 to {LONGEST_DAYS} are possible")
    if not days or len(days) < enough:
        return None
    dispatched = [first for first, _ in given]
    low, likely, high = (days[_rank(share, len(days))] for share in (_LOW, _LIKELY, _HIGH))
    return Observed(low, likely, high, len(days), min(dispatched), max(dispatched))


def _rank(share: Fraction, count: int) -> int:
    """Return the place of a quantile in a sorted list: the first that at least the share of all do not pass."""
    return max(-(-share.numerator * count // share.denominator) - 1, 0)
