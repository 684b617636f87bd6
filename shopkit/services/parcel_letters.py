"""Letters on what becomes of a parcel: which its buyer wants, and the rows that are written with what they tell of.

One for each kind, parcel and buyer, ever: what is told twice, or again after something else, is no news. An event that
was older than three days when it was first heard is none either, but for what is known of a parcel from the start.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from shopkit.models import MailStop, ParcelLetter, ParcelWish, StoredOrder, StoredShipment
from shopkit.services import outbox
from shopkit.services.signing import is_marked, mark
from shopkit.tracking.statuses import ENDS, Leg, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.services.context import Services
    from shopkit.services.shipments import Shipment
    from shopkit.tracking.events import Event
    from shopkit.tracking.timeline import Timeline

OF_CUSTOMS: Final = "customs_"
# What a buyer chooses among, and the kinds of letters in each: statuses, and states of customs.
GROUPS: Final[Mapping[str, frozenset[str]]] = {
    "posted": frozenset({Status.PICKED_UP}),
    "customs": frozenset(OF_CUSTOMS + state for state in ("held", "payment_due", "released")),
    "at_hand": frozenset({Status.OUT_FOR_DELIVERY, Status.READY_FOR_PICKUP}),
    "delivered": frozenset({Status.DELIVERED}),
    "problems": frozenset(
        {
            Status.DELIVERY_FAILED,
            Status.RETURN_TO_SENDER,
            Status.RETURNED,
            Status.IMPORT_TERMINATED,
            Status.LOST,
            Status.DESTROYED,
            Status.CANCELLED,
        }
    ),
}
# The letter on the order says already that it was sent.
DEFAULT: Final = ("customs", "at_hand", "delivered", "problems")
_KINDS: Final = frozenset[str]().union(*GROUPS.values())
_NO_NEWS: Final = timedelta(hours=72)
_LONGEST: Final = 120


def write(
    session: Session,
    services: Services,
    row: StoredShipment,
    held: Sequence[StoredOrder],
    after: Timeline,
    *,
    is_first: bool,
) -> None:
    """Write down the letters that a parcel's change asks for; its row and its orders' are locked.

    ``is_first`` says that nothing was known of the parcel before.
    """
    now, wished = services.now(), _wished(session, row.id)
    written = {
        (one.order_id, one.kind)
        for one in session.scalars(select(ParcelLetter).where(ParcelLetter.shipment_id == row.id))
    }
    # Two orders of one buyer in a parcel are one letter.
    buyers = {order.buyer_email.strip().casefold(): order for order in reversed(held)}
    for kind, event in _kinds(after):
        if kind not in wished or not (is_first or now - _time(event, now) <= _NO_NEWS):
            continue
        if kind == f"{OF_CUSTOMS}released" and not any(known.startswith(OF_CUSTOMS) for _, known in written):
            # Released within hours, as nearly all are, is no news to who was never told that it stopped.
            continue
        for order in buyers.values():
            if (order.id, kind) not in written:
                session.add(_letter(row, order.id, kind, now))
                outbox.WRITTEN.set()


def _kinds(after: Timeline) -> Iterator[tuple[str, Event]]:
    """Yield what can be told now, with the event that told it; at the end of its way a parcel's customs are no news."""
    if after.headline in _KINDS and after.since is not None:
        yield str(after.headline), after.since
    kind = f"{OF_CUSTOMS}{after.customs.state}"
    if kind not in _KINDS or after.headline in ENDS or after.leg is Leg.RETURN:
        return
    told = (one.event for one in reversed(after.entries) if one.event.customs == after.customs.state)
    event = next(told, None)
    if event is not None:
        yield kind, event


def _time(event: Event, now: datetime) -> datetime:
    """Return when an event was; a wall clock of no known zone as if it were UTC, half a day off at most."""
    if event.utc is not None:
        return event.utc
    return now if event.local is None else event.local.replace(tzinfo=now.tzinfo)


