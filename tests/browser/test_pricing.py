"""The journey of a price: from the form to what is left, on a phone, in three languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessible import is_wide, unreadable, violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

EVERY_LANGUAGE = pytest.mark.parametrize("language", ["es", "pt", "en"])
LEFT = {"es": "queda en la mano", "pt": "O que sobra na sua mão", "en": "Left in your hand"}


@EVERY_LANGUAGE
def test_a_seller_sees_what_is_left(page: Page, language: str) -> None:
    """The form leads to the figure, the lines and the price that leaves the margin."""
    page.goto("/pricing")
    page.locator("#items-0-description").fill("playera de algodón")
    page.locator("#items-0-hs_code").fill("6109.10")
    page.locator("#items-0-origin").select_option("MX")
    page.locator("#items-0-price").fill("25")
    page.locator("#items-0-quantity").fill("2")
    page.locator("#from").select_option("MX")
    page.locator("#to").select_option("US")
    page.locator("#date").fill("2026-11-23")
    page.locator("#freight").fill("12")
    page.locator("#own").select_option("MXN")
    page.locator("#cost_unit").fill("90")
    page.locator("#goal_margin").fill("40")
    page.locator("#go").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(LEFT[language])
    expect(page.locator(".figure")).to_contain_text("MXN")
    assert page.locator(".charges tbody tr").count() == 2
    assert not is_wide(page)


@EVERY_LANGUAGE
def test_it_works_without_scripts(browser: Browser, base_url: str, language: str) -> None:
    """Without scripts the form keeps what was typed, and an error leads to its field."""
    locale = {"es": "es-MX", "pt": "pt-BR", "en": "en-US"}[language]
    with browser.new_context(
        base_url=base_url, java_script_enabled=False, locale=locale, viewport={"width": 360, "height": 800}
    ) as context:
        page = context.new_page()
        page.goto("/pricing?example=playera")
        expect(page.get_by_role("heading", level=1)).to_contain_text(LEFT[language])
        page.locator(".asked > summary").click()
        page.locator("#cost_unit").fill("noventa")
        page.locator("#go").click()

        expect(page.locator("#problems a")).to_have_attribute("href", "#cost_unit")
        expect(page.locator("#cost_unit")).to_have_value("noventa")
        assert not is_wide(page)


PAGES = ("/pricing", "/pricing?example=playera", "/pricing?do=ask&cost_unit=x")


@EVERY_LANGUAGE
def test_axe_finds_nothing(page: Page, language: str) -> None:
    """Form, answer and errors are free of findings in every language, everything unfolded."""
    for address in PAGES:
        page.goto(address)
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")

        assert violations(page) == [], (address, language)
        assert not is_wide(page)


def test_everything_can_be_read_in_the_dark(page: Page) -> None:
    """Form, answer and errors keep their contrast on a dark ground."""
    page.emulate_media(color_scheme="dark")
    for address in PAGES:
        page.goto(address)
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")

        assert unreadable(page) == [], address
