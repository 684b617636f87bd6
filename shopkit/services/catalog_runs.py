"""A catalog's run: listings in batches, each in a transaction with how far it is, then the file written at once.

A process that is killed leaves whole batches behind and the place to go on; another takes the run over. The rows of all
listings are kept in the channel's words, so that the file is written from them alone: the same bytes, whoever got how
far. A listing whose rows rest on the same as before is not reckoned again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, insert, select

from listings.channels.checking import Once
from listings.channels.port import Finding
from shopkit.models import CatalogChange, CatalogFeed, CatalogListing, CatalogRun, Seller, StoredListing
from shopkit.services import audit
from shopkit.services.catalog_diffs import changes_of
from shopkit.services.catalog_files import folder_of, path_of, prune, write
from shopkit.services.catalog_rows import Desk
from shopkit.services.catalogs import FeedNotFoundError, format_of, kept, own
from shopkit.services.holding import first_held, in_background, is_holding, let_go, take_up
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from listings.channels.port import Record
    from shopkit.services.actors import Actor
    from shopkit.services.catalog_rows import Made, State
    from shopkit.services.catalogs import Kept
    from shopkit.services.context import Services

    Progress = Callable[[int, int], None]

BATCH: Final = 500
MOST_VARIANTS: Final = 2_000
MAX_PROBLEMS: Final = 500
MAX_CHANGES: Final = 20_000
_PAGE: Final = 200
_UNDER_WAY: Final = ("waiting", "running")
_LOG: Final = logging.getLogger(__name__)


class RunNotFoundError(FeedNotFoundError):
    """There is no such run, or it is another seller's."""


class RunBusyError(Exception):
    """Somebody is at work on the catalog already; ``other`` is the run."""

    def __init__(self, other: str) -> None:
        self.other = other
        super().__init__(other)


class RunLostError(Exception):
    """Another process took the run over, or somebody stopped it."""


class StoppedError(Exception):
    """A row that cannot leave, where the seller chose that it stops the run; ``finding`` says why."""

    def __init__(self, key: str, finding: Finding) -> None:
        self.key = key
        self.finding = finding
        super().__init__(finding.rule)


@dataclass(frozen=True, slots=True)
class Run:
    """How far a run is and what came of it."""

    id: str
    feed_id: str
    is_dry: bool
    is_first: bool
    state: str
    done: int
    total: int
    counts: Mapping[str, int]
    problems: tuple[Finding, ...]
    rests_on: Mapping[str, str]
    digest: str | None
    size: int | None
    created_at: datetime
    finished_at: datetime | None
    holder: str | None
    beat_at: datetime | None


def create(services: Services, actor: Actor, feed_id: str, *, is_dry: bool = False) -> Run:
    """Keep that a catalog is to be made; a run of it that was not finished is returned instead, to be gone on with."""
    actor.must("editor")
    now = services.now()
    with services.database.writing.begin() as session:
        found = own(session, actor, feed_id, lock=True)
        query = select(CatalogRun).where(
            CatalogRun.feed_id == feed_id, CatalogRun.is_dry.is_(is_dry), CatalogRun.state.in_(_UNDER_WAY)
        )
        left = session.scalars(query.order_by(CatalogRun.created_at)).first()
        if left is not None:
            return _run(left)
        active = select(func.count()).select_from(StoredListing).where(*_active(actor))
        stored = CatalogRun(
            id=new_id("cr", now),
            seller_id=actor.seller_id,
            feed_id=feed_id,
            created_at=now,
            user_id=actor.user_id,
            is_dry=is_dry,
            is_first=found.run_id is None,
            state="waiting",
            cursor="",
            done=0,
            total=session.scalar(active) or 0,
            counts={},
            problems=[],
            rests_on={},
        )
        session.add(stored)
        session.flush()
        return _run(stored)


def get_run(services: Services, actor: Actor, run_id: str) -> Run:
    """Return a run of the seller's; ``RunNotFoundError``."""
    with services.database.reading() as session:
        return _run(_own(session, actor, run_id))


def runs_of(services: Services, actor: Actor, feed_id: str, most: int = 20) -> tuple[Run, ...]:
    """Return the last runs of a catalog, the newest first; ``FeedNotFoundError``."""
    with services.database.reading() as session:
        own(session, actor, feed_id)
        query = select(CatalogRun).where(CatalogRun.feed_id == feed_id, CatalogRun.seller_id == actor.seller_id)
        rows = session.scalars(query.order_by(CatalogRun.created_at.desc(), CatalogRun.id.desc()).limit(most))
        return tuple(_run(one) for one in rows)


