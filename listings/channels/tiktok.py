"""TikTok Shop: products as drafts, in the market's own language. Photos have to be sent to TikTok before a product.

``main_images.uri`` holds our own address until whoever sends the product has uploaded the photo and put TikTok's there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from listings.channels.bodies import Amount, Shape
from listings.channels.calls import Calls
from listings.channels.rows import belongs, decimal_of, filled, html, sale_on
from listings.channels.text import address, line, plain

if TYPE_CHECKING:
    from listings.channels.item import CatalogItem
    from listings.channels.port import Feed, Record

_SIDES: Final = ("length", "width", "height")
# Version 2 of the categories is compulsory there.
_SECOND: Final = frozenset({"US"})
_MOST_PHOTOS: Final = 9


class TikTok(Calls):
    """Products for a TikTok shop."""

    channel: ClassVar[str] = "tiktok"
    settled: ClassVar[tuple[str, ...]] = ("warehouse_id",)
    key: ClassVar[str] = "external_product_id"
    shape: ClassVar[Shape] = Shape(
        {"skus.price": Amount("amount", "currency", inside=True, as_text=True)}, frozenset({"skus.inventory.quantity"})
    )

    def record(self, item: CatalogItem, feed: Feed) -> Record:
        """Return a product of one piece; ``ValueError`` for a row of another market or language."""
        belongs(item, feed)
        stock = "0" if item.availability == "out_of_stock" else None if item.stock is None else str(item.stock)
        sides = {name: decimal_of(side, 1) for name, side in zip(_SIDES, item.millimetres or (), strict=False)}
        record: Record = filled(
            {
                "external_product_id": item.id,
                "save_mode": "AS_DRAFT",
                "title": line(item.title.text),
                "description": html(plain(item.description.text)),
                "category_id": item.own.get("category_id"),
                "category_version": "v2" if feed.market in _SECOND else "v1",
                "locale": f"{feed.language.partition('-')[0]}-{feed.market}",
                "main_images": [{"uri": address(one)} for one in item.photos[:_MOST_PHOTOS]],
                "skus": [
                    {
                        "seller_sku": item.sku,
                        "external_sku_id": item.id,
                        "price": str(sale_on(item, feed.on) or item.price),
                        "inventory": [{"warehouse_id": feed.settings.get("warehouse_id"), "quantity": stock}],
                        "sales_attributes": [
                            {"name": line(name), "value_name": line(value)} for name, value in item.options.items()
                        ],
                        "identifier_code": {"code": item.gtin, "type": "GTIN"} if item.gtin else None,
                    }
                ],
                "package_weight": {"value": decimal_of(item.grams, 3), "unit": "KILOGRAM"} if item.grams else None,
                "package_dimensions": {**sides, "unit": "CENTIMETER"} if sides else None,
            }
        )
        return record
