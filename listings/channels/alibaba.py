"""A sheet for Alibaba.com: what its form for posting a product asks, one row for each product, in English.

Alibaba publishes no file of its own that is the same for all: the template that a seller downloads belongs to one
category of one account. This sheet holds what every one of them asks, under plain names and in the order of the form,
to be put into that template column by column. Buyers there are companies: a row says the least quantity.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, ClassVar, Final

from listings.channels import commas
from listings.channels.port import Feed, Finding, Kind, Record, UnreadableError, UnwritableError
from listings.channels.rows import belongs, decimal_of, filled, sale_on
from listings.channels.rules import check, rules_of
from listings.channels.text import address, line, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from listings.channels.item import CatalogItem, Charges

_MOST_IMAGES: Final = 6
_MOST_KEYWORDS: Final = 3
_COLUMNS: Final = {
    "sku": "Product ID",
    "category": "Category",
    "title": "Product Name",
    "keywords": "Product Keywords",
    "images": "Image",
    "brand": "Brand Name",
    "model": "Model Number",
    "origin": "Place of Origin",
    "material": "Material",
    "options": "Specifications",
    "price": "Price",
    "unit": "Unit",
    "least": "Minimum Order Quantity",
    "stock": "Quantity in Stock",
    "lead_days": "Lead Time (days)",
    "weight_kg": "Package Weight (kg)",
    "size_cm": "Package Size (cm)",
    "hs_code": "HS Code",
    "description": "Product Description",
}
# A cell for each of several.
_LISTS: Final = {"images": _MOST_IMAGES, "keywords": _MOST_KEYWORDS}


class Alibaba:
    """Sheets of products for companies that buy."""

    channel: ClassVar[str] = "alibaba"
    settled: ClassVar[tuple[str, ...]] = ("unit", "least")
    key: ClassVar[str] = "sku"
    kinds: ClassVar[Mapping[str, Kind]] = {"csv": Kind(".csv", "text/csv")}
    charges: ClassVar[tuple[Charges, ...]] = ("price", "apart")

    def record(self, item: CatalogItem, feed: Feed) -> Record:
        """Return a row by our names of the columns; ``ValueError`` for one of another market or language."""
        belongs(item, feed)
        said: dict[str, Any] = {
            "sku": item.id,
            "category": item.own.get("category"),
            "title": line(item.title.text),
            "keywords": [line(one) for one in item.tags[:_MOST_KEYWORDS]],
            "images": [address(one) for one in item.photos[:_MOST_IMAGES]],
            "brand": item.brand,
            "model": item.mpn,
            "origin": item.origin,
            "material": item.material or "/".join(item.materials),
            "options": [{"name": line(name), "value": line(value)} for name, value in item.options.items()],
            "price": str(sale_on(item, feed.on) or item.price),
            "unit": item.own.get("unit") or feed.settings.get("unit") or "Piece/Pieces",
            "least": item.own.get("least") or feed.settings.get("least"),
            "stock": None if item.stock is None else str(item.stock),
            "lead_days": str(item.making[1]) if item.making else None,
            "weight_kg": decimal_of(item.grams, 3) if item.grams else None,
            "size_cm": "x".join(decimal_of(side, 1) for side in item.millimetres) if item.millimetres else None,
            "hs_code": item.hs_code,
            "description": plain(item.description.text),
        }
        record: Record = filled(said)
        return record

    def validate(self, record: Record, feed: Feed, number: int | None = None) -> list[Finding]:
        """Return what is wrong by the rules of ``fields/alibaba.yaml``."""
        return check(rules_of(self.channel), record, feed, number, key=self.key)

    def write(self, records: Iterable[Record], feed: Feed) -> Iterator[bytes]:  # noqa: ARG002  # the port's own
        """Write a table, with the mark that spreadsheets need to see UTF-8."""
        return commas.write(map(_cells, records), _header(), mark=True)

    def read(self, source: IO[bytes], feed: Feed) -> Iterator[Record]:  # noqa: ARG002  # the port's own
        """Read a table that was written by the same names. ``UnreadableError``."""
        for cells in commas.read(source):
            yield _record(cells)


def _header() -> list[str]:
    names: list[str] = []
    for field, column in _COLUMNS.items():
        names += [f"{column} {number}" for number in range(1, _LISTS[field] + 1)] if field in _LISTS else [column]
    return names


def _cells(record: Record) -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, held in record.items():
        column = _COLUMNS.get(name)
        if column is None:
            raise UnwritableError(f"no column for {name}")
        if name in _LISTS:
            cells |= {f"{column} {number}": one for number, one in enumerate(held, 1)}
        elif name == "options":
            cells[column] = "; ".join(f"{one['name']}: {one['value']}" for one in held)
        else:
            cells[column] = held
    return cells


def _record(cells: Mapping[str, str]) -> Record:
    said: dict[str, Any] = {}
    for name, column in _COLUMNS.items():
        if name in _LISTS:
            said[name] = [cells.get(f"{column} {number}") for number in range(1, _LISTS[name] + 1)]
        elif name == "options":
            parts = [one.partition(": ") for one in cells.get(column, "").split("; ") if one]
            if any(not sign for _, sign, _ in parts):
                raise UnreadableError(
                    cells.get(_COLUMNS["sku"], ""), f"{column}: write Name: value, with ; between them"
                )
            said[name] = [{"name": key, "value": value} for key, _, value in parts]
        else:
            said[name] = cells.get(column)
    record: Record = filled(said)
    return record
