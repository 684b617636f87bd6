"""The twin's keys of idempotency and its faults: what is done once, what was done though it looked as if not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
import stripe

from tests.twins.stripe import serving
from tests.unit.twins.conftest import Shop, client

POST = ("POST", "/v1/checkout/sessions")


@pytest.fixture
def patient(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Return a shop whose client tries three times, without waiting between."""
    monkeypatch.setattr(stripe.HTTPClient, "_sleep_time_seconds", lambda *_, **__: 0)
    return Shop(shop.twin, client(shop.twin, max_network_retries=2))


def make(shop: Shop, key: str, **changes: Any) -> Any:
    """Make a Session under a key."""
    params: Any = shop.order(**changes)
    return shop.client.v1.checkout.sessions.create(params, {"idempotency_key": key})


def count(shop: Shop) -> int:
    """Return how many Sessions there are."""
    return len(shop.client.v1.checkout.sessions.list({"limit": 100}).data)


def test_the_same_key_gives_the_same_answer(shop: Shop) -> None:
    """A repeated request makes nothing, and says that it was one."""
    first, second = make(shop, "k"), make(shop, "k")

    assert (first.id, count(shop)) == (second.id, 1)
    assert [row["replayed"] for row in shop.twin.requests(*POST)] == [False, True]


def test_a_key_is_for_one_request(shop: Shop) -> None:
    """Other parameters under a key that was used are an error of their own."""
    make(shop, "k")
    with pytest.raises(stripe.IdempotencyError):
        make(shop, "k", locale="es-419")


def test_nothing_is_kept_of_what_was_not_valid(shop: Shop) -> None:
    """After a refusal the key is free for the corrected request."""
    with pytest.raises(stripe.InvalidRequestError):
        make(shop, "k", locale="es-MX")

    assert make(shop, "k", locale="es-419").locale == "es-419"


def test_a_decline_is_kept(shop: Shop) -> None:
    """The same key tells the same decline, and no card is tried again."""
    params: Any = {"amount": 5000, "currency": "mxn", "payment_method": "pm_card_chargeDeclined", "confirm": True}
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            shop.client.v1.payment_intents.create(params, {"idempotency_key": "k"})

    assert len(shop.client.v1.payment_intents.list().data) == 1


def test_a_key_is_forgotten_after_a_day(shop: Shop) -> None:
    """Then the same key makes another one."""
    first = make(shop, "k")
    shop.twin.control("advance", seconds=86_400)

    assert make(shop, "k").id != first.id


def test_a_key_that_is_at_work_is_in_use(shop: Shop) -> None:
    """A second request with the key of one that is not done yet is told so, and nothing is made twice."""
    shop.twin.control("fault", kind="slow", seconds=0.5)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(make, shop, "k")
        while not shop.twin.world.kept:
            assert not first.done()
        with pytest.raises(stripe.APIError) as caught:
            make(shop, "k")
        made = first.result()

    told: Any = caught.value.json_body
    assert (caught.value.http_status, told["error"]["code"]) == (409, "idempotency_key_in_use")
    assert [row.id for row in shop.client.v1.checkout.sessions.list().data] == [made.id]


@pytest.mark.parametrize("kind", ["500_before", "drop_before", "409", "drop_after"])
def test_what_is_tried_again_is_made_once(patient: Shop, kind: str) -> None:
    """Whether it failed before or after it was done, the client's second try with its key makes one Session."""
    patient.twin.control("fault", kind=kind)
    made = make(patient, "k")

    assert count(patient) == 1
    assert [row["fault"] for row in patient.twin.requests(*POST)] == [kind, None]
    assert {row["key"] for row in patient.twin.requests(*POST)} == {"k"}
    assert made.amount_total == 99000


def test_a_500_after_it_was_done_is_kept(patient: Shop) -> None:
    """The same key says 500 for ever; the Session is there, and is found by reading."""
    patient.twin.control("fault", kind="500_after")
    with pytest.raises(stripe.APIError):
        make(patient, "k")

    assert [row["status"] for row in patient.twin.requests(*POST)] == [500, 500, 500]
    [session] = patient.client.v1.checkout.sessions.list().data
    assert session.to_dict()["metadata"] == {"order": "1001"}


