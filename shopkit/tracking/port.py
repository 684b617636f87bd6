"""What a provider of tracking is asked and answers, and how: calls one after the other, made of what the last answered.

A provider is one :class:`Tracker`, which an entry point of ``shopkit.tracking`` names by ``module:TRACKER``; it keeps
nothing between two asks. It writes its calls as a generator
that yields a :class:`Call`, is sent the :class:`Reply`, and returns what was told of each number; it knows neither
sockets nor clocks nor where keys are kept. Whoever polls keeps to its :class:`Pace`. What it says is kept as
:class:`~shopkit.tracking.events.RawEvent` and read into our words by its :class:`~shopkit.tracking.codes.Vocabulary`.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from shopkit.tracking.codes import Vocabulary
    from shopkit.tracking.events import RawEvent

Method = Literal["GET", "POST", "PUT", "DELETE"]
Reason = Literal[
    "unavailable",  # not reached, or it says that it cannot now: later may be better
    "busy",  # it asks to be asked later
    "unsigned",  # it does not take our token: renew it once, then stop and tell the seller
    "refused",  # our call or the account is wrong: asking again does not help
    "garbage",  # it answered something else than its own description says
]
Outcome = Literal[
    "told",  # it knows the number; its events may still be none
    "not_found",  # it does not know the number (yet)
    "rejected",  # it will never take the number: not its carrier, not a number
    "unclear",  # nothing can be said: what came of this number is not to be read, while others of the same ask are well
]
_GOOD: Final = range(200, 300)
_UNSIGNED: Final = (401, 403)
_BUSY: Final = 429
_SERVERS_FAULT: Final = 500
_MAX_CHARS: Final = 2_000


class TrackingError(Exception):
    """A provider that did not tell what it was asked; ``wait_s`` is how long it asks to wait.

    ``detail`` is for the log and never holds what was sent.
    """

    def __init__(self, reason: Reason, detail: str = "", *, wait_s: float | None = None) -> None:
        self.reason: Reason = reason
        self.detail = detail
        self.wait_s = wait_s
        super().__init__(f"{reason}{': ' if detail else ''}{detail}")


class SignatureError(ValueError):
    """A message that is not proved to be the provider's, of now, as it was sent."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: ``path`` from the provider's address on, beginning with ``/``, and ``query`` as pairs to be encoded.

    ``body`` is JSON unless ``headers`` name another ``Content-Type``. Everything that is asked of a provider of
    tracking may be asked twice.
    """

    method: Method
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; ``wait_s`` is how long the provider asks to wait."""

    status: int
    body: bytes = field(default=b"", repr=False)
    wait_s: float | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One number that is asked for.

    ``posted_on`` picks among parcels that had the same number, where a provider takes it; ``ref`` is the provider's
    own name of it, empty until it gave one; ``postcode`` that of the recipient, for providers that ask for it.
    """

    number: str
    posted_on: date | None = None
    origin: str = ""
    destination: str = ""
    postcode: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider told of one number: its events as they came, in any order.

    ``expected_on`` is the day by which the provider expects the delivery: a date that is never moved by a zone.
    ``ref`` is the provider's own name of the number, to be asked with from now on. ``service`` is its own word.
    """

    number: str
    outcome: Outcome
    events: tuple[RawEvent, ...] = ()
    expected_on: date | None = None
    ref: str = ""
    service: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """What a provider allows: ``numbers`` in one ask, and ``requests`` of HTTP in any ``per_s`` seconds."""

    numbers: int
    requests: int
    per_s: float


@dataclass(frozen=True, slots=True)
class Field:
    """What an account says, such as a key or the number of a contract. ``label`` is in ``en``, ``es`` and ``pt``."""

    name: str
    label: Mapping[str, str]
    is_secret: bool = True
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Token:
    """A token that a provider gave for the account's secrets, and how long it is taken."""

    value: str = field(repr=False)
    lasts_s: float | None = None


Calls = Generator[Call, Reply, tuple[Told, ...]]
TokenCalls = Generator[Call, Reply, Token]


class Provider(Protocol):
    """Who is asked over HTTP: where it is, and how a call is signed. ``details`` are what an account said."""

    def address(self, details: Mapping[str, str]) -> str:
        """Return the base address of its calls, without a slash at the end."""
        ...

    def sign(self, call: Call, details: Mapping[str, str], token: str) -> Mapping[str, str]:
        """Return the headers that prove who makes a call; ``token`` is empty for who needs none."""
        ...


