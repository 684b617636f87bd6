"""The termbase that comes with us: read from ``termbase/*.yaml``, strictly; what is wrong names its file and line.

A file is a topic. Its keys are concepts; docs/termbase.md tells how one is written::

    earring:
      en: earring
      es: arete (m)
      es-AR es-CL es-UY: aro (m)
      pt: brinco (m)
      not:
        - {es: pendiente, why: regional, in: es-AR}

``python -m translations.termfiles`` reads everything and counts it.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import yaml

from translations.terms import EVERYWHERE, PARTS, Gender, Part, Status, Term, TermBase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER: Final = Path(__file__).parent / "termbase"
REASONS: Final = "reasons.yaml"
AMBIGUOUS: Final = "ambiguous.yaml"
LANGUAGES: Final = ("en", "es", "pt")
_COUNTRIES: Final = {
    "es": "AR BO CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV US UY VE",
    "en": "BB BZ GB GY JM TT",
}
MARKETS: Final = frozenset(
    f"{language}-{country}" for language, countries in _COUNTRIES.items() for country in countries.split(" ")
)
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONCEPT: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_WORD: Final = re.compile(r"(?P<text>[^()|]+?)(?: \((?P<gender>m|f|mf)\))?")
_SPACES: Final = re.compile(r"^\s|\s$|\s\s")
_OTHER_KEYS: Final = frozenset({"part", "not", "note", "keep"})
_NEVER_KEYS: Final = frozenset({"why", "say", "means", "in", "bound"})


class TermFileError(ValueError):
    """A file of terms that is not fit for use: ``file:line: what is wrong; what to write instead``."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a word is forbidden, in each language of ours; ``bound`` when only as a word for its concept."""

    key: str
    bound: bool
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Node:
    """A YAML value and its place."""

    node: yaml.Node
    file: str

    def error(self, message: str) -> TermFileError:
        return TermFileError(f"{self.file}:{self.node.start_mark.line + 1}: {message}")

    def pairs(self) -> Iterator[tuple[_Node, str, _Node]]:
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error("keys are expected here; write key: value")
        seen = set()
        for key, value in self.node.value:
            name = _Node(key, self.file)
            text = name.text()
            if text in seen:
                raise name.error(f"{text!r} stands here twice; keep one")
            seen.add(text)
            yield name, text, _Node(value, self.file)

    def items(self) -> Iterator[_Node]:
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error("a list is expected here; begin its lines with -")
        return (_Node(value, self.file) for value in self.node.value)

    def text(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.error("a text is expected here")
        if self.node.tag.endswith((":bool", ":null")):
            raise self.error(f"{self.node.value!r} is no text to YAML; put it in quotes")
        value: str = self.node.value
        if not value or _SPACES.search(value):
            raise self.error(f"{value!r} is empty or has stray spaces")
        return value


@cache
def reasons() -> dict[str, Reason]:
    """Return why words are forbidden, by key."""
    found = {}
    for name, key, value in _read(FOLDER / REASONS).pairs():
        fields = {inner: node for _, inner, node in value.pairs()}
        if set(fields) != {"bound", *LANGUAGES}:
            raise name.error(f"{key} needs exactly bound, {', '.join(LANGUAGES)}")
        bound = fields["bound"].text()
        if bound not in {"always", "concept"}:
            raise fields["bound"].error("bound is always or concept")
        found[key] = Reason(key, bound == "concept", {language: fields[language].text() for language in LANGUAGES})
    return found


@cache
def shipped() -> TermBase:
    """Return the termbase that comes with us, read once."""
    return TermBase(read(FOLDER))


def read(folder: Path) -> tuple[Term, ...]:
    """Return all terms of the files in ``folder``; raise TermFileError for the first thing that is wrong.

    Every concept has a word in Spanish, Portuguese and English, or stays as it is everywhere; no concept is written
    twice, no word stands twice for one concept and market, and no forbidden word is also a good one there.
    """
    terms: list[Term] = []
    known: dict[str, _Node] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name in {REASONS, AMBIGUOUS}:
            continue
        for name, concept, value in _read(path).pairs():
            if concept in known:
                first = known[concept]
                raise name.error(f"{concept} is written in {first.file}:{first.node.start_mark.line + 1} too")
            if not _CONCEPT.fullmatch(concept):
                raise name.error(f"{concept!r}: a concept is written in lower-case English words joined by hyphens")
            known[concept] = name
            terms += _concept(name, concept, value, path.stem)
    everyday = _ambiguous(folder / AMBIGUOUS, terms)
    return tuple(
        replace(term, ambiguous=True) if (term.language, term.text.casefold()) in everyday else term for term in terms
    )


def _ambiguous(path: Path, terms: list[Term]) -> set[tuple[str, str]]:
    """Return the words that are everyday words of another kind too, with their language; each is a term of ours."""
    if not path.is_file():
        return set()
    known = {(term.language, term.text.casefold()) for term in terms}
    found = set()
    for name, language, words in _read(path).pairs():
        if language not in LANGUAGES:
            raise name.error(f"{language!r} is no language of ours; known: {', '.join(LANGUAGES)}")
        for word in words.items():
            entry = (language, word.text().casefold())
            if entry not in known:
                raise word.error(f"{word.text()!r} is no term in {language}; take it out")
            found.add(entry)
    return found


def _read(path: Path) -> _Node:
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TermFileError(f"{path.name}:{line}: {error.problem}") from error
    except UnicodeDecodeError as error:
        raise TermFileError(f"{path.name}:1: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    if node is None:
        raise TermFileError(f"{path.name}:1: the file is empty; write a concept or remove it")
    return _Node(node, path.name)


def _concept(name: _Node, concept: str, value: _Node, topic: str) -> list[Term]:
    fields = {key: (place, node) for place, key, node in value.pairs()}
    note = fields["note"][1].text() if "note" in fields else ""
    if "keep" in fields:
        if set(fields) - {"keep", "note"}:
            raise name.error(f"{concept} stays as it is; write keep and, if need be, note, and nothing else")
        text = fields["keep"][1].text()
        return [Term(concept, text, EVERYWHERE, "untranslatable", "name", note=note, topic=topic)]
    missing = [language for language in LANGUAGES if language not in fields]
    if missing:
        raise name.error(f"{concept} has no word in {', '.join(missing)}")
    part = _part(fields["part"][1]) if "part" in fields else "noun"
    terms: list[Term] = []
    for locale, node in _by_locale(fields):
        terms += _words(node, concept, locale, part, note, topic)
    for item in fields["not"][1].items() if "not" in fields else ():
        terms += _never(item, terms, topic)
    for (locale, text), times in Counter((term.locale, term.text.casefold()) for term in terms).items():
        if times > 1:
            raise name.error(f"{concept} has {text!r} twice for {locale}")
    return terms


def _by_locale(fields: dict[str, tuple[_Node, _Node]]) -> Iterator[tuple[str, _Node]]:
    """Take keys such as ``es-AR es-UY`` apart."""
    named: set[str] = set()
    for key, (place, node) in fields.items():
        for locale in () if key in _OTHER_KEYS else key.split(" "):
            if locale not in LANGUAGES and locale not in MARKETS:
                raise place.error(f"{locale!r} is no language or market of ours, and no key of a concept")
            if locale in named:
                raise place.error(f"{locale} stands here twice; keep one")
            named.add(locale)
            yield locale, node


def _part(node: _Node) -> Part:
    text = node.text()
    for part in PARTS:
        if text == part:
            return part
    raise node.error(f"{text!r} is no part of speech; known: {', '.join(PARTS)}")


def _words(node: _Node, concept: str, locale: str, part: Part, note: str, topic: str) -> Iterator[Term]:
    for place, word in enumerate(node.text().split(" | ")):
        found = _WORD.fullmatch(word)
        if found is None:
            raise node.error(f"{word!r}: write word (m), (f) or (mf), and part words by ' | '")
        gender = found["gender"] or ""
        if part == "noun" and bool(gender) == locale.startswith("en"):
            raise node.error(f"{word!r}: a Spanish or Portuguese noun has a gender, (m), (f) or (mf); English none")
        if part not in {"noun", "name"} and gender:
            raise node.error(f"{word!r}: only nouns have a gender here")
        status: Status = "allowed" if place else "preferred"
        yield Term(concept, found["text"], locale, status, part, cast("Gender", gender), note=note, topic=topic)


def _never(item: _Node, good: list[Term], topic: str) -> Iterator[Term]:
    """Read a forbidden word: ``{pt: largo, why: false-friend, means: {es: ancho, pt: largo, en: wide}}``."""
    fields = {key: node for _, key, node in item.pairs()}
    languages = [key for key in fields if key in LANGUAGES]
    if len(languages) != 1 or set(fields) - _NEVER_KEYS - set(languages):
        raise item.error("write one word as es:, pt: or en:, with why and, if need be, say, in, bound, means")
    language = languages[0]
    if "why" not in fields:
        raise item.error("say why: a key of reasons.yaml")
    reason = reasons().get(fields["why"].text())
    if reason is None:
        raise fields["why"].error(f"{fields['why'].text()!r} is no reason; known: {', '.join(sorted(reasons()))}")
    means = tuple((key, node.text()) for _, key, node in fields["means"].pairs()) if "means" in fields else ()
    if means and sorted(key for key, _ in means) != sorted(LANGUAGES):
        raise fields["means"].error(f"say what it means in {', '.join(LANGUAGES)}")
    if reason.key == "false-friend" and not means:
        raise item.error("a false friend needs means: what it says instead, in each language")
    if "bound" in fields and fields["bound"].text() != "concept":
        raise fields["bound"].error("bound: concept is the only word here; reasons.yaml says the rest")
    locales = fields["in"].text().split(" ") if "in" in fields else [language]
    for locale in locales:
        if locale != language and (locale not in MARKETS or not locale.startswith(f"{language}-")):
            raise fields["in"].error(f"{locale!r} is no market of {language}")
        first = next((term for place in (locale, language) for term in good if term.locale == place), None)
        if first is None:
            raise item.error(f"there is no word in {language} to use instead; write say")
        yield Term(
            first.concept,
            fields[language].text(),
            locale,
            "forbidden",
            first.part,
            reason=reason.key,
            replacement=fields["say"].text() if "say" in fields else first.text,
            bound=reason.bound or "bound" in fields,
            means=means,
            topic=topic,
        )


def count(terms: Iterable[Term]) -> str:
    """Return how much there is, in a line."""
    rows = tuple(terms)
    concepts = {term.concept for term in rows}
    varied = {term.concept for term in rows if "-" in term.locale and term.status != "forbidden"}
    statuses = Counter(term.status for term in rows)
    return (
        f"{len(concepts)} concepts in {len({term.topic for term in rows})} files, {len(varied)} of them with words of "
        f"single markets; {len(rows)} terms: " + ", ".join(f"{number} {status}" for status, number in statuses.items())
    )


def main() -> int:
    """Read everything, and say how much there is or what is wrong."""
    try:
        reasons()
        sys.stdout.write(f"{count(read(FOLDER))}\n")
    except TermFileError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
