"""The page of a shop's accounts at providers of tracking: connected, put first, stopped, and no secret shown again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from shopkit.services import audit, demo, tracking_accounts
from shopkit.services.companies import command_actor
from shopkit.web.keys import ACTIONS
from tests.shop import open_demo
from tests.unit.web.test_listings_pages import text_of
from tests.unit.web.test_order_pages import browser
from translations.ui import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

HERE = "/settings/tracking"
KEY = "a-key-that-is-secret"


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return the demonstration, which keeps secrets."""
    app = open_demo(tmp_path_factory.mktemp("tracking"), secret_keys=("A" * 43 + "=",))
    yield app
    app.extensions["shopkit"].database.dispose()


@pytest.fixture
def services(shop: Shop) -> Services:
    """Return what the shop works with."""
    found: Services = shop.extensions["shopkit"]
    return found


@pytest.fixture
def ana(services: Services) -> Actor:
    """Return the owner."""
    return command_actor(services, demo.SLUG)


@pytest.fixture
def client(shop: Shop, services: Services) -> FlaskClient:
    """Return the owner's browser."""
    return browser(shop, services, "ana")


def send(client: FlaskClient, path: str = "", **fields: str) -> TestResponse:
    """Send a form of the page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"{HERE}?connect=usps").text)
    assert token is not None
    return client.post(f"{HERE}{path}", data={"csrf_token": token[1], **fields})


def test_an_account_is_connected_put_first_and_forgotten(client: FlaskClient, services: Services, ana: Actor) -> None:
    """What it says opens for calls alone; of all of it nothing is on the page again, and the audit has words for it."""
    made = send(client, provider="17track", key=KEY)
    send(client, provider="usps", client_id="an-id", client_secret=KEY)
    (first, _) = tracking_accounts.every(services, ana)
    page = client.get(f"{HERE}?lang=en&connect=usps").text
    preferred = send(client, "/usps/prefer")
    order = [one.provider for one in tracking_accounts.every(services, ana)]
    gone = send(client, "/17track/disconnect")
    opened = tracking_accounts.opened(services, first.id)

    assert [one.status_code for one in (made, preferred, gone)] == [303] * 3
    assert (f'value="http://localhost/webhooks/tracking/{first.id}"' in page, page.count("In use")) == (True, 2)
    assert (KEY in page, "an-id" in page, order, opened) == (False, False, ["usps", "17track"], None)
    assert [one.provider for one in tracking_accounts.every(services, ana)] == ["usps"]
    assert {one.action for one in audit.entries(services, ana) if "tracking" in one.action} <= set(ACTIONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_provider_asks_for_is_told_at_its_field(client: FlaskClient, language: str) -> None:
    """Every provider's form in every language; what is missing is told there, and no secret comes back."""
    client.get(f"{HERE}?lang={language}")
    for kind in tracking_accounts.kinds():
        shown = client.get(f"{HERE}?connect={kind.name}").text
        needed = [one.name for one in kind.fields if one.is_required]
        said = {one.name: "left-out" for one in kind.fields if not one.is_required}
        refused = send(client, provider=kind.name, **said)

        assert all(f'name="{one.name}"' in shown and one.label[language] in text_of(shown) for one in kind.fields)
        assert refused.status_code == (422 if needed else 303)
        assert [name for name in needed if f'id="{name}-error"' not in refused.text] == []
        typed = [one.name for one in kind.fields if needed and not one.is_required and not one.is_secret]
        assert refused.text.count('value="left-out"') == len(typed)


@pytest.mark.parametrize(
    ("language", "why", "anew"),
    [
        ("en", "The provider does not take its keys any more", "Connect it anew"),
        ("es", "El proveedor ya no acepta sus claves", "Conéctala de nuevo"),
        ("pt", "O provedor não aceita mais as chaves dela", "Conecte-a de novo"),
    ],
)
def test_an_account_that_was_stopped_says_why(
    client: FlaskClient, services: Services, ana: Actor, language: str, why: str, anew: str
) -> None:
    """Here and, in the same words, above the board of parcels, until it is connected anew."""
    made = tracking_accounts.connect(services, ana, "sandbox", {"key": KEY})
    tracking_accounts.stop(services, made.id, "unsigned")
    told = [text_of(client.get(f"{path}?lang={language}").text) for path in (HERE, "/shipments")]
    send(client, provider="sandbox", key="another")
    after = [text_of(client.get(f"{path}?lang={language}").text) for path in (HERE, "/shipments")]

    assert [(why in page, anew in page) for page in told] == [(True, True)] * 2
    assert [(why in page, anew in page) for page in after] == [(False, False)] * 2


def test_a_form_that_waited_too_long_does_nothing(client: FlaskClient, services: Services, ana: Actor) -> None:
    """What was typed stays, but what is secret; a provider that nobody can be asked at is none."""
    stale = client.post(HERE, data={"provider": "usps", "client_id": "an-id", "client_secret": KEY})

    assert (stale.status_code, 'value="an-id"' in stale.text, KEY in stale.text) == (400, True, False)
    assert [send(client, provider=one).status_code for one in ("csv", "fedex")] == [404, 404]
    assert [send(client, f"/usps/{act}").status_code for act in ("prefer", "disconnect")] == [404, 404]
    assert tracking_accounts.every(services, ana) == ()
