"""Nothing is done twice for one Idempotency-Key, whoever asks at once, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from shopkit.models import IdempotencyKey, StoredQuote
from shopkit.services import keeping
from tests.processes import beginning
from tests.shop import NOW, open_shop, shirts

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier as BarrierType
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop
    from shopkit.services.context import Services

QUOTES = "/api/v1/quotes"


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Any:
    """Return a shop on an empty database of either kind."""
    made = open_shop(tmp_path, database_url=database_url)
    yield made
    made.extensions["shopkit"].database.dispose()


@pytest.fixture
def client(app: Shop) -> FlaskClient:
    """Return a client of that shop."""
    return app.test_client()


def ask(client: FlaskClient, request: Any, key: str = "k-1", path: str = QUOTES, **headers: str) -> TestResponse:
    """Send a request with an idempotency key."""
    return client.post(path, json=request, headers={"Idempotency-Key": key} | headers)


def kept(app: Shop) -> int:
    """Return how many quotes are kept."""
    with app.extensions["shopkit"].database.reading() as session:
        return len(session.scalars(select(StoredQuote.id)).all())


def code(reply: TestResponse) -> tuple[int, str]:
    """Return the status and the first words of what was said."""
    return reply.status_code, reply.get_json()["detail"].partition(";")[0]


def test_a_repeat_gets_the_first_answers_bytes(app: Shop, client: FlaskClient) -> None:
    """The same key and request give the same bytes, status and address, in the first language; one quote is kept."""
    first = ask(client, shirts(save=True))
    again = ask(client, shirts(save=True), **{"Accept-Language": "es"})

    assert first.status_code == again.status_code == 201
    assert again.data == first.data
    for name in ("Location", "Content-Language", "Content-Type"):
        assert again.headers[name] == first.headers[name]
    assert kept(app) == 1


def test_the_order_of_keys_changes_nothing(app: Shop, client: FlaskClient) -> None:
    """Two bodies that say the same JSON are the same request, however they are written."""
    request = shirts(save=True)
    first = ask(client, request)

    turned = json.dumps(dict(reversed(request.items())), indent=3)
    again = client.post(QUOTES, data=turned, content_type="application/json", headers={"Idempotency-Key": "k-1"})

    assert (again.data, kept(app)) == (first.data, 1)


def test_another_body_is_a_conflict(app: Shop, client: FlaskClient) -> None:
    """A key that was used for another request is 409, and nothing is kept."""
    ask(client, shirts(save=True))

    reply = ask(client, shirts(save=True, date="2026-07-24"))

    assert code(reply) == (409, "This key was used for another request")
    assert (reply.mimetype, kept(app)) == ("application/problem+json", 1)


def test_keys_are_apart_by_address_and_route(app: Shop, client: FlaskClient) -> None:
    """The key of one client or route says nothing to another."""
    request = shirts(save=True)
    replies = [
        ask(client, request),
        client.post(
            QUOTES, json=request, headers={"Idempotency-Key": "k-1"}, environ_base={"REMOTE_ADDR": "198.51.100.7"}
        ),
        ask(client, {"requests": [request]}, path=QUOTES + "/batch"),
    ]

    assert [reply.status_code for reply in replies] == [201, 201, 200]
    assert kept(app) == 3


@pytest.mark.parametrize("path", ["batch", "compare", "requote"])
def test_every_creating_route_heeds_the_key(app: Shop, client: FlaskClient, path: str) -> None:
    """Batches, comparisons and requotes are not done twice either."""
    made = client.post(QUOTES, json=shirts(save=True)).headers["Location"]
    basket = shirts(save=True, terms="DAP", destinations=[{"country": "US"}, {"country": "DE"}])
    del basket["destination"]
    where, request = {
        "batch": (QUOTES + "/batch", {"requests": [shirts(save=True), shirts(save=True)]}),
        "compare": ("/api/v1/compare", basket),
        "requote": (made + "/requote?date=2026-07-23", {}),
    }[path]

    first = ask(client, request, path=where)
    after = kept(app)
    again = ask(client, request, path=where)

    assert first.status_code < 300
    assert (again.data, kept(app)) == (first.data, after)


def test_a_requote_of_another_day_is_another_request(client: FlaskClient) -> None:
    """The day in the address belongs to the request."""
    made = client.post(QUOTES, json=shirts(save=True)).headers["Location"]
    ask(client, {}, path=made + "/requote?date=2026-07-23")

    assert ask(client, {}, path=made + "/requote?date=2026-07-24").status_code == 409


def test_an_unsaved_quote_is_repeated_too(app: Shop, client: FlaskClient) -> None:
    """The key holds for an answer that is not kept as well."""
    first, again = (ask(client, shirts()) for _ in range(2))

    assert (again.data, again.status_code, kept(app)) == (first.data, 200, 0)


def test_a_wrong_request_leaves_the_key_free(client: FlaskClient) -> None:
    """A request that was refused created nothing, so that its correction may use the same key."""
    wrong = ask(client, shirts(save=True, currency="XXQ"))
    right = ask(client, shirts(save=True))

    assert (wrong.status_code, right.status_code) == (422, 201)


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
def test_a_key_that_is_none_is_named(client: FlaskClient, key: str) -> None:
    """A key that is empty, too long, or not plain ASCII is a 422 that names the header."""
    reply = ask(client, shirts(save=True), key)

    [error] = reply.get_json()["errors"]
    assert (reply.status_code, error["pointer"], error["code"]) == (422, "header:Idempotency-Key", "key.invalid")


def test_a_key_is_free_again_after_a_day(tmp_path: Path, database_url: str) -> None:
    """After 24 hours the same key begins anew; a second before, it does not."""
    statuses: list[int] = []
    for later in (timedelta(0), timedelta(hours=24, seconds=-1), timedelta(hours=24)):
        app = open_shop(tmp_path, NOW + later, database_url=database_url)
        reply = ask(app.test_client(), shirts(save=True, date=f"2026-07-2{len(statuses) and 3}"))
        statuses.append(reply.status_code)
        app.extensions["shopkit"].database.dispose()

    assert statuses == [201, 409, 201]


def claim(services: Services, name: str = "other") -> keeping.Key:
    """Take a key as a request that is still running would have."""
    key = keeping.Key("k-1", "somebody", "quotes", "hash")
    assert keeping._claim(services, key, name) is None
    return key


class TestStillRunning:
    """A key whose first request is under way."""

    def test_it_is_busy(self, app: Shop) -> None:
        """A second attempt is told to come again."""
        key = claim(app.extensions["shopkit"])

        with pytest.raises(keeping.KeyBusyError):
            keeping.reply_once(app.extensions["shopkit"], key, lambda: pytest.fail("done twice"))

    def test_over_http_it_says_when_to_ask_again(self, app: Shop, client: FlaskClient, monkeypatch: Any) -> None:
        """The answer is 409 with Retry-After."""
        monkeypatch.setattr(keeping, "_finish", lambda *_: False)

        reply = ask(client, shirts(save=True))

        assert code(reply) == (409, "The first request with this key is still running")
        assert (reply.headers["Retry-After"], kept(app)) == ("1", 0)

    def test_a_dead_ones_key_is_taken_over(self, tmp_path: Path, database_url: str) -> None:
        """After the lease a process is taken for dead, and another does the work; the dead one keeps nothing more."""
        first = open_shop(tmp_path, database_url=database_url).extensions["shopkit"]
        key = claim(first)
        later = open_shop(tmp_path, NOW + keeping.LEASE, database_url=database_url).extensions["shopkit"]
        reply = keeping.Reply(200, b"{}", "en")

        assert keeping.reply_once(later, key, lambda: reply) is reply
        assert keeping._finish(first, key, "other", reply) is False
        for services in (first, later):
            services.database.dispose()

    def test_only_one_takes_it_over(self, tmp_path: Path, database_url: str) -> None:
        """Who comes second after the lease finds the key taken again."""
        services = open_shop(tmp_path, database_url=database_url).extensions["shopkit"]
        key = claim(services)
        later = open_shop(tmp_path, NOW + keeping.LEASE, database_url=database_url).extensions["shopkit"]

        assert keeping._claim(later, key, "second") is None
        with pytest.raises(keeping.KeyBusyError):
            keeping._claim(later, key, "third")
        for one in (services, later):
            one.database.dispose()

    def test_a_fault_sets_the_key_free(self, app: Shop) -> None:
        """A request that failed on our side may be sent again."""
        services = app.extensions["shopkit"]
        key = keeping.Key("k-1", "somebody", "quotes", "hash")

        def fail() -> keeping.Reply:
            raise RuntimeError("broken")

        with pytest.raises(RuntimeError, match="broken"):
            keeping.reply_once(services, key, fail)

        with services.database.reading() as session:
            assert session.scalar(select(func.count()).select_from(IdempotencyKey)) == 0


def _race(folder: Path, database_url: str, start: BarrierType, answers: Any, key: str | None) -> None:
    client = open_shop(folder, database_url=database_url).test_client()
    headers = {} if key is None else {"Idempotency-Key": key}
    request = shirts(save=True)
    client.post(QUOTES, json=shirts())
    start.wait(30)
    answers.put([(reply.status_code, reply.data) for reply in (client.post(QUOTES, json=request, headers=headers),)])


@pytest.mark.parametrize("key", ["k-race", None], ids=["one key", "no key"])
def test_two_processes_at_once(app: Shop, tmp_path: Path, database_url: str, key: str | None) -> None:
    """Of two processes with one key, one does the work, and the other gets its bytes or is told to wait.

    Without a key both are done.
    """
    context = beginning()
    start, answers = context.Barrier(2), context.Queue()
    processes = [context.Process(target=_race, args=(tmp_path, database_url, start, answers, key)) for _ in range(2)]
    for process in processes:
        process.start()
    replies = [reply for _ in processes for reply in answers.get(timeout=60)]
    for process in processes:
        process.join(30)

    done = {body for status, body in replies if status == 201}
    if key is None:
        assert (len(done), kept(app)) == (2, 2)
    else:
        assert {status for status, _ in replies} <= {201, 409}
        assert (len(done), kept(app)) == (1, 1)
