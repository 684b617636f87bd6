"""Messages of a program that has no adapter: JSON of ours, signed with the time it was sent at.

The shape is in ``docs/tracking.md``. It is read strictly: a message with anything in it that is not understood is
refused whole, and told which part, so that whoever writes the program sees it; what is left out is not known.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from landed_cost.countries import is_country
from shopkit.tracking import signing
from shopkit.tracking.events import RawEvent
from shopkit.tracking.plain import Brought, word_of
from shopkit.tracking.port import Field, Told, TrackingError, object_of
from shopkit.tracking.statuses import Leg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NAME: Final = "webhook"
HEADER: Final = "shopkit-signature"
MOST_PARCELS: Final = 1_000
MOST_EVENTS: Final = 10_000
_NUMBER: Final = re.compile(r"[A-Za-z0-9-]{4,64}", re.ASCII)
_MAX_CHARS: Final = 2_000


class Webhook(Brought):
    """The adapter."""

    @property
    def proves(self) -> str:
        """The field that holds the secret."""
        return _SECRET.name

    def read(
        self, body: bytes, headers: Mapping[str, str], secrets: Sequence[str], *, now: datetime
    ) -> tuple[Told, ...]:
        """Read a message: each of its parcels, or none of them."""
        signing.must_be_stamped(headers, HEADER, body, secrets, now)
        message = object_of(body)
        _only(message, "", ("version", "parcels"))
        if message.get("version") != 1:
            raise _wrong("version", "has to be 1")
        parcels = _list(message, "", "parcels", MOST_PARCELS)
        return tuple(_parcel(parcel, f"parcels[{index}]", now) for index, parcel in enumerate(parcels))


_SECRET: Final = Field(
    "webhook_secret",
    {
        "en": "Secret that signs messages",
        "es": "Secreto que firma los mensajes",
        "pt": "Segredo que assina as mensagens",
    },
)
TRACKER: Final = Webhook(NAME, (_SECRET,))


def _parcel(value: object, at: str, now: datetime) -> Told:
    parcel = _object(value, at)
    _only(parcel, at, ("number", "expected_on", "service", "events"))
    number = _text(parcel, at, "number", _NUMBER.fullmatch, "has to be 4 to 64 letters, digits and dashes")
    if number is None:
        raise _wrong(f"{at}.number", "is missing")
    events = _list(parcel, at, "events", MOST_EVENTS)
    expected = _text(parcel, at, "expected_on", _is_day, "has to be a day, such as 2026-01-31")
    return Told(
        number,
        "told",
        tuple(_event(event, f"{at}.events[{index}]", now) for index, event in enumerate(events)),
        None if expected is None else date.fromisoformat(expected),
        service=_text(parcel, at, "service") or "",
    )


def _event(value: object, at: str, now: datetime) -> RawEvent:
    event = _object(value, at)
    _only(event, at, ("code", "text", "time", "zone", "place", "office", "country", "leg", "reason"))
    code = _text(event, at, "code", word_of, "is no status of ours and no code of EMSEVT")
    text = _text(event, at, "text")
    if code is None and text is None:
        raise _wrong(at, "has neither code nor text")
    time = _text(event, at, "time", _is_time, "has to be a time, such as 2026-01-31T14:05:00-06:00")
    if time is None:
        raise _wrong(f"{at}.time", "is missing")
    leg = _text(event, at, "leg", lambda leg: leg in set(Leg), f"has to be one of {', '.join(Leg)}")
    return RawEvent(
        NAME,
        now,
        code=code and word_of(code),
        text=text,
        time=time,
        zone=_text(event, at, "zone", _is_zone, "is no zone, such as America/Guatemala"),
        place=_text(event, at, "place"),
        office=_text(event, at, "office"),
        country=_text(event, at, "country", is_country, "is no country in two capitals"),
        leg=None if leg is None else Leg(leg),
        reason=_text(event, at, "reason"),
        body=event,
    )


def _wrong(at: str, what: str) -> TrackingError:
    return TrackingError("garbage", f"{at} {what}")


def _object(value: object, at: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(at, "has to be an object")
    return value


def _only(value: Mapping[str, object], at: str, known: Sequence[str]) -> None:
    for name in value:
        if name not in known:
            raise _wrong(f"{at}.{name[:64]}".strip("."), f"is not known here; known are {', '.join(known)}")


def _list(value: Mapping[str, object], at: str, name: str, most: int) -> list[object]:
    found = value.get(name)
    if not isinstance(found, list) or len(found) > most:
        raise _wrong(f"{at}.{name}".strip("."), f"has to be a list of at most {most}")
    return found


def _text(
    value: Mapping[str, object], at: str, name: str, fits: Callable[[str], object] = bool, what: str = "is empty"
) -> str | None:
    """Return a text that fits, ``None`` where there is none."""
    found = value.get(name)
    if found is None:
        return None
    if not isinstance(found, str) or len(found) > _MAX_CHARS:
        raise _wrong(f"{at}.{name}", f"has to be a text of at most {_MAX_CHARS} characters")
    if not fits(found):
        raise _wrong(f"{at}.{name}", what)
    return found


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII) is not None


def _is_zone(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        return False
    return True
