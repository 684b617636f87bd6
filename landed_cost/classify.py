"""Everyday words to HS codes: what a maker calls a thing, and the six-digit codes that it may be.

A vocabulary of our own (``vocabulary/*.csv``) holds the words of Spanish as the Americas speak it, Portuguese of Brazil
and English. A description is matched by phrases: word order and accents do not matter, plurals are folded, the longest
phrase wins over the shorter ones within it, and words that describe (cotton, silver, for men) choose among the codes of
a thing. A slip of a letter is forgiven. The answer is always a suggestion, never a ruling: whoever quotes with it says
*estimated*, and puts the question that comes along.

>>> best = classify("Playera de algodón para hombre")[0]
>>> best.hs6, best.label["en"]
('610910', 't-shirt (cotton)')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from landed_cost.vocabulary import FUNCTION_WORDS, LANGUAGES, load_vocabulary, stem, tokens, word_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from landed_cost.vocabulary import Phrase, Thing, Vocabulary

__all__ = ["Candidate", "classify"]

# A title of a listing is shorter; what comes after says where to buy and how to wash.
_LONGEST_TEXT: Final = 400
_MOST_WORDS: Final = 40
_HIGHEST_SCORE: Final = 95
# How many things are offered that only share words, and how little of a description they can account for.
_PARTLY: Final = 4
_LOOKED_AT: Final = 16
_PARTLY_SHARE: Final = 0.2

_NUMBER_OR_SIZE: Final = re.compile(r"\d+[a-z]{0,3}")
# After these the thing itself is over: what follows says what it is for, or what comes with it.
_ASIDES: Final = word_set("para con com for with sin sem without no tipo estilo style")
_ENGLISH_JOINTS: Final = word_set("of for with from in made without")
# Unmatched, these say nothing against a match, and they are never taken for a misspelt word.
_NEUTRAL: Final = word_set(
    "artesanal artesanais handmade handcrafted mano mao hand made nuevo nueva novo nova new grande grandes small large "
    "mediano pequeno pequena chico chica big mini set pack kit par pares pieza piezas pecas pcs unidad unidades unit "
    "units talla tamanho size color cor colour blanco blanca branco branca white negro negra preto preta black "
    "rojo roja vermelho vermelha red azul blue verde green amarillo amarela amarelo yellow rosa pink gris "
    "cinza gray grey organico organica organic natural naturales premium original hermoso hermosa bonito bonita "
    "beautiful bordado tradicional traditional mexicano mexicana colombiano colombiana peruano peruana chileno chilena "
    "brasileiro brasileira argentino argentina boliviano boliviana mexican colombian peruvian brazilian bag bottle "
    "bottles bolsa paquete pacote caja caixa box frasco lata kg g gr gramos gramas ml oz lb cm mm",
)
_NEUTRAL_STEMS: Final = frozenset(map(stem, _NEUTRAL))


@dataclass(frozen=True, slots=True)
class Candidate:
    """One code that a description may be.

    ``score`` runs from 1 to 95 and orders candidates; it is no probability. ``why`` holds the words that matched, as
    they were written. ``question`` (es, pt, en) is what would settle the choice, ``None`` when the words already do or
    nothing is open. ``name`` (es, pt, en) is the thing in everyday words, in its own language as it was said, and
    ``label`` the name with what this code takes for granted of it.
    """

    hs6: str
    score: int
    why: tuple[str, ...]
    question: Mapping[str, str] | None
    name: Mapping[str, str]
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a description: as written, its stem, how surely, and whether it stands in an aside."""

    written: str
    stem: str
    sure: float
    aside: bool


@dataclass(frozen=True, slots=True)
class _Match:
    """A phrase found in a description, at these positions."""

    phrase: Phrase
    positions: frozenset[int]


def classify(
    description: str, lang: str | None = None, limit: int = 5, *, partly: bool = False
) -> tuple[Candidate, ...]:
    """Return the codes that a description may be, the likeliest first; empty when no word is known.

    ``lang`` (``es``, ``pt``, ``en``, also ``es-MX``) prefers the words of one language; without it all three count the
    same. ``limit`` is the most candidates to return. With ``partly``, things that only share a word with what the
    description says and no phrase of ours explains are offered behind the others: for a person to choose from, too weak
    to work anything out with.
    """
    vocabulary = load_vocabulary()
    words = _words(description, vocabulary)
    modifiers, things = _longest(_matches(words, vocabulary))
    modifiers = _own(modifiers, words, vocabulary)
    language = None if lang is None else lang[:2].lower()
    shares = _shares(words, things, modifiers, language, vocabulary)
    if partly:
        shares |= _partly(words, shares, modifiers, language, vocabulary)
    found: dict[str, Candidate] = {}
    for thing, (share, covered) in shares.items():
        said = _said(thing, things, modifiers)
        for candidate in _candidates(vocabulary.things[thing], share, words, covered, modifiers, vocabulary, said):
            best = found.get(candidate.hs6)
            if best is None or candidate.score > best.score:
                found[candidate.hs6] = candidate
    ranked = sorted(found.values(), key=lambda candidate: (-candidate.score, candidate.hs6))
    return tuple(ranked[:limit])


