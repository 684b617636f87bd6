"""Pushing to Shopify: what is asked and set, what is left as it is there, and how its answers are read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost.money import Money
from listings.channels.shopify import Shopify as Rows
from listings.pushing.port import Call, Problem, Pushed, PushError, Reply, push
from listings.pushing.shopify import Shopify
from shopkit.pushing.shopify import CHANNEL
from shopkit.pushing.twins.shopify import ShopifyTwin
from tests.contracts.channels import feed_of, item_of
from tests.shop import NOW

if TYPE_CHECKING:
    from listings.channels.port import Record

HERE = "gid://shopify/Location/1"
ONLINE = "gid://shopify/Publication/7"
ROWS: Any = Rows()
FEED = feed_of(ROWS, "csv")
PHOTO = "https://taller.example/{}.jpg"
UNSHOWN = "push.unshown"


def shirt(size: str, **more: Any) -> Record:
    """Return the row of a shirt in a size."""
    item = replace(item_of(FEED), id=f"PLA-{size}", sku=f"PLA-{size}", listing="playera", options={"Talla": size})
    said: Record = Rows().record(replace(item, **{"photos": (PHOTO.format(size),), **more}), FEED)
    return said


def product(*rows: Record) -> Record:
    """Return what is pushed of the rows of one handle."""
    found = Shopify(HERE).gather(rows or [shirt("M")])
    assert len(found) == 1
    return found[0]


class Told:
    """A transport that keeps what was said, and lets a twin answer."""

    def __init__(self, twin: Any) -> None:
        self.twin = twin
        self.calls: list[Call] = []
        self.said: list[dict[str, Any]] = []

    def send(self, call: Call) -> Reply:
        """Return the reply of the twin."""
        self.calls.append(call)
        self.said.append(json.loads(call.body)["variables"])
        reply: Reply = self.twin.send(call)
        return reply


class Saying:
    """A transport that gives the same answer each time."""

    def __init__(self, answer: Any, status: int = 200) -> None:
        self.reply = Reply(status, json.dumps(answer).encode())

    def send(self, call: Call) -> Reply:  # noqa: ARG002 - the port's
        """Return the answer."""
        return self.reply


def ended(said: Record, twin: Any, ids: dict[str, str] | None = None, pusher: Shopify | None = None) -> PushError:
    """Return the error that pushing ends with."""
    with pytest.raises(PushError) as caught:
        push(pusher or Shopify(HERE), said, twin, ids)
    return caught.value


def kept(twin: ShopifyTwin) -> dict[str, Any]:
    """Return the one product of a shop."""
    (found,) = twin.kept.values()
    held: dict[str, Any] = found
    return held


def codes(done: Pushed) -> list[str]:
    """Return the codes of what a push warned of."""
    return [one.code for one in done.warnings]


def test_rows_of_a_handle_are_one_product_with_its_variants() -> None:
    """The product is set whole, under its handle, with every field that a row says and Shopify has."""
    told = Told(ShopifyTwin())
    push(Shopify(HERE), product(shirt("M"), shirt("G", stock=None)), told)

    assert told.said[1] == {
        "by": {"handle": "playera"},
        "input": {
            "handle": "playera",
            "title": "Playera de algodón",
            "descriptionHtml": "<p>Hecha a mano.</p>",
            "status": "ACTIVE",
            "productOptions": [{"name": "Talla", "position": 1, "values": [{"name": "M"}, {"name": "G"}]}],
            "variants": [
                {
                    "sku": "PLA-M",
                    "optionValues": [{"optionName": "Talla", "name": "M"}],
                    "price": "49.90",
                    "compareAtPrice": None,
                    "taxable": True,
                    "inventoryPolicy": "DENY",
                    "inventoryItem": {
                        "tracked": True,
                        "requiresShipping": True,
                        "measurement": {"weight": {"value": 220, "unit": "GRAMS"}},
                    },
                    "barcode": "7501031311309",
                    "inventoryQuantities": [{"locationId": HERE, "name": "available", "quantity": 5}],
                },
                {
                    "sku": "PLA-G",
                    "optionValues": [{"optionName": "Talla", "name": "G"}],
                    "price": "49.90",
                    "compareAtPrice": None,
                    "taxable": True,
                    "inventoryPolicy": "DENY",
                    "inventoryItem": {
                        "tracked": False,
                        "requiresShipping": True,
                        "measurement": {"weight": {"value": 220, "unit": "GRAMS"}},
                    },
                    "barcode": "7501031311309",
                    "file": {"originalSource": PHOTO.format("G"), "contentType": "IMAGE"},
                },
            ],
            "vendor": "Taller Oaxaca",
            "productType": "Ropa > Playeras",
            "files": [{"originalSource": PHOTO.format(one), "contentType": "IMAGE"} for one in "MG"],
        },
    }


def test_handles_are_products_of_their_own() -> None:
    """Rows of two handles are two products, each known by its handle."""
    rows = [shirt("M"), {**shirt("G"), "handle": "otra"}, shirt("S")]

    assert [(one["sku"], [row["sku"] for row in one["rows"]]) for one in Shopify(HERE).gather(rows)] == [
        ("playera", ["PLA-M", "PLA-S"]),
        ("otra", ["PLA-G"]),
    ]


def test_a_piece_without_options_has_the_one_that_shopify_gives_it() -> None:
    """Title, Default Title."""
    twin = ShopifyTwin()
    push(Shopify(HERE), product(shirt("M", options={})), twin)

    assert kept(twin)["variants"][0]["selectedOptions"] == [{"name": "Title", "value": "Default Title"}]


def test_variants_keep_their_ids_and_new_ones_join() -> None:
    """Set again with one more size the product has both, the first under the id it had."""
    twin = ShopifyTwin()
    first = push(Shopify(HERE), product(shirt("M")), twin)
    before = kept(twin)["variants"][0]["id"]
    push(Shopify(HERE), product(shirt("S"), shirt("M")), twin, first.ids)

    assert [(one["sku"], one["id"] == before) for one in kept(twin)["variants"]] == [("PLA-S", False), ("PLA-M", True)]


def test_variants_that_the_catalog_does_not_have_stay() -> None:
    """A size that went out of the catalog is still there, with its price, and that is told."""
    twin = ShopifyTwin()
    first = push(Shopify(HERE), product(shirt("M"), shirt("G")), twin)
    again = push(Shopify(HERE), product(shirt("M")), twin, first.ids)

    assert [(one["sku"], one["price"]) for one in kept(twin)["variants"]] == [("PLA-M", "49.90"), ("PLA-G", "49.90")]
    assert codes(again) == ["push.others"]


def test_a_product_that_is_there_with_the_same_skus_is_brought_up_to_date() -> None:
    """Found by its handle it is the same product, and that is told; its address is not said again."""
    twin = ShopifyTwin()
    first = push(Shopify(HERE), product(shirt("M")), twin)
    told = Told(twin)
    again = push(Shopify(HERE), product(shirt("M")), told)

    assert (again.ids, codes(first), codes(again)) == (first.ids, [UNSHOWN], ["push.found", UNSHOWN])
    assert (told.said[1]["by"], "handle" in told.said[1]["input"]) == ({"id": first.ids["product_id"]}, False)


def test_another_product_of_the_same_handle_is_left_alone() -> None:
    """With a variant that the catalog does not have it is somebody else's: nothing is set."""
    twin = ShopifyTwin()
    push(Shopify(HERE), product(shirt("M"), shirt("G")), twin)
    before = json.dumps(twin.kept)
    error = ended(product(shirt("M")), twin)

    assert (error.reason, [one.code for one in error.problems], error.ids) == ("rejected", ["HANDLE_NOT_UNIQUE"], {})
    assert json.dumps(twin.kept) == before


