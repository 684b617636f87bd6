"""The description of the routes of orders."""

from __future__ import annotations

from typing import Final

from shopkit.api import order_schemas as shapes
from shopkit.api.operations import Operation, parameter
from shopkit.api.orders import MOST_PAGES, READ, WRITE
from shopkit.services.order_lists import VIEWS

_ORDER: Final = parameter(
    "order_id", "path", "The id of an order.", required=True, pattern="^o_[0-9A-HJKMNP-TV-Z]{26}$"
)
_PAGE: Final = parameter("page", "query", "Which page.", type="integer", minimum=1, maximum=MOST_PAGES)
_VIEW: Final = parameter("view", "query", "Which orders.", enum=list(VIEWS))
_TAG: Final = "Orders"
_PATH: Final = "/api/v1/orders"

OPERATIONS: Final = {
    (_PATH, "get"): Operation(
        "findOrders", _TAG, {200: shapes.OrderList}, (422, 503), parameters=(_VIEW, _PAGE), scope=READ
    ),
    (f"{_PATH}/{{order_id}}", "get"): Operation(
        "readOrder", _TAG, {200: shapes.OrderOut}, (404, 503), parameters=(_ORDER,), scope=READ
    ),
    (f"{_PATH}/{{order_id}}/acts", "post"): Operation(
        "actOnOrder",
        _TAG,
        {200: shapes.OrderOut},
        (400, 404, 413, 415, 422, 503),
        asks=shapes.Act,
        example={"do": "ship", "carrier": "DHL", "tracking": "JD014600003030303030"},
        parameters=(_ORDER,),
        shows=("ship", "It was sent"),
        scope=WRITE,
    ),
}
