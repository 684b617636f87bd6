"""Catalogs and the accounts they are sent to, in a browser: for everyone, on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet

from shopkit.app import services_of
from shopkit.services import catalog_runs, catalogs, channel_accounts, demo, pushes
from shopkit.services.companies import command_actor
from tests.browser.test_accessible import is_wide, violations
from tests.browser.test_dashboard import enter
from tests.shop import listening, open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """Return the address of a demonstration with a catalog that was sent to a trial account, and its pages."""
    keys = (Fernet.generate_key().decode(),)
    app = open_demo(tmp_path_factory.mktemp("street"), secret_keys=keys)
    services = services_of(app)
    ana = command_actor(services, demo.SLUG)
    channel_accounts.connect(services, ana, "google", "Taller", "", place="sandbox")
    found = next(one for one in catalogs.all_feeds(services, ana) if one.channel == "google")
    run = catalog_runs.run(services, ana, catalog_runs.create(services, ana, found.id).id)
    pushes.run(services, ana, pushes.create(services, ana, found.id).id)
    here = f"/catalogs/{found.id}"
    pages = ["/catalogs", here, f"/catalogs/runs/{run.id}", "/settings/channels", "/settings/channels?connect=amazon"]
    with listening(app) as address:
        yield address, pages
    services.database.dispose()


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], street: tuple[str, list[str]]) -> dict[str, Any]:
    """Stand in that street."""
    return {**browser_context_args, "base_url": street[0]}


def test_catalogs_and_their_accounts_are_for_everyone(page: Page, street: tuple[str, list[str]]) -> None:
    """All of it unfolded, axe finds nothing, and in no language does anything scroll sideways on a phone."""
    enter(page)
    found, wide = {}, {}
    for path in street[1]:
        page.goto(path)
        page.locator("details:not(.menu)").evaluate_all("all => all.forEach(one => { one.open = true })")
        found[path] = violations(page)
        for language in ("es", "pt", "en"):
            page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
            wide[path, language] = is_wide(page)

    assert found == {path: [] for path in street[1]}
    assert not any(wide.values())
