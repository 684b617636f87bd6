"""From a listing to a quote: what a piece of it is as goods, and the consignment that a number of pieces make.

Only what the listing says is said. A weight that is not there stays away, so that the quote asks for it; answers and
measures that the engine does not know (a colour of a catalogue) are no business of customs and are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from landed_cost.delivery import Handling
from landed_cost.measures import VOCABULARY
from landed_cost.model import Amount, Channel, Item, Place, ShelfLife, Shipment
from landed_cost.rulebook.attributes import attributes

if TYPE_CHECKING:
    from datetime import date

    from listings.model import Dimensions, Listing, Money, Variant, Weight

Json = dict[str, Any]
KILOGRAMS: Final = {
    "kg": Decimal(1),
    "g": Decimal("0.001"),
    # International avoirdupois pound and ounce, exact by definition.
    "lb": Decimal("0.45359237"),
    "oz": Decimal("0.028349523125"),
}
# What a quote takes of a measure of length, and the others in it; an inch is 25.4 mm by definition.
_CENTIMETRES: Final = {"cm": Decimal(1), "mm": Decimal("0.1"), "m": Decimal(100), "in": Decimal("2.54")}
# The first six digits of a code mean the same in every tariff; what follows them is one country's own.
_UNIVERSAL: Final = 6
_LONGEST_DESCRIPTION: Final = 500


class NotGoodsError(ValueError):
    """A digital good or a service crosses no border: there is no customs line to ask for."""


class NoPriceError(ValueError):
    """Nobody can say what a piece without a price comes to at a door."""


@dataclass(frozen=True, slots=True)
class Sale:
    """What of a listing is sold, where to and how; ``on`` is the day of entry, whose law and prices count.

    ``price`` goes before what the listing says, so that a price can be tried out. ``personalised`` adds the making of
    what the buyer has written on it.
    """

    dispatch: Place
    destination: Place
    on: date
    sku: str | None = None
    quantity: Decimal = Decimal(1)
    channel: Channel = "courier"
    terms: str = "DAP"
    currency: str | None = None
    price: Amount | None = None
    personalised: bool = True
    more: Json = field(default_factory=dict)


def kilograms(weight: Weight) -> Decimal:
    """Return a weight in kilograms, exactly.

    >>> from listings.model import Weight
    >>> kilograms(Weight(value="8", unit="oz"))
    Decimal('0.226796185000')
    """
    return Decimal(weight.value) * KILOGRAMS[weight.unit]


def centimetres(sides: Dimensions) -> tuple[Decimal, Decimal, Decimal]:
    """Return length, width and height in centimetres, exactly."""
    by = _CENTIMETRES[sides.unit]
    return Decimal(sides.length) * by, Decimal(sides.width) * by, Decimal(sides.height) * by


def item_of(listing: Listing, sale: Sale) -> Item:
    """Return the pieces that are sold as goods of a quote; ``NotGoodsError`` and ``NoPriceError``."""
    if listing.kind != "goods":
        raise NotGoodsError(listing.key)
    variant = None if sale.sku is None else listing.variant(sale.sku)
    code, schedule = code_in(listing, sale.destination.country)
    weight = weight_of(listing, variant)
    return Item(
        id=sale.sku or listing.key[:64],
        description=listing.title[:_LONGEST_DESCRIPTION],
        quantity=sale.quantity,
        unit_price=sale.price or _price(listing, variant, sale),
        hs_code=code,
        hs_schedule=schedule,
        origin=listing.origin,
        origin_evidence=listing.origin_evidence,
        weight_kg=weight,
        measures={
            name: Decimal(value) for name, value in listing.measures.items() if name in VOCABULARY and Decimal(value)
        },
        attributes={
            name: value
            for name, value in listing.attributes.items()
            if name in attributes() and attributes()[name].allows(value)
        },
        shelf_life=None if listing.shelf_life_days is None else ShelfLife(listing.shelf_life_days),
    )


def shipment_of(listing: Listing, sale: Sale) -> Shipment:
    """Return the consignment of one sale for the engine; ``NotGoodsError`` and ``NoPriceError``."""
    item = item_of(listing, sale)
    making = making_of(listing, personalised=sale.personalised)
    return Shipment(
        date=sale.on,
        dispatch=sale.dispatch,
        destination=sale.destination,
        channel=sale.channel,
        currency=sale.currency or item.unit_price.currency,
        items=(item,),
        terms=sale.terms,
        transport="air" if sale.channel == "freight" else None,
        handling=None if making is None else Handling(making=making),
    )


def request_of(listing: Listing, sale: Sale) -> Json:
    """Return the same as the request of a quote: what the doors read, keep and show again.

    ``sale.more`` goes over it as it is: freight, parcel, importer.
    """
    shipment = shipment_of(listing, sale)
    request: Json = {
        "date": shipment.date.isoformat(),
        "dispatch": _place(shipment.dispatch),
        "destination": _place(shipment.destination),
        "channel": shipment.channel,
        "terms": shipment.terms,
        "currency": shipment.currency,
        "items": [_item(one) for one in shipment.items],
    }
    if shipment.transport is not None:
        request["transport"] = shipment.transport
    if shipment.handling is not None:
        first, last = shipment.handling.making
        request["handling"] = {"making": {"min": first, "max": last}}
    parcel = _parcel(listing, sale)
    return request | ({"parcel": parcel} if parcel else {}) | sale.more


def code_in(listing: Listing, country: str) -> tuple[str | None, str | None]:
    """Return the tariff code to ask with in a country, and the tariff that its later digits are from, if there are any.

    A code of the destination's own tariff that the market names is taken whole; of the listing's, which is from the
    seller's tariff or from anybody's, the six digits that are the same everywhere.
    """
    override = listing.override(country)
    own = None if override is None or override.market == "*" else override.hs_code
    if own is not None:
        return own, country if len(own) > _UNIVERSAL else None
    return (None if listing.hs_code is None else listing.hs_code[:_UNIVERSAL]), None


def weight_of(listing: Listing, variant: Variant | None) -> Decimal | None:
    """Return what a piece weighs in kilograms; a weight of nothing is none."""
    weight = listing.weight_of(variant)
    found = None if weight is None else kilograms(weight)
    return found or None


def dimensions_of(listing: Listing, variant: Variant | None) -> Dimensions | None:
    """Return length, width and height of a packed piece; sides of nothing are none."""
    found = (variant and variant.dimensions) or listing.dimensions
    return found if found is not None and all(centimetres(found)) else None


def making_of(listing: Listing, *, personalised: bool = True) -> tuple[int, int] | None:
    """Return the fewest and most working days that making takes; ``None`` where it was not said.

    What the buyer chooses comes on top of the most: not every buyer chooses the slowest.
    """
    extra = max((one.days or 0 for one in listing.personalisation), default=0) if personalised else 0
    if listing.making_days is None and not extra:
        return None
    days = listing.making_days or 0
    return days, days + extra


def _price(listing: Listing, variant: Variant | None, sale: Sale) -> Amount:
    price = listing.price_of(variant, sale.destination.country, sale.on)
    if price is None or not price.value:
        raise NoPriceError(listing.key)
    return Amount(price.value, price.currency)


def _place(place: Place) -> Json:
    parts = {"country": place.country, "region": place.region, "postal_code": place.postal_code}
    return {name: value for name, value in parts.items() if value is not None}


def _item(item: Item) -> Json:
    found: Json = {
        "id": item.id,
        "description": item.description,
        "quantity": _text(item.quantity),
        "unit_price": {"amount": _text(item.unit_price.value), "currency": item.unit_price.currency},
        "origin_evidence": item.origin_evidence,
    }
    for name, value in (("hs_code", item.hs_code), ("hs_schedule", item.hs_schedule), ("origin", item.origin)):
        if value is not None:
            found[name] = value
    if item.weight_kg is not None:
        # A quote reads six decimals: a milligram is less than any scale at a counter shows.
        found["weight"] = {"value": _text(round(item.weight_kg, 6)), "unit": "kg"}
    if item.measures:
        found["measures"] = {name: _text(value) for name, value in item.measures.items()}
    if item.attributes:
        found["attributes"] = dict(item.attributes)
    if item.shelf_life is not None:
        found["shelf_life_days"] = item.shelf_life.days
    return found


def _parcel(listing: Listing, sale: Sale) -> Json:
    """Return the size of the parcel of one piece; how several are packed together is not in a listing."""
    sides = dimensions_of(listing, None if sale.sku is None else listing.variant(sale.sku))
    if sides is None or sale.quantity != 1:
        return {}
    length, width, height = (_text(round(one, 6)) for one in centimetres(sides))
    return {"dimensions": {"length": length, "width": width, "height": height, "unit": "cm"}}


def _text(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(money: Money) -> Amount:
    """Return money of a listing as the engine takes it."""
    return Amount(money.value, money.currency)
