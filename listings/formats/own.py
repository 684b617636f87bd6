"""Our own CSV: every field of a listing, a row for each variant, nothing lost on the way out and back.

Amounts bear their currency (``12.50 MXN``), weights and measures their unit (``250 g``, ``30 x 20 x 5 cm``). Lists are
joined by commas, options are ``Talla=M``; what has parts is JSON. Rows of one key are one listing; what concerns the
whole listing stands in its first row.
"""

from __future__ import annotations

import json
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic_core import to_json

from listings.formats import table
from listings.formats.jsons import check
from listings.formats.numbers import unmistakable
from listings.formats.port import Group
from listings.formats.saying import Saying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TextIO

    from listings.changes import Document
    from listings.formats.numbers import Sign
    from listings.formats.port import Draft, Problem, Record, Sheet
    from listings.model import Dimensions, Listing, Money, Variant, Weight

_TEXTS: Final = (
    "title",
    "kind",
    "status",
    "language",
    "description",
    "brand",
    "category",
    "hs_code",
    "origin",
    "origin_evidence",
)
_LISTS: Final = ("tags", "pictures")
_WHOLE: Final = ("shelf_life_days", "making_days")
_MONEY: Final = ("price", "compare_at", "cost")
_PARTS: Final = (
    *("hs_evidence", "inputs", "materials", "attributes", "measures", "certificates", "lot", "personalisation"),
    *("aftercare", "markets", "photos", "extra"),
)
_OF_LISTING: Final = (*_TEXTS, *_LISTS, *_WHOLE, *_MONEY, "weight", "dimensions", *_PARTS)
_OF_VARIANT: Final = (
    *("sku", "options", "barcode", "stock", "variant_price", "variant_compare_at", "variant_cost"),
    *("variant_weight", "variant_dimensions", "variant_photo"),
)
# A seller's own matter: what things cost and who supplies them.
_PRIVATE: Final = frozenset({"cost", "variant_cost", "inputs"})
_AMOUNT: Final = re.compile(r"(\S+)(?:\s+([A-Za-z]{3}))?")
_WEIGHT: Final = re.compile(r"([0-9.,]+)\s*(kg|g|lb|oz)", re.IGNORECASE)
_SIZES: Final = re.compile(r"([0-9.,]+)\s*[x×]\s*([0-9.,]+)\s*[x×]\s*([0-9.,]+)\s*(cm|mm|in|m)", re.IGNORECASE)
_OPTION: Final = re.compile(r"((?:\\.|[^\\=])+)=(.*)", re.DOTALL)


class Own:
    """The format."""

    name = "shopkit"
    kind: Literal["table", "json"] = "table"
    fields: Sequence[str] = ("key", *_OF_LISTING, *_OF_VARIANT)
    signs: Mapping[str, Sign] = MappingProxyType({})

    def columns(self, header: Sequence[str]) -> dict[str, str]:
        """Return the columns by their names, in any case."""
        return {column: column.casefold() for column in header if column.casefold() in self.fields}

    def is_its_own(self, columns: Mapping[str, str]) -> bool:
        """Return whether there is a key, or a SKU, and anything beside it."""
        fields = {field for field in columns.values() if field}
        return "key" in fields and len(fields) > 1 and fields <= set(self.fields)

    def group(self, record: Record, row: int) -> Group:
        """Return the key; a row without one stands alone."""
        sku = record.get("sku", "").strip()
        return Group(record.get("key", "").strip() or f"#{row}", skus=(sku,) if sku else ())

    def numbers(self, record: Record) -> Iterator[tuple[str, str]]:
        """Return amounts, weights and measures without their currencies and units."""
        for field in (*_MONEY, "variant_price", "variant_compare_at", "variant_cost"):
            found = _AMOUNT.fullmatch(record.get(field, "").strip())
            yield "price", "" if found is None else found[1]
        for prefix in ("", "variant_"):
            weight = _WEIGHT.fullmatch(record.get(f"{prefix}weight", "").strip())
            yield "measure", "" if weight is None else weight[1]
            sizes = _SIZES.fullmatch(record.get(f"{prefix}dimensions", "").strip())
            for part in () if sizes is None else (1, 2, 3):
                yield "measure", sizes[part] if sizes is not None else ""

    def notes(self, sheet: Sheet) -> list[Problem]:  # noqa: ARG002  # the port's signature
        """Return nothing: what is read means the same in every shop."""
        return []

    def draft(self, rows: Sequence[tuple[int, Record]], sheet: Sheet) -> Draft:
        """Return the listing of a key."""
        saying = _Rows(sheet, rows)
        saying.take()
        return saying.draft(saying.key, [row for row, _ in rows])

    def write(self, listings: Callable[[], Iterable[Listing]], out: TextIO, *, with_costs: bool = False) -> None:
        """Write the listings with every column."""
        fields = [field for field in self.fields if with_costs or field not in _PRIVATE]
        rows = (cells for one in listings() for cells in _written(one))
        table.write(out, fields, ([cells.get(field, "") for field in fields] for cells in rows))


