"""Meta's catalog: a main feed as RSS or CSV, and feeds that override it for one country or one language.

Availability is said with spaces, unlike Google's. The two overrides hold different fields, as Meta asks: texts in that
of a language, amounts, availability and address in that of a country; the rest is the main feed's.
"""

from __future__ import annotations

from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final

from listings.channels import commas, rss
from listings.channels.forms import PRICE
from listings.channels.port import Feed, Finding, Kind, Record
from listings.channels.rows import belongs
from listings.channels.rules import check, rules_of
from listings.channels.text import address, line, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from listings.channels.item import CatalogItem, Charges, Shipping

AVAILABILITY: Final = {
    "in_stock": "in stock",
    "out_of_stock": "out of stock",
    "preorder": "preorder",
    "backorder": "available for order",
}
COLUMNS: Final = (
    *("id", "title", "description", "availability", "condition", "price", "link", "image_link"),
    *("additional_image_link", "brand", "gtin", "mpn", "sale_price", "sale_price_effective_date", "item_group_id"),
    *("google_product_category", "product_type", "color", "size", "material", "pattern", "gender", "age_group"),
    *("shipping", "shipping_weight", "quantity_to_sell_on_facebook", "origin_country"),
)
# What an override may say; the fields of one are in no other.
OVERRIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "country": ("price", "sale_price", "sale_price_effective_date", "availability", "link"),
    "language": ("title", "description"),
}
_LISTS: Final = frozenset({"additional_image_link", "shipping"})
_WAY: Final = ("country", "region", "service", "price")
_MOST_PHOTOS: Final = 21
_SIGNS: Final = str.maketrans({":": " ", ",": " "})


class Meta:
    """Feeds of Meta's catalogs."""

    channel: ClassVar[str] = "meta"
    settled: ClassVar[tuple[str, ...]] = ()
    key: ClassVar[str] = "id"
    kinds: ClassVar[Mapping[str, Kind]] = {
        "csv": Kind(".csv", "text/csv"),
        "rss": Kind(".xml", "application/rss+xml"),
        "country": Kind(".csv", "text/csv", is_partial=True),
        "language": Kind(".csv", "text/csv", is_partial=True),
    }
    charges: ClassVar[tuple[Charges, ...]] = ("price", "shipping", "apart")

    def record(self, item: CatalogItem, feed: Feed) -> Record:
        """Return a row in Meta's words; ``ValueError`` for one of another market or language."""
        belongs(item, feed)
        photos = [address(one) for one in item.photos[:_MOST_PHOTOS]]
        span = (item.sale_from, item.sale_until)
        said: dict[str, Any] = {
            "id": item.id,
            "title": line(item.title.text),
            "description": plain(item.description.text),
            "availability": AVAILABILITY[item.availability],
            "condition": item.condition,
            "price": str(item.price),
            "link": address(item.link),
            "image_link": photos[0] if photos else None,
            "additional_image_link": photos[1:],
            "brand": item.brand,
            "gtin": item.gtin,
            "mpn": item.mpn,
            "sale_price": None if item.sale is None else str(item.sale),
            "sale_price_effective_date": f"{span[0]}T00:00Z/{span[1]}T23:59Z" if all(span) else None,
            "item_group_id": item.group,
            "google_product_category": None if item.category_id is None else str(item.category_id),
            "product_type": item.category and line(item.category),
            "color": item.color,
            "size": item.size,
            "material": item.material or "/".join(item.materials),
            "pattern": item.pattern,
            "gender": item.gender,
            "age_group": item.age_group,
            "shipping": [_shipping(one) for one in item.shipping],
            "shipping_weight": f"{item.grams} g" if item.grams else None,
            "quantity_to_sell_on_facebook": None if item.stock is None else str(item.stock),
            "origin_country": item.origin,
        }
        if (fields := OVERRIDES.get(feed.kind)) is not None:
            over = feed.market if feed.kind == "country" else language_code(feed.language)
            said = {"id": item.id, "override": over, **{name: said[name] for name in fields}}
        return {name: value for name, value in said.items() if value}

    def validate(self, record: Record, feed: Feed, number: int | None = None) -> list[Finding]:
        """Return what is wrong by the rules of ``fields/meta.yaml``, and what no single field tells.

        An override needs nothing but id, country or language, and one thing that it changes.
        """
        rules = rules_of(self.channel)
        id_ = str(record.get("id", ""))
        fields = OVERRIDES.get(feed.kind)
        if fields is not None:
            needed = {("id",)}
            rules = tuple(one for one in rules if one.check != "required" or one.fields in needed)
        found = check(rules, record, feed, number)
        wrong = {one.field for one in found}
        if fields is not None:
            found += _of_override(record, feed, fields, number)
        price, sale = (PRICE.fullmatch(str(record.get(name, ""))) for name in ("price", "sale_price"))
        if "sale_price" not in wrong and price and sale and Decimal(sale[1]) >= Decimal(price[1]):
            found.append(Finding(id_, "sale_price", "sale_above", {"sale": sale[0], "price": price[0]}, number))
        return found

    def write(self, records: Iterable[Record], feed: Feed) -> Iterator[bytes]:
        """Write RSS or a table."""
        if feed.kind == "rss":
            return rss.write(records, feed)
        return commas.write((_row(one) for one in records), _header(feed.kind))

    def read(self, source: IO[bytes], feed: Feed) -> Iterator[Record]:
        """Read RSS or a table."""
        return rss.read(source, _LISTS) if feed.kind == "rss" else (_record(one) for one in commas.read(source))


