"""Accounts at providers of tracking by the API, and who is asked about a parcel."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from shopkit.api.tracking_schemas import ShipmentFollowed, TrackingAccountList, TrackingAccountOut
from shopkit.models import ShipmentFeed
from shopkit.services import feeds, keys, tracking_accounts
from tests.ordering import sell
from tests.polling import parcel
from tests.pushing import KEY
from tests.shop import NOW, open_shop

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from shopkit.app import Shop
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

SECRET = "a-secret-of-usps"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Return an empty shop that keeps secrets; every test sells as somebody else."""
    return open_shop(tmp_path_factory.mktemp("shop"), secret_keys=(KEY,))


@pytest.fixture
def services(app: Shop) -> Services:
    """Return what the shop works with."""
    found: Services = app.extensions["shopkit"]
    return found


@pytest.fixture
def seller(services: Services) -> Actor:
    """Return a seller of the test's own."""
    return sell(services)[0]


@pytest.fixture
def ask(app: Shop, services: Services, seller: Actor) -> Callable[..., TestResponse]:
    """Return a way to ask as a program of the seller."""
    secret = keys.create_key(services, seller, "all", keys.SCOPES, 600).secret
    client, headers = app.test_client(), {"Authorization": f"Bearer {secret}", "Accept-Language": "es"}

    def send(method: str, path: str, body: Any = None) -> TestResponse:
        return client.open(f"/api/v1{path}", method=method, json=body, headers=headers)

    return send


def test_an_account_is_connected_listed_and_forgotten(ask: Callable[..., TestResponse]) -> None:
    """It says where it takes messages and what follows, and nothing of what was sealed."""
    made = ask("POST", "/tracking/accounts", {"provider": "17track", "details": {"key": SECRET}})
    one = TrackingAccountOut.model_validate_json(made.data)
    listed = ask("GET", "/tracking/accounts")
    found = TrackingAccountList.model_validate_json(listed.data)
    gone = [ask("DELETE", "/tracking/accounts/17track").status_code for _ in range(2)]

    assert (made.status_code, one.provider, one.stopped, one.parcels) == (201, "17track", None, 0)
    assert one.messages_to == f"http://localhost/webhooks/tracking/{one.id}"
    assert (found.results, SECRET in listed.text) == ([one], False)
    assert [(kind.provider, kind.messages) for kind in found.providers] == [
        ("17track", True),
        ("aftership", True),
        ("correios", False),
        ("easypost", True),
        ("sandbox", False),
        ("upu", False),
        ("usps", False),
        ("webhook", True),
    ]
    assert gone == [204, 404]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"provider": "csv"}, "/provider"),
        ({"provider": "usps", "details": {"client_id": "x"}}, "/details/client_secret"),
        ({"provider": "17track", "details": {"key": "x", "colour": "red"}}, "/details/colour"),
    ],
)
def test_what_is_wrong_with_an_account_is_told(
    ask: Callable[..., TestResponse], body: dict[str, Any], pointer: str
) -> None:
    """A provider that nobody can be asked at, a field that is missing, one that nobody asked for."""
    refused = ask("POST", "/tracking/accounts", body)

    assert (refused.status_code, [one["pointer"] for one in refused.get_json()["errors"]]) == (422, [pointer])


def test_which_account_is_asked_first_is_said(ask: Callable[..., TestResponse]) -> None:
    """Who is not named follows; an account that is not there is 404."""
    ask("POST", "/tracking/accounts", {"provider": "sandbox"})
    ask("POST", "/tracking/accounts", {"provider": "17track", "details": {"key": SECRET}})
    preferred = ask("PUT", "/tracking/preference", {"providers": ["17track"]})
    unknown = ask("PUT", "/tracking/preference", {"providers": ["usps"]})

    assert [one["provider"] for one in preferred.get_json()["results"]] == ["17track", "sandbox"]
    assert unknown.status_code == 404


def test_an_account_that_was_stopped_goes_on_when_it_is_connected_anew(
    ask: Callable[..., TestResponse], services: Services
) -> None:
    """It says why until then, and keeps its id."""
    made = ask("POST", "/tracking/accounts", {"provider": "sandbox"}).get_json()
    tracking_accounts.stop(services, made["id"], "unsigned")
    stopped = ask("GET", "/tracking/accounts").get_json()["results"]
    anew = ask("POST", "/tracking/accounts", {"provider": "sandbox"}).get_json()

    assert [one["stopped"] for one in stopped] == ["unsigned"]
    assert anew == made


def test_a_parcel_is_followed_by_whom_the_seller_says(
    ask: Callable[..., TestResponse], services: Services, seller: Actor
) -> None:
    """By the first that takes its number, or by one that is named; one that does not take it is told so."""
    one = parcel(services, seller, "11")
    nobody = ask("POST", f"/shipments/{one.id}/refresh").get_json()
    nowhere = ask("POST", f"/shipments/{one.id}/follow", {})
    for body in ({"provider": "sandbox"}, {"provider": "17track", "details": {"key": SECRET}}):
        ask("POST", "/tracking/accounts", body)
    first = ShipmentFollowed.model_validate_json(ask("POST", f"/shipments/{one.id}/follow", {}).data)
    chosen = ask("POST", f"/shipments/{one.id}/follow", {"provider": "17track"}).get_json()
    refused = ask("POST", f"/shipments/{one.id}/follow", {"provider": "webhook"})

    assert (nobody["label"], nobody["provider"], nobody["due_at"]) == ("nobody", None, None)
    assert (nowhere.status_code, nowhere.get_json()["errors"][0]["pointer"]) == (422, "/provider")
    assert (first.provider, first.label, first.asked_at) == ("sandbox", "on_the_way", None)
    assert (chosen["provider"], refused.status_code) == ("17track", 422)


def test_a_parcel_is_asked_about_sooner(ask: Callable[..., TestResponse], services: Services, seller: Actor) -> None:
    """One that was asked about a moment ago waits, one of an hour ago is due now."""
    tracking_accounts.connect(services, seller, "sandbox", {})
    one = parcel(services, seller, "11")
    feeds.follow_new(services)
    due = []
    for minutes in (5, 60):
        said = {"asked_at": NOW - timedelta(minutes=minutes), "due_at": NOW + timedelta(hours=3)}
        with services.database.writing.begin() as session:
            session.execute(update(ShipmentFeed).where(ShipmentFeed.shipment_id == one.id).values(said))
        due.append(ask("POST", f"/shipments/{one.id}/refresh").get_json()["due_at"])

    assert due == [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (NOW + timedelta(hours=3), NOW)]
