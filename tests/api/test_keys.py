"""Keys of the JSON door: who a program is, what it may do, and what a wrong key meets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shopkit.models import IdempotencyKey, Seller
from shopkit.services import keys
from shopkit.services.actors import Actor
from tests.shop import NOW, open_shop, shirts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopkit.app import Shop
    from shopkit.services.context import Services

OWNER = Actor("s_1", "owner")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Shop]:
    """Return a shop of one's own that counts requests, with one seller in it."""
    made = open_shop(tmp_path / "shop", limit_default="3/minute", limit_batch="2/minute")
    with services(made).database.writing.begin() as session:
        session.add(Seller(id="s_1", created_at=NOW, name="Taller", country="MX", currency="MXN"))
    yield made
    services(made).database.dispose()


def services(app: Shop) -> Services:
    """Return the services of the shop."""
    found: Services = app.extensions["shopkit"]
    return found


def bearer(app: Shop, *scopes: str, per_minute: int = 60) -> dict[str, str]:
    """Return the header of a new key."""
    made = keys.create_key(services(app), OWNER, "Tienda", scopes, per_minute)
    return {"Authorization": f"Bearer {made.secret}"}


def test_a_key_says_whose_it_is(app: Shop) -> None:
    """The account tells seller and key, nothing secret."""
    made = keys.create_key(services(app), OWNER, "Tienda", ["account:read"], 60)
    answer = app.test_client().get("/api/v1/account", headers={"Authorization": f"Bearer {made.secret}"})

    assert (answer.status_code, answer.json) == (
        200,
        {
            "seller": {"id": "s_1", "name": "Taller", "country": "MX", "currency": "MXN"},
            "key": {"name": "Tienda", "prefix": made.secret[:12], "scopes": ["account:read"], "per_minute": 60},
        },
    )
    assert keys.list_keys(services(app), OWNER)[0].used_at == NOW


@pytest.mark.parametrize(
    ("headers", "how"),
    [
        ({}, 'Bearer realm="shopkit"'),
        ({"Authorization": "Bearer sk_live_unknown"}, 'Bearer realm="shopkit", error="invalid_token"'),
        ({"Authorization": "Basic YTpi"}, 'Bearer realm="shopkit", error="invalid_token"'),
    ],
)
def test_without_a_key_of_ours_there_is_no_account(app: Shop, headers: dict[str, str], how: str) -> None:
    """401 as a problem, and how to ask."""
    answer = app.test_client().get("/api/v1/account", headers=headers)

    assert (answer.status_code, answer.mimetype, answer.headers["WWW-Authenticate"]) == (
        401,
        "application/problem+json",
        how,
    )


@pytest.mark.parametrize("path", ["/api/v1/destinations", "/api/v1/origins", "/api/v1/quotes/q_none"])
def test_a_wrong_key_is_refused_even_where_none_is_needed(app: Shop, path: str) -> None:
    """Who sends a key believes to be somebody, and is told."""
    answer = app.test_client().get(path, headers={"Authorization": "Bearer sk_live_wrong"})

    assert (answer.status_code, answer.get_json()["type"]) == (401, "/api/docs#problem-unknown-key")


def test_a_revoked_key_is_refused_at_once(app: Shop) -> None:
    """The next request after it was revoked meets 401."""
    header, client = bearer(app, "account:read"), app.test_client()
    assert client.get("/api/v1/account", headers=header).status_code == 200

    keys.revoke_key(services(app), OWNER, keys.list_keys(services(app), OWNER)[0].id)
    assert client.get("/api/v1/account", headers=header).status_code == 401


def test_a_key_without_the_scope_is_refused_with_its_name(app: Shop) -> None:
    """403, and what the key would have to be good for."""
    answer = app.test_client().get("/api/v1/account", headers=bearer(app, "listings:read"))

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (
        403,
        'Bearer realm="shopkit", error="insufficient_scope", scope="account:read"',
    )


def test_a_key_has_a_limit_of_its_own(app: Shop) -> None:
    """Without a key three a minute, then 429; with one sixty, and the headers count down."""
    client, header = app.test_client(), bearer(app)
    told = [client.get("/api/v1/origins").status_code for _ in range(4)]
    with_key = [client.get("/api/v1/origins", headers=header).headers for _ in range(2)]

    assert told == [200, 200, 200, 429]
    assert [(one["RateLimit-Limit"], one["RateLimit-Remaining"]) for one in with_key] == [("60", "59"), ("60", "58")]


def test_a_batch_counts_as_twenty(app: Shop) -> None:
    """A key of sixty a minute may send three batches."""
    body: dict[str, Any] = {"requests": [shirts()]}
    client, header = app.test_client(), bearer(app)
    told = [client.post("/api/v1/quotes/batch", json=body, headers=header).status_code for _ in range(4)]

    assert told == [200, 200, 200, 429]


def test_the_seller_is_who_asks(app: Shop) -> None:
    """What is kept of a request names the seller, not the address."""
    headers = bearer(app) | {"Idempotency-Key": "one"}
    answer = app.test_client().post("/api/v1/quotes", json=shirts(save=True), headers=headers)

    assert answer.status_code == 201
    with services(app).database.reading() as session:
        assert session.query(IdempotencyKey.principal).all() == [("s_1",)]
