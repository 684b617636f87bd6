"""Links for reviewers without an account: what they may see and do, until when, and what they say.

A link is signed by the shop and names a row that says which listings it is for, in which locale; nothing else can be
reached by it. It ends by itself, and can be ended before. What a reviewer writes is kept under the link's name.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from shopkit.models import ReviewShare
from shopkit.services import audit, translations
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.listings import ListingNotFoundError, own
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from shopkit.services.context import Services
    from shopkit.services.translations import Desk, Row, Written
    from translations.states import Review

MAX_DAYS: Final = 90
MAX_LISTINGS: Final = 200
MAX_NAME: Final = 120


class LinkOverError(LookupError):
    """A link that was never given, has ended, or was ended: nobody is told which."""


class ShareNotFoundError(ListingNotFoundError):
    """There is no such link, or it is another seller's."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a link is for: ``name`` is the reviewer's, as the seller calls them."""

    id: str
    listing_ids: tuple[str, ...]
    locale: str
    name: str
    may_approve: bool
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that holds, and who acts by it."""

    share: Share
    actor: Actor


def share(
    services: Services,
    actor: Actor,
    listing_ids: Iterable[str],
    locale: str,
    name: str,
    days: int,
    *,
    may_approve: bool = False,
) -> Share:
    """Make a link for listings of the seller's own in a locale; it holds for ``days``, ninety at most.

    Raises ``ListingNotFoundError``, ``SameLanguageError``, ``ForbiddenError``, ``ValueError`` for days or a number
    of listings that no link has.
    """
    actor.must("editor")
    ids, now = list(dict.fromkeys(listing_ids)), services.now()
    if not 1 <= days <= MAX_DAYS or not 1 <= len(ids) <= MAX_LISTINGS:
        raise ValueError(f"{days} days, {len(ids)} listings")
    for one in ids:
        translations.open_desk(services, actor, one, locale)
    with services.database.writing.begin() as session:
        for one in ids:
            own(session, actor, one)
        stored = ReviewShare(
            id=new_id("v", now),
            seller_id=actor.seller_id,
            listing_ids=ids,
            locale=locale,
            name=" ".join(name.split())[:MAX_NAME],
            may_approve=may_approve,
            created_by=actor.user_id,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        session.add(stored)
        audit.note(session, actor, now, "review.shared", stored.id, listings=len(ids), locale=locale)
        return _share(stored)


def shares(services: Services, actor: Actor) -> tuple[Share, ...]:
    """Return the links that were given, the last first; those that are over too."""
    query = select(ReviewShare).where(ReviewShare.seller_id == actor.seller_id)
    with services.database.reading() as session:
        rows = session.scalars(query.order_by(ReviewShare.created_at.desc(), ReviewShare.id.desc()).limit(MAX_LISTINGS))
        return tuple(map(_share, rows))


def revoke(services: Services, actor: Actor, share_id: str) -> Share:
    """End a link now; one that has ended stays as it is. ``ShareNotFoundError``."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        stored = session.get(ReviewShare, share_id, with_for_update=True)
        if stored is None or stored.seller_id != actor.seller_id:
            raise ShareNotFoundError(share_id)
        if stored.revoked_at is None:
            stored.revoked_at = services.now()
            audit.note(session, actor, services.now(), "review.revoked", share_id)
        return _share(stored)


def token_of(services: Services, share_id: str) -> str:
    """Return what stands in the link's address: the id of the row, signed by the shop."""
    mac = hmac.new(services.settings.secret().encode(), f"review:{share_id}".encode(), hashlib.sha256).digest()
    return f"{share_id}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def opened(services: Services, token: str) -> Opened:
    """Return what a link is for; ``LinkOverError`` where it does not hold."""
    share_id = token.partition(".")[0]
    if not hmac.compare_digest(
        token.encode("utf-8", "replace"), token_of(services, share_id).encode("utf-8", "replace")
    ):
        raise LinkOverError
    with services.database.reading() as session:
        stored = session.get(ReviewShare, share_id)
    if stored is None or stored.revoked_at is not None or stored.expires_at <= services.now():
        raise LinkOverError
    return Opened(_share(stored), Actor(stored.seller_id, "editor", None, f"review:{stored.id}"))


def desk(services: Services, who: Opened, listing_id: str) -> Desk:
    """Return the texts of a listing that the link is for; ``ListingNotFoundError`` for any other."""
    _check(who, listing_id)
    return translations.open_desk(services, who.actor, listing_id, who.share.locale)


def write(services: Services, who: Opened, listing_id: str, written: Written) -> Row:
    """Keep what a reviewer wrote, as a draft; approved where the link allows it and they say so."""
    _check(who, listing_id)
    if written.approve and not who.share.may_approve:
        raise ForbiddenError("editor")
    return translations.write(services, who.actor, listing_id, who.share.locale, written)


def review(services: Services, who: Opened, listing_id: str, verdict: Review, at: Written) -> Row:
    """Approve or reject a text where the link allows it."""
    _check(who, listing_id)
    if not who.share.may_approve:
        raise ForbiddenError("editor")
    return translations.review(services, who.actor, listing_id, who.share.locale, verdict, at)


def _check(who: Opened, listing_id: str) -> None:
    if listing_id not in who.share.listing_ids:
        raise ListingNotFoundError(listing_id)


def _share(stored: ReviewShare) -> Share:
    return Share(
        stored.id,
        tuple(stored.listing_ids),
        stored.locale,
        stored.name,
        stored.may_approve,
        stored.created_at,
        stored.expires_at,
        stored.revoked_at,
    )
