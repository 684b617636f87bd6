"""17TRACK, AfterShip and EasyPost before their twins: what their answers come to, and what their lies do not."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import contextmanager
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
import requests
import yaml

from shopkit.tracking import aftership, easypost, seventeentrack
from shopkit.tracking.events import Event, RawEvent, normalise
from shopkit.tracking.port import Ask, Told, TrackingError, converse
from shopkit.tracking.statuses import Leg, Status
from shopkit.tracking.timeline import Timeline, fold
from shopkit.tracking.transport import HttpTransport
from tests.twins.aftership import AfterShip
from tests.twins.carriers import NOW, running
from tests.twins.easypost import EasyPost
from tests.twins.seventeentrack import SeventeenTrack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.tracking.port import Tracker

NUMBER = "RB123456785GB"
OTHERS = ("CP000000005US", "LX000000005GT")
TRACKERS: dict[str, tuple[Tracker, Any]] = {
    "17track": (seventeentrack.TRACKER, SeventeenTrack),
    "aftership": (aftership.TRACKER, AfterShip),
    "easypost": (easypost.TRACKER, EasyPost),
}
EVERY = pytest.mark.parametrize("name", list(TRACKERS))


class Asking:
    """A provider and its twin."""

    def __init__(self, tracker: Tracker, twin: Any) -> None:
        self.tracker, self.twin = tracker, twin
        self.transport = HttpTransport(tracker, twin.details, twin.url, session=requests.Session(), now=lambda: NOW)

    def told(self, *numbers: str, refs: tuple[str, ...] = ()) -> tuple[Told, ...]:
        """Ask for numbers at once, by the provider's own names where it gave them."""
        named = dict(zip(numbers, refs, strict=False))
        asks = [
            Ask(number, date(2026, 11, 18), origin="GT", destination="US", ref=named.get(number, ""))
            for number in numbers
        ]
        told: tuple[Told, ...] = converse(self.tracker.track(asks, now=NOW), self.transport)
        return told

    def events(self) -> list[Event]:
        """Return the events of the number in our words."""
        return [normalise(raw, self.tracker.vocabulary) for raw in self.told(NUMBER)[0].events]

    def line(self) -> Timeline:
        """Return the number's timeline."""
        return fold(self.events(), now=NOW)


@contextmanager
def _asking(name: str, story: str = "delivered", *planted: str) -> Iterator[Asking]:
    tracker, twin = TRACKERS[name]
    with running(twin()) as world:
        world.lay(NUMBER, story)
        world.planted |= set(planted)
        yield Asking(tracker, world)


