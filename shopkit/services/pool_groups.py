"""Groups of sellers of one place: founded, joined by invitation, left and closed. A stranger finds none of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select, update

from landed_cost.countries import is_country
from shopkit.models import ParcelPool, PoolGroup, PoolInvitation, PoolMember, PoolParcel, PoolShare, Seller
from shopkit.services import audit
from shopkit.services.listings import ListingNotFoundError
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import hashed, new_id, new_token

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

INVITED_FOR: Final = timedelta(days=14)
MAX_NAME: Final = 120
MOST_GROUPS: Final = 20
MOST_MEMBERS: Final = 50
MOST_INVITATIONS: Final = 50


class PoolNotFoundError(ListingNotFoundError):
    """There is no such group, pool or parcel, or not for this seller: nobody is told which."""


class InvitationOverError(LookupError):
    """The code opens nothing: wrong, used, too old, or its group is closed."""


@dataclass(frozen=True, slots=True)
class Member:
    """A seller in a group, by name."""

    name: str
    is_me: bool
    is_founder: bool


@dataclass(frozen=True, slots=True)
class PoolBrief:
    """A pool of a group."""

    id: str
    name: str
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    """A group as one of its members sees it; ``is_founder`` is whether that one may invite and close."""

    id: str
    name: str
    country: str
    city: str
    created_at: datetime
    closed_at: datetime | None
    is_founder: bool
    members: tuple[Member, ...]
    pools: tuple[PoolBrief, ...]


@dataclass(frozen=True, slots=True)
class Invited:
    """What who holds a code may know before accepting: the group, its place, and who invites."""

    group: str
    country: str
    city: str
    founder: str
    expires_at: datetime


def groups(services: Services, actor: Actor) -> tuple[Group, ...]:
    """Return the groups that the seller is in, the oldest first."""
    query = (
        select(PoolGroup)
        .join(PoolMember, PoolMember.group_id == PoolGroup.id)
        .where(PoolMember.seller_id == actor.seller_id, PoolMember.left_at.is_(None))
        .order_by(PoolGroup.created_at, PoolGroup.id)
    )
    with services.database.reading() as session:
        return tuple(_group(session, actor, one) for one in session.scalars(query).all())


def find_group(services: Services, actor: Actor, group_id: str) -> Group:
    """Return a group that the seller is in; ``PoolNotFoundError``."""
    with services.database.reading() as session:
        return _group(session, actor, member_of(session, actor, group_id))


def create_group(services: Services, actor: Actor, name: str, country: str, city: str) -> Group:
    """Found a group at a place; for owners. ``RequestError``."""
    actor.must("owner")
    problems = [
        RequestProblem(where, "required" if not text.strip() else "text.too_long", {"limit": str(MAX_NAME)})
        for where, text in (("/name", name), ("/city", city))
        if not text.strip() or len(text) > MAX_NAME
    ]
    if not is_country(country):
        problems.append(RequestProblem("/country", "country.unknown", {"value": country[:2]}))
    if problems:
        raise RequestError(problems)
    now = services.now()
    with services.database.writing.begin() as session:
        # The row of the seller first, so that two who found at once are counted one after the other.
        session.scalars(select(Seller.id).where(Seller.id == actor.seller_id).with_for_update()).one()
        mine = select(func.count()).where(PoolMember.seller_id == actor.seller_id, PoolMember.left_at.is_(None))
        if (session.scalar(mine) or 0) >= MOST_GROUPS:
            raise RequestError([RequestProblem("", "pool.too_many", {"limit": str(MOST_GROUPS)})])
        row = PoolGroup(
            id=new_id("pg", now),
            seller_id=actor.seller_id,
            name=name.strip(),
            country=country,
            city=city.strip(),
            created_at=now,
        )
        session.add(row)
        session.flush()
        session.add(PoolMember(group_id=row.id, seller_id=actor.seller_id, joined_at=now))
        audit.note(session, actor, now, "pool_group.founded", row.name)
        session.flush()
        return _group(session, actor, row)


def invite(services: Services, actor: Actor, group_id: str) -> tuple[str, datetime]:
    """Return a code that lets one seller in, and until when; for the founder's owner. It is kept as its hash alone."""
    # A letter first: a code that began with a dash would be an option to a command line.
    now, code = services.now(), f"p{new_token()}"
    with services.database.writing.begin() as session:
        group = _founded(session, actor, group_id)
        waiting = (PoolInvitation.group_id == group.id, PoolInvitation.used_at.is_(None))
        session.execute(delete(PoolInvitation).where(*waiting, PoolInvitation.expires_at <= now))
        if (session.scalar(select(func.count()).where(*waiting)) or 0) >= MOST_INVITATIONS:
            raise RequestError([RequestProblem("", "pool.too_many", {"limit": str(MOST_INVITATIONS)})])
        until = now + INVITED_FOR
        session.add(
            PoolInvitation(
                id=hashed(code), group_id=group.id, seller_id=actor.seller_id, created_at=now, expires_at=until
            )
        )
        audit.note(session, actor, now, "pool_group.invited", group.name)
    return code, until


