"""Parcels asked about over simulated time: no provider's limit passed, nobody starved, nobody asked for ever.

Providers are our own and keep the paces of USPS, Correios and 17TRACK; the clock moves only when somebody sleeps, so
that days take minutes. What is measured is the shop's own work: rows, leases, folding, pace.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import func, insert, select

from shopkit import db
from shopkit.config import Settings
from shopkit.models import Seller, ShipmentFeed, StoredShipment
from shopkit.services import tracking_accounts
from shopkit.services.actors import Actor
from shopkit.services.context import open_services
from shopkit.services.polling import Poller
from shopkit.services.trackers import trackers
from shopkit.tracking.codes import post
from shopkit.tracking.events import RawEvent
from shopkit.tracking.port import Call, Pace, Reply, Told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.report import Report
    from shopkit.services.context import Services
    from shopkit.tracking.codes import Vocabulary
    from shopkit.tracking.port import Ask, Calls, Field

NOW: Final = datetime(2026, 11, 23, tzinfo=UTC)
# Of a hundred parcels how many are at each provider, its pace, and how many an account of it follows at most.
SHARES: Final = (
    ("bench-correios", 60, Pace(50, 1, 1.0), 5_000),
    ("bench-17track", 35, Pace(40, 3, 1.0), 5_000),
    ("bench-usps", 5, Pace(1, 60, 3600.0), 250),
)
_JOURNEY: Final = (("EMA", 0), ("EMC", 1), ("EMD", 2), ("EDG", 3), ("EMI", 4))


@dataclass(slots=True)
class Clock:
    """A clock that moves when somebody sleeps."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time go by."""
        self.now += timedelta(seconds=seconds)


@dataclass(slots=True)
class Paced:
    """A provider that notes when it is called and how often its limit was passed; ``sign`` tells it by whom."""

    name: str
    pace: Pace
    clock: Clock
    fields: tuple[Field, ...] = ()
    pushes: bool = False
    calls: int = 0
    passed: int = 0
    last: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    @property
    def vocabulary(self) -> Vocabulary:
        """The codes of posts."""
        return post()

    def takes(self, number: str, carrier: str) -> bool:  # noqa: ARG002 - by the carrier alone
        """Return whether a parcel was made for it."""
        return carrier == self.name

    def address(self, details: Mapping[str, str]) -> str:  # noqa: ARG002 - nobody is called
        """Return no address."""
        return ""

    def sign(self, call: Call, details: Mapping[str, str], token: str) -> Mapping[str, str]:  # noqa: ARG002 - as others
        """Return nothing to prove."""
        return {}

    def track(self, asks: Sequence[Ask], *, now: datetime) -> Calls:
        """Tell in one call what happened by now."""
        yield Call("POST", f"/{asks[0].origin}")
        return tuple(Told(ask.number, "told", tuple(self._events(ask, now))) for ask in asks)

    def send(self, call: Call) -> Reply:
        """Note a call of an account, whose number is the path."""
        now, last = self.clock.now.timestamp(), self.last[call.path]
        last.append(now)
        while last[0] <= now - self.pace.per_s:
            last.popleft()
        self.calls += 1
        self.passed += len(last) > self.pace.requests
        return Reply(200)

    def _events(self, ask: Ask, now: datetime) -> list[RawEvent]:
        begun = datetime.combine(cast("Any", ask.posted_on), datetime.min.time(), UTC)
        times = [(code, begun + timedelta(days=days, hours=9)) for code, days in _JOURNEY]
        return [RawEvent(self.name, now, code=code, utc=at.isoformat()) for code, at in times if at <= now]


def measure(report: Report, *, parcels: int = 100_000, hours: int = 12) -> None:
    """Follow so many parcels for so long, and judge limits, lateness and memory."""
    clock = Clock()
    known = cast("dict[str, Any]", trackers())
    made = {name: Paced(name, pace, clock) for name, _, pace, _ in SHARES}
    known.update(made)
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(Path(folder))
            services = open_services(settings, now=clock)
            db.upgrade(services.database)
            _fill(services, parcels)
            _run(report, services, clock, made, parcels, hours)
            services.database.dispose()
    finally:
        for name in made:
            del known[name]


def _fill(services: Services, parcels: int) -> None:
    """Open parcels that were posted in the last five days; an account's parcels have its number for their origin."""
    place = 0
    for name, share, _, most in SHARES:
        left = max(1, parcels * share // 100)
        while left:
            count, seller_id = min(left, most), f"s{place}"
            with services.database.writing.begin() as session:
                session.add(Seller(id=seller_id, name=seller_id, created_at=NOW, country="GT", currency="GTQ"))
                session.flush()
                rows = [_parcel(seller_id, place, name, number) for number in range(count)]
                session.execute(insert(StoredShipment), rows)
            tracking_accounts.connect(services, Actor(seller_id, "owner"), name, {})
            left, place = left - count, place + 1


def _parcel(seller_id: str, place: int, carrier: str, number: int) -> dict[str, Any]:
    return {
        "id": f"sh{place:04d}{number:06d}",
        "seller_id": seller_id,
        "created_at": NOW,
        "updated_at": NOW,
        "number": f"{place:04d}{number:06d}",
        "carrier": carrier,
        "service": "ems",
        "origin": f"{place:02d}",
        "destination": "US",
        "postcode": "",
        "locale": "es",
        "posted_on": (NOW - timedelta(days=number % 5)).date(),
        "customs": "none",
        "flags": [],
        "is_open": True,
        "link": 1,
    }


def _run(report: Report, services: Services, clock: Clock, made: Mapping[str, Paced], parcels: int, hours: int) -> None:
    before, begun, asked = _peak(), time.perf_counter(), 0
    until = NOW + timedelta(hours=hours)
    poller = Poller(services, clock.sleep)
    while clock.now < until:
        asked += poller.poll(for_s=(until - clock.now).total_seconds()).asked
        with services.database.reading() as session:
            due = session.scalar(select(func.min(ShipmentFeed.due_at)))
        if due is None or due > until:
            break
        clock.now = max(clock.now + timedelta(seconds=1), due)
    took = time.perf_counter() - begun
    grown = _peak() - before
    with services.database.reading() as session:
        never = session.scalar(select(func.count()).where(ShipmentFeed.asked_at.is_(None)))
        late = session.scalar(
            select(func.count()).where(
                ShipmentFeed.due_at < clock.now - timedelta(hours=6), ShipmentFeed.due_at < until
            )
        )
    note = f"{parcels:,} parcels, {hours} h, {sum(one.calls for one in made.values()):,} calls"
    report.add("polling: parcels asked about", asked / took, "a second", note)
    report.goal("polling: calls beyond a provider's limit", sum(one.passed for one in made.values()), 0, at_most=True)
    report.goal("polling: parcels that were never asked about", never or 0, 0, at_most=True)
    report.goal("polling: parcels due for six hours", late or 0, 0, at_most=True)
    report.goal("polling: memory it grew by", grown, 150, at_most=True, unit="MB")


def _peak() -> float:
    """Return the most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
