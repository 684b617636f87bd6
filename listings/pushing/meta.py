"""Products of Meta by its catalog's batches: a batch of one row, and the question what became of it.

Meta keeps a product under its id, so that a batch sent twice makes one. It looks at a batch twice: at once, which its
answer tells, and in the background, which is asked for by the handle of the batch. A row that only says what is another
in one country or language goes to a place of its own, and has to be there already.

For small catalogs Meta takes eight batches a minute, by its formula 8 + 8 · log2(views in 28 days). The wait before the
question is what keeps a run within that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from listings.channels.bodies import dumps
from listings.channels.forms import PRICE
from listings.channels.port import UnwritableError
from listings.pushing.port import Call, Problem, Pushed, PushError, Reply, asked, json_of, must_be_well, text_of

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from listings.channels.port import Record
    from listings.pushing.port import Calls

# Given out 2026-07-29, with no day yet on which it ends; Meta takes a version for about two years.
VERSION: Final = "v26.0"
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_WAITS_S: Final = (7.5, 10.0, 20.0)
_HASTE: Final = frozenset({4, 17, 32, 613, 80009, 80014})
# Of a rolling minute.
_HASTE_S: Final = 60.0
_UNSIGNED: Final = frozenset({10, 102, 190, 200})
_LATER: Final = frozenset({1, 2})
_OVER: Final = frozenset({"canceled", "error"})
_COUNTRY: Final = re.compile("[A-Z]{2}")
# A batch changes the fields that it names and leaves the others: a sale that is over has to be taken back by name.
_SALE: Final = ("sale_price", "sale_price_effective_date")
_WAY: Final = {"country": "shipping_country", "region": "shipping_region", "service": "shipping_service"}
_WORD: Final = re.compile(r"[a-z_]+")


@dataclass(frozen=True, slots=True)
class Meta:
    """Meta, as one catalog."""

    catalog: str
    channel: str = "meta"
    replaces: bool = True

    def push(self, record: Record, ids: Mapping[str, str]) -> Calls:
        """Return the calls of a row."""
        known = dict(ids)
        request: dict[str, Any] = {"method": "UPDATE", "data": product(record)}
        edge, more = "items_batch", {"allow_upsert": "true"}
        if (override := record.get("override")) is not None:
            kind = "COUNTRY" if _COUNTRY.fullmatch(override) else "LANGUAGE"
            request["localization"] = {"type": kind, "value": override}
            edge, more = "localized_items_batch", {}
        said = {"item_type": "PRODUCT_ITEM", **more, "requests": dumps([request])}
        call = Call("POST", self._path(edge), urlencode(said).encode(), _FORM, is_repeatable=True)
        answer = yield from _made(call, known)
        problems = _of_rows(answer)
        if any(not one.is_warning for one in problems):
            raise PushError("rejected", "the row is not taken", problems=problems, ids=ids)
        handles = answer.get("handles")
        if handles == []:
            raise PushError("rejected", "nothing of it was taken", problems=problems, ids=ids)
        if not isinstance(handles, list) or not isinstance(handles[0], str):
            raise PushError("garbage", "the answer has no handles", ids=ids)
        # A handle is a batch's name; the product keeps the seller's.
        known["retailer_id"] = record["id"]
        problems += yield from self._outcome(handles[0], known)
        return Pushed(record["id"], known, problems)

    def _path(self, edge: str) -> str:
        return f"/{VERSION}/{self.catalog}/{edge}"

    def _outcome(self, handle: str, known: dict[str, str]) -> Generator[Call, Reply, tuple[Problem, ...]]:
        """Ask what became of a batch until Meta is through with it, or for long enough; return what it warns of."""
        query = {"handle": handle, "load_ids_of_invalid_requests": "true"}
        status = ""
        for wait_s in _WAITS_S:
            call = Call("GET", self._path("check_batch_request_status"), query=query, after_s=wait_s)
            answer = yield from _made(call, known)
            told = answer.get("data")
            if not isinstance(told, list) or not told or not isinstance(told[0], dict):
                raise PushError("garbage", "the answer has no status", ids=known)
            status = text_of(told[0], "status", known).lower()
            found = (*_problems(told[0].get("errors"), is_warning=False), *_problems(told[0].get("warnings")))
            if any(not one.is_warning for one in found):
                raise PushError("rejected", "the batch has errors", problems=found, ids=known)
            if status in _OVER:
                # What of it was done is not said; a product is replaced, and may be sent again.
                raise PushError("unavailable", f"the batch ended as {status}", ids=known)
            if status == "finished":
                return found
        text = f"Meta has taken it and is not through with it ({status}). What it finds stands in Commerce Manager."
        return (Problem("not_finished", text, (), is_warning=True),)


def product(record: Record) -> dict[str, Any]:
    """Return a row as a product of a batch; ``UnwritableError`` for an amount or a weight that is none."""
    said: dict[str, Any] = {}
    for name, held in record.items():
        if name == "override":
            continue
        if name == "shipping":
            said[name] = [_way(one) for one in held]
        elif name == "shipping_weight":
            value, _, unit = held.partition(" ")
            said |= {"shipping_weight_value": _number(value), "shipping_weight_unit": unit}
        else:
            said[name] = _number(held) if name == "quantity_to_sell_on_facebook" else held
    if "price" in record:
        said = dict.fromkeys(_SALE, "") | said
    if "image_link" in record:
        said = {"additional_image_link": []} | said
    return said


def _way(way: Mapping[str, str]) -> dict[str, Any]:
    found = PRICE.fullmatch(way["price"])
    if found is None:
        raise UnwritableError(f"shipping: {way['price']!r} is no amount with its currency")
    said: dict[str, Any] = {_WAY[name]: text for name, text in way.items() if name != "price"}
    return said | {"shipping_price_value": Decimal(found[1]), "shipping_price_currency": found[2]}


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError as error:
        raise UnwritableError(f"{text!r} is no number") from error


def _made(call: Call, ids: Mapping[str, str]) -> Generator[Call, Reply, dict[str, Any]]:
    """Make a call and return its answer. Meta says by numbers of its own what a status of HTTP means elsewhere."""
    reply = yield from asked(call, ids)
    answer = json_of(reply, ids)
    error = answer.get("error")
    if not isinstance(error, dict):
        must_be_well(reply, call, (), ids)
        return answer
    number = error.get("code")
    words = " ".join(str(error[one]) for one in ("error_user_title", "error_user_msg") if error.get(one))
    text = f"{error.get('message') or ''} {words}".strip()
    problems = (Problem(str(number or ""), text, _named(text)),)
    detail = f"{call.method} {call.path} answered {reply.status}, {number}"
    if number in _HASTE:
        raise PushError("busy", detail, wait_s=reply.wait_s or _HASTE_S, ids=ids)
    if number in _UNSIGNED:
        raise PushError("unsigned", detail, problems=problems, ids=ids)
    if number in _LATER or error.get("is_transient") is True:
        raise PushError("unavailable", detail, problems=problems, wait_s=reply.wait_s, ids=ids)
    must_be_well(reply, call, problems, ids)
    raise PushError("rejected", detail, problems=problems, ids=ids)


def _of_rows(answer: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what is said of rows in the answer to a batch: errors before warnings."""
    rows = [one for one in answer.get("validation_status") or () if isinstance(one, dict)]
    return (
        *(found for one in rows for found in _problems(one.get("errors"), is_warning=False)),
        *(found for one in rows for found in _problems(one.get("warnings"))),
    )


def _problems(told: Any, *, is_warning: bool = True) -> tuple[Problem, ...]:  # noqa: ANN401 - what stands in an answer
    return tuple(
        Problem("", str(one.get("message") or ""), _named(str(one.get("message") or "")), is_warning)
        for one in told or ()
        if isinstance(one, dict)
    )


def _named(text: str) -> tuple[str, ...]:
    """Return the fields that a sentence of Meta's names; it says them in no other way."""
    return tuple(dict.fromkeys(word for word in _WORD.findall(text) if word in _FIELDS))


_FIELDS: Final = frozenset(
    {
        *("id", "title", "description", "availability", "condition", "price", "link", "image_link", "brand"),
        *(
            "additional_image_link",
            "gtin",
            "mpn",
            "sale_price",
            "sale_price_effective_date",
            "item_group_id",
            "google_product_category",
        ),
        *("product_type", "color", "size", "material", "pattern", "gender", "age_group", "shipping", "origin_country"),
        *("quantity_to_sell_on_facebook", "shipping_weight_value", "shipping_weight_unit"),
    }
)
