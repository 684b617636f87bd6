"""Many quotes at once: a batch of requests, and one basket for many destinations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shopkit.api.schemas import BatchResponse, CompareResponse
from tests.shop import shirt, shirts, timeless

if TYPE_CHECKING:
    from flask.testing import FlaskClient

BATCH = "/api/v1/quotes/batch"
COMPARE = "/api/v1/compare"


def basket(**more: Any) -> dict[str, Any]:
    """Return one basket without a destination."""
    request = shirts(terms="DAP")
    del request["destination"], request["save"]
    return request | more


class TestBatch:
    """POST /api/v1/quotes/batch."""

    def test_each_request_has_its_result_in_order(self, client: FlaskClient) -> None:
        """One that is wrong does not spoil the others; each result is what it would have been alone."""
        requests = [shirts(), shirts(currency="XXQ"), shirts(date="2026-07-23"), 7]

        reply = client.post(BATCH, json={"requests": requests})

        results = reply.get_json()["results"]
        BatchResponse.model_validate(reply.get_json())
        assert reply.status_code == 200
        assert [result["status"] for result in results] == [200, 422, 200, 422]
        assert [result["quote"]["date"] for result in results if "quote" in result] == ["2026-11-23", "2026-07-23"]
        assert results[1]["problem"]["errors"][0]["pointer"] == "/currency"
        assert timeless(results[0]["quote"]) == timeless(client.post("/api/v1/quotes", json=shirts()).get_json())

    def test_saved_ones_are_kept(self, client: FlaskClient) -> None:
        """Those that ask for it are kept and can be read; the others have no id."""
        reply = client.post(BATCH, json={"requests": [shirts(save=True), shirts(), shirts(save=True)]})

        ids = [result["quote"]["id"] for result in reply.get_json()["results"]]
        assert [result["status"] for result in reply.get_json()["results"]] == [201, 200, 201]
        assert ids[1] is None
        assert [client.get(f"/api/v1/quotes/{ids[n]}").status_code for n in (0, 2)] == [200, 200]

    @pytest.mark.parametrize(
        ("body", "pointer", "code"),
        [
            ({}, "/requests", "required"),
            ({"requests": []}, "/requests", "count.too_few"),
            ({"requests": [{}] * 1001}, "/requests", "count.too_many"),
            ({"requests": {}}, "/requests", "type.list"),
            ({"requests": None}, "/requests", "type.list"),
            ({"requests": [{}], "save": True}, "/save", "unknown_field"),
            ([], "", "type.object"),
        ],
    )
    def test_a_batch_that_is_none_is_named(self, client: FlaskClient, body: object, pointer: str, code: str) -> None:
        """A batch without its list, with too many, or with more beside it is a 422 as a whole."""
        reply = client.post(BATCH, json=body)

        errors = [(error["pointer"], error["code"]) for error in reply.get_json()["errors"]]
        assert (reply.status_code, errors) == (422, [(pointer, code)])

    def test_a_thousand_requests_are_answered(self, client: FlaskClient) -> None:
        """A thousand is allowed."""
        request = shirts(destination={"country": "DE"})

        reply = client.post(BATCH, json={"requests": [request] * 1000})

        assert [result["status"] for result in reply.get_json()["results"]] == [200] * 1000


class TestCompare:
    """POST /api/v1/compare."""

    def test_without_destinations_all_covered_ones_are_compared(self, client: FlaskClient) -> None:
        """A basket without destinations is answered for every covered one."""
        covered = {one["country"] for one in client.get("/api/v1/destinations").get_json()["destinations"]}

        reply = client.post(COMPARE, json=basket())

        CompareResponse.model_validate(reply.get_json())
        assert {result["country"] for result in reply.get_json()["results"]} == covered

    def test_destinations_stand_in_the_order_asked(self, client: FlaskClient) -> None:
        """Each destination asked for has its answer, a country not covered a refused one."""
        places = [{"country": "DE"}, {"country": "US", "region": "CA"}, {"country": "BR", "region": "SP"}]

        results = client.post(COMPARE, json=basket(destinations=places)).get_json()["results"]

        assert [result["country"] for result in results] == ["DE", "US", "BR"]
        assert results[0]["quote"]["assessment"]["outcome"] == "refused"

    def test_codes_are_cut_to_six_digits(self, client: FlaskClient) -> None:
        """A national code says nothing elsewhere, so six digits are compared, also at home."""
        places = [{"country": "US", "region": "CA"}]
        six = basket(destinations=places, items=[shirt(hs_code="6109.10")])

        ten = client.post(COMPARE, json=basket(destinations=places)).get_json()["results"][0]["quote"]

        assert timeless(ten) == timeless(client.post(COMPARE, json=six).get_json()["results"][0]["quote"])

    def test_kept_quotes_ask_again_what_was_compared(self, client: FlaskClient) -> None:
        """With save every quote is kept as a request of its own, which can be made again."""
        reply = client.post(COMPARE, json=basket(destinations=[{"country": "US", "region": "CA"}], save=True))

        [result] = reply.get_json()["results"]
        again = client.post(f"/api/v1/quotes/{result['quote']['id']}/requote?date=2026-11-23")
        assert (result["status"], again.status_code) == (201, 201)
        assert timeless(again.get_json()) == timeless(result["quote"])

    def test_what_is_wrong_in_the_basket_is_said_once(self, client: FlaskClient) -> None:
        """A fault of the basket is one error, not one for each destination."""
        reply = client.post(COMPARE, json=basket(items=[shirt(attributes={"colour": "red"}, quantity="0")]))

        errors = sorted((error["pointer"], error["code"]) for error in reply.get_json()["errors"])
        assert reply.status_code == 422
        assert errors == [("/items/0/attributes/colour", "attribute.unknown"), ("/items/0/quantity", "measure.zero")]

    def test_what_is_wrong_in_one_place_is_said_there(self, client: FlaskClient) -> None:
        """A state that does not exist spoils the answer there and nowhere else."""
        places = [{"country": "BR", "region": "QQ"}, {"country": "US", "region": "CA"}]

        results = client.post(COMPARE, json=basket(destinations=places)).get_json()["results"]

        assert [result["status"] for result in results] == [422, 200]
        assert results[0]["problem"]["errors"][0]["code"] == "region.unknown"

    @pytest.mark.parametrize(
        ("more", "pointer", "code"),
        [
            ({"destinations": []}, "/destinations", "count.too_few"),
            ({"destinations": [{"country": "US"}] * 51}, "/destinations", "count.too_many"),
            ({"destinations": [{"country": "QQ"}]}, "/destinations/0/country", "country.unknown"),
            ({"destination": {"country": "US"}}, "/destination", "unknown_field"),
        ],
    )
    def test_wrong_destinations_are_named(
        self, client: FlaskClient, more: dict[str, Any], pointer: str, code: str
    ) -> None:
        """None, too many, or one that is no country is a 422 that names the place."""
        reply = client.post(COMPARE, json=basket(**more))

        errors = [(error["pointer"], error["code"]) for error in reply.get_json()["errors"]]
        assert (reply.status_code, errors) == (422, [(pointer, code)])
