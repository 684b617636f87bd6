"""Amazon's feed of listings (JSON_LISTINGS_FEED, version 2.0): one message for each piece, between a header and an end.

Attributes are what Amazon's schema of a kind of product asks for, which differs by kind, marketplace and version and is
not kept here: what all kinds ask for is checked, the rest Amazon tells in its report.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final

from listings.channels import bodies
from listings.channels.bodies import Shape
from listings.channels.calls import Calls
from listings.channels.forms import PRICE
from listings.channels.port import Kind, UnreadableError, UnwritableError
from listings.channels.rows import belongs, filled, sale_on
from listings.channels.text import address, line, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from listings.channels.item import CatalogItem
    from listings.channels.port import Feed, Record

MARKETPLACES: Final = {
    "BR": "A2Q3Y263D00KWC",
    "CA": "A2EUQ1WTGCTBG2",
    "ES": "A1RKKUPIHCS9HS",
    "MX": "A1AM78C64UM0Y8",
    "US": "ATVPDKIKX0DER",
}
MOST_MESSAGES: Final = 10_000
# In force since 2025-01-21: signs that a title does not have, and how often a word may stand in it.
_SIGNS: Final = "!$?_{}^¬¦"
_MOST_TIMES: Final = 2
_SHORT_WORD: Final = 3
_CONDITION: Final = {"new": "new_new", "refurbished": "refurbished_refurbished"}
_MOST_PHOTOS: Final = 9
_TITLE: Final = "attributes.item_name"


class Amazon(Calls):
    """Files of listings, at most ten thousand in one."""

    channel: ClassVar[str] = "amazon"
    settled: ClassVar[tuple[str, ...]] = ("sellerId",)
    kinds: ClassVar[Mapping[str, Kind]] = {"json": Kind(".json", "application/json")}
    shape: ClassVar[Shape] = Shape({}, frozenset({"attributes.fulfillment_availability.quantity"}))

    def record(self, item: CatalogItem, feed: Feed) -> Record:
        """Return the message of a piece; ``ValueError`` for a row of another market or language."""
        belongs(item, feed)
        place = MARKETPLACES.get(feed.market)
        tag = f"{feed.language.partition('-')[0]}_{feed.market}"
        stock = "0" if item.availability == "out_of_stock" else None if item.stock is None else str(item.stock)

        def text(value: str | None) -> list[dict[str, str | None]]:
            return [{"value": value, "language_tag": tag, "marketplace_id": place}] if value else []

        def plainly(value: str | None) -> list[dict[str, str | None]]:
            return [{"value": value, "marketplace_id": place}] if value else []

        photos = [[{"media_location": address(one), "marketplace_id": place}] for one in item.photos[:_MOST_PHOTOS]]
        code = {"type": "upc" if item.gtin and len(item.gtin) == len("123456789012") else "ean", "value": item.gtin}
        attributes: dict[str, Any] = {
            "item_name": text(line(item.title.text)),
            "product_description": text(plain(item.description.text)),
            "brand": text(item.brand),
            "part_number": plainly(item.mpn),
            "externally_assigned_product_identifier": [{**code, "marketplace_id": place}] if item.gtin else [],
            "condition_type": plainly(item.own.get("condition_type") or _CONDITION.get(item.condition)),
            "country_of_origin": plainly(item.origin),
            "color": text(item.color),
            "size": text(item.size),
            "material": text(item.material or ", ".join(item.materials)),
            "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": stock}] if stock else [],
            "purchasable_offer": [{"marketplace_id": place, "price": str(sale_on(item, feed.on) or item.price)}],
            **{
                ("main_product_image_locator" if not n else f"other_product_image_locator_{n}"): one
                for n, one in enumerate(photos)
            },
        }
        record: Record = filled(
            {
                "sku": item.id,
                "operationType": "UPDATE",
                "productType": item.own.get("productType"),
                "requirements": "LISTING",
                "attributes": attributes,
            }
        )
        return record

    def more(self, record: Record, feed: Feed) -> Iterator[tuple[str, str, dict[str, str], bool]]:  # noqa: ARG002 - the base's
        """Tell signs that a title does not have, and a word that stands in it three times."""
        for one in record.get("attributes", {}).get("item_name", ()):
            title = one.get("value", "")
            sign = next((sign for sign in title if sign in _SIGNS), None)
            if sign:
                yield _TITLE, "sign", {"sign": sign, "signs": " ".join(_SIGNS)}, False
            # Articles and prepositions do not count; the short words of our languages are taken for them.
            words = Counter(word for word in title.casefold().split() if len(word) > _SHORT_WORD)
            if often := [word for word, count in words.items() if count > _MOST_TIMES]:
                yield _TITLE, "word_often", {"word": often[0], "limit": str(_MOST_TIMES)}, False

    def write(self, records: Iterable[Record], feed: Feed) -> Iterator[bytes]:
        """Write the feed; ``UnwritableError`` after ten thousand messages."""
        header = {"sellerId": feed.settings.get("sellerId", ""), "version": "2.0"}
        head = f'{{"header":{bodies.dumps(header)},"messages":['
        return bodies.write_array(self._messages(records), head, "]}\n")

    def read(self, source: IO[bytes], feed: Feed) -> Iterator[Record]:  # noqa: ARG002 - the port's
        """Read a feed with one message on each line, as it is written here."""
        head = source.readline()
        if not head.startswith(b'{"header":') or not head.rstrip().endswith(b'"messages":['):
            raise UnreadableError("line 1", "it is no feed of listings with a message on each line")
        for number, data in enumerate(source, start=2):
            text = data.strip()
            if text == b"]}":
                return
            try:
                body = json.loads(text.removesuffix(b","), parse_float=str)
            except ValueError as error:
                raise UnreadableError(f"line {number}", "it is no JSON") from error
            body.pop("messageId", None)
            for offer in body.get("attributes", {}).get("purchasable_offer", ()):
                value = offer.pop("our_price")[0]["schedule"][0]["value_with_tax"]
                offer["price"] = f"{value} {offer.pop('currency')}"
            yield self.shape.record(body, "")
        raise UnreadableError("", "the file ends before its end")

    def _messages(self, records: Iterable[Record]) -> Iterator[dict[str, Any]]:
        for number, record in enumerate(records, start=1):
            if number > MOST_MESSAGES:
                raise UnwritableError(f"a feed has {MOST_MESSAGES} messages at most")
            yield {"messageId": number, **message(record)}


def message(record: Record) -> dict[str, Any]:
    """Return a record as Amazon takes it, amounts where it looks for them; ``UnwritableError`` for none."""
    body = Amazon.shape.body(record)
    for offer in body.get("attributes", {}).get("purchasable_offer", ()):
        _price(offer)
    return body


def _price(offer: dict[str, Any]) -> None:
    found = PRICE.fullmatch(offer.pop("price", ""))
    if found is None:
        raise UnwritableError("an offer has no amount with its currency")
    offer["currency"] = found[2]
    offer["our_price"] = [{"schedule": [{"value_with_tax": Decimal(found[1])}]}]
