"""Every page and every state of it, for everyone: axe-core finds nothing, and nothing scrolls sideways at 360 px."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.unit.web import samples

if TYPE_CHECKING:
    from playwright.sync_api import Page

STATES = {
    "form": "/",
    "example": "/?example=playera",
    "complete": f"/q/{samples.COMPLETE['id']}",
    "estimated": f"/q/{samples.estimated()['id']}",
    "unbounded": f"/q/{samples.unbounded()['id']}",
    "refused": f"/q/{samples.refused()['id']}",
    "evidence": "/about/evidence",
    "origin": "/origin",
    "judged": "/origin?example=usb",
    "missing": "/nothing-here",
    "errors": "/",
    "codes": "/",
}
EVERY_STATE = pytest.mark.parametrize("state", STATES)
# What a reader meets first in every language, each further state in one of them.
SPOKEN = [(state, language) for state in ("form", "complete", "estimated") for language in ("es", "pt", "en")] + [
    ("example", "es"),
    ("unbounded", "pt"),
    ("refused", "es"),
    ("evidence", "pt"),
    ("origin", "pt"),
    ("judged", "es"),
    ("missing", "es"),
    ("errors", "pt"),
    ("codes", "es"),
]


def show(page: Page, state: str) -> None:
    """Bring the page into a state, everything that folds unfolded."""
    page.goto(STATES[state])
    if state == "errors":
        page.locator("#items-0-price").fill("1.250")
        page.locator("#freight").fill("doce")
        page.locator("#go").click()
        page.locator("#problems").wait_for()
    if state == "codes":
        page.locator("#items-0-description").fill("bolsa de cuero")
        page.locator(".with-button button").click()
        page.locator("#items-0-codes").wait_for()
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")


def asked(page: Page) -> dict[str, Any]:
    """Return what axe is asked of a page: everything in English, and all that words can change in other languages.

    What passes is not described node by node: on a page of many tables that takes longer than the finding.
    """
    contrast = page.locator("html").get_attribute("lang") == "en"
    return {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}


def violations(page: Page) -> list[Any]:
    """Return what axe-core finds wrong, short enough to read."""
    found = Axe().run(page, options=asked(page)).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]][:3]) for one in found]


def unreadable(page: Page) -> list[Any]:
    """Return what has too little contrast: all that other colours can change in a page whose rest was looked at."""
    found = Axe().run(page, options={"runOnly": ["color-contrast"], "resultTypes": ["violations"]})
    return [node["html"][:200] for one in found.response["violations"] for node in one["nodes"]]


def is_wide(page: Page) -> bool:
    """Return whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize(("state", "language"), SPOKEN)
def test_axe_finds_nothing(page: Page, state: str, language: str) -> None:
    """Every state is free of findings and fits a phone, whatever the language does to the length of words."""
    show(page, state)

    assert violations(page) == []
    assert not is_wide(page)
    assert page.locator("html").get_attribute("lang") == {"es": "es", "pt": "pt-BR", "en": "en"}[language]


@EVERY_STATE
def test_axe_finds_nothing_in_the_dark(page: Page, state: str) -> None:
    """In dark colours and on a wide screen nothing is found either."""
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 900})
    show(page, state)

    assert violations(page) == []
    assert not is_wide(page)


@pytest.mark.parametrize("state", ["complete", "form"])
def test_text_may_be_twice_as_large(page: Page, state: str) -> None:
    """With text at twice its size nothing scrolls sideways on a tablet."""
    page.set_viewport_size({"width": 720, "height": 900})
    show(page, state)
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert not is_wide(page)
