"""The description of the routes of groups and pools."""

from __future__ import annotations

from typing import Final

from shopkit.api import pool_schemas as shapes
from shopkit.api.operations import Operation, Spec, parameter
from shopkit.api.pools import READ, WRITE


def _named(name: str, prefix: str) -> Spec:
    what = name.removesuffix("_id")
    return parameter(
        name, "path", f"The id of a {what}.", required=True, pattern=f"^{prefix}_[0-9A-HJKMNP-TV-Z]{{26}}$"
    )


_GROUP: Final = _named("group_id", "pg")
_POOL: Final = _named("pool_id", "pl")
_PARCEL: Final = _named("parcel_id", "pp")
_TAG: Final = "Pools"
_GROUPS: Final = "/api/v1/pool-groups"
_ONE: Final = f"{_GROUPS}/{{group_id}}"
_POOLS: Final = "/api/v1/pools/{pool_id}"
_BODY: Final = (400, 404, 413, 415, 422, 503)

OPERATIONS: Final = {
    (_GROUPS, "get"): Operation("readPoolGroups", _TAG, {200: shapes.GroupList}, (422, 503), scope=READ),
    (_GROUPS, "post"): Operation(
        "foundPoolGroup",
        _TAG,
        {201: shapes.GroupOut},
        (400, 413, 415, 422, 503),
        asks=shapes.GroupToFound,
        example={"name": "Artesanos de Metepec", "country": "MX", "city": "Metepec"},
        shows=("group", "A group of one town"),
        scope=WRITE,
    ),
    (f"{_GROUPS}/join", "post"): Operation(
        "joinPoolGroup",
        _TAG,
        {200: shapes.GroupOut},
        (400, 413, 415, 422, 503),
        asks=shapes.Joining,
        example={"code": "vQ2k3m0w"},
        shows=("code", "The code of an invitation"),
        scope=WRITE,
    ),
    (_ONE, "get"): Operation(
        "readPoolGroup", _TAG, {200: shapes.GroupOut}, (404, 503), parameters=(_GROUP,), scope=READ
    ),
    (f"{_ONE}/invitations", "post"): Operation(
        "inviteToPoolGroup", _TAG, {201: shapes.InvitationOut}, (404, 422, 503), parameters=(_GROUP,), scope=WRITE
    ),
    (f"{_ONE}/leave", "post"): Operation(
        "leavePoolGroup", _TAG, {204: None}, (404, 422, 503), parameters=(_GROUP,), scope=WRITE
    ),
    (f"{_ONE}/close", "post"): Operation(
        "closePoolGroup", _TAG, {204: None}, (404, 422, 503), parameters=(_GROUP,), scope=WRITE
    ),
    (f"{_ONE}/pools", "post"): Operation(
        "openPool",
        _TAG,
        {201: shapes.PoolOut},
        _BODY,
        asks=shapes.PoolToOpen,
        example={"name": "Viernes 4 de diciembre", "consolidator": "Carga del Valle"},
        parameters=(_GROUP,),
        shows=("friday", "What leaves on Friday"),
        scope=WRITE,
    ),
    (_POOLS, "get"): Operation("readPool", _TAG, {200: shapes.PoolOut}, (404, 503), parameters=(_POOL,), scope=READ),
    (f"{_POOLS}/parcels", "post"): Operation(
        "addPoolParcel",
        _TAG,
        {201: shapes.PoolOut},
        _BODY,
        asks=shapes.ParcelToAdd,
        example={"grams": 550, "note": "estante 3"},
        parameters=(_POOL,),
        shows=("one", "A parcel of 550 grams"),
        scope=WRITE,
    ),
    (f"{_POOLS}/parcels/{{parcel_id}}", "delete"): Operation(
        "removePoolParcel", _TAG, {204: None}, (404, 422, 503), parameters=(_POOL, _PARCEL), scope=WRITE
    ),
    (f"{_POOLS}/close", "post"): Operation(
        "closePool",
        _TAG,
        {200: shapes.PoolOut},
        _BODY,
        asks=shapes.PoolToClose,
        example={"cost": {"amount": "1250.00", "currency": "MXN"}},
        parameters=(_POOL,),
        shows=("cost", "What the consolidator asked"),
        scope=WRITE,
    ),
}
