"""Parcels in their tables: opened by orders, told of by providers in any order and number, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from shopkit.models import ShipmentEvent
from shopkit.services import order_acts, orders, shipments
from shopkit.services.problems import RequestError
from shopkit.services.shipments import ShipmentNotFoundError
from shopkit.tracking.statuses import Status
from tests.integration.test_orders import services
from tests.ordering import order, paid, sell
from tests.parcels import fresh_number, journey, said, sent
from tests.shop import NOW

if TYPE_CHECKING:
    from shopkit.services.context import Services
    from shopkit.services.shipments import Shipment


__all__ = ["services"]


def kept(services: Services, parcel: Shipment) -> int:
    """Return how many events of a parcel are kept."""
    with services.database.reading() as session:
        found = session.scalar(select(func.count()).where(ShipmentEvent.shipment_id == parcel.id))
    return found or 0


def test_an_order_that_is_sent_opens_its_parcel(services: Services) -> None:
    """Number, carrier, lane, the day of posting and what the buyer was promised; nothing was told yet."""
    actor, parcel = sent(services, "RB123456785GB")

    assert replace(parcel, id="", seller_id="", order_ids=()) == shipments.Shipment(
        id="",
        seller_id="",
        number="RB123456785GB",
        carrier="post",
        service="courier",
        origin="MX",
        destination="US",
        postcode="90012",
        locale="es-US",
        posted_on=date(2026, 11, 23),
        promised=(date(2026, 11, 30), date(2026, 12, 4)),
        expected_on=None,
        status=None,
        leg=None,
        customs="none",
        since=None,
        last_event_at=None,
        delivered_on=None,
        flags=(),
        is_open=True,
        link=1,
        order_ids=(),
    )
    assert shipments.load(services, actor, parcel.id) == parcel


def test_sending_again_opens_no_second_parcel(services: Services) -> None:
    """A double click on *sent* is one parcel."""
    actor, parcel = sent(services)
    order_acts.ship(services, actor, parcel.order_ids[0], carrier="Correos de México", tracking=parcel.number)

    assert shipments.of_order(services, actor, parcel.order_ids[0]) == [parcel]


def test_an_order_sent_without_a_number_has_no_parcel(services: Services) -> None:
    """There is nothing to follow."""
    actor, listing = sell(services)
    made = order(services, actor, listing)
    paid(services, made.id)
    order_acts.pack_all(services, actor, made.id)
    order_acts.ship(services, actor, made.id, carrier="a cousin")

    assert shipments.of_order(services, actor, made.id) == []


def test_orders_under_one_number_go_in_one_parcel(services: Services) -> None:
    """Two orders of a seller that are sent under the same number on the same day are one parcel with two orders."""
    actor, listing = sell(services)
    number = fresh_number()
    ids = []
    for key in ("k1", "k2"):
        made = order(services, actor, listing, key)
        paid(services, made.id)
        order_acts.pack_all(services, actor, made.id)
        order_acts.ship(services, actor, made.id, tracking=number)
        ids.append(made.id)
    (first,) = shipments.of_order(services, actor, ids[0])

    assert first.order_ids == tuple(sorted(ids))
    assert shipments.of_order(services, actor, ids[1]) == [first]


def test_what_is_told_moves_the_headline(services: Services) -> None:
    """Arrived and presented to customs; the parcel says so and stays open."""
    actor, parcel = sent(services)
    found = shipments.receive(services, parcel.id, journey(("EMA", "EMC", "EMD", "EDB")))
    after = shipments.load(services, actor, parcel.id)

    assert (found.new, found.has_moved) == (4, True)
    assert (after.status, after.leg, after.customs, after.is_open) == (
        "in_customs_import",
        "destination",
        "presented",
        True,
    )
    assert after.since == after.last_event_at == NOW - timedelta(hours=1)


def test_what_is_told_again_in_any_order_changes_nothing(services: Services) -> None:
    """The same events backwards, one by one and twice are kept once and come to the same."""
    actor, parcel = sent(services)
    shipments.receive(services, parcel.id, journey())
    before = shipments.load(services, actor, parcel.id)
    found = [shipments.receive(services, parcel.id, [one, one]) for one in reversed(journey())]

    assert [(one.new, one.has_moved) for one in found] == [(0, False)] * 8
    assert (shipments.load(services, actor, parcel.id), kept(services, parcel)) == (before, 8)


def test_two_that_tell_the_same_at_once_tell_it_once(services: Services) -> None:
    """Eight threads with the same eight events: one of them moves the headline, and each event is kept once."""
    _, parcel = sent(services)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: shipments.receive(services, parcel.id, journey()), range(8)))

    assert (sum(one.new for one in found), sum(one.has_moved for one in found)) == (8, 1)
    assert kept(services, parcel) == 8


def test_an_arrival_is_noted_in_the_order(services: Services) -> None:
    """Delivered ends the parcel, and the order's ledger says that it arrived, when it did, and that tracking told."""
    actor, parcel = sent(services)
    shipments.receive(services, parcel.id, journey())
    after = shipments.load(services, actor, parcel.id)
    made = orders.load(services, actor, parcel.order_ids[0])

    assert (after.status, after.is_open, after.delivered_on) == ("delivered", False, date(2026, 11, 23))
    assert made.state.fulfilment == "delivered"
    assert [(one.kind, one.source, one.at) for one in made.events][-1] == (
        "delivered",
        "tracking",
        NOW - timedelta(hours=1),
    )


