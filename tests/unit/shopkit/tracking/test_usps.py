"""USPS: what its answers mean, and what is made of those that are wrong."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from shopkit.tracking.clock import Basis
from shopkit.tracking.port import Ask, Reply, TrackingError, converse
from shopkit.tracking.statuses import Status
from shopkit.tracking.timeline import Part, Window
from shopkit.tracking.usps import TRACKER, plain
from tests.twins.usps import Usps
from tests.unit.shopkit.tracking.straight import Straight, summary

NUMBER = "9400109104250532908587"


@pytest.fixture
def twin() -> Usps:
    """Return USPS."""
    return Usps()


@pytest.fixture
def way(twin: Usps) -> Straight:
    """Return the way to it."""
    return Straight(TRACKER, twin)


def answering(body: object, status: int = 200) -> Straight:
    """Return a way to a server that always answers the same."""

    class Same(Straight):
        def send(self, _: object) -> Reply:
            return Reply(status, json.dumps(body).encode())

    return Same(TRACKER, Usps())


class TestStatuses:
    """Codes decide; where a code is not known the category of the item speaks for its newest event."""

    @pytest.mark.parametrize(
        ("story", "headline"),
        [
            ("announced", Status.INFO_RECEIVED),
            ("posted", Status.PICKED_UP),
            ("out", Status.OUT_FOR_DELIVERY),
            ("delivered", Status.DELIVERED),
            ("failed", Status.DELIVERY_FAILED),
            ("returned", Status.RETURN_TO_SENDER),
            ("odd", Status.IN_TRANSIT),
        ],
    )
    def test_story(self, twin: Usps, way: Straight, story: str, headline: Status) -> None:
        """Each way ends where its last event says."""
        twin.lay(NUMBER, story)

        assert way.line(NUMBER).headline is headline

    def test_a_code_that_no_table_has(self) -> None:
        """Says nothing once something newer was told, and is counted."""
        rows = [{"eventCode": "03", "eventTimestamp": "2026-11-22T10:00:00"}, {"eventCode": "ZQ", "eventType": "New"}]
        line = answering({"trackingNumber": NUMBER, "statusCategory": "In Transit", "trackingEvents": rows}).line(
            NUMBER
        )

        assert (line.headline, line.unmapped) == (Status.PICKED_UP, (("usps", "ZQ", 1),))

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("Inbound Into Customs", (Status.IN_CUSTOMS_IMPORT, "presented", ())),
            ("Held in Customs", (Status.HELD_CUSTOMS_IMPORT, "held", ())),
            ("Inbound Out of Customs", (Status.IN_TRANSIT, "released", ())),
            ("Customs Clearance Processing Complete", (Status.IN_TRANSIT, "released", ())),
        ],
    )
    def test_customs_by_its_names(self, name: str, expected: tuple[object, ...]) -> None:
        """A step of customs is read by its name where its code has no row, before the category of the item."""
        rows = [{"eventCode": "ZQ", "eventType": name, "eventTimestamp": "2026-11-22T10:00:00"}]
        way = answering({"trackingNumber": NUMBER, "statusCategory": "Alert", "trackingEvents": rows})

        assert summary(way.line(NUMBER)) == expected

    def test_a_code_against_a_name(self) -> None:
        """A delivery by code that customs holds by its name is neither."""
        rows = [{"eventCode": "01", "eventType": "Held in Customs", "eventTimestamp": "2026-11-22T10:00:00"}]
        way = answering({"trackingNumber": NUMBER, "statusCategory": "In Transit", "trackingEvents": rows})

        assert way.line(NUMBER).headline is None

    @pytest.mark.parametrize("category", ["Something New", None])
    def test_neither_code_nor_category(self, category: str | None) -> None:
        """What nobody knows is unknown."""
        rows = [{"eventCode": "ZQ", "eventType": "Delivered to Mars", "eventTimestamp": "2026-11-22T10:00:00"}]
        line = answering({"trackingNumber": NUMBER, "statusCategory": category, "trackingEvents": rows}).line(NUMBER)

        assert (line.headline, line.unmapped) == (None, (("usps", "ZQ", 1),))


class TestTimes:
    """GMT is used, the wall clock is shown."""

    def test_gmt(self, twin: Usps, way: Straight) -> None:
        """A delivery at two in the afternoon of Florida is at seven of GMT."""
        twin.lay(NUMBER, "delivered")
        last = max(way.events(NUMBER), key=lambda event: str(event.utc))

        assert (last.utc, last.local, last.basis) == (
            datetime.fromisoformat("2026-11-21T15:04:05+00:00"),
            datetime.fromisoformat("2026-11-21T10:04:00"),
            Basis.UTC_FIELD,
        )

    def test_gmt_that_is_the_wall_clock(self, twin: Usps, way: Straight) -> None:
        """Of two fields that contradict each other neither is UTC: five hours are not guessed away."""
        twin.lay(NUMBER, "delivered")
        twin.planted.add("gmt_is_local")

        assert {(event.utc, event.basis) for event in way.events(NUMBER)} == {(None, Basis.UNKNOWN)}
        assert way.line(NUMBER).headline is Status.DELIVERED

    def test_without_gmt(self, twin: Usps, way: Straight) -> None:
        """A wall clock without an offset is kept, and is no instant."""
        twin.lay(NUMBER, "posted")
        twin.planted.add("no_gmt")

        assert [(event.local is None, event.utc) for event in way.events(NUMBER)] == [(False, None)] * 2

    @pytest.mark.parametrize(
        ("row", "utc"),
        [
            ({"eventTimestamp": "2026-11-22T10:00:00Z"}, None),
            ({"eventTimestamp": "2026-11-22T10:00:00", "GMTOffset": "-7:00"}, "2026-11-22T17:00:00+00:00"),
            ({"eventTimestamp": "2026-11-22T10:00:00-07:00"}, "2026-11-22T17:00:00+00:00"),
            ({"eventTimestamp": "2026-11-22", "GMTTimestamp": None}, None),
            ({"GMTTimestamp": "2026-11-22T17:00:41.041Z"}, "2026-11-22T17:00:41.041000+00:00"),
        ],
    )
    def test_spellings(self, row: dict[str, str], utc: str | None) -> None:
        """A Z on the wall clock is none of GMT; an offset is, in its own field or at the end."""
        (event,) = answering({"trackingNumber": NUMBER, "trackingEvents": [row]}).events(NUMBER)

        assert (None if event.utc is None else event.utc.isoformat()) == utc

    def test_of_the_future(self, twin: Usps, way: Straight) -> None:
        """What has not happened yet waits."""
        twin.lay(NUMBER, "delivered")
        twin.planted.add("future")
        line = way.line(NUMBER)

        assert (line.headline, {entry.part for entry in line.entries}) == (None, {Part.FUTURE})

    def test_no_time_at_all(self, twin: Usps, way: Straight) -> None:
        """Is kept, and moves nothing."""
        twin.lay(NUMBER, "posted")
        twin.planted.add("no_time")

        assert [entry.part for entry in way.line(NUMBER).entries] == [Part.UNDATED] * 2

    @pytest.mark.parametrize(
        ("said", "day"),
        [
            ({"expectedDeliveryTimeStamp": "2026-11-25T23:59:00Z"}, date(2026, 11, 25)),
            ({"expectedDeliveryTimeStamp": "soon", "predictedDeliveryDate": "2026-11-26"}, date(2026, 11, 26)),
            ({"deliveryDateExpectation": {"expectedDeliveryDate": "2026-11-27"}}, date(2026, 11, 27)),
            ({}, None),
        ],
    )
    def test_the_day_that_is_expected(self, said: dict[str, object], day: date | None) -> None:
        """Is a date, which no zone moves."""
        (told,) = answering({"trackingNumber": NUMBER, "trackingEvents": [], **said}).track(NUMBER)

        assert told.expected_on == day


class TestFields:
    """Answers are wider than their schema."""

    def test_html(self, twin: Usps, way: Straight) -> None:
        """Markup is kept as it came, moves nothing, and is no part of what a page shows of the service."""
        twin.lay(NUMBER, "delivered")
        twin.planted |= {"marked", "wide"}
        (told,) = way.track(NUMBER)

        assert told.events[0].text == "<script>alert(1)</script>Delivered, Parcel Locker"
        assert told.service == "USPS Ground Advantage™"
        assert way.line(NUMBER).headline is Status.DELIVERED

    def test_the_same_with_nulls_and_texts(self, twin: Usps, way: Straight) -> None:
        """Null places, flags that are texts and services that are a text change no event."""
        twin.lay(NUMBER, "delivered")
        plainly = {event.key for event in way.events(NUMBER)}
        twin.planted |= {"wide", "text_services"}

        assert {event.key for event in way.events(NUMBER)} == plainly

    def test_a_place(self, twin: Usps, way: Straight) -> None:
        """Is told by what there is of it, in the bytes that came."""
        twin.lay(NUMBER, "delivered")
        twin.planted |= {"broken"}
        places = [event.raw.place for event in way.events(NUMBER)]

        assert places[0] == "SAN GERM\u00c3\u0081N, FL, 34442"

    def test_ten_thousand_events(self, twin: Usps, way: Straight) -> None:
        """Are all read, though the schema says no more than 99."""
        twin.lay(NUMBER, "posted", days=30)
        twin.planted.add("many")

        assert len(way.track(NUMBER)[0].events) == 9_992

    def test_markup_that_does_not_end(self) -> None:
        """What is no tag is text."""
        assert plain("a < b <SUP>&#174;</SUP> &lt;script&gt;") == "a < b ® <script>"


class TestNumbers:
    """What is said of a number that nothing is known of."""

    @pytest.mark.parametrize(
        ("code", "outcome"),
        [
            *((code, "not_found") for code in ("150001", "150002", "150003", "150009", "150013")),
            *((code, "rejected") for code in ("150004", "150006", "150007", "150008", "150010", "150011", "150012")),
        ],
    )
    def test_codes_of_the_inventory(self, code: str, outcome: str) -> None:
        """400 with a code for the number says of the number alone, and is no error of ours; so it is with 200."""
        body = {"apiVersion": "v3", "error": {"code": "400", "errors": [{"code": code}]}}
        told = [answering(body, status).track(NUMBER)[0] for status in (400, 200)]

        assert [one.outcome for one in told] == [outcome] * 2

    def test_another_400(self) -> None:
        """Says that we asked wrongly, once and for all."""
        with pytest.raises(TrackingError) as caught:
            answering({"error": {"code": "400", "errors": [{"code": "010005"}]}}, 400).track(NUMBER)

        assert caught.value.reason == "refused"

    @pytest.mark.parametrize(
        "body",
        [
            {"trackingNumber": "9400100000000000000000", "trackingEvents": []},
            {"trackingEvents": []},
            {"trackingNumber": NUMBER, "trackingEvents": "none"},
            {"trackingNumber": NUMBER, "eventSummaries": ["Delivered, 11/22/2026"]},
            {"error": {"code": "500"}},
            [],
        ],
    )
    def test_what_is_no_answer(self, body: object) -> None:
        """Another number's history, a summary where detail was asked for, an error in a good answer: none is told."""
        with pytest.raises(TrackingError) as caught:
            answering(body).track(NUMBER)

        assert caught.value.reason == "garbage"

    def test_with_the_postcode_before_it(self) -> None:
        """USPS may tell of the number without the routing that stood before it."""
        (told,) = answering({"trackingNumber": NUMBER, "trackingEvents": []}).track(f"42033442{NUMBER}")

        assert told.outcome == "told"


