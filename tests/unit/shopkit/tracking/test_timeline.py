"""One timeline from events that come in any order, any number of times, and say what they like."""

from __future__ import annotations

import random
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopkit.tracking.codes import Meaning, Vocabulary, post
from shopkit.tracking.events import Event, RawEvent, normalise
from shopkit.tracking.statuses import Leg, Status
from shopkit.tracking.timeline import Customs, Part, Window, fold

_START = datetime(2026, 1, 5, tzinfo=UTC)
_NOW = datetime(2026, 3, 1, tzinfo=UTC)
_RECEIVED = datetime(2026, 2, 1, tzinfo=UTC)
# A carrier whose codes are families with types, as Correios' are.
_CARRIER = Vocabulary(
    {
        "BDE 01": Meaning(Status.DELIVERED, Leg.DESTINATION),
        "BDE 20": Meaning(Status.DELIVERY_FAILED, Leg.DESTINATION),
        "BDE 23": Meaning(Status.RETURN_TO_SENDER),
        "GONE": Meaning(Status.RETURNED),
        "LOST": Meaning(Status.LOST),
        "DMG": Meaning(Status.DAMAGED),
        "LATE": Meaning(Status.DELAYED),
        "MOVE": Meaning(Status.IN_TRANSIT),
        "PAY": Meaning(Status.HELD_CUSTOMS_IMPORT, Leg.DESTINATION, "payment_due"),
    },
    {},
)


def _event(code: str, hour: int | None = 0, /, **fields: Any) -> Event:
    """Return an event, so many hours after the start; without hours it has no time."""
    vocabulary = _CARRIER if code in _CARRIER.codes else post()
    when = None if hour is None else (_START + timedelta(hours=hour)).isoformat()
    family = code.split(maxsplit=1)[0] if code in _CARRIER.codes else None
    told: dict[str, Any] = {"provider": "post", "received_at": _RECEIVED, "code": code, "time": when, "family": family}
    return normalise(RawEvent(**(told | fields)), vocabulary)


def _headline(*events: Event) -> Status | None:
    return fold(events, now=_NOW).headline


def _parts(*events: Event) -> list[tuple[str, str]]:
    return [(one.event.wording, one.part.value) for one in fold(events, now=_NOW).entries]


_JOURNEY = ("EMA", "EMB", "EXA", "EXC", "EMC", "EMD", "EDB", "EME", "EDC", "EMF", "EMG", "EDG", "EMH", "EDG", "EMI")


class TestOrder:
    """By the time of the events, never by their arrival."""

    def test_a_journey_step_by_step(self) -> None:
        """Each event moves the headline to what it says."""
        events = [_event(code, hour) for hour, code in enumerate(_JOURNEY)]
        found = [_headline(*events[: n + 1]) for n in range(len(events))]

        assert [one and one.value for one in found] == [
            *("picked_up", "in_transit", "in_customs_export", "in_transit", "in_transit_international"),
            *("arrived_destination_country", "in_customs_import", "held_customs_import", "in_transit", "in_transit"),
            *("at_delivery_office", "out_for_delivery", "delivery_failed", "out_for_delivery", "delivered"),
        ]

    def test_nothing_is_known_of_no_events(self) -> None:
        """Without events there is no headline, and customs has done nothing."""
        found = fold([], now=_NOW)

        assert (found.headline, found.customs, found.entries) == (None, Customs(), ())

    def test_never_backwards(self) -> None:
        """A scan of a leg that the parcel has left is kept and moves nothing, though its time is later."""
        found = _parts(_event("EMD", 1), _event("EMB", 2), _event("EMC", 3), _event("EMG", 4))

        assert found == [("EMD", "headline"), ("EMB", "late"), ("EMC", "late"), ("EMG", "headline")]

    def test_at_one_instant_the_farther_is_later(self) -> None:
        """Of two events of one minute both count, in the order of the way."""
        assert _headline(_event("EMI", 1), _event("EMD", 1)) is Status.DELIVERED

    def test_without_a_leg_it_is_where_the_parcel_is(self) -> None:
        """In transit without a leg is no step back."""
        assert _parts(_event("EMD", 1), _event("MOVE", 2)) == [("EMD", "headline"), ("MOVE", "headline")]
        assert _parts(_event("MOVE", 1), _event("EMA", 2)) == [("MOVE", "headline"), ("EMA", "headline")]

    def test_since_the_first_of_a_kind(self) -> None:
        """A headline stands since the first event that said so, and not since its repetition elsewhere."""
        events = [_event("EMF", 1), _event("EDD", 2), _event("EDE", 3)]

        assert fold(events, now=_NOW).since == events[0]

    def test_a_clock_that_may_be_utc(self) -> None:
        """The same clock with and without its zone are two events, in one order."""
        known, wall = _event("EMG", 3), _event("EMG", None, time="2026-01-05T03:00")
        found = [[one.event for one in fold(events, now=_NOW).entries] for events in ([known, wall], [wall, known])]

        assert found == [[known, wall]] * 2

    def test_a_delay_is_no_step(self) -> None:
        """A delay at the origin does not bring the parcel to its destination."""
        assert _headline(_event("EMA", 1), _event("LATE", 2), _event("EMB", 3)) is Status.IN_TRANSIT


