"""Feeds of posts: codes and wordings, JSON and XML, and what is no item."""

from __future__ import annotations

import pytest

from shopkit.tracking.clock import Basis
from shopkit.tracking.port import Ask, Call, Reply, TrackingError, converse
from shopkit.tracking.statuses import Status
from shopkit.tracking.timeline import Part
from shopkit.tracking.upu import TRACKER
from tests.twins.carriers import NOW
from tests.twins.upu import Upu
from tests.unit.shopkit.tracking.straight import Straight, summary

NUMBER = "RB123456785GT"


@pytest.fixture
def twin() -> Upu:
    """Return a post."""
    return Upu()


@pytest.fixture
def way(twin: Upu) -> Straight:
    """Return the way to it."""
    return Straight(TRACKER, twin)


def answered(body: bytes) -> str:
    """Return what is told of a number by an answer, or why nothing is."""

    class Same:
        def send(self, _: Call) -> Reply:
            return Reply(200, body)

    try:
        (told,) = converse(TRACKER.track([Ask(NUMBER)], now=NOW), Same())
    except TrackingError as error:
        return error.reason
    return str(told.outcome)


class TestStories:
    """Posts speak by codes, or by wordings."""

    @pytest.mark.parametrize("planted", [set(), {"xml"}, {"list"}, {"wordings"}, {"wordings", "xml"}, {"broken"}])
    @pytest.mark.parametrize(
        ("story", "expected"),
        [
            ("posted", (Status.PICKED_UP, "none", ())),
            ("customs", (Status.IN_CUSTOMS_IMPORT, "presented", ())),
            ("released", (Status.IN_TRANSIT, "released", ())),
            ("delivered", (Status.DELIVERED, "released", ())),
        ],
    )
    def test_story(self, twin: Upu, way: Straight, story: str, expected: tuple[object, ...], planted: set[str]) -> None:
        """A way is the same in JSON, in a list, in XML, by codes, in Spanish, and in Spanish that broke."""
        twin.lay(NUMBER, story)
        twin.planted |= planted

        assert summary(way.line(NUMBER)) == expected

    def test_held(self, twin: Upu, way: Straight) -> None:
        """A hold has no reason where the feed tells none: the buyer is not told what to do by guess."""
        twin.lay(NUMBER, "held")
        line = way.line(NUMBER)

        assert (line.headline, line.customs.state, line.customs.reason) == (Status.HELD_CUSTOMS_IMPORT, "held", None)

    def test_markup(self, twin: Upu, way: Straight) -> None:
        """Is text, in JSON and in XML, and moves nothing of what the codes say."""
        twin.lay(NUMBER, "delivered")
        twin.planted.add("marked")
        texts = []
        for more in (set(), {"xml"}):
            twin.planted |= more
            texts.append(way.events(NUMBER)[-1].raw.text)
            assert way.line(NUMBER).headline is Status.DELIVERED

        assert texts == ["<script>alert(1)</script>Final delivery"] * 2

    def test_what_no_table_has(self, twin: Upu, way: Straight) -> None:
        """Is kept, and counted."""
        twin.lay(NUMBER, "odd")

        assert way.line(NUMBER).unmapped == (("upu", "QQQ", 1),)

    def test_ten_thousand_events(self, twin: Upu, way: Straight) -> None:
        """Are all read, in XML too."""
        twin.lay(NUMBER, "posted", days=30)
        twin.planted |= {"many", "xml"}

        assert len(way.track(NUMBER)[0].events) == 10_000


class TestTimes:
    """Times are milliseconds."""

    def test_milliseconds(self, twin: Upu, way: Straight) -> None:
        """They are an instant, and say that they are of that kind."""
        twin.lay(NUMBER, "posted")
        (event,) = way.events(NUMBER)

        assert (event.utc, event.local, event.basis) == (NOW.replace(day=17), None, Basis.EPOCH)

    def test_a_wall_clock(self, twin: Upu, way: Straight) -> None:
        """Without an offset it is no instant."""
        twin.lay(NUMBER, "posted")
        twin.planted.add("wall_clock")
        (event,) = way.events(NUMBER)

        assert (event.utc, event.local) == (None, NOW.replace(day=17, tzinfo=None))

    @pytest.mark.parametrize(("planted", "part"), [("future", Part.FUTURE), ("no_time", Part.UNDATED)])
    def test_neither_moves_anything(self, twin: Upu, way: Straight, planted: str, part: Part) -> None:
        """What has not happened yet waits; what has no time stands apart."""
        twin.lay(NUMBER, "delivered")
        twin.planted.add(planted)

        assert {entry.part for entry in way.line(NUMBER).entries} == {part}


