"""An import under way: batch by batch, each in a transaction of its own together with how far it is.

A process that is killed leaves whole batches behind and the place where to go on; another takes the import over when
the first is gone, and begins there. One import of a shop runs at a time. Taking one back works the same way.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError
from pydantic_core import to_json
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from listings.changes import Change, ConflictError, applied
from listings.formats.port import FileRefusedError, Problem
from listings.formats.reading import opened
from listings.model import Listing
from shopkit.models import ListingChange, ListingImport, Seller, StoredListing, StoredVariant
from shopkit.services import audit
from shopkit.services.formats import formats
from shopkit.services.holding import in_background, is_holding, let_go, take_up
from shopkit.services.imports import BATCH, MAX_PROBLEMS, batches, file_of, kept, own
from shopkit.services.judging import judged, sku_taken
from shopkit.services.listings import TakenError, all_kept, document_of, insert, update
from shopkit.services.photos import UnknownPhotoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.imports import Import
    from shopkit.services.judging import Verdict

    Progress = Callable[[int, int], None]

_RUNNING: Final = "running"
_UNDOING: Final = "undoing"
_UNDER_WAY: Final = (_RUNNING, _UNDOING)
_ENDS: Final = {_RUNNING: "done", _UNDOING: "undone"}
_BEFORE: Final = {
    _RUNNING: ("previewed", "running", "failed"),
    _UNDOING: ("running", "done", "failed", "undoing"),
}
_LOG: Final = logging.getLogger(__name__)


class BusyError(Exception):
    """Another import of the shop is under way: ``other`` is its id, ``is_alive`` whether somebody is at work on it."""

    def __init__(self, other: str, *, is_alive: bool) -> None:
        self.other = other
        self.is_alive = is_alive
        super().__init__(other)


class StateError(Exception):
    """An import that cannot do this any more; ``state`` is what it is."""

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(state)


class LostError(Exception):
    """Another process took the import over."""


def is_alive(services: Services, found: Import) -> bool:
    """Return whether somebody is at work on an import; a process of this machine is asked for itself."""
    return is_holding(found.holder, found.beat_at, services.now())


def run(services: Services, actor: Actor, import_id: str, progress: Progress | None = None) -> Import:
    """Import a kept file from where it is to its end, and return what came of it; one that is done stays as it is.

    Raises ``BusyError``, ``StateError`` for one that was taken back, ``LostError``, and ``ForbiddenError``.
    """
    return _act(services, actor, _take(services, actor, import_id, _RUNNING), progress or _silent)


def undo(services: Services, actor: Actor, import_id: str, progress: Progress | None = None) -> Import:
    """Take back everything an import did but what was changed since, which is told, and return what came of it.

    A listing it made is gone, unless somebody changed it. Raises what :func:`run` raises.
    """
    return _act(services, actor, _take(services, actor, import_id, _UNDOING), progress or _silent)


def start(services: Services, actor: Actor, import_id: str, *, back: bool = False) -> Import:
    """Do what :func:`run` does, or :func:`undo`, in a thread of this process, and return at once.

    That it may is settled before: what they raise at the beginning is raised here. A thread that dies with its process,
    or of an error, leaves an import that can be gone on with.
    """
    taken = _take(services, actor, import_id, _UNDOING if back else _RUNNING)
    if taken.holder is not None:
        in_background(f"import {import_id}", partial(_act, services, actor, taken, _silent), _LOG)
    return taken.found


def _act(services: Services, actor: Actor, taken: _Taken, progress: Progress) -> Import:
    if taken.holder is None:
        return taken.found
    work = _take_back if taken.found.state == "undoing" else _bring_in
    try:
        return work(services, actor, taken.found, taken.holder, progress)
    finally:
        with services.database.writing.begin() as session:
            let_go(own(session, actor, taken.found.id, lock=True), taken.holder)


def _bring_in(services: Services, actor: Actor, found: Import, holder: str, progress: Progress) -> Import:
    with services.database.reading() as session:
        path = file_of(services, own(session, actor, found.id))
    options, blank = found.choices.options, found.choices.blank
    try:
        with path.open("rb") as file, opened(file, formats(), name=found.format, options=options) as reading:
            _begin(services, actor, found.id, holder, reading.total, reading.notes)
            for batch in batches(reading.drafts(found.cursor)):
                with services.database.writing.begin() as session:
                    row = _mine(session, actor, found.id, holder)
                    verdicts = judged(session, actor, batch, blank)
                    _count(row, [_done(session, services, actor, row.id, one) for one in verdicts])
                    row.cursor += len(batch)
                    row.beat_at = services.now()
                    done = row.cursor
                progress(done, reading.total)
                services.database.give_way()
    except FileRefusedError as error:
        return _finish(services, actor, found.id, holder, "failed", [error.problem])
    return _finish(services, actor, found.id, holder, "done")


def _take_back(services: Services, actor: Actor, found: Import, holder: str, progress: Progress) -> Import:
    total = sum(found.counts.get(name, 0) for name in ("created", "changed"))
    last, done = "", 0
    while True:
        with services.database.writing.begin() as session:
            row = _mine(session, actor, found.id, holder)
            ids = _touched(session, actor, found.id, last)
            told = [_taken_back(session, services, actor, found.id, one) for one in ids]
            row.counts = _summed(row.counts, (what for what, _ in told if what))
            row.problems = _more(row.problems, (one for _, problems in told for one in problems))
            row.beat_at = services.now()
        if not ids:
            return _finish(services, actor, found.id, holder, "undone")
        last, done = ids[-1], done + len(ids)
        progress(min(done, total), total)
        services.database.give_way()


def _silent(_done: int, _total: int) -> None:
    """Tell nobody."""


# -- who is at work ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Taken:
    """An import and who holds it now; nobody where there is nothing left to do."""

    found: Import
    holder: str | None


def _take(services: Services, actor: Actor, import_id: str, state: str) -> _Taken:
    """Take an import to do what the state says; it is let go when that is over, whatever happens."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        # The row of the shop is what two imports of it wait for.
        session.scalars(select(Seller.id).where(Seller.id == actor.seller_id).with_for_update()).one_or_none()
        row = own(session, actor, import_id, lock=True)
        _check_free(session, services, actor, row)
        if row.state == _ENDS[state]:
            return _Taken(kept(row), None)
        if row.state not in _BEFORE[state] or not row.format:
            raise StateError(row.state)
        holder = take_up(row, state, services.now())
        return _Taken(kept(row), holder)


