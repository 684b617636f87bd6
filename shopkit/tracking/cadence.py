"""When a parcel is asked about next, and when no more: a policy without clock, database or chance.

Every parcel ends being asked about: some time after it ended, after ninety silent days, and in any case when events can
no longer be its own (:class:`~shopkit.tracking.timeline.Window`).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

from babel.core import get_global

from shopkit.tracking.silence import silence
from shopkit.tracking.statuses import ENDS, Leg, Stage, Status, stage_of

if TYPE_CHECKING:
    from datetime import date, datetime

Label = Literal[
    "on_the_way",
    "ended",  # it arrived, came back or is lost: asked once more for corrections, then no more
    "stale",
    "no_further_scans_expected",
    "check_number",  # nobody knows the number for days: the seller is asked to look at it
    "over",  # whatever has this number by now is another parcel
    "rejected",  # nobody who is connected takes the number
]
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
LONGEST: Final = _DAY
# After so many asks that brought nothing the time between two doubles.
QUIET: Final = 4
_FEW_DAYS: Final = 30
_MOST_DAYS: Final = 90
# As the window of a parcel's own events has it.
_WINDOW_DAYS: Final = 180
_FRESH: Final = timedelta(hours=48)
_UNKNOWN_FOR: Final = timedelta(days=5)
_AGAIN_AFTER_END: Final = timedelta(hours=24)
REFRESH_AFTER: Final = timedelta(minutes=15)
_MORNING, _EVENING = 8, 20
_HELD: Final = frozenset({Status.HELD_CUSTOMS_IMPORT, Status.HELD_CUSTOMS_EXPORT})
# Of all asks, spread over a tenth more of the time: who sends a hundred parcels at noon does not ask for all at once.
_SPREAD: Final = 10


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a parcel after it was asked about.

    ``followed_since`` is when it was first to be asked about, ``not_found_since`` the first of the answers in a row
    that do not know it, ``ended_at`` when we first learnt that it ended; ``quiet`` counts answers in a row that told
    nothing new. ``pushes``: its provider tells by itself.
    """

    number: str
    status: Status | None
    leg: Leg | None
    posted_on: date
    heard_on: date | None
    destination: str
    followed_since: datetime
    ended_at: datetime | None = None
    not_found_since: datetime | None = None
    quiet: int = 0
    pushes: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """When to ask again, ``None`` for no more, and what to call it."""

    at: datetime | None
    label: Label


def next_look(look: Look, now: datetime) -> Next:
    """Return when a parcel is asked about next, having been asked now.

    >>> from datetime import UTC, date, datetime
    >>> now = datetime(2026, 11, 2, 12, tzinfo=UTC)
    >>> look = Look("RR123456785MX", Status.DELIVERED, Leg.DESTINATION, now.date(), now.date(), "US", now, ended_at=now)
    >>> next_look(look, now).at.isoformat()
    '2026-11-03T12:00:00+00:00'
    >>> next_look(look, datetime(2026, 11, 3, 12, tzinfo=UTC))
    Next(at=None, label='ended')
    """
    if look.status in ENDS:
        again = (look.ended_at or now) + _AGAIN_AFTER_END
        return Next(again if again > now else None, "ended")
    today = now.date()
    if (today - look.posted_on).days > _WINDOW_DAYS:
        return Next(None, "over")
    quiet = silence(look.number, look.status, look.leg, look.heard_on, look.posted_on, today)
    label: Label = "on_the_way"
    if quiet.label is not None:
        label = "stale" if quiet.label is Status.STALE else "no_further_scans_expected"
    if look.not_found_since is not None:
        long = now - look.not_found_since >= _UNKNOWN_FOR
        label, wait = ("check_number", _DAY) if long else ("on_the_way", 12 * _HOUR)
    elif quiet.label is not None:
        wait = _DAY
    else:
        wait = min(_wait(look, now) * 2 ** min(look.quiet // QUIET, 8), LONGEST)
    if quiet.days >= _MOST_DAYS:
        return Next(None, "check_number" if label == "check_number" else "no_further_scans_expected")
    if quiet.days >= _FEW_DAYS:
        wait = _WEEK
    if look.pushes:
        wait = max(wait, _DAY)
    return Next(now + wait + wait * _share(look.number) / _SPREAD, label)


def failed(failures: int, now: datetime) -> datetime:
    """Return when to ask again after so many asks in a row without an answer: a minute, doubled up to a day."""
    doubled: int = 2 ** min(max(failures, 1) - 1, 12)
    return now + min(timedelta(minutes=1) * doubled, LONGEST)


def may_refresh(asked_at: datetime | None, now: datetime) -> bool:
    """Return whether somebody who looks at a parcel may have it asked about anew."""
    return asked_at is None or now - asked_at >= REFRESH_AFTER


def _wait(look: Look, now: datetime) -> timedelta:
    if look.status in (None, Status.INFO_RECEIVED):
        return 12 * _HOUR if now - look.followed_since < _FRESH else _DAY
    if look.status is Status.OUT_FOR_DELIVERY:
        return _HOUR if _is_daytime(look.destination, now) else 4 * _HOUR
    stage = stage_of(look.status, look.leg)
    return 4 * _HOUR if stage is Stage.DESTINATION and look.status not in _HELD else 12 * _HOUR


def _is_daytime(country: str, now: datetime) -> bool:
    """Return whether it is day anywhere in a country; of a country that is not known it is."""
    zones = _zones(country)
    return not zones or any(_MORNING <= now.astimezone(zone).hour < _EVENING for zone in zones)


@cache
def _zones(country: str) -> tuple[ZoneInfo, ...]:
    names: list[str] = get_global("territory_zones").get(country, [])
    return tuple(ZoneInfo(name) for name in names)


def _share(number: str) -> float:
    """Return a share of one that is the number's own: the same in every process."""
    return zlib.crc32(number.encode()) / 2**32
