"""Listings of a seller: found, kept, changed with every change remembered, taken back.

Whoever saves names the version that was read: a listing that somebody changed meanwhile is refused with both texts
(:class:`StaleError`), never overwritten. A SKU belongs to one listing of a shop. What is another seller's is not there.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic_core import to_json
from sqlalchemy import delete, func, select

from listings.changes import Change, applied, differences, overlaid, whole_rows
from listings.model import Listing
from shopkit.models import ListingChange, StoredListing, StoredVariant
from shopkit.services.photos import check_photos

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from listings.changes import Document
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAGE: Final = 50


class ListingNotFoundError(LookupError):
    """There is no such listing, or it is another seller's: nobody is told which."""


class TakenError(Exception):
    """A key or SKU that another listing of the shop has; ``field`` is ``key`` or ``sku``."""

    def __init__(self, field: str, names: Iterable[str]) -> None:
        self.field = field
        self.names = tuple(names)
        super().__init__(f"{field}: {', '.join(self.names)}")


class StaleError(Exception):
    """Somebody changed the listing since it was read; ``kept`` is how it is now."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        super().__init__(f"version {kept.version} is newer")


@dataclass(frozen=True, slots=True)
class Kept:
    """A listing as it is kept."""

    id: str
    version: int
    created_at: datetime
    updated_at: datetime
    listing: Listing


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the listings that were looked for, and how many there are in all."""

    listings: tuple[Kept, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Saved:
    """One saving in a listing's history."""

    id: int
    version: int
    at: datetime
    user_id: str | None
    via: str
    changes: tuple[Change, ...]


def new_listing_id(now: datetime) -> str:
    """Return a new id: the moment in milliseconds and eighty bits of chance, sortable and not to be guessed."""
    value = (int(now.timestamp() * 1000) << 80) | secrets.randbits(80)
    return "l_" + "".join(_CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))


def folded(text: str) -> str:
    """Return a text as it is searched: small letters, no accents.

    >>> folded("Playera de Algodón")
    'playera de algodon'
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def document_of(listing: Listing) -> Document:
    """Return a listing as JSON, without what is as it would be anyhow."""
    found: Document = listing.model_dump(mode="json", exclude_defaults=True)
    return found


def get_listing(services: Services, actor: Actor, listing_id: str) -> Kept:
    """Return a listing of the seller; ``ListingNotFoundError``."""
    with services.database.reading() as session:
        return _kept(session, own(session, actor, listing_id))


def get_listings(services: Services, actor: Actor, ids: Collection[str]) -> dict[str, Kept]:
    """Return the listings of these ids that are the seller's and still there, by id."""
    query = select(StoredListing).where(StoredListing.seller_id == actor.seller_id, StoredListing.id.in_(ids))
    with services.database.reading() as session:
        return {kept.id: kept for kept in all_kept(session, session.scalars(query).all())}


def find_listings(
    services: Services, actor: Actor, *, text: str = "", status: str | None = None, page: int = 1, size: int = PAGE
) -> Page:
    """Return the seller's listings that hold every word, the last changed first; archived ones only when asked for."""
    query = select(StoredListing).where(StoredListing.seller_id == actor.seller_id)
    query = query.where(StoredListing.status == status if status else StoredListing.status != "archived")
    for word in folded(text).split():
        query = query.where(StoredListing.search.contains(word, autoescape=True))
    ordered = query.order_by(StoredListing.updated_at.desc(), StoredListing.id.desc())
    with services.database.reading() as session:
        total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        rows = session.scalars(ordered.offset((page - 1) * size).limit(size)).all()
        return Page(all_kept(session, rows), total)


