"""The pages of how a shop is paid: accounts connected and changed, secrets never shown, what buyers can pay with."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from shopkit.services import accounts, demo, payment_accounts, sessions
from shopkit.services.companies import command_actor
from shopkit.services.sessions import Where
from tests.shop import open_demo
from tests.unit.web.test_listings_pages import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop

KEY, SIGNING = "sk_test_MX_one", "whsec_one"
HERE = "/settings/payments"


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return the demonstration, which keeps secrets."""
    app = open_demo(tmp_path_factory.mktemp("till"), secret_keys=("A" * 43 + "=",))
    yield app
    app.extensions["shopkit"].database.dispose()


@pytest.fixture
def client(shop: Shop) -> FlaskClient:
    """Return the browser of the shop's owner."""
    found = shop.test_client()
    entered = accounts.sign_in(
        shop.extensions["shopkit"], f"ana{sessions.DEMO_DOMAIN}", demo.PASSWORD, Where("192.0.2.1")
    )
    found.set_cookie("sign_in", entered.token)
    return found


def send(client: FlaskClient, path: str = "", **fields: str | list[str]) -> TestResponse:
    """Send a form of the page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"{HERE}?lang=en").text)
    assert token is not None
    return client.post(f"{HERE}{path}", data={"csrf_token": token[1], **fields})


def kept(shop: Shop, provider: str = "stripe") -> payment_accounts.Shown:
    """Return the account in use at a provider."""
    services = shop.extensions["shopkit"]
    found = payment_accounts.every(services, command_actor(services, demo.SLUG))
    return next(one for one in found if one.provider == provider and one.is_active)


def test_an_account_is_connected_and_no_secret_comes_back(shop: Shop, client: FlaskClient) -> None:
    """The page says that the key is kept and where messages go; a wrong mode is told at its field, without the key."""
    wrong = send(client, provider="stripe", country="MX", mode="live", key=KEY, signing=SIGNING)
    done = send(client, provider="stripe", country="MX", mode="test", key=KEY, signing=SIGNING)
    page = client.get(f"{HERE}?lang=en").text

    assert (wrong.status_code, done.status_code) == (422, 303)
    assert "This key is of the other mode" in unescape(wrong.text)
    assert f"http://localhost{kept(shop).path}" in page
    assert "Secret or restricted API key: kept" in text_of(page)
    assert [one for one in (KEY, SIGNING) if one in wrong.text + done.text + page] == []


def test_a_bank_account_is_shown_to_be_copied_right(shop: Shop, client: FlaskClient) -> None:
    """What buyers read stands on the page and in the form that changes it, and what was typed is not lost."""
    short = send(client, provider="bank", country="MX", bank="Banco del Bajío", holder="Ana")
    send(client, provider="bank", country="MX", bank="Banco del Bajío", account="030180900012345671", holder="Ana")
    typed = {"bank": "Banorte", "account": "0301", "holder": "Ana"}
    changed = send(client, f"/{kept(shop, 'bank').id}", **typed, methods="transfer")

    assert short.status_code == 422
    assert 'value="Banco del Bajío"' in unescape(short.text)
    assert changed.status_code == 303
    assert kept(shop, "bank").lines == typed


def test_keys_go_only_when_it_was_meant(shop: Shop, client: FlaskClient) -> None:
    """Disconnected first, then with a tick; without it nothing is lost."""
    send(client, provider="stripe", country="MX", mode="test", key=KEY)
    name = kept(shop).id
    send(client, f"/{name}", do="disconnect")
    unsure = send(client, f"/{name}", do="forget")
    services = shop.extensions["shopkit"]
    before = payment_accounts.find(services, command_actor(services, demo.SLUG), name)
    send(client, f"/{name}", do="forget", sure="1")
    after = payment_accounts.find(services, command_actor(services, demo.SLUG), name)

    assert (unsure.status_code, before.set, after.set) == (422, ("key",), ())


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_the_matrix_speaks(client: FlaskClient, language: str) -> None:
    """What is offered stands first, with its terms; what is not has its reason, and sources are linked."""
    page = client.get(f"{HERE}/methods?market=mx&amount=1.250,50&currency=MXN&lang={language}").text
    offered, others = page.split('id="cannot"')

    titles = {"es": ("Tarjeta de prueba", "Efectivo en OXXO"), "pt": ("Cartão de teste", "Dinheiro na OXXO")}
    mine, theirs = titles.get(language, ("Test card", "Cash at OXXO"))
    assert mine in offered
    assert theirs in others
    assert "1.250,50" in page.replace("1,250.50", "1.250,50")
    assert "https://docs.stripe.com/payments/oxxo" in others


def test_the_settings_of_the_store_say_who_can_pay(shop: Shop, client: FlaskClient) -> None:
    """Each market names its ways to pay before it is opened, and says so where nobody can."""
    with_one = text_of(client.get("/settings/store?lang=en").text)
    send(client, f"/{kept(shop, 'sandbox').id}", do="disconnect")
    with_none = text_of(client.get("/settings/store?lang=en").text)

    assert "Buyers here can pay by: Test card, Test voucher." in with_one
    assert "Nobody can pay here yet." in with_none
