"""The twin's webhooks: its own signature holds before Stripe's verifier, and each way of going wrong goes wrong."""

from __future__ import annotations

import json
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Barrier, Thread
from typing import Any

import pytest
import stripe

from tests.twins.stripe.mangling import FOREIGN, MODES, ORDER, SIGNATURES, Mode
from tests.twins.stripe.signing import header, signature
from tests.twins.stripe.webhooks import post
from tests.unit.twins.conftest import KEY, SECRET, Shop

VERIFY = stripe.WebhookSignature


@pytest.fixture
def heard(shop: Shop) -> Shop:
    """Return a shop that listens to all events."""
    shop.twin.control("endpoint", key=KEY, url="http://127.0.0.1:9/hook", secret=SECRET)
    return shop


def verified(shop: Shop, body: bytes, headers: dict[str, str]) -> Any:
    """Return the event as Stripe's own verifier takes it, or raise what it raises."""
    return shop.client.construct_event(body, headers.get("Stripe-Signature", ""), SECRET)


def kinds(shop: Shop) -> list[str]:
    """Return the types of what was received, in its order."""
    return [json.loads(body)["type"] for body, _ in shop.got]


def test_stripes_verifier_takes_what_the_twin_signed(heard: Shop) -> None:
    """Every event of a payment verifies, and is of the version its endpoint asked for."""
    heard.paid()
    heard.twin.control("deliver")
    events = [verified(heard, body, headers) for body, headers in heard.got]

    assert [event.type for event in events] == heard.events()
    assert {event.api_version for event in events} == {"2026-10-28.endive"}


def test_the_twin_signs_as_stripe_signs() -> None:
    """For the same body, secret and moment the two signatures are the same."""
    body, moment = '{"id": "evt_ñ"}', 1_795_000_000
    theirs = VERIFY.generate_signature_header(body, SECRET, moment)

    assert header(moment, ("v1", signature(body.encode(), SECRET, moment))) == theirs


@pytest.mark.parametrize("mode", ["corrupt", "wrong_secret", "stale", "only_v0", "reserialised", "unsigned"])
def test_a_bad_signature_is_refused_by_stripes_verifier(heard: Shop, mode: str) -> None:
    """What was spoilt does not verify; sent again an hour later, it does."""
    heard.twin.control("mode", name=mode)
    heard.session()
    heard.twin.control("fund", customer=heard.client.v1.customers.create({}).id, currency="mxn", amount=5000)
    heard.answers = 400
    heard.twin.control("deliver")
    spoilt = heard.got[0]
    heard.got.clear()
    heard.answers = 200
    heard.twin.control("advance", seconds=3600)
    heard.twin.control("deliver")

    with pytest.raises(stripe.SignatureVerificationError):
        verified(heard, *spoilt)
    assert verified(heard, *heard.got[0]).type == "customer.created"


@pytest.mark.parametrize("mode", ["future", "two_v1"])
def test_what_stripes_verifier_lets_pass(heard: Shop, mode: str) -> None:
    """An hour in the future and two signatures of which one is right are taken by it: the first is ours to refuse."""
    heard.twin.control("mode", name=mode)
    heard.paid()
    heard.twin.control("deliver")
    [first, *_] = heard.got
    moment = int(first[1]["Stripe-Signature"][2:12])

    assert verified(heard, *first).type == "payment_intent.created"
    assert (moment > time.time() + 3000) == (mode == "future")


def test_a_body_that_is_not_text_is_signed_all_the_same(heard: Shop) -> None:
    """The verifier stumbles over it with another error than that of a signature."""
    heard.twin.control("mode", name="non_utf8")
    heard.paid()
    heard.twin.control("deliver")

    with pytest.raises(UnicodeDecodeError):
        verified(heard, *heard.got[0])


@pytest.mark.parametrize(
    ("mode", "differs"),
    [
        ("unknown_type", lambda event: event["type"] == "twin.something.happened"),
        ("unknown_object", lambda event: event["data"]["object"]["object"] == "twin_thing"),
        ("other_livemode", lambda event: event["livemode"] is True),
        ("other_order", lambda event: event["data"]["object"]["metadata"] == {}),
        ("thin", lambda event: event["object"] == "v2.core.event"),
    ],
)
def test_somebody_elses_event_comes_before_the_true_one(heard: Shop, mode: str, differs: Any) -> None:
    """It is signed well, it is not ours, and ours follows."""
    heard.twin.control("mode", name=mode, events=["checkout.session.completed"])
    session = heard.paid()
    heard.twin.control("deliver")
    foreign, true = (json.loads(body) for body, _ in heard.got[-2:])

    assert differs(foreign)
    assert foreign["id"] != true["id"]
    assert (true["type"], true["data"]["object"]["id"]) == ("checkout.session.completed", session.id)


