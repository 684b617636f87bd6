"""What the calls of every channel must do, against a twin that fails as channels do: no row twice, none half done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from listings.pushing.port import Call, PushError, Reply, Transport, push
from tests.contracts.pushers import TRIED, Tried
from tests.shop import NOW

if TYPE_CHECKING:
    from shopkit.pushing.sandbox import Failure, Twin

# The reason of each; without an answer it hangs on the call.
FAILURES: dict[Failure, str | None] = {"busy": "busy", "unsigned": "unsigned", "down": None, "lost": None}


@pytest.fixture(params=sorted(TRIED))
def tried(request: pytest.FixtureRequest) -> Tried:
    """Return a channel with what it is tried on."""
    return TRIED[request.param]


def ended(tried: Tried, transport: Transport) -> PushError:
    """Return the error that pushing ends with."""
    with pytest.raises(PushError) as caught:
        push(tried.pusher, tried.record, transport)
    return caught.value


class Watched:
    """A twin whose calls are kept whole."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        self.calls: list[Call] = []

    def send(self, call: Call) -> Reply:
        """Return the reply of the twin."""
        self.calls.append(call)
        return self.twin.send(call)


class TestPusher:
    """What the calls of a channel promise."""

    def test_a_row_is_there_once_however_often_it_is_pushed(self, tried: Tried) -> None:
        """Pushed again with its ids it is the same piece, under the same ids."""
        twin = tried.twin()
        first = push(tried.pusher, tried.record, twin)
        again = push(tried.pusher, tried.record, twin, first.ids)

        assert (dict(again.ids), tried.count(twin)) == (dict(first.ids), 1)
        assert first.ids

    def test_what_changed_comes_through_where_rows_are_replaced(self, tried: Tried) -> None:
        """The new title stands in the channel, and there is no second piece."""
        twin = tried.twin()
        ids = push(tried.pusher, tried.record, twin).ids
        push(tried.pusher, tried.changed(tried.retitle), twin, ids)

        assert (tried.title(twin) == "Otra", tried.count(twin)) == (tried.pusher.replaces, 1)

    @pytest.mark.parametrize("failure", FAILURES)
    def test_a_row_goes_on_from_any_call_that_failed(self, tried: Tried, failure: Failure) -> None:
        """Each failure has its reason, and pushing on ends as if nothing had; what is unknown is not pushed on."""
        undisturbed = Watched(tried.twin())
        done = push(tried.pusher, tried.record, undisturbed)
        for step, call in enumerate(undisturbed.calls):
            twin = tried.twin()
            twin.failing = [None] * step + [failure]
            error = ended(tried, twin)
            lost = "unavailable" if call.is_harmless else "unknown"

            assert (error.reason, len(twin.calls)) == (FAILURES[failure] or lost, step + 1)
            if error.reason == "unknown":
                assert tried.count(twin) <= 1
            else:
                assert push(tried.pusher, tried.record, twin, error.ids).ids == done.ids
                assert twin.kept == undisturbed.twin.kept

    def test_a_refusal_names_the_field(self, tried: Tried) -> None:
        """What the channel does not take comes back in its words, with the fields it names, and is no warning."""
        twin = tried.twin()
        with pytest.raises(PushError) as caught:
            push(tried.pusher, tried.changed(tried.wrong), twin)

        assert caught.value.reason == "rejected"
        assert [(one.fields, one.is_warning) for one in caught.value.problems] == [(tried.named, False)]
        assert all(one.text for one in caught.value.problems)

    @pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'"done"'])
    def test_an_answer_in_other_words_is_no_success(self, tried: Tried, body: bytes) -> None:
        """A good status without what the description of the calls promises is garbage."""

        class Odd:
            def send(self, call: Call) -> Reply:  # noqa: ARG002 - the port's
                return Reply(200, body)

        assert ended(tried, Odd()).reason == "garbage"

    def test_a_token_is_renewed_with_what_the_account_said_and_not_without(self, tried: Tried) -> None:
        """Without a refresh token where it is by that one, or without what else is asked for, no call is made."""
        renewal = tried.channel.renewal
        if renewal is None:
            return
        call = renewal.call("a-refresh-token", tried.said, NOW)

        assert call is not None
        is_sent = b"a-refresh-token" in call.body or "a-refresh-token" in call.query.values()
        assert (is_sent, renewal.call("", tried.said, NOW) is None) == (tried.by_refresh, tried.by_refresh)
        assert renewal.call("a-refresh-token", {}, NOW) is None
