"""Listings in a real browser: begun, filled in, judged, added up at doors abroad; on a phone, in three languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from shopkit.services import accounts, demo, listings
from shopkit.services.companies import command_actor
from shopkit.services.sessions import Where
from tests.browser.test_accessible import asked
from tests.shop import listening, open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from shopkit.app import Shop

TITLES = {"es": "Productos", "pt": "Produtos", "en": "Listings"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, str]]:
    """Return a running demonstration with its address."""
    app = open_demo(tmp_path_factory.mktemp("demo"))
    with listening(app) as address:
        yield app, address


@pytest.fixture
def ana(shop: tuple[Shop, str], page: Page, complaints: list[str]) -> Page:
    """Return the browser of the owner of the workshop, signed in; what its console complains of fails the test."""
    assert complaints == []
    app, address = shop
    found = accounts.enter_demo(app.extensions["shopkit"], demo.SLUG, Where("127.0.0.1", "chromium"))
    page.context.add_cookies([{"name": "sign_in", "value": found.token, "url": address}])
    return page


def cup(shop: tuple[Shop, str]) -> str:
    """Return the address of the cup."""
    app, address = shop
    services = app.extensions["shopkit"]
    found = listings.find_listings(services, command_actor(services, demo.SLUG), text="peltre").listings
    return f"{address}/listings/{found[0].id}"


def faults(page: Page) -> list[str]:
    """Return what axe finds, with everything that is folded laid open."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found: list[dict[str, Any]] = Axe().run(page, options=asked(page)).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_every_page_of_listings_is_accessible_on_a_phone(shop: tuple[Shop, str], ana: Page, language: str) -> None:
    """Nothing for axe to find and nothing wider than the phone, in each language."""
    here = cup(shop)
    ana.goto(f"{shop[1]}/listings")
    expect(ana.get_by_role("heading", level=1)).to_have_text(TITLES[language])
    for address in (f"{shop[1]}/listings", f"{shop[1]}/listings/new", here, f"{here}/history", f"{here}/doors?to=US"):
        ana.goto(address)
        wider = ana.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

        assert faults(ana) == [], address
        assert wider <= 0, address


def test_a_listing_is_begun_filled_in_and_added_up(shop: tuple[Shop, str], ana: Page) -> None:
    """From the table to the price at a door, with the code found by everyday words."""
    ana.goto(f"{shop[1]}/listings")
    ana.get_by_role("link", name="New listing").first.click()
    ana.get_by_label("Title").fill("Playera de algodón con alebrije")
    ana.get_by_label("Price of one", exact=True).fill("310")
    ana.get_by_role("button", name="Go on").click()
    ana.get_by_label("Find the code by everyday words").fill("playera de algodón")
    ana.get_by_role("button", name="Find", exact=True).click()
    ana.get_by_role("button", name="Take 6109.10").click()
    expect(ana.get_by_label("Tariff code (HS)", exact=True).first).to_have_value("6109.10")
    ana.get_by_label("Made in").first.select_option("MX")
    ana.locator("#go").click()
    expect(ana.get_by_role("status")).to_have_text("Saved. This is version 2.")
    ana.get_by_role("link", name="What it costs at doors abroad").click()

    expect(ana.get_by_role("row", name="United States")).to_contain_text("MXN 416.96")


def test_pressing_enter_saves(shop: tuple[Shop, str], ana: Page) -> None:
    """Not the first button that happens to stand in the form."""
    ana.goto(cup(shop))
    ana.get_by_label("Brand", exact=True).fill("Xinantécatl 2")
    ana.get_by_label("Brand", exact=True).press("Enter")

    expect(ana.get_by_role("status")).to_contain_text("Saved.")
