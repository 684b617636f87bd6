"""A campaign's listings in a channel's own file: by a catalog that the seller keeps, and no other listings in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from listings.channels.checking import Once
from listings.texts import base
from shopkit.models import Seller
from shopkit.services import catalogs
from shopkit.services.campaign_plans import destination_of
from shopkit.services.catalog_rows import Desk

if TYPE_CHECKING:
    from listings.channels.port import Finding
    from shopkit.services.actors import Actor
    from shopkit.services.campaign_plans import Planned
    from shopkit.services.catalogs import Kept
    from shopkit.services.context import Services


@dataclass(frozen=True, slots=True)
class File:
    """A channel's file: its bytes, the end of its name, its media type, how many rows, what was left out and why."""

    data: bytes
    suffix: str
    media: str
    rows: int
    findings: tuple[Finding, ...]


def fitting(services: Services, actor: Actor, found: Planned) -> tuple[Kept, ...]:
    """Return the catalogs of the seller that serve a campaign: of its market, in one of its languages."""
    asked = found.campaign.asked
    markets = {destination_of(state).country for state, _ in found.deadlines}
    languages = {base(one) for one in asked.locales}
    return tuple(
        one for one in catalogs.all_feeds(services, actor) if one.market in markets and base(one.language) in languages
    )


def file_of(services: Services, actor: Actor, found: Planned, feed: Kept) -> File:
    """Return the file of a catalog with the campaign's listings alone, made today and kept nowhere.

    Held in memory: a campaign has a hundred listings at most.
    """
    wanted = [
        (one.kept.id, one.kept.version)
        for one in found.chosen
        if any(destination_of(there.state).country == feed.market for there in one.inside)
    ]
    with services.database.reading() as session:
        seller = session.get_one(Seller, actor.seller_id)
        desk = Desk(services, session, actor, feed, seller)
        made = desk.make(session, desk.states(session, wanted))
    once = Once()
    findings = [told for one in made for told in one.findings]
    records = []
    for record in (record for one in made for record in one.records):
        again = once(str(record["id"])) if "id" in record else None
        if again is None:
            records.append(record)
        else:
            findings.append(again)
    kind = desk.format.kinds[feed.kind]
    data = b"".join(desk.format.write(records, desk.feed))
    return File(data, kind.suffix, kind.media, len(records), tuple(findings))
