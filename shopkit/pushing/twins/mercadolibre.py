"""A twin of MercadoLibre: items and their descriptions, of local sites and of Global Selling."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from shopkit.pushing.sandbox import Twin

if TYPE_CHECKING:
    from listings.pushing.port import Call

_ITEM: Final = re.compile(r"/(?:global/)?items/(\w+)")
_DESCRIPTION: Final = re.compile(r"/(?:marketplace/)?items/(\w+)/description")
_ENOUGH: Final = 6
_NEEDED: Final = ("title", "category_id", "price", "currency_id", "available_quantity", "listing_type_id", "pictures")
_UNSOLD: Final = ("title", "condition", "buying_mode", "category_id", "listing_type_id")


@dataclass(slots=True)
class MercadoLibreTwin(Twin):
    """MercadoLibre with the leaf categories it is given (``None``: it takes any); ``sold`` are items with sales."""

    categories: frozenset[str] | None = frozenset({"MLM191213", "CBT191213"})
    sold: set[str] = field(default_factory=set)

    def answer(self, call: Call, body: dict[str, Any]) -> tuple[int, Any]:
        """Take items and their descriptions."""
        if (found := _DESCRIPTION.fullmatch(call.path)) is not None:
            return self._description(found[1], call, body)
        if (found := _ITEM.fullmatch(call.path)) is None:
            return self._made(body)
        if found[1] not in self.kept:
            return _missing("item")
        if call.method == "GET":
            shown = {name: value for name, value in self.kept[found[1]].items() if name != "description"}
            return 200, {"id": found[1], "status": "active", **shown}
        return self._changed(found[1], body)

    def _made(self, body: dict[str, Any]) -> tuple[int, Any]:
        causes = [
            _cause("error", f"item.{name}.required", f"{name} is required") for name in _NEEDED if name not in body
        ]
        if self.categories is not None and body.get("category_id") not in self.categories:
            causes.append(_cause("error", "item.category_id.invalid", "category is not a leaf", "item.category_id"))
        if causes:
            return _refused(*causes)
        id_ = f"{body['category_id'][:3]}{len(self.kept) + 1}"
        self.kept[id_] = dict(body)
        few = [_cause("warning", "item.pictures.few", "six pictures are better", "item.pictures")]
        return 201, {"id": id_, "status": "active", "warnings": few if len(body["pictures"]) < _ENOUGH else []}

    def _changed(self, id_: str, body: dict[str, Any]) -> tuple[int, Any]:
        if "description" in body:
            # Global Selling's way to another description.
            self.kept[id_]["description"] = body["description"]["plain_text"]
            return 200, {}
        kept = [name for name in _UNSOLD if name in body and id_ in self.sold]
        if kept:
            said = (_cause("error", "field_not_updatable", f"{name} of an item with sales", name) for name in kept)
            return _refused(*said)
        self.kept[id_].update(body)
        return 200, {"id": id_, "status": "active"}

    def _description(self, id_: str, call: Call, body: dict[str, Any]) -> tuple[int, Any]:
        if id_ not in self.kept:
            return _missing("item")
        is_there = "description" in self.kept[id_]
        if call.method == "POST" and is_there:
            return _refused(_cause("error", "item.description.invalid", "Item already has a description, use PUT"))
        if call.method == "PUT" and not is_there:
            return _missing("description")
        self.kept[id_]["description"] = body["plain_text"]
        return 201 if call.method == "POST" else 200, {"text": "", "plain_text": body["plain_text"]}


def _refused(*causes: dict[str, Any]) -> tuple[int, Any]:
    return 400, {"message": "Validation error", "error": "validation_error", "status": 400, "cause": list(causes)}


def _missing(what: str) -> tuple[int, Any]:
    return 404, {"message": f"{what} not found", "error": "not_found", "status": 404}


def _cause(kind: str, code: str, message: str, *references: str) -> dict[str, Any]:
    return {
        "department": "items",
        "cause_id": 147,
        "type": kind,
        "code": code,
        "message": message,
        "references": references,
    }
