"""Keeping quotes, and doing nothing twice for one ``Idempotency-Key``.

With a key, the claim on it is written first and alone: of two processes at once, one gets it and the other is told that
the request is still running. The answer's bytes, the quotes and the end of the claim are then one transaction. A
process that dies leaves a claim behind, which may be taken over after ``LEASE``.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from shopkit.models import IdempotencyKey, StoredQuote
from shopkit.services.writing import INSERT_QUOTE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import ColumnElement

    from shopkit.services.context import Services

LIFE: Final = timedelta(hours=24)
LEASE: Final = timedelta(seconds=60)
MAX_KEY: Final = 255


@dataclass(frozen=True, slots=True)
class Key:
    """A client's key, by whom and for which route, and the hash of what it asks."""

    key: str
    principal: str
    route: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back to the client, and the quotes to keep with it (rows of ``quote``)."""

    status: int
    body: bytes
    language: str
    location: str | None = None
    rows: Sequence[Mapping[str, Any]] = ()


class KeyConflictError(Exception):
    """The key was used for another request."""


class KeyBusyError(Exception):
    """The first request with this key is still running; ``retry_after_s`` is when to look again."""

    retry_after_s = 1


def canonical_hash(*parts: object) -> str:
    """Return a hash that two requests share when they say the same JSON, whatever the order of keys or the spaces."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def reply_once(services: Services, key: Key | None, work: Callable[[], Reply]) -> Reply:
    """Do the work and keep its quotes; with a key, give the first answer's bytes to every repeat of 24 hours.

    Raises ``KeyConflictError`` and ``KeyBusyError``. What ``work`` raises sets the key free again: nothing was kept.
    """
    if key is None:
        reply = work()
        keep(services, reply.rows)
        return reply
    claim = secrets.token_hex(16)
    earlier = _claim(services, key, claim)
    if earlier is not None:
        return earlier
    try:
        reply = work()
        finished = _finish(services, key, claim, reply)
    except BaseException:
        _release(services, key, claim)
        raise
    if not finished:
        # The lease ran out and another took over: its answer counts, ours was not kept.
        raise KeyBusyError
    return reply


def keep(services: Services, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the quotes in one transaction."""
    if rows:
        services.writer.insert(rows)


def _where(key: Key) -> ColumnElement[bool]:
    return and_(
        IdempotencyKey.key == key.key, IdempotencyKey.principal == key.principal, IdempotencyKey.route == key.route
    )


def _claim(services: Services, key: Key, claim: str) -> Reply | None:
    """Take the key, or return the answer it already has."""
    now = services.now()
    fresh = {
        "body_hash": key.body_hash,
        "claim": claim,
        "claimed_until": now + LEASE,
        "expires_at": now + LIFE,
        "status": None,
        "location": None,
        "language": None,
        "body": None,
    }
    try:
        with services.database.engine.begin() as connection:
            # What has run out is swept up by whoever comes next; there is an index for it.
            connection.execute(delete(IdempotencyKey).where(IdempotencyKey.expires_at <= now))
            connection.execute(
                insert(IdempotencyKey).values(key=key.key, principal=key.principal, route=key.route, **fresh)
            )
    except IntegrityError:
        pass
    else:
        return None
    with services.database.writing.begin() as session:
        found = session.scalar(select(IdempotencyKey).where(_where(key)))
        if found is None:
            # It was released between the two looks; the client may simply ask again.
            raise KeyBusyError
        if found.body_hash != key.body_hash:
            raise KeyConflictError
        if found.status is not None:
            return Reply(found.status, found.body or b"", found.language or "en", found.location)
        taken = update(IdempotencyKey).where(_where(key), IdempotencyKey.claimed_until <= now).values(**fresh)
        if session.connection().execute(taken).rowcount != 1:
            raise KeyBusyError
    return None


def _finish(services: Services, key: Key, claim: str, reply: Reply) -> bool:
    """Keep the quotes and the answer together; ``False`` when the claim is no longer ours."""
    done = (
        update(IdempotencyKey)
        .where(_where(key), IdempotencyKey.claim == claim)
        .values(status=reply.status, location=reply.location, language=reply.language, body=reply.body)
    )
    with services.database.engine.begin() as connection:
        if connection.execute(done).rowcount != 1:
            return False
        if reply.rows:
            connection.execute(INSERT_QUOTE, reply.rows)
    return True


def _release(services: Services, key: Key, claim: str) -> None:
    with services.database.engine.begin() as connection:
        connection.execute(
            delete(IdempotencyKey).where(_where(key), IdempotencyKey.claim == claim, IdempotencyKey.status.is_(None))
        )


def find(services: Services, quote_id: str) -> StoredQuote | None:
    """Return the quote that was kept under the id."""
    with services.database.reading() as session:
        return session.get(StoredQuote, quote_id)
