"""A twin of Amazon's Listings Items API: listings by seller, SKU and store, with issues in Amazon's words.

Call and answer are those of Amazon's published description (listingsItems_2021-08-01.json, 2026-08-05). What attributes
a kind of product has Amazon tells sellers alone: here all kinds have those that our rows may have.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from shopkit.pushing.sandbox import Twin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from listings.pushing.port import Call

_ITEM: Final = re.compile(r"/listings/2021-08-01/items/([^/]+)/([^/]+)")
_STORES: Final = frozenset({"A2Q3Y263D00KWC", "A2EUQ1WTGCTBG2", "A1RKKUPIHCS9HS", "A1AM78C64UM0Y8", "ATVPDKIKX0DER"})
_REQUIREMENTS: Final = ("LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY")
_NEEDED: Final = (
    *("item_name", "brand", "product_description", "condition_type", "purchasable_offer"),
    *("fulfillment_availability", "main_product_image_locator"),
)
_KNOWN: Final = frozenset(
    {
        *_NEEDED,
        *("part_number", "externally_assigned_product_identifier", "country_of_origin", "color", "size", "material"),
        *(f"other_product_image_locator_{number}" for number in range(1, 9)),
    }
)
_MISSING: Final = "90220"
_INVALID: Final = "90000900"


@dataclass(slots=True)
class AmazonTwin(Twin):
    """Amazon, for any seller."""

    def answer(self, call: Call, body: dict[str, Any]) -> tuple[int, Any]:
        """Take listings: one of the same seller, SKU and store is replaced."""
        found = _ITEM.fullmatch(call.path)
        if call.method != "PUT" or found is None:
            return 404, _error("NotFound", "The requested resource doesn't exist.")
        place = call.query.get("marketplaceIds", "")
        if place not in _STORES:
            return 400, _error("InvalidInput", "The marketplaceIds are missing or not valid.")
        if not isinstance(body.get("productType"), str) or not isinstance(body.get("attributes"), dict):
            return 400, _error("InvalidInput", "productType and attributes are required.")
        if body.keys() - {"productType", "requirements", "attributes"}:
            return 400, _error("InvalidInput", "The request has a property that is not known.")
        if body.get("requirements", "LISTING") not in _REQUIREMENTS:
            return 400, _error("InvalidInput", "The requirements are not valid.")
        sku = unquote(found[2])
        issues = list(_issues(body["attributes"], place))
        status = "INVALID" if any(one["severity"] == "ERROR" for one in issues) else "ACCEPTED"
        if status == "ACCEPTED":
            self.kept[f"{unquote(found[1])} {sku} {place}"] = body
        return 200, {"sku": sku, "status": status, "submissionId": str(uuid.uuid4()), "issues": issues}


def _issues(attributes: dict[str, Any], place: str) -> Iterator[dict[str, Any]]:
    for name in _NEEDED:
        if not attributes.get(name):
            yield _issue(_MISSING, f"'{name}' is required but not supplied.", name, "MISSING_ATTRIBUTE")
    for name, values in attributes.items():
        # Every value of an attribute is an object, and one of another store is none of this one's.
        fits = isinstance(values, list) and all(
            isinstance(one, dict) and one.get("marketplace_id", place) == place for one in values
        )
        if name not in _KNOWN or not fits:
            yield _issue(_INVALID, "The attributes are invalid.", name, "INVALID_ATTRIBUTE")
    offers = attributes.get("purchasable_offer") or []
    if any(not _is_offer(one) for one in offers if isinstance(one, dict)):
        yield _issue(_INVALID, "The attributes are invalid.", "purchasable_offer", "INVALID_PRICE")


def _is_offer(offer: dict[str, Any]) -> bool:
    try:
        value = offer["our_price"][0]["schedule"][0]["value_with_tax"]
    except (KeyError, IndexError, TypeError):
        return False
    return isinstance(value, int | float) and value > 0 and isinstance(offer.get("currency"), str)


def _issue(code: str, message: str, attribute: str, category: str) -> dict[str, Any]:
    return {
        "code": code,
        "message": message,
        "severity": "ERROR",
        "attributeNames": [attribute],
        "categories": [category],
    }


def _error(code: str, message: str) -> dict[str, Any]:
    return {"errors": [{"code": code, "message": message, "details": ""}]}
