"""POST /api/v1/pricing: the question, the answer as described, and everything wrong at once."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from shopkit.api.examples import PRICED
from shopkit.api.pricing_schemas import PricingResponse

if TYPE_CHECKING:
    from flask.testing import FlaskClient

PATH = "/api/v1/pricing"


def changed(**more: Any) -> dict[str, Any]:
    """Return the example with other parts; ``quote__terms`` is a part of its consignment."""
    found = deepcopy(PRICED)
    for name, value in more.items():
        into, _, key = name.rpartition("__")
        (found[into] if into else found)[key] = value
    return found


def wrong(client: FlaskClient, asked: Any) -> set[tuple[str, str]]:
    """Return what is wrong with a request, as pointer and code."""
    answer = client.post(PATH, json=asked)
    assert answer.status_code == 422
    return {(one["pointer"], one["code"]) for one in answer.get_json()["errors"]}


def test_the_example_of_the_description_is_answered(client: FlaskClient) -> None:
    """The lines add up to what is in hand, the answer is as it is described, and nothing is kept."""
    answer = client.post(PATH, json=PRICED, headers={"Accept-Language": "es"})
    found = answer.get_json()

    assert (answer.status_code, answer.headers["Content-Language"]) == (200, "es")
    PricingResponse.model_validate_json(answer.data)
    cents = [int(one["amount"].replace(".", "")) for one in found["lines"]]
    assert sum(cents) == int(found["in_hand"]["amount"].replace(".", ""))
    assert found["quote"]["id"] is None
    assert [one["goal"] for one in found["targets"]] == ["margin", "landed"]
    assert found["lines"][0]["name"] == "Precio de la mercancía"


def test_the_price_that_is_told_reaches_its_target(client: FlaskClient) -> None:
    """Asked again at the price that was told, the margin is the one asked for, and a cent less leaves less."""
    told = client.post(PATH, json=PRICED).get_json()["targets"][0]["price"]["amount"]

    def margin(amount: str) -> float:
        item = PRICED["quote"]["items"][0] | {"unit_price": {"amount": amount, "currency": "USD"}}
        found = client.post(PATH, json=changed(quote__items=[item])).get_json()
        return float(found["margin_percent"]["amount"])

    less = f"{int(told.replace('.', '')) - 1}"
    assert margin(told) >= 30 - 0.005
    assert margin(f"{less[:-2]}.{less[-2:]}") <= 30


def test_a_refusal_tells_nothing_and_says_why(client: FlaskClient) -> None:
    """Where there is no lawful answer nothing is in hand, and the worksheet says that it knows nothing."""
    found = client.post(
        PATH, json=changed(quote__destination={"country": "GB"}, quote__terms="DAP", quote__price_includes=[])
    ).get_json()

    assert (found["outcome"], found["in_hand"], found["lines"], found["market"]["known"]) == (
        "refused",
        None,
        [],
        False,
    )
    assert found["reasons"]


def test_wholesale_climbs_to_the_shelf_and_back(client: FlaskClient) -> None:
    """With a distributor and a shop the shelf price is told, and the price that keeps it under an amount."""
    asked = changed(
        wholesale={"steps": [{"name": "Distribuidor", "percent": "30"}], "sales_tax_percent": "7.25"},
        targets=[{"shelf": {"amount": "45.00", "currency": "USD"}}],
    )

    found = client.post(PATH, json=asked, headers={"Accept-Language": "en"}).get_json()

    # 70.00 at the door for two; 35.00 ÷ 0.7 = 50.00, with the tax 53.63 (53.625 halves up).
    assert [(one["name"], one["amount"]) for one in found["shelf"]["steps"]] == [
        ("At the importer’s door, for one", "35.00"),
        ("Distribuidor", "50.00"),
        ("With the sales tax", "53.63"),
    ]
    # 45.00 ÷ 1.0725 × 0.7 = 29.37 for one.
    assert found["targets"][0]["price"]["amount"] == "29.37"


def test_everything_that_is_wrong_is_told_at_once(client: FlaskClient) -> None:
    """Of the consignment and of the rest, each with its pointer."""
    asked = changed(
        quote__channel="mule",
        currency="XXQ",
        costs=[
            {"name": "a", "per": "unit", "percent": "3"},
            {"name": "b", "per": "price", "percent": "101", "source": {"title": "x", "url": "javascript:alert(1)"}},
            {"name": "c", "per": "price", "percent": "1", "source": {"title": "x", "as_of": "2026-02-30"}},
        ],
        targets=[{}, {"margin_percent": "100"}, {"shelf": {"amount": "1", "currency": "USD"}}],
        wholesale=None,
    )
    asked["market"] |= {
        "start": "2026-02-30",
        "outlays": [{"name": "x", "amount": {"amount": "1", "currency": "XXQ"}, "month": 3, "until": 2}],
        "sales": [{"month": 1, "orders": {"low": 3, "likely": 2, "high": 1}}] * 2,
    }

    assert wrong(client, asked) == {
        ("/quote/channel", "choice"),
        ("/currency", "currency.unknown"),
        ("/costs/0", "pricing.cost"),
        ("/costs/1/percent", "number.range"),
        ("/costs/1/source/url", "pricing.url"),
        ("/costs/2/source/as_of", "date.impossible"),
        ("/targets/0", "pricing.target"),
        ("/targets/1/margin_percent", "number.range"),
        ("/targets/2/shelf", "pricing.shelf"),
        ("/market/start", "date.impossible"),
        ("/market/outlays/0/until", "pricing.until"),
        ("/market/outlays/0/amount/currency", "currency.unknown"),
        ("/market/sales/0/orders", "pricing.orders"),
        ("/market/sales/1/orders", "pricing.orders"),
        ("/market/sales/1/month", "pricing.month_twice"),
    }


@pytest.mark.parametrize(
    ("part", "value", "expected"),
    [
        ("quote", None, ("/quote", "type.object")),
        ("exchange", {"spread_percent": 1}, ("/exchange/spread_percent", "type.text")),
        ("exchange", {"spread_percent": "200"}, ("/exchange/spread_percent", "number.range")),
        ("payment", {"days": -1}, ("/payment/days", "number.range")),
        ("payment", {"yearly_percent": "2000"}, ("/payment/yearly_percent", "number.range")),
        ("wholesale", {"steps": [{"name": "x", "percent": "100"}]}, ("/wholesale/steps/0/percent", "number.range")),
        ("order_sizes", {"up_to": 0}, ("/order_sizes/up_to", "number.range")),
        ("cost", [], ("/cost", "unknown_field")),
    ],
)
def test_a_part_that_is_wrong_is_told(client: FlaskClient, part: str, value: Any, expected: tuple[str, str]) -> None:
    """Each with its place and code."""
    assert wrong(client, changed(**{part: value})) == {expected}


def test_without_a_consignment_there_is_nothing_to_price(client: FlaskClient) -> None:
    """The consignment is needed."""
    assert wrong(client, {"currency": "MXN"}) == {("/quote", "required")}


@pytest.mark.parametrize("body", ["{", "[]"])
def test_what_is_no_question_is_refused(client: FlaskClient, body: str) -> None:
    """As everywhere."""
    answer = client.post(PATH, data=body, content_type="application/json")

    assert answer.status_code in {400, 422}
