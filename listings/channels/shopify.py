"""Shopify's product CSV, in the template of 2025 and in the generation before.

Rows of one handle stand together: the first holds the product, those after it further variants and pictures. The file
has no currency; amounts are in the shop's, which is that of the market. Translations do not travel in it.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, ClassVar, Final

from listings.channels import commas
from listings.channels.forms import PRICE
from listings.channels.port import Feed, Finding, Kind, Record, UnwritableError
from listings.channels.rows import belongs, filled, html, sale_on, together
from listings.channels.rules import check, rules_of
from listings.channels.text import address, line, plain
from listings.formats.shopify_columns import COLUMNS, OLD_ORDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from listings.channels.item import CatalogItem, Charges

_NEW: Final = {field: new for field, new, _ in COLUMNS}
_OLD: Final = {field: old for field, _, old in COLUMNS if old}
# What a seller keeps to itself, and a column that the generation before had in no file of its own.
_LEFT_OUT: Final = {"cost", "status"}
# What only the first row of a handle says.
_PRODUCT: Final = (
    *("title", "description", "vendor", "type", "tags", "published", "status", "gift_card"),
    *("google_category", "google_gender", "google_age", "google_mpn", "google_condition"),
)
_MONEY: Final = ("price", "compare_at")
_OPTIONS: Final = (1, 2, 3)


class Shopify:
    """Files of products for a Shopify shop."""

    channel: ClassVar[str] = "shopify"
    settled: ClassVar[tuple[str, ...]] = ()
    key: ClassVar[str] = "sku"
    kinds: ClassVar[Mapping[str, Kind]] = {"csv": Kind(".csv", "text/csv"), "old": Kind(".csv", "text/csv")}
    # Shopify reckons shipping and duties itself; of ours only a price with everything inside can be said.
    charges: ClassVar[tuple[Charges, ...]] = ("price", "apart")

    def record(self, item: CatalogItem, feed: Feed) -> Record:
        """Return a row by the names of Shopify's fields; ``ValueError`` for one of another market or language."""
        belongs(item, feed)
        sale = sale_on(item, feed.on)
        said: dict[str, Any] = {
            "handle": item.listing,
            "title": line(item.title.text),
            "description": html(plain(item.description.text)),
            "vendor": item.brand,
            "type": item.category and line(item.category),
            "tags": ", ".join(line(one).replace(",", " ") for one in item.tags),
            "published": "true",
            "status": "active",
            "sku": item.sku,
            "barcode": item.gtin,
            "options": [{"name": line(name), "value": line(value)} for name, value in item.options.items()],
            "price": str(sale or item.price),
            "compare_at": str(item.price) if sale else None,
            "taxable": "true",
            "tracker": None if item.stock is None else "shopify",
            "quantity": None if item.stock is None else str(item.stock),
            "policy": "continue" if item.availability in {"preorder", "backorder"} else "deny",
            "grams": str(item.grams) if item.grams else None,
            "weight_unit": "g" if item.grams else None,
            "requires_shipping": "true",
            "fulfillment": "manual",
            "gift_card": "false",
            "images": [address(one) for one in item.photos],
            "google_category": None if item.category_id is None else str(item.category_id),
            "google_gender": item.gender,
            "google_age": item.age_group,
            "google_mpn": item.mpn,
            "google_condition": item.condition,
        }
        record: Record = filled(said)
        return record

    def validate(self, record: Record, feed: Feed, number: int | None = None) -> list[Finding]:
        """Return what is wrong by the rules of ``fields/shopify.yaml``."""
        return check(rules_of(self.channel), record, feed, number, key=self.key)

    def write(self, records: Iterable[Record], feed: Feed) -> Iterator[bytes]:
        """Write a table; records of one handle have to stand together."""
        names = _names(feed.kind)
        rows = ({names[name]: cell for name, cell in row.items() if name in names} for row in _rows(records, names))
        return commas.write(rows, tuple(names.values()))

    def read(self, source: IO[bytes], feed: Feed) -> Iterator[Record]:
        """Read a table whose rows of one handle stand together."""
        fields = {header.casefold(): field for names in (_OLD, _NEW) for field, header in names.items()}
        group: list[dict[str, str]] = []
        for cells in commas.read(source):
            row = {fields.get(name.strip().casefold(), name): cell for name, cell in cells.items()}
            if group and row.get("handle") != group[0].get("handle"):
                yield from _records(group, feed.currency)
                group = []
            group.append(row)
        if group:
            yield from _records(group, feed.currency)


def _names(kind: str) -> dict[str, str]:
    """Return the headers by field, in the order of the file."""
    if kind == "csv":
        return {field: header for field, header in _NEW.items() if field != "cost"}
    return {field: _OLD[field] for field in OLD_ORDER if field not in _LEFT_OUT}


def _rows(records: Iterable[Record], names: Mapping[str, str]) -> Iterator[dict[str, str]]:
    pictures: set[str] = set()
    place = 0
    for record, is_first in together(records, "handle"):
        row = _row(record, names)
        if is_first:
            pictures, place = set(), 0
        else:
            row = {name: cell for name, cell in row.items() if name not in _PRODUCT}
            # A further variant shows its own first picture.
            row["variant_image"] = next(iter(record.get("images", ())), "")
        new = [one for one in dict.fromkeys(record.get("images", ())) if one not in pictures]
        pictures |= set(new)
        for number, image in enumerate(new or [""]):
            if image:
                place += 1
                row |= {"image": image, "image_position": str(place)}
            yield row if number == 0 else {**row}
            row = {"handle": record["handle"]}


def _row(record: Record, names: Mapping[str, str]) -> dict[str, str]:
    row: dict[str, str] = {}
    options = record.get("options") or [{"name": "Title", "value": "Default Title"}]
    for number, one in zip(_OPTIONS, options, strict=False):
        row |= {f"option{number}_name": one["name"], f"option{number}_value": one["value"]}
    for name, held in record.items():
        if name in _MONEY:
            found = PRICE.fullmatch(held)
            if found is None:
                raise UnwritableError(f"{name}: {held!r} is no amount with its currency")
            row[name] = found[1]
        elif name not in {"options", "images"}:
            if name not in names and name not in _LEFT_OUT:
                raise UnwritableError(f"no column for {name}")
            row[name] = held
    return row


def _records(rows: list[dict[str, str]], currency: str) -> Iterator[Record]:
    """Return the variants of one handle; a row without price and SKU adds a picture."""
    head = {name: cell for name, cell in rows[0].items() if name in _PRODUCT}
    pictures = [row["image"] for row in rows if "image" in row]
    for number, row in enumerate(rows):
        if number and not row.keys() & {"sku", "price", "option1_value"}:
            continue
        said: dict[str, Any] = {"handle": row.get("handle", ""), **head, **row}
        options = [(said.pop(f"option{n}_name", ""), said.pop(f"option{n}_value", "")) for n in _OPTIONS]
        # The old generation says neither; what is usual is what is meant.
        said.setdefault("status", "active")
        said["options"] = [
            {"name": name, "value": value} for name, value in options if value and value != "Default Title"
        ]
        own = said.pop("variant_image", "")
        said["images"] = pictures if number == 0 else [own] if own else []
        for name in ("image", "image_position"):
            said.pop(name, None)
        for name in _MONEY:
            if name in said:
                said[name] = f"{said[name]} {currency}"
        record: Record = filled(said)
        yield record
