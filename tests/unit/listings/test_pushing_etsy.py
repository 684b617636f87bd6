"""Pushing to Etsy: a draft, its inventory and its photos, and publishing only where the account says so."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost.money import Money
from listings.channels.etsy import Etsy as Rows
from listings.pushing.etsy import Etsy
from listings.pushing.port import Call, Problem, Pushed, PushError, Reply, push
from shopkit.pushing.etsy import CHANNEL
from shopkit.pushing.twins.etsy import EtsyTwin
from tests.contracts.channels import TOLD, feed_of, item_of
from tests.shop import NOW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from listings.channels.port import Record

ROWS: Any = Rows()
FEED = feed_of(ROWS, "jsonl")
OWN = "/shops/7/listings"
PHOTO = "https://taller.example/{}.jpg"
DRAFT = "It is a draft. Publishing it costs 0.20 USD at Etsy, and is done there, or by an account that says so."


def shirt(**more: Any) -> Record:
    """Return the row of a shirt with two photos."""
    item = replace(item_of(FEED), own=TOLD["etsy"].own, photos=(PHOTO.format("a"), PHOTO.format("b")))
    said: Record = Rows().record(replace(item, **more), FEED)
    return said


class Told:
    """A transport that keeps what was said, and lets a twin answer."""

    def __init__(self, twin: Any) -> None:
        self.twin = twin
        self.calls: list[Call] = []

    def send(self, call: Call) -> Reply:
        """Return the reply of the twin."""
        self.calls.append(call)
        reply: Reply = self.twin.send(call)
        return reply

    @property
    def names(self) -> list[str]:
        """The calls by method and path."""
        return [f"{one.method} {one.path}" for one in self.calls]

    def of(self, name: str) -> Any:
        """Return the body of the last call of a name."""
        (*_, body) = [one.body for one in self.calls if f"{one.method} {one.path}" == name]
        return json.loads(body)


def sent(said: Record, twin: Any, ids: Mapping[str, str] | None = None, **more: Any) -> Pushed:
    """Push, as a run of its own."""
    return push(Etsy("7", **more), said, twin, ids)


def ended(said: Record, twin: Any, ids: Mapping[str, str] | None = None, **more: Any) -> PushError:
    """Return the error that pushing ends with."""
    with pytest.raises(PushError) as caught:
        sent(said, twin, ids, **more)
    return caught.value


def test_a_row_is_a_draft_with_its_inventory_and_photos() -> None:
    """What it costs and how many there are is said twice, for it is the inventory's later; nothing is charged."""
    told = Told(EtsyTwin())
    done = sent(shirt(), told)

    assert told.names == [
        "GET /shops/7",
        f"POST {OWN}",
        "PUT /listings/1001/inventory",
        *[f"POST {OWN}/1001/images"] * 2,
    ]
    assert told.of(f"POST {OWN}") == {
        "quantity": 5,
        "title": "Playera de algodón",
        "description": "Hecha a mano.",
        "price": 49.90,
        "who_made": "i_did",
        "when_made": "2020_2026",
        "taxonomy_id": 449,
        "shipping_profile_id": 1,
        "readiness_state_id": 2,
        "materials": ["Algodón"],
        "item_weight": 220,
        "item_weight_unit": "g",
        "item_length": 30,
        "item_width": 20,
        "item_height": 3,
        "item_dimensions_unit": "cm",
        "is_supply": False,
        "type": "physical",
    }
    offering = {"price": 49.90, "quantity": 5, "is_enabled": True, "readiness_state_id": 2}
    assert told.of("PUT /listings/1001/inventory") == {
        "products": [{"sku": "PLA-1", "property_values": [], "offerings": [offering]}]
    }
    assert [(one.photo.url, one.photo.name, one.photo.more) for one in told.calls if one.photo is not None] == [
        (PHOTO.format("a"), "image", {"rank": "1", "overwrite": "true"}),
        (PHOTO.format("b"), "image", {"rank": "2", "overwrite": "true"}),
    ]
    assert done.warnings == (Problem("push.draft", DRAFT, is_warning=True),)
    assert (done.ids["listing_id"], told.twin.kept["1001"]["state"], told.twin.fees) == ("1001", "draft", 0)


