"""The pages of pools: a group founded, a neighbour invited by a link, parcels put in, the cost shared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from shopkit.services import accounts, demo, pool_groups, sessions
from shopkit.services.companies import command_actor
from shopkit.services.sessions import Where
from tests.shop import open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop

LANGUAGES = ("es", "pt", "en")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return the demonstration with its orders."""
    app = open_demo(tmp_path_factory.mktemp("pools"), has_orders=True)
    yield app
    app.extensions["shopkit"].database.dispose()


def browser(shop: Shop, name: str) -> FlaskClient:
    """Return the browser of somebody of the demonstration."""
    found = shop.test_client()
    where = Where("192.0.2.1")
    entered = accounts.sign_in(shop.extensions["shopkit"], f"{name}{sessions.DEMO_DOMAIN}", demo.PASSWORD, where)
    found.set_cookie("sign_in", entered.token)
    return found


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send a form of a page in English."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/pools?lang=en").text)
    assert token is not None
    return client.post(path, data={"csrf_token": token[1], **fields})


def test_two_shops_pool_their_parcels(shop: Shop) -> None:
    """From the group to the shares: the link lets the neighbour in once, and each sees the other's weight and share."""
    ana, martha = browser(shop, "ana"), browser(shop, "martha")
    group = send(ana, "/pools", name="Vecinas", city="Toluca", country="MX").headers["Location"]
    invited = send(ana, group, do="invite").text
    link = re.search(r"http://localhost(/pools/join/[^<]+)<", invited)
    assert link is not None
    shown = {language: martha.get(f"{link[1]}?lang={language}").text for language in LANGUAGES}
    joined = send(martha, link[1]).headers["Location"]
    again = send(martha, link[1])
    pool = send(ana, group, do="open", name="Viernes", consolidator="Carga del Valle").headers["Location"]
    send(ana, pool, do="add", grams="2500", order="1001", note="estante tres")
    send(martha, pool, do="add", grams="500")
    wrong = send(ana, pool, do="add", grams="0,5", order="9")
    shut = send(ana, pool, do="close", cost="120,50", currency="MXN")

    theirs = {language: martha.get(f"{pool}?lang={language}").text for language in LANGUAGES}
    assert (joined, again.status_code, shut.status_code) == (group, 410, 303)
    assert all("Regalos Xinantécatl" in page and "Vecinas" in page for page in shown.values())
    assert 'id="grams-error"' in wrong.text
    assert 'id="order-error"' in wrong.text
    for page in theirs.values():
        assert "20.08" in page or "20,08" in page
        assert "100.42" in page or "100,42" in page
        assert "estante tres" not in page
        assert "/orders/o_" not in page
    assert "estante tres" in ana.get(pool).text


@pytest.mark.parametrize(("language", "name"), [("es", "México"), ("pt", "México"), ("en", "Mexico")])
def test_the_country_of_a_group_is_chosen_by_its_name(shop: Shop, language: str, name: str) -> None:
    """Countries by name in the reader's language, the shop's own chosen already."""
    page = browser(shop, "ana").get(f"/pools?lang={language}").text

    assert f'<option value="MX" selected>{name}</option>' in page
    assert "((" not in page


def test_what_stands_against_it_is_told(shop: Shop) -> None:
    """A group without a name, a founder who leaves, and a link that is none."""
    ana = browser(shop, "ana")
    nameless = send(ana, "/pools", name="", city="Toluca", country="MX")
    services = shop.extensions["shopkit"]
    group = pool_groups.create_group(services, command_actor(services, "demo"), "Otra", "MX", "Toluca")

    leaving = send(ana, f"/pools/groups/{group.id}", do="leave")
    closed = send(ana, f"/pools/groups/{group.id}", do="close")
    reopened = send(ana, f"/pools/groups/{group.id}", do="open", name="a", consolidator="b")

    assert (nameless.status_code, leaving.status_code, closed.status_code, reopened.status_code) == (422, 422, 303, 422)
    assert 'id="name-error"' in nameless.text
    assert "close it instead" in leaving.text
    assert ana.get("/pools/join/none").status_code == 410


def test_who_is_not_signed_in_is_led_there_and_back(shop: Shop) -> None:
    """The page of an invitation tells a stranger who invites, and leads to signing in and back."""
    services = shop.extensions["shopkit"]
    actor = command_actor(services, "demo")
    group = pool_groups.create_group(services, actor, "Tercera", "MX", "Toluca")
    code, _ = pool_groups.invite(services, actor, group.id)

    page = shop.test_client().get(f"/pools/join/{code}?lang=en").text
    viewer = browser(shop, "rosa").get(f"/pools/join/{code}?lang=en").text

    assert "Regalos Xinantécatl invites your shop" in page
    assert f"/sign-in?next=/pools/join/{code}" in page
    assert "has to accept" in viewer
