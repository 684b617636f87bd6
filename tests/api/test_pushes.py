"""Accounts at channels and pushes through the JSON door: connected, planned, sent, read row by row, settled."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from shopkit.api.push_schemas import ChannelAccountList, ChannelAccountOut, PushOut, PushPlan, PushRowPage
from shopkit.models import CatalogListing, PushRow, Seller
from shopkit.services import keys
from shopkit.services.actors import Actor
from tests.pushing import KEY, TOKEN, catalog
from tests.shop import NOW, open_shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

    from shopkit.services.context import Services

ANA = Actor("s_1", "owner")
ACCOUNTS = "/api/v1/channel-accounts"
SECRET = "a-secret-of-the-app"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Return a shop that can seal, with a seller."""
    app = open_shop(tmp_path, secret_keys=(KEY,))
    found: Services = app.extensions["shopkit"]
    with found.database.writing.begin() as session:
        session.add(Seller(id="s_1", created_at=NOW, name="Taller", country="MX", currency="MXN"))
    yield found
    found.database.dispose()


@pytest.fixture
def client(services: Services, tmp_path: Path) -> FlaskClient:
    """Return a program that an owner entrusted with everything."""
    found = open_shop(tmp_path, secret_keys=(KEY,)).test_client()
    secret = keys.create_key(services, ANA, "all", keys.SCOPES, 60).secret
    found.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return found


def pushed(client: FlaskClient, feed: str) -> dict[str, Any]:
    """Push a catalog, wait for the thread, and return the push."""
    begun = client.post(f"/api/v1/catalogs/{feed}/pushes")
    for thread in threading.enumerate():
        if thread.name == f"push {begun.get_json()['id']}":
            thread.join(60)
    assert begun.status_code == 202
    found: dict[str, Any] = client.get(begun.headers["Location"]).get_json()
    PushOut.model_validate(found)
    return found


def test_an_account_is_connected_listed_and_forgotten(client: FlaskClient) -> None:
    """What its channel asks for is told in the language that is asked for; no secret comes back."""
    given = {"name": "Taller MX", "token": TOKEN, "details": {"client_id": "77", "client_secret": SECRET}}
    made = client.put(f"{ACCOUNTS}/mercadolibre", json={**given, "expires_at": "2026-12-24T10:00:00-06:00"})
    listed = client.get(ACCOUNTS, headers={"Accept-Language": "es"})
    gone = [client.delete(f"{ACCOUNTS}/mercadolibre").status_code for _ in range(2)]
    one, found = ChannelAccountOut.model_validate(made.get_json()), ChannelAccountList.model_validate(listed.get_json())
    asked = {
        field.name: field for channel in found.channels if channel.channel == "mercadolibre" for field in channel.fields
    }

    assert (one.channel, one.name, one.sandbox, one.expires_at, one.is_over) == (
        *("mercadolibre", "Taller MX", False, "2026-12-24T16:00:00Z", False),
    )
    assert (found.results, gone) == ([one], [204, 404])
    assert (asked["client_secret"].label, asked["client_secret"].secret) == ("Clave secreta de la aplicación", True)
    assert [word in made.text + listed.text for word in (TOKEN, SECRET)] == [False, False]


@pytest.mark.parametrize(
    ("channel", "body", "where"),
    [
        ("alibaba", {"name": "Taller", "token": TOKEN}, ["/channel"]),
        ("ebay", {"name": "Taller"}, ["/token"]),
        ("ebay", {"token": TOKEN}, ["/name"]),
        ("shopify", {"name": "Taller", "token": TOKEN, "details": {"key": "a"}}, ["/details/shop", "/details/key"]),
        ("ebay", {"name": "Taller", "token": TOKEN, "expires_at": "2026-12-24T10:00:00"}, ["/expires_at"]),
    ],
)
def test_what_is_no_account_is_told(client: FlaskClient, channel: str, body: Any, where: list[str]) -> None:
    """Each problem at its place, and never what was given."""
    refused = client.put(f"{ACCOUNTS}/{channel}", json=body)

    assert (refused.status_code, refused.content_type) == (422, "application/problem+json")
    assert set(where) <= {one["pointer"] for one in refused.get_json()["errors"]}
    assert TOKEN not in refused.text


