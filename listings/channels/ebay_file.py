"""eBay's upload file (File Exchange, now in Seller Hub): CSV whose first header names site, country and currency.

A product in several sizes is one row that lists what there is to choose, and a row for each piece below it. Amounts
carry no currency of their own: the header's is that of the file, and no row of another gets in.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final

from listings.channels import commas
from listings.channels.ebay import LONGEST_ASPECT
from listings.channels.forms import PRICE
from listings.channels.port import Feed, Finding, Kind, Record, UnreadableError, UnwritableError
from listings.channels.rows import belongs, filled, html, sale_on
from listings.channels.rules import check, rules_of
from listings.channels.text import address, line, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from listings.channels.item import CatalogItem, Charges

_VERSION: Final = "1193"
_SITES: Final = {"US": "US", "ES": "Spain"}
# Column by field, in the order of the file; what eBay always asks for has a star.
_COLUMNS: Final = {
    "sku": "CustomLabel",
    "category": "*Category",
    "title": "*Title",
    "description": "*Description",
    "condition": "*ConditionID",
    "images": "PicURL",
    "format": "*Format",
    "duration": "*Duration",
    "price": "*StartPrice",
    "quantity": "*Quantity",
    "location": "*Location",
    "dispatch_days": "*DispatchTimeMax",
    "shipping_profile": "ShippingProfileName",
    "return_profile": "ReturnProfileName",
    "payment_profile": "PaymentProfileName",
    "upc": "Product:UPC",
    "ean": "Product:EAN",
    "brand": "*C:Brand",
    "mpn": "C:MPN",
    "color": "C:Color",
    "size": "C:Size",
    "material": "C:Material",
    "country": "C:Country/Region of Manufacture",
    "relationship": "Relationship",
    "details": "RelationshipDetails",
}
# What is said once for a product that is sold in several sizes or colours, and what of each of them.
_PIECE: Final = frozenset({"sku", "price", "quantity", "upc", "ean", "relationship", "details"})
# What is read back into a record as it stands.
_READ: Final = {*_COLUMNS, "listing"} - {"relationship", "details"}
_SETTINGS: Final = ("location", "shipping_profile", "return_profile", "payment_profile")
# Numbers of eBay's conditions; how used a thing is the seller has to say.
_CONDITION: Final = {"new": "1000", "refurbished": "2500"}
_ACTION: Final = re.compile(r"\*?Action\(SiteID=[^|)]+\|Country=[A-Z]{2}\|Currency=([A-Z]{3})\|.*\)")
_SHORT_GTIN: Final = 12
# Signs that part what is chosen from what is to be chosen from.
_SIGNS: Final = str.maketrans("|;=", "/,:")


class EbayFile:
    """Files that put products on sale at eBay, for a country of dispatch."""

    channel: ClassVar[str] = "ebay_file"
    settled: ClassVar[tuple[str, ...]] = ("country", *_SETTINGS)
    key: ClassVar[str] = "sku"
    kinds: ClassVar[Mapping[str, Kind]] = {"csv": Kind(".csv", "text/csv")}
    # eBay reckons shipping by the seller's profile; of ours only a price with everything inside can be said.
    charges: ClassVar[tuple[Charges, ...]] = ("price", "apart")

    def record(self, item: CatalogItem, feed: Feed) -> Record:
        """Return a piece by our names of the columns; ``ValueError`` for one of another market or language."""
        belongs(item, feed)
        handling = [way.handling[1] for way in item.shipping if way.handling is not None]
        said: dict[str, Any] = {
            "listing": item.group,
            "sku": item.id,
            "category": item.own.get("category"),
            "title": line(item.title.text),
            "description": html(plain(item.description.text)),
            "condition": item.own.get("condition") or _CONDITION.get(item.condition),
            "images": [address(one) for one in item.photos],
            "format": "FixedPrice",
            "duration": "GTC",
            "price": str(sale_on(item, feed.on) or item.price),
            "quantity": "0" if item.availability == "out_of_stock" else None if item.stock is None else str(item.stock),
            "dispatch_days": str(max(handling)) if handling else None,
            "upc" if item.gtin and len(item.gtin) == _SHORT_GTIN else "ean": item.gtin,
            "brand": item.brand,
            "mpn": item.mpn,
            "material": item.material or "/".join(item.materials),
            "country": item.origin,
            # Of a piece that stands alone the file has columns for what is known of everything.
            "color": None if item.group else item.color,
            "size": None if item.group else item.size,
            "options": [{"name": line(name), "value": line(value)} for name, value in item.options.items()]
            if item.group
            else [],
        }
        said |= {name: feed.settings.get(name) for name in _SETTINGS}
        record: Record = filled(said)
        return record

    def validate(self, record: Record, feed: Feed, number: int | None = None) -> list[Finding]:
        """Return what is wrong by the rules of ``fields/ebay_file.yaml``, and with the lengths of what is chosen."""
        found = check(rules_of(self.channel), record, feed, number, key=self.key)
        for one in record.get("options", ()):
            for text, most in zip((one["name"], one["value"]), LONGEST_ASPECT, strict=True):
                if len(text) > most:
                    values = {"limit": str(most), "count": str(len(text))}
                    found.append(Finding(record.get(self.key, ""), "options", "max", values, number))
        return found

    def write(self, records: Iterable[Record], feed: Feed) -> Iterator[bytes]:
        """Write a table; the pieces of one listing have to stand together."""
        rows = (row for pieces in _groups(records) for row in _rows(pieces, feed))
        return commas.write(rows, (_action(feed), *_COLUMNS.values()), mark=True)

    def read(self, source: IO[bytes], feed: Feed) -> Iterator[Record]:
        """Read a table; rows of choices belong to the product above them. ``UnreadableError``."""
        fields = {column.lstrip("*").casefold(): field for field, column in _COLUMNS.items()}
        product: dict[str, str] = {}
        for cells in commas.read(source):
            said = next(filter(None, map(_ACTION.fullmatch, cells)), None)
            currency = feed.currency if said is None else said[1]
            row = {fields.get(name.lstrip("*").casefold(), name): cell for name, cell in cells.items()}
            if row.get("relationship") == "Variation":
                yield _record({**product, **row}, row.get("details", ""), currency)
            elif "details" in row:
                product = {name: cell for name, cell in row.items() if name not in _PIECE}
                product["listing"] = row.get("sku", "")
            else:
                yield _record(row, "", currency)


def _action(feed: Feed) -> str:
    site = _SITES.get(feed.market)
    if site is None:
        raise UnwritableError(f"eBay has no site of ours in {feed.market}")
    country = feed.settings.get("country") or feed.market
    return f"*Action(SiteID={site}|Country={country}|Currency={feed.currency}|Version={_VERSION}|CC=UTF-8)"


def _groups(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Return the pieces of each listing that has several, and each other piece alone."""
    pieces: list[Record] = []
    for one in records:
        if pieces and (pieces[0].get("listing") is None or pieces[0].get("listing") != one.get("listing")):
            yield pieces
            pieces = []
        pieces.append(one)
    if pieces:
        yield pieces


