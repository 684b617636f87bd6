"""One timeline of a parcel: a pure function of its events, whatever their order and however often they came.

What an event does to the headline is told beside it (:class:`Part`), so that a page can show the whole history and a
person can see why something did not count.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from shopkit.tracking.statuses import SILENT, Leg, Stage, Status, stage_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from shopkit.tracking.events import Event

# A clock may run ahead a little; one without a zone may be that of the farthest east.
_SKEW: Final = timedelta(hours=1)
_EAST: Final = timedelta(hours=14)
_NOBODY: Final = datetime.min.replace(tzinfo=UTC)
# An end that a later event of these kinds may still take the place of; a delivery gives way to less.
_AFTER_AN_END: Final = frozenset(
    {Status.DELIVERED, Status.RETURNED, Status.DESTROYED, Status.LOST, Status.IMPORT_TERMINATED, Status.CANCELLED}
)


class Part(StrEnum):
    """What an event does in the timeline."""

    HEADLINE = "headline"  # it moved the headline, or confirmed it
    LATE = "late"  # of a leg that the parcel has left
    AFTER_END = "after_end"  # the way had ended before
    ON_RETURN = "on_return"  # of the way back, whose headline stays
    SILENT = "silent"  # it says nothing that a headline could
    BAG = "bag"  # it tells of a bag
    FUTURE = "future"  # its time has not come
    UNDATED = "undated"  # it has no time that can be read
    OTHER_AUTHORITY = "other_authority"  # another provider speaks for this leg
    WITHDRAWS = "withdraws"  # the provider takes its delivery back: for a person


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of the history, what it does, and when it was first received."""

    event: Event
    part: Part
    first_received: datetime


