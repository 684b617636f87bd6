"""What adapters of aggregators share: reading answers that others made of what carriers said.

An answer is read piece by piece: what has another type than it should is not there, and no error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from babel.core import get_global

from shopkit.tracking.port import Told, TrackingError, text_in
from shopkit.tracking.statuses import Leg

Json = Mapping[str, Any]
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])", re.ASCII)
_EMPTY: Final[Json] = {}


def inside(value: Json, *names: str) -> Json:
    """Return the object under a path of names, an empty one where there is none."""
    for name in names:
        found = value.get(name)
        if not isinstance(found, dict):
            return _EMPTY
        value = found
    return value


def objects(value: Json, name: str) -> list[dict[str, Any]]:
    """Return the objects of a list; what else stands in it is not read."""
    found = value.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def must_have(value: Json, name: str, kind: type) -> Any:  # noqa: ANN401 - of that kind
    """Return a part without which an answer says nothing; *garbage* where it is missing."""
    found = value.get(name)
    if not isinstance(found, kind):
        raise TrackingError("garbage", f"the answer has no {name}")
    return found


def day_of(*texts: str | None) -> date | None:
    """Return the first day among texts, as it is written: a day with a clock and an offset is that same day.

    >>> day_of(None, "soon", "2026-08-25T23:30:00-06:00")
    datetime.date(2026, 8, 25)
    """
    for text in texts:
        if text is not None and (found := _DAY.match(text.strip())):
            try:
                return date.fromisoformat(found[0])
            except ValueError:
                continue
    return None


@lru_cache(maxsize=512)
def country_of(code: str | None) -> str | None:
    """Return the two letters of a country that is written with two or three.

    >>> country_of("GTM"), country_of("gt"), country_of("Guatemala"), country_of("A1C")
    ('GT', 'GT', None, None)
    """
    code = (code or "").strip().upper()
    if re.fullmatch(r"[A-Z]{2}", code):
        return code
    known: list[str] = get_global("territory_aliases").get(code, []) if re.fullmatch(r"[A-Z]{3}", code) else []
    return known[0] if len(known) == 1 else None


def leg_of(country: str | None, origin: str | None, destination: str | None) -> Leg | None:
    """Return on which leg something happened, by its country; ``None`` where that is neither end's, or both are one.

    >>> [leg_of(country, "GT", "US") for country in ("US", "PA", None)], leg_of("US", "US", "US")
    ([<Leg.DESTINATION: 'destination'>, None, None], None)
    """
    if country is None or origin == destination:
        return None
    return Leg.ORIGIN if country == origin else Leg.DESTINATION if country == destination else None


def place_of(value: Json, *names: str) -> str | None:
    """Return a place in words: its parts with commas."""
    parts = [part for name in names if (part := text_in(value, name))]
    return ", ".join(parts) or None


def written(number: str) -> str:
    """Return a number as aggregators compare it."""
    return number.strip().upper()


def rejected(number: str) -> Told:
    """Return that a number cannot be asked for, which nobody was asked."""
    return Told(number, "rejected", detail="no number of a parcel")
