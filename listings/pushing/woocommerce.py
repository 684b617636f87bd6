"""Products of a shop with WooCommerce by its REST API: looked up by SKU, made or replaced, then their variations.

The rows of a listing are one product (:meth:`WooCommerce.gather`). What the catalog does not say stays as it is there:
categories and brands, which the API knows by numbers of the shop's own, tags and visibility once the product is there,
attributes of other names, variations of other SKUs. Read in WooCommerce's own source (REST controllers, version 3).
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from listings.channels.forms import PRICE
from listings.channels.port import UnwritableError
from listings.channels.rows import html
from listings.pushing.port import Call, Problem, Pushed, PushError, asked, body_of, json_of, must_be_well

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from listings.channels.port import Record
    from listings.pushing.port import Calls, Reply

# The most that the API gives, and takes, at once.
PAGE: Final = 100
# Where a product says which photos of ours it has: they are fetched by the shop, which takes long and is kept for ever.
PHOTOS: Final = "_shopkit_photos"
# In the file a comma inside of a name is led by a backslash.
_COMMA: Final = re.compile(r"(?<!\\), ")
_STOCK: Final = {"1": "instock", "0": "outofstock", "backorder": "onbackorder"}
_BACKORDERS: Final = {"1": "yes", "0": "no", "notify": "notify"}
_STATUS: Final = {"1": "publish", "0": "private", "-1": "draft"}
_SIDES: Final = ("length", "width", "height")
# What one kilogram and one centimetre are in the unit that a shop has chosen; exact by definition.
_WEIGHTS: Final = {
    "kg": Decimal(1),
    "g": Decimal(1000),
    "lbs": 1 / Decimal("0.45359237"),
    "oz": 16 / Decimal("0.45359237"),
}
_LENGTHS: Final = {
    "cm": Decimal(1),
    "mm": Decimal(10),
    "m": Decimal("0.01"),
    "in": 1 / Decimal("2.54"),
    "yd": 1 / Decimal("91.44"),
}
# The field that is meant by a code whose answer names none.
_MEANT: Final = {
    "product_invalid_sku": "sku",
    "product_invalid_global_unique_id": "global_unique_id",
    "woocommerce_product_image_upload_error": "images",
    "woocommerce_variation_image_upload_error": "image",
}
_FOUND: Final = Problem(
    "push.found", "A product with this SKU was there already; it was brought up to date.", ("sku",), is_warning=True
)
_OTHERS: Final = Problem(
    "push.others",
    "The product has variants there that the catalog does not have; they stay as they are.",
    ("variations",),
    is_warning=True,
)
_TAKEN: Final = Problem("product_invalid_sku", "Another product has this SKU, with other variants.", ("sku",))
_KIND: Final = Problem("push.kind", "The product is of another kind there, and would lose its variants.", ("type",))
_GONE: Final = Problem("push.gone", "The product is in the trash there.", ("status",))


@dataclass(frozen=True, slots=True)
class WooCommerce:
    """WooCommerce. ``asked`` keeps what the shop's settings are, which are asked for once by each of these."""

    channel: str = "woocommerce"
    replaces: bool = True
    asked: dict[str, str] = field(default_factory=dict, compare=False)

    def gather(self, records: Sequence[Record]) -> list[Record]:
        """Return one record for each product: a piece by itself, or the variations of a parent."""
        found: dict[str, list[Record]] = {}
        for one in records:
            found.setdefault(one.get("parent") or one["sku"], []).append(one)
        return [{"sku": sku, "rows": rows} for sku, rows in found.items()]

    def push(self, record: Record, ids: Mapping[str, str]) -> Calls:
        """Return the calls of a product, as :meth:`gather` makes it of rows."""
        rows: list[Record] = record["rows"]
        known, warnings = dict(ids), []
        yield from self._settings(known)
        if wrong := {str(row["regular_price"]).rpartition(" ")[2] for row in rows} - {self.asked["currency"]}:
            text = f"The shop sells in {self.asked['currency']}, the catalog is in {', '.join(sorted(wrong))}."
            raise PushError("rejected", problems=(Problem("push.currency", text, ("regular_price",)),), ids=known)
        there = yield from _there(record["sku"], known)
        is_variable = rows[0]["type"] == "variation"
        variations = yield from _variations(there, known)
        numbers = {str(one.get("sku")): one for one in reversed(variations)}
        others = numbers.keys() - {row["sku"] for row in rows}
        _must_fit(there, known, is_variable=is_variable, others=len(others))
        if others:
            warnings.append(_OTHERS)
        if there and "product_id" not in known:
            warnings.append(_FOUND)
        said = self._product(record["sku"], rows, there, others)
        # Written before the product is, so that what cannot be written leaves none without its variations.
        parts = [self._variation(row, numbers.get(row["sku"])) for row in rows] if is_variable else []
        known["product_id"] = yield from _put(there, said, known)
        for at in range(0, len(parts), PAGE):
            yield from _batch(parts[at : at + PAGE], known)
        return Pushed(record["sku"], known, tuple(warnings))

    def _settings(self, known: Mapping[str, str]) -> Generator[Call, Reply, None]:
        """Ask what the shop's numbers are in; a wrong unit would be a wrong price, or a wrong freight."""
        for name, path in (
            ("currency", "/settings/general/woocommerce_currency"),
            ("weight", "/settings/products/woocommerce_weight_unit"),
            ("length", "/settings/products/woocommerce_dimension_unit"),
        ):
            if name not in self.asked:
                answer = yield from _answered(Call("GET", path), known)
                value = answer.get("value") if isinstance(answer, dict) else None
                if not isinstance(value, str) or not value:
                    raise PushError("garbage", f"the shop does not say its {name}", ids=known)
                self.asked[name] = value

    def _product(self, sku: str, rows: Sequence[Record], there: Mapping[str, Any], others: object) -> dict[str, Any]:
        head, is_variable = rows[0], rows[0]["type"] == "variation"
        said: dict[str, Any] = {
            "name": head["name"],
            "type": "variable" if is_variable else "simple",
            "sku": sku,
            "description": html(head.get("description", "")),
            "tax_status": head["tax_status"],
            "attributes": _attributes(rows, there, is_variable=is_variable, keeps=bool(others)),
        }
        if not there:
            said |= {"status": _STATUS.get(head["published"], "draft"), "catalog_visibility": head["visibility"]}
            if "tags" in head:
                said["tags"] = [{"name": one.replace("\\,", ",")} for one in _COMMA.split(head["tags"])]
        if not is_variable:
            said |= self._piece(head)
        photos = list(dict.fromkeys(image for row in rows for image in row.get("images", ())))
        if _mark(photos) != _marked(there):
            said |= {"images": [{"src": one} for one in photos], "meta_data": [_meta(photos)]}
        return said

    def _variation(self, row: Record, there: Mapping[str, Any] | None) -> dict[str, Any]:
        said: dict[str, Any] = {
            "sku": row["sku"],
            "attributes": [{"name": one["name"], "option": one["value"]} for one in row.get("attributes", ())],
            **self._piece(row),
        }
        if there is not None:
            said["id"] = there["id"]
        photos = row.get("images", [])[:1]
        if photos and _mark(photos) != _marked(there or {}):
            said |= {"image": {"src": photos[0]}, "meta_data": [_meta(photos)]}
        return said

    def _piece(self, row: Record) -> dict[str, Any]:
        """Return what is said of one piece for sale: its prices, its stock, its measures."""
        has_sale = "sale_price" in row
        said: dict[str, Any] = {
            "regular_price": _amount(row, "regular_price"),
            # Empty where there is none: what is left out stays, and a sale would never end. The last day is whole.
            "sale_price": _amount(row, "sale_price") if has_sale else "",
            "date_on_sale_from": f"{row['sale_from']}T00:00:00" if has_sale and "sale_from" in row else "",
            "date_on_sale_to": f"{row['sale_to']}T23:59:59" if has_sale and "sale_to" in row else "",
            "manage_stock": "stock" in row,
            "backorders": _BACKORDERS[row["backorders"]],
        }
        if "stock" in row:
            said["stock_quantity"] = int(row["stock"])
        else:
            said["stock_status"] = _STOCK[row["stock_status"]]
        if "gtin" in row:
            said["global_unique_id"] = row["gtin"]
        if "weight" in row:
            said["weight"] = _in(row["weight"], _WEIGHTS, self.asked["weight"])
        sides = {name: _in(row[name], _LENGTHS, self.asked["length"]) for name in _SIDES if name in row}
        if sides:
            said["dimensions"] = sides
        return said