def _rows(pieces: list[Record], feed: Feed) -> Iterator[dict[str, str]]:
    """Return the rows of one listing: a piece alone, or what there is to choose and the choices."""
    action, first = _action(feed), pieces[0]
    if "listing" not in first:
        yield {action: "Add", **_cells(first, feed)}
        return
    chosen = [{_sign(one["name"]): _sign(one["value"]) for one in piece.get("options", ())} for piece in pieces]
    offered: dict[str, dict[str, None]] = {}
    for choice in chosen:
        if not choice:
            raise UnwritableError(f"{first['listing']}: pieces that nothing tells apart")
        for name, value in choice.items():
            offered.setdefault(name, {})[value] = None
    head = {name: cell for name, cell in first.items() if name not in _PIECE} | {"sku": first["listing"]}
    details = "|".join(f"{name}={';'.join(values)}" for name, values in offered.items())
    yield {action: "Add", **_cells(head, feed), _COLUMNS["details"]: details}
    for piece, choice in zip(pieces, chosen, strict=True):
        own = {name: cell for name, cell in piece.items() if name in _PIECE}
        if piece.get("images") != first.get("images"):
            own["images"] = piece["images"]
        details = "|".join(f"{name}={value}" for name, value in choice.items())
        yield {**_cells(own, feed), _COLUMNS["relationship"]: "Variation", _COLUMNS["details"]: details}


def _cells(record: Mapping[str, Any], feed: Feed) -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, held in record.items():
        if name in {"listing", "options"}:
            continue
        if name not in _COLUMNS:
            raise UnwritableError(f"no column for {name}")
        if name == "price":
            found = PRICE.fullmatch(held)
            if found is None or found[2] != feed.currency:
                raise UnwritableError(f"price: {held!r} is no amount in {feed.currency}")
            cells[_COLUMNS[name]] = found[1]
        else:
            cells[_COLUMNS[name]] = "|".join(held) if name == "images" else held
    return cells


def _sign(text: str) -> str:
    return text.translate(_SIGNS)


def _record(row: dict[str, str], details: str, currency: str) -> Record:
    said: dict[str, Any] = {name: cell for name, cell in row.items() if name in _READ}
    options = [part.partition("=") for part in details.split("|") if part]
    if any(not sign for _, sign, _ in options):
        raise UnreadableError(row.get("sku", ""), f"{details!r}: write Name=Value, with | between them")
    said["options"] = [{"name": name, "value": value} for name, _, value in options]
    if "images" in said:
        said["images"] = said["images"].split("|")
    if "price" in said:
        said["price"] = f"{said['price']} {currency}"
    record: Record = filled(said)
    return record