@dataclass(frozen=True, slots=True)
class Customs:
    """How it stands with customs: ``none``, ``presented``, ``held``, ``payment_due``, ``paid`` or ``released``.

    ``reason`` is why it is held, where that is known to us, ``raw_reason`` as the provider codes it. ``is_inferred``
    says that nobody told of a release: the item was delivered, so it was.
    """

    state: str = "none"
    leg: Leg | None = None
    reason: str | None = None
    raw_reason: str | None = None
    is_inferred: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """Where a parcel is and what happened, oldest first; events without a time stand last.

    ``other_parcel`` holds what lies outside the parcel's own days: its number was used before, or again. ``unmapped``
    counts codes and wordings that no table has, by provider, for who keeps the tables. ``flags`` are what a person
    should look at: ``withdrawn``, ``delivered_on_return``, ``damaged``, ``exception``.
    """

    headline: Status | None
    leg: Leg | None
    since: Event | None
    customs: Customs
    delivered: Event | None
    entries: tuple[Entry, ...]
    other_parcel: tuple[Event, ...]
    unmapped: tuple[tuple[str, str, int], ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The days in which a number is this parcel's; numbers are used again, after a year or so."""

    posted: date
    before: timedelta = timedelta(days=3)
    after: timedelta = timedelta(days=180)

    def holds(self, event: Event) -> bool:
        """Return whether an event can be this parcel's; one without a time can."""
        time = event.local or event.utc
        return time is None or self.posted - self.before <= time.date() <= self.posted + self.after


@dataclass(slots=True)
class _State:
    """The parcel as its events are told, one after the other."""

    stage: Stage | None = None
    headline: Status | None = None
    leg: Leg | None = None
    since: Event | None = None
    delivered: Event | None = None
    customs: Customs = field(default_factory=Customs)
    flags: set[str] = field(default_factory=set)

    def take(self, event: Event) -> Part:
        """Let an event do what it may, and return what it did."""
        if event.status in SILENT:
            if event.status in {Status.DAMAGED, Status.EXCEPTION}:
                self.flags.add(event.status.value)
            return Part.SILENT
        stage = stage_of(event.status, event.leg)
        if stage is None:
            # It may be on any leg: it is on the one the parcel is on.
            stage = Stage.ORIGIN if self.stage is None else max(self.stage, Stage.ORIGIN)
            if self.stage is Stage.END:
                return Part.AFTER_END
        return self._at(event, stage)

    def _at(self, event: Event, stage: Stage) -> Part:
        if self.stage is Stage.RETURN:
            return self._on_return(event)
        if event.status is Status.RETURN_TO_SENDER or stage is Stage.RETURN:
            return self._move(event, Stage.RETURN)
        if self.stage is Stage.END:
            return self._after_end(event, stage)
        if self.stage is not None and stage < self.stage:
            return Part.LATE
        return self._move(event, stage)

    def _on_return(self, event: Event) -> Part:
        """Only the arrival with the sender ends a way back; a delivery there may be either's, so a person looks."""
        if event.status in {Status.RETURNED, Status.DESTROYED, Status.LOST}:
            return self._move(event, Stage.RETURN)
        if event.status is Status.RETURN_TO_SENDER and self.headline is Status.RETURN_TO_SENDER:
            return Part.HEADLINE
        if event.status is Status.DELIVERED:
            self.flags.add("delivered_on_return")
        return Part.ON_RETURN

    def _after_end(self, event: Event, stage: Stage) -> Part:
        if self.delivered is not None:
            if event.status is Status.DELIVERED:
                return Part.HEADLINE
            if event.status is Status.DELIVERY_FAILED and _withdraws(event, self.delivered):
                self.flags.add("withdrawn")
                self.delivered = None
                self._move(event, stage)
                return Part.WITHDRAWS
            return Part.AFTER_END
        return self._move(event, Stage.END) if event.status in _AFTER_AN_END else Part.AFTER_END

    def _move(self, event: Event, stage: Stage) -> Part:
        self.stage = stage
        if event.status is not self.headline or event.leg is not self.leg:
            self.since = event
        self.headline, self.leg = event.status, Leg.RETURN if stage is Stage.RETURN else event.leg
        if event.status is Status.DELIVERED:
            self.delivered = event
        self._customs(event)
        return Part.HEADLINE

    def _customs(self, event: Event) -> None:
        if event.customs is not None:
            self.customs = Customs(
                event.customs, event.leg, event.reason, event.raw.reason if event.customs == "held" else None
            )
        elif event.status is Status.DELIVERED and self.customs.state not in {"none", "released"}:
            self.customs = Customs("released", self.customs.leg, is_inferred=True)


def fold(
    events: Iterable[Event],
    *,
    now: datetime,
    window: Window | None = None,
    authority: Mapping[Leg, str] | None = None,
) -> Timeline:
    """Return the timeline of a parcel from all its events, as of ``now`` (with a zone).

    The same set of events gives the same timeline in any order and any number of copies. ``authority`` names the
    provider that speaks for a leg: what others say of it is kept and moves nothing.
    """
    own: list[tuple[Event, datetime]] = []
    others: list[tuple[Event, datetime]] = []
    for event, first in _merged(events):
        (own if window is None or window.holds(event) else others).append((event, first))
    own.sort(key=lambda pair: _order(pair[0], pair[1]))
    state = _State()
    entries = tuple(Entry(event, _part(event, state, now, authority or {}), first) for event, first in own)
    unmapped = Counter((event.raw.provider, event.wording) for event, _ in own if not event.is_mapped)
    return Timeline(
        state.headline,
        state.leg,
        state.since,
        state.customs,
        state.delivered,
        entries,
        tuple(event for event, _ in sorted(others, key=lambda pair: _order(pair[0], pair[1]))),
        tuple((*key, count) for key, count in sorted(unmapped.items())),
        tuple(sorted(state.flags)),
    )


def _part(event: Event, state: _State, now: datetime, authority: Mapping[Leg, str]) -> Part:
    if event.is_bag:
        return Part.BAG
    if event.utc is None and event.local is None:
        return Part.UNDATED
    if _instant(event) > now + (_SKEW if event.utc is not None else _EAST):
        return Part.FUTURE
    if event.leg is not None and authority.get(event.leg, event.raw.provider) != event.raw.provider:
        return Part.OTHER_AUTHORITY
    return state.take(event)


def _merged(events: Iterable[Event]) -> Iterable[tuple[Event, datetime]]:
    """Yield each event once, as it was received last, with the time it was received first."""
    last: dict[object, Event] = {}
    first: dict[object, datetime] = {}
    for event in events:
        key, received = event.key, event.raw.received_at
        kept = last.setdefault(key, event)
        first[key] = min(first.get(key, received), received)
        if kept is not event and _is_newer(event, kept):
            last[key] = event
    return ((event, first[key]) for key, event in last.items())


def _is_newer(event: Event, kept: Event) -> bool:
    """Return whether an event was received after another; of two received at once, all they say decides."""
    if event.raw.received_at != kept.raw.received_at:
        return event.raw.received_at > kept.raw.received_at
    return event != kept and repr(event) > repr(kept)


def _withdraws(event: Event, delivered: Event) -> bool:
    """Return whether a failure takes a delivery back: of the same provider, with a code of the same family, later."""
    raw, before = event.raw, delivered.raw
    return raw.family is not None and (raw.provider, raw.family) == (before.provider, before.family)


def _instant(event: Event) -> datetime:
    """Return when an event is sorted: its instant, or its wall clock as if it were UTC."""
    if event.utc is not None:
        return event.utc
    return _NOBODY if event.local is None else event.local.replace(tzinfo=UTC)


def _order(event: Event, first: datetime) -> tuple[bool, datetime, int, str, str, str, bool]:
    """Return the place of an event: by time; at one instant by how far along it is; then by what tells it apart."""
    undated = event.utc is None and event.local is None
    stage = stage_of(event.status, event.leg)
    return (
        undated,
        first if undated else _instant(event),
        -1 if stage is None else stage,
        event.raw.provider,
        event.wording,
        event.raw.office or "",
        event.utc is None,
    )
