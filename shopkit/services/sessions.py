"""Sessions of people: begun, found by what the browser holds, listed, ended.

The browser holds chance, the table its hash. A session ends fourteen days after it was last used, sixty after it began,
and at once where its person says so or the password changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import delete, select, update

from shopkit.models import Membership, Seller, SignIn, User
from shopkit.services.actors import Actor
from shopkit.services.tokens import hashed, new_token

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from shopkit.services.actors import Role
    from shopkit.services.context import Services

IDLE: Final = timedelta(days=14)
LIFE: Final = timedelta(days=60)
# A moment that is this near is near enough: reading a page writes nothing.
_SEEN_EVERY: Final = timedelta(minutes=5)
# Who signs in with a password that ships with the program; see docs/decisions.
DEMO_DOMAIN: Final = "@demo.example"


@dataclass(frozen=True, slots=True)
class Where:
    """From where somebody comes: an address and what the browser calls itself."""

    address: str
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Shop:
    """A seller that a person works for, and as what."""

    id: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who is signed in: the person, the shop looked at, and the others there are."""

    session_id: str
    user_id: str
    name: str
    email: str
    language: str
    shop: Shop | None
    shops: tuple[Shop, ...]
    address: str

    def actor(self) -> Actor | None:
        """Return the person as one who acts for the shop looked at; ``None`` who works for nobody."""
        if self.shop is None:
            return None
        return Actor(self.shop.id, self.shop.role, self.user_id, "web", self.address)


@dataclass(frozen=True, slots=True)
class Open:
    """A session that is not over. ``here`` tells the one that asks."""

    id: str
    browser: str
    address: str
    created_at: datetime
    seen_at: datetime
    here: bool


def begin(session: Session, user_id: str, now: datetime, where: Where, shop: Shop | None = None) -> str:
    """Begin a session in the caller's transaction and return the token for the browser.

    It looks at the shop, or without one at the first that the person works for.
    """
    token = new_token()
    first = select(Membership.seller_id).where(Membership.user_id == user_id).order_by(Membership.since).limit(1)
    seller_id = session.scalar(first) if shop is None else shop.id
    # What is long over is forgotten by who comes next: addresses and browsers are not kept for ever.
    session.execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.expires_at < now - LIFE))
    session.add(
        SignIn(
            id=hashed(token),
            user_id=user_id,
            seller_id=seller_id,
            created_at=now,
            seen_at=now,
            expires_at=now + LIFE,
            browser=where.browser[:250],
            address=where.address[:64],
        )
    )
    return token


def find(services: Services, token: str, address: str) -> Present | None:
    """Return who holds the token; ``None`` for one that is over or never was."""
    now = services.now()
    query = (
        select(SignIn, User)
        .join(User, User.id == SignIn.user_id)
        .where(
            SignIn.id == hashed(token),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > now,
            SignIn.seen_at > now - IDLE,
        )
    )
    with services.database.reading() as session:
        found = session.execute(query).one_or_none()
        if found is None:
            return None
        row, user = found
        shops = _shops(session, user.id)
    if user.email.endswith(DEMO_DOMAIN) and not services.settings.demo:
        return None
    if now - row.seen_at > _SEEN_EVERY:
        with services.database.writing.begin() as writing:
            writing.execute(update(SignIn).where(SignIn.id == row.id).values(seen_at=now))
    shop = next((one for one in shops if one.id == row.seller_id), shops[0] if shops else None)
    return Present(row.id, user.id, user.name, user.email, user.language, shop, shops, address)


def choose(services: Services, present: Present, seller_id: str) -> bool:
    """Look at another shop of the person's from now on; ``False`` for one that is not."""
    if all(shop.id != seller_id for shop in present.shops):
        return False
    look_at(services, present.session_id, seller_id)
    return True


def look_at(services: Services, session_id: str, seller_id: str) -> None:
    """Let a session look at a shop; whether its person works there is asked at every page."""
    with services.database.writing.begin() as session:
        session.execute(update(SignIn).where(SignIn.id == session_id).values(seller_id=seller_id))


def open_sessions(services: Services, present: Present) -> tuple[Open, ...]:
    """Return the person's sessions that are not over, the last used first."""
    now = services.now()
    query = select(SignIn).where(*_of(present.user_id), SignIn.expires_at > now, SignIn.seen_at > now - IDLE)
    with services.database.reading() as session:
        rows = session.scalars(query.order_by(SignIn.seen_at.desc())).all()
    return tuple(
        Open(row.id, row.browser, row.address, row.created_at, row.seen_at, row.id == present.session_id)
        for row in rows
    )


def end(services: Services, present: Present, session_id: str) -> bool:
    """End a session of the person's own; ``False`` where there is none such."""
    query = update(SignIn).where(*_of(present.user_id), SignIn.id == session_id).values(ended_at=services.now())
    with services.database.writing.begin() as session:
        return session.connection().execute(query).rowcount == 1


def end_others(services: Services, present: Present) -> int:
    """End every session of the person's but this one; return how many there were."""
    with services.database.writing.begin() as session:
        return end_all(session, present.user_id, services.now(), keeping=present.session_id)


def end_all(session: Session, user_id: str, now: datetime, keeping: str | None = None) -> int:
    """End the person's sessions, in the caller's transaction, but the one to keep; return how many there were."""
    query = update(SignIn).where(*_of(user_id)).values(ended_at=now)
    if keeping is not None:
        query = query.where(SignIn.id != keeping)
    return session.connection().execute(query).rowcount


def browser_of(session: Session, session_id: str) -> str:
    """Return what the browser of a session calls itself."""
    return session.scalar(select(SignIn.browser).where(SignIn.id == session_id)) or ""


def _of(user_id: str) -> tuple[ColumnElement[bool], ...]:
    return SignIn.user_id == user_id, SignIn.ended_at.is_(None)


def _shops(session: Session, user_id: str) -> tuple[Shop, ...]:
    query = (
        select(Seller.id, Seller.name, Membership.role)
        .join(Membership, Membership.seller_id == Seller.id)
        .where(Membership.user_id == user_id)
        .order_by(Membership.since, Seller.id)
    )
    return tuple(Shop(id_, name, cast("Role", role)) for id_, name, role in session.execute(query))
