"""``/api/v1/ways``: every way to send what a quote's request describes, and an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shopkit.api.way_schemas import WaysOut
from shopkit.services import boxes, freight, keys, quotes
from tests.ordering import order, sell
from tests.shop import open_shop, shirts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

CARD = """\
service,channel,zone,countries,up_to_kg,price,currency,min_days,max_days
ems,postal,world,*,30,9.00,USD,5,9
"""
PARCEL = {
    "gross_weight": {"value": "0.5", "unit": "kg"},
    "dimensions": {"length": "30", "width": "20", "height": "10", "unit": "cm"},
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, dict[str, str], str]]:
    """Return a client, the headers of a shop's key and the shop's order; these tests only read."""
    app = open_shop(tmp_path_factory.mktemp("ways"))
    services = app.extensions["shopkit"]
    actor, listing = sell(services)
    freight.import_card(services, actor.seller_id, "correo", CARD)
    placed = order(services, actor, listing, found=quotes.answer(services, shirts(parcel=PARCEL), save=False))
    key = keys.create_key(services, actor, "ways", ["orders:read"], 60)
    yield app.test_client(), {"Authorization": f"Bearer {key.secret}"}, placed.id
    services.database.dispose()


def ids(found: Any) -> list[str]:
    """Return the names of the ways."""
    return [one["id"] for one in found.get_json()["ways"]]


def test_a_stranger_has_the_illustrative_card(shop: tuple[FlaskClient, dict[str, str], str]) -> None:
    """Whoever brings a key has the shop's own beside it; answers are as they are described."""
    client, headers, _ = shop
    stranger = client.post("/api/v1/ways", json=shirts(parcel=PARCEL, destination={"country": "CL"}))
    own = client.post("/api/v1/ways", json=shirts(parcel=PARCEL, destination={"country": "CL"}), headers=headers)

    assert ids(stranger) == ["card:illustrative/packet", "card:illustrative/express"]
    assert ids(own)[0] == "card:correo/ems"
    assert WaysOut.model_validate_json(own.data).dispatch == "MX"


@pytest.mark.parametrize("dispatch", ["PE", "BR", "UY", "CO", "JP"])
def test_simplified_export_is_as_it_is_described(shop: tuple[FlaskClient, dict[str, str], str], dispatch: str) -> None:
    """Whatever is known of the country: limits with their sources, doubts, or that nothing is known."""
    found = shop[0].post("/api/v1/ways", json=shirts(parcel=PARCEL, dispatch={"country": dispatch}))

    assert len(WaysOut.model_validate_json(found.data).exports) == 2


def test_an_order_is_asked_by_its_shops_key(shop: tuple[FlaskClient, dict[str, str], str]) -> None:
    """In the language that is asked for."""
    client, headers, order_id = shop
    found = client.get(f"/api/v1/orders/{order_id}/ways", headers=headers | {"Accept-Language": "pt"})

    assert (found.status_code, found.get_json()["goods"]) == (200, {"amount": "50.00", "currency": "USD"})
    assert found.get_json()["exports"][0]["message"] == "Exportação simplificada: não se sabe."


def test_an_order_that_is_packed_otherwise_says_so(tmp_path: Path) -> None:
    """In a field that is null for what a request describes: nobody packs that."""
    app = open_shop(tmp_path)
    services = app.extensions["shopkit"]
    actor, listing = sell(services, dimensions={"length": "30", "width": "22", "height": "3", "unit": "cm"})
    boxes.add_box(services, actor, boxes.SaidBox("Caja", (320, 240, 120), 180, 5_000, 4))
    placed = order(services, actor, listing, found=quotes.answer(services, shirts(parcel=PARCEL), save=False))
    key = keys.create_key(services, actor, "ways", ["orders:read"], 60)
    headers = {"Authorization": f"Bearer {key.secret}", "Accept-Language": "en"}
    client = app.test_client()
    found = client.get(f"/api/v1/orders/{placed.id}/ways", headers=headers)
    asked = client.post("/api/v1/ways", json=shirts(parcel=PARCEL), headers=headers)
    services.database.dispose()

    told = WaysOut.model_validate_json(found.data).packing
    assert told is not None
    assert told.model_dump() == {
        "parcels": [{"net_kg": "0.4", "gross_kg": "0.58", "dimensions_cm": ["32.8", "24.8", "12.8"]}],
        "left": 0,
        "message": "These ways are quoted for one parcel of 0.5 kg, 30 × 20 × 10 cm, but packed into your boxes it is "
        "one of 0.58 kg, 32.8 × 24.8 × 12.8 cm; the figures are those of the parcel that was quoted.",
    }
    assert asked.get_json()["packing"] is None


def test_what_is_wrong_is_said_at_its_place(shop: tuple[FlaskClient, dict[str, str], str]) -> None:
    """A parcel without a weight has no ways."""
    found = shop[0].post("/api/v1/ways", json=shirts(parcel=None))

    assert found.status_code == 422
    assert [(one["pointer"], one["code"]) for one in found.get_json()["errors"]] == [
        ("/parcel/gross_weight", "freight.weight_needed")
    ]
