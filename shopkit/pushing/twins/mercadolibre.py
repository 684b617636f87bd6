"""A twin of MercadoLibre: items and their descriptions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from shopkit.pushing.sandbox import Twin

if TYPE_CHECKING:
    from listings.pushing.port import Call

_DESCRIPTION: Final = re.compile(r"/items/(\w+)/description")
_ENOUGH: Final = 6
_NEEDED: Final = ("title", "category_id", "price", "currency_id", "available_quantity", "listing_type_id", "pictures")


@dataclass(slots=True)
class MercadoLibreTwin(Twin):
    """MercadoLibre with the leaf categories it is given; ``None``: it takes any."""

    categories: frozenset[str] | None = frozenset({"MLM191213", "CBT191213"})

    def answer(self, call: Call, body: dict[str, Any]) -> tuple[int, Any]:
        """Take items and their descriptions."""
        found = _DESCRIPTION.fullmatch(call.path)
        if found is not None:
            if found[1] not in self.kept:
                return 404, {"message": "item not found", "error": "not_found", "status": 404}
            self.kept[found[1]]["description"] = body["plain_text"]
            return 201, {"text": "", "plain_text": body["plain_text"]}
        causes = [
            _cause("error", f"item.{name}.required", f"{name} is required") for name in _NEEDED if name not in body
        ]
        if self.categories is not None and body.get("category_id") not in self.categories:
            causes.append(_cause("error", "item.category_id.invalid", "category is not a leaf", "item.category_id"))
        if causes:
            return 400, {"message": "Validation error", "error": "validation_error", "status": 400, "cause": causes}
        id_ = f"{body['category_id'][:3]}{len(self.kept) + 1}"
        self.kept[id_] = dict(body)
        few = [_cause("warning", "item.pictures.few", "six pictures are better", "item.pictures")]
        return 201, {"id": id_, "status": "active", "warnings": few if len(body["pictures"]) < _ENOUGH else []}


def _cause(kind: str, code: str, message: str, *references: str) -> dict[str, Any]:
    return {
        "department": "items",
        "cause_id": 147,
        "type": kind,
        "code": code,
        "message": message,
        "references": references,
    }
