"""Rate cards on the pages: each reader's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shopkit.services import accounts, companies, demo, freight
from shopkit.services.sessions import Where
from tests.shop import open_demo

if TYPE_CHECKING:
    from pathlib import Path


def test_a_page_offers_its_readers_own_cards(tmp_path: Path) -> None:
    """Who acts for a seller chooses among the seller's rate cards; a stranger and another seller's people do not."""
    app = open_demo(tmp_path)
    services: Any = app.extensions["shopkit"]
    head = "service,channel,zone,countries,up_to_kg,price,currency,min_days,max_days\n"
    owner = companies.command_actor(services, demo.SLUG).seller_id
    freight.import_card(services, owner, "propia", head + "air,courier,us,US,1,18.50,USD,2,4\n")
    shown = {}
    for name in ("", "ana", "martha"):
        client = app.test_client()
        if name:
            found = accounts.sign_in(services, f"{name}@demo.example", demo.PASSWORD, Where("192.0.2.1"))
            client.set_cookie("sign_in", found.token)
        shown[name] = ["propia/air" in client.get(page).text for page in ("/", "/compare")]
    services.database.dispose()

    assert shown == {"": [False, False], "ana": [True, True], "martha": [False, False]}
