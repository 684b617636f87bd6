"""What a change of law does, over HTTP: the rules that changed since a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shopkit.api.schemas import ChangeList

if TYPE_CHECKING:
    from flask.testing import FlaskClient

CHANGES = "/api/v1/changes"


def test_what_changed_since_a_day(client: FlaskClient) -> None:
    """The day on which Section 301 took the place of Section 122 is told with both, each with its evidence."""
    body = client.get(CHANGES, query_string={"country": "US", "since": "2026-07-23", "until": "2026-07-24"}).get_json()

    found = ChangeList.model_validate(body)
    by_id = {one.id: one for one in found.changes if one.kind == "fact"}
    begun, ended = by_id["us.s301fl.mx"], by_id["us.s122"]
    assert {str(one.day) for one in found.changes} == {"2026-07-24"}
    assert (begun.before, begun.after and begun.after.value) == (None, "10%")
    assert (ended.before and ended.before.value, ended.after) == ("10%", None)


def test_all_destinations_up_to_today(client: FlaskClient) -> None:
    """Without a country all are told, without a last day up to today there."""
    body = client.get(CHANGES, query_string={"since": "2026-07-01"}).get_json()

    assert {(one["country"], one["id"]) for one in body["changes"]} >= {("US", "us.s301br"), ("CA", "ca.surtax")}
    assert body["until"] is None
    assert max(one["day"] for one in body["changes"]) <= "2026-11-24"


def test_what_did_not_change_is_not_sent_again(client: FlaskClient) -> None:
    """With the tag of an earlier answer the reply is 304."""
    query = {"country": "US", "since": "2026-11-01"}
    tag = client.get(CHANGES, query_string=query).headers["ETag"]

    again = client.get(CHANGES, query_string=query, headers={"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({}, [("query:since", "query.required")]),
        ({"since": "2026-02-30"}, [("query:since", "date.impossible")]),
        ({"since": "1999-01-01"}, [("query:since", "date.range")]),
        ({"since": "2026-01-01", "until": "soon"}, [("query:until", "date.invalid")]),
        ({"since": "2026-01-02", "until": "2026-01-01"}, [("query:until", "date.before")]),
        ({"since": "2026-01-01", "country": "DE"}, [("query:country", "choice")]),
        ({"since": "2026-01-01", "to": "x"}, [("query:to", "unknown_field")]),
    ],
)
def test_a_question_that_cannot_be_read(
    client: FlaskClient, query: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    """What is missing, unknown or no day is named."""
    reply = client.get(CHANGES, query_string=query)

    assert reply.status_code == 422
    assert [(one["pointer"], one["code"]) for one in reply.get_json()["errors"]] == wrong
