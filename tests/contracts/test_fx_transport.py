"""The transport of exchange rates against a real server on loopback: slow, failing, broken and half answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest
import requests

from landed_cost.rates import load_rates
from shopkit.fx.generic import GenericJsonRates
from shopkit.fx.port import HttpRequest, RateSourceRefusedError, RateSourceUnavailableError, renew
from shopkit.fx.transport import RequestsTransport

GOOD = b'{"date": "2026-11-20", "usd": {"mxn": 18.25}}'
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Server(ThreadingHTTPServer):
    """A server that plays one answer per request from a script, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self, script: list[str]) -> None:
        self.script = script
        self.asked: list[tuple[str, str | None]] = []
        self.stop = Event()
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """Return the server's address."""
        return f"http://127.0.0.1:{self.server_port}/usd.json"


class Handler(BaseHTTPRequestHandler):
    """What each word of a script does."""

    server: Server

    def do_GET(self) -> None:
        """Play the next word; the last one stays."""
        script = self.server.script
        self.server.asked.append((self.path, self.headers.get("Bmx-Token")))
        word, _, detail = (script.pop(0) if len(script) > 1 else script[0]).partition(" ")
        if word == "good":
            self.answer(200, GOOD)
        elif word == "garbage":
            self.answer(200, b"<html>maintenance</html>")
        elif word == "status":
            self.answer(int(detail), b"no")
        elif word == "later":
            self.answer(503, b"no", ("Retry-After", detail))
        elif word == "moved":
            self.answer(302, b"", ("Location", detail))
        elif word == "half":
            self.answer(200, GOOD[:20], ("Content-Length", str(len(GOOD))))
        elif word == "pause":
            self.answer(200, GOOD[:20], ("Content-Length", str(len(GOOD))))
            self.server.stop.wait(5)
        elif word == "mute":
            self.server.stop.wait(5)
        elif word == "drip":
            self.drip()

    def drip(self) -> None:
        """Send a byte now and then, each well within the time that one wait for bytes may take."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        while not self.server.stop.wait(0.05):
            try:
                self.wfile.write(b" ")
            except OSError:
                return

    def answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        """Send one answer and close."""
        self.send_response(status)
        names = {name for name, _ in headers}
        if "Content-Length" not in names:
            self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Keep the test's output clean."""


@contextmanager
def serving(*script: str) -> Iterator[Server]:
    """Run a server with a script for a while."""
    server = Server(list(script))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.stop.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """Return a session that is closed afterwards and heeds no proxy of the environment."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def waits() -> list[float]:
    """Return the list that collects how long the transport would have slept."""
    return []


@pytest.fixture
def transport(session: requests.Session, waits: list[float]) -> RequestsTransport:
    """Return a transport that is quick to give up and never sleeps."""
    return RequestsTransport(
        session, timeout_s=0.3, deadline_s=0.4, sleep=waits.append, jitter=lambda: 0.5, now=lambda: NOW
    )


def get(transport: RequestsTransport, server: Server) -> bytes:
    """Ask the server once, with a key in a header."""
    return transport.get("bank", HttpRequest(server.url, {"day": "1"}, {"Bmx-Token": "secret"}))


def test_good_answer(transport: RequestsTransport, waits: list[float]) -> None:
    """A good answer comes back whole at the first try; parameters and headers have gone out."""
    with serving("good") as server:
        assert get(transport, server) == GOOD

    assert server.asked == [("/usd.json?day=1", "secret")]
    assert waits == []


def test_retries_with_growing_random_waits(transport: RequestsTransport, waits: list[float]) -> None:
    """A passing failure is tried again, after a random share of one second, then of two."""
    with serving("status 500", "half", "good") as server:
        assert get(transport, server) == GOOD

    assert waits == [0.5, 1.0]


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("status 500", "bank: answered 500 (3 tries)"),
        ("status 429", "bank: answered 429 (3 tries)"),
        ("mute", "bank: did not answer in time (3 tries)"),
        ("drip", "bank: did not answer in time (3 tries)"),
        ("pause", "bank: did not answer in time (3 tries)"),
        ("half", "bank: could not be read: ProtocolError (3 tries)"),
    ],
)
def test_lasting_trouble(transport: RequestsTransport, word: str, reason: str) -> None:
    """Trouble that lasts is given up after three tries, with the reason and without the key."""
    with serving(word) as server, pytest.raises(RateSourceUnavailableError) as caught:
        get(transport, server)

    assert str(caught.value) == reason
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("status 404", "bank: answered 404"),
        ("status 401", "bank: answered 401"),
        ("moved https://elsewhere.example/", "bank: answered 302 towards https://elsewhere.example/"),
    ],
)
def test_lasting_refusal_is_not_repeated(transport: RequestsTransport, word: str, reason: str) -> None:
    """A status that will not change by asking again is not asked again; a redirect is named and not followed."""
    with serving(word) as server, pytest.raises(RateSourceUnavailableError) as caught:
        get(transport, server)

    assert str(caught.value) == reason
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("7", 7.0),
        ("Mon, 23 Nov 2026 12:00:12 GMT", 12.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 12:00:12 -0000", 0.5),  # no zone known: our own wait
        ("soon", 0.5),
    ],
)
def test_retry_after(transport: RequestsTransport, waits: list[float], asked: str, waited: float) -> None:
    """The source's own wish for a wait is kept, in seconds or as a date; one that makes no sense is passed over."""
    with serving(f"later {asked}", "good") as server:
        assert get(transport, server) == GOOD

    assert waits == [waited]


def test_long_wait_is_not_waited(transport: RequestsTransport, waits: list[float]) -> None:
    """A source that wants to be left alone for an hour is left alone: nobody's request waits that long."""
    with serving("later 3600") as server, pytest.raises(RateSourceUnavailableError) as caught:
        get(transport, server)

    assert str(caught.value) == "bank: answered 503 (1 try)"
    assert waits == []


def test_size_limit(session: requests.Session) -> None:
    """An answer beyond the limit of size is dropped on the way."""
    transport = RequestsTransport(session, largest_bytes=10)

    with serving("good") as server, pytest.raises(RateSourceUnavailableError, match="more than 10 bytes"):
        get(transport, server)


def test_nobody_there(transport: RequestsTransport) -> None:
    """A closed port is trouble like any other, and the address with its key is not repeated in the reason."""
    with serving("good") as server:
        pass

    with pytest.raises(RateSourceUnavailableError) as caught:
        get(transport, server)

    assert str(caught.value) == "bank: could not be read: ConnectionError (3 tries)"


def test_a_source_over_the_wire(transport: RequestsTransport) -> None:
    """An adapter over the real transport renews a table; garbage over the wire leaves it as it was."""
    old = load_rates("base,quote,rate,date,kind,source\nUSD,MXN,18,2026-09-29,market,old\n")

    with serving("good", "garbage") as server:
        source = GenericJsonRates(transport, server.url, "USD", "usd", today=lambda: date(2026, 11, 23))
        renewed = renew(old, source)
        kept = renew(renewed.table, source)

    assert renewed.table.as_of == date(2026, 11, 20)
    assert kept.table is renewed.table
    assert isinstance(kept.problem, RateSourceRefusedError)


def test_default_clock_is_utc() -> None:
    """Without another clock the transport reads the real one, in UTC."""
    assert RequestsTransport().now().tzinfo is UTC
