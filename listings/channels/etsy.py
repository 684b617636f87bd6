"""Etsy: drafts of listings with the photos that are sent after them. Its prices are in the shop's own currency."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from listings.channels.bodies import Amount, Shape
from listings.channels.calls import Calls
from listings.channels.rows import belongs, decimal_of, filled, sale_on
from listings.channels.text import address, line, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from listings.channels.item import CatalogItem
    from listings.channels.port import Feed, Record

_SIDES: Final = ("item_length", "item_width", "item_height")
# Each at most once in a title. status: reported.
_ONCE: Final = "%:&+"
_MOST_PHOTOS: Final = 20
_SETTLED: Final = ("shipping_profile_id", "readiness_state_id", "return_policy_id")


class Etsy(Calls):
    """Drafts for an Etsy shop."""

    channel: ClassVar[str] = "etsy"
    settled: ClassVar[tuple[str, ...]] = _SETTLED
    shape: ClassVar[Shape] = Shape(
        {"listing.price": Amount("price")},
        frozenset(
            f"listing.{name}"
            for name in (
                *("quantity", "taxonomy_id", "shipping_profile_id", "readiness_state_id", "return_policy_id"),
                *("item_weight", *_SIDES),
            )
        ),
        frozenset({"listing.is_supply"}),
    )

    def record(self, item: CatalogItem, feed: Feed) -> Record:
        """Return the draft of a piece; ``ValueError`` for a row of another market or language.

        Who made it and when the seller has to say, for Etsy sells what is handmade by that word.
        """
        belongs(item, feed)
        sides = {name: decimal_of(side, 1) for name, side in zip(_SIDES, item.millimetres or (), strict=False)}
        record: Record = filled(
            {
                "sku": item.id,
                "listing": {
                    "quantity": None if item.stock is None else str(item.stock),
                    "title": line(item.title.text),
                    "description": plain(item.description.text),
                    "price": str(sale_on(item, feed.on) or item.price),
                    "who_made": item.own.get("who_made"),
                    "when_made": item.own.get("when_made"),
                    "taxonomy_id": item.own.get("taxonomy_id"),
                    **{name: feed.settings.get(name) for name in _SETTLED},
                    "materials": [line(one) for one in item.materials],
                    "tags": [line(one) for one in item.tags],
                    "item_weight": str(item.grams) if item.grams else None,
                    "item_weight_unit": "g" if item.grams else None,
                    **sides,
                    "item_dimensions_unit": "cm" if sides else None,
                    "is_supply": item.own.get("is_supply", "false"),
                    "type": "physical",
                },
                "images": [address(one) for one in item.photos[:_MOST_PHOTOS]],
            }
        )
        return record

    def more(self, record: Record, feed: Feed) -> Iterator[tuple[str, str, dict[str, str], bool]]:  # noqa: ARG002 - the base's
        """Tell a sign that stands in a title more than once."""
        title = str(record.get("listing", {}).get("title", ""))
        sign = next((sign for sign in _ONCE if title.count(sign) > 1), None)
        if sign:
            yield "listing.title", "sign", {"sign": sign, "signs": f"{' '.join(_ONCE)} (1×)"}, False
