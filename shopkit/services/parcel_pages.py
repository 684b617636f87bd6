"""What a buyer's page of a parcel tells, in no language: where it is, what to expect, what silence means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shopkit.models import Seller
from shopkit.services import orders, shipments
from shopkit.tracking import expecting
from shopkit.tracking import services as kinds
from shopkit.tracking.silence import silence
from shopkit.tracking.timeline import Part

if TYPE_CHECKING:
    from datetime import date

    from shopkit.services.context import Services
    from shopkit.services.shipments import Shipment
    from shopkit.tracking.expecting import Expected, Way
    from shopkit.tracking.services import Service
    from shopkit.tracking.silence import Silence
    from shopkit.tracking.timeline import Entry, Timeline

# A page of more would not be read; the rest is counted.
MOST_SHOWN: Final = 200
# What tells of a bag is not the item's; what is of the future has not happened.
_NOT_SHOWN: Final = frozenset({Part.BAG, Part.FUTURE})


@dataclass(frozen=True, slots=True)
class Tracked:
    """A parcel as its buyer is told of it; ``entries`` newest first, with ``left_out`` older ones counted alone.

    ``service`` is what the number says of how far it is scanned. ``siblings`` are the other parcels of its orders.
    ``today`` is the day where it goes.
    """

    shipment: Shipment
    shop: str
    timeline: Timeline
    expected: Expected
    silence: Silence
    service: Service | None
    entries: tuple[Entry, ...]
    left_out: int
    siblings: tuple[Shipment, ...]
    today: date


def track(services: Services, shipment: Shipment) -> Tracked:
    """Return all that a page tells of a parcel as of now."""
    timeline = shipments.timeline(services, shipment.id)
    today = services.today(shipment.destination)
    expected = expecting.expect(
        timeline,
        today=today,
        posted_on=shipment.posted_on,
        promised=shipment.promised,
        way=_way(services, shipment),
        carrier_on=shipment.expected_on,
        observed=services.observed.find(shipment.origin, shipment.destination, shipment.service, _channel(shipment)),
    )
    shown = [one for one in timeline.entries if one.part not in _NOT_SHOWN]
    heard_on = max((one.event.day for one in shown if one.event.day is not None), default=None)
    # Whatever has no time stands at the end, as it does in the timeline.
    shown.reverse()
    newest = sorted(shown, key=lambda one: one.part is Part.UNDATED)
    return Tracked(
        shipment,
        shop_of(services, shipment),
        timeline,
        expected,
        silence(shipment.number, timeline.headline, timeline.leg, heard_on, shipment.posted_on, today),
        kinds.service_of(shipment.number[:2]) if shipment.carrier == "post" else None,
        tuple(newest[:MOST_SHOWN]),
        max(0, len(shown) - MOST_SHOWN),
        tuple(_siblings(services, shipment)),
        today,
    )


def shop_of(services: Services, shipment: Shipment) -> str:
    """Return the name of the shop that sent a parcel."""
    with services.database.reading() as session:
        return session.get_one(Seller, shipment.seller_id).name


def _way(services: Services, shipment: Shipment) -> Way | None:
    """Return the legs that the quote of the first order was made with; they are what was promised."""
    for order_id in shipment.order_ids:
        order = orders.see(services, order_id)
        delivery = order.quote.get("delivery")
        if delivery is not None and shipment.origin:
            region = (order.request.get("destination") or {}).get("region")
            return expecting.way_of(delivery, shipment.origin, shipment.destination, region)
    return None


def _siblings(services: Services, shipment: Shipment) -> list[Shipment]:
    ids = dict.fromkeys(one for order_id in shipment.order_ids for one in shipments.ids_of_order(services, order_id))
    return [shipments.see(services, one) for one in ids if one != shipment.id]


def _channel(shipment: Shipment) -> str:
    return "postal" if shipment.carrier == "post" else "courier"
