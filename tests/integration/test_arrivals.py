"""Where an order's ledger and its parcels' carriers disagree on whether it arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shopkit.services import order_acts, orders, shipments
from shopkit.services.arrivals import Disagreement, disagreements
from tests.integration.test_orders import services
from tests.ordering import order, paid, sell
from tests.parcels import fresh_number, journey, sent
from tests.shop import NOW

if TYPE_CHECKING:
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.shipments import Shipment

__all__ = ["services"]


def beside(services: Services, actor: Actor, order_id: str) -> Shipment:
    """Return another parcel of an order, opened by hand."""
    return shipments.create(
        services, actor, fresh_number(), posted_on=NOW.date(), origin="MX", destination="US", order_ids=[order_id]
    )


def kinds(services: Services, parcel: Shipment) -> list[str]:
    """Return in what the orders of a parcel disagree with it."""
    return [one.kind for one in disagreements(services, parcel.id)]


@pytest.mark.parametrize(
    ("codes", "told"),
    [((), ["untold"]), (("EMA", "EMC"), ["not_delivered"]), (("EMA", "EMI"), [])],
)
def test_an_order_that_its_seller_noted_as_arrived_waits_for_the_carrier_to_say_so(
    services: Services, codes: tuple[str, ...], told: list[str]
) -> None:
    """Silence is told as silence, another status as not delivered; a delivery agrees."""
    actor, parcel = sent(services)
    order_acts.deliver(services, actor, parcel.order_ids[0])
    shipments.receive(services, parcel.id, journey(codes))

    assert kinds(services, parcel) == told


def test_of_an_order_on_its_way_nothing_is_told(services: Services) -> None:
    """Nor while one of its parcels is delivered and another is not."""
    actor, parcel = sent(services)
    other = beside(services, actor, parcel.order_ids[0])
    before = kinds(services, parcel)
    shipments.receive(services, parcel.id, journey(("EMA", "EMI")))

    assert orders.load(services, actor, parcel.order_ids[0]).state.fulfilment == "shipped"
    assert (before, kinds(services, parcel), kinds(services, other)) == ([], [], [])


def test_a_parcel_that_arrived_of_an_order_that_nobody_noted_as_sent_is_told(services: Services) -> None:
    """By the number of the order; its ledger cannot note an arrival before it was sent."""
    actor, listing = sell(services)
    made = order(services, actor, listing)
    paid(services, made.id)
    parcel = beside(services, actor, made.id)
    shipments.receive(services, parcel.id, journey(("EMA", "EMI")))

    assert disagreements(services, parcel.id) == (Disagreement(made.id, made.number, "not_noted"),)


def test_what_came_back_had_arrived(services: Services) -> None:
    """An order that was returned disagrees with no delivery."""
    actor, parcel = sent(services)
    shipments.receive(services, parcel.id, journey(("EMA", "EMI")))
    order_acts.take_back(services, actor, parcel.order_ids[0], {0: 1}, key="1")

    assert kinds(services, parcel) == []
