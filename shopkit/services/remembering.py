"""A shop's memory of wordings: fed by what is approved, rid of what was replaced or rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from shopkit.models import MemoryUnit, StoredListing
from translations.freshness import digest

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.models import StoredTranslation
    from shopkit.services.actors import Actor


def sync(session: Session, actor: Actor, stored: StoredTranslation, now: datetime) -> None:
    """Make the memory hold what a text says, if it is approved; a wording that it replaces is withdrawn.

    A draft over an approved text leaves that one's wording: somebody stood behind it, until another is approved.
    """
    query = select(MemoryUnit).where(
        MemoryUnit.seller_id == actor.seller_id,
        MemoryUnit.listing_id == stored.listing_id,
        MemoryUnit.path == stored.path,
        MemoryUnit.target_locale == stored.locale,
        MemoryUnit.withdrawn_at.is_(None),
    )
    held = session.scalars(query.with_for_update()).all()
    if stored.review == "draft" and stored.text:
        return
    wanted = (stored.source, stored.text) if stored.review == "approved" and stored.text else None
    for unit in held:
        if (unit.source, unit.target) == wanted:
            wanted = None
        else:
            unit.withdrawn_at = now
    if wanted is None:
        return
    listing = session.get_one(StoredListing, stored.listing_id)
    source, target = wanted
    session.add(
        MemoryUnit(
            seller_id=actor.seller_id,
            source_locale=str(listing.document.get("language", "es")),
            target_locale=stored.locale,
            source_digest=digest(source),
            source=source,
            target=target,
            context={"path": stored.path, "category": listing.document.get("category", "")},
            listing_id=stored.listing_id,
            path=stored.path,
            approved=True,
            at=now,
        )
    )
    session.flush()
