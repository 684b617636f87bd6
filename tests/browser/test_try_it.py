"""The first journey: from a product to its price at a door abroad, on a phone, in three languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.unit.web import samples
from translations.ui import speech

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SEE = {"es": "Ver el costo en la puerta", "pt": "Ver o custo na porta", "en": "See the cost at the door"}
DOOR = {"es": "El precio en la puerta", "pt": "O preço na porta", "en": "The price at the door"}
EVERY_LANGUAGE = pytest.mark.parametrize("language", ["es", "pt", "en"])
QUOTE = re.compile(r"/q/q_[0-9A-Z]{26}$")


def fill(page: Page) -> None:
    """Fill the form as a seller of shirts in Toluca would."""
    page.get_by_role("textbox", name=re.compile(r"¿Qué es\?|O que é\?|What is it\?")).fill("playera de algodón")
    page.locator("#items-0-hs_code").fill("6109.10")
    page.locator("#items-0-origin").select_option("MX")
    page.locator("#items-0-price").fill("25")
    page.locator("#items-0-quantity").fill("2")
    page.locator("#items-0-weight").fill("200")
    page.locator("#from").select_option("MX")
    page.locator("#to").select_option("US")
    page.locator("#region").select_option("US-CA")
    page.locator("#date").fill("2026-11-23")
    page.locator("#freight").fill("12")


def landed(page: Page, language: str) -> str:
    """Return the price at the door of the quote at hand as the API tells it, written for the reader."""
    quote = page.request.get(page.url.replace("/q/", "/api/v1/quotes/")).json()
    tag = {"es": "es-MX", "pt": "pt-BR", "en": "en-US"}[language]
    return speech(language, [tag]).money(quote["totals"]["landed"], quote["currency"])


def is_wide(page: Page) -> bool:
    """Return whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@EVERY_LANGUAGE
def test_a_seller_gets_the_price_at_the_door(page: Page, language: str) -> None:
    """Filling the form leads to the answer of the API, under an address that shows the same when opened again."""
    page.goto("/")
    fill(page)
    page.get_by_role("button", name=SEE[language]).last.click()
    page.wait_for_url(QUOTE)

    expect(page.get_by_role("heading", level=1)).to_have_text(DOOR[language])
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator(".figure")).to_have_text(landed(page, language))
    assert page.title().startswith("playera de algodón, 2 ×")
    assert not is_wide(page)
    shown = page.locator("article").inner_text()
    page.reload()
    assert page.locator("article").inner_text() == shown


@EVERY_LANGUAGE
def test_it_works_without_scripts(browser: Browser, base_url: str, language: str) -> None:
    """Without scripts the same form leads to the same kind of answer, and an error comes back filled."""
    locale = {"es": "es-MX", "pt": "pt-BR", "en": "en-US"}[language]
    with browser.new_context(base_url=base_url, java_script_enabled=False, locale=locale) as context:
        page = context.new_page()
        page.goto("/")
        fill(page)
        page.locator("#items-0-price").fill("veinticinco")
        page.locator("#go").click()
        expect(page.locator("#items-0-price")).to_have_value("veinticinco")
        expect(page.locator("#items-0-price-error")).to_be_visible()
        expect(page.locator("#problems")).to_be_focused()

        page.locator("#items-0-price").fill("25")
        page.locator("#go").click()
        page.wait_for_url(QUOTE)
        expect(page.locator(".figure")).to_have_text(landed(page, language))


def test_the_keyboard_is_enough(page: Page) -> None:
    """Everything can be done with keys alone: skip, fill, choose, send, change, open a law."""
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.goto("/?example=playera")
    expect(page.locator("#go")).to_be_focused()
    page.locator("#items-0-description").focus()
    page.keyboard.press("End")
    page.keyboard.type(" blanca")
    page.keyboard.press("Enter")
    page.wait_for_url(QUOTE)
    expect(page.locator("#answer-title")).to_be_focused()

    law = page.locator(".law summary").first
    for _ in range(40):
        page.keyboard.press("Tab")
        if law.evaluate("element => element === document.activeElement"):
            break
    expect(law).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".law .facts").first).to_be_visible()


def test_wrong_input_keeps_what_was_typed(page: Page) -> None:
    """A form with errors comes back filled, the list of errors has the focus and leads to each field."""
    page.goto("/")
    fill(page)
    page.locator("#freight").fill("1.250")
    page.locator("#to").select_option("")
    page.locator("#go").click()

    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("#problems li")).to_have_count(2)
    expect(page.locator("#items-0-description")).to_have_value("playera de algodón")
    expect(page.locator("#freight")).to_have_value("1.250")
    page.locator("#problems").get_by_role("link", name="Freight").click()
    expect(page.locator("#freight")).to_be_focused()


