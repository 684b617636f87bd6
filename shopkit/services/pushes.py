"""Rows of a catalog put on sale by the calls of its channel: each once, its outcome kept, gone on with after a kill.

Before a call that may make something its row is marked. A row that is found marked by nobody alive, or whose answer was
lost, is *unknown*: it is never sent again until somebody looked and said so with :func:`settle`.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from listings.pushing.port import Problem, PushError, gathered, push
from shopkit.models import CatalogListing, ChannelAccount, Push, PushRow
from shopkit.services import audit
from shopkit.services.catalogs import FeedNotFoundError, format_of, get_feed, own
from shopkit.services.channel_accounts import account_of, channels, open_transport, opened
from shopkit.services.holding import first_held, in_background, let_go, take_up
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from listings.channels.port import Record
    from listings.pushing.port import Call, Pusher, Reply, Transport
    from shopkit.services.actors import Actor
    from shopkit.services.catalogs import Kept
    from shopkit.services.channel_accounts import Account
    from shopkit.services.context import Services

    Opening = Callable[[Services, Actor, Account], Transport]
    Progress = Callable[[int, int], None]

_PAGE: Final = 200
_UNDER_WAY: Final = ("waiting", "running", "halted")
# What a channel that is not there answers so often in a row that asking on would be rude.
_GONE_AFTER: Final = 3
_BUSY_FOR_S: Final = 60.0
_LOG: Final = logging.getLogger(__name__)


class PushNotFoundError(FeedNotFoundError):
    """There is no such run or row, or it is another seller's."""


class PushBusyError(Exception):
    """Rows are being sent to the account already; ``other`` is the run."""

    def __init__(self, other: str) -> None:
        self.other = other
        super().__init__(other)


class PushLostError(Exception):
    """Another process took the run over, or somebody stopped it."""


@dataclass(frozen=True, slots=True)
class Run:
    """How far a run is and what came of it; ``why`` and ``wait_until`` of one that waits or was halted."""

    id: str
    feed_id: str
    account_id: str
    state: str
    why: str | None
    wait_until: datetime | None
    done: int
    total: int
    counts: Mapping[str, int]
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """What came of a row: ``state`` and ``reason`` as in ``models.PushRow``, the channel's ``ids`` and words."""

    key: str
    state: str
    reason: str | None
    ids: Mapping[str, str]
    problems: tuple[Problem, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """What would come of a row: ``make``, ``replace``, ``same`` or ``left`` with the reason."""

    key: str
    what: str
    reason: str | None = None


# -- what there is -------------------------------------------------------------------------------------------------
def plan(services: Services, actor: Actor, feed_id: str) -> tuple[Planned, ...]:
    """Return what would be sent and what left out, in the order of the rows; sends and keeps nothing."""
    found, account = _ready(services, actor, feed_id)
    pusher = opened(services, actor, account).pusher(found.market, found.language)
    planned, seen = [], set()
    with services.database.reading() as session:
        for record, until in _records(session, pusher, found.id):
            key = _key(found, record)
            if key in seen:
                continue
            seen.add(key)
            row = session.get(PushRow, (found.id, account.id, key))
            state, reason = _verdict(pusher, row, _digest(record), until, services.today(found.market))
            what = {"same": "same", "send": "replace" if row is not None and row.ids else "make"}.get(state, "left")
            planned.append(Planned(key, what, reason))
    return tuple(planned)


def create(services: Services, actor: Actor, feed_id: str) -> Run:
    """Keep that the rows of a catalog are to be sent; a run that was not finished is returned, to be gone on with.

    Raises ``RequestError``, ``FeedNotFoundError``, ``ForbiddenError``.
    """
    actor.must("editor")
    found, account = _ready(services, actor, feed_id)
    now = services.now()
    with services.database.writing.begin() as session:
        own(session, actor, feed_id, lock=True)
        query = select(Push).where(Push.feed_id == feed_id, Push.account_id == account.id, Push.state.in_(_UNDER_WAY))
        left = session.scalars(query.order_by(Push.created_at)).first()
        if left is not None:
            return _run(left)
        ready = select(func.sum(CatalogListing.ready)).where(CatalogListing.feed_id == found.id)
        stored = Push(
            id=new_id("pu", now),
            seller_id=actor.seller_id,
            feed_id=feed_id,
            account_id=account.id,
            created_at=now,
            user_id=actor.user_id,
            state="waiting",
            done=0,
            total=session.scalar(ready) or 0,
            counts={},
        )
        session.add(stored)
        session.flush()
        return _run(stored)


def get_run(services: Services, actor: Actor, push_id: str) -> Run:
    """Return a run of the seller's; ``PushNotFoundError``."""
    with services.database.reading() as session:
        return _run(_own(session, actor, push_id))


def last_run(services: Services, actor: Actor, feed_id: str) -> Run | None:
    """Return the last run of a catalog; ``FeedNotFoundError``."""
    with services.database.reading() as session:
        own(session, actor, feed_id)
        query = select(Push).where(Push.feed_id == feed_id, Push.seller_id == actor.seller_id)
        found = session.scalars(query.order_by(Push.created_at.desc(), Push.id.desc())).first()
        return None if found is None else _run(found)


def rows_of(
    services: Services, actor: Actor, push_id: str, states: tuple[str, ...] = ("refused", "unknown", "failed")
) -> tuple[Row, ...]:
    """Return the rows of which a run had the last word, by key."""
    with services.database.reading() as session:
        _own(session, actor, push_id)
        query = select(PushRow).where(PushRow.push_id == push_id, PushRow.state.in_(states))
        return tuple(
            Row(one.key, one.state, one.reason, dict(one.ids), _problems(one), one.at)
            for one in session.scalars(query.order_by(PushRow.key))
        )


def warned(services: Services, actor: Actor, push_id: str) -> tuple[tuple[Problem, int], ...]:
    """Return what was warned of in the rows that a run sent, each with in how many, the most told first."""
    found: Counter[Problem] = Counter()
    with services.database.reading() as session:
        _own(session, actor, push_id)
        query = select(PushRow).where(PushRow.push_id == push_id, PushRow.state == "done")
        for row in session.scalars(query):
            found.update(set(_problems(row)))
    return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0].code, one[0].text)))


