"""Channels that take JSON: bodies of their calls whole, and what each checks beside its rules."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost.money import Money
from listings.channels import amazon
from listings.channels.amazon import Amazon
from listings.channels.bodies import Shape
from listings.channels.ebay import Ebay
from listings.channels.etsy import Etsy
from listings.channels.item import Text
from listings.channels.mercadolibre import MercadoLibre, MercadoLibreGlobal
from listings.channels.openai import OpenAi
from listings.channels.port import Reviews, UnreadableError, UnwritableError
from listings.channels.tiktok import TikTok
from tests.contracts.channels import TOLD, feed_of, item_of
from tests.unit.listings.formats.files import read

if TYPE_CHECKING:
    from listings.channels.port import Feed, Record

ONE = ("https://taller.example/a.jpg",)


def feed(channel: Any, **changes: Any) -> Feed:
    """Return the feed that the contract tries a channel on."""
    return replace(feed_of(channel, next(iter(channel.kinds))), **changes)


def record(channel: Any, where: Feed | None = None, **changes: Any) -> Record:
    """Return the record of a row with one photo."""
    where = where or feed(channel)
    item = replace(item_of(where), photos=ONE, own=TOLD[channel.channel].own, **changes)
    said: Record = channel.record(item, where)
    return said


def body(channel: Any, where: Feed | None = None, **changes: Any) -> dict[str, Any]:
    """Return the JSON of a row."""
    found: dict[str, Any] = json.loads(b"".join(channel.write([record(channel, where, **changes)], feed(channel))))
    return found


def broken(channel: Any, said: Record, where: Feed | None = None) -> set[tuple[str, str]]:
    """Return field and rule of what is wrong."""
    return {(one.field, one.rule) for one in channel.validate(said, where or feed(channel))}


def test_mercadolibre_takes_an_item_and_its_description() -> None:
    """Two bodies: the item in the site's money, its text as a call of its own."""
    mexico = feed(MercadoLibre(), market="MX", currency="MXN")

    assert body(MercadoLibre(), mexico) == {
        "sku": "PLA-1",
        "item": {
            "title": "Playera de algodón",
            "category_id": "MLM191213",
            "price": 49.90,
            "currency_id": "MXN",
            "available_quantity": 5,
            "buying_mode": "buy_it_now",
            "condition": "new",
            "listing_type_id": "gold_special",
            "pictures": [{"source": "https://taller.example/a.jpg"}],
            "attributes": [
                {"id": "BRAND", "value_name": "Taller Oaxaca"},
                {"id": "GTIN", "value_name": "7501031311309"},
                {"id": "SELLER_SKU", "value_name": "PLA-1"},
                {"id": "COLOR", "value_name": "Azul"},
                {"id": "SIZE", "value_name": "M"},
            ],
            "site_id": "MLM",
            "sale_terms": [
                {"id": "WARRANTY_TYPE", "value_name": "Garantía del vendedor"},
                {"id": "WARRANTY_TIME", "value_name": "90 días"},
            ],
        },
        "description": {"plain_text": "Hecha a mano."},
    }


def test_our_own_importer_reads_an_item_of_mercadolibre() -> None:
    """The item is what the importer knows: title, price with its currency, stock, SKU, brand."""
    mexico = feed(MercadoLibre(), market="MX", currency="MXN")
    found, problems = read(json.dumps([body(MercadoLibre(), mexico)["item"]]))
    piece = found[0].variants[0]

    assert [one.code for one in problems if not one.is_note] == []
    assert (found[0].title, found[0].brand, piece.sku, piece.stock, piece.barcode) == (
        *("Playera de algodón", "Taller Oaxaca", "PLA-1", 5, "7501031311309"),
    )
    assert (piece.price or found[0].price.price) is not None


def test_global_selling_is_english_and_dollars_with_the_parcel() -> None:
    """Site CBT, US dollars, the sites to sell in, and weight and measures of the parcel as attributes."""
    item = body(MercadoLibreGlobal())["item"]

    assert (item["site_id"], item["currency_id"], item["sites_to_sell"]) == (
        *("CBT", "USD", [{"site_id": "MLB", "logistic_type": "remote"}]),
    )
    assert item["attributes"][-4:] == [
        {"id": "PACKAGE_LENGTH", "value_name": "30 cm"},
        {"id": "PACKAGE_WIDTH", "value_name": "20 cm"},
        {"id": "PACKAGE_HEIGHT", "value_name": "3 cm"},
        {"id": "PACKAGE_WEIGHT", "value_name": "220 g"},
    ]


