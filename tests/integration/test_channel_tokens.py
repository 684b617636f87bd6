"""Tokens that run out: renewed once at a server that speaks as MercadoLibre's token end point; on both databases.

The shape is that of MercadoLibre's page on authentication: a form in, tokens out, a refresh token good for one renewal,
and ``invalid_grant`` for one that was used up.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from sqlalchemy import select, update

from listings.pushing.port import Call, PushError
from shopkit.models import ChannelAccount
from shopkit.services import channel_accounts, channel_tokens, pushes
from shopkit.services.actors import Actor
from shopkit.services.holding import new_holder
from shopkit.services.problems import RequestError
from tests.pushing import catalog, later, open_shop, seller
from tests.shop import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shopkit.pushing.sandbox import Twin
    from shopkit.services.channel_tokens import Keyring
    from shopkit.services.context import Services

APP = {"client_id": "77", "client_secret": "app-secret"}
HOURS_S = 21_600


class Channel:
    """MercadoLibre at an address of this machine: items for who has the newest token, tokens for who may renew."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        self.address = ""
        self.access, self.refresh, self.number = "APP_USR-0", "TG-0", 0
        self.asked: list[dict[str, str]] = []
        self.calls: list[tuple[str, str]] = []
        self.down = False
        self.meanwhile: Callable[[], object] = lambda: None

    def token(self, form: dict[str, str]) -> tuple[int, bytes]:
        """Answer a renewal."""
        self.asked.append(form)
        self.meanwhile()
        if self.down:
            return 503, b"<html>"
        app = {name: form.get(name) for name in APP}
        if form.get("grant_type") != "refresh_token" or app != APP or form.get("refresh_token") != self.refresh:
            refusal = {"message": "Error validating grant.", "error": "invalid_grant", "status": 400, "cause": []}
            return 400, json.dumps(refusal).encode()
        self.number += 1
        self.access, self.refresh = f"APP_USR-{self.number}", f"TG-{self.number}"
        tokens = {"access_token": self.access, "token_type": "bearer", "expires_in": HOURS_S}
        more = {"scope": "offline_access read write", "user_id": 8_035_443, "refresh_token": self.refresh}
        return 200, json.dumps({**tokens, **more}).encode()

    def call(self, method: str, path: str, token: str, body: bytes) -> tuple[int, bytes]:
        """Answer a call."""
        self.calls.append((f"{method} {path}", token))
        if token != self.access:
            return 401, b'{"message":"invalid access token","error":"unauthorized","status":401}'
        reply = self.twin.send(Call(method, path, body))  # type: ignore[arg-type]  # one of the methods
        return reply.status, reply.body


@contextmanager
def served(channel: Channel) -> Iterator[None]:
    """Serve a channel while the test lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/oauth/token":
                said = {name: values[0] for name, values in parse_qs(body.decode()).items()}
                status, answer = channel.token(said)
            else:
                token = self.headers["Authorization"].removeprefix("Bearer ")
                status, answer = channel.call("POST", self.path, token, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    channel.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def services(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Return the services of one shop on either database; every test sells as somebody else."""
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    with open_shop(tmp_path_factory.mktemp("shop"), server) as found:
        yield found


@pytest.fixture
def channel(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Channel]:
    """Return the channel that the shop reaches for MercadoLibre, in the morning."""
    services.now.now = NOW  # type: ignore[attr-defined]  # a clock of tests
    real = channel_accounts.channels()["mercadolibre"]
    found = Channel(real.twin())  # type: ignore[arg-type]  # a twin is a transport
    assert real.renewal is not None
    here = replace(
        real, address=lambda _: found.address, renewal=replace(real.renewal, address=lambda _: found.address)
    )
    monkeypatch.setattr(channel_accounts, "channels", lambda: {"mercadolibre": here})
    with served(found):
        yield found


def connected(services: Services, actor: Actor, **more: Any) -> channel_accounts.Account:
    """Connect an account by what MercadoLibre answered when its seller agreed."""
    said = {"access_token": "APP_USR-0", "refresh_token": "TG-0", "expires_in": HOURS_S, **APP, **more}
    return channel_accounts.connect(services, actor, "mercadolibre", "Taller MX", json.dumps(said))


