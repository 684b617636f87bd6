"""Short links of campaigns: each leads to one tagged page, and counts its days. Nobody who follows one is remembered.

Orders will name the link that brought them by ``utm_id``, which is its code: the seam by which results come later.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from listings.campaigns.links import checked, slug, tagged
from listings.campaigns.media import MEDIA
from shopkit.models import CampaignClick, CampaignLink
from shopkit.services import audit
from shopkit.services.campaigns import own

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

# Letters that nobody mistakes for one another on a printed sheet.
_SIGNS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH: Final = 8
VARIANTS: Final = ("a", "b")
MOST_LINKS: Final = 60
_LONGEST: Final = 1_500


class LinkError(ValueError):
    """What links cannot be: ``code`` is ``medium``, ``variant``, ``long`` or ``many``; an address: ``AddressError``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a campaign and how often it was followed in all."""

    code: str
    medium: str
    variant: str
    target: str
    clicks: int


def make_links(
    services: Services,
    actor: Actor,
    campaign_id: str,
    address: str,
    media: Iterable[str],
    variants: Iterable[str] = VARIANTS[:1],
) -> tuple[Link, ...]:
    """Make a link for each medium and wording; ``CampaignNotFoundError``, ``LinkError``, ``AddressError``."""
    actor.must("editor")
    checked(address)
    wanted = [(one, variant) for one in dict.fromkeys(media) for variant in dict.fromkeys(variants)]
    if not wanted or any(one not in MEDIA for one, _ in wanted):
        raise LinkError("medium")
    if any(variant not in VARIANTS for _, variant in wanted):
        raise LinkError("variant")
    if len(address) > _LONGEST:
        raise LinkError("long")
    now = services.now()
    with services.database.writing.begin() as session:
        campaign = own(session, actor, campaign_id, lock=True)
        mine = select(func.count()).where(CampaignLink.campaign_id == campaign_id)
        if (session.scalar(mine) or 0) + len(wanted) > MOST_LINKS:
            raise LinkError("many")
        made = []
        for medium, variant in wanted:
            code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
            source, kind = MEDIA[medium]
            target = tagged(
                address, source=source, medium=kind, campaign=slug(campaign.name), content=variant, id_=code
            )
            row = CampaignLink(
                code=code,
                seller_id=actor.seller_id,
                campaign_id=campaign_id,
                medium=medium,
                variant=variant,
                target=target,
                created_at=now,
            )
            session.add(row)
            made.append(Link(code, medium, variant, target, 0))
        audit.note(session, actor, now, "campaign.links", campaign_id, links=len(made))
    return tuple(made)


def links(services: Services, actor: Actor, campaign_id: str) -> tuple[Link, ...]:
    """Return the links of a campaign by medium and wording; ``CampaignNotFoundError``."""
    counted = select(CampaignClick.code, func.sum(CampaignClick.count).label("clicks")).group_by(CampaignClick.code)
    clicks = counted.subquery()
    query = (
        select(CampaignLink, clicks.c.clicks)
        .outerjoin(clicks, clicks.c.code == CampaignLink.code)
        .where(CampaignLink.campaign_id == campaign_id, CampaignLink.seller_id == actor.seller_id)
        .order_by(CampaignLink.medium, CampaignLink.variant, CampaignLink.created_at, CampaignLink.code)
    )
    with services.database.reading() as session:
        own(session, actor, campaign_id)
        return tuple(
            Link(row.code, row.medium, row.variant, row.target, int(count or 0))
            for row, count in session.execute(query)
        )


def find_link(services: Services, actor: Actor, campaign_id: str, code: str) -> Link | None:
    """Return a link of a campaign of the seller's."""
    return next((one for one in links(services, actor, campaign_id) if one.code == code), None)


def follow(services: Services, code: str, on: date, *, counts: bool) -> str | None:
    """Return where a link leads and count it; ``None`` for no link of ours."""
    with services.database.reading() as session:
        row = session.get(CampaignLink, code)
        if row is None:
            return None
        target, seller_id = row.target, row.seller_id
    if counts:
        _count(services, code, seller_id, on)
    return target


def _count(services: Services, code: str, seller_id: str, on: date) -> None:
    """Count one more for the day; of two that come first at once, one makes the row and both are counted."""
    with services.database.writing.begin() as session:
        if _one_more(session, code, on):
            return
    try:
        with services.database.writing.begin() as session:
            session.add(CampaignClick(code=code, day=on, seller_id=seller_id, count=1))
    except IntegrityError:
        with services.database.writing.begin() as session:
            _one_more(session, code, on)


def _one_more(session: Session, code: str, on: date) -> bool:
    query = update(CampaignClick).where(CampaignClick.code == code, CampaignClick.day == on)
    return session.scalar(query.values(count=CampaignClick.count + 1).returning(CampaignClick.code)) is not None