def test_ebay_takes_a_piece_and_an_offer() -> None:
    """Every field of the record is said, for the new one replaces the old one whole."""
    assert body(Ebay(), options={"Size": "M"}) == {
        "sku": "PLA-1",
        "locale": "en-US",
        "inventory_item": {
            "product": {
                "title": "Playera de algodón",
                "description": "<p>Hecha a mano.</p>",
                "aspects": {"Brand": ["Taller Oaxaca"], "Size": ["M"]},
                "brand": "Taller Oaxaca",
                "imageUrls": ["https://taller.example/a.jpg"],
                "ean": ["7501031311309"],
            },
            "condition": "NEW",
            "availability": {"shipToLocationAvailability": {"quantity": 5}},
            "packageWeightAndSize": {
                "weight": {"value": 220, "unit": "GRAM"},
                "dimensions": {"length": 30, "width": 20, "height": 3, "unit": "CENTIMETER"},
            },
        },
        "offer": {
            "sku": "PLA-1",
            "marketplaceId": "EBAY_US",
            "format": "FIXED_PRICE",
            "categoryId": "15687",
            "availableQuantity": 5,
            "listingPolicies": {"fulfillmentPolicyId": "1", "paymentPolicyId": "2", "returnPolicyId": "3"},
            "pricingSummary": {"price": {"value": "49.90", "currency": "USD"}},
            "merchantLocationKey": "oaxaca",
        },
    }


def test_amazon_takes_one_message_for_each_piece() -> None:
    """Header, message with its number, texts with language and marketplace, the price where Amazon looks for it."""
    place = "ATVPDKIKX0DER"

    def text(value: str) -> list[dict[str, str]]:
        return [{"value": value, "language_tag": "es_US", "marketplace_id": place}]

    assert body(Amazon()) == {
        "header": {"sellerId": "A1", "version": "2.0"},
        "messages": [
            {
                "messageId": 1,
                "sku": "PLA-1",
                "operationType": "UPDATE",
                "productType": "SHIRT",
                "requirements": "LISTING",
                "attributes": {
                    "item_name": text("Playera de algodón"),
                    "product_description": text("Hecha a mano."),
                    "brand": text("Taller Oaxaca"),
                    "externally_assigned_product_identifier": [
                        {"type": "ean", "value": "7501031311309", "marketplace_id": place}
                    ],
                    "condition_type": [{"value": "new_new", "marketplace_id": place}],
                    "country_of_origin": [{"value": "MX", "marketplace_id": place}],
                    "color": text("Azul"),
                    "size": text("M"),
                    "material": text("Algodón"),
                    "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}],
                    "purchasable_offer": [
                        {
                            "marketplace_id": place,
                            "currency": "USD",
                            "our_price": [{"schedule": [{"value_with_tax": 49.90}]}],
                        }
                    ],
                    "main_product_image_locator": [
                        {"media_location": "https://taller.example/a.jpg", "marketplace_id": place}
                    ],
                },
            }
        ],
    }


def test_etsy_takes_a_draft_and_photos_after_it() -> None:
    """The price has no currency, for the shop's is the only one; who made it and when are the seller's words."""
    assert body(Etsy(), tags=("algodón",)) == {
        "sku": "PLA-1",
        "listing": {
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
            "tags": ["algodón"],
            "item_weight": 220,
            "item_weight_unit": "g",
            "item_length": 30,
            "item_width": 20,
            "item_height": 3,
            "item_dimensions_unit": "cm",
            "is_supply": False,
            "type": "physical",
        },
        "images": ["https://taller.example/a.jpg"],
    }


def test_tiktok_takes_a_draft_of_a_product() -> None:
    """A draft, the second version of categories in the United States, amounts as text, one SKU."""
    assert body(TikTok(), options={"Size": "M"}) == {
        "external_product_id": "PLA-1",
        "save_mode": "AS_DRAFT",
        "title": "Playera de algodón",
        "description": "<p>Hecha a mano.</p>",
        "category_id": "601226",
        "category_version": "v2",
        "locale": "en-US",
        "main_images": [{"uri": "https://taller.example/a.jpg"}],
        "skus": [
            {
                "seller_sku": "PLA-1",
                "external_sku_id": "PLA-1",
                "price": {"amount": "49.90", "currency": "USD"},
                "inventory": [{"warehouse_id": "7", "quantity": 5}],
                "sales_attributes": [{"name": "Size", "value_name": "M"}],
                "identifier_code": {"code": "7501031311309", "type": "GTIN"},
            }
        ],
        "package_weight": {"value": "0.22", "unit": "KILOGRAM"},
        "package_dimensions": {"length": "30", "width": "20", "height": "3", "unit": "CENTIMETER"},
    }


