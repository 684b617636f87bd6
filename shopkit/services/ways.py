"""Every lawful way to send a parcel, side by side: rate cards and carriers' prices, each with what the law says of it.

Each offer is quoted by the engine for its own channel, as a request that names it would be; nothing is kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from landed_cost.freight import ILLUSTRATIVE, FreightError
from landed_cost.money import Money, to_minor
from landed_cost.origins import Parcel as Leaving
from shopkit.papers import forms
from shopkit.sending.carriers.port import Consignment, Goods, Spot
from shopkit.sending.exporting import Export, judge
from shopkit.sending.kinds import form_of, kind_of
from shopkit.sending.packed import otherwise
from shopkit.sending.telling import Said
from shopkit.sending.ways import (
    Against,
    Asked,
    Missing,
    Offer,
    Way,
    against,
    cost_of,
    ordered,
    standing_of,
    without_price,
)
from shopkit.services import carrier_prices, freight, orders, packing, quotes
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.reading import read_quote, read_shape
from shopkit.services.schemas import QuoteRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from landed_cost.model import Item, Place, Shipment
    from shopkit.sending.packed import Otherwise
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Json = dict[str, Any]
# What a way brings itself: how the parcel goes, and what that costs.
_OF_WAY: Final = ("channel", "freight", "freight_service", "save")
_PROBE: Final = {"card": ILLUSTRATIVE, "service": "express"}
# What is said of cargo alone.
_OF_CARGO: Final = ("transport", "place")
_PARCELS: Final = ("postal", "courier")
_CARGO: Final = "freight"


@dataclass(frozen=True, slots=True)
class Found:
    """The ways of a parcel as they are shown, simplified export by channel, and the carriers that did not answer."""

    asked: Asked
    ways: tuple[Way, ...]
    exports: tuple[Export, ...]
    missing: tuple[Missing, ...] = ()
    # Of an order alone: its packing, where that is known to be another parcel than the one that is asked for.
    packed: Otherwise | None = None


def of_order(services: Services, actor: Actor, order_id: str) -> Found:
    """Return the ways of an order of the seller's as of today, by its frozen request; ``OrderNotFoundError``.

    ``RequestError`` where the order does not say enough: mostly, what the parcel weighs.
    """
    order = orders.load(services, actor, order_id)
    today = services.today(str(order.request["destination"]["country"]).upper())
    found = of_request(services, quotes.as_of(order.request, today), actor.seller_id, with_carriers=True)
    return replace(found, packed=_packed(services, actor, order_id, found.asked))


def of_request(services: Services, value: object, seller: str | None, *, with_carriers: bool = False) -> Found:
    """Return the ways of what a quote's request describes; the channel and the freight that it says are left aside.

    ``seller`` is whose rate cards are asked (a stranger: the illustrative one). ``RequestError`` lists all that is
    wrong, the weight of the parcel among it where that is missing. ``with_carriers`` asks the seller's carriers for
    their prices, too, over the network.
    """
    if not isinstance(value, dict):
        raise RequestError([RequestProblem("", "type.object")])
    shipment, asked = _asked(services, value)
    bare = {name: part for name, part in value.items() if name not in _OF_WAY}
    offers = list(_of_cards(services, seller, asked, shipment))
    prices = carrier_prices.Prices()
    if with_carriers and seller is not None:
        prices = carrier_prices.ask(services, seller, _consignment(shipment, asked))
        offers += prices.offers
    ways = [_way(services, bare, asked, offer, seller) for offer in offers]
    channels = dict.fromkeys((*_PARCELS, *(one.channel for one in offers)))
    exports = tuple(judge(_leaving(asked, one), services.rulebook) for one in channels)
    return Found(asked, tuple(ordered(ways)), exports, prices.missing)


def _packed(services: Services, actor: Actor, order_id: str, asked: Asked) -> Otherwise | None:
    try:
        packed = packing.pack_orders(services, actor, [order_id])
    except RequestError:
        # More pieces than are packed at once: nobody knows into which boxes they go.
        return None
    # Without boxes nothing was chosen that could be another parcel.
    return otherwise(packed.packing, asked.parcel) if packed.costs else None


def _asked(services: Services, value: Json) -> tuple[Shipment, Asked]:
    """Read what is to be sent as a quote that a card gives the freight of, and what its goods are worth."""
    problems: list[RequestProblem] = []
    read_shape(QuoteRequest, value, problems)
    aside = {name: part for name, part in value.items() if name == "channel" or name not in _OF_WAY}
    reading = read_quote(aside | {"freight_service": _PROBE}, services.today)
    wrong = {(one.pointer, one.code): one for one in (*problems, *reading.problems)}
    if wrong or reading.shipment is None or reading.freight is None:
        raise RequestError(wrong.values())
    shipment = reading.shipment
    priced = quotes.answer(services, aside, save=False).stored
    currency = priced["currency"]
    return shipment, Asked(
        shipment.dispatch.country,
        shipment.destination.country,
        shipment.exported_on or shipment.ready_on or shipment.date,
        reading.freight.parcel,
        Money(to_minor(Decimal(priced["totals"]["goods"]), currency), currency),
        tuple(item.hs_code for item in shipment.items if item.hs_code),
    )


def _by(bare: Json, channel: str) -> Json:
    """Return a request as it is asked of a channel."""
    cargo = () if channel == _CARGO else _OF_CARGO
    return {name: part for name, part in bare.items() if name not in cargo} | {"channel": channel}


def _of_cards(services: Services, seller: str | None, asked: Asked, shipment: Shipment) -> Iterator[Offer]:
    for card, name, channel, told in freight.offers(services, seller, asked.parcel, shipment.destination, asked.on):
        offer = Offer(
            f"card:{card.name}",
            name,
            channel,
            kind_of(channel, name),
            of_card=card.service(name),
            is_illustrative=card.is_illustrative,
        )
        if isinstance(told, FreightError):
            yield replace(offer, against=tuple(against(told)))
        else:
            yield replace(offer, freight=told.total, basis=told, days=(told.min_days, told.max_days))


def _way(services: Services, bare: Json, asked: Asked, offer: Offer, seller: str | None) -> Way:
    """Return an offer with the quote of its channel; what the engine does not take of it is against it, too."""
    if offer.freight is None:
        return Way(offer, without_price(offer.against), form=_form(services, asked, offer))
    request = _by(bare, offer.channel)
    if offer.basis is None:
        request |= {"freight": {"amount": offer.freight.text, "currency": offer.freight.currency}}
    else:
        request |= {"freight_service": {"card": offer.basis.card, "service": offer.service}}
    try:
        stored = quotes.answer(services, request, save=False, seller=seller).stored
    except RequestError as error:
        told = tuple(Against("request", Said(one.code, one.params)) for one in error.problems)
        return Way(replace(offer, against=told), "not_taken", form=_form(services, asked, offer))
    standing = standing_of(stored)
    cost = None if standing == "refused" else cost_of(stored)
    return Way(offer, standing, stored, _form(services, asked, offer), cost)


def _form(services: Services, asked: Asked, offer: Offer) -> forms.Choice | None:
    """Return the form that customs asks with the parcel; ``None`` where the kind of service does not tell."""
    service = form_of(offer.kind)
    if service is None or asked.goods is None:
        return None
    return forms.choose(service, asked.goods.minor, asked.goods.currency, services.rulebook.rates, asked.on)


def _consignment(shipment: Shipment, asked: Asked) -> Consignment:
    """Return what carriers are told: places, measures and goods, and nothing of any person."""
    return Consignment(
        _spot(shipment.dispatch),
        _spot(shipment.destination),
        asked.parcel,
        tuple(map(_goods, shipment.items)),
        asked.on,
    )


def _spot(place: Place) -> Spot:
    return Spot(place.country, place.postal_code or "", place.region or "")


def _goods(item: Item) -> Goods:
    price = item.declared_value or item.unit_price
    return Goods(
        item.description,
        # Pieces are whole to a carrier; a part of one is one.
        max(1, math.ceil(item.quantity)),
        Money(to_minor(price.value * item.quantity, price.currency), price.currency),
        None if item.weight_kg is None else item.weight_kg * item.quantity,
        item.hs_code or "",
        item.origin or "",
    )


def _leaving(asked: Asked, channel: str) -> Leaving:
    gross = Fraction(asked.parcel.gross_kg)
    return Leaving(asked.dispatch, asked.destination, channel, asked.on, asked.goods, gross, asked.hs)
