"""The ways to engines: HTTP with deadlines and bounded tries, and a program that is run and never outlives its time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import requests
import urllib3

from shopkit.outside import LargeBodyError, SlowBodyError, asked_wait, read_body
from translations.engines.port import PASSING, Command, EngineError, HttpRequest, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from translations.engines.port import Answer, Engine, Question

_UNSIGNED: Final = 401


def nothing() -> Mapping[str, str]:
    """Return no headers: most engines have theirs from the start."""
    return {}


@dataclass(slots=True)
class Pace:
    """Keeps ``pause_s`` between the starts of two calls, whichever thread makes them."""

    pause_s: float = 0.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _next: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self) -> None:
        """Wait until this call may start."""
        if not self.pause_s:
            return
        with self._lock:
            start = max(self.clock(), self._next)
            self._next = start + self.pause_s
        if start > self.clock():
            self.sleep(start - self.clock())


@dataclass(frozen=True, slots=True)
class HttpTransport:
    """POST through one ``requests.Session``; asking for a translation again does no harm but what it costs.

    ``timeout_s`` limits connecting and each wait for bytes, ``deadline_s`` one whole answer. Between tries: a random
    share of 1 s, 2 s, …, or what ``Retry-After`` asks if that is not above ``longest_wait_s``. A redirect is not
    followed. ``headers`` are got for each try; ``renew`` is called once where they are no longer taken.
    """

    session: requests.Session = field(default_factory=requests.Session)
    timeout_s: float = 10.0
    deadline_s: float = 30.0
    tries: int = 3
    longest_wait_s: float = 20.0
    largest_bytes: int = 4_000_000
    headers: Callable[[], Mapping[str, str]] = nothing
    renew: Callable[[], None] | None = None
    pace: Pace = field(default_factory=Pace)
    sleep: Callable[[float], None] = time.sleep
    # Spreads tries of many processes over time; nothing secret hangs on it.
    jitter: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def send(self, engine: Engine, question: Question) -> Answer:
        """Return what the engine read in the reply; ``EngineError`` after the last try."""
        renewed = False
        attempt = 1
        while True:
            reply, wait_s = None, None
            try:
                self.pace.wait()
                # Made anew for each try: some are signed with their moment.
                reply, wait_s = self._once(engine, question)
                return engine.read(question, reply)
            except EngineError as error:
                if reply is not None and reply.status == _UNSIGNED and self.renew is not None and not renewed:
                    renewed = True
                    self.renew()
                    continue
                wait_s = self.jitter() * 2 ** (attempt - 1) if wait_s is None else wait_s
                if error.reason not in PASSING or attempt >= self.tries or wait_s > self.longest_wait_s:
                    raise
                attempt += 1
                self.sleep(wait_s)

    def _once(self, engine: Engine, question: Question) -> tuple[Reply, float | None]:
        """Return the reply of one try, and how long the server asks to wait."""
        request = engine.request(question)
        if not isinstance(request, HttpRequest):
            raise TypeError(f"{engine.name} is not asked over HTTP")
        end = time.monotonic() + self.deadline_s
        try:
            with self.session.post(
                request.url,
                data=request.body,
                headers={**request.headers, **self.headers()},
                timeout=self.timeout_s,
                stream=True,
                allow_redirects=False,
            ) as response:
                body = read_body(response, end, self.largest_bytes)
                return Reply(response.status_code, body), asked_wait(response, self.now())
        except LargeBodyError as error:
            raise EngineError(engine.name, "garbage", f"answered {error}") from error
        except (requests.Timeout, urllib3.exceptions.TimeoutError, SlowBodyError) as error:
            raise EngineError(engine.name, "unavailable", "did not answer in time") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            # The class alone: the text of these errors may repeat an address with a key in it.
            raise EngineError(engine.name, "unavailable", f"could not be read: {type(error).__name__}") from error


@dataclass(frozen=True, slots=True)
class ProgramTransport:
    """Runs a program, at most ``at_once`` of them; one that takes longer than ``deadline_s`` is ended, children too.

    Nothing is tried again: what a program of this machine does not do, it does not do the next moment either.
    """

    deadline_s: float = 60.0
    at_once: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(2))

    def send(self, engine: Engine, question: Question) -> Answer:
        """Return what the engine read in the output; ``EngineError``."""
        request = engine.request(question)
        if not isinstance(request, Command):
            raise TypeError(f"{engine.name} is no program")
        end = time.monotonic() + self.deadline_s
        if not self.at_once.acquire(timeout=self.deadline_s):
            raise EngineError(engine.name, "unavailable", "too many drafts are made at once")
        try:
            return engine.read(question, self._run(engine, request, end))
        finally:
            self.at_once.release()

    def _run(self, engine: Engine, request: Command, end: float) -> Reply:
        try:
            # In a session of its own: a pipeline of a shell ends as a whole or leaves its members behind.
            process = subprocess.Popen(  # noqa: S603  # our own arguments, the text goes in through a pipe
                request.arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                start_new_session=True,
            )
        except OSError as error:
            raise EngineError(engine.name, "unavailable", f"cannot be run: {error.strerror}") from error
        try:
            output, _ = process.communicate(request.stdin, timeout=max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            raise EngineError(engine.name, "unavailable", "did not answer in time") from error
        finally:
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
        return Reply(200 if process.returncode == 0 else 500, output)
