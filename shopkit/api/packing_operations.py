"""The description of the routes of boxes and packing."""

from __future__ import annotations

from typing import Final

from shopkit.api import packing_schemas as shapes
from shopkit.api.operations import Operation, parameter
from shopkit.api.orders import READ, WRITE

_BOX: Final = parameter("box_id", "path", "The id of a box.", required=True, pattern="^bx_[0-9A-HJKMNP-TV-Z]{26}$")
_TAG: Final = "Packing"
_ORDER: Final = "o_01KBJ2W5ZV0000000000000000"

OPERATIONS: Final = {
    ("/api/v1/boxes", "get"): Operation("readBoxes", _TAG, {200: shapes.BoxList}, (422, 503), scope=READ),
    ("/api/v1/boxes", "post"): Operation(
        "addBox",
        _TAG,
        {201: shapes.BoxOut},
        (400, 413, 415, 422, 503),
        asks=shapes.BoxToAdd,
        example={
            "name": "Caja mediana",
            "inside_mm": {"length": 320, "width": 240, "height": 100},
            "own_grams": 150,
            "bears_grams": 10_000,
            "wall_mm": 4,
            "cost": {"amount": "14.50", "currency": "MXN"},
        },
        shows=("medium", "A medium box of cardboard"),
        scope=WRITE,
    ),
    ("/api/v1/boxes/{box_id}", "delete"): Operation(
        "removeBox", _TAG, {204: None}, (404, 503), parameters=(_BOX,), scope=WRITE
    ),
    ("/api/v1/packings", "post"): Operation(
        "packOrders",
        _TAG,
        {200: shapes.PackingOut},
        (400, 404, 413, 415, 422, 503),
        asks=shapes.ToPack,
        example={"orders": [_ORDER]},
        shows=("one", "One order"),
        scope=READ,
    ),
    ("/api/v1/consolidations", "post"): Operation(
        "compareConsolidation",
        _TAG,
        {200: shapes.ComparisonOut},
        (400, 404, 413, 415, 422, 503),
        asks=shapes.ToCompare,
        example={"orders": [_ORDER, "o_01KBJ2W5ZV0000000000000001"]},
        shows=("two", "Two orders of one person"),
        scope=READ,
    ),
    ("/api/v1/orders/{order_id}/split", "post"): Operation(
        "judgeSplit",
        _TAG,
        {200: shapes.ComparisonOut},
        (400, 404, 413, 415, 422, 503),
        asks=shapes.ToSplit,
        example={"parcels": [[1, 0], [1, 1]]},
        parameters=(parameter("order_id", "path", "The id of an order.", required=True, pattern=shapes.ORDER),),
        shows=("halves", "An order of two lines in two parcels"),
        scope=READ,
    ),
}