class TestEnds:
    """What comes after the end."""

    def test_delivered_stays(self) -> None:
        """Customs, transit and holds with a later time do not undo a delivery, nor its customs."""
        events = [
            _event("EMI", 5),
            _event("EDB", 6),
            _event("EME", 7),
            _event("EMF", 8),
            _event("EDA", 9),
            _event("EDX", 9),
        ]
        found = fold(events, now=_NOW)

        assert (found.headline, found.customs, found.delivered) == (Status.DELIVERED, Customs(), events[0])
        assert {one.part for one in found.entries[1:]} == {Part.AFTER_END}

    def test_a_return_opens_a_leg_after_delivery(self) -> None:
        """Delivered and sent back: the way back is the headline, the delivery stays in the history."""
        events = [_event("EMI", 5), _event("BDE 23", 6), _event("EMB", 7), _event("GONE", 9)]
        found = [fold(events[:n], now=_NOW) for n in (2, 3, 4)]

        assert [(one.headline, one.leg, one.delivered) for one in found] == [
            (Status.RETURN_TO_SENDER, Leg.RETURN, events[0]),
            (Status.RETURN_TO_SENDER, Leg.RETURN, events[0]),
            (Status.RETURNED, Leg.RETURN, events[0]),
        ]

    def test_a_return_before_a_delivery_that_is_the_senders(self) -> None:
        """A delivery on the way back may be the sender's own: the headline stays, and a person is to look."""
        found = fold([_event("BDE 23", 5), _event("EMI", 9)], now=_NOW)

        assert (found.headline, found.flags) == (Status.RETURN_TO_SENDER, ("delivered_on_return",))

    def test_a_delivery_withdrawn(self) -> None:
        """The same provider takes its delivery back by a code of the same family: a person is to look."""
        found = fold([_event("BDE 01", 5), _event("BDE 20", 6)], now=_NOW)

        assert (found.headline, found.delivered, found.flags) == (Status.DELIVERY_FAILED, None, ("withdrawn",))

    def test_a_delivery_not_withdrawn(self) -> None:
        """A failure of another family, of another provider, or earlier does not take a delivery back."""
        other = _event("BDE 20", 6, provider="other")

        assert _headline(_event("BDE 01", 5), _event("EMH", 6)) is Status.DELIVERED
        assert _headline(_event("BDE 01", 5), _event("BDE 20", 6, family="LDX")) is Status.DELIVERED
        assert _headline(_event("BDE 01", 5), other) is Status.DELIVERED
        assert _headline(_event("BDE 01", 5), _event("BDE 20", 4)) is Status.DELIVERED

    @pytest.mark.parametrize(
        ("first", "then", "headline"),
        [
            ("LOST", "EMI", Status.DELIVERED),
            ("LOST", "EMF", Status.LOST),
            ("EDX", "BDE 23", Status.RETURN_TO_SENDER),
            ("EXX", "EMB", Status.CANCELLED),
            ("EMI", "LOST", Status.DELIVERED),
        ],
    )
    def test_other_ends(self, first: str, then: str, headline: Status) -> None:
        """A lost item may turn up at its door; what is on its way again after an end is not believed."""
        assert _headline(_event(first, 1), _event(then, 2)) is headline


