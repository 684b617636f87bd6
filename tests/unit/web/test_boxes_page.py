"""The page of a shop's boxes, and that of the boxes an order takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from shopkit.services import accounts, boxes, demo, order_lists, sessions
from shopkit.services.companies import command_actor
from shopkit.services.sessions import Where
from tests.shop import open_demo, without_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop

HERE = "/settings/boxes"
SAID = {
    "name": "Chica",
    "length": "30.5",
    "width": "22,5",
    "height": "10",
    "own": "120",
    "bears": "5",
    "wall": "",
    "cost": "12.50",
    "cost_currency": "MXN",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return the demonstration with its orders."""
    app = open_demo(tmp_path_factory.mktemp("boxes"), has_orders=True)
    yield app
    app.extensions["shopkit"].database.dispose()


@pytest.fixture(scope="module")
def client(shop: Shop) -> FlaskClient:
    """Return the browser of the shop's owner."""
    found = shop.test_client()
    entered = accounts.sign_in(
        shop.extensions["shopkit"], f"ana{sessions.DEMO_DOMAIN}", demo.PASSWORD, Where("192.0.2.1")
    )
    found.set_cookie("sign_in", entered.token)
    return found


def send(client: FlaskClient, path: str = "", **fields: str) -> TestResponse:
    """Send a form of the page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"{HERE}?lang=en").text)
    assert token is not None
    return client.post(f"{HERE}{path}", data={"csrf_token": token[1], **fields})


def test_a_box_is_added_shown_and_removed(shop: Shop, client: FlaskClient) -> None:
    """What is typed in centimetres and kilos is kept in millimetres and grams, shown, and gone when it is removed."""
    services = shop.extensions["shopkit"]
    actor = command_actor(services, "demo")
    before = {one.it.name for one in boxes.all_boxes(services, actor)}

    answer = send(client, **SAID)
    made = boxes.find_box(services, actor, "Chica")
    page = client.get(f"{HERE}?lang=es").text
    send(client, f"/{made.it.id}/remove")

    assert answer.status_code == 303
    assert (made.it.inside, made.it.grams, made.it.bears, made.it.wall) == ((305, 225, 100), 120, 5_000, None)
    assert made.cost is not None
    assert (made.cost.minor, made.cost.currency) == (1_250, "MXN")
    assert "30.5 × 22.5 × 10 cm por dentro" in page
    assert "por fuera no se sabe" in page
    assert {one.it.name for one in boxes.all_boxes(services, actor)} == before


@pytest.mark.parametrize(
    ("field", "text"),
    [("length", "30.55"), ("height", "0"), ("own", "a"), ("bears", "1.2345"), ("cost", "1.005"), ("name", "")],
)
def test_what_is_wrong_stands_at_its_field(client: FlaskClient, field: str, text: str) -> None:
    """A number that is none, or finer than is kept, is told at its field, and what was typed stays."""
    page = send(client, **(SAID | {field: text}))

    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert 'value="22,5"' in page.text


@pytest.mark.parametrize(
    ("language", "weight"), [("es", "g con la caja"), ("pt", "g com a caixa"), ("en", "g with the box")]
)
def test_an_order_says_which_boxes_it_takes(shop: Shop, client: FlaskClient, language: str, weight: str) -> None:
    """The page of an order names each box with its measures, what is in it and what it weighs with it."""
    services = shop.extensions["shopkit"]
    order_id = order_lists.id_of(services, command_actor(services, "demo"), "1001")

    page = client.get(f"/orders/{order_id}/packing?lang={language}").text

    assert weight in page
    assert re.search(r"<h2[^>]*>1\. (Una taza|Mediana|Grande) <small>", page)


def test_without_measures_it_is_by_weight(shop: Shop, client: FlaskClient) -> None:
    """Where nobody measured a piece the page says by weight alone, and names what has no measures."""
    services = shop.extensions["shopkit"]
    actor = command_actor(services, "demo")
    order_id = order_lists.id_of(services, actor, "1001")
    with without_size(services, actor, "taza-peltre"):
        page = client.get(f"/orders/{order_id}/packing?lang=en").text

    assert "By weight alone" in page
    assert "g without any box" in page


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "Enviarlos juntos ahorra"), ("pt", "Enviar juntos economiza"), ("en", "Going together saves")],
)
def test_orders_of_one_person_are_laid_side_by_side(shop: Shop, client: FlaskClient, language: str, said: str) -> None:
    """An order's page names the other open one of its buyer, and says what going together saves and by which rule."""
    services = shop.extensions["shopkit"]
    actor = command_actor(services, "demo")
    first, second = (order_lists.id_of(services, actor, number) for number in ("1005", "1007"))

    alone = client.get(f"/orders/{first}/together?lang={language}").text
    both = client.get(f"/orders/{first}/together?with={second}&lang={language}").text

    assert f'value="{second}" />' in alone
    assert said not in alone
    assert f'value="{second}" checked' in both
    assert said in both
    assert "19 CFR 141.51" in both


def test_orders_of_two_people_are_refused_with_the_reason(shop: Shop, client: FlaskClient) -> None:
    """Whoever names another person's order in the address is told why they do not go together."""
    services = shop.extensions["shopkit"]
    actor = command_actor(services, "demo")
    first, other = (order_lists.id_of(services, actor, number) for number in ("1005", "1001"))

    page = client.get(f"/orders/{first}/together?with={other}&lang=en")

    assert page.status_code == 422
    assert "another person" in page.text
