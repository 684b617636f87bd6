"""The words themselves: the language they are in, what was left as it was, what a machine could not say, terms."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from translations.checks.words import words
from translations.findings import Finding
from translations.lemmas import is_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translations.checks.case import Case
    from translations.terms import TermHit

_WORD: Final = re.compile(r"[^\W\d_]+")
_UNKNOWN: Final = re.compile(r"(?<![\w*@#&/.])(?P<sign>[*@#])(?=[^\W\d_]{2})")
_ENOUGH_WORDS: Final = 4
_ENOUGH_LETTERS: Final = 20
_LONG: Final = 4
# How much likelier another language has to be, by letter, before it is worth a person's look.
_SURE: Final = 0.3
# Words that are the same in two of our languages, or all three.
_GLUED: Final = range(10, 41)
# So much of a text says which language it is in.
_READ: Final = 2_000
_PARTS: Final = 3
# What things are called is settled; how something is said around them is the writer's.
_NAMED: Final = frozenset({"noun", "name"})
_SHORTEST: Final = 2


def language(case: Case) -> Iterator[Finding]:
    """Warn of a text that seems to be in another language than it should; short ones are not judged."""
    there = _WORD.findall(case.words[:_READ])
    letters = sum(map(len, there))
    if len(there) < _ENOUGH_WORDS or letters < _ENOUGH_LETTERS:
        return
    ranks = dict(_identifier().rank(" ".join(there)))
    best = max(ranks, key=lambda name: ranks[name])
    if best != case.language and case.language in ranks and ranks[best] - ranks[case.language] > _SURE * letters:
        values = {"found": best, "wanted": case.language}
        yield Finding("language_id", "warn", (0, len(case.target)), "language_id", values)


@cache
def _identifier() -> Any:  # noqa: ANN401  # py3langid's own
    # Slow to load, and many texts are too short to be asked about.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    found = LanguageIdentifier.from_model_file(MODEL_FILE)
    found.set_languages(["es", "pt", "en"])
    return found


def untranslated(case: Case) -> Iterator[Finding]:
    """Find a text that is its source still, where that is no name, number or word that both languages have."""
    if not case.translates or case.target.strip().casefold() != case.source.strip().casefold():
        return
    there = [word for word in _WORD.findall(case.words) if len(word) >= _LONG and word.lower() not in words("cognates")]
    if there and not all(word in _same_in_both(case) for word in there):
        yield Finding("untranslated", "warn", (0, len(case.target)), "untranslated")


def _same_in_both(case: Case) -> frozenset[str]:
    """Return the words of the source that are called the same in the target, as the termbase says."""
    base = case.context.terms
    if base is None:
        return frozenset()
    hits = base.find(case.source, case.context.source, case.context.target)
    same = [hit for hit in hits if any(term.text.casefold() == hit.text.casefold() for term in hit.readings[0].targets)]
    return frozenset(word for hit in same for word in _WORD.findall(hit.text))


def machine_words(case: Case) -> Iterator[Finding]:
    """Find words that an engine marked as unknown to it (``*word``, ``@word``, ``#word``)."""
    for found in _UNKNOWN.finditer(case.target):
        word = _WORD.match(case.target, found.end())
        shown = found["sign"] + (word[0] if word else "")
        if shown.lower() not in case.source.lower():
            yield Finding("machine_words", "block", found.span(), "machine_words", {"found": shown}, "")


def glued(case: Case) -> Iterator[Finding]:
    """Find words that an engine glued together: *Cafédealtitud*."""
    if case.language not in {"es", "pt", "en"}:
        return
    for found in _WORD.finditer(case.words):
        word = found[0]
        if len(word) not in _GLUED or word.lower() in case.source.lower() or is_known(word.lower(), case.language):
            continue
        parts = _parted(word, case.language, _PARTS)
        if (
            parts is not None
            and len(parts) > 1
            and any(part.lower() in words("small", case.language) for part in parts)
        ):
            fix = " ".join(parts)
            yield Finding("glued_words", "warn", found.span(), "glued_words", {"found": word, "wanted": fix}, fix)


def _parted(word: str, language: str, most: int) -> list[str] | None:
    """Return a word as up to ``most`` known words, one of them small; the fewest first."""
    if _is_word(word, language):
        return [word]
    if most == 1:
        return None
    for length in range(len(word) - _SHORTEST, _SHORTEST - 1, -1):
        if _is_word(word[:length], language):
            rest = _parted(word[length:], language, most - 1)
            if rest is not None:
                return [word[:length], *rest]
    return None


def _is_word(word: str, language: str) -> bool:
    small = word.lower()
    if len(small) < _LONG:
        return small in words("small", language)
    return is_known(small, language)


def terms(case: Case) -> Iterator[Finding]:
    """Find things that are called otherwise in the market, and what should have stayed as it is."""
    base = case.context.terms
    if base is None or not case.translates:
        return
    there = {
        reading.concept
        for hit in base.find(case.target, case.context.target, case.context.source)
        for reading in hit.readings
    }
    end = len(case.target)
    # Units and sizes have a check of their own.
    counted = [(one.start, one.end) for one in case.source_marks]
    for hit in base.find(case.source, case.context.source, case.context.target):
        if any(start <= hit.start and hit.end <= last for start, last in counted):
            continue
        if hit.term.status == "untranslatable":
            if hit.text not in case.target:
                yield Finding("check_glossary", "block", (end, end), "check_glossary.kept", {"wanted": hit.text})
        elif hit.target is not None and hit.certain and hit.term.part in _NAMED and not _is_said(hit, there, case):
            called = ", ".join(dict.fromkeys(term.text for term in hit.readings[0].targets))
            values = {"source": hit.text, "wanted": called}
            yield Finding("check_glossary", "warn", (end, end), "check_glossary.other", values)


def _is_said(hit: TermHit, there: set[str], case: Case) -> bool:
    if any(reading.concept in there for reading in hit.readings):
        return True
    target = case.target.casefold()
    return any(term.text.casefold() in target for reading in hit.readings for term in reading.targets)


def forbidden(case: Case) -> Iterator[Finding]:
    """Find words that are wrong in the market, or that the seller does not want; a seller's own stop the text."""
    base = case.context.terms
    if base is None:
        return
    hits = base.find(case.source, case.context.source, case.context.target) if case.translates else ()
    concepts = {reading.concept for hit in hits for reading in hit.readings}
    for wrong in base.wrong(case.target, case.context.target, concepts):
        other = wrong.term.replacement
        fix = other[:1].upper() + other[1:] if wrong.text[:1].isupper() else other
        own = wrong.term.origin != "shipped"
        values = {"found": wrong.text, "wanted": other}
        yield Finding(
            "forbidden_term",
            "block" if own else "warn",
            (wrong.start, wrong.end),
            "forbidden_term.own" if own else "forbidden_term",
            values,
            fix or None,
        )


def table(case: Case) -> Iterator[Finding]:
    """Find colours, materials and sizes that are called otherwise than the table has them."""
    wanted = case.context.names.get(case.source.strip().casefold())
    if case.context.role == "word" and wanted and case.target.strip().casefold() != wanted.casefold():
        values = {"found": case.target.strip(), "wanted": wanted}
        yield Finding("enum_by_table", "warn", (0, len(case.target)), "enum_by_table", values, wanted)
