"""What a basket of a store is asked for as a quote: the pieces, the parcel they make together, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from landed_cost.model import Place
from listings.shipment import NoPriceError, Sale, centimetres, dimensions_of, making_of, request_of, weight_of
from shopkit.models import Seller
from shopkit.services.catalogs import currency_of
from shopkit.services.freight import find_card
from shopkit.services.listings import get_listings
from shopkit.services.problems import RequestError, RequestProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from landed_cost.model import Amount
    from listings.model import Listing, Variant
    from shopkit.services.context import Services
    from shopkit.services.stores import KeptStore, Opening

Json = dict[str, Any]
_CHANNEL: Final = "shop"


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces of one variant of a listing; ``written`` is what the buyer has put on each."""

    listing_id: str
    sku: str | None
    quantity: int
    written: Mapping[str, str]


def request_for_one(services: Services, store: KeptStore, opening: Opening, listing_id: str, sku: str | None) -> Json:
    """Return the request of one piece to nobody's door in particular: what its page shows rests on the same."""
    return request_for(services, store, opening, [Line(listing_id, sku, 1, {})], {})


def request_for(
    services: Services,
    store: KeptStore,
    opening: Opening,
    lines: Sequence[Line],
    address: Mapping[str, str],
    prices: Sequence[Amount] = (),
) -> Json:
    """Return the request of a basket to an address (``region`` and ``postal_code``, where they are known).

    ``prices`` are those of one piece of each line, where a seller names them.

    Raises ``RequestError`` with code ``store.gone`` for a line that is no longer for sale, and ``store.no_weight`` for
    one whose freight nobody can price.
    """
    with services.database.reading() as session:
        country = session.get_one(Seller, store.seller_id).country
    listings = get_listings(services, store.actor, [one.listing_id for one in lines])
    card = find_card(services, store.seller_id, opening.card)
    service = None if card is None else card.service(opening.service)
    if service is None:
        raise RequestError([RequestProblem("", "store.gone")])
    parts: list[Json] = []
    pieces: list[tuple[Listing, Variant | None, int]] = []
    for index, line in enumerate(lines):
        kept = listings.get(line.listing_id)
        if kept is None or kept.listing.status != "active":
            raise RequestError([RequestProblem(f"/lines/{index}", "store.gone")])
        variant = None if line.sku is None else kept.listing.variant(line.sku)
        if (variant is None) != (line.sku is None):
            raise RequestError([RequestProblem(f"/lines/{index}", "store.gone")])
        sale = Sale(
            dispatch=Place(country),
            destination=Place(opening.market, address.get("region") or None, address.get("postal_code") or None),
            on=services.today(opening.market),
            sku=line.sku,
            quantity=Decimal(line.quantity),
            channel=service.channel,  # type: ignore[arg-type]  # a card's
            terms=opening.terms,
            currency=currency_of(_CHANNEL, opening.market),
            price=prices[index] if prices else None,
        )
        try:
            parts.append(request_of(kept.listing, sale))
        except NoPriceError:
            raise RequestError([RequestProblem(f"/lines/{index}", "store.gone")]) from None
        pieces.append((kept.listing, variant, line.quantity))
    request = parts[0] | {"items": [_numbered(index, part) for index, part in enumerate(parts)]}
    request.pop("handling", None)
    makings = [one for one in (making_of(listing) for listing, _, _ in pieces) if one is not None]
    if makings:
        # What is made first waits for what is made last.
        request["handling"] = {
            "making": {"min": max(first for first, _ in makings), "max": max(last for _, last in makings)}
        }
    request["parcel"] = _parcel(pieces, opening.packing_grams)
    return request | {"freight_service": {"card": opening.card, "service": opening.service}}


def _numbered(index: int, part: Json) -> Json:
    """Return the goods of a line; two lines of one variant, written on differently, are two items."""
    item: Json = part["items"][0]
    return item | {"id": str(index + 1)}


def _parcel(pieces: Sequence[tuple[Listing, Variant | None, int]], packing_grams: int) -> Json:
    """Return the parcel: all that the pieces weigh, and they lie on one another, which any box of that size holds."""
    weights = [(weight_of(listing, variant), count) for listing, variant, count in pieces]
    known = [(weight, count) for weight, count in weights if weight is not None]
    if len(known) < len(weights):
        raise RequestError([RequestProblem("", "store.no_weight")])
    total = sum((weight * count for weight, count in known), Decimal(packing_grams) / 1000)
    found: Json = {"gross_weight": {"value": f"{round(total, 6):f}", "unit": "kg"}}
    sides = [(dimensions_of(listing, variant), count) for listing, variant, count in pieces]
    measured = [(sorted(centimetres(one), reverse=True), count) for one, count in sides if one is not None]
    if len(measured) < len(sides):
        return found
    length = max(one[0] for one, _ in measured)
    width = max(one[1] for one, _ in measured)
    height = sum((one[2] * count for one, count in measured), Decimal(0))
    names = ("length", "width", "height")
    return found | {
        "dimensions": {name: f"{round(one, 6):f}" for name, one in zip(names, (length, width, height), strict=True)}
        | {"unit": "cm"}
    }
