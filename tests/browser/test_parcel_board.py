"""The pages of parcels, boxes, numbers and pools, for everyone: axe-core finds nothing, and they fit a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shopkit.services import accounts, demo, order_lists, pool_groups, sessions, shipments
from shopkit.services.companies import command_actor
from shopkit.services.sessions import Where
from tests.browser.test_accessible import is_wide, violations
from tests.parcels import fresh_number, journey, said
from tests.shop import NOW, listening, open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from shopkit.app import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Return the demonstration with its orders, which keeps secrets."""
    app = open_demo(tmp_path, has_orders=True, secret_keys=("A" * 43 + "=",))
    yield app
    app.extensions["shopkit"].database.dispose()


def test_axe_finds_nothing_where_parcels_are_seen_to(shop: Shop, page: Page) -> None:
    """The board, a parcel held by customs, lanes, packing, boxes, ranges of numbers, pools; all that folds open."""
    services = shop.extensions["shopkit"]
    ana = command_actor(services, demo.SLUG)
    made = shipments.create(
        services, ana, fresh_number("EE"), posted_on=NOW.date() - timedelta(days=1), destination="US", origin="MX"
    )
    shipments.receive(services, made.id, [*journey(("EMA", "EMD")), said("EME", text="Retenido", place="Los Ángeles")])
    order_id = order_lists.id_of(services, ana, "1001")
    group = pool_groups.create_group(services, ana, "Los de Toluca", "MX", "Toluca")
    entered = accounts.sign_in(services, f"ana{sessions.DEMO_DOMAIN}", demo.PASSWORD, Where("127.0.0.1"))
    found = {}
    with listening(shop) as url:
        page.context.add_cookies([{"name": "sign_in", "value": entered.token, "url": url}])
        for path in (
            "/shipments?view=all",
            f"/shipments/{made.id}",
            "/shipments/lanes",
            f"/orders/{order_id}/packing",
            "/settings/boxes",
            "/settings/numbers",
            f"/orders/{order_id}/together",
            "/pools",
            f"/pools/groups/{group.id}",
        ):
            page.goto(url + path)
            page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
            found[path] = violations(page), is_wide(page)

    assert found == dict.fromkeys(found, ([], False))
