"""Messages of providers of tracking: proved, kept, answered; then told to the parcels of that account's seller alone.

What a message told is kept before it is answered and goes when it is worked through. Sent again it tells what is known,
and is kept once. A right signature for another seller's parcel finds none of ours: nothing is changed, and the answer
is the same.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import defaultdict
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import select

from shopkit.models import StoredShipment, TrackingMessage
from shopkit.sealing import SealError
from shopkit.services import feeds, shipments, tracking_accounts
from shopkit.services.trackers import meaning
from shopkit.tracking.events import RawEvent
from shopkit.tracking.port import Messenger, SignatureError, TrackingError
from shopkit.tracking.statuses import Leg
from shopkit.tracking.timeline import Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shopkit.services.context import Services
    from shopkit.services.tracking_accounts import Opened
    from shopkit.tracking.port import Told

_LOG: Final = logging.getLogger(__name__)
LARGEST: Final = 4_000_000
_LEASE: Final = timedelta(minutes=2)
_AT_ONCE: Final = 500
_AT_WORK: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a message is answered; ``detail`` tells who wrote it what cannot be read, once it is proved."""

    kind: Literal["kept", "repeated", "unknown_account", "unproved", "too_large", "unreadable", "later"]
    detail: str = ""


def receive(services: Services, account_id: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Prove and keep a message, by its bytes as they came; what is done about it comes later (:func:`work`)."""
    if len(body) > LARGEST:
        return Answer("too_large")
    try:
        account = tracking_accounts.opened(services, account_id)
    except SealError:
        # Its secret cannot be read until the shop has its key again.
        return Answer("later")
    if account is None or not isinstance(account.tracker, Messenger):
        return Answer("unknown_account")
    now = services.now()
    lower = {name.lower(): value for name, value in headers.items()}
    secrets = [account.details.get(account.tracker.proves, "")]
    try:
        told = account.tracker.read(body, lower, secrets, now=now)
    except SignatureError as error:
        _LOG.warning("a message for %s is not proved: %s", account_id, error)
        return Answer("unproved")
    except TrackingError as error:
        return Answer("unreadable", error.detail)
    return Answer(_keep(services, account, body, told, now))


def _keep(
    services: Services, account: Opened, body: bytes, told: Sequence[Told], now: datetime
) -> Literal["kept", "repeated"]:
    if not told:
        return "kept"
    row = {
        "account_id": account.id,
        "seller_id": account.seller_id,
        "digest": hashlib.sha256(body).hexdigest(),
        "received_at": now,
        "due_at": now,
        "told": [_said(one) for one in told],
    }
    insert = services.database.insert(TrackingMessage).values(row)
    with services.database.writing.begin() as session:
        kept = insert.on_conflict_do_nothing(index_elements=["account_id", "digest"]).returning(TrackingMessage.id)
        is_new = session.scalars(kept).first() is not None
    return "kept" if is_new else "repeated"


def work(services: Services, limit: int = 1_000) -> int:
    """Work through messages, and return how many; any number of processes may do it at once."""
    count = 0
    while count < limit:
        taken = _take(services)
        if taken is None:
            break
        for told in taken.told:
            _tell(services, taken, told)
        with services.database.writing.begin() as session:
            row = session.get(TrackingMessage, taken.id)
            if row is not None:
                session.delete(row)
        count += 1
    return count


def nudge(services: Services) -> None:
    """Work through messages in a thread of this process, if none is at it."""
    if _AT_WORK.acquire(blocking=False):
        threading.Thread(target=_in_thread, args=(services,), name="tracking messages", daemon=True).start()


def _in_thread(services: Services) -> None:
    try:
        work(services)
    # There is nobody to raise it to: the message stays, and is due again after its lease.
    except Exception:  # noqa: BLE001
        _LOG.exception("messages of tracking wait")
    finally:
        _AT_WORK.release()


def _take(services: Services) -> TrackingMessage | None:
    """Take the message that waits longest; who is killed with it leaves it due again after the lease."""
    now = services.now()
    with services.database.writing.begin() as session:
        query = select(TrackingMessage).where(TrackingMessage.due_at <= now)
        query = query.order_by(TrackingMessage.due_at, TrackingMessage.id).limit(1)
        row = session.scalars(query.with_for_update(skip_locked=True)).one_or_none()
        if row is not None:
            row.due_at = now + _LEASE
        return row


def _tell(services: Services, message: TrackingMessage, told: Mapping[str, Any]) -> None:
    """Tell the parcel that a number is of what a message says of it; nobody where it is no parcel of that seller."""
    events = [_event(one, message.received_at) for one in told["events"]]
    with services.database.reading() as session:
        query = select(StoredShipment).where(
            StoredShipment.seller_id == message.seller_id, StoredShipment.number == told["number"].upper()
        )
        rows = session.scalars(query.order_by(StoredShipment.posted_on.desc(), StoredShipment.id)).all()
    shipment_id = _whose(events, rows)
    if shipment_id is None:
        return
    expected = told["expected_on"]
    received = shipments.receive(
        services, shipment_id, events, expected_on=None if expected is None else date.fromisoformat(expected)
    )
    feeds.heard(services, shipment_id, received.new)


def _whose(events: Iterable[RawEvent], rows: Sequence[StoredShipment]) -> str | None:
    """Return the id of the parcel, the last posted first, in whose days most of the events lie."""
    if not rows:
        return None
    means = [meaning(one) for one in events]
    fits: dict[str, int] = defaultdict(int)
    for row in rows:
        fits[row.id] = sum(Window(row.posted_on).holds(one) for one in means)
    return max(rows, key=lambda row: fits[row.id]).id


def _said(told: Told) -> dict[str, Any]:
    return {
        "number": told.number,
        "expected_on": None if told.expected_on is None else told.expected_on.isoformat(),
        "events": [
            {name: value for name, value in asdict(one).items() if value is not None and name != "received_at"}
            for one in told.events
        ],
    }


def _event(said: Mapping[str, Any], received_at: datetime) -> RawEvent:
    known = {one.name: said[one.name] for one in fields(RawEvent) if one.name in said}
    leg = known.get("leg")
    return RawEvent(**{**known, "leg": None if leg is None else Leg(leg), "received_at": received_at})