def language_code(language: str) -> str:
    """Return a language as Meta's override says it: without a country, which is for the countries' feed.

    >>> language_code("es-MX")
    'es_XX'
    """
    return f"{language.partition('-')[0]}_XX"


def _header(kind: str) -> tuple[str, ...]:
    fields = OVERRIDES.get(kind)
    return COLUMNS if fields is None else ("id", "override", *fields)


def _of_override(record: Record, feed: Feed, fields: tuple[str, ...], number: int | None) -> Iterator[Finding]:
    id_ = str(record.get("id", ""))
    wanted = feed.market if feed.kind == "country" else language_code(feed.language)
    if record.get("override") != wanted:
        values = {"value": str(record.get("override", "")), "known": wanted}
        yield Finding(id_, "override", "one_of", values, number)
    for name in record:
        if name not in {"id", "override", *fields}:
            yield Finding(id_, name, "not_here", {"kind": feed.kind, "names": ", ".join(fields)}, number)
    if not record.keys() & set(fields):
        yield Finding(id_, fields[0], "required", {"names": ", ".join(fields)}, number)


def _shipping(way: Shipping) -> dict[str, str]:
    # Four parts with colons between them are all that a cell of Meta's table can say of a way.
    said = {"country": way.country, "region": way.region, "service": line(way.service.translate(_SIGNS))}
    return {name: text for name, text in (said | {"price": str(way.price)}).items() if text}


def _row(record: Record) -> dict[str, str]:
    ways = [":".join(way.get(name, "") for name in _WAY) for way in record.get("shipping", ())]
    several = {"shipping": ",".join(ways), "additional_image_link": ",".join(record.get("additional_image_link", ()))}
    return record | {name: text for name, text in several.items() if text}


def _record(row: dict[str, str]) -> Record:
    record: Record = {name.strip(): cell for name, cell in row.items()}
    if "additional_image_link" in record:
        record["additional_image_link"] = [one.strip() for one in record["additional_image_link"].split(",")]
    if "shipping" in record:
        ways = [one.strip().split(":") for one in record["shipping"].split(",")]
        record["shipping"] = [{name: part for name, part in zip(_WAY, way, strict=False) if part} for way in ways]
    return record
