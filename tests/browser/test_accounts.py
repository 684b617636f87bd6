"""From signing up to a call with a key, in a real browser; every page of the account for everybody."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

import pytest
import requests
from playwright.sync_api import expect

from shopkit.models import ListingImport
from shopkit.services import companies, imports
from tests import shop
from tests.browser.test_accessible import is_wide, violations
from tests.unit.listings.formats.files import SHOPIFY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from shopkit.services.context import Services

PASSWORD: Final = "tinta y papel amate"
DOOR: Final = ("/sign-up", "/sign-in", "/reset", "/gone", "/confirm/none")
ROOMS: Final = (
    "/settings",
    "/settings/team",
    "/settings/keys",
    "/settings/channels?connect=mercadolibre",
    "/settings/tracking?connect=usps",
    "/settings/me",
    "/settings/sessions",
    "/settings/audit",
    "/settings/data",
)


class Running:
    """A shop that listens, with its sample shops."""

    def __init__(self, address: str, services: Services) -> None:
        self.address = address
        self.services = services


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Return a running demonstration."""
    app = shop.open_demo(tmp_path_factory.mktemp("accounts"))
    with shop.listening(app) as address:
        yield Running(address, app.extensions["shopkit"])
        app.extensions["shopkit"].database.dispose()


def test_from_signing_up_to_a_call_with_a_key(page: Page, running: Running) -> None:
    """Sign up, follow the letter, make a key, and call with it; a wrong password on the way loses nothing."""
    page.goto(f"{running.address}/sign-up")
    page.get_by_label("Your name").fill("Ana")
    page.get_by_label("E-mail").fill("ana@taller.mx")
    page.get_by_label("Password").fill("short")
    page.get_by_label("Name of the company or workshop").fill("Taller de Ana")
    page.get_by_label("Country", exact=True).select_option("MX")
    page.get_by_label("Currency you think in").select_option("MXN")
    page.get_by_role("button", name="Open the account").click()
    assert page.locator("#problems").evaluate("one => one === document.activeElement")
    assert page.get_by_label("Name of the company or workshop").input_value() == "Taller de Ana"
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open the account").click()
    page.get_by_role("heading", name="Look into your mail").wait_for()

    link = re.search(r"http://\S+/confirm/\S+", shop.letters(running.services)[-1].text)
    assert link is not None
    page.goto(link[0])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open the account").click()
    page.get_by_role("heading", name="Taller de Ana").wait_for()

    expect(page.get_by_role("status")).to_contain_text("Welcome, Ana.")
    page.locator("summary", has_text="Taller de Ana").click()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="Keys").click()
    page.get_by_label("What is it for?").fill("Web shop")
    page.get_by_role("button", name="Make the key").click()
    secret = page.locator("#secret").inner_text()
    answer = requests.get(
        f"{running.address}/api/v1/account", headers={"Authorization": f"Bearer {secret}"}, timeout=10
    )
    assert (answer.status_code, answer.json()["seller"]["name"]) == (200, "Taller de Ana")

    page.get_by_role("button", name="Revoke Web shop").click()
    page.get_by_text("revoked on").wait_for()
    answer = requests.get(
        f"{running.address}/api/v1/account", headers={"Authorization": f"Bearer {secret}"}, timeout=10
    )
    assert answer.status_code == 401


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_axe_finds_nothing_at_the_door(page: Page, running: Running, language: str) -> None:
    """On a phone, in every language: nothing found, nothing scrolls sideways."""
    found = {}
    for path in DOOR:
        page.goto(running.address + path)
        found[path] = violations(page), is_wide(page)

    assert found == {path: ([], False) for path in DOOR}
    assert language == page.locator("html").get_attribute("lang")[:2]  # type: ignore[index]  # every page has one


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_axe_finds_nothing_in_the_settings(page: Page, running: Running, language: str) -> None:
    """The same inside, the menu of the account unfolded; in the dark and wide as well."""
    page.goto(f"{running.address}/sign-in")
    page.locator("button[value=demo]").click()
    page.locator("h1").wait_for()
    found = {}
    for path in ROOMS:
        page.goto(running.address + path)
        page.locator(".menu:not(.all-pages)").evaluate("one => { one.open = true }")
        found[path] = violations(page), is_wide(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 900})
    for path in ROOMS:
        page.goto(running.address + path)
        found[f"dark {path}"] = violations(page), is_wide(page)

    assert found == dict.fromkeys(found, ([], False))
    assert language == page.locator("html").get_attribute("lang")[:2]  # type: ignore[index]  # the same


@pytest.mark.parametrize("language", ["es"])
def test_without_scripts_a_shop_is_entered_and_left(
    running: Running, browser_context_args: dict[str, object], browser: object, language: str
) -> None:
    """Menu, settings and signing out work with plain forms."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)  # type: ignore[attr-defined]  # playwright's
    page = context.new_page()
    page.goto(f"{running.address}/sign-in")
    page.locator("button[value=editoras-brasil]").click()
    page.goto(f"{running.address}/settings")
    page.get_by_label("Ciudad").fill("Campinas")
    page.get_by_role("button", name="Guardar").click()
    page.get_by_text("Guardado.").wait_for()
    page.locator(".menu:not(.all-pages) summary").click()
    page.get_by_role("button", name="Salir").click()
    page.get_by_role("heading", name="Entrar").wait_for()
    context.close()

    assert language == "es"


def test_an_invitation_is_followed(page: Page, running: Running) -> None:
    """The owner invites; who follows the letter opens an account, lands on the dashboard, and may only look."""
    page.goto(f"{running.address}/sign-in")
    page.locator("button[value=flores-sabana]").click()
    page.goto(f"{running.address}/settings/team")
    page.get_by_label("E-mail").fill("prima@flores.example")
    page.get_by_label("Role", exact=True).last.select_option("viewer")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("status")).to_contain_text("The invitation is on its way.")
    page.context.clear_cookies()

    link = re.search(r"http://\S+/invite/\S+", shop.letters(running.services)[-1].text)
    assert link is not None
    page.goto(link[0])
    page.get_by_label("Your name").fill("Prima")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open an account and join").click()

    expect(page).to_have_url(f"{running.address}/dashboard")
    page.goto(f"{running.address}/listings")
    expect(page.get_by_role("heading", name="Listings")).to_be_visible()
    expect(page.get_by_role("link", name="New listing")).to_have_count(0)


def test_an_import_that_was_interrupted_goes_on(page: Page, running: Running) -> None:
    """The page says that it was interrupted, and the button brings the rest in."""
    actor = companies.command_actor(running.services, "flores-sabana")
    kept = imports.keep(running.services, actor, io.BytesIO(SHOPIFY.encode()), "tienda.csv", imports.Choices())
    with running.services.database.writing.begin() as session:
        session.get_one(ListingImport, kept.id).state = "running"
    page.goto(f"{running.address}/sign-in")
    page.locator("button[value=flores-sabana]").click()

    page.goto(f"{running.address}/listings/imports/{kept.id}")
    expect(page.get_by_text("It was interrupted.")).to_be_visible()
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("heading", name="Imported", exact=True)).to_be_visible()
    page.get_by_role("link", name="See the listings").click()
    expect(page.get_by_role("link", name="Blusa de manta")).to_be_visible()