class _Rows(Saying):
    """The rows of one key."""

    def __init__(self, sheet: Sheet, rows: Sequence[tuple[int, Record]]) -> None:
        super().__init__(sheet)
        self.rows = rows
        self.row, self.first = rows[0]
        self.key = self.first.get("key", "").strip()

    def take(self) -> None:
        """Take everything down."""
        if not self.key:
            self.wrong("key_missing", self.row, "key")
            self.key = f"#{self.row}"
        self.places["key"] = (self.row, self.column("key"))
        self.said["new"] = {"language": self.sheet.options.language}
        self._listing()
        for row, record in self.rows[1:]:
            for field in _OF_LISTING:
                if record.get(field, "").strip() not in {"", self.first.get(field, "").strip()}:
                    self.wrong("row_differs", row, field, first=str(self.row))
        self._variants()

    def _listing(self) -> None:
        said, row, first = self.said, self.row, self.first
        for field in filter(self.has, _TEXTS):
            text = first[field]
            self.put(said, field, self.html(text, row, field) if field == "description" else text, row, field)
        if self.has("tags"):
            self.put(said, "tags", table.split(first["tags"]), row, "tags")
        if self.has("pictures"):
            self.put(said, "pictures", self.addresses(table.split(first["pictures"]), row, "pictures"), row, "pictures")
        for field in filter(self.has, _WHOLE):
            self.put(said, field, self.integer(first[field], row, field), row, field)
        prices: Document = {}
        for field in filter(self.has, _MONEY):
            self.put(prices, field, self._amount(first[field], row, field), row, field, f"price/{field}")
        if prices:
            said["price"] = prices
        for field, read in (("weight", self._weight), ("dimensions", self._dimensions)):
            if self.has(field):
                self.put(said, field, read(first[field], row, field), row, field)
        for field in filter(self.has, _PARTS):
            self.put(said, field, self._parts(first[field], row, field), row, field)

    def _variants(self) -> None:
        if not self.has("sku"):
            return
        found: dict[str, Document] = {}
        for row, record in self.rows:
            sku = record["sku"].strip()
            if sku:
                found.setdefault(sku, self._variant(row, record, sku))
            elif len(self.rows) > 1 or any(record.get(field, "").strip() for field in _OF_VARIANT):
                self.wrong("sku_missing", row, "sku")
        if found:
            self.said["variants"] = list(found.values())

    def _variant(self, row: int, record: Record, sku: str) -> Document:
        way = f"variants/{sku}"
        variant: Document = {"sku": sku}
        self.places[way] = (row, self.column("sku"))
        readers: dict[str, Callable[[str, int, str], object]] = {
            "options": self._options,
            "barcode": lambda cell, *_: cell.strip(),
            "stock": self.integer,
            "variant_photo": lambda cell, *_: cell.strip(),
            "variant_weight": self._weight,
            "variant_dimensions": self._dimensions,
        }
        readers |= {f"variant_{name}": self._amount for name in _MONEY}
        for field, read in readers.items():
            if self.has(field):
                name = field.removeprefix("variant_")
                self.put(variant, name, read(record[field], row, field), row, field, f"{way}/{name}")
        return variant

    def _amount(self, cell: str, row: int, field: str) -> dict[str, str] | None:
        text = cell.strip()
        if not text:
            return None
        found = _AMOUNT.fullmatch(text)
        if found is None:
            self.wrong("number_bad", row, field, value=text)
            return None
        return self.money(found[1], row, field, found[2].upper() if found[2] else None)

    def _weight(self, cell: str, row: int, field: str) -> Document | None:
        text = cell.strip()
        if not text:
            return None
        found = _WEIGHT.fullmatch(text)
        if found is None:
            self.wrong("weight_bad", row, field, value=text)
            return None
        value = self.number("measure", found[1], row, field)
        return None if value is None else {"value": value, "unit": found[2].lower()}

    def _dimensions(self, cell: str, row: int, field: str) -> Document | None:
        text = cell.strip()
        if not text:
            return None
        found = _SIZES.fullmatch(text)
        if found is None:
            self.wrong("dimensions_bad", row, field, value=text)
            return None
        sides = [self.number("measure", found[part], row, field) for part in (1, 2, 3)]
        if None in sides:
            return None
        return dict(zip(("length", "width", "height"), sides, strict=True)) | {"unit": found[4].lower()}

    def _options(self, cell: str, row: int, field: str) -> dict[str, str]:
        found = {}
        for part in table.split(cell):
            option = _OPTION.fullmatch(part)
            if option is None:
                self.wrong("options_bad", row, field, value=part)
            else:
                found[re.sub(r"\\(.)", r"\1", option[1])] = option[2]
        return found

    def _parts(self, cell: str, row: int, field: str) -> Any:  # noqa: ANN401  # JSON
        if not cell.strip():
            return None
        try:
            found = json.loads(cell, parse_float=str)
            check(cell)
        except (ValueError, RecursionError):
            self.wrong("json_bad", row, field, value=cell.strip())
            return None
        is_fit = isinstance(
            found,
            list if field in {"inputs", "materials", "certificates", "personalisation", "markets", "photos"} else dict,
        )
        if not is_fit or (field == "markets" and not all(isinstance(one, dict) and "market" in one for one in found)):
            self.wrong("json_bad", row, field, value=cell.strip())
            return None
        return found


