"""WooCommerce's product CSV, under English headers or under those of a Spanish shop.

A listing of several variants is one row for each of them and then one for the product, which names what there is to
choose; the importer takes them in any order, and so nothing has to be held. Prices bear the shop's own sign of
decimals, measures a point. Texts that a spreadsheet would run are led by an apostrophe, which the importer strips.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final

import yaml

from listings.channels import commas
from listings.channels.forms import PRICE
from listings.channels.port import Feed, Finding, Kind, Record, UnreadableError, UnwritableError
from listings.channels.rows import belongs, decimal_of, filled, together
from listings.channels.rules import check, rules_of
from listings.channels.text import address, line, plain
from listings.formats import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from listings.channels.item import CatalogItem, Charges

# More of them than a product has; a header needs to know before the first row.
MOST_OPTIONS: Final = 6
_STOCK: Final = {"in_stock": "1", "out_of_stock": "0", "preorder": "backorder", "backorder": "backorder"}
_MONEY: Final = ("regular_price", "sale_price")
_UNITS: Final = {"weight": " (kg)", "length": " (cm)", "width": " (cm)", "height": " (cm)"}
_SIDES: Final = ("length", "width", "height")
_PART: Final = ("name", "values", "visible", "global")
# What is said of the product and of none of its variations.
_OF_PRODUCT: Final = ("categories", "tags", "brands")
_TEXTS: Final = ("name", "description", "categories", "tags", "brands")


class WooCommerce:
    """Files of products for a shop with WooCommerce."""

    channel: ClassVar[str] = "woocommerce"
    settled: ClassVar[tuple[str, ...]] = ("decimal",)
    key: ClassVar[str] = "sku"
    kinds: ClassVar[Mapping[str, Kind]] = {"csv": Kind(".csv", "text/csv"), "es": Kind(".csv", "text/csv")}
    charges: ClassVar[tuple[Charges, ...]] = ("price", "apart")

    def record(self, item: CatalogItem, feed: Feed) -> Record:
        """Return a row by WooCommerce's own names; ``ValueError`` for one of another market or language."""
        belongs(item, feed)
        is_variant = item.group is not None
        sides = zip(_SIDES, item.millimetres or (), strict=False)
        said: dict[str, Any] = {
            "type": "variation" if is_variant else "simple",
            "sku": item.sku,
            "gtin": item.gtin,
            "name": line(item.title.text),
            "published": "1",
            "visibility": "visible",
            "description": plain(item.description.text),
            "sale_from": item.sale and item.sale_from and item.sale_from.isoformat(),
            "sale_to": item.sale and item.sale_until and item.sale_until.isoformat(),
            "tax_status": "taxable",
            "stock_status": _STOCK[item.availability],
            "stock": None if item.stock is None else str(item.stock),
            "backorders": "1" if item.availability in {"preorder", "backorder"} else "0",
            "weight": decimal_of(item.grams, 3) if item.grams else None,
            **{name: decimal_of(side, 1) for name, side in sides},
            "sale_price": item.sale and str(item.sale),
            "regular_price": str(item.price),
            "categories": item.category and line(item.category).replace(",", "\\,"),
            "tags": ", ".join(line(one).replace(",", "\\,") for one in item.tags),
            "images": [address(one) for one in item.photos],
            "parent": item.group,
            "brands": item.brand and line(item.brand).replace(",", "\\,"),
            "attributes": [{"name": line(name), "value": line(value)} for name, value in item.options.items()],
        }
        record: Record = filled(said)
        return record

    def validate(self, record: Record, feed: Feed, number: int | None = None) -> list[Finding]:
        """Return what is wrong by the rules of ``fields/woocommerce.yaml``, and a variant that nothing tells apart."""
        found = check(rules_of(self.channel), record, feed, number, key=self.key)
        if record.get("type") == "variation" and not record.get("attributes"):
            values = {"names": "attributes"}
            found.append(Finding(str(record.get("sku", "")), "attributes", "required", values, number))
        if record.get("parent") and record.get("parent") == record.get("sku"):
            values = {"id": str(record["sku"])}
            found.append(Finding(str(record["sku"]), "parent", "twice", values, number))
        return found

    def write(self, records: Iterable[Record], feed: Feed) -> Iterator[bytes]:
        """Write a table; records of one parent have to stand together."""
        names, sign = _names(feed.kind), _sign(feed)
        rows = ({names.get(name, name): cell for name, cell in row.items()} for row in _rows(records, sign))
        return commas.write(rows, tuple(names.values()), mark=True)

    def read(self, source: IO[bytes], feed: Feed) -> Iterator[Record]:
        """Read a table; rows of products whose variants are rows of their own are left out."""
        fields = {header: field for kind in self.kinds for field, header in _names(kind).items()}
        sign = _sign(feed)
        for cells in commas.read(source):
            row = {fields.get(name.strip(), name): cell for name, cell in cells.items()}
            if row.get("type") != "variable":
                yield _record(row, feed.currency, sign)


