"""Items of MercadoLibre, as its API gives and takes them: an array, one item, or one on each line.

The answer of a multiget (``{"code": 200, "body": {…}}``) is read as its body. The currency is the item's own. The
only SKU that counts is the attribute ``SELLER_SKU``. What has no place is kept as it came, key by key.
"""

from __future__ import annotations

import json
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from listings.formats.merging import BY_SKU
from listings.formats.port import Group
from listings.formats.saying import Saying, made_sku
from listings.formats.units import centimetres, grams

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TextIO

    from listings.changes import Document
    from listings.formats.numbers import Sign
    from listings.formats.port import Draft, Problem, Record, Sheet
    from listings.model import Listing, Variant

_PREFIX: Final = "mercadolibre: "
_MADE: Final = "mercadolibre made SKUs"
_PLACED: Final = frozenset(
    {"id", "title", "price", "currency_id", "original_price", "available_quantity", "pictures", "description", "status"}
)
_SIDES: Final = {"PACKAGE_LENGTH": "length", "PACKAGE_WIDTH": "width", "PACKAGE_HEIGHT": "height"}
_TAKEN: Final = frozenset({"BRAND", "SELLER_SKU", "GTIN", "PACKAGE_WEIGHT", *_SIDES})
_OF_VARIATION: Final = frozenset({"price", "available_quantity", "attribute_combinations", "attributes"})
_MEASURE: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(kg|g|lb|oz|cm|mm|in|m)")
_AMOUNT: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
# A number of JSON that is written digit by digit: a float would change it. No text of a listing holds a NUL.
_NUMBER: Final = "\x00number:"
_WRITTEN: Final = re.compile(r'"\\u0000number:([0-9.]+)"')


class MercadoLibre:
    """The format."""

    name = "mercadolibre"
    kind: Literal["table", "json"] = "json"
    fields: Sequence[str] = ()
    signs: Mapping[str, Sign] = MappingProxyType({})

    def columns(self, header: Sequence[str]) -> dict[str, str]:  # noqa: ARG002  # the port's signature
        """Return nothing: items have keys."""
        return {}

    def is_its_own(self, columns: Mapping[str, str]) -> bool:  # noqa: ARG002  # the port's signature
        """Return whether a table is of this format: it never is."""
        return False

    def group(self, record: Record, row: int) -> Group:
        """Return the item's id, or its SKU; an item with neither stands alone."""
        item = _item(record)
        skus = [_sku(one) for one in _objects(item, "variations")] or [_sku(item)]
        return Group(_key(item) or f"#{row}", skus=tuple(sku for sku in skus if sku))

    def numbers(self, record: Record) -> Iterator[tuple[str, str]]:  # noqa: ARG002  # the port's signature
        """Return nothing: JSON writes a point."""
        return iter(())

    def notes(self, sheet: Sheet) -> list[Problem]:  # noqa: ARG002  # the port's signature
        """Return nothing: what is read means the same in every shop."""
        return []

    def draft(self, rows: Sequence[tuple[int, Record]], sheet: Sheet) -> Draft:
        """Return what an item says; one whose id came before is a problem."""
        row, record = rows[0]
        saying = _Item(sheet, row, _item(record))
        saying.take()
        for other, _ in rows[1:]:
            saying.wrong("key_twice", other, "id", key=saying.key, first=str(row))
        return saying.draft(saying.key, [one for one, _ in rows])

    def write(self, listings: Callable[[], Iterable[Listing]], out: TextIO, *, with_costs: bool = False) -> None:  # noqa: ARG002  # items have no cost
        """Write an array, one item on each line."""
        out.write("[")
        for number, one in enumerate(listings()):
            out.write(",\n" if number else "\n")
            out.write(_WRITTEN.sub(r"\1", json.dumps(_written(one), ensure_ascii=False)))
        out.write("\n]\n")


