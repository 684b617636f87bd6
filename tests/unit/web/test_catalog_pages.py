"""The pages of catalogs, and the address that a channel fetches: made, watched, changed, taken back."""

from __future__ import annotations

import contextlib
import re
import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import update

from listings.channels.port import Feed
from shopkit.models import CatalogListing
from shopkit.services import accounts, catalog_runs, catalogs, channel_accounts, demo, pushes, sessions
from shopkit.services.channel_accounts import AccountNotFoundError
from shopkit.services.companies import command_actor
from shopkit.services.sessions import Where
from shopkit.web.catalogs import CHARGES, ESTIMATES, STATES
from shopkit.web.pushing import OWN
from tests.pushing import catalog
from tests.shop import NOW, ROOT, open_demo, without_size
from translations.ui import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from shopkit.app import Shop
    from shopkit.services.actors import Actor
    from shopkit.services.catalogs import Kept
    from shopkit.services.context import Services


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return the demonstration, whose first shop has a catalog."""
    app = open_demo(tmp_path_factory.mktemp("catalogs"))
    yield app
    app.extensions["shopkit"].database.dispose()


@pytest.fixture
def services(shop: Shop) -> Services:
    """Return its services."""
    found: Services = shop.extensions["shopkit"]
    return found


@pytest.fixture
def ana(services: Services) -> Actor:
    """Return who acts for the first shop."""
    return command_actor(services, demo.SLUG)


@pytest.fixture
def client(shop: Shop, services: Services) -> FlaskClient:
    """Return Ana's browser."""
    found = shop.test_client()
    entered = accounts.sign_in(services, f"ana{sessions.DEMO_DOMAIN}", demo.PASSWORD, Where("192.0.2.1"))
    found.set_cookie("sign_in", entered.token)
    return found