# -- writing ------------------------------------------------------------------------------------------------------
def _written(listing: Listing) -> Iterator[dict[str, str]]:
    document: Document = listing.model_dump(mode="json", exclude_defaults=True)
    cells = {"key": listing.key} | {field: getattr(listing, field) or "" for field in _TEXTS}
    cells |= {field: table.joined(getattr(listing, field)) for field in _LISTS}
    for field in _WHOLE:
        value = getattr(listing, field)
        cells[field] = "" if value is None else str(value)
    cells |= {field: _amount_of(getattr(listing.price, field)) for field in _MONEY}
    cells |= {"weight": _weight_of(listing.weight), "dimensions": _sizes_of(listing.dimensions)}
    cells |= {field: to_json(document[field]).decode() for field in _PARTS if field in document}
    for variant in listing.variants or (None,):
        yield cells | ({} if variant is None else _variant_cells(variant))
        cells = {"key": listing.key}


def _variant_cells(variant: Variant) -> dict[str, str]:
    options = (
        f"{name.replace(chr(92), chr(92) * 2).replace('=', chr(92) + '=')}={value}"
        for name, value in variant.options.items()
    )
    return {
        "sku": variant.sku,
        "options": table.joined(options),
        "barcode": variant.barcode or "",
        "stock": "" if variant.stock is None else str(variant.stock),
        **{f"variant_{field}": _amount_of(getattr(variant, field)) for field in _MONEY},
        "variant_weight": _weight_of(variant.weight),
        "variant_dimensions": _sizes_of(variant.dimensions),
        "variant_photo": variant.photo or "",
    }


def _amount_of(money: Money | None) -> str:
    return "" if money is None else f"{unmistakable(money.amount)} {money.currency}"


def _weight_of(weight: Weight | None) -> str:
    return "" if weight is None else f"{unmistakable(weight.value)} {weight.unit}"


def _sizes_of(sizes: Dimensions | None) -> str:
    if sizes is None:
        return ""
    sides = (unmistakable(side) for side in (sizes.length, sizes.width, sizes.height))
    return f"{' x '.join(sides)} {sizes.unit}"
