"""The first hour of a seller, in one go: signing up, bringing listings in, mending one, doors abroad, a key, a call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import requests
from playwright.sync_api import expect

from tests import shop
from tests.unit.listings.formats.files import SHOPIFY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from shopkit.app import Shop

PASSWORD = "hilo rojo y aguja fina"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Shop, str]]:
    """Return an empty shop that listens, and its address."""
    app = shop.open_shop(tmp_path)
    with shop.listening(app) as address:
        yield app, address
        app.extensions["shopkit"].database.dispose()


def sign_up(page: Page, app: Shop, address: str) -> None:
    """Open an account and follow the letter."""
    page.goto(f"{address}/sign-up")
    page.get_by_label("Your name").fill("Ana")
    page.get_by_label("E-mail").fill("ana@taller.mx")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Name of the company or workshop").fill("Taller de Ana")
    page.get_by_label("Country", exact=True).select_option("MX")
    page.get_by_label("Currency you think in").select_option("MXN")
    page.get_by_role("button", name="Open the account").click()
    page.get_by_role("heading", name="Look into your mail").wait_for()
    link = re.search(r"http://\S+/confirm/\S+", shop.letters(app.extensions["shopkit"])[-1].text)
    assert link is not None
    page.goto(link[0])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open the account").click()
    page.get_by_role("heading", name="Taller de Ana").wait_for()


def test_the_first_hour(page: Page, running: tuple[Shop, str]) -> None:
    """Two listings come in, one gets its code, a door abroad has its price, and a program reads the listing by key."""
    app, address = running
    sign_up(page, app, address)

    page.goto(f"{address}/listings/import")
    page.get_by_label("File").set_input_files(
        {"name": "tienda.csv", "mimeType": "text/csv", "buffer": SHOPIFY.encode()}
    )
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="Imported", exact=True)).to_be_visible()

    page.goto(f"{address}/listings")
    page.get_by_role("link", name="Blusa de manta").first.click()
    page.get_by_label("Find the code by everyday words").fill("blusa de algodón")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("button", name="Take 6206.30").click()
    page.get_by_label("Made in").first.select_option("MX")
    page.locator("#go").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    page.get_by_role("link", name="What it costs at doors abroad").click()
    expect(page.get_by_role("row", name="United States")).to_contain_text("MXN")

    page.goto(f"{address}/settings/keys")
    page.get_by_label("What is it for?").fill("Web shop")
    page.get_by_label("read products").check()
    page.get_by_role("button", name="Make the key").click()
    headers = {"Authorization": f"Bearer {page.locator('#secret').inner_text()}"}
    (found,) = requests.get(f"{address}/api/v1/listings?q=blusa", headers=headers, timeout=10).json()["results"]
    answer = requests.get(f"{address}/api/v1/listings/{found['id']}", headers=headers, timeout=10)
    assert answer.status_code == 200
    assert (answer.json()["listing"]["title"], answer.json()["listing"]["hs_code"]) == ("Blusa de manta", "620630")
