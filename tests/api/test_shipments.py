"""Parcels by the API: opened, found by what is wrong, read with all that was told, and what lanes took."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shopkit.api.shipment_schemas import LaneList, ShipmentList, ShipmentOut
from shopkit.services import keys, shipments
from tests.ordering import order, sell
from tests.parcels import fresh_number, journey, sent
from tests.shop import NOW, open_shop

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from shopkit.app import Shop
    from shopkit.services.actors import Actor


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Return an empty shop; every test sells as somebody else."""
    return open_shop(tmp_path_factory.mktemp("shop"))


def program(app: Shop, owner: Actor) -> Callable[..., TestResponse]:
    """Return a way to ask as a program of a seller."""
    secret = keys.create_key(app.extensions["shopkit"], owner, "all", keys.SCOPES, 60).secret
    client, headers = app.test_client(), {"Authorization": f"Bearer {secret}"}

    def ask(path: str = "", body: Any = None) -> TestResponse:
        address = f"/api/v1/shipments{path}"
        return (
            client.get(address, headers=headers) if body is None else client.post(address, json=body, headers=headers)
        )

    return ask


def test_a_parcel_is_opened_and_followed(app: Shop) -> None:
    """However its number is written; then read with what its post told, and listed where it belongs."""
    services = app.extensions["shopkit"]
    actor, listing = sell(services)
    made = order(services, actor, listing)
    ask, number = program(app, actor), fresh_number()
    body = {
        "number": f"{number[:2].lower()} {number[2:]}",
        "posted_on": "2026-11-23",
        "destination": "us",
        "origin": "MX",
        "service": "registered",
        "orders": [made.id],
    }
    opened = ask("", body)
    shipments.receive(services, opened.get_json()["id"], journey(("EMA", "EMD", "EME")))
    found = ShipmentOut.model_validate_json(ask(f"/{opened.get_json()['id']}").data)
    listed = ShipmentList.model_validate_json(ask("?view=held").data)

    assert opened.status_code == 201
    assert (found.number, found.carrier, found.destination, found.status, found.customs) == (
        number,
        "post",
        "US",
        "held_customs_import",
        "held",
    )
    assert [(one.status, one.raw["code"], one.counted) for one in found.scans] == [
        ("picked_up", "EMA", "headline"),
        ("arrived_destination_country", "EMD", "headline"),
        ("held_customs_import", "EME", "headline"),
    ]
    assert found.text == "Held by import customs."
    assert [(one.id, [inside.number for inside in one.orders]) for one in listed.results] == [(found.id, [1001])]
    assert (listed.counts["held"], listed.counts["delivered"]) == (1, 0)


def test_what_is_wrong_with_a_parcel_is_told_at_once(app: Shop) -> None:
    """A number with a wrong check digit; and everything that cannot be read, with where it stands."""
    ask = program(app, sell(app.extensions["shopkit"])[0])
    wrong = ask("", {"number": "RB123456786US", "posted_on": "2026-11-23", "destination": "US"})
    order = ask("", {"number": "RB123456785GB", "posted_on": "2026-11-23", "destination": "US", "orders": ["a"]})
    unread = ask("", {"number": "", "posted_on": "yesterday", "destination": "USA", "order": []})

    assert [(one["pointer"], one["code"]) for one in wrong.get_json()["errors"]] == [("/number", "shipment.number")]
    assert [(one["pointer"], one["code"]) for one in order.get_json()["errors"]] == [("/orders/0", "text.form")]
    assert sorted(one["pointer"] for one in unread.get_json()["errors"]) == [
        "/destination",
        "/number",
        "/order",
        "/posted_on",
    ]


@pytest.mark.parametrize("query", ["?view=lost", "?page=0", "?page=x", "?q=a&q=b", "?what=1", "/lanes?since=soon"])
def test_a_query_that_is_wrong_is_refused(app: Shop, query: str) -> None:
    """A view that there is not, a page that is none, a name given twice or unknown, a day that is none."""
    ask = program(app, sell(app.extensions["shopkit"])[0])

    assert ask(query).status_code == 422


def test_lanes_tell_promise_and_what_it_took(app: Shop) -> None:
    """One parcel that kept its promise: its days, and that quotes do not rest on one alone."""
    services = app.extensions["shopkit"]
    actor, parcel = sent(services)
    shipments.receive(services, parcel.id, journey())
    ask = program(app, actor)
    found = LaneList.model_validate_json(ask("/lanes").data)

    assert [one.model_dump() for one in found.results] == [
        {
            "origin": "MX",
            "destination": "US",
            "service": "courier",
            "sent": 1,
            "arrived": 1,
            "judged": 1,
            "kept": 1,
            "shortest_days": 0,
            "median_days": 0,
            "longest_days": 0,
            "promised_days": 11,
            "is_enough": False,
        }
    ]
    assert ask(f"/lanes?since={NOW.date() + timedelta(days=1)}").get_json() == {"results": []}


def test_another_sellers_parcel_is_not_there(app: Shop) -> None:
    """Read by another's key it is 404, and in no list."""
    services = app.extensions["shopkit"]
    _, parcel = sent(services)
    ask = program(app, sell(services)[0])

    assert ask(f"/{parcel.id}").status_code == 404
    assert ask(f"?q={parcel.number}").get_json()["results"] == []
