"""Pushing to a shop with WooCommerce: what is looked up and sent, what stays as it is, and how errors are read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost.money import Money
from listings.channels.woocommerce import WooCommerce as Rows
from listings.pushing.port import Call, Problem, Pushed, PushError, Reply, push
from listings.pushing.woocommerce import PHOTOS, WooCommerce
from shopkit.pushing.twins.woocommerce import WooCommerceTwin
from shopkit.pushing.woocommerce import CHANNEL
from tests.contracts.channels import feed_of, item_of
from tests.shop import NOW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from listings.channels.port import Record

ROWS: Any = Rows()
FEED = feed_of(ROWS, "csv")
PHOTO = "https://taller.example/{}.jpg"
SETTINGS = [
    "GET /settings/general/woocommerce_currency",
    "GET /settings/products/woocommerce_weight_unit",
    "GET /settings/products/woocommerce_dimension_unit",
]


def shirt(size: str = "", **more: Any) -> Record:
    """Return the row of a shirt: of one in a size, or of one by itself."""
    said: dict[str, Any] = {"photos": (PHOTO.format(size or "una"),)}
    if size:
        said |= {"id": f"PLA-{size}", "sku": f"PLA-{size}", "group": "playera", "options": {"Talla": size}}
    found: Record = Rows().record(replace(item_of(FEED), **said | more), FEED)
    return found


def product(*rows: Record) -> Record:
    """Return what is pushed of the rows of one listing."""
    found = WooCommerce().gather(rows or [shirt()])
    assert len(found) == 1
    return found[0]


class Told:
    """A transport that keeps what was said, and lets a twin answer."""

    def __init__(self, twin: Any) -> None:
        self.twin = twin
        self.said: list[tuple[str, Any]] = []

    def send(self, call: Call) -> Reply:
        """Return the reply of the twin."""
        self.said.append((f"{call.method} {call.path}", json.loads(call.body or b"{}")))
        reply: Reply = self.twin.send(call)
        return reply

    def of(self, call: str) -> Any:
        """Return the one body that was sent by a call."""
        (body,) = [body for name, body in self.said if name == call]
        return body


def sent(said: Record, twin: Any, ids: Mapping[str, str] | None = None) -> Pushed:
    """Push, as a run of its own."""
    return push(WooCommerce(), said, twin, ids)


def ended(said: Record, twin: Any, ids: Mapping[str, str] | None = None) -> PushError:
    """Return the error that pushing ends with."""
    with pytest.raises(PushError) as caught:
        sent(said, twin, ids)
    return caught.value


def kept(twin: WooCommerceTwin, sku: str) -> dict[str, Any]:
    """Return what a shop keeps under a SKU."""
    (found,) = [one for one in twin.kept.values() if one["sku"] == sku]
    held: dict[str, Any] = found
    return held


def test_a_piece_by_itself_is_a_simple_product() -> None:
    """Looked up by its SKU, then made with every field that a row says and the API has."""
    told = Told(WooCommerceTwin())
    done = sent(product(), told)
    body = told.of("POST /products")
    mark = body["meta_data"][0]["value"]

    assert done == Pushed("PLA-1", {"product_id": "1"})
    assert [name for name, _ in told.said] == [*SETTINGS, "GET /products", "POST /products"]
    assert body == {
        "name": "Playera de algodón",
        "type": "simple",
        "sku": "PLA-1",
        "description": "<p>Hecha a mano.</p>",
        "tax_status": "taxable",
        "attributes": [],
        "status": "publish",
        "catalog_visibility": "visible",
        "regular_price": "49.90",
        "sale_price": "",
        "date_on_sale_from": "",
        "date_on_sale_to": "",
        "manage_stock": True,
        "backorders": "no",
        "stock_quantity": 5,
        "global_unique_id": "7501031311309",
        "weight": "0.22",
        "dimensions": {"length": "30", "width": "20", "height": "3"},
        "images": [{"src": PHOTO.format("una")}],
        "meta_data": [{"key": PHOTOS, "value": mark}],
    }


def test_sizes_are_variations_of_one_product() -> None:
    """The product has what there is to choose, and its variations come at once, each with its own photo."""
    told = Told(WooCommerceTwin())
    done = sent(product(shirt("M"), shirt("G", stock=None)), told)
    made, batch = told.of("POST /products"), told.of("POST /products/1/variations/batch")

    assert (done.sku, done.ids, made["type"], "regular_price" in made) == (
        "playera",
        {"product_id": "1"},
        "variable",
        False,
    )
    assert made["attributes"] == [
        {"name": "Talla", "position": 0, "visible": True, "variation": True, "options": ["M", "G"]}
    ]
    assert [
        (one["sku"], one["attributes"], one["image"], one["manage_stock"], one.get("stock_status"))
        for one in batch["create"]
    ] == [
        ("PLA-M", [{"name": "Talla", "option": "M"}], {"src": PHOTO.format("M")}, True, None),
        ("PLA-G", [{"name": "Talla", "option": "G"}], {"src": PHOTO.format("G")}, False, "instock"),
    ]


def test_a_product_is_looked_up_before_it_is_made() -> None:
    """One of the same SKU that is there is replaced instead, and that is told."""
    told = Told(WooCommerceTwin())
    first = sent(product(), told)
    again = sent(product(), told)

    assert [one.code for one in again.warnings] == ["push.found"]
    assert (again.ids, len(told.twin.kept)) == (first.ids, 1)
    assert told.of("PUT /products/1")["regular_price"] == "49.90"


def test_a_sku_with_a_comma_is_one_sku() -> None:
    """The shop looks for its parts too; a product of one of them is another product."""
    twin = WooCommerceTwin()
    sent(product(shirt(id="AZUL", sku="AZUL")), twin)
    done = sent(product(shirt(id="AZUL,G", sku="AZUL,G")), twin)

    assert (done.ids, done.warnings, [one["sku"] for one in twin.kept.values()]) == (
        {"product_id": "2"},
        (),
        ["AZUL", "AZUL,G"],
    )


def test_the_settings_of_a_shop_are_asked_for_once_in_a_run() -> None:
    """The second product of the same run goes without."""
    told, pusher = Told(WooCommerceTwin()), WooCommerce()
    for sku in ("A", "B"):
        push(pusher, product(shirt(id=sku, sku=sku)), told)

    assert [name for name, _ in told.said if "settings" in name] == SETTINGS


def test_photos_are_sent_once() -> None:
    """The product says which it has; sent again they would be fetched again and kept twice."""
    told = Told(WooCommerceTwin())
    first = sent(product(shirt("M")), told)
    told.said.clear()
    sent(product(shirt("M")), told, first.ids)
    same = [body for name, body in told.said if name.startswith(("PUT", "POST"))]
    sent(product(shirt("M", photos=(PHOTO.format("otra"),))), told, first.ids)

    assert ["images" in body or "image" in body.get("update", [{}])[0] for body in same] == [False, False]
    assert kept(told.twin, "playera")["images"] == [{"src": PHOTO.format("otra")}]
    assert kept(told.twin, "PLA-M")["image"] == {"src": PHOTO.format("otra")}


def test_what_the_catalog_does_not_say_stays() -> None:
    """Status, tags and attributes of other names are the shop's own once the product is there."""
    twin = WooCommerceTwin()
    first = sent(product(shirt(tags=("lana, fina", "azul"))), twin)
    made = dict(kept(twin, "PLA-1"))
    origin = {"id": 4, "name": "Origen", "position": 0, "visible": True, "variation": False, "options": ["Oaxaca"]}
    kept(twin, "PLA-1").update(status="draft", attributes=[origin], categories=[{"id": 7}])
    sent(product(shirt(tags=("roja",))), twin, first.ids)
    after = kept(twin, "PLA-1")

    assert made["tags"] == [{"name": "lana, fina"}, {"name": "azul"}]
    assert (after["status"], after["tags"], after["attributes"], after["categories"]) == (
        "draft",
        made["tags"],
        [origin],
        [{"id": 7}],
    )


