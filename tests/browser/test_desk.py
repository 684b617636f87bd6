"""The desk in a real browser: a source changes, its translation shows it, is approved, and the channel opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from listings.model import Listing
from shopkit.services import accounts, demo, draft_runs, listings, own_terms, reviewing
from shopkit.services.companies import command_actor
from shopkit.services.sessions import Where
from tests.browser.test_listings import faults
from tests.shop import listening, open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from shopkit.app import Shop

TITLES = {"es": "Traducciones", "pt": "Traduções", "en": "Translations"}


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


@pytest.fixture
def plate(shop: tuple[Shop, str]) -> str:
    """Return the id of a new plate."""
    services = shop[0].extensions["shopkit"]
    actor = command_actor(services, demo.SLUG)
    number = listings.find_listings(services, actor).total
    made = Listing(
        key=f"plato-{number}",
        title="Plato de 22 cm",
        description="Pintado a mano en Toluca. Apto para lavavajillas.",
        brand="Taller Toluca",
        tags=("cocina",),
    )
    return listings.create_listing(services, actor, made).id


def test_a_source_that_changes_closes_the_channel_until_its_translation_is_approved(
    shop: tuple[Shop, str], ana: Page, plate: str
) -> None:
    """Written and approved it is open; the title changes, the desk shows what; approved again it opens."""
    desk = f"{shop[1]}/listings/{plate}/texts/en-US"
    ana.goto(desk)
    door = ana.locator("#door-etsy")
    ana.get_by_label("English (United States)").nth(0).fill("Plate, 22 cm")
    ana.get_by_role("button", name="Approve Title").click()
    ana.get_by_label("English (United States)").nth(1).fill("Painted by hand in Toluca. Dishwasher safe.")
    ana.get_by_role("button", name="Approve Description").click()
    expect(door).to_have_text("● Etsy open")

    ana.goto(f"{shop[1]}/listings/{plate}")
    ana.get_by_label("Title", exact=True).first.fill("Plato hondo de 25 cm")
    ana.locator("#go").click()
    ana.goto(desk)
    title = ana.locator("#text-0")
    expect(title.locator(".state")).to_contain_text("Source changed")
    expect(title.locator(".changed del").first).to_have_text("22")
    expect(title.locator(".changed ins")).to_have_text(["hondo ", "25"])
    expect(door).to_contain_text("held back")
    expect(door).to_contain_text("Title: source changed")

    ana.get_by_label("English (United States)").nth(0).fill("Deep plate, 25 cm")
    ana.get_by_role("button", name="Approve Title").click()
    expect(title.locator(".state")).to_contain_text("Approved")
    expect(door).to_have_text("● Etsy open")


def test_checks_speak_while_somebody_types(shop: tuple[Shop, str], ana: Page, plate: str) -> None:
    """Without a button, and what is mended goes silent."""
    ana.goto(f"{shop[1]}/listings/{plate}/texts/en-US")
    field = ana.get_by_label("English (United States)").nth(0)
    field.fill("Plate, 28 cm")
    expect(ana.locator("#found-0")).to_contain_text("It says 28 cm and the source says 22 cm")
    field.fill("Plate, 22 cm")

    expect(ana.locator("#found-0")).to_have_text("Nothing to mend.")


def test_the_desk_is_worked_by_keys_alone(shop: tuple[Shop, str], ana: Page, plate: str) -> None:
    """Ctrl+Enter approves and goes on to the next text; Alt+arrow goes from text to text."""
    ana.goto(f"{shop[1]}/listings/{plate}/texts/en-US")
    ana.get_by_label("English (United States)").nth(0).focus()
    ana.keyboard.type("Plate, 22 cm")
    ana.keyboard.press("Alt+ArrowDown")
    ana.keyboard.type("Painted by hand in Toluca. Dishwasher safe.")
    ana.keyboard.press("Alt+ArrowUp")
    ana.keyboard.press("Control+Enter")
    expect(ana.locator("#text-0 .state")).to_contain_text("Approved")
    expect(ana.locator("#text-1 .state")).to_contain_text("Draft")
    ana.get_by_label("English (United States)").nth(1).focus()
    ana.keyboard.press("Control+Enter")

    expect(ana.locator("#door-etsy")).to_have_text("● Etsy open")


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_every_page_of_translations_is_accessible_on_a_phone(
    shop: tuple[Shop, str], ana: Page, plate: str, language: str
) -> None:
    """Nothing for axe to find and nothing wider than the phone, in each language; for a reviewer too."""
    services = shop[0].extensions["shopkit"]
    actor = command_actor(services, demo.SLUG)
    share = reviewing.share(services, actor, [plate], "en-US", "Jane of Austin", 7)
    token = reviewing.token_of(services, share.id)
    desk = f"{shop[1]}/listings/{plate}/texts/en-US"
    ana.goto(f"{shop[1]}/translations")
    expect(ana.get_by_role("heading", level=1)).to_have_text(TITLES[language])
    ana.goto(desk)
    ana.locator("#field-0").fill("Plate, 28 cm of of enamel")
    ana.locator("#go").click()
    run = draft_runs.create(services, actor, ["en-US"])
    own_terms.keep_term(services, actor, own_terms.Said("keep", "Xinantécatl"))
    texts = f"{shop[1]}/translations"
    pages = (
        *(desk, f"{desk}/history?path=title", texts, f"{texts}/drafts/{run.id}", f"{texts}/terms"),
        *(f"{texts}/out?locale=en-US&channel=etsy", f"{shop[1]}/review/{token}"),
    )
    for address in (*pages, f"{shop[1]}/review/{token}/{plate}"):
        ana.goto(address)
        wider = ana.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

        assert faults(ana) == [], address
        assert wider <= 0, address
