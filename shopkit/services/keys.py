"""Keys for programs: shown once, kept as their hash, good for what they name, and gone the moment they are revoked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from shopkit.models import ApiKey, Seller
from shopkit.services import audit
from shopkit.services.actors import Actor
from shopkit.services.tokens import hashed, new_id, new_token

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from shopkit.services.actors import Role
    from shopkit.services.context import Services

PREFIX: Final = "sk_live_"
# What a key may be good for, beside quotes, for which nobody needs one. What writes reads as well.
SCOPES: Final = (
    "account:read",
    "dashboard:read",
    "listings:read",
    "listings:write",
    "translations:write",
    "orders:read",
    "orders:write",
    "payments:read",
    "payments:write",
    "channels:read",
    "channels:write",
    "pools:read",
    "pools:write",
)
# What only an owner does, and an owner may entrust to a program by name.
_OWNERS: Final = frozenset({"payments:write", "channels:write", "pools:write"})
PER_MINUTE: Final = 1200
LIMITS: Final = (60, 600, 1200, 3000)
MAX_KEYS: Final = 50
MAX_NAME: Final = 120
_USED_EVERY: Final = timedelta(minutes=1)
_SHOWN: Final = len(PREFIX) + 4
_ID: Final = re.compile(r"k_[0-9A-Z]{26}")


class KeyNotFoundError(LookupError):
    """There is no such key, or it is another seller's."""


class TooManyKeysError(Exception):
    """A seller has as many keys as there may be; one that is not used can be revoked."""


class KeyMadeError(Exception):
    """The form that asks for this key was sent before; a key is shown once, so there is nothing to show again."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is listed: never the key itself."""

    id: str
    seller_id: str
    name: str
    prefix: str
    scopes: tuple[str, ...]
    per_minute: int
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def allows(self, scope: str) -> bool:
        """Return whether the key is good for this; who may write may read."""
        return scope in self.scopes or (scope.endswith(":read") and scope.replace(":read", ":write") in self.scopes)

    def actor(self, scope: str, address: str | None) -> Actor:
        """Return the key as one who acts for its seller."""
        role: Role = "owner" if scope in _OWNERS else "editor" if scope.endswith(":write") else "viewer"
        return Actor(self.seller_id, role, None, f"key:{self.prefix}", address)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key at the one moment at which it can be read."""

    key: Key
    secret: str


def create_key(
    services: Services, actor: Actor, name: str, scopes: Iterable[str], per_minute: int, *, id_: str | None = None
) -> NewKey:
    """Make a key; ``ForbiddenError`` but for owners, ``TooManyKeysError``, ``ValueError`` for what no key can be.

    A form carries the ``id_`` (:func:`shopkit.services.tokens.new_id`) of the one key it may make: sent again, it is
    ``KeyMadeError``.
    """
    actor.must("owner")
    wanted = tuple(sorted(set(scopes)))
    if not set(wanted) <= set(SCOPES) or per_minute not in LIMITS or not 0 < len(name) <= MAX_NAME:
        raise ValueError("a key has a name, scopes of those there are, and a limit of those there are")
    if id_ is not None and not _ID.fullmatch(id_):
        raise ValueError(f"{id_!r} is no id of a key")
    secret, now = PREFIX + new_token(), services.now()
    row = ApiKey(
        id=id_ or new_id("k", now),
        seller_id=actor.seller_id,
        name=name,
        prefix=secret[:_SHOWN],
        hash=hashed(secret),
        scopes=" ".join(wanted),
        per_minute=per_minute,
        created_at=now,
        created_by=actor.user_id,
    )
    with services.database.writing.begin() as session:
        # Locked, so that two at once do not make one too many.
        session.get_one(Seller, actor.seller_id, with_for_update=True)
        if id_ is not None and session.get(ApiKey, id_) is not None:
            raise KeyMadeError(id_)
        there = select(ApiKey.id).where(ApiKey.seller_id == actor.seller_id, ApiKey.revoked_at.is_(None))
        if len(session.scalars(there.limit(MAX_KEYS)).all()) >= MAX_KEYS:
            raise TooManyKeysError
        session.add(row)
        audit.note(session, actor, now, "key.created", row.prefix, name=name, scopes=list(wanted))
    return NewKey(_key(row), secret)


def list_keys(services: Services, actor: Actor) -> tuple[Key, ...]:
    """Return the seller's keys, the newest first, revoked ones last; for owners."""
    actor.must("owner")
    query = select(ApiKey).where(ApiKey.seller_id == actor.seller_id)
    with services.database.reading() as session:
        rows = session.scalars(query.order_by(ApiKey.revoked_at.is_not(None), ApiKey.id.desc())).all()
    return tuple(_key(row) for row in rows)


def revoke_key(services: Services, actor: Actor, key_id: str) -> None:
    """End a key at once and for good; ``KeyNotFoundError``, ``ForbiddenError``. A revoked one stays as it is."""
    actor.must("owner")
    now = services.now()
    with services.database.writing.begin() as session:
        row = session.get(ApiKey, key_id)
        if row is None or row.seller_id != actor.seller_id:
            raise KeyNotFoundError(key_id)
        if row.revoked_at is None:
            row.revoked_at = now
            audit.note(session, actor, now, "key.revoked", row.prefix, name=row.name)


def find_key(services: Services, secret: str) -> Key | None:
    """Return the key that a program shows, and note that it was used; ``None`` for one that is none (any more)."""
    now = services.now()
    query = select(ApiKey).where(ApiKey.hash == hashed(secret), ApiKey.revoked_at.is_(None))
    with services.database.reading() as session:
        row = session.scalars(query).one_or_none()
    if row is None:
        return None
    if row.used_at is None or now - row.used_at > _USED_EVERY:
        with services.database.writing.begin() as session:
            session.execute(update(ApiKey).where(ApiKey.id == row.id).values(used_at=now))
    return _key(row)


def _key(row: ApiKey) -> Key:
    return Key(
        row.id,
        row.seller_id,
        row.name,
        row.prefix,
        tuple(row.scopes.split()),
        row.per_minute,
        row.created_at,
        row.used_at,
        row.revoked_at,
    )
