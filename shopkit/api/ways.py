"""Routes of ways to send: of what a request describes, and of an order."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, seller_id, send, services
from shopkit.api.language import language
from shopkit.api.orders import READ
from shopkit.late import Late
from shopkit.services.keeping import Reply

if TYPE_CHECKING:
    from flask import Response

    from shopkit.services import ways, ways_told
    from shopkit.services.ways import Found
else:
    ways = Late("shopkit.services.ways")
    ways_told = Late("shopkit.services.ways_told")


@bp.post("/api/v1/ways")
def lay_side_by_side() -> Response:
    """Lay every way to send a consignment side by side, the cheapest lawful one first; nothing is kept.

    The body is a quote's: its channel and freight are left aside, its parcel has to say what it weighs. With a key the
    rate cards are those of its shop.
    """
    return _sent(ways.of_request(services(), read_body(), seller_id()))


@bp.get("/api/v1/orders/<order_id>/ways")
def read_ways_of_order(order_id: str) -> Response:
    """Lay every way to send an order side by side, as of today."""
    return _sent(ways.of_order(services(), api_actor(READ), order_id))


def _sent(found: Found) -> Response:
    spoken = language()
    return send(Reply(HTTPStatus.OK, dump(ways_told.data(found, spoken)), spoken, None))
