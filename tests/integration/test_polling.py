"""Providers asked about parcels: each at its pace, nobody for ever, whatever they answer and whoever is killed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from sqlalchemy import update

from shopkit.models import ShipmentFeed, TrackingAccount
from shopkit.services import feeds, shipments, tracking_accounts
from shopkit.services.problems import RequestError
from shopkit.services.tracking_calls import Gate, UsedUpError
from shopkit.tracking.port import Pace, Reply, TrackingError
from tests.ordering import sell
from tests.polling import Calls, Clock, parcel, poller, seller, shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopkit.services.context import Services

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Clock:
    """Return a clock that sleeping moves on."""
    return Clock()


@pytest.fixture
def services(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Services]:
    """Return a shop on either database."""
    found = shop(tmp_path, database_url, clock)
    yield found
    found.database.dispose()


def run(services: Services, clock: Clock, days: int, calls: Calls | None = None) -> None:
    """Poll every hour for some days."""
    for _ in range(days * 8):
        poller(services, clock, calls).poll()
        clock.sleep(3 * 3600)


def test_a_parcel_is_followed_to_its_end_and_no_further(services: Services, clock: Clock) -> None:
    """The sandbox delivers; a day later it is asked once more, then never again until somebody says so."""
    actor = seller(services)
    made = parcel(services, actor, "11")
    calls = Calls(clock)
    run(services, clock, 20, calls)
    ended = feeds.of_shipment(services, actor, made.id)
    asked = calls.count("/parcels")
    run(services, clock, 2, calls)
    silent = calls.count("/parcels")
    resumed = feeds.resume(services, actor, made.id)
    poller(services, clock, calls).poll()

    assert shipments.load(services, actor, made.id).status == "delivered"
    assert (ended.label, ended.due_at) == ("ended", None)
    assert silent == asked
    assert resumed.due_at is not None
    assert calls.count("/parcels") == asked + 1


def test_who_takes_a_number_follows_it(services: Services, clock: Clock) -> None:
    """By the seller's order of preference; nobody where no account takes it, until one is connected."""
    actor, _ = sell(services)
    made = parcel(services, actor, "11")
    poller(services, clock).poll()
    before = feeds.of_shipment(services, actor, made.id)
    tracking_accounts.connect(services, actor, "sandbox", {})
    poller(services, clock).poll()
    after = feeds.of_shipment(services, actor, made.id)
    with pytest.raises(RequestError) as refused:
        feeds.choose(services, actor, made.id, "usps")

    assert (before.provider, before.label) == (None, "nobody")
    assert (after.provider, after.label) == ("sandbox", "on_the_way")
    assert [one.code for one in refused.value.problems] == ["tracking.nobody"]


def test_an_account_is_shown_without_what_it_says(services: Services, clock: Clock) -> None:
    """What is missing or not asked for is told; the order of preference is the seller's."""
    actor = seller(services)
    with pytest.raises(RequestError) as wrong:
        tracking_accounts.connect(services, actor, "sandbox", {"pin": "1"})
    with pytest.raises(RequestError) as missing:
        tracking_accounts.connect(services, actor, "usps", {})
    (shown,) = tracking_accounts.every(services, actor)
    tracking_accounts.disconnect(services, actor, "sandbox")

    assert [one.pointer for one in wrong.value.problems] == ["/details/pin"]
    assert {one.code for one in missing.value.problems} == {"required"}
    assert (shown.provider, shown.trouble, shown.created_at) == ("sandbox", "", clock.now)
    assert tracking_accounts.every(services, actor) == ()


@pytest.mark.parametrize(("wait_s", "waits_s"), [(300.0, 300), (None, 60)])
def test_who_asks_to_wait_is_waited_for(services: Services, clock: Clock, wait_s: float | None, waits_s: int) -> None:
    """As long as Retry-After says, else a minute; the parcel is not blamed."""
    actor = seller(services)
    made = parcel(services, actor, "11")
    calls = Calls(clock, [None, Reply(429, b"{}", wait_s)])
    begun = clock.now
    done = poller(services, clock, calls).poll(for_s=1)
    with services.database.reading() as session:
        feed = session.get_one(ShipmentFeed, made.id)
    waiting = feed.due_at
    clock.sleep(waits_s + 1)
    poller(services, clock, calls).poll(for_s=1)

    assert (done.unanswered, feed.failures) == (1, 0)
    assert waiting is not None
    assert abs((waiting - begun).total_seconds() - waits_s) < 1
    assert feeds.of_shipment(services, actor, made.id).label == "on_the_way"
    assert len(calls.made) == 3


def test_keys_that_are_not_taken_end_the_account(services: Services, clock: Clock) -> None:
    """One token is renewed once, then nobody is asked there and the queue stays; connected anew it goes on."""
    actor = seller(services)
    for _ in range(30):
        parcel(services, actor, "11")
    calls = Calls(clock, [None, Reply(401), None, Reply(401)])
    done = poller(services, clock, calls).poll()
    (stopped,) = tracking_accounts.every(services, actor)
    tracking_accounts.connect(services, actor, "sandbox", {})
    again = poller(services, clock, calls).poll()

    assert (stopped.trouble, len(done.stopped)) == ("unsigned", 1)
    assert (done.asked, again.asked) == (0, 30)


