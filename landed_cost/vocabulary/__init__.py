"""The vocabulary of everyday words: how it is written, read and made ready for matching.

Each file of goods holds a thing per row: its codes, the likeliest first, each with the describing words that speak for
it; the words for it in Spanish, Portuguese and English, the first of them its label; and the question that tells its
codes apart. ``modifiers.csv`` holds the describing words, ``questions.csv`` the questions, ``kinds.csv`` what a code is
among those of one word. All of it is this project's own wording.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from landed_cost.ranking import Ranking

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

LANGUAGES: Final = ("es", "pt", "en")
_THINGS: Final = (
    "clothing.csv",
    "food.csv",
    "farm.csv",
    "things.csv",
    "supplies.csv",
    "crafts.csv",
    "hardware.csv",
    "machines.csv",
    "leisure.csv",
)
_WORD: Final = re.compile(r"[a-z0-9]+")
_WOOL: Final = re.compile(r"\blãs?\b")


def word_set(words: str) -> frozenset[str]:
    """Return the words of a line as a set."""
    return frozenset(words.split())


# Words without a meaning of their own for a tariff.
FUNCTION_WORDS: Final = word_set(
    "a al ao aos as at by com con da das de del do dos e el em en for from hecha hecho feita feito in la las lo los "
    "made na no of on or os ou para per por sem sin su the to tu um uma un una with without y your s",
)
# Plurals that the rules below would get wrong, words that they would run together, and one word spelled in two ways.
_IRREGULAR: Final[Mapping[str, str]] = MappingProxyType(
    {
        "aluminium": "aluminun",
        "bare": "bare",
        "beam": "beam",
        "beams": "beam",
        "brine": "brine",
        "cam": "cam",
        "cane": "cane",
        "canes": "cane",
        "cape": "cape",
        "capes": "cape",
        "cocoa": "cacao",
        "colour": "color",
        "croche": "crochet",
        "doughnut": "donut",
        "doughnuts": "donut",
        "fibre": "fiber",
        "fibres": "fiber",
        "grey": "gray",
        "gum": "gum",
        "jewellery": "jewelry",
        "kite": "kite",
        "kites": "kite",
        "knives": "knife",
        "leaves": "leaf",
        "lime": "lime",
        "limes": "lime",
        "line": "line",
        "lines": "line",
        "loaves": "loaf",
        "mangoes": "mango",
        "mare": "mare",
        "mate": "mate",
        "mates": "mate",
        "mould": "mold",
        "moulds": "mold",
        "pine": "pine",
        "plane": "plane",
        "planes": "plane",
        "potatoes": "potato",
        "pyjamas": "pajama",
        "scarves": "scarf",
        "shelves": "shelf",
        "shoes": "shoe",
        "skim": "skim",
        "sole": "sole",
        "soles": "sole",
        "tape": "tape",
        "tapes": "tape",
        "time": "time",
        "tomatoes": "tomato",
        "tricot": "trico",
        "tyre": "tir",
        "tyres": "tir",
        "yoghurt": "yogurt",
    },
)
_FEMININES: Final = ("ada", "ida", "ica", "osa", "iva", "ina")


class VocabularyError(ValueError):
    """A row of the vocabulary that cannot be used; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a thing, the describing words that speak for it, and its label."""

    hs6: str
    conditions: tuple[str, ...]
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Thing:
    """One row of the vocabulary: its name, codes in order of likelihood, and the question that tells them apart."""

    name: Mapping[str, str]
    codes: tuple[Code, ...]
    question: Mapping[str, str] | None
    asks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say something: as written, its stems, its language, and the thing (by position) or modifier (key)."""

    text: str
    stems: frozenset[str]
    language: str
    thing: int
    modifier: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything that a match needs.

    ``groups`` says what a modifier tells (fiber, gender, …), ``implied`` what it makes true, itself first.
    ``by_rarest`` finds a phrase by the stem that the fewest phrases have; ``ranking`` finds things, by position, that
    share words with a description though no phrase of theirs stands in it; ``stems`` are all the words of each, by
    language.
    """

    things: tuple[Thing, ...]
    groups: Mapping[str, str]
    implied: Mapping[str, tuple[str, ...]]
    by_rarest: Mapping[str, tuple[Phrase, ...]]
    weights: Mapping[str, float]
    by_initial: Mapping[str, tuple[str, ...]]
    ranking: Ranking
    stems: tuple[Mapping[str, frozenset[str]], ...]


def fold(text: str) -> str:
    """Return the text in lower case without accents.

    >>> fold("Algodón ÑANDÚ")
    'algodon nandu'
    """
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def tokens(text: str) -> list[str]:
    """Return the folded words of a text; Portuguese wool, which would fold into an article, becomes the Spanish one.

    >>> tokens("Blusa de lã, 2 kg")
    ['blusa', 'de', 'lana', '2', 'kg']
    """
    return _WORD.findall(fold(_WOOL.sub("lana", unicodedata.normalize("NFC", text).lower())))


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Return a folded word without its plural and with feminine participles as masculine, for three languages at once.

    >>> [stem(word) for word in ("playeras", "botoes", "pantalones", "candies", "tejida")]
    ['playera', 'botao', 'pantalon', 'candy', 'tejido']
    """
    known = _IRREGULAR.get(word)
    if known is not None:
        return known
    word = _singular(word)
    if len(word) > 5 and word.endswith(_FEMININES):  # noqa: PLR2004 - shorter ones are nouns: vida, boda
        word = word[:-1] + "o"
    # Portuguese writes m where Spanish writes n (bombom, bombón), and z turns to c in Spanish plurals.
    if word.endswith("m"):
        return word[:-1] + "n"
    if word.endswith("z"):
        return word[:-1] + "c"
    return word


