"""What is checked: a text beside its source, and what is known of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from translations.masks import Keep, mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from translations.shapes import Kind
    from translations.terms import TermBase

Role = Literal["title", "description", "text", "word"]
Register = Literal["", "tu", "usted", "vos", "voce"]


@dataclass(frozen=True, slots=True)
class Limit:
    """The most of a text that a channel takes, in its own unit: Unicode characters, bytes of UTF-8, or UTF-16 units."""

    channel: str
    most: int
    unit: Literal["characters", "bytes", "utf16"] = "characters"


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a text: its locales, the part it plays, what is kept, what a channel asks.

    ``keep``       brands, models and article numbers, letter by letter.
    ``limits``     of the channels it goes to; ``banned``: the words that each does not take.
    ``currency``   of the offer, ISO 4217. ``tags``: HTML elements that are let through, ``None`` where any are.
    ``register``   how buyers are addressed there. ``sized``: goods that are sold by size, such as shoes and clothing.
    ``names``      what words of a list are called in the target, by the word, from a table.
    """

    source: str
    target: str
    role: Role = "text"
    keep: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    banned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    currency: str = ""
    tags: frozenset[str] | None = None
    register: Register = ""
    sized: bool = False
    size_system: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    terms: TermBase | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text that is no words: its kind and where it stands."""

    kind: Kind
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Case:
    """A text beside its source; what several checks ask of them is found once."""

    source: str
    target: str
    context: Context

    @cached_property
    def source_marks(self) -> tuple[Stretch, ...]:
        """What stands in the source and is no words."""
        return tuple(_stretches(self.source, self.context.keep))

    @cached_property
    def target_marks(self) -> tuple[Stretch, ...]:
        """What stands in the target and is no words."""
        return tuple(_stretches(self.target, self.context.keep))

    @cached_property
    def words(self) -> str:
        """The target with blanks where it is no words, so that places stay what they are."""
        return blanked(self.target, self.target_marks)

    @cached_property
    def source_words(self) -> str:
        """The source with blanks where it is no words."""
        return blanked(self.source, self.source_marks)

    @property
    def language(self) -> str:
        """The language of the target."""
        return self.context.target.partition("-")[0]

    @property
    def source_language(self) -> str:
        """The language of the source."""
        return self.context.source.partition("-")[0]

    @property
    def translates(self) -> bool:
        """Whether the two are in different languages, not in two dialects of one."""
        return self.language != self.source_language


def blanked(text: str, stretches: tuple[Stretch, ...]) -> str:
    """Return a text with blanks for what is no words."""
    parts, done = [], 0
    for one in stretches:
        parts += [text[done : one.start], " " * (one.end - one.start)]
        done = one.end
    return "".join([*parts, text[done:]])


def _stretches(text: str, keep: tuple[str, ...]) -> Iterator[Stretch]:
    place = 0
    for piece in mark(text, [Keep(one) for one in keep if one]).pieces:
        if isinstance(piece, str):
            place += len(piece)
            continue
        yield Stretch(piece.kind, piece.source, place, place + len(piece.source))
        place += len(piece.source)
