"""Parcels in the post: opened when an order is sent, told of by providers, read by whoever may.

What is another seller's is not there. What was said of a parcel is kept as it came and folded anew whenever something
is added (:func:`receive`), under the lock of its row: any number of processes may bring the same in any order. Locks
are taken in one order everywhere: orders of the parcel, then the parcel.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from landed_cost.countries import is_country
from shopkit.models import ShipmentEvent, ShipmentOrder, StoredOrder, StoredShipment
from shopkit.services import orders, shipment_changes
from shopkit.services.listings import ListingNotFoundError
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id
from shopkit.services.trackers import meaning
from shopkit.tracking import numbers
from shopkit.tracking.events import RawEvent
from shopkit.tracking.statuses import ENDS, Leg
from shopkit.tracking.timeline import Window, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.orders import Event as LedgerEvent
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.tracking.events import Event
    from shopkit.tracking.timeline import Timeline

MAX_NUMBER: Final = 40
MAX_WORD: Final = 40
MAX_SERVICE: Final = 64
MAX_POSTCODE: Final = 20
# More than any parcel has; what a provider says beyond it is not kept.
# Somewhere it is tomorrow already.
_AHEAD: Final = timedelta(days=1)
MOST_EVENTS: Final = 10_000
_CARRIERS: Final = {"s10": "post", "ups": "ups", "usps_impb": "usps", "dhl": "dhl", "fedex": "fedex"}
_LEGS: Final = {leg.value: leg for leg in Leg}


class ShipmentNotFoundError(ListingNotFoundError):
    """There is no such parcel, or it is another seller's: nobody is told which."""


@dataclass(frozen=True, slots=True)
class Shipment:
    """A parcel and how it stands; see ``StoredShipment`` for what each says. ``order_ids`` are the orders in it."""

    id: str
    seller_id: str
    number: str
    carrier: str
    service: str
    origin: str
    destination: str
    postcode: str
    locale: str
    posted_on: date
    promised: tuple[date, date] | None
    expected_on: date | None
    status: str | None
    leg: str | None
    customs: str
    since: datetime | None
    last_event_at: datetime | None
    delivered_on: date | None
    flags: tuple[str, ...]
    is_open: bool
    link: int
    order_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """What came of what a provider told: how many events were new, and whether the headline is another."""

    new: int
    has_moved: bool
    timeline: Timeline


def open_of(session: Session, order: StoredOrder, event: LedgerEvent, posted_on: date, now: datetime) -> None:
    """Open the parcel of an order that is sent, in the caller's transaction; without a number there is none to follow.

    A number that is a parcel's of that day already takes the order in: several orders go in one parcel.
    """
    if session.scalars(select(ShipmentOrder).where(ShipmentOrder.order_id == order.id)).first() is not None:
        return
    tracking = str(event.data.get("tracking") or "")
    found = numbers.recognise(tracking)
    if not found.number or len(found.number) > MAX_NUMBER:
        return
    request, quote = json.loads(order.request), json.loads(order.quote)
    row = _new(
        now,
        order.seller_id,
        number=found.number,
        carrier=_CARRIERS.get(found.format or "") or _carrier(str(event.data.get("carrier") or "")),
        service=str((request.get("freight_service") or {}).get("service") or request.get("channel") or "")[
            :MAX_SERVICE
        ],
        origin=str((request.get("dispatch") or {}).get("country") or "")[:2].upper(),
        destination=order.market,
        postcode=str(order.address.get("postal_code") or "")[:MAX_POSTCODE],
        locale=order.locale,
        posted_on=posted_on,
        promised_from=_day(quote, "earliest"),
        promised_until=_day(quote, "latest"),
    )
    of = (StoredShipment.seller_id == row.seller_id, StoredShipment.number == row.number)
    same = session.scalars(select(StoredShipment).where(*of, StoredShipment.posted_on == row.posted_on)).one_or_none()
    if same is None:
        session.add(row)
        session.flush()
        same = row
    session.add(ShipmentOrder(shipment_id=same.id, order_id=order.id, seller_id=order.seller_id))
    session.flush()


