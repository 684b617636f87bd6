"""Items of MercadoLibre by its calls: the item, and then its description. Local sites and Global Selling.

An item that was made is not made again. At a local site it is changed: what may be changed at any time in one call,
what only an item without sales may change in another, so that a title that is not taken keeps no price from coming
through. An item of Global Selling has a price at each site, under an id of that site: nothing but its description is
changed from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from listings.channels.mercadolibre import MercadoLibre as Rows
from listings.pushing.port import Call, Problem, Pushed, PushError, asked, body_of, json_of, must_be_well, text_of

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from listings.channels.port import Record
    from listings.pushing.port import Calls, Method, Reply

_ALWAYS: Final = ("price", "available_quantity", "pictures", "attributes", "sale_terms")
_UNSOLD: Final = ("title", "condition", "buying_mode", "category_id", "listing_type_id")
_NOT_THERE: Final = 404


@dataclass(frozen=True, slots=True)
class MercadoLibre:
    """A local site of MercadoLibre."""

    channel: str = "mercadolibre"
    replaces: bool = True

    def push(self, record: Record, ids: Mapping[str, str]) -> Calls:
        """Return the calls of a row."""
        body, known = Rows.shape.body(record), dict(ids)
        is_new = "item_id" not in known
        if is_new:
            warnings = yield from _made(body["item"], known)
        else:
            warnings = yield from _changed(body["item"], known)
        if "description" in body:
            path = f"/items/{known['item_id']}/description"
            # Without the version the old text of HTML would be meant.
            put = _call("PUT", path, body["description"], {"api_version": "2"})
            yield from _described(put, _call("POST", path, body["description"]), known, is_new=is_new)
        return Pushed(record["sku"], known, warnings)


@dataclass(frozen=True, slots=True)
class MercadoLibreGlobal:
    """Global Selling of MercadoLibre, whose descriptions are said to each site."""

    channel: str = "mercadolibre_global"
    replaces: bool = False

    def push(self, record: Record, ids: Mapping[str, str]) -> Calls:
        """Return the calls of a row."""
        body, known = Rows.shape.body(record), dict(ids)
        warnings: tuple[Problem, ...] = ()
        is_new = "item_id" not in known
        if is_new:
            warnings = yield from _made(body["item"], known)
        for site in body["item"].get("sites_to_sell", ()) if "description" in body else ():
            put = _call("PUT", f"/global/items/{known['item_id']}", {**site, "description": body["description"]})
            post = _call("POST", f"/marketplace/items/{known['item_id']}/description", {**site, **body["description"]})
            yield from _described(put, post, known, is_new=is_new)
        return Pushed(record["sku"], known, warnings)


def _made(item: Mapping[str, Any], known: dict[str, str]) -> Generator[Call, Reply, tuple[Problem, ...]]:
    # Nothing says that a call was made before: sent twice it makes two items.
    answer, warnings = yield from _good(Call("POST", "/items", body_of(item)), known)
    known["item_id"] = text_of(answer, "id")
    return warnings


def _changed(item: Mapping[str, Any], known: dict[str, str]) -> Generator[Call, Reply, tuple[Problem, ...]]:
    path = f"/items/{known['item_id']}"
    there, _ = yield from _good(Call("GET", path), known)
    currency = text_of(there, "currency_id", known)
    if currency != item["currency_id"]:
        # The amount alone would be taken, in the money that the item is sold for.
        raise PushError("not_replaced", problems=(Problem("currency_id", currency, ("item.currency_id",)),), ids=known)
    always = {name: item[name] for name in _ALWAYS if name in item}
    _, warnings = yield from _good(_call("PUT", path, always), known)
    others = {name: item[name] for name in _UNSOLD if name in item and not _is_same(item[name], there.get(name))}
    if others:
        # Where it was sold they are refused, in the channel's words.
        _, more = yield from _good(_call("PUT", path, others), known)
        warnings += more
    return warnings


def _described(put: Call, post: Call, known: dict[str, str], *, is_new: bool) -> Generator[Call, Reply, None]:
    """Say a description; an item that was there may have one, which takes another call than the first."""
    if not is_new:
        reply = yield from asked(put, known)
        if reply.status != _NOT_THERE:
            must_be_well(reply, put, _problems(json_of(reply, known)), known)
            return
    yield from _good(post, known)


def _call(method: Method, path: str, body: Mapping[str, Any], query: Mapping[str, str] | None = None) -> Call:
    return Call(method, path, body_of(body), is_repeatable=True, query=query or {})


def _good(call: Call, known: Mapping[str, str]) -> Generator[Call, Reply, tuple[dict[str, Any], tuple[Problem, ...]]]:
    reply = yield from asked(call, known)
    answer = json_of(reply, known)
    problems = _problems(answer)
    must_be_well(reply, call, problems, known)
    return answer, problems


def _is_same(said: object, there: object) -> bool:
    """Return whether a text is the one that is there: MercadoLibre writes titles its own way."""
    return str(said).casefold().split() == str(there).casefold().split()


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
    if found or not answer.get("message"):
        return found
    return (Problem(str(answer.get("error") or ""), str(answer["message"])),)
