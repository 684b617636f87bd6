"""Routes of groups of sellers, and of the parcels that they pool."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response

from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import read_body, services
from shopkit.api.catalogs import read_shape
from shopkit.api.orders import moment
from shopkit.api.packing import money, sent
from shopkit.api.pool_schemas import GroupToFound, Joining, ParcelToAdd, PoolToClose, PoolToOpen
from shopkit.api.queries import Query
from shopkit.services import pool_groups, pools
from shopkit.services.problems import RequestError, RequestProblem

if TYPE_CHECKING:
    from landed_cost.money import Money
    from shopkit.services.pool_groups import Group
    from shopkit.services.pools import Pool

READ: Final = "pools:read"
WRITE: Final = "pools:write"


@bp.get("/api/v1/pool-groups")
def read_pool_groups() -> Response:
    """List the groups that the shop is in."""
    actor = api_actor(READ)
    Query().done()
    return sent({"results": [_group(one) for one in pool_groups.groups(services(), actor)]})


@bp.post("/api/v1/pool-groups")
def found_pool_group() -> Response:
    """Found a group of sellers of one place."""
    actor = api_actor(WRITE)
    asked = read_shape(GroupToFound, read_body())
    made = pool_groups.create_group(services(), actor, asked.name, asked.country, asked.city)
    return sent(_group(made), HTTPStatus.CREATED)


@bp.post("/api/v1/pool-groups/join")
def join_pool_group() -> Response:
    """Join a group by the code of an invitation, which is used up."""
    actor = api_actor(WRITE)
    asked = read_shape(Joining, read_body())
    try:
        return sent(_group(pool_groups.accept(services(), actor, asked.code)))
    except pool_groups.InvitationOverError:
        raise RequestError([RequestProblem("/code", "pool.code")]) from None


@bp.get("/api/v1/pool-groups/<group_id>")
def read_pool_group(group_id: str) -> Response:
    """Read a group that the shop is in."""
    return sent(_group(pool_groups.find_group(services(), api_actor(READ), group_id)))


@bp.post("/api/v1/pool-groups/<group_id>/invitations")
def invite_to_pool_group(group_id: str) -> Response:
    """Make a code that lets one shop in; it is told this once."""
    code, until = pool_groups.invite(services(), api_actor(WRITE), group_id)
    return sent({"code": code, "expires_at": moment(until)}, HTTPStatus.CREATED)


@bp.post("/api/v1/pool-groups/<group_id>/leave")
def leave_pool_group(group_id: str) -> Response:
    """Leave a group: the shop sees nothing of it any more."""
    pool_groups.leave(services(), api_actor(WRITE), group_id)
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.post("/api/v1/pool-groups/<group_id>/close")
def close_pool_group(group_id: str) -> Response:
    """Close a group that the shop founded."""
    pool_groups.close_group(services(), api_actor(WRITE), group_id)
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.post("/api/v1/pool-groups/<group_id>/pools")
def open_pool(group_id: str) -> Response:
    """Open a pool of parcels in a group."""
    actor = api_actor(WRITE)
    pool_groups.find_group(services(), actor, group_id)
    asked = read_shape(PoolToOpen, read_body())
    return sent(_pool(pools.open_pool(services(), actor, group_id, asked.name, asked.consolidator)), HTTPStatus.CREATED)


@bp.get("/api/v1/pools/<pool_id>")
def read_pool(pool_id: str) -> Response:
    """Read a pool: everybody's shares, and the shop's own parcels."""
    return sent(_pool(pools.find_pool(services(), api_actor(READ), pool_id)))


@bp.post("/api/v1/pools/<pool_id>/parcels")
def add_pool_parcel(pool_id: str) -> Response:
    """Put a parcel of the shop into an open pool."""
    actor = api_actor(WRITE)
    pools.find_pool(services(), actor, pool_id)
    asked = read_shape(ParcelToAdd, read_body())
    made = pools.add_parcel(services(), actor, pool_id, asked.grams, order_id=asked.order, note=asked.note)
    return sent(_pool(made), HTTPStatus.CREATED)


@bp.delete("/api/v1/pools/<pool_id>/parcels/<parcel_id>")
def remove_pool_parcel(pool_id: str, parcel_id: str) -> Response:
    """Take a parcel of the shop out of an open pool."""
    pools.remove_parcel(services(), api_actor(WRITE), pool_id, parcel_id)
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.post("/api/v1/pools/<pool_id>/close")
def close_pool(pool_id: str) -> Response:
    """Close a pool that the shop opened with what it cost; each share is written down."""
    actor = api_actor(WRITE)
    pools.find_pool(services(), actor, pool_id)
    asked = read_shape(PoolToClose, read_body())
    return sent(_pool(pools.close_pool(services(), actor, pool_id, money(asked.cost, "/cost"))))


def _money(one: Money | None) -> dict[str, str] | None:
    return None if one is None else {"amount": one.text, "currency": one.currency}


def _group(one: Group) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "country": one.country,
        "city": one.city,
        "created_at": moment(one.created_at),
        "closed_at": moment(one.closed_at),
        "founder": one.is_founder,
        "members": [{"name": each.name, "me": each.is_me, "founder": each.is_founder} for each in one.members],
        "pools": [
            {
                "id": pool.id,
                "name": pool.name,
                "created_at": moment(pool.created_at),
                "closed_at": moment(pool.closed_at),
            }
            for pool in one.pools
        ],
    }


def _pool(one: Pool) -> dict[str, Any]:
    return {
        "id": one.id,
        "group": one.group_id,
        "name": one.name,
        "consolidator": one.consolidator,
        "created_at": moment(one.created_at),
        "closed_at": moment(one.closed_at),
        "mine": one.is_mine,
        "cost": _money(one.cost),
        "shares": [
            {
                "name": each.name or None,
                "me": each.is_me,
                "parcels": each.parcels,
                "grams": each.grams,
                "cost": _money(each.cost),
            }
            for each in one.shares
        ],
        "parcels": [
            {
                "id": each.id,
                "grams": each.grams,
                "order": each.order_id,
                "note": each.note,
                "created_at": moment(each.created_at),
            }
            for each in one.parcels
        ],
    }
