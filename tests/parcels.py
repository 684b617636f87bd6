"""Parcels for tests: an order that was sent under a number, and what posts say of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from shopkit.services import order_acts, shipments
from shopkit.tracking import s10
from shopkit.tracking.events import RawEvent
from tests.ordering import order, paid, sell
from tests.shop import NOW

if TYPE_CHECKING:
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.shipments import Shipment

# Codes of EMSEVT from the counter to the door, each some days after the one before; MX to US, through customs.
JOURNEY: Final = ("EMA", "EMC", "EMD", "EDB", "EDC", "EMG", "EDG", "EMI")
_SERIALS: Final = iter(range(10_000, 99_999))


def fresh_number(service: str = "RR", issuer: str = "MX") -> str:
    """Return an S10 number that no other test has."""
    serial = f"{next(_SERIALS):08d}"
    return f"{service}{serial}{s10.check_digit(serial)}{issuer}"


def sent(services: Services, number: str | None = None, **more: Any) -> tuple[Actor, Shipment]:
    """Return a seller and the parcel in which an order of theirs was sent today."""
    actor, listing = sell(services)
    made = order(services, actor, listing, **more)
    paid(services, made.id)
    order_acts.pack_all(services, actor, made.id)
    order_acts.ship(services, actor, made.id, carrier="Correos de México", tracking=number or fresh_number())
    return actor, shipments.of_order(services, actor, made.id)[0]


def said(code: str | None, at: datetime = NOW, **more: Any) -> RawEvent:
    """Return what a post says by a code of EMSEVT, at a moment in UTC."""
    given: dict[str, Any] = {"provider": "upu", "received_at": NOW, "code": code, "utc": at.isoformat()}
    return RawEvent(**(given | more))


def journey(codes: tuple[str, ...] = JOURNEY, until: datetime = NOW) -> list[RawEvent]:
    """Return what a post says on the way, the last of it an hour ago and a quarter of an hour between each two."""
    step = timedelta(minutes=15)
    last = until - timedelta(hours=1)
    return [said(code, last - step * (len(codes) - 1 - place)) for place, code in enumerate(codes)]
