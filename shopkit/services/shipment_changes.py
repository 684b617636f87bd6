"""What follows when a parcel's headline or its customs are others: written in the transaction that notices it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from shopkit.models import ShipmentOrder, StoredShipment
from shopkit.orders import Event, RefusedError
from shopkit.services import orders
from shopkit.tracking.statuses import Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.models import StoredOrder
    from shopkit.services.context import Services
    from shopkit.tracking.timeline import Timeline


def follow(
    session: Session, services: Services, row: StoredShipment, held: Sequence[StoredOrder], after: Timeline
) -> None:
    """Let a parcel's change have its consequences; ``held`` are the orders in it, whose rows are locked."""
    if after.headline is Status.DELIVERED and after.delivered is not None:
        now = services.now()
        at = min(after.delivered.utc or now, now)
        for order in held:
            _note_arrival(session, row, order, at, now)


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
