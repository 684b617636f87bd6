"""The estimate itself: the legs of a way, walked at their fewest, middle and most days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any, Final, get_args

from landed_cost.delivery.calendars import Calendar
from landed_cost.delivery.legs import (
    AT_DISPATCH,
    CLEARANCES,
    HANDLING,
    LEGS,
    Channel,
    Delivery,
    Holiday,
    Leg,
    Tracked,
    Transport,
)
from landed_cost.delivery.rules import default_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from landed_cost.delivery.handling import Handling
    from landed_cost.delivery.observed import Observed
    from landed_cost.delivery.rules import Key

_EARLIEST_YEAR: Final = 2000
_LATEST_YEAR: Final = 2200
GIVEN: Final = {"en": "The seller's own word", "es": "Lo que dice el vendedor", "pt": "O que diz o vendedor"}
_MAKING: Final = {
    "en": "The seller's own word for the making; then: {source}",
    "es": "Lo que dice el vendedor sobre la elaboración; después: {source}",
    "pt": "O que diz o vendedor sobre a produção; depois: {source}",
}


def estimate(  # noqa: PLR0913 - a way has so many sides
    ready_on: date,
    dispatch_country: str,
    destination_country: str,
    destination_region: str | None,
    channel: str,
    transport: str | None,
    handling: Handling | None = None,
    observed: Observed | None = None,
    *,
    today: date | None = None,
) -> Delivery | None:
    """Return when goods that are ready on a day may be delivered; ``None`` where no such way exists (a road over sea).

    Countries are ISO 3166-1 codes, the region is one of the destination with or without its country (``CA``,
    ``US-CA``). With ``today``, goods that were ready earlier start today; without it a day of the past is taken as it
    is, so that a quote can be made as of any date. A start on a holiday or weekend moves to the next working day, a
    start or an end on 29 February is a day like any other. ``handling`` is the seller's own calendar and days;
    with an order in it the order's day stands for ``ready_on``. ``observed`` is what the seller's own parcels took on
    this lane. Raises ``ValueError`` for freight without a transport, for a parcel with one, and for years outside
    2000-2200.
    """
    start = ready_on if handling is None or handling.order is None else handling.order.counts_for
    start = start if today is None else max(start, today)
    return _estimate(
        start, dispatch_country, destination_country, destination_region, channel, transport, handling, observed
    )


@lru_cache(maxsize=4_096)
def _estimate(
    start: date,
    dispatch: str,
    destination: str,
    region: str | None,
    channel: str,
    transport: str | None,
    handling: Handling | None,
    observed: Observed | None,
) -> Delivery | None:
    """Return the estimate of one way; the same question is asked by every line of a campaign."""
    if not _EARLIEST_YEAR <= start.year <= _LATEST_YEAR:
        raise ValueError(f"delivery: {start} is outside {_EARLIEST_YEAR}-{_LATEST_YEAR}")
    found = _way(dispatch, destination, region, channel, transport)
    if found is None:
        return None
    legs, tracked = found
    if handling is not None:
        legs = (_handled(legs[0], handling), *legs[1:])
    sides = _Sides(dispatch, destination, region, handling)
    earliest = sides.walk(start, legs, [leg.min_days for leg in legs])
    likely = sides.walk(start, legs, _middles(legs))
    latest = sides.walk(start, legs, [leg.max_days for leg in legs])
    # With the pick-up the parcel is out of the seller's hands.
    handed = sides.walk(start, legs[:2], [leg.min_days for leg in legs[:2]])
    ship_by = sides.walk(start, legs[:2], [leg.max_days for leg in legs[:2]])
    answer = Delivery(
        ship_by,
        earliest,
        likely,
        latest,
        tracked,
        legs,
        tuple(sorted(set(sides.met))),
        sides.without_calendar(start.year),
        published=_published(channel, dispatch, destination),
        services=default_rules().on_lane(tracked) if channel == "postal" else (),
        transit_days=((earliest - handed).days, (latest - ship_by).days),
    )
    return answer if observed is None else _sharpened(answer, observed, start, sides)


def remaining(
    start: date, legs: Iterable[Leg], dispatch_country: str, destination_country: str, region: str | None = None
) -> tuple[date, date]:
    """Return the first and the last day on which legs that begin on a day can end; days of the place, as above.

    >>> from landed_cost.delivery import Leg
    >>> clearance = Leg("import clearance", 1, 3, True, {}, "memory")
    >>> [day.isoformat() for day in remaining(date(2026, 11, 25), [clearance], "MX", "US")]
    ['2026-11-27', '2026-12-01']
    """
    left = tuple(legs)
    sides = _Sides(dispatch_country, destination_country, region, None)
    least, most = ([leg.min_days for leg in left], [leg.max_days for leg in left])
    return sides.walk(start, left, least), sides.walk(start, left, most)


def _handled(assumed: Leg, handling: Handling) -> Leg:
    """Return the handling as the seller says it is; the making comes on top."""
    least, most = handling.days or (assumed.min_days, assumed.max_days)
    first, last = handling.making
    if handling.days is None and handling.making == (0, 0):
        return assumed
    longer = replace(assumed, min_days=least + first, max_days=most + last)
    if handling.days is None:
        told = {language: text.format(source=assumed.source[language]) for language, text in _MAKING.items()}
        return replace(longer, source=told)
    return replace(longer, source=GIVEN, status="given")


def _published(channel: str, dispatch: str, destination: str) -> tuple[Any, ...]:
    if dispatch == destination:
        return ()
    standards = default_rules().standards
    keys = product((channel,), (dispatch, None), (destination, None))
    return tuple(one for key in keys for one in standards.get(key, ()))


def _sharpened(assumed: Delivery, observed: Observed, start: date, sides: _Sides) -> Delivery:
    """Return the estimate with the days that parcels of the shop took, from the hand-over to the door."""
    handed = assumed.legs[:2]
    days = ([leg.min_days for leg in handed], _middles(handed), [leg.max_days for leg in handed])
    low, middle, high = (
        sides.destination.open(sides.walk(start, handed, taken) + timedelta(days=transit), [])
        for taken, transit in zip(days, (observed.low_days, observed.likely_days, observed.high_days), strict=True)
    )
    return replace(
        assumed,
        earliest=low,
        likely=middle,
        latest=high,
        assumed=False,
        transit_days=(observed.low_days, observed.high_days),
        observed=observed,
        assumed_dates=(assumed.earliest, assumed.likely, assumed.latest),
    )


@lru_cache(maxsize=4_096)
def _way(
    dispatch: str,
    destination: str,
    region: str | None,
    channel: str,
    transport: str | None,
) -> tuple[tuple[Leg, ...], Tracked] | None:
    """Return the legs of a way and how far it can be followed, by the rows that name most."""
    if channel not in get_args(Channel):
        raise ValueError(f"delivery: channel {channel!r} is not one of {', '.join(get_args(Channel))}")
    if channel == "freight" and transport not in get_args(Transport):
        raise ValueError(f"delivery: freight needs a transport: {', '.join(get_args(Transport))}")
    if channel != "freight" and transport is not None:
        raise ValueError(f"delivery: a transport belongs to freight, not to {channel}")
    rules = default_rules()
    if transport == "road" and not rules.connected(dispatch, destination):
        return None
    pair = rules.pair(dispatch, destination)
    full = None if region is None else region if region.startswith(f"{destination}-") else f"{destination}-{region}"
    keys = list(
        product([full, None], [destination, None], [dispatch, None], [pair, None], [transport, None]),
    )

    def most_specific(table: Mapping[Key, Any], leg: str) -> Any:  # noqa: ANN401 - a leg or a level, as the table has
        """Return the row that names most; the loader has seen to it that there is one."""
        candidates = ((leg, channel, by, near, sender, receiver, area) for area, receiver, sender, near, by in keys)
        return next(table[key] for key in candidates if key in table)

    wanted = [leg for leg in LEGS if pair != "domestic" or leg not in CLEARANCES]
    return tuple(most_specific(rules.legs, leg) for leg in wanted), most_specific(rules.tracking, "")


class _Sides:
    """The calendars that a delivery goes through, and the holidays it met."""

    __slots__ = ("_dispatch", "_seller", "destination", "met")

    def __init__(self, dispatch: str, destination: str, region: str | None, handling: Handling | None) -> None:
        self._dispatch = Calendar(dispatch, None)
        self._seller = self._dispatch if handling is None else Calendar(dispatch, None, handling)
        self.destination = Calendar(destination, region)
        self.met: list[Holiday] = []

    def walk(self, start: date, legs: Iterable[Leg], days: Iterable[int]) -> date:
        """Return the day on which the legs end when each takes so many days."""
        day = start
        for leg, count in zip(legs, days, strict=True):
            if leg.working:
                day = self._side(leg.name).add(day, count, self.met)
            else:
                day += timedelta(days=count)
        return day

    def without_calendar(self, year: int) -> tuple[str, ...]:
        """Return the countries whose holidays are not known."""
        sides = (self._dispatch, self.destination)
        return tuple(sorted({side.country for side in sides if not side.is_known(year)}))

    def _side(self, leg: str) -> Calendar:
        if leg == HANDLING:
            return self._seller
        return self._dispatch if leg in AT_DISPATCH else self.destination


def _middles(legs: tuple[Leg, ...]) -> list[int]:
    """Return the middle of each leg, halves carried along so that only the whole way is rounded up."""
    middles: list[int] = []
    twice = 0
    for leg in legs:
        twice += leg.min_days + leg.max_days
        middles.append((twice + 1) // 2 - sum(middles))
    return middles