def test_variations_that_the_catalog_does_not_have_stay() -> None:
    """So does what they are chosen by; that they are there is told."""
    twin = WooCommerceTwin()
    first = sent(product(shirt("M"), shirt("G")), twin)
    again = sent(product(shirt("M")), twin, first.ids)

    assert [one.code for one in again.warnings] == ["push.others"]
    assert kept(twin, "playera")["attributes"][0]["options"] == ["M", "G"]
    assert kept(twin, "PLA-G")["regular_price"] == "49.90"


def test_variations_of_a_second_page_are_known() -> None:
    """With more of them than the API gives at once none is made anew, and they go in two batches."""
    sizes = [shirt(str(number)) for number in range(101)]
    told = Told(WooCommerceTwin())
    first = sent(product(*sizes), told)
    told.said.clear()
    sent(product(*sizes), told, first.ids)
    batches = [body for name, body in told.said if name.endswith("/batch")]

    assert [{name: len(part) for name, part in body.items()} for body in batches] == [{"update": 100}, {"update": 1}]
    assert len(told.twin.kept) == 102


def test_a_sale_holds_for_the_whole_of_its_last_day_and_ends() -> None:
    """WooCommerce ends a sale at the moment that is named; without one what was said before is taken back."""
    twin = WooCommerceTwin()
    row = shirt(sale=Money(3990, "USD"), sale_from=date(2026, 12, 1), sale_until=date(2026, 12, 24))
    first = sent(product(row), twin)
    names = ("sale_price", "date_on_sale_from", "date_on_sale_to")
    before = [kept(twin, "PLA-1")[name] for name in names]
    sent(product(), twin, first.ids)

    assert before == ["39.90", "2026-12-01T00:00:00", "2026-12-24T23:59:59"]
    assert [kept(twin, "PLA-1")[name] for name in names] == ["", "", ""]


