"""JSON-LD of product pages: schema.org's words, and the shapes we keep, checked by pySHACL."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyshacl
import pytest
import rdflib

from landed_cost.money import Money
from listings.channels.item import Text
from listings.channels.jsonld import CONTEXT, JsonLd, document, script
from listings.channels.port import Feed
from tests.contracts.channels import ON, item_of

if TYPE_CHECKING:
    from listings.channels.port import Record

# rdflib's own reader of JSON-LD uses what rdflib calls old.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

US = Feed("US", "es", "USD", "jsonld", ON)
# What schema.org's own context says of the fields we use: which hold addresses instead of texts. It is not fetched.
OFFLINE = {
    "@vocab": CONTEXT,
    **{name: {"@type": "@id"} for name in ("availability", "url", "itemCondition", "image", "returnPolicyCategory")},
}


def record(**changes: Any) -> Record:
    """Return the record of a row for the United States."""
    return JsonLd().record(replace(item_of(US), **changes), US)


@cache
def shapes() -> rdflib.Graph:
    """Return the shapes we keep."""
    return rdflib.Graph().parse(Path(__file__).parent / "shapes" / "merchant.ttl")


def conforms(said: dict[str, Any]) -> tuple[bool, str]:
    """Return whether a document has the shapes, and the report."""
    graph = rdflib.Graph().parse(data=json.dumps(said | {"@context": OFFLINE}), format="json-ld")
    fits, _, report = pyshacl.validate(graph, shacl_graph=shapes(), advanced=False, inference="none")
    return fits, report


def as_json(said: Record) -> dict[str, Any]:
    """Return a document as a page has it."""
    found: dict[str, Any] = json.loads(b"".join(JsonLd().write([said], US)))
    return found


def test_a_page_says_product_offer_way_and_returns() -> None:
    """The document of a row, whole: price as text, days as numbers, availability as an address."""
    assert as_json(record(photos=("https://taller.example/a.jpg",), gtin=None, category=None)) == {
        "@context": "https://schema.org/",
        "@type": "Product",
        "name": "Playera de algodón",
        "description": "Hecha a mano.",
        "sku": "PLA-1",
        "inLanguage": "es-US",
        "image": ["https://taller.example/a.jpg"],
        "brand": {"@type": "Brand", "name": "Taller Oaxaca"},
        "color": "Azul",
        "size": "M",
        "material": "Algodón",
        "offers": {
            "@type": "Offer",
            "price": "49.90",
            "priceCurrency": "USD",
            "availability": "https://schema.org/InStock",
            "itemCondition": "https://schema.org/NewCondition",
            "url": "https://taller.example/p/1?m=US&l=es#top",
            "shippingDetails": [
                {
                    "@type": "OfferShippingDetails",
                    "shippingRate": {"@type": "MonetaryAmount", "value": "12.50", "currency": "USD"},
                    "shippingDestination": {"@type": "DefinedRegion", "addressCountry": "US"},
                    "deliveryTime": {
                        "@type": "ShippingDeliveryTime",
                        "handlingTime": {"@type": "QuantitativeValue", "minValue": 1, "maxValue": 2, "unitCode": "DAY"},
                        "transitTime": {"@type": "QuantitativeValue", "minValue": 5, "maxValue": 8, "unitCode": "DAY"},
                    },
                }
            ],
            "hasMerchantReturnPolicy": {
                "@type": "MerchantReturnPolicy",
                "applicableCountry": "US",
                "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
                "merchantReturnDays": 30,
            },
        },
    }


def test_a_page_has_the_shapes_that_are_kept() -> None:
    """Rows of several kinds pass SHACL: with all there is, with the least, in a currency without decimals."""
    everything = record(
        mpn="A1", group="playera", sale=Money(3990, "USD"), sale_until=ON, available_on=ON, pattern="liso"
    )
    least = record(shipping=(), returns_days=None, brand=None, gtin=None, category=None, color=None, size=None)
    chile = replace(US, market="CL", currency="CLP")
    pesos = JsonLd().record(item_of(chile), chile)

    assert [conforms(as_json(one)) for one in (everything, least, pesos)] == [
        (True, "Validation Report\nConforms: True\n")
    ] * 3


@pytest.mark.parametrize(
    ("path", "value", "shape"),
    [
        ("offers.availability", "in stock", "schema:availability"),
        ("offers.availability", "https://schema.org/Instock", "schema:availability"),
        ("offers.price", "49,90", "schema:price"),
        ("offers.price", "0.00", "schema:price"),
        ("offers.priceCurrency", "US$", "schema:priceCurrency"),
        ("offers.shippingDetails", [{"@type": "OfferShippingDetails"}], "schema:shippingRate"),
        ("offers.hasMerchantReturnPolicy.applicableCountry", "USA", "schema:applicableCountry"),
        ("image", [], "schema:image"),
    ],
)
def test_the_shapes_catch_a_planted_fault(path: str, value: Any, shape: str) -> None:
    """Each fault that a page could have is told by the shape of its field."""
    said = as_json(record())
    *above, last = path.split(".")
    held = said
    for name in above:
        held = held[name]
    held[last] = value
    fits, report = conforms(said)

    assert (fits, f"Result Path: {shape}" in report) == (False, True)


def test_days_that_are_turned_round_are_caught_by_shape_and_rule() -> None:
    """More days at least than at most are told by both."""
    said = record()
    said["offers"]["shippingDetails"][0]["deliveryTime"]["transitTime"]["minValue"] = "9"

    assert not conforms(as_json(said))[0]
    assert {(one.field, one.rule) for one in JsonLd().validate(said, US)} == {
        ("offers.shippingDetails.deliveryTime.transitTime.minValue", "days_turned")
    }


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        ("image", [], "required"),
        ("offers.price", "49.90", "price"),
        ("offers.price", "49.90 EUR", "currency"),
        ("offers.availability", "in_stock", "one_of"),
        ("offers.url", "/p/1", "url"),
        ("offers.shippingDetails", [{"shippingDestination": {"addressCountry": "US"}}], "required"),
        ("offers.hasMerchantReturnPolicy.merchantReturnDays", "treinta", "whole"),
    ],
)
def test_a_fault_is_told_by_field_and_rule(path: str, value: Any, rule: str) -> None:
    """The rules tell a fault before anything is written, in its own field or a part of it."""
    said = record()
    *above, last = path.split(".")
    held = said
    for name in above:
        held = held[name]
    held[last] = value
    found = JsonLd().validate(said, US)

    assert [(one.field.startswith(path), one.rule) for one in found] == [(True, rule)]


@pytest.mark.parametrize(("days", "price"), [(-1, "49.90 USD"), (0, "39.90 USD"), (3, "39.90 USD"), (4, "49.90 USD")])
def test_the_price_is_the_one_that_a_buyer_sees_on_the_day(days: int, price: str) -> None:
    """A sale counts from its first day to its last."""
    feed = replace(US, on=ON + timedelta(days=days))
    item = replace(item_of(US), sale=Money(3990, "USD"), sale_from=ON, sale_until=date(2026, 11, 30))

    assert JsonLd().record(item, feed)["offers"]["price"] == price


def test_what_cannot_be_returned_is_said_and_what_nobody_said_is_not() -> None:
    """No days is not permitted; unknown is silence."""
    offers = [record(returns_days=days)["offers"].get("hasMerchantReturnPolicy") for days in (0, None)]

    assert offers == [
        {
            "@type": "MerchantReturnPolicy",
            "applicableCountry": "US",
            "returnPolicyCategory": "https://schema.org/MerchantReturnNotPermitted",
        },
        None,
    ]


def test_a_name_cannot_end_the_element_it_stands_in() -> None:
    """``</script>`` in a name is escaped, and reads back as it was."""
    text = script(record(title=Text("Taza </script><b>&")))
    inside = text.removeprefix('<script type="application/ld+json">').removesuffix("</script>")

    assert ("<" in inside, "&" in inside) == (False, False)
    assert json.loads(inside) == json.loads(json.dumps(document(record(title=Text("Taza </script><b>&"))), default=int))
