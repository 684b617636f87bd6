"""How the seller gets an order ready: when the day's orders close, how long making takes, which days are worked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKING_WEEK: Final = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which the seller does not work, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Order:
    """When an order comes in, by the seller's clock, and until when it still counts for that day."""

    at: datetime
    cut_off: time | None = None

    @property
    def counts_for(self) -> date:
        """The day the order counts for: an order at the very minute of the cut-off is in time.

        >>> late = Order(datetime(2026, 11, 25, 14, 1), time(14))
        >>> late.counts_for.isoformat()
        '2026-11-26'
        """
        late = self.cut_off is not None and self.at.time() > self.cut_off
        return self.at.date() + timedelta(days=1) if late else self.at.date()


@dataclass(frozen=True, slots=True)
class Handling:
    """The seller's own ways; what is ``None`` is as usual.

    ``weekdays`` are the days worked, 0 for Monday. ``days`` replaces the assumed handling and ``making`` comes before
    it, both as fewest and most working days of the seller. Public holidays are off unless ``works_holidays``.
    """

    weekdays: frozenset[int] = WORKING_WEEK
    closures: tuple[Closure, ...] = ()
    works_holidays: bool = False
    days: tuple[int, int] | None = None
    making: tuple[int, int] = (0, 0)
    order: Order | None = None

    def works(self, day: date) -> bool:
        """Return whether the seller works on a day, public holidays apart."""
        return day.weekday() in self.weekdays and not any(one.first <= day <= one.last for one in self.closures)
