"""A termbase: what a thing is called in each market, which words are wrong there, and where a text speaks of it.

Words are met as they bend (*bolsos*, *hechas a mano*), the longest term first and never inside another word. The words
of a market come before those of its region, and a seller's own before ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date  # noqa: TC003  # a field of values that others store asks for its type
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, Literal

from translations import lemmas
from translations.locales import chain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Status = Literal["preferred", "allowed", "forbidden", "untranslatable"]
Part = Literal["noun", "adjective", "verb", "phrase", "name"]
Gender = Literal["", "m", "f", "mf"]
STATUSES: Final[tuple[Status, ...]] = ("preferred", "allowed", "forbidden", "untranslatable")
PARTS: Final[tuple[Part, ...]] = ("noun", "adjective", "verb", "phrase", "name")
SHIPPED: Final = "shipped"
EVERYWHERE: Final = "*"
_BENDING: Final = frozenset({"adjective", "verb", "phrase"})
_WORD: Final = re.compile(r"[^\W_][\u0300-\u036f]*(?:[^\W_][\u0300-\u036f]*|['’](?=[^\W\d_]))*")
# What may stand between two words of one term: a space, a hyphen, a slash; no full stop, no new paragraph.
_BETWEEN: Final = re.compile(r"[^\S\n]*\n?[^\S\n]*|['’]\s|[^\S\n]?[-\u2010\u2011–/&%][^\S\n]?")
# Reasons that are none where the word is at home.
_AT_HOME: Final = {
    "castilian": frozenset({"es-ES"}),
    "european": frozenset({"pt-PT"}),
    "british": frozenset({"en-BB", "en-BZ", "en-GB", "en-GY", "en-JM", "en-TT"}),
}
_LONGEST_GAP: Final = 4
_FAR: Final = 9


@dataclass(frozen=True, slots=True)
class Term:
    """One word of one concept in one language or market; a row of a termbase.

    ``locale`` is a language (``es``: neutral Spanish of the Americas, ``pt``: Brazilian, ``en``: of the United
    States), a market (``es-AR``), or ``*`` for what is written alike everywhere. ``gender`` is that of the noun; a
    forbidden term has a ``reason`` (a key of ``termbase/reasons.yaml``) and a ``replacement``. ``means`` says in each
    language what a false friend says instead. ``bound`` holds for a word that is wrong only as a translation of this
    concept and right elsewhere: *largo* is Portuguese, but for *wide*. ``ambiguous`` holds for an everyday word of
    another kind: *sobre* is an envelope, and oftener a preposition.
    """

    concept: str
    text: str
    locale: str
    status: Status = "preferred"
    part: Part = "noun"
    gender: Gender = ""
    reason: str = ""
    replacement: str = ""
    bound: bool = False
    means: tuple[tuple[str, str], ...] = ()
    note: str = ""
    topic: str = ""
    origin: str = SHIPPED
    written: date | None = None
    ambiguous: bool = False

    def __post_init__(self) -> None:
        if not _WORD.search(self.text):
            raise ValueError(f"a term has at least one letter or digit: {self.text!r}")
        if self.status == "forbidden" and not (self.reason and self.replacement):
            raise ValueError(f"{self.text!r} is forbidden: say why, and what to write instead")

    @property
    def language(self) -> str:
        """The language that its words bend in; that of ``*`` is empty."""
        return "" if self.locale == EVERYWHERE else self.locale.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that words in a text may speak of: the term met, and what it is called in the target, best first."""

    term: Term
    targets: tuple[Term, ...]
    forbidden: tuple[Term, ...] = ()

    @property
    def concept(self) -> str:
        """The concept that was met."""
        return self.term.concept


