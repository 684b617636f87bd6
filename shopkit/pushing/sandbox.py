"""Twins of channels in memory, for the demonstration and for tests: they keep what they are sent, and fail as asked.

``failing`` says how the next calls go wrong, ``None`` for one that goes well: *busy* (429 with Retry-After), *unsigned*
(401), *down* (503), *lost* (done, and the answer never came). What is wrong with a row they find by themselves.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from listings.pushing.port import PushError, Reply

if TYPE_CHECKING:
    from listings.pushing.port import Call

Failure = Literal["busy", "unsigned", "down", "lost"]
_DESCRIPTION: Final = re.compile(r"/items/(\w+)/description")
_PIECE: Final = re.compile(r"/sell/inventory/v1/inventory_item/(.+)")
_OFFER: Final = re.compile(r"/sell/inventory/v1/offer(?:/(\w+))?(/publish)?")
_ENOUGH: Final = 6
_NEEDED: Final = ("title", "category_id", "price", "currency_id", "available_quantity", "listing_type_id", "pictures")


@dataclass(slots=True)
class Twin(ABC):
    """What twins share: the failures to come, and the calls that came."""

    failing: list[Failure | None] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)

    def send(self, call: Call) -> Reply:
        """Return the reply of a channel; ``PushError`` for an answer that is lost."""
        self.calls.append(f"{call.method} {call.path}")
        failure = self.failing.pop(0) if self.failing else None
        if failure == "busy":
            return Reply(429, b'{"message":"too many requests"}', 7.0)
        if failure == "unsigned":
            return Reply(401, b'{"message":"invalid access token","error":"unauthorized"}')
        if failure == "down":
            return Reply(503, b"<html>", None)
        status, answer = self.answer(call, json.loads(call.body or b"{}"))
        if failure == "lost":
            raise PushError("unavailable" if call.is_repeatable else "unknown", "no answer could be read")
        return Reply(status, json.dumps(answer).encode() if answer is not None else b"")

    @abstractmethod
    def answer(self, call: Call, body: dict[str, Any]) -> tuple[int, Any]:
        """Return status and answer; for a channel to say."""


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


@dataclass(slots=True)
class EbayTwin(Twin):
    """eBay: pieces, offers and listings; ``categories`` as MercadoLibre's."""

    categories: frozenset[str] | None = frozenset({"15687"})

    def answer(self, call: Call, body: dict[str, Any]) -> tuple[int, Any]:
        """Take pieces and offers, and publish."""
        if call.headers.get("Content-Language") not in {"en-US", "es-ES"}:
            return 400, _errors(25709, "Invalid value for header Content-Language.", "Content-Language")
        if (piece := _PIECE.fullmatch(call.path)) is not None:
            self.kept[piece[1]] = body
            return 204, None
        offer = _OFFER.fullmatch(call.path)
        if offer is None:
            return 404, _errors(2002, "Resource not found")
        return self._publish(offer[1]) if offer[2] else self._offer(offer[1], body)

    def _publish(self, id_: str) -> tuple[int, Any]:
        category = self.kept.get(f"offer {id_}", {}).get("categoryId")
        if self.categories is not None and category not in self.categories:
            return 400, _errors(25005, "The category is not a leaf category.", "categoryId")
        return 200, {"listingId": f"11{id_}"}

    def _offer(self, id_: str | None, body: dict[str, Any]) -> tuple[int, Any]:
        if body.get("sku") not in self.kept:
            return 400, _errors(25702, "SKU could not be found", "sku")
        taken = any(name.startswith("offer ") and one["sku"] == body["sku"] for name, one in self.kept.items())
        if id_ is None and taken:
            return 400, _errors(25002, "Offer entity already exists.", "offerId")
        made = id_ or str(900 + len(self.kept))
        self.kept[f"offer {made}"] = body
        return (204, None) if id_ else (201, {"offerId": made})


def _cause(kind: str, code: str, message: str, *references: str) -> dict[str, Any]:
    return {
        "department": "items",
        "cause_id": 147,
        "type": kind,
        "code": code,
        "message": message,
        "references": references,
    }


def _errors(number: int, message: str, *names: str) -> dict[str, Any]:
    parameters = [{"name": name, "value": ""} for name in names]
    return {"errors": [{"errorId": number, "domain": "API_INVENTORY", "message": message, "parameters": parameters}]}
