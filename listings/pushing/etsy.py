"""Listings of Etsy by its Open API v3: a draft, its price, stock and SKU, its photos; and only if told so, published.

A draft costs nothing, a listing that is published costs a fee. What a draft is made of is not looked up there: a draft
whose answer was lost is *unknown*. Photos go as files, each to its place, and replace what was there.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import yaml

from listings.channels.etsy import Etsy as Rows
from listings.pushing.port import Call, Photo, Problem, Pushed, PushError, asked, body_of, json_of, must_be_well

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from listings.channels.port import Record
    from listings.pushing.port import Calls, Reply

# What an update does not take: these are the inventory's once the draft is there.
_OF_INVENTORY: Final = frozenset({"quantity", "price", "readiness_state_id"})
_NONE: Final = Problem("push.none", "There is none left: Etsy takes a listing of one at least.", ("quantity",))
_SOLD_OUT: Final = Problem(
    "push.sold_out", "There is none left: it is not on sale there until there is.", ("quantity",), is_warning=True
)


@dataclass(frozen=True, slots=True)
class Etsy:
    """Etsy. ``shop`` is the number of the shop, ``publishes`` whether drafts are put on sale, for which Etsy charges.

    ``asked`` keeps what the shop's money is, which is asked for once by each of these.
    """

    shop: str
    publishes: bool = False
    channel: str = "etsy"
    replaces: bool = True
    asked: dict[str, str] = field(default_factory=dict, compare=False)

    def push(self, record: Record, ids: Mapping[str, str]) -> Calls:
        """Return the calls of a row."""
        listing, known = Rows.shape.body(record)["listing"], dict(ids)
        yield from self._must_be_its_money(str(record["listing"]["price"]).rpartition(" ")[2], known)
        own, is_new = f"/shops/{self.shop}/listings", "listing_id" not in known
        has_any = bool(listing.get("quantity"))
        if is_new and not has_any:
            raise PushError("rejected", problems=(_NONE,), ids=known)
        if is_new:
            there = yield from _answered(Call("POST", own, body_of(listing)), known)
            known["listing_id"] = _number(there, "listing_id", known)
        else:
            said = {name: one for name, one in listing.items() if name not in _OF_INVENTORY}
            update = Call("PATCH", f"{own}/{known['listing_id']}", body_of(said), is_repeatable=True)
            there = yield from _answered(update, known)
        if not has_any:
            yield from self._take_off(there, known)
            return Pushed(record["sku"], known, (_SOLD_OUT,))
        path = f"/listings/{known['listing_id']}/inventory"
        inventory = body_of({"products": [_product(record["sku"], listing)]})
        yield from _answered(Call("PUT", path, inventory, is_repeatable=True), known)
        yield from self._photos(record.get("images", ()), known, is_new=is_new)
        if known.pop("off", "") and there.get("state") == "inactive":
            yield from self._set_state("active", known)
        return Pushed(record["sku"], known, (yield from self._shown(known)))

    def _must_be_its_money(self, currency: str, known: Mapping[str, str]) -> Generator[Call, Reply, None]:
        """Raise ``PushError`` where the shop sells in other money: a price is taken as an amount of the shop's own."""
        if "currency" not in self.asked:
            answer = yield from _answered(Call("GET", f"/shops/{self.shop}"), known)
            found = answer.get("currency_code")
            if not isinstance(found, str) or not found:
                raise PushError("garbage", "the shop does not say its money", ids=known)
            self.asked["currency"] = found
        if currency != self.asked["currency"]:
            text = f"The shop sells in {self.asked['currency']}, the catalog is in {currency}."
            raise PushError("rejected", problems=(Problem("push.currency", text, ("price",)),), ids=known)

    def _photos(self, photos: Sequence[str], known: dict[str, str], *, is_new: bool) -> Generator[Call, Reply, None]:
        """Send the photos unless they are those sent last, and leave no others."""
        mark = hashlib.sha256("\n".join(photos).encode()).hexdigest()[:16]
        if known.get("photos") == mark:
            return
        path, numbers = f"/shops/{self.shop}/listings/{known['listing_id']}", []
        for rank, photo in enumerate(photos, start=1):
            more = {"rank": str(rank), "overwrite": "true"}
            call = Call("POST", f"{path}/images", photo=Photo(photo, "image", more), is_repeatable=True)
            answer = yield from _answered(call, known)
            numbers.append(Decimal(_number(answer, "listing_image_id", known)))
        if not is_new:
            # Others that it had stay behind them.
            yield from _answered(Call("PATCH", path, body_of({"image_ids": numbers}), is_repeatable=True), known)
        known["photos"] = mark

    def _shown(self, known: dict[str, str]) -> Generator[Call, Reply, tuple[Problem, ...]]:
        """Publish where the account says so, once, and return what there is to say of it."""
        fee = fee_of("etsy")
        if "published" in known:
            return ()
        if not self.publishes:
            text = (
                f"It is a draft. Publishing it costs {fee} at Etsy, and is done there, or by an account that says so."
            )
            return (Problem("push.draft", text, is_warning=True),)
        yield from self._set_state("active", known)
        known["published"] = "yes"
        return (Problem("push.fee", f"Etsy charges {fee} for it, and again when it renews.", is_warning=True),)

    def _take_off(self, there: Mapping[str, Any], known: dict[str, str]) -> Generator[Call, Reply, None]:
        """Take a listing off sale of which there is none left: Etsy takes no stock of nothing, and would sell on."""
        if there.get("state") == "active":
            yield from self._set_state("inactive", known)
            known["off"] = "yes"

    def _set_state(self, state: str, known: Mapping[str, str]) -> Generator[Call, Reply, None]:
        """Put a listing on sale or take it off; the first, sent twice, might renew it for another fee."""
        path = f"/shops/{self.shop}/listings/{known['listing_id']}"
        call = Call("PATCH", path, body_of({"state": state}), is_repeatable=state == "inactive")
        yield from _answered(call, known)


