"""GET /api/v1/freight, and quotes whose freight a card gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shopkit.api.schemas import FreightOffers, QuoteResponse
from shopkit.models import Seller
from shopkit.models.freight import THE_SHOP
from shopkit.services import freight, keys
from shopkit.services.actors import Actor
from tests.shop import shirts

if TYPE_CHECKING:
    from flask.testing import FlaskClient

FREIGHT = "/api/v1/freight"


def test_what_each_service_asks(client: FlaskClient) -> None:
    """A parcel of 0.4 kg in 30×20×10 cm counts 1.2 kg by courier: 38.00 and 12 % fuel; by post 13.50."""
    body = client.get(f"{FREIGHT}?country=US&weight_kg=0.4&dimensions_cm=30x20x10").get_json()

    FreightOffers.model_validate(body)
    found = {one["service"]: one["basis"] for one in body["results"]}
    assert (found["express"]["charged_kg"], found["express"]["total"]) == ("2", {"amount": "42.56", "currency": "USD"})
    assert (found["packet"]["charged_kg"], found["packet"]["total"]["amount"]) == ("0.5", "13.50")
    assert all(one["illustrative"] for one in body["results"])


def test_what_is_against_it(client: FlaskClient) -> None:
    """A service that cannot take the parcel says why, in the language asked for."""
    answer = client.get(f"{FREIGHT}?country=US&weight_kg=3&card=illustrative", headers={"Accept-Language": "es"})

    found = {one["service"]: one for one in answer.get_json()["results"]}
    assert found["packet"]["basis"] is None
    assert found["packet"]["problems"][0] == "Este servicio necesita largo, ancho y alto del paquete."
    assert "Este servicio acepta hasta 2 kg; el paquete tiene 3 kg." in found["packet"]["problems"]


def test_no_such_card(client: FlaskClient) -> None:
    """A card that does not exist is told with those that do."""
    answer = client.get(f"{FREIGHT}?country=US&weight_kg=1&card=nope", headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.get_json()["errors"]) == (
        422,
        [
            {
                "pointer": "query:card",
                "code": "freight.no_card",
                "message": "There is no such rate card. There are: illustrative.",
            }
        ],
    )


def test_what_is_missing_is_named(client: FlaskClient) -> None:
    """Each part of the address that is missing is told by its name, with how to write it."""
    answer = client.get(FREIGHT, headers={"Accept-Language": "en"})

    assert [one["message"] for one in answer.get_json()["errors"]] == [
        "country is missing from the address; write it like country=US.",
        "weight_kg is missing from the address; write it like weight_kg=0.5.",
    ]


def test_codes_are_read_in_either_case(client: FlaskClient) -> None:
    """A country in small letters is the same country."""
    answers = [client.get(f"{FREIGHT}?country={code}&weight_kg=0.4").get_json() for code in ("us", "US")]

    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("query", "problems"),
    [
        ("", [("query:country", "query.required"), ("query:weight_kg", "query.required")]),
        ("country=ZZ&weight_kg=0", [("query:country", "country.unknown"), ("query:weight_kg", "query.weight")]),
        ("country=US&weight_kg=1&dimensions_cm=30x20", [("query:dimensions_cm", "query.dimensions")]),
        ("country=US&weight_kg=1&postal_code=%21", [("query:postal_code", "place.invalid")]),
        ("country=US&weight_kg=1&date=2027-02-29", [("query:date", "date.impossible")]),
        ("country=US&weight_kg=1&colour=red", [("query:colour", "unknown_field")]),
        ("country=US&country=MX&weight_kg=1", [("query:country", "query.twice")]),
    ],
)
def test_a_query_that_is_wrong(client: FlaskClient, query: str, problems: list[tuple[str, str]]) -> None:
    """Everything wrong with a query is told at once."""
    answer = client.get(f"{FREIGHT}?{query}")

    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.get_json()["errors"]] == problems


def quoted(client: FlaskClient, **more: Any) -> Any:
    """Return the answer to a quote whose freight the illustrative card gives."""
    request = shirts(
        freight_service={"card": "illustrative", "service": "packet"},
        channel="postal",
        dispatch={"country": "CL"},
        parcel={
            "gross_weight": {"value": "0.45", "unit": "kg"},
            "dimensions": {"length": "30", "width": "20", "height": "5"},
        },
        **more,
    )
    request.pop("freight", None)
    return client.post("/api/v1/quotes", json=request)


def test_a_quote_by_card(client: FlaskClient) -> None:
    """The answer keeps to its description, and names card, service and zone."""
    body = quoted(client).get_json()

    QuoteResponse.model_validate(body)
    assert body["totals"]["freight"] == "13.50"
    assert (body["freight_basis"]["card"], body["freight_basis"]["zone"]) == ("illustrative", "north")
    assert "freight.illustrative" in [one["code"] for one in body["assessment"]["reasons"]]


def test_too_long_for_the_service(client: FlaskClient) -> None:
    """A parcel over the limit of the service is refused at its place."""
    parcel = {
        "gross_weight": {"value": "0.45", "unit": "kg"},
        "dimensions": {"length": "61", "width": "20", "height": "5"},
    }
    request = shirts(freight_service={"card": "illustrative", "service": "packet"}, channel="postal", parcel=parcel)
    request.pop("freight", None)

    answer = client.post("/api/v1/quotes", json=request)

    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.get_json()["errors"]] == [
        ("/parcel/dimensions", "freight.over_limit")
    ]


CARD = """service,channel,zone,countries,up_to_kg,price,currency,min_days,max_days
air,courier,us,US,1,18.50,USD,2,4
"""


class TestWhoseCard:
    """Nobody's card prices another's freight."""

    @pytest.fixture
    def headers(self, client: FlaskClient) -> dict[str, dict[str, str]]:
        """Return what nobody and two sellers send along; the first seller has a card of the name ``mine``."""
        services: Any = client.application.extensions["shopkit"]
        found: dict[str, dict[str, str]] = {"nobody": {}}
        with services.database.writing.begin() as session:
            for id_ in ("s_1", "s_2"):
                session.merge(Seller(id=id_, created_at=services.now(), name=id_, country="MX", currency="MXN"))
        for id_ in ("s_1", "s_2"):
            secret = keys.create_key(services, Actor(id_, "owner"), "x", (), 600).secret
            found[id_] = {"Authorization": f"Bearer {secret}"}
        freight.import_card(services, "s_1", "mine", CARD)
        freight.import_card(services, THE_SHOP, "mine", CARD.replace("18.50", "1.00"))
        return found

    def test_a_quote(self, client: FlaskClient, headers: dict[str, dict[str, str]]) -> None:
        """The seller's key brings the seller's card; without it, or with another's, there is none of that name."""
        asked = shirts(freight_service={"card": "mine", "service": "air"})
        asked.pop("freight", None)
        basket = {name: part for name, part in asked.items() if name not in {"destination", "save"}}
        both = basket | {"destinations": [asked["destination"]]}
        found = {
            who: (
                client.post("/api/v1/quotes", json=asked, headers=sent).status_code,
                client.post("/api/v1/compare", json=both, headers=sent).status_code,
                [
                    one.get("status", 200)
                    for one in client.post("/api/v1/quotes/batch", json={"requests": [asked]}, headers=sent).get_json()[
                        "results"
                    ]
                ],
            )
            for who, sent in headers.items()
        }
        mine = client.post("/api/v1/quotes", json=asked, headers=headers["s_1"]).get_json()

        assert mine["totals"]["freight"] == "18.50"
        assert {who: one[:2] for who, one in found.items()} == {
            "nobody": (422, 422),
            "s_1": (200, 200),
            "s_2": (422, 422),
        }
        assert found["nobody"][2] == found["s_2"][2] != found["s_1"][2]

    def test_what_services_ask(self, client: FlaskClient, headers: dict[str, dict[str, str]]) -> None:
        """The list of offers names the seller's card to the seller alone."""
        cards = {
            who: {
                one["card"]
                for one in client.get(f"{FREIGHT}?country=US&weight_kg=0.4", headers=sent).get_json()["results"]
            }
            for who, sent in headers.items()
        }

        assert cards == {"nobody": {"illustrative"}, "s_1": {"mine", "illustrative"}, "s_2": {"illustrative"}}
