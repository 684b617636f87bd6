"""How good a listing is for its markets and channels, with what the law of each market says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landed_cost.model import Place
from listings.channels import Channel, Market, channels
from listings.quality import Quality, quality
from listings.standing import standing
from shopkit.models import Seller
from shopkit.services.gate import as_shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from listings.model import Listing
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.listings import Kept

Json = dict[str, Any]
OWN_PAGE = "shop"


@dataclass(frozen=True, slots=True)
class Judged:
    """The quality of a listing for one market (``None``: wherever) and channel."""

    market: str | None
    channel: Channel
    quality: Quality

    def read(self, language: str) -> Json:
        """Return it in ``es``, ``pt`` or ``en``."""
        found = self.quality
        faults = [
            {
                "code": one.code,
                "subject": one.subject,
                "points": one.points,
                "field": one.at,
                "reason": one.reason(language),
                "action": one.action(language),
            }
            for one in found.faults
        ]
        return {
            "market": self.market,
            "channel": self.channel.name,
            "score": found.score,
            "next": faults[0] if faults else None,
            "faults": faults,
            "parts": [
                {
                    "subject": one.subject,
                    "label": one.label[language],
                    "worth": one.worth,
                    "got": one.got,
                    "asked": one.asked,
                }
                for one in found.parts
            ],
        }


def home_of(services: Services, actor: Actor) -> Place:
    """Return where the seller sends from, as far as the company says it."""
    with services.database.reading() as session:
        seller = session.get(Seller, actor.seller_id)
        return Place("MX" if seller is None else seller.country)


def judge(
    services: Services, listing: Listing, home: Place, market: str | None = None, channel: str = OWN_PAGE
) -> Judged:
    """Return how good a listing is; ``KeyError`` for a channel that there is not.

    Of a market whose law is not known nothing is held against the listing for it.
    """
    rulebook = services.rulebook
    on = services.today(market or "")
    covered = market is not None and market in rulebook.destinations
    law = None
    if market is not None and covered and listing.kind == "goods":
        law = standing(listing, home, Place(market), rulebook, on)
    place = None if market is None else Market.of(market)
    return Judged(market, channels()[channel], quality(listing, channels()[channel], place, on, law))


def judge_shown(
    services: Services,
    actor: Actor,
    kept: Iterable[Kept],
    home: Place,
    market: str | None = None,
    channel: str = OWN_PAGE,
) -> list[Judged]:
    """Return how good listings are as a market would read them: in its language, where a translation may leave."""
    found = tuple(kept)
    place = None if market is None else Market.of(market)
    shown = as_shown(services, actor, found, place, channels()[channel])
    return [judge(services, shown[one.id], home, market, channel) for one in found]


def judge_everywhere(
    services: Services, listing: Listing, home: Place, markets: Iterable[str], names: Iterable[str] | None = None
) -> list[Judged]:
    """Return how good a listing is for each market, on each of the channels that serve it."""
    asked = tuple(channels() if names is None else names)
    return [
        judge(services, listing, home, market, name)
        for market in markets
        for name in asked
        if channels()[name].serves(market)
    ]
