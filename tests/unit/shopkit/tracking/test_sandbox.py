"""The sandbox: what its numbers tell, when, and what goes wrong with them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from shopkit.tracking import s10
from shopkit.tracking.events import normalise
from shopkit.tracking.port import Ask, Call, Reply, Told, TrackingError, converse
from shopkit.tracking.sandbox import TRACKER
from shopkit.tracking.timeline import Timeline, fold
from shopkit.tracking.transport import connected

POSTED = date(2026, 1, 5)
LATER = datetime(2026, 4, 1, tzinfo=UTC)


def _number(story: str) -> str:
    serial = f"{story}000001"
    return f"RB{serial}{s10.check_digit(serial)}GT"


def _ask(story: str, posted_on: date | None = POSTED) -> Ask:
    return Ask(_number(story), posted_on=posted_on)


def _told(*asks: Ask, now: datetime = LATER) -> tuple[Told, ...]:
    told: tuple[Told, ...] = converse(TRACKER.track(asks, now=now), TRACKER)
    return told


def _line(story: str, now: datetime = LATER) -> Timeline:
    (told,) = _told(_ask(story), now=now)
    return fold([normalise(raw, TRACKER.vocabulary) for raw in told.events], now=now)


class TestStories:
    """The first two digits choose what becomes of a parcel."""

    @pytest.mark.parametrize(
        ("story", "headline", "customs", "flags"),
        [
            ("10", "delivered", "released", ()),
            ("11", "delivered", "released", ()),
            ("12", "delivered", "released", ()),
            ("20", "delivered", "released", ()),
            ("21", "delivered", "released", ()),
            ("22", "returned", "payment_due", ()),
            ("23", "held_customs_import", "payment_due", ()),
            ("24", "held_customs_import", "held", ()),
            ("30", "delivered", "released", ()),
            ("31", "delivered", "released", ()),
            ("32", "returned", "released", ()),
            ("33", "delivery_failed", "released", ("withdrawn",)),
            ("34", "returned", "released", ()),
            ("40", "in_transit_international", "released", ()),
            ("41", "in_customs_import", "presented", ()),
            ("42", "info_received", "none", ()),
            ("50", "import_terminated", "presented", ()),
            ("51", "lost", "presented", ()),
            ("52", "delivered", "released", ("damaged",)),
            ("53", "cancelled", "none", ()),
            ("60", "delivered", "released", ()),
            ("61", "delivered", "released", ()),
        ],
    )
    def test_ends(self, story: str, headline: str, customs: str, flags: tuple[str, ...]) -> None:
        """Each story ends as its table means it to."""
        line = _line(story)

        assert (line.headline, line.customs.state, line.flags) == (headline, customs, flags)

    def test_nothing_before_its_time(self) -> None:
        """An event is told from its minute on, by the clock of its office."""
        # 10:15 in Guatemala is 16:15 UTC.
        when = datetime(2026, 1, 5, 16, 15, tzinfo=UTC)

        (before,), (then,) = (_told(_ask("11"), now=when + timedelta(seconds=off)) for off in (-1, 0))

        assert (before.events, [raw.code for raw in then.events]) == ((), ["EMA"])

    def test_the_ends_that_are_asked_for(self) -> None:
        """Where a parcel comes from and goes to is as it is asked for, with the clocks of those countries."""
        (told,) = _told(Ask(_number("11"), POSTED, origin="PE", destination="ES"))

        assert [(told.events[n].country, told.events[n].zone) for n in (0, -1)] == [
            ("PE", "America/Lima"),
            ("ES", "Europe/Madrid"),
        ]

    def test_asked_twice_tells_the_same(self) -> None:
        """A parcel asked for again tells the same events, which are one each in its timeline."""
        now = datetime(2026, 1, 20, tzinfo=UTC)
        again = now + timedelta(hours=6)
        raws = [raw for at in (now, again) for raw in _told(_ask("10"), now=at)[0].events]

        line = fold([normalise(raw, TRACKER.vocabulary) for raw in raws], now=again)

        assert (len(raws), len(line.entries)) == (26, 13)

    def test_copies_and_crowds(self) -> None:
        """A thousand copies of each event are one each; ten thousand scans of a sorting centre are all kept."""
        copies, many = _line("61"), _line("62")

        assert (len(copies.entries), len(many.entries), many.headline) == (11, 10_009, "in_transit")

    def test_untidy(self) -> None:
        """What no table has, has no time, lies ahead or tells of a bag moves nothing."""
        line = _line("60")

        assert [(entry.event.wording, entry.part.value) for entry in line.entries if entry.part != "headline"] == [
            ("SBX-BAG", "bag"),
            ("NOBODY-KNOWS", "silent"),
            ("EMI", "future"),
            ("EXC", "undated"),
        ]
        assert line.unmapped == (("sandbox", "NOBODY-KNOWS", 1),)


class TestFailures:
    """What goes wrong is chosen by the number too."""

    @pytest.mark.parametrize(
        ("story", "reason", "wait_s"),
        [
            ("90", "busy", 90),
            ("91", "busy", None),
            ("92", "unavailable", None),
            ("93", "unsigned", None),
            ("94", "unsigned", None),
            ("95", "refused", None),
            ("96", "garbage", None),
            ("97", "garbage", None),
            ("98", "unavailable", 600),
        ],
    )
    def test_of_the_whole_ask(self, story: str, reason: str, wait_s: float | None) -> None:
        """A failure of the provider ends the ask, with how long it asks to wait."""
        asks = [*(_ask("10", None) for _ in range(7)), _ask(story, None)]

        with pytest.raises(TrackingError) as caught:
            _told(*asks)

        assert (caught.value.reason, caught.value.wait_s) == (reason, wait_s)

    @pytest.mark.parametrize(
        ("story", "outcome"), [("01", "not_found"), ("02", "not_found"), ("89", "rejected"), ("99", "unclear")]
    )
    def test_of_one_number(self, story: str, outcome: str) -> None:
        """What is wrong with one number leaves the others well."""
        bad, good = _told(_ask(story, None), _ask("10"))

        assert (bad.outcome, bad.events, good.outcome, len(good.events)) == (outcome, (), "told", 13)

    def test_it_passes(self) -> None:
        """Two days after posting the trouble is over, and the parcel goes its ordinary way."""
        (told,) = _told(_ask("90"), now=datetime(2026, 1, 7, tzinfo=UTC))

        assert [raw.code for raw in told.events] == ["SBX-PRE", "EMA"]

    def test_a_token_runs_out_on_the_way(self) -> None:
        """A number whose token has run out answers 401 until the next one is taken."""
        asks, statuses = [_ask("93", None)], []
        for _ in range(2):
            token = converse(TRACKER.token({}), TRACKER)
            call = next(TRACKER.track(asks, now=LATER))
            headers = TRACKER.sign(call, {}, token.value)
            statuses.append(TRACKER.send(Call(call.method, call.path, body=call.body, headers=headers)).status)

        assert sorted(statuses) == [200, 401]

    @pytest.mark.parametrize(("story", "ends"), [("93", "told"), ("94", "unsigned")])
    def test_by_the_way_of_all_providers(self, story: str, ends: str) -> None:
        """By the way that others are asked by, a token that ran out is renewed, and a key that is not taken is told."""
        way = connected(TRACKER, {})
        try:
            ended = converse(TRACKER.track([_ask("10"), _ask(story, None)], now=LATER), way)[1].outcome
        except TrackingError as error:
            ended = error.reason

        assert ended == ends

    def test_what_it_answers_is_read_strictly(self) -> None:
        """An answer without parcels is garbage, and not a parcel without events."""
        calls = TRACKER.track([_ask("10")], now=LATER)
        next(calls)

        with pytest.raises(TrackingError, match="no parcels"):
            calls.send(Reply(200, b'{"parcels": {}}'))
