"""What a page of a product says of it to machines: schema.org's Product with its offer, as JSON-LD.

The price is the one that the page shows; import charges that are not in it are no part of it either. schema.org has no
field for them, so they stand in the text of the page.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, ClassVar, Final

from listings.channels import bodies
from listings.channels.bodies import Amount, Shape
from listings.channels.port import Feed, Finding, Kind, Record
from listings.channels.rows import belongs, filled, sale_on
from listings.channels.rules import check, rules_of
from listings.channels.text import address, line, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from listings.channels.item import CatalogItem, Charges, Shipping

CONTEXT: Final = "https://schema.org/"
_AVAILABILITY: Final = {
    "in_stock": f"{CONTEXT}InStock",
    "out_of_stock": f"{CONTEXT}OutOfStock",
    "preorder": f"{CONTEXT}PreOrder",
    "backorder": f"{CONTEXT}BackOrder",
}
_CONDITION: Final = {
    "new": f"{CONTEXT}NewCondition",
    "used": f"{CONTEXT}UsedCondition",
    "refurbished": f"{CONTEXT}RefurbishedCondition",
}
_DAYS: Final = [
    f"offers.shippingDetails.deliveryTime.{time}Time.{end}Value"
    for time in ("handling", "transit")
    for end in ("min", "max")
]
SHAPE: Final = Shape(
    {
        "offers.price": Amount("price", "priceCurrency", as_text=True),
        "offers.shippingDetails.shippingRate": Amount(
            *("value", "currency"), inside=True, as_text=True, more={"@type": "MonetaryAmount"}
        ),
    },
    frozenset({*_DAYS, "offers.hasMerchantReturnPolicy.merchantReturnDays"}),
)


class JsonLd:
    """The seller's own pages: one document of JSON-LD for each of them, a line each."""

    channel: ClassVar[str] = "shop"
    settled: ClassVar[tuple[str, ...]] = ()
    key: ClassVar[str] = "sku"
    kinds: ClassVar[Mapping[str, Kind]] = {"jsonld": Kind(".jsonl", "application/x-ndjson")}
    charges: ClassVar[tuple[Charges, ...]] = ("price", "shipping", "apart")

    def record(self, item: CatalogItem, feed: Feed) -> Record:
        """Return a row in schema.org's words; ``ValueError`` for one of another market or language."""
        belongs(item, feed)
        said: dict[str, Any] = {
            "@type": "Product",
            "name": line(item.title.text),
            "description": plain(item.description.text),
            "sku": item.id,
            "gtin": item.gtin,
            "mpn": item.mpn,
            "inLanguage": item.language if "-" in item.language else f"{item.language}-{item.market}",
            "image": [address(one) for one in item.photos],
            "brand": {"@type": "Brand", "name": item.brand} if item.brand else None,
            "category": item.category and line(item.category),
            "color": item.color,
            "size": item.size,
            "material": item.material or ", ".join(item.materials),
            "pattern": item.pattern,
            "inProductGroupWithID": item.group,
            "offers": _offer(item, feed),
        }
        record: Record = filled(said)
        return record

    def validate(self, record: Record, feed: Feed, number: int | None = None) -> list[Finding]:
        """Return what is wrong by the rules of ``fields/shop.yaml``, and delivery times whose ends are turned."""
        found = check(rules_of(self.channel), record, feed, number, key=self.key)
        offer = record.get("offers", {})
        for way in offer.get("shippingDetails", ()) if isinstance(offer, dict) else ():
            for time, span in way.get("deliveryTime", {}).items() if isinstance(way, dict) else ():
                first, last = (span.get(end, "") if isinstance(span, dict) else "" for end in ("minValue", "maxValue"))
                if first.isdigit() and last.isdigit() and int(first) > int(last):
                    where = f"offers.shippingDetails.deliveryTime.{time}.minValue"
                    values = {"first": first, "last": last}
                    found.append(Finding(str(record.get("sku", "")), where, "days_turned", values, number))
        return found

    def write(self, records: Iterable[Record], feed: Feed) -> Iterator[bytes]:  # noqa: ARG002 - the port's
        """Write one document on each line."""
        return bodies.write_lines(document(one) for one in records)

    def read(self, source: IO[bytes], feed: Feed) -> Iterator[Record]:
        """Read documents."""
        for body in bodies.read(source):
            body.pop("@context", None)
            yield SHAPE.record(body, feed.currency)


def document(record: Record) -> dict[str, Any]:
    """Return a record as a document of its own."""
    return {"@context": CONTEXT, **SHAPE.body(record)}


def aggregate(stars: str, count: int, period: str) -> dict[str, Any]:
    """Return the mean of so many ratings, 1 to 5 stars, as schema.org has it; ``period`` is told in words.

    It is of whom was rated: a shop's ratings belong to its Organization, not to a product.
    """
    return {
        "@type": "AggregateRating",
        "ratingValue": stars,
        "ratingCount": count,
        "bestRating": 5,
        "worstRating": 1,
        "description": period,
    }


def script(record: Record) -> str:
    r"""Return a record as the element that stands in its page; nothing in a text can end the element.

    >>> script({"@type": "Product", "name": "</script>"})
    '<script type="application/ld+json">{"@context":"https://schema.org/","@type":"Product","name":"\\u003c/script\\u003e"}</script>'
    """
    text = bodies.dumps(document(record))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/ld+json">{text}</script>'


def _offer(item: CatalogItem, feed: Feed) -> dict[str, Any]:
    # Of the two prices the one that a buyer sees today.
    sale = sale_on(item, feed.on)
    until = item.expires_on if sale is None else item.sale_until or item.expires_on
    return {
        "@type": "Offer",
        "price": str(sale or item.price),
        "priceValidUntil": until and until.isoformat(),
        "availability": _AVAILABILITY[item.availability],
        "availabilityStarts": item.available_on and item.available_on.isoformat(),
        "itemCondition": _CONDITION[item.condition],
        "url": address(item.link),
        "shippingDetails": [_way(one) for one in item.shipping],
        "hasMerchantReturnPolicy": _returns(item),
    }


def _way(way: Shipping) -> dict[str, Any]:
    times = {
        f"{name}Time": {
            "@type": "QuantitativeValue",
            "minValue": str(days[0]),
            "maxValue": str(days[1]),
            "unitCode": "DAY",
        }
        for name, days in (("handling", way.handling), ("transit", way.transit))
        if days is not None
    }
    return {
        "@type": "OfferShippingDetails",
        "shippingRate": str(way.price),
        "shippingDestination": {
            "@type": "DefinedRegion",
            "addressCountry": way.country,
            "addressRegion": way.region,
        },
        "deliveryTime": {"@type": "ShippingDeliveryTime", **times} if times else None,
    }


def _returns(item: CatalogItem) -> dict[str, Any] | None:
    if item.returns_days is None:
        return None
    kind = "MerchantReturnFiniteReturnWindow" if item.returns_days else "MerchantReturnNotPermitted"
    return {
        "@type": "MerchantReturnPolicy",
        "applicableCountry": item.market,
        "returnPolicyCategory": f"{CONTEXT}{kind}",
        "merchantReturnDays": str(item.returns_days) if item.returns_days else None,
    }