def test_one_answer_that_cannot_be_read_does_not_hold_up_the_others(services: Services, clock: Clock) -> None:
    """A parcel whose number spoils every answer it is in is asked about alone, and the others are told."""
    actor = seller(services)
    parcel(services, actor, "96")
    good = [parcel(services, actor, "11") for _ in range(5)]
    for _ in range(8):
        poller(services, clock).poll(for_s=1)
        clock.sleep(3600)
    found = [feeds.of_shipment(services, actor, one.id).label for one in good]
    with services.database.reading() as session:
        told = [session.get_one(ShipmentFeed, one.id).told for one in good]

    assert found == ["on_the_way"] * 5
    assert all(told)


def test_a_number_that_nobody_knows_is_the_sellers_to_check(services: Services, clock: Clock) -> None:
    """Five days long it may come yet."""
    actor = seller(services)
    made = parcel(services, actor, "79")
    run(services, clock, 4)
    early = feeds.of_shipment(services, actor, made.id).label
    run(services, clock, 3)

    assert (early, feeds.of_shipment(services, actor, made.id).label) == ("on_the_way", "check_number")


def test_a_look_refreshes_once_in_a_quarter_of_an_hour(services: Services, clock: Clock) -> None:
    """What is looked at is due at once, and then not until fifteen minutes later."""
    actor = seller(services)
    made = parcel(services, actor, "11")
    poller(services, clock).poll()
    found = []
    for minutes in (14, 2, 2):
        clock.sleep(minutes * 60)
        found.append(feeds.refresh(services, made.id))
        poller(services, clock).poll()

    assert found == [False, True, False]


def test_what_is_taken_is_taken_by_one(services: Services, clock: Clock) -> None:
    """Two processes get different parcels; who is gone leaves them due after the lease, and comes back in vain."""
    actor = seller(services)
    made = [parcel(services, actor, "11").id for _ in range(3)]
    feeds.follow_new(services)
    (account,) = tracking_accounts.every(services, actor)
    first = feeds.take(services, account.id, 2)
    second = feeds.take(services, account.id, 2)
    third = feeds.take(services, account.id, 2)
    clock.now += feeds.LEASE
    again = feeds.take(services, account.id, 3)
    feeds.put_back(services, first, clock.now)

    assert sorted(one.shipment_id for one in [*first, *second]) == sorted(made)
    assert third == []
    assert sorted(one.shipment_id for one in again) == sorted(made)
    assert feeds.take(services, account.id, 3) == []


@tried(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    requests=st.integers(1, 60),
    per_s=st.sampled_from([1.0, 5.0, 60.0, 3600.0]),
    pauses=st.lists(st.floats(0, 100), min_size=2, max_size=25),
)
def test_no_window_holds_more_calls_than_are_allowed(
    tmp_path_factory: pytest.TempPathFactory, requests: int, per_s: float, pauses: list[float]
) -> None:
    """Two processes that call when they like: in any window there are at most as many calls as the pace says."""
    clock, made = Clock(), list[float]()
    services = _shared(tmp_path_factory, clock)
    pace = Pace(1, requests, per_s)
    gates = [Gate(services, f"{requests}/{per_s}/{pauses}"[:64], pace, clock.sleep) for _ in range(2)]
    for place, pause in enumerate(pauses):
        try:
            gates[place % 2].enter()
        except UsedUpError as error:
            clock.sleep(error.wait_s or 0)
            continue
        made.append(clock.now.timestamp())
        clock.sleep(pause if place % 3 == 0 else 0)

    assert all(sum(begin <= one < begin + per_s for one in made) <= requests for begin in made)


_SHOPS: dict[str, Services] = {}


def _shared(folders: pytest.TempPathFactory, clock: Clock) -> Services:
    if "one" not in _SHOPS:
        folder = folders.mktemp("paced")
        _SHOPS["one"] = shop(folder, "", clock)
        from tests.databases import migrate  # noqa: PLC0415

        migrate(_SHOPS["one"].database)
    _SHOPS["one"].now = clock
    return _SHOPS["one"]


def test_a_provider_that_is_down_is_asked_less_and_less(services: Services, clock: Clock) -> None:
    """No answer lets the whole account wait, a minute doubled each time; it counts for each parcel too."""
    actor = seller(services)
    made = parcel(services, actor, "11")
    calls = Calls(clock, [TrackingError("unavailable")] * 6)
    begun = clock.now
    for _ in range(40):
        poller(services, clock, calls).poll(for_s=1)
        clock.sleep(30)
    found = [round((at - begun).total_seconds() / 30) for at, _, path in calls.made if path == "/token"]
    with services.database.reading() as session:
        failures = session.get_one(ShipmentFeed, made.id).failures

    assert found[:4] == [0, 2, 6, 14]
    assert failures == 5


def test_one_process_gets_the_token_for_all(services: Services, clock: Clock) -> None:
    """A token is kept and used by others; early before its end, and when it is refused, there is another."""
    actor = seller(services)
    calls = Calls(clock)
    for hours in (0, 7, 2):
        clock.sleep(hours * 3600)
        parcel(services, actor, "11")
        poller(services, clock, calls).poll()
    with services.database.writing.begin() as session:
        session.execute(update(TrackingAccount).values(renewing_by=None))

    assert calls.count("/token") == 2