def _singular(word: str) -> str:
    """Return a word without its plural ending; short words are left alone."""
    if len(word) < 4 or word.endswith("ss"):  # noqa: PLR2004 - gas, mes, bus
        return word
    for plural, singular in (("oes", "ao"), ("aes", "ao"), ("eis", "el"), ("ais", "al"), ("ies", "y"), ("sses", "ss")):
        if word.endswith(plural):
            return word[: -len(plural)] + singular
    if word.endswith("es") and word[-3] not in "aeiou":
        return word[:-2]
    if word.endswith("s"):
        return word[:-1]
    # "candle" and "candles", "arete" and "aretes" meet without their e.
    if word.endswith("e") and word[-2] not in "aeiou":
        return word[:-1]
    return word


@cache
def load_vocabulary() -> Vocabulary:
    """Read the vocabulary once, on first use."""
    modifiers, groups, implied, names = _read_modifiers(_rows("modifiers.csv", 6))
    texts = load_questions()
    questions = {
        key: (texts[key], frozenset(filter(None, asks.split("+")))) for _, (key, asks, *_) in _rows("questions.csv", 5)
    }
    things: list[Thing] = []
    phrases = list(modifiers)
    for name in _THINGS:
        for where, cells in _rows(name, 5):
            phrases.extend(_phrases(where, cells[1:4], len(things), ""))
            things.append(_thing(where, cells, questions, names))
    return _index(tuple(things), groups, implied, phrases)


@cache
def load_questions() -> Mapping[str, Mapping[str, str]]:
    """Read the questions once, in each language, by their key."""
    return {
        key: MappingProxyType({"es": es, "pt": pt, "en": en}) for _, (key, _, es, pt, en) in _rows("questions.csv", 5)
    }


@cache
def load_kinds() -> Mapping[str, Mapping[str, str]]:
    """Read once what tells a code apart from those that the same word may be: in each language, by the code."""
    return {hs6: MappingProxyType({"es": es, "pt": pt, "en": en}) for _, (hs6, es, pt, en) in _rows("kinds.csv", 4)}


def _rows(name: str, columns: int) -> Iterator[tuple[str, list[str]]]:
    """Yield the rows of one file below its header, each with its place; comment lines begin with ``#``."""
    text = (files("landed_cost") / "vocabulary" / name).read_text(encoding="utf-8")
    yield from _cells(f"landed_cost/vocabulary/{name}", text, columns)


