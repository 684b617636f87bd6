"""Pieces of eBay by the calls of its Inventory API: the piece, its offer, and that the offer is published.

The piece is replaced whole each time, which does no harm. An offer is made once; with its ``offer_id`` it is replaced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from listings.channels.ebay import Ebay as Rows
from listings.pushing.port import Call, Problem, Pushed, asked, body_of, json_of, must_be_well, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from listings.channels.port import Record
    from listings.pushing.port import Calls

_BASE: Final = "/sell/inventory/v1"


@dataclass(frozen=True, slots=True)
class Ebay:
    """eBay."""

    channel: str = "ebay"
    replaces: bool = True

    def push(self, record: Record, ids: Mapping[str, str]) -> Calls:
        """Return the calls of a row."""
        body = Rows.shape.body(record)
        known = dict(ids)
        # Without it eBay refuses every call, whatever is in it.
        headers = {"Content-Language": record["locale"]}
        piece = Call(
            "PUT",
            f"{_BASE}/inventory_item/{quote(record['sku'], safe='')}",
            body_of(body["inventory_item"]),
            headers,
            is_repeatable=True,
        )
        warnings = [*(yield from _made(piece, known))[1]]
        offer = body_of(body["offer"])
        if "offer_id" in known:
            call = Call("PUT", f"{_BASE}/offer/{known['offer_id']}", offer, headers, is_repeatable=True)
            warnings += (yield from _made(call, known))[1]
        else:
            answer, more = yield from _made(Call("POST", f"{_BASE}/offer", offer, headers), known)
            warnings += more
            known["offer_id"] = text_of(answer, "offerId", known)
        call = Call("POST", f"{_BASE}/offer/{known['offer_id']}/publish", b"", headers)
        answer, more = yield from _made(call, known)
        known["listing_id"] = text_of(answer, "listingId", known)
        return Pushed(record["sku"], known, (*warnings, *more))


def _made(call: Call, ids: Mapping[str, str]) -> Any:  # noqa: ANN401 - a generator of calls that returns a pair
    reply = yield from asked(call, ids)
    answer = json_of(reply, ids)
    must_be_well(reply, call, _problems(answer, "errors"), ids)
    return answer, _problems(answer, "warnings")


def _problems(answer: Mapping[str, Any], name: str) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            str(one.get("errorId") or ""),
            str(one.get("longMessage") or one.get("message") or ""),
            tuple(str(part.get("name")) for part in one.get("parameters") or () if isinstance(part, dict)),
            name == "warnings",
        )
        for one in answer.get(name) or ()
        if isinstance(one, dict)
    )
