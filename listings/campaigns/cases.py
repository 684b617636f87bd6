"""Case packs and bundles for shops that buy by the case: what is in one, what it costs, and the order as goods.

A case is so many pieces of one product, or of several that are sold together; each has its wholesale price by the
piece, so that the price of the case is an exact sum. What a case comes to at a door is that of the smallest order, for
charges by the consignment are shared by its cases: it is asked as one shipment, and its share is told as a share.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from landed_cost.currencies import exponent, is_known
from landed_cost.model import Amount
from landed_cost.money import half_up
from listings.shipment import KILOGRAMS, Sale, request_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from landed_cost.model import Channel, Place
    from listings.model import Listing

Json = dict[str, Any]
MOST_PARTS: Final = 20
MOST_PIECES: Final = 10_000
MOST_CASES: Final = 1_000
MOST_CODE: Final = 40
_LONGEST_SIDE: Final = Decimal(500)
_HEAVIEST: Final = Decimal(2_000)


@dataclass(frozen=True, slots=True)
class Part:
    """Pieces of one product in a case; ``price`` is what a piece costs the shop that buys, in the case's currency."""

    listing_id: str
    sku: str | None
    pieces: int
    price: Decimal

    def to_dict(self) -> Json:
        """Return it as it is kept."""
        return {"listing_id": self.listing_id, "sku": self.sku, "pieces": self.pieces, "price": f"{self.price:f}"}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Part:
        """Return what :meth:`to_dict` kept."""
        return cls(kept["listing_id"], kept["sku"], kept["pieces"], Decimal(kept["price"]))


@dataclass(frozen=True, slots=True)
class Case:
    """A case: ``kilograms`` with its packing and ``sides`` in centimetres, ``None`` where they were not said.

    ``minimum`` is how many make the smallest order; ``names`` are by language, empty for the titles of what is in it.
    """

    code: str
    parts: tuple[Part, ...]
    currency: str
    minimum: int = 1
    kilograms: Decimal | None = None
    sides: tuple[Decimal, Decimal, Decimal] | None = None
    names: Mapping[str, str] | None = None

    @property
    def pieces(self) -> int:
        """How many pieces are in one case."""
        return sum(one.pieces for one in self.parts)

    @property
    def price(self) -> Decimal:
        """What one case costs, before its way."""
        return sum((one.pieces * one.price for one in self.parts), Decimal(0))

    @property
    def is_bundle(self) -> bool:
        """Whether different products are in it."""
        return len(self.parts) > 1

    def to_dict(self) -> Json:
        """Return it as it is kept, but for its code and currency, which have columns."""
        return {
            "parts": [one.to_dict() for one in self.parts],
            "minimum": self.minimum,
            "kilograms": None if self.kilograms is None else f"{self.kilograms:f}",
            "sides": None if self.sides is None else [f"{one:f}" for one in self.sides],
            "names": dict(self.names or {}),
        }

    @classmethod
    def of(cls, code: str, currency: str, kept: Mapping[str, Any]) -> Case:
        """Return what :meth:`to_dict` kept."""
        sides = kept["sides"]
        return cls(
            code,
            tuple(Part.of(one) for one in kept["parts"]),
            currency,
            kept["minimum"],
            None if kept["kilograms"] is None else Decimal(kept["kilograms"]),
            None if sides is None else (Decimal(sides[0]), Decimal(sides[1]), Decimal(sides[2])),
            kept["names"],
        )


