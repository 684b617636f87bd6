"""Products of TikTok Shop by its calls: photos, then the product as a draft, or what changed of one that is there.

TikTok shows no photo that it does not keep itself. A product is made once, as a draft, which the seller completes and
puts on sale in Seller Center; from then on what is sent goes live. What the seller added there stays, for a product is
edited by those of its properties that our rows have. Answers come with 200 and a number that says what they are.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from listings.channels.tiktok import TikTok as Rows
from listings.pushing.port import (
    Call,
    Photo,
    Problem,
    Pushed,
    PushError,
    asked,
    body_of,
    json_of,
    must_be_well,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from listings.channels.port import Record
    from listings.pushing.port import Calls, Reason, Reply

PHOTOS: Final = "/product/202309/images/upload"
_PRODUCTS: Final = "/product/202309/products"
_EDITS: Final = "/product/202509/products"
_DRAFT: Final = "DRAFT"
# What the seller has put on sale is edited for buyers; a draft stays one, and what was taken off sale is not put back.
_SUBMITTED: Final = frozenset({"ACTIVATE", "FAILED", "PENDING", "SCHEDULED"})
_CLOSED: Final = frozenset({"DELETED", "FREEZE"})
# What an edit does not take: the category of a product stays.
_ONCE: Final = ("category_id",)
_HASTE: Final = frozenset({36009002, 12052109})
_DOWN: Final = frozenset({36009003, 36009007, 12001000, 12052881, 33001002})
_UNSIGNED: Final = frozenset({36004004, 36009033, 101000, 106001, *range(105000, 105010)})
# One number for many things that are wrong with a call as such.
_CALL: Final = 36009004
_CREDENTIALS: Final = ("Invalid credentials", "Missing credentials", "Invalid timestamp")
_WORD: Final = re.compile(r"[a-z_]+")
_NAMES: Final = frozenset(
    {
        *("title", "description", "category_id", "category_version", "brand_id", "main_images", "skus", "seller_sku"),
        *("price", "inventory", "warehouse_id", "quantity", "sales_attributes", "identifier_code", "external_sku_id"),
        *("package_weight", "package_dimensions", "external_product_id", "save_mode", "locale", "idempotency_key"),
    }
)
# Numbers whose field is known though their words may not name it.
_FIELDS: Final[Mapping[int, str]] = {
    **dict.fromkeys((12052002, 12052023, 12052024, 12052025, 12052220, 12052230), "category_id"),
    **dict.fromkeys((12052051, 12052261, 12052262, 12052931), "title"),
    **dict.fromkeys((12019006, 12052013, 12052015, 12052932), "description"),
    **dict.fromkeys(range(12052300, 12052307), "main_images"),
    **dict.fromkeys((12019011, 12052006, 12052181), "package_weight"),
    **dict.fromkeys((12019012, 12052003, 12052004, 12052005, 12052116), "package_dimensions"),
    **dict.fromkeys((12019022, 12052097, 12052115), "warehouse_id"),
}


@dataclass(frozen=True, slots=True)
class TikTok:
    """TikTok Shop."""

    channel: str = "tiktok"
    replaces: bool = True

    def push(self, record: Record, ids: Mapping[str, str]) -> Calls:
        """Return the calls of a row."""
        body = Rows.shape.body(record)
        known = dict(ids)
        warnings: tuple[Problem, ...] = ()
        there: dict[str, Any] | None = None
        if "product_id" in known:
            # Whether it is on sale by now is the seller's doing, and tells how an edit is to be saved.
            there = yield from _made(Call("GET", f"{_PRODUCTS}/{known['product_id']}"), known)
            warnings = _still(there, body)
        body["main_images"] = yield from _photos(body.get("main_images", []), known)
        if there is None:
            key = hashlib.sha256(body_of(body)).hexdigest()
            call = Call("POST", _PRODUCTS, body_of({**body, "idempotency_key": key}))
        else:
            edit = {name: held for name, held in body.items() if name not in _ONCE}
            edit["save_mode"] = "LISTING" if there.get("status") in _SUBMITTED else "AS_DRAFT"
            edit["skus"] = _with_ids(edit.get("skus", []), there)
            path = f"{_EDITS}/{known['product_id']}/partial_edit"
            call = Call("POST", path, body_of(edit), is_repeatable=True)
        answer = yield from _made(call, known)
        named = {"product_id": known.get("product_id") or text_of(answer, "product_id", known)}
        for one in answer.get("skus") or ():
            if isinstance(one, dict) and one.get("id"):
                named["sku_id"] = str(one["id"])
        told = (one for one in answer.get("warnings") or () if isinstance(one, dict))
        warnings += tuple(_problem(0, str(one.get("message") or ""), is_warning=True) for one in told)
        return Pushed(record["external_product_id"], named, warnings)


def _photos(images: list[dict[str, Any]], known: dict[str, str]) -> Generator[Call, Reply, list[dict[str, Any]]]:
    """Send the photos that TikTok has not yet, and return its names for all; ``known`` keeps those of this row."""
    kept = []
    for image in images:
        address = str(image["uri"])
        name = f"photo {hashlib.sha256(address.encode()).hexdigest()[:12]}"
        if name not in known:
            photo = Photo(address, "data", {"use_case": "MAIN_IMAGE"})
            answer = yield from _made(Call("POST", PHOTOS, photo=photo, is_repeatable=True), known)
            known[name] = text_of(answer, "uri", known)
        kept.append({**image, "uri": known[name]})
    return kept


def _still(there: Mapping[str, Any], body: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what an edit will not change; ``PushError`` where TikTok takes none."""
    status = str(there.get("status") or "?")
    if status in _CLOSED:
        text = f"TikTok takes no edit of a product that is {status}."
        raise PushError("rejected", text, problems=(Problem(status, text),))
    found = []
    if status != _DRAFT and status not in _SUBMITTED:
        text = f"The product is not on sale ({status}): what changed is kept as a draft, its stock is not."
        found.append(Problem("saved_as_draft", text, (), is_warning=True))
    chains = [one for one in there.get("category_chains") or () if isinstance(one, dict)]
    leaf = next((str(one.get("id")) for one in chains if one.get("is_leaf")), None)
    if leaf is not None and leaf != body.get("category_id"):
        text = f"The product stays in category {leaf}: TikTok moves none by an edit."
        found.append(Problem("category_stays", text, ("category_id",), is_warning=True))
    return tuple(found)


