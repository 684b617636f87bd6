"""What helps whoever writes a text: wordings the shop used before, and what things are called in the market."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from listings.texts import base, territory
from shopkit.models import MemoryUnit
from shopkit.services.checking import terms_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from sqlalchemy.orm import Session

    from listings.model import Listing
    from shopkit.services.actors import Actor
    from shopkit.services.translations import Row
    from translations.memory import Match, Memory, Unit
    from translations.terms import TermHit

# Laying a memory out takes a second for a hundred thousand units: those last asked are kept, until one changes.
_KEPT: Final = 16


class _Shelf:
    """The last memories, each with what it was made of."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, tuple[object, Memory]] = OrderedDict()

    def get(self, key: Hashable, stamp: object) -> Memory | None:
        with self._lock:
            held = self._found.get(key)
            if held is None or held[0] != stamp:
                return None
            self._found.move_to_end(key)
            return held[1]

    def put(self, key: Hashable, stamp: object, memory: Memory) -> None:
        with self._lock:
            self._found[key] = stamp, memory
            self._found.move_to_end(key)
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)


_SHELF: Final = _Shelf()


@dataclass(frozen=True, slots=True)
class Help:
    """What helps with one text."""

    matches: tuple[Match, ...]
    terms: tuple[TermHit, ...]


def helps(session: Session, actor: Actor, listing: Listing, rows: Sequence[Row], locale: str) -> dict[str, Help]:
    """Return what helps with each of a listing's texts in a locale, by path; the wording it has already is no help."""
    # Here and below: the memory brings measures of nearness that most processes never take.
    from translations.memory import Context  # noqa: PLC0415

    memory = memory_of(session, actor, listing.language, locale)
    terms = terms_of(session, actor)
    found = {}
    for row in rows:
        context = Context(row.leaf.field, listing.category, territory(locale) or "")
        matches = memory.look_up(row.leaf.text, listing.language, locale, context)
        hits = terms.find(row.leaf.text, listing.language, locale) if base(locale) != base(listing.language) else ()
        found[row.leaf.path] = Help(tuple(one for one in matches if one.text != row.text), hits)
    return found


def memory_of(session: Session, actor: Actor, source: str, target: str) -> Memory:
    """Return what a shop said before, from one language to another; what was withdrawn is there as such."""
    mine = (
        MemoryUnit.seller_id == actor.seller_id,
        MemoryUnit.source_locale.startswith(base(source)),
        MemoryUnit.target_locale.startswith(base(target)),
    )
    newest = select(func.count(), func.max(MemoryUnit.id), func.max(MemoryUnit.withdrawn_at), func.max(MemoryUnit.at))
    stamp = tuple(session.execute(newest.where(*mine)).one())
    key = (str(session.get_bind().engine.url), actor.seller_id, base(source), base(target))
    known = _SHELF.get(key, stamp)
    if known is not None:
        return known
    from translations.memory import Memory  # noqa: PLC0415  # as above

    memory = Memory(unit_of(one) for one in session.scalars(select(MemoryUnit).where(*mine).order_by(MemoryUnit.id)))
    _SHELF.put(key, stamp, memory)
    return memory


def unit_of(one: MemoryUnit) -> Unit:
    """Return a kept unit as the memory takes it."""
    from translations.memory import Context, Unit  # noqa: PLC0415  # as above

    return Unit(
        str(one.id),
        one.source,
        one.target,
        one.source_locale,
        one.target_locale,
        Context(one.context.get("path", ""), one.context.get("category", ""), territory(one.target_locale) or ""),
        "superseded" if one.withdrawn_at is not None else "approved" if one.approved else "draft",
        written=one.withdrawn_at or one.at,
    )
