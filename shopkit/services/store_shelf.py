"""What stands in a store for a market and language: products in the words that may leave, priced at the door, and kept.

A product is priced when somebody first looks, as a catalog prices its rows, and what it comes to is kept under a
digest of all that it rests on. Who looks later costs a few questions to the database and no quote; a change of the
listing, its texts, the law, a rate, a card or the store's own settings is seen at once: the digest is another.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from landed_cost.money import Money
from listings.campaigns.links import slug
from shopkit.models import Seller, StoredListing, StoreProduct
from shopkit.services.catalog_items import photo_path
from shopkit.services.catalog_rows import Desk
from shopkit.services.catalogs import Kept, Settings
from translations.locales import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from listings.model import Listing
    from shopkit.services.catalog_items import Offer
    from shopkit.services.catalog_rows import Priced, State
    from shopkit.services.context import Services
    from shopkit.services.stores import KeptStore, Opening

Json = dict[str, Any]
# Counts up when the same listing would make another document than before.
FORM: Final = 2
PAGE: Final = 24
# Offers of one product that its page tells machines; a page of two thousand would be of no use to them either.
_MOST_RECORDS: Final = 60
_CHANNEL: Final = "shop"


@dataclass(frozen=True, slots=True)
class Product:
    """What a listing comes to on a page; ``variants`` is empty where nothing of it may be shown there."""

    id: str
    document: Json

    @property
    def is_shown(self) -> bool:
        """Whether there is a page of it."""
        return bool(self.document["variants"])

    @property
    def key(self) -> str:
        """The seller's own name for it."""
        found: str = self.document["key"]
        return found

    @property
    def slug(self) -> str:
        """Its title as the end of an address."""
        found: str = self.document["slug"]
        return found

    def variant(self, sku: str | None) -> Json | None:
        """Return the variant of a SKU; without one, the first that can be bought, else the first."""
        variants: list[Json] = self.document["variants"]
        if sku is not None:
            return next((one for one in variants if one["sku"] == sku), None)
        return next((one for one in variants if is_sold(one)), variants[0] if variants else None)

    @property
    def cheapest(self) -> Json | None:
        """The variant that costs least at the door, of those that can be bought; where none can, of all priced."""
        priced = [one for one in self.document["variants"] if one["price"] is not None]
        sold = [one for one in priced if one["in_stock"]]
        return min(sold or priced, key=lambda one: Decimal(one["pay"]), default=None)


def is_sold(variant: Json) -> bool:
    """Return whether a variant can be put into a cart: it has a price, and it is there."""
    return variant["price"] is not None and bool(variant["in_stock"])


def locale_of(market: str, language: str) -> str:
    """Return the locale in which a page is written.

    >>> locale_of("US", "es"), locale_of("BR", "pt")
    ('es-US', 'pt-BR')
    """
    found = f"{language}-{market}"
    return found if known(found) else language


