"""One quote over HTTP: made, kept, read again, made again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from shopkit.api.schemas import QuoteResponse
from tests.shop import NOW, open_shop, shirts, timeless

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

QUOTES = "/api/v1/quotes"


def test_a_saved_quote_is_created(client: FlaskClient) -> None:
    """A quote that is kept has status 201, an id that cannot be guessed, and its address."""
    reply = client.post(QUOTES, json=shirts(save=True))

    body = reply.get_json()
    assert reply.status_code == 201
    assert len(body["id"]) == 28
    assert reply.headers["Location"] == f"{QUOTES}/{body['id']}"
    assert body["created_at"] == "2026-11-23T15:04:05Z"


def test_an_unsaved_quote_has_no_id(client: FlaskClient) -> None:
    """With save false the answer is the same, without an id and without an address."""
    kept = client.post(QUOTES, json=shirts(save=True))
    passing = client.post(QUOTES, json=shirts(save=False))

    assert (passing.status_code, passing.get_json()["id"]) == (200, None)
    assert "Location" not in passing.headers
    assert timeless(passing.get_json()) == timeless(kept.get_json())


def test_codes_are_read_in_either_case(client: FlaskClient) -> None:
    """Countries and currencies in small letters give the answer of capitals, and are kept and made anew like them."""
    given = shirts(save=True)
    small = shirts(save=True) | {"dispatch": {"country": "mx"}, "freight": {"amount": "12.00", "currency": "usd"}}
    small["destination"] = given["destination"] | {"country": "us"}
    small["items"] = [given["items"][0] | {"origin": "mx", "unit_price": {"amount": "25.00", "currency": "usd"}}]
    small["seller"] = {"registrations": ["cl"]}
    given["seller"] = {"registrations": ["CL"]}

    made, like = client.post(QUOTES, json=small).get_json(), client.post(QUOTES, json=given).get_json()
    again = client.post(f"{QUOTES}/{made['id']}/requote").get_json()

    assert timeless(made) == timeless(like) == timeless(again)


def test_a_kept_quote_reads_as_it_was_answered(client: FlaskClient) -> None:
    """A kept quote is read back whole, byte for byte."""
    made = client.post(QUOTES, json=shirts(save=True))

    assert client.get(made.headers["Location"]).data == made.data


def test_the_duty_of_the_reference_basket(client: FlaskClient) -> None:
    """Two Mexican T-shirts at 25 USD: 8.25 general duty and 5.00 additional duty, which add up to the total."""
    body = client.post(QUOTES, json=shirts()).get_json()

    duties = {charge["id"]: charge["amount"] for charge in body["charges"] if charge["kind"] == "duty"}
    assert duties == {"us.mfn": "8.25", "us.s301fl": "5.00"}
    assert body["totals"]["duties"] == "13.25"


@pytest.mark.parametrize(
    ("country", "outcome"),
    [("US", "estimated"), ("MX", "estimated"), ("BR", "estimated"), ("CL", None), ("DE", "refused")],
)
def test_every_answer_fits_its_description(client: FlaskClient, country: str, outcome: str | None) -> None:
    """An answer for any destination, covered or not, has the shape that the description promises."""
    request = shirts(destination={"country": country}, dispatch={"country": "CO"}, terms="DAP")

    reply = client.post(QUOTES, json=request)

    answer = QuoteResponse.model_validate(reply.get_json())
    assert reply.status_code == 200
    assert outcome in (None, answer.assessment.outcome)


def test_a_country_not_covered_is_refused_with_a_reason(client: FlaskClient) -> None:
    """A destination without rules is answered: refused, with the reason, the goods and no other total."""
    body = client.post(QUOTES, json=shirts(destination={"country": "DE"})).get_json()

    assert body["assessment"]["outcome"] == "refused"
    assert [reason["code"] for reason in body["assessment"]["reasons"]] == ["destination.not_covered"]
    assert {name for name, amount in body["totals"].items() if amount is not None} == {"goods"}


@pytest.mark.parametrize(
    ("header", "language", "name"),
    [
        ("es-MX,es;q=0.9", "es", "Arancel general"),
        ("pt-BR", "pt", "Imposto de importação geral"),
        ("fr", "en", "General duty"),
        (None, "en", "General duty"),
    ],
)
def test_the_answer_is_in_the_language_asked(client: FlaskClient, header: str | None, language: str, name: str) -> None:
    """Texts follow Accept-Language, English where nothing fits, and the answer says which it was."""
    headers = {} if header is None else {"Accept-Language": header}

    reply = client.post(QUOTES, json=shirts(), headers=headers)

    assert reply.headers["Content-Language"] == language
    assert reply.headers["Vary"] == "Accept-Language"
    assert reply.get_json()["charges"][0]["name"] == name


def test_a_quote_kept_in_one_language_reads_in_another(client: FlaskClient) -> None:
    """What is kept carries codes and all languages, so that a reader chooses when reading."""
    made = client.post(QUOTES, json=shirts(save=True), headers={"Accept-Language": "en"})

    read = client.get(made.headers["Location"], headers={"Accept-Language": "es"}).get_json()

    assert made.get_json()["charges"][0]["name"] == "General duty"
    assert read["charges"][0]["name"] == "Arancel general"


def test_the_date_is_today_in_the_destination(lone_shop: Path) -> None:
    """Without a date the law of today applies, by the destination's own clock: at 03:00 UTC it is yesterday there."""
    client = open_shop(lone_shop, datetime(2026, 7, 24, 3, tzinfo=UTC)).test_client()

    body = client.post(QUOTES, json=shirts(date=None)).get_json()

    assert body["date"] == "2026-07-23"


