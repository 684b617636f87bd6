"""Correios: what its codes and kinds mean, whose clock it tells by, and the two ways of naming several numbers."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from shopkit.tracking.clock import Basis
from shopkit.tracking.codes import vocabulary
from shopkit.tracking.correios import TRACKER
from shopkit.tracking.events import normalise
from shopkit.tracking.port import Ask, Reply, TrackingError, converse
from shopkit.tracking.statuses import Status
from shopkit.tracking.timeline import Part
from tests.twins.carriers import NOW
from tests.twins.correios import Correios
from tests.unit.shopkit.tracking.straight import Straight, summary

if TYPE_CHECKING:
    from shopkit.tracking.port import Call, Told

NUMBER = "AA123456785BR"
OTHERS = ("RB123456785GB", "LX987654321CN")


@pytest.fixture
def twin() -> Correios:
    """Return Correios."""
    return Correios()


@pytest.fixture
def way(twin: Correios) -> Straight:
    """Return the way to it."""
    return Straight(TRACKER, twin)


def broken(text: str) -> str:
    """Return a text whose UTF-8 was read as Latin-1."""
    return text.encode().decode("latin-1")


class TestOutcomes:
    """A code with its kind decides, and not the code alone."""

    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            ("01", Status.DELIVERED),
            ("20", Status.DELIVERY_FAILED),
            ("21", Status.RETURN_TO_SENDER),
            ("23", Status.RETURNED),
            ("24", Status.READY_FOR_PICKUP),
            ("50", Status.LOST),
            ("57", Status.IN_TRANSIT),
            ("99", Status.UNKNOWN),
        ],
    )
    @pytest.mark.parametrize("code", ["BDE", "BDI", "BDR"])
    def test_kinds_of_an_outcome(self, code: str, kind: str, status: Status) -> None:
        """The same kinds mean the same outside, at the counter and of a receptacle."""
        assert vocabulary("correios").meaning(f"{code} {kind}", None).status is status

    @pytest.mark.parametrize(
        ("story", "expected"),
        [
            ("announced", (None, "none", ())),
            ("posted", (Status.PICKED_UP, "none", ())),
            ("out", (Status.OUT_FOR_DELIVERY, "none", ())),
            ("delivered", (Status.DELIVERED, "none", ())),
            ("failed", (Status.DELIVERY_FAILED, "none", ())),
            ("withdrawn", (Status.DELIVERY_FAILED, "none", ("withdrawn",))),
            ("returned", (Status.RETURNED, "none", ())),
            ("taxed", (Status.HELD_CUSTOMS_IMPORT, "payment_due", ())),
            ("paid", (Status.IN_CUSTOMS_IMPORT, "paid", ())),
            ("released", (Status.IN_TRANSIT, "released", ())),
            ("unpaid", (Status.RETURN_TO_SENDER, "released", ())),
            ("odd", (Status.PICKED_UP, "none", ())),
        ],
    )
    def test_story(self, twin: Correios, way: Straight, story: str, expected: tuple[object, ...]) -> None:
        """Each way ends where its last event says: a release is none of a return, a withdrawal is for a person."""
        twin.lay(NUMBER, story)

        assert summary(way.line(NUMBER)) == expected

    def test_code_and_text_that_disagree(self, twin: Correios, way: Straight) -> None:
        """A delivery whose text asks for payment is neither."""
        twin.lay(NUMBER, "disagreeing")
        line = way.line(NUMBER)

        assert (line.headline, line.unmapped) == (Status.PICKED_UP, (("correios", "BDE 01", 1),))

    def test_a_text_counts_for_customs_alone(self) -> None:
        """What is delivered is never said by words without a code."""
        meanings = [
            vocabulary("correios").meaning(None, text).status
            for text in ("Objeto entregue ao destinatário", "Fiscalização aduaneira finalizada", "aguardando pagamento")
        ]

        assert meanings == [Status.UNKNOWN, Status.IN_TRANSIT, Status.HELD_CUSTOMS_IMPORT]

    def test_texts_whose_accents_broke(self, twin: Correios, way: Straight) -> None:
        """Customs is recognised through a broken encoding, and through markup by its code."""
        twin.lay(NUMBER, "released")
        twin.planted |= {"broken", "marked"}

        assert summary(way.line(NUMBER)) == (Status.IN_TRANSIT, "released", ())
        assert way.events(NUMBER)[0].raw.text == "<img src=x onerror=alert(1)>" + broken(
            "Fiscalização aduaneira finalizada"
        )


class TestTimes:
    """Clocks of Brazil are those of Brasília."""

    def test_brasilia(self, twin: Correios, way: Straight) -> None:
        """Noon in Brasília is three in the afternoon of UTC, as a text and as an object."""
        twin.lay(NUMBER, "posted")
        plainly = way.events(NUMBER)
        twin.planted |= {"objects", "numbers"}
        (event,) = way.events(NUMBER)

        assert [one.key for one in plainly] == [event.key]
        assert (event.local, event.utc, event.basis) == (
            datetime.fromisoformat("2026-11-18T12:04:05"),
            datetime.fromisoformat("2026-11-18T15:04:05+00:00"),
            Basis.OFFICE_ZONE,
        )

    def test_an_office_abroad(self, twin: Correios, way: Straight) -> None:
        """Nobody says by whose clock it tells: its time is kept, and is no instant."""
        twin.lay(NUMBER, "taxed")
        abroad = way.events(NUMBER)[-1]

        assert (abroad.raw.place, abroad.raw.country, abroad.utc, abroad.local is None) == ("SUECIA", None, None, False)

    def test_no_time_and_of_the_future(self, twin: Correios, way: Straight) -> None:
        """Neither moves anything."""
        twin.lay(NUMBER, "delivered")
        parts = []
        for planted in ("no_time", "future"):
            twin.planted = {planted}
            parts.append({entry.part for entry in way.line(NUMBER).entries})

        assert parts == [{Part.UNDATED}, {Part.FUTURE}]

    @pytest.mark.parametrize(
        ("said", "day"),
        [
            ("20/03/2025", date(2025, 3, 20)),
            ("2023-03-30T20:59:59", date(2023, 3, 30)),
            ("31/02/2025", None),
            ("breve", None),
            (None, None),
        ],
    )
    def test_the_day_that_is_expected(self, said: str | None, day: date | None) -> None:
        """Is a date in either of its spellings, and none where it is none."""
        told = answered({"objetos": [{"codObjeto": NUMBER, "dtPrevista": said, "eventos": []}]})

        assert told.expected_on == day


def answered(body: object, status: int = 200) -> Told:
    """Return what is told of a number by an answer."""

    class Same:
        def send(self, _: Call) -> Reply:
            return Reply(status, json.dumps(body).encode())

    told: tuple[Told, ...] = converse(TRACKER.track([Ask(NUMBER)], now=NOW), Same())
    return told[0]


class TestSeveral:
    """Up to fifty numbers are asked for in one call."""

    def test_fifty(self, twin: Correios, way: Straight) -> None:
        """They are repeated in the address, in the language that wordings are compared in."""
        numbers = [f"AA{place:09}BR" for place in range(50)]
        twin.lay(numbers[7], "posted")
        told = way.track(*numbers)
        (call,) = way.calls

        assert [one.number for one in told] == numbers
        assert [one.outcome for one in told] == ["told" if place == 7 else "not_found" for place in range(50)]
        assert call.query == (*(("codigosObjetos", one) for one in numbers), ("resultado", "T"))
        assert call.headers == {"Accept-Language": "pt-BR"}

    @pytest.mark.parametrize(("planted", "calls"), [("commas_only", 2), ("repeats_only", 1), ("others", 1)])
    def test_both_ways_of_naming(self, twin: Correios, way: Straight, planted: str, calls: int) -> None:
        """Where repeating is not understood, what was left out is asked for again with commas, and all are told."""
        for number in (NUMBER, *OTHERS):
            twin.lay(number, "posted")
        twin.planted.add(planted)
        told = way.track(NUMBER, *OTHERS)

        assert [(one.number, one.outcome) for one in told] == [(one, "told") for one in (NUMBER, *OTHERS)]
        assert len(way.calls) == calls

    def test_one_that_is_left_out_for_good(self, twin: Correios, way: Straight) -> None:
        """Is unclear, and never not found: the parcel may be well on its way."""
        for number in (NUMBER, *OTHERS):
            twin.lay(number, "posted")
        twin.planted.add("forgets")
        told = way.track(NUMBER, *OTHERS)

        assert ([one.outcome for one in told], len(way.calls)) == (["told", "unclear", "told"], 2)

    def test_as_people_write_it(self, twin: Correios, way: Straight) -> None:
        """Small letters and blanks are read, and the answer bears the number as it was asked for."""
        twin.lay(NUMBER, "posted")
        told = way.track("aa 123 456 785 br", NUMBER)

        assert [(one.number, one.outcome) for one in told] == [("aa 123 456 785 br", "told"), (NUMBER, "told")]
        assert way.calls[0].path == f"/srorastro/v1/objetos/{NUMBER}"

    def test_ten_thousand_events(self, twin: Correios, way: Straight) -> None:
        """Are all read."""
        twin.lay(NUMBER, "posted", days=30)
        twin.planted.add("many")

        assert len(way.track(NUMBER)[0].events) == 10_000


class TestSaying:
    """What it says of a number, or of us."""

    def test_a_message_that_is_not_known(self, twin: Correios, way: Straight) -> None:
        """Is unclear, with its code."""
        twin.lay(NUMBER, "posted")
        twin.planted.add("other_message")
        (told,) = way.track(NUMBER)

        assert (told.outcome, told.detail) == ("unclear", "SRO-999")

    def test_a_contract_without_the_service(self, twin: Correios, way: Straight) -> None:
        """Is 403, as a token that is over: a new one is tried by who carries the call, and then it is said."""
        twin.planted.add("other_contract")
        with pytest.raises(TrackingError) as caught:
            way.track(NUMBER)

        assert caught.value.reason == "unsigned"

    @pytest.mark.parametrize("body", [[], {}, {"objetos": None}, {"objetos": "x"}, {"msgs": ["SRO-018"]}])
    def test_what_is_no_answer(self, body: object) -> None:
        """Is told as such."""
        with pytest.raises(TrackingError) as caught:
            answered(body)

        assert caught.value.reason == "garbage"

    @pytest.mark.parametrize(
        "event",
        [
            {"codigo": "PO", "tipo": None, "unidade": None},
            {"codigo": None, "tipo": "01", "unidade": {"endereco": None}},
            {"codigo": "PO", "tipo": True, "unidade": {"endereco": {"cidade": None, "uf": 7}}},
            {"codigo": "PO", "tipo": [1], "dtHrCriado": {"date": 5, "timezone": "Mars/Base"}, "unidade": []},
            "PO",
        ],
    )
    def test_events_with_nothing_in_them(self, event: object) -> None:
        """Are kept as far as there is anything, and move nothing."""
        told = answered({"objetos": [{"codObjeto": NUMBER, "eventos": [event]}]})
        events = [normalise(one, TRACKER.vocabulary) for one in told.events]

        assert {one.status for one in events} <= {Status.UNKNOWN}
        assert {one.raw.place for one in events} <= {None}


def test_takes() -> None:
    """Items of S10, whoever issued them: Correios tells of those that come to Brazil, too."""
    asked = [(NUMBER, ""), ("LX987654326CN", "post"), ("LX987654321CN", ""), (NUMBER, "usps")]

    assert [TRACKER.takes(*one) for one in asked] == [True, True, False, False]


def test_environments() -> None:
    """An account says whether it is one of the testing environment."""
    assert [TRACKER.address({"environment": said}) for said in ("", "hom")] == [
        "https://api.correios.com.br",
        "https://apihom.correios.com.br",
    ]
