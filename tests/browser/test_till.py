"""The pages of how a shop is paid, for everyone: axe-core finds nothing, and they fit a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from listings.model import Listing
from shopkit.payments import sandbox
from shopkit.services import accounts, demo, invoices, listings, orders, payment_accounts, payments, sessions, webhooks
from shopkit.services.companies import command_actor
from shopkit.services.sessions import Where
from tests.browser.test_accessible import is_wide, violations
from tests.ordering import event, order
from tests.shop import listening, open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from shopkit.app import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Return the demonstration, which keeps secrets."""
    app = open_demo(tmp_path, secret_keys=("A" * 43 + "=",))
    yield app
    app.extensions["shopkit"].database.dispose()


def disputed(app: Shop) -> str:
    """Return an order with money that does not fit and a dispute."""
    services = app.extensions["shopkit"]
    ana = command_actor(services, demo.SLUG)
    listing = listings.create_listing(services, ana, Listing(key="pla", title="Playera")).id
    made = order(services, ana, listing)
    payment = payments.start(services, made.id, "sandbox/card", "https://shop.example/").payment_id
    with services.database.reading() as session:
        row = payments.get(session, payment)
        account = payment_accounts.by_id(session, services, row.account_id)
    assert row.ref is not None
    for button in ("pay", "dispute"):
        body, header = sandbox.press(account, row.ref, button, services.now())
        webhooks.receive(services, "sandbox", account.id, body, {sandbox.HEADER: header}, {})
    webhooks.work(services)
    orders.add(services, made.id, event("payment_mismatch", "x", 500, payment=payment))
    return made.id


def test_axe_finds_nothing_where_sellers_are_paid(shop: Shop, page: Page) -> None:
    """Accounts, one form, the matrix, the report, an order in dispute, its papers and ways, all that folds open."""
    address = disputed(shop)
    services = shop.extensions["shopkit"]
    issued = invoices.issue(services, command_actor(services, demo.SLUG), address)
    entered = accounts.sign_in(
        shop.extensions["shopkit"], f"ana{sessions.DEMO_DOMAIN}", demo.PASSWORD, Where("127.0.0.1")
    )
    found = {}
    with listening(shop) as url:
        page.context.add_cookies([{"name": "sign_in", "value": entered.token, "url": url}])
        for path in (
            "/settings/payments?connect=stripe",
            "/settings/payments/methods?market=MX",
            "/settings/payments/report",
            f"/orders/{address}",
            f"/orders/{address}/customs?form=cn22",
            f"/orders/{address}/ways",
            f"/orders/{address}/invoices/{issued.document.number}",
            "/invoices",
            "/orders/history",
        ):
            page.goto(url + path)
            page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
            found[path] = violations(page), is_wide(page)

    assert found == dict.fromkeys(found, ([], False))