def test_openai_takes_a_flat_row() -> None:
    """Names of the shape of 2026, checkout off, the country a list."""
    assert body(OpenAi(), availability="preorder", available_on=date(2026, 12, 1), category=None) == {
        "item_id": "PLA-1",
        "title": "Playera de algodón",
        "description": "Hecha a mano.",
        "url": "https://taller.example/p/1?m=US&l=es#top",
        "brand": "Taller Oaxaca",
        "seller_name": "Taller Oaxaca",
        "seller_url": "https://taller.example",
        "image_url": "https://taller.example/a.jpg",
        "price": "49.90 USD",
        "availability": "pre_order",
        "availability_date": "2026-12-01",
        "condition": "new",
        "target_countries": ["US"],
        "store_country": "MX",
        "is_eligible_search": "true",
        "is_eligible_checkout": "false",
        "gtin": "7501031311309",
        "color": "Azul",
        "size": "M",
        "material": "Algodón",
    }


def test_openai_takes_the_shops_stars_where_there_are_enough() -> None:
    """Count and mean of the shop stand in every row, as texts; nothing stands there without them."""
    said = record(OpenAi(), feed(OpenAi(), reviews=Reviews(7, "4.43")))

    assert (said["store_review_count"], said["store_star_rating"]) == ("7", "4.43")
    assert "store_star_rating" not in record(OpenAi())


@pytest.mark.parametrize(
    ("channel", "path", "value", "found"),
    [
        (MercadoLibre(), "item.category_id", "Ropa", ("item.category_id", "meli_category")),
        (MercadoLibre(), "item.listing_type_id", None, ("item.listing_type_id", "required")),
        (MercadoLibre(), "item.condition", "refurbished", ("item.condition", "one_of")),
        (MercadoLibre(), "item.price", "49.90 USD", ("item.price", "currency")),
        (MercadoLibreGlobal(), "item.attributes", [{"id": "BRAND"}], ("item.attributes", "required")),
        (MercadoLibreGlobal(), "item.sites_to_sell", [{"site_id": "MLA"}], ("item.sites_to_sell.site_id", "one_of")),
        (Ebay(), "locale", "es-US", ("locale", "one_of")),
        (Ebay(), "inventory_item.condition", None, ("inventory_item.condition", "required")),
        (Ebay(), "offer.merchantLocationKey", None, ("offer.merchantLocationKey", "required")),
        (
            *(Ebay(), "inventory_item.product.imageUrls", ["http://t.mx/1.jpg"]),
            ("inventory_item.product.imageUrls", "picture_https"),
        ),
        (
            *(Ebay(), "inventory_item.product.aspects", {"Material": ["a" * 51]}),
            ("inventory_item.product.aspects", "max"),
        ),
        (
            *(Ebay(), "inventory_item.product.aspects", {"a" * 41: ["lino"]}),
            ("inventory_item.product.aspects", "max"),
        ),
        (Amazon(), "productType", None, ("productType", "required")),
        (Amazon(), "attributes.item_name", [{"value": "Playera!"}], ("attributes.item_name", "sign")),
        (Amazon(), "attributes.item_name", [{"value": "gato Gato GATO"}], ("attributes.item_name", "word_often")),
        (Etsy(), "listing.when_made", "2020_2025", ("listing.when_made", "one_of")),
        (Etsy(), "listing.who_made", None, ("listing.who_made", "required")),
        (Etsy(), "listing.tags", ["a" * 21], ("listing.tags", "max")),
        (Etsy(), "listing.tags", ["a"] * 14, ("listing.tags", "most")),
        (Etsy(), "listing.title", "Sal & limón & chile", ("listing.title", "sign")),
        (TikTok(), "locale", "es-US", ("locale", "one_of")),
        (TikTok(), "category_version", "v1", ("category_version", "one_of")),
        (TikTok(), "main_images", [{"uri": "https://t.mx/1.jpg"}] * 10, ("main_images", "most")),
        (OpenAi(), "availability", "preorder", ("availability", "one_of")),
        (OpenAi(), "is_eligible_checkout", "true", ("is_eligible_checkout", "one_of")),
        (OpenAi(), "target_countries", ["USA"], ("target_countries", "country")),
        (OpenAi(), "store_star_rating", "5.01", ("store_star_rating", "stars")),
        (OpenAi(), "store_star_rating", "4,40", ("store_star_rating", "stars")),
        (OpenAi(), "store_review_count", "1.5", ("store_review_count", "whole")),
    ],
)
def test_a_fault_is_told_by_field_and_rule(channel: Any, path: str, value: Any, found: tuple[str, str]) -> None:
    """Each planted fault is found in its field, by its rule."""
    said = record(channel)
    *above, last = path.split(".")
    held = said
    for name in above:
        held = held[name]
    if value is None:
        held.pop(last)
    else:
        held[last] = value

    assert found in broken(channel, said)


