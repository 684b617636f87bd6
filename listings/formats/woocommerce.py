r"""WooCommerce's product CSV: headers in the shop's language, units in the header, variations that name their parent.

A parent may follow its variations. Prices have the shop's own sign of decimals, weights and measures a point. What a
variation leaves blank is its parent's. Line breaks of descriptions are written as the two characters ``\n``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

import yaml

from listings.formats import keeping, table
from listings.formats.html import cleaned
from listings.formats.numbers import unmistakable
from listings.formats.port import Group
from listings.formats.saying import MAX_SKU, Saying, made_sku, slug
from listings.formats.units import centimetres, kilograms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TextIO

    from listings.changes import Document
    from listings.formats.numbers import Sign
    from listings.formats.port import Draft, Problem, Record, Sheet
    from listings.model import Listing, Variant

_PREFIX: Final = "woocommerce"
_ATTRIBUTES: Final = "woocommerce attributes"
_MADE: Final = "woocommerce made SKUs"
_UNIT: Final = re.compile(r"\s*\((kg|g|lbs|lb|oz|m|cm|mm|in|yd)\)", re.IGNORECASE)
_WEIGHTS: Final = {"kg": "kg", "g": "g", "lbs": "lb", "lb": "lb", "oz": "oz"}
_LENGTHS: Final = {"m", "cm", "mm", "in"}
_YARD: Final = Decimal("0.9144")
_SIDES: Final = ("length", "width", "height")
_PART: Final = re.compile(r"attribute_([0-9]+)_(name|values|visible|global|default)")
_KEY: Final = re.compile(r"[^\s\x00-\x1f\x7f/?#%]{1,120}")
_TYPES: Final = frozenset({"simple", "variable", "variation", "grouped", "external", "downloadable", "virtual"})
# What is written where nothing else is known; on its way in it is no news.
_USUAL: Final = {
    "featured": "0",
    "visibility": "visible",
    "tax_status": "taxable",
    "backorders": "0",
    "sold_individually": "0",
    "reviews": "1",
    "position": "0",
    "stock_status": "1",
}
_PLACED: Final = {
    *("sku", "gtin", "name", "description", "weight", "length", "width", "height", "regular_price", "categories"),
    *("tags", "images", "brands", "cost", "parent", "published", "stock"),
}
# A listing has one of these; what a variation says beside that is kept.
_OWN_OF_VARIATIONS: Final = ("name", "description", "images", "published")
_ENOUGH: Final = 4


@cache
def _headers() -> dict[str, list[str]]:
    found: dict[str, list[str]] = yaml.safe_load((files(__package__) / "woocommerce_headers.yaml").read_text("utf-8"))
    return found


@cache
def _known() -> dict[str, str]:
    return {_plain(name): field for field, names in _headers().items() for name in names}


def _plain(header: str) -> str:
    """Return a header as it is compared: one case, no quotes, no unit, single blanks.

    >>> _plain('  "Peso  (kg)"')
    'peso'
    """
    text = unicodedata.normalize("NFC", header).casefold().strip().strip("\"'")
    return " ".join(_UNIT.sub("", text).split())


class WooCommerce:
    """The format."""

    name = "woocommerce"
    kind: Literal["table", "json"] = "table"
    signs: Mapping[str, Sign] = MappingProxyType({"measure": "."})

    @property
    def fields(self) -> Sequence[str]:
        """Names that a column can be mapped to; those of attributes bear their number."""
        return [name.replace("_N_", "_1_") for name in _headers()]

    def columns(self, header: Sequence[str]) -> dict[str, str]:
        """Return the columns that are known in any language."""
        found = {}
        for column in header:
            plain = _plain(column)
            number = re.search(r"\b[0-9]+\b", plain)
            field = _known().get(plain)
            if field is None and number is not None:
                field = _known().get(f"{plain[: number.start()]}n{plain[number.end() :]}")
                field = None if field is None else field.replace("_N_", f"_{int(number[0])}_")
            if field is not None:
                found[column] = field
        return found

    def is_its_own(self, columns: Mapping[str, str]) -> bool:
        """Return whether there are a type, a name, and enough beside them."""
        fields = {field for field in columns.values() if field}
        return {"type", "name"} <= fields and len(fields) >= _ENOUGH

    def group(self, record: Record, row: int) -> Group:
        """Return the product itself, or for a variation what it calls its parent."""
        sku = record.get("sku", "").strip()
        skus = (sku,) if sku else ()
        if "variation" in _types(record):
            return Group(record.get("parent", "").strip() or f"/row/{row}", is_member=True, skus=skus)
        id_ = record.get("id", "").strip()
        return Group(f"/key/{_key(record, row)}", (*skus, *([f"id:{id_}"] if id_ else [])), skus=skus)

    def numbers(self, record: Record) -> Iterator[tuple[str, str]]:
        """Return prices, and weights and measures."""
        for field in ("regular_price", "sale_price", "cost"):
            yield "price", record.get(field, "")
        for field in ("weight", *_SIDES):
            yield "measure", record.get(field, "")

    def notes(self, sheet: Sheet) -> list[Problem]:  # noqa: ARG002  # the port's signature
        """Return nothing: every column means the same in every shop."""
        return []

    def draft(self, rows: Sequence[tuple[int, Record]], sheet: Sheet) -> Draft:
        """Return the product of a parent and its variations."""
        saying = _Rows(sheet, rows)
        saying.take()
        return saying.draft(saying.key, [row for row, _ in rows])

    # -- writing --------------------------------------------------------------------------------------------------
    def write(self, listings: Callable[[], Iterable[Listing]], out: TextIO, *, with_costs: bool = False) -> None:
        """Write the listings under English headers, with points for decimals, in kilograms and centimetres."""
        fields = [field for field in _headers() if "_N_" not in field and (with_costs or field != "cost")]
        others: dict[str, None] = {}
        attributes = 0
        for one in listings():
            others |= dict.fromkeys(keeping.columns(one.extra, _PREFIX))
            attributes = max(attributes, len(_attributes_of(one)))
        parts = ("name", "values", "visible", "global", "default")
        fields += [f"attribute_{number}_{part}" for number in range(1, attributes + 1) for part in parts]
        more = [name for name in others if name not in fields]
        header = [_header(field) for field in fields] + more
        rows = (cells for one in listings() for cells in _written(one))
        table.write(out, header, ([cells.get(name, "") for name in [*fields, *more]] for cells in rows))


def _header(field: str) -> str:
    part = _PART.fullmatch(field)
    if part is not None:
        return _headers()[f"attribute_N_{part[2]}"][0].replace("N", part[1])
    unit = {"weight": " (kg)", "length": " (cm)", "width": " (cm)", "height": " (cm)"}.get(field, "")
    return _headers()[field][0] + unit


def _types(record: Record) -> set[str]:
    return {part.strip().casefold() for part in record.get("type", "").split(",")}


def _key(record: Record, row: int) -> str:
    sku, id_ = str(record.get("sku", "")).strip(), str(record.get("id", "")).strip()
    if _KEY.fullmatch(sku):
        return sku
    return f"woo-{id_}" if id_.isdecimal() else slug(str(record.get("name", ""))) or f"row-{row}"


class _Rows(Saying):
    """The rows of one product."""

    def __init__(self, sheet: Sheet, rows: Sequence[tuple[int, Record]]) -> None:
        super().__init__(sheet)
        heads = [(row, record) for row, record in rows if "variation" not in _types(record)]
        self.row, self.head = heads[0] if heads else rows[0]
        self.members = [(row, record) for row, record in rows if "variation" in _types(record)]
        self.key = _key(self.head, self.row)
        self.kept: list[tuple[Record, str]] = []
        for row, _ in heads[1:]:
            self.wrong("key_twice", row, "sku", key=self.key, first=str(self.row))

    def take(self) -> None:
        """Take everything down."""
        self._product()
        if self.members:
            self._variations()
        else:
            self._simple()
        self._attributes()
        extra = self.said.setdefault("extra", {})
        names = {field: field for field in self.sheet.headers if field not in _PLACED and not _PART.fullmatch(field)}
        for name, column in (names | {f"#{column}": column for column in self.sheet.others}).items():
            extra |= keeping.kept(_PREFIX, column, [(sku, self._rest(name, one)) for one, sku in self.kept])
        for field in filter(self.has, _OWN_OF_VARIATIONS) if self.members else ():
            cells = [("" if one is self.head else self._own(field, one), sku) for one, sku in self.kept]
            extra |= keeping.kept(_PREFIX, field, [(sku, cell) for cell, sku in cells])

    def _product(self) -> None:
        said, row, head = self.said, self.row, self.head
        self.places["key"] = (row, self.column("sku"))
        said["new"] = {"language": self.sheet.options.language}
        types = _types(head)
        if unknown := sorted(types - _TYPES - {""}):
            self.wrong("value_unknown", row, "type", value=", ".join(unknown), known=", ".join(sorted(_TYPES)))
        if self.has("type"):
            said["ships"] = not types & {"virtual", "downloadable"}
        for field, name in (("name", "title"), ("brands", "brand"), ("categories", "category")):
            if self.has(field):
                self.put(said, name, head[field].strip(), row, field)
        if self.has("description"):
            text = self.html(head["description"].replace("\\n", "\n"), row, "description")
            self.put(said, "description", text, row, "description")
        if self.has("tags"):
            self.put(said, "tags", list(dict.fromkeys(table.split(head["tags"]))), row, "tags")
        if self.has("images"):
            self.put(said, "pictures", self.addresses(table.split(head["images"]), row, "images"), row, "images")
        if cell := head.get("published", "").strip():
            said["is_active"] = cell in {"1", "true"}

    def _simple(self) -> None:
        sku, barcode = self.head.get("sku", "").strip(), self.head.get("gtin", "").strip()
        stock = self._stock(self.row, self.head)
        if not sku and not barcode and stock is None:
            self.said["piece"] = self._piece(self.row, self.head, {}, "piece/")
            self.kept = [(self.head, "")]
            return
        if not sku:
            sku = self._made(self.row, [])
        self.said["variants"] = [self._variant(self.row, self.head, sku, stock)]
        self.kept = [(self.head, sku)]

    def _variations(self) -> None:
        self.kept = [(self.head, "")]
        found: list[Document] = []
        for row, record in self.members:
            options = {name: values for _, name, values in self._parts(record) if name and values}
            if not options:
                self.wrong("options_missing", row, "attribute_1_values")
            sku = record.get("sku", "").strip() or self._made(row, list(options.values()))
            if any(one["sku"] == sku for one in found):
                self.wrong("options_twice", row, "sku")
                continue
            variant = self._variant(row, record, sku, self._stock(row, record), self.head)
            self.put(variant, "options", options, row, "attribute_1_values", f"variants/{sku}/options")
            found.append(variant)
            self.kept.append((record, sku))
        self.said["variants"] = found

    def _made(self, row: int, values: list[str]) -> str:
        sku = made_sku(self.key[:MAX_SKU], values)
        self.note("sku_made", row, "sku", sku=sku)
        extra = self.said.setdefault("extra", {})
        extra[_MADE] = ", ".join(filter(None, [extra.get(_MADE), sku]))
        return sku

    def _variant(self, row: int, record: Record, sku: str, stock: int | None, parent: Record | None = None) -> Document:
        way = f"variants/{sku}"
        variant: Document = {"sku": sku, "piece": self._piece(row, record, parent or {}, f"{way}/")}
        self.places[way] = (row, self.column("sku"))
        if self.has("gtin"):
            self.put(variant, "barcode", record["gtin"].strip(), row, "gtin", f"{way}/barcode")
        if self.has("stock"):
            self.put(variant, "stock", stock, row, "stock", f"{way}/stock")
        return variant

    def _stock(self, row: int, record: Record) -> int | None:
        cell = record.get("stock", "").strip()
        return None if cell.casefold() == "parent" else self.integer(cell, row, "stock")

    def _piece(self, row: int, record: Record, parent: Record, way: str) -> Document:
        piece: Document = {}
        if self.has("regular_price"):
            regular = self.money(record["regular_price"], row, "regular_price")
            sale = None if _is_dated(record) else self.money(record.get("sale_price", ""), row, "sale_price")
            self.put(piece, "price", sale or regular, row, "sale_price" if sale else "regular_price", f"{way}price")
            self.put(piece, "compare_at", regular if sale else None, row, "regular_price", f"{way}compare_at")
        if self.has("cost"):
            self.put(piece, "cost", self.money(record["cost"], row, "cost"), row, "cost", f"{way}cost")
        if self.has("weight"):
            self._weight(piece, row, record["weight"].strip() or parent.get("weight", "").strip(), way)
        if all(self.has(side) for side in _SIDES):
            cells = [record[side].strip() or parent.get(side, "").strip() for side in _SIDES]
            self._dimensions(piece, row, cells, way)
        return piece

    def _unit(self, field: str, row: int) -> str | None:
        found = _UNIT.search(self.column(field))
        if found is None:
            self.wrong("unit_missing", row, field)
            return None
        return found[1].casefold()

    def _weight(self, piece: Document, row: int, cell: str, way: str) -> None:
        value = self.number("measure", cell, row, "weight") if cell else None
        if value is not None and not value.strip("0."):
            self.note("weight_zero", row, "weight")
            return
        unit = self._unit("weight", row) if value else None
        if unit is not None and unit not in _WEIGHTS:
            self.wrong("unit_missing", row, "weight")
            return
        weight = {"value": value, "unit": _WEIGHTS[unit]} if value and unit else None
        self.put(piece, "weight", weight, row, "weight", f"{way}weight")

    def _dimensions(self, piece: Document, row: int, cells: list[str], way: str) -> None:
        if any(cells) and not all(cells):
            self.note("measures_half", row, _SIDES[cells.index("")])
            return
        sides = [self.number("measure", cell, row, side) for side, cell in zip(_SIDES, cells, strict=True) if cell]
        unit = self._unit("length", row) if sides else None
        found: Document | None = None
        if sides and None not in sides and unit is not None:
            if unit == "yd":
                sides = [f"{Decimal(str(side)) * _YARD:f}"[:19] for side in sides]
            if unit not in _LENGTHS and unit != "yd":
                self.wrong("unit_missing", row, "length")
                return
            found = dict(zip(_SIDES, sides, strict=True)) | {"unit": "m" if unit == "yd" else unit}
        self.put(piece, "dimensions", found, row, "length", f"{way}dimensions")

    # -- attributes, and what has no place ------------------------------------------------------------------------
    def _parts(self, record: Record) -> list[tuple[int, str, str]]:
        numbers = sorted({int(part[1]) for field in self.sheet.headers if (part := _PART.fullmatch(field))})
        return [
            (
                number,
                record.get(f"attribute_{number}_name", "").strip(),
                record.get(f"attribute_{number}_values", "").strip(),
            )
            for number in numbers
        ]

    def _attributes(self) -> None:
        found = []
        for number, name, values in self._parts(self.head):
            if name:
                rest = {
                    part: self.head.get(f"attribute_{number}_{part}", "").strip()
                    for part in ("visible", "global", "default")
                }
                found.append({"name": name, "values": values} | rest)
        usual = _usual_attributes([one.get("options") or {} for one in self.said.get("variants", [])])
        text = None if found == usual or not found else json.dumps(found, ensure_ascii=False)
        self.said.setdefault("extra", {})[_ATTRIBUTES] = text

    def _own(self, field: str, record: Record) -> str:
        """Return what a variation says of itself that its product does not."""
        cell = str(record[field]).strip()
        if field == "description":
            cell = cleaned(cell)
        return "" if cell in {str(self.head.get(field, "")).strip(), "1" if field == "published" else ""} else cell

    def _rest(self, name: str, record: Record) -> str:
        cell = str(record.get(name, "")).strip()
        if name == "sale_price" and not _is_dated(record):
            return ""
        if name == "type" and cell.casefold() in {"simple", "variable", "variation", "simple, virtual"}:
            return ""
        return "" if cell == _USUAL.get(name) else cell


def _is_dated(record: Record) -> bool:
    return bool(record.get("sale_from", "").strip() or record.get("sale_to", "").strip())


def _usual_attributes(options: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the attributes as they follow from the options of variants."""
    found: dict[str, dict[str, None]] = {}
    for one in options:
        for name, value in one.items():
            found.setdefault(name, {})[value] = None
    return [
        {"name": name, "values": table.joined(values), "visible": "1", "global": "0", "default": ""}
        for name, values in found.items()
    ]


