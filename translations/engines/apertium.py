"""Apertium, the program: free, offline, between Spanish and English and between Spanish and Portuguese.

Texts go through its HTML format, each in a paragraph of its own with blank lines between: a paragraph ends a sentence
for it, which a blank line alone does not in that format (run, 3.8.3: *Talla M* after a line without a full stop is read
on as one sentence). There is no pair of English and Portuguese, so those go through Spanish, in two steps.

Its signs in an answer: ``*`` before a word that it does not know, ``@`` before one without a translation, ``#`` before
one that it cannot inflect. They are taken off what is shown, and the words kept. Since the same signs in a text of ours
could not be told apart, and ``~`` is swallowed, they are marked before (``signs``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from translations.engines.port import (
    Answer,
    Band,
    Command,
    EngineError,
    Hop,
    Limits,
    Question,
    Reply,
    Translated,
    coded,
    language,
)
from translations.masks import APERTIUM, Idiom

_PARAGRAPH: Final = re.compile(r"<p>(.*?)</p>", re.DOTALL)
# What it was told to leave alone stays as it is; outside of it a sign before a letter is the engine's.
_LEFT_ALONE: Final = re.compile(r"(<apertium-notrans>.*?</apertium-notrans>)", re.DOTALL)
_SIGN: Final = re.compile(r"[*@#]([^\W_][\w'’-]*)?")
_FIRST: Final = re.compile(
    r"(?:\*(?P<word>[^\W\d_][\w'’-]*)|(?P<kept><apertium-notrans>[^<]*</apertium-notrans>)) +"
    r"(?=[A-ZÁÉÍÓÚÂÊÔÃÕÀÇÑ][a-záéíóúâêôãõàçñ]*\b)"
)
_SPACES: Final = re.compile(r"\s+")
SIGNS: Final = ("*", "@", "#", "~")
_MODES: Final = {
    Hop("spa", "eng_US"): "spa-eng_US",
    Hop("eng", "spa"): "eng-spa",
    Hop("spa", "por_BR"): "es-pt_BR",
    Hop("por", "spa"): "pt-es",
    Hop("spa", "eng"): "spa-eng",
    Hop("spa", "por"): "es-pt",
}
EVERY_HOP: Final = frozenset(_MODES)
# From the chrF of its drafts (fact of 2026-11: 69 and 76 between Spanish and Portuguese, 48 to 53 with English, whose
# titles cannot be published): no share of known words makes them better than this.
_CEILINGS: Final[dict[frozenset[str], Band]] = {frozenset({"es", "pt"}): "medium"}


def hops_of(modes: str) -> frozenset[Hop]:
    r"""Return the steps that are installed, from what ``apertium -l`` prints.

    >>> sorted(hop.target for hop in hops_of("  eng-spa\n  spa-eng_US\n  es-pt\n"))
    ['eng_US', 'por', 'spa']
    """
    there = set(modes.split())
    return frozenset(hop for hop, mode in _MODES.items() if mode in there)


def find_route(hops: frozenset[Hop], source: str, target: str) -> tuple[Hop, ...]:
    """Return one step, or two through Spanish, as far as they are there; nothing within one language."""
    one, other = coded(source, "apertium_source"), coded(target, "apertium")
    if one is None or other is None or language(source) == language(target):
        return ()
    whole = Hop(one, other)
    route = (whole,) if whole in hops else (Hop(one, "spa"), Hop("spa", other))
    return route if set(route) <= hops else ()


def find_ceiling(source: str, target: str) -> Band:
    """Return the most that may be said of a draft."""
    return _CEILINGS.get(frozenset({language(source), language(target)}), "low")


def write(texts: tuple[str, ...]) -> str:
    """Return the texts as one document; a zero byte is a space, since the program stops at it or joins what it parts.

    Which of the two hangs on the tools of the system that it is made of.
    """
    return "\n\n".join(f"<p>{text}</p>" for text in texts).replace("\0", " ")


def read(engine: str, question: Question, document: str) -> tuple[Translated, ...]:
    """Return the texts of a document, without the engine's signs; another count of them is refused."""
    found = _PARAGRAPH.findall(document)
    if len(found) != len(question.texts):
        raise EngineError(engine, "count", f"{len(question.texts)} texts were sent, {len(found)} came back")
    if _PARAGRAPH.sub("", document).strip():
        raise EngineError(engine, "garbage", "there is something between the texts of the answer")
    return tuple(_clean(_settled(source, text)) for source, text in zip(question.texts, found, strict=True))


def _settled(source: str, text: str) -> str:
    """Return an answer without the capital that it gives the word behind a first one that it does not know.

    *Aretes de plata* comes as ``*Aretes Of silver``: the first word hands its capital on and keeps it as well.
    """
    first = _FIRST.match(text)
    begins = (first["word"] or first["kept"]) if first else ""
    if first is None or not source.startswith(begins) or not source[len(begins) :].lstrip()[:1].islower():
        return text
    return text[: first.end()] + text[first.end()].lower() + text[first.end() + 1 :]


def _clean(text: str) -> Translated:
    unknown: list[str] = []
    parts = _LEFT_ALONE.split(text)
    for index in range(0, len(parts), 2):
        unknown += [found[1] for found in _SIGN.finditer(parts[index]) if found[1]]
        # It doubles spaces, which is no wording; those inside what it left alone are not its own.
        parts[index] = _SPACES.sub(" ", _SIGN.sub(lambda found: found[1] or "", parts[index]))
    return Translated("".join(parts).strip(), tuple(unknown))


# It has no limit of its own: so much is translated in about a second, and a call that hangs costs no more.
_LIMITS: Final = Limits(texts=400, body_bytes=100_000)


@dataclass(frozen=True, slots=True)
class Apertium:
    """The program ``apertium``, with the steps that are installed."""

    hops: frozenset[Hop] = EVERY_HOP
    version: str = "?"
    program: str = "apertium"
    name: str = "apertium"
    idiom: Idiom = APERTIUM
    limits: Limits = _LIMITS
    signs: tuple[str, ...] = SIGNS

    def route(self, source: str, target: str) -> tuple[Hop, ...]:
        """Return one step or two."""
        return find_route(self.hops, source, target)

    def ceiling(self, source: str, target: str) -> Band:
        """Return the most that may be said of a draft."""
        return find_ceiling(source, target)

    def request(self, question: Question) -> Command:
        """Return the call of the program for one step."""
        return Command((self.program, "-f", "html", _MODES[question.hop]), write(question.texts).encode())

    def read(self, question: Question, reply: Reply) -> Answer:
        """Return the texts of its output."""
        if reply.status != 200:  # noqa: PLR2004  # what the port says of a program that ended well
            raise EngineError(self.name, "unavailable", "the program failed")
        try:
            document = reply.body.decode()
        except UnicodeDecodeError:
            raise EngineError(self.name, "garbage", "the answer is not UTF-8") from None
        return Answer(read(self.name, question, document))