def test_an_event_may_come_three_times(heard: Shop) -> None:
    """The same event, with the same id."""
    heard.twin.control("mode", name="duplicate", copies=3, events=["payment_intent.succeeded"])
    heard.paid()
    heard.twin.control("deliver")

    assert kinds(heard).count("payment_intent.succeeded") == 3
    assert len({body for body, _ in heard.got}) == 4


def test_an_event_may_come_at_once_to_two(heard: Shop) -> None:
    """Both copies are under way before either is answered."""
    meeting = Barrier(2)

    def receive(_: str, headers: dict[str, str], body: bytes) -> int:
        if json.loads(body)["type"] == "charge.succeeded":
            meeting.wait(5)
        return heard.receive(_, headers, body)

    heard.twin.world.webhooks.transport = receive
    heard.twin.control("mode", name="parallel", copies=2, events=["charge.succeeded"])
    heard.paid()
    heard.twin.control("deliver")

    assert kinds(heard).count("charge.succeeded") == 2


def test_events_are_mixed_by_a_seed(heard: Shop) -> None:
    """The same seed gives the same disorder, with nothing lost."""
    orders = []
    for seed in (7, 7, 8):
        heard.got.clear()
        heard.twin.control("mode", name="reorder", seed=seed)
        heard.paid()
        heard.twin.control("deliver")
        orders.append(kinds(heard))

    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == sorted(orders[2])


def test_an_event_may_be_late(heard: Shop) -> None:
    """It comes when the twin's clock has got there."""
    heard.twin.control("mode", name="delay", seconds=600, events=["checkout.session.completed"])
    heard.paid()
    heard.twin.control("deliver")
    before = kinds(heard)
    heard.twin.control("advance", seconds=600)
    heard.twin.control("deliver")

    assert "checkout.session.completed" not in before
    assert kinds(heard)[-1] == "checkout.session.completed"


@pytest.mark.parametrize(("mode", "comes"), [("drop", True), ("lose", False)])
def test_an_event_may_not_come(heard: Shop, mode: str, comes: bool) -> None:  # noqa: FBT001  # a case
    """Dropped, it is tried again; lost, it never comes."""
    heard.twin.control("mode", name=mode, events=["checkout.session.completed"])
    heard.paid()
    heard.twin.control("deliver")
    before = len(heard.got)
    heard.twin.control("advance", seconds=86_400)
    heard.twin.control("deliver")

    assert (before, kinds(heard).count("checkout.session.completed")) == (3, int(comes))


def test_what_is_refused_is_tried_three_times(heard: Shop) -> None:
    """With a key for tests the third refusal is the last."""
    heard.answers = 500
    heard.client.v1.customers.create({})
    for _ in range(5):
        heard.twin.control("deliver")
        heard.twin.control("advance", seconds=2 * 3600)

    assert [row["attempt"] for row in heard.twin.world.journal if row["kind"] == "delivery"] == [1, 2, 3]


def test_an_endpoint_hears_what_it_asked_for(shop: Shop) -> None:
    """One made by the API has its secret in that answer alone, and gets the types it named."""
    params: Any = {"url": "http://127.0.0.1:9/x", "enabled_events": ["checkout.session.completed"]}
    made = shop.client.v1.webhook_endpoints.create(params)
    shop.paid()
    shop.twin.control("deliver")
    [(body, headers)] = shop.got

    assert stripe.Webhook.construct_event(body, headers["Stripe-Signature"], str(made.secret)).api_version
    assert not hasattr(shop.client.v1.webhook_endpoints.retrieve(made.id), "secret")


@pytest.mark.parametrize("when", ["before", "after"])
def test_events_go_out_by_themselves_over_http(shop: Shop, when: str) -> None:
    """Before the answer they are there when it is; after it, they come soon."""
    heard: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    shop.twin.world.webhooks.transport = post
    shop.twin.control("endpoint", key=KEY, url=f"http://127.0.0.1:{server.server_port}/hook?a=1", secret=SECRET)
    shop.twin.control("when", when=when)
    shop.client.v1.customers.create({})
    if when == "after":
        shop.twin.settled()
    server.shutdown()
    server.server_close()

    assert [json.loads(body)["type"] for body in heard] == ["customer.created"]


def test_the_modes_are_those_that_are_told() -> None:
    """A slip of the pen in a test is refused."""
    assert set(MODES) == {*FOREIGN, *SIGNATURES, *ORDER}
    with pytest.raises(ValueError, match="reorder"):
        Mode("twice")
