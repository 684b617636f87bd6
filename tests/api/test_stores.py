"""A store for programs: what is sold and for how much, a basket at an address, one order of it, and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from shopkit.app import services_of
from shopkit.services import companies, demo, order_lists
from tests.shop import open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop

STORE: Final = "/api/v1/stores/demo"
AT: Final = f"{STORE}/us/es"
LINES: Final[list[dict[str, Any]]] = [
    {"key": "taza-peltre", "sku": "TAZ-AZU", "quantity": 2, "written": {"Nombre": "Lucía", "Tipografía": "Cursiva"}}
]
BUYER: Final = {
    "name": "Elena Ríos",
    "email": "elena@correo.example",
    "line1": "742 Evergreen Terrace",
    "city": "Los Angeles",
    "region": "CA",
    "postal_code": "90012",
}
KEY: Final = "8c0f3a52-6c1e-4d5f-9b1a"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a demonstration with its orders."""
    made = open_demo(tmp_path_factory.mktemp("shop"), has_orders=True)
    yield made
    services_of(made).database.dispose()


@pytest.fixture
def client(shop: Shop) -> FlaskClient:
    """Return a program without a key."""
    return shop.test_client()


def told(answer: TestResponse, status: int = 200) -> dict[str, Any]:
    """Return what was answered, with the status that was expected."""
    assert answer.status_code == status, answer.text
    found: Any = answer.json
    assert isinstance(found, dict)
    return found


def test_a_program_buys_as_a_person_does(client: FlaskClient, shop: Shop) -> None:
    """The price of the list, a quote at the address, one order however often it is sent, and its state by its name."""
    store = told(client.get(STORE))
    listed = told(client.get(f"{AT}/products"))
    product = told(client.get(f"{AT}/products/taza-peltre"))
    one = told(client.post(f"{AT}/quotes", json={"lines": [{"key": "taza-peltre", "sku": "TAZ-AZU"}]}))
    quote = told(client.post(f"{AT}/quotes", json={"lines": LINES, "region": "CA", "postal_code": "90012"}))
    asked = {"lines": LINES, "buyer": BUYER, "agreed": quote["agreed"], "key": KEY}
    first, again = (told(client.post(f"{AT}/orders", json=asked), 201) for _ in range(2))
    read = told(client.get(f"{AT}/orders/{first['name']}"))
    services = services_of(shop)
    found = order_lists.find(services, companies.command_actor(services, demo.SLUG), text="elena@correo.example").rows

    assert {"market": "US", "languages": ["es", "en"], "terms": "DDP", "currency": "USD"} in store["places"]
    assert product in listed["results"]
    assert one["total"] == product["variants"][0]["pay"]
    assert [(line["title"], line["amount"]) for line in quote["lines"]] == [
        ("Taza de peltre personalizada, 350 ml · Azul · Nombre: Lucía; Tipografía: Cursiva", "30.00")
    ]
    assert first == again == read
    assert (first["status"], first["total"], first["missing"]) == ("awaiting_payment", quote["total"], quote["total"])
    assert [way["method"] for way in first["ways"]] == ["sandbox/card", "sandbox/voucher"]
    assert client.get(first["page"]).status_code == 200
    assert len([row for row in found if str(row.due.text) == quote["total"]]) == 1


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"agreed": "another"}, "/agreed", "store.other_total"),
        ({"buyer": BUYER | {"region": ""}}, "/buyer/region", "required"),
        ({"buyer": BUYER | {"email": "x"}}, "/buyer/email", "address.email"),
        ({"lines": [{"key": "nothing"}]}, "/lines/0", "store.gone"),
        ({"lines": [{"key": "playera-bordada", "sku": "PLA-VER-G"}]}, "/lines/0", "store.gone"),
        ({"key": "short"}, "/key", "text.too_short"),
        ({"lines": [{"key": "taza-peltre", "quantity": 21}]}, "/lines/0/quantity", "number.range"),
    ],
)
def test_what_is_wrong_with_an_order_is_told_by_its_place(
    client: FlaskClient, more: dict[str, Any], pointer: str, code: str
) -> None:
    """Nothing is ordered, and each problem names the field."""
    quote = told(client.post(f"{AT}/quotes", json={"lines": LINES, "region": "CA", "postal_code": "90012"}))
    asked = {"lines": LINES, "buyer": BUYER, "agreed": quote["agreed"], "key": f"{KEY}-wrong"} | more
    problem = told(client.post(f"{AT}/orders", json=asked), 422)

    assert problem["errors"][0]["pointer"] == pointer
    assert problem["errors"][0]["code"] == code


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/stores/nobody",
        "/api/v1/stores/queso-boaco",
        f"{STORE}/mx/es/products",
        f"{STORE}/us/pt/products",
        f"{STORE}/US/es/products",
        f"{AT}/products/nothing",
        f"{AT}/orders/o_01M84EZ1M8M00AASQPJ211PXQA-000000000000000000000000",
    ],
)
def test_what_is_not_there(client: FlaskClient, path: str) -> None:
    """A closed store, a place it is not open in, a product it does not sell, an order whose name was guessed."""
    assert client.get(path).status_code == 404


def test_the_examples_of_the_description_are_answered(client: FlaskClient) -> None:
    """The basket is priced, and the order of it placed with the mark of that price."""
    spec = told(client.get("/api/openapi.json"))
    path = "/api/v1/stores/{slug}/{market}/{language}"
    examples = [
        next(iter(asked["content"]["application/json"]["examples"].values()))
        for what in ("quotes", "orders")
        for asked in [spec["paths"][f"{path}/{what}"]["post"]["requestBody"]]
    ]
    quote = told(client.post(f"{AT}/quotes", json=examples[0]["value"]))

    told(client.post(f"{AT}/orders", json=examples[1]["value"] | {"agreed": quote["agreed"]}), 201)


def test_how_a_shop_stands(client: FlaskClient) -> None:
    """With the days it is told of; too few orders tell neither stars nor reliability."""
    found = told(client.get(f"{STORE}/reputation"))

    assert found == {
        "standing": {
            "since": "2025-11-23",
            "until": "2026-11-22",
            "stars": None,
            "ratings": 0,
            "reliability": None,
            "deliveries": 2,
        },
        "ratings": [],
    }
