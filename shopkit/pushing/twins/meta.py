"""A twin of Meta's catalog: batches of products, looked at when they come and told of by their handle.

Call, answer and what a product must say are those of Meta's reference of ``items_batch``, as of 2026-07-01 and read in
copies; only one sentence of its errors is known, and the others are ours.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from shopkit.pushing.sandbox import Twin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from listings.pushing.port import Call

_PATH: Final = re.compile(r"/v[0-9]+\.0/([0-9]+)/(items_batch|localized_items_batch|check_batch_request_status)")
_PRICE: Final = re.compile(r"[0-9]+(?:\.[0-9]+)? [A-Z]{3}")
_TAKEN_BACK: Final = ("sale_price", "sale_price_effective_date")
_LISTS: Final[dict[str, tuple[str, ...]]] = {
    # Not all that a file may say: no preorder.
    "availability": ("in stock", "out of stock", "available for order", "discontinued"),
    "condition": ("new", "refurbished", "used"),
    "gender": ("female", "male", "unisex"),
    "age_group": ("all ages", "adult", "infant", "kids", "newborn", "teen", "toddler"),
    "shipping_weight_unit": ("g", "kg", "lb", "oz"),
}
_NEEDED: Final = ("title", "description", "availability", "condition", "price", "link", "image_link")
_TEXTS: Final = (
    *("id", "title", "description", "link", "brand", "gtin", "mpn", "sale_price_effective_date", "item_group_id"),
    *("google_product_category", "product_type", "color", "size", "material", "pattern", "origin_country"),
)
_WAY: Final = frozenset(f"shipping_{one}" for one in ("country", "region", "service", "price_value", "price_currency"))
_MOST_ID: Final = 100
_MOST_PHOTOS: Final = 20
_TYPES: Final = {"COUNTRY": re.compile("[A-Z]{2}"), "LANGUAGE": re.compile("[a-z]{2}_[A-Z]{2}")}


@dataclass(slots=True)
class MetaTwin(Twin):
    """One catalog; it is through with a batch after it was asked ``slow`` times."""

    slow: int = 0
    handles: dict[str, list[str]] = field(default_factory=dict)

    def answer(self, call: Call, body: dict[str, Any]) -> tuple[int, Any]:
        """Take batches, and tell of them."""
        found = _PATH.fullmatch(call.path)
        if found is None or (call.method == "GET") != (found[2] == "check_batch_request_status"):
            return 400, _error(100, "Unsupported request.")
        if call.method == "GET":
            return self._status(call.query.get("handle", ""))
        if body.get("item_type") != "PRODUCT_ITEM":
            return 400, _error(100, "(#100) The parameter item_type is required")
        try:
            requests = json.loads(body.get("requests", ""))
        except ValueError:
            return 400, _error(100, "(#100) param requests must be an array.")
        told = [self._row(one, is_local=found[2] == "localized_items_batch") for one in requests]
        if all(one["errors"] for one in told):
            return 200, {"handles": [], "validation_status": told}
        handle = f"Acy{len(self.handles) + 1}"
        self.handles[handle] = []
        return 200, {"handles": [handle], "validation_status": told}

    def _row(self, request: dict[str, Any], *, is_local: bool) -> dict[str, Any]:
        data = request.get("data") or {}
        id_ = str(data.get("id", ""))
        errors = list(self._local(request) if is_local else _misfits(data))
        if request.get("method") != "UPDATE":
            errors.append("The method is not one that this twin plays.")
        if not errors:
            at = f"{id_} {request['localization']['value']}" if is_local else id_
            together = {**self.kept.get(at, {}), **data}
            self.kept[at] = {name: held for name, held in together.items() if held != ""}
        messages = [{"message": one} for one in errors]
        return {"retailer_id": id_, "errors": messages, "warnings": []}

    def _local(self, request: dict[str, Any]) -> Iterator[str]:
        data, local = request.get("data") or {}, request.get("localization") or {}
        pattern = _TYPES.get(str(local.get("type")))
        if data.get("id") not in self.kept:
            yield "There is no product with this id in the catalog."
        if pattern is None or not pattern.fullmatch(str(local.get("value"))):
            yield "The localization is not valid."
        yield from _wrong(data)

    def _status(self, handle: str) -> tuple[int, Any]:
        if handle not in self.handles:
            return 400, _error(100, "(#100) The handle is not valid.")
        self.handles[handle].append("asked")
        is_through = len(self.handles[handle]) > self.slow
        told: dict[str, Any] = {
            "handle": handle,
            "status": "finished" if is_through else "started",
            "errors": [],
            "errors_total_count": 0,
            "warnings": [],
            "warnings_total_count": 0,
            "ids_of_invalid_requests": [],
        }
        return 200, {"data": [told]}


def _misfits(data: dict[str, Any]) -> Iterator[str]:
    for name in _NEEDED:
        if not data.get(name):
            yield f"A required field is missing: Products need to have {name} listed."
    if not (data.get("brand") or data.get("gtin") or data.get("mpn")):
        yield "A required field is missing: Products need to have brand listed."
    yield from _wrong(data)


def _wrong(data: dict[str, Any]) -> Iterator[str]:
    if not 0 < len(str(data.get("id", ""))) <= _MOST_ID:
        yield "The id is missing or too long."
    for name, held in data.items():
        if not _fits(name, held):
            yield f"The value of {name} is not valid."


def _fits(name: str, held: Any) -> bool:  # noqa: ANN401 - JSON
    if name in _TAKEN_BACK and held == "":
        return True
    if name in _LISTS:
        return held in _LISTS[name]
    check = _CHECKS.get(name)
    return check is not None and check(held)


def _are_photos(held: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(held, list) and len(held) <= _MOST_PHOTOS and all(_is_photo(one) for one in held)


def _is_photo(held: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(held, str) and held.startswith(("http://", "https://"))


def _are_ways(held: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(held, list) and all(isinstance(one, dict) and one.keys() <= _WAY for one in held)


def _is_count(held: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(held, int | float) and held >= 0


_CHECKS: Final[dict[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(_TEXTS, lambda held: isinstance(held, str)),
    **dict.fromkeys(("price", "sale_price"), lambda held: isinstance(held, str) and bool(_PRICE.fullmatch(held))),
    **dict.fromkeys(("quantity_to_sell_on_facebook", "shipping_weight_value"), _is_count),
    "image_link": _is_photo,
    "additional_image_link": _are_photos,
    "shipping": _are_ways,
}


def _error(code: int, message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A0"}}
