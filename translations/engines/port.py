"""The port of engines: what one is asked, what it answers, how it fails, and how many texts go into one call.

An engine builds requests and reads replies, both without I/O; a transport given by the application carries them. What
an engine hands over has been checked: one answer for each text, in order. Marks stand in the texts in the engine's own
idiom, and whether they came back is looked at by who put them there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, Protocol

from translations import locales

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from translations.masks import Idiom

Formality = Literal["formal", "informal"]
Band = Literal["low", "medium", "high"]
BANDS: Final[tuple[Band, ...]] = ("low", "medium", "high")
Reason = Literal[
    "unavailable",  # not reached, too slow, or it says that it cannot now: later may be better
    "busy",  # it asks to be asked less often
    "quota",  # what was paid for is used up
    "budget",  # what the shop allows for it is used up
    "refused",  # it does not take our key, or not this request
    "garbage",  # it answered something else than its own description says
    "count",  # it answered more or fewer texts than it was asked
    "marks",  # it broke what it was told to leave alone
    "too_long",  # one sentence is more than it takes in a call
    "characters",  # control characters, which no engine takes
    "pair",  # it does not translate from the one language into the other
    "none",  # there is no engine to ask
]
# A text is not lost by asking again, so what passes by itself is asked again.
PASSING: Final[frozenset[Reason]] = frozenset({"unavailable", "busy"})


class EngineError(Exception):
    """An engine that gave nothing to use: ``engine`` its name, ``reason`` why, ``detail`` in its own words."""

    def __init__(self, engine: str, reason: Reason, detail: str = "") -> None:
        self.engine = engine
        self.reason: Reason = reason
        self.detail = detail
        super().__init__(f"{engine}: {reason}{': ' if detail else ''}{detail}")


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A POST that is safe to repeat. Body and headers hold texts and keys: neither is shown in an error."""

    url: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run, with what it reads."""

    arguments: tuple[str, ...]
    stdin: bytes = field(repr=False)


Request = HttpRequest | Command


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the status of HTTP, or 200 for a program that ended well and 500 for one that did not."""

    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hop:
    """One step from language to language, in the engine's own codes."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Question:
    """Texts for one call, in the engine's idiom; ``context`` is text around them that is not translated itself."""

    texts: tuple[str, ...]
    hop: Hop
    formality: Formality | None = None
    context: str = ""


@dataclass(frozen=True, slots=True)
class Translated:
    """One text of an answer, in the idiom; ``unknown`` words as far as the engine names them, else ``None``."""

    text: str
    unknown: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer for each text; ``billed`` characters where the engine says how many."""

    texts: tuple[Translated, ...]
    billed: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may hold; ``None``: nothing is said."""

    texts: int
    body_bytes: int | None = None
    text_bytes: int | None = None
    characters: int | None = None


class Engine(Protocol):
    """Something that translates."""

    @property
    def name(self) -> str:
        """A short name for settings and drafts."""
        ...

    @property
    def version(self) -> str:
        """What translates, as exactly as it can be told: a draft is cached under it."""
        ...

    @property
    def idiom(self) -> Idiom:
        """How it is told to keep its hands off."""
        ...

    @property
    def limits(self) -> Limits:
        """What one call may hold."""
        ...

    @property
    def signs(self) -> tuple[str, ...]:
        """Signs that it takes for its own and would swallow: they are marked as well."""
        ...

    def route(self, source: str, target: str) -> tuple[Hop, ...]:
        """Return the steps between two languages (BCP 47); empty where it does not translate between them."""
        ...

    def ceiling(self, source: str, target: str) -> Band | None:
        """Return the most that may be said of its drafts, where its answers say how sure it is; else ``None``."""
        ...

    def request(self, question: Question) -> Request:
        """Return what to send."""
        ...

    def read(self, question: Question, reply: Reply) -> Answer:
        """Return the answer; ``EngineError`` says what is wrong with it."""
        ...


class Transport(Protocol):
    """What carries a request out and its reply back."""

    def send(self, engine: Engine, question: Question) -> Answer:
        """Return what the engine read in the reply, after tries as many as are worth it; ``EngineError``."""
        ...


def batches(texts: Sequence[str], limits: Limits, size: Callable[[str], int]) -> Iterator[tuple[int, int]]:
    """Yield from where to where the texts go into one call each; ``size`` is what one takes in the body, in bytes.

    A text that is too long for any call is in none of them.

    >>> list(batches(["aa", "b" * 9, "c", "d"], Limits(texts=2, text_bytes=5), len))
    [(0, 1), (2, 4)]
    """
    start, held, counted = 0, 0, 0
    for index, text in enumerate(texts):
        weight, length = size(text), len(text)
        if too_long(text, limits, weight):
            if index > start:
                yield start, index
            start, held, counted = index + 1, 0, 0
            continue
        full = (
            index - start >= limits.texts
            or (limits.body_bytes is not None and held + weight > limits.body_bytes)
            or (limits.characters is not None and counted + length > limits.characters)
        )
        if full:
            yield start, index
            start, held, counted = index, 0, 0
        held += weight
        counted += length
    if start < len(texts):
        yield start, len(texts)


def too_long(text: str, limits: Limits, weight: int) -> bool:
    """Return whether a text alone is more than a call may hold."""
    return (
        (limits.text_bytes is not None and len(text.encode()) > limits.text_bytes)
        or (limits.body_bytes is not None and weight > limits.body_bytes)
        or (limits.characters is not None and len(text) > limits.characters)
    )


def coded(tag: str, system: str) -> str | None:
    """Return what an engine calls a locale, by our table; ``None`` where it has no word for it or we do not know it.

    >>> coded("es-AR", "deepl"), coded("fr", "deepl")
    ('ES-419', None)
    """
    try:
        return locales.of(tag).code(system)
    except locales.LocaleError:
        return None


def straight(source: str, target: str, system: str, sources: str = "") -> tuple[Hop, ...]:
    """Return the one step of an engine that has every pair of its languages; nothing within one language.

    ``sources`` is where the table has its names for sources, if those are others.
    """
    one, other = coded(source, sources or system), coded(target, system)
    return () if one is None or other is None or language(source) == language(target) else (Hop(one, other),)


def language(tag: str) -> str:
    """Return the language of a tag.

    >>> language("es-419")
    'es'
    """
    return tag.partition("-")[0].lower()
