"""Products of Shopify by its GraphQL Admin API: what is there, the product whole, and a sales channel that shows it.

The rows of a handle are one product (:meth:`Shopify.gather`). It is set by ``productSet``, which deletes every variant
that it is not told of. So what is there is asked for first: variants that the catalog does not have stay as they are,
and a product of the same handle that has any of them, and is not known to be ours, is left alone.

Read in Shopify's own schema of 2026-07 (``@shopify/dev-mcp`` 1.16.0), which for these types is that of 2026-10 too.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from listings.channels.forms import PRICE
from listings.channels.port import UnwritableError
from listings.formats.saying import slug
from listings.pushing.port import Call, Problem, Pushed, PushError, asked, body_of, json_of, must_be_well, text_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from listings.channels.port import Record
    from listings.pushing.port import Calls, Reply

VERSION: Final = "2026-07"
# Variants asked for at once; each costs a point of those that a shop gives out a second.
_PAGE: Final = 100
_TRIES: Final = 3
_LONGEST_WAIT_S: Final = 20.0
_FIND: Final = """\
query find($by: ProductIdentifierInput!, $first: Int!, $after: String) {
  shop { currencyCode }
  productByIdentifier(identifier: $by) {
    id
    variants(first: $first, after: $after) {
      nodes { id sku selectedOptions { name value } }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""
_SET: Final = """\
mutation set($by: ProductSetIdentifiers, $input: ProductSetInput!) {
  productSet(identifier: $by, input: $input, synchronous: true) {
    product { id }
    userErrors { code field message }
  }
}"""
_SHOW: Final = """\
mutation show($id: ID!, $on: [PublicationInput!]!) {
  publishablePublish(id: $id, input: $on) { userErrors { field message } }
}"""
# Words of Shopify for what may go well another time, and for a token that may not do what is asked.
_LATER: Final = frozenset({"INTERNAL_SERVER_ERROR", "TIMEOUT", "GENERIC_ERROR", "JOB_ERROR"})
_DENIED: Final = frozenset({"ACCESS_DENIED", "UNAUTHORIZED"})
_FOUND: Final = Problem(
    "push.found",
    "A product with this handle and these SKUs was there already; it was brought up to date.",
    ("handle",),
    is_warning=True,
)
_UNSHOWN: Final = Problem(
    "push.unshown",
    "It is in no sales channel yet: publish it at Shopify, or name the publication in the account.",
    is_warning=True,
)
_OTHERS: Final = Problem(
    "push.others",
    "The product has variants there that the catalog does not have; they stay as they are.",
    ("variants",),
    is_warning=True,
)
_NO_HANDLE: Final = Problem(
    "push.handle", "The name of the product has no letter or digit for its address.", ("handle",)
)
_TAKEN: Final = Problem(
    "HANDLE_NOT_UNIQUE", "Another product has this handle, with variants that the catalog does not have.", ("handle",)
)


@dataclass(frozen=True, slots=True)
class Shopify:
    """Shopify. ``location`` is where its stock lies, ``publication`` the sales channel it is shown in, both as GIDs."""

    location: str
    publication: str = ""
    channel: str = "shopify"
    replaces: bool = True

    def gather(self, records: Sequence[Record]) -> list[Record]:
        """Return one record for each handle, its variants being the rows."""
        found: dict[str, list[Record]] = {}
        for one in records:
            found.setdefault(one["handle"], []).append(one)
        return [{"sku": handle, "rows": rows} for handle, rows in found.items()]

    def push(self, record: Record, ids: Mapping[str, str]) -> Calls:
        """Return the calls of a product, as :meth:`gather` makes it of rows."""
        rows: list[Record] = record["rows"]
        known, handle, warnings = dict(ids), slug(record["sku"]), []
        if not handle:
            raise PushError("rejected", problems=(_NO_HANDLE,), ids=known)
        by = {"id": known["product_id"]} if "product_id" in known else {"handle": handle}
        there = yield from _there(by, known)
        if wrong := _currencies(rows) - {there.currency}:
            text = f"The shop sells in {there.currency}, the catalog is in {', '.join(sorted(wrong))}."
            raise PushError("rejected", problems=(Problem("push.currency", text, ("price",)),), ids=known)
        ours = {row["sku"] for row in rows}
        others = [one for one in there.variants if one["sku"] not in ours]
        if others and "product_id" not in known:
            raise PushError("rejected", problems=(_TAKEN,))
        if others:
            warnings.append(_OTHERS)
        if there.id and "product_id" not in known:
            warnings.append(_FOUND)
            by = {"id": there.id}
        said = self._product(rows, there.variants, others, known)
        if not there.id and "product_id" not in known:
            # Later it is the seller's to put it away there, or to bring it back.
            said["status"] = rows[0]["status"].upper()
        if "handle" in by:
            # Shopify wants it said twice. Of a product that is there the address stays as it is.
            said["handle"] = handle
        answer = yield from _asked(_SET, {"by": by, "input": said}, "productSet", known)
        known["product_id"] = text_of(answer.get("product") or {}, "id", known)
        known["photos"] = _mark(_photos(rows))
        if self.publication and known.get("published") != self.publication:
            on = [{"publicationId": self.publication}]
            yield from _asked(_SHOW, {"id": known["product_id"], "on": on}, "publishablePublish", known)
            known["published"] = self.publication
        elif not self.publication and "product_id" not in ids:
            warnings.append(_UNSHOWN)
        return Pushed(record["sku"], known, tuple(warnings))

    def _product(
        self,
        rows: list[Record],
        there: Sequence[Mapping[str, Any]],
        others: Sequence[Mapping[str, Any]],
        known: Mapping[str, str],
    ) -> dict[str, Any]:
        head, photos = rows[0], _photos(rows)
        numbers = {one["sku"]: one["id"] for one in reversed(there)}
        # Each time they are sent they are fetched again, and are further files of the shop.
        is_new = known.get("photos") != _mark(photos)
        said: dict[str, Any] = {
            "title": head["title"],
            "descriptionHtml": head.get("description", ""),
            "productOptions": _options(rows, others),
            "variants": [
                *(
                    self._variant(row, numbers.get(row["sku"]), shows=is_new and number > 0)
                    for number, row in enumerate(rows)
                ),
                *({"id": one["id"], "optionValues": _values(one["selectedOptions"])} for one in others),
            ],
        }
        for name, field in (("vendor", "vendor"), ("productType", "type")):
            if field in head:
                said[name] = head[field]
        if "tags" in head:
            said["tags"] = head["tags"].split(", ")
        if is_new:
            said["files"] = [_file(one) for one in photos]
        return said

    def _variant(self, row: Record, id_: str | None, *, shows: bool) -> dict[str, Any]:
        said: dict[str, Any] = {
            "sku": row["sku"],
            "optionValues": _values(_told(row)),
            "price": _amount(row, "price"),
            # Said even where there is none: what is left out stays as it was, and a sale would never end.
            "compareAtPrice": _amount(row, "compare_at") if "compare_at" in row else None,
            "taxable": row["taxable"] == "true",
            "inventoryPolicy": row["policy"].upper(),
            "inventoryItem": {
                "tracked": "quantity" in row,
                "requiresShipping": row["requires_shipping"] == "true",
            },
        }
        if id_ is not None:
            said["id"] = id_
        if "barcode" in row:
            said["barcode"] = row["barcode"]
        if "grams" in row:
            said["inventoryItem"]["measurement"] = {"weight": {"value": Decimal(row["grams"]), "unit": "GRAMS"}}
        if "quantity" in row:
            said["inventoryQuantities"] = [
                {"locationId": self.location, "name": "available", "quantity": int(row["quantity"])}
            ]
        if shows and row.get("images"):
            said["file"] = _file(row["images"][0])
        return said


@dataclass(frozen=True, slots=True)
class _There:
    """What is in the shop: its currency, and of a product its id and its variants."""

    currency: str
    id: str
    variants: tuple[Mapping[str, Any], ...]


def _there(by: Mapping[str, str], known: Mapping[str, str]) -> Generator[Call, Reply, _There]:
    variants: list[Mapping[str, Any]] = []
    after = None
    while True:
        answer = yield from _asked(_FIND, {"by": by, "first": _PAGE, "after": after}, "", known)
        currency = text_of(answer.get("shop") or {}, "currencyCode", known)
        product = answer.get("productByIdentifier")
        if product is None:
            return _There(currency, "", ())
        try:
            id_, page = str(product["id"]), product["variants"]
            variants += [{name: one[name] for name in ("id", "sku", "selectedOptions")} for one in page["nodes"]]
            has_more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
        except (KeyError, TypeError) as error:
            raise PushError("garbage", "the answer is not what was asked for", ids=known) from error
        if not has_more:
            return _There(currency, id_, tuple(variants))


def _asked(
    query: str, variables: Mapping[str, Any], field: str, known: Mapping[str, str]
) -> Generator[Call, Reply, dict[str, Any]]:
    """Ask, and return the data of the answer, or of one field of it.

    Every call may be made twice: what is set is set whole, under its id or its handle. That a shop's points are used up
    is said with 200 and is waited out here, for they come back within seconds.
    """
    call = Call("POST", "/graphql.json", body_of({"query": query, "variables": dict(variables)}), is_repeatable=True)
    tries = 0
    while True:
        tries += 1
        reply = yield from asked(call, known)
        answer = json_of(reply, known)
        problems = tuple(_errors(answer.get("errors")))
        must_be_well(reply, call, problems, known)
        if not any(one.code == "THROTTLED" for one in problems):
            break
        wait_s = _wait_s(answer)
        if tries == _TRIES or wait_s is None or wait_s > _LONGEST_WAIT_S:
            raise PushError("busy", "the shop's points are used up", wait_s=wait_s, ids=known)
        call = replace(call, after_s=wait_s)
    _must_be_none(problems, known)
    data = answer.get("data")
    found = data.get(field) if field and isinstance(data, dict) else data
    if not isinstance(found, dict):
        raise PushError("garbage", "the answer has no data", ids=known)
    _must_be_none(tuple(_errors(found.get("userErrors"))), known)
    return found


def _must_be_none(problems: tuple[Problem, ...], known: Mapping[str, str]) -> None:
    codes = {one.code for one in problems}
    if codes & _DENIED:
        raise PushError("unsigned", "the token may not do this", problems=problems, ids=known)
    if codes & _LATER:
        raise PushError("unavailable", "Shopify asks to try again", problems=problems, ids=known)
    if problems:
        raise PushError("rejected", problems=problems, ids=known)


def _errors(held: object) -> Iterator[Problem]:
    """Return what is wrong with a call (``errors``) or with what it says (``userErrors``)."""
    if isinstance(held, str):
        yield Problem("", held)
    for one in held if isinstance(held, list) else ():
        more = one.get("extensions") or {}
        yield Problem(
            str(one.get("code") or more.get("code") or ""),
            str(one.get("message") or ""),
            tuple(
                ".".join(map(str, path))
                for path in (one.get("field"), *(part.get("path") for part in more.get("problems") or ()))
                if path
            ),
        )


def _wait_s(answer: Mapping[str, Any]) -> float | None:
    """Return how long it takes until the points that a call asks for are there."""
    try:
        cost = answer["extensions"]["cost"]
        lacks = cost["requestedQueryCost"] - cost["throttleStatus"]["currentlyAvailable"]
        return max(0.0, float(lacks / cost["throttleStatus"]["restoreRate"]))
    except (KeyError, TypeError, ZeroDivisionError):
        return None


def _told(row: Record) -> list[dict[str, str]]:
    """Return the options of a row; a product of one variant has the one that Shopify gives it."""
    return row.get("options") or [{"name": "Title", "value": "Default Title"}]


def _values(options: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    return [{"optionName": one["name"], "name": one["value"]} for one in options]


def _options(rows: Sequence[Record], others: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, None]] = {}
    for one in (*(_told(row) for row in rows), *(one["selectedOptions"] for one in others)):
        for option in one:
            found.setdefault(option["name"], {})[option["value"]] = None
    return [
        {"name": name, "position": place, "values": [{"name": value} for value in values]}
        for place, (name, values) in enumerate(found.items(), start=1)
    ]


def _photos(rows: Sequence[Record]) -> list[str]:
    return list(dict.fromkeys(image for row in rows for image in row.get("images", ())))


def _mark(photos: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(photos).encode()).hexdigest()[:16]


def _file(image: str) -> dict[str, str]:
    return {"originalSource": image, "contentType": "IMAGE"}


def _currencies(rows: Sequence[Record]) -> set[str]:
    return {str(row["price"]).rpartition(" ")[2] for row in rows}


def _amount(row: Record, field: str) -> str:
    found = PRICE.fullmatch(row[field])
    if found is None:
        raise UnwritableError(f"{field}: {row[field]!r} is no amount with its currency")
    return found[1]
