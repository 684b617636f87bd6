"""Drafting many texts at once: batch by batch, gone on with where it stopped, never over what a person wrote.

A run goes listing by listing. Each listing's drafts are kept in a transaction of their own together with how far the
run is, so that a process that dies in the middle loses nothing and does nothing twice. A text that is there already is
left alone, unless it is a draft of a machine whose source changed. What an engine refuses is counted and told; nothing
is marked done that is not.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from sqlalchemy import select

from shopkit.models import DraftRun, Seller, StoredListing
from shopkit.services import audit
from shopkit.services.holding import first_held, in_background, is_holding, let_go, take_up
from shopkit.services.listings import ListingNotFoundError, all_kept
from shopkit.services.tokens import new_id
from shopkit.services.translations import (
    LockedError,
    Row,
    SourceChangedError,
    TextChangedError,
    Written,
    put,
    rows_of,
    texts_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from listings.model import Listing
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from translations.states import Origin

MAX_LISTINGS: Final = 10_000
MAX_PROBLEMS: Final = 200
_OF_MACHINES: Final = frozenset({"engine", "memory", "table"})
_UNDER_WAY: Final = ("waiting", "running")
_LOG: Final = logging.getLogger(__name__)


class RunNotFoundError(ListingNotFoundError):
    """There is no such run, or it is another seller's."""


class RunBusyError(Exception):
    """Somebody is at work on a run of the shop already; ``other`` is its id."""

    def __init__(self, other: str) -> None:
        self.other = other
        super().__init__(other)


@dataclass(frozen=True, slots=True)
class Drafted:
    """What came of one text: a draft with where it is from, or why there is none (``problem``, a word of ours)."""

    path: str
    text: str | None
    origin: Origin | None = None
    problem: str = ""


class Drafter(Protocol):
    """Whoever drafts: memory first, then the engines that are configured."""

    def __call__(self, listing: Listing, rows: Sequence[Row], locale: str) -> Iterable[Drafted]:
        """Return what came of each of the rows, in any order; one that is not answered counts as refused."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """How far a run is and what came of it."""

    id: str
    locales: tuple[str, ...]
    state: str
    cursor: int
    total: int
    counts: dict[str, int]
    problems: tuple[dict[str, str], ...]
    created_at: datetime
    finished_at: datetime | None
    holder: str | None
    beat_at: datetime | None


def create(services: Services, actor: Actor, locales: Iterable[str], listing_ids: Iterable[str] | None = None) -> Run:
    """Keep what is to be drafted: these listings, or all that are not archived; in these locales.

    Raises ``ListingNotFoundError`` where one of them is not the seller's.
    """
    actor.must("editor")
    now = services.now()
    with services.database.writing.begin() as session:
        mine = select(StoredListing.id).where(StoredListing.seller_id == actor.seller_id)
        if listing_ids is None:
            wanted = list(session.scalars(mine.where(StoredListing.status != "archived").order_by(StoredListing.id)))
        else:
            wanted = list(dict.fromkeys(listing_ids))
            there = set(session.scalars(mine.where(StoredListing.id.in_(wanted))))
            for one in wanted:
                if one not in there:
                    raise ListingNotFoundError(one)
        stored = DraftRun(
            id=new_id("d", now),
            seller_id=actor.seller_id,
            created_at=now,
            user_id=actor.user_id,
            locales=list(dict.fromkeys(locales)),
            listing_ids=wanted[:MAX_LISTINGS],
            state="waiting",
            cursor=0,
            counts={},
            problems=[],
        )
        session.add(stored)
        return _run(stored)


def get_run(services: Services, actor: Actor, run_id: str) -> Run:
    """Return a run of the seller's; ``RunNotFoundError``."""
    with services.database.reading() as session:
        return _run(_own(session, actor, run_id))


def last_runs(services: Services, actor: Actor, most: int = 5) -> tuple[Run, ...]:
    """Return the last runs, the newest first."""
    query = (
        select(DraftRun).where(DraftRun.seller_id == actor.seller_id).order_by(DraftRun.created_at.desc()).limit(most)
    )
    with services.database.reading() as session:
        return tuple(_run(one) for one in session.scalars(query))


def is_alive(services: Services, found: Run) -> bool:
    """Return whether somebody is at work on a run."""
    return is_holding(found.holder, found.beat_at, services.now())


def run(services: Services, actor: Actor, run_id: str, drafter: Drafter) -> Run:
    """Draft from where the run is to its end and return what came of it; one that is over stays as it is.

    Raises ``RunBusyError``, ``RunNotFoundError``, ``ForbiddenError``.
    """
    holder = _take(services, actor, run_id)
    if holder is not None:
        _work(services, actor, run_id, holder, drafter)
    return get_run(services, actor, run_id)


def start(services: Services, actor: Actor, run_id: str, drafter: Drafter) -> Run:
    """Do what :func:`run` does in a thread of this process, and return at once."""
    holder = _take(services, actor, run_id)
    if holder is not None:
        in_background(f"drafts {run_id}", partial(_work, services, actor, run_id, holder, drafter), _LOG)
    return get_run(services, actor, run_id)


def stop(services: Services, actor: Actor, run_id: str) -> Run:
    """Stop a run after the listing it is at; it can be gone on with."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        stored = _own(session, actor, run_id, lock=True)
        if stored.state in _UNDER_WAY:
            stored.state, stored.holder = "stopped", None
        return _run(stored)


def _take(services: Services, actor: Actor, run_id: str) -> str | None:
    """Take a run up and return the name of who did; nothing where there is nothing left to do."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        # The row of the shop is what two runs of it wait for.
        session.scalars(select(Seller.id).where(Seller.id == actor.seller_id).with_for_update()).one_or_none()
        stored = _own(session, actor, run_id, lock=True)
        if stored.state == "done":
            return None
        running = select(DraftRun).where(DraftRun.seller_id == actor.seller_id, DraftRun.state == "running")
        if (other := first_held(session.scalars(running), services.now())) is not None:
            raise RunBusyError(other.id)
        return take_up(stored, "running", services.now())