def test_an_order_in_two_parcels_arrived_when_both_did(services: Services) -> None:
    """The first of two parcels is no arrival of the order."""
    actor, first = sent(services)
    second = shipments.create(
        services, actor, fresh_number(), posted_on=NOW.date(), destination="US", order_ids=first.order_ids
    )
    shipments.receive(services, first.id, journey())
    half = orders.load(services, actor, first.order_ids[0]).state.fulfilment
    shipments.receive(services, second.id, journey())

    assert (half, orders.load(services, actor, first.order_ids[0]).state.fulfilment) == ("shipped", "delivered")


def test_a_parcel_that_comes_back_is_open_again(services: Services) -> None:
    """Delivered, and later on its way back to the sender: the headline says so, the delivery stays in the history."""
    actor, parcel = sent(services)
    shipments.receive(services, parcel.id, journey(until=NOW - timedelta(hours=2)))
    back = said(None, text="Detener envío al remitente")
    shipments.receive(services, parcel.id, [back])
    after = shipments.load(services, actor, parcel.id)
    history = shipments.timeline(services, parcel.id)

    assert (after.status, after.leg, after.is_open) == ("return_to_sender", "return", True)
    assert history.delivered is not None
    assert history.delivered.status is Status.DELIVERED


def test_another_parcel_with_the_same_number_is_kept_apart(services: Services) -> None:
    """What is older than three days before posting was another's: kept, and it moves nothing."""
    actor, parcel = sent(services)
    shipments.receive(services, parcel.id, [said("EMI", NOW - timedelta(days=400))])

    assert shipments.load(services, actor, parcel.id).status is None
    assert len(shipments.timeline(services, parcel.id).other_parcel) == 1


def test_more_events_than_any_parcel_has_are_not_kept(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that says more than the most that is kept fills no disk."""
    monkeypatch.setattr(shipments, "MOST_EVENTS", 5)
    _, parcel = sent(services)
    found = shipments.receive(services, parcel.id, journey())

    assert (found.new, kept(services, parcel)) == (5, 5)


def test_events_keep_all_that_was_said(services: Services) -> None:
    """Every field of an event comes back as it came, the body with it."""
    _, parcel = sent(services)
    told = said("EME", text="<b>Retenido</b>", office="USJFKA", country="US", reason="65", body={"x": [1, None, "ñ"]})
    shipments.receive(services, parcel.id, [told])
    (entry,) = shipments.timeline(services, parcel.id).entries

    assert entry.event.raw == told
    assert entry.event.reason == "proof_of_value"


@pytest.mark.parametrize("number", ["", "RB123456786US", "hello", "9" * 60])
def test_what_is_no_number_opens_no_parcel(services: Services, number: str) -> None:
    """A wrong check digit, a word or nothing is told at once."""
    actor, _ = sell(services)

    with pytest.raises(RequestError) as raised:
        shipments.create(services, actor, number, posted_on=NOW.date(), destination="US")
    assert [(one.pointer, one.code) for one in raised.value.problems] == [("/number", "shipment.number")]


def test_what_cannot_be_is_told_at_once(services: Services) -> None:
    """Countries that there are not, and a day that is still to come; tomorrow is today somewhere."""
    actor, _ = sell(services)
    day = NOW.date() + timedelta(days=2)
    with pytest.raises(RequestError) as raised:
        shipments.create(services, actor, fresh_number(), posted_on=day, destination="ZZ", origin="QQ")
    made = shipments.create(
        services, actor, fresh_number("EE", "GT"), posted_on=day - timedelta(days=1), destination="US"
    )

    assert [(one.pointer, one.code) for one in raised.value.problems] == [
        ("/posted_on", "shipment.posted"),
        ("/destination", "country.unknown"),
        ("/origin", "country.unknown"),
    ]
    assert made.origin == "GT"


def test_a_number_is_one_parcel_of_its_day(services: Services) -> None:
    """The same number posted on the same day is refused; posted a year before it was another parcel."""
    actor, parcel = sent(services)
    with pytest.raises(RequestError) as raised:
        shipments.create(services, actor, parcel.number, posted_on=NOW.date(), destination="US")
    earlier = shipments.create(
        services, actor, parcel.number, posted_on=NOW.date() - timedelta(days=400), destination="US"
    )

    assert [one.code for one in raised.value.problems] == ["shipment.taken"]
    assert earlier.id != parcel.id


def test_another_sellers_parcel_is_not_there(services: Services) -> None:
    """Nor is an order of another's put into a parcel of one's own."""
    _, parcel = sent(services)
    other, _ = sell(services)

    with pytest.raises(ShipmentNotFoundError):
        shipments.load(services, other, parcel.id)
    with pytest.raises(orders.OrderNotFoundError):
        shipments.create(
            services, other, fresh_number(), posted_on=NOW.date(), destination="US", order_ids=parcel.order_ids
        )