def _there(sku: str, known: Mapping[str, str]) -> Generator[Call, Reply, Mapping[str, Any]]:
    """Return the product that is there, by its number or by its SKU; an empty one where there is none."""
    if "product_id" in known:
        found = yield from _answered(Call("GET", f"/products/{known['product_id']}"), known)
        return _object(found, known)
    listed = yield from _answered(Call("GET", "/products", query={"sku": sku}), known)
    # A SKU with a comma is looked for by its parts too.
    same = [one for one in _objects(listed, known) if one.get("sku") == sku]
    if any(one.get("type") == "variation" for one in same):
        raise PushError("rejected", problems=(_TAKEN,), ids=known)
    return same[0] if same else {}


def _variations(there: Mapping[str, Any], known: Mapping[str, str]) -> Generator[Call, Reply, list[Mapping[str, Any]]]:
    found: list[Mapping[str, Any]] = []
    if there.get("type") != "variable":
        return found
    while True:
        query = {"per_page": str(PAGE), "page": str(len(found) // PAGE + 1)}
        listed = yield from _answered(Call("GET", f"/products/{there['id']}/variations", query=query), known)
        page = _objects(listed, known)
        found += page
        if len(page) < PAGE:
            return found


def _must_fit(there: Mapping[str, Any], known: Mapping[str, str], *, is_variable: bool, others: int) -> None:
    """Raise ``PushError`` where what is there is not to be replaced by what the catalog has."""
    if not there:
        return
    problem = None
    if there.get("status") == "trash":
        problem = _GONE
    elif there.get("type") not in {"simple", "variable" if is_variable else "simple"}:
        problem = _KIND
    elif others and "product_id" not in known:
        problem = _TAKEN
    if problem is not None:
        raise PushError("rejected", problems=(problem,), ids=known)


def _put(there: Mapping[str, Any], said: Mapping[str, Any], known: Mapping[str, str]) -> Generator[Call, Reply, str]:
    """Make the product, or replace what is there, and return its number.

    Made twice it would be refused for its SKU, and whoever begins anew looks for it first.
    """
    body = body_of(said)
    if there:
        call = Call("PUT", f"/products/{there['id']}", body, is_repeatable=True)
    else:
        call = Call("POST", "/products", body, is_repeatable=True)
    answer = _object((yield from _answered(call, known)), known)
    return str(answer["id"])


def _batch(said: Sequence[Mapping[str, Any]], known: Mapping[str, str]) -> Generator[Call, Reply, None]:
    """Make and replace variations at once; what is wrong with any of them is told of all of them."""
    parts = {
        "create": [one for one in said if "id" not in one],
        "update": [one for one in said if "id" in one],
    }
    path = f"/products/{known['product_id']}/variations/batch"
    call = Call("POST", path, body_of({name: part for name, part in parts.items() if part}), is_repeatable=True)
    answer = yield from _answered(call, known)
    problems: list[Problem] = []
    for name, part in parts.items():
        done = answer.get(name, []) if isinstance(answer, dict) else None
        if not isinstance(done, list) or len(done) != len(part):
            raise PushError("garbage", "the answer does not say what came of each variation", ids=known)
        for one, sent in zip(done, part, strict=True):
            problems += _problems(one.get("error"), f"{sent['sku']}.")
    if problems:
        raise PushError("rejected", problems=tuple(problems), ids=known)


def _answered(call: Call, known: Mapping[str, str]) -> Generator[Call, Reply, Any]:
    """Return the JSON of a good answer: an object or a list."""
    reply = yield from asked(call, known)
    listed = _list_of(reply)
    answer = listed if listed is not None else json_of(reply, known)
    must_be_well(reply, call, tuple(_problems(answer)), known)
    return answer


def _list_of(reply: Reply) -> list[Any] | None:
    try:
        value = json.loads(reply.body)
    except ValueError:
        return None
    return value if isinstance(value, list) else None


def _problems(error: object, at: str = "") -> Iterator[Problem]:
    """Return what an error says: its code, its words, the parameters it names, as names or by them."""
    if not isinstance(error, dict) or "code" not in error:
        return
    code, data = str(error["code"]), error.get("data")
    params = data.get("params") if isinstance(data, dict) else None
    names = list(params) if isinstance(params, dict | list) else []
    if not names and code in _MEANT:
        names = [_MEANT[code]]
    yield Problem(code, str(error.get("message") or ""), tuple(f"{at}{name}" for name in names))


def _object(value: object, known: Mapping[str, str]) -> Mapping[str, Any]:
    if isinstance(value, dict) and isinstance(value.get("id"), int):
        return value
    raise PushError("garbage", "the answer is no product", ids=known)


def _objects(value: object, known: Mapping[str, str]) -> list[Mapping[str, Any]]:
    if isinstance(value, list):
        return [_object(one, known) for one in value]
    raise PushError("garbage", "the answer is no list of products", ids=known)


def _attributes(
    rows: Sequence[Record], there: Mapping[str, Any], *, is_variable: bool, keeps: bool
) -> list[dict[str, Any]]:
    """Return the attributes that a product has then: those of other names as they are, and what there is to choose.

    ``keeps`` says that variations of others are there, which need what they are chosen by.
    """
    ours: dict[str, dict[str, None]] = {}
    for row in rows:
        for one in row.get("attributes", ()):
            ours.setdefault(one["name"], {})[one["value"]] = None
    kept = []
    for one in there.get("attributes") or ():
        if one.get("name") not in ours:
            kept.append(dict(one))
        elif keeps:
            ours[one["name"]] |= dict.fromkeys(one.get("options") or ())
    return kept + [
        {
            "name": name,
            "position": place,
            "visible": True,
            "variation": is_variable,
            "options": list(values),
        }
        for place, (name, values) in enumerate(ours.items(), start=len(kept))
    ]


def _mark(photos: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(photos).encode()).hexdigest()[:16] if photos else ""


def _meta(photos: Sequence[str]) -> dict[str, str]:
    return {"key": PHOTOS, "value": _mark(photos)}


def _marked(there: Mapping[str, Any]) -> str:
    return next((str(one.get("value")) for one in there.get("meta_data") or () if one.get("key") == PHOTOS), "")


def _in(value: str, units: Mapping[str, Decimal], unit: str) -> str:
    """Return kilograms or centimetres in a shop's unit, to its thousandth."""
    if unit not in units:
        text = f"The shop measures in {unit}, which nothing is known of here."
        raise PushError("rejected", problems=(Problem("push.unit", text, ("weight", "dimensions")),))
    return f"{(Decimal(value) * units[unit]).quantize(Decimal('0.001'), ROUND_HALF_UP).normalize():f}"


def _amount(row: Record, name: str) -> str:
    found = PRICE.fullmatch(row[name])
    if found is None:
        raise UnwritableError(f"{name}: {row[name]!r} is no amount with its currency")
    return found[1]
