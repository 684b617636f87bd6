"""The reference of the API: read and tried in a real browser, under the strict policy, on a phone."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

# A page of some thousand elements in front of a busy machine.
PATIENCE_MS = 30_000
DOCS = "/api/docs"


def test_a_quote_is_tried_from_the_page(page: Page) -> None:
    """The example is sent as it stands, and the answer shown; the policy has nothing to complain of."""
    page.goto(DOCS)
    form = page.locator("#createQuote form")

    form.get_by_role("button", name="Try it").click()

    shown = form.locator("output")
    expect(shown).to_contain_text(re.compile("^201 "), timeout=PATIENCE_MS)
    answer = json.loads(shown.inner_text().split("\n", 1)[1])
    assert {charge["id"] for charge in answer["charges"]} >= {"us.mfn", "us.s301fl"}


def test_fields_go_where_they_belong(page: Page) -> None:
    """What is typed goes into the address, the query or a header, as the description says."""
    page.goto(DOCS)
    guide, search = page.locator("#readDestination form"), page.locator("#searchHs form")

    guide.get_by_label("Accept-Language").fill("pt")
    guide.get_by_role("button").click()
    search.get_by_label("lang (query)").fill("en")
    search.get_by_role("button").click()

    expect(guide.locator("output")).to_contain_text("Estados Unidos", timeout=PATIENCE_MS)
    expect(search.locator("output")).to_contain_text("t-shirt (cotton)", timeout=PATIENCE_MS)


def test_axe_finds_nothing(page: Page) -> None:
    """The page can be read by everyone."""
    page.goto(DOCS)

    # What is well is counted and not written out: there are ten thousand elements.
    found = [
        (one["id"], [node["target"] for node in one["nodes"]][:3])
        for one in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    ]

    assert found == []


def test_nothing_scrolls_sideways(page: Page) -> None:
    """On a phone the page is no wider than the screen; a wide table scrolls within itself."""
    page.goto(DOCS)

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
