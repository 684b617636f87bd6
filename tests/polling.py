"""Polling for tests: a clock that sleeping moves on, shops with parcels, and providers whose answers a test says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shopkit.services import shipments, tracking_accounts
from shopkit.services.context import open_services
from shopkit.services.polling import Poller
from shopkit.services.tracking_calls import PacedTransport, way
from tests.ordering import sell
from tests.parcels import fresh_number
from tests.pushing import KEY
from tests.shop import NOW, settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.shipments import Shipment
    from shopkit.services.tracking_accounts import Opened
    from shopkit.services.tracking_calls import Gate
    from shopkit.tracking.port import Call, Reply


@dataclass(slots=True)
class Clock:
    """A clock that stands until somebody sleeps."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time go by."""
        self.now += timedelta(seconds=seconds)


@dataclass(slots=True)
class Calls:
    """Ways to providers that note each call and when it was made, and answer what a test says instead of theirs."""

    clock: Clock
    instead: list[Any] = field(default_factory=list)
    made: list[tuple[datetime, str, str]] = field(default_factory=list)

    def count(self, path: str) -> int:
        """Return how many calls went to a path."""
        return sum(path == one for _, _, one in self.made)

    def make(self, services: Services, account: Opened, gate: Gate) -> PacedTransport:
        """Return the way of an account, noted."""
        calls = self
        found = way(services, account, gate)

        class Noted(PacedTransport):
            def carry(self, call: Call, headers: Mapping[str, str]) -> Reply:
                self.gate.enter()
                calls.made.append((calls.clock.now, account.id, call.path))
                if calls.instead and (said := calls.instead.pop(0)) is not None:
                    if isinstance(said, Exception):
                        raise said
                    reply: Reply = said
                    return reply
                object.__setattr__(self, "gate", _Open())
                try:
                    return PacedTransport.carry(self, call, headers)
                finally:
                    object.__setattr__(self, "gate", gate)

        return Noted(found.tracker, found.details, found.base_url, now=found.now, gate=found.gate, ring=found.ring)


class _Open:
    """A gate that stands open: the call was let in before."""

    def enter(self) -> None:
        """Let in."""


def shop(folder: Path, database_url: str, clock: Clock, **more: Any) -> Services:
    """Return the services of a shop whose clock moves by sleeping."""
    return open_services(settings(folder, database_url=database_url, secret_keys=(KEY,), **more), now=clock)


def parcel(services: Services, actor: Actor, story: str, **more: Any) -> Shipment:
    """Return a parcel posted today whose number chooses a story of the sandbox."""
    number = story_number(story)
    given: dict[str, Any] = {"posted_on": services.now().date(), "origin": "GT", "destination": "US"} | more
    return shipments.create(services, actor, number, **given)


def story_number(story: str) -> str:
    """Return a number that no other test has, with the digits of a story."""
    from shopkit.tracking import s10  # noqa: PLC0415

    serial = f"{story}{fresh_number()[4:10]}"
    return f"RB{serial}{s10.check_digit(serial)}GT"


def seller(services: Services, provider: str = "sandbox", details: dict[str, str] | None = None) -> Actor:
    """Return a seller with an account at a provider."""
    actor, _ = sell(services)
    tracking_accounts.connect(services, actor, provider, details or {})
    return actor


def poller(services: Services, clock: Clock, calls: Calls | None = None) -> Poller:
    """Return who asks, whose sleep moves the clock."""
    return Poller(services, clock.sleep, (calls or Calls(clock)).make)
