"""What a file says, laid over what is kept.

A missing column keeps what was there. A blank cell keeps it too, or with ``blank="erase"`` takes it away, as Shopify
does. Variants are told apart by SKU; one that the file does not name stays.

Prices, weights and measures of a *piece* are said for each variant by other shops, and once for all here: where they
come to the same as what is kept, nothing changes, however it is written.
"""

from __future__ import annotations

import json
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError
from pydantic_core import to_json

from listings.formats.port import Problem
from listings.formats.units import centimetres, grams
from listings.model import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from listings.changes import Document
    from listings.formats.port import Blank, Draft

_PRICES: Final = ("price", "compare_at", "cost")
_KEYED: Final = {"variants": "sku", "markets": "market"}
_PIECE: Final = (*_PRICES, "weight", "dimensions")
# Keys of ``extra`` with this in their name hold an object of JSON by SKU.
BY_SKU: Final = " by SKU: "


def finished(
    draft: Draft, before: Document | None = None, blank: Blank = "keep"
) -> tuple[Listing | None, tuple[Problem, ...]]:
    """Return the listing that a draft makes of what was kept, and everything that is wrong with it.

    There is none where anything is wrong: a listing is imported whole or not at all.
    """
    problems = list(draft.problems)
    document = merged(before, draft.said | {"key": (before or {}).get("key", draft.key)}, blank)
    if not document.get("title"):
        problems.append(Problem("title_missing", draft.rows[0], draft.places.get("title", (0, None))[1]))
    else:
        try:
            listing = Listing.model_validate_json(to_json(document))
        except ValidationError as error:
            problems += [_problem(draft, document, dict(one)) for one in error.errors(include_url=False)]
        else:
            if all(one.is_note for one in problems):
                return listing, tuple(problems)
    return None, tuple(problems)


def merged(before: Document | None, said: Document, blank: Blank) -> Document:
    """Return the document that comes of what was kept and what is said."""
    found: Document = json.loads(to_json(before or {}))
    if before is None:
        # What a file settles for a new listing alone: the language a person named, the unit a weight is shown in.
        found = json.loads(to_json(said.get("new", {})))
    pieces = {one["sku"]: one["piece"] for one in said.get("variants") or () if "piece" in one}
    if before is not None and _is_itself(before, said.get("variants") or []):
        pieces = {"": said["variants"][0]["piece"]}
        said = {name: value for name, value in said.items() if name != "variants"}
    for name, value in said.items():
        if name == "piece":
            pieces[""] = value
        elif name != "new":
            found |= _laid(found, name, value, blank)
            if value is None and blank == "erase":
                found.pop(name, None)
    if found.get("hs_code") != (before or {}).get("hs_code") and "hs_evidence" not in said:
        found["hs_evidence"] = {"by": "import"} if found.get("hs_code") else None
    _settle(found, pieces, blank)
    return found


def _is_itself(before: Document, rows: list[Document]) -> bool:
    """Return whether the one piece that is said is a product kept without variants, under the name of its key.

    Some formats know a product by its SKU alone.
    """
    if before.get("variants") or len(rows) != 1 or "piece" not in rows[0] or rows[0]["sku"] != before["key"]:
        return False
    return not any(rows[0].get(name) for name in ("options", "barcode")) and rows[0].get("stock") is None


def _laid(found: Document, name: str, value: Any, blank: Blank) -> Document:  # noqa: ANN401  # JSON
    """Return what becomes of a field."""
    if name == "ships":
        # What is not shipped is a digital good or a service: nobody says which, so what is kept stays.
        is_goods = found.get("kind", "goods") == "goods"
        return {} if value is is_goods else {"kind": "goods" if value else "digital"}
    if name == "is_active":
        # What is not shown is a draft, or was put away: that stays.
        return {"status": "active" if value else found.get("status", "draft").replace("active", "draft")}
    if value is not None and name in _KEYED:
        return {name: _by_name(found.get(name, []), value, _KEYED[name], blank)}
    if value is not None and name in {"extra", "price"}:
        lay = _extra if name == "extra" else _fields
        return {name: lay(found.get(name, {}), value, blank)}
    return _fields({name: found[name]} if name in found else {}, {name: value}, blank)


def _fields(before: Document, said: Mapping[str, Any], blank: Blank) -> Document:
    found = dict(before)
    for name, value in said.items():
        if value is not None:
            if name not in _PIECE or not isinstance(value, dict) or not _are_same(found.get(name), value):
                found[name] = value
        elif blank == "erase":
            found.pop(name, None)
    return found