def _with_ids(skus: list[dict[str, Any]], there: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return SKUs with TikTok's ids of those that are there, without which it makes new ones and drops the old."""
    held = [one for one in there.get("skus") or () if isinstance(one, dict) and one.get("id")]
    by_own = {str(one.get(name)): str(one["id"]) for name in ("seller_sku", "external_sku_id") for one in held}
    only = str(held[0]["id"]) if len(held) == len(skus) == 1 else None
    said = []
    for one in skus:
        own = by_own.get(str(one.get("external_sku_id"))) or by_own.get(str(one.get("seller_sku"))) or only
        said.append({"id": own, **one} if own else one)
    return said


def _made(call: Call, ids: Mapping[str, str]) -> Generator[Call, Reply, dict[str, Any]]:
    """Make a call and return the data of its answer."""
    reply = yield from asked(call, ids)
    answer = json_of(reply, ids)
    code, text = answer.get("code"), str(answer.get("message") or "")
    if isinstance(code, int) and code != 0:
        detail = f"{call.method} {call.path} answered {reply.status}, {code}"
        problems = (_problem(code, text),)
        raise PushError(_reason(call, reply, code, text), detail, problems=problems, wait_s=reply.wait_s, ids=ids)
    must_be_well(reply, call, (), ids)
    data = answer.get("data")
    if code != 0 or not isinstance(data, dict):
        raise PushError("garbage", "the answer has no code and no data", ids=ids)
    return data


def _reason(call: Call, reply: Reply, code: int, text: str) -> Reason:
    if reply.status == 429 or code in _HASTE:  # noqa: PLR2004 - of HTTP
        return "busy"
    if is_unsigned(reply.status, code, text):
        return "unsigned"
    if reply.status >= 500 or code in _DOWN:  # noqa: PLR2004 - of HTTP
        return "unavailable" if call.is_harmless else "unknown"
    return "rejected"


def is_unsigned(status: int, code: int, text: str) -> bool:
    """Return whether an answer says that who calls is not known, or not allowed to."""
    return status in {401, 403} or code in _UNSIGNED or (code == _CALL and text.startswith(_CREDENTIALS))


def _problem(code: int, text: str, *, is_warning: bool = False) -> Problem:
    """Return a problem with the fields that its words name, or that its number stands for."""
    named = tuple(dict.fromkeys(word for word in _WORD.findall(text) if word in _NAMES))
    if not named and code in _FIELDS:
        named = (_FIELDS[code],)
    return Problem(str(code) if code else "", text, named, is_warning)
