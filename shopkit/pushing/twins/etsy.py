"""A twin of Etsy's Open API v3: a shop, drafts, their inventory and images, and what publishing costs.

What a listing has to have and may hold is restated here from Etsy's own description (OpenAPI, as read on 2026-11-28).
Its sentences are ours: of errors the description says no more than that there is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from shopkit.pushing.sandbox import Twin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from listings.pushing.port import Call

_LISTINGS: Final = re.compile(r"/shops/(\d+)/listings(?:/(\d+)(/images)?)?")
_INVENTORY: Final = re.compile(r"/listings/(\d+)/inventory")
_SHOP: Final = re.compile(r"/shops/(\d+)")
_NEEDED: Final = ("quantity", "title", "description", "price", "who_made", "when_made", "taxonomy_id")
_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "who_made": frozenset({"i_did", "someone_else", "collective"}),
    "when_made": frozenset(
        {
            *("made_to_order", "2020_2026", "2010_2019", "2007_2009", "before_2007", "2000_2006", "before_1700"),
            *(f"{decade}s" for decade in (*range(1900, 2000, 10), 1800, 1700)),
        }
    ),
    "type": frozenset({"physical", "download", "both"}),
    "item_weight_unit": frozenset({"oz", "lb", "g", "kg"}),
    "item_dimensions_unit": frozenset({"in", "ft", "mm", "cm", "m", "yd", "inches"}),
    "state": frozenset({"active", "inactive"}),
}
_ABOVE_NOTHING: Final = ("quantity", "price", "taxonomy_id", "item_weight", "item_length", "item_width", "item_height")
_LONGEST_TITLE: Final = 140
_MOST_TAGS: Final = 13
_LONGEST_TAG: Final = 20
_MOST_IMAGES: Final = 20
_ONCE: Final = "%:&+"


@dataclass(slots=True)
class EtsyTwin(Twin):
    """A shop that sells in ``currency``; ``fees`` is how often it was charged for publishing."""

    currency: str = "USD"
    fees: int = 0

    def answer(self, call: Call, body: dict[str, Any]) -> tuple[int, Any]:
        """Answer as the API does."""
        if (found := _SHOP.fullmatch(call.path)) is not None and call.method == "GET":
            return 200, {"shop_id": int(found[1]), "currency_code": self.currency}
        if (found := _INVENTORY.fullmatch(call.path)) is not None and call.method == "PUT":
            return self._inventory(found[1], body)
        found = _LISTINGS.fullmatch(call.path)
        if found is None:
            return 404, {"error": "Resource not found"}
        if found[2] is None:
            return self._draft(body) if call.method == "POST" else (405, {"error": "Method not allowed"})
        if found[2] not in self.kept:
            return 404, {"error": f"Could not find a listing with listing_id {found[2]}"}
        return self._image(found[2], body) if found[3] else self._update(found[2], body)

    def _draft(self, said: dict[str, Any]) -> tuple[int, Any]:
        lacks = [name for name in _NEEDED if said.get(name) in {None, ""}]
        if lacks:
            return 400, {"error": f"Missing required parameters: {', '.join(lacks)}"}
        if (wrong := next(_wrong(said), None)) is not None:
            return 400, {"error": wrong}
        id_ = 1001 + len(self.kept)
        self.kept[str(id_)] = {**said, "listing_id": id_, "state": "draft", "images": {}}
        return 201, {"listing_id": id_, "state": "draft"}

    def _update(self, id_: str, said: dict[str, Any]) -> tuple[int, Any]:
        listing = self.kept[id_]
        if (wrong := next(_wrong(said), None)) is not None:
            return 400, {"error": wrong}
        images = {str(one["listing_image_id"]): one for one in listing["images"].values()}
        if "image_ids" in said:
            chosen = [images.get(str(one)) for one in said["image_ids"]]
            if None in chosen:
                return 400, {"error": "Invalid image_ids"}
            listing["images"] = {str(rank): one for rank, one in enumerate(chosen, start=1)}
        if said.get("state") == "active" and listing["state"] != "active":
            if not listing["images"]:
                return 400, {"error": "Listing must have at least one image to set state to active"}
            lacks = [name for name in ("shipping_profile_id", "readiness_state_id") if not listing.get(name)]
            if lacks:
                return 400, {"error": f"A physical listing needs {' and '.join(lacks)} to set state to active"}
            # What was taken off is put back without another.
            self.fees += listing["state"] == "draft"
        listing.update({name: one for name, one in said.items() if name != "image_ids"})
        return 200, {"listing_id": int(id_), "state": listing["state"]}

    def _inventory(self, id_: str, said: dict[str, Any]) -> tuple[int, Any]:
        if id_ not in self.kept:
            return 404, {"error": f"Could not find a listing with listing_id {id_}"}
        for product in said.get("products") or ():
            for offering in product.get("offerings") or ():
                lacks = {"price", "quantity", "is_enabled", "readiness_state_id"} - offering.keys()
                if lacks:
                    return 400, {"error": f"Missing required parameters: {', '.join(sorted(lacks))}"}
                if not offering["quantity"] > 0:
                    return 400, {"error": "quantity of an enabled offering must be greater than 0"}
        if not said.get("products"):
            return 400, {"error": "Missing required parameters: products"}
        # Of a listing with one product its price, stock and readiness are those of the one offering.
        self.kept[id_].update(said["products"][0]["offerings"][0], inventory=said["products"])
        return 200, {"products": said["products"]}

    def _image(self, id_: str, said: dict[str, Any]) -> tuple[int, Any]:
        images = self.kept[id_]["images"]
        rank = str(said.get("rank", "1"))
        if said.get("overwrite") != "true":
            rank = str(len(images) + 1)
        if int(rank) > _MOST_IMAGES:
            return 400, {"error": "A listing can have 20 images"}
        images[rank] = {"listing_image_id": int(f"{id_}{rank}"), "rank": int(rank), "image": said["image"]}
        return 201, {"listing_id": int(id_), "listing_image_id": images[rank]["listing_image_id"]}


def _wrong(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the fields that are there."""
    for name, words in _WORDS.items():
        if name in said and said[name] not in words:
            yield f"Invalid value for {name}"
    yield from (f"{name} must be greater than 0" for name in _ABOVE_NOTHING if name in said and not said[name] > 0)
    title, tags = str(said.get("title", "")), said.get("tags") or ()
    if len(title) > _LONGEST_TITLE:
        yield f"title is longer than {_LONGEST_TITLE} characters"
    yield from (f"title can have {sign} once" for sign in _ONCE if title.count(sign) > 1)
    if len(tags) > _MOST_TAGS or any(len(one) > _LONGEST_TAG for one in tags):
        yield f"tags can be {_MOST_TAGS}, each of {_LONGEST_TAG} characters"
