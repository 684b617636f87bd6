"""The contract of ``shopkit.tracking``: what every provider of tracking must do, each before its own twin."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopkit import plugins
from shopkit.outside import Limits
from shopkit.plugins import plugin
from shopkit.tracking.events import normalise
from shopkit.tracking.port import Ask, Reply, TrackingError, converse
from shopkit.tracking.timeline import fold
from shopkit.tracking.transport import HttpTransport
from tests.contracts.trackers import WITHOUT_CALLS, WORLDS
from tests.twins.carriers import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.tracking.port import Call, Told, Tracker
    from tests.contracts.trackers import World

TRACKERS = sorted(one.name for one in plugins.plugins(plugins.TRACKING))
# Enough for an answer on this machine, and soon over where there is none.
QUICK = Limits(timeout_s=0.5, deadline_s=1.0, largest_bytes=16_000_000)
SLOW = Limits(timeout_s=0.05, deadline_s=0.1, largest_bytes=16_000_000)
SMALL = Limits(timeout_s=0.5, deadline_s=1.0, largest_bytes=200_000)


@pytest.fixture(params=TRACKERS)
def tracker(request: pytest.FixtureRequest) -> Tracker:
    """Return a provider."""
    found: Tracker = plugin(plugins.TRACKING, request.param)
    assert found.name == request.param
    return found


class Asking:
    """A provider, an account with it, and its twin."""

    def __init__(self, tracker: Tracker, world: World, twin: Any) -> None:
        self.tracker, self.world, self.twin = tracker, world, twin
        self.transport = HttpTransport(
            tracker, twin.details, twin.url, session=requests.Session(), limits=QUICK, now=lambda: NOW
        )

    def track(self, *numbers: str) -> tuple[Told, ...]:
        """Ask for numbers at once."""
        told: tuple[Told, ...] = converse(
            self.tracker.track([Ask(number) for number in numbers], now=NOW), self.transport
        )
        return told

    def fails(self, *numbers: str) -> TrackingError:
        """Ask, and return how it failed."""
        with pytest.raises(TrackingError) as caught:
            self.track(*numbers)
        return caught.value

    def headline(self, told: Told) -> str | None:
        """Return what a parcel's events come to."""
        line = fold([normalise(event, self.tracker.vocabulary) for event in told.events], now=NOW)
        return None if line.headline is None else line.headline.value


@pytest.fixture(params=sorted(WORLDS))
def asking(request: pytest.FixtureRequest) -> Iterator[Asking]:
    """Return a provider before its twin, which knows no parcel yet."""
    world = WORLDS[request.param]
    with world.twin() as twin:
        yield Asking(plugin(plugins.TRACKING, request.param), world, twin)


def test_every_provider_is_here() -> None:
    """A provider has a world, or makes no calls."""
    assert sorted([*WORLDS, *WITHOUT_CALLS]) == TRACKERS


class TestItself:
    """What a provider says of itself."""

    def test_fields(self, tracker: Tracker) -> None:
        """Fields have names of their own and labels in three languages."""
        names = [one.name for one in tracker.fields]

        assert len(set(names)) == len(names)
        assert [set(one.label) for one in tracker.fields] == [{"en", "es", "pt"}] * len(names)

    def test_pace(self, tracker: Tracker) -> None:
        """It can be asked for a number at all."""
        pace = tracker.pace

        assert (pace.numbers >= 1, pace.requests >= 1, pace.per_s > 0) == (True, True, True)

    def test_reading_twice_is_reading_once(self, tracker: Tracker) -> None:
        """Its vocabulary is one, however often it is asked for."""
        assert tracker.vocabulary is tracker.vocabulary


