"""What a buyer in a market pays for each offer, and when it comes: every figure is the engine's, on one day."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any, Final

from landed_cost import quote
from landed_cost.checking import ShipmentError
from landed_cost.delivery import Handling, estimate
from landed_cost.freight import FreightError, Parcel
from landed_cost.freight import price as freight_of
from landed_cost.model import Amount, Place
from landed_cost.money import Money, to_minor
from listings.channels.port import Finding
from listings.shipment import centimetres, dimensions_of, making_of, weight_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from landed_cost.freight import RateCard
    from landed_cost.model import Channel, Shipment
    from listings.channels.port import Feed
    from shopkit.models import Seller
    from shopkit.services.catalog_items import Offer
    from shopkit.services.catalogs import Kept
    from shopkit.services.context import Services

Days = tuple[int, int]
_GRAM: Final = Decimal("0.001")
# What a question is answered with is kept for so many of them, in about twenty megabytes.
_MOST_ANSWERS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What a buyer is asked: the price of a piece, what the way costs (``None``: nobody said), and working days.

    ``due`` are the charges of import, where they are inside one of the two.
    """

    price: Money
    shipping: Money | None
    service: str
    due: Money | None
    handling: Days | None
    transit: Days | None


class Pricing:
    """Prices the offers of one catalog on one day."""

    def __init__(self, services: Services, seller: Seller, found: Kept, feed: Feed, card: RateCard | None) -> None:
        self._rulebook = services.rulebook
        self._settings = found.settings
        self._feed = feed
        self._card = card
        service = None if card is None else card.service(found.settings.service)
        self.channel: Channel = "courier" if service is None else service.channel  # type: ignore[assignment]  # a card's
        self.dispatch = Place(seller.country)
        self.destination = Place(found.market)
        self.terms = "DAP" if found.settings.charges == "apart" else "DDP"
        self._is_home = seller.country == found.market
        # The last day for which the card says a price.
        self.until = None if service is None else service.valid_to
        names = (found.settings.service, self.channel)
        self._observed = services.observed.find(seller.country, found.market, *names)
        self._answers: dict[Hashable, dict[str, Any]] = {}
        self._days: dict[Days | None, tuple[Days | None, Days | None]] = {}
        self.basis = _digest(repr(card), repr(self._observed), found.settings.packing_grams)

    def price(self, offers: Sequence[Offer]) -> None:
        """Give each offer what the buyer is asked, or what is against it."""
        asked = [one for one in offers if one.shipment is not None and one.against is None]
        for one in asked:
            one.shipment = self._carried(one)
        asked = [one for one in asked if one.against is None]
        if self._is_home:
            for one in asked:
                self._at_home(one)
            return
        for one, row in zip(asked, self._quoted([one.shipment for one in asked if one.shipment]), strict=True):
            self._take(one, row)

    def _quoted(self, shipments: Sequence[Shipment]) -> list[dict[str, Any]]:
        """Return what shipments come to; the variants of a listing are mostly one question, which is asked once."""
        keys = [_question(one) for one in shipments]
        if len(self._answers) > _MOST_ANSWERS:
            self._answers.clear()
        new = {key: _plain(one) for key, one in zip(keys, shipments, strict=True) if key not in self._answers}
        if new:
            from landed_cost.bulk import quote_many  # noqa: PLC0415  # numpy is slow to import

            priced = quote_many(new.values(), self._rulebook)
            self._answers |= {key: priced.row(number) for number, key in enumerate(new)}
        return [self._answers[key] for key in keys]

    # -- the way -----------------------------------------------------------------------------------------------------
    def _carried(self, offer: Offer) -> Shipment:
        """Return the shipment with its freight and what was observed on the lane."""
        shipment = offer.shipment
        assert shipment is not None  # noqa: S101  # only those with a price come here
        shipment = replace(shipment, observed=self._observed)
        if self._card is None or self._is_home:
            return shipment
        weight = weight_of(offer.listing, offer.variant)
        if weight is None:
            offer.against = Finding(offer.id, "shipping", "no_weight")
            return shipment
        sides = dimensions_of(offer.listing, offer.variant)
        parcel = Parcel(
            (weight + self._settings.packing_grams * _GRAM).quantize(_GRAM, ROUND_CEILING),
            None if sides is None else centimetres(sides),
        )
        try:
            basis = freight_of(self._card, self._settings.service, parcel, self.destination, self._feed.on)
        except FreightError as error:
            _, code, params = error.problems[0]
            offer.against = _why(offer.id, "shipping", "no_freight", code, params)
            return shipment
        return replace(shipment, freight=Amount(Decimal(basis.total.text), basis.total.currency), freight_basis=basis)

    def _walk(self, offer: Offer) -> tuple[Days | None, Days | None]:
        """Return the working days of handling, and those after.

        Days of a flight that are calendar days count as working ones: that never promises too soon.
        """
        making = making_of(offer.listing)
        if making not in self._days:
            handling = None if making is None else Handling(making=making)
            country, region = self.destination.country, self.destination.region
            on, observed = self._feed.on, self._observed
            way = (self.dispatch.country, country, region, self.channel, "air" if self.channel == "freight" else None)
            found = None if self._is_home else estimate(on, *way, handling, observed)
            if found is None or not found.legs:
                self._days[making] = None, None
            else:
                first, rest = found.legs[0], found.legs[1:]
                transit = (sum(one.min_days for one in rest), sum(one.max_days for one in rest))
                if found.observed is not None:
                    transit = found.transit_days
                self._days[making] = (first.min_days, first.max_days), transit
        return self._days[making]

    # -- what is taken -----------------------------------------------------------------------------------------------
    def _at_home(self, offer: Offer) -> None:
        """Price what stays in the country: nothing is due at a border, and no engine prices the way."""
        assert offer.shipment is not None  # noqa: S101  # only those with a price come here
        given = offer.shipment.items[0].unit_price
        minor = self._rulebook.rates.convert_minor(
            to_minor(given.value, given.currency), given.currency, self._feed.currency
        )
        offer.taken = Taken(Money(minor, self._feed.currency), None, "", None, None, None)

    def _take(self, offer: Offer, row: dict[str, Any]) -> None:
        """Take from an answer what the buyer is asked, or tell why not."""
        offer.answered = row
        outcome, where = row["outcome"], self._settings.charges
        if outcome in {"refused", "wrong"} or row["goods"] is None:
            offer.against = self._told(offer, "refused", row)
            return
        due = 0
        if where != "apart":
            counted = self._counted(outcome, row)
            if counted is None:
                offer.against = self._told(offer, "estimated", row)
                return
            due = counted
        currency = self._feed.currency
        goods, freight = int(row["goods"]), row["freight"]
        way = None if self._card is None or freight is None else int(freight) + (due if where == "shipping" else 0)
        handling, transit = self._walk(offer)
        offer.taken = Taken(
            Money(goods + (due if where == "price" else 0), currency),
            None if way is None else Money(way, currency),
            self._settings.service,
            None if where == "apart" else Money(due, currency),
            handling,
            transit,
        )

    def _counted(self, outcome: str, row: dict[str, Any]) -> int | None:
        """Return the charges that count, as the seller chose for estimates; ``None`` where none do."""
        likely, low, high = (row[name] for name in ("import_charges", "import_charges_low", "import_charges_high"))
        chosen = self._settings.estimates
        if outcome == "complete" or (chosen in {"settled", "likely", "highest"} and low == high == likely):
            return None if likely is None else int(likely)
        if chosen == "likely" and likely is not None:
            return int(likely)
        if chosen == "highest" and high is not None:
            return int(high)
        return None

    def _told(self, offer: Offer, rule: str, row: dict[str, Any]) -> Finding:
        """Return why a figure is not taken, in the engine's own words: the answer is asked for once more for them."""
        assert offer.shipment is not None  # noqa: S101  # it was asked with
        low, high = row.get("import_charges_low"), row.get("import_charges_high")
        values = {
            "market": self._feed.market,
            "low": "?" if low is None else str(Money(low, self._feed.currency)),
            "high": "?" if high is None else str(Money(high, self._feed.currency)),
        }
        try:
            answer = quote(offer.shipment, self._rulebook)
        except ShipmentError as error:
            first = error.problems[0]
            return _why(offer.id, "price", rule, first.code, first.params, values)
        level = "refused" if rule == "refused" else "estimated"
        for reason in answer.reasons:
            if reason.level == level:
                return _why(offer.id, "price", rule, reason.code, reason.params, values)
        return Finding(offer.id, "price", rule, values | {"code": "", "params": "{}"})


