"""What can be said of a parcel: statuses, the legs of its way, and how far along each status is."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final


class Leg(StrEnum):
    """Where on its way something happens to a parcel."""

    ORIGIN = "origin"
    BETWEEN = "between"
    DESTINATION = "destination"
    RETURN = "return"


class Status(StrEnum):
    """What an event says, and what a parcel's headline can be."""

    INFO_RECEIVED = "info_received"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    IN_CUSTOMS_EXPORT = "in_customs_export"
    HELD_CUSTOMS_EXPORT = "held_customs_export"
    ON_HOLD = "on_hold"
    CANCELLED = "cancelled"
    IN_TRANSIT_INTERNATIONAL = "in_transit_international"
    ARRIVED_DESTINATION_COUNTRY = "arrived_destination_country"
    IN_CUSTOMS_IMPORT = "in_customs_import"
    HELD_CUSTOMS_IMPORT = "held_customs_import"
    AT_DELIVERY_OFFICE = "at_delivery_office"
    OUT_FOR_DELIVERY = "out_for_delivery"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERY_FAILED = "delivery_failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RETURNED = "returned"
    IMPORT_TERMINATED = "import_terminated"
    LOST = "lost"
    DESTROYED = "destroyed"
    DAMAGED = "damaged"
    RETURN_TO_SENDER = "return_to_sender"
    UNKNOWN = "unknown"
    EXCEPTION = "exception"
    STALE = "stale"
    NO_FURTHER_SCANS_EXPECTED = "no_further_scans_expected"


class Stage(IntEnum):
    """How far along its way a parcel is; it goes on and never back."""

    BEFORE = 0
    ORIGIN = 1
    BETWEEN = 2
    DESTINATION = 3
    END = 4
    RETURN = 5


# Kept in the history, and no headline of its own: nobody knows what it says, or it is a label and no step of the way.
SILENT: Final = frozenset(
    {Status.UNKNOWN, Status.EXCEPTION, Status.DAMAGED, Status.STALE, Status.NO_FURTHER_SCANS_EXPECTED}
)
ENDS: Final = frozenset(
    {Status.DELIVERED, Status.CANCELLED, Status.IMPORT_TERMINATED, Status.LOST, Status.DESTROYED, Status.RETURNED}
)
_OF_LEG: Final = {
    Leg.ORIGIN: Stage.ORIGIN,
    Leg.BETWEEN: Stage.BETWEEN,
    Leg.DESTINATION: Stage.DESTINATION,
    Leg.RETURN: Stage.RETURN,
}
_OF_STATUS: Final = {
    Status.INFO_RECEIVED: Stage.BEFORE,
    Status.PICKED_UP: Stage.ORIGIN,
    Status.IN_CUSTOMS_EXPORT: Stage.ORIGIN,
    Status.HELD_CUSTOMS_EXPORT: Stage.ORIGIN,
    Status.IN_TRANSIT_INTERNATIONAL: Stage.BETWEEN,
    Status.ARRIVED_DESTINATION_COUNTRY: Stage.DESTINATION,
    Status.IN_CUSTOMS_IMPORT: Stage.DESTINATION,
    Status.HELD_CUSTOMS_IMPORT: Stage.DESTINATION,
    Status.AT_DELIVERY_OFFICE: Stage.DESTINATION,
    Status.OUT_FOR_DELIVERY: Stage.DESTINATION,
    Status.READY_FOR_PICKUP: Stage.DESTINATION,
    Status.DELIVERY_FAILED: Stage.DESTINATION,
    Status.RETURN_TO_SENDER: Stage.RETURN,
    **dict.fromkeys(ENDS, Stage.END),
}


def stage_of(status: Status, leg: Leg | None) -> Stage | None:
    """Return how far along an event is, ``None`` where it may be on any leg and none is said.

    >>> stage_of(Status.IN_TRANSIT, Leg.ORIGIN).name, stage_of(Status.IN_TRANSIT, None)
    ('ORIGIN', None)
    >>> stage_of(Status.IN_TRANSIT_INTERNATIONAL, Leg.ORIGIN).name
    'BETWEEN'
    """
    found = _OF_STATUS.get(status)
    return found if found is not None or leg is None else _OF_LEG[leg]