def create(  # noqa: PLR0913 # all of it makes a parcel
    services: Services,
    actor: Actor,
    number: str,
    *,
    posted_on: date,
    destination: str,
    carrier: str = "",
    service: str = "",
    origin: str = "",
    postcode: str = "",
    locale: str = "es",
    order_ids: Sequence[str] = (),
) -> Shipment:
    """Open a parcel by hand: of orders that go together, or of none. ``RequestError``, ``OrderNotFoundError``.

    Without an ``origin`` it is the country whose post gave the number, where that says so.
    """
    actor.must("editor")
    found = numbers.recognise(number)
    now = services.now()
    problems = []
    if not found.number or found.is_valid is False or len(found.number) > MAX_NUMBER:
        problems.append(RequestProblem("/number", "shipment.number"))
    if posted_on > now.date() + _AHEAD:
        problems.append(RequestProblem("/posted_on", "shipment.posted"))
    for name, code in (("destination", destination), ("origin", origin)):
        if code and not is_country(code.upper()):
            problems.append(RequestProblem(f"/{name}", "country.unknown", {"value": code}))
    if problems:
        raise RequestError(problems)
    if not origin and found.item is not None:
        origin = found.item.issuer
    row = _new(
        now,
        actor.seller_id,
        number=found.number,
        carrier=_carrier(carrier) or _CARRIERS.get(found.format or "", ""),
        service=service.strip()[:MAX_SERVICE],
        origin=origin.upper(),
        destination=destination.upper(),
        postcode=postcode.strip()[:MAX_POSTCODE],
        locale=locale,
        posted_on=posted_on,
    )
    try:
        with services.database.writing.begin() as session:
            of = [orders.own(session, actor, order_id) for order_id in dict.fromkeys(order_ids)]
            session.add(row)
            session.flush()
            session.add_all(ShipmentOrder(shipment_id=row.id, order_id=one.id, seller_id=actor.seller_id) for one in of)
            session.flush()
            return _shipment(session, row)
    except IntegrityError as error:
        raise RequestError([RequestProblem("/number", "shipment.taken")]) from error


def _carrier(said: str) -> str:
    """Return a carrier by our id where it is one of ours, else as it was written."""
    word = " ".join(said.split())[:MAX_WORD]
    return word.lower() if word.lower() in _CARRIERS.values() else word


def _new(now: datetime, seller_id: str, **said: Any) -> StoredShipment:  # noqa: ANN401 - columns of its row
    """Return a parcel of which nothing was told yet."""
    return StoredShipment(
        id=new_id("sh", now),
        seller_id=seller_id,
        created_at=now,
        updated_at=now,
        customs="none",
        flags=[],
        is_open=True,
        link=1,
        **said,
    )