def test_a_sku_of_tiktoks_has_fifty_characters() -> None:
    """One more is told, from the day on which the limit was read."""
    days = [feed(TikTok(), on=date(2026, 11, day)) for day in (27, 28)]
    said = [record(TikTok(), sku="A" * length) for length in (50, 51)]
    found = ("skus.seller_sku", "max")

    assert [[found in broken(TikTok(), one, day) for day in days] for one in said] == [[False, False], [False, True]]


def test_when_a_piece_was_made_rolls_with_the_year() -> None:
    """The word for these years is another from its first day on, and the old one is told."""
    said = record(Etsy())
    next_year = feed(Etsy(), on=date(2027, 1, 1))
    changed = {**said, "listing": {**said["listing"], "when_made": "2020_2027"}}

    assert [("listing.when_made", "one_of") in broken(Etsy(), said, day) for day in (feed(Etsy()), next_year)] == [
        False,
        True,
    ]
    assert broken(Etsy(), changed, next_year) == set()


@pytest.mark.parametrize("channel", [MercadoLibre(), Ebay(), Amazon(), Etsy(), TikTok()])
def test_what_is_sold_out_is_nought_and_what_is_not_counted_is_not_said(channel: Any) -> None:
    """A stock that nobody counts is told as missing, never taken for nought or for plenty."""
    gone, unknown = (json.dumps(record(channel, **one)) for one in ({"availability": "out_of_stock"}, {"stock": None}))

    assert ('"0"' in gone or channel.channel == "etsy", '"0"' in unknown) == (True, False)


def test_a_used_piece_needs_the_sellers_word_for_how_used_it_is() -> None:
    """There are five words for used, and none is chosen for the seller."""
    assert broken(Ebay(), record(Ebay(), condition="used")) == {("inventory_item.condition", "required")}


def test_a_sale_is_the_price_in_its_days() -> None:
    """A channel with one price gets the one of the day."""
    assert body(MercadoLibre(), sale=Money(3990, feed(MercadoLibre()).currency))["item"]["price"] == 39.90


def test_a_feed_of_amazons_has_ten_thousand_messages_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more ends the writing."""
    monkeypatch.setattr(amazon, "MOST_MESSAGES", 2)

    with pytest.raises(UnwritableError):
        list(Amazon().write([record(Amazon())] * 3, feed(Amazon())))


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"header":{},"messages":[\n', b'{"header":{},"messages":[\n{"sku":\n]}\n']
)
def test_a_feed_of_amazons_that_is_none_is_refused(data: bytes) -> None:
    """Another file, one that ends early, and one with half a message."""
    with pytest.raises(UnreadableError):
        list(Amazon().read(io.BytesIO(data), feed(Amazon())))


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (Shape(numbers=frozenset({"a"})), {"a": "1,5"}),
        (Shape(flags=frozenset({"a"})), {"a": "sí"}),
        (TikTok.shape, {"skus": [{"price": "1"}]}),
    ],
)
def test_a_text_that_is_none_of_its_type_is_not_written(shape: Shape, said: Record) -> None:
    """A comma for a point, a word for yes, an amount without its currency."""
    with pytest.raises(UnwritableError):
        shape.body(said)


@pytest.mark.parametrize("data", [b"[1]", b"{", b"\xff", b'{"a":1,"a":2}'])
def test_a_file_that_is_no_json_is_refused(data: bytes) -> None:
    """A number for an object, half an object, another encoding, a field that stands twice."""
    with pytest.raises(UnreadableError):
        list(OpenAi().read(io.BytesIO(data), feed(OpenAi())))


def test_a_text_that_is_too_long_is_told_where_it_stands() -> None:
    """The limits of channels.yaml hold inside of bodies."""
    said = record(Ebay(), title=Text("a" * 81))

    assert broken(Ebay(), said) == {("inventory_item.product.title", "max")}
