"""Which parcel is asked about at which account, and when: taken under a lease, put back with what came of it.

A row that is taken is due again after its lease: a process that is killed loses nothing, it only asks once more. Who
comes back after the lease finds another moment in the row and leaves it to who took it over.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import exists, select

from shopkit.models import ShipmentFeed, StoredShipment, TrackingAccount
from shopkit.services import shipments
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.trackers import trackers
from shopkit.services.tracking_accounts import chosen, kinds
from shopkit.tracking import cadence
from shopkit.tracking.port import Ask
from shopkit.tracking.statuses import ENDS, Leg, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.tracking.port import Told

LEASE: Final = timedelta(minutes=15)
NOBODY: Final = "nobody"
_AT_ONCE: Final = 500
# A parcel whose asks failed so often is asked about alone: it may be what spoils the others' answer.
_ALONE: Final = 2
_REF: Final = 255


@dataclass(frozen=True, slots=True)
class Taken:
    """A parcel that this process asks about until ``lease``; ``told`` is the digest of what was told last."""

    shipment_id: str
    ask: Ask
    lease: datetime
    told: str


@dataclass(frozen=True, slots=True)
class Feed:
    """Who is asked about a parcel and when next, as it is shown; ``label`` as in ``cadence``, or ``nobody``."""

    provider: str | None
    label: str
    due_at: datetime | None
    asked_at: datetime | None


def follow_new(services: Services) -> int:
    """Give open parcels that nobody was asked about yet to their seller's accounts; return how many."""
    count = 0
    while True:
        now = services.now()
        with services.database.writing.begin() as session:
            none = ~exists().where(ShipmentFeed.shipment_id == StoredShipment.id)
            query = select(StoredShipment).where(StoredShipment.is_open, none).order_by(StoredShipment.id)
            rows = session.scalars(query.limit(_AT_ONCE)).all()
            if not rows:
                return count
            accounts = _accounts(session, {one.seller_id for one in rows})
            values = [
                _new(one, chosen(accounts.get(one.seller_id, ()), one.number, one.carrier, ()), now) for one in rows
            ]
            insert = services.database.insert(ShipmentFeed)
            session.execute(insert.on_conflict_do_nothing(index_elements=[ShipmentFeed.shipment_id]), values)
        count += len(rows)


def take(services: Services, account_id: str, numbers: int) -> list[Taken]:
    """Take at most so many parcels that are due at an account, the longest due first, each number once."""
    now = services.now()
    lease = now + LEASE
    with services.database.writing.begin() as session:
        query = (
            select(ShipmentFeed, StoredShipment)
            .join(StoredShipment, StoredShipment.id == ShipmentFeed.shipment_id)
            .where(ShipmentFeed.account_id == account_id, ShipmentFeed.due_at <= now)
            .order_by(ShipmentFeed.due_at, ShipmentFeed.shipment_id)
            .limit(numbers)
            .with_for_update(skip_locked=True, of=ShipmentFeed)
        )
        rows = [(feed, shipment) for feed, shipment in session.execute(query)]
        is_alone = bool(rows) and rows[0][0].failures >= _ALONE
        rows = rows[:1] if is_alone else [one for one in rows if one[0].failures < _ALONE]
        found: dict[str, Taken] = {}
        for feed, shipment in rows:
            if shipment.number in found:
                continue
            feed.due_at, feed.asked_at = lease, now
            ask = Ask(
                shipment.number,
                shipment.posted_on,
                shipment.origin,
                shipment.destination,
                shipment.postcode,
                feed.ref,
            )
            found[shipment.number] = Taken(shipment.id, ask, lease, feed.told)
        return list(found.values())


def put_back(services: Services, taken: Sequence[Taken], at: datetime | None = None, *, failed: bool = False) -> None:
    """Let parcels be asked about again: at a moment, or, where the ask failed, each after its own back-off."""
    now = services.now()
    with services.database.writing.begin() as session:
        for feed, _ in _held(session, taken):
            if failed:
                feed.failures += 1
            feed.due_at = max(at or now, cadence.failed(feed.failures, now)) if failed else at or now


