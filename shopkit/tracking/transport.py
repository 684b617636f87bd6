"""Calls to a provider of tracking over HTTP: one try, signed, its token got when it is needed and renewed once.

What a provider asks to wait is told and not waited for: when to ask again is the affair of who polls.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import requests
import urllib3

from shopkit.guarded import guarded_session
from shopkit.outside import LargeBodyError, Limits, SlowBodyError, ask
from shopkit.tracking.port import Addressed, Reply, Token, Tokened, TrackingError, Transport, converse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shopkit.tracking.port import Call, Provider

_BARE: Final = frozenset({"GET", "DELETE"})
_UNSIGNED: Final = (401, 403)
# A token is not used to its last second: its next use may be in the middle of a batch.
_EARLY_S: Final = 120.0


@dataclass(slots=True)
class Tokens:
    """Keeps an account's token in the process; whoever keeps it elsewhere gives ``get`` and ``put`` of their own."""

    clock: Callable[[], float] = time.monotonic
    _value: str = field(default="", repr=False)
    _until: float = 0.0

    def get(self) -> str:
        """Return the token, empty where there is none that will be taken."""
        return self._value if self.clock() < self._until else ""

    def put(self, token: Token) -> None:
        """Keep a token; one that does not say how long it is taken is kept until it is refused."""
        lasts_s = float("inf") if token.lasts_s is None else max(0.0, token.lasts_s - _EARLY_S)
        self._value, self._until = token.value, self.clock() + lasts_s


@dataclass(slots=True)
class HttpTransport:
    """Calls of one account to its provider at ``base_url`` (the provider's own address, or that of a twin).

    Two threads that find a token refused get one new one between them.
    """

    tracker: Provider
    details: Mapping[str, str] = field(repr=False)
    base_url: str
    session: requests.Session = field(default_factory=guarded_session)
    tokens: Tokens = field(default_factory=Tokens)
    # A parcel of ten thousand events is a few megabytes.
    limits: Limits = field(default_factory=lambda: Limits(largest_bytes=16_000_000))
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def send(self, call: Call) -> Reply:
        """Return the reply; ``TrackingError`` where none came, or where the account gets no token."""
        token = self._token()
        reply = self._once(call, token)
        if reply.status in _UNSIGNED and isinstance(self.tracker, Tokened):
            return self._once(call, self._token(refused=token))
        return reply

    def _token(self, *, refused: str | None = None) -> str:
        """Return a token, asking for a new one where there is none or the one there is was refused."""
        if not isinstance(self.tracker, Tokened):
            return ""
        with self._lock:
            held = self.tokens.get()
            if held and held != refused:
                return held
            token: Token = converse(self.tracker.token(self.details), _Bare(self))
            self.tokens.put(token)
            return token.value

    def _once(self, call: Call, token: str) -> Reply:
        return self.carry(call, self.tracker.sign(call, self.details, token))

    def carry(self, call: Call, headers: Mapping[str, str]) -> Reply:
        """Send a call as it is, with the headers that sign it; a provider that carries its own calls is given it."""
        if isinstance(self.tracker, Transport):
            return self.tracker.send(replace(call, headers={**call.headers, **headers}))
        at = self.tracker.addressed(call, self.details) if isinstance(self.tracker, Addressed) else call
        more: dict[str, Any] = {"params": list(at.query)} if at.query else {}
        sent = {"Accept": "application/json", **at.headers, **headers}
        if at.body or at.method not in _BARE:
            more["data"] = at.body
            sent = {"Content-Type": "application/json", **sent}
        try:
            answer = ask(
                self.session, at.method, f"{self.base_url}{at.path}", self.limits, self.now(), headers=sent, **more
            )
        except LargeBodyError as error:
            raise TrackingError("garbage", f"answered {error}") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, SlowBodyError) as error:
            # The class alone: the text of these errors may repeat an address with a key in it.
            raise TrackingError("unavailable", f"no answer could be read: {type(error).__name__}") from None
        return Reply(answer.status, answer.body, answer.wait_s)


@dataclass(frozen=True, slots=True)
class _Bare:
    """The same way, for the calls that get a token: they sign themselves."""

    over: HttpTransport

    def send(self, call: Call) -> Reply:
        return self.over.carry(call, {})


def connected(tracker: Provider, details: Mapping[str, str], **more: Any) -> Transport:  # noqa: ANN401 - as HttpTransport has it
    """Return the way to a provider for an account, at the address that the provider has for it.

    The session connects to the public internet alone: some providers' addresses are given by sellers. A provider that
    carries its own calls is signed for all the same, and its token renewed, so that it can be tried how that goes.
    """
    return HttpTransport(tracker, details, tracker.address(details), **more)