def settle(services: Services, actor: Actor, feed_id: str, key: str, ids: Mapping[str, str]) -> None:
    """Say of an *unknown* row what somebody who looked found: under which ids it is there, or with none that it is not.

    The next run goes on from there. Raises ``PushNotFoundError``, ``ForbiddenError``.
    """
    actor.must("editor")
    found, account = _ready(services, actor, feed_id)
    with services.database.writing.begin() as session:
        row = session.get(PushRow, (found.id, account.id, key), with_for_update=True)
        if row is None or row.seller_id != actor.seller_id or row.state != "unknown":
            raise PushNotFoundError(key)
        row.state, row.reason, row.ids, row.push_id = "new", None, dict(ids), ""
        audit.note(session, actor, services.now(), "push.settled", key, feed=feed_id)


# -- runs ----------------------------------------------------------------------------------------------------------
def run(
    services: Services,
    actor: Actor,
    push_id: str,
    opening: Opening = open_transport,
    progress: Progress | None = None,
) -> Run:
    """Send the rows from where a run is to the end; one that is over, or is to wait still, stays as it is.

    Raises ``PushBusyError``, ``PushNotFoundError``, ``RequestError``, ``SealError``, ``ForbiddenError``.
    """
    work = _taken(services, actor, push_id, opening, progress)
    if work is not None:
        work.go()
    return get_run(services, actor, push_id)


def start(services: Services, actor: Actor, push_id: str, opening: Opening = open_transport) -> Run:
    """Do what :func:`run` does in a thread of this process, and return at once."""
    work = _taken(services, actor, push_id, opening, None)
    if work is not None:
        in_background(f"push {push_id}", work.go, _LOG)
    return get_run(services, actor, push_id)


