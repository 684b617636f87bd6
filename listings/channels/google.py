"""Google Merchant Center: RSS 2.0 and tab-separated text, one file for each market and language.

Field names and words of lists are English in every language, as its specification of product data asks. A text that a
machine made goes into ``structured_title`` and ``structured_description`` with its source, one of a person into
``title`` and ``description``; never both, for then the plain one counts.
"""

from __future__ import annotations

from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final

from listings.channels import rss, tabs
from listings.channels.forms import PRICE
from listings.channels.port import Feed, Finding, Kind, Record
from listings.channels.rules import check, rules_of
from listings.channels.text import address, line, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from listings.channels.item import CatalogItem, Charges, Shipping, Text

MACHINE: Final = "trained_algorithmic_media"
_SHIPPING: Final = (
    *("country", "region", "service", "price"),
    *("min_handling_time", "max_handling_time", "min_transit_time", "max_transit_time"),
)
_STRUCTURED: Final = ("digital_source_type", "content")
_MOST_PHOTOS: Final = 11
_C: Final = tabs.Column
COLUMNS: Final = (
    *(_C("id"), _C("title"), _C("structured_title", _STRUCTURED), _C("description")),
    *(_C("structured_description", _STRUCTURED), _C("link"), _C("image_link"), _C("additional_image_link", (), True)),  # noqa: FBT003
    *(_C("availability"), _C("availability_date"), _C("expiration_date"), _C("price"), _C("sale_price")),
    *(_C("sale_price_effective_date"), _C("condition"), _C("brand"), _C("gtin"), _C("mpn"), _C("identifier_exists")),
    *(_C("google_product_category"), _C("product_type"), _C("item_group_id"), _C("color"), _C("size"), _C("material")),
    *(_C("pattern"), _C("gender"), _C("age_group"), _C("shipping", _SHIPPING, True)),  # noqa: FBT003
    *(_C("shipping_weight"), _C("ships_from_country")),
)
_LISTS: Final = frozenset(one.name for one in COLUMNS if one.several)