class TestUsedAgain:
    """A number that another parcel had before."""

    def test_its_day_of_posting_picks(self, twin: Usps, way: Straight) -> None:
        """When all that is told is too old, the parcel of the day of posting is asked for."""
        twin.lay(NUMBER, "delivered", days=300)
        twin.lay(NUMBER, "posted", days=2)
        (told,) = way.track(Ask(NUMBER, posted_on=date(2026, 11, 21)))

        assert [call.query for call in way.calls] == [
            (("expand", "DETAIL"),),
            (("expand", "DETAIL"), ("mailingDate", "2026-11-21")),
        ]
        assert [event.code for event in told.events] == ["03", "GX"]

    def test_another_day(self, twin: Usps, way: Straight) -> None:
        """A day on which USPS knows no parcel leaves what was told, which stands apart as another's."""
        twin.lay(NUMBER, "delivered", days=300)
        (told,) = way.track(Ask(NUMBER, posted_on=date(2026, 11, 20)))
        line = way.line(NUMBER, Window(date(2026, 11, 20)))

        assert (told.outcome, line.headline, len(line.other_parcel)) == ("told", None, 8)

    def test_not_asked_twice_for_nothing(self, twin: Usps, way: Straight) -> None:
        """A parcel that is ours needs one call."""
        twin.lay(NUMBER, "delivered", days=5)
        way.track(Ask(NUMBER, posted_on=date(2026, 11, 18)))

        assert len(way.calls) == 1


