"""What was printed for customs: each record once, and whether it is still true.

A paper is void when what it says is not what a paper of today would say: an address, a box, a line or the number
changed, or the order ended. The day of posting is not looked at: a parcel may be handed in a day later.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from shopkit.models import PrintedPaper
from shopkit.papers import sheets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from shopkit.papers.declaration import Declaration
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Json = dict[str, Any]
# Said on no paper but the packing list, or of the day alone.
_NOT_SAID: Final = frozenset({"posted_on", "service"})


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper that was printed; ``changed`` names what is not as it says any more, nothing where it is true."""

    kind: str
    service: str
    number: str
    digest: str
    printed_at: datetime
    changed: tuple[str, ...] = ()

    @property
    def is_void(self) -> bool:
        """Whether it may not be used any more."""
        return bool(self.changed)


def note(services: Services, actor: Actor, order_id: str, kind: str, of: Declaration) -> None:
    """Write down that a paper of a declaration was printed; the same again is the same row."""
    text = json.dumps(_said(of, kind), ensure_ascii=False, sort_keys=True)
    given = {
        "seller_id": actor.seller_id,
        "order_id": order_id,
        "kind": kind,
        "service": of.service,
        "number": of.number,
        "digest": hashlib.sha256(text.encode()).hexdigest(),
        "record": text,
        "printed_at": services.now(),
    }
    made = services.database.insert(PrintedPaper).values(**given)
    again = made.on_conflict_do_update(
        index_elements=["order_id", "kind", "digest"], set_={"printed_at": given["printed_at"]}
    )
    with services.database.writing.begin() as session:
        session.execute(again)


def rows(services: Services, actor: Actor, order_id: str) -> list[PrintedPaper]:
    """Return what was printed of an order of the seller's, the last first."""
    query = select(PrintedPaper).where(PrintedPaper.order_id == order_id, PrintedPaper.seller_id == actor.seller_id)
    with services.database.reading() as session:
        return list(session.scalars(query.order_by(PrintedPaper.printed_at.desc(), PrintedPaper.id.desc())))


def judged(row: PrintedPaper, now: Declaration) -> Printed:
    """Return a printed paper with what changed since, by the declaration of now."""
    said, today = json.loads(row.record), _said(now, row.kind)
    changed = tuple(dict.fromkeys(_changed(said, today)))
    return Printed(row.kind, row.service, row.number, row.digest, row.printed_at, changed)


def _said(of: Declaration, kind: str) -> Json:
    """Return what a paper says of a declaration, and whether its order ended."""
    found = {name: value for name, value in sheets.data(of).items() if name not in _NOT_SAID}
    if kind != "packing-list":
        for line in found["lines"]:
            del line["packed"]
    return found | {"ended": of.is_closed}


def _changed(was: Json, is_now: Json) -> Iterator[str]:
    """Yield the places that differ, as findings name them: a whole line where any of it does."""
    for name in {**was, **is_now}:
        before, after = was.get(name), is_now.get(name)
        if before == after:
            continue
        if name == "lines" and isinstance(before, list) and isinstance(after, list):
            if len(before) != len(after):
                yield "lines"
            yield from (
                f"lines/{place}"
                for place, (one, other) in enumerate(zip(before, after, strict=False), 1)
                if one != other
            )
        elif isinstance(before, dict) and isinstance(after, dict):
            within = (part for part in {**before, **after} if before.get(part) != after.get(part))
            yield from within if name == "details" else (f"{name}/{part}" for part in within)
        else:
            yield name