def _check_free(session: Session, services: Services, actor: Actor, row: ListingImport) -> None:
    query = select(ListingImport).where(ListingImport.seller_id == actor.seller_id, ListingImport.state.in_(_UNDER_WAY))
    for other in session.scalars(query):
        alive = is_holding(other.holder, other.beat_at, services.now())
        if other.id != row.id or alive:
            raise BusyError(other.id, is_alive=alive)


def _mine(session: Session, actor: Actor, import_id: str, holder: str) -> ListingImport:
    row = own(session, actor, import_id, lock=True)
    if row.holder != holder:
        raise LostError(import_id)
    return row


def _begin(services: Services, actor: Actor, import_id: str, holder: str, total: int, notes: Iterable[Problem]) -> None:
    with services.database.writing.begin() as session:
        row = _mine(session, actor, import_id, holder)
        if row.cursor == 0:
            row.counts, row.problems = {}, _more([], notes)
        row.total, row.beat_at = total, services.now()


def _finish(
    services: Services, actor: Actor, import_id: str, holder: str, state: str, problems: Iterable[Problem] = ()
) -> Import:
    with services.database.writing.begin() as session:
        row = _mine(session, actor, import_id, holder)
        row.state, row.finished_at, row.holder = state, services.now(), None
        row.problems = _more(row.problems, problems)
        audit.note(session, actor, services.now(), f"import.{state}", import_id, file=row.file_name, **row.counts)
        found, path = kept(row), file_of(services, row)
    if state != "failed":
        # Nothing goes on with it any more.
        path.unlink(missing_ok=True)
    return found


# -- one listing ------------------------------------------------------------------------------------------------------
def _done(
    session: Session, services: Services, actor: Actor, import_id: str, verdict: Verdict
) -> tuple[str, tuple[Problem, ...]]:
    """Do what was judged, and return what came of it; what another editor took meanwhile leaves the listing out."""
    if verdict.listing is None or verdict.what in {"wrong", "same"}:
        return verdict.what, verdict.problems
    via = f"import:{import_id}"
    try:
        with session.begin_nested():
            if verdict.row is None:
                insert(session, actor, verdict.listing, services.now(), via=via)
            else:
                update(session, actor, verdict.row, verdict.listing, services.now(), via=via)
    except TakenError as error:
        taken = [sku_taken(verdict.draft, name) for name in error.names] if error.field == "sku" else [_twice(verdict)]
        return "wrong", (*verdict.problems, *taken)
    except UnknownPhotoError:
        row, column = verdict.draft.places.get("photos", (verdict.draft.rows[0], None))
        return "wrong", (*verdict.problems, Problem("photo_unknown", row, column))
    return verdict.what, verdict.problems


