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
from shopkit.models import CampaignClick, CampaignLink, Partner
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
# What is measured of two wordings may also be two languages: then the variant is the language's locale.
PARTNER: Final = "partner"
MOST_LINKS: Final = 60
_LONGEST: Final = 1_500


class LinkError(ValueError):
    """What links cannot be: ``code`` is ``medium``, ``variant``, ``partner``, ``long`` or ``many``.

    What is wrong with an address is an ``AddressError``.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a campaign and how often it was followed in all; ``variant`` is a wording or a locale.

    ``code`` is what an order that came by it bears. ``partner`` is the name of the partner whose own it is.
    """

    code: str
    medium: str
    variant: str
    target: str
    clicks: int
    partner: str | None = None


def make_links(
    services: Services,
    actor: Actor,
    campaign_id: str,
    address: str,
    media: Iterable[str],
    variants: Iterable[str] = VARIANTS[:1],
    partners: Iterable[str] = (),
) -> tuple[Link, ...]:
    """Make a link for each medium and for each partner, in each variant: a wording, or a locale of the campaign.

    ``CampaignNotFoundError``, ``LinkError``, ``AddressError``.
    """
    actor.must("editor")
    checked(address)
    places: list[tuple[str, str | None]] = [(one, None) for one in dict.fromkeys(media)]
    places += [(PARTNER, one) for one in dict.fromkeys(partners)]
    wanted = [(medium, whose, variant) for medium, whose in places for variant in dict.fromkeys(variants)]
    if not wanted or any(medium not in MEDIA for medium, whose, _ in wanted if whose is None):
        raise LinkError("medium")
    if len(address) > _LONGEST:
        raise LinkError("long")
    now = services.now()
    with services.database.writing.begin() as session:
        campaign = own(session, actor, campaign_id, lock=True)
        if any(variant not in VARIANTS and variant not in campaign.asked["locales"] for _, _, variant in wanted):
            raise LinkError("variant")
        names = _partners(session, actor)
        if any(whose is not None and whose not in names for _, whose, _ in wanted):
            raise LinkError("partner")
        mine = select(func.count()).where(CampaignLink.campaign_id == campaign_id)
        if (session.scalar(mine) or 0) + len(wanted) > MOST_LINKS:
            raise LinkError("many")
        made = []
        for medium, whose, variant in wanted:
            code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
            source, kind = MEDIA[medium] if whose is None else (names[whose], PARTNER)
            target = tagged(
                address, source=source, medium=kind, campaign=slug(campaign.name), content=variant, id_=code
            )
            row = CampaignLink(
                code=code,
                seller_id=actor.seller_id,
                campaign_id=campaign_id,
                medium=medium,
                variant=variant,
                partner_id=whose,
                target=target,
                created_at=now,
            )
            session.add(row)
            made.append(Link(code, medium, variant, target, 0, None if whose is None else names[whose]))
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
        names = _partners(session, actor)
        return tuple(
            Link(row.code, row.medium, row.variant, row.target, int(count or 0), names.get(row.partner_id or ""))
            for row, count in session.execute(query)
        )


def _partners(session: Session, actor: Actor) -> dict[str, str]:
    """Return the names of the seller's partners by id; those that were taken off are still told of their links."""
    query = select(Partner.id, Partner.name).where(Partner.seller_id == actor.seller_id)
    return {row.id: row.name for row in session.execute(query)}


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
