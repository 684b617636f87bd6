"""The last day to order for a feast: its day, less a margin, less the longest the way may take.

The longest way is the delivery estimate's *latest*: working days and holidays of both sides, the seller's own making.
The later an order, the later its parcel, so the last day is found by halving.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

from landed_cost.delivery import Delivery, Handling, estimate

if TYPE_CHECKING:
    from collections.abc import Callable

State = Literal["open", "soon", "at_risk", "too_late", "unknown"]
# No way of ours takes longer; a feast that is nearer than its way is long is past for certain.
_LONGEST: Final = 400
_SOON: Final = 7
MOST_MARGIN: Final = 60


@dataclass(frozen=True, slots=True)
class Way:
    """From where, to which country and region, how, and how many working days the making takes, fewest and most."""

    dispatch: str
    country: str
    region: str | None
    channel: str
    making: tuple[int, int] | None = None

    def estimate(self, start: date) -> Delivery | None:
        """Return when what is ordered on a day may come; ``None`` where there is no such way."""
        transport = "air" if self.channel == "freight" else None
        handling = None if self.making is None else Handling(making=self.making)
        return estimate(start, self.dispatch, self.country, self.region, self.channel, transport, handling)


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when to order, and how that stands today.

    ``open`` there is time; ``soon`` a week or less is left; ``at_risk`` the last day is past, and what is ordered today
    comes in time only if the way is quick; ``too_late`` not even then; ``unknown`` there is no estimate of the way.
    ``earliest`` and ``latest`` are of an order of today.
    """

    state: State
    order_by: date | None
    earliest: date | None
    latest: date | None


def deadline(way: Way, event: date, margin_days: int, today: date) -> Deadline:
    """Return by when to order for an event; ``ValueError`` for a margin that is none.

    >>> way = Way("MX", "US", "CA", "courier")
    >>> deadline(way, date(2027, 5, 9), 3, date(2026, 11, 28)).order_by.isoformat()
    '2027-04-22'
    """
    if not 0 <= margin_days <= MOST_MARGIN:
        raise ValueError(f"deadline: a margin of {margin_days} days is outside 0-{MOST_MARGIN}")
    now = way.estimate(today)
    if now is None:
        return Deadline("unknown", None, None, None)
    target = event - timedelta(days=margin_days)
    last = _last(lambda start: _latest(way, start), target)
    if last >= today:
        state: State = "soon" if (last - today).days <= _SOON else "open"
    else:
        state = "at_risk" if now.earliest <= event else "too_late"
    return Deadline(state, last, now.earliest, now.latest)


def _latest(way: Way, start: date) -> date:
    found = way.estimate(start)
    assert found is not None  # noqa: S101 - the way exists on every day or on none
    return found.latest


def _last(latest: Callable[[date], date], target: date) -> date:
    """Return the last start whose latest arrival is on the target or before it."""
    early, late = target - timedelta(days=_LONGEST), target + timedelta(days=1)
    while (late - early).days > 1:
        middle = early + (late - early) // 2
        if latest(middle) <= target:
            early = middle
        else:
            late = middle
    return early