def sent(services: Services, actor: Actor, feed: str) -> pushes.Run:
    """Send a catalog over HTTP."""
    return pushes.run(services, actor, pushes.create(services, actor, feed).id)


def kept(services: Services, account: channel_accounts.Account) -> tuple[str, str, Any]:
    """Return what is sealed: both tokens, and when the first runs out."""
    with services.database.reading() as session:
        found = channel_tokens.read(services, session.get_one(ChannelAccount, account.id))
    return found.access_token, found.refresh_token, found.until


def ring(services: Services, account: channel_accounts.Account, **more: Any) -> Keyring:
    """Return the keys of an account as a push opens them."""
    with services.database.reading() as session:
        owner = session.scalars(select(ChannelAccount.seller_id).where(ChannelAccount.id == account.id)).one()
    transport: Any = channel_accounts.open_transport(services, Actor(owner, "owner"), account)
    found: Keyring = transport.renew.__self__
    return replace(found, **more)


def test_a_token_is_renewed_before_it_runs_out_and_the_next_refresh_token_is_kept(
    services: Services, channel: Channel
) -> None:
    """Twice in a row: what came with the first renewal is what the second one asks with."""
    actor = seller(services)
    account = connected(services, actor)
    for sku, hours in (("A", 0), ("B", 5.99), ("C", 5.99)):
        later(services, hours=hours)
        assert sent(services, actor, catalog(services, actor, sku)).counts == {"done": 1}

    assert [one["refresh_token"] for one in channel.asked] == ["TG-0", "TG-1"]
    assert [token for call, token in channel.calls if call == "POST /items"] == ["APP_USR-0", "APP_USR-1", "APP_USR-2"]
    assert kept(services, account) == ("APP_USR-2", "TG-2", NOW + timedelta(hours=2 * 5.99, seconds=HOURS_S))


def test_a_token_that_is_not_taken_any_more_is_renewed_and_the_call_made_again(
    services: Services, channel: Channel
) -> None:
    """A seller who changed the password ends a token before its time; the row is sent all the same, once."""
    actor, channel.access = seller(services), "APP_USR-other"
    connected(services, actor)

    assert sent(services, actor, catalog(services, actor, "A")).counts == {"done": 1}
    assert [call for call, _ in channel.calls] == ["POST /items", "POST /items", "POST /items/MLM1/description"]
    assert len(channel.twin.kept) == 1


def test_without_an_access_token_the_first_one_is_asked_for(services: Services, channel: Channel) -> None:
    """An account may be connected by what renews alone."""
    actor = seller(services)
    account = connected(services, actor, access_token="", expires_in=0)

    assert sent(services, actor, catalog(services, actor, "A")).counts == {"done": 1}
    assert (kept(services, account)[:2], account.expires_at, len(channel.asked)) == (("APP_USR-1", "TG-1"), None, 1)


def test_two_at_once_use_a_refresh_token_once(services: Services, channel: Channel) -> None:
    """The second finds the first at it, waits, and reads what the first was given."""
    account = connected(services, seller(services))
    asked, waiting = threading.Event(), threading.Event()

    def meanwhile() -> None:
        asked.set()
        assert waiting.wait(10)

    channel.meanwhile = meanwhile

    def sleep(seconds: float) -> None:
        waiting.set()
        time.sleep(seconds)

    one, other = ring(services, account), ring(services, account, sleep=sleep)
    first = threading.Thread(target=one.renew)
    first.start()
    assert asked.wait(10)
    assert other.renew()
    first.join()

    assert (len(channel.asked), one.token(), other.token()) == (1, "APP_USR-1", "APP_USR-1")


def test_who_comes_late_reads_what_another_renewed(services: Services, channel: Channel) -> None:
    """A process that holds the token of before asks for no other."""
    account = connected(services, seller(services))
    one, other = ring(services, account), ring(services, account)

    assert (one.renew(), other.renew(), len(channel.asked), other.token()) == (True, True, 1, "APP_USR-1")