@pytest.mark.parametrize("wait", [None, 7])
def test_too_many_requests_are_not_tried_again(patient: Shop, wait: int | None) -> None:
    """A 429 reaches the caller at the first try, with the time to wait if there is one."""
    patient.twin.control("fault", kind="429", retry_after=wait)
    with pytest.raises(stripe.RateLimitError) as caught:
        make(patient, "k")

    assert len(patient.twin.requests(*POST)) == 1
    assert (caught.value.headers or {}).get("Retry-After") == (None if wait is None else str(wait))


def test_a_client_that_was_not_told_tries_once(shop: Shop) -> None:
    """Without max_network_retries a fault is the end."""
    shop.twin.control("fault", kind="500_before")
    with pytest.raises(stripe.APIError):
        make(shop, "k")

    assert len(shop.twin.requests(*POST)) == 1


def test_a_fault_meets_the_request_it_is_for(shop: Shop) -> None:
    """One of refunds leaves everything else alone, and lets the first through if told."""
    session = shop.paid()
    shop.twin.control("fault", kind="500_before", path="/v1/refunds", after=1)
    params: Any = {"payment_intent": session.payment_intent.id, "amount": 990}
    shop.client.v1.refunds.create(params)
    with pytest.raises(stripe.APIError):
        shop.client.v1.refunds.create(params)

    [first, second] = shop.twin.requests("POST", "/v1/refunds")
    assert dict(first["params"])["amount"] == "990"
    assert (first["status"], second["status"]) == (200, 500)


def test_ten_at_once_with_one_key_make_one(shop: Shop) -> None:
    """Whoever is first makes it; the others are given its answer, or told that it is being made."""

    def one(_: int) -> str:
        try:
            return str(make(shop, "k").id)
        except stripe.APIError as error:
            return str(error.http_status)

    with ThreadPoolExecutor(10) as pool:
        found = set(pool.map(one, range(10)))

    assert len(found - {"409"}) == count(shop) == 1


def test_ten_refunds_at_once_give_back_what_was_paid(shop: Shop) -> None:
    """Of ten for a fifth each, five are made."""
    session = shop.paid()

    def one(_: int) -> bool:
        try:
            shop.client.v1.refunds.create({"payment_intent": session.payment_intent.id, "amount": 19800})
        except stripe.InvalidRequestError:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        made = sum(pool.map(one, range(10)))

    assert (made, shop.read(session).payment_intent.latest_charge.amount_refunded) == (5, 99000)


def test_the_journal_does_not_have_the_key(shop: Shop) -> None:
    """A secret key is cut short before it is kept."""
    shop.session()

    assert "sk_test_MX_shop" not in str(shop.twin.world.journal)


def test_the_same_seed_tells_the_same_story(shop: Shop) -> None:
    """Ids repeat, so a failure can be looked at again."""
    first = shop.session().id
    with serving(start=1_795_000_000) as again, serving(seed=1, start=1_795_000_000) as other:
        same = Shop(again, client(again)).session().id
        different = Shop(other, client(other)).session().id

    assert first == same != different


def test_controls_are_reached_over_http(shop: Shop) -> None:
    """What a test does in the process, a person does from outside; what is not known is refused."""
    session = shop.session()
    found = requests.post(f"{shop.twin.url}/_control/pay", json={"session": session.id}, timeout=5)
    unknown = requests.post(f"{shop.twin.url}/_control/bribe", json={}, timeout=5)
    wrong = requests.post(f"{shop.twin.url}/_control/pay", json={"basket": session.id}, timeout=5)
    journal = requests.get(f"{shop.twin.url}/_control/journal?kind=request", timeout=5)

    assert (found.json()["payment_status"], unknown.status_code, wrong.status_code) == ("paid", 404, 400)
    assert [row["path"] for row in journal.json()["journal"]] == ["/v1/checkout/sessions"]
