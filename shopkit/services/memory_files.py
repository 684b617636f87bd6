"""A shop's memory as a file (TMX, XLIFF, PO or a table) and back: what others hold of its wordings comes along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, Literal

from sqlalchemy import select

from shopkit.models import MemoryUnit, Seller
from shopkit.services import audit
from shopkit.services.suggesting import unit_of
from translations.exchange import po, spreadsheet, tmx, xliff
from translations.exchange.errors import ExchangeError
from translations.freshness import digest, normalised
from translations.locales import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from translations.memory import Unit

Format = Literal["tmx", "csv", "xliff-1.2", "xliff-2.0", "po"]
FORMATS: Final[tuple[Format, ...]] = ("tmx", "csv", "xliff-1.2", "xliff-2.0", "po")
MAX_UNITS: Final = 200_000
_AT_ONCE: Final = 500


class TooManyUnitsError(Exception):
    """A memory holds no more than ``MAX_UNITS``."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a file: how many units are new, how many were known, how many are of languages we do not write."""

    new: int
    same: int
    strange: int


def write(
    services: Services,
    actor: Actor,
    name: Format,
    out: IO[str],
    *,
    source: str | None = None,
    target: str | None = None,
) -> int:
    """Write the wordings that stand, approved ones and those of files, and return how many.

    ``source`` and ``target`` leave other languages out: XLIFF 2.0 holds one pair of them, PO one to translate into.
    Raises ``ExchangeError`` where there are more, or a text that the format cannot hold.
    """
    with services.database.reading() as session:
        units = [
            one
            for one in _standing(session, actor)
            if source in {None, one.source_locale} and target in {None, one.target_locale}
        ]
    if name == "tmx":
        tmx.write(out, map(tmx.entry, units), source_locale=units[0].source_locale if units else "es")
    elif name == "csv":
        out.write(spreadsheet.text(units))
    elif name == "po":
        out.write(po.text(po.of_units(units)))
    else:
        out.write(xliff.of_units(units, "1.2" if name == "xliff-1.2" else "2.0").text())
    return len(units)


def read(services: Services, actor: Actor, name: Format, file: IO[bytes], *, source: str = "") -> Taken:
    """Take a file's units into the memory, whole or not at all; one that is there already is left as it is.

    ``source`` is the language of a PO file's sources, which the format itself does not say.

    Raises ``ExchangeError`` for what cannot be read, ``TooManyUnitsError`` and ``ForbiddenError``.
    """
    actor.must("editor")
    units = _units(name, file, source)
    now = services.now()
    with services.database.writing.begin() as session:
        session.get_one(Seller, actor.seller_id, with_for_update=True)
        there = {_key(one) for one in _standing(session, actor)}
        wanted = [one for one in units if known(one.source_locale) and known(one.target_locale)]
        fresh = {_key(one): one for one in wanted if one.status in {"approved", "draft"} and _key(one) not in there}
        if len(there) + len(fresh) > MAX_UNITS:
            raise TooManyUnitsError
        session.add_all(
            MemoryUnit(
                seller_id=actor.seller_id,
                source_locale=one.source_locale,
                target_locale=one.target_locale,
                source_digest=digest(one.source),
                source=normalised(one.source),
                target=normalised(one.target),
                context={"path": one.context.field, "category": one.context.category, "file": True},
                approved=one.status == "approved",
                at=one.written or now,
            )
            for one in fresh.values()
        )
        audit.note(session, actor, now, "memory.imported", "", new=len(fresh))
    return Taken(len(fresh), len(wanted) - len(fresh), len(units) - len(wanted))


def _units(name: Format, file: IO[bytes], source: str) -> list[Unit]:
    if name == "tmx":
        return list(tmx.units(file))
    if name == "csv":
        return list(spreadsheet.read(file.read(spreadsheet.MOST_BYTES + 1)).units)
    if name != "po":
        return list(xliff.read(file).units())
    units = po.units(po.read(file.read(po.MOST_BYTES + 1)), source)
    if any(not one.source_locale for one in units):
        raise ExchangeError("content", "", "a PO file does not say the language of its sources; name it with --from")
    return list(units)


def _standing(session: Session, actor: Actor) -> Iterator[Unit]:
    query = select(MemoryUnit).where(MemoryUnit.seller_id == actor.seller_id, MemoryUnit.withdrawn_at.is_(None))
    rows: Iterable[MemoryUnit] = session.scalars(query.order_by(MemoryUnit.id).execution_options(yield_per=_AT_ONCE))
    for one in rows:
        yield unit_of(one)


def _key(one: Unit) -> tuple[str, str, str, str]:
    return one.source_locale, one.target_locale, normalised(one.source), normalised(one.target)