def test_codes_are_offered_and_a_person_decides(page: Page) -> None:
    """Codes found for everyday words are choices; the one chosen is the one that is asked with."""
    page.goto("/")
    fill(page)
    page.locator("#items-0-hs_code").fill("")
    page.get_by_role("button", name="Find the code").click()
    offered = page.get_by_role("group", name="Which one is it?")
    expect(offered).to_be_focused()
    expect(offered.get_by_role("radio", checked=True)).to_have_accessible_name("None of these, or not sure")
    offered.get_by_role("radio", name="6109.10").check()
    page.locator("#go").click()
    page.wait_for_url(QUOTE)

    page.locator(".asked > summary").click()
    expect(page.locator("#items-0-hs_code")).to_have_value("6109.10")


def test_a_question_is_answered_beside_its_reason(page: Page) -> None:
    """What would settle an estimate is answered where it is asked, and the whole basket is asked again with it."""
    page.goto(f"/q/{samples.estimated()['id']}")
    page.get_by_role("group", name="Is it for religious use?").get_by_label("No").check()
    page.locator(".reasons").get_by_label("volume (l)").fill("0.75")
    with page.expect_response(re.compile(r"/try$")) as sent:
        page.get_by_role("button", name="Answer and work it out again").first.click()
    body = sent.value.request.post_data or ""

    assert "items-0-attributes-religious_use" in body
    assert "items-1-measures-volume_l" in body


def test_a_reason_leads_to_the_field_that_settles_it(page: Page) -> None:
    """The action of a reason leads to its field, which is unfolded for it."""
    page.goto(f"/q/{samples.estimated()['id']}")
    page.locator(".reasons a[href='#freight']").click()

    expect(page.locator("#freight")).to_be_focused()


def test_an_agreement_is_claimed(page: Page) -> None:
    """Claiming opens the filled form at the proof of origin."""
    page.goto(f"/q/{samples.COMPLETE['id']}")
    page.get_by_role("link", name="Claim USMCA").click()

    expect(page.locator("#items-0-evidence")).to_have_value("declared")
    expect(page.locator("#items-0-preference")).to_have_value("usmca")
    expect(page.locator("#items-0-evidence")).to_be_focused()


def test_the_same_basket_on_another_day(page: Page) -> None:
    """A kept quote is asked again for another day from its own page."""
    page.goto("/?example=playera")
    page.locator("#go").click()
    page.wait_for_url(QUOTE)
    first = page.url
    page.locator("#requote").fill("2026-07-23")
    page.get_by_role("button", name="Ask again").click()
    page.wait_for_url(lambda url: url != first)

    expect(page.locator(".market")).to_contain_text("Rules of July 23, 2026")


def test_a_second_product(page: Page) -> None:
    """A product can be added; only one that was added can be taken away."""
    page.goto("/?example=playera")
    page.get_by_role("button", name="Add another product").click()

    expect(page.locator("#items-1-description")).to_be_focused()
    page.get_by_role("button", name="Take product 2 away").click()
    expect(page.locator("#items-1-description")).to_have_count(0)
    expect(page.locator("#items-0-description")).to_have_value("playera de algodón")


def test_only_states_of_the_destination_are_offered(page: Page) -> None:
    """With scripts, the states follow the destination."""
    page.goto("/?example=playera")
    page.locator("#to").select_option("BR")

    expect(page.locator("#region")).to_have_value("")
    shown = page.locator("#region option:not([hidden])").evaluate_all("all => all.map(one => one.value.slice(0, 2))")
    assert set(shown) == {"", "BR"}


def test_back_and_forward(page: Page) -> None:
    """After an answer, going back shows the form and going forward the answer."""
    page.goto("/?example=playera")
    page.locator("#go").click()
    page.wait_for_url(QUOTE)
    page.go_back()
    expect(page.locator("#go")).to_be_visible()
    page.go_forward()

    expect(page.locator("#answer-title")).to_be_visible()


def test_the_language_is_switched_in_place(page: Page) -> None:
    """Switching the language keeps the page and is remembered on the next one."""
    page.goto("/?example=playera")
    page.locator("#go").click()
    page.wait_for_url(QUOTE)
    page.get_by_role("link", name="Português").click()

    expect(page.locator("html")).to_have_attribute("lang", "pt-BR")
    expect(page.locator("#answer-title")).to_have_text(DOOR["pt"])
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "pt-BR")


def test_pages_are_light(page: Page) -> None:
    """Everything a first visit fetches from us, page and assets, stays under 300 kB; assets alone under 200 kB."""
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.__setitem__(answer.url, len(answer.body())))
    page.goto("/?example=playera")
    page.wait_for_load_state("networkidle")

    assert 0 < sum(size for url, size in sizes.items() if "/static/" in url) < 200_000
    assert sum(sizes.values()) < 300_000