class Tracker(Protocol):
    """A provider of tracking. ``details`` are what an account said, by the names of ``fields``."""

    @property
    def name(self) -> str:
        """The name it has in events and accounts."""
        ...

    @property
    def fields(self) -> tuple[Field, ...]:
        """What an account has to say."""
        ...

    @property
    def pace(self) -> Pace:
        """How fast it may be asked."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """What its codes and wordings mean."""
        ...

    @property
    def pushes(self) -> bool:
        """Whether it tells by messages, so that it is polled for safety alone."""
        ...

    def takes(self, number: str, carrier: str) -> bool:
        """Return whether it can be asked for a number of a carrier (``post``, ``usps``, …; empty where not known)."""
        ...

    def address(self, details: Mapping[str, str]) -> str:
        """Return the base address of its calls, without a slash at the end."""
        ...

    def sign(self, call: Call, details: Mapping[str, str], token: str) -> Mapping[str, str]:
        """Return the headers that prove who makes a call; ``token`` is empty for who needs none."""
        ...

    def track(self, asks: Sequence[Ask], *, now: datetime) -> Calls:
        """Return the calls for at most ``pace.numbers`` numbers; they raise ``TrackingError``.

        What is returned tells of each number that was asked for, once and in that order. ``now`` is when it is
        received. With a number that it is told to watch first, a provider is told so in the same calls.
        """
        ...


@runtime_checkable
class Tokened(Protocol):
    """A provider that gives a token for the account's secrets."""

    def token(self, details: Mapping[str, str]) -> TokenCalls:
        """Return the calls that get one; they are not signed by :meth:`Tracker.sign`."""
        ...


@runtime_checkable
class Addressed(Protocol):
    """A provider that wants something of the account in the address itself, such as a key as its last part.

    Addresses are logged: what is told of a call names it as :meth:`Tracker.track` made it, without that part.
    """

    def addressed(self, call: Call, details: Mapping[str, str]) -> Call:
        """Return a call with its address whole, as it is sent and nowhere told."""
        ...


@runtime_checkable
class Messenger(Protocol):
    """A provider that tells by messages to an address of ours.

    ``proves`` names the field of an account whose value is the secret of its messages.
    """

    @property
    def proves(self) -> str:
        """The field that holds the secret."""
        ...

    def read(
        self, body: bytes, headers: Mapping[str, str], secrets: Sequence[str], *, now: datetime
    ) -> tuple[Told, ...]:
        """Return what a message tells; ``SignatureError`` unless one of the secrets proves it.

        ``headers`` are by their names in lower case. An empty secret proves nothing. A message that is proved and tells
        of nothing that we follow is no error: it tells nothing. A body that is not what the provider describes is
        ``TrackingError`` with *garbage*.
        """
        ...


@runtime_checkable
class Transport(Protocol):
    """Carries one call; raises ``TrackingError`` where no reply came.

    A provider that is one itself carries its own calls and needs no network: the sandbox.
    """

    def send(self, call: Call) -> Reply:
        """Return the reply, whatever its status."""
        ...


def converse(calls: Calls | TokenCalls, transport: Transport) -> Any:  # noqa: ANN401 - what the calls return
    """Make calls one after the other and return what they come to."""
    try:
        call = next(calls)
        while True:
            try:
                reply = transport.send(call)
            except TrackingError as error:
                call = calls.throw(error)
            else:
                call = calls.send(reply)
    except StopIteration as end:
        return end.value


def must_be_well(reply: Reply, call: Call) -> None:
    """Raise ``TrackingError`` for a reply that is not good, by what its status says."""
    if reply.status in _GOOD:
        return
    detail = f"{call.method} {call.path.partition('?')[0]} answered {reply.status}"
    if reply.status in _UNSIGNED:
        raise TrackingError("unsigned", detail)
    if reply.status == _BUSY:
        raise TrackingError("busy", detail, wait_s=reply.wait_s)
    if reply.status >= _SERVERS_FAULT:
        raise TrackingError("unavailable", detail, wait_s=reply.wait_s)
    raise TrackingError("refused", detail)


def object_of(body: bytes) -> dict[str, Any]:
    """Return the object that a body is in JSON; *garbage* for anything else, numbers that are none among it."""
    try:
        value = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise TrackingError("garbage", "the answer is not JSON") from error
    if not isinstance(value, dict):
        raise TrackingError("garbage", "the answer is no object of JSON")
    return value


def text_in(value: Mapping[str, Any], name: str) -> str | None:
    """Return a text of an answer, ``None`` where there is none that says anything; no more of it than is readable."""
    found = value.get(name)
    if not isinstance(found, str) or not found.strip():
        return None
    return found.strip()[:_MAX_CHARS]


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")
