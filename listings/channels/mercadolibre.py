"""MercadoLibre: items of its local sites, and of Global Selling, each with the description that is a call of its own.

A variant is an item of its own; nothing is sent as ``variations``. The only SKU that counts is the attribute
``SELLER_SKU``. Category and kind of listing are the seller's choice: they cost money, and nothing in a row tells them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from listings.channels.bodies import Amount, Shape
from listings.channels.calls import Calls
from listings.channels.rows import belongs, decimal_of, filled, sale_on
from listings.channels.text import address, line, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from listings.channels.item import CatalogItem
    from listings.channels.port import Feed, Record

# The second half is from memory.
SITES: Final = dict(
    one.split(":")
    for one in (
        *("AR:MLA", "BR:MLB", "CL:MLC", "CO:MCO", "MX:MLM", "UY:MLU", "PE:MPE", "EC:MEC"),
        *("BO:MBO", "CR:MCR", "DO:MRD", "GT:MGT", "HN:MHN", "NI:MNI", "PA:MPA", "PY:MPY", "SV:MSV"),
    )
)
_WARRANTY: Final = {"es": "Garantía del vendedor", "pt": "Garantia do vendedor"}
_PARCEL: Final = ("PACKAGE_LENGTH", "PACKAGE_WIDTH", "PACKAGE_HEIGHT")
_SHAPE: Final = Shape({"item.price": Amount("price", "currency_id")}, frozenset({"item.available_quantity"}))
_MOST_PHOTOS: Final = 10


class MercadoLibre(Calls):
    """Items of a local site, in its language and money."""

    channel: ClassVar[str] = "mercadolibre"
    settled: ClassVar[tuple[str, ...]] = ("listing_type_id",)
    shape: ClassVar[Shape] = _SHAPE

    def record(self, item: CatalogItem, feed: Feed) -> Record:
        """Return the item and its description; ``ValueError`` for a row of another market or language."""
        belongs(item, feed)
        said = _item(item, feed)
        said["site_id"] = SITES.get(feed.market)
        language = feed.language.partition("-")[0]
        if item.warranty:
            said["sale_terms"] = [
                {"id": "WARRANTY_TYPE", "value_name": _WARRANTY.get(language)},
                {"id": "WARRANTY_TIME", "value_name": line(item.warranty)},
            ]
        return _calls(item, said)


class MercadoLibreGlobal(Calls):
    """Items of Global Selling: English and US dollars, on sale in the sites that are named."""

    channel: ClassVar[str] = "mercadolibre_global"
    settled: ClassVar[tuple[str, ...]] = ("listing_type_id", "logistic_type")
    shape: ClassVar[Shape] = _SHAPE

    def record(self, item: CatalogItem, feed: Feed) -> Record:
        """Return the item and its description; ``ValueError`` for a row of another market or language."""
        belongs(item, feed)
        way = item.own.get("logistic_type") or feed.settings.get("logistic_type") or "remote"
        said = _item(item, feed)
        said["site_id"] = "CBT"
        said["sites_to_sell"] = [{"site_id": SITES.get(feed.market), "logistic_type": way}]
        sides = zip(_PARCEL, item.millimetres or (), strict=False)
        said["attributes"] += [{"id": id_, "value_name": f"{decimal_of(side, 1)} cm"} for id_, side in sides]
        if item.grams:
            said["attributes"].append({"id": "PACKAGE_WEIGHT", "value_name": f"{item.grams} g"})
        return _calls(item, said)

    def more(self, record: Record, feed: Feed) -> Iterator[tuple[str, str, dict[str, str], bool]]:  # noqa: ARG002 - the base's
        """Tell a parcel without weight or measures: nothing is sent across a border without them."""
        item = record.get("item", {})
        said = {one.get("id") for one in item.get("attributes", ()) if isinstance(one, dict)}
        lacking = [one for one in ("PACKAGE_WEIGHT", *_PARCEL) if one not in said]
        if lacking:
            yield "item.attributes", "required", {"names": ", ".join(lacking)}, False


def _item(item: CatalogItem, feed: Feed) -> dict[str, Any]:
    attributes = {
        "BRAND": item.brand,
        "MODEL": item.own.get("model") or item.mpn,
        "GTIN": item.gtin,
        "SELLER_SKU": item.sku,
        "COLOR": item.color,
        "SIZE": item.size,
    }
    return {
        "title": line(item.title.text),
        "category_id": item.own.get("category_id"),
        "price": str(sale_on(item, feed.on) or item.price),
        "available_quantity": "0"
        if item.availability == "out_of_stock"
        else None
        if item.stock is None
        else str(item.stock),
        "buying_mode": "buy_it_now",
        "condition": "new" if item.condition == "new" else "used",
        "listing_type_id": item.own.get("listing_type_id") or feed.settings.get("listing_type_id"),
        "pictures": [{"source": address(one)} for one in item.photos[:_MOST_PHOTOS]],
        "attributes": [{"id": id_, "value_name": line(text)} for id_, text in attributes.items() if text],
    }


def _calls(item: CatalogItem, said: dict[str, Any]) -> Record:
    text = plain(item.description.text)
    record: Record = filled({"sku": item.id, "item": said, "description": {"plain_text": text}})
    return record