def own(session: Session, actor: Actor, shipment_id: str, *, lock: bool = False) -> StoredShipment:
    """Return the row of a parcel of the seller's own; another's is not there."""
    query = select(StoredShipment).where(StoredShipment.id == shipment_id, StoredShipment.seller_id == actor.seller_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise ShipmentNotFoundError(shipment_id)
    return found


def load(services: Services, actor: Actor, shipment_id: str) -> Shipment:
    """Return a parcel of the seller's; ``ShipmentNotFoundError``."""
    with services.database.reading() as session:
        return _shipment(session, own(session, actor, shipment_id))


def see(services: Services, shipment_id: str) -> Shipment:
    """Return a parcel to who was told its id by the shop itself; ``ShipmentNotFoundError``."""
    with services.database.reading() as session:
        row = session.get(StoredShipment, shipment_id)
        if row is None:
            raise ShipmentNotFoundError(shipment_id)
        return _shipment(session, row)


def of_order(services: Services, actor: Actor, order_id: str) -> list[Shipment]:
    """Return the parcels in which an order of the seller's goes, the oldest first; ``OrderNotFoundError``."""
    with services.database.reading() as session:
        orders.own(session, actor, order_id)
        query = (
            select(StoredShipment)
            .join(ShipmentOrder, ShipmentOrder.shipment_id == StoredShipment.id)
            .where(ShipmentOrder.order_id == order_id)
            .order_by(StoredShipment.created_at, StoredShipment.id)
        )
        return [_shipment(session, row) for row in session.scalars(query)]


def ids_of_order(services: Services, order_id: str) -> list[str]:
    """Return the ids of an order's parcels, the oldest first; for who was told the order by the shop itself."""
    with services.database.reading() as session:
        query = select(StoredShipment.id).join(ShipmentOrder, ShipmentOrder.shipment_id == StoredShipment.id)
        return list(
            session.scalars(
                query.where(ShipmentOrder.order_id == order_id).order_by(StoredShipment.created_at, StoredShipment.id)
            )
        )


def receive(
    services: Services, shipment_id: str, told: Iterable[RawEvent], *, expected_on: date | None = None
) -> Received:
    """Keep what a provider told of a parcel and fold its timeline; what follows of it is written with it.

    Told twice is kept once. For who was told the id by the shop itself; ``ShipmentNotFoundError``.
    """
    with services.database.writing.begin() as session:
        ids = session.scalars(
            select(ShipmentOrder.order_id).where(ShipmentOrder.shipment_id == shipment_id).order_by("order_id")
        ).all()
        held = [orders.locked(session, order_id) for order_id in ids]
        row = session.scalars(
            select(StoredShipment).where(StoredShipment.id == shipment_id).with_for_update()
        ).one_or_none()
        if row is None:
            raise ShipmentNotFoundError(shipment_id)
        events, new = _keep(session, row, told)
        after = _folded(row, events, services.now())
        is_first = row.last_event_at is None
        moved = _write(row, after, expected_on, services.now())
        if moved:
            shipment_changes.follow(session, services, row, held, after, is_first=is_first)
        return Received(new, moved, after)


def timeline(services: Services, shipment_id: str) -> Timeline:
    """Return the timeline of a parcel as of now; for who was told its id by the shop itself."""
    with services.database.reading() as session:
        row = session.get(StoredShipment, shipment_id)
        if row is None:
            raise ShipmentNotFoundError(shipment_id)
        return _folded(row, [_raw(one) for one in _kept(session, shipment_id)], services.now())


def _keep(session: Session, row: StoredShipment, told: Iterable[RawEvent]) -> tuple[list[RawEvent], int]:
    """Add what was not said before, and return all that was said with how many are new."""
    kept = _kept(session, row.id)
    known = {one.digest for one in kept}
    all_, new = [_raw(one) for one in kept], 0
    for raw in told:
        said = _said(raw)
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        if digest in known or len(known) >= MOST_EVENTS:
            continue
        known.add(digest)
        new += 1
        all_.append(raw)
        session.add(
            ShipmentEvent(
                shipment_id=row.id, seller_id=row.seller_id, digest=digest, received_at=raw.received_at, raw=said
            )
        )
    return all_, new


def _kept(session: Session, shipment_id: str) -> Sequence[ShipmentEvent]:
    query = select(ShipmentEvent).where(ShipmentEvent.shipment_id == shipment_id).order_by(ShipmentEvent.id)
    return session.scalars(query).all()


def _folded(row: StoredShipment, told: Iterable[RawEvent], now: datetime) -> Timeline:
    return fold([meaning(raw) for raw in told], now=now, window=Window(row.posted_on))


def _write(row: StoredShipment, after: Timeline, expected_on: date | None, now: datetime) -> bool:
    """Write beside a parcel what its events come to; return whether what a buyer reads is another."""
    before = row.status, row.leg, row.customs
    row.status = None if after.headline is None else after.headline.value
    row.leg = None if after.leg is None else after.leg.value
    row.customs = after.customs.state
    row.since = None if after.since is None else _moment(after.since, now)
    times = [_moment(one.event, now) for one in after.entries if one.part not in {"future", "undated"}]
    row.last_event_at = max(times, default=None)
    row.delivered_on = None if after.delivered is None else day_of(after.delivered)
    row.flags = list(after.flags)
    row.is_open = after.headline not in ENDS
    row.expected_on = expected_on or row.expected_on
    row.updated_at = now
    return before != (row.status, row.leg, row.customs)


def day_of(event: Event) -> date | None:
    """Return the day of an event where it happened; that of UTC where no clock of the place was told."""
    return event.day


def _moment(event: Event, now: datetime) -> datetime:
    """Return when an event was; a wall clock of no known zone is taken as UTC, and never later than now."""
    if event.utc is not None:
        return event.utc
    if event.local is None:
        return event.raw.received_at
    return min(event.local.replace(tzinfo=now.tzinfo), now)


def _said(raw: RawEvent) -> dict[str, Any]:
    """Return what was said as it is kept: all but when it was received."""
    said = {name: value for name, value in asdict(raw).items() if value is not None and name != "received_at"}
    return said | ({"leg": raw.leg.value} if raw.leg is not None else {})


def _raw(row: ShipmentEvent) -> RawEvent:
    known: Mapping[str, Any] = {one.name: row.raw[one.name] for one in fields(RawEvent) if one.name in row.raw}
    leg = _LEGS.get(str(known.get("leg")))
    return RawEvent(**{**known, "leg": leg, "received_at": row.received_at})


def _day(quote: Mapping[str, Any], name: str) -> date | None:
    said = (quote.get("delivery") or {}).get(name)
    return date.fromisoformat(said) if isinstance(said, str) else None


def orders_in(session: Session, shipment_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the ids of the orders in each of some parcels."""
    query = select(ShipmentOrder.shipment_id, ShipmentOrder.order_id)
    found: dict[str, list[str]] = {one: [] for one in shipment_ids}
    for shipment_id, order_id in session.execute(query.where(ShipmentOrder.shipment_id.in_(shipment_ids))):
        found[shipment_id].append(order_id)
    return {one: tuple(sorted(ids)) for one, ids in found.items()}


def _shipment(session: Session, row: StoredShipment) -> Shipment:
    return told(row, orders_in(session, [row.id])[row.id])


def told(row: StoredShipment, order_ids: tuple[str, ...]) -> Shipment:
    """Return a parcel of its row and the orders in it."""
    promised = None
    if row.promised_from is not None and row.promised_until is not None:
        promised = row.promised_from, row.promised_until
    return Shipment(
        id=row.id,
        seller_id=row.seller_id,
        number=row.number,
        carrier=row.carrier,
        service=row.service,
        origin=row.origin,
        destination=row.destination,
        postcode=row.postcode,
        locale=row.locale,
        posted_on=row.posted_on,
        promised=promised,
        expected_on=row.expected_on,
        status=row.status,
        leg=row.leg,
        customs=row.customs,
        since=row.since,
        last_event_at=row.last_event_at,
        delivered_on=row.delivered_on,
        flags=tuple(row.flags),
        is_open=row.is_open,
        link=row.link,
        order_ids=order_ids,
    )
