"""Shopify's product CSV, in both generations of its header.

Rows of one handle are one product: the first holds the product, further ones variants and pictures. ``Grams`` are
grams whatever the unit for display; nought of them means that nobody weighed it. Without a tracker the quantity counts
nothing. Columns of markets bear the merchant's own names of them, which a person has to explain.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from listings.formats import keeping, table
from listings.formats.numbers import unmistakable
from listings.formats.port import Group, Problem
from listings.formats.saying import MAX_SKU, Saying, made_sku, slug
from listings.formats.shopify_columns import COLUMNS, OLD_ORDER
from listings.formats.units import grams

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TextIO

    from listings.changes import Document
    from listings.formats.numbers import Sign
    from listings.formats.port import Draft, Record, Sheet
    from listings.model import Listing, Variant

_PREFIX: Final = "shopify"
_ALTS: Final = "shopify alt texts"
_MADE: Final = "shopify made SKUs"
_MARKET_NAME: Final = "shopify market: "
# What is written where nothing else is known; on its way in it is no news.
_USUAL: Final = {"taxable": "true", "gift_card": "false", "tracker": "shopify"}
_MARKET: Final = re.compile(r"(included|price|compare-at price) / (.+)", re.IGNORECASE)
_MARKET_FIELDS: Final = {"included": "included", "price": "price", "compare-at price": "compare_at"}
_KNOWN: Final = {name.casefold(): field for field, *names in COLUMNS for name in names if name}
_NEW: Final = {field: name for field, name, _ in COLUMNS}
_OLD: Final = {field: old or new for field, new, old in COLUMNS}
_OPTIONS: Final = (1, 2, 3)
_ENOUGH: Final = 2
# Fields that have a place in a listing; every other column is kept as it is.
_PLACED: Final = {
    *("handle", "title", "description", "vendor", "type", "tags", "sku", "barcode", "price", "compare_at", "cost"),
    *("grams", "image", "image_position", "image_alt", "status"),
    *(f"option{number}_{part}" for number in _OPTIONS for part in ("name", "value")),
}
# Of these what the listing says now goes before what a file once said.
_SAID: Final = {"quantity", "requires_shipping"}


class Shopify:
    """The format, written under the header of the older generation, which every version reads."""

    name = "shopify"
    kind: Literal["table", "json"] = "table"
    fields: Sequence[str] = tuple(field for field, *_ in COLUMNS)
    signs: Mapping[str, Sign] = MappingProxyType({})
    _headers: Mapping[str, str] = MappingProxyType(_OLD)
    _order: Sequence[str] = OLD_ORDER

    def columns(self, header: Sequence[str]) -> dict[str, str]:
        """Return the known columns, and those of markets by their own name."""
        found = {}
        for column in header:
            field = _KNOWN.get(column.casefold())
            if field is not None:
                found[column] = field
            elif (market := _MARKET.fullmatch(column)) is not None:
                found[column] = f"{_MARKET_FIELDS[market[1].casefold()]} / {market[2]}"
        return found

    def is_its_own(self, columns: Mapping[str, str]) -> bool:
        """Return whether there is the handle of this generation, and a title or variants."""
        fields = set(columns.values())
        handle = next((column for column, field in columns.items() if field == "handle"), "")
        return (
            handle.casefold() == self._headers["handle"].casefold()
            and len(fields & {"title", "sku", "price", "description"}) > 0
        )

    def group(self, record: Record, row: int) -> Group:
        """Return the handle, or what Shopify would make of the title; a row with neither stands alone."""
        sku = record.get("sku", "").strip()
        name = record.get("handle", "").strip() or slug(record.get("title", "")) or f"#{row}"
        return Group(name, skus=(sku,) if sku else ())

    def numbers(self, record: Record) -> Iterator[tuple[str, str]]:
        """Return prices and grams."""
        for field, cell in record.items():
            if field in {"price", "compare_at", "cost"} or field.startswith(("price / ", "compare_at / ")):
                yield "price", cell
        yield "measure", record.get("grams", "")

    def notes(self, sheet: Sheet) -> list[Problem]:
        """Return the markets that nobody explained, once each."""
        markets = {field.partition(" / ")[2]: column for field, column in sheet.headers.items() if " / " in field}
        return [
            Problem("market_unknown", 1, column, {"market": name}, is_note=True)
            for name, column in markets.items()
            if name not in sheet.options.markets
        ]

    def draft(self, rows: Sequence[tuple[int, Record]], sheet: Sheet) -> Draft:
        """Return the product of a handle."""
        saying = _Rows(sheet, rows, self.group(rows[0][1], rows[0][0]).name)
        saying.take()
        return saying.draft(saying.key, [row for row, _ in rows])

    # -- writing --------------------------------------------------------------------------------------------------
    def write(self, listings: Callable[[], Iterable[Listing]], out: TextIO, *, with_costs: bool = False) -> None:
        """Write the listings; columns that one of them brought along follow the known ones."""
        fields = [field for field in self._order if with_costs or field != "cost"]
        more: dict[str, None] = {}
        markets: dict[str, None] = {}
        for one in listings():
            more |= dict.fromkeys(keeping.columns(one.extra, _PREFIX))
            markets |= dict.fromkeys(name for market in _markets_of(one).values() for name in market)
        others = [name for name in more if name.casefold() not in _KNOWN]
        others = list(dict.fromkeys([*others, *markets]))
        header = [self._headers[field] for field in fields] + others
        table.write(out, header, (cells for one in listings() for cells in self._rows(one, fields, others)))

    def _rows(self, listing: Listing, fields: Sequence[str], others: Sequence[str]) -> Iterator[list[str]]:
        variants: list[Variant | None] = list(listing.variants) or [None]
        pictures = list(listing.pictures)
        markets = {name: cell for one in _markets_of(listing).values() for name, cell in one.items()}
        for index in range(max(len(variants), len(pictures))):
            cells: dict[str, str] = {"handle": listing.key}
            if index == 0:
                cells |= _product_cells(listing)
            sku = ""
            if index < len(variants):
                variant = variants[index]
                sku = "" if variant is None else variant.sku
                cells |= _variant_cells(listing, variant, with_names=index == 0)
                for field in fields:
                    if field not in _PLACED:
                        own = keeping.cell(listing.extra, _PREFIX, _NEW[field], sku, is_first=index == 0)
                        cells[field] = own if own and field not in _SAID else cells.get(field, "") or own
            if index < len(pictures):
                alts = json.loads(listing.extra.get(_ALTS, "{}"))
                cells |= {
                    "image": pictures[index],
                    "image_position": str(index + 1),
                    "image_alt": alts.get(pictures[index], ""),
                }
            is_more = index >= len(variants)
            rest = ["" if is_more else self._other(listing, name, sku, markets, is_first=index == 0) for name in others]
            yield [cells.get(field, "") for field in fields] + rest

    @staticmethod
    def _other(listing: Listing, name: str, sku: str, markets: Mapping[str, str], *, is_first: bool) -> str:
        # Whether a market has the product is said once, its price for every piece.
        said = "" if name.startswith("Included") and not is_first else markets.get(name, "")
        return said or keeping.cell(listing.extra, _PREFIX, name, sku, is_first=is_first)


class Shopify2025(Shopify):
    """The same, written under the header of the template of 2025."""

    name = "shopify-2025"
    _headers: Mapping[str, str] = MappingProxyType(_NEW)
    _order: Sequence[str] = tuple(field for field, *_ in COLUMNS)


def _markets_of(listing: Listing) -> dict[str, dict[str, str]]:
    """Return the cells of each market that bears a name of the merchant's."""
    found = {}
    for one in listing.markets:
        name = listing.extra.get(_MARKET_NAME + one.market)
        if name is not None:
            price = "" if one.price is None else unmistakable(one.price.amount)
            found[one.market] = {f"Included / {name}": str(one.included).lower(), f"Price / {name}": price}
    return found