@cache
def _headers() -> dict[str, list[str]]:
    text = files("listings.formats").joinpath("woocommerce_headers.yaml").read_text("utf-8")
    found: dict[str, list[str]] = yaml.safe_load(text)
    return found


@cache
def _names(kind: str) -> dict[str, str]:
    """Return the headers by field, in the order of the file; Spanish ones are those of shops of 2025."""
    at = 0 if kind == "csv" else 1
    known = {name: one[min(at, len(one) - 1)] for name, one in _headers().items()}
    if kind == "es":
        known["stock_status"] = _headers()["stock_status"][2]
    names = {
        name: header + _UNITS.get(name, "") for name, header in known.items() if "_N_" not in name and name != "cost"
    }
    for number in range(1, MOST_OPTIONS + 1):
        names |= {
            f"attribute_{number}_{part}": known[f"attribute_N_{part}"].replace(" N", f" {number}") for part in _PART
        }
    return names


def _sign(feed: Feed) -> str:
    """Return the shop's sign of decimals in prices, which its settings say."""
    sign = feed.settings.get("decimal", ".")
    if sign not in {".", ","}:
        raise UnwritableError(f"a sign of decimals is a point or a comma, not {sign!r}")
    return sign


def _rows(records: Iterable[Record], sign: str) -> Iterator[dict[str, str]]:
    parent: Record | None = None
    choices: dict[str, dict[str, None]] = {}
    for record, is_first in together(records, "parent"):
        if is_first and parent is not None:
            yield _product(parent, choices)
            parent, choices = None, {}
        if "parent" in record:
            parent = parent or record
            for one in record.get("attributes", ()):
                choices.setdefault(one["name"], {})[one["value"]] = None
        yield _row(record, sign)
    if parent is not None:
        yield _product(parent, choices)


def _product(first: Record, choices: Mapping[str, Mapping[str, None]]) -> dict[str, str]:
    """Return the row of a product: what its first variant says of all of them, and what there is to choose."""
    shared = ("name", "published", "visibility", "description", "tax_status", "images", *_OF_PRODUCT)
    said = {"type": "variable", "sku": first["parent"], **{name: first[name] for name in shared if name in first}}
    row = _row(said, ".")
    for number, (name, values) in enumerate(choices.items(), start=1):
        joined = ", ".join(value.replace(",", "\\,") for value in values)
        row |= _attribute(number, name, joined)
    return row


def _row(record: Record, sign: str) -> dict[str, str]:
    row: dict[str, str] = {}
    is_variant = record.get("type") == "variation"
    for name, held in record.items():
        if name in _MONEY:
            found = PRICE.fullmatch(held)
            if found is None:
                raise UnwritableError(f"{name}: {held!r} is no amount with its currency")
            row[name] = found[1].replace(".", sign)
        elif name == "images":
            row[name] = ", ".join(held)
        elif name == "attributes":
            for number, one in enumerate(held, start=1):
                row |= _attribute(number, one["name"], one["value"].replace(",", "\\,"))
        elif not (is_variant and name in _OF_PRODUCT):
            text = held.replace("\n", "\\n") if name == "description" else held
            row[name] = table.defused(text) if name in _TEXTS else text
    return row


def _attribute(number: int, name: str, values: str) -> dict[str, str]:
    if number > MOST_OPTIONS:
        raise UnwritableError(f"no column for attribute {number}")
    cells = (table.defused(name), table.defused(values), "1", "0")
    return {f"attribute_{number}_{part}": cell for part, cell in zip(_PART, cells, strict=True)}


def _record(row: dict[str, str], currency: str, sign: str) -> Record:
    said: dict[str, Any] = {name: cell for name, cell in row.items() if not name.startswith("attribute_")}
    for name in _MONEY:
        if name in said:
            if sign == "," and "." in said[name]:
                raise UnreadableError(f"{name} of {said.get('sku', '')}", f"{said[name]!r} has a point, not a comma")
            said[name] = f"{said[name].replace(sign, '.')} {currency}"
    for name in _TEXTS:
        if name in said:
            said[name] = table.undone(said[name])
    said["description"] = said.get("description", "").replace("\\n", "\n")
    said["images"] = [one.strip() for one in said.get("images", "").split(",")]
    attributes = (
        (table.undone(row.get(f"attribute_{n}_name", "")), table.undone(row.get(f"attribute_{n}_values", "")))
        for n in range(1, MOST_OPTIONS + 1)
    )
    said["attributes"] = [{"name": name, "value": value.replace("\\,", ",")} for name, value in attributes if name]
    record: Record = filled(said)
    return record
