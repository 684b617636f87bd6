"""Items of MercadoLibre by its calls: the item, and then its description. Both local sites and Global Selling.

An item that was made is not made again: pushing a row with its ``item_id`` sends the description alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from listings.channels.mercadolibre import MercadoLibre as Rows
from listings.pushing.port import Call, Problem, Pushed, asked, body_of, json_of, must_be_well, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from listings.channels.port import Record
    from listings.pushing.port import Calls


@dataclass(frozen=True, slots=True)
class MercadoLibre:
    """MercadoLibre; ``channel`` is the one whose rows are pushed."""

    channel: str = "mercadolibre"
    replaces: bool = False

    def push(self, record: Record, ids: Mapping[str, str]) -> Calls:
        """Return the calls of a row."""
        body = Rows.shape.body(record)
        known = dict(ids)
        warnings: tuple[Problem, ...] = ()
        if "item_id" not in known:
            # Nothing says that a call was made before: sent twice it makes two items.
            call = Call("POST", "/items", body_of(body["item"]))
            reply = yield from asked(call, known)
            answer = json_of(reply)
            warnings = _problems(answer)
            must_be_well(reply, call, warnings, known)
            known["item_id"] = text_of(answer, "id")
        if "description" in body:
            path = f"/items/{known['item_id']}/description"
            call = Call("POST", path, body_of(body["description"]), is_repeatable=True)
            reply = yield from asked(call, known)
            must_be_well(reply, call, _problems(json_of(reply, known)), known)
        return Pushed(record["sku"], known, warnings)


def _problems(answer: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what an answer says is wrong: its causes, or its message where it names none."""
    causes = [one for one in answer.get("cause") or answer.get("warnings") or () if isinstance(one, dict)]
    found = tuple(
        Problem(
            str(one.get("code") or one.get("cause_id") or ""),
            str(one.get("message") or ""),
            tuple(map(str, one.get("references") or ())),
            one.get("type") == "warning" or "warnings" in answer,
        )
        for one in causes
    )
    if found or "message" not in answer:
        return found
    return (Problem(str(answer.get("error") or ""), str(answer["message"])),)
