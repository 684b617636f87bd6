"""The way to a provider: tokens that threads share, addresses that are public, and nothing secret in what is told."""

from __future__ import annotations

import threading
import traceback
from typing import Any

import pytest
import requests

from shopkit.guarded import guarded_session
from shopkit.tracking import sandbox
from shopkit.tracking.port import Ask, Call, Token, TrackingError, converse
from shopkit.tracking.transport import HttpTransport, Tokens, connected
from shopkit.tracking.upu import TRACKER as UPU
from shopkit.tracking.usps import TRACKER as USPS
from tests.twins.carriers import NOW, running
from tests.twins.upu import Upu
from tests.twins.usps import Usps

NUMBER = "9400109104250532908587"


def way(twin: Any, tracker: Any = USPS) -> HttpTransport:
    """Return the way to a twin."""
    return HttpTransport(tracker, twin.details, twin.url, session=requests.Session())


class TestTokens:
    """A token is kept as long as it is taken."""

    def test_not_to_its_last_second(self) -> None:
        """It is let go two minutes early; one without a time is kept."""
        time = [0.0]
        tokens = Tokens(clock=lambda: time[0])
        tokens.put(Token("a", 600.0))
        held = []
        for time[0] in (479.0, 480.0):
            held.append(tokens.get())
        tokens.put(Token("b"))
        time[0] = 1e9

        assert [*held, tokens.get()] == ["a", "", "b"]

    def test_threads_share_one(self) -> None:
        """Eight threads that find a token refused get one new one between them."""
        with running(Usps()) as twin:
            twin.lay(NUMBER, "posted")
            over = way(twin)
            converse(USPS.track([Ask(NUMBER)], now=NOW), over)
            twin.refuse_tokens()
            told: list[str] = []

            def ask() -> None:
                told.extend(one.outcome for one in converse(USPS.track([Ask(NUMBER)], now=NOW), over))

            threads = [threading.Thread(target=ask) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        assert (told, twin.given) == (["told"] * 8, 2)

    def test_kept_elsewhere(self) -> None:
        """Who keeps tokens gives them to two ways: one is asked for."""
        tokens = Tokens()
        with running(Usps()) as twin:
            for _ in range(2):
                over = HttpTransport(USPS, twin.details, twin.url, session=requests.Session(), tokens=tokens)
                converse(USPS.track([Ask(NUMBER)], now=NOW), over)

        assert twin.given == 1


class TestAddresses:
    """Where calls go."""

    def test_the_providers_own(self) -> None:
        """An account is connected to its provider's address, over the public internet alone."""
        over = connected(USPS, {"environment": "tem"})

        assert isinstance(over, HttpTransport)
        assert (over.base_url, type(over.session.get_adapter("https://x"))) == (
            "https://apis-tem.usps.com",
            type(guarded_session().get_adapter("https://x")),
        )

    def test_an_address_inside(self) -> None:
        """A name that stands for an address of ours is not connected to, nor is a plain address."""
        reasons = []
        for address in ("https://localhost", "http://127.0.0.1:9"):
            over = HttpTransport(UPU, {"key": "k"}, address)
            with pytest.raises(TrackingError) as caught:
                over.send(Call("GET", "/RB123456785GT"))
            reasons.append(caught.value.reason)

        assert reasons == ["unavailable"] * 2
        with pytest.raises(requests.ConnectionError, match="no public address"):
            guarded_session().get("https://localhost/", timeout=1)

    def test_a_failure_to_connect_repeats_no_key(self) -> None:
        """What is logged of a call that reached nobody, down to what it came from, has no address with a key in it."""
        with running(Upu()) as twin:
            over = way(twin, UPU)
        # The twin is gone: its port is closed.
        with pytest.raises(TrackingError) as caught:
            converse(UPU.track([Ask("RB123456785GT")], now=NOW), over)
        logged = "".join(traceback.format_exception(caught.value))

        assert (caught.value.reason, "upu-key-1" in logged) == ("unavailable", False)

    def test_who_carries_its_own(self) -> None:
        """The sandbox is given its calls, signed, and no network."""
        call = Call("POST", "/parcels", body=b'{"as_of": "2026-11-23T00:00:00+00:00", "parcels": []}')
        reply = connected(sandbox.TRACKER, {}, session=None).send(call)

        assert (reply.status, reply.body) == (200, b'{"parcels": []}')

    def test_the_key_reaches_the_post(self) -> None:
        """What belongs in the address is there when it is sent, and not in what is told of a failure."""
        with running(Upu()) as twin:
            twin.fail("", "down")
            over = way(twin, UPU)
            converse(UPU.track([Ask("RB123456785GT")], now=NOW), over)
            with pytest.raises(TrackingError) as caught:
                converse(UPU.track([Ask("RB123456785GT")], now=NOW), over)

        assert twin.paths() == ["/RB123456785GT/upu-key-1"] * 2
        assert caught.value.detail == "GET /RB123456785GT answered 503"