class _Item(Saying):
    """One item."""

    def __init__(self, sheet: Sheet, row: int, item: Document) -> None:
        super().__init__(sheet)
        self.row, self.item = row, item
        self.key = _key(item)
        self.currency = _text(item.get("currency_id")) or None
        self.rest: dict[str, str | None] = {}

    def take(self) -> None:
        """Take everything down."""
        said, item = self.said, self.item
        self.places["key"] = (self.row, "id")
        said["new"] = {"language": self.sheet.options.language}
        if not self.key:
            self.wrong("key_missing", self.row, "id")
            self.key = f"#{self.row}"
        if "title" in item:
            self.put(said, "title", _text(item["title"]).strip(), self.row, "title")
        if "description" in item:
            found = item["description"]
            text = _text(found.get("plain_text") if isinstance(found, dict) else found)
            self.put(said, "description", self.html(text, self.row, "description"), self.row, "description")
        if "status" in item:
            said["is_active"] = item["status"] == "active"
        if "pictures" in item:
            addresses = [
                _text(one.get("secure_url") or one.get("source") or one.get("url"))
                for one in _objects(item, "pictures")
            ]
            self.put(said, "pictures", self.addresses(addresses, self.row, "pictures"), self.row, "pictures")
        self._attributes()
        self._pieces()
        for name, value in item.items():
            if name not in _PLACED and name not in {"variations", "attributes"}:
                self.rest[_PREFIX + name] = None if value in (None, "", [], {}) else _json(value)
        said["extra"] = self.rest

    def _attributes(self) -> None:
        if "attributes" not in self.item:
            return
        values = _values(self.item)
        if "BRAND" in values:
            self.put(self.said, "brand", values["BRAND"], self.row, "attributes", "brand")
        rest = [one for one in _objects(self.item, "attributes") if _text(one.get("id")) not in _TAKEN]
        self.rest[f"{_PREFIX}attributes"] = _json(rest) if rest else None

    def _pieces(self) -> None:
        common = self._common()
        variations = _objects(self.item, "variations")
        made: list[str] = []
        found: list[Document] = []
        kept: dict[str, Document] = {}
        for one in variations:
            options = {
                name: _text(part.get("value_name")).strip()
                for part in _objects(one, "attribute_combinations")
                if (name := _text(part.get("name") or part.get("id")).strip()) and _text(part.get("value_name")).strip()
            }
            sku = _sku(one)
            if not sku:
                sku = made_sku(self.key, list(options.values()))
                made.append(sku)
                self.note("sku_made", self.row, "variations", sku=sku)
            if any(other["sku"] == sku for other in found):
                self.wrong("options_twice", self.row, "variations")
                continue
            found.append(self._variant(one, sku, common, options))
            kept[sku] = {name: value for name, value in one.items() if name not in _OF_VARIATION}
            rest = [part for part in _objects(one, "attributes") if _text(part.get("id")) not in _TAKEN]
            kept[sku] |= {"attributes": rest} if rest else {}
            combinations = _objects(one, "attribute_combinations")
            if any(part.keys() - {"name", "value_name"} for part in combinations):
                kept[sku]["attribute_combinations"] = combinations
        if variations:
            self.rest[f"{_PREFIX.removesuffix(': ')}{BY_SKU}variations"] = _json(kept) if any(kept.values()) else None
        else:
            sku, stock = _sku(self.item), self._stock(self.item)
            barcode = _values(self.item).get("GTIN", "")
            if not sku and stock is None and not barcode:
                self.said["piece"] = common | self._prices(self.item, "piece/")
            else:
                if not sku:
                    sku = self.key[:64]
                    made.append(sku)
                    self.note("sku_made", self.row, "attributes", sku=sku)
                found.append(self._variant(self.item, sku, common, {}))
        if found:
            self.said["variants"] = found
        if made:
            self.rest[_MADE] = ", ".join(made)

    def _variant(self, one: Document, sku: str, common: Document, options: dict[str, str]) -> Document:
        way = f"variants/{sku}"
        variant: Document = {"sku": sku, "piece": common | self._prices(one, f"{way}/")}
        self.places[way] = (self.row, "variations")
        if options:
            self.put(variant, "options", options, self.row, "variations", f"{way}/options")
        if "attributes" in one:
            self.put(variant, "barcode", _values(one).get("GTIN", ""), self.row, "attributes", f"{way}/barcode")
        if "available_quantity" in one:
            self.put(variant, "stock", self._stock(one), self.row, "available_quantity", f"{way}/stock")
        return variant

    def _stock(self, one: Document) -> int | None:
        value = one.get("available_quantity")
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        return self.integer(_text(value), self.row, "available_quantity")

    def _prices(self, one: Document, way: str) -> Document:
        found: Document = {}
        for name, field in (("price", "price"), ("original_price", "compare_at")):
            value = one.get(name, self.item.get(name))
            if name in one or name in self.item:
                self.put(found, field, self._money(value, name), self.row, name, way + field)
        return found

    def _money(self, value: object, name: str) -> dict[str, str] | None:
        text = _text(value)
        if not text:
            if value is not None:
                self.wrong("number_bad", self.row, name, value=_json(value))
            return None
        if not _AMOUNT.fullmatch(text):
            self.wrong("number_bad", self.row, name, value=text)
            return None
        code = self.currency or self.sheet.options.currency
        if code is None:
            self.wrong("currency_missing", self.row, name, value=text)
            return None
        return {"amount": text, "currency": code}

    def _common(self) -> Document:
        """Return weight and measures of the parcel, which stand in attributes of the item."""
        if "attributes" not in self.item:
            return {}
        values = _values(self.item)
        found: Document = {}
        if "PACKAGE_WEIGHT" in values:
            weight = _MEASURE.fullmatch(values["PACKAGE_WEIGHT"])
            if weight is None or weight[2] not in {"kg", "g", "lb", "oz"}:
                self.wrong("measure_bad", self.row, "PACKAGE_WEIGHT", value=values["PACKAGE_WEIGHT"])
            else:
                self.put(
                    found, "weight", {"value": weight[1], "unit": weight[2]}, self.row, "attributes", "piece/weight"
                )
        if all(name in values for name in _SIDES):
            sides = [_MEASURE.fullmatch(values[name]) for name in _SIDES]
            units = {side[2] for side in sides if side is not None}
            if None in sides or units & {"kg", "g", "lb", "oz"}:
                self.wrong("measure_bad", self.row, "PACKAGE_LENGTH", value=", ".join(values[name] for name in _SIDES))
            else:
                unit = units.pop() if len(units) == 1 else "cm"
                numbers = [side[1] if side[2] == unit else centimetres(side[1], side[2]) for side in sides if side]
                sizes = dict(zip(_SIDES.values(), numbers, strict=True)) | {"unit": unit}
                self.put(found, "dimensions", sizes, self.row, "attributes", "piece/dimensions")
        return found


