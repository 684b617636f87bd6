"""The pages of a purchase, and the menu of the seller's pages: for everyone, on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shopkit.app import services_of
from tests.browser.test_accessible import is_wide, violations
from tests.browser.test_dashboard import enter
from tests.shop import listening, open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

CUP = "/s/demo/us/en/p/taza-peltre"


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a demonstration with orders."""
    app = open_demo(tmp_path_factory.mktemp("street"), has_orders=True)
    with listening(app) as address:
        yield address
    services_of(app).database.dispose()


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], street: str) -> dict[str, Any]:
    """Stand in that street."""
    return {**browser_context_args, "base_url": street}


def test_every_page_of_a_purchase_is_for_everyone(page: Page) -> None:
    """Shelf, product, cart, address, total, order and the way to pay: axe finds nothing, nothing scrolls sideways."""
    found = {}

    def look(name: str) -> None:
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        found[name] = (violations(page), is_wide(page))

    page.goto("/s/demo/us/en/")
    look("shelf")
    page.goto(CUP)
    look("product")
    page.locator("form.put button").click()
    look("cart")
    page.locator("a.button").click()
    look("address")
    page.locator("form.ask button[type=submit]").click()
    look("problems")
    for name, text in (("name", "June"), ("email", "june@mail.example"), ("line1", "1 Main St"), ("city", "Austin")):
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=region]").select_option("TX")
    page.locator("[name=postal_code]").fill("78702")
    page.locator("form.ask button[type=submit]").click()
    look("total")
    page.locator("button[value=place]").click()
    look("order")
    page.locator("input[value='sandbox/voucher']").check()
    page.locator("form:has(.ways) button").click()
    page.get_by_role("button").first.wait_for()

    assert found == dict.fromkeys(found, ([], False))
    assert len(found) == 7


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.usefixtures("language")
def test_the_pages_of_a_shop_fold_on_a_phone(page: Page) -> None:
    """The menu takes no more than two lines above the page until it is opened, and opened it is for everyone."""
    enter(page)
    page.goto("/orders")
    closed = page.locator("header.top").bounding_box()
    page.locator(".all-pages summary").click()

    assert closed is not None
    assert closed["height"] < 112
    assert page.locator(".all-pages a").count() == page.locator("nav.pages a").count() > 10
    assert (violations(page), is_wide(page)) == ([], False)


def test_the_menu_opens_without_scripts(browser: Browser, browser_context_args: dict[str, Any]) -> None:
    """It leads to a page by the browser alone; on a wide screen the same pages stand in a row."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    enter(page)
    page.locator(".all-pages summary").click()
    page.locator(".all-pages a", has_text="Orders").click()
    page.wait_for_url("**/orders")
    page.set_viewport_size({"width": 1280, "height": 800})
    shown = (page.locator(".all-pages").is_visible(), page.locator("nav.pages").is_visible())
    context.close()

    assert shown == (False, True)