def _table(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(files("shopkit.tracking").joinpath(f"data/{name}.yaml").read_text("utf-8"))
    return data


@EVERY
class TestStories:
    """What a parcel's way comes to, whoever tells it."""

    @pytest.mark.parametrize(
        ("story", "headline"),
        [
            ("announced", "info_received"),
            ("waits", "ready_for_pickup"),
            ("failed", "delivery_failed"),
            ("lost", "lost"),
            ("delivered", "delivered"),
        ],
    )
    def test_headlines(self, name: str, story: str, headline: str) -> None:
        """The plain ends of a way are what they are called."""
        with _asking(name, story) as asking:
            assert asking.line().headline == headline

    def test_a_return(self, name: str) -> None:
        """A parcel sent back is on its way back, and at home where the provider has a word for that."""
        with _asking(name, "returned") as asking:
            line = asking.line()

        assert (line.headline, line.leg) == ("return_to_sender" if name == "easypost" else "returned", Leg.RETURN)

    def test_given_back_by_customs(self, name: str) -> None:
        """The carrier's own words of a release count, though the provider made a return of them."""
        with _asking(name, "given_back") as asking:
            line = asking.line()

        assert (line.headline, line.customs.state, line.leg) == ("in_transit", "released", Leg.DESTINATION)
        assert line.entries[-1].event.wording == "return item from customs (inb)"

    def test_a_day_that_no_zone_moves(self, name: str) -> None:
        """The day of the expected delivery is the one that is written."""
        with _asking(name, "posted", "night") as asking:
            (told,) = asking.told(NUMBER)

        # Posted on the 18th; the twin expects it ten days later, some of them late in the evening of an office's zone.
        assert told.expected_on == date(2026, 11, 28)

    def test_any_order(self, name: str) -> None:
        """The answer's order changes nothing."""
        with _asking(name, "delivered") as asking:
            one = asking.line()
            asking.twin.planted.add("backwards")
            other = asking.line()

        assert [entry.event.key for entry in one.entries] == [entry.event.key for entry in other.entries]

    def test_it_is_made_known_once(self, name: str) -> None:
        """Asked for by the name that the provider gave, a number is not made known again."""
        with _asking(name) as asking:
            (first,) = asking.told(NUMBER)
            asking.twin.journal.clear()
            (second,) = asking.told(NUMBER, refs=(first.ref,))
            made = [one.path for one in asking.twin.journal if "register" in one.path or b"tracking_code" in one.body]

        assert (first.ref != "", second.events, len(asking.twin.journal), made) == (True, first.events, 1, [])


def test_addresses() -> None:
    """Accounts' calls go to the vendors' own addresses, over TLS."""
    assert {name: tracker.address({}) for name, (tracker, _) in TRACKERS.items()} == {
        "17track": "https://api.17track.net/track/v2.4",
        "aftership": "https://api.aftership.com",
        "easypost": "https://api.easypost.com/v2",
    }


@EVERY
class TestBadInput:
    """What feeds really send, and worse."""

    def test_from_the_future(self, name: str) -> None:
        """A delivery in two and a half years waits for its time."""
        with _asking(name, "silent", "future") as asking:
            line = asking.line()

        assert (line.headline, line.delivered, [entry.part.value for entry in line.entries][-1]) == (
            "in_transit",
            None,
            "future",
        )

    def test_a_thousand_times(self, name: str) -> None:
        """An event that came a thousand times is one."""
        with _asking(name, "posted", "repeated") as asking:
            (told,) = asking.told(NUMBER)
            line = asking.line()

        assert (len(told.events), len(line.entries)) == (2_000, 2)

    def test_ten_thousand(self, name: str) -> None:
        """Ten thousand events are all told."""
        with _asking(name, "posted", "many") as asking:
            (told,) = asking.told(NUMBER)

        assert len(told.events) == 10_000

    def test_broken_letters(self, name: str) -> None:
        """A wording whose letters were broken on the way is known still, and kept as it came."""
        with _asking(name, "posted", "broken") as asking:
            events = asking.events()

        assert {event.wording for event in events} == {"enviar envio a ubicacion nacional (salida)"}
        assert {event.raw.text for event in events} == {
            "Enviar env\u00c3\u00ado a ubicaci\u00c3\u00b3n nacional (salida)"
        }

    def test_marks_of_html(self, name: str) -> None:
        """HTML in a field is text, which pages escape; the code decides."""
        with _asking(name, "posted", "marked") as asking:
            events = asking.events()

        assert all(event.raw.text and event.raw.text.startswith("<b onclick='x()'>") for event in events)
        assert all(event.is_mapped for event in events)

    @pytest.mark.parametrize("planted", ["new_sub_status", "new_subtag", "new_detail"])
    def test_a_code_to_come(self, name: str, planted: str) -> None:
        """A finer code that no table has says what its coarser one says, and is counted."""
        if planted != {"17track": "new_sub_status", "aftership": "new_subtag", "easypost": "new_detail"}[name]:
            return
        with _asking(name, "silent", planted) as asking:
            line = asking.line()

        code = {"17track": "INTRANSIT_TRANSPORTDEPARTED", "aftership": "INTRANSIT_077"}.get(
            name, "IN_TRANSIT/BEAMED_UP"
        )
        assert (line.headline, line.unmapped) == ("in_transit", ((name, code, 1),))

    @pytest.mark.parametrize("planted", ["no_sub_status", "no_subtag", "no_detail"])
    def test_a_code_without_its_finer_part(self, name: str, planted: str) -> None:
        """What has no finer code is read by the coarser one."""
        if planted != {"17track": "no_sub_status", "aftership": "no_subtag", "easypost": "no_detail"}[name]:
            return
        with _asking(name, "delivered", planted) as asking:
            line = asking.line()

        assert line.headline == "delivered"

    @pytest.mark.parametrize(("fault", "reason", "wait_s"), [("unsigned", "unsigned", None), ("busy", "busy", 7.0)])
    def test_in_the_middle(self, name: str, fault: str, reason: str, wait_s: float | None) -> None:
        """A key that is refused, or haste, in the middle of an ask ends it, and the next ask tells all of it."""
        if name == "easypost":
            return
        with _asking(name) as asking:
            asking.twin.fail("", fault)
            with pytest.raises(TrackingError) as caught:
                asking.told(NUMBER)
            (told,) = asking.told(NUMBER)

        assert (caught.value.reason, caught.value.wait_s, told.outcome) == (reason, wait_s, "told")

    def test_odd_rows(self, name: str) -> None:
        """Rows that are none are passed over, and the others told."""
        with _asking(name, "delivered", "odd_rows") as asking:
            assert asking.line().headline == "delivered"

    def test_one_of_several_is_none(self, name: str) -> None:
        """A number that the provider will never take leaves the others well."""
        with _asking(name) as asking:
            told = asking.told(*[NUMBER, "QQ123456789", "A B"][: 3 if asking.tracker.pace.numbers > 1 else 1])
            told += () if asking.tracker.pace.numbers > 1 else asking.told("QQ123456789") + asking.told("A B")

        assert [one.outcome for one in told] == ["told", "rejected", "rejected"]


class TestSeventeenTrack:
    """What is 17TRACK's own."""

    @pytest.mark.parametrize(
        ("story", "status", "customs"),
        [("held", "held_customs_import", "held"), ("export", "in_transit", "presented")],
    )
    def test_customs_where_the_country_is_known(self, story: str, status: str, customs: str) -> None:
        """An event in the country that the parcel goes to is import, one where it comes from export."""
        with _asking("17track", story) as asking:
            line = asking.line()
            statuses = [event.status.value for event in asking.events() if event.customs]

        assert (line.headline, line.customs.state) == (status, customs)
        assert sorted(set(statuses)) == (
            ["in_customs_export"] if story == "export" else ["held_customs_import", "in_customs_import"]
        )

    def test_customs_of_nobody_knows_which(self) -> None:
        """Without the countries of both ends, customs stands beside the headline and the leg stays open."""
        with _asking("17track", "export", "no_countries") as asking:
            line = asking.line()

        assert (line.headline, line.leg, line.customs.state, line.customs.leg) == (
            "in_transit",
            None,
            "presented",
            None,
        )

    def test_expired_is_silence(self) -> None:
        """A number that 17TRACK follows no more is not lost, and nothing is added to its history."""
        with _asking("17track", "silent", "expired") as asking:
            (told,) = asking.told(NUMBER)
            line = asking.line()

        assert (told.outcome, told.detail, line.headline, len(line.entries)) == (
            "told",
            "Expired_Other",
            "in_transit",
            3,
        )

    def test_two_instants(self) -> None:
        """Where UTC and offset are two instants, neither is believed: the clock is placed by its country, or not."""
        with _asking("17track", "delivered", "utc_is_local") as asking:
            events = asking.events()

        assert {(event.raw.country, event.basis.value) for event in events} == {
            ("GT", "country_zone"),
            ("US", "unknown"),
        }
        assert all(event.local is not None for event in events)

    def test_a_day_without_a_clock(self) -> None:
        """A day is no midnight, though 17TRACK's other fields make one of it."""
        with _asking("17track", "posted", "day_only") as asking:
            events = asking.events()

        assert {(event.raw.time, event.utc) for event in events} == {("2026-11-18", None)}

    def test_a_zone_that_17track_found(self) -> None:
        """Where the carrier named no zone, 17TRACK's UTC counts, and its basis says whose it is."""
        with _asking("17track", "posted", "no_zone") as asking:
            assert {event.basis.value for event in asking.events()} == {"utc_field"}

    @pytest.mark.parametrize(("planted", "reason"), [("code_in_200", "unsigned"), ("errors_in_200", "unavailable")])
    def test_an_error_inside(self, planted: str, reason: str) -> None:
        """An error in an answer of 200 is one."""
        with _asking("17track", "posted", planted) as asking, pytest.raises(TrackingError) as caught:
            asking.told(NUMBER)

        assert caught.value.reason == reason

    @pytest.mark.parametrize("planted", ["no_info", "lost_number"])
    def test_one_that_cannot_be_read(self, planted: str) -> None:
        """A number whose part of the answer says nothing is unclear, and never not found."""
        with _asking("17track", "posted", planted) as asking:
            told = asking.told(NUMBER, OTHERS[0])

        assert [one.outcome for one in told] == ["unclear", "not_found"]

    def test_no_numbers_left(self) -> None:
        """With the account's numbers used up, those that are registered are told of still."""
        with _asking("17track") as asking:
            asking.told(NUMBER)
            asking.twin.quota = 1
            told = asking.told(NUMBER, OTHERS[0])

        assert [(one.outcome, one.detail) for one in told] == [
            ("told", "Delivered_Other"),
            ("unclear", "the account's numbers are used up"),
        ]

    def test_registered_in_between(self) -> None:
        """One that was registered since is read, and costs nothing."""
        with _asking("17track") as asking:
            asking.told(NUMBER)
            calls = asking.tracker.track([Ask(NUMBER)], now=NOW)
            replies = [asking.transport.send(next(calls))]
            body = json.dumps({"code": 0, "data": {"rejected": [{"number": NUMBER, "error": {"code": -18019902}}]}})
            register = calls.send(type(replies[0])(200, body.encode()))
            again = calls.send(asking.transport.send(register))

        assert (register.path, again.path, len(asking.twin.registered)) == ("/register", "/gettrackinfo", 1)

    def test_registration_that_never_holds(self) -> None:
        """A provider that forgets what is registered is asked three times, and not for ever."""
        with _asking("17track", "posted", "always_new") as asking:
            (told,) = asking.told(NUMBER)

        assert (told.outcome, len(asking.twin.journal)) == ("not_found", 3)

    def test_two_carriers(self) -> None:
        """Of two carriers of one number the one that knows it tells."""
        with _asking("17track", "delivered", "two_carriers") as asking:
            (told,) = asking.told(NUMBER)

        assert (told.outcome, told.ref, len(told.events)) == ("told", "11031", 7)

    def test_forty_in_a_call(self) -> None:
        """Forty numbers are one call, and what is registered of them one more."""
        numbers = [f"RB1234567{number:02}GB" for number in range(40)]
        with _asking("17track") as asking:
            told = asking.told(*numbers)
            paths = Counter(path.rpartition("/")[2] for path in asking.twin.paths())

        assert (len(told), {one.outcome for one in told}) == (40, {"not_found"})
        assert paths == {"gettrackinfo": 2, "register": 1}

    def test_every_sub_status_is_in_the_table(self) -> None:
        """The nine statuses and thirty sub-statuses have a meaning, and no other name does but the stages."""
        codes = _table("seventeentrack")["codes"]
        subs = [code for code in codes if "_" in code or code == "InfoReceived"]

        assert (len(subs), len({sub.partition("_")[0] for sub in subs})) == (30, 9)


class TestAfterShip:
    """What is AfterShip's own."""

    def test_customs(self) -> None:
        """A hold by customs is one of import where the event is in the country of the buyer."""
        with _asking("aftership", "held") as asking:
            line = asking.line()

        assert (line.headline, line.customs.state, line.customs.leg) == (
            "held_customs_import",
            "held",
            Leg.DESTINATION,
        )

    def test_marked_as_done_by_a_person(self) -> None:
        """A delivery that a person chose in AfterShip delivers nothing: no carrier said so."""
        with _asking("aftership", "silent", "by_user") as asking:
            line = asking.line()

        assert (line.headline, line.delivered, line.entries[-1].part.value) == ("in_transit", None, "silent")

    def test_expired_is_silence(self) -> None:
        """Thirty days of silence are no loss."""
        with _asking("aftership", "silent", "expired") as asking:
            (told,) = asking.told(NUMBER)

        assert (told.outcome, told.detail, asking.tracker.vocabulary.meaning("Expired_001", None).status) == (
            "told",
            "Expired_001",
            Status.STALE,
        )

    def test_pending_is_not_known(self) -> None:
        """A number that the carrier has not heard of is not found, and known to AfterShip by a name."""
        with _asking("aftership") as asking:
            (told,) = asking.told(OTHERS[0])

        assert (told.outcome, told.detail, len(told.ref)) == ("not_found", "Pending_001", 24)

    def test_clocks_without_a_zone(self) -> None:
        """A clock without offset is placed by its country only if that has one zone."""
        with _asking("aftership", "delivered", "no_offset") as asking:
            bases = {(event.raw.country, event.basis.value) for event in asking.events()}

        assert bases == {("GT", "country_zone"), ("US", "unknown")}

    def test_a_span(self) -> None:
        """Of a span for the delivery the later day counts, as it is written."""
        with _asking("aftership", "posted", "span") as asking:
            assert asking.told(NUMBER)[0].expected_on == date(2026, 12, 2)

    @pytest.mark.parametrize(("planted", "day"), [("no_promise", date(2026, 12, 24)), ("own_promise", None)])
    def test_whose_day(self, planted: str, day: date | None) -> None:
        """Without the carrier's day that of AfterShip counts; what the shop itself promised is not told back to it."""
        with _asking("aftership", "posted", planted) as asking:
            assert asking.told(NUMBER)[0].expected_on == day

    def test_two_couriers(self) -> None:
        """Of two trackings of a number, the one that was asked for before counts, else the one that knows more."""
        with _asking("aftership", "delivered", "two_couriers") as asking:
            asking.told(NUMBER)
            told = [asking.told(NUMBER)[0], asking.told(NUMBER, refs=("other",))[0]]

        assert [(one.ref == "other", len(one.events)) for one in told] == [(False, 7), (True, 0)]

    def test_page_by_page(self) -> None:
        """All pages are read, and a list without end is left."""
        with _asking("aftership") as asking:
            asking.twin.lay(OTHERS[0], "posted")
            asking.told(NUMBER, OTHERS[0])
            asking.twin.a_page = 1
            asking.twin.journal.clear()
            told = asking.told(NUMBER, OTHERS[0])
            pages = len(asking.twin.journal)
            asking.twin.planted.add("endless")
            asking.twin.journal.clear()
            again = asking.told(NUMBER, OTHERS[0])

        assert ([len(one.events) for one in told], pages) == ([7, 2], 2)
        assert ([len(one.events) for one in again], len(asking.twin.journal)) == ([7, 2], 5)

    @pytest.mark.parametrize("planted", ["error_in_200", "no_list"])
    def test_an_error_inside(self, planted: str) -> None:
        """An answer of 200 without what was asked for is garbage, and no empty list."""
        with _asking("aftership", "posted", planted) as asking, pytest.raises(TrackingError) as caught:
            asking.told(NUMBER)

        assert caught.value.reason == "garbage"

    def test_made_in_between(self) -> None:
        """One that somebody made between two calls is no error; its events come with the next ask."""
        with _asking("aftership") as asking:
            calls = asking.tracker.track([Ask(NUMBER)], now=NOW)
            make = calls.send(asking.transport.send(next(calls)))
            asking.told(NUMBER)
            with pytest.raises(StopIteration) as end:
                calls.send(asking.transport.send(make))

        assert [(one.outcome, one.ref) for one in end.value.value] == [("not_found", "")]

    def test_deleted_there(self) -> None:
        """A tracking that is no longer listed is not made again, which would cost, and keeps its name."""
        with _asking("aftership") as asking:
            (told,) = asking.told(OTHERS[1], refs=("gone",))

        assert (told.outcome, told.ref, asking.twin.made) == ("not_found", "gone", {})


class TestEasyPost:
    """What is EasyPost's own."""

    def test_held_is_no_word_of_customs(self) -> None:
        """A hold is one, for whatever reason: EasyPost does not say which."""
        with _asking("easypost", "held") as asking:
            line = asking.line()

        assert (line.headline, line.customs.state) == ("on_hold", "none")

    def test_no_clock_was_shown(self) -> None:
        """Its Z is UTC, and no clock of the office is made of it."""
        with _asking("easypost", "posted") as asking:
            events = asking.events()

        assert {(event.local, event.basis.value) for event in events} == {(None, "utc_field")}

    def test_places_without_a_country(self) -> None:
        """Without places, events have no leg, and the way is told still."""
        with _asking("easypost", "delivered", "no_places") as asking:
            line = asking.line()

        assert (line.headline, {entry.event.raw.leg for entry in line.entries}) == ("delivered", {None})

    def test_a_parcel_that_comes_back(self) -> None:
        """A tracker of a return is a way back, and its delivery the sender's: a person looks at it."""
        with _asking("easypost", "delivered", "is_return") as asking:
            line = asking.line()

        assert (line.leg, line.delivered, line.flags) == (Leg.RETURN, None, ("delivered_on_return",))

    def test_an_error_inside(self) -> None:
        """An answer of 200 with an error in it is garbage."""
        with _asking("easypost", "posted", "error_in_200") as asking, pytest.raises(TrackingError) as caught:
            asking.told(NUMBER)

        assert caught.value.reason == "garbage"

    def test_no_list(self) -> None:
        """A tracker without its list of details has none yet."""
        with _asking("easypost", "posted", "not_listed") as asking:
            (told,) = asking.told(NUMBER)

        assert (told.outcome, told.events) == ("told", ())

    def test_deleted_there(self) -> None:
        """A tracker that is not there any more is not found, and not made again, which would cost."""
        with _asking("easypost") as asking:
            (told,) = asking.told(NUMBER, refs=("trk_gone",))

        assert (told.outcome, asking.twin.made) == ("not_found", {})

    def test_a_name_that_leads_elsewhere(self) -> None:
        """What is kept as the provider's name is only asked by if it is one."""
        with _asking("easypost") as asking:
            asking.told(NUMBER, refs=("../users",))

        assert asking.twin.paths() == ["/trackers"]

    @pytest.mark.parametrize(
        ("number", "headline"),
        [("EZ1000000001", "info_received"), ("EZ4000000004", "delivered"), ("EZ5000000005", "return_to_sender")],
    )
    def test_the_vendors_numbers_for_trying(self, number: str, headline: str) -> None:
        """EasyPost's own test numbers tell what EasyPost says they tell."""
        with _asking("easypost") as asking:
            (told,) = asking.told(number)
        line = fold([normalise(raw, asking.tracker.vocabulary) for raw in told.events], now=NOW)

        assert line.headline == headline


class TestTwoProviders:
    """A post and an aggregator tell of one parcel."""

    def _events(self) -> tuple[list[Event], list[Event]]:
        """Return what two aggregators' real shapes tell: one of them has the delivery wrong, a day early."""
        with _asking("17track", "delivered") as asking:
            right = asking.events()
        with _asking("aftership", "delivered") as asking:
            asking.twin.lay(NUMBER, "delivered", days=6.0)
            wrong = asking.events()
        return right, wrong

    def test_the_authority_of_a_leg(self) -> None:
        """Who speaks for the buyer's country decides there; what the other tells of it is kept and moves nothing."""
        right, wrong = self._events()
        lines = [fold(right + wrong, now=NOW, authority={Leg.DESTINATION: name}) for name in ("17track", "aftership")]
        ends = [line.delivered for line in lines]

        assert [end.raw.provider if end else None for end in ends] == ["17track", "aftership"]
        assert [Counter(entry.part.value for entry in line.entries)["other_authority"] for line in lines] == [4, 4]
        assert [len(line.entries) for line in lines] == [14, 14]

    def test_whoever_comes_first(self) -> None:
        """The order in which two providers tell changes nothing."""
        right, wrong = self._events()
        authority = {Leg.DESTINATION: "17track", Leg.ORIGIN: "aftership"}
        one, other = (fold(events, now=NOW, authority=authority) for events in (right + wrong, wrong + right))

        assert one == other

    def test_nothing_is_merged_by_text(self) -> None:
        """One scan told by two providers stands twice, each with its own words and code."""
        right, wrong = self._events()
        line = fold(right + wrong, now=NOW)

        assert Counter(entry.event.raw.provider for entry in line.entries) == {"17track": 7, "aftership": 7}


class TestCarriersWords:
    """What counts where a carrier's words and an aggregator's code differ."""

    @pytest.mark.parametrize(
        ("text", "status", "customs"),
        [
            ("Return item from customs (Inb)", "in_transit", "released"),
            ("Devolver envío desde aduana (entrada)", "in_transit", "released"),
            ("DEVOLVER ENVIO DESDE ADUANA", "in_transit", "released"),
            ("Detener envío al remitente", "return_to_sender", None),
            ("Devuelto al remitente por aduana", "return_to_sender", None),
            (None, "return_to_sender", None),
        ],
    )
    def test_a_return_that_is_none(self, text: str | None, status: str, customs: str | None) -> None:
        """Known words count over *Exception_Returning*; words that nobody knows leave it as it is."""
        raw = RawEvent("17track", NOW, code="Exception_Returning", text=text, time="2026-11-20T10:00:00-06:00")
        event = normalise(raw, seventeentrack.TRACKER.vocabulary)

        assert (event.status.value, event.customs, event.raw.code) == (status, customs, "Exception_Returning")

    def test_two_scans_of_one_code(self) -> None:
        """Two known wordings in one second are two events, though the aggregator has one code for both."""
        texts = ("Send item to customs (Inb)", "Return item from customs (Inb)")
        raws = [
            RawEvent("aftership", NOW, code="InTransit_001", text=text, time="2026-11-20T10:00:00Z") for text in texts
        ]
        line = fold([normalise(raw, aftership.TRACKER.vocabulary) for raw in raws], now=NOW)

        assert len(line.entries) == 2

    def test_read_anew(self) -> None:
        """The code as it came is kept beside, so that better tables can read it again."""
        raw = RawEvent("easypost", NOW, code="in_transit/beamed_up", text="x", utc="2026-11-20T10:00:00Z")
        event = normalise(raw, easypost.TRACKER.vocabulary)

        assert (event.raw, event.status, event.is_mapped) == (raw, Status.IN_TRANSIT, False)