@pytest.mark.parametrize(
    ("weight", "length", "said"),
    [("g", "mm", ("220", "300")), ("lbs", "in", ("0.485", "11.811")), ("oz", "m", ("7.76", "0.3"))],
)
def test_measures_are_in_the_shops_units(weight: str, length: str, said: tuple[str, str]) -> None:
    """220 g are 0.485 pounds, 30 cm are 11.811 inches."""
    twin = WooCommerceTwin()
    twin.settings |= {"woocommerce_weight_unit": weight, "woocommerce_dimension_unit": length}
    sent(product(), twin)

    assert (kept(twin, "PLA-1")["weight"], kept(twin, "PLA-1")["dimensions"]["length"]) == said


@pytest.mark.parametrize(
    ("settings", "code"),
    [({"woocommerce_currency": "MXN"}, "push.currency"), ({"woocommerce_weight_unit": "arroba"}, "push.unit")],
)
def test_a_shop_with_other_money_or_unknown_units_is_not_sent_to(settings: dict[str, str], code: str) -> None:
    """A price is an amount of the shop's own money there, a weight a number of its own unit."""
    twin = WooCommerceTwin()
    twin.settings |= settings
    error = ended(product(), twin)

    assert (error.reason, [one.code for one in error.problems], twin.kept) == ("rejected", [code], {})


def others(**more: Any) -> WooCommerceTwin:
    """Return a shop that has a product of ours, with something about it changed there."""
    twin = WooCommerceTwin()
    sent(product(shirt("M"), shirt("G")), twin)
    kept(twin, "playera").update(more)
    return twin