class TestCustoms:
    """Beside the headline."""

    @pytest.mark.parametrize(
        ("codes", "state"),
        [
            (("EMD",), Customs()),
            (("EMD", "EDB"), Customs("presented", Leg.DESTINATION)),
            (("EMD", "EDB", "EDC"), Customs("released", Leg.DESTINATION)),
            (("EMD", "PAY"), Customs("payment_due", Leg.DESTINATION)),
            (("EXB",), Customs("held", Leg.ORIGIN)),
            (("EDB", "EMI"), Customs("released", Leg.DESTINATION, is_inferred=True)),
            (("EDB", "EDC", "EMI"), Customs("released", Leg.DESTINATION)),
        ],
    )
    def test_states(self, codes: tuple[str, ...], state: Customs) -> None:
        """Presented, held, paid for, released; a delivery without a release is one, and says that nobody told."""
        assert fold([_event(code, hour) for hour, code in enumerate(codes)], now=_NOW).customs == state

    @pytest.mark.parametrize(("reason", "known"), [("65", "proof_of_value"), ("77", None), (None, None)])
    def test_reasons_to_hold(self, reason: str | None, known: str | None) -> None:
        """A reason is named where it is known, and kept as it came where it is not."""
        found = fold([_event("EME", 1, reason=reason)], now=_NOW)

        assert found.customs == Customs("held", Leg.DESTINATION, known, reason)


class TestWhatMovesNothing:
    """Kept, and no headline."""

    def test_unknown_codes_are_counted(self) -> None:
        """What no table has stays unknown, is counted by provider, and moves nothing."""
        events = [_event("EMD", 1), _event("ZZZ", 2), _event("ZZZ", 3), _event("YYY", 3)]
        found = fold(events, now=_NOW)

        assert (found.headline, found.unmapped) == (
            Status.ARRIVED_DESTINATION_COUNTRY,
            (("post", "YYY", 1), ("post", "ZZZ", 2)),
        )

    def test_bags(self) -> None:
        """An event of the bag is no delivery of the item, and nothing unknown."""
        found = fold([_event("EMD", 1), _event("194", 2)], now=_NOW)

        assert (found.headline, [one.part for one in found.entries], found.unmapped) == (
            *(Status.ARRIVED_DESTINATION_COUNTRY, [Part.HEADLINE, Part.BAG]),
            (),
        )

    def test_damage_is_for_a_person(self) -> None:
        """Damage ends nothing, and is flagged."""
        found = fold([_event("EMD", 1), _event("DMG", 2)], now=_NOW)

        assert (found.headline, found.flags) == (Status.ARRIVED_DESTINATION_COUNTRY, ("damaged",))

    def test_the_future(self) -> None:
        """An event whose time has not come waits for it; a clock that runs ahead by an hour is forgiven."""
        early = [_event("EMD", 1), _event("EMI", 30)]

        assert fold(early, now=_START + timedelta(hours=28)).headline is Status.ARRIVED_DESTINATION_COUNTRY
        assert fold(early, now=_START + timedelta(hours=29)).headline is Status.DELIVERED

    def test_a_clock_of_the_east(self) -> None:
        """A wall clock without a zone may be fourteen hours ahead of UTC."""
        event = _event("EMI", None, time="2026-01-05T14:00:00")

        assert fold([event], now=_START).headline is Status.DELIVERED
        assert fold([event], now=_START - timedelta(minutes=1)).headline is None

    def test_no_time(self) -> None:
        """An event without a time that can be read is kept last and moves nothing."""
        assert _parts(_event("EMI", None), _event("EMD", 1)) == [("EMD", "headline"), ("EMI", "undated")]

    def test_a_number_used_before(self) -> None:
        """What lies outside the days of the parcel is another's, and stands apart."""
        old, own = _event("EMI", -24 * 400), _event("EMA", -24 * 2)
        found = fold([old, own], now=_NOW, window=Window(date(2026, 1, 5)))

        assert (found.headline, found.other_parcel) == (Status.PICKED_UP, (old,))

    def test_the_authority_of_a_leg(self) -> None:
        """Of two providers one speaks for a leg; what the other says of it is kept."""
        events = [_event("EMI", 3, provider="feed"), _event("EMG", 2, provider="post")]
        found = fold(events, now=_NOW, authority={Leg.DESTINATION: "post"})

        assert (found.headline, found.entries[1].part) == (Status.AT_DELIVERY_OFFICE, Part.OTHER_AUTHORITY)


