"""Parcels that sellers of a group hand to a consolidator together: whose, how many, how heavy, and who pays what.

A member sees of another the name, how many parcels, what they weigh and the share, and nothing else: which order a
parcel is of, and what was noted beside it, stays with its seller. Each parcel goes to customs as its own consignment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select

from landed_cost.money import Money
from shopkit.models import ParcelPool, PoolParcel, PoolShare, Seller
from shopkit.packing.sharing import shares
from shopkit.services import audit, orders
from shopkit.services.pool_groups import MAX_NAME, PoolNotFoundError, member_of
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.models import PoolGroup
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

MAX_CONSOLIDATOR: Final = 200
MAX_GRAMS: Final = 1_000_000
MOST_PARCELS: Final = 500
MOST_POOLS: Final = 200


@dataclass(frozen=True, slots=True)
class Share:
    """What a member has in a pool; ``cost`` once it is closed. Without a ``name``: shops that are not here any more."""

    name: str
    is_me: bool
    parcels: int
    grams: int
    cost: Money | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel of the seller's own."""

    id: str
    grams: int
    order_id: str | None
    note: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool as one member sees it: everybody's shares, and the parcels that are one's own."""

    id: str
    group_id: str
    group: str
    name: str
    consolidator: str
    created_at: datetime
    closed_at: datetime | None
    is_mine: bool
    cost: Money | None
    shares: tuple[Share, ...]
    parcels: tuple[Parcel, ...]


def open_pool(services: Services, actor: Actor, group_id: str, name: str, consolidator: str) -> Pool:
    """Open a pool in a group; for editors. ``PoolNotFoundError``, ``RequestError``."""
    now = services.now()
    with services.database.writing.begin() as session:
        group = member_of(session, actor, group_id, lock=True)
        actor.must("editor")
        if group.closed_at is not None:
            raise RequestError([RequestProblem("", "pool.group_closed")])
        problems = [
            RequestProblem(where, "required" if not text.strip() else "text.too_long", {"limit": str(most)})
            for where, text, most in (("/name", name, MAX_NAME), ("/consolidator", consolidator, MAX_CONSOLIDATOR))
            if not text.strip() or len(text) > most
        ]
        if problems:
            raise RequestError(problems)
        if (session.scalar(select(func.count()).where(ParcelPool.group_id == group.id)) or 0) >= MOST_POOLS:
            raise RequestError([RequestProblem("", "pool.too_many", {"limit": str(MOST_POOLS)})])
        row = ParcelPool(
            id=new_id("pl", now),
            group_id=group.id,
            seller_id=actor.seller_id,
            name=name.strip(),
            consolidator=consolidator.strip(),
            created_at=now,
        )
        session.add(row)
        session.flush()
        audit.note(session, actor, now, "pool.opened", row.name)
        return _pool(session, actor, row, group)


def find_pool(services: Services, actor: Actor, pool_id: str) -> Pool:
    """Return a pool of a group that the seller is in; ``PoolNotFoundError``."""
    with services.database.reading() as session:
        return _pool(session, actor, *_own(session, actor, pool_id))


def add_parcel(
    services: Services, actor: Actor, pool_id: str, grams: int, *, order_id: str | None = None, note: str = ""
) -> Pool:
    """Put a parcel into an open pool; for editors. ``order_id`` and ``note`` stay with the seller.

    Raises ``PoolNotFoundError``, ``OrderNotFoundError`` and ``RequestError``.
    """
    now = services.now()
    with services.database.writing.begin() as session:
        row, group = _opened(session, actor, pool_id)
        if not 1 <= grams <= MAX_GRAMS:
            raise RequestError([RequestProblem("/grams", "number.range", {"limit": f"1 – {MAX_GRAMS}"})])
        if len(note) > MAX_NAME:
            raise RequestError([RequestProblem("/note", "text.too_long", {"limit": str(MAX_NAME)})])
        if order_id is not None:
            orders.own(session, actor, order_id)
        if (session.scalar(select(func.count()).where(PoolParcel.pool_id == row.id)) or 0) >= MOST_PARCELS:
            raise RequestError([RequestProblem("", "pool.too_many", {"limit": str(MOST_PARCELS)})])
        parcel = PoolParcel(
            id=new_id("pp", now),
            pool_id=row.id,
            seller_id=actor.seller_id,
            grams=grams,
            order_id=order_id,
            note=note.strip(),
            created_at=now,
        )
        session.add(parcel)
        session.flush()
        return _pool(session, actor, row, group)


def remove_parcel(services: Services, actor: Actor, pool_id: str, parcel_id: str) -> None:
    """Take a parcel of one's own out of an open pool; for editors. ``PoolNotFoundError``, ``RequestError``."""
    with services.database.writing.begin() as session:
        found, _ = _own(session, actor, pool_id)
        own = (PoolParcel.id == parcel_id, PoolParcel.pool_id == found.id, PoolParcel.seller_id == actor.seller_id)
        if session.scalars(select(PoolParcel.id).where(*own)).one_or_none() is None:
            raise PoolNotFoundError(parcel_id)
        _opened(session, actor, pool_id)
        session.execute(delete(PoolParcel).where(*own))