@dataclass(frozen=True, slots=True)
class TermHit:
    """Where a text speaks of a concept: ``text`` from ``start`` to ``end``, with its readings, the likeliest first."""

    start: int
    end: int
    text: str
    readings: tuple[Reading, ...]

    @property
    def term(self) -> Term:
        """The term that was most likely met."""
        return self.readings[0].term

    @property
    def target(self) -> Term | None:
        """The word to use in the target, if one is known."""
        targets = self.readings[0].targets
        return targets[0] if targets else None

    @property
    def certain(self) -> bool:
        """Whether it may be put in place without asking: all readings come to one word, and none is ambiguous."""
        if any(reading.term.ambiguous for reading in self.readings):
            return False
        words = {reading.targets[0].text if reading.targets else "" for reading in self.readings}
        return len(words) == 1 and "" not in words


@dataclass(frozen=True, slots=True)
class Wrong:
    """A forbidden word in a text, from ``start`` to ``end``."""

    start: int
    end: int
    text: str
    term: Term


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    forms: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A term, ready to be looked for: for each of its words the forms it is met under."""

    forms: tuple[frozenset[str], ...]
    term: Term


@lru_cache(maxsize=1024)
def _places(locale: str) -> tuple[str, ...]:
    """Return where a word for a locale is looked for, in order."""
    return (*chain(locale), EVERYWHERE)


@dataclass(frozen=True, eq=False)
class TermBase:
    """Terms of a shop: ours, and a seller's own over them.

    Of two terms that answer the same question the later one in ``terms`` counts if it is a seller's. Making one costs
    nothing; what a language needs to be searched is laid out at the first question and kept.
    """

    terms: tuple[Term, ...]
    _indexes: dict[tuple[str, bool], dict[str, list[_Entry]]] = field(default_factory=dict, init=False, repr=False)

    def with_terms(self, own: Iterable[Term]) -> TermBase:
        """Return a termbase in which a seller's own terms stand over these.

        A term of a concept and locale that is preferred takes the place of the preferred one before it, which stays
        allowed unless it is forbidden; a term that is said again with another status has the later status.
        """
        return TermBase((*self.terms, *own))

    @cached_property
    def _by_concept(self) -> dict[str, dict[str, tuple[Term, ...]]]:
        """The terms of each concept by locale, the best first, forbidden ones last."""
        found: dict[str, dict[str, dict[str, Term]]] = {}
        for term in self.terms:
            words = found.setdefault(term.concept, {}).setdefault(term.locale, {})
            words.pop(term.text, None)
            words[term.text] = term
        rank = {"untranslatable": 0, "preferred": 0, "allowed": 1, "forbidden": 2}
        return {
            concept: {
                locale: tuple(sorted(words.values(), key=lambda term: (rank[term.status], term.origin == SHIPPED)))
                for locale, words in locales.items()
            }
            for concept, locales in found.items()
        }

    def called(self, concept: str, locale: str) -> tuple[Term, ...]:
        """Return what a concept is called in a market, best first: a seller's words, the market's, its region's.

        The nearest place that has good words gives them; a word that is forbidden nearer by is none. An unknown
        concept has no name.
        """
        verdicts = self._verdicts(concept, locale)
        good = [term for term in verdicts.values() if term.status != "forbidden"]
        nearest = next((term.locale for term in good if term.origin == SHIPPED), "")
        named = [term for term in good if term.origin != SHIPPED or term.locale == nearest]
        return tuple(sorted(named, key=lambda term: (term.status == "allowed", term.origin == SHIPPED)))

    def barred(self, concept: str, locale: str) -> tuple[Term, ...]:
        """Return the words that are wrong for a concept in a market."""
        return tuple(term for term in self._verdicts(concept, locale).values() if term.status == "forbidden")

    def _verdicts(self, concept: str, locale: str) -> dict[str, Term]:
        """Return what holds of each word for a concept in a market: a seller's verdict, or else the nearest place's."""
        locales = self._by_concept.get(concept, {})
        terms = [term for place in _places(locale) for term in locales.get(place, ())]
        found: dict[str, Term] = {}
        for term in sorted(terms, key=lambda term: term.origin == SHIPPED):
            found.setdefault(term.text, term)
        return found

    def find(self, text: str, source: str, target: str) -> tuple[TermHit, ...]:
        """Return where ``text``, written for the market ``source``, speaks of known things, in the order of the text.

        Longer terms win over shorter ones that they overlap. Words of other markets of the language are understood
        too, after those of the market itself: a seller in Mexico may write *remera*. What stays as it is, such as a
        name, is its own target.
        """
        hits = []
        for start, end, found in _longest(text, self._matches(text, source, forbidden=False)):
            readings = tuple(
                Reading(term, self.called(term.concept, target), self.barred(term.concept, target))
                for term in self._likeliest(found, source)
            )
            if readings:
                hits.append(TermHit(start, end, text[start:end], readings))
        return tuple(hits)

    def wrong(self, text: str, locale: str, concepts: Iterable[str] = ()) -> tuple[Wrong, ...]:
        """Return the forbidden words in a text for a market, in the order of the text.

        ``concepts`` are those that the source speaks of: a false friend is wrong only as a word for one of them, and
        so is what is a good word for something else in this market (*rubber* for an eraser). Such a word is let pass
        where a good one for the concept stands in the text as well, and so is a word inside a longer good term.
        """
        good = [
            (start, end, {term.concept for term in terms if self._holds(term, locale)})
            for start, end, terms in _longest(text, self._matches(text, locale, forbidden=False))
        ]
        spoken = frozenset(concepts)
        found = []
        for start, end, terms in _longest(text, self._matches(text, locale, forbidden=True)):
            around = [row for row in good if row[0] <= start and end <= row[1]]
            if any(last - first > end - start and concepts_here for first, last, concepts_here in around):
                continue
            # *Bicho de peluche* holds the good word and is none the better for it.
            asked = spoken.difference(*(row[2] for row in good if not (start <= row[0] and row[1] <= end)))
            other = {concept for _, _, concepts_here in around for concept in concepts_here}
            for term in sorted(terms, key=lambda term: term.concept not in asked):
                ours = term.origin == SHIPPED
                if (
                    self._holds(term, locale, forbidden=True)
                    and (term.concept in asked or not (term.bound or (ours and other)))
                    and not (ours and term.concept in other)
                    and locale not in _AT_HOME.get(term.reason, ())
                ):
                    found.append(Wrong(start, end, text[start:end], self._mended(term, locale)))
                    break
        return tuple(found)

    def _mended(self, wrong: Term, locale: str) -> Term:
        """Say the market's word where ours for the region stands: not ejotes in Chile for *judías verdes*."""
        region = self._by_concept[wrong.concept].get(wrong.locale, ())
        ours = any(term.text == wrong.replacement and term.status == "preferred" for term in region)
        if wrong.origin != SHIPPED or not ours:
            return wrong
        return next((replace(wrong, replacement=term.text) for term in self.called(wrong.concept, locale)), wrong)

    def _holds(self, term: Term, locale: str, *, forbidden: bool = False) -> bool:
        """Whether a term is the last word on its text in a market, as a good or as a forbidden one."""
        verdict = self._verdicts(term.concept, locale).get(term.text)
        if verdict is None:
            return False
        return verdict == term if forbidden else verdict.status != "forbidden"

    # -- searching --------------------------------------------------------------------------------------------
    def _matches(self, text: str, locale: str, *, forbidden: bool) -> Iterator[tuple[int, int, int, Term]]:
        """Every place where a term stands, overlapping or not: its count of words, start, end, and the term."""
        language = locale.partition("-")[0]
        if language not in lemmas.LANGUAGES:
            return
        index = self._index(language, forbidden=forbidden)
        words = _words(text, language)
        joined = [_joined(text, words[at].end, words[at + 1].start) for at in range(len(words) - 1)]
        for at, word in enumerate(words):
            for form in word.forms:
                for entry in index.get(form, ()):
                    count = len(entry.forms)
                    if (
                        at + count <= len(words)
                        and all(joined[at : at + count - 1])
                        and not any(forms.isdisjoint(words[at + step].forms) for step, forms in enumerate(entry.forms))
                    ):
                        end = words[at + count - 1].end
                        if entry.term.status != "untranslatable" or _as_written(text[word.start : end], entry.term):
                            yield count, word.start, end, entry.term

    def _index(self, language: str, *, forbidden: bool) -> dict[str, list[_Entry]]:
        known = self._indexes.get((language, forbidden))
        if known is not None:
            return known
        index: dict[str, list[_Entry]] = {}
        for locales in self._by_concept.values():
            for terms in locales.values():
                for term in terms:
                    # What is wrong in every sense is understood all the same; a false friend says something else.
                    wanted = term.status == "forbidden" if forbidden else not term.bound
                    if term.language in {language, ""} and wanted:
                        entry = _Entry(_forms(term, language), term)
                        for form in entry.forms[0]:
                            index.setdefault(form, []).append(entry)
        self._indexes[language, forbidden] = index
        return index

    def _likeliest(self, terms: Sequence[Term], locale: str) -> list[Term]:
        """Return one term of each concept that was met, the likeliest concept first.

        A word of the market itself says more than one of its region, and that more than one of another market; of
        equals a seller's own counts more than ours, and the first word for a thing more than an allowed one.
        """
        places = {place: rank for rank, place in enumerate(_places(locale))}

        def rank(term: Term) -> tuple[bool, bool, int, bool]:
            far = places.get(term.locale, _FAR)
            return (term.status == "forbidden", term.origin == SHIPPED, far, term.status == "allowed")

        ordered = sorted(terms, key=rank)
        near = [term for term in ordered if term.locale in places]
        return _distinct(near or [term for term in ordered if not term.ambiguous], key=lambda term: term.concept)


