"""The store of a seller: where it is open, in which languages, who pays at the border, and what it says of itself.

A market is a country that goods are sent to. In each the seller chooses whether the import charges are collected with
the purchase (DDP) or paid by the buyer on delivery (DAP), what is taken of a figure that is not certain, and which rate
card prices the freight. Words are per language; where a language has none, nothing stands there: another language's
text would not be what was asked for.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal, cast, get_args

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from shopkit.models import Seller, Store, StoreProduct
from shopkit.services import audit
from shopkit.services.actors import Actor
from shopkit.services.freight import find_card
from shopkit.services.problems import RequestError, RequestProblem
from translations.ui import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.services.context import Services

Terms = Literal["DDP", "DAP"]
# What is taken of an estimate where the store collects the charges: at most the likely figure, for an order asks of its
# buyer what the quote says.
Estimates = Literal["none", "settled", "likely"]
ESTIMATES: Final[tuple[Estimates, ...]] = get_args(Estimates)
SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])", re.ASCII)
# What a store says of itself in a language, and the most signs of each.
WORDS: Final[Mapping[str, int]] = {
    "tagline": 160,
    "story": 4_000,
    "awards": 1_000,
    "returns": 3_000,
    "shipping": 3_000,
    "privacy": 3_000,
}
_MOST_PACKING: Final = 30_000
VIA: Final = "store"


class StoreNotFoundError(LookupError):
    """There is no such store, or it is closed."""


class StaleStoreError(Exception):
    """Somebody changed the store since it was read."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A market that a store is open in.

    ``terms``      ``DDP``: the store collects the import charges; ``DAP``: the buyer pays them at the door
    ``estimates``  what of an uncertain figure the store collects; ``none``: such a product is sold on enquiry alone
    ``card``, ``service``  what prices the freight; ``packing_grams`` come on top of the goods' weight
    """

    market: str
    languages: tuple[str, ...]
    terms: Terms = "DDP"
    estimates: Estimates = "likely"
    card: str = ""
    service: str = ""
    packing_grams: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be kept of a store; ``words`` by language and by the names of ``WORDS``."""

    slug: str
    is_open: bool
    openings: tuple[Opening, ...]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptStore:
    """A store as it is kept; ``version`` 0: there is none yet."""

    seller_id: str
    slug: str
    is_open: bool
    version: int
    openings: tuple[Opening, ...]
    words: Mapping[str, Mapping[str, str]]
    updated_at: datetime | None = None

    def opening(self, market: str) -> Opening | None:
        """Return what was settled for a market."""
        return next((one for one in self.openings if one.market == market), None)

    def said(self, language: str, name: str) -> str:
        """Return what the store says in a language, ``""`` where it says nothing."""
        return self.words.get(language, {}).get(name, "")

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Every market with each of its languages."""
        return tuple((one.market, language) for one in self.openings for language in one.languages)

    @property
    def actor(self) -> Actor:
        """Who reads for a buyer: somebody who may look at what is this seller's, and change nothing."""
        return Actor(self.seller_id, "viewer", None, VIA)


def get_store(services: Services, actor: Actor) -> KeptStore:
    """Return the seller's store; before there is one, what it would be called."""
    with services.database.reading() as session:
        row = session.get(Store, actor.seller_id)
        if row is not None:
            return _kept(row)
        seller = session.get_one(Seller, actor.seller_id)
        slug = seller.slug if seller.slug is not None and SLUG.fullmatch(seller.slug) else ""
        return KeptStore(actor.seller_id, slug, is_open=False, version=0, openings=(), words={})


def find_store(services: Services, slug: str) -> KeptStore:
    """Return an open store by its short name; ``StoreNotFoundError``."""
    with services.database.reading() as session:
        row = session.scalars(select(Store).where(Store.slug == slug)).one_or_none()
        if row is None or not row.is_open:
            raise StoreNotFoundError(slug)
        return _kept(row)


def open_stores(services: Services, most: int) -> tuple[str, ...]:
    """Return the short names of stores that are open, the oldest first."""
    query = select(Store.slug).where(Store.is_open).order_by(Store.created_at, Store.slug).limit(most)
    with services.database.reading() as session:
        return tuple(session.scalars(query))