def _attributes_of(listing: Listing) -> list[dict[str, str]]:
    usual = _usual_attributes([one.options for one in listing.variants])
    kept: list[dict[str, str]] = json.loads(listing.extra.get(_ATTRIBUTES, "[]"))
    named = {one["name"]: one for one in usual}
    found = []
    for one in kept:
        own = named.pop(one["name"], None)
        is_as_it_was = own is None or set(table.split(own["values"])) <= set(table.split(one["values"]))
        found.append(one if is_as_it_was or own is None else one | {"values": own["values"]})
    return found + list(named.values())


# -- writing ------------------------------------------------------------------------------------------------------
def _written(listing: Listing) -> Iterator[dict[str, str]]:
    is_variable = any(one.options for one in listing.variants)
    attributes = _attributes_of(listing)
    single = listing.variants[0] if listing.variants and not is_variable else None
    made = listing.extra.get(_MADE, "").split(", ")
    own_key = listing.key if is_variable or single is None else single.sku
    cells = _rest_of(listing, single.sku if single else "", is_first=True) | {
        "sku": "" if own_key in made or re.fullmatch(r"woo-[0-9]+", own_key) else own_key,
        "name": listing.title,
        "published": "1" if listing.status == "active" else "-1",
        "description": listing.description.replace("\n", "\\n"),
        "categories": listing.category,
        "tags": table.joined(listing.tags),
        "images": table.joined(listing.pictures),
        "brands": listing.brand,
    }
    virtual = "" if listing.kind == "goods" else ", virtual"
    cells["type"] = cells.get("type") or ("variable" if is_variable else f"simple{virtual}")
    for number, one in enumerate(attributes, 1):
        cells |= {f"attribute_{number}_{part}": value for part, value in one.items()}
    if not is_variable:
        yield cells | _piece_of(listing, single)
        return
    yield cells
    for variant in listing.variants:
        own = _rest_of(listing, variant.sku, is_first=False)
        row = {"name": listing.title, "published": "1"} | {name: cell for name, cell in own.items() if cell}
        row |= {
            "type": "variation",
            "sku": "" if variant.sku in made else variant.sku,
            "parent": cells["sku"] or f"id:{cells.get('id', '')}",
        }
        for number, one in enumerate(attributes, 1):
            row[f"attribute_{number}_name"] = one["name"] if one["name"] in variant.options else ""
            row[f"attribute_{number}_values"] = variant.options.get(one["name"], "")
        yield row | _piece_of(listing, variant)