def test_a_renewal_whose_process_died_is_taken_up(services: Services, channel: Channel) -> None:
    """Nobody waits for who is gone."""
    account = connected(services, seller(services))
    gone = new_holder().split(":")
    with services.database.writing.begin() as session:
        holder = ":".join((gone[0], "4194305", gone[2]))
        session.execute(update(ChannelAccount).values(renewing_by=holder, renewing_at=NOW))

    assert (ring(services, account).renew(), len(channel.asked)) == (True, 1)


def test_who_is_at_it_too_long_is_not_waited_for(services: Services, channel: Channel) -> None:
    """A process of another machine that holds on makes the row one to try again."""
    account = connected(services, seller(services))
    with services.database.writing.begin() as session:
        session.execute(update(ChannelAccount).values(renewing_by="elsewhere:1:a", renewing_at=NOW))
    looks: list[float] = []
    with pytest.raises(PushError, match="another process is renewing"):
        ring(services, account, sleep=looks.append).renew()

    assert (len(looks), channel.asked) == (150, [])


def test_what_cannot_be_renewed_has_to_be_connected_again(services: Services, channel: Channel) -> None:
    """The run halts, nobody asks with a used-up token twice, and a new connection ends it."""
    actor, channel.refresh, channel.access = seller(services), "TG-other", "APP_USR-other"
    connected(services, actor)
    feed = catalog(services, actor, "A", "B")
    halted = sent(services, actor, feed)
    with pytest.raises(RequestError) as refused:
        pushes.create(services, actor, feed)
    connected(services, actor, access_token="APP_USR-other", refresh_token="TG-other")
    done = sent(services, actor, feed)

    assert (halted.state, halted.why, halted.counts, len(channel.asked)) == ("halted", "unsigned", {}, 1)
    assert [one.code for one in refused.value.problems] == ["push.account_over"]
    assert (done.id, done.counts) == (halted.id, {"done": 2})


def test_an_end_point_that_is_down_ends_nothing(services: Services, channel: Channel) -> None:
    """The row waits for a better day, with its refresh token unused."""
    actor, channel.down = seller(services), True
    account = connected(services, actor)
    later(services, hours=6)
    feed = catalog(services, actor, "A")
    failed = sent(services, actor, feed)
    channel.down = False

    assert (failed.counts, channel.calls, kept(services, account)[:2]) == ({"failed": 1}, [], ("APP_USR-0", "TG-0"))
    assert sent(services, actor, feed).counts == {"done": 1}


def test_an_account_connected_meanwhile_stays_as_it_is(services: Services, channel: Channel) -> None:
    """What its seller gave while we asked is newer than what we were given."""
    actor = seller(services)
    account = connected(services, actor)

    def meanwhile() -> None:
        connected(services, actor, access_token="APP_USR-new", refresh_token="TG-new")

    channel.meanwhile = meanwhile
    ring(services, account).renew()

    assert kept(services, account)[:2] == ("APP_USR-new", "TG-new")


def test_without_the_application_nothing_is_asked(services: Services, channel: Channel) -> None:
    """A refresh token alone renews nothing: the account runs out on its day, and is told to be connected again."""
    actor, channel.access = seller(services), "APP_USR-other"
    account = connected(services, actor, client_secret="")
    halted = sent(services, actor, catalog(services, actor, "A"))

    assert (account.expires_at, halted.why, channel.asked) == (NOW + timedelta(seconds=HOURS_S), "unsigned", [])


def test_no_word_of_a_token_is_told(services: Services, channel: Channel) -> None:
    """Neither the keys nor an error shows one."""
    account = connected(services, seller(services))
    found = ring(services, account)
    channel.down = True
    with pytest.raises(PushError) as caught:
        found.renew()

    assert [word in repr(found) + repr(caught.value) for word in ("APP_USR-0", "TG-0", "app-secret")] == [False] * 3