def _letter(row: StoredShipment, order_id: str, kind: str, now: datetime) -> ParcelLetter:
    return ParcelLetter(
        shipment_id=row.id,
        order_id=order_id,
        seller_id=row.seller_id,
        kind=kind,
        state="waiting",
        tries=0,
        due_at=now,
        created_at=now,
        sent_at=None,
    )


# -- what a buyer wants -----------------------------------------------------------------------------------------------
def groups_of(services: Services, shipment_id: str) -> tuple[str, ...]:
    """Return the groups of letters that a buyer wants for a parcel."""
    with services.database.reading() as session:
        return _groups(session, shipment_id)


def choose(services: Services, shipment: Shipment, groups: Iterable[str]) -> None:
    """Keep which letters a buyer wants for a parcel; who wants any wants them at this address again."""
    wanted = [one for one in GROUPS if one in set(groups)]
    with services.database.writing.begin() as session:
        _choose(session, services, shipment.id, wanted)
        if wanted:
            for order in session.scalars(select(StoredOrder).where(StoredOrder.id.in_(shipment.order_ids))):
                stop = session.get(MailStop, _address(services, order.buyer_email))
                if stop is not None:
                    session.delete(stop)


def is_wanted(services: Services, shipment_id: str, kind: str, address: str) -> bool:
    """Return whether a letter may go to an address."""
    with services.database.reading() as session:
        is_stopped = session.get(MailStop, _address(services, address)) is not None
        return not is_stopped and kind in _wished(session, shipment_id)


def is_stopped(services: Services, address: str) -> bool:
    """Return whether an address wants no letters on parcels at all."""
    with services.database.reading() as session:
        return session.get(MailStop, _address(services, address)) is not None


def _groups(session: Session, shipment_id: str) -> tuple[str, ...]:
    wish = session.get(ParcelWish, shipment_id)
    return DEFAULT if wish is None else tuple(wish.groups)


def _wished(session: Session, shipment_id: str) -> frozenset[str]:
    return frozenset[str]().union(*(GROUPS[one] for one in _groups(session, shipment_id) if one in GROUPS))


def _choose(session: Session, services: Services, shipment_id: str, groups: list[str]) -> None:
    parcel = session.get_one(StoredShipment, shipment_id, with_for_update=True)
    wish = session.get(ParcelWish, shipment_id)
    if wish is None:
        wish = ParcelWish(shipment_id=shipment_id, seller_id=parcel.seller_id, groups=[], changed_at=services.now())
        session.add(wish)
    wish.groups, wish.changed_at = groups, services.now()


# -- ending them by a link --------------------------------------------------------------------------------------------
def name_of(services: Services, shipment_id: str, order_id: str) -> str:
    """Return the name of the link that ends letters; it stays good when the parcel's own link is renewed."""
    said = f"{shipment_id}-{order_id}"
    return f"{said}-{mark(services, f'letters:{said}')}"


def opened(services: Services, name: str) -> tuple[str, str] | None:
    """Return parcel and order of such a link; ``None`` for one that was not made here."""
    said, _, given = name[:_LONGEST].rpartition("-")
    if not is_marked(services, f"letters:{said}", given):
        return None
    shipment_id, _, order_id = said.partition("-")
    return shipment_id, order_id


def stop(services: Services, shipment_id: str, order_id: str, *, everywhere: bool) -> None:
    """End the letters on a parcel, or all on parcels to the address of the order; again is no harm."""
    with services.database.writing.begin() as session:
        _choose(session, services, shipment_id, [])
        if everywhere:
            found: dict[str, Any] = {"id": _address(services, session.get_one(StoredOrder, order_id).buyer_email)}
            insert = services.database.insert(MailStop).values(**found, at=services.now())
            session.execute(insert.on_conflict_do_nothing())


def _address(services: Services, text: str) -> str:
    return mark(services, f"mail-stop:{text.strip().casefold()}")