class TestOneEventOnce:
    """Merged by event, not by text."""

    def test_re_spelled(self) -> None:
        """Another spelling of place and text is the same event: the last text counts, the first receipt stays."""
        first = _event("EMI", 1, place="Ciudad Juárez", text="Deliver item (Inb)")
        again = _event("EMI", 1, place="CD JUAREZ", received_at=_RECEIVED + timedelta(days=1))
        found = fold([again, first], now=_NOW)

        assert [(one.event.raw.place, one.first_received) for one in found.entries] == [("CD JUAREZ", _RECEIVED)]

    def test_mojibake(self) -> None:
        """A wording and its broken form are one event."""
        texts = ["Entregar envío (entrada)", "Entregar envÃ\xado (entrada)"]
        events = [_event("", 1, code=None, text=text) for text in texts]

        assert len(fold(events, now=_NOW).entries) == 1

    @pytest.mark.parametrize("change", [{"office": "MXMEXA"}, {"provider": "feed"}, {"code": "EMG"}])
    def test_another_office_provider_or_code_is_another(self, change: dict[str, Any]) -> None:
        """What differs in office code, provider or code is an event of its own."""
        assert len(fold([_event("EMI", 1), _event("EMI", 1, **change)], now=_NOW).entries) == 2

    def test_parts_of_a_second(self) -> None:
        """A time told once with and once without parts of a second is the same event."""
        events = [_event("EMI", None, time=f"2026-01-05T03:00:00{part}Z") for part in ("", ".250")]

        assert len(fold(events, now=_NOW).entries) == 1

    def test_a_reason_that_comes_later(self) -> None:
        """A second telling of a hold that has the reason is the one that counts."""
        events = [_event("EME", 1), _event("EME", 1, reason="65", received_at=_RECEIVED + timedelta(hours=1))]

        assert fold(events, now=_NOW).customs.reason == "proof_of_value"


_CODES = st.sampled_from(
    ["EMA", "EMB", "EXB", "EXC", "EXX", "EMC", "EMD", "EDB", "EME", "EDC", "EDG", "EMH", "EMI", "EDX"]
)
_EVENTS = st.builds(
    _event,
    _CODES | st.sampled_from([*_CARRIER.codes, "ZZZ", "194"]),
    st.integers(-5, 6) | st.none(),
    provider=st.sampled_from(["post", "feed"]),
    place=st.sampled_from([None, "Lima", "LIMA"]),
    office=st.sampled_from([None, "PELIMA"]),
    received_at=st.integers(0, 2).map(lambda days: _RECEIVED + timedelta(days=days)),
    reason=st.sampled_from([None, "65"]),
) | st.builds(
    _event, _CODES, st.none(), time=st.sampled_from(["2026-01-05T03:00", "2026-01-05T03:00:00.5", "2026-01-05"])
)


class TestAnyOrder:
    """The same events tell the same story."""

    @settings(max_examples=150)
    @given(events=st.lists(_EVENTS, max_size=12), data=st.data())
    def test_permuted_and_repeated(self, events: list[Event], data: st.DataObject) -> None:
        """Any order and any number of copies of the same events give the same timeline."""
        copies = data.draw(st.lists(st.sampled_from(events), max_size=12)) if events else []
        shuffled = data.draw(st.permutations([*events, *copies]))

        assert fold(shuffled, now=_NOW) == fold(events, now=_NOW)

    @settings(max_examples=100)
    @given(events=st.lists(_EVENTS, max_size=12))
    def test_never_back(self, events: list[Event]) -> None:
        """What moved the headline is in the order of the legs, but for a withdrawn delivery and the way back."""
        moved = [one for one in fold(events, now=_NOW).entries if one.part in {Part.HEADLINE, Part.WITHDRAWS}]
        delivered = [n for n, one in enumerate(moved) if one.event.status is Status.DELIVERED]
        after = [one for one in moved[delivered[0] + 1 :] if one.part is Part.HEADLINE] if delivered else []
        allowed = {Status.DELIVERED, Status.RETURN_TO_SENDER, Status.RETURNED, Status.LOST}

        assert any(one.part is Part.WITHDRAWS for one in moved) or {one.event.status for one in after} <= allowed

    @given(events=st.lists(_EVENTS, max_size=8))
    def test_nothing_is_lost(self, events: list[Event]) -> None:
        """Every event is in the history once, by its key, whatever it did."""
        found = fold(events, now=_NOW)

        assert sorted(repr(one.event.key) for one in found.entries) == sorted({repr(one.key) for one in events})


def test_ten_thousand_events() -> None:
    """Ten times the events are ten times the work: calls are counted, for times of a busy machine prove nothing."""
    events = [_event("EMF", hour, office=str(hour % 7)) for hour in range(10_000)]
    random.Random(1).shuffle(events)  # noqa: S311  # any order
    few, many = _calls(events[:1_000]), _calls(events)

    assert 9 * few < many < 11 * few


def _calls(events: list[Event]) -> int:
    """Return how many calls the fold of events makes."""
    made = 0

    def count(_frame: object, _what: str, _value: object) -> None:
        nonlocal made
        made += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        fold(events, now=_NOW + timedelta(days=1_000))
    finally:
        sys.setprofile(before)
    return made
