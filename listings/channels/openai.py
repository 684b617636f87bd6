"""The product feed for ChatGPT, in the flat shape of 2026: one row for each piece, checkout off.

At least four shapes of it have been published; this is the one that its newest page and those who read it agree about.
It names no language, so one file holds one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from listings.channels.bodies import Shape
from listings.channels.calls import Calls
from listings.channels.rows import belongs, filled
from listings.channels.text import address, line, plain

if TYPE_CHECKING:
    from listings.channels.item import CatalogItem
    from listings.channels.port import Feed, Record

_AVAILABILITY: Final = {"preorder": "pre_order"}


class OpenAi(Calls):
    """Feeds of products."""

    channel: ClassVar[str] = "openai"
    settled: ClassVar[tuple[str, ...]] = ("store_country",)
    key: ClassVar[str] = "item_id"
    shape: ClassVar[Shape] = Shape()

    def record(self, item: CatalogItem, feed: Feed) -> Record:
        """Return a row; ``ValueError`` for one of another market or language."""
        belongs(item, feed)
        photos = [address(one) for one in item.photos]
        record: Record = filled(
            {
                "item_id": item.id,
                "title": line(item.title.text),
                "description": plain(item.description.text),
                "url": address(item.link),
                "brand": item.brand,
                "seller_name": line(feed.title),
                "seller_url": feed.link,
                "image_url": photos[0] if photos else None,
                "additional_image_urls": photos[1:],
                "price": str(item.price),
                "sale_price": item.sale and str(item.sale),
                "availability": _AVAILABILITY.get(item.availability, item.availability),
                "availability_date": item.available_on and item.available_on.isoformat(),
                "condition": item.condition,
                "target_countries": [feed.market],
                "store_country": feed.settings.get("store_country") or item.dispatch,
                "is_eligible_search": "true",
                "is_eligible_checkout": "false",
                "gtin": item.gtin,
                "mpn": item.mpn,
                "group_id": item.group,
                "color": item.color,
                "size": item.size,
                "material": item.material or "/".join(item.materials),
                "store_review_count": feed.reviews and str(feed.reviews.count),
                "store_star_rating": feed.reviews and feed.reviews.stars,
                "product_category": item.category and line(item.category),
            }
        )
        return record