def test_a_catalog_is_planned_sent_and_read_row_by_row(client: FlaskClient, services: Services) -> None:
    """The plan sends nothing; a row that the channel refuses is told in its words, the others under their names."""
    client.put(f"{ACCOUNTS}/mercadolibre", json={"name": "Prueba", "sandbox": True})
    feed = catalog(services, ANA, "A", "B")
    with services.database.writing.begin() as session:
        found = session.get_one(CatalogListing, (feed, "l_B"))
        found.rows = [{**found.rows[0], "item": {k: v for k, v in found.rows[0]["item"].items() if k != "pictures"}}]
    plan = client.get(f"/api/v1/catalogs/{feed}/push-plan")
    run = pushed(client, feed)
    left = client.get(f"/api/v1/pushes/{run['id']}/rows")
    done = client.get(f"/api/v1/pushes/{run['id']}/rows?state=done")
    PushPlan.model_validate(plan.get_json())
    refused = PushRowPage.model_validate(left.get_json()).results

    assert (plan.get_json()["counts"], plan.get_json()["total"]) == ({"make": 2}, 2)
    assert (run["state"], run["counts"], run["done"]) == ("done", {"done": 1, "refused": 1}, 2)
    assert [(one.row, one.reason, [said.code for said in one.problems]) for one in refused] == [
        ("B", "rejected", ["item.pictures.required"])
    ]
    assert [(one["row"], one["ids"]) for one in done.get_json()["results"]] == [("A", {"item_id": "MLM1"})]
    assert client.get(f"/api/v1/pushes/{run['id']}/rows?state=lost&page=0").status_code == 422
    assert client.post(f"/api/v1/pushes/{run['id']}/stop").get_json()["state"] == "done"


def test_an_unknown_row_is_settled(client: FlaskClient, services: Services) -> None:
    """Told that it is not there, the next push sends it; a row that is not unknown is none to settle."""
    client.put(f"{ACCOUNTS}/mercadolibre", json={"name": "Prueba", "sandbox": True})
    feed = catalog(services, ANA, "A")
    pushed(client, feed)
    with services.database.writing.begin() as session:
        session.execute(update(PushRow).values(state="sending", ids={}))
    unknown = pushed(client, feed)
    settled = [client.post(f"/api/v1/catalogs/{feed}/settled-rows", json={"row": row}) for row in ("A", "A", "Z")]

    assert (unknown["counts"], [one.status_code for one in settled]) == ({"unknown": 1}, [204, 404, 404])
    assert pushed(client, feed)["counts"] == {"done": 1}


def test_what_cannot_be_sent_is_told(client: FlaskClient, services: Services) -> None:
    """Without an account there is neither a plan nor a push."""
    feed = catalog(services, ANA, "A")
    answers = [client.get(f"/api/v1/catalogs/{feed}/push-plan"), client.post(f"/api/v1/catalogs/{feed}/pushes")]

    assert [(one.status_code, one.get_json()["errors"][0]["code"]) for one in answers] == [(422, "push.no_account")] * 2


def test_a_seal_that_no_key_opens_is_told(client: FlaskClient, services: Services, tmp_path: Path) -> None:
    """The account has to be connected again."""
    client.put(f"{ACCOUNTS}/mercadolibre", json={"name": "Taller MX", "token": TOKEN})
    feed = catalog(services, ANA, "A")
    other = open_shop(tmp_path, secret_keys=("A" * 43 + "=",)).test_client()
    other.environ_base |= {"HTTP_AUTHORIZATION": client.environ_base["HTTP_AUTHORIZATION"]}
    refused = other.post(f"/api/v1/catalogs/{feed}/pushes", headers={"Accept-Language": "en"})

    assert (refused.status_code, "connect the account again" in refused.text) == (409, True)