class TestToken:
    """A token is asked for by key and secret."""

    def test_it_is_read(self) -> None:
        """Its time is told in a text."""

        class Giving:
            def send(self, _: object) -> Reply:
                return Reply(200, b'{"access_token": "t", "expires_in": "28799"}')

        assert converse(TRACKER.token({"client_id": "a", "client_secret": "b"}), Giving()).lasts_s == 28_799

    @pytest.mark.parametrize(("status", "reason"), [(400, "unsigned"), (401, "unsigned"), (200, "garbage")])
    def test_refused(self, status: int, reason: str) -> None:
        """A secret that is not taken is told apart from an answer without a token."""

        class Refusing:
            def send(self, _: object) -> Reply:
                return Reply(status, b'{"error": "invalid_client"}')

        with pytest.raises(TrackingError) as caught:
            converse(TRACKER.token({}), Refusing())

        assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("number", "carrier", "takes"),
    [
        (NUMBER, "", True),
        (NUMBER, "post", True),
        (NUMBER, "dhl", False),
        ("RB123456785GB", "", True),
        ("RB123456786GB", "", False),
        ("1Z999AA10123456784", "", False),
        ("1Z999AA10123456784", "post", False),
        ("7777000012345678", "usps", True),
        ("../../oauth2", "usps", False),
    ],
)
def test_takes(number: str, carrier: str, takes: bool) -> None:  # noqa: FBT001 - a row of the table
    """Its own numbers, and valid ones of posts, which may have come to the United States."""
    assert TRACKER.takes(number, carrier) is takes


def test_environments() -> None:
    """An account says whether it is one of the testing environment."""
    assert [TRACKER.address({"environment": said}) for said in ("", "TEM ")] == [
        "https://apis.usps.com",
        "https://apis-tem.usps.com",
    ]


def test_the_fold_of_a_delivery(twin: Usps, way: Straight) -> None:
    """Nothing of a plain way needs a person."""
    twin.lay(NUMBER, "delivered")

    assert summary(way.line(NUMBER)) == (Status.DELIVERED, "none", ())
