"""The page of a shop's accounts at channels: connected, tried, told what is wrong, and no secret shown again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from shopkit.services import accounts, catalogs, channel_accounts, demo, sessions
from shopkit.services.channel_tokens import Kept
from shopkit.services.companies import command_actor
from shopkit.services.sessions import Where
from tests.shop import open_demo
from tests.unit.web.test_listings_pages import text_of
from translations.ui import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop

HERE = "/settings/channels"
TOKEN, REFRESH, SECRET = "APP_USR-1-secret", "TG-1-secret", "a-secret-of-the-app"


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return the demonstration, which keeps secrets."""
    app = open_demo(tmp_path_factory.mktemp("channels"), secret_keys=("A" * 43 + "=",))
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


def send(client: FlaskClient, path: str = "", **fields: str) -> TestResponse:
    """Send a form of the page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"{HERE}?lang=en").text)
    assert token is not None
    return client.post(f"{HERE}{path}", data={"csrf_token": token[1], **fields})


def test_an_account_is_connected_and_forgotten(client: FlaskClient, shop: Shop) -> None:
    """Token, what renews it and what the channel asks for are kept, and none of them is on the page again."""
    services = shop.extensions["shopkit"]
    ana = command_actor(services, demo.SLUG)
    given = {"name": "Taller MX", "mode": "live", "token": TOKEN, "refresh_token": REFRESH}
    made = send(client, channel="mercadolibre", **given, client_id="77", client_secret=SECRET)
    page = client.get(f"{HERE}?lang=en&connect=mercadolibre").text
    account = channel_accounts.account_of(services, ana, "mercadolibre")
    assert account is not None
    kept = channel_accounts.opened(services, ana, account).kept
    gone = send(client, "/mercadolibre/disconnect")

    assert (made.status_code, made.headers["Location"]) == (303, f"{HERE}?saved=1")
    assert kept == Kept(TOKEN, REFRESH, None, {"client_id": "77", "client_secret": SECRET})
    assert ("Live: products go on sale" in page, 'value="Taller MX"' in page) == (True, True)
    assert [word in page for word in (TOKEN, REFRESH, SECRET, 'value="77"')] == [False] * 4
    assert (gone.status_code, channel_accounts.all_accounts(services, ana)) == (303, ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_channel_asks_for_is_told_at_its_field(client: FlaskClient, language: str) -> None:
    """Every channel's form in every language; what is missing is told there, what was typed stays, secrets do not."""
    for channel, kind in channel_accounts.channels().items():
        said = {one.name: "wrong \\ one" for one in kind.fields}
        client.get(f"{HERE}?lang={language}")
        shown = client.get(f"{HERE}?connect={channel}").text
        refused = send(client, channel=channel, name="", mode="live", token="", **said)

        assert all(f'name="{one.name}"' in shown and one.label[language] in text_of(shown) for one in kind.fields)
        assert (refused.status_code, 'id="name-error"' in refused.text) == (422, True)
        assert refused.text.count('value="wrong') == sum(not one.is_secret for one in kind.fields)


def test_a_trial_account_needs_its_name_alone(client: FlaskClient, shop: Shop) -> None:
    """Whatever a channel asks for, a trial can begin at once."""
    services = shop.extensions["shopkit"]
    made = [send(client, channel=one, name="Prueba", mode="sandbox").status_code for one in channel_accounts.channels()]
    places = {one.place for one in channel_accounts.all_accounts(services, command_actor(services, demo.SLUG))}

    assert (set(made), places) == ({303}, {"sandbox"})
    assert client.get(f"{HERE}?lang=es").text.count("nada sale de esta tienda") == len(made)


def test_a_form_that_waited_too_long_keeps_what_was_typed(client: FlaskClient) -> None:
    """Its token is old: nothing is done, and no secret comes back."""
    stale = client.post(HERE, data={"channel": "ebay", "name": "Taller", "mode": "live", "token": TOKEN})

    assert (stale.status_code, 'value="Taller"' in stale.text, TOKEN in stale.text) == (400, True, False)
    assert send(client, channel="alibaba", name="Taller").status_code == 404
    assert send(client, "/etsy/disconnect").status_code == 404


def test_a_catalog_says_where_to_connect(client: FlaskClient, shop: Shop) -> None:
    """Whoever looks at a catalog without an account is led to the form of its channel."""
    services = shop.extensions["shopkit"]
    ana = command_actor(services, demo.SLUG)
    said = catalogs.Said("ebay", "US", "en-US", catalogs.Settings("https://t.example/{key}"), "")
    feed = catalogs.keep(services, ana, said)

    assert f"{HERE}?connect=ebay" in client.get(f"/catalogs/{feed.id}").text
