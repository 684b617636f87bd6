"""Where an order's ledger and its parcels' carriers disagree on whether it arrived.

A delivery that a carrier tells is noted in the ledger by itself (``shipment_changes``), but sellers note arrivals too,
carriers take deliveries back, and an order that was never noted as sent cannot arrive.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from shopkit.models import ShipmentOrder, StoredOrder, StoredShipment
from shopkit.tracking.statuses import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopkit.services.context import Services

Kind = Literal["not_delivered", "untold", "not_noted"]
"""The order is noted as arrived and the carrier says something else of the parcel, or nothing; or all its parcels are
delivered by their carriers and the order is not noted as arrived.
"""
# What came back had arrived.
_ARRIVED = frozenset({"delivered", "returned"})


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An order and its number, and in what it and a parcel of it disagree."""

    order_id: str
    number: int
    kind: Kind


def disagreements(services: Services, shipment_id: str) -> tuple[Disagreement, ...]:
    """Return the orders in a parcel that disagree with its carrier; for who was told its id by the shop itself."""
    inside = select(ShipmentOrder.order_id).where(ShipmentOrder.shipment_id == shipment_id)
    query = (
        select(StoredOrder.id, StoredOrder.number, StoredOrder.fulfilment, StoredShipment.id, StoredShipment.status)
        .join(ShipmentOrder, ShipmentOrder.order_id == StoredOrder.id)
        .join(StoredShipment, StoredShipment.id == ShipmentOrder.shipment_id)
        .where(StoredOrder.id.in_(inside))
        .order_by(StoredOrder.number)
    )
    of: dict[tuple[str, int, str], dict[str, str | None]] = defaultdict(dict)
    with services.database.reading() as session:
        for order_id, number, fulfilment, parcel_id, status in session.execute(query):
            of[order_id, number, fulfilment][parcel_id] = status
    return tuple(
        Disagreement(order_id, number, kind)
        for (order_id, number, fulfilment), statuses in of.items()
        if (kind := _kind(fulfilment, statuses[shipment_id], list(statuses.values()))) is not None
    )


def _kind(fulfilment: str, status: str | None, all_: Sequence[str | None]) -> Kind | None:
    """Return in what an order and one of ``all_`` its parcels disagree."""
    if fulfilment == "delivered" and status != Status.DELIVERED:
        return "untold" if status is None else "not_delivered"
    # While another parcel of it is on its way, an order has not arrived.
    if fulfilment not in _ARRIVED and all(one == Status.DELIVERED for one in all_):
        return "not_noted"
    return None
