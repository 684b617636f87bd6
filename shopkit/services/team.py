"""Who works for a shop: invited by an owner, as owner, editor or viewer; and a shop is never left without an owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from shopkit.models import Membership, OneTimeLink, Seller, User
from shopkit.services import accounts, attempts, audit, letters, sessions
from shopkit.services.actors import ROLES, Actor
from shopkit.services.tokens import hashed, new_id, new_token

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from shopkit.services.accounts import SignedIn
    from shopkit.services.actors import Role
    from shopkit.services.context import Services
    from shopkit.services.sessions import Present, Where

INVITED_FOR: Final = timedelta(days=7)


class MemberNotFoundError(LookupError):
    """Nobody such works for the shop, or no such invitation waits."""


class LastOwnerError(Exception):
    """The shop would be left without an owner."""


class MemberError(Exception):
    """Who is invited works for the shop already."""


class OtherPersonError(Exception):
    """The invitation is for another address than that of who is signed in."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works for the shop."""

    user_id: str
    name: str
    email: str
    role: Role
    since: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that waits; ``has_account`` tells whether who is invited can sign in."""

    id: str
    email: str
    role: Role
    shop: str
    expires_at: datetime
    has_account: bool = False


def members(services: Services, actor: Actor) -> tuple[Member, ...]:
    """Return who works for the shop, the longest first."""
    query = (
        select(User.id, User.name, User.email, Membership.role, Membership.since)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.seller_id == actor.seller_id)
        .order_by(Membership.since, User.id)
    )
    with services.database.reading() as session:
        return tuple(
            Member(id_, name, email, cast("Role", role), since)
            for id_, name, email, role, since in session.execute(query)
        )


def invitations(services: Services, actor: Actor) -> tuple[Invitation, ...]:
    """Return the invitations that wait; for owners."""
    actor.must("owner")
    query = (
        select(OneTimeLink, Seller.name)
        .join(Seller, Seller.id == OneTimeLink.seller_id)
        .where(*_waiting(services.now()), OneTimeLink.seller_id == actor.seller_id)
        .order_by(OneTimeLink.created_at)
    )
    with services.database.reading() as session:
        rows = session.execute(query).all()
    return tuple(_invitation(link, name) for link, name in rows)


def invite(services: Services, actor: Actor, email: str, role: Role, language: str, root: str) -> None:
    """Send an invitation; one that waits for the address is replaced.

    Raises ``ForbiddenError``, ``EmailError``, ``TooManyError``, and ``MemberError`` for who works there already.
    """
    actor.must("owner")
    address = accounts.read_email(email)
    now, token = services.now(), new_token()
    attempts.count(services, attempts.LETTERS_BY_ADDRESS, actor.seller_id)
    attempts.count(services, attempts.LETTERS_TO, address)
    with services.database.writing.begin() as session:
        there = select(Membership).join(User, User.id == Membership.user_id)
        if session.scalar(there.where(Membership.seller_id == actor.seller_id, User.email == address)) is not None:
            raise MemberError(address)
        shop = session.get_one(Seller, actor.seller_id).name
        who = session.scalar(select(User.name).where(User.id == actor.user_id)) or shop
        for link in session.scalars(
            select(OneTimeLink).where(
                *_waiting(now), OneTimeLink.seller_id == actor.seller_id, OneTimeLink.email == address
            )
        ):
            link.used_at = now
        session.add(
            OneTimeLink(
                id=hashed(token),
                purpose="invite",
                email=address,
                seller_id=actor.seller_id,
                role=role,
                created_at=now,
                expires_at=now + INVITED_FOR,
            )
        )
        audit.note(session, actor, now, "team.invited", address, role=role)
    letters.invite(services, address, language, who, shop, f"{root}/invite/{token}")


def withdraw(services: Services, actor: Actor, invitation_id: str) -> None:
    """Take an invitation back; ``MemberNotFoundError``."""
    actor.must("owner")
    now = services.now()
    with services.database.writing.begin() as session:
        link = session.get(OneTimeLink, invitation_id, with_for_update=True)
        if link is None or link.purpose != "invite" or link.seller_id != actor.seller_id or link.used_at is not None:
            raise MemberNotFoundError(invitation_id)
        link.used_at = now
        audit.note(session, actor, now, "team.withdrawn", link.email)


def find_invitation(services: Services, token: str) -> Invitation:
    """Return what an invitation says; ``LinkError``."""
    link = accounts.find_link(services, token, "invite")
    with services.database.reading() as session:
        shop = session.get_one(Seller, link.seller_id).name
        user = session.scalar(select(User.id).where(User.email == link.email))
    return _invitation(link, shop, has_account=user is not None)


def accept(services: Services, present: Present, token: str) -> None:
    """Join the shop as who is signed in; ``LinkError``, ``OtherPersonError``."""
    link = accounts.find_link(services, token, "invite")
    if link.email != present.email:
        raise OtherPersonError(link.email)
    now = services.now()
    with services.database.writing.begin() as session:
        _join(session, link, present.user_id, now, present.address)
    sessions.look_at(services, present.session_id, str(link.seller_id))


def accept_as_new(  # what the form holds, and from where it came
    services: Services, token: str, name: str, password: str, language: str, where: Where
) -> SignedIn:
    """Open an account for who is invited and join; ``LinkError`` (also for who has one), ``WeakError``."""
    link = accounts.find_link(services, token, "invite")
    accounts.check_password(password, link.email)
    kept, now = services.passwords.hash(password), services.now()
    try:
        with services.database.writing.begin() as session:
            user = User(
                id=new_id("u", now),
                created_at=now,
                email=link.email,
                name=name,
                language=language,
                password_hash=kept,
                # Who follows the link reads what is sent to the address.
                confirmed_at=now,
            )
            session.add(user)
            session.flush()
            _join(session, link, user.id, now, where.address)
            session.flush()
            signed = sessions.begin(session, user.id, now, where)
    except IntegrityError as error:
        raise accounts.LinkError(token) from error
    return accounts.SignedIn(signed, accounts.device_of(services, link.email))


def set_role(services: Services, actor: Actor, user_id: str, role: Role) -> None:
    """Give somebody another role; ``ForbiddenError``, ``MemberNotFoundError``, ``LastOwnerError``."""
    actor.must("owner")
    now = services.now()
    with services.database.writing.begin() as session:
        member, email = _member(session, actor, user_id)
        if member.role == role:
            return
        _keep_an_owner(session, member, role)
        before, member.role = member.role, role
        audit.note(session, actor, now, "team.role", email, before=before, after=role)


def remove(services: Services, actor: Actor, user_id: str) -> None:
    """Let somebody go: an owner anybody, everybody themselves.

    Raises ``ForbiddenError``, ``MemberNotFoundError`` and ``LastOwnerError``.
    """
    if user_id != actor.user_id:
        actor.must("owner")
    now = services.now()
    with services.database.writing.begin() as session:
        member, email = _member(session, actor, user_id)
        _keep_an_owner(session, member, None)
        session.delete(member)
        audit.note(session, actor, now, "team.left" if user_id == actor.user_id else "team.removed", email)


def _member(session: Session, actor: Actor, user_id: str) -> tuple[Membership, str]:
    """Return a membership of the actor's shop, the shop locked: owners who leave at once wait for each other."""
    session.get_one(Seller, actor.seller_id, with_for_update=True)
    member = session.get(Membership, (actor.seller_id, user_id))
    if member is None:
        raise MemberNotFoundError(user_id)
    return member, session.get_one(User, user_id).email


def _keep_an_owner(session: Session, member: Membership, becomes: Role | None) -> None:
    if member.role != "owner" or becomes == "owner":
        return
    others = select(Membership.user_id).where(
        Membership.seller_id == member.seller_id, Membership.role == "owner", Membership.user_id != member.user_id
    )
    if session.scalar(others.limit(1)) is None:
        raise LastOwnerError


def _join(session: Session, link: OneTimeLink, user_id: str, now: datetime, address: str) -> None:
    accounts.use_link(session, link.id, now)
    role = cast("Role", link.role)
    seller_id = str(link.seller_id)
    there = session.get(Membership, (seller_id, user_id))
    if there is None:
        session.add(Membership(seller_id=seller_id, user_id=user_id, role=role, since=now))
    elif ROLES.index(cast("Role", there.role)) < ROLES.index(role):
        there.role = role
    audit.note(session, Actor(seller_id, role, user_id, "web", address), now, "team.joined", link.email, role=role)


def _waiting(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return OneTimeLink.purpose == "invite", OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now


def _invitation(link: OneTimeLink, shop: str, *, has_account: bool = False) -> Invitation:
    return Invitation(link.id, link.email, cast("Role", link.role), shop, link.expires_at, has_account)
