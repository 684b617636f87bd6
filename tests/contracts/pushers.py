"""Rows on which every way of pushing is tried, and what the contract has to be told of each."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from listings.channels.amazon import Amazon as AmazonRows
from listings.channels.ebay import Ebay as EbayRows
from listings.channels.etsy import Etsy as EtsyRows
from listings.channels.google import Google as GoogleRows
from listings.channels.mercadolibre import MercadoLibre as MercadoLibreRows
from listings.channels.meta import Meta as MetaRows
from listings.channels.port import Feed
from listings.channels.shopify import Shopify as ShopifyRows
from listings.channels.tiktok import TikTok as TikTokRows
from listings.channels.woocommerce import WooCommerce as WooCommerceRows
from listings.pushing.shopify import Shopify
from listings.pushing.woocommerce import WooCommerce
from shopkit.pushing import amazon, ebay, etsy, google, mercadolibre, meta, shopify, tiktok, woocommerce
from shopkit.pushing.twins.amazon import AmazonTwin
from shopkit.pushing.twins.ebay import EbayTwin
from shopkit.pushing.twins.etsy import EtsyTwin
from shopkit.pushing.twins.google import GoogleTwin
from shopkit.pushing.twins.mercadolibre import MercadoLibreTwin
from shopkit.pushing.twins.meta import MetaTwin
from shopkit.pushing.twins.shopify import ShopifyTwin
from shopkit.pushing.twins.tiktok import TikTokTwin
from shopkit.pushing.twins.woocommerce import WooCommerceTwin
from tests.contracts.channels import ON, TOLD, feed_of, item_of
from tests.contracts.test_push_channels import CATALOG

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from listings.channels.port import Record
    from listings.pushing.port import Pusher
    from shopkit.pushing.channels import PushChannel
    from shopkit.pushing.sandbox import Twin


@dataclass(frozen=True, slots=True)
class Tried:
    """``wrong`` takes a row and spoils it so that the channel refuses it, naming ``named``.

    ``count`` is how many of the twin's things are pieces for sale; ``title`` the title that stands in the twin.
    """

    channel: PushChannel
    twin: Callable[[], Twin]
    record: Record
    wrong: Callable[[Record], None]
    named: tuple[str, ...]
    retitle: Callable[[Record], None]
    title: Callable[[Twin], str]
    count: Callable[[Twin], int] = lambda twin: len(twin.kept)
    details: Mapping[str, str] = field(default_factory=dict)
    # Whether a new token is asked for by the one before it; else what the account said is enough.
    by_refresh: bool = True

    @property
    def said(self) -> dict[str, str]:
        """What an account says by its examples, and the catalog."""
        return {one.name: one.example for one in self.channel.fields} | CATALOG | dict(self.details)

    @property
    def pusher(self) -> Pusher:
        """The calls of the channel."""
        return self.channel.pusher(self.said)

    def changed(self, *changes: Callable[[Record], None]) -> Record:
        """Return the row with changes."""
        said = copy.deepcopy(self.record)
        for change in changes:
            change(said)
        return said


def row(channel: Any, where: Feed | None = None, **changes: Any) -> Record:
    """Return the record of a row with two photos."""
    where = where or feed_of(channel, next(iter(channel.kinds)))
    item = item_of(where)
    said: Record = channel.record(
        replace(item, photos=item.photos[:2], own=TOLD[channel.channel].own, **changes), where
    )
    return said


def put(*path: Any) -> Callable[[Record], None]:
    """Return a change that puts the last of a path where the others lead."""
    *above, name, value = path

    def change(said: Record) -> None:
        held: Any = said
        for one in above:
            held = held[one]
        held[name] = value

    return change


US = Feed("US", "es", "USD", "rss", ON)
MX = Feed("MX", "es", "MXN", "jsonl", ON, settings=TOLD["mercadolibre"].settings)
STORE = "ATVPDKIKX0DER"
TRIED = {
    "amazon": Tried(
        amazon.CHANNEL,
        AmazonTwin,
        row(AmazonRows()),
        put("attributes", "condition_type", []),
        ("condition_type",),
        put("attributes", "item_name", 0, "value", "Otra"),
        lambda twin: str(twin.kept[f"A2SELLERSHOP1 PLA-1 {STORE}"]["attributes"]["item_name"][0]["value"]),
    ),
    "ebay": Tried(
        ebay.CHANNEL,
        EbayTwin,
        row(EbayRows()),
        put("offer", "categoryId", "1"),
        ("categoryId",),
        put("inventory_item", "product", "title", "Otra"),
        lambda twin: str(twin.kept["PLA-1"]["product"]["title"]),
        lambda twin: sum(name.startswith("offer") for name in twin.kept),
    ),
    "etsy": Tried(
        etsy.CHANNEL,
        EtsyTwin,
        row(EtsyRows()),
        put("listing", "who_made", "me"),
        ("who_made",),
        put("listing", "title", "Otra"),
        lambda twin: str(twin.kept["1001"]["title"]),
    ),
    "google": Tried(
        google.CHANNEL,
        GoogleTwin,
        row(GoogleRows(), US),
        put("availability", "in stock"),
        ("product_input.product_attributes.availability",),
        put("title", "Otra"),
        lambda twin: str(twin.kept["es~US~PLA-1"]["productAttributes"]["title"]),
        # Without a service account, which needs no refresh token.
        details={"private_key": ""},
    ),
    "mercadolibre": Tried(
        mercadolibre.CHANNEL,
        MercadoLibreTwin,
        row(MercadoLibreRows(), MX),
        put("item", "category_id", "MLM1"),
        ("item.category_id",),
        put("item", "title", "Otra"),
        lambda twin: str(twin.kept["MLM1"]["title"]),
    ),
    "meta": Tried(
        meta.CHANNEL,
        MetaTwin,
        row(MetaRows()),
        put("availability", "in_stock"),
        ("availability",),
        put("title", "Otra"),
        lambda twin: str(twin.kept["PLA-1"]["title"]),
    ),
    "shopify": Tried(
        shopify.CHANNEL,
        ShopifyTwin,
        Shopify("").gather([row(ShopifyRows())])[0],
        put("rows", 0, "title", "x" * 256),
        ("input.title",),
        put("rows", 0, "title", "Otra"),
        lambda twin: str(twin.kept["gid://shopify/Product/1"]["title"]),
        by_refresh=False,
    ),
    "tiktok": Tried(
        tiktok.CHANNEL,
        TikTokTwin,
        row(TikTokRows()),
        put("category_id", "1"),
        ("category_id",),
        put("title", "Otra"),
        lambda twin: str(next(iter(twin.kept.values()))["title"]),
    ),
    "woocommerce": Tried(
        woocommerce.CHANNEL,
        WooCommerceTwin,
        WooCommerce().gather([row(WooCommerceRows())])[0],
        put("rows", 0, "tax_status", "taxed"),
        ("tax_status",),
        put("rows", 0, "name", "Otra"),
        lambda twin: str(twin.kept["1"]["name"]),
    ),
}