class Google:
    """Feeds of Google Merchant Center."""

    channel: ClassVar[str] = "google"
    settled: ClassVar[tuple[str, ...]] = ()
    key: ClassVar[str] = "id"
    kinds: ClassVar[Mapping[str, Kind]] = {
        "rss": Kind(".xml", "application/rss+xml"),
        "tsv": Kind(".tsv", "text/tab-separated-values"),
    }
    charges: ClassVar[tuple[Charges, ...]] = ("price", "shipping", "apart")

    def record(self, item: CatalogItem, feed: Feed) -> Record:
        """Return a row in Google's words; ``ValueError`` for one of another market or language."""
        if (item.market, item.language.partition("-")[0]) != (feed.market, feed.language.partition("-")[0]):
            raise ValueError(f"{item.id} is for {item.market} in {item.language}, the feed for {feed}")
        brand, gtin, mpn = item.brand, item.gtin, item.mpn
        photos = [address(one) for one in item.photos[:_MOST_PHOTOS]]
        span = (item.sale_from, item.sale_until)
        said: dict[str, Any] = {
            "id": item.id,
            **_text("title", line(item.title.text), item.title),
            **_text("description", plain(item.description.text), item.description),
            "link": address(item.link),
            "image_link": photos[0] if photos else None,
            "additional_image_link": photos[1:],
            "availability": item.availability,
            "availability_date": _stamp(item.available_on),
            "expiration_date": _stamp(item.expires_on),
            "price": str(item.price),
            "sale_price": None if item.sale is None else str(item.sale),
            "sale_price_effective_date": f"{_stamp(span[0])}/{_stamp(span[1], last=True)}" if all(span) else None,
            "condition": item.condition,
            "brand": brand,
            "gtin": gtin,
            "mpn": mpn,
            "identifier_exists": None if brand or gtin or mpn else "no",
            "google_product_category": None if item.category_id is None else str(item.category_id),
            "product_type": item.category and line(item.category),
            "item_group_id": item.group,
            "color": item.color,
            "size": item.size,
            "material": item.material or "/".join(item.materials),
            "pattern": item.pattern,
            "gender": item.gender,
            "age_group": item.age_group,
            "shipping": [_shipping(one) for one in item.shipping],
            "shipping_weight": f"{item.grams} g" if item.grams else None,
            "ships_from_country": item.dispatch,
        }
        return {name: value for name, value in said.items() if value}

    def validate(self, record: Record, feed: Feed, number: int | None = None) -> list[Finding]:
        """Return what is wrong by the rules of ``fields/google.yaml``, and what no single field tells."""
        found = check(rules_of(self.channel), record, feed, number)
        wrong = {one.field for one in found}
        id_ = str(record.get("id", ""))

        def tell(field: str, rule: str, *, is_warning: bool = False, **values: str) -> None:
            if field not in wrong:
                found.append(Finding(id_, field, rule, values, number, is_warning))

        if record.get("availability") in {"preorder", "backorder"} and "availability_date" not in record:
            tell("availability_date", "date_needed", availability=str(record["availability"]))
        if {"brand", "gtin", "mpn"} & record.keys() and record.get("identifier_exists") in {"no", "false"}:
            tell("identifier_exists", "identifier_there")
        if (both := _not_below(record)) is not None:
            tell("sale_price", "sale_above", sale=both[0], price=both[1])
        for name in _said_twice(record):
            tell(f"structured_{name}", "said_twice", other=name)
        for way in record.get("shipping", ()):
            if isinstance(way, dict):
                _check_days(way, tell)
        if not any(isinstance(way, dict) and way.get("country") == feed.market for way in record.get("shipping", ())):
            tell("shipping", "no_shipping", is_warning=True, market=feed.market)
        return found

    def write(self, records: Iterable[Record], feed: Feed) -> Iterator[bytes]:
        """Write RSS or a table."""
        return rss.write(records, feed) if feed.kind == "rss" else tabs.write(records, COLUMNS)

    def read(self, source: IO[bytes], feed: Feed) -> Iterator[Record]:
        """Read RSS or a table."""
        return rss.read(source, _LISTS) if feed.kind == "rss" else tabs.read(source, COLUMNS)


def _text(name: str, text: str, of: Text) -> dict[str, Any]:
    if of.by == "machine" and text:
        return {f"structured_{name}": {"digital_source_type": MACHINE, "content": text}}
    return {name: text}


def _said_twice(record: Record) -> list[str]:
    return [name for name in ("title", "description") if name in record and f"structured_{name}" in record]


def _not_below(record: Record) -> tuple[str, str] | None:
    """Return sale price and price where the first is not the lower."""
    price, sale = (PRICE.fullmatch(str(record.get(name, ""))) for name in ("price", "sale_price"))
    return (sale[0], price[0]) if price and sale and Decimal(sale[1]) >= Decimal(price[1]) else None


def _stamp(day: Any, *, last: bool = False) -> str | None:  # noqa: ANN401 - a day or none
    return None if day is None else f"{day.isoformat()}T{'23:59' if last else '00:00'}Z"


def _shipping(way: Shipping) -> dict[str, str]:
    said = {"country": way.country, "region": way.region, "service": line(way.service), "price": str(way.price)}
    for name, days in (("handling", way.handling), ("transit", way.transit)):
        if days is not None:
            said |= {f"min_{name}_time": str(days[0]), f"max_{name}_time": str(days[1])}
    return {name: text for name, text in said.items() if text}


def _check_days(way: Mapping[str, str], tell: Any) -> None:  # noqa: ANN401 - the caller's own
    for name in ("handling", "transit"):
        first, last = way.get(f"min_{name}_time", ""), way.get(f"max_{name}_time", "")
        if first.isdigit() and last.isdigit() and int(first) > int(last):
            tell(f"shipping.min_{name}_time", "days_turned", first=first, last=last)
    if bool(way.get("max_handling_time")) != bool(way.get("max_transit_time")):
        # Of one without the other Google makes no date of delivery.
        tell("shipping", "half_the_days", is_warning=True)
