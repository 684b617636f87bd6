"""A shop's listings as a file, in any of the formats, page by page out of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from shopkit.models import StoredListing
from shopkit.services.formats import formats
from shopkit.services.listings import all_kept

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from listings.model import Listing
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

_PAGE: Final = 200


class UnknownFormatError(LookupError):
    """There is no such format; ``known`` are those that there are."""

    def __init__(self, name: str) -> None:
        self.known = tuple(sorted(formats()))
        super().__init__(name)


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
        for one in _all(services, actor, archived=archived):
            count += 1
            yield one

    found.write(listings, out, with_costs=with_costs)
    return count


def _all(services: Services, actor: Actor, *, archived: bool) -> Iterator[Listing]:
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
        yield from (one.listing for one in page)