def save_store(services: Services, actor: Actor, said: Said, version: int) -> KeptStore:
    """Keep what was read at ``version`` and changed; ``RequestError``, ``StaleStoreError``, ``ForbiddenError``."""
    actor.must("editor")
    said = _trimmed(said)
    now = services.now()
    problems = list(_problems(services, actor, said))
    if problems:
        raise RequestError(problems)
    settings = {"openings": [asdict(one) for one in said.openings], "words": said.words}
    try:
        with services.database.writing.begin() as session:
            session.get_one(Seller, actor.seller_id, with_for_update=True)
            row = session.get(Store, actor.seller_id)
            if (0 if row is None else row.version) != version:
                raise StaleStoreError
            if row is None:
                row = Store(seller_id=actor.seller_id, version=0, created_at=now)
                session.add(row)
            row.slug, row.is_open, row.settings = said.slug, said.is_open, settings
            row.version, row.updated_at = version + 1, now
            audit.note(session, actor, now, "store.changed", said.slug, is_open=said.is_open)
            session.flush()
            _sweep(session, _kept(row))
            return _kept(row)
    except IntegrityError:
        raise RequestError([RequestProblem("/slug", "store.taken", {"slug": said.slug})]) from None


def _sweep(session: Session, store: KeptStore) -> None:
    """Take out what products came to in places that the store is not open in any more."""
    places = set(store.places)
    for row in session.scalars(select(StoreProduct).where(StoreProduct.seller_id == store.seller_id)):
        if (row.market, row.language) not in places:
            session.delete(row)


def _trimmed(said: Said) -> Said:
    words = {
        language: {name: text.strip() for name, text in texts.items() if text.strip()}
        for language, texts in said.words.items()
    }
    return replace(said, words={language: texts for language, texts in words.items() if texts})


def _problems(services: Services, actor: Actor, said: Said) -> Iterator[RequestProblem]:
    if not SLUG.fullmatch(said.slug):
        yield RequestProblem("/slug", "store.slug")
    if said.is_open and not said.openings:
        yield RequestProblem("/markets", "store.no_market")
    with services.database.reading() as session:
        home = session.get_one(Seller, actor.seller_id).country
    seen: set[str] = set()
    for index, one in enumerate(said.openings):
        at = f"/markets/{index}"
        if one.market == home:
            yield RequestProblem(f"{at}/market", "store.home", {"market": home})
        elif one.market not in services.rulebook.destinations or one.market in seen:
            yield RequestProblem(f"{at}/market", "store.market", {"market": one.market[:8]})
        seen.add(one.market)
        yield from _of_opening(services, actor, one, at)
    yield from _of_words(said)


def _of_words(said: Said) -> Iterator[RequestProblem]:
    for language, texts in said.words.items():
        if language not in LANGUAGES:
            yield RequestProblem(f"/words/{language}", "choice", {"expected": ", ".join(LANGUAGES)})
        for name, text in texts.items():
            if name not in WORDS:
                yield RequestProblem(f"/words/{language}/{name}", "choice", {"expected": ", ".join(WORDS)})
            elif len(text) > WORDS[name]:
                yield RequestProblem(f"/words/{language}/{name}", "text.too_long", {"limit": str(WORDS[name])})


def _of_opening(services: Services, actor: Actor, one: Opening, at: str) -> Iterator[RequestProblem]:
    if not one.languages or not set(one.languages) <= set(LANGUAGES) or len(set(one.languages)) < len(one.languages):
        yield RequestProblem(f"{at}/languages", "store.languages", {"known": ", ".join(LANGUAGES)})
    if one.terms not in {"DDP", "DAP"}:
        yield RequestProblem(f"{at}/terms", "choice", {"expected": "DDP, DAP"})
    if one.estimates not in ESTIMATES:
        yield RequestProblem(f"{at}/estimates", "choice", {"expected": ", ".join(ESTIMATES)})
    if not 0 <= one.packing_grams <= _MOST_PACKING:
        yield RequestProblem(f"{at}/packing_grams", "number.range", {"limit": f"0–{_MOST_PACKING}"})
    card = find_card(services, actor.seller_id, one.card) if one.card else None
    if card is None:
        yield RequestProblem(f"{at}/card", "catalog.card")
    elif card.service(one.service) is None:
        yield RequestProblem(
            f"{at}/service", "catalog.service", {"known": ", ".join(each.name for each in card.services)}
        )


def _kept(row: Store) -> KeptStore:
    return KeptStore(
        row.seller_id,
        row.slug,
        row.is_open,
        row.version,
        tuple(_opening(one) for one in row.settings["openings"]),
        cast("Mapping[str, Mapping[str, str]]", row.settings["words"]),
        row.updated_at,
    )


def _opening(value: Mapping[str, Any]) -> Opening:
    return Opening(**{**value, "languages": tuple(value["languages"])})
