"""A twin of a shop with WooCommerce: its settings, products by SKU or number, their variations by batches.

What its parameters may hold is restated here from WooCommerce's own description of them (REST controllers, version 3):
the types and words of those that are sent, and of a few more. Others it lets pass, as WordPress does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from shopkit.pushing.sandbox import Twin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from listings.pushing.port import Call

_SETTING: Final = re.compile(r"/settings/\w+/(woocommerce_\w+)")
_PRODUCTS: Final = re.compile(r"/products(?:/(\d+))?")
_VARIATIONS: Final = re.compile(r"/products/(\d+)/variations(/batch)?")
_MOST: Final = 100
_USUAL: Final = 10
_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "type": frozenset({"simple", "grouped", "external", "variable"}),
    "status": frozenset({"draft", "pending", "private", "publish", "future", "auto-draft", "trash"}),
    "catalog_visibility": frozenset({"visible", "catalog", "search", "hidden"}),
    "tax_status": frozenset({"taxable", "shipping", "none"}),
    "stock_status": frozenset({"instock", "outofstock", "onbackorder"}),
    "backorders": frozenset({"no", "notify", "yes"}),
}
_TYPES: Final[Mapping[str, tuple[str, type]]] = {
    **dict.fromkeys(
        ("name", "sku", "description", "regular_price", "sale_price", "weight", "global_unique_id"), ("string", str)
    ),
    **dict.fromkeys(("images", "attributes", "tags", "categories", "meta_data"), ("array", list)),
    **dict.fromkeys(("dimensions", "image"), ("object", dict)),
    "manage_stock": ("boolean", bool),
    "stock_quantity": ("integer", int),
    "menu_order": ("integer", int),
}


@dataclass(slots=True)
class WooCommerceTwin(Twin):
    """A shop with its ``settings``; ``lost`` are photos that it cannot fetch."""

    settings: dict[str, str] = field(
        default_factory=lambda: {
            "woocommerce_currency": "USD",
            "woocommerce_weight_unit": "kg",
            "woocommerce_dimension_unit": "cm",
        }
    )
    lost: frozenset[str] = frozenset()
    numbers: int = 0

    def answer(self, call: Call, body: dict[str, Any]) -> tuple[int, Any]:
        """Answer as the routes of the API do."""
        if (setting := _SETTING.fullmatch(call.path)) is not None and call.method == "GET":
            value = self.settings.get(setting[1])
            if value is None:
                return _error(404, "rest_setting_setting_invalid", "Invalid setting.")
            return 200, {"id": setting[1], "value": value}
        if (found := _VARIATIONS.fullmatch(call.path)) is not None:
            return self._variations(call, found[1], body, is_batch=bool(found[2]))
        if (found := _PRODUCTS.fullmatch(call.path)) is not None:
            return self._products(call, found[1], body)
        return _error(404, "rest_no_route", "No route was found matching the URL and request method.")

    def _products(self, call: Call, id_: str | None, body: dict[str, Any]) -> tuple[int, Any]:
        if call.method == "GET" and id_ is None:
            wanted = call.query.get("sku", "").split(",")
            same = [one for one in self.kept.values() if one["sku"] in {*wanted, call.query.get("sku")}]
            return 200, same[:_USUAL]
        there = self.kept.get(id_ or "")
        if id_ is not None and (there is None or there["type"] == "variation"):
            status = 404 if call.method == "GET" else 400
            return _error(status, "woocommerce_rest_product_invalid_id", "Invalid ID.")
        if call.method == "GET":
            return 200, there
        usual = {"type": "simple", "status": "publish", "catalog_visibility": "visible", "name": "", "sku": ""}
        status, answer = self._save(there, body, usual)
        return (201 if status == 200 and there is None else status), answer  # noqa: PLR2004 - good

    def _variations(self, call: Call, id_: str, body: dict[str, Any], *, is_batch: bool) -> tuple[int, Any]:
        if id_ not in self.kept:
            return _error(404, "woocommerce_rest_product_invalid_id", "Invalid ID.")
        own = [one for one in self.kept.values() if one.get("parent_id") == int(id_)]
        if call.method == "GET":
            size, page = int(call.query.get("per_page", _USUAL)), int(call.query.get("page", 1))
            if size > _MOST:
                return _invalid({"per_page": "per_page must be between 1 (inclusive) and 100 (inclusive)"})
            return 200, own[(page - 1) * size : page * size]
        if not is_batch:
            return _error(404, "rest_no_route", "No route was found matching the URL and request method.")
        asked = [(name, one) for name in ("create", "update") for one in body.get(name, ())]
        if len(asked) > _MOST:
            text = f"Unable to accept more than {_MOST} items for this request."
            return _error(413, "woocommerce_rest_request_entity_too_large", text)
        answer: dict[str, list[Any]] = {name: [] for name in ("create", "update") if name in body}
        for name, one in asked:
            answer[name].append(self._one(int(id_), name, one))
        return 200, answer

    def _one(self, parent: int, name: str, said: dict[str, Any]) -> dict[str, Any]:
        there = self.kept.get(str(said.get("id"))) if name == "update" else None
        if name == "update" and (there is None or there.get("parent_id") != parent):
            error = _error(400, "woocommerce_rest_product_variation_invalid_id", "Invalid ID.")[1]
            return {"id": said.get("id"), "error": error}
        usual = {"type": "variation", "status": "publish", "parent_id": parent, "sku": ""}
        status, answer = self._save(there, said, usual)
        done: dict[str, Any] = answer
        return done if status == 200 else {"id": said.get("id", 0), "error": done}  # noqa: PLR2004 - good

    def _save(self, there: dict[str, Any] | None, said: dict[str, Any], usual: dict[str, Any]) -> tuple[int, Any]:
        wrong = _wrong(said)
        if wrong:
            return _invalid(wrong)
        id_ = there["id"] if there is not None else None
        twin = next((one for one in self.kept.values() if said.get("sku") and one["sku"] == said["sku"]), None)
        if twin is not None and twin["id"] != id_:
            data = {"status": 400, "resource_id": twin["id"], "unique_sku": f"{said['sku']}-1"}
            return 400, {"code": "product_invalid_sku", "message": "Invalid or duplicated SKU.", "data": data}
        photos = [one["src"] for one in [*said.get("images", ()), *([said["image"]] if "image" in said else ())]]
        if self.lost & set(photos):
            kind = "variation" if usual["type"] == "variation" else "product"
            return _error(400, f"woocommerce_{kind}_image_upload_error", "Error getting remote image.")
        if there is None:
            self.numbers += 1
            there = {"id": self.numbers, **usual}
            self.kept[str(self.numbers)] = there
        there.update({name: one for name, one in said.items() if name != "id"})
        return 200, dict(there)


def _wrong(said: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with each parameter, in WordPress's words."""
    found = {}
    for name, held in said.items():
        kind, type_ = _TYPES.get(name, ("", object))
        if not isinstance(held, type_) or (isinstance(held, bool) and kind == "integer"):
            found[name] = f"{name} is not of type {kind}."
        elif name in _WORDS and held not in _WORDS[name]:
            found[name] = f"{name} is not one of {', '.join(sorted(_WORDS[name]))}."
    return found


def _invalid(wrong: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    data = {"status": 400, "params": dict(wrong)}
    message = f"Invalid parameter(s): {', '.join(wrong)}"
    return 400, {"code": "rest_invalid_param", "message": message, "data": data}


def _error(status: int, code: str, message: str) -> tuple[int, dict[str, Any]]:
    return status, {"code": code, "message": message, "data": {"status": status}}