def test_a_row_that_is_there_is_brought_up_to_date() -> None:
    """Its price and stock by the inventory, the rest by an update, which takes neither; photos only if others."""
    told = Told(EtsyTwin())
    first = sent(shirt(), told)
    told.calls.clear()
    sent(shirt(price=Money(3990, "USD"), stock=2), told, first.ids)
    offering = told.of("PUT /listings/1001/inventory")["products"][0]["offerings"][0]

    assert told.names == ["GET /shops/7", f"PATCH {OWN}/1001", "PUT /listings/1001/inventory"]
    assert {"price", "quantity", "readiness_state_id"} & told.of(f"PATCH {OWN}/1001").keys() == set()
    assert (offering["price"], offering["quantity"]) == (39.90, 2)


def test_other_photos_take_the_place_of_those_before() -> None:
    """Those that are no longer in the row are no longer in the listing."""
    told = Told(EtsyTwin())
    first = sent(shirt(), told)
    again = sent(shirt(photos=(PHOTO.format("c"),)), told, first.ids)

    assert [one["image"] for one in told.twin.kept["1001"]["images"].values()] == [PHOTO.format("c")]
    assert told.of(f"PATCH {OWN}/1001") == {"image_ids": [10011]}
    assert again.ids["photos"] != first.ids["photos"]


def test_publishing_is_said_once_and_what_it_costs_is_told() -> None:
    """Pushed again it is not published again: what is taken off there stays off, and costs nothing."""
    twin = EtsyTwin()
    first = sent(shirt(), twin, publishes=True)
    twin.kept["1001"]["state"] = "inactive"
    again = sent(shirt(), twin, first.ids, publishes=True)

    assert [one.text for one in first.warnings] == ["Etsy charges 0.20 USD for it, and again when it renews."]
    assert (again.warnings, twin.fees, twin.kept["1001"]["state"]) == ((), 1, "inactive")


def test_a_draft_is_published_once_the_account_says_so() -> None:
    """With the ids of the draft."""
    twin = EtsyTwin()
    draft = sent(shirt(), twin)
    done = sent(shirt(), twin, draft.ids, publishes=True)

    assert (done.ids, twin.fees, twin.kept["1001"]["state"]) == ({**draft.ids, "published": "yes"}, 1, "active")


@pytest.mark.parametrize("failure", ["lost", "down"])
def test_a_draft_or_a_fee_whose_answer_is_lost_is_unknown(failure: Any) -> None:
    """Neither is sent again by itself; what is there already is named."""
    made = ended(shirt(), EtsyTwin([None, failure]))
    published = ended(shirt(), EtsyTwin([None] * 5 + [failure]), publishes=True)

    assert (made.reason, made.ids) == ("unknown", {})
    assert (published.reason, sorted(published.ids)) == ("unknown", ["listing_id", "photos"])


def test_of_what_there_is_none_no_draft_is_made() -> None:
    """Etsy takes a listing of one at least."""
    twin = EtsyTwin()
    error = ended(shirt(stock=0), twin)

    assert (error.reason, [one.code for one in error.problems], twin.kept) == ("rejected", ["push.none"], {})


def test_a_listing_that_is_sold_out_here_is_off_sale_there_until_there_are_more() -> None:
    """It is taken off and put back, without another fee; its stock there is never more than there is."""
    twin = EtsyTwin()
    first = sent(shirt(), twin, publishes=True)
    gone = sent(shirt(stock=0), twin, first.ids, publishes=True)
    off = twin.kept["1001"]["state"]
    back = sent(shirt(stock=3), twin, gone.ids, publishes=True)
    listing = twin.kept["1001"]

    assert ([one.code for one in gone.warnings], off, gone.ids["off"]) == (["push.sold_out"], "inactive", "yes")
    assert (listing["state"], listing["quantity"], twin.fees, back.ids) == ("active", 3, 1, first.ids)


