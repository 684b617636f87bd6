"""A shop that really listens, and pages that complain of nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.shop import listening
from tests.unit.web.conftest import open_shop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page

# The answer to a form with errors is 422, which Chromium writes to its console by itself.
EXPECTED = (
    "the server responded with a status of 422",
    "the server responded with a status of 404",
    "the server responded with a status of 410",
)
LOCALES = {"es": "es-MX", "pt": "pt-BR", "en": "en-US"}


@pytest.fixture(scope="session")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a running shop with the samples in it."""
    with listening(open_shop(tmp_path_factory.mktemp("listening"))) as address:
        yield address


@pytest.fixture
def language() -> str:
    """Return the language of the reader; a test may ask for others."""
    return "en"


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], language: str) -> dict[str, Any]:
    """Read in the language of the test, on a phone of 360 by 800."""
    return {
        **browser_context_args,
        "locale": LOCALES[language],
        "viewport": {"width": 360, "height": 800},
        "timezone_id": "UTC",
    }


@pytest.fixture
def complaints(context: BrowserContext) -> Iterator[list[str]]:
    """Return what the console has complained of so far; anything left at the end fails the test."""
    found: list[str] = []

    def note(text: str) -> None:
        if not any(one in text for one in EXPECTED):
            found.append(text)

    context.on("console", lambda message: note(message.text) if message.type in {"error", "warning"} else None)
    context.on("weberror", lambda error: note(str(error.error)))
    yield found
    assert found == []


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Page:
    """Return a page whose complaints are watched (policy, scripts, console)."""
    assert complaints == []
    return context.new_page()
