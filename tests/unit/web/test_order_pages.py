"""The board of orders: found, packed, sent, held and refused with the reason; and nobody else's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from listings.model import Listing
from shopkit.orders import KINDS
from shopkit.orders.state import FULFILMENTS, STATUSES
from shopkit.services import accounts, demo, listings, order_acts, order_lists, orders, sessions
from shopkit.services.companies import command_actor
from shopkit.services.order_words import EVENTS
from shopkit.services.sessions import Where
from shopkit.web import orders as board
from tests.ordering import DUE, event, order, paid
from tests.shop import open_demo
from translations.ui import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from shopkit.app import Shop
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return the demonstration, whose first shop sells a shirt."""
    app = open_demo(tmp_path_factory.mktemp("orders"))
    yield app
    app.extensions["shopkit"].database.dispose()


@pytest.fixture(scope="module")
def services(shop: Shop) -> Services:
    """Return its services."""
    found: Services = shop.extensions["shopkit"]
    return found


@pytest.fixture(scope="module")
def ana(services: Services) -> Actor:
    """Return who acts for the first shop."""
    return command_actor(services, demo.SLUG)


@pytest.fixture(scope="module")
def shirt(services: Services, ana: Actor) -> str:
    """Return a listing of hers."""
    given = {"key": "pla", "title": "Playera", "variants": ({"sku": "PLA-M", "stock": 100},)}
    return listings.create_listing(services, ana, Listing.model_validate(given)).id


@pytest.fixture
def made(services: Services, ana: Actor, shirt: str, request: pytest.FixtureRequest) -> orders.Order:
    """Return a new order of two shirts."""
    return order(services, ana, shirt, request.node.name)


def browser(shop: Shop, services: Services, person: str) -> FlaskClient:
    """Return the browser of somebody of the demonstration."""
    found = shop.test_client()
    entered = accounts.sign_in(services, f"{person}{sessions.DEMO_DOMAIN}", demo.PASSWORD, Where("192.0.2.1"))
    found.set_cookie("sign_in", entered.token)
    return found


@pytest.fixture
def client(shop: Shop, services: Services) -> FlaskClient:
    """Return Ana's browser."""
    return browser(shop, services, "ana")


def act(client: FlaskClient, made: orders.Order, name: str, **fields: str) -> tuple[int, str]:
    """Send a form of an order's page; return the status and what the page says then."""
    page = client.get(f"/orders/{made.id}").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    answer = client.post(f"/orders/{made.id}/{name}", data={"csrf_token": token[1], "once": "o", **fields})
    shown = answer if answer.status_code != 303 else client.get(answer.location)
    return answer.status_code, shown.get_data(as_text=True)


def test_an_order_goes_its_way_by_the_page(client: FlaskClient, services: Services, made: orders.Order) -> None:
    """Money noted, packed, sent, arrived, taken back: a form each, and the page says what is next."""
    unpaid = act(client, made, "pack", **{"line-0": "2"})
    steps = [
        act(client, made, "transfer", amount="76.63", reference="SPEI 9"),
        act(client, made, "transfer", amount="76.63", reference="SPEI 9"),
        act(client, made, "pack", **{"line-0": "2"}),
        act(client, made, "ship", carrier="DHL", tracking="JD01"),
        act(client, made, "deliver"),
        act(client, made, "return", **{"line-0": "1"}),
    ]

    state = orders.see(services, made.id).state
    assert unpaid[0] == 422
    assert "The order is not paid in full; only what is paid is sent." in unpaid[1]
    assert [status for status, _ in steps] == [303] * 6
    assert "DHL, JD01" in steps[-1][1]
    assert (state.received, state.fulfilment, state.returned) == (DUE, "returned", (1,))


def test_what_holds_an_order_up_is_said_and_released(
    client: FlaskClient, services: Services, made: orders.Order
) -> None:
    """A warning of fraud stops an order until somebody looked at it."""
    paid(services, made.id)
    orders.add(services, made.id, event("fraud_warned"))
    held = client.get(f"/orders/{made.id}").get_data(as_text=True)

    released = act(client, made, "release")

    assert "Look at this before anything is sent: Warning of fraud." in held
    assert released[0] == 303
    assert orders.see(services, made.id).state.stops is None


def test_an_amount_that_is_none(client: FlaskClient, services: Services, made: orders.Order) -> None:
    """What is no amount of the currency is asked for again, and nothing is noted."""
    answers = [act(client, made, "transfer", amount=text) for text in ("", "-5", "76.634", "much")]

    assert [(status, "Write an amount, like 76.63." in page) for status, page in answers] == [(422, True)] * 4
    assert orders.see(services, made.id) == made


def test_the_list_finds_orders(client: FlaskClient, services: Services, made: orders.Order) -> None:
    """An order stands in the views it belongs to, and is found by its number and its buyer."""
    paid(services, made.id)

    pages = [
        client.get(f"/orders?{query}").get_data(as_text=True)
        for query in ("", "view=to_send", "view=unpaid&q=ana", f"q=%23{made.number}", "q=nobody&page=99", "page=x")
    ]

    here = f"/orders/{made.id}"
    assert [here in page for page in pages] == [True, True, False, True, False, True]


def test_others_find_nothing_and_viewers_change_nothing(shop: Shop, services: Services, made: orders.Order) -> None:
    """Another seller's order is not there; who may only look sees no button, and sending a form is refused."""
    martha, rosa = browser(shop, services, "martha"), browser(shop, services, "rosa")
    page = rosa.get(f"/orders/{made.id}")

    statuses = [martha.get(f"/orders/{made.id}").status_code, martha.post(f"/orders/{made.id}/cancel").status_code]

    assert (page.status_code, "<form" in page.get_data(as_text=True).split("<main", 1)[1]) == (200, False)
    assert statuses == [404, 400]
    assert f"/orders/{made.id}" not in martha.get("/orders").get_data(as_text=True)
    assert made.id not in martha.get("/orders/ledger.csv").get_data(as_text=True)
    assert orders.see(services, made.id) == made


def test_the_ledger_is_downloaded(client: FlaskClient, made: orders.Order) -> None:
    """The file holds a line for each event."""
    answer = client.get("/orders/ledger.csv")

    assert answer.content_type == "text/csv; charset=utf-8"
    assert f"\r\n{made.number},1," in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_said(
    client: FlaskClient, services: Services, ana: Actor, made: orders.Order, language: str
) -> None:
    """Whatever becomes of an order has a name, and the time to pay is said in the buyer's own time."""
    orders.add(services, made.id, event("payment_pending", payment="p", until=made.created_at))
    order_acts.hold(services, ana, made.id, key="h", note="¿?")

    page = client.get(f"/orders/{made.id}?lang={language}").get_data(as_text=True)

    assert (set(EVENTS), set(board.STATUSES), set(board.FULFILMENTS), set(board.VIEWS)) == (
        set(KINDS),
        set(STATUSES),
        set(FULFILMENTS),
        set(order_lists.VIEWS),
    )
    assert "10:04" in page
