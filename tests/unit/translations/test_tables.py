"""Colours, materials and sizes by table."""

from __future__ import annotations

import pytest

from translations.colours import COLOURS, MATERIALS, UnknownKeyError, Words
from translations.locales import tags
from translations.sizes import SizeError, letter, localised, suggestion


@pytest.mark.parametrize("words", [COLOURS, MATERIALS], ids=["colours", "materials"])
def test_every_key_has_a_label_everywhere(words: Words) -> None:
    """No locale is without a label, and each label leads back to its key in the locale that says so."""
    astray = [
        (key, tag, words.label(key, tag))
        for key in words.rows
        for tag in tags()
        if words.key(words.label(key, tag), tag) != key
    ]

    assert astray == []


@pytest.mark.parametrize(
    ("key", "labels"),
    [
        ("brown", {"en-US": "brown", "es-MX": "café", "es-AR": "marrón", "es-EC": "marrón", "pt-BR": "marrom"}),
        ("pink", {"es-MX": "rosa", "es-CL": "rosado", "es-VE": "rosado", "pt-BR": "rosa"}),
        ("purple", {"es-419": "morado", "es-UY": "violeta", "pt-BR": "roxo"}),
        ("burgundy", {"es-419": "vino", "es-AR": "bordó", "es-CL": "burdeo", "pt-BR": "vinho"}),
        ("light-blue", {"es-419": "celeste", "es-MX": "azul claro", "pt-BR": "azul-claro"}),
        ("grey", {"en-US": "gray", "en-JM": "grey", "es": "gris", "pt": "cinza"}),
    ],
)
def test_colours(key: str, labels: dict[str, str]) -> None:
    """A colour has the word of the market."""
    assert {tag: COLOURS.label(key, tag) for tag in labels} == labels


@pytest.mark.parametrize(
    ("text", "tag", "key"),
    [
        ("Café", "es-AR", "brown"),
        ("AZUL  MARINO", "es", "navy"),
        ("azul marinho", "pt-BR", "navy"),
        ("añil", "es", "indigo"),
        ("wine", "en-US", "burgundy"),
        ("tornasol", "es", None),
        ("", "es", None),
    ],
)
def test_words_of_sellers(text: str, tag: str, key: str | None) -> None:
    """A word is known in any case, also when another market says it; what is not known is not guessed."""
    assert COLOURS.key(text, tag) == key


def test_materials() -> None:
    """Leather is piel in Mexico and cuero elsewhere."""
    assert [MATERIALS.translated("leather", "en-US", tag) for tag in ("es-MX", "es-AR", "pt-BR")] == [
        "piel",
        "cuero",
        "couro",
    ]
    assert MATERIALS.translated("unobtainium", "en", "es") is None


def test_a_key_that_is_not_there() -> None:
    """An unknown key is an error that names the known ones."""
    with pytest.raises(UnknownKeyError, match="'mauve' is none of the colours: white, "):
        COLOURS.label("mauve", "es")


@pytest.mark.parametrize(
    ("size", "system", "target", "wearer", "said"),
    [
        ("42", "EU", "pt-BR", None, "40 BR"),
        ("42", "EU", "en-US", "men", "9–9.5 US"),
        ("42", "EU", "es-US", "women", "10–10.5 US"),
        ("42", "EU", "en-US", None, "26.5 cm"),
        ("42", "EU", "es-MX", "men", "26.5 cm"),
        ("42", "EU", "es-AR", None, "26,5 cm"),
        ("42", "EU", "en-GB", None, "8–8.5 UK"),
        ("40", "BR", "es-CL", None, "42 EU"),
        ("9,5", "US", "pt-BR", "men", "40–40,5 BR"),
        ("9.5", "US", "pt-BR", None, None),
        ("42", "EU", "es-ES", None, None),
        ("26.5", "MEX", "en-US", "men", None),
        ("42", "XX", "en-US", "men", None),
    ],
)
def test_shoes(size: str, system: str, target: str, wearer: str | None, said: str | None) -> None:
    """The reader's size is a suggestion: a span where sources differ, centimetres where no system is certain."""
    assert suggestion(size, system, target, wearer) == said  # type: ignore[arg-type]  # parametrize has no literals


@pytest.mark.parametrize(
    ("text", "source", "target", "said"),
    [
        ("Talla 42 EUR", "es-MX", "pt-BR", "Tamanho 42 EUR (≈ 40 BR)"),
        ("26.5 MEX", "es-MX", "en-US", "26.5 MEX"),
        ("EU 42", "es-MX", "en-US", "EU 42 (≈ 26.5 cm)"),
        ("talla 42", "es-MX", "pt-BR", "tamanho 42"),
        ("talla 22 EU", "es-MX", "pt-BR", "tamanho 22 EU"),
        ("tallas CH/M/G", "es-MX", "en-US", "sizes CH/M/G (≈ S/M/L)"),
        ("Tamanho GG", "pt-BR", "es-AR", "Talle GG (≈ XL)"),
        ("Talla: G", "es", "en-US", "Size: G"),
        ("Talla G", "es-MX", "pt-BR", "Tamanho G"),
        ("tallas S/XXXL", "es", "pt-BR", "tamanhos S/XXXL"),
        ("G", "es-MX", "en-US", "G"),
        ("Talla M", "es-MX", "ja", "Talla M"),
    ],
)
def test_the_makers_size_stays(text: str, source: str, target: str, said: str) -> None:
    """With the market's word before it, and behind it what it is about, where that is certain enough to be said."""
    assert localised(text, source, target, footwear=True) == said


def test_numbers_are_of_shoes_alone() -> None:
    """Nothing is said of the number of a dress."""
    assert localised("Talla 42 EU", "es-MX", "pt-BR") == "Tamanho 42 EU"


@pytest.mark.parametrize("size", ["22", "60", "grande", "1.250"])
def test_no_size_of_an_adult(size: str) -> None:
    """What is no size, or a child's, is refused."""
    with pytest.raises(SizeError):
        suggestion(size, "EU", "pt-BR")


@pytest.mark.parametrize(
    ("size", "market", "target", "said"),
    [
        ("P", "BR", "es-MX", "S"),
        ("GG", "BR", "en-US", "XL"),
        ("L", "MX", "pt-BR", "G"),
        ("M", "US", "es-MX", "M"),
        ("XX", "BR", "en-US", None),
        ("3XL", "MX", "pt-BR", None),
    ],
)
def test_letters(size: str, market: str, target: str, said: str | None) -> None:
    """Brazil's letters are its own."""
    assert letter(size, market, target) == said
