"""The description of the routes of accounts at channels and of pushes."""

from __future__ import annotations

from typing import Final

from shopkit.api import push_schemas as shapes
from shopkit.api.catalogs import MOST_PAGES
from shopkit.api.listings import READ, WRITE
from shopkit.api.operations import Operation, parameter
from shopkit.api.pushes import READ_ACCOUNTS, STATES, WRITE_ACCOUNTS

_CHANNEL: Final = parameter(
    "channel", "path", "A channel that takes calls.", required=True, pattern="^[a-z][a-z0-9_]{0,63}$"
)
_FEED: Final = parameter("feed_id", "path", "The id of a catalog.", required=True, pattern="^c_[0-9A-HJKMNP-TV-Z]{26}$")
_PUSH: Final = parameter("push_id", "path", "The id of a push.", required=True, pattern="^pu_[0-9A-HJKMNP-TV-Z]{26}$")
_PAGE: Final = parameter("page", "query", "Which page.", type="integer", minimum=1, maximum=MOST_PAGES)
_STATE: Final = parameter(
    "state",
    "query",
    "Rows of this state; without it those that are not there as the catalog has them.",
    enum=list(STATES),
)
_TAG: Final = "Pushes"
_ACCOUNTS: Final = "/api/v1/channel-accounts"
_ACCOUNT: Final = f"{_ACCOUNTS}/{{channel}}"
_CATALOG: Final = "/api/v1/catalogs/{feed_id}"
_ONE: Final = "/api/v1/pushes/{push_id}"

OPERATIONS: Final = {
    (_ACCOUNTS, "get"): Operation(
        "readChannelAccounts", _TAG, {200: shapes.ChannelAccountList}, (422, 503), scope=READ_ACCOUNTS
    ),
    (_ACCOUNT, "put"): Operation(
        "connectChannelAccount",
        _TAG,
        {200: shapes.ChannelAccountOut},
        (400, 404, 413, 415, 422, 503),
        asks=shapes.ChannelAccountToConnect,
        example={
            "name": "Taller MX",
            "token": '{"access_token": "APP_USR-…", "refresh_token": "TG-…", "expires_in": 21600}',
            "details": {"client_id": "1234567890", "client_secret": "…"},
        },
        parameters=(_CHANNEL,),
        shows=("mercadolibre", "What MercadoLibre answered when its seller agreed, and the application it agreed to"),
        scope=WRITE_ACCOUNTS,
    ),
    (_ACCOUNT, "delete"): Operation(
        "disconnectChannelAccount", _TAG, {204: None}, (404, 503), parameters=(_CHANNEL,), scope=WRITE_ACCOUNTS
    ),
    (f"{_CATALOG}/push-plan", "get"): Operation(
        "readPushPlan", _TAG, {200: shapes.PushPlan}, (404, 409, 422, 503), parameters=(_FEED, _PAGE), scope=READ
    ),
    (f"{_CATALOG}/pushes", "post"): Operation(
        "pushCatalog", _TAG, {202: shapes.PushOut}, (404, 409, 422, 503), parameters=(_FEED,), scope=WRITE
    ),
    (f"{_CATALOG}/settled-rows", "post"): Operation(
        "settleRow",
        _TAG,
        {204: None},
        (400, 404, 413, 415, 422, 503),
        asks=shapes.RowToSettle,
        example={"row": "TAZA-1", "ids": {"item_id": "MLM1234567890"}},
        parameters=(_FEED,),
        shows=("there", "The item was made, under this id"),
        scope=WRITE,
    ),
    (_ONE, "get"): Operation("readPush", _TAG, {200: shapes.PushOut}, (404, 503), parameters=(_PUSH,), scope=READ),
    (f"{_ONE}/rows", "get"): Operation(
        "readPushRows", _TAG, {200: shapes.PushRowPage}, (404, 422, 503), parameters=(_PUSH, _PAGE, _STATE), scope=READ
    ),
    (f"{_ONE}/stop", "post"): Operation(
        "stopPush", _TAG, {200: shapes.PushOut}, (404, 503), parameters=(_PUSH,), scope=WRITE
    ),
}