def _question(shipment: Shipment) -> Hashable:
    """Return all of a shipment of one kind of goods that its figures rest on, and not what the goods are called."""
    item, basis, handling = shipment.items[0], shipment.freight_basis, shipment.handling
    return (
        (shipment.destination, shipment.channel, shipment.currency, shipment.terms, shipment.freight),
        basis is not None and basis.is_illustrative,
        # How long the making takes counts for what spoils.
        None if handling is None or item.shelf_life is None else handling.making,
        (item.quantity, item.unit_price, item.hs_code, item.hs_schedule, item.origin, item.origin_evidence),
        (item.weight_kg, tuple(sorted(item.measures.items())), tuple(sorted(item.attributes.items()))),
        item.shelf_life,
    )


def _plain(shipment: Shipment) -> Shipment:
    """Return a shipment without what no figure of it rests on, so that those alike are answered together."""
    item = shipment.items[0]
    # How long the making takes counts for what spoils.
    handling = None if item.shelf_life is None else shipment.handling
    return replace(shipment, items=(replace(item, id="1", description=""),), handling=handling)


def _why(
    row: str,
    field: str,
    rule: str,
    code: str,
    params: Any,  # noqa: ANN401  # the engine's own
    values: dict[str, str] | None = None,
) -> Finding:
    said = {name: str(value) for name, value in params.items()}
    return Finding(row, field, rule, (values or {}) | {"code": code, "params": json.dumps(said, ensure_ascii=False)})


def _digest(*parts: Any) -> str:  # noqa: ANN401  # whatever has a text
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
