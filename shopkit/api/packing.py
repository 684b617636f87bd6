"""Routes of boxes, and of orders packed into them."""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Response

from landed_cost.money import Money, to_minor
from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.catalogs import read_shape
from shopkit.api.language import language
from shopkit.api.orders import READ, WRITE
from shopkit.api.packing_schemas import BoxToAdd, ToCompare, ToPack, ToSplit
from shopkit.api.queries import Query
from shopkit.services import boxes, orders
from shopkit.services.days import read_day
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError, RequestProblem

if TYPE_CHECKING:
    from shopkit.services import schemas
    from shopkit.services.boxes import KeptBox


@bp.get("/api/v1/boxes")
def read_boxes() -> Response:
    """List the shop's boxes, the smallest first."""
    actor = api_actor(READ)
    Query().done()
    return sent({"results": [_box(one) for one in boxes.all_boxes(services(), actor)]})


@bp.post("/api/v1/boxes")
def add_box() -> Response:
    """Add a kind of box that the shop packs into."""
    actor = api_actor(WRITE)
    asked = read_shape(BoxToAdd, read_body())
    inside = asked.inside_mm
    said = boxes.SaidBox(
        asked.name,
        (inside.length, inside.width, inside.height),
        asked.own_grams,
        asked.bears_grams,
        asked.wall_mm,
        None if asked.cost is None else money(asked.cost, "/cost"),
    )
    return sent(_box(boxes.add_box(services(), actor, said)), HTTPStatus.CREATED)


@bp.delete("/api/v1/boxes/<box_id>")
def remove_box(box_id: str) -> Response:
    """Remove a box; what was packed into it stays packed."""
    boxes.remove_box(services(), api_actor(WRITE), box_id)
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.post("/api/v1/packings")
def pack_orders() -> Response:
    """Pack what is still to be sent of orders together into the shop's boxes; nothing is kept."""
    from shopkit.services import packing  # noqa: PLC0415  # only packing packs

    actor = api_actor(READ)
    asked = read_shape(ToPack, read_body())
    return sent(packing.data(packing.pack_orders(services(), actor, asked.orders)))


@bp.post("/api/v1/consolidations")
def compare_consolidation() -> Response:
    """Compare sending orders of one person apart and together: both quoted, and what lies between. Nothing is kept."""
    from shopkit.services import consolidation, consolidation_told  # noqa: PLC0415  # only this compares

    actor = api_actor(READ)
    asked = read_shape(ToCompare, read_body())
    on = None if asked.date is None else read_day(asked.date, "/date")
    found = consolidation.compare(services(), actor, asked.orders, card=asked.card, service=asked.service, on=on)
    return sent(consolidation_told.data(found, language()))


@bp.post("/api/v1/orders/<order_id>/split")
def judge_split(order_id: str) -> Response:
    """Judge cutting an order into consignments: refused where each would stay under a limit that the whole passes."""
    from shopkit.services import consolidation, consolidation_told  # noqa: PLC0415  # as above

    actor = api_actor(READ)
    orders.load(services(), actor, order_id)
    asked = read_shape(ToSplit, read_body())
    on = None if asked.date is None else read_day(asked.date, "/date")
    found = consolidation.split(services(), actor, order_id, asked.parcels, on=on)
    return sent(consolidation_told.data(found, language()))


def money(said: schemas.Money, where: str) -> Money:
    """Return an amount of a body; ``RequestError`` where its currency is none, or has fewer decimals."""
    try:
        found = Money(to_minor(Decimal(said.amount), said.currency), said.currency)
    except (KeyError, ValueError):
        problem = RequestProblem(f"{where}/currency", "currency.unknown", {"currency": said.currency})
        raise RequestError([problem]) from None
    if Decimal(found.text) != Decimal(said.amount):
        raise RequestError([RequestProblem(f"{where}/amount", "money.decimals", {"currency": said.currency})])
    return found


def sent(value: object, status: int = HTTPStatus.OK) -> Response:
    """Return an answer in the language of the reader."""
    return send(Reply(status, dump(value), language()))


def _box(one: KeptBox) -> dict[str, Any]:
    length, width, height = one.it.inside
    return {
        "id": one.it.id,
        "name": one.it.name,
        "inside_mm": {"length": length, "width": width, "height": height},
        "own_grams": one.it.grams,
        "bears_grams": one.it.bears,
        "wall_mm": one.it.wall,
        "cost": None if one.cost is None else {"amount": one.cost.text, "currency": one.cost.currency},
    }