@pytest.mark.parametrize(
    ("twin", "rows", "ids", "code"),
    [
        (others(), (shirt("M"),), {}, "product_invalid_sku"),
        (others(), (shirt(id="PLA-M", sku="PLA-M"),), {}, "product_invalid_sku"),
        (others(), (shirt(id="playera", sku="playera"),), {"product_id": "1"}, "push.kind"),
        (others(status="trash"), (shirt("M"), shirt("G")), {"product_id": "1"}, "push.gone"),
        (others(type="external"), (shirt("M"), shirt("G")), {"product_id": "1"}, "push.kind"),
        (WooCommerceTwin(), (shirt(),), {"product_id": "9"}, "woocommerce_rest_product_invalid_id"),
    ],
    ids=["other variants", "a variation", "loses variants", "in the trash", "another kind", "not there"],
)
def test_what_is_there_and_is_not_ours_is_left_alone(
    twin: WooCommerceTwin, rows: tuple[Record, ...], ids: dict[str, str], code: str
) -> None:
    """Nothing is sent where another product has the SKU, or ours is not what it was."""
    before = json.dumps(twin.kept)
    error = ended(product(*rows), twin, ids)

    assert (error.reason, [one.code for one in error.problems]) == ("rejected", [code])
    assert json.dumps(twin.kept) == before


def test_variations_that_are_refused_are_told_each_and_the_others_are_there() -> None:
    """A batch answers for each; put right, the row goes on from what was made."""
    twin = WooCommerceTwin()
    sent(product(shirt(id="PLA-G", sku="PLA-G")), twin)
    error = ended(product(shirt("M"), shirt("G")), twin)
    kept(twin, "PLA-G")["sku"] = "OTRA"
    done = sent(product(shirt("M"), shirt("G")), twin, error.ids)

    assert (error.reason, error.ids) == ("rejected", {"product_id": "2"})
    assert error.problems == (Problem("product_invalid_sku", "Invalid or duplicated SKU.", ("PLA-G.sku",)),)
    assert (done.ids, [one["sku"] for one in twin.kept.values()]) == (
        {"product_id": "2"},
        ["OTRA", "playera", "PLA-M", "PLA-G"],
    )


def test_a_photo_that_the_shop_cannot_fetch_is_told() -> None:
    """The product is not made then: the shop makes it with its photos or not at all."""
    twin = WooCommerceTwin(lost=frozenset({PHOTO.format("una")}))
    error = ended(product(), twin)

    assert [(one.code, one.fields) for one in error.problems] == [
        ("woocommerce_product_image_upload_error", ("images",))
    ]
    assert twin.kept == {}


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (
            {"code": "rest_missing_callback_param", "message": "Missing", "data": {"status": 400, "params": ["name"]}},
            Problem("rest_missing_callback_param", "Missing", ("name",)),
        ),
        (
            {"code": "product_invalid_sku", "message": "Twice", "data": {"status": 400, "resource_id": 4}},
            Problem("product_invalid_sku", "Twice", ("sku",)),
        ),
        (
            {"code": "rest_no_route", "message": "No route", "data": {"status": 404}},
            Problem("rest_no_route", "No route"),
        ),
    ],
)
def test_an_error_is_read_with_the_parameters_that_it_names(answer: dict[str, Any], problem: Problem) -> None:
    """As a list, by name, or known from the code."""

    class Saying:
        def send(self, call: Call) -> Reply:  # noqa: ARG002 - the port's
            return Reply(400, json.dumps(answer).encode())

    error = ended(product(), Saying())

    assert (error.reason, error.problems) == ("rejected", (problem,))


def test_calls_go_to_the_shop_with_its_pair_of_keys() -> None:
    """They are a user and a password, in the header."""
    details = {"site": "https://tienda.example", "consumer_key": "ck_1", "consumer_secret": "cs_2"}

    assert CHANNEL.address(details) == "https://tienda.example/wp-json/wc/v3"
    assert CHANNEL.sign(Call("GET", "/products"), "", details, NOW).headers == {"Authorization": "Basic Y2tfMTpjc18y"}
    assert (CHANNEL.has_token, CHANNEL.is_guarded) == (False, True)