def create_listing(services: Services, actor: Actor, listing: Listing) -> Kept:
    """Keep a new listing; ``TakenError`` where its key or a SKU is not free, ``ForbiddenError`` for viewers."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        return insert(session, actor, listing, services.now())


def save_listing(services: Services, actor: Actor, listing_id: str, listing: Listing, version: int) -> Kept:
    """Keep a changed listing that was read at ``version``; the same again changes nothing.

    Raises ``StaleError``, ``TakenError``, ``ListingNotFoundError`` and ``ForbiddenError``.
    """
    actor.must("editor")
    with services.database.writing.begin() as session:
        row = own(session, actor, listing_id, lock=True)
        if row.version != version:
            raise StaleError(_kept(session, row))
        return update(session, actor, row, listing, services.now())


@dataclass(frozen=True, slots=True)
class Merged:
    """What two people made of one listing: ``both`` holds what each changed, and of ``clashes`` what was written last.

    A clash is a field that both changed, each to something else: ``before`` is theirs, ``after`` ours.
    """

    both: Document
    clashes: tuple[Change, ...]


def merge(base: Document, theirs: Document, ours: Document) -> Merged:
    """Return what comes of two changes of one text.

    >>> found = merge({"title": "Taza"}, {"title": "Taza azul"}, {"title": "Taza", "brand": "Oax"})
    >>> found.both, found.clashes
    ({'title': 'Taza azul', 'brand': 'Oax'}, ())
    """
    made = whole_rows(differences(base, ours), theirs, ours)
    other = {one.path: one.after for one in differences(base, theirs)}
    clashes = [
        Change(one.path, other[one.path], one.after)
        for one in made
        if one.path in other and other[one.path] != one.after
    ]
    return Merged(overlaid(theirs, made), tuple(clashes))


def document_at(services: Services, actor: Actor, kept: Kept, version: int) -> Document:
    """Return the text of a listing as it was at an earlier version; the present one where that cannot be told."""
    document = document_of(kept.listing)
    for saved in history(services, actor, kept.id):
        if saved.version <= version:
            break
        document = overlaid(document, [one.inverse for one in reversed(saved.changes)])
    return document


def archive_listing(services: Services, actor: Actor, listing_id: str) -> Kept:
    """Take a listing out of the shop's sight, whatever version it is; nothing of it is lost."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        row = own(session, actor, listing_id, lock=True)
        listing = _kept(session, row).listing.model_copy(update={"status": "archived"})
        return update(session, actor, row, listing, services.now())


def history(services: Services, actor: Actor, listing_id: str) -> tuple[Saved, ...]:
    """Return every saving of a listing, the last first."""
    with services.database.reading() as session:
        own(session, actor, listing_id)
        query = select(ListingChange).where(ListingChange.listing_id == listing_id).order_by(ListingChange.id.desc())
        return tuple(_saved(row) for row in session.scalars(query))


def undo(services: Services, actor: Actor, listing_id: str, change_id: int) -> Kept:
    """Take one saving back, whatever was saved after it on other fields.

    Raises ``ConflictError`` with the fields that were changed again since, and what saving raises.
    """
    actor.must("editor")
    with services.database.writing.begin() as session:
        row = own(session, actor, listing_id, lock=True)
        saved = session.get(ListingChange, change_id)
        if saved is None or saved.listing_id != listing_id or saved.version == 1:
            # The first saving is the listing itself: it is archived, not taken back.
            raise ListingNotFoundError(str(change_id))
        before = document_of(_kept(session, row).listing)
        found = applied(before, [Change.of(one).inverse for one in reversed(saved.changes)])
        listing = Listing.model_validate_json(to_json(found))
        return update(session, actor, row, listing, services.now(), via=f"undo:{change_id}")


