"""The description of the routes of parcels."""

from __future__ import annotations

from typing import Final

from shopkit.api import shipment_schemas as shapes
from shopkit.api.operations import Operation, parameter
from shopkit.api.orders import MOST_PAGES, READ, WRITE
from shopkit.services.shipment_board import VIEWS

_SHIPMENT: Final = parameter(
    "shipment_id", "path", "The id of a parcel.", required=True, pattern="^sh_[0-9A-HJKMNP-TV-Z]{26}$"
)
_PAGE: Final = parameter("page", "query", "Which page.", type="integer", minimum=1, maximum=MOST_PAGES)
_VIEW: Final = parameter("view", "query", "Which parcels.", enum=list(VIEWS))
_TEXT: Final = parameter("q", "query", "A parcel’s number, or that of an order.", maxLength=100)
_SINCE: Final = parameter("since", "query", "Posted on this day or later.", format="date", examples=["2026-01-01"])
_TAG: Final = "Parcels"
_PATH: Final = "/api/v1/shipments"

OPERATIONS: Final = {
    (_PATH, "get"): Operation(
        "findShipments", _TAG, {200: shapes.ShipmentList}, (422, 503), parameters=(_VIEW, _TEXT, _PAGE), scope=READ
    ),
    (_PATH, "post"): Operation(
        "openShipment",
        _TAG,
        {201: shapes.ShipmentOut},
        (400, 404, 413, 415, 422, 503),
        asks=shapes.ShipmentToOpen,
        example={
            "number": "RR 123 456 785 MX",
            "posted_on": "2026-11-23",
            "destination": "US",
            "origin": "MX",
            "service": "registered",
        },
        shows=("open", "A parcel to follow"),
        scope=WRITE,
    ),
    (f"{_PATH}/lanes", "get"): Operation(
        "readLanes", _TAG, {200: shapes.LaneList}, (422, 503), parameters=(_SINCE,), scope=READ
    ),
    (f"{_PATH}/{{shipment_id}}", "get"): Operation(
        "readShipment", _TAG, {200: shapes.ShipmentOut}, (404, 503), parameters=(_SHIPMENT,), scope=READ
    ),
}