def is_alive(services: Services, found: Run) -> bool:
    """Return whether somebody is at work on a run."""
    return is_holding(found.holder, found.beat_at, services.now())


def run(services: Services, actor: Actor, run_id: str, progress: Progress | None = None) -> Run:
    """Make a catalog from where its run is to the end; one that is over stays as it is.

    Raises ``RunBusyError``, ``RunNotFoundError``, ``ForbiddenError``.
    """
    holder = _take(services, actor, run_id)
    if holder is not None:
        _Work(services, actor, run_id, holder, progress).go()
    return get_run(services, actor, run_id)


def start(services: Services, actor: Actor, run_id: str) -> Run:
    """Do what :func:`run` does in a thread of this process, and return at once."""
    holder = _take(services, actor, run_id)
    if holder is not None:
        in_background(f"catalog {run_id}", _Work(services, actor, run_id, holder, None).go, _LOG)
    return get_run(services, actor, run_id)


def stop(services: Services, actor: Actor, run_id: str) -> Run:
    """Stop a run after the batch it is at; what is served stays what it was."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        stored = _own(session, actor, run_id, lock=True)
        if stored.state in _UNDER_WAY:
            stored.state, stored.holder, stored.finished_at = "stopped", None, services.now()
        return _run(stored)


def due(services: Services) -> list[tuple[str, str]]:
    """Return seller and catalog of what its schedule asks for now."""
    query = select(CatalogFeed.seller_id, CatalogFeed.id).where(
        CatalogFeed.next_at.is_not(None), CatalogFeed.next_at <= services.now()
    )
    with services.database.reading() as session:
        return [(seller, id_) for seller, id_ in session.execute(query.order_by(CatalogFeed.next_at))]


class _Work:
    """One process at work on one run."""

    def __init__(self, services: Services, actor: Actor, run_id: str, holder: str, progress: Progress | None) -> None:
        self._services = services
        self._actor = actor
        self._run_id = run_id
        self._holder = holder
        self._progress = progress

    def go(self) -> None:
        """Go on from the cursor to the end."""
        try:
            with self._services.database.reading() as session:
                stored = _own(session, self._actor, self._run_id)
                found = kept(own(session, self._actor, stored.feed_id))
                seller = session.get_one(Seller, self._actor.seller_id)
                desk = Desk(self._services, session, self._actor, found, seller)
            while (made := self._batch(desk, found)) is not None:
                # A batch that finds all as it was writes one row, and others find room while the next is read.
                if made:
                    self._services.database.give_way()
            self._finish(desk, found)
        except (RunLostError, FeedNotFoundError):
            # Stopped, taken over, or the catalog was removed meanwhile: nothing is left to do here.
            return
        except StoppedError as error:
            self._fail(error)
        finally:
            with self._services.database.writing.begin() as session:
                let_go(session.get(CatalogRun, self._run_id, with_for_update=True), self._holder)

    def _mine(self, session: Session) -> CatalogRun:
        stored = _own(session, self._actor, self._run_id, lock=True)
        if stored.holder != self._holder or stored.state != "running":
            raise RunLostError(self._run_id)
        return stored

    def _batch(self, desk: Desk, found: Kept) -> int | None:
        """Make the rows of the next listings and keep them with how far it is.

        Return how many listings were made anew, or nothing where there were none to look at.
        """
        with self._services.database.reading() as session:
            stored = _own(session, self._actor, self._run_id)
            states = desk.states(session, self._page(session, stored.cursor))
            states = _at_once(states)
            there = self._there(session, found, states)
            todo = [one for one in states if not _holds(there.get(one.id), one, desk)]
            made = desk.make(session, todo) if todo else []
            before = self._before(session, found, [one.id for one in made])
        for one in made:
            if found.settings.stops and one.stopping is not None:
                raise StoppedError(one.key, one.stopping)
        if not states:
            return None
        with self._services.database.writing.begin() as session:
            stored = self._mine(session)
            self._keep(session, stored, found, made, before)
            again = {one.id for one in todo}
            reused = [there[one.id] for one in states if one.id in there and one.id not in again]
            more = {"reused": len(reused), "rows": sum(one.ready for one in reused)}
            more["left_out"] = sum(one.left_out for one in reused)
            stored.counts = _summed(stored.counts, more)
            stored.cursor = states[-1].id
            stored.done += len(states)
            stored.total = max(stored.total, stored.done)
            stored.rests_on = desk.rests_on
            stored.beat_at = self._services.now()
            done, total = stored.done, stored.total
        if self._progress is not None:
            self._progress(done, total)
        return len(made)

    def _page(self, session: Session, cursor: str) -> list[tuple[str, int]]:
        query = select(StoredListing.id, StoredListing.version).where(*_active(self._actor), StoredListing.id > cursor)
        return [(id_, version) for id_, version in session.execute(query.order_by(StoredListing.id).limit(BATCH))]

    def _there(self, session: Session, found: Kept, states: list[State]) -> dict[str, Any]:
        query = select(
            CatalogListing.listing_id,
            CatalogListing.digest,
            CatalogListing.valid_until,
            CatalogListing.ready,
            CatalogListing.left_out,
        ).where(CatalogListing.feed_id == found.id, CatalogListing.listing_id.in_([one.id for one in states]))
        return {row.listing_id: row for row in session.execute(query)}

    def _before(self, session: Session, found: Kept, ids: list[str]) -> dict[str, list[Record]]:
        mine = (CatalogListing.feed_id == found.id, CatalogListing.listing_id.in_(ids))
        query = select(CatalogListing.listing_id, CatalogListing.rows).where(*mine)
        return {row.listing_id: row.rows for row in session.execute(query)} if ids else {}

    def _keep(
        self, session: Session, stored: CatalogRun, found: Kept, made: list[Made], before: dict[str, list[Record]]
    ) -> None:
        counts: dict[str, int] = {}
        key, is_dirty = format_of(found.channel).key, False
        for one in made:
            differ = changes_of(before.get(one.id, []), one.records, key)
            counts = _summed(
                counts,
                {"rows": len(one.records), "left_out": one.left_out, "made": 1},
                _counted(differ),
            )
            if not stored.is_first and sum(stored.counts.get(name, 0) for name in _CHANGES) < MAX_CHANGES:
                session.add_all(
                    CatalogChange(
                        seller_id=self._actor.seller_id,
                        run_id=stored.id,
                        listing_id=one.id,
                        row=row,
                        what=what,
                        fields=fields,
                    )
                    for what, row, fields in differ
                )
            is_dirty = is_dirty or bool(differ)
            if stored.is_dry:
                stored.problems = [*stored.problems, *(each.to_dict() for each in one.findings)][:MAX_PROBLEMS]
        if made and not stored.is_dry:
            ids = [one.id for one in made]
            of_feed = CatalogListing.feed_id == found.id
            session.execute(delete(CatalogListing).where(of_feed, CatalogListing.listing_id.in_(ids)))
            session.execute(insert(CatalogListing), [_listing(found, self._actor, one) for one in made])
            if is_dirty:
                self._soil(session, found)
        stored.counts = _summed(stored.counts, counts)

    def _soil(self, session: Session, found: Kept) -> None:
        own(session, self._actor, found.id).is_dirty = True

    def _finish(self, desk: Desk, found: Kept) -> None:
        """Take out what is sold no more, write the file where anything changed, and put it in place."""
        with self._services.database.writing.begin() as session:
            stored = self._mine(session)
            self._take_out(session, stored, found)
            is_dry = stored.is_dry
            feed = own(session, self._actor, found.id)
            served = path_of(self._services, kept(feed))
            writes = not is_dry and (feed.is_dirty or served is None)
        again: list[Finding] = []
        written = None
        if writes:
            taken = format_of(found.channel)
            with self._services.database.reading() as session:
                pieces = taken.write(_records(session, found.id, taken.key, again), desk.feed)
                suffix = taken.kinds[found.kind].suffix
                mark = self._holder.rpartition(":")[2]
                written = write(folder_of(self._services, found.id), suffix, pieces, mark)
        now = self._services.now()
        with self._services.database.writing.begin() as session:
            stored = self._mine(session)
            feed = own(session, self._actor, found.id, lock=True)
            stored.state, stored.holder, stored.finished_at, stored.rests_on = "done", None, now, desk.rests_on
            if written is not None:
                if feed.etag != written.digest:
                    feed.changed_at = now
                feed.file, feed.etag, feed.is_dirty = written.name, written.digest, False
                stored.digest, stored.size = written.digest, written.size
                stored.problems = [one.to_dict() for one in again][:MAX_PROBLEMS]
            elif not is_dry:
                stored.digest, stored.size = feed.etag, None if served is None else served.stat().st_size
            if not is_dry:
                feed.run_id = stored.id
                if feed.every_hours:
                    feed.next_at = now + timedelta(hours=feed.every_hours)
            audit.note(session, self._actor, now, "catalog.made", found.id, run=stored.id, **stored.counts)
        if written is not None:
            prune(folder_of(self._services, found.id), written.name)

    def _take_out(self, session: Session, stored: CatalogRun, found: Kept) -> None:
        active = select(StoredListing.id).where(*_active(self._actor))
        query = select(CatalogListing).where(
            CatalogListing.feed_id == found.id, CatalogListing.listing_id.not_in(active)
        )
        for gone in session.scalars(query):
            differ = changes_of(gone.rows, [], format_of(found.channel).key)
            stored.counts = _summed(stored.counts, _counted(differ))
            if not stored.is_first:
                session.add_all(
                    CatalogChange(
                        seller_id=self._actor.seller_id,
                        run_id=stored.id,
                        listing_id=gone.listing_id,
                        row=row,
                        what=what,
                        fields=fields,
                    )
                    for what, row, fields in differ
                )
            if not stored.is_dry:
                if differ:
                    self._soil(session, found)
                session.delete(gone)

    def _fail(self, error: StoppedError) -> None:
        with self._services.database.writing.begin() as session:
            stored = self._mine(session)
            stored.state, stored.holder, stored.finished_at = "failed", None, self._services.now()
            stored.problems = [error.finding.to_dict()]


_CHANGES: Final = ("added", "removed", "changed")


def _records(session: Session, feed_id: str, key: str, again: list[Finding]) -> Iterator[Record]:
    """Yield the rows of a catalog in the order of their listings; an id that stood before is left out and told."""
    once, last = Once(), ""
    while True:
        query = select(CatalogListing.listing_id, CatalogListing.rows).where(
            CatalogListing.feed_id == feed_id, CatalogListing.listing_id > last, CatalogListing.ready > 0
        )
        page = session.execute(query.order_by(CatalogListing.listing_id).limit(_PAGE)).all()
        if not page:
            return
        for listing_id, rows in page:
            last = listing_id
            for record in rows:
                found = once(str(record.get(key)), field=key)
                if found is None:
                    yield record
                else:
                    again.append(found)


def _listing(found: Kept, actor: Actor, made: Made) -> dict[str, Any]:
    return {
        "feed_id": found.id,
        "listing_id": made.id,
        "seller_id": actor.seller_id,
        "digest": made.digest,
        "valid_until": made.valid_until,
        "ready": len(made.records),
        "left_out": made.left_out,
        "key": made.key,
        "rows": list(made.records),
        "findings": [one.to_dict() for one in made.findings],
    }


def _holds(there: Any, state: State, desk: Desk) -> bool:  # noqa: ANN401  # a row of the table
    return there is not None and there.digest == state.digest and desk.on <= there.valid_until


def _at_once(states: list[State]) -> list[State]:
    """Return as many listings as are made at once: at least one, and not too many variants."""
    count = 0
    for number, one in enumerate(states):
        count += max(1, one.variants)
        if count > MOST_VARIANTS and number:
            return states[:number]
    return states


def _active(actor: Actor) -> tuple[Any, ...]:
    return StoredListing.seller_id == actor.seller_id, StoredListing.status == "active"


def _take(services: Services, actor: Actor, run_id: str) -> str | None:
    """Take a run up and return the name of who did; nothing where there is nothing left to do."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        stored = _own(session, actor, run_id)
        # The row of the catalog is what two runs of it wait for.
        own(session, actor, stored.feed_id, lock=True)
        stored = _own(session, actor, run_id, lock=True)
        if stored.state in {"done", "failed"}:
            return None
        running = select(CatalogRun).where(CatalogRun.feed_id == stored.feed_id, CatalogRun.state == "running")
        if (other := first_held(session.scalars(running), services.now())) is not None:
            raise RunBusyError(other.id)
        return take_up(stored, "running", services.now())


def _own(session: Session, actor: Actor, run_id: str, *, lock: bool = False) -> CatalogRun:
    query = select(CatalogRun).where(CatalogRun.id == run_id, CatalogRun.seller_id == actor.seller_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise RunNotFoundError(run_id)
    return found


def _counted(differ: list[tuple[str, str, dict[str, Any]]]) -> dict[str, int]:
    return {name: sum(1 for what, _, _ in differ if what == name) for name in _CHANGES}


def _summed(counts: Mapping[str, int], *more: Mapping[str, int]) -> dict[str, int]:
    found = dict(counts)
    for one in more:
        for name, number in one.items():
            if number:
                found[name] = found.get(name, 0) + number
    return found


def _run(stored: CatalogRun) -> Run:
    return Run(
        stored.id,
        stored.feed_id,
        stored.is_dry,
        stored.is_first,
        stored.state,
        stored.done,
        stored.total,
        dict(stored.counts),
        tuple(Finding.of(one) for one in stored.problems),
        dict(stored.rests_on),
        stored.digest,
        stored.size,
        stored.created_at,
        stored.finished_at,
        stored.holder,
        stored.beat_at,
    )