def look(services: Services, code: str) -> Invited:
    """Return what a code invites to; ``InvitationOverError``."""
    with services.database.reading() as session:
        found, group = _invitation(session, code, services.now())
        founder = session.scalars(select(Seller.name).where(Seller.id == group.seller_id)).one()
        return Invited(group.name, group.country, group.city, founder, found.expires_at)


def accept(services: Services, actor: Actor, code: str) -> Group:
    """Let the seller in by a code, which is used up; for owners. ``InvitationOverError``, ``RequestError``."""
    actor.must("owner")
    now = services.now()
    with services.database.writing.begin() as session:
        found, group = _invitation(session, code, now, lock=True)
        row = session.get(PoolMember, (group.id, actor.seller_id))
        if row is not None and row.left_at is None:
            raise RequestError([RequestProblem("/code", "pool.member")])
        there = select(func.count()).where(PoolMember.group_id == group.id, PoolMember.left_at.is_(None))
        if (session.scalar(there) or 0) >= MOST_MEMBERS:
            raise RequestError([RequestProblem("/code", "pool.too_many", {"limit": str(MOST_MEMBERS)})])
        if row is None:
            session.add(PoolMember(group_id=group.id, seller_id=actor.seller_id, joined_at=now))
        else:
            row.joined_at, row.left_at = now, None
        found.used_at = now
        audit.note(session, actor, now, "pool_group.joined", group.name)
        session.flush()
        return _group(session, actor, group)


def leave(services: Services, actor: Actor, group_id: str) -> None:
    """Leave a group; for owners. Who founded it closes it instead; parcels in an open pool are taken out first."""
    actor.must("owner")
    now = services.now()
    with services.database.writing.begin() as session:
        group = member_of(session, actor, group_id, lock=True)
        if group.seller_id == actor.seller_id:
            raise RequestError([RequestProblem("", "pool.founder_leaves")])
        waiting = (
            select(func.count())
            .select_from(PoolParcel)
            .join(ParcelPool, ParcelPool.id == PoolParcel.pool_id)
            .where(
                ParcelPool.group_id == group.id,
                ParcelPool.closed_at.is_(None),
                PoolParcel.seller_id == actor.seller_id,
            )
        )
        if session.scalar(waiting):
            raise RequestError([RequestProblem("", "pool.parcels_wait")])
        _hand_pools(session, actor.seller_id, group.id, group.seller_id)
        session.get_one(PoolMember, (group.id, actor.seller_id)).left_at = now
        audit.note(session, actor, now, "pool_group.left", group.name)


def close_group(services: Services, actor: Actor, group_id: str) -> None:
    """Close a group whose pools are all closed; for the founder's owner. Its members may read it still."""
    now = services.now()
    with services.database.writing.begin() as session:
        group = _founded(session, actor, group_id)
        opened = select(func.count()).where(ParcelPool.group_id == group.id, ParcelPool.closed_at.is_(None))
        if session.scalar(opened):
            raise RequestError([RequestProblem("", "pool.pools_open")])
        session.execute(
            delete(PoolInvitation).where(PoolInvitation.group_id == group.id, PoolInvitation.used_at.is_(None))
        )
        group.closed_at = now
        audit.note(session, actor, now, "pool_group.closed", group.name)


