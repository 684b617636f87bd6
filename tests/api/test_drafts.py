"""Drafts over HTTP: what a program gets, and what it needs for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from shopkit.models import Seller
from shopkit.services import keys
from shopkit.services.actors import Actor
from shopkit.services.draft_shapes import EXAMPLE
from tests.shop import NOW

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from shopkit.app import Shop

WHERE: Final = "/api/v1/translations/drafts"


@pytest.fixture(scope="module")
def secret(app: Shop) -> str:
    """Return a key that is good for drafts."""
    services = app.extensions["shopkit"]
    with services.database.writing.begin() as session:
        session.add(Seller(id="s_1", created_at=NOW, name="s_1", country="MX", currency="MXN"))
    return keys.create_key(services, Actor("s_1", "owner"), "drafts", ["translations:write"], 60).secret


def ask(client: FlaskClient, secret: str, body: Any, **headers: str) -> Any:
    """Ask for drafts."""
    return client.post(WHERE, json=body, headers={"Authorization": f"Bearer {secret}"} | headers)


def test_drafts(client: FlaskClient, secret: str) -> None:
    """Each market has its draft, marked with engine, direction and moment; its placeholder stands in it."""
    answer = ask(client, secret, EXAMPLE)

    assert answer.status_code == 200
    (asked,) = answer.json["asked"]
    assert asked.pop("characters") > 2 * len("de , hecha a mano en Oaxaca")
    assert asked == {"engine": "sandbox", "cost": {"amount": "0", "currency": "USD"}}
    english = answer.json["drafts"][0]
    assert english | {"digest": "", "segments": [], "findings": []} == {
        "to": "en-US",
        "draft": "T-shirt ed cotton {size}, ahceh a onam ne acaxaO",
        "origin": "engine",
        "engine": "sandbox",
        "version": "1",
        "direction": "es→en",
        "at": "2026-11-23T15:04:05Z",
        "digest": "",
        "confidence": {"band": "low", "words": 6, "unknown": []},
        "reasons": [],
        "segments": [],
        "findings": [],
    }
    assert {one["id"] for one in english["findings"]} <= {"language_id", "same", "untranslated", "check_glossary"}


def test_reasons_in_the_readers_language(client: FlaskClient, secret: str) -> None:
    """A refused draft says why, and what to do."""
    body = EXAMPLE | {"to": ["es-AR"]}
    answer = ask(client, secret, body, **{"Accept-Language": "es"})

    (one,) = answer.json["drafts"]
    assert (one["draft"], one["origin"]) == (None, None)
    assert [(reason["code"], reason["message"]) for reason in one["reasons"]] == [
        ("pair", "Ningún motor traduce entre esos idiomas.")
    ]


def test_it_needs_a_key_of_its_own(app: Shop, client: FlaskClient, secret: str) -> None:  # noqa: ARG001  # makes the shop
    """A key that is good for listings is not good for drafts, which cost money."""
    other = keys.create_key(app.extensions["shopkit"], Actor("s_1", "owner"), "x", ["listings:write"], 60).secret

    assert ask(client, other, EXAMPLE).status_code == 403
