"""The second journey: one basket, every destination, on a phone, in three languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessible import is_wide, unreadable, violations
from tests.unit.web.test_compare import BASKET

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = f"/compare?{urlencode(BASKET | {'cost': '20'})}"
EVERY_LANGUAGE = pytest.mark.parametrize("language", ["es", "pt", "en"])
BUTTON = {"es": "Comparar todos los destinos", "pt": "Comparar todos os destinos", "en": "Compare all destinations"}
TITLE = {"es": "La misma compra en todas partes", "pt": "A mesma compra em todos os destinos"}
TITLE["en"] = "The same basket everywhere"


@EVERY_LANGUAGE
def test_a_seller_compares_every_destination(page: Page, language: str) -> None:
    """The form leads to a table with a row for each destination, and a row to its whole quote."""
    page.goto("/compare")
    page.locator("#items-0-description").fill("playera de algodón")
    page.locator("#items-0-hs_code").fill("6109.10")
    page.locator("#items-0-origin").select_option("MX")
    page.locator("#items-0-price").fill("25")
    page.locator("#items-0-quantity").fill("2")
    page.locator("#from").select_option("MX")
    page.locator("#date").fill("2026-11-23")
    page.locator("#freight").fill("12")
    page.locator("#go").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE[language])
    assert page.locator(".side-by-side tbody tr").count() > 20
    assert not is_wide(page)
    chile = page.locator("button[name=to][value=CL]")
    amount = chile.inner_text()
    chile.click()
    page.wait_for_url(re.compile(r"/q/q_[0-9A-Z]{26}$"))
    expect(page.locator(".figure")).to_contain_text(amount)


@EVERY_LANGUAGE
def test_it_works_without_scripts(browser: Browser, base_url: str, language: str) -> None:
    """Without scripts the table can be sorted by links, and the address keeps the basket."""
    locale = {"es": "es-MX", "pt": "pt-BR", "en": "en-US"}[language]
    with browser.new_context(base_url=base_url, java_script_enabled=False, locale=locale) as context:
        page = context.new_page()
        page.goto(HERE)
        page.locator(".sorts a").first.click()

        expect(page.locator("th[aria-sort]")).to_have_count(1)
        assert "items-0-description=playera" in page.url
        page.locator(".asked > summary").click()
        expect(page.locator("#go")).to_have_text(BUTTON[language])
        expect(page.locator("#items-0-price")).to_have_value("25.00")


def test_sorting_with_scripts_changes_the_table_and_the_address(page: Page) -> None:
    """With scripts an order replaces the table alone, the address tells it, and the focus goes to what was chosen."""
    page.goto(HERE)
    page.evaluate("document.body.dataset.kept = 'yes'")
    page.locator(".sorts a", has_text="Destination").click()

    expect(page.locator("th[aria-sort]")).to_have_text("Destination")
    expect(page.locator(".sorts b")).to_be_focused()
    assert "sort=name" in page.url
    assert page.evaluate("document.body.dataset.kept") == "yes"


@EVERY_LANGUAGE
def test_a_limit_can_be_supposed_without_scripts(browser: Browser, base_url: str, language: str) -> None:
    """Choosing a limit and a figure shows what would change, in place, and the address keeps both."""
    locale = {"es": "es-MX", "pt": "pt-BR", "en": "en-US"}[language]
    with browser.new_context(
        base_url=base_url, java_script_enabled=False, locale=locale, viewport={"width": 360, "height": 800}
    ) as context:
        page = context.new_page()
        page.goto(HERE)
        page.locator("#suppose").select_option("pe.small.limit")
        page.locator("#suppose_value").fill("0")
        page.locator(".suppose button").click()

        expect(page.locator(".if-so tbody tr")).to_have_count(1)
        assert "suppose=pe.small.limit" in page.url
        assert not is_wide(page)


def test_a_guide_is_for_where_one_sells_from(page: Page) -> None:
    """Another country of one's own brings its own agency, examples and days."""
    page.goto("/markets/CL?from=MX")
    page.locator("#from").select_option("PE")
    page.locator(".from button").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("From Peru to Chile")
    expect(page.get_by_role("link", name="PROMPERÚ")).to_be_visible()
    assert not is_wide(page)


PAGES = (
    "/compare",
    HERE,
    f"{HERE}&suppose=pe.small.limit&suppose_value=0",
    "/markets?from=MX",
    "/markets/US?from=MX",
)


@EVERY_LANGUAGE
def test_axe_finds_nothing(page: Page, language: str) -> None:
    """Form, table and guides are free of findings in every language, everything unfolded."""
    for address in PAGES:
        page.goto(address)
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")

        assert violations(page) == [], (address, language)
        assert not is_wide(page)


@pytest.mark.parametrize("address", ["/markets/GB?from=MX", "/markets/US?from=BR", "/markets/EC?from=BR"])
def test_examples_of_a_market_fit_a_phone(page: Page, address: str) -> None:
    """Thousands with a range under them, and answers that are refused in words, stand beside each other at 360 px."""
    page.goto(f"{address}&lang=pt")

    expect(page.locator(".examples")).to_be_visible()
    assert not is_wide(page)


def test_everything_can_be_read_in_the_dark(page: Page) -> None:
    """Form, table and guides keep their contrast on a dark ground."""
    page.emulate_media(color_scheme="dark")
    for address in PAGES:
        page.goto(address)
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")

        assert unreadable(page) == [], address