def _rest_of(listing: Listing, sku: str, *, is_first: bool) -> dict[str, str]:
    names = {**dict.fromkeys(_USUAL), **dict.fromkeys(keeping.columns(listing.extra, _PREFIX))}
    return {
        name: keeping.cell(listing.extra, _PREFIX, name, sku, is_first=is_first) or _USUAL.get(name, "")
        for name in names
    }


def _piece_of(listing: Listing, variant: Variant | None) -> dict[str, str]:
    price = listing.price_of(variant)
    before: Any = (variant and variant.compare_at) or listing.price.compare_at
    cost: Any = (variant and variant.cost) or listing.price.cost
    cells = {"cost": "" if cost is None else unmistakable(cost.amount)}
    if price is not None:
        cells["regular_price"] = unmistakable((before or price).amount)
    if before is not None and price is not None:
        cells["sale_price"] = unmistakable(price.amount)
    if variant is not None:
        cells |= {"gtin": variant.barcode or "", "stock": "" if variant.stock is None else str(variant.stock)}
    weight = listing.weight_of(variant)
    if weight is not None:
        cells["weight"] = unmistakable(kilograms(weight.value, weight.unit))
    sides = (variant and variant.dimensions) or listing.dimensions
    if sides is not None:
        cells |= {side: unmistakable(centimetres(getattr(sides, side), sides.unit)) for side in _SIDES}
    return cells
