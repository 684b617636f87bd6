"""Listings of Amazon by the Listings Items API, version 2021-08-01: a call a row, which makes a listing or replaces it.

Amazon keeps a listing under seller and SKU, so that a call made twice makes one. It answers a submission that it takes
and one that it does not with the same status; what it thinks of the row stands in the body. A listing that was taken is
looked at once more in the background, and what is found then stands in Seller Central.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from listings.channels.amazon import MARKETPLACES, message
from listings.pushing.port import Call, Problem, Pushed, PushError, asked, body_of, json_of, must_be_well, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from listings.channels.port import Record
    from listings.pushing.port import Calls

_PATH: Final = "/listings/2021-08-01/items"
# Amazon's regions of sellers, by the countries that we write catalogs for.
REGIONS: Final[Mapping[str, frozenset[str]]] = {
    "na": frozenset(MARKETPLACES[one] for one in ("BR", "CA", "MX", "US")),
    "eu": frozenset(MARKETPLACES[one] for one in ("ES",)),
}


@dataclass(frozen=True, slots=True)
class Amazon:
    """Amazon, as one seller in one region."""

    seller: str
    region: str
    channel: str = "amazon"
    replaces: bool = True

    def push(self, record: Record, ids: Mapping[str, str]) -> Calls:
        """Return the call of a row."""
        body = message(record)
        sku = body.pop("sku")
        # Word of a feed; the call says it by its method.
        del body["operationType"]
        place, tag = _first(record, "purchasable_offer", "marketplace_id"), _first(record, "item_name", "language_tag")
        if place not in REGIONS[self.region]:
            text = f"The store {place or '?'} is not in the region of the account: {self.region}."
            raise PushError("rejected", text, problems=(Problem("region", text, ("marketplace_id",)),), ids=ids)
        call = Call(
            "PUT",
            f"{_PATH}/{quote(self.seller, safe='')}/{quote(sku, safe='')}",
            body_of(body),
            is_repeatable=True,
            query={"marketplaceIds": place, "includedData": "issues"} | ({"issueLocale": tag} if tag else {}),
        )
        reply = yield from asked(call, ids)
        answer = json_of(reply, ids)
        must_be_well(reply, call, _errors(answer), ids)
        found = _issues(answer)
        status = text_of(answer, "status", ids)
        if status != "ACCEPTED":
            raise PushError("rejected", f"the submission is {status}", problems=found, ids=ids)
        return Pushed(sku, {"sku": text_of(answer, "sku", ids)}, found)


def _first(record: Record, attribute: str, name: str) -> str:
    """Return what the first value of an attribute says, an empty text where it says nothing."""
    values: Any = record.get("attributes", {}).get(attribute) or ({},)
    return str(values[0].get(name, ""))


def _issues(answer: Mapping[str, Any]) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            str(one.get("code") or ""),
            str(one.get("message") or ""),
            tuple(map(str, one.get("attributeNames") or ())),
            one.get("severity") != "ERROR",
        )
        for one in answer.get("issues") or ()
        if isinstance(one, dict)
    )


def _errors(answer: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what is wrong with a call as a whole."""
    return tuple(
        Problem(
            str(one.get("code") or ""), " ".join(str(one[name]) for name in ("message", "details") if one.get(name))
        )
        for one in answer.get("errors") or ()
        if isinstance(one, dict)
    )
