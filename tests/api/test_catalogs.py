"""Catalogs through the JSON door: kept, tried, made in the background, told, given an address, removed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from listings.model import Listing
from shopkit.models import Seller
from shopkit.services import keys, listings
from shopkit.services.actors import Actor
from tests.shop import NOW, open_shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

ANA = Actor("s_1", "owner")
CATALOG: dict[str, Any] = {
    "channel": "google",
    "market": "US",
    "language": "es",
    "settings": {"link": "https://taller.example/{key}", "charges": "apart"},
}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    """Return a program of a shop with two listings, one of them without a price."""
    app = open_shop(tmp_path, public_url="https://shop.example")
    services = app.extensions["shopkit"]
    with services.database.writing.begin() as session:
        session.add(Seller(id="s_1", created_at=NOW, name="Taller", country="MX", currency="MXN"))
    for key, price in (("taza", {"price": {"amount": "18.00", "currency": "USD"}}), ("plato", {})):
        said = {"key": key, "title": key.title(), "description": "Hecha a mano.", "status": "active", "price": price}
        more = {"hs_code": "691200", "origin": "MX", "pictures": ("https://taller.example/1.jpg",)}
        listings.create_listing(services, ANA, Listing.model_validate(said | more))
    found = app.test_client()
    secret = keys.create_key(services, ANA, "all", keys.SCOPES, 60).secret
    found.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    yield found
    services.database.dispose()


def ended(client: FlaskClient, run: dict[str, Any]) -> dict[str, Any]:
    """Wait for the thread of a run, and return the run."""
    for thread in threading.enumerate():
        if thread.name == f"catalog {run['id']}":
            thread.join(60)
    found: dict[str, Any] = client.get(f"/api/v1/catalog-runs/{run['id']}").get_json()
    return found


def test_a_catalog_is_kept_tried_made_and_read(client: FlaskClient) -> None:
    """A try keeps nothing and tells what is wrong; then it is made, and what is left out is told with what to do."""
    made = client.post("/api/v1/catalogs", json=CATALOG).get_json()
    path = f"/api/v1/catalogs/{made['id']}"
    tried = ended(client, client.post(f"{path}/runs", json={"dry_run": True}).get_json())
    run = ended(client, client.post(f"{path}/runs", json={}).get_json())
    left = client.get(f"{path}/left-out").get_json()

    assert (tried["state"], tried["dry_run"], sorted(one["rule"] for one in tried["findings"])) == (
        "done",
        True,
        ["no_price", "no_shipping"],
    )
    assert (run["state"], run["counts"], run["is_alive"]) == (
        "done",
        {"rows": 1, "left_out": 1, "made": 2, "added": 1},
        False,
    )
    assert [(one["key"], one["findings"][0]["what"]) for one in left["results"]] == [("plato", "It has no price.")]
    assert {one["id"] for one in client.get(f"{path}/runs").get_json()["results"]} == {run["id"], tried["id"]}
    assert client.get(f"/api/v1/catalog-runs/{run['id']}/changes").get_json()["total"] == 0
    assert client.get(f"/api/v1/catalog-runs/{run['id']}/changes?page=0").status_code == 422


def test_an_address_is_given_out_and_taken_back(client: FlaskClient) -> None:
    """The answer says under which address a channel fetches it."""
    path = f"/api/v1/catalogs/{client.post('/api/v1/catalogs', json=CATALOG).get_json()['id']}"

    opened = client.post(f"{path}/address").get_json()["address"]

    assert opened.startswith("https://shop.example/feeds/c_")
    assert client.delete(f"{path}/address").get_json()["address"] is None


def test_settings_are_changed_by_who_read_them_last(client: FlaskClient) -> None:
    """A change names the version it read; an older one is 409; a removed catalog is 404."""
    path = f"/api/v1/catalogs/{client.post('/api/v1/catalogs', json=CATALOG).get_json()['id']}"
    change = {"version": 1, "kind": "tsv", "settings": CATALOG["settings"]}

    changed = client.put(path, json=change).get_json()

    assert (changed["kind"], changed["version"]) == ("tsv", 2)
    assert client.put(path, json=change).status_code == 409
    assert client.put(path, json={"version": "x"}).status_code == 422
    assert [one["id"] for one in client.get("/api/v1/catalogs").get_json()["results"]] == [changed["id"]]
    assert (client.delete(path).status_code, client.get(path).status_code) == (204, 404)


def test_what_makes_no_catalog_is_told_with_its_place(client: FlaskClient) -> None:
    """A market that is not known and an address without a product are told together."""
    wrong = CATALOG | {"market": "XX", "settings": {"link": "https://taller.example/"}}

    answer = client.post("/api/v1/catalogs", json=wrong)

    assert (answer.status_code, [one["pointer"] for one in answer.get_json()["errors"]]) == (422, ["/market", "/link"])
