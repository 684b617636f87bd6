"""POST /api/v1/origin: the question, the answer as described, and everything wrong at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shopkit.api.examples import USB_STICKS
from shopkit.api.origin_schemas import OriginResponse

if TYPE_CHECKING:
    from flask.testing import FlaskClient

PATH = "/api/v1/origin"


def test_the_example_of_the_description_is_answered(client: FlaskClient) -> None:
    """USB sticks made in China and printed in Toluca stay Chinese; the answer is as it is described."""
    answer = client.post(PATH, json=USB_STICKS, headers={"Accept-Language": "es"})
    found = answer.get_json()

    assert (answer.status_code, answer.headers["Content-Language"]) == (200, "es")
    OriginResponse.model_validate_json(answer.data)
    assert [(one["agreement"], one["outcome"], one["stays_of"], one["next"]) for one in found["results"]] == [
        (
            "usmca",
            "not_originating",
            "CN",
            "Siguiente paso: declara la mercancía como de CN; el acabado no cambia dónde se hizo.",
        )
    ]


def test_a_cup_of_chinese_clay_may_be_claimed_and_the_paper_is_named(client: FlaskClient) -> None:
    """What to make out next stands in the answer; origin matters, for a duty would be due."""
    asked = USB_STICKS | {
        "product": {"hs_code": "6912.00", "made_in": "MX", "fob": "100.00"},
        "materials": [{"description": "Arcilla", "hs_code": "2507", "origin": "CN", "value": "30.00"}],
        "operations": ["moulding", "firing"],
    }
    found = client.post(PATH, json=asked).get_json()

    assert (found["needed"]["needed"], found["results"][0]["outcome"]) == (True, "originating")
    assert found["results"][0]["next"].startswith("Next: get the certificate. Statement of origin with nine data")


def test_origin_need_not_be_pursued_where_all_is_nil_without_it(client: FlaskClient) -> None:
    """Books come into Spain without duty or fee; without a price it is not known."""
    asked: dict[str, Any] = {
        "date": "2026-11-23",
        "destination": "ES",
        "currency": "EUR",
        "product": {"hs_code": "490199", "made_in": "CO", "ex_works": "500.00"},
        "wholly_obtained": True,
    }
    priceless = asked | {"product": {"hs_code": "490199", "made_in": "CO"}}

    found = [client.post(PATH, json=one).get_json()["needed"]["needed"] for one in (asked, priceless)]

    assert found == [False, None]


def test_what_is_signed_and_not_in_force_is_named(client: FlaskClient) -> None:
    """Peru and Guatemala signed in 2011: nothing binds, and that is said. An unknown code leaves the need open."""
    asked = {"destination": "GT", "product": {"hs_code": "999999", "made_in": "PE", "fob": "1"}}

    found = client.post(PATH, json=asked).get_json()

    assert (found["results"], found["not_in_force"]) == ([], ["Peru-Guatemala FTA"])
    assert found["needed"]["needed"] is None


def test_everything_that_is_wrong_is_told_at_once(client: FlaskClient) -> None:
    """Each with its pointer, as for a quote."""
    asked = {
        "destination": "MX",
        "currency": "XXQ",
        "date": "2026-02-30",
        "product": {"hs_code": "00", "made_in": "MX"},
        "materials": [{"description": "X", "hs_code": "99", "origin": "XQ", "originating_under": ["nafta"]}],
        "operations": ["flying"],
        "agreement": "nafta",
    }

    answer = client.post(PATH, json=asked)
    found = {(one["pointer"], one["code"]) for one in answer.get_json()["errors"]}

    assert answer.status_code == 422
    assert {
        ("/operations/0", "choice"),
        ("/date", "date.impossible"),
        ("/destination", "origin.same_country"),
        ("/currency", "currency.unknown"),
        ("/materials/0/origin", "country.unknown"),
        ("/materials/0/originating_under/0", "agreement.unknown"),
        ("/agreement", "agreement.unknown"),
    } <= found


@pytest.mark.parametrize("body", ["{", "[]"])
def test_what_is_no_question_is_refused(client: FlaskClient, body: str) -> None:
    """As everywhere."""
    answer = client.post(PATH, data=body, content_type="application/json")

    assert answer.status_code in {400, 422}


def test_wholly_obtained_with_materials_of_another_country_is_a_contradiction(client: FlaskClient) -> None:
    """Both sides are told, each at its place; which of them is wrong only the seller knows."""
    answer = client.post(PATH, json=USB_STICKS | {"wholly_obtained": True}, headers={"Accept-Language": "en"})

    message = (
        "Wholly obtained in MX means nothing of another country, yet there are materials of one: Memoria USB (CN). "
        "Take back the one or the other."
    )
    assert (answer.status_code, answer.get_json()["errors"]) == (
        422,
        [
            {"pointer": pointer, "code": "origin.wholly_foreign", "message": message}
            for pointer in ("/wholly_obtained", "/materials/0/origin")
        ],
    )


@pytest.mark.parametrize(
    "material",
    [{"origin": "MX"}, {}, {"origin": "US", "originating_under": ["usmca"]}],
    ids=["of the same country", "of a country that nobody said", "originating under an agreement"],
)
def test_wholly_obtained_with_other_materials_is_none(client: FlaskClient, material: dict[str, Any]) -> None:
    """What is of the same country, or counts as of a member, or has no country yet, contradicts nothing."""
    asked = USB_STICKS | {"wholly_obtained": True, "materials": [{"description": "Semilla"} | material]}

    assert client.post(PATH, json=asked).status_code == 200


def test_a_condition_that_no_rule_has_is_told_with_the_nearest(client: FlaskClient) -> None:
    """A misspelt condition would be taken for one that nobody confirmed; the right names are known."""
    answer = client.post(PATH, json=USB_STICKS | {"confirmed": ["usmca.61.notes", "usmca.61.note"]})

    found = [(one["pointer"], one["code"], "usmca.61.notes" in one["message"]) for one in answer.get_json()["errors"]]
    assert (answer.status_code, found) == (422, [("/confirmed/1", "origin.unknown_condition", True)])
