"""eBay's Inventory API: the record of a piece, and the offer that puts it on sale in a marketplace.

A record replaces the one before it whole, and so every field is said every time. eBay has no Spanish of the Americas:
what is sold in the United States is described in English.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from listings.channels.bodies import Amount, Shape
from listings.channels.calls import Calls
from listings.channels.rows import belongs, decimal_of, filled, html, sale_on
from listings.channels.text import address, line, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from listings.channels.item import CatalogItem
    from listings.channels.port import Feed, Record

# Used says too little for eBay; how used it is the seller has to say.
_CONDITION: Final = {"new": "NEW", "refurbished": "SELLER_REFURBISHED"}
_POLICIES: Final = ("fulfillmentPolicyId", "paymentPolicyId", "returnPolicyId")
_SIDES: Final = ("length", "width", "height")
_ASPECTS: Final = "inventory_item.product.aspects"
LONGEST_ASPECT: Final = (40, 50)
_SHORT_GTIN: Final = 12


class Ebay(Calls):
    """Pieces and offers."""

    channel: ClassVar[str] = "ebay"
    settled: ClassVar[tuple[str, ...]] = (*_POLICIES, "merchantLocationKey")
    shape: ClassVar[Shape] = Shape(
        {"offer.pricingSummary.price": Amount("value", "currency", inside=True, as_text=True)},
        frozenset(
            {
                "inventory_item.availability.shipToLocationAvailability.quantity",
                "inventory_item.packageWeightAndSize.weight.value",
                *(f"inventory_item.packageWeightAndSize.dimensions.{side}" for side in _SIDES),
                "offer.availableQuantity",
            }
        ),
    )

    def record(self, item: CatalogItem, feed: Feed) -> Record:
        """Return piece and offer; ``ValueError`` for a row of another market or language."""
        belongs(item, feed)
        stock = "0" if item.availability == "out_of_stock" else None if item.stock is None else str(item.stock)
        code = {"upc" if len(item.gtin) == _SHORT_GTIN else "ean": [item.gtin]} if item.gtin else {}
        aspects = {"Brand" if feed.language.startswith("en") else "Marca": item.brand, **item.options}
        sides = {name: decimal_of(side, 1) for name, side in zip(_SIDES, item.millimetres or (), strict=False)}
        product: dict[str, Any] = {
            "title": line(item.title.text),
            "description": html(plain(item.description.text)),
            "aspects": {line(name): [line(value)] for name, value in aspects.items() if value},
            "brand": item.brand,
            "mpn": item.mpn,
            "imageUrls": [address(one) for one in item.photos],
            **code,
        }
        record: Record = filled(
            {
                "sku": item.id,
                "locale": f"{feed.language.partition('-')[0]}-{feed.market}",
                "inventory_item": {
                    "product": product,
                    "condition": item.own.get("condition") or _CONDITION.get(item.condition),
                    "availability": {"shipToLocationAvailability": {"quantity": stock}},
                    "packageWeightAndSize": {
                        "weight": {"value": str(item.grams), "unit": "GRAM"} if item.grams else None,
                        "dimensions": {**sides, "unit": "CENTIMETER"} if sides else None,
                    },
                },
                "offer": {
                    "sku": item.id,
                    "marketplaceId": f"EBAY_{feed.market}",
                    "format": "FIXED_PRICE",
                    "categoryId": item.own.get("categoryId"),
                    "availableQuantity": stock,
                    "listingPolicies": {name: feed.settings.get(name) for name in _POLICIES},
                    "pricingSummary": {"price": str(sale_on(item, feed.on) or item.price)},
                    "merchantLocationKey": feed.settings.get("merchantLocationKey"),
                },
            }
        )
        return record

    def more(self, record: Record, feed: Feed) -> Iterator[tuple[str, str, dict[str, str], bool]]:  # noqa: ARG002 - the base's
        """Tell aspects whose name or value is too long."""
        product = record.get("inventory_item", {}).get("product", {})
        for name, values in product.get("aspects", {}).items():
            for text, most in ((name, LONGEST_ASPECT[0]), *((one, LONGEST_ASPECT[1]) for one in values)):
                if len(text) > most:
                    yield _ASPECTS, "max", {"limit": str(most), "count": str(len(text))}, False
                    return