def test_a_listing_that_was_put_away_there_stays_away() -> None:
    """It was not for want of stock: more of it here does not bring it back."""
    twin = EtsyTwin()
    first = sent(shirt(), twin, publishes=True)
    twin.kept["1001"]["state"] = "inactive"
    gone = sent(shirt(stock=0), twin, first.ids)
    sent(shirt(), twin, gone.ids)

    assert ("off" in gone.ids, twin.kept["1001"]["state"]) == (False, "inactive")


def test_a_shop_that_sells_in_other_money_is_not_sent_to() -> None:
    """Etsy takes a price as an amount of the shop's own money."""
    twin = EtsyTwin(currency="EUR")
    error = ended(shirt(), twin)

    assert (error.reason, error.problems, twin.kept) == (
        "rejected",
        (Problem("push.currency", "The shop sells in EUR, the catalog is in USD.", ("price",)),),
        {},
    )


def test_the_money_of_a_shop_is_asked_for_once_in_a_run() -> None:
    """The second row of the same run goes without."""
    told, pusher = Told(EtsyTwin()), Etsy("7")
    for sku in ("A", "B"):
        push(pusher, shirt(id=sku, sku=sku), told)

    assert told.names.count("GET /shops/7") == 1


def test_a_refusal_to_publish_leaves_a_draft_that_is_gone_on_with() -> None:
    """The draft is there and named; with what it lacked it is published."""
    twin = EtsyTwin()
    row = shirt()
    del row["listing"]["readiness_state_id"]
    error = ended(row, twin, publishes=True)
    done = sent(shirt(), twin, error.ids, publishes=True)

    assert (error.reason, twin.fees, done.ids["published"]) == ("rejected", 1, "yes")
    assert "readiness_state_id" in error.problems[0].text


@pytest.mark.parametrize(
    ("status", "answer", "reason", "problems"),
    [
        (400, {"error": "Invalid title"}, "rejected", (Problem("", "Invalid title"),)),
        (
            401,
            {"error": "invalid_token", "error_description": "access token is expired"},
            "unsigned",
            (Problem("", "invalid_token: access token is expired"),),
        ),
        (502, {"error": "Bad gateway"}, "unavailable", ()),
    ],
)
def test_errors_are_a_sentence(status: int, answer: Any, reason: str, problems: tuple[Problem, ...]) -> None:
    """Etsy's error has one text, and sometimes another beside it."""

    class Saying:
        def send(self, call: Call) -> Reply:  # noqa: ARG002 - the port's
            return Reply(status, json.dumps(answer).encode())

    error = ended(shirt(), Saying())

    assert (error.reason, error.problems) == (reason, problems)


def test_calls_go_to_etsy_with_token_and_keys() -> None:
    """The application's two keys stand in one header; a refresh token gives the next."""
    details = {"shop": "7", "client_id": "key", "client_secret": "shared"}
    assert CHANNEL.renewal is not None
    renewed = CHANNEL.renewal.call("12.refresh", details, NOW)

    assert CHANNEL.address(details) == "https://openapi.etsy.com/v3/application"
    assert CHANNEL.sign(Call("GET", "/shops/7"), "12.token", details, NOW).headers == {
        "Authorization": "Bearer 12.token",
        "x-api-key": "key:shared",
    }
    assert renewed is not None
    assert (CHANNEL.renewal.address(details), renewed.path, renewed.body) == (
        "https://api.etsy.com",
        "/v3/public/oauth/token",
        b"grant_type=refresh_token&client_id=key&refresh_token=12.refresh",
    )


@pytest.mark.parametrize(("said", "publishes"), [("yes", True), ("no", False), ("", False)])
def test_an_account_says_whether_to_publish(said: str, publishes: bool) -> None:  # noqa: FBT001 - a parameter
    """Without a word drafts stay drafts."""
    pusher = CHANNEL.pusher({"shop": "7", "publish": said} if said else {"shop": "7"})

    assert pusher == Etsy("7", publishes)
