"""Days at the edges of what is known and of the calendar, and what a request may leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.shop import shirts

if TYPE_CHECKING:
    from flask.testing import FlaskClient

QUOTES = "/api/v1/quotes"


def asked(client: FlaskClient, **more: Any) -> dict[str, Any]:
    """Return the answer to the request of two shirts with some fields replaced."""
    found: dict[str, Any] = client.post(QUOTES, json=shirts(**more), headers={"Accept-Language": "en"}).get_json()
    return found


def test_a_day_before_the_first_evidence_is_refused(client: FlaskClient) -> None:
    """Nothing is known of 2024 in the United States; the answer says from when on something is."""
    told = asked(client, date="2024-12-31")["assessment"]

    assert (told["outcome"], [one["code"] for one in told["reasons"]]) == ("refused", ["date.before_evidence"])
    assert "2025-01-01" in told["reasons"][0]["message"]


def test_a_day_past_the_evidence_names_each_rule_that_is_too_old(client: FlaskClient) -> None:
    """Years later the answer is estimated, and every rule whose evidence does not reach so far is named."""
    answer = asked(client, date="2028-02-29")
    stale = {one["rule"] for one in answer["assessment"]["reasons"] if one["code"] == "rule.stale"}

    assert (answer["date"], answer["assessment"]["outcome"]) == ("2028-02-29", "estimated")
    assert "us.s301fl.mx" in stale
    assert stale <= {rule["id"] for rule in answer["rules"]} | {one["rule"]["id"] for one in answer["charges"]}


@pytest.mark.parametrize("day", ["2027-02-29", "2026-02-30", "2026-13-01"])
def test_a_day_that_the_calendar_does_not_have(client: FlaskClient, day: str) -> None:
    """29 February exists in leap years only."""
    body = asked(client, date=day)

    assert [(one["pointer"], one["code"]) for one in body["errors"]] == [("/date", "date.impossible")]


@pytest.mark.parametrize(("country", "until"), [("CL", "2027-01-14"), ("US", "2026-12-31")])
def test_an_answer_of_the_last_day_of_a_year(client: FlaskClient, country: str, until: str) -> None:
    """It is held to for two weeks into the new year, unless a rule is known to change there (furniture, Nicaragua)."""
    answer = asked(client, date="2026-12-31", destination={"country": country})

    assert (answer["date"], answer["valid_until"]) == ("2026-12-31", until)


def test_a_postal_code_may_be_missing(client: FlaskClient) -> None:
    """No figure rests on it: with and without it the answer is the same."""
    places = [{"country": "US", "region": "CA"}, {"country": "US", "region": "CA", "postal_code": "90012"}]
    answers = [asked(client, destination=place, dispatch={"country": "MX"}) for place in places]

    assert [answer["totals"] for answer in answers] == [answers[0]["totals"]] * 2
    assert answers[0]["assessment"] == answers[1]["assessment"]


def test_figures_that_sources_dispute_are_estimated_and_both_shown(client: FlaskClient) -> None:
    """A rule whose sources conflict gives a range from the one to the other, and a reason that names it."""
    answer = asked(client, destination={"country": "SV"}, date="2026-06-01", insurance=None)
    told = answer["assessment"]
    disputed = [one["rule"] for one in told["reasons"] if one["code"] == "rule.conflicting"]

    assert told["outcome"] == "estimated"
    assert disputed
    assert answer["range"]["import_charges"]["low"] <= answer["totals"]["import_charges"]
