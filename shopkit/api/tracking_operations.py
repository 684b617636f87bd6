"""The description of the routes of accounts at providers of tracking, and of who is asked about a parcel."""

from __future__ import annotations

from typing import Final

from shopkit.api import tracking_schemas as shapes
from shopkit.api.operations import Operation, parameter
from shopkit.api.orders import WRITE
from shopkit.api.tracking import READ_ACCOUNTS, WRITE_ACCOUNTS

_PROVIDER: Final = parameter(
    "provider", "path", "A provider of tracking.", required=True, pattern="^[a-z0-9][a-z0-9_.-]{0,63}$"
)
_SHIPMENT: Final = parameter(
    "shipment_id", "path", "The id of a parcel.", required=True, pattern="^sh_[0-9A-HJKMNP-TV-Z]{26}$"
)
_TAG: Final = "Parcels"
_ACCOUNTS: Final = "/api/v1/tracking/accounts"
_ONE: Final = "/api/v1/shipments/{shipment_id}"

OPERATIONS: Final = {
    (_ACCOUNTS, "get"): Operation(
        "readTrackingAccounts", _TAG, {200: shapes.TrackingAccountList}, (422, 503), scope=READ_ACCOUNTS
    ),
    (_ACCOUNTS, "post"): Operation(
        "connectTrackingAccount",
        _TAG,
        {201: shapes.TrackingAccountOut},
        (400, 413, 415, 422, 503),
        asks=shapes.TrackingAccountToConnect,
        example={"provider": "usps", "details": {"client_id": "1234567890", "client_secret": "…"}},
        shows=("usps", "An application of the USPS developer portal"),
        scope=WRITE_ACCOUNTS,
    ),
    (f"{_ACCOUNTS}/{{provider}}", "delete"): Operation(
        "disconnectTrackingAccount", _TAG, {204: None}, (404, 503), parameters=(_PROVIDER,), scope=WRITE_ACCOUNTS
    ),
    ("/api/v1/tracking/preference", "put"): Operation(
        "preferTrackingAccounts",
        _TAG,
        {200: shapes.TrackingAccountOrder},
        (400, 404, 413, 415, 422, 503),
        asks=shapes.TrackingPreference,
        example={"providers": ["usps", "17track"]},
        shows=("order", "USPS is asked first, then 17TRACK"),
        scope=WRITE_ACCOUNTS,
    ),
    (f"{_ONE}/follow", "post"): Operation(
        "followShipment",
        _TAG,
        {200: shapes.ShipmentFollowed},
        (400, 404, 413, 415, 422, 503),
        asks=shapes.ShipmentToFollow,
        example={"provider": "17track"},
        parameters=(_SHIPMENT,),
        shows=("by", "17TRACK is asked about it from now on"),
        scope=WRITE,
    ),
    (f"{_ONE}/refresh", "post"): Operation(
        "refreshShipment", _TAG, {200: shapes.ShipmentFollowed}, (404, 503), parameters=(_SHIPMENT,), scope=WRITE
    ),
}