class TestAsking:
    """What it is asked and what it tells."""

    def test_a_way(self, asking: Asking) -> None:
        """A parcel that was delivered is, and one that was posted is not."""
        first, second, _ = asking.world.numbers
        asking.twin.lay(first, "delivered")
        asking.twin.lay(second, "posted")
        told = [asking.track(number)[0] for number in (first, second)]

        assert [(one.number, one.outcome) for one in told] == [(first, "told"), (second, "told")]
        assert [asking.headline(one) for one in told] == ["delivered", asking.world.posted]

    def test_events_are_whole(self, asking: Asking) -> None:
        """Each event names its provider, when it was received, and all of it as it came, fit to be kept."""
        asking.twin.lay(asking.world.numbers[0], "delivered")
        events = asking.track(asking.world.numbers[0])[0].events

        assert {(one.provider, one.received_at) for one in events} == {(asking.tracker.name, NOW)}
        assert [json.loads(json.dumps(one.body)) for one in events] == [one.body for one in events]
        assert all(normalise(one, asking.tracker.vocabulary).utc is not None for one in events)

    def test_asking_again_tells_the_same(self, asking: Asking) -> None:
        """Two asks without anything new give the same events by their keys."""
        asking.twin.lay(asking.world.numbers[0], "delivered")
        first, second = (asking.track(asking.world.numbers[0])[0] for _ in range(2))
        keys = [{normalise(one, asking.tracker.vocabulary).key for one in told.events} for told in (first, second)]

        assert keys == [keys[0]] * 2
        assert len(keys[0]) == len(first.events)

    def test_a_number_that_it_does_not_know(self, asking: Asking) -> None:
        """Is not found: no error, and no events."""
        (told,) = asking.track(asking.world.strange)

        assert (told.number, told.outcome, told.events) == (asking.world.strange, "not_found", ())

    def test_several(self, asking: Asking) -> None:
        """Each number is told of once, in the order of the ask, known or not."""
        numbers = [asking.world.numbers[0], asking.world.strange, asking.world.numbers[1]]
        for number in (numbers[0], numbers[2]):
            asking.twin.lay(number, "posted")
        batch = max(1, asking.tracker.pace.numbers)
        told = [one for at in range(0, 3, batch) for one in asking.track(*numbers[at : at + batch])]

        assert [(one.number, one.outcome) for one in told] == list(
            zip(numbers, ["told", "not_found", "told"], strict=True)
        )

    @pytest.mark.parametrize("number", ["../../oauth", "A B", "A?b=c", "A/B", "ñandú", "A\r\nX: y", "", "x" * 101])
    def test_a_number_that_is_none_asks_for_nothing_else(self, asking: Asking, number: str) -> None:
        """Whatever is pasted as a number never leads to another address, and is no error."""
        (told,) = asking.track(number)
        paths = [path for path in asking.twin.paths() if "oauth" not in path and "token" not in path]

        assert (told.number, told.outcome in ("rejected", "not_found")) == (number, True)
        assert all(re.fullmatch(r"[A-Za-z0-9/._-]*", path) for path in paths)