def token(page: str) -> str:
    """Return the token of a page's forms."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def made(services: Services, ana: Actor) -> Kept:
    """Return the shop's catalog for Google, made."""
    found = next(one for one in catalogs.all_feeds(services, ana) if one.channel == "google")
    with without_size(services, ana, "playera-bordada"):
        catalog_runs.run(services, ana, catalog_runs.create(services, ana, found.id).id)
    return catalogs.get_feed(services, ana, found.id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_say_what_is_left_out_in_each_language(
    client: FlaskClient, made: Kept, services: Services, ana: Actor, language: str
) -> None:
    """List, catalog and run are shown; a product without sizes is named with what to do."""
    run = catalog_runs.runs_of(services, ana, made.id)[0]
    pages = [
        client.get(f"{path}?lang={language}")
        for path in ("/catalogs", f"/catalogs/{made.id}", f"/catalogs/runs/{run.id}")
    ]

    assert [page.status_code for page in pages] == [200] * 3
    assert "playera-bordada" in pages[1].get_data(as_text=True)
    assert "{reason}" not in pages[1].get_data(as_text=True)


def test_a_channel_fetches_the_file_by_its_address_until_it_is_taken_back(
    shop: Shop, client: FlaskClient, made: Kept, services: Services, ana: Actor
) -> None:
    """The address gives the feed with its tag, 304 to who has it, 410 after it was taken back."""
    form = {"csrf_token": token(client.get("/settings").get_data(as_text=True))}
    client.post(f"/catalogs/{made.id}/open", data=form)
    address = f"/feeds/{catalogs.token_of(services, catalogs.get_feed(services, ana, made.id))}"
    channel = shop.test_client()
    first = channel.get(address)
    assert first.get_data().startswith(b"<?xml")
    again = channel.get(address, headers={"If-None-Match": first.headers["ETag"]})
    since = channel.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    head = channel.head(address)
    for answer in (first, again, since, head):
        answer.close()
    client.post(f"/catalogs/{made.id}/close", data=form)

    assert (first.status_code, first.content_type, head.status_code) == (200, "application/rss+xml; charset=utf-8", 200)
    assert (again.status_code, since.status_code, again.get_data()) == (304, 304, b"")
    assert (channel.get(address).status_code, channel.get("/feeds/nothing").status_code) == (410, 410)


def test_the_photos_of_a_feed_can_be_seen_and_no_others(shop: Shop, made: Kept, services: Services) -> None:
    """The address in the feed shows the picture to anybody; with another mark it is not there."""
    folder = services.settings.data_dir / "catalogs" / made.id
    taken = catalogs.format_of("google")
    with (folder / str(made.file)).open("rb") as file:
        record = next(iter(taken.read(file, Feed("US", "es", "USD", "rss", NOW.date()))))
    path = record["image_link"].removeprefix("http://localhost:8000")
    stranger = shop.test_client()
    shown = stranger.get(path)

    assert (shown.status_code, shown.content_type) == (200, "image/jpeg")
    assert stranger.get(path.replace(".jpg", "0.jpg")).status_code == 404
    assert stranger.get(path.replace("/feeds/photos/s_", "/feeds/photos/x_")).status_code == 404


def test_a_form_makes_a_catalog_and_says_all_that_is_wrong(client: FlaskClient, services: Services, ana: Actor) -> None:
    """What is wrong is told and stays typed; what is right leads to the new catalog, which can be tried and removed."""
    form = {"csrf_token": token(client.get("/settings").get_data(as_text=True)), "channel": "google", "market": "MX"}
    wrong = client.post("/catalogs?lang=en", data=form | {"language": "es", "link": "nowhere", "packing_grams": "?"})
    right = client.post("/catalogs", data=form | {"language": "es-MX", "link": "https://t.example/{key}"})
    found = catalogs.find(services, ana, "google", "MX", "es-MX")
    assert found is not None
    tried = client.post(f"/catalogs/{found.id}/try", data=form)
    saved = client.post(
        f"/catalogs/{found.id}",
        data=form | {"version": "1", "link": "https://t.example/{sku}", "every_hours": "24", "kind": "tsv"},
    )
    stale = client.post(f"/catalogs/{found.id}", data=form | {"version": "1", "link": "https://t.example/{id}"})
    now = catalogs.get_feed(services, ana, found.id)
    removed = client.post(f"/catalogs/{found.id}/remove", data=form)

    assert (wrong.status_code, 'value="nowhere"' in wrong.get_data(as_text=True)) == (422, True)
    assert [answer.status_code for answer in (right, tried, saved, stale, removed)] == [303, 303, 303, 409, 303]
    assert (now.settings.link, now.every_hours, now.kind) == ("https://t.example/{sku}", 24, "tsv")
    assert catalogs.find(services, ana, "google", "MX", "es-MX") is None


def test_what_was_settled_with_a_channel_is_said_on_its_page(
    client: FlaskClient, services: Services, ana: Actor
) -> None:
    """A line each, kept by name and shown again; a name that the channel does not have is told with those it has."""
    form = {
        "csrf_token": token(client.get("/settings").get_data(as_text=True)),
        "channel": "mercadolibre",
        "market": "MX",
        "language": "es-MX",
        "link": "https://t.example/{key}",
    }
    wrong = client.post("/catalogs?lang=en", data=form | {"agreed": "listing_type=gold_pro"})
    client.post("/catalogs", data=form | {"agreed": "listing_type_id = gold_pro\r\n"})
    found = catalogs.find(services, ana, "mercadolibre", "MX", "es-MX")
    assert found is not None
    page = client.get(f"/catalogs/{found.id}").get_data(as_text=True)

    assert found.settings.agreed == {"listing_type_id": "gold_pro"}
    assert ">listing_type_id=gold_pro</textarea>" in page
    assert "it has listing_type_id, each on a line of its own" in wrong.get_data(as_text=True)


def test_every_choice_has_its_words() -> None:
    """States, charges and estimates of the services all have a text on the page."""
    assert set(ESTIMATES) == set(catalogs.ESTIMATES)
    assert set(CHARGES) == set(catalogs.format_of("google").charges)
    assert set(STATES) == {"waiting", "running", "done", "stopped", "failed"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalog_is_sent_from_its_page(client: FlaskClient, services: Services, ana: Actor, language: str) -> None:
    """The page says whether an account is connected, sends, and tells in each language what was left out and why."""
    services.settings = replace(services.settings, secret_keys=(Fernet.generate_key().decode(),))
    feed = catalog(services, ana, f"A-{language}", f"B-{language}")
    old = CatalogListing.listing_id == f"l_B-{language}"
    with services.database.writing.begin() as session:
        session.execute(update(CatalogListing).where(old).values(valid_until=NOW.date() - timedelta(days=9)))
    form = {"csrf_token": token(client.get("/settings").get_data(as_text=True))}
    path = f"/catalogs/{feed}?lang={language}"
    with contextlib.suppress(AccountNotFoundError):
        channel_accounts.disconnect(services, ana, "mercadolibre")
    before = client.get(path).get_data(as_text=True)
    refused = client.post(f"/catalogs/{feed}/send", data=form)
    channel_accounts.connect(services, ana, "mercadolibre", "Taller MX", "APP-1", place="sandbox")
    sent = client.post(f"/catalogs/{feed}/send", data=form)
    for thread in threading.enumerate():
        if thread.name.startswith("push "):
            thread.join(30)
    after = client.get(path).get_data(as_text=True)
    client.post(f"/catalogs/{feed}/stop-sending", data=form)

    assert ("channels?connect=mercadolibre" in before, refused.status_code, sent.status_code) == (
        True,
        409,
        303,
    )
    assert ("Taller MX" in after, f"<b>B-{language}</b>" in after, f"<b>A-{language}</b>" in after) == (
        True,
        True,
        False,
    )
    assert "six pictures are better (1)" in after
    found = pushes.last_run(services, ana, feed)
    assert found is not None
    assert (found.state, found.counts) == ("done", {"done": 1, "refused": 1})


def test_what_our_own_calls_say_has_its_words() -> None:
    """Each code of ours that a row can be told has a text on the page, which is translated; no other has one."""
    sources = (ROOT / "listings" / "pushing").glob("*.py")
    codes = {code for one in sources for code in re.findall(r'"(push\.[a-z_]+)"', one.read_text("utf-8"))}

    assert codes == set(OWN)
