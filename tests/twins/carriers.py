"""What the twins of providers of tracking share: a server on loopback, a journal, and every way an answer goes wrong.

A twin answers by :meth:`Carrier.answer`. Nothing in here comes from the application, and nothing in it may.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW: Final = datetime(2026, 11, 23, 15, 4, 5, tzinfo=UTC)
# What becomes of the next request: nothing for "". Before the twin does anything: busy* (429, with seconds, a
# date, or silent), down (503), error (500), unsigned (401), forbidden (403), redirect. Instead of its answer: page
# (HTML with 200), cut (half of it), empty, large (no end), slow (a byte at a time), drop (the connection is closed).
FAULTS: Final = (
    "",
    *("busy", "busy_date", "busy_mute", "down", "error", "unsigned", "forbidden", "redirect"),
    *("page", "cut", "empty", "large", "slow", "drop"),
)
_STATUS: Final = {"busy_mute": 429, "down": 503, "error": 500, "unsigned": 401, "forbidden": 403}


@dataclass(frozen=True)
class Asked:
    """A request as it came; ``query`` in its order, the names of headers in small letters."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Answered:
    """An answer."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"


class Carrier:
    """A provider of tracking that runs for a while: ``url`` is its address, ``journal`` what it was asked.

    ``faults`` are what becomes of the next requests, one each (see ``FAULTS``); ``planted`` are lies that the twin
    tells until they are taken out again, by names of its own.
    """

    details: dict[str, str]

    def __init__(self) -> None:
        self.url = ""
        self.journal: list[Asked] = []
        self.faults: deque[str] = deque()
        self.planted: set[str] = set()
        self.now = NOW
        self.lock = Lock()
        self.over = Event()

    def answer(self, asked: Asked) -> Answered:
        """Return what is answered to a request."""
        raise NotImplementedError

    def fail(self, *faults: str) -> None:
        """Let the next requests go wrong, one each."""
        if wrong := set(faults) - set(FAULTS):
            raise ValueError(f"{wrong}: one of {', '.join(FAULTS)}")
        self.faults.extend(faults)

    def refuse_tokens(self) -> None:
        """Take no token any more that was given out before."""

    def paths(self) -> list[str]:
        """Return the paths that were asked for."""
        return [asked.path for asked in self.journal]


class _Handler(BaseHTTPRequestHandler):
    carrier: Carrier
    protocol_version = "HTTP/1.1"
    # Head and body leave together and at once; else each answer waits for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PUT(self) -> None:
        self._answer("PUT")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def _answer(self, method: str) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(method, parts.path, tuple(parse_qsl(parts.query, keep_blank_values=True)), headers, body)
        carrier = self.carrier
        with carrier.lock:
            carrier.journal.append(asked)
            fault = carrier.faults.popleft() if carrier.faults else ""
            found = self._fault(fault) or carrier.answer(asked)
        if fault == "drop":
            self.close_connection = True
            return
        # Who asks may be gone in the middle of it.
        with suppress(OSError):
            self._say(found, fault)

    def _fault(self, fault: str) -> Answered | None:
        """Return what is answered before the twin did anything."""
        if fault == "busy":
            return Answered(429, b"{}", {"Retry-After": "7"})
        if fault == "busy_date":
            later = format_datetime(self.carrier.now + timedelta(seconds=90), usegmt=True)
            return Answered(429, b"{}", {"Retry-After": later})
        if fault == "redirect":
            return Answered(302, b"", {"Location": f"{self.carrier.url}/elsewhere"})
        return Answered(_STATUS[fault], b"{}") if fault in _STATUS else None

    def _say(self, found: Answered, fault: str) -> None:
        body = found.body
        if fault == "page":
            body = b"<!doctype html><title>Sorry</title><p>Scheduled maintenance"
        if fault in ("cut", "empty"):
            body = body[: len(body) // 2] if fault == "cut" else b""
        self.send_response(found.status)
        self.send_header("Content-Type", "text/html" if fault == "page" else found.kind)
        for name, value in found.headers.items():
            self.send_header(name, value)
        if fault in ("large", "slow"):
            self.send_header("Connection", "close")
            self.end_headers()
            self._never_end(body, fault)
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _never_end(self, body: bytes, fault: str) -> None:
        self.close_connection = True
        while not self.carrier.over.is_set():
            if fault == "large":
                self.wfile.write(b" " * 65_536)
            else:
                self.wfile.write(body[:1] or b" ")
                self.wfile.flush()
                self.carrier.over.wait(0.01)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        """Say nothing; the journal has it."""


Twin = TypeVar("Twin", bound=Carrier)


@contextmanager
def running(carrier: Twin) -> Iterator[Twin]:
    """Run a twin on this machine for a while."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"carrier": carrier}))
    server.daemon_threads = True
    carrier.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield carrier
    finally:
        carrier.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
