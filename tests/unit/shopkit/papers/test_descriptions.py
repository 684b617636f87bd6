"""Descriptions of goods: refused, flagged, made better, made short."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopkit.papers.descriptions import MOST, check, clean, graphemes, propose, shorten


@pytest.mark.parametrize(
    "text",
    [
        "Gift",
        " GIFT ",
        "merchandise",
        "N/A",
        "n/a.",
        "Not  Applicable",
        "Regalo",
        "¡Ropa!",
        "Roupas",
        "Toy",
        "toys",
        "Foodstuff",
    ],
)
def test_what_stands_on_a_list_is_refused_alone(text: str) -> None:
    """In any case, with blanks and signs around it, in the singular and the plural, in three languages."""
    assert check(text).codes == ("description_forbidden",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "description_missing"),
        ("\u200b \U0001f381", "description_missing"),
        ("12345", "description_no_words"),
        ("---", "description_missing"),
        ("aaa", "description_no_words"),
        ("IMG_2041.jpg", "description_file"),
    ],
)
def test_what_says_nothing_is_refused(text: str, code: str) -> None:
    """Nothing, only digits, one letter again and again, the name of a file; an emoji is nothing on paper."""
    found = check(text)

    assert (found.level, found.codes) == ("block", (code,))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Wooden gift box", ("description_vague",)),
        ("Poncho", ("description_one_word", "description_no_material")),
        ("Poncho for women", ("description_no_material",)),
        ("Hand-woven alpaca wool scarf, women", ()),
        ("Aretes de plata 925", ()),
        ("Grãos de café torrado", ()),
    ],
)
def test_a_phrase_is_flagged_not_refused(text: str, codes: tuple[str, ...]) -> None:
    """A term of a list inside a phrase, a word alone, no material: said, and printed all the same."""
    found = check(text)

    assert (found.level, found.codes) == ("warn" if codes else "ok", codes)


def test_the_list_is_named_with_its_day() -> None:
    """A refusal says which list has the term, of which day, and how it is known."""
    assert check("gift").source == "usps.labels (2026-11-23, verified)"
    assert check("regalos").source == "ours.es (2026-11-28, memory)"


def test_the_sellers_own_material_counts() -> None:
    """A material that our table lacks is one where the listing names it."""
    assert check("Cesto de mimbre").codes == ("description_no_material",)
    assert check("Cesto de mimbre", materials=["Mimbre"]).codes == ()


@pytest.mark.parametrize(
    ("text", "language", "materials", "use", "better"),
    [
        ("Juguetes", "es", ("Madera",), "Niños desde 3 años", "Juguetes de madera, niños desde 3 años"),
        ("Toys", "en", ("Wood",), "", "Wood toys"),
        ("Regalo", "es", ("Acero", "Esmalte", "Tinta"), "Cocina", "Regalo de acero y esmalte, cocina"),
        ("Regalo", "es", (), "", ""),
        ("123", "es", ("Acero",), "Cocina", ""),
        ("Taza de peltre", "es", ("Peltre",), "", ""),
    ],
)
def test_a_proposal_is_made_of_the_listings_facts(
    text: str, language: str, materials: tuple[str, ...], use: str, better: str
) -> None:
    """Noun, material, use, as the seller said them; without a fact there is no proposal."""
    assert propose(text, language, materials=materials, use=use) == better


@pytest.mark.parametrize(
    ("text", "language", "short"),
    [
        ("Cotton shirt", "en", "Cotton shirt"),
        ("Cotton T-shirt with an embroidered name", "en", "Cotton T-shirt"),
        ("Personalized hand-painted enamel mug with a name, 12 oz", "en", "hand-painted enamel mug"),
        ("Taza de peltre personalizada, 350 ml", "es", "Taza de peltre personalizada"),
        ("Playera bordada a mano con nombre, de algodón peinado", "es", "Playera bordada de algodón"),
        ("Caneca pintada à mão em Toluca, aço esmaltado", "pt", "Caneca pintada à mão, aço"),
    ],
)
def test_a_short_one_keeps_noun_and_material(text: str, language: str, short: str) -> None:
    """Cut at words: the noun is the last of its phrase in English, the first in Spanish and Portuguese."""
    assert shorten(text, language) == short


@pytest.mark.parametrize("text", ["ba" * 15 + "ñ", "xn\u0303" * 16, "ã" * 20 + "b" + "n\u0303" * 12])
def test_one_word_is_cut_between_signs(text: str) -> None:
    """A single word that is too long loses whole signs, never half of one."""
    found = shorten(text, "es")

    assert graphemes(found) == graphemes(clean(text))[:MOST]


def test_thirty_signs_are_not_cut() -> None:
    """Thirty letters with tildes are thirty signs, composed or not; the thirty-first is one too many."""
    words = "mañana " * 4 + "ñu"

    assert shorten(words.replace("ñ", "n\u0303"), "es") == words
    assert shorten(words + "s", "es") == "mañana mañana mañana mañana"


def test_it_is_never_cut_onto_a_forbidden_word() -> None:
    """Where nothing but a term of a list would be left, there is no short one."""
    assert shorten("Regalo extraordinariamentepersonalizadísimo", "es") == ""


_WORDS = st.lists(
    st.sampled_from(
        ["gift", "of", "de", "algodón", "wool", "n\u0303andú", "poncho", "con", "extraordinariamente", "toys,", "—"]
    ),
    min_size=1,
    max_size=12,
)


@given(_WORDS, st.sampled_from(["en", "es", "pt"]))
@settings(max_examples=60, deadline=None)
def test_a_short_one_is_words_of_the_text_in_their_order(words: list[str], language: str) -> None:
    """Whatever the text: at most thirty signs, its own words, fit to stand alone, or nothing."""
    text = " ".join(words)
    found = shorten(text, language)

    left = iter([one.strip(",") for one in clean(text).split()])
    assert len(graphemes(found)) <= MOST
    assert all(one.strip(",") in left for one in found.split())
    assert not found or found == clean(text) or check(found).level != "block"