class _Rows(Saying):
    """The rows of one handle."""

    def __init__(self, sheet: Sheet, rows: Sequence[tuple[int, Record]], key: str) -> None:
        super().__init__(sheet)
        self.rows = rows
        self.key = key
        self.row, self.first = rows[0]
        self.variants: list[tuple[int, Record, str]] = []
        # Columns that found a place in the listing after all.
        self.taken: set[str] = set()

    def take(self) -> None:
        """Take everything down."""
        if self.key.startswith("#"):
            self.wrong("key_missing", self.row, "handle")
        self._product()
        self._variants()
        self._ships()
        self._pictures()
        self._markets()
        self._rest()

    def _product(self) -> None:
        said, row = self.said, self.row
        for field, name in (("title", "title"), ("vendor", "brand"), ("type", "category")):
            if self.has(field):
                self.put(said, name, self.first[field].strip(), row, field)
        if self.has("description"):
            self.put(said, "description", self.html(self.first["description"], row, "description"), row, "description")
        if self.has("tags"):
            tags = [tag.strip() for tag in self.first["tags"].split(",")]
            self.put(said, "tags", list(dict.fromkeys(tag for tag in tags if tag)), row, "tags")
        self._status()
        self.places["key"] = (row, self.column("handle"))
        said["new"] = {"language": self.sheet.options.language}

    def _status(self) -> None:
        status = self.first.get("status", "").strip().casefold()
        published = self.truth(self.first.get("published", ""), self.row, "published")
        if status and (status != "active" or published is not False):
            self.taken.add("published")
        if status in {"active", "draft", "archived"}:
            self.put(self.said, "status", status, self.row, "status")
        elif status:
            self.wrong("value_unknown", self.row, "status", value=status, known="active, draft, archived")
        elif published is not None:
            self.taken.add("published")
            self.said["is_active"] = published

    # -- variants -------------------------------------------------------------------------------------------------
    def _variants(self) -> None:
        names = [self.first.get(f"option{number}_name", "").strip() for number in _OPTIONS]
        is_plain = not any(names) or (names[0].casefold() == "title" and not any(names[1:]))
        rows = [(row, record) for row, record in self.rows if record is self.first or _is_variant(record)]
        for row, _ in rows[1:] if is_plain else ():
            self.wrong("options_missing", row, "option1_name")
        found: dict[str, Document] = {}
        for row, record in rows:
            options = {} if is_plain else self._options(row, record, names)
            sku = self._sku(row, record, options)
            if not sku:
                # Nothing tells this piece from its product.
                self.said["piece"] = self._piece(row, record, "piece")
            elif sku in found:
                if not record.get("sku", "").strip():
                    self.wrong("options_twice", row, "option1_value")
                continue
            else:
                found[sku] = self._variant(row, record, sku, None if is_plain else options)
            self.variants.append((row, record, sku))
        if found:
            self.said["variants"] = list(found.values())

    def _sku(self, row: int, record: Record, options: Mapping[str, str]) -> str:
        """Return the SKU, or one that is made where a piece is more than its product and has none."""
        sku = str(record.get("sku", "")).strip()
        stock, _ = self._stock(row, record)
        if sku or not (options or stock is not None or record.get("barcode", "").strip()):
            return sku
        sku = made_sku(self.key if options else self.key[:MAX_SKU], list(options.values()))
        self.note("sku_made", row, "sku", sku=sku)
        extra = self.said.setdefault("extra", {})
        extra[_MADE] = ", ".join(filter(None, [extra.get(_MADE), sku]))
        return sku

    def _variant(self, row: int, record: Record, sku: str, options: Mapping[str, str] | None) -> Document:
        way = f"variants/{sku}"
        variant: Document = {"sku": sku, "piece": self._piece(row, record, way)}
        self.places[way] = (row, self.column("sku"))
        if options is not None:
            self.put(variant, "options", options, row, "option1_value", f"{way}/options")
        if self.has("barcode"):
            self.put(variant, "barcode", record["barcode"].strip(), row, "barcode", f"{way}/barcode")
        if self.has("quantity"):
            stock, is_bad = self._stock(row, record)
            if is_bad:
                self.wrong("integer_bad", row, "quantity", value=record["quantity"])
            self.put(variant, "stock", stock, row, "quantity", f"{way}/stock")
        return variant

    def _options(self, row: int, record: Record, names: Sequence[str]) -> dict[str, str]:
        values = [record.get(f"option{number}_value", "").strip() for number in _OPTIONS]
        for number, name, value in zip(_OPTIONS, names, values, strict=True):
            if bool(name) != bool(value):
                self.wrong("option_half", row, f"option{number}_{'value' if name else 'name'}")
        return {name: value for name, value in zip(names, values, strict=True) if name and value}

    def _stock(self, row: int, record: Record) -> tuple[int | None, bool]:
        """Return what is left, where somebody counts it, and whether the cell is no number."""
        cell = record.get("quantity", "").strip()
        if not cell or (self.has("tracker") and not record["tracker"].strip()):
            return None, False
        silent = Saying(self.sheet)
        found = silent.integer(cell, row, "quantity")
        return found, bool(silent.problems)

    def _piece(self, row: int, record: Record, way: str) -> Document:
        piece: Document = {}
        for field in ("price", "compare_at", "cost"):
            if self.has(field):
                self.put(piece, field, self.money(record[field], row, field), row, field, f"{way}/{field}")
        if self.has("grams"):
            cell = record["grams"].strip()
            value = self.number("measure", cell, row, "grams") if cell else None
            if value is not None and not value.strip("0."):
                self.note("weight_zero", row, "grams")
            else:
                unit = record.get("weight_unit", "").strip().casefold()
                weight = None if value is None else self._weight(value, unit)
                self.put(piece, "weight", weight, row, "grams", f"{way}/weight")
        return piece

    def _weight(self, value: str, unit: str) -> dict[str, str]:
        """Return a weight in grams, or in kilograms where those are shown; pounds would not come out even."""
        if unit == "kg":
            self.taken.add("weight_unit")
            return {"value": f"{(Decimal(value) / 1000).normalize():f}", "unit": "kg"}
        if unit in {"g", "lb", "oz"}:
            self.taken.add("weight_unit")
        if unit in {"lb", "oz"}:
            self.said["new"]["extra"] = {f"{_PREFIX} each: {_NEW['weight_unit']}": unit}
        return {"value": value, "unit": "g"}

    def _ships(self) -> None:
        found = {
            self.truth(record.get("requires_shipping", ""), row, "requires_shipping")
            for row, record, _ in self.variants
        }
        if len(found - {None}) == 1:
            self.said["ships"] = (found - {None}).pop()
            self.taken.add("requires_shipping")
        if self.truth(self.first.get("gift_card", ""), self.row, "gift_card"):
            self.said["ships"] = False

    # -- the rest -------------------------------------------------------------------------------------------------
    def _pictures(self) -> None:
        if not self.has("image"):
            return
        found: list[tuple[int, int, str]] = []
        alts: dict[str, str] = {}
        for order, (row, record) in enumerate(self.rows):
            for address in self.addresses([record["image"]], row, "image"):
                position = self.integer(record.get("image_position", ""), row, "image_position")
                found.append((order if position is None else position - 1, order, address))
                if alt := record.get("image_alt", "").strip():
                    alts[address] = alt
        addresses = list(dict.fromkeys(address for *_, address in sorted(found)))
        self.put(self.said, "pictures", addresses, self.row, "image")
        if self.has("image_alt"):
            text = json.dumps(alts, ensure_ascii=False) if alts else None
            self.said.setdefault("extra", {})[_ALTS] = text

    def _markets(self) -> None:
        """Take down what is said of markets a person explained; what is not is kept in its columns."""
        found: dict[str, Document] = {}
        for field in list(self.sheet.headers):
            kind, slash, name = field.partition(" / ")
            if not slash or name not in self.sheet.options.markets or kind == "compare_at":
                continue
            country, currency = self.sheet.options.markets[name]
            market = found.setdefault(country, {"market": country})
            self.said.setdefault("extra", {})[_MARKET_NAME + country] = name
            way = f"markets/{country}/{kind}"
            if kind == "included":
                is_in = self.truth(self.first[field], self.row, field)
                if is_in is not None:
                    self.taken.add(field)
                    self.put(market, "included", is_in, self.row, field, way)
                continue
            cells = {record[field].strip() for _, record, _ in self.variants}
            if cells == {""} or len(cells) > 1:
                # One price for a market is one for all its variants here; what differs is kept in its column.
                continue
            if currency is None:
                self.wrong("market_currency", self.row, field, market=name)
                continue
            self.taken.add(field)
            self.put(market, "price", self.money(self.first[field], self.row, field, currency), self.row, field, way)
        if found:
            self.said["markets"] = list(found.values())

    def _rest(self) -> None:
        extra = self.said.setdefault("extra", {})
        columns = {field: _NEW.get(field, self.column(field)) for field in self.sheet.headers if field not in _PLACED}
        for name, column in (columns | {f"#{column}": column for column in self.sheet.others}).items():
            cells = (
                [] if name in self.taken else [(sku, self._rest_of(name, record)) for _, record, sku in self.variants]
            )
            extra |= keeping.kept(_PREFIX, column, cells)

    def _rest_of(self, name: str, record: Record) -> str:
        text = str(record.get(name, "")).strip()
        if name == "quantity" and (record.get("tracker", "").strip() or not self.has("tracker")):
            return ""
        return "" if text == _USUAL.get(name) else text