def _item(record: Record) -> Document:
    body = record.get("body")
    return body if isinstance(body, dict) and "code" in record else record


def _objects(item: Document, name: str) -> list[Document]:
    found = item.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(value: object) -> str:
    return str(value) if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)) else ""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _values(item: Document) -> dict[str, str]:
    """Return the attributes by id; a measure that stands in parts is written together."""
    found = {}
    for one in _objects(item, "attributes"):
        text = _text(one.get("value_name")).strip()
        struct = one.get("value_struct")
        if not text and isinstance(struct, dict):
            text = f"{_text(struct.get('number'))} {_text(struct.get('unit'))}".strip()
        if text:
            found[_text(one.get("id"))] = text
    return found


def _sku(item: Document) -> str:
    return _values(item).get("SELLER_SKU") or _text(item.get("seller_custom_field")).strip()


def _key(item: Document) -> str:
    return (_text(item.get("id")) or _sku(item)).strip()


# -- writing ------------------------------------------------------------------------------------------------------
def _written(listing: Listing) -> Document:
    kept = {
        name.removeprefix(_PREFIX): json.loads(value)
        for name, value in listing.extra.items()
        if name.startswith(_PREFIX)
    }
    made = listing.extra.get(_MADE, "").split(", ")
    found: Document = {"id": listing.key, "title": listing.title}
    if listing.description:
        found["description"] = {"plain_text": listing.description}
    found["status"] = "active" if listing.status == "active" else "paused"
    found["pictures"] = [{"source": address} for address in listing.pictures]
    attributes = [{"id": "BRAND", "value_name": listing.brand}] if listing.brand else []
    attributes += _measures(listing)
    is_varied = any(one.options for one in listing.variants)
    single = listing.variants[0] if listing.variants and not is_varied else None
    found |= _prices_of(listing, single)
    if single is not None:
        attributes += _names(single, made)
        if single.stock is not None:
            found["available_quantity"] = single.stock
    found["attributes"] = attributes + kept.pop("attributes", [])
    if is_varied:
        by_sku = json.loads(listing.extra.get(f"{_PREFIX.removesuffix(': ')}{BY_SKU}variations", "{}"))
        found["variations"] = [_variation(listing, one, by_sku.get(one.sku, {}), made) for one in listing.variants]
    return kept | found


def _variation(listing: Listing, variant: Variant, kept: Document, made: Sequence[str]) -> Document:
    found = dict(kept)
    before = {_text(one.get("name") or one.get("id")): one for one in _objects(kept, "attribute_combinations")}
    found["attribute_combinations"] = [
        before[name] if _text(before.get(name, {}).get("value_name")) == value else {"name": name, "value_name": value}
        for name, value in variant.options.items()
    ]
    found |= {name: value for name, value in _prices_of(listing, variant).items() if name == "price"}
    if variant.stock is not None:
        found["available_quantity"] = variant.stock
    found["attributes"] = _names(variant, made) + _objects(kept, "attributes")
    return found


def _names(variant: Variant, made: Sequence[str]) -> list[Document]:
    found = [] if variant.sku in made else [{"id": "SELLER_SKU", "value_name": variant.sku}]
    return found + ([{"id": "GTIN", "value_name": variant.barcode}] if variant.barcode else [])


def _prices_of(listing: Listing, variant: Variant | None) -> Document:
    price = listing.price_of(variant)
    before = (variant and variant.compare_at) or listing.price.compare_at
    found: Document = {}
    if price is not None:
        found |= {"price": _NUMBER + price.amount, "currency_id": price.currency}
    if before is not None:
        found["original_price"] = _NUMBER + before.amount
    return found


def _measures(listing: Listing) -> list[Document]:
    """Return the parcel's weight and measures, where all variants have the same: an item has one parcel."""
    pieces = listing.variants or (None,)
    weights = {listing.weight_of(one) for one in pieces}
    sizes = {(one and one.dimensions) or listing.dimensions for one in pieces}
    weight = weights.pop() if len(weights) == 1 else None
    sides = sizes.pop() if len(sizes) == 1 else None
    found = []
    if weight is not None:
        found.append({"id": "PACKAGE_WEIGHT", "value_name": f"{grams(weight.value, weight.unit)} g"})
    if sides is not None:
        found += [
            {"id": name, "value_name": f"{centimetres(getattr(sides, side), sides.unit)} cm"}
            for name, side in _SIDES.items()
        ]
    return found
