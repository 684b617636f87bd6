"""How far a shop is in each of its markets' languages: what may leave, what waits for a person, what is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from listings.outgoing import serves
from shopkit.models import StoredListing
from shopkit.services.listings import all_kept
from shopkit.services.translation_plans import plan_of
from shopkit.services.translations import rows_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.listings import Kept
    from shopkit.services.translations import Row, Translation

_PAGE: Final = 200


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
    """Return how far the shop is in each of its locales; listings that are read there as they are do not count."""
    with services.database.reading() as session:
        plan = plan_of(session, actor)
        found = {locale: Progress(locale) for locale in plan.locales}
        last = ""
        while True:
            query = select(StoredListing).where(
                StoredListing.seller_id == actor.seller_id,
                StoredListing.id > last,
                StoredListing.status != "archived",
            )
            stored = session.scalars(query.order_by(StoredListing.id).limit(_PAGE)).all()
            if not stored:
                return tuple(one for one in found.values() if one.total)
            last = stored[-1].id
            page = all_kept(session, stored)
            texts = _grouped(texts_of(session, actor, [one.id for one in page], plan.locales))
            for one in page:
                for locale in plan.targets(one.listing.language):
                    kept = texts.get((one.id, locale), {})
                    if kept or not serves(one.listing.language, locale):
                        found[locale] = found[locale].with_rows(rows_of(one.listing, locale, kept))


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