def test_a_product_of_many_variants_is_asked_for_page_by_page() -> None:
    """Those of the second page keep their ids too."""
    twin = ShopifyTwin(page=2)
    rows = [shirt(size) for size in ("S", "M", "G")]
    first = push(Shopify(HERE), product(*rows), twin)
    ids = [one["id"] for one in kept(twin)["variants"]]
    told = Told(twin)
    push(Shopify(HERE), product(*rows), told, first.ids)

    assert [one["id"] for one in kept(twin)["variants"]] == ids
    assert [one.get("after") for one in told.said[:2]] == [None, "2"]


def test_photos_are_sent_when_they_are_new() -> None:
    """Each time they are sent they would be further files of the shop: the same ones are not sent again."""
    twin = ShopifyTwin()
    first = push(Shopify(HERE), product(shirt("M")), twin)
    told = Told(twin)
    push(Shopify(HERE), product(shirt("M")), told, first.ids)
    changed = push(Shopify(HERE), product(shirt("M", photos=(PHOTO.format("otra"),))), told, first.ids)

    assert ["files" in one["input"] for one in told.said[1::2]] == [False, True]
    assert changed.ids["photos"] != first.ids["photos"]


def test_a_sale_that_is_over_ends_there() -> None:
    """The price before it is taken away, which leaving it out would not do."""
    twin = ShopifyTwin()
    on_sale = push(Shopify(HERE), product(shirt("M", sale=Money(3990, "USD"))), twin)
    prices = [(one["price"], one["compareAtPrice"]) for one in kept(twin)["variants"]]
    push(Shopify(HERE), product(shirt("M")), twin, on_sale.ids)

    assert prices == [("39.90", "49.90")]
    assert [(one["price"], one["compareAtPrice"]) for one in kept(twin)["variants"]] == [("49.90", None)]


def test_a_product_that_was_put_away_there_stays_away() -> None:
    """Whether it is active is said when it is made, and then it is the seller's to say at Shopify."""
    twin = ShopifyTwin()
    first = push(Shopify(HERE), product(shirt("M")), twin)
    made = kept(twin)["status"]
    kept(twin)["status"] = "ARCHIVED"
    push(Shopify(HERE), product(shirt("M")), twin, first.ids)

    assert (made, kept(twin)["status"]) == ("ACTIVE", "ARCHIVED")


