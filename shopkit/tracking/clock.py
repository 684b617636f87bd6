"""When something happened: the wall clock as received, UTC where it is known, and what makes it known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import get_global

_EPOCH: Final = re.compile(r"/Date\((-?[0-9]{1,15})(?:[+-][0-9]{4})?\)/")
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].+)?", re.ASCII)


class Basis(StrEnum):
    """What UTC was found by; ``UNKNOWN`` where it was not."""

    OFFSET = "offset"
    UTC_FIELD = "utc_field"
    EPOCH = "epoch"  # milliseconds, which some posts fill from a wall clock
    OFFICE_ZONE = "office_zone"
    COUNTRY_ZONE = "country_zone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Moment:
    """``local`` is a wall clock without zone, ``utc`` has one; either may be unknown."""

    local: datetime | None
    utc: datetime | None
    basis: Basis


_NEVER: Final = Moment(None, None, Basis.UNKNOWN)


def moment(time: str | None, *, utc: str | None = None, zone: str | None = None, country: str | None = None) -> Moment:
    """Return when an event was, from its time as received, a field that is UTC, its office's zone and country.

    A field of UTC counts before an offset, that before a zone. The zone of a country is used only if it has a single
    one; a clock that was shown twice, or never, when clocks changed stays unresolved.

    >>> moment("2026-01-05T10:00:00", country="GT").utc.isoformat()
    '2026-01-05T16:00:00+00:00'
    >>> moment("2026-01-05T10:00:00", country="MX").utc is None
    True
    """
    local = _read(time)
    if (field := _read(utc)) is not None:
        known = _in_utc(field if field.tzinfo else field.replace(tzinfo=UTC))
        if known is not None:
            return Moment(local.replace(tzinfo=None) if local else _shown(known, zone), known, Basis.UTC_FIELD)
    if local is None:
        return _NEVER
    if local.tzinfo is not None:
        if (known := _in_utc(local)) is None:
            return _NEVER
        if time is not None and time.startswith("/"):
            return Moment(_shown(known, zone), known, Basis.EPOCH)
        return Moment(local.replace(tzinfo=None), known, Basis.OFFSET)
    return _placed(local, time, zone, country)


def _placed(local: datetime, time: str | None, zone: str | None, country: str | None) -> Moment:
    """Return the moment of a wall clock without offset; a bare date has no clock to place."""
    name, basis = (zone, Basis.OFFICE_ZONE) if zone else (_only_zone(country), Basis.COUNTRY_ZONE)
    if name is None or (time is not None and len(time.strip()) == len("2026-01-05")):
        return Moment(local, None, Basis.UNKNOWN)
    there = _zone(name)
    if there is None:
        return Moment(local, None, Basis.UNKNOWN)
    first, second = (local.replace(tzinfo=there, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset() or (known := _in_utc(first)) is None:
        return Moment(local, None, Basis.UNKNOWN)
    return Moment(local, known, basis)


def _read(text: str | None) -> datetime | None:
    """Return the time of ISO 8601 or of ``/Date(ms)/``; ``None`` for what is neither."""
    if text is None:
        return None
    text = text.strip()
    try:
        if epoch := _EPOCH.fullmatch(text):
            return datetime.fromtimestamp(int(epoch[1]) / 1000, UTC)
        return datetime.fromisoformat(text) if _ISO.fullmatch(text) else None
    except (ValueError, OverflowError, OSError):
        return None


def _in_utc(aware: datetime) -> datetime | None:
    """Return a time in UTC; ``None`` where the calendar has no such day."""
    try:
        return aware.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _shown(known: datetime, zone: str | None) -> datetime | None:
    there = _zone(zone) if zone else None
    return None if there is None else known.astimezone(there).replace(tzinfo=None)


@lru_cache(maxsize=1024)
def _only_zone(country: str | None) -> str | None:
    """Return the zone of a country that has one alone, by CLDR."""
    zones: list[str] = get_global("territory_zones").get(country, []) if country else []
    return zones[0] if len(zones) == 1 else None


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None
