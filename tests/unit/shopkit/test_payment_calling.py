"""Calls to providers: exact numbers, one repeat where no answer came, silence told apart from refusal."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from shopkit.payments.calling import LARGEST_BYTES, call
from shopkit.payments.port import PaymentError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Place:
    """A server that answers what it was told to, one after the other, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes, dict[str, str]]] = []
        self.got: list[tuple[str, str, dict[str, str], bytes]] = []
        self.url = ""


@pytest.fixture(scope="module")
def server() -> Iterator[Place]:
    """Return one server for all."""
    place = Place()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            place.got.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status, said, headers = place.answers.pop(0)
            if not status:
                # The line is cut.
                return
            self.send_response_only(status)
            for name, value in {"Content-Length": str(len(said)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
            """Say nothing."""

    found = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    place.url = f"http://127.0.0.1:{found.server_port}"
    thread = Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield place
    found.shutdown()
    thread.join()
    found.server_close()


@pytest.fixture
def place(server: Place) -> Place:
    """Return the server with nothing asked yet."""
    server.answers, server.got = [], []
    return server


def answer(status: int = 200, body: bytes = b"{}", **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """Return an answer; headers are named with underscores."""
    return status, body, {name.replace("_", "-"): value for name, value in headers.items()}


def test_numbers_go_and_come_as_they_are(place: Place) -> None:
    """No float comes between: what a float cannot hold arrives to the last digit."""
    place.answers = [answer(body=b'{"amount": 1234567890123456.78, "n": 3}', Date="Sat, 28 Nov 2026 10:00:00 GMT")]
    said = call("POST", place.url, {}, body={"amount": Decimal("1234567890123456.78"), "whole": Decimal(990)})
    [(_, _, headers, sent)] = place.got

    assert sent == b'{"amount":1234567890123456.78,"whole":990}'
    assert headers["content-type"] == "application/json"
    assert said.body == {"amount": Decimal("1234567890123456.78"), "n": 3}
    assert said.at == datetime(2026, 11, 28, 10, tzinfo=UTC)


@pytest.mark.parametrize("status", [0, 500, 503, 409])
def test_what_is_not_answered_is_repeated_once(place: Place, status: int) -> None:
    """The same words, at once; then it is unknown for what changes something, and not there for what reads."""
    place.answers = [answer(status), answer(201)]
    done = call("POST", place.url, {"K": "1"}, body={"a": 1}).status
    repeated = place.got[0] == place.got[1]
    reasons = []
    for changes in (True, False):
        place.answers = [answer(status), answer(status)]
        with pytest.raises(PaymentError) as caught:
            call("POST" if changes else "GET", place.url, {}, changes=changes)
        reasons.append(caught.value.reason)

    assert (done, repeated, reasons) == (201, True, ["unknown", "unavailable"])


def test_what_may_not_be_repeated_is_not(place: Place) -> None:
    """Without a key a call is made once."""
    place.answers = [answer(500), answer(201)]
    with pytest.raises(PaymentError):
        call("POST", place.url, {}, tries=1)

    assert len(place.got) == 1


@pytest.mark.parametrize(("asked", "waits"), [("7", 7.0), ("", 0.0), ("soon", 0.0)])
def test_who_is_asked_too_often_is_left_alone(place: Place, asked: str, waits: float) -> None:
    """429 was not done, and is not repeated."""
    place.answers = [answer(429, Retry_After=asked)]
    with pytest.raises(PaymentError) as caught:
        call("POST", place.url, {})

    assert (caught.value.reason, caught.value.retry_after_s, len(place.got)) == ("unavailable", waits, 1)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"\xff", b"[" * 100_000])
def test_an_answer_that_holds_no_object_holds_nothing(place: Place, body: bytes) -> None:
    """The status still stands, and the bytes for who expects a list."""
    place.answers = [answer(200, body)]
    said = call("GET", place.url, {}, changes=False)

    assert (said.body, said.raw, said.rows, said.is_done) == ({}, body, (), True)


def test_a_list_is_its_objects(place: Place) -> None:
    """What is none among them is left out."""
    place.answers = [answer(200, b'[{"a": 1.5}, 2, {"a": 3}]')]

    assert call("GET", place.url, {}, changes=False).rows == ({"a": Decimal("1.5")}, {"a": 3})


def test_a_refusal_is_returned(place: Place) -> None:
    """What it means is the adapter's to say."""
    place.answers = [answer(422, json.dumps({"name": "NO"}).encode())]
    said = call("POST", place.url, {}, query={"a": "b c"})

    assert (said.status, said.is_done, said.body) == (422, False, {"name": "NO"})
    assert place.got[0][1] == "/?a=b+c"


def test_a_redirection_is_not_followed(place: Place) -> None:
    """A token is not carried to another place."""
    place.answers = [answer(302, Location=f"{place.url}/elsewhere"), answer(200)]

    assert call("GET", place.url, {"Authorization": "Bearer x"}, changes=False).status == 302
    assert len(place.got) == 1


def test_an_endless_answer_is_none(place: Place) -> None:
    """More than anybody wants is read no further."""
    place.answers = [answer(200, b" " * (LARGEST_BYTES + 1)) for _ in range(2)]

    with pytest.raises(PaymentError, match="LargeBodyError"):
        call("GET", place.url, {}, changes=False)


def test_who_is_not_there_did_nothing_that_is_known(place: Place) -> None:
    """A port that nobody listens on; the error does not repeat what was sent."""
    del place
    given: dict[str, Any] = {"headers": {"Authorization": "Bearer secret"}, "body": {"client": "secret"}}
    with pytest.raises(PaymentError) as caught:
        call("POST", "http://127.0.0.1:9/", **given)

    assert caught.value.reason in {"unknown", "unavailable"}
    assert "secret" not in str(caught.value)
