"""What only the real program can show: Apertium as it is installed here."""

from __future__ import annotations

import os
import shutil

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts.test_engines import asked, marked, real, routed
from translations.engines.asking import ask, direction
from translations.engines.port import Translated

PIECES = (
    *("{size}", "%(name)s", "{{total}}", "<b>", "</b>", "12,5 cm", "$1.250,50", "https://a.mx/b?c=1&d", "🎉", "N.º 5"),
    *("mesa", "roja", "hecha", "a mano", "Oaxaca", "talla 42", "*", "~", "#", "@", "&", "<"),
)


class TestApertiumItself:
    """What only the real program can show."""

    def test_two_steps(self) -> None:
        """English and Portuguese meet in Spanish, and the draft says so."""
        machine = real()
        route = routed(machine, ("en-US", "pt-BR"))

        told = asked(machine, ("The red house",), ("en-US", "pt-BR"))

        assert direction(route) == "eng→spa→por_BR"
        assert told.texts == (Translated("A casa vermelha", ()),)

    def test_unknown_words_are_told_and_not_shown(self) -> None:
        """The star is taken off, the capital that the unknown word handed on too, and the word is kept."""
        told = asked(real(), ("Aretes de plata",))

        assert told.texts == (Translated("Aretes of silver", ("Aretes",)),)

    def test_its_own_signs_in_a_text_stay(self) -> None:
        """Stars, at signs, hashes and tildes of a text are no signs of the engine."""
        machine = real()
        text = "Café *nuevo* @taller #hecho ~50 g"
        (one,) = asked(machine, (text,)).texts
        assert isinstance(one, Translated)

        found = marked(machine, (text,))[0].restore(one.text, machine.engine.idiom)

        assert sorted(sign for sign in found if sign in "*@#~") == ["#", "*", "*", "@", "~"]

    def test_a_character_that_ends_its_input(self) -> None:
        """A zero byte, at which it may stop, parts two words like a space: no text is lost or exchanged."""
        machine = real()
        told = ask(machine.engine, machine.transport, ["Mesa", "Silla\x00roja", "Casa"], routed(machine))

        assert told.texts == (Translated("Table", ()), Translated("Red chair", ()), Translated("House", ()))

    @settings(max_examples=5)
    @given(
        st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map(" ".join), min_size=100, max_size=200)
    )
    def test_marks_survive_in_every_order(self, texts: list[str]) -> None:
        """Whatever stands beside whatever: every mark comes back, in both languages."""
        machine = real()
        for pair in (("es-MX", "en-US"), ("es-MX", "pt-BR")):
            told = asked(machine, tuple(texts), pair)
            for one, answer in zip(marked(machine, tuple(texts)), told.texts, strict=True):
                assert isinstance(answer, Translated)
                one.restore(answer.text, machine.engine.idiom)


def test_ci_has_apertium() -> None:
    """With CI set nothing may be missing: a machine without the program fails here, not silently elsewhere."""
    if os.environ.get("CI"):
        assert shutil.which("apertium")
