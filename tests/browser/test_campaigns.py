"""Campaigns in a browser: planned without scripts, downloaded as a catalog, for everyone in three languages."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

import pytest

from shopkit.app import services_of
from shopkit.services import companies, demo
from tests.browser.test_accessible import is_wide, violations
from tests.browser.test_dashboard import enter
from tests.campaigns import planned
from tests.shop import listening, open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a demonstration with a campaign."""
    app = open_demo(tmp_path_factory.mktemp("listening"))
    services = services_of(app)
    planned(services, companies.command_actor(services, demo.SLUG))
    with listening(app) as address:
        yield address


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], board: str) -> dict[str, Any]:
    """Look at that demonstration."""
    return {**browser_context_args, "base_url": board}


def test_a_campaign_for_mexicans_in_three_states_before_mothers_day(
    browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    """Planned on a phone without scripts: whom, where, when; by when to order; its catalog comes down as a table."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    enter(page)
    page.goto("/campaigns")
    page.locator("#group").select_option("mx")
    page.locator("#event").select_option("mothers-day")
    for state in ("CA", "TX", "IL"):
        page.locator(f"input[name=states][value={state}]").check()
    page.get_by_role("button", name="Plan it").click()
    deadlines = page.locator("ul.doors .door-figure").all_inner_texts()
    together = page.get_by_text("Together").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the catalog").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:  # noqa: PTH123 - a path of the browser's
        rows = list(csv.DictReader(file))
    context.close()

    assert deadlines == ["April 22, 2027"] * 3
    assert together.startswith("Together 23,900,000 to 24,400,000 people, counted in 2018")
    assert {row["state"] for row in rows} == {"US-CA", "US-TX", "US-IL"}
    assert {(row["currency"], row["event_day"]) for row in rows} == {("USD", "2027-05-09")}


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.usefixtures("language")
def test_its_pages_are_for_everyone(page: Page) -> None:
    """The form, a campaign unfolded, its words and links: axe finds nothing, nothing scrolls sideways on a phone."""
    enter(page)
    page.goto("/campaigns")
    found = [(violations(page), is_wide(page))]
    page.locator(".campaign-list a").first.click()
    page.locator("details:not(.menu)").evaluate_all("all => all.forEach(one => { one.open = true })")
    found.append((violations(page), is_wide(page)))
    page.get_by_role("link", name=re.compile("Words|Palabras|Palavras")).click()
    page.wait_for_url("**/spread")
    found.append((violations(page), is_wide(page)))

    assert found == [([], False)] * 3