def _partly(
    words: Sequence[_Word],
    shares: Mapping[int, tuple[float, frozenset[int]]],
    modifiers: Sequence[_Match],
    language: str | None,
    vocabulary: Vocabulary,
) -> dict[int, tuple[float, frozenset[int]]]:
    """Return things that share words that nothing explains, as :func:`_shares` does, and never more than a little."""
    explained = frozenset(position for _, covered in shares.values() for position in covered)
    explained |= frozenset(position for match in modifiers for position in match.positions)
    left = [
        (at, word)
        for at, word in enumerate(words)
        if at not in explained and not word.aside and _weight(word, vocabulary) and word.stem in vocabulary.weights
    ]
    whole = sum(_weight(word, vocabulary) for at, word in enumerate(words) if at not in explained)
    found: dict[int, tuple[float, frozenset[int]]] = {}
    spoken = (language,) if language in LANGUAGES else LANGUAGES
    for thing, _ in vocabulary.ranking.best((word.stem for _, word in left), _LOOKED_AT):
        held = frozenset[str]().union(*(vocabulary.stems[thing][one] for one in spoken))
        covered = frozenset(at for at, word in left if word.stem in held)
        if thing not in shares and covered:
            share = sum(_weight(words[at], vocabulary) * words[at].sure for at in covered) / whole
            found[thing] = (_PARTLY_SHARE * share, covered)
        if len(found) == _PARTLY:
            break
    return found


def _said(thing: int, things: Iterable[_Match], modifiers: Iterable[_Match]) -> dict[str, str]:
    """Return, for each language, the longest words of a thing that stand in the description and describe nothing."""
    said: dict[str, str] = {}
    describing = frozenset(position for match in modifiers for position in match.positions)
    for match in things:
        # "Bag of leather" is no name for what may be of plastic.
        if match.positions & describing:
            continue
        if match.phrase.thing == thing and len(match.phrase.text) > len(said.get(match.phrase.language, "")):
            said[match.phrase.language] = match.phrase.text
    return said


def _words(description: str, vocabulary: Vocabulary) -> list[_Word]:
    """Return the words of a description that may mean something, misspelt ones put right where one letter does it."""
    words: list[_Word] = []
    for part in re.split(r"[,;:/|()\n]", description[:_LONGEST_TEXT]):
        aside = False
        for written in tokens(part):
            if written in FUNCTION_WORDS or written in _ASIDES:
                aside = aside or written in _ASIDES
                # A joint is kept, with no stem, because English puts the thing right before it.
                if written in _ENGLISH_JOINTS:
                    words.append(_Word(written, "", 0.0, aside))
                continue
            root = stem(written)
            if root in vocabulary.weights or root in _NEUTRAL_STEMS or _NUMBER_OR_SIZE.fullmatch(written):
                words.append(_Word(written, root, 1.0, aside))
            else:
                near = _nearest(root)
                words.append(_Word(written, near or root, 0.75 if near else 0.0, aside))
    return words[:_MOST_WORDS]


@lru_cache(maxsize=16_384)
def _nearest(root: str) -> str | None:
    """Return the known stem one slip away (two for long words) that begins with the same letter, if there is one."""
    if len(root) < 5:  # noqa: PLR2004 - among short words one letter makes another word
        return None
    candidates = load_vocabulary().by_initial.get(root[0], ())
    slips = 1 if len(root) < 8 else 2  # noqa: PLR2004 - a long word stays itself with two
    # Imported for a word that nobody knows: most requests bring a code, and none of this.
    from rapidfuzz import process  # noqa: PLC0415
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    found = process.extractOne(root, candidates, scorer=OSA.distance, score_cutoff=slips)
    return None if found is None else found[0]


def _matches(words: Sequence[_Word], vocabulary: Vocabulary) -> Iterator[_Match]:
    """Yield every phrase all of whose stems stand in the description."""
    at: dict[str, list[int]] = {}
    for position, word in enumerate(words):
        if word.sure:
            at.setdefault(word.stem, []).append(position)
    for root in at:
        for phrase in vocabulary.by_rarest.get(root, ()):
            if phrase.stems <= at.keys():
                yield _Match(phrase, frozenset(position for one in phrase.stems for position in at[one]))


def _longest(matches: Iterable[_Match]) -> tuple[list[_Match], list[_Match]]:
    """Return modifiers and things found, without those that a longer match contains.

    A modifier within a thing's name still describes it (leather in "bolso de cuero"); only a longer modifier takes its
    place ("cuero sintético"). A word that is both, beside a thing that is only a thing, describes.
    """
    modifiers: list[_Match] = []
    things: list[_Match] = []
    for match in sorted(matches, key=lambda match: -len(match.positions)):
        longer = modifiers if match.phrase.modifier else modifiers + things
        if not any(match.positions < other.positions for other in longer):
            (modifiers if match.phrase.modifier else things).append(match)
    describing = frozenset(position for match in modifiers for position in match.positions)
    named = [match for match in things if not match.positions <= describing]
    return modifiers, named or things


