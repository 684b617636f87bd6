"""The description of the routes of ways to send."""

from __future__ import annotations

from typing import Any, Final

from shopkit.api.examples import SHIRTS
from shopkit.api.operations import Operation, parameter
from shopkit.api.orders import READ
from shopkit.api.way_schemas import WaysOut
from shopkit.services.schemas import QuoteRequest

_ORDER: Final = parameter(
    "order_id", "path", "The id of an order.", required=True, pattern="^o_[0-9A-HJKMNP-TV-Z]{26}$"
)
_PACKED: Final[dict[str, Any]] = SHIRTS | {
    "parcel": {
        "gross_weight": {"value": "0.5", "unit": "kg"},
        "dimensions": {"length": "30", "width": "20", "height": "10", "unit": "cm"},
    }
}

OPERATIONS: Final = {
    ("/api/v1/ways", "post"): Operation(
        "laySideBySide",
        "Freight",
        {200: WaysOut},
        (400, 413, 415, 422, 503),
        asks=QuoteRequest,
        example=_PACKED,
    ),
    ("/api/v1/orders/{order_id}/ways", "get"): Operation(
        "readWaysOfOrder", "Freight", {200: WaysOut}, (404, 422, 503), parameters=(_ORDER,), scope=READ
    ),
}
