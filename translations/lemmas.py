"""The forms under which a word may stand in a termbase: as written, in its dictionary form, in its regular singular.

A dictionary alone is not enough: simplemma takes *jabones* for the verb *jabonar* and *hecha* for *hacer*. A rule alone
is not enough either: *lápices*, *knives*, *artesãs*. So a word of a text stands for several forms, and a term is met
when one of them is its own. Nothing is loaded before the first question; answers are kept, in bounded number.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

LANGUAGES: Final = ("es", "pt", "en")
_KEPT: Final = 1 << 16
_SHORTEST: Final = 4
_LONGEST: Final = 40
# Ending of a plural, ending of its singular; every rule that fits is tried.
_PLURALS: Final = {
    "es": (
        ("ones", "ón"),
        ("anes", "án"),
        ("enes", "én"),
        ("ines", "ín"),
        ("unes", "ún"),
        ("eses", "és"),
        ("ces", "z"),
        ("es", ""),
        ("s", ""),
    ),
    "pt": (
        ("ões", "ão"),
        ("ães", "ão"),
        ("ãos", "ão"),
        ("ais", "al"),
        ("éis", "el"),
        ("eis", "el"),
        ("eis", "il"),
        ("óis", "ol"),
        ("uis", "ul"),
        ("is", "il"),
        ("ns", "m"),
        ("es", ""),
        ("s", ""),
    ),
    "en": (("ies", "y"), ("ves", "f"), ("ves", "fe"), ("es", ""), ("s", ""), ("'s", ""), ("’s", "")),
}
# An adjective stands in a termbase in its masculine form.
_FEMININE: Final = {"es": (("ora", "or"), ("a", "o")), "pt": (("ora", "or"), ("ã", "ão"), ("a", "o")), "en": ()}


def folded(word: str) -> str:
    """Return a word as it is compared: composed, without capitals; accents stay, for *papá* is no *papa*."""
    return unicodedata.normalize("NFC", word).casefold()


def lemma(word: str, language: str) -> str:
    """Return the dictionary form of a word of ``language`` (``es``, ``pt`` or ``en``), without capitals.

    An unknown word, and one too long to be a word, is its own dictionary form.

    >>> lemma("bolsos", "es"), lemma("Artesanas", "es"), lemma("anéis", "pt"), lemma("knives", "en")
    ('bolso', 'artesano', 'anel', 'knife')
    """
    if language not in LANGUAGES:
        raise ValueError(f"no dictionary for {language!r}; there is one for {', '.join(LANGUAGES)}")
    plain = folded(word)
    return plain if len(plain) > _LONGEST else _looked_up(plain, language)


@lru_cache(maxsize=_KEPT)
def _looked_up(plain: str, language: str) -> str:
    # Slow to load, and a shop that only quotes never asks it.
    import simplemma  # noqa: PLC0415

    return folded(simplemma.lemmatize(plain, lang=language))


def is_known(word: str, language: str) -> bool:
    """Return whether a word, as it is written, stands in the dictionary of ``es``, ``pt`` or ``en``."""
    import simplemma  # noqa: PLC0415  # the same

    return bool(simplemma.is_known(word, language))


def singulars(word: str, language: str) -> frozenset[str]:
    """Return what a word may be the regular plural of; nothing when it ends like no plural.

    >>> sorted(singulars("jabones", "es"))
    ['jabon', 'jabone', 'jabón']
    """
    plain = folded(word)
    if len(plain) < _SHORTEST:
        return frozenset()
    return frozenset(plain[: -len(many)] + one for many, one in _PLURALS[language] if plain.endswith(many))


def readings(word: str, language: str) -> frozenset[str]:
    """Return every form that a word of a text may stand for.

    >>> sorted(readings("Jabones", "es"))
    ['jabon', 'jabonar', 'jabone', 'jabones', 'jabón']
    """
    # What is kept is bounded in number, and so has to be in length.
    return frozenset({folded(word)}) if len(word) > _LONGEST else _read(word, language)


@lru_cache(maxsize=_KEPT)
def _read(word: str, language: str) -> frozenset[str]:
    plain = folded(word)
    return frozenset({plain, lemma(plain, language)}) | singulars(plain, language)


@lru_cache(maxsize=_KEPT)
def entries(word: str, language: str, *, bends: bool) -> frozenset[str]:
    """Return the forms under which a word of a term is looked for.

    Those are the word and its singular, where the term stands in the plural (*aretes*). A word that ``bends`` (verbs,
    adjectives, participles in a phrase) is also looked for in its dictionary form and in its feminine.

    >>> sorted(entries("hecho", "es", bends=True)), sorted(entries("talla", "es", bends=False))
    (['hecha', 'hecho'], ['talla'])
    """
    plain = folded(word)
    found = {plain} | singulars(plain, language)
    if bends:
        found.add(lemma(word, language))
        found |= {plain[: -len(his)] + her for her, his in _FEMININE[language] if plain.endswith(his)}
    return frozenset(found)
