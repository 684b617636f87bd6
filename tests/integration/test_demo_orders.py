"""The orders of the demonstration: over the states there are, found by number and name, as real as any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from shopkit.app import services_of
from shopkit.models import ObservedParcel, ParcelLetter
from shopkit.services import arrivals, companies, demo, order_lists, orders, payments, shipments
from shopkit.services.orders import OrderNotFoundError
from tests.shop import open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Return a demonstration with its orders."""
    found = services_of(open_demo(tmp_path_factory.mktemp("shop"), has_orders=True))
    yield found
    found.database.dispose()


@pytest.fixture
def who(services: Services) -> Actor:
    """Return who acts for the shop of Toluca."""
    return companies.command_actor(services, demo.SLUG)


def test_the_board_of_the_demonstration_shows_every_state(services: Services, who: Actor) -> None:
    """Something is to be sent, something is not paid, something is disputed, something is on its way, some is over."""
    found = order_lists.find(services, who)

    assert [
        (one.number, one.market, one.state.status, one.state.fulfilment, one.state.is_disputed) for one in found.rows
    ] == [
        (1007, "US", "pending", "placed", False),
        (1006, "US", "cancelled", "cancelled", False),
        (1005, "US", "paid", "placed", True),
        (1004, "BR", "paid", "shipped", False),
        (1003, "US", "part_refunded", "delivered", False),
        (1002, "CL", "paid", "delivered", False),
        (1001, "US", "paid", "packed", False),
    ]
    assert all(found.counts.values())


@pytest.mark.parametrize("said", ["demo-1001", "1001", "#1001"])
def test_an_order_is_found_by_its_number_and_by_shop_and_number(services: Services, who: Actor, said: str) -> None:
    """Two cups, two more and a shirt to Los Angeles, paid by transfer in two parts."""
    found = orders.load(services, who, order_lists.id_of(services, who, said))

    assert [(one.sku, one.quantity) for one in found.lines] == [("TAZ-AZU", 2), ("TAZ-ROJ", 2), ("PLA-VER-M", 1)]
    assert [one.kind for one in found.events] == ["placed", "payment_received", "payment_received", "packed"]
    assert found.state.received == found.totals.total.minor
    assert order_lists.id_of(services, who, found.id) == found.id
    assert [one.number for one in order_lists.find(services, who, text=said).rows] == [1001]


@pytest.mark.parametrize("said", ["1099", "other-1001", "demo-", "", "o_nothing", "1001 OR 1"])
def test_what_names_no_order_is_not_there(services: Services, who: Actor, said: str) -> None:
    """Nor is another shop's number, or what is none."""
    with pytest.raises(OrderNotFoundError):
        order_lists.id_of(services, who, said)


def test_orders_and_parcels_of_the_demonstration_agree(services: Services, who: Actor) -> None:
    """What arrived was delivered by its carrier; of what is invented no quote rests on a parcel and no letter waits."""
    found = {
        one.number: [(parcel.status, arrivals.disagreements(services, parcel.id)) for parcel in of]
        for one in order_lists.find(services, who).rows
        if (of := shipments.of_order(services, who, one.id))
    }
    with services.database.reading() as session:
        rows = [session.scalar(select(func.count()).select_from(one)) for one in (ObservedParcel, ParcelLetter)]

    assert found == {1004: [(None, ())], 1003: [("delivered", ())], 1002: [("delivered", ())]}
    assert rows == [0, 0]


def test_what_was_paid_there_can_be_read_again(services: Services, who: Actor) -> None:
    """The sandbox knows every payment of the demonstration: reading all of them again changes nothing."""
    ids = [one.id for one in order_lists.find(services, who).rows]
    before = [orders.see(services, one).state for one in ids]
    for one in ids:
        for begun in payments.see(services, one):
            payments.settle(services, begun.payment_id)

    assert [orders.see(services, one).state for one in ids] == before
