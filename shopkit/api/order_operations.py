"""The description of the routes of orders."""

from __future__ import annotations

from typing import Final

from shopkit.api import order_schemas as shapes
from shopkit.api import payment_schemas as money
from shopkit.api.operations import Operation, parameter
from shopkit.api.orders import MOST_PAGES, READ, WRITE
from shopkit.services.order_lists import VIEWS

_ORDER: Final = parameter(
    "order_id", "path", "The id of an order.", required=True, pattern="^o_[0-9A-HJKMNP-TV-Z]{26}$"
)
_DISPUTE: Final = parameter(
    "dispute_id", "path", "The provider’s name of a dispute.", required=True, pattern="^[A-Za-z0-9_]{1,60}$"
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
    (f"{_PATH}/{{order_id}}/payments", "get"): Operation(
        "readOrderPayments", _TAG, {200: money.OrderMoneyOut}, (404, 503), parameters=(_ORDER,), scope=READ
    ),
    (f"{_PATH}/{{order_id}}/refunds", "post"): Operation(
        "refundOrder",
        _TAG,
        {200: money.OrderMoneyOut},
        (400, 404, 409, 413, 415, 422, 503),
        asks=money.RefundToMake,
        example={"key": "stain-1001", "amount": "10.00", "reason": "It came with a stain"},
        parameters=(_ORDER,),
        shows=("part", "A part goes back"),
        scope=WRITE,
    ),
    (f"{_PATH}/{{order_id}}/disputes/{{dispute_id}}/evidence", "post"): Operation(
        "answerDispute",
        _TAG,
        {200: money.OrderMoneyOut},
        (400, 404, 413, 415, 422, 503),
        asks=money.EvidenceToSend,
        example={"words": "The carrier has the buyer’s signature.", "submit": False},
        parameters=(_ORDER, _DISPUTE),
        shows=("draft", "A draft at the provider"),
        scope=WRITE,
    ),
    (f"{_PATH}/{{order_id}}/evidence", "get"): Operation(
        "readEvidence", _TAG, {200: None}, (404, 503), parameters=(_ORDER,), scope=READ, gives="application/zip"
    ),
}
