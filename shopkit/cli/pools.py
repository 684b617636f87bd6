"""Groups of sellers and the parcels that they pool, on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

from shopkit.cli.common import counted, seller_option, stop, table
from shopkit.cli.orders import id_of
from shopkit.cli.packing import enter, read_money, refuse
from shopkit.services import pool_groups, pools
from shopkit.services.problems import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopkit.services.pools import Pool

T = TypeVar("T")
_WRONG = 1
_group_named = click.argument("group_id", metavar="GROUP")
_pool_named = click.argument("pool_id", metavar="POOL")


@click.group("pools")
def group() -> None:
    """Parcels that shops of one place hand to a consolidator together: see docs/packing.md."""


@group.command("groups")
@seller_option
def list_groups(seller: str) -> None:
    """List the groups that a shop is in, with their shops and pools."""
    found = pool_groups.groups(*enter(seller))
    for one in found:
        click.echo(f"{one.id} {one.name}, {one.city}, {one.country}{' (closed)' if one.closed_at else ''}")
        table(("  ", member.name, "founder" if member.is_founder else "") for member in one.members)
        table(("  ", pool.id, pool.name, "closed" if pool.closed_at else "open") for pool in one.pools)
    click.echo(counted(len(found), "group"), err=True)


@group.command("found")
@click.argument("name")
@click.option("--country", required=True, help="Where the shops are: two letters.")
@click.option("--city", required=True, help="The place.")
@seller_option
def found(name: str, country: str, city: str, seller: str) -> None:
    """Found a group of shops of one place."""
    made = _done(lambda: pool_groups.create_group(*enter(seller), name, country.upper(), city))
    click.echo(f"{made.id} {made.name}")


@group.command("invite")
@_group_named
@seller_option
def invite(group_id: str, seller: str) -> None:
    """Print a code that lets one shop into a group; it is shown this once."""
    code, until = _done(lambda: pool_groups.invite(*enter(seller), group_id))
    click.echo(code)
    click.echo(f"holds until {until:%Y-%m-%d %H:%M} UTC, for one shop", err=True)


@group.command("join")
@click.argument("code")
@seller_option
def join(code: str, seller: str) -> None:
    """Join a group by the code of an invitation."""
    try:
        made = _done(lambda: pool_groups.accept(*enter(seller), code))
    except pool_groups.InvitationOverError:
        stop("this code opens nothing: it was used, it is too old, or it was cut", _WRONG)
    click.echo(f"{made.id} {made.name}")


@group.command("leave")
@_group_named
@seller_option
def leave(group_id: str, seller: str) -> None:
    """Leave a group: the shop then sees nothing of it."""
    _done(lambda: pool_groups.leave(*enter(seller), group_id))
    click.echo("left")


@group.command("end")
@_group_named
@seller_option
def end(group_id: str, seller: str) -> None:
    """Close a group that the shop founded."""
    _done(lambda: pool_groups.close_group(*enter(seller), group_id))
    click.echo("closed")


@group.command("open")
@_group_named
@click.argument("name")
@click.option("--consolidator", required=True, help="Who takes the parcels on.")
@seller_option
def open_pool(group_id: str, name: str, consolidator: str, seller: str) -> None:
    """Open a pool of parcels in a group."""
    _tell(_done(lambda: pools.open_pool(*enter(seller), group_id, name, consolidator)))


@group.command("show")
@_pool_named
@seller_option
def show(pool_id: str, seller: str) -> None:
    """Show a pool: everybody's shares, and the shop's own parcels."""
    _tell(_done(lambda: pools.find_pool(*enter(seller), pool_id)))


@group.command("add")
@_pool_named
@click.argument("grams", type=int)
@click.option("--order", help="Its order; no other shop sees it.")
@click.option("--note", default="", help="A note; no other shop sees it.")
@seller_option
def add(pool_id: str, grams: int, order: str | None, note: str, seller: str) -> None:
    """Put a parcel into a pool."""
    services, actor = enter(seller)
    order_id = None if order is None else id_of(services, actor, order)
    _tell(_done(lambda: pools.add_parcel(services, actor, pool_id, grams, order_id=order_id, note=note)))


@group.command("remove")
@_pool_named
@click.argument("parcel_id", metavar="PARCEL")
@seller_option
def remove(pool_id: str, parcel_id: str, seller: str) -> None:
    """Take a parcel of the shop's own out of a pool."""
    _done(lambda: pools.remove_parcel(*enter(seller), pool_id, parcel_id))
    click.echo("taken out")


@group.command("settle")
@_pool_named
@click.argument("cost")
@seller_option
def settle(pool_id: str, cost: str, seller: str) -> None:
    """Close a pool with what it cost, like "1250.00 MXN", and share that by weight."""
    amount = read_money(cost)
    _tell(_done(lambda: pools.close_pool(*enter(seller), pool_id, amount)))


def _tell(pool: Pool) -> None:
    click.echo(f"{pool.id} {pool.name}, {pool.consolidator}: {pool.cost or 'open'}")
    table(
        (one.name or "shops that are not here any more", counted(one.parcels, "parcel"), f"{one.grams:,} g", one.cost)
        for one in pool.shares
    )
    for one in pool.parcels:
        click.echo(f"  {one.id} {one.grams:,} g {one.note}".rstrip())


def _done(act: Callable[[], T]) -> T:
    try:
        return act()
    except RequestError as error:
        refuse(error)
    except pool_groups.PoolNotFoundError as error:
        stop(f"there is no group, pool or parcel {error.args[0]!r} for this shop", _WRONG)
