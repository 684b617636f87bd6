"""Columns that have no place in a listing, kept in its ``extra`` so that a file is written back as it came.

A cell that stands in a product's first row alone is one entry; what differs by variant is an object of JSON by SKU, and
what is the same for each is told once. The key says which: ``shopify: Gift card``, ``shopify by SKU: …``,
``shopify each: …``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from listings.formats.merging import BY_SKU

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def kept(prefix: str, column: str, cells: Sequence[tuple[str, str]]) -> dict[str, str | None]:
    """Return the entries of a column: ``cells`` are the SKU and the cell of each row of a variant, the first first."""
    values = [cell for _, cell in cells]
    one, each, by_sku = f"{prefix}: {column}", f"{prefix} each: {column}", f"{prefix}{BY_SKU}{column}"
    found: dict[str, str | None] = dict.fromkeys((one, each, by_sku))
    if not any(values):
        return found
    if not any(values[1:]):
        found[one] = values[0]
    elif len(set(values)) == 1:
        found[each] = values[0]
    else:
        found[by_sku] = json.dumps({sku: cell for sku, cell in cells if cell}, ensure_ascii=False)
    return {name: value for name, value in found.items() if value is not None}


def cell(extra: Mapping[str, str], prefix: str, column: str, sku: str, *, is_first: bool) -> str:
    """Return what was kept of a column for a row."""
    if is_first and (found := extra.get(f"{prefix}: {column}")) is not None:
        return found
    if (found := extra.get(f"{prefix} each: {column}")) is not None:
        return found
    by_sku = extra.get(f"{prefix}{BY_SKU}{column}")
    return "" if by_sku is None else str(json.loads(by_sku).get(sku, ""))


def columns(extra: Mapping[str, str], prefix: str) -> list[str]:
    """Return the columns of which something was kept."""
    starts = (f"{prefix}: ", f"{prefix} each: ", f"{prefix}{BY_SKU}")
    return [name.removeprefix(start) for name in extra for start in starts if name.startswith(start)]
