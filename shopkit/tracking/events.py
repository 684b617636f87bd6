"""An event as a provider tells it, and the same in our words; what was received is kept whole beside what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopkit.tracking.clock import Basis, moment
from shopkit.tracking.folding import folded

if TYPE_CHECKING:
    from datetime import date, datetime

    from shopkit.tracking.codes import Vocabulary
    from shopkit.tracking.statuses import Leg, Status


@dataclass(frozen=True, slots=True)
class RawEvent:
    """What a provider said, field by field; ``body`` is all of it as it came, which is never changed.

    ``code`` is as fine as the provider's meanings are: ``BDE 01`` and ``BDE 20`` are two, of the ``family`` ``BDE``.
    ``time`` is as received, ``utc`` a field that the provider calls UTC, ``zone`` the IANA name of the office's zone.
    ``leg`` is the direction where the feed knows it; ``reason`` the code of customs' reason to hold.
    """

    provider: str
    received_at: datetime
    code: str | None = None
    text: str | None = None
    time: str | None = None
    utc: str | None = None
    zone: str | None = None
    place: str | None = None
    office: str | None = None
    office_type: str | None = None
    country: str | None = None
    leg: Leg | None = None
    reason: str | None = None
    family: str | None = None
    body: object = None


@dataclass(frozen=True, slots=True)
class Event:
    """An event in our words.

    ``raw`` is what it was made of, to be read anew when the tables know more. ``local`` is a wall clock without zone,
    ``utc`` ``None`` where no zone is known. ``customs`` is what it says of customs; ``reason`` why customs holds the
    item, as an id of ours where the code is known to us.
    """

    raw: RawEvent
    status: Status
    leg: Leg | None
    customs: str | None
    reason: str | None
    local: datetime | None
    utc: datetime | None
    basis: Basis
    is_bag: bool
    is_mapped: bool
    wording: str

    @property
    def day(self) -> date | None:
        """The day of the event where it happened; that of UTC where no clock of the place was told."""
        time = self.local or self.utc
        return None if time is None else time.date()

    @property
    def key(self) -> tuple[str, str, datetime | None, bool, str]:
        """What makes two events the same: provider, code or wording, instant to the second, and code of the office.

        Texts of place and description are no part of it, for they are spelled anew between polls; a wall clock stands
        for an instant that is not known, and is never the same as one that is.
        """
        known = self.utc is not None
        time = self.utc if known else self.local
        when = None if time is None else time.replace(microsecond=0)
        return self.raw.provider, self.wording, when, known, self.raw.office or ""


def normalise(raw: RawEvent, vocabulary: Vocabulary) -> Event:
    """Return what a provider said in our words; nothing about it is an error, and what is not known stays unknown."""
    found = vocabulary.meaning(
        raw.code, raw.text, leg=raw.leg, office_type=raw.office_type, post=raw.country, reason=raw.reason
    )
    when = moment(raw.time, utc=raw.utc, zone=raw.zone, country=raw.country)
    reason = vocabulary.reasons.get(raw.reason) if raw.reason and found.customs == "held" else None
    # What an aggregator makes of a carrier's wording may change; the wording stays.
    wording = raw.code.strip().upper() if raw.code and not found.is_worded else folded(raw.text or "")
    return Event(
        raw,
        found.status,
        # A direction that the feed knows counts before the table's, which may have none.
        raw.leg or found.leg,
        found.customs,
        reason,
        when.local,
        when.utc,
        when.basis,
        found.is_bag,
        found.is_mapped,
        wording,
    )