def test_a_stored_quote_replays_a_year_later(lone_shop: Path) -> None:
    """A quote read a year later says what it said, whatever the clock and the law say by then."""
    made = open_shop(lone_shop, NOW).test_client().post(QUOTES, json=shirts(save=True))

    later = open_shop(lone_shop, NOW.replace(year=2027)).test_client()

    assert later.get(made.headers["Location"]).data == made.data


@pytest.mark.parametrize("quote_id", ["q_00000000000000000000000000", "q_1", "x", "q_" + "U" * 26, "%00"])
def test_an_unknown_quote_is_not_found(client: FlaskClient, quote_id: str) -> None:
    """An id that was never given, or is no id at all, is 404 alike."""
    read = client.get(f"{QUOTES}/{quote_id}")
    again = client.post(f"{QUOTES}/{quote_id}/requote")

    assert (read.status_code, again.status_code) == (404, 404)
    assert (read.get_json()["type"], read.get_json()["detail"]) == (
        "/api/docs#problem-not-found",
        "No quote is kept under this id; an answer that was kept names its address in the header Location.",
    )


@pytest.mark.parametrize(
    ("country", "parent"),
    [("VE", "/api/v1/destinations"), ("xx", "/api/v1/destinations"), ("VE", "/api/v1/origins")],
)
def test_what_is_not_covered_says_so_and_where_to_look(client: FlaskClient, country: str, parent: str) -> None:
    """A guide of a country without rules is 404 with its code and the list of those there are."""
    reply = client.get(f"{parent}/{country}", headers={"Accept-Language": "en"})

    assert (reply.status_code, reply.get_json()["detail"]) == (
        404,
        f"{country.upper()} is not covered; {parent} lists what is.",
    )
    assert client.get(parent).status_code == 200


class TestRequote:
    """POST /api/v1/quotes/{id}/requote."""

    def test_the_law_of_another_day_applies(self, client: FlaskClient) -> None:
        """A kept request is answered anew as of a day: the day before Section 301 began there was Section 122."""
        made = client.post(QUOTES, json=shirts(save=True))

        reply = client.post(made.headers["Location"] + "/requote?date=2026-07-23")

        body = reply.get_json()
        assert reply.status_code == 201
        assert body["id"] != made.get_json()["id"]
        assert body["date"] == "2026-07-23"
        assert {charge["id"] for charge in body["charges"] if charge["kind"] == "duty"} == {"us.mfn", "us.s122"}

    def test_without_a_date_it_is_as_of_today(self, client: FlaskClient) -> None:
        """Without a day the request is answered as of today in the destination."""
        made = client.post(QUOTES, json=shirts(save=True, date="2026-08-01"))

        body = client.post(made.headers["Location"] + "/requote").get_json()

        assert body["date"] == "2026-11-23"

    @pytest.mark.parametrize(
        ("query", "pointer", "code"),
        [
            ("date=2026-02-30", "query:date", "date.impossible"),
            ("date=20260724", "query:date", "date.invalid"),
            ("date=", "query:date", "date.invalid"),
            ("date=1999-12-31", "query:date", "date.range"),
            ("day=2026-07-24", "query:day", "unknown_field"),
        ],
    )
    def test_a_wrong_day_is_named(self, client: FlaskClient, query: str, pointer: str, code: str) -> None:
        """A day that does not exist, is written otherwise, or is called otherwise is a 422 that says so."""
        made = client.post(QUOTES, json=shirts(save=True))

        reply = client.post(f"{made.headers['Location']}/requote?{query}")

        errors = [(error["pointer"], error["code"]) for error in reply.get_json()["errors"]]
        assert (reply.status_code, errors) == (422, [(pointer, code)])
