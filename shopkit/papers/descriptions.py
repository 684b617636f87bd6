"""Descriptions of goods: which ones customs refuse, a better one of the seller's own facts, and a short one.

A short one is cut at a word and keeps noun and material: in English the noun stands at the end of its phrase, in
Spanish and Portuguese at the beginning. Signs are counted as people see them: a letter with its accents is one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Literal

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST: Final = 30
"""Signs of a description in USPS' system, the tightest that is known."""

Level = Literal["ok", "warn", "block"]
_FILE: Final = re.compile(r"\S+\.[a-z]{2,4}", re.IGNORECASE)
_TAIL: Final = re.compile(r"\s*(?:[,;·|(\[/]|\s[-–—]\s).*$", re.DOTALL)
_EDGES: Final = " \t\n.,;:·!¡?¿'\"()[]-–—/*#"
_ZWJ: Final = "\u200d"
_REGIONAL: Final = range(0x1F1E6, 0x1F200)
_TONES: Final = range(0x1F3FB, 0x1F400)
_EMOJI: Final = 0x1F000
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINERS: Final = frozenset("\ufe0e\ufe0f\u20e3")
_A_FEW: Final = 2
_REPEATED: Final = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a description: ``codes`` of ``messages.yaml``, worst first.

    ``term`` is the word it is about, ``source`` names the list that has it, with its day.
    """

    level: Level
    codes: tuple[str, ...] = ()
    term: str = ""
    source: str = ""


def clean(text: str) -> str:
    r"""Return a text as papers print it: composed, on one line, without emoji and what cannot be seen.

    >>> clean("Pan\u0303al  de\ttela \U0001f476")
    'Pañal de tela'
    """
    composed = unicodedata.normalize("NFC", text)
    kept = (
        one for one in composed if one.isspace() or (ord(one) < _EMOJI and unicodedata.category(one) not in _UNSEEN)
    )
    return " ".join("".join(kept).replace("\ufe0f", "").split())


def graphemes(text: str) -> list[str]:
    """Return what people see as the signs of a text: a letter with its marks, an emoji with its parts, a flag.

    >>> [len(one) for one in graphemes("n\u0303o")], len(graphemes("\U0001f469\u200d\U0001f33e\U0001f1f2\U0001f1fd"))
    ([2, 1], 2)
    """
    found: list[str] = []
    for one in text:
        if found and _joins(found[-1], one):
            found[-1] += one
        else:
            found.append(one)
    return found


def check(text: str, *, materials: Iterable[str] = ()) -> Verdict:
    """Return whether a description may stand on a paper; ``materials`` are words for what the goods are made of.

    >>> check(" GIFT ").codes, check("Hand-woven alpaca wool scarf, women").level
    (('description_forbidden',), 'ok')
    """
    shown = clean(text)
    bare = _fold(shown)
    if not bare:
        return Verdict("block", ("description_missing",))
    if (term := _stop_words().get(bare) or _stop_words().get(_singular(bare))) is not None:
        return Verdict("block", ("description_forbidden",), shown, term)
    if not any(one.isalpha() for one in bare) or _is_repeated(bare):
        return Verdict("block", ("description_no_words",), shown)
    if _FILE.fullmatch(shown):
        return Verdict("block", ("description_file",), shown)
    return _warned(bare, materials)


def shorten(text: str, language: str, *, most: int = MOST, materials: Iterable[str] = ()) -> str:
    """Return a description of at most so many signs that keeps noun and material; empty where none is fit to stand.

    >>> shorten("Playera bordada a mano con nombre, de algodón peinado", "es")
    'Playera bordada de algodón'
    >>> shorten("Personalized hand-painted enamel mug with a name, 12 oz", "en")
    'hand-painted enamel mug'
    """
    whole = clean(text)
    if len(graphemes(whole)) <= most:
        return whole
    material = _materials(language) | {_fold(one) for one in materials}
    for candidate in (_subset(whole, language, most, material), _subset(_head(whole), language, most, material)):
        if candidate and check(candidate).level != "block":
            return candidate
    return ""


def propose(text: str, language: str, *, materials: Sequence[str] = (), use: str = "") -> str:
    """Return a better description made of a listing's own facts; empty where these do not make one.

    >>> propose("Juguetes", "es", materials=["Madera"], use="Niños desde 3 años")
    'Juguetes de madera, niños desde 3 años'
    """
    noun = clean(text)
    if check(noun).codes[:1] in {("description_missing",), ("description_no_words",), ("description_file",)}:
        return ""
    made_of = [one for one in (clean(part).lower() for part in materials) if one and one not in noun.lower()]
    joined = _listed(made_of, language)
    if joined:
        noun = f"{joined} {noun[:1].lower()}{noun[1:]}".capitalize() if language == "en" else f"{noun} de {joined}"
    used = clean(use)
    if used and used.lower() not in noun.lower():
        noun = f"{noun}, {used[:1].lower()}{used[1:]}"
    return noun if noun != clean(text) and check(noun).level != "block" else ""


# -- words ---------------------------------------------------------------------------------------------------------
def _warned(bare: str, materials: Iterable[str]) -> Verdict:
    words = bare.split()
    codes: list[str] = []
    term = source = ""
    for word in words:
        if (found := _stop_words().get(word) or _stop_words().get(_singular(word))) is not None and not codes:
            codes, term, source = ["description_vague"], word, found
    if len(words) < _A_FEW:
        codes.append("description_one_word")
    known = {word for language in ("en", "es", "pt") for word in _materials(language)}
    known |= {part for one in materials for part in _fold(one).split()}
    if not known & {part for word in words for part in (word, *word.split("-"))}:
        codes.append("description_no_material")
    return Verdict("warn" if codes else "ok", tuple(codes), term, source)


def _is_printed(one: str) -> bool:
    return ord(one) < _EMOJI and one not in _JOINERS and unicodedata.category(one) not in _UNSEEN


def _is_repeated(bare: str) -> bool:
    return len(bare) >= _REPEATED and len(set(bare)) == 1


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().strip(_EDGES).split())


def _singular(text: str) -> str:
    return text[:-1] if text.endswith("s") else f"{text}s"


@cache
def _data() -> dict[str, Any]:
    path = files("shopkit.papers").joinpath("data/descriptions.yaml")
    data: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return data


@cache
def _stop_words() -> dict[str, str]:
    """Return the list that has a term, by the term: the best evidence first."""
    found: dict[str, str] = {}
    for one in _data()["lists"]:
        for term in one["terms"]:
            found.setdefault(_fold(str(term)), f"{one['id']} ({one['as_of']}, {one['status']})")
    return found


@cache
def _materials(language: str) -> frozenset[str]:
    return frozenset(_data()["materials"].get(language, "").split())


@cache
def _connectives(language: str) -> frozenset[str]:
    return frozenset(_data()["connectives"].get(language, "").split())


def _listed(parts: Sequence[str], language: str) -> str:
    joint = {"en": " and ", "es": " y ", "pt": " e "}.get(language, ", ")
    return joint.join(parts[:_A_FEW])


# -- shortening ----------------------------------------------------------------------------------------------------
def _head(text: str) -> str:
    """Return what a text is about: up to its first comma, dash or bracket."""
    return _TAIL.sub("", text) or text


def _subset(text: str, language: str, most: int, material: frozenset[str] | set[str]) -> str:
    """Return the words that fit, in their order: the noun, the material, then the others from the noun on."""
    words = text.split()
    noun = _noun(words, language)
    kept = {noun}
    if len(graphemes(words[noun].strip(_EDGES))) > most:
        # One word alone is longer: cut between signs, never in one.
        return "".join(graphemes(words[noun].strip(_EDGES))[:most])
    made_of = next((place for place, word in enumerate(words) if _is_material(word, material)), None)
    if made_of is not None:
        with_link = {made_of}
        while (before := min(with_link) - 1) >= 0 and _fold(words[before]) in _connectives(language):
            with_link.add(before)
        if _length(words, kept | with_link) <= most:
            kept |= with_link
    order = [*range(noun - 1, -1, -1), *range(noun + 1, len(words))]
    for place in order:
        if place in kept:
            continue
        if _length(words, kept | {place}) > most:
            # What comes after a word left out would hang in the air; before the noun there may still be room.
            if place > noun:
                break
            continue
        kept.add(place)
    return _said(words, kept, language, most)


def _noun(words: Sequence[str], language: str) -> int:
    if language != "en":
        return 0
    for place, word in enumerate(words):
        if place and _fold(word) in _connectives("en"):
            return place - 1
        if word[-1:] in ",;:·(":
            return place
    return len(words) - 1


def _is_material(word: str, material: frozenset[str] | set[str]) -> bool:
    bare = _fold(word)
    return bare in material or any(part in material for part in bare.split("-"))


def _length(words: Sequence[str], kept: set[int]) -> int:
    return len(graphemes(" ".join(words[place] for place in sorted(kept))))


def _said(words: Sequence[str], kept: set[int], language: str, most: int) -> str:
    links = _connectives(language)
    # A connective stays only before what it stood before.
    chosen = [place for place in sorted(kept) if _fold(words[place]) not in links or place + 1 in kept]
    while chosen and _fold(words[chosen[-1]]) in links:
        chosen.pop()
    said = [words[place] for place in chosen]
    for at, (place, after) in enumerate(pairwise(chosen)):
        # What was left out here ended with a comma: it stands behind what is left, if there is room.
        ended = after > place + 1 and words[after - 1][-1:] in ",;·" and _fold(words[after]) not in links
        if ended and words[place][-1:] not in ",;·" and len(graphemes(" ".join(said))) < most:
            said[at] += ","
    return " ".join(said).strip(_EDGES)


def _joins(cluster: str, one: str) -> bool:
    """Whether a sign belongs to the ones before it."""
    if unicodedata.category(one) in {"Mn", "Me", "Mc"} or one == _ZWJ or ord(one) in _TONES:
        return True
    if cluster.endswith(_ZWJ):
        return True
    flags = sum(ord(part) in _REGIONAL for part in cluster)
    return ord(one) in _REGIONAL and flags == 1 == len(cluster)