def test_a_product_is_shown_in_the_sales_channel_once() -> None:
    """Who takes it out there by hand does not find it back in."""
    twin = ShopifyTwin()
    shown = Shopify(HERE, ONLINE)
    first = push(shown, product(shirt("M")), twin)
    kept(twin)["published"] = []
    again = push(shown, product(shirt("M")), twin, first.ids)

    assert (first.ids["published"], first.warnings, again.ids) == (ONLINE, (), first.ids)
    assert kept(twin)["published"] == []


def test_a_shop_that_sells_in_other_money_is_not_sent_to() -> None:
    """Shopify takes a price as an amount of its own money, whatever it was meant in."""
    twin = ShopifyTwin(currency="MXN")
    error = ended(product(shirt("M")), twin)

    assert (error.reason, error.problems) == (
        "rejected",
        (Problem("push.currency", "The shop sells in MXN, the catalog is in USD.", ("price",)),),
    )
    assert twin.kept == {}


def test_a_name_without_a_handle_is_told() -> None:
    """A product's address is made of letters and digits."""
    error = ended({"sku": "陶", "rows": [shirt("M")]}, ShopifyTwin())

    assert [(one.code, one.fields) for one in error.problems] == [("push.handle", ("handle",))]


def test_points_that_are_used_up_are_waited_for() -> None:
    """They come back within seconds: the call is made again after as long as they need."""
    told = Told(ShopifyTwin(throttled=2))
    push(Shopify(HERE), product(shirt("M")), told)

    assert [one.after_s for one in told.calls] == [0.0, 7.0, 7.0, 0.0]


def test_a_shop_whose_points_do_not_come_back_is_left_alone() -> None:
    """The third time it is busy, and says for how long."""
    error = ended(product(shirt("M")), ShopifyTwin(throttled=3))

    assert (error.reason, error.wait_s) == ("busy", 7.0)


@pytest.mark.parametrize(
    ("code", "reason"),
    [("INTERNAL_SERVER_ERROR", "unavailable"), ("ACCESS_DENIED", "unsigned"), ("MAX_COST_EXCEEDED", "rejected")],
)
def test_errors_of_a_query_are_told_by_their_code(code: str, reason: str) -> None:
    """They come with 200; some may go well another time, some need another token."""
    error = ended(product(), Saying({"errors": [{"message": "No", "extensions": {"code": code}}]}))

    assert (error.reason, error.problems) == (reason, (Problem(code, "No"),))


def test_an_error_in_one_sentence_is_kept() -> None:
    """A token that is not taken is told in words alone."""
    error = ended(product(), Saying({"errors": "[API] Invalid API key or access token"}, 401))

    assert (error.reason, error.problems) == ("unsigned", (Problem("", "[API] Invalid API key or access token"),))


def test_a_field_that_shopify_does_not_know_is_refused_as_there() -> None:
    """The twin holds to Shopify's schema: an input with another field is no input."""
    body = json.dumps({"query": "mutation { productSet(", "variables": {"input": {"heading": "Playera"}}}).encode()
    answer = json.loads(ShopifyTwin().send(Call("POST", "/graphql.json", body)).body)

    assert answer["errors"][0]["extensions"] == {
        "code": "INVALID_VARIABLE",
        "problems": [{"path": ["heading"], "explanation": "Field is not defined on ProductSetInput"}],
    }


@pytest.mark.parametrize(
    ("field", "given", "kept_as"),
    [
        ("shop", "https://Taller-Oaxaca.myshopify.com/admin", "taller-oaxaca"),
        ("shop", "taller.example", None),
        ("shop", "taller/../otra", None),
        ("location", "71", "gid://shopify/Location/71"),
        ("location", "gid://shopify/Product/71", None),
        ("publication", " 9 ", "gid://shopify/Publication/9"),
    ],
)
def test_what_an_account_says_is_brought_to_one_form(field: str, given: str, kept_as: str | None) -> None:
    """A shop by its name or address, ids as Shopify writes them or as numbers."""
    check = next(one.check for one in CHANNEL.fields if one.name == field)

    assert check(given) == kept_as


def test_calls_go_to_the_shop_in_a_version_with_a_date() -> None:
    """The token is in Shopify's own header; a new one is asked for by what the application is known by."""
    details = {"shop": "taller-oaxaca", "location": HERE, "client_id": "a", "client_secret": "b"}
    assert CHANNEL.renewal is not None
    renewed = CHANNEL.renewal.call("", details, NOW)

    assert CHANNEL.address(details) == "https://taller-oaxaca.myshopify.com/admin/api/2026-07"
    assert CHANNEL.sign(Call("POST", "/graphql.json"), "shpat_1", details, NOW).headers == {
        "X-Shopify-Access-Token": "shpat_1"
    }
    assert renewed is not None
    assert (renewed.path, renewed.body) == (
        "/admin/oauth/access_token",
        b"grant_type=client_credentials&client_id=a&client_secret=b",
    )
