"""The dashboard in a browser: everything by keyboard and without scripts, on a phone, in three languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shopkit.app import services_of
from tests.browser.test_accessible import is_wide, violations
from tests.dashboards import furnish
from tests.shop import listening, open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a demonstration with a past."""
    app = open_demo(tmp_path_factory.mktemp("listening"))
    furnish(services_of(app))
    with listening(app) as address:
        yield address


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], board: str) -> dict[str, Any]:
    """Look at that demonstration, whatever shop the other tests look at."""
    return {**browser_context_args, "base_url": board}


def enter(page: Page, shop: str = "demo") -> None:
    """Enter a sample shop as its owner."""
    page.goto("/sign-in")
    page.locator(f"button[value={shop}]").click()
    page.wait_for_url("**/dashboard")


def unfold(page: Page) -> None:
    """Open everything that folds."""
    page.locator("details:not(.menu)").evaluate_all("all => all.forEach(one => { one.open = true })")


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.usefixtures("language")
def test_every_page_is_for_everyone(page: Page) -> None:
    """Board, product and questions: axe finds nothing, and nothing scrolls sideways on a phone."""
    enter(page)
    unfold(page)
    found = [(violations(page), is_wide(page))]
    page.locator(".matrix tbody th a").first.click()
    page.wait_for_url("**/products/*")
    unfold(page)
    found.append((violations(page), is_wide(page)))
    page.goto("/dashboard/assessment")
    found.append((violations(page), is_wide(page)))

    assert found == [([], False)] * 3


def test_the_board_in_the_dark(page: Page) -> None:
    """In dark colours on a wide screen, and of a shop that has nothing yet, axe finds nothing either."""
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 900})
    enter(page)
    unfold(page)
    full = violations(page), is_wide(page)
    page.context.clear_cookies()
    enter(page, "flores-sabana")
    unfold(page)

    assert [full, (violations(page), is_wide(page))] == [([], False)] * 2


def test_all_of_it_works_without_scripts(browser: Browser, browser_context_args: dict[str, Any]) -> None:
    """Choose markets, set a trial, spend on it, remove it and bring it back, answer a question, put the steps away."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    enter(page, "queso-boaco")
    page.locator(".choose summary").click()
    page.get_by_label("Costa Rica", exact=True).check()
    page.get_by_role("button", name="Compare these").click()
    page.locator(".new-goal summary").click()
    page.locator("#kind-trial").check()
    page.locator("#market").select_option("CR")
    page.locator("#amount").fill("2000")
    page.get_by_role("button", name="Set it").click()
    page.get_by_label("Spent on it, NIO").fill("450,50")
    page.get_by_role("button", name="Add").click()
    spent = page.locator(".goals").inner_text()
    page.get_by_role("button", name="Remove", exact=True).click()
    gone = page.locator(".goals").count()
    page.get_by_role("button", name="Bring it back").click()
    back = page.locator(".goals > li").count()
    page.get_by_role("link", name="Answer the questions").click()
    page.locator("input[name='costs.known'][value='no']").check()
    page.get_by_role("button", name="Keep the answers").click()
    steps = page.locator(".next-steps > li").count()
    page.goto("/dashboard")
    page.get_by_role("button", name="Put this list away").click()
    page.get_by_role("button", name="first steps that are open").wait_for()
    chosen = page.locator(".choose input:checked").count()
    context.close()

    assert ("450.50" in spent, gone, back, steps, chosen) == (True, 0, 1, 1, 1)
