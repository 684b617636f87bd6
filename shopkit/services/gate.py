"""The gate: what of a shop's listings leaves in which language by which channel, and what is held back and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listings.outgoing import Outgoing, Said, outgoing, serves
from listings.texts import base, territory
from shopkit.services.checking import Checker
from shopkit.services.translation_plans import plan_of
from shopkit.services.translations import rows_of, texts_of
from translations.locales import chain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from listings.channels import Channel, Market
    from listings.model import Listing
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.listings import Kept
    from shopkit.services.translation_plans import Plan
    from shopkit.services.translations import Translation


def going_out(services: Services, actor: Actor, kept: Kept, locale: str, channel: str) -> Outgoing:
    """Return what of one listing leaves in a locale by a channel."""
    with services.database.reading() as session:
        return going_out_all(session, actor, [kept], locale, channel, services.now().date())[kept.id]


def going_out_all(
    session: Session,
    actor: Actor,
    found: Sequence[Kept],
    locale: str,
    channel: str,
    on: date,
    checker: Checker | None = None,
    texts: Mapping[tuple[str, str, str], Translation] | None = None,
) -> dict[str, Outgoing]:
    """Return what of listings leaves on a day, by their ids; asks the database once for all of their texts.

    ``texts`` are those of the locale and its parents, where the caller has them already.
    """
    plan = plan_of(session, actor)
    checker = Checker.of(session, actor, plan, on, channel) if checker is None else checker.at(channel)
    links = chain(locale)
    if texts is None:
        texts = texts_of(session, actor, [one.id for one in found], links)
    return {
        one.id: outgoing(one.listing, locale, links, _said(one, links, texts, checker), plan.allowance(channel))
        for one in found
    }


def as_shown(
    services: Services, actor: Actor, found: Iterable[Kept], market: Market | None, channel: Channel
) -> dict[str, Listing]:
    """Return listings as a market reads them through a channel, by their ids.

    One that is written in a language that is read there, or that may not leave in one, stays as it is.
    """
    kept = list(found)
    shown = {one.id: one.listing for one in kept}
    if market is None:
        return shown
    with services.database.reading() as session:
        plan = plan_of(session, actor)
        for locale, those in _by_locale(kept, market, channel, plan).items():
            for id_, going in going_out_all(session, actor, those, locale, channel.name, services.now().date()).items():
                if going.is_open:
                    shown[id_] = going.listing(shown[id_])
    return shown


def locale_for(listing: Listing, market: Market, channel: Channel, plan: Plan) -> str | None:
    """Return the locale a listing is shown in to a market through a channel; nothing where its own language serves.

    The market's own locale goes first, then the first of the plan that is read there.
    """
    read = channel.languages or market.languages
    if not read or base(listing.language) in read:
        return None
    wanted = [one for one in plan.locales if base(one) in read and territory(one) in {None, market.country}]
    wanted.sort(key=lambda one: territory(one) is None)
    return wanted[0] if wanted else None


def _by_locale(kept: Iterable[Kept], market: Market, channel: Channel, plan: Plan) -> Mapping[str, list[Kept]]:
    found: dict[str, list[Kept]] = {}
    for one in kept:
        locale = locale_for(one.listing, market, channel, plan)
        if locale is not None and not serves(one.listing.language, locale):
            found.setdefault(locale, []).append(one)
    return found


def _said(
    kept: Kept, links: Sequence[str], texts: Mapping[tuple[str, str, str], Translation], checker: Checker
) -> dict[tuple[str, str], Said]:
    found = {}
    for link in links:
        here = {path: one for (id_, locale, path), one in texts.items() if (id_, locale) == (kept.id, link)}
        # A parent's text counts where it is of the very leaf that the locale asked for has.
        for row in rows_of(kept.listing, links[0], here):
            if row.kept is not None and row.kept.text:
                blocked = checker.blocks(kept.listing, row)
                found[link, row.leaf.path] = Said(row.kept.text, row.state(blocked=blocked))
    return found
