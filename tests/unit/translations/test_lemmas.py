"""Words as they bend: what a word of a text may stand for, and under what a term is looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations import lemmas

PAIRS = [
    ("es", "bolsos", "bolso"),
    ("es", "Artesanas", "artesano"),
    ("es", "jabones", "jabón"),
    ("es", "lápices", "lápiz"),
    ("es", "calcetines", "calcetín"),
    ("es", "tallas", "talla"),
    ("es", "remeras", "remera"),
    ("es", "ALGODÓN", "algodón"),
    ("pt", "anéis", "anel"),
    ("pt", "lençóis", "lençol"),
    ("pt", "artesãs", "artesão"),
    ("pt", "bordados", "bordado"),
    ("pt", "pães", "pão"),
    ("en", "knives", "knife"),
    ("en", "scarves", "scarf"),
    ("en", "loaves", "loaf"),
    ("en", "children", "child"),
    ("en", "men's", "men"),
]


@pytest.mark.parametrize(("language", "bent", "plain"), PAIRS, ids=[f"{bent}" for _, bent, _ in PAIRS])
def test_a_bent_word_stands_for_its_plain_form(language: str, bent: str, plain: str) -> None:
    """The dictionary or the rule of plurals leads from the bent word to the one in the termbase."""
    assert plain in lemmas.readings(bent, language)


@pytest.mark.parametrize("bent", ["hecho", "hecha", "hechos", "hechas"])
def test_a_participle_is_met_in_both_genders_and_numbers(bent: str) -> None:
    """*Hecho*, in a phrase, is met as it agrees with what was made."""
    assert not lemmas.readings(bent, "es").isdisjoint(lemmas.entries("hecho", "es", bends=True))


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("es", "papá", "papa"), ("es", "año", "ano"), ("es", "tallar", "talla"), ("pt", "cocô", "coco")],
)
def test_words_that_only_look_alike_stay_apart(language: str, one: str, other: str) -> None:
    """An accent or a verb's ending makes another word."""
    assert lemmas.readings(one, language).isdisjoint(lemmas.entries(other, language, bends=False))


@given(st.text(min_size=1, max_size=60), st.sampled_from(lemmas.LANGUAGES))
def test_a_word_always_stands_for_itself(word: str, language: str) -> None:
    """Whatever is written, its own folded form is among its readings, and lemmas are folded."""
    found = lemmas.readings(word, language)

    assert lemmas.folded(word) in found
    assert all(form == lemmas.folded(form) for form in found if form == lemmas.lemma(word, language))


def test_a_word_that_is_too_long_stands_for_itself_alone() -> None:
    """Nothing is looked up for it and nothing kept."""
    assert lemmas.readings("X" * 100_000, "es") == {"x" * 100_000}


def test_a_language_without_a_dictionary_is_refused() -> None:
    """The error says which languages there are."""
    with pytest.raises(ValueError, match=r"no dictionary for 'fr'; there is one for es, pt, en"):
        lemmas.lemma("bijou", "fr")