def _own(modifiers: Sequence[_Match], words: Sequence[_Word], vocabulary: Vocabulary) -> list[_Match]:
    """Return the modifiers without those that describe a lining or a box, where the thing itself is described too."""
    groups = {
        vocabulary.groups[key]
        for match in modifiers
        if not all(words[at].aside for at in match.positions)
        for key in vocabulary.implied[match.phrase.modifier]
    }
    return [
        match
        for match in modifiers
        if not all(words[at].aside for at in match.positions)
        or groups.isdisjoint(vocabulary.groups[key] for key in vocabulary.implied[match.phrase.modifier])
    ]


def _shares(
    words: Sequence[_Word],
    things: Sequence[_Match],
    modifiers: Sequence[_Match],
    language: str | None,
    vocabulary: Vocabulary,
) -> dict[int, tuple[float, frozenset[int]]]:
    """Return, for each thing found, how much of what the description says it accounts for (0 to 1), and where."""
    describing = frozenset(position for match in modifiers for position in match.positions)
    whole = sum(_weight(word, vocabulary) for at, word in enumerate(words) if at not in describing)
    first, last = _heads(words, describing)
    by_thing: dict[int, list[_Match]] = {}
    for match in things:
        by_thing.setdefault(match.phrase.thing, []).append(match)
    shares: dict[int, tuple[float, frozenset[int]]] = {}
    for thing, found in by_thing.items():
        covered = frozenset(position for match in found for position in match.positions)
        plain = sum(vocabulary.weights[words[at].stem] for at in covered)
        weight = sum(vocabulary.weights[words[at].stem] * words[at].sure for at in covered)
        if all(words[at].aside for at in covered):
            weight *= 0.3
        elif any((last if match.phrase.language == "en" else first) in match.positions for match in found):
            weight *= 1.3
        # Describing words within the name of a thing are no part of the whole, so its own weight bounds it too.
        named = sum(_weight(words[at], vocabulary) for at in covered & describing)
        share = min(1.0, weight / max(whole + named, plain))
        foreign = language is not None and all(match.phrase.language != language for match in found)
        shares[thing] = (share * 0.85 if foreign else share, covered)
    return shares


def _weight(word: _Word, vocabulary: Vocabulary) -> float:
    """Return how much a word says: nothing for a number or a colour, a little for an unknown one."""
    if not word.stem or word.written in _NEUTRAL or _NUMBER_OR_SIZE.fullmatch(word.written):
        return 0.0
    # The plural of a colour may be a thing of its own: rosa, rosas.
    unknown = 0.0 if word.stem in _NEUTRAL_STEMS else 1.5
    return vocabulary.weights.get(word.stem, unknown) * (0.3 if word.aside else 1.0)


def _heads(words: Sequence[_Word], describing: frozenset[int]) -> tuple[int, int]:
    """Return where the thing itself stands: first in Spanish and Portuguese, last before a joint in English."""
    telling = [
        at for at, word in enumerate(words) if word.stem and word.written not in _NEUTRAL and at not in describing
    ] or [0]
    joint = next((at for at, word in enumerate(words) if not word.stem), len(words))
    before = [at for at in telling if at < joint] or telling
    return telling[0], before[-1]


def _candidates(
    thing: Thing,
    share: float,
    words: Sequence[_Word],
    covered: frozenset[int],
    modifiers: Sequence[_Match],
    vocabulary: Vocabulary,
    said: Mapping[str, str],
) -> Iterator[Candidate]:
    """Yield the codes of a thing, with the describing words weighed for and against each, named as it was ``said``."""
    groups, implied = vocabulary.groups, vocabulary.implied
    present: dict[str, frozenset[int]] = {}
    for match in modifiers:
        for key in implied[match.phrase.modifier]:
            present.setdefault(key, match.positions)
    name = {**thing.name, **said}
    told = {groups[key] for key in present}
    settled = bool(thing.asks) and thing.asks <= told
    for place, code in enumerate(thing.codes):
        score = 32 + 58 * share - 3 * place
        used = covered
        for condition in code.conditions:
            if condition in present:
                score += 10
                used |= present[condition]
            else:
                # Told otherwise it speaks against the code; untold, the code that takes less for granted goes first.
                score -= 15 if groups[condition] in told else 2
        why = tuple(dict.fromkeys(words[at].written for at in sorted(used)))
        question = None if settled else thing.question
        label = {language: name[language] + code.label[language][len(own) :] for language, own in thing.name.items()}
        yield Candidate(code.hs6, max(1, min(_HIGHEST_SCORE, round(score))), why, question, name, label)