def _twice(verdict: Verdict) -> Problem:
    row, column = verdict.draft.places.get("key", (verdict.draft.rows[0], None))
    return Problem("key_twice", row, column, {"key": verdict.draft.key, "first": "?"})


def _touched(session: Session, actor: Actor, import_id: str, last: str) -> list[str]:
    query = select(ListingChange.listing_id).where(
        ListingChange.seller_id == actor.seller_id,
        ListingChange.via == f"import:{import_id}",
        ListingChange.listing_id > last,
    )
    return list(session.scalars(query.distinct().order_by(ListingChange.listing_id).limit(BATCH)))


def _taken_back(
    session: Session, services: Services, actor: Actor, import_id: str, listing_id: str
) -> tuple[str, tuple[Problem, ...]]:
    """Take back what an import did to a listing, and return what came of it and what stays as it is.

    ``removed``, ``restored``, ``left``, or nothing where that was done before.
    """
    query = select(StoredListing).where(StoredListing.id == listing_id, StoredListing.seller_id == actor.seller_id)
    row = session.scalars(query.with_for_update()).one()
    changes = session.scalars(
        select(ListingChange).where(ListingChange.listing_id == listing_id).order_by(ListingChange.id)
    ).all()
    via, back = f"import:{import_id}", f"undo-import:{import_id}"
    if any(one.via == back for one in changes):
        return "", ()
    mine = [one for one in changes if one.via == via]
    since = [one for one in changes if one.id > mine[0].id and one.via != via]
    if mine[0].version == 1:
        if since or not _removed(session, row):
            paths = [tuple(Change.of(change).path) for one in since for change in one.changes]
            return "left", (_changed_since(row.key, paths),)
        return "removed", ()
    (now,) = all_kept(session, [row])
    before = document_of(now.listing)
    inverses = [Change.of(change).inverse for one in reversed(mine) for change in reversed(one.changes)]
    stays: tuple[tuple[str, ...], ...] = ()
    try:
        found = applied(before, inverses)
    except ConflictError as error:
        stays = error.paths
        found = applied(before, [one for one in inverses if one.path not in stays])
    problems = (_changed_since(row.key, stays),) if stays else ()
    try:
        with session.begin_nested():
            listing = Listing.model_validate_json(to_json(found))
            update(session, actor, row, listing, services.now(), via=back)
    except (ValidationError, TakenError, UnknownPhotoError, ConflictError):
        return "left", (_changed_since(row.key, [one.path for one in inverses]),)
    return "restored", problems


def _removed(session: Session, row: StoredListing) -> bool:
    """Remove a listing that nobody touched, unless something else of the shop rests on it."""
    try:
        with session.begin_nested():
            session.execute(delete(StoredVariant).where(StoredVariant.listing_id == row.id))
            session.execute(delete(ListingChange).where(ListingChange.listing_id == row.id))
            session.execute(delete(StoredListing).where(StoredListing.id == row.id))
    except IntegrityError:
        return False
    session.expunge(row)
    return True


def _changed_since(key: str, paths: Iterable[tuple[str, ...]]) -> Problem:
    fields = ", ".join(dict.fromkeys(path[0] for path in paths)) or "…"
    return Problem("changed_since", values={"key": key, "fields": fields}, is_note=True)


# -- what is told -----------------------------------------------------------------------------------------------------
def _count(row: ListingImport, outcomes: Iterable[tuple[str, tuple[Problem, ...]]]) -> None:
    outcomes = list(outcomes)
    row.counts = _summed(row.counts, (what for what, _ in outcomes))
    row.problems = _more(row.problems, (one for _, problems in outcomes for one in problems))


def _summed(counts: dict[str, int], more: Iterable[str]) -> dict[str, int]:
    found = dict(counts)
    for what in more:
        found[what] = found.get(what, 0) + 1
    return found


def _more(problems: list[dict[str, object]], more: Iterable[Problem]) -> list[dict[str, object]]:
    found = list(problems)
    for one in more:
        if len(found) >= MAX_PROBLEMS and not one.is_note:
            note = next((at for at, other in enumerate(found) if other["is_note"]), None)
            if note is not None:
                del found[note]
        if len(found) < MAX_PROBLEMS:
            found.append(one.to_dict())
    return found