def close_pool(services: Services, actor: Actor, pool_id: str, cost: Money) -> Pool:
    """Close a pool with what the consolidator asks, and write each member's share down; for who opened it.

    Shares go by weight to the cent and add up to the cost. ``PoolNotFoundError``, ``RequestError``.
    """
    now = services.now()
    with services.database.writing.begin() as session:
        row, group = _opened(session, actor, pool_id)
        if row.seller_id != actor.seller_id:
            raise RequestError([RequestProblem("", "pool.opener_only")])
        if cost.minor < 0:
            raise RequestError([RequestProblem("/cost/amount", "amount.invalid")])
        weighed = _weighed(session, row.id)
        if not weighed:
            raise RequestError([RequestProblem("", "pool.empty")])
        paid = shares(cost.minor, {seller: grams for seller, (_, grams) in weighed.items()})
        for seller, (parcels, grams) in weighed.items():
            session.add(PoolShare(pool_id=row.id, seller_id=seller, parcels=parcels, grams=grams, minor=paid[seller]))
        row.closed_at, row.cost_minor, row.currency = now, cost.minor, cost.currency
        audit.note(session, actor, now, "pool.closed", row.name, cost=f"{cost.text} {cost.currency}")
        session.flush()
        return _pool(session, actor, row, group)


def _own(session: Session, actor: Actor, pool_id: str, *, lock: bool = False) -> tuple[ParcelPool, PoolGroup]:
    query = select(ParcelPool).where(ParcelPool.id == pool_id)
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise PoolNotFoundError(pool_id)
    return row, member_of(session, actor, row.group_id)


def _opened(session: Session, actor: Actor, pool_id: str) -> tuple[ParcelPool, PoolGroup]:
    """Return a pool that is open, locked; for editors."""
    found = _own(session, actor, pool_id, lock=True)
    actor.must("editor")
    if found[0].closed_at is not None:
        raise RequestError([RequestProblem("", "pool.closed")])
    return found


def _weighed(session: Session, pool_id: str) -> dict[str, tuple[int, int]]:
    query = (
        select(PoolParcel.seller_id, func.count(), func.sum(PoolParcel.grams))
        .where(PoolParcel.pool_id == pool_id)
        .group_by(PoolParcel.seller_id)
    )
    return {seller: (int(parcels), int(grams)) for seller, parcels, grams in session.execute(query)}


def _pool(session: Session, actor: Actor, row: ParcelPool, group: PoolGroup) -> Pool:
    cost = None if row.cost_minor is None or row.currency is None else Money(row.cost_minor, row.currency)
    mine = (
        select(PoolParcel)
        .where(PoolParcel.pool_id == row.id, PoolParcel.seller_id == actor.seller_id)
        .order_by(PoolParcel.created_at, PoolParcel.id)
    )
    return Pool(
        row.id,
        group.id,
        group.name,
        row.name,
        row.consolidator,
        row.created_at,
        row.closed_at,
        row.seller_id == actor.seller_id,
        cost,
        tuple(_shares(session, actor, row, cost)),
        tuple(Parcel(one.id, one.grams, one.order_id, one.note, one.created_at) for one in session.scalars(mine)),
    )


def _shares(session: Session, actor: Actor, row: ParcelPool, cost: Money | None) -> list[Share]:
    """Return who has what in a pool: as it was written down once it is closed, as it stands before."""
    if cost is None:
        had: dict[str, tuple[int, int, Money | None]] = {
            seller: (*one, None) for seller, one in _weighed(session, row.id).items()
        }
    else:
        written = select(PoolShare).where(PoolShare.pool_id == row.id)
        had = {
            one.seller_id: (one.parcels, one.grams, Money(one.minor, cost.currency)) for one in session.scalars(written)
        }
    wanted = select(Seller.id, Seller.name).where(Seller.id.in_(had))
    names: dict[str, str] = {one.id: one.name for one in session.execute(wanted)}
    found = [Share(names[seller], seller == actor.seller_id, *one) for seller, one in had.items()]
    found.sort(key=lambda one: (not one.is_me, one.name.casefold()))
    if cost is not None:
        missing = cost.minor - sum(one.cost.minor for one in found if one.cost is not None)
        if missing:
            found.append(Share("", is_me=False, parcels=0, grams=0, cost=Money(missing, cost.currency)))
    return found