def finish(services: Services, taken: Sequence[Taken], told: Mapping[str, Told], new: Mapping[str, int]) -> None:
    """Note what was told of parcels, by their ids, and when they are asked about next; ``new`` counts new events."""
    now = services.now()
    with services.database.writing.begin() as session:
        for feed, shipment in _held(session, taken):
            one = told.get(shipment.id)
            if one is None or one.outcome == "unclear":
                feed.failures += 1
                feed.due_at = cadence.failed(feed.failures, now)
                continue
            feed.failures = 0
            if one.outcome == "rejected":
                _refuse(feed, shipment, _accounts(session, {feed.seller_id}).get(feed.seller_id, ()), now)
                continue
            if one.outcome == "told":
                feed.told, feed.ref = digest(one), one.ref[:_REF] or feed.ref
                feed.not_found_since = None
            else:
                feed.not_found_since = feed.not_found_since or now
            feed.quiet = 0 if new.get(shipment.id) else feed.quiet + 1
            schedule(session, feed, shipment, now)


def schedule(session: Session, feed: ShipmentFeed, shipment: StoredShipment, now: datetime) -> None:
    """Write when a parcel is asked about next, by what is known of it."""
    status = None if shipment.status is None else Status(shipment.status)
    feed.ended_at = (feed.ended_at or now) if status in ENDS else None
    account = None if feed.account_id is None else session.get(TrackingAccount, feed.account_id)
    tracker = None if account is None else trackers().get(account.provider)
    look = cadence.Look(
        shipment.number,
        status,
        None if shipment.leg is None else Leg(shipment.leg),
        shipment.posted_on,
        None if shipment.last_event_at is None else shipment.last_event_at.date(),
        shipment.destination,
        feed.since,
        feed.ended_at,
        feed.not_found_since,
        feed.quiet,
        tracker is not None and tracker.pushes,
    )
    found = cadence.next_look(look, now)
    feed.due_at, feed.label = (found.at if account is not None else None), found.label


def heard(services: Services, shipment_id: str, new: int) -> None:
    """Note that a message told of a parcel: what is new resets its back-off, and one that was given up goes on."""
    if not new:
        return
    now = services.now()
    with services.database.writing.begin() as session:
        feed = session.get(ShipmentFeed, shipment_id, with_for_update=True)
        if feed is None or feed.account_id is None:
            return
        feed.quiet, feed.not_found_since = 0, None
        schedule(session, feed, session.get_one(StoredShipment, shipment_id), now)


def refresh(services: Services, shipment_id: str) -> bool:
    """Let a parcel that somebody looks at be asked about now, at most every quarter of an hour; return whether."""
    now = services.now()
    # Most views change nothing, and who only reads waits for nobody.
    with services.database.reading() as session:
        if not _may_refresh(session.get(ShipmentFeed, shipment_id), now):
            return False
    with services.database.writing.begin() as session:
        feed = session.get(ShipmentFeed, shipment_id, with_for_update=True)
        if feed is None or not _may_refresh(feed, now):
            return False
        feed.due_at = now
        return True


def _may_refresh(feed: ShipmentFeed | None, now: datetime) -> bool:
    if feed is None or feed.due_at is None or feed.due_at <= now:
        return False
    return cadence.may_refresh(feed.asked_at, now)


def resume(services: Services, actor: Actor, shipment_id: str) -> Feed:
    """Ask about a parcel again, though that was over; ``ShipmentNotFoundError``, ``RequestError`` where nobody can."""
    return _changed(services, actor, shipment_id, None)


def choose(services: Services, actor: Actor, shipment_id: str, provider: str) -> Feed:
    """Let one parcel be asked about at an account that the seller says; ``RequestError`` where that cannot be."""
    known = [one.name for one in kinds()]
    if provider not in known:
        raise RequestError([RequestProblem("/provider", "choice", {"expected": ", ".join(known)})])
    return _changed(services, actor, shipment_id, provider)


def of_shipment(services: Services, actor: Actor, shipment_id: str) -> Feed:
    """Return who is asked about a parcel of the seller's; ``ShipmentNotFoundError``."""
    with services.database.reading() as session:
        shipments.own(session, actor, shipment_id)
        return _shown(session, session.get(ShipmentFeed, shipment_id))


def labels(session: Session, shipment_ids: Sequence[str]) -> dict[str, str]:
    """Return the label of each of some parcels; of one that nobody was asked about yet, ``nobody``."""
    query = select(ShipmentFeed.shipment_id, ShipmentFeed.label).where(ShipmentFeed.shipment_id.in_(shipment_ids))
    found = {row.shipment_id: row.label for row in session.execute(query)}
    return {one: found.get(one, NOBODY) for one in shipment_ids}


