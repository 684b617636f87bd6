"""A parcel's scans in a reader's words: the sentence is ours, what the post wrote stands beside it as it came."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from babel.dates import get_timezone_location

from shopkit.tracking import words
from shopkit.tracking.clock import Basis
from shopkit.tracking.folding import folded
from shopkit.tracking.statuses import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from shopkit.services.orders import Buyer
    from shopkit.tracking.events import Event
    from shopkit.tracking.timeline import Entry, Timeline
    from translations.ui import Speech

# Where an event of customs says more than its status, which may be no more than "on its way".
_SAID_BY_CUSTOMS: Final = frozenset({"payment_due", "paid", "released"})
_DATE_ALONE: Final = len("2026-01-05")
# Shorter words, as "de" and "st", stand in anything that a post writes.
_TELLING: Final = 3
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan as it is told: ``clock`` is that of the place, ``zone`` names its time, "" where no zone is known.

    ``raw`` is what was written, by what it is: ``text``, ``code``, ``reason``, ``office`` and ``time``.
    """

    day: date | None
    clock: str
    zone: str
    said: str
    place: str
    is_read: bool
    raw: tuple[tuple[str, str], ...]


def headline(timeline: Timeline, language: str) -> str | None:
    """Return the sentence of a parcel's headline; ``None`` where nothing was told that could be one."""
    found = timeline.headline
    return None if found is None else words.say("status", found.value, language=language)


def scans(entries: Iterable[Entry], speech: Speech, hidden: Collection[str] | None = None) -> list[Scan]:
    """Return scans in a reader's words, in the order they come.

    To strangers ``hidden`` are the words that are the buyer's (:func:`personal_words`): what a post wrote is left out
    where one stands in it, and at a delivery, where posts write who signed.
    """
    return [_scan(one.event, speech, hidden) for one in entries]


def personal_words(buyers: Iterable[Buyer]) -> frozenset[str]:
    """Return the words that tell who and where buyers are: of names and streets, whatever they can be reached by.

    Of the postal code too, which is what opens the rest: posts write those of their offices.
    """
    found: set[str] = set()
    for buyer in buyers:
        streets = [text for name, text in buyer.address.items() if name.startswith("line")]
        code = buyer.address.get("postal_code") or ""
        found.update(folded(one) for one in (code, re.sub(r"\W", "", code)) if one)
        for text in (buyer.name, *streets, code, buyer.email.partition("@")[0], buyer.phone):
            found.update(word for word in _WORD.findall(folded(text)) if len(word) >= _TELLING)
    return frozenset(found)


def said(event: Event, language: str) -> str:
    """Return our sentence for an event."""
    if event.customs in _SAID_BY_CUSTOMS:
        return words.say("customs", str(event.customs), language=language)
    return words.say("status", event.status.value, language=language)


def _scan(event: Event, speech: Speech, hidden: Collection[str] | None) -> Scan:
    raw = event.raw
    clock, zone = _time(event, speech)
    country = None if raw.country is None else speech.locale.territories.get(raw.country.upper(), raw.country)
    parts = (part.strip() for part in (raw.place, country) if part and not _is_personal(part, hidden))
    place = ", ".join(dict.fromkeys(part for part in parts if part))
    written = [(name, getattr(raw, name)) for name in ("text", "code", "reason", "office", "time")]
    kept = tuple(
        (name, str(text))
        for name, text in written
        if text
        and not _is_personal(str(text), hidden)
        and (hidden is None or name != "text" or event.status is not Status.DELIVERED)
    )
    return Scan(event.day, clock, zone, said(event, speech.language), place, event.is_mapped, kept)


def _is_personal(text: str, hidden: Collection[str] | None) -> bool:
    if not hidden:
        return False
    return any(word in hidden for word in _WORD.findall(folded(text)))


def _time(event: Event, speech: Speech) -> tuple[str, str]:
    """Return the clock of the place and the name of its time; a bare date has no clock."""
    local, utc, raw = event.local, event.utc, event.raw
    if local is None:
        return ("", "") if utc is None else (f"{utc:%H:%M}", "UTC")
    if utc is None and raw.time is not None and len(raw.time.strip()) == _DATE_ALONE:
        return "", ""
    return f"{local:%H:%M}", _zone(event, local, speech)


def _zone(event: Event, local: datetime, speech: Speech) -> str:
    if event.utc is None:
        return ""
    if event.raw.zone and event.basis in {Basis.OFFICE_ZONE, Basis.UTC_FIELD, Basis.EPOCH}:
        return str(get_timezone_location(event.raw.zone, locale=speech.locale, return_city=True))
    if event.basis is Basis.COUNTRY_ZONE and event.raw.country:
        return str(speech.locale.territories.get(event.raw.country.upper(), event.raw.country))
    minutes = round((local - event.utc.replace(tzinfo=None)).total_seconds() / 60)
    if not minutes:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else '−'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
