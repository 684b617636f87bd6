"""The pages of ratings: a buyer's by a link alone, a seller's with figures, words and one answer for each."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from listings.model import Listing
from shopkit.services import demo, listings, orders, reputation
from shopkit.services.companies import command_actor
from tests.ordering import event, order, paid
from tests.shop import NOW, open_demo
from tests.unit.web.test_listings_pages import Browser, text_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from shopkit.app import Shop
    from shopkit.services.context import Services

ENGLISH = {"Accept-Language": "en"}
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Return a shop with the sample sellers."""
    return open_demo(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def services(app: Shop) -> Services:
    """Return the use cases of the shop."""
    found: Services = app.extensions["shopkit"]
    return found


@pytest.fixture(scope="module")
def listing(services: Services) -> str:
    """Return the id of a listing of the workshop's."""
    given = {"key": "rated", "title": "Playera", "status": "active", "variants": ({"sku": "PLA-M", "stock": 99},)}
    return listings.create_listing(services, command_actor(services, demo.SLUG), Listing.model_validate(given)).id


@pytest.fixture
def delivered(services: Services, listing: str) -> str:
    """Return the id of an order of the workshop's that was delivered."""
    made = order(services, command_actor(services, demo.SLUG), listing, f"rated-{next(_NUMBERS)}")
    paid(services, made.id)
    orders.add(services, made.id, event("packed", source="seller", pieces={0: 2}))
    orders.add(services, made.id, event("shipped", source="seller"))
    orders.add(services, made.id, event("delivered", source="seller", at=NOW - timedelta(days=1)))
    return made.id


def send(client: FlaskClient, page: str, **fields: str) -> tuple[int, str]:
    """Send the form of a page as its reader would; return status and place or words."""
    shown = client.get(page, headers=ENGLISH).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert token is not None
    found = client.post(page, data={"csrf_token": token[1], **fields}, headers=ENGLISH)
    return found.status_code, found.headers.get("Location") or text_of(found.text)


def test_a_buyer_rates_by_the_link_and_sees_what_was_said(app: Shop, services: Services, delivered: str) -> None:
    """Without an account, in the buyer's own language; the page is kept by nobody and found by no engine."""
    page = f"/ratings/{reputation.link_token(services, delivered)}"
    client = app.test_client()
    first = client.get(page, headers={"Accept-Language": "pt-BR"})
    kept = send(client, page, stars="4", words="Bonita\nde veras")
    again = client.get(f"{page}?kept=1", headers=ENGLISH)

    assert (first.status_code, first.headers["Cache-Control"], first.headers["X-Robots-Tag"]) == (
        *(200, "no-store"),
        "noindex",
    )
    assert "Como foi seu pedido em Regalos Xinantécatl" in text_of(first.text)
    assert kept == (303, f"{page}?kept=1")
    assert "Thank you. It is shown without your name." in text_of(again.text)
    assert re.search(r'value="4" required checked', again.text)


@pytest.mark.parametrize("stars", ["", "9", "x"])
def test_a_buyer_is_told_what_is_missing_and_loses_no_word(
    app: Shop, services: Services, delivered: str, stars: str
) -> None:
    """Without one to five stars nothing is kept, and what was typed stays in the form."""
    page = f"/ratings/{reputation.link_token(services, delivered)}"
    status, words = send(app.test_client(), page, stars=stars, words="Muy <b>lenta</b>")

    assert status == 422
    assert "Give one to five stars." in words
    assert "Muy <b>lenta</b>" in words


def test_a_form_of_nobody_rates_nothing(app: Shop, services: Services, delivered: str) -> None:
    """A form that another site sends is refused."""
    page = f"/ratings/{reputation.link_token(services, delivered)}"

    assert app.test_client().post(page, data={"stars": "1"}, headers=ENGLISH).status_code == 400


@pytest.mark.parametrize("token", ["x", "Im9fMSI.bad"])
def test_a_link_that_opens_nothing_is_not_found(app: Shop, token: str) -> None:
    """404 to look and to send, as for any address that leads nowhere."""
    assert app.test_client().get(f"/ratings/{token}").status_code == 404


def test_a_seller_reads_answers_once_and_sees_how_the_shop_stands(
    app: Shop, services: Services, delivered: str
) -> None:
    """What is too little to be told is not told; an answer is taken once and then stands below the rating."""
    reputation.rate(services, reputation.link_token(services, delivered), 2, "Se <i>tardó</i>", "es-MX")
    ana = Browser(app, "ana")
    before = ana.get("/ratings").text
    token = ana.fields("/ratings")["csrf_token"]
    answers = [
        ana.send(f"/ratings/{delivered}/answer", {"csrf_token": token}, words=words).status_code
        for words in (" ", "Lo sentimos.", "Otra vez")
    ]
    after = text_of(ana.get("/ratings?answered=1").text)

    assert "Reliability: not told before 10 deliveries · stars: not told before 5 ratings" in text_of(before)
    assert "Se &lt;i&gt;tardó&lt;/i&gt;" in before
    assert answers == [422, 303, 422]
    assert "Lo sentimos." in after
    assert "Otra vez" not in after


def test_another_shop_answers_nothing_of_this_one(app: Shop, services: Services, delivered: str) -> None:
    """To the owner of another shop there is no such rating."""
    reputation.ratings(services, command_actor(services, demo.SLUG).seller_id)
    martha = Browser(app, "martha")
    token = martha.fields("/ratings").get("csrf_token", "")

    assert martha.send(f"/ratings/{delivered}/answer", {"csrf_token": token}, words="Hola").status_code == 404
