"""Freshness: what counts as another source, what changed in it, and what of a translation still holds."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from translations.freshness import Part, Piece, changes, digest, freshness, normalised, sentences, standing

OLD = "Taza de peltre de 250 ml. Pintada a mano en Toluca. No apta para microondas."
NEW = "Taza de peltre de 350 ml. Pintada a mano en Toluca. No apta para microondas."
SAID = "Enamel mug, 250 ml. Painted by hand in Toluca. Not for the microwave."


def test_what_a_reader_cannot_see_makes_no_other_source() -> None:
    """Composed or not, with other ends of lines, with blanks around it: the digest is the same."""
    text = "Algodón\nde Oaxaca"
    same = [unicodedata.normalize("NFD", text), f"  {text}\n", text.replace("\n", "\r\n"), text.replace("\n", "\r")]

    assert {digest(one) for one in same} == {digest(text)}


def test_a_letter_makes_another_source() -> None:
    """Also one that differs only in its accent or its size."""
    assert len({digest(one) for one in ("Algodón", "Algodon", "algodón", "Algo dón")}) == 4


def test_a_text_is_as_fresh_as_its_source_is_the_same() -> None:
    """Missing without a digest, current on its own source, changed on another."""
    found = [freshness(made_of, "Taza") for made_of in (None, digest("Taza"), digest("Vaso"))]

    assert found == ["missing", "current", "changed"]


def test_a_difference_is_told_by_whole_words() -> None:
    """What is gone stands before what is new, and the rest is there to be read."""
    assert changes("Taza azul de peltre", "Taza roja de peltre") == (
        Piece("same", "Taza "),
        Piece("gone", "azul"),
        Piece("new", "roja"),
        Piece("same", " de peltre"),
    )


@given(st.text(), st.text())
def test_a_difference_holds_both_texts(old: str, new: str) -> None:
    """Without what is new it is the old text, without what is gone the new one."""
    found = changes(old, new)

    assert "".join(one.text for one in found if one.kind != "new") == normalised(old)
    assert "".join(one.text for one in found if one.kind != "gone") == normalised(new)


@given(st.text())
def test_sentences_are_the_text(text: str) -> None:
    """Nothing is lost between them."""
    assert "".join(sentences(text)) == text


def test_a_number_or_an_abbreviation_ends_no_sentence_by_its_point() -> None:
    """Only a point with a blank after it does, or the end of a line."""
    text = "Pesa 1.5 kg y mide 3.000 mm.\nHecha a mano. ¡Única!"

    assert sentences(text) == ["Pesa 1.5 kg y mide 3.000 mm.\n", "Hecha a mano. ", "¡Única!"]


def test_sentences_whose_source_stands_hold() -> None:
    """Of the one that changed, the number that the source no longer says is told apart."""
    assert standing(OLD, NEW, SAID) == (
        Part("Enamel mug, ", holds=None),
        Part("250", holds=False),
        Part(" ml. ", holds=None),
        Part("Painted by hand in Toluca. ", holds=True),
        Part("Not for the microwave.", holds=True),
    )


def test_of_texts_whose_sentences_do_not_match_only_numbers_are_told() -> None:
    """Three sentences that became two: nobody can say which is which."""
    found = standing(OLD, NEW, "Enamel mug, 250 ml, painted by hand in Toluca. Not for the microwave.")

    assert [one.holds for one in found] == [None, False, None]


def test_a_sentence_that_stood_twice_and_stands_once_holds_once() -> None:
    """The second of them is no longer said."""
    found = standing("Hecho a mano. Hecho a mano.", "Hecho a mano.", "Handmade. Handmade.")

    assert [one.holds for one in found] == [True, None]


@given(st.text(), st.text(), st.text())
def test_the_parts_are_the_translation(old: str, new: str, text: str) -> None:
    """Whatever the texts are, nothing of the translation is lost."""
    assert "".join(one.text for one in standing(old, new, text)) == normalised(text)