def wrong(case: Case, listings: Mapping[str, Listing]) -> list[tuple[str, str]]:
    """Return what a case cannot be, as (field, code); ``listings`` are those of its parts that there are.

    Codes: ``code``, ``currency``, ``parts`` (none, too many, one twice), ``listing`` (none of the seller's, or nothing
    that is shipped), ``sku``, ``pieces``, ``price``, ``minimum``, ``weight`` (or less than what is in it), ``sides``.
    """
    found = []
    if not case.code or len(case.code) > MOST_CODE or not case.code.isprintable():
        found.append(("code", "code"))
    if not is_known(case.currency):
        found.append(("currency", "currency"))
    things = [(one.listing_id, one.sku) for one in case.parts]
    if not 1 <= len(things) <= MOST_PARTS or len(set(things)) < len(things):
        found.append(("parts", "parts"))
    for one in case.parts:
        found += [("parts", code) for code in _wrong_part(one, listings.get(one.listing_id), case.currency)]
    if not 1 <= case.minimum <= MOST_CASES:
        found.append(("minimum", "minimum"))
    if case.kilograms is not None and not _holds(case, listings):
        found.append(("weight", "weight"))
    if case.sides is not None and not all(0 < one <= _LONGEST_SIDE for one in case.sides):
        found.append(("sides", "sides"))
    return list(dict.fromkeys(found))


def _wrong_part(part: Part, listing: Listing | None, currency: str) -> list[str]:
    if listing is None or listing.kind != "goods":
        return ["listing"]
    found = []
    skus = {one.sku for one in listing.variants}
    if (part.sku is not None and part.sku not in skus) or (part.sku is None and skus):
        found.append("sku")
    if not 1 <= part.pieces <= MOST_PIECES:
        found.append("pieces")
    if part.price <= 0 or (is_known(currency) and part.price.scaleb(exponent(currency)) % 1):
        found.append("price")
    return found


def _holds(case: Case, listings: Mapping[str, Listing]) -> bool:
    """Return whether a case may weigh what it is said to: at least what is in it, as far as that is known."""
    weight = case.kilograms
    inside = Decimal(0)
    for one in case.parts:
        listing = listings.get(one.listing_id)
        variant = None if listing is None or one.sku is None else listing.variant(one.sku)
        piece = None if listing is None else listing.weight_of(variant)
        if piece is not None:
            inside += one.pieces * Decimal(piece.value) * KILOGRAMS[piece.unit]
    return weight is not None and inside <= weight <= _HEAVIEST and weight > 0


def order_of(
    case: Case,
    listings: Sequence[Listing],
    dispatch: Place,
    destination: Place,
    on: date,
    way: Channel,
    currency: str,
    freight: Decimal | None,
) -> Json:
    """Return the smallest order of a case as the request of a quote; ``freight`` is by the case, in its currency.

    ``listings`` are those of the parts, in their order. Sides are said of a single case only: how several are stacked
    is not known. Raises ``NotGoodsError``.
    """
    requests = [
        request_of(
            listing,
            Sale(
                dispatch,
                destination,
                on,
                sku=one.sku,
                quantity=Decimal(one.pieces * case.minimum),
                channel=way,
                currency=currency,
                price=Amount(one.price, case.currency),
                personalised=False,
            ),
        )
        for one, listing in zip(case.parts, listings, strict=True)
    ]
    # Two products may bear the same key where one is a SKU of the other's name: the items are numbered.
    items = [{**item, "id": str(n)} for n, item in enumerate((one["items"][0] for one in requests), start=1)]
    parcel: Json = {}
    if case.kilograms is not None:
        parcel["gross_weight"] = {"value": f"{case.kilograms * case.minimum:f}", "unit": "kg"}
    if case.sides is not None and case.minimum == 1:
        sides = zip(("length", "width", "height"), case.sides, strict=True)
        parcel["dimensions"] = {name: f"{one:f}" for name, one in sides} | {"unit": "cm"}
    request = {name: value for name, value in requests[0].items() if name not in {"items", "parcel", "handling"}}
    request |= {"items": items, "save": False}
    if parcel:
        request["parcel"] = parcel
    if freight is not None:
        request["freight"] = {"amount": f"{freight * case.minimum:f}", "currency": case.currency}
    return request


def share(amount: str, cases: int, currency: str) -> str:
    """Return one case's share of an order's amount, rounded half up to the smallest unit.

    >>> share("178.38", 4, "USD"), share("100", 3, "CLP")
    ('44.60', '33')
    """
    digits = exponent(currency)
    minor = int(Decimal(amount).scaleb(digits))
    return f"{Decimal(half_up(minor, cases)).scaleb(-digits):f}"
