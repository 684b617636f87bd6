"""In which places of a store a product stands, and under which title: by that its other pages are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from shopkit.models import StoredListing
from shopkit.services.store_shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy.orm import Session

    from shopkit.services.context import Services
    from shopkit.services.stores import KeptStore

Place = tuple[str, str]
_AT_ONCE: Final = 200
# So many products are priced for one sitemap; those beyond stand in it once somebody has looked at them.
MOST_MADE: Final = 500


def places_of(services: Services, store: KeptStore, listing_id: str) -> dict[Place, str]:
    """Return the end of a product's address by market and language, where it stands."""
    found: dict[Place, str] = {}
    with services.database.reading() as session:
        for place in store.places:
            product = _shelf(services, session, store, place).by_ids([listing_id]).get(listing_id)
            if product is not None:
                found[place] = product.slug
    return found


def everything(services: Services, store: KeptStore) -> Iterator[tuple[str, date, dict[Place, str]]]:
    """Yield key, day of the last change, and the ends of the addresses of every product that stands somewhere."""
    budget, last = MOST_MADE, ""
    query = select(StoredListing.id, StoredListing.version, StoredListing.key, StoredListing.updated_at).where(
        StoredListing.seller_id == store.seller_id, StoredListing.status == "active"
    )
    with services.database.reading() as session:
        shelves = {place: _shelf(services, session, store, place) for place in store.places}
        while True:
            page = query.where(StoredListing.id > last).order_by(StoredListing.id).limit(_AT_ONCE)
            rows = session.execute(page).all()
            if not rows:
                return
            last = rows[-1].id
            found: dict[str, dict[Place, str]] = {}
            for place, shelf in shelves.items():
                before = shelf.made
                for one in shelf.products([(row.id, row.version) for row in rows], most=budget):
                    if one.is_shown:
                        found.setdefault(one.id, {})[place] = one.slug
                budget -= shelf.made - before
            for row in rows:
                if row.id in found:
                    yield row.key, row.updated_at.date(), found[row.id]


def _shelf(services: Services, session: Session, store: KeptStore, place: Place) -> Shelf:
    market, language = place
    opening = store.opening(market)
    assert opening is not None  # noqa: S101  # a place is one of the store's openings
    return Shelf(services, session, store, opening, language)