def hand_over(session: Session, seller_id: str) -> None:
    """Give what others need of a seller who deletes the shop to those who stay: groups and pools, in the transaction.

    A group nobody else is in goes with its founder.
    """
    for group in session.scalars(select(PoolGroup).where(PoolGroup.seller_id == seller_id)).all():
        stays = (
            select(PoolMember.seller_id)
            .where(PoolMember.group_id == group.id, PoolMember.seller_id != seller_id, PoolMember.left_at.is_(None))
            .order_by(PoolMember.joined_at, PoolMember.seller_id)
            .limit(1)
        )
        heir = session.scalars(stays).first()
        if heir is not None:
            group.seller_id = heir
            session.flush()
            continue
        inside = select(ParcelPool.id).where(ParcelPool.group_id == group.id)
        for gone in (
            delete(PoolShare).where(PoolShare.pool_id.in_(inside)),
            delete(PoolParcel).where(PoolParcel.pool_id.in_(inside)),
            delete(ParcelPool).where(ParcelPool.group_id == group.id),
            delete(PoolInvitation).where(PoolInvitation.group_id == group.id),
            delete(PoolMember).where(PoolMember.group_id == group.id),
        ):
            session.execute(gone)
        session.delete(group)
        session.flush()
    for group_id, founder in session.execute(
        select(PoolGroup.id, PoolGroup.seller_id)
        .join(ParcelPool, ParcelPool.group_id == PoolGroup.id)
        .where(ParcelPool.seller_id == seller_id)
    ).all():
        _hand_pools(session, seller_id, group_id, founder)


def member_of(session: Session, actor: Actor, group_id: str, *, lock: bool = False) -> PoolGroup:
    """Return a group that the seller is in now; ``PoolNotFoundError``."""
    query = (
        select(PoolGroup)
        .join(PoolMember, PoolMember.group_id == PoolGroup.id)
        .where(PoolGroup.id == group_id, PoolMember.seller_id == actor.seller_id, PoolMember.left_at.is_(None))
    )
    found = session.scalars(query.with_for_update(of=PoolGroup) if lock else query).one_or_none()
    if found is None:
        raise PoolNotFoundError(group_id)
    return found


def _founded(session: Session, actor: Actor, group_id: str) -> PoolGroup:
    """Return an open group that the seller founded, locked; for owners. ``PoolNotFoundError``, ``RequestError``."""
    group = member_of(session, actor, group_id, lock=True)
    actor.must("owner")
    if group.seller_id != actor.seller_id:
        raise RequestError([RequestProblem("", "pool.founder_only")])
    if group.closed_at is not None:
        raise RequestError([RequestProblem("", "pool.group_closed")])
    return group


def _invitation(session: Session, code: str, now: datetime, *, lock: bool = False) -> tuple[PoolInvitation, PoolGroup]:
    query = select(PoolInvitation).where(PoolInvitation.id == hashed(code))
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None or found.used_at is not None or found.expires_at <= now:
        raise InvitationOverError
    group = session.get_one(PoolGroup, found.group_id, with_for_update=True if lock else None)
    if group.closed_at is not None:
        raise InvitationOverError
    return found, group


def _hand_pools(session: Session, seller_id: str, group_id: str, founder: str) -> None:
    session.execute(
        update(ParcelPool)
        .where(ParcelPool.group_id == group_id, ParcelPool.seller_id == seller_id)
        .values(seller_id=founder)
    )


def _group(session: Session, actor: Actor, row: PoolGroup) -> Group:
    names = (
        select(Seller.id, Seller.name)
        .join(PoolMember, PoolMember.seller_id == Seller.id)
        .where(PoolMember.group_id == row.id, PoolMember.left_at.is_(None))
        .order_by(PoolMember.joined_at, Seller.id)
    )
    members = [Member(name, id_ == actor.seller_id, id_ == row.seller_id) for id_, name in session.execute(names)]
    pools = select(ParcelPool).where(ParcelPool.group_id == row.id).order_by(ParcelPool.created_at.desc())
    return Group(
        row.id,
        row.name,
        row.country,
        row.city,
        row.created_at,
        row.closed_at,
        row.seller_id == actor.seller_id,
        tuple(sorted(members, key=lambda one: not one.is_founder)),
        tuple(PoolBrief(one.id, one.name, one.created_at, one.closed_at) for one in session.scalars(pools)),
    )