def _by_name(before: list[Document], said: list[Document], name: str, blank: Blank) -> list[Document]:
    found = {row[name]: row for row in before}
    for row in said:
        values = {field: value for field, value in row.items() if field != "piece"}
        found[row[name]] = _fields(found.get(row[name], {}), values, blank)
    return list(found.values())


def _extra(before: dict[str, str], said: Mapping[str, str | None], blank: Blank) -> dict[str, str]:
    found = _fields(before, said, blank)
    for name, value in said.items():
        if BY_SKU in name and value is not None and name in before:
            found[name] = json.dumps(json.loads(before[name]) | json.loads(value), ensure_ascii=False)
    return found


# -- what a piece costs, weighs and measures ----------------------------------------------------------------------
def _settle(document: Document, pieces: Mapping[str, Document], blank: Blank) -> None:
    variants = {row["sku"]: row for row in document.get("variants", ())}
    for field in _PIECE:
        wanted = {
            sku: piece[field]
            for sku, piece in pieces.items()
            if field in piece and (piece[field] is not None or blank == "erase")
        }
        if "" in wanted and not variants:
            if not _are_same(_own(document, field), wanted[""]):
                _set(document, field, wanted[""])
            continue
        now = {sku: row.get(field) or _own(document, field) for sku, row in variants.items()}
        if all(_are_same(now.get(sku), value) for sku, value in wanted.items()):
            continue
        after = [(row, wanted.get(sku, now[sku])) for sku, row in variants.items()]
        is_one = all(_are_same(value, after[0][1]) for _, value in after)
        _set(document, field, after[0][1] if is_one else None)
        for row, value in after:
            row.pop(field, None)
            if not is_one and value is not None:
                row[field] = value


def _own(document: Document, field: str) -> Document | None:
    found: Document | None = (document.get("price", {}) if field in _PRICES else document).get(field)
    return found


def _set(document: Document, field: str, value: Document | None) -> None:
    into = document.setdefault("price", {}) if field in _PRICES else document
    into.pop(field, None)
    if value is not None:
        into[field] = value


def _are_same(one: Document | None, other: Document | None) -> bool:
    if one is None or other is None:
        return one is other
    # What people type has twelve digits before the point and six after it: no product of two needs rounding.
    with localcontext(prec=60):
        return _measured(one) == _measured(other)


def _measured(value: Document) -> tuple[object, ...]:
    if "currency" in value:
        return (Decimal(value["amount"]), value["currency"])
    if "length" in value:
        return tuple(centimetres(value[side], value.get("unit", "cm"), 3) for side in ("length", "width", "height"))
    return (grams(value["value"], value["unit"], 3),)


# -- what does not fit the shape ----------------------------------------------------------------------------------
_CODES: Final = {
    "string_too_long": "too_long",
    "string_pattern_mismatch": "not_allowed",
    "too_long": "too_many",
    "string_too_short": "too_short",
}


def _problem(draft: Draft, document: Document, error: dict[str, Any]) -> Problem:
    """Return what pydantic found as a problem, at the row and column that it comes from."""
    way = list(error["loc"])
    for name, key in (("variants", "sku"), ("markets", "market")):
        if len(way) > 1 and way[0] == name:
            way[1] = document[name][way[1]].get(key, "")
    names = [str(part) for part in way]
    row, column = draft.rows[0], "/".join(names) or None
    for length in range(len(names), 0, -1):
        place = draft.places.get("/".join(names[:length]))
        if place is not None:
            row, column = place
            break
    else:
        if names and names[0] in {"price", "weight", "dimensions"}:
            row, column = _place_of_piece(draft, names, (row, column))
    limit = error.get("ctx", {}).get("max_length")
    values = {"limit": str(limit)} if limit is not None else {"detail": error["msg"].removeprefix("Value error, ")}
    if error["type"] == "string_pattern_mismatch" and names[-1:] in (["origin"], ["market"]):
        return Problem("country_bad", row, column, {"value": str(error["input"])[:40]})
    return Problem(_CODES.get(error["type"], "shape"), row, column, values)


def _place_of_piece(draft: Draft, names: list[str], otherwise: tuple[int, str | None]) -> tuple[int, str | None]:
    """Return the place of a price or weight that was said for each variant and is the same for all."""
    field = names[1] if names[0] == "price" and len(names) > 1 else names[0]
    found = (place for name, place in draft.places.items() if name.endswith(f"/{field}"))
    return next(found, otherwise)
