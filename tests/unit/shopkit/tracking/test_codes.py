"""What codes and wordings of posts mean, and what they do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkit.tracking.codes import UNMAPPED, Vocabulary, post
from shopkit.tracking.folding import folded, repaired
from shopkit.tracking.statuses import Leg, Status

_SPANISH = "Enviar envío a ubicación nacional (entrada)"


def _broken(text: str, times: int = 1) -> str:
    """Return a text whose UTF-8 was read as Latin-1."""
    for _ in range(times):
        text = text.encode().decode("latin-1")
    return text


class TestReleases:
    """Release by customs is not a return to the sender."""

    @pytest.mark.parametrize(
        ("code", "text", "leg"),
        [
            ("EDC", None, Leg.DESTINATION),
            ("EXC", None, Leg.ORIGIN),
            ("38", None, Leg.DESTINATION),
            (None, "Return item from customs (Inb)", Leg.DESTINATION),
            (None, "Return item from customs (Otb)", Leg.ORIGIN),
            (None, "Devolver envío desde aduana (entrada)", Leg.DESTINATION),
            (None, "Devolver envío desde aduana (salida)", Leg.ORIGIN),
            (None, "DEVOLVER ENVIO DESDE ADUANA", None),
        ],
    )
    def test_release(self, code: str | None, text: str | None, leg: Leg | None) -> None:
        """By code and by wording in both languages the item goes on; without a direction the leg is not known."""
        found = post().meaning(code, text)

        assert (found.status, found.customs, found.leg) == (Status.IN_TRANSIT, "released", leg)

    def test_a_real_return(self) -> None:
        """An item stopped for its sender is a return."""
        assert post().meaning(None, "Detener envío al remitente").status is Status.RETURN_TO_SENDER


class TestMatching:
    """A wording is compared whole."""

    @pytest.mark.parametrize(
        "text",
        [
            _SPANISH,
            _SPANISH.upper(),
            f"  {_SPANISH.replace(' ', '  ')}\n",
            "Enviar envio a ubicacion nacional (Entrada)",
            _SPANISH.replace("í", "i\u0301"),
            _broken(_SPANISH),
            _broken(_SPANISH, 2),
            _SPANISH.replace("í", "Ã\xad").replace("ó", "Ã³"),
            _SPANISH.encode().decode("cp1252", "ignore"),
            "Send item to domestic location (Inb)",
        ],
    )
    def test_spellings(self, text: str) -> None:
        """Case, accents, blanks and broken encodings make no difference."""
        found = post().meaning(None, text)

        assert (found.status, found.leg) == (Status.IN_TRANSIT, Leg.DESTINATION)

    def test_a_half_that_was_lost(self) -> None:
        """An *í* whose second half cannot be seen and was dropped is one still."""
        assert post().meaning(None, "Enviar envÃo a aduana (entrada)").status is Status.IN_CUSTOMS_IMPORT

    @pytest.mark.parametrize(
        "text",
        [
            "Devolver envío",
            "devuelto al remitente por aduana",
            "Not delivered",
            "Deliver item (Inb) tomorrow",
            "<b>Deliver item (Inb)</b>",
            "",
            "1",
            "Deliver item " * 100,
        ],
    )
    def test_what_only_resembles_is_unknown(self, text: str) -> None:
        """No word in a text makes it mean something."""
        assert post().meaning(None, text) is UNMAPPED

    @pytest.mark.parametrize(
        ("leg", "status"),
        [
            (None, Status.UNKNOWN),
            (Leg.ORIGIN, Status.IN_CUSTOMS_EXPORT),
            (Leg.DESTINATION, Status.IN_CUSTOMS_IMPORT),
            (Leg.BETWEEN, Status.UNKNOWN),
        ],
    )
    def test_a_lost_direction(self, leg: Leg | None, status: Status) -> None:
        """Without its direction a wording that means two things means neither, unless the feed knows the leg."""
        assert post().meaning(None, "Send item to customs", leg=leg).status is status

    def test_code_and_wording_that_disagree(self) -> None:
        """A code of one thing with the wording of another is unknown."""
        assert post().meaning("EMI", "Send item to customs (Inb)") is UNMAPPED

    def test_code_and_wording_that_agree(self) -> None:
        """Both together mean what each does; an unknown code with a known wording is that wording."""
        found = [post().meaning(code, "Deliver item (Inb)").status for code in ("EMI", " emi ", "999")]

        assert found == [Status.DELIVERED] * 3

    @given(text=st.text(max_size=60), code=st.none() | st.text(max_size=5))
    def test_any_text_has_a_meaning_or_none(self, text: str, code: str | None) -> None:
        """No text breaks the tables, and what they lack is unknown."""
        found = post().meaning(code, text)

        assert found.is_mapped or found.status is Status.UNKNOWN

    @given(text=st.text("áéíóúñÁÉÍÓÚÑüabc ¿¡", max_size=30))
    def test_mojibake_is_undone(self, text: str) -> None:
        """Spanish that was read as Latin-1, once or twice, comes back, and sound Spanish stays."""
        assert [repaired(_broken(text, times)) for times in (0, 1, 2)] == [text] * 3

    @given(text=st.text(max_size=40))
    def test_folding_twice_changes_nothing(self, text: str) -> None:
        """A folded wording is its own fold, but for marks that only folding joins."""
        once = folded(text.encode("ascii", "ignore").decode())

        assert folded(once) == once


class TestOffices:
    """The same wording at another office."""

    @pytest.mark.parametrize(
        ("code", "office_type", "country", "status"),
        [
            ("34", "exchange", "BO", Status.IN_CUSTOMS_IMPORT),
            ("34", "delivery", "BO", Status.READY_FOR_PICKUP),
            ("34", "delivery", "PE", Status.IN_CUSTOMS_IMPORT),
            ("34", None, "BO", Status.IN_CUSTOMS_IMPORT),
            ("32", "delivery", "BO", Status.READY_FOR_PICKUP),
            ("32", "delivery", "PE", Status.AT_DELIVERY_OFFICE),
        ],
    )
    def test_kind_of_office(self, code: str, office_type: str | None, country: str, status: Status) -> None:
        """At a delivery office of Bolivia, events 32 and 34 mean that the item waits; at others what they say."""
        assert post().meaning(code, None, office_type=office_type, post=country).status is status

    @pytest.mark.parametrize(
        ("reason", "status", "customs"),
        [
            (None, Status.IN_CUSTOMS_IMPORT, "presented"),
            ("65", Status.HELD_CUSTOMS_IMPORT, "held"),
            ("99", Status.HELD_CUSTOMS_IMPORT, "held"),
        ],
    )
    def test_a_reason_to_hold(self, reason: str | None, status: Status, customs: str) -> None:
        """Customs information with a reason to hold, known or not, is a hold."""
        found = post().meaning("34", None, reason=reason)

        assert (found.status, found.customs) == (status, customs)

    def test_bags(self) -> None:
        """What is told of a bag is told of no item."""
        found = post().meaning("194", "Entregado bajo custodia de aduana o seguridad")

        assert (found.is_bag, found.status) == (True, Status.UNKNOWN)


def test_every_code_of_posts_is_there() -> None:
    """26 codes of EMSEVT and the numbers of IPS that are known."""
    codes = post().codes.keys()

    assert sum(code.isalpha() for code in codes) == 26
    assert sorted(int(code) for code in codes if code.isdigit()) == [1, 6, 8, 30, 31, 32, 34, 35, 38, 70, 75, 76, 194]


def test_a_vocabulary_of_another() -> None:
    """An adapter brings its own codes, and nothing of the posts' counts there."""
    own = Vocabulary({}, {})

    assert own.meaning("EMI", "Deliver item (Inb)") is UNMAPPED