def _cells(name: str, text: str, columns: int) -> Iterator[tuple[str, list[str]]]:
    """Yield place and cells of each row below the header, refusing a row of another width."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line and not line.startswith("#")]
    for number, line in lines[1:]:
        cells = next(csv.reader([line]))
        if len(cells) != columns:
            raise VocabularyError(f"{name}:{number}: {len(cells)} columns; write {columns}")
        yield f"{name}:{number}", cells


def _read_modifiers(
    rows: Iterable[tuple[str, list[str]]],
) -> tuple[list[Phrase], dict[str, str], dict[str, tuple[str, ...]], dict[str, Mapping[str, str]]]:
    """Return the phrases of the describing words, and of each key its group, what it implies, and its names."""
    phrases: list[Phrase] = []
    groups: dict[str, str] = {}
    implied: dict[str, tuple[str, ...]] = {}
    names: dict[str, Mapping[str, str]] = {}
    for where, (key, group, implies, *cells) in rows:
        phrases.extend(_phrases(where, cells, -1, key))
        groups[key] = group
        implied[key] = (key, implies) if implies else (key,)
        names[key] = {language: cell.split("|")[0] for language, cell in zip(LANGUAGES, cells, strict=True)}
    return phrases, groups, implied, names


def _phrases(where: str, cells: Sequence[str], thing: int, modifier: str) -> Iterator[Phrase]:
    """Yield the ways to say a thing or a modifier, from its three cells of words."""
    for language, cell in zip(LANGUAGES, cells, strict=True):
        for text in cell.split("|"):
            stems = frozenset(stem(word) for word in tokens(text) if word not in FUNCTION_WORDS)
            if not stems:
                raise VocabularyError(f"{where}: {text!r} says nothing; write a word between the bars")
            yield Phrase(text, stems, language, thing, modifier)


def _thing(
    where: str,
    cells: Sequence[str],
    questions: Mapping[str, tuple[Mapping[str, str], frozenset[str]]],
    names: Mapping[str, Mapping[str, str]],
) -> Thing:
    """Return the thing of one row, or say which key of it is unknown."""
    if cells[4] and cells[4] not in questions:
        raise VocabularyError(f"{where}: question {cells[4]!r} is not in questions.csv")
    first = {language: cell.split("|")[0] for language, cell in zip(LANGUAGES, cells[1:4], strict=True)}
    codes: list[Code] = []
    for spec in cells[0].split():
        hs6, _, listed = spec.partition(":")
        conditions = tuple(filter(None, listed.split("+")))
        for condition in conditions:
            if condition not in names:
                raise VocabularyError(f"{where}: modifier {condition!r} is not in modifiers.csv")
        label = {
            language: f"{word} ({', '.join(names[one][language] for one in conditions)})" if conditions else word
            for language, word in first.items()
        }
        codes.append(Code(hs6, conditions, MappingProxyType(label)))
    question, asks = questions.get(cells[4], (None, frozenset[str]()))
    return Thing(MappingProxyType(first), tuple(codes), question, asks)


def _index(
    things: tuple[Thing, ...],
    groups: Mapping[str, str],
    implied: Mapping[str, tuple[str, ...]],
    phrases: Sequence[Phrase],
) -> Vocabulary:
    """Return the vocabulary ready for matching: a rare stem weighs more than one that many things share."""
    spread: dict[str, set[tuple[int, str]]] = {}
    for phrase in phrases:
        for one in phrase.stems:
            spread.setdefault(one, set()).add((phrase.thing, phrase.modifier))
    weights = {one: 1.0 + math.log(len(things) / len(found)) for one, found in spread.items()}
    by_rarest: dict[str, dict[Phrase, None]] = {}
    words: list[dict[str, list[str]]] = [{language: [] for language in LANGUAGES} for _ in things]
    for phrase in phrases:
        if not phrase.modifier:
            words[phrase.thing][phrase.language].extend(phrase.stems)
        rarest = max(sorted(phrase.stems), key=lambda one: weights[one])
        by_rarest.setdefault(rarest, {})[phrase] = None
    return Vocabulary(
        things,
        groups,
        implied,
        {one: tuple(found) for one, found in by_rarest.items()},
        weights,
        {letter: tuple(sorted(one for one in weights if one[0] == letter)) for letter in {one[0] for one in weights}},
        Ranking([one for said in of_thing.values() for one in said] for of_thing in words),
        tuple({language: frozenset(said) for language, said in of_thing.items()} for of_thing in words),
    )