def digest(told: Told) -> str:
    """Return a name for what was told of a number, whenever it was received."""
    events = sorted(
        json.dumps({**asdict(one), "received_at": None}, sort_keys=True, default=str) for one in told.events
    )
    return hashlib.sha256(json.dumps([events, str(told.expected_on)]).encode()).hexdigest()


def _changed(services: Services, actor: Actor, shipment_id: str, provider: str | None) -> Feed:
    actor.must("editor")
    now = services.now()
    with services.database.writing.begin() as session:
        shipment = shipments.own(session, actor, shipment_id)
        feed = session.get(ShipmentFeed, shipment_id, with_for_update=True)
        if feed is None:
            feed = ShipmentFeed(**_new(shipment, None, now))
            session.add(feed)
        accounts = _accounts(session, {actor.seller_id}).get(actor.seller_id, ())
        if provider is None:
            account = feed.account_id or chosen(accounts, shipment.number, shipment.carrier, ())
        else:
            of = [one for one in accounts if one.provider == provider]
            account = chosen(of, shipment.number, "", ()) or chosen(of, shipment.number, shipment.carrier, ())
            feed.by_hand = True
        if account is None:
            raise RequestError([RequestProblem("/provider", "tracking.nobody")])
        if account != feed.account_id:
            feed.ref, feed.told = "", ""
        feed.account_id, feed.due_at, feed.label = account, now, "on_the_way"
        feed.quiet, feed.failures, feed.not_found_since, feed.since = 0, 0, None, now
        session.flush()
        return _shown(session, feed)


def _refuse(feed: ShipmentFeed, shipment: StoredShipment, accounts: Sequence[TrackingAccount], now: datetime) -> None:
    """Give a parcel whose number its provider does not take to the next account, if there is one."""
    feed.refused = [*feed.refused, *([feed.account_id] if feed.account_id else [])]
    other = chosen(accounts, shipment.number, shipment.carrier, feed.refused)
    feed.ref, feed.told, feed.by_hand = "", "", False
    feed.account_id = other or feed.account_id
    feed.due_at, feed.label = (now, "on_the_way") if other else (None, "rejected")


def _held(session: Session, taken: Sequence[Taken]) -> list[tuple[ShipmentFeed, StoredShipment]]:
    """Return the rows that are still ours."""
    leases = {one.shipment_id: one.lease for one in taken}
    query = (
        select(ShipmentFeed, StoredShipment)
        .join(StoredShipment, StoredShipment.id == ShipmentFeed.shipment_id)
        .where(ShipmentFeed.shipment_id.in_(leases))
        .order_by(ShipmentFeed.shipment_id)
        .with_for_update(of=ShipmentFeed)
    )
    return [(feed, row) for feed, row in session.execute(query) if feed.due_at == leases[row.id]]


def _accounts(session: Session, sellers: set[str]) -> dict[str, list[TrackingAccount]]:
    query = select(TrackingAccount).where(TrackingAccount.seller_id.in_(sellers), TrackingAccount.trouble == "")
    found: dict[str, list[TrackingAccount]] = {}
    for one in session.scalars(query.order_by(TrackingAccount.rank, TrackingAccount.id)):
        found.setdefault(one.seller_id, []).append(one)
    return found


def _new(shipment: StoredShipment, account_id: str | None, now: datetime) -> dict[str, Any]:
    return {
        "shipment_id": shipment.id,
        "seller_id": shipment.seller_id,
        "account_id": account_id,
        "by_hand": False,
        "since": now,
        "due_at": None if account_id is None else now,
        "label": NOBODY if account_id is None else "on_the_way",
        "asked_at": None,
        "ended_at": None,
        "not_found_since": None,
        "quiet": 0,
        "failures": 0,
        "ref": "",
        "told": "",
        "refused": [],
    }


def _shown(session: Session, feed: ShipmentFeed | None) -> Feed:
    if feed is None or feed.account_id is None:
        return Feed(None, NOBODY if feed is None else feed.label, None, None)
    account = session.get_one(TrackingAccount, feed.account_id)
    return Feed(account.provider, feed.label, feed.due_at, feed.asked_at)
