"""A shop's listings as a file, in any of the formats, page by page out of the database.

As they are written, or said in another language: then by a channel, through its gate, and what is held back is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from shopkit.models import StoredListing
from shopkit.services.formats import formats
from shopkit.services.gate import going_out_all
from shopkit.services.listings import all_kept

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from listings.model import Listing
    from listings.texts import Leaf
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.listings import Kept
    from translations.states import Held

_PAGE: Final = 200


class UnknownFormatError(LookupError):
    """There is no such format; ``known`` are those that there are."""

    def __init__(self, name: str) -> None:
        self.known = tuple(sorted(formats()))
        super().__init__(name)


@dataclass(frozen=True, slots=True)
class Back:
    """A listing that was held back: which of its texts may not leave, and why."""

    id: str
    key: str
    title: str
    held: tuple[tuple[Leaf, tuple[Held, ...]], ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """How many listings were written in a language, and which were held back."""

    count: int
    back: tuple[Back, ...]


def export(
    services: Services, actor: Actor, name: str, out: TextIO, *, with_costs: bool = False, archived: bool = False
) -> int:
    """Write the seller's listings, archived ones when asked for, and return how many; ``UnknownFormatError``.

    Costs and suppliers are the seller's own matter: they leave only when they are asked for, and never for viewers.
    """
    found = formats().get(name)
    if found is None:
        raise UnknownFormatError(name)
    if with_costs:
        actor.must("editor")
    count = 0

    def listings() -> Iterator[Listing]:
        nonlocal count
        count = 0
        for page in _pages(services, actor, archived=archived):
            for one in page:
                count += 1
                yield one.listing

    found.write(listings, out, with_costs=with_costs)
    return count


def export_in(services: Services, actor: Actor, name: str, out: TextIO, locale: str, channel: str) -> Sent:
    """Write the listings as they are said in a locale, those whose texts may leave by the channel; never two languages.

    Raises ``UnknownFormatError``.
    """
    found = formats().get(name)
    if found is None:
        raise UnknownFormatError(name)
    going = _Going(services, actor, locale, channel)
    found.write(going, out, with_costs=False)
    return Sent(going.count, tuple(going.back))


def held_in(services: Services, actor: Actor, locale: str, channel: str) -> Sent:
    """Return what :func:`export_in` would write and what it would hold back, without writing anything."""
    going = _Going(services, actor, locale, channel)
    for _ in going():
        pass
    return Sent(going.count, tuple(going.back))


class _Going:
    """The listings that leave in a locale by a channel, each time anew; what is held back is noted on the way."""

    def __init__(self, services: Services, actor: Actor, locale: str, channel: str) -> None:
        self._services, self._actor = services, actor
        self._locale, self._channel = locale, channel
        self.count = 0
        self.back: list[Back] = []

    def __call__(self) -> Iterator[Listing]:
        self.count = 0
        self.back.clear()
        on = self._services.now().date()
        for page in _pages(self._services, self._actor, archived=False):
            with self._services.database.reading() as session:
                going = going_out_all(session, self._actor, page, self._locale, self._channel, on)
            for one in page:
                if one.listing.language == self._locale:
                    self.count += 1
                    yield one.listing
                elif going[one.id].is_open:
                    self.count += 1
                    yield going[one.id].listing(one.listing)
                else:
                    self.back.append(Back(one.id, one.listing.key, one.listing.title, going[one.id].held))


def _pages(services: Services, actor: Actor, *, archived: bool) -> Iterator[tuple[Kept, ...]]:
    last = ""
    while True:
        query = select(StoredListing).where(StoredListing.seller_id == actor.seller_id, StoredListing.id > last)
        if not archived:
            query = query.where(StoredListing.status != "archived")
        with services.database.reading() as session:
            rows = session.scalars(query.order_by(StoredListing.id).limit(_PAGE)).all()
            page = all_kept(session, rows)
        if not page:
            return
        last = page[-1].id
        yield page
