"""Rows on which every channel is tried, and what the contract has to be told of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from landed_cost.money import Money
from listings.channels import Market, channels
from listings.channels.item import CatalogItem, Shipping, Text
from listings.channels.port import Feed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from listings.channels.port import CatalogFormat, Record

ON = date(2026, 11, 27)


@dataclass(frozen=True, slots=True)
class Told:
    """``prices`` are all amounts of a record with their currency, the price first.

    ``title`` is the field with the title, ``group`` the one that holds variants together, ``ways`` whether the file
    says what the way to the buyer costs, ``language`` the one to try it in, and ``settings`` and ``own`` what a seller
    says for this channel alone.
    """

    prices: Callable[[Record], list[str]]
    title: str = "title"
    group: str = ""
    ways: bool = True
    language: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)


def _google(record: Record) -> list[str]:
    return [record["price"], *(way["price"] for way in record["shipping"])]


def _jsonld(record: Record) -> list[str]:
    offer = record["offers"]
    return [offer["price"], *(way["shippingRate"] for way in offer["shippingDetails"])]


# A channel says here where its amounts stand.
TOLD = {
    "google": Told(_google),
    "meta": Told(_google),
    "shop": Told(_jsonld, "name"),
    "shopify": Told(lambda record: [record["price"]], group="handle", ways=False),
    "mercadolibre": Told(
        lambda record: [record["item"]["price"]],
        ways=False,
        settings={"listing_type_id": "gold_special"},
        own={"category_id": "MLM191213"},
    ),
    "mercadolibre_global": Told(
        lambda record: [record["item"]["price"]],
        ways=False,
        settings={"listing_type_id": "gold_pro"},
        own={"category_id": "CBT191213"},
    ),
    "ebay": Told(
        lambda record: [record["offer"]["pricingSummary"]["price"]],
        ways=False,
        language="en",
        settings={
            "fulfillmentPolicyId": "1",
            "paymentPolicyId": "2",
            "returnPolicyId": "3",
            "merchantLocationKey": "oaxaca",
        },
        own={"categoryId": "15687"},
    ),
    "ebay_file": Told(
        lambda record: [record["price"]],
        ways=False,
        language="en",
        settings={
            "location": "Oaxaca",
            "shipping_profile": "Correo",
            "return_profile": "30 días",
            "payment_profile": "Todo",
            "country": "MX",
        },
        own={"category": "15687"},
    ),
    "alibaba": Told(lambda record: [record["price"]], ways=False, language="en", settings={"least": "50"}),
    "amazon": Told(
        lambda record: [record["attributes"]["purchasable_offer"][0]["price"]],
        ways=False,
        settings={"sellerId": "A1"},
        own={"productType": "SHIRT"},
    ),
    "etsy": Told(
        lambda record: [record["listing"]["price"]],
        ways=False,
        settings={"shipping_profile_id": "1", "readiness_state_id": "2"},
        own={"who_made": "i_did", "when_made": "2020_2026", "taxonomy_id": "449"},
    ),
    "tiktok": Told(
        lambda record: [record["skus"][0]["price"]],
        ways=False,
        language="en",
        settings={"warehouse_id": "7"},
        own={"category_id": "601226"},
    ),
    "openai": Told(lambda record: [record["price"]], ways=False),
    "woocommerce": Told(lambda record: [record["regular_price"]], "name", ways=False),
}


def feed_of(channel: CatalogFormat, kind: str) -> Feed:
    """Return a feed for a market that the channel serves, in a language it takes, in the currency it asks for."""
    known = channels()[channel.channel]
    market = Market.of("US" if known.serves("US") else known.markets[0])
    languages = known.languages or market.languages
    currency = market.currency if known.currency in {None, "market"} else known.currency
    told = TOLD[known.name]
    language = told.language or ("es" if "es" in languages else languages[0])
    shop = ("Taller Oaxaca", "https://taller.example")
    return Feed(market.country, language, str(currency), kind, ON, *shop, told.settings)


def item_of(
    feed: Feed, number: int = 1, title: str = "Playera de algodón", description: str = "Hecha a mano."
) -> CatalogItem:
    """Return a row with everything that channels ask for, for the market of a feed."""
    money = (4990 if feed.currency not in {"CLP", "PYG"} else 46161, 1250)
    return CatalogItem(
        id=f"PLA-{number}",
        listing=f"playera-{number}",
        sku=f"PLA-{number}",
        market=feed.market,
        language=feed.language,
        title=Text(title),
        description=Text(description),
        link=f"https://taller.example/p/{number}?m={feed.market}&l=es#top",
        photos=tuple(f"https://taller.example/photos/{number}-{one}.jpg" for one in range(1, 7)),
        price=Money(money[0], feed.currency),
        stock=5,
        charges="price",
        shipping=(Shipping(feed.market, "Correo: aéreo, con seguro", Money(money[1], feed.currency), (1, 2), (5, 8)),),
        dispatch="MX",
        brand="Taller Oaxaca",
        gtin="7501031311309",
        category="Ropa > Playeras",
        grams=220,
        millimetres=(300, 200, 30),
        hs_code="610910",
        origin="MX",
        color="Azul",
        size="M",
        materials=("Algodón",),
        making=(1, 2),
        returns_days=30,
        warranty="90 días",
    )
