"""Listings of Amazon by the Listings Items API: the call whole, and what Amazon thinks of a row in a good answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from listings.channels.amazon import MARKETPLACES
from listings.channels.amazon import Amazon as Rows
from listings.pushing.amazon import REGIONS, Amazon
from listings.pushing.port import Call, Problem, Pushed, PushError, Reply, push
from shopkit.pushing.amazon import CHANNEL
from shopkit.pushing.twins.amazon import AmazonTwin
from tests.shop import NOW
from tests.unit.listings.test_calls import record

if TYPE_CHECKING:
    from listings.channels.port import Record

PUSHER = Amazon("A2SELLERSHOP1", "na")
STORE = "ATVPDKIKX0DER"


def row(**changes: Any) -> Record:
    """Return the record of a row for the United States."""
    return {**record(Rows()), **changes}


class Answer:
    """A channel that answers one thing and keeps what it was asked."""

    def __init__(self, status: int, answer: Any) -> None:
        """Take what is answered."""
        self.reply = Reply(status, json.dumps(answer).encode())
        self.asked: list[Call] = []

    def send(self, call: Call) -> Reply:
        """Return the answer."""
        self.asked.append(call)
        return self.reply


def ended(answer: Any, status: int = 200) -> PushError:
    """Return the error that an answer comes to."""
    with pytest.raises(PushError) as caught:
        push(PUSHER, row(), Answer(status, answer))
    return caught.value


def said(*issues: dict[str, Any], status: str = "ACCEPTED") -> dict[str, Any]:
    """Return an answer of Amazon's."""
    return {"sku": "PLA-1", "status": status, "submissionId": "f1dc2914-75dd-11ea", "issues": list(issues)}


def test_a_row_is_put_under_seller_and_sku_in_one_store() -> None:
    """The feed's message without what only a feed says; numbers are numbers, the price where Amazon looks for it."""
    amazon = Answer(200, said())
    done = push(PUSHER, row(), amazon)
    call = amazon.asked[0]
    body = json.loads(call.body)

    assert done == Pushed("PLA-1", {"sku": "PLA-1"})
    assert (call.method, call.path, call.is_repeatable) == (
        *("PUT", "/listings/2021-08-01/items/A2SELLERSHOP1/PLA-1", True),
    )
    assert call.query == {"marketplaceIds": STORE, "includedData": "issues", "issueLocale": "es_US"}
    assert (sorted(body), body["productType"], body["requirements"]) == (
        *(["attributes", "productType", "requirements"], "SHIRT", "LISTING"),
    )
    assert body["attributes"]["purchasable_offer"] == [
        {"marketplace_id": STORE, "currency": "USD", "our_price": [{"schedule": [{"value_with_tax": 49.90}]}]}
    ]
    assert body["attributes"]["fulfillment_availability"] == [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}]


def test_signs_in_a_sku_stay_in_their_place() -> None:
    """A slash in a SKU is no step of the path."""
    amazon = AmazonTwin()
    push(PUSHER, row(sku="PLA/1 ñ"), amazon)

    assert amazon.calls[0].startswith("PUT /listings/2021-08-01/items/A2SELLERSHOP1/PLA%2F1%20%C3%B1?")
    assert list(amazon.kept) == [f"A2SELLERSHOP1 PLA/1 ñ {STORE}"]


def test_a_submission_that_is_not_valid_is_a_refusal_though_the_status_is_good() -> None:
    """Amazon's own example: a code, its words, the attributes it names; what only warns is marked."""
    missing = {
        "code": "90220",
        "message": "'condition_type' is required but not supplied.",
        "severity": "ERROR",
        "attributeNames": ["condition_type"],
        "categories": ["MISSING_ATTRIBUTE"],
    }
    hint = {"code": "99010", "message": "A hint.", "severity": "WARNING", "categories": []}
    error = ended(said(missing, hint, status="INVALID"))

    assert (error.reason, error.problems) == (
        "rejected",
        (
            Problem("90220", "'condition_type' is required but not supplied.", ("condition_type",)),
            Problem("99010", "A hint.", (), is_warning=True),
        ),
    )


