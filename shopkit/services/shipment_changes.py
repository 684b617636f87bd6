"""What follows when a parcel's headline or its customs are others: written in the transaction that notices it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from landed_cost.delivery.observed import LONGEST_DAYS
from shopkit.models import ObservedParcel, ParcelLetter, ShipmentOrder, StoredShipment
from shopkit.models.freight import THE_SHOP
from shopkit.orders import Event, RefusedError
from shopkit.services import orders, parcel_letters
from shopkit.tracking.statuses import Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.models import StoredOrder
    from shopkit.services.context import Services
    from shopkit.tracking.timeline import Timeline


def follow(
    session: Session,
    services: Services,
    row: StoredShipment,
    held: Sequence[StoredOrder],
    after: Timeline,
    *,
    is_first: bool,
) -> None:
    """Let a parcel's change have its consequences; ``held`` are the orders in it, whose rows are locked.

    ``is_first`` says that nothing was known of the parcel before.
    """
    _observe(session, row)
    parcel_letters.write(session, services, row, held, after, is_first=is_first)
    if after.headline is Status.DELIVERED and after.delivered is not None:
        now = services.now()
        at = min(after.delivered.utc or now, now)
        for order in held:
            _note_arrival(session, row, order, at, now)


def forget(services: Services, seller_id: str) -> None:
    """Let no quote rest on the parcels of a shop, nor a letter on one be sent: a demonstration's are invented."""
    with services.database.writing.begin() as session:
        ids = session.scalars(select(StoredShipment.id).where(StoredShipment.seller_id == seller_id))
        batches = [_batch(one) for one in ids]
        of = (ObservedParcel.seller_id == THE_SHOP, ObservedParcel.batch.in_(batches))
        session.execute(delete(ObservedParcel).where(*of))
        waiting = (ParcelLetter.seller_id == seller_id, ParcelLetter.state == "waiting")
        session.execute(delete(ParcelLetter).where(*waiting))


def _batch(shipment_id: str) -> str:
    """Return a name for a parcel that tells neither it nor its seller."""
    return hashlib.sha256(shipment_id.encode()).hexdigest()


def _observe(session: Session, row: StoredShipment) -> None:
    """Let a delivery be one of the parcels that quotes of its lane rest on, and be none where it was withdrawn.

    What is kept names neither parcel nor seller.
    """
    batch = _batch(row.id)
    session.execute(delete(ObservedParcel).where(ObservedParcel.seller_id == THE_SHOP, ObservedParcel.batch == batch))
    if row.delivered_on is None or not (row.origin and row.service):
        return
    if 0 <= (row.delivered_on - row.posted_on).days <= LONGEST_DAYS:
        session.add(
            ObservedParcel(
                seller_id=THE_SHOP,
                dispatch=row.origin,
                destination=row.destination,
                service=row.service,
                dispatched=row.posted_on,
                delivered=row.delivered_on,
                batch=batch,
            )
        )


def _note_arrival(session: Session, row: StoredShipment, order: StoredOrder, at: datetime, now: datetime) -> None:
    """Note in an order's ledger that it arrived, once all its parcels did."""
    ways = (
        select(StoredShipment.status)
        .join(ShipmentOrder, ShipmentOrder.shipment_id == StoredShipment.id)
        .where(ShipmentOrder.order_id == order.id, StoredShipment.id != row.id)
    )
    if any(status != Status.DELIVERED.value for status in session.scalars(ways)):
        return
    try:
        orders.append(session, order, Event("delivered", at, "tracking", "delivered"), now)
    except RefusedError:
        # Noted by hand before, or the order was never noted as sent: the parcel says it, and its page does.
        return
