"""What pushing a row is: calls one after the other, each made of what the one before it answered.

A channel writes them as a generator: it yields a :class:`Call`, is sent the :class:`Reply`, and returns what came of
the row. It knows neither sockets nor clocks nor tokens; a transport given by the application carries the calls.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, runtime_checkable

from listings.channels.bodies import dumps
from listings.channels.port import UnwritableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from listings.channels.port import Record

Reason = Literal[
    "unavailable",  # not reached, or it says that it cannot now: later may be better
    "unknown",  # it was sent, and nobody knows whether it was done: to be looked up before it is sent again
    "busy",  # it asks to be asked later
    "unsigned",  # it does not take our token, or no longer
    "rejected",  # it looked at the row and does not take it: ``problems`` say why
    "not_replaced",  # what is there cannot be turned into the row by calls: whoever sells changes it there
    "garbage",  # it answered something else than its own description says
]
_GOOD: Final = range(200, 300)
_UNSIGNED: Final = (401, 403)
_BUSY: Final = 429
_SERVERS_FAULT: Final = 500


Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that a channel takes as a file: whoever carries the call fetches ``url`` and sends its bytes.

    They go as ``name`` of a form (``multipart/form-data``) with the texts of ``more``; the call has no other body.
    """

    url: str
    name: str
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One call: ``path`` from the channel's address on, beginning with ``/``, and ``query`` as pairs to be encoded.

    ``body`` is JSON unless ``headers`` name another ``Content-Type``. ``is_repeatable`` says that it does no harm to
    make it twice, as is true of every GET. ``after_s`` is how long to wait before it, where a channel works in the
    background and is asked how far it is.
    """

    method: Method
    path: str
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    is_repeatable: bool = False
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    photo: Photo | None = None
    after_s: float = 0.0

    @property
    def is_harmless(self) -> bool:
        """Return whether it may be made twice."""
        return self.is_repeatable or self.method == "GET"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; ``wait_s`` is how long the channel asks to wait."""

    status: int
    body: bytes = field(default=b"", repr=False)
    wait_s: float | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What a channel says is wrong with a row: its own code, its own words, the fields it names; or a mere warning."""

    code: str
    text: str
    fields: tuple[str, ...] = ()
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Pushed:
    """A row that is there: the channel's own names of it (``{"item_id": "MLM1"}``), and what it warned of."""

    sku: str
    ids: Mapping[str, str]
    warnings: tuple[Problem, ...] = ()


class PushError(Exception):
    """A row of which not everything was done; ``ids`` name what was, and with them it is pushed on from there."""

    def __init__(
        self,
        reason: Reason,
        detail: str = "",
        *,
        problems: tuple[Problem, ...] = (),
        wait_s: float | None = None,
        ids: Mapping[str, str] | None = None,
    ) -> None:
        self.reason: Reason = reason
        self.detail = detail
        self.problems = problems
        self.wait_s = wait_s
        self.ids = dict(ids or {})
        super().__init__(f"{reason}{': ' if detail else ''}{detail}")


Calls = Generator[Call, Reply, Pushed]


class Pusher(Protocol):
    """A channel that takes rows by calls."""

    @property
    def channel(self) -> str:
        """The name of the channel whose rows are pushed."""
        ...

    @property
    def replaces(self) -> bool:
        """Whether a row that is there already is sent whole, so that what changed in it comes through."""
        ...

    def push(self, record: Record, ids: Mapping[str, str]) -> Calls:
        """Return the calls of a row; ``ids`` are those of what was done before. They raise ``PushError``."""
        ...


@runtime_checkable
class Gathering(Protocol):
    """A channel for which the rows of a listing are one thing, its variants."""

    def gather(self, records: Sequence[Record]) -> list[Record]:
        """Return what is pushed of the rows of a listing; the field that is a row's key is that of each."""
        ...


class Transport(Protocol):
    """Carries one call; raises ``PushError`` with *unavailable* or *unknown* where no reply came."""

    def send(self, call: Call) -> Reply:
        """Return the reply, whatever its status."""
        ...


def gathered(pusher: Pusher, records: Sequence[Record]) -> list[Record]:
    """Return what is pushed of the rows of a listing: themselves, or what a channel makes one thing of."""
    return pusher.gather(records) if isinstance(pusher, Gathering) else list(records)


def push(pusher: Pusher, record: Record, transport: Transport, ids: Mapping[str, str] | None = None) -> Pushed:
    """Make the calls of a row one after the other; ``PushError`` says why they ended, and what is there already."""
    calls = pusher.push(record, ids or {})
    try:
        call = next(calls)
        while True:
            try:
                reply = transport.send(call)
            except PushError as error:
                # The calls know what is there already, and say it.
                call = calls.throw(error)
            else:
                call = calls.send(reply)
    except StopIteration as end:
        done: Pushed = end.value
        return done
    except UnwritableError as error:
        # Calls are written before the first of them is made: nothing of it was sent.
        problem = Problem("unwritable", str(error))
        raise PushError("rejected", str(error), problems=(problem,), ids=ids) from error


def asked(call: Call, ids: Mapping[str, str]) -> Generator[Call, Reply, Reply]:
    """Yield a call and return its reply; where none comes, the error says what was done before."""
    try:
        return (yield call)
    except PushError as error:
        error.ids.update(ids)
        raise


def body_of(value: Mapping[str, Any]) -> bytes:
    """Return JSON as it is sent."""
    return dumps(dict(value)).encode()


def must_be_well(reply: Reply, call: Call, problems: tuple[Problem, ...], ids: Mapping[str, str]) -> None:
    """Raise ``PushError`` for a reply that is not good, by what its status means for whether the call was done."""
    if reply.status in _GOOD:
        return
    detail = f"{call.method} {call.path} answered {reply.status}"
    if reply.status in _UNSIGNED:
        raise PushError("unsigned", detail, problems=problems, ids=ids)
    if reply.status == _BUSY:
        raise PushError("busy", detail, wait_s=reply.wait_s, ids=ids)
    if reply.status >= _SERVERS_FAULT:
        raise PushError("unavailable" if call.is_harmless else "unknown", detail, wait_s=reply.wait_s, ids=ids)
    raise PushError("rejected", detail, problems=problems, ids=ids)


def json_of(reply: Reply, ids: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the object of a reply, of one without a body an empty one; *garbage* for anything else."""
    if not reply.body.strip():
        return {}
    try:
        value = json.loads(reply.body)
    except ValueError:
        value = None
    if isinstance(value, dict):
        return value
    if reply.status in _GOOD:
        raise PushError("garbage", "the answer is no object of JSON", ids=ids)
    # A refusal in other words is a refusal still.
    return {}


def text_of(value: Mapping[str, Any], name: str, ids: Mapping[str, str] | None = None) -> str:
    """Return a text that an answer has to have; *garbage* without it."""
    found = value.get(name)
    if isinstance(found, str) and found:
        return found
    raise PushError("garbage", f"the answer has no {name}", ids=ids)