class TestAnswers:
    """What is an item, what is no data, and what is nothing."""

    @pytest.mark.parametrize(
        ("body", "outcome"),
        [
            (b"1", "not_found"),
            (b' "1"\r\n', "not_found"),
            (b"[]", "not_found"),
            (b'<int xmlns="urn:x">1</int>', "not_found"),
            (b'{"ID": "RB123456785GT"}', "told"),
            (b'\xef\xbb\xbf{"ID": "rb123456785gt", "Events": []}', "told"),
            (b"<ArrayOfItem><Item><ID>RB123456785GT</ID></Item></ArrayOfItem>", "told"),
            (b"2", "garbage"),
            (b"true", "garbage"),
            (b"null", "garbage"),
            (b"[1]", "garbage"),
            (b"", "garbage"),
            (b"{}", "garbage"),
            (b'{"ID": "RB000000005GT", "Events": []}', "garbage"),
            (b'{"ID": "RB123456785GT", "Events": {"EventCd": "EMI"}}', "garbage"),
            (b"<html><p>Endpoint not found", "garbage"),
            (b"<!doctype html><html></html>", "garbage"),
            (b"<Item><ID>RB123456785GT</ID>", "garbage"),
            (b'<?xml version="1.0" encoding="x-none"?><Item><ID>RB123456785GT</ID></Item>', "garbage"),
            ("<Item><ID>RB123456785GT</ID><A>ñ</A></Item>".encode("latin-1"), "garbage"),
        ],
    )
    def test_body(self, body: bytes, outcome: str) -> None:
        """Every body is one of the three."""
        assert answered(body) == outcome

    @pytest.mark.parametrize(
        "kind",
        [
            '<!DOCTYPE Item [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
            '<!DOCTYPE Item [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
            '<!DOCTYPE Item SYSTEM "http://127.0.0.1:9/item.dtd">',
            "<!DOCTYPE Item>",
        ],
    )
    def test_document_types(self, kind: str) -> None:
        """XML that defines anything is not read, whether it uses it or not."""
        assert answered(f"{kind}<Item><ID>RB123456785GT</ID></Item>".encode()) == "garbage"

    def test_entities_of_the_twin(self, twin: Upu, way: Straight) -> None:
        """A feed that sends them tells nothing."""
        twin.lay(NUMBER, "delivered")
        twin.planted.add("entities")
        with pytest.raises(TrackingError) as caught:
            way.track(NUMBER)

        assert (caught.value.reason, caught.value.detail) == (
            "garbage",
            "the answer is not XML that is read: DTDForbidden",
        )


class TestAddress:
    """A post's address is the seller's to say, its key the last part."""

    def test_the_key_is_in_no_call_that_is_told(self) -> None:
        """A call that is logged has the number alone; a key with marks of an address in it stays one part."""
        call = next(TRACKER.track([Ask(NUMBER)], now=NOW))

        assert call.path == f"/{NUMBER}"
        assert TRACKER.addressed(call, {"key": "a/b?c#d"}).path == f"/{NUMBER}/a%2Fb%3Fc%23d"

    @pytest.mark.parametrize(
        ("said", "address"),
        [
            ("", "https://ptt.ptc.post/PTT.API/Service.svc/rest/itemTTExt"),
            ("https://rastreo.correos.example/rest/itemTTExt/", "https://rastreo.correos.example/rest/itemTTExt"),
            ("http://rastreo.correos.example/rest", "refused"),
            ("https://127.0.0.1/rest", "refused"),
            ("https://db.internal/rest", "refused"),
            ("https://user:key@correos.example/rest", "refused"),
        ],
    )
    def test_an_address(self, said: str, address: str) -> None:
        """Has to be a public one of https."""
        try:
            found = TRACKER.address({"address": said})
        except TrackingError as error:
            found = error.reason

        assert found == address


def test_takes() -> None:
    """Items of S10."""
    assert [TRACKER.takes(*one) for one in [(NUMBER, ""), (NUMBER, "post"), (NUMBER, "usps"), ("123", "")]] == [
        *(True, True, False, False)
    ]