# -- inside a transaction of the caller ---------------------------------------------------------------------------
def own(session: Session, actor: Actor, listing_id: str, *, lock: bool = False) -> StoredListing:
    """Return a row of the seller's own; another's is not there."""
    query = select(StoredListing).where(StoredListing.id == listing_id, StoredListing.seller_id == actor.seller_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise ListingNotFoundError(listing_id)
    return found


def by_key(session: Session, actor: Actor, key: str) -> StoredListing | None:
    """Return the row of the seller's own name for a listing."""
    query = select(StoredListing).where(StoredListing.seller_id == actor.seller_id, StoredListing.key == key)
    return session.scalars(query.with_for_update()).one_or_none()


def insert(session: Session, actor: Actor, listing: Listing, now: datetime, *, via: str | None = None) -> Kept:
    """Add a new listing and the first entry of its history."""
    if by_key(session, actor, listing.key) is not None:
        raise TakenError("key", [listing.key])
    check_photos(session, actor, listing.photos)
    row = StoredListing(
        id=new_listing_id(now),
        seller_id=actor.seller_id,
        key=listing.key,
        version=0,
        created_at=now,
        updated_at=now,
        status="",
        title="",
        search="",
        document={},
    )
    _write(row, listing, now)
    session.add(row)
    session.flush()
    _claim(session, actor, row.id, listing)
    _remember(session, actor, row, differences({}, document_of(listing)), via)
    return _as_kept(row, listing)


def update(
    session: Session, actor: Actor, row: StoredListing, listing: Listing, now: datetime, *, via: str | None = None
) -> Kept:
    """Write a changed listing over a row of the seller's own that is locked; nothing where nothing differs."""
    found = differences(document_of(_kept(session, row).listing), document_of(listing))
    if not found:
        return _as_kept(row, listing)
    if listing.key != row.key and by_key(session, actor, listing.key) is not None:
        raise TakenError("key", [listing.key])
    check_photos(session, actor, listing.photos)
    _write(row, listing, now)
    session.flush()
    _claim(session, actor, row.id, listing)
    _remember(session, actor, row, found, via)
    return _as_kept(row, listing)


def _write(row: StoredListing, listing: Listing, now: datetime) -> None:
    row.key, row.status, row.title = listing.key, listing.status, listing.title
    row.search = folded(" ".join([listing.title, listing.key, *(one.sku for one in listing.variants)]))
    row.version += 1
    row.updated_at = now
    row.document = _without_stock(document_of(listing))


def _claim(session: Session, actor: Actor, listing_id: str, listing: Listing) -> None:
    """Make the shop's SKUs those of the listing, and its stock what it says."""
    wanted = {one.sku: one for one in listing.variants}
    query = select(StoredVariant).where(
        StoredVariant.seller_id == actor.seller_id,
        StoredVariant.sku.in_(wanted),
        StoredVariant.listing_id != listing_id,
    )
    taken = sorted(row.sku for row in session.scalars(query))
    if taken:
        raise TakenError("sku", taken)
    mine = StoredVariant.listing_id == listing_id
    session.execute(delete(StoredVariant).where(mine, StoredVariant.sku.not_in(wanted)))
    kept = {row.sku: row for row in session.scalars(select(StoredVariant).where(mine))}
    for sku, variant in wanted.items():
        if sku in kept:
            kept[sku].stock = variant.stock
        else:
            session.add(StoredVariant(seller_id=actor.seller_id, sku=sku, listing_id=listing_id, stock=variant.stock))
    session.flush()


def _remember(session: Session, actor: Actor, row: StoredListing, changes: Iterable[Change], via: str | None) -> None:
    session.add(
        ListingChange(
            seller_id=actor.seller_id,
            listing_id=row.id,
            version=row.version,
            at=row.updated_at,
            user_id=actor.user_id,
            via=via or actor.via,
            changes=[one.to_dict() for one in changes],
        )
    )


def _without_stock(document: Document) -> Document:
    rows = document.get("variants")
    if rows is None:
        return document
    return document | {"variants": [{name: value for name, value in row.items() if name != "stock"} for row in rows]}


def _kept(session: Session, row: StoredListing) -> Kept:
    return all_kept(session, [row])[0]


def all_kept(session: Session, rows: Sequence[StoredListing]) -> tuple[Kept, ...]:
    """Return what rows of one seller hold, their stock with them."""
    query = select(StoredVariant.sku, StoredVariant.stock).where(
        StoredVariant.listing_id.in_([row.id for row in rows]), StoredVariant.stock.is_not(None)
    )
    stock = {row.sku: row.stock for row in session.execute(query)}
    return tuple(_as_kept(row, _read(row.document, stock)) for row in rows)


def _read(document: Document, stock: dict[str, int | None]) -> Listing:
    rows = [
        row if row["sku"] not in stock else row | {"stock": stock[row["sku"]]} for row in document.get("variants", ())
    ]
    return Listing.model_validate_json(to_json(document | {"variants": rows}))


def _as_kept(row: StoredListing, listing: Listing) -> Kept:
    return Kept(row.id, row.version, row.created_at, row.updated_at, listing)


def _saved(row: ListingChange) -> Saved:
    return Saved(row.id, row.version, row.at, row.user_id, row.via, tuple(Change.of(one) for one in row.changes))
