"""What a campaign brought: follows, orders and money by link and by variant, and which variant won, if one did.

An order is a link's by the code that it bears, and by nothing of the buyer. Money is what the seller holds of it: what
came, less what went back. Amounts of several currencies are told beside each other and never added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from landed_cost.money import Money
from listings.campaigns.comparing import Tried, compare
from shopkit.models import StoredOrder
from shopkit.orders import fold
from shopkit.services.campaign_links import VARIANTS, links
from shopkit.services.orders import events_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from listings.campaigns.comparing import Verdict
    from shopkit.services.actors import Actor
    from shopkit.services.campaign_links import Link
    from shopkit.services.context import Services

# Ledgers are read one by one; a campaign of more orders is told of the last so many, and says so.
MOST_ORDERS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Brought:
    """What came by links: how often they were followed, orders that were placed, those that are paid, their money."""

    follows: int
    orders: int
    paid: int
    money: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """A campaign's results by link and by variant; ``wordings`` and ``languages`` say what is known of a winner.

    ``unread`` counts orders beyond those that were looked at.
    """

    links: tuple[tuple[Link, Brought], ...]
    variants: Mapping[str, Brought]
    wordings: Verdict
    languages: Verdict
    unread: int


def results(services: Services, actor: Actor, campaign_id: str) -> Results:
    """Return what a campaign brought until now; ``CampaignNotFoundError``."""
    mine = links(services, actor, campaign_id)
    with services.database.reading() as session:
        found, unread = _orders(session, actor, [one.code for one in mine])
    by_link = tuple((one, _brought([one], found)) for one in mine)
    variants = {
        name: _brought([one for one in mine if one.variant == name], found)
        for name in sorted({one.variant for one in mine})
    }
    tried = {name: Tried(one.follows, one.paid) for name, one in variants.items()}
    wordings = {name: one for name, one in tried.items() if name in VARIANTS}
    languages = {name: one for name, one in tried.items() if name not in VARIANTS}
    return Results(by_link, variants, compare(wordings), compare(languages), unread)


def _orders(session: Session, actor: Actor, codes: list[str]) -> tuple[dict[str, list[Money]], int]:
    """Return the money that is held for each order, by the code it bears, and how many were not looked at."""
    if not codes:
        return {}, 0
    query = select(StoredOrder.id, StoredOrder.campaign_code, StoredOrder.currency).where(
        StoredOrder.seller_id == actor.seller_id, StoredOrder.campaign_code.in_(codes)
    )
    rows = session.execute(query.order_by(StoredOrder.created_at.desc(), StoredOrder.id)).all()
    found: dict[str, list[Money]] = {}
    for row in rows[:MOST_ORDERS]:
        net = fold(events_of(session, row.id)).net
        found.setdefault(row.campaign_code or "", []).append(Money(net, row.currency))
    return found, max(0, len(rows) - MOST_ORDERS)


def _brought(of: Iterable[Link], orders: Mapping[str, list[Money]]) -> Brought:
    mine = list(of)
    held = [money for one in mine for money in orders.get(one.code, ())]
    paid = [one for one in held if one.minor > 0]
    sums: dict[str, int] = {}
    for one in paid:
        sums[one.currency] = sums.get(one.currency, 0) + one.minor
    money = tuple(Money(minor, currency) for currency, minor in sorted(sums.items()))
    return Brought(sum(one.clicks for one in mine), len(held), len(paid), money)
