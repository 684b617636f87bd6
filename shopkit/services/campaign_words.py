"""The words of a campaign: one text for all, one for each state and city, by language; checked, and read by a native.

What is not marked as read by a native reader, names a people it is not for, or claims what its goods do not prove, does
not leave as a newsletter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from listings.campaigns.audiences import groups
from listings.campaigns.cities import cities_in
from listings.campaigns.wording import named, unproved
from shopkit.services import audit
from shopkit.services.campaigns import kept, own

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from listings.campaigns.wording import Named, Unproved
    from shopkit.services.actors import Actor
    from shopkit.services.campaign_plans import Planned
    from shopkit.services.campaigns import Kept
    from shopkit.services.context import Services

UMBRELLA: Final = "all"
MOST: Final = 2_000
MOST_NAME: Final = 80


class WordsError(ValueError):
    """What words cannot be: ``code`` is ``locale``, ``place``, ``long``, ``nothing`` or ``reader``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class StaleWordsError(Exception):
    """Somebody changed the campaign since it was read."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What stands against a language's words: peoples that they name, claims without proof, whether they were read.

    ``read_by`` and ``read_on`` are the mark of the native reader; ``empty`` where nothing is written for all.
    """

    named: tuple[Named, ...]
    unproved: tuple[Unproved, ...]
    read_by: str | None
    read_on: str | None
    empty: bool

    @property
    def may_leave(self) -> bool:
        """Whether they may be published."""
        return not (self.named or self.unproved or self.empty) and self.read_by is not None


def places_of(states: Iterable[str]) -> tuple[str, ...]:
    """Return for which places a campaign has words of their own: each of its states, followed by the cities there.

    >>> places_of(["IL", "GA"])
    ('IL', 'chicago', 'GA')
    """
    return tuple(place for state in states for place in (state, *(one.id for one in cities_in([state]))))


def save_words(
    services: Services, actor: Actor, campaign_id: str, locale: str, texts: Mapping[str, str], version: int
) -> Kept:
    """Keep the words of one language; a change takes the native reader's mark away.

    ``texts`` are by state or city, and by ``all``. ``CampaignNotFoundError``, ``WordsError``, ``StaleWordsError``.
    """
    actor.must("editor")
    now = services.now()
    with services.database.writing.begin() as session:
        row = own(session, actor, campaign_id, lock=True)
        if row.version != version:
            raise StaleWordsError
        if locale not in row.asked["locales"]:
            raise WordsError("locale")
        if not texts.keys() <= {UMBRELLA, *places_of(row.asked["states"])}:
            raise WordsError("place")
        clean = {place: text.replace("\r\n", "\n").strip() for place, text in texts.items()}
        if any(len(text) > MOST for text in clean.values()):
            raise WordsError("long")
        clean = {place: text for place, text in clean.items() if text}
        if clean != row.words.get(locale, {}):
            row.words = {**row.words, locale: clean}
            row.reviewed = {name: mark for name, mark in row.reviewed.items() if name != locale}
            row.version += 1
            audit.note(session, actor, now, "campaign.words", campaign_id, locale=locale)
        session.flush()
        return kept(row)


def mark_read(services: Services, actor: Actor, campaign_id: str, locale: str, reader: str, version: int) -> Kept:
    """Mark the words of a language as read by a native reader today, by the name that the seller gives."""
    actor.must("editor")
    now = services.now()
    name = " ".join(reader.split())
    with services.database.writing.begin() as session:
        row = own(session, actor, campaign_id, lock=True)
        if row.version != version:
            raise StaleWordsError
        if not row.words.get(locale):
            raise WordsError("nothing")
        if not name or len(name) > MOST_NAME or not name.isprintable():
            raise WordsError("reader")
        row.reviewed = {**row.reviewed, locale: {"by": name, "on": now.date().isoformat()}}
        row.version += 1
        audit.note(session, actor, now, "campaign.read", campaign_id, locale=locale)
        session.flush()
        return kept(row)


def check(found: Planned, locale: str, today: date) -> Checked:
    """Return what stands against a language's words, held against the goods of the campaign."""
    campaign = found.campaign
    texts: dict[str, str] = campaign.words.get(locale, {})
    whole = "\n".join(texts.values())
    mark: dict[str, Any] = campaign.reviewed.get(locale, {})
    goods = [one.kept.listing for one in found.chosen]
    return Checked(
        named(whole, groups()[campaign.asked.group]),
        unproved(whole, goods, today),
        mark.get("by"),
        mark.get("on"),
        UMBRELLA not in texts,
    )