class TestFailing:
    """How it says that it was not told anything."""

    @pytest.mark.parametrize(
        ("fault", "reason", "wait_s"),
        [
            ("busy", "busy", 7.0),
            ("busy_date", "busy", 90.0),
            ("busy_mute", "busy", None),
            ("down", "unavailable", None),
            ("error", "unavailable", None),
            ("drop", "unavailable", None),
            ("page", "garbage", None),
            ("cut", "garbage", None),
            ("empty", "garbage", None),
            ("redirect", "refused", None),
        ],
    )
    def test_reasons(self, asking: Asking, fault: str, reason: str, wait_s: float | None) -> None:
        """Haste, outage and nonsense are told apart, and how long it asks to wait is kept."""
        asking.twin.lay(asking.world.numbers[0], "delivered")
        asking.track(asking.world.numbers[0])
        asking.twin.fail(fault)
        error = asking.fails(asking.world.numbers[0])

        assert (error.reason, error.wait_s) == (reason, wait_s)

    def test_an_answer_without_end(self, asking: Asking) -> None:
        """Is given up when it is larger than any answer."""
        asking.twin.lay(asking.world.numbers[0], "posted")
        asking.track(asking.world.numbers[0])
        asking.transport.limits = SMALL
        asking.twin.fail("large")

        assert asking.fails(asking.world.numbers[0]).reason == "garbage"

    def test_an_answer_that_takes_for_ever(self, asking: Asking) -> None:
        """Is given up when its time is over, though bytes come all the while."""
        asking.twin.lay(asking.world.numbers[0], "posted")
        asking.track(asking.world.numbers[0])
        asking.transport.limits = SLOW
        asking.twin.fail("slow")

        assert asking.fails(asking.world.numbers[0]).reason == "unavailable"

    @pytest.mark.parametrize("fault", ["busy", "down", "error", "page", "drop", "unsigned", "forbidden", "redirect"])
    def test_no_secret_is_told(self, asking: Asking, fault: str) -> None:
        """What a failure says, and what it came from, repeats nothing that signs."""
        asking.twin.lay(asking.world.numbers[0], "delivered")
        asking.twin.fail(*[fault] * 4)
        error = asking.fails(asking.world.numbers[0])
        said = f"{error} {error.__cause__} {error.__context__} {asking.transport!r}"

        assert [secret for secret in asking.world.secrets if secret in said] == []


class TestTokens:
    """A token is got when it is needed, and again once when it is refused."""

    def test_it_is_got_once(self, asking: Asking) -> None:
        """Two asks need one token, and make the number known once."""
        asking.twin.lay(asking.world.numbers[0], "posted")
        for _ in range(2):
            asking.track(asking.world.numbers[0])

        assert len(asking.twin.journal) == asking.world.first + (2 if asking.world.has_token else 1)

    def test_it_is_renewed(self, asking: Asking) -> None:
        """One that is refused in the middle is got anew, and nobody notices."""
        asking.twin.lay(asking.world.numbers[0], "posted")
        asking.track(asking.world.numbers[0])
        asking.twin.refuse_tokens()
        (told,) = asking.track(asking.world.numbers[0])

        assert told.outcome == "told"

    @pytest.mark.parametrize("fault", ["unsigned", "forbidden"])
    def test_it_is_renewed_once(self, asking: Asking, fault: str) -> None:
        """One that is refused again says so, after as few calls as can be."""
        asking.twin.lay(asking.world.numbers[0], "posted")
        asking.track(asking.world.numbers[0])
        before = len(asking.twin.journal)
        # The call; the call for a token, which is well; the call again.
        asking.twin.fail(*([fault, "", fault] if asking.world.has_token else [fault]))
        error = asking.fails(asking.world.numbers[0])

        assert (error.reason, len(asking.twin.journal) - before) == ("unsigned", 3 if asking.world.has_token else 1)

    def test_wrong_secrets(self, asking: Asking) -> None:
        """An account whose secrets are wrong is told so, and no number is asked for with them again and again."""
        if not asking.world.is_signed:
            return
        asking.transport.details = dict.fromkeys(asking.twin.details, "wrong")

        assert (asking.fails(asking.world.numbers[0]).reason, len(asking.twin.journal)) == ("unsigned", 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


class TestNonsense:
    """Whatever is answered, it is told, or it is said that it cannot be read."""

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(answer=JSON, status=st.sampled_from([200, 200, 200, 400, 404]))
    def test_any_answer(self, tracker: Tracker, answer: Any, status: int) -> None:
        """No answer raises anything but the port's own error."""

        class Nonsense:
            def send(self, _: Call) -> Reply:
                return Reply(status, json.dumps(answer).encode())

        number = WORLDS[tracker.name].numbers[0] if tracker.name in WORLDS else "RB123456785GB"
        try:
            told = converse(tracker.track([Ask(number)], now=NOW), Nonsense())
        except TrackingError:
            return

        assert [one.number for one in told] == [number]