class Shelf:
    """The products of a store in one market and language, today."""

    def __init__(self, services: Services, session: Session, store: KeptStore, opening: Opening, language: str) -> None:
        self._services = services
        self._session = session
        self._store = store
        self._opening = opening
        self._language = language
        self._seller = session.get_one(Seller, store.seller_id)
        self._desk = Desk(services, session, store.actor, self._as_catalog(), self._seller)
        self.on: date = self._desk.on
        self.currency = self._desk.feed.currency
        # How many were priced anew.
        self.made = 0

    def _as_catalog(self) -> Kept:
        """Return the store as the catalog that it is: the same texts, prices and days as a channel is told."""
        opening = self._opening
        base = self._services.settings.public_url.rstrip("/") or "http://localhost:8000"
        settings = Settings(
            link=f"{base}/s/{self._store.slug}/{opening.market.lower()}/{self._language}/p/{{key}}",
            charges="shipping" if opening.terms == "DDP" else "apart",
            estimates=opening.estimates,
            card=opening.card,
            service=opening.service,
            packing_grams=opening.packing_grams,
        )
        locale = locale_of(opening.market, self._language)
        return Kept(
            id=self._store.seller_id,
            channel=_CHANNEL,
            market=opening.market,
            language=locale,
            kind="jsonld",
            settings=settings,
            version=FORM,
            created_at=self._services.now(),
            is_open=True,
            serial=0,
            every_hours=None,
            next_at=None,
            run_id=None,
            file=None,
            etag=None,
            changed_at=None,
        )

    def page(self, number: int) -> tuple[list[Product], bool]:
        """Return a page of the store, the newest first, and whether there is another after it."""
        query = (
            select(StoredListing.id, StoredListing.version)
            .where(StoredListing.seller_id == self._store.seller_id, StoredListing.status == "active")
            .order_by(StoredListing.created_at.desc(), StoredListing.id.desc())
            .offset((number - 1) * PAGE)
            .limit(PAGE + 1)
        )
        rows = [(id_, version) for id_, version in self._session.execute(query)]
        return [one for one in self.products(rows[:PAGE]) if one.is_shown], len(rows) > PAGE

    def by_key(self, key: str) -> Product | None:
        """Return a product by the seller's name for it, if it is shown here."""
        query = select(StoredListing.id, StoredListing.version).where(
            StoredListing.seller_id == self._store.seller_id,
            StoredListing.status == "active",
            StoredListing.key == key,
        )
        found = self.products([(id_, version) for id_, version in self._session.execute(query)])
        return found[0] if found and found[0].is_shown else None

    def by_ids(self, ids: Iterable[str]) -> dict[str, Product]:
        """Return those of these products that are shown here."""
        query = select(StoredListing.id, StoredListing.version).where(
            StoredListing.seller_id == self._store.seller_id,
            StoredListing.status == "active",
            StoredListing.id.in_(list(ids)),
        )
        found = self.products([(id_, version) for id_, version in self._session.execute(query)])
        return {one.id: one for one in found if one.is_shown}

    def products(self, rows: Sequence[tuple[str, int]], most: int | None = None) -> list[Product]:
        """Return what listings (id and version) come to; what is not kept, or holds no more, is made and kept.

        No more than ``most`` are made; the others are left out.
        """
        states = self._desk.states(self._session, rows)
        here = (
            StoreProduct.seller_id == self._store.seller_id,
            StoreProduct.market == self._opening.market,
            StoreProduct.language == self._language,
        )
        query = select(StoreProduct).where(*here, StoreProduct.listing_id.in_([one.id for one in states]))
        there = {one.listing_id: one for one in self._session.scalars(query)}
        found: dict[str, Product] = {}
        for state in states:
            kept = there.get(state.id)
            if kept is not None and kept.digest == _mark(state) and self.on <= kept.valid_until:
                found[state.id] = Product(state.id, kept.document)
        wanting = [one for one in states if one.id not in found][:most]
        if wanting:
            self.made += len(wanting)
            found |= self._make(wanting, here)
        return [found[one.id] for one in states if one.id in found]

    def _make(self, states: Sequence[State], here: tuple[Any, ...]) -> dict[str, Product]:
        made: dict[str, Product] = {}
        rows = []
        for priced in self._desk.price(self._session, states):
            told = self._desk.made(priced)
            records = {str(one["sku"]): one for one in told.records}
            document = self._document(priced, records)
            made[priced.kept.id] = Product(priced.kept.id, document)
            rows.append(
                {
                    "seller_id": self._store.seller_id,
                    "market": self._opening.market,
                    "language": self._language,
                    "listing_id": priced.kept.id,
                    "digest": _mark(priced.state),
                    "valid_until": told.valid_until,
                    "document": document,
                }
            )
        if rows:
            try:
                with self._services.database.writing.begin() as session:
                    ids = [one["listing_id"] for one in rows]
                    session.execute(delete(StoreProduct).where(*here, StoreProduct.listing_id.in_(ids)))
                    session.execute(insert(StoreProduct), rows)
            except IntegrityError:
                # Somebody else looked at the same moment and kept the same.
                pass
        return made

    def _document(self, priced: Priced, records: Mapping[str, Any]) -> Json:
        listing = priced.kept.listing
        if not priced.offers:
            return {"key": listing.key, "slug": "", "variants": []}
        said = priced.offers[0].said
        return {
            "key": listing.key,
            "slug": slug(said.title) or "p",
            "title": said.title,
            "description": said.description,
            "category": said.category,
            "brand": listing.brand,
            "origin": listing.origin,
            "photos": [self._photo(said, index) for index in range(len(listing.photos))],
            "pictures": list(listing.pictures) if not listing.photos else [],
            "materials": [[one.name, one.percent] for one in said.materials],
            "certificates": [
                [one.kind, one.body, one.number] for one in listing.certificates if self._is_valid(one.expires_on)
            ],
            "personalisation": [
                {"name": one.name, "choices": list(one.choices), "max_length": one.max_length}
                for one in said.personalisation
                if one.kind != "file" and one.extra is None
            ],
            "returns_days": listing.aftercare.returns_days,
            "returns": said.aftercare.returns,
            "warranty": said.aftercare.warranty,
            "care": said.aftercare.care,
            "currency": self.currency,
            "variants": [self._variant(one) for one in priced.offers],
            "records": [records[one.id] for one in priced.offers if one.id in records][:_MOST_RECORDS],
        }

    def _is_valid(self, until: str | None) -> bool:
        return until is None or until >= self.on.isoformat()

    def _photo(self, said: Listing, index: int) -> Json:
        photo = said.photos[index]
        path = photo_path(self._services, self._store.seller_id, photo.id)
        alt = photo.alt or said.title
        return {"id": photo.id, "path": path, "width": photo.width, "height": photo.height, "alt": alt}

    def _variant(self, offer: Offer) -> Json:
        variant, taken, row = offer.variant, offer.taken, offer.answered
        found: Json = {
            "sku": None if variant is None else variant.sku,
            "id": offer.id,
            "options": {} if offer.as_said is None else dict(offer.as_said.options),
            "photo": None if variant is None else variant.photo,
            "in_stock": variant is None or variant.stock is None or variant.stock > 0,
            "price": None,
            "against": None,
        }
        if taken is None or taken.shipping is None or row is None:
            against = offer.against
            found["against"] = "no_price" if against is None else against.rule
            return found
        collected = 0 if taken.due is None else taken.due.minor
        return found | {
            "price": taken.price.text,
            "shipping": Money(taken.shipping.minor - collected, self.currency).text,
            # What the store collects for the border; nothing where the buyer pays there.
            "collected": None if taken.due is None else taken.due.text,
            # What is paid to the store, and all that it comes to with what is paid at the door.
            "pay": Money(taken.price.minor + taken.shipping.minor, self.currency).text,
            "outcome": row["outcome"],
            "charges": self._spread(row, "import_charges"),
            "landed": self._spread(row, "landed"),
            "handling": taken.handling,
            "transit": taken.transit,
        }

    def _spread(self, row: Mapping[str, Any], name: str) -> Json:
        """Return a figure of the engine with its range; ``None`` is what nobody knows."""
        columns = {"likely": name, "low": f"{name}_low", "high": f"{name}_high"}
        return {
            end: None if row[column] is None else Money(int(row[column]), self.currency).text
            for end, column in columns.items()
        }


def _mark(state: State) -> str:
    """Return what a document is kept under: how its listing stands, and in which form it was made."""
    return f"{FORM}:{state.digest}"[:64]