def _work(services: Services, actor: Actor, run_id: str, holder: str, drafter: Drafter) -> None:
    by_run = type(actor)(actor.seller_id, actor.role, actor.user_id, f"draft:{run_id}", actor.address)
    try:
        while _one(services, by_run, run_id, holder, drafter):
            pass
    finally:
        with services.database.writing.begin() as session:
            let_go(_own(session, actor, run_id, lock=True), holder)


def _one(services: Services, actor: Actor, run_id: str, holder: str, drafter: Drafter) -> bool:
    """Draft the texts of the next listing, and return whether there is another."""
    with services.database.reading() as session:
        stored = _own(session, actor, run_id)
        if stored.holder != holder:
            return False
        wanted = stored.listing_ids[stored.cursor : stored.cursor + 1]
        todo = [(locale, _todo(session, actor, one, locale)) for one in wanted for locale in stored.locales]
    if not wanted:
        _finish(services, actor, run_id, holder)
        return False
    # Engines are slow: no transaction is open while they work.
    drafted = [
        (locale, rows, list(drafter(listing, rows, locale)))
        for locale, found in todo
        if found
        for listing, rows in [found]
    ]
    with services.database.writing.begin() as session:
        stored = _own(session, actor, run_id, lock=True)
        if stored.holder != holder:
            return False
        outcomes: list[tuple[str, str]] = []
        for locale, rows, answers in drafted:
            outcomes += _kept_all(session, services.now, actor, wanted[0], locale, rows, answers)
        stored.counts = _summed(stored.counts, (what for what, _ in outcomes))
        problems = [{"listing": wanted[0], "problem": problem} for what, problem in outcomes if what == "refused"]
        stored.problems = [*stored.problems, *problems][:MAX_PROBLEMS]
        stored.cursor += 1
        stored.beat_at = services.now()
    return True


def _todo(session: Session, actor: Actor, listing_id: str, locale: str) -> tuple[Listing, list[Row]] | None:
    """Return a listing and what of it is to be drafted in a locale; nothing where it is gone or there is nothing."""
    query = select(StoredListing).where(StoredListing.id == listing_id, StoredListing.seller_id == actor.seller_id)
    stored = session.scalars(query).one_or_none()
    if stored is None:
        return None
    (kept,) = all_kept(session, [stored])
    if kept.listing.language == locale:
        return None
    texts = {path: one for (_, _, path), one in texts_of(session, actor, [listing_id], [locale]).items()}
    rows = [row for row in rows_of(kept.listing, locale, texts) if _is_wanted(row)]
    return (kept.listing, rows) if rows else None


def _is_wanted(row: Row) -> bool:
    """Whether a machine may draft a text: it is missing, or a machine's draft of what the source no longer is."""
    if row.said is not None or (row.kept is not None and row.kept.locked):
        return False
    if row.freshness == "missing" or row.kept is None:
        return True
    return row.freshness == "changed" and row.kept.review == "draft" and row.kept.origin.kind in _OF_MACHINES


def _kept_all(
    session: Session,
    now: Callable[[], datetime],
    actor: Actor,
    listing_id: str,
    locale: str,
    rows: Sequence[Row],
    answers: Iterable[Drafted],
) -> list[tuple[str, str]]:
    """Keep the drafts of a listing in a locale, and return what came of each text and why."""
    by_path = {one.path: one for one in answers}
    found = []
    for row in rows:
        one = by_path.get(row.leaf.path)
        if one is None or not one.text or one.origin is None:
            found.append(("refused", "unanswered" if one is None else one.problem or "empty"))
            continue
        written = Written(row.leaf.path, one.text, row.digest, row.version, one.origin)
        try:
            with session.begin_nested():
                put(session, now(), actor, listing_id, locale, written)
        except (SourceChangedError, TextChangedError, LockedError, ListingNotFoundError):
            # Somebody was quicker than the engine: theirs stands.
            found.append(("left", ""))
        else:
            found.append(("drafted", ""))
    return found


def _finish(services: Services, actor: Actor, run_id: str, holder: str) -> None:
    with services.database.writing.begin() as session:
        stored = _own(session, actor, run_id, lock=True)
        if stored.holder == holder:
            stored.state, stored.holder, stored.finished_at = "done", None, services.now()
            audit.note(session, actor, services.now(), "drafts.done", run_id, **stored.counts)


def _own(session: Session, actor: Actor, run_id: str, *, lock: bool = False) -> DraftRun:
    query = select(DraftRun).where(DraftRun.id == run_id, DraftRun.seller_id == actor.seller_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise RunNotFoundError(run_id)
    return found


def _summed(counts: dict[str, int], more: Iterable[str]) -> dict[str, int]:
    found = dict(counts)
    for what in more:
        found[what] = found.get(what, 0) + 1
    return found


def _run(stored: DraftRun) -> Run:
    return Run(
        stored.id,
        tuple(stored.locales),
        stored.state,
        stored.cursor,
        len(stored.listing_ids),
        dict(stored.counts),
        tuple(stored.problems),
        stored.created_at,
        stored.finished_at,
        stored.holder,
        stored.beat_at,
    )
