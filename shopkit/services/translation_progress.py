"""How far a shop is in each of its markets' languages: what may leave, what waits for a person, what is missing."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from listings.outgoing import serves
from shopkit.models import StoredListing, StoredTranslation
from shopkit.services.listings import all_kept
from shopkit.services.translation_plans import plan_of
from shopkit.services.translations import rows_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.listings import Kept
    from shopkit.services.translation_plans import Plan
    from shopkit.services.translations import Row, Translation

    # Version of the listing, how many texts it has, and the sum of their versions.
    _Stamp = tuple[int, int, int]

_PAGE: Final = 200
# Listings whose count is kept: some hundred bytes each.
_KEPT: Final = 50_000


@dataclass(frozen=True, slots=True)
class Progress:
    """Texts of titles and descriptions in one locale, by what they wait for; each is counted once."""

    locale: str
    done: int = 0
    changed: int = 0
    draft: int = 0
    missing: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return self.done + self.changed + self.draft + self.missing

    @property
    def percent(self) -> int:
        """How much is done, rounded down, so that a hundred is all."""
        return 100 if not self.total else 100 * self.done // self.total

    def with_all(self, other: Progress) -> Progress:
        """Return the progress with that of other listings."""
        return Progress(
            self.locale,
            self.done + other.done,
            self.changed + other.changed,
            self.draft + other.draft,
            self.missing + other.missing,
        )

    def with_rows(self, rows: Iterable[Row]) -> Progress:
        """Return the progress with the main texts of another listing."""
        counts = {name: getattr(self, name) for name in ("done", "changed", "draft", "missing")}
        for row in rows:
            if row.leaf.main:
                counts[what(row)] += 1
        return replace(self, **counts)


def what(row: Row) -> str:
    """Return what a text waits for: ``missing``, ``changed``, ``draft``, or nothing any more (``done``)."""
    if row.freshness == "missing":
        return "missing"
    if row.freshness == "changed":
        return "changed"
    return "done" if row.review == "approved" else "draft"


def progress(services: Services, actor: Actor) -> tuple[Progress, ...]:
    """Return how far the shop is in each of its locales; listings that are read there as they are do not count.

    Whether a text is stale is asked of its source, which no database can do: each listing is counted once and anew only
    when it or a text of it was saved. What was saved is one question for all of them.
    """
    with services.database.reading() as session:
        plan = plan_of(session, actor)
        stamps = _stamps(session, actor)
        key = (str(session.get_bind().engine.url), plan.locales, bool(plan.version))
        counted = _SHELF.get(key, stamps)
        new = sorted(stamps.keys() - counted.keys())
        for start in range(0, len(new), _PAGE):
            counted |= _counted(session, actor, plan, new[start : start + _PAGE])
        _SHELF.put(key, stamps, counted)
    found = {locale: Progress(locale) for locale in plan.locales}
    for rows in counted.values():
        for one in rows:
            found[one.locale] = found[one.locale].with_all(one)
    return tuple(one for one in found.values() if one.total)


def _stamps(session: Session, actor: Actor) -> dict[str, _Stamp]:
    """Return by listing what changes whenever it or a text of it is saved: versions only go up."""
    texts = (
        select(
            StoredTranslation.listing_id,
            func.count().label("count"),
            func.sum(StoredTranslation.version).label("versions"),
        )
        .where(StoredTranslation.seller_id == actor.seller_id)
        .group_by(StoredTranslation.listing_id)
        .subquery()
    )
    query = (
        select(StoredListing.id, StoredListing.version, texts.c.count, texts.c.versions)
        .outerjoin(texts, texts.c.listing_id == StoredListing.id)
        .where(StoredListing.seller_id == actor.seller_id, StoredListing.status != "archived")
    )
    return {id_: (version, count or 0, int(versions or 0)) for id_, version, count, versions in session.execute(query)}


def _counted(session: Session, actor: Actor, plan: Plan, ids: Sequence[str]) -> dict[str, tuple[Progress, ...]]:
    """Return how far some listings are in each locale in which they count, by id."""
    query = select(StoredListing).where(StoredListing.seller_id == actor.seller_id, StoredListing.id.in_(ids))
    page = all_kept(session, session.scalars(query).all())
    texts = _grouped(texts_of(session, actor, [one.id for one in page], plan.locales))
    found = {}
    for one in page:
        rows = []
        for locale in plan.targets(one.listing.language):
            kept = texts.get((one.id, locale), {})
            if kept or not serves(one.listing.language, locale):
                rows.append(Progress(locale).with_rows(rows_of(one.listing, locale, kept)))
        found[one.id] = tuple(rows)
    return found


class _Shelf:
    """What was counted of listings, by who asked for which locales: the last shops', in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[tuple[Hashable, str], tuple[_Stamp, tuple[Progress, ...]]] = OrderedDict()

    def get(self, key: Hashable, stamps: Mapping[str, _Stamp]) -> dict[str, tuple[Progress, ...]]:
        """Return what is still true of listings."""
        with self._lock:
            held = ((id_, stamp, self._found.get((key, id_))) for id_, stamp in stamps.items())
            return {id_: one[1] for id_, stamp, one in held if one is not None and one[0] == stamp}

    def put(self, key: Hashable, stamps: Mapping[str, _Stamp], counted: Mapping[str, tuple[Progress, ...]]) -> None:
        """Keep what was counted, the last asked for longest."""
        with self._lock:
            for id_, rows in counted.items():
                self._found[key, id_] = stamps[id_], rows
                self._found.move_to_end((key, id_))
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)


_SHELF: Final = _Shelf()


def states(services: Services, actor: Actor, kept: Iterable[Kept]) -> dict[str, tuple[Progress, ...]]:
    """Return how far each of some listings is in each of its locales, by their ids."""
    those = list(kept)
    with services.database.reading() as session:
        plan = plan_of(session, actor)
        texts = _grouped(texts_of(session, actor, [one.id for one in those], plan.locales))
    found = {}
    for one in those:
        rows = []
        for locale in plan.targets(one.listing.language):
            here = texts.get((one.id, locale), {})
            rows.append(Progress(locale).with_rows(rows_of(one.listing, locale, here)))
        found[one.id] = tuple(rows)
    return found


def _grouped(texts: Mapping[tuple[str, str, str], Translation]) -> dict[tuple[str, str], dict[str, Translation]]:
    """Return texts by listing and locale, then by path."""
    found: dict[tuple[str, str], dict[str, Translation]] = {}
    for (listing_id, locale, path), one in texts.items():
        found.setdefault((listing_id, locale), {})[path] = one
    return found
