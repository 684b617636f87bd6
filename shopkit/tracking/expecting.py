"""When a parcel may come, told anew with each scan: a pure function of its timeline, the promise and the day.

Every date is a day of the place where something happens and is never moved through a time zone. What is said is an
estimate with its ground (``basis``), or why there is none (``waits``); what was promised stays beside it, and late is
said as late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

from landed_cost.delivery import LEGS, remaining
from landed_cost.delivery import Leg as Part
from shopkit.tracking.statuses import ENDS, Leg, Stage, Status, stage_of
from shopkit.tracking.timeline import Part as Does

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from landed_cost.delivery import Observed
    from shopkit.tracking.timeline import Timeline

Days = tuple[date, date]
"""A first and a last day."""
Basis = Literal["promise", "legs", "observed", "carrier"]
Waits = Literal["over", "returning", "customs", "pickup", "office", "overdue", "unknown"]
Lateness = Literal["late", "will_be_late", "may_be_late"]

# What is left of the way once the parcel has come to a stage.
_LEFT: Final = {Stage.ORIGIN: LEGS[2:], Stage.BETWEEN: LEGS[3:], Stage.DESTINATION: LEGS[4:]}
_ON_THE_LAST_MILE: Final = frozenset({Status.AT_DELIVERY_OFFICE, Status.OUT_FOR_DELIVERY, Status.DELIVERY_FAILED})
_WAITING: Final = frozenset({"held", "payment_due"})
_COUNTS: Final = frozenset({Does.HEADLINE, Does.WITHDRAWS})


@dataclass(frozen=True, slots=True)
class Way:
    """The legs of the way as they were promised, in the order of ``landed_cost.delivery.LEGS``, and its two ends."""

    legs: tuple[Part, ...]
    origin: str
    destination: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """Between which days a parcel may come and on what ground, or what it waits for; one of the two.

    ``reckoned`` is our own window where the carrier's day stands in its place. ``promised`` is what the buyer was told
    before paying. ``lateness`` with ``days`` after the promise: of a parcel that is not there, or that came.
    """

    window: Days | None
    basis: Basis | None
    waits: Waits | None
    reckoned: Days | None
    promised: Days | None
    lateness: Lateness | None
    days: int


def way_of(delivery: Mapping[str, Any], origin: str, destination: str, region: str | None = None) -> Way:
    """Return the legs that a quote was made with, from its JSON (``delivery``)."""
    legs = tuple(
        Part(one["name"], one["min_days"], one["max_days"], one["working_days"], one["source"], one["status"])
        for one in delivery["legs"]
    )
    return Way(legs, origin, destination, region)


def expect(  # each is a ground of its own
    timeline: Timeline,
    *,
    today: date,
    posted_on: date,
    promised: Days | None = None,
    way: Way | None = None,
    carrier_on: date | None = None,
    observed: Observed | None = None,
) -> Expected:
    """Return what to expect of a parcel on a day.

    Narrowest first: the day that the carrier names, as long as it has not passed; what is left of the legs from where
    the parcel is, cut by what parcels of this lane took; the promise. Whatever ends before today is no window.
    """
    found, waits = _ground(timeline, posted_on, promised, way, observed), _waits(timeline)
    window, basis = found or (None, None)
    if waits is None and window is not None and window[1] < today:
        window, waits = None, "overdue"
    if waits is not None:
        window, basis = None, None
    elif window is not None:
        window = max(window[0], today), window[1]
    reckoned = None
    if carrier_on is not None and carrier_on >= today and waits in {None, "overdue"}:
        reckoned, window, basis, waits = window, (carrier_on, carrier_on), "carrier", None
    if window is None and waits is None:
        waits = "unknown"
    late, days = _lateness(timeline, today, window, promised)
    return Expected(window, basis, waits, reckoned, promised, late, days)


def _waits(timeline: Timeline) -> Waits | None:
    """Return what nobody can name a day for."""
    if timeline.headline in ENDS:
        return "over"
    if timeline.leg is Leg.RETURN:
        return "returning"
    if timeline.customs.state in _WAITING:
        return "customs"
    if timeline.headline is Status.READY_FOR_PICKUP:
        return "pickup"
    return "office" if timeline.headline is Status.ON_HOLD else None


def _ground(
    timeline: Timeline, posted_on: date, promised: Days | None, way: Way | None, observed: Observed | None
) -> tuple[Days, Basis] | None:
    """Return our own window and what it rests on; days before today are still in it."""
    taken = None
    if observed is not None:
        taken = posted_on + timedelta(days=observed.low_days), posted_on + timedelta(days=observed.high_days)
    left = None if way is None else _left(timeline, way)
    if left is None:
        if taken is not None:
            return taken, "observed"
        return None if promised is None else (promised, "promise")
    if taken is None or taken[0] > left[1] or taken[1] < left[0]:
        return left, "legs"
    both = max(taken[0], left[0]), min(taken[1], left[1])
    return both, "legs" if both == left else "observed"


def _left(timeline: Timeline, way: Way) -> Days | None:
    """Return when the legs that are left can end, from the day on which the parcel came to the first of them."""
    stage = None if timeline.headline is None else stage_of(timeline.headline, timeline.leg)
    if stage not in _LEFT:
        return None
    names, begun = _LEFT[stage], _came_to(timeline, stage)
    if stage is Stage.DESTINATION and (since := _last_mile_since(timeline)) is not None:
        names, begun = LEGS[-1:], since
    legs = [leg for leg in way.legs if leg.name in names]
    return None if begun is None else remaining(begun, legs, way.origin, way.destination, way.region)


def _came_to(timeline: Timeline, stage: Stage) -> date | None:
    """Return the day on which the parcel came to a stage."""
    came = (one.event for one in timeline.entries if one.part in _COUNTS)
    return next((one.day for one in came if stage_of(one.status, one.leg) == stage), None)


def _last_mile_since(timeline: Timeline) -> date | None:
    """Return the day on which nothing but the last mile was left: customs was done, or the delivery office had it."""
    for one in timeline.entries:
        event = one.event
        at_destination = one.part in _COUNTS and stage_of(event.status, event.leg) is Stage.DESTINATION
        is_out = event.customs == "released" and timeline.customs.state == "released"
        if at_destination and (is_out or event.status in _ON_THE_LAST_MILE):
            return event.day
    return None


def _lateness(
    timeline: Timeline, today: date, window: Days | None, promised: Days | None
) -> tuple[Lateness | None, int]:
    if promised is None or timeline.leg is Leg.RETURN:
        return None, 0
    last = promised[1]
    if timeline.delivered is not None:
        came = timeline.delivered.day
        return ("late", (came - last).days) if came is not None and came > last else (None, 0)
    if timeline.headline in ENDS:
        return None, 0
    if today > last:
        return "late", (today - last).days
    if window is not None and window[1] > last:
        return ("will_be_late" if window[0] > last else "may_be_late"), 0
    return None, 0