def test_an_answer_that_is_lost_may_be_asked_for_again() -> None:
    """What is put twice is one listing."""
    amazon = AmazonTwin()
    amazon.failing = ["lost"]
    with pytest.raises(PushError) as caught:
        push(PUSHER, row(), amazon)
    push(PUSHER, row(), amazon)

    assert (caught.value.reason, len(amazon.kept)) == ("unavailable", 1)


def test_what_amazon_warns_of_comes_with_what_it_took() -> None:
    """So does what it only lets know."""
    hints: list[dict[str, Any]] = [
        {"code": one, "message": one, "severity": one, "categories": []} for one in ("WARNING", "INFO")
    ]

    assert push(PUSHER, row(), Answer(200, said(*hints))).warnings == (
        Problem("WARNING", "WARNING", (), is_warning=True),
        Problem("INFO", "INFO", (), is_warning=True),
    )


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        ({"errors": [{"code": "QuotaExceeded", "message": "You exceeded your quota."}]}, 429, "busy"),
        ({"errors": [{"code": "Unauthorized", "message": "Access denied.", "details": "expired"}]}, 403, "unsigned"),
        ({"errors": [{"code": "InvalidInput", "message": "No."}]}, 400, "rejected"),
        ({"errors": [{"code": "InternalFailure", "message": "Sorry."}]}, 500, "unavailable"),
        ({"sku": "PLA-1"}, 200, "garbage"),
        ({"status": "ACCEPTED"}, 200, "garbage"),
    ],
)
def test_a_call_that_is_not_answered_well_is_told_by_its_kind(answer: Any, status: int, reason: str) -> None:
    """A listing is replaced, so that even a server's fault does no harm."""
    assert ended(answer, status).reason == reason


def test_an_error_of_the_whole_call_keeps_its_words() -> None:
    """Message and details together."""
    error = ended({"errors": [{"code": "BAD_REQUEST", "message": "Invalid input", "details": "Bad SKU"}]}, 400)

    assert error.problems == (Problem("BAD_REQUEST", "Invalid input Bad SKU"),)


def test_a_store_of_another_region_is_not_called() -> None:
    """The token is not taken there, and Amazon would say that the seller is not allowed to."""
    amazon = AmazonTwin()
    with pytest.raises(PushError) as caught:
        push(Amazon("A2SELLERSHOP1", "eu"), row(), amazon)

    assert (caught.value.reason, caught.value.problems[0].fields, amazon.calls) == ("rejected", ("marketplace_id",), [])


def test_every_store_that_we_write_catalogs_for_has_its_region() -> None:
    """Each once."""
    assert sorted(one for places in REGIONS.values() for one in places) == sorted(MARKETPLACES.values())


def test_the_region_is_in_the_address_and_the_token_in_amazons_own_header() -> None:
    """The end points are those of python-amazon-sp-api 2.1.35."""
    signed = CHANNEL.sign(Call("PUT", "/a"), "Atza|t", {}, NOW)

    assert [CHANNEL.address({"region": one}) for one in ("na", "eu")] == [
        "https://sellingpartnerapi-na.amazon.com",
        "https://sellingpartnerapi-eu.amazon.com",
    ]
    assert signed.headers["x-amz-access-token"] == "Atza|t"
    assert [CHANNEL.is_unsigned(Reply(one)) for one in (200, 401, 403, 429)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("attributes", "purchasable_offer", 0, "marketplace_id"), "A1AM78C64UM0Y8", "90000900"),
        (("attributes", "colour"), [{"value": "Azul"}], "90000900"),
        (("attributes", "brand"), "Taller", "90000900"),
        (("attributes", "brand", 0, "marketplace_id"), "A1AM78C64UM0Y8", "90000900"),
        (("attributes", "purchasable_offer", 0, "price"), "0.00 USD", "90000900"),
    ],
)
def test_the_twin_looks_at_attributes(path: tuple[Any, ...], value: Any, code: str) -> None:
    """An attribute it does not know, values that are no list, a value of another store, a price of nothing."""
    spoilt = json.loads(json.dumps(record(Rows())))
    held = spoilt
    for one in path[:-1]:
        held = held[one]
    held[path[-1]] = value
    with pytest.raises(PushError) as caught:
        push(PUSHER, spoilt, AmazonTwin())

    assert caught.value.reason == "rejected"
    assert {one.code for one in caught.value.problems} == {code}