def _is_variant(record: Record) -> bool:
    names = ("sku", "price", "option1_value", "option2_value", "option3_value", "barcode")
    return any(record.get(name, "").strip() for name in names)


def _product_cells(listing: Listing) -> dict[str, str]:
    return {
        "title": listing.title,
        "description": listing.description,
        "vendor": listing.brand,
        "type": listing.category,
        "tags": ", ".join(listing.tags),
        "published": "true" if listing.status == "active" else "false",
        "status": listing.status,
        "gift_card": "false",
    }


def _variant_cells(listing: Listing, variant: Variant | None, *, with_names: bool) -> dict[str, str]:
    cells: dict[str, str] = {}
    options = {} if variant is None else variant.options
    if not options and with_names:
        cells |= {"option1_name": "Title", "option1_value": "Default Title"}
    for number, (name, value) in zip(_OPTIONS, options.items(), strict=False):
        cells[f"option{number}_value"] = value
        if with_names:
            cells[f"option{number}_name"] = name
    if variant is not None:
        made = listing.extra.get(_MADE, "").split(", ")
        cells["sku"] = "" if variant.sku in made else variant.sku
        cells["barcode"] = variant.barcode or ""
        if variant.stock is not None:
            cells |= {"tracker": "shopify", "quantity": str(variant.stock)}
    price = listing.price_of(variant)
    cells["price"] = "" if price is None else unmistakable(price.amount)
    for field in ("compare_at", "cost"):
        money: Any = (variant and getattr(variant, field)) or getattr(listing.price, field)
        cells[field] = "" if money is None else unmistakable(money.amount)
    weight = listing.weight_of(variant)
    cells["grams"] = "" if weight is None else unmistakable(grams(weight.value, weight.unit))
    cells["weight_unit"] = "" if weight is None else weight.unit
    cells["requires_shipping"] = "true" if listing.kind == "goods" else "false"
    cells["taxable"] = "true"
    return cells
