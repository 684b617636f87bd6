"""The page of selling by the case, from the first case to the list that a partner opens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from shopkit.app import services_of
from shopkit.services import companies, demo, listings
from tests.shop import open_demo
from tests.unit.web.test_dashboard import enter, send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.app import Shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a shop of the demonstration."""
    made = open_demo(tmp_path_factory.mktemp("shop"))
    yield made
    services_of(made).database.dispose()


def test_a_list_is_made_handed_over_and_taken_back(shop: Shop) -> None:
    """Case, terms, partner, its address; and what was removed comes back."""
    of = services_of(shop)
    client, who = enter(shop, "luis"), companies.command_actor(of, demo.SLUG)
    shirt = next(
        one for one in listings.find_listings(of, who, size=100).listings if one.listing.key == "playera-bordada"
    )
    case = {"code": "PLA-24", "currency": "usd", "minimum": "2", "weight": "5,2", "length": "", "part-0": ""}
    case |= {"part-0": f"{shirt.id}|PLA-VER-M", "pieces-0": "24", "price-0": "5.50"}
    wrong = client.get("/wholesale").status_code, send(client, "/wholesale/cases", **(case | {"pieces-0": "0"}))
    made = send(client, "/wholesale/cases", **case)
    terms = {"places": "US-CA", "way": "courier", "freight": "28", "holds_days": "30", "version": "0"}
    kept, again = send(client, "/wholesale/terms", **terms), send(client, "/wholesale/terms", **terms)
    partner = {"name": "Bodega La Esperanza", "kind": "shop", "language": "es", "sees": "prices"}
    found = send(client, "/wholesale/partners", **partner)
    page = client.get("/wholesale?lang=en").text
    home = re.findall(r"/wholesale/partners/(pa_[0-9A-Z]+)\.pdf", page)[0]
    opened = send(client, f"/wholesale/partners/{home}", do="open")
    address = re.findall(r"/w/[A-Za-z0-9_.-]+", client.get("/wholesale").text)[0]
    stranger = shop.test_client()
    shown = stranger.get(address)
    closed = send(client, f"/wholesale/partners/{home}", do="close"), stranger.get(address).status_code

    assert (wrong, made, kept, again, found, opened, closed) == ((200, 422), 303, 303, 409, 303, 303, (303, 410))
    assert (shown.status_code, shown.mimetype, shown.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert shown.headers["X-Robots-Tag"] == "noindex"
    assert "24 pieces" in page
    assert client.get("/wholesale/list.pdf?language=fr").status_code == 404


def test_what_was_removed_can_be_brought_back(shop: Shop) -> None:
    """The page that follows offers it."""
    client = enter(shop, "luis")
    send(client, "/wholesale/partners", name="Radio Lerma", kind="medium", language="es", sees="products")
    name = r"/wholesale/partners/(pa_[0-9A-Z]+)\.pdf\">[^<]*Radio Lerma"
    (home,) = re.findall(name, client.get("/wholesale").text)
    gone = send(client, f"/wholesale/partners/{home}", do="remove"), "Radio Lerma" in client.get("/wholesale").text
    offered = client.get(f"/wholesale?removed=partner:{home}").text
    back = send(client, f"/wholesale/partners/{home}", do="restore"), "Radio Lerma" in client.get("/wholesale").text

    assert (gone, back) == ((303, False), (303, True))
    assert f'action="/wholesale/partners/{home}"' in offered