def _distinct(terms: Iterable[Term], key: Callable[[Term], str] = lambda term: term.text) -> list[Term]:
    seen: dict[str, Term] = {}
    for term in terms:
        seen.setdefault(key(term), term)
    return list(seen.values())


def _words(text: str, language: str) -> list[_Word]:
    return [_Word(found.start(), found.end(), lemmas.readings(found[0], language)) for found in _WORD.finditer(text)]


def _joined(text: str, end: int, start: int) -> bool:
    return start - end <= _LONGEST_GAP and _BETWEEN.fullmatch(text, end, start) is not None


def _forms(term: Term, language: str) -> tuple[frozenset[str], ...]:
    words = _WORD.findall(term.text)
    if term.status == "untranslatable":
        return tuple(frozenset({lemmas.folded(word)}) for word in words)
    bends = term.part in _BENDING
    return tuple(
        lemmas.entries(word, language, bends=bends or (len(words) > 1 and place > 0))
        for place, word in enumerate(words)
    )


def _as_written(found: str, term: Term) -> bool:
    """Whether a name has the capitals of the name: *Gap* is no *gap*. A text all in capitals says nothing of them."""
    return found == term.text or (found.isupper() and found.casefold() == term.text.casefold())


def _longest(text: str, matches: Iterable[tuple[int, int, int, Term]]) -> list[tuple[int, int, tuple[Term, ...]]]:
    """Return the places, the longest taken first and none overlapping another, in the order of the text."""
    places: dict[tuple[int, int], tuple[int, dict[Term, None]]] = {}
    for count, start, end, term in matches:
        places.setdefault((start, end), (count, {}))[1][term] = None
    taken = bytearray(len(text))
    chosen = []
    for (start, end), (_, terms) in sorted(places.items(), key=lambda found: (-found[1][0], found[0][0] - found[0][1])):
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            chosen.append((start, end, tuple(terms)))
    return sorted(chosen, key=lambda found: found[0])