@cache
def fee_of(channel: str) -> str:
    """Return what a channel charges for a listing, as its newest line says.

    >>> fee_of("etsy")
    '0.20 USD'
    """
    lines = yaml.safe_load(files(__package__).joinpath("fees.yaml").read_text("utf-8"))[channel]
    newest = max((one for one in lines if one["what"] == "listing"), key=lambda one: one["since"])
    return str(newest["amount"])


def _product(sku: str, listing: Mapping[str, Any]) -> dict[str, Any]:
    offering = {
        "price": listing["price"],
        "quantity": listing["quantity"],
        "is_enabled": True,
        # It has to be said, be it that there is none.
        "readiness_state_id": listing.get("readiness_state_id"),
    }
    return {"sku": sku, "property_values": [], "offerings": [offering]}


def _answered(call: Call, known: Mapping[str, str]) -> Generator[Call, Reply, dict[str, Any]]:
    reply = yield from asked(call, known)
    answer = json_of(reply, known)
    must_be_well(reply, call, tuple(_problems(answer, call)), known)
    return answer


def _problems(answer: Mapping[str, Any], call: Call) -> Iterator[Problem]:
    """Return what an error says; Etsy names fields in its sentence alone, if at all."""
    error = answer.get("error")
    if not isinstance(error, str):
        return
    more = answer.get("error_description")
    text = f"{error}: {more}" if isinstance(more, str) and more else error
    sent = set(re.findall(rb'"(\w+)":', call.body))
    fields = sorted(name for name in set(re.findall(r"\w+", text)) if name.encode() in sent)
    yield Problem("", text, tuple(fields))


def _number(answer: Mapping[str, Any], name: str, known: Mapping[str, str]) -> str:
    found = answer.get(name)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    raise PushError("garbage", f"the answer has no {name}", ids=known)
