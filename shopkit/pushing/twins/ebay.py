"""A twin of eBay: pieces, offers and listings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from shopkit.pushing.sandbox import Twin

if TYPE_CHECKING:
    from listings.pushing.port import Call

_PIECE: Final = re.compile(r"/sell/inventory/v1/inventory_item/(.+)")
_OFFER: Final = re.compile(r"/sell/inventory/v1/offer(?:/(\w+))?(/publish)?")


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


def _errors(number: int, message: str, *names: str) -> dict[str, Any]:
    parameters = [{"name": name, "value": ""} for name in names]
    return {"errors": [{"errorId": number, "domain": "API_INVENTORY", "message": message, "parameters": parameters}]}
