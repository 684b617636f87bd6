"""What orders hold, packed into the shop's boxes: pieces as the listings measure them, weights as they were quoted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any, Final

from listings.shipment import centimetres, dimensions_of, weight_of
from shopkit.invoices.building import kilograms
from shopkit.packing import MOST_PIECES, Packing, Piece, TooManyPiecesError, pack
from shopkit.services import boxes, listings, orders
from shopkit.services.problems import RequestError, RequestProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from landed_cost.money import Money
    from listings.model import Listing
    from shopkit.packing import Packed
    from shopkit.packing.model import Sides
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.orders import Order

Json = dict[str, Any]
# As many orders as one person would lay on one table.
MOST_ORDERS: Final = 20


@dataclass(frozen=True, slots=True)
class Goods:
    """What a piece is: the order and line it is of, its SKU and title."""

    order_id: str
    number: int
    line: int
    sku: str | None
    title: str


@dataclass(frozen=True, slots=True)
class PackedOrders:
    """Orders in boxes: ``goods`` says of each piece, by its id, what it is; ``costs`` what each kind of box costs."""

    orders: tuple[Order, ...]
    packing: Packing
    goods: dict[str, Goods]
    costs: dict[str, Money | None]


def pack_orders(services: Services, actor: Actor, order_ids: Sequence[str]) -> PackedOrders:
    """Pack what is still to be sent of orders of the seller's together; ``OrderNotFoundError``, ``RequestError``."""
    found = load_all(services, actor, order_ids)
    kept = boxes.all_boxes(services, actor)
    pieces: list[Piece] = []
    goods: dict[str, Goods] = {}
    for order in found:
        for piece, what in pieces_of(services, actor, order):
            pieces.append(piece)
            goods[piece.id] = what
    try:
        packing = pack(pieces, [one.it for one in kept])
    except TooManyPiecesError as error:
        params = {"count": str(error.count), "limit": str(MOST_PIECES)}
        raise RequestError([RequestProblem("/orders", "packing.too_many", params)]) from error
    return PackedOrders(tuple(found), packing, goods, {one.it.id: one.cost for one in kept})


def load_all(services: Services, actor: Actor, order_ids: Sequence[str]) -> list[Order]:
    """Return each of the seller's orders once, as they were named; ``OrderNotFoundError``, ``RequestError``."""
    once = list(dict.fromkeys(order_ids))
    if len(once) > MOST_ORDERS:
        raise RequestError([RequestProblem("/orders", "count.too_many", {"limit": str(MOST_ORDERS)})])
    return [orders.load(services, actor, one) for one in once]


def pieces_of(services: Services, actor: Actor, order: Order) -> Iterator[tuple[Piece, Goods]]:
    """Yield every piece of an order that is still to be sent, and what it is; its measures where the listing has them.

    What it weighs is what the buyer's quote was made with, else what the listing says by now.
    """
    items = order.request.get("items") or []
    known = listings.get_listings(services, actor, {one.listing_id for one in order.lines})
    for line, one in enumerate(order.lines):
        kept = known.get(one.listing_id)
        sides, own = _measured(None if kept is None else kept.listing, one.sku)
        quoted = kilograms(items[line].get("weight")) if line < len(items) else None
        grams = _up(quoted * 1000) if quoted else own
        dropped = order.state.dropped[line] if line < len(order.state.dropped) else 0
        for number in range(max(0, one.quantity - dropped)):
            piece = Piece(f"{order.number}-{line + 1}-{number + 1}", sides, grams)
            yield piece, Goods(order.id, order.number, line, one.sku, one.title)


def _measured(listing: Listing | None, sku: str | None) -> tuple[Sides | None, int | None]:
    """Return sides in whole millimetres and whole grams, both rounded up: what is packed is never larger than said."""
    if listing is None:
        return None, None
    variant = None if sku is None else listing.variant(sku)
    said, weight = dimensions_of(listing, variant), weight_of(listing, variant)
    grams = None if weight is None else _up(weight * 1000)
    if said is None:
        return None, grams
    length, width, height = (_up(one * 10) for one in centimetres(said))
    return (length, width, height), grams


def _up(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_CEILING))


def data(found: PackedOrders) -> Json:
    """Return a packing as JSON for programs."""
    packing = found.packing
    return {
        "orders": [one.id for one in found.orders],
        "by": packing.by,
        "unmeasured": list(packing.unmeasured),
        "boxes": [_box(found, one) for one in packing.boxes],
        "left": [_piece(found, one.piece) | {"why": one.why} for one in packing.left],
    }


def _box(found: PackedOrders, one: Packed) -> Json:
    box = one.box
    cost = None if box is None else found.costs.get(box.id)
    places = {id(place.piece): place for place in one.places}
    pieces = []
    for piece in one.pieces:
        place = places.get(id(piece))
        at = None if place is None else list(place.at)
        pieces.append(_piece(found, piece) | {"at_mm": at, "sides_mm": None if place is None else list(place.sides)})
    return {
        "box": None if box is None else {"id": box.id, "name": box.name},
        "net_grams": one.net_grams,
        "gross_grams": one.gross_grams,
        "outside_mm": None if box is None or box.outside is None else list(box.outside),
        "cost": None if cost is None else {"amount": cost.text, "currency": cost.currency},
        "pieces": pieces,
    }


def _piece(found: PackedOrders, piece: Piece) -> Json:
    what = found.goods[piece.id]
    return {"id": piece.id, "order": what.order_id, "line": what.line, "sku": what.sku, "title": what.title}