def stop(services: Services, actor: Actor, push_id: str) -> Run:
    """Stop a run after the row it is at; what was sent stays."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        stored = _own(session, actor, push_id, lock=True)
        if stored.state in _UNDER_WAY:
            stored.state, stored.holder, stored.finished_at = "stopped", None, services.now()
        return _run(stored)


def _taken(services: Services, actor: Actor, push_id: str, opening: Opening, progress: Progress | None) -> _Work | None:
    """Take a run up; nothing where there is nothing left to do, or not yet."""
    actor.must("editor")
    run_ = get_run(services, actor, push_id)
    if run_.state in {"done", "stopped"}:
        return None
    found, account = _ready(services, actor, run_.feed_id)
    if account.id != run_.account_id:
        raise RequestError([RequestProblem("", "push.other_account")])
    pusher = opened(services, actor, account).pusher(found.market, found.language)
    transport = opening(services, actor, account)
    now = services.now()
    with services.database.writing.begin() as session:
        # The row of the account is what two runs at it wait for.
        session.get(ChannelAccount, account.id, with_for_update=True)
        stored = _own(session, actor, push_id, lock=True)
        if stored.state not in _UNDER_WAY or (stored.wait_until is not None and now < stored.wait_until):
            return None
        running = select(Push).where(Push.account_id == account.id, Push.state == "running")
        if (other := first_held(session.scalars(running), now)) is not None:
            raise PushBusyError(other.id)
        holder = take_up(stored, "running", now)
        stored.why = stored.wait_until = None
    return _Work(services, actor, push_id, found, account, pusher, transport, holder, progress)


@dataclass(slots=True)
class _Work:
    """One process at work on one run."""

    services: Services
    actor: Actor
    push_id: str
    found: Kept
    account: Account
    pusher: Pusher
    transport: Transport
    holder: str
    progress: Progress | None
    gone: int = 0

    def go(self) -> None:
        """Go through the rows; those that this run has spoken of already are passed over."""
        last = ""
        try:
            while True:
                with self.services.database.reading() as session:
                    page, last = _page(session, self.pusher, self.found.id, last)
                if not page:
                    break
                for record, until in page:
                    if not self._row(record, until):
                        return
            self._finish()
        except (PushLostError, FeedNotFoundError):
            # Stopped, taken over, or the catalog was removed meanwhile: nothing is left to do here.
            return
        finally:
            with self.services.database.writing.begin() as session:
                let_go(session.get(Push, self.push_id, with_for_update=True), self.holder)

    def _mine(self, session: Session) -> Push:
        stored = _own(session, self.actor, self.push_id, lock=True)
        if stored.holder != self.holder or stored.state != "running":
            raise PushLostError(self.push_id)
        return stored

    def _row(self, record: Record, until: date) -> bool:
        """Send a row unless there is a reason not to; return whether to go on with the next."""
        key, digest = _key(self.found, record), _digest(record)
        with self.services.database.writing.begin() as session:
            stored = self._mine(session)
            row = self._kept(session, key)
            if row.push_id == self.push_id and row.state not in {"new", "sending"}:
                return True
            today = self.services.today(self.found.market)
            state, reason = _verdict(self.pusher, row, digest, until, today)
            if state != "send":
                self._say(stored, row, state, reason)
                return True
            ids = dict(row.ids)
        try:
            marked = _Marked(self.transport, lambda: self._mark(key, digest))
            pushed = push(self.pusher, record, marked, ids)
        except PushError as error:
            return self._failed(key, digest, error)
        with self.services.database.writing.begin() as session:
            stored, row = self._mine_or_not(session), self._kept(session, key)
            row.ids, row.digest = dict(pushed.ids), digest
            self._say(stored, row, "done", None, pushed.warnings)
        self.gone = 0
        return True

    def _failed(self, key: str, digest: str, error: PushError) -> bool:
        self.gone = self.gone + 1 if error.reason == "unavailable" else 0
        is_over = error.reason in {"busy", "unsigned"} or self.gone >= _GONE_AFTER
        now = self.services.now()
        with self.services.database.writing.begin() as session:
            stored, row = self._mine_or_not(session), self._kept(session, key)
            row.ids = {**row.ids, **error.ids}
            if error.ids:
                row.digest = digest
            if error.reason in {"busy", "unsigned"}:
                # It was not done: the row is the first one when the run is gone on with.
                row.state, row.reason = "new", error.reason
            else:
                self._say(stored, row, _STATES[error.reason], error.reason, error.problems)
            if is_over and stored.state == "running":
                stored.state = "waiting" if error.reason == "busy" else "halted"
                stored.why, stored.holder = error.reason, None
                if error.reason == "busy":
                    stored.wait_until = now + timedelta(seconds=error.wait_s or _BUSY_FOR_S)
        return not is_over

    def _mark(self, key: str, digest: str) -> None:
        """Keep that a call is about to be made that must not be made twice."""
        with self.services.database.writing.begin() as session:
            self._mine(session)
            row = self._kept(session, key)
            row.state, row.digest, row.at = "sending", digest, self.services.now()

    def _mine_or_not(self, session: Session) -> Push:
        """Return the run, even if it was stopped meanwhile: what came of a call that was made is kept all the same."""
        return _own(session, self.actor, self.push_id, lock=True)

    def _kept(self, session: Session, key: str) -> PushRow:
        row = session.get(PushRow, (self.found.id, self.account.id, key), with_for_update=True)
        if row is None:
            row = PushRow(
                feed_id=self.found.id,
                account_id=self.account.id,
                key=key,
                seller_id=self.actor.seller_id,
                push_id="",
                state="new",
                ids={},
                problems=[],
                at=self.services.now(),
            )
            session.add(row)
            session.flush()
        return row

    def _say(
        self, stored: Push, row: PushRow, state: str, reason: str | None, problems: tuple[Problem, ...] = ()
    ) -> None:
        """Keep what came of a row and count it."""
        now = self.services.now()
        row.push_id, row.reason, row.at = self.push_id, reason, now
        row.state = "done" if state == "same" else state
        if state != "same":
            row.problems = [asdict(one) for one in problems]
        stored.counts = {**stored.counts, state: stored.counts.get(state, 0) + 1}
        stored.done += 1
        stored.total = max(stored.total, stored.done)
        stored.beat_at = now
        if self.progress is not None:
            self.progress(stored.done, stored.total)

    def _finish(self) -> None:
        with self.services.database.writing.begin() as session:
            stored = self._mine(session)
            # What an earlier run put on sale and the catalog has no more: the calls take nothing off.
            of_account = (PushRow.feed_id == self.found.id, PushRow.account_id == self.account.id)
            elsewhere = (PushRow.push_id != self.push_id, PushRow.state == "done")
            stays = session.scalar(select(func.count()).select_from(PushRow).where(*of_account, *elsewhere))
            if stays:
                stored.counts = {**stored.counts, "stays": stays}
            now = self.services.now()
            # It was counted by rows, of which a channel may make one thing.
            stored.total = stored.done
            stored.state, stored.holder, stored.finished_at = "done", None, now
            audit.note(session, self.actor, now, "push.done", self.found.id, run=stored.id, **stored.counts)


@dataclass(frozen=True, slots=True)
class _Marked:
    """A transport that has a call marked before it is sent, where it may make something."""

    inner: Transport
    mark: Callable[[], None]

    def send(self, call: Call) -> Reply:
        """Return the reply."""
        if not call.is_harmless:
            self.mark()
        return self.inner.send(call)


_STATES: Final = {
    "unavailable": "failed",
    "unknown": "unknown",
    "rejected": "refused",
    "not_replaced": "refused",
    # It answered, and not what its description says: what it did nobody knows.
    "garbage": "unknown",
}


def _verdict(pusher: Pusher, row: PushRow | None, digest: str, until: date, today: date) -> tuple[str, str | None]:
    """Return ``send``, or what a row comes to without a call, and why."""
    if row is not None and row.state in {"sending", "unknown"}:
        return "unknown", row.reason or "unknown"
    if row is not None and row.state == "done" and row.digest == digest:
        return "same", None
    if today > until:
        # Its price was reckoned with rates and law of days that are over.
        return "refused", "stale"
    if row is not None and row.ids and row.digest not in {None, digest} and not pusher.replaces:
        return "refused", "not_replaced"
    return "send", None


def _ready(services: Services, actor: Actor, feed_id: str) -> tuple[Kept, Account]:
    """Return a catalog that can be sent and the account it goes to; ``RequestError`` says what is missing."""
    found = get_feed(services, actor, feed_id)
    account = account_of(services, actor, found.channel)
    code = ""
    if found.channel not in channels():
        code = "push.no_calls"
    elif found.run_id is None:
        code = "push.not_made"
    elif account is None:
        code = "push.no_account"
    elif account.is_over(services.now()):
        code = "push.account_over"
    if code or account is None:
        raise RequestError([RequestProblem("", code, {"known": ", ".join(sorted(channels()))})])
    return found, account


def _records(session: Session, pusher: Pusher, feed_id: str) -> Iterator[tuple[Record, date]]:
    last = ""
    while True:
        page, last = _page(session, pusher, feed_id, last)
        if not page:
            return
        yield from page


def _page(session: Session, pusher: Pusher, feed_id: str, last: str) -> tuple[list[tuple[Record, date]], str]:
    """Return what is pushed of the listings after one, with the day its price holds to, and the last of them."""
    query = select(CatalogListing.listing_id, CatalogListing.rows, CatalogListing.valid_until).where(
        CatalogListing.feed_id == feed_id, CatalogListing.listing_id > last, CatalogListing.ready > 0
    )
    found = session.execute(query.order_by(CatalogListing.listing_id).limit(_PAGE)).all()
    page = [(record, until) for _, rows, until in found for record in gathered(pusher, rows)]
    return page, found[-1][0] if found else last


def _key(found: Kept, record: Record) -> str:
    return str(record.get(format_of(found.channel).key))


def _digest(record: Record) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True, default=str).encode()).hexdigest()


def _problems(row: PushRow) -> tuple[Problem, ...]:
    return tuple(Problem(**{**one, "fields": tuple(one["fields"])}) for one in row.problems)


def _own(session: Session, actor: Actor, push_id: str, *, lock: bool = False) -> Push:
    query = select(Push).where(Push.id == push_id, Push.seller_id == actor.seller_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise PushNotFoundError(push_id)
    return found


def _run(stored: Push) -> Run:
    names: tuple[str, ...] = tuple(Run.__dataclass_fields__)
    values: dict[str, Any] = {name: getattr(stored, name) for name in names}
    return Run(**values | {"counts": dict(stored.counts)})
