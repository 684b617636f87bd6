r"""How each engine is told to keep its hands off, and how its answer is read.

An idiom writes a mark, writes the words between marks, and reads an answer back into words and marks. Apertium honours
``apertium-notrans`` in its HTML format and no attribute (run, 3.8.3); DeepL leaves the elements that ``ignore_tags``
names alone under ``tag_handling=xml``; Google and its likes respect ``translate="no"`` in HTML. For others a mark is a
number between brackets that no language uses, without a letter that could be translated.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from translations.shapes import ENTITY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TAG: Final = re.compile(r"</?[A-Za-z!?][^<>]*+>")
_TOKEN: Final = re.compile(r"⟦\s*(\d{1,6})\s*⟧")
_ID: Final = re.compile(r"""\bid\s*=\s*["']?\s*(\d{1,6})\s*["']?""", re.IGNORECASE)


class Part(NamedTuple):
    """Words of an answer and the mark after them.

    ``number`` is its number and ``raw`` what stood there. Without a number it is none of ours, without ``raw`` there is
    none.
    """

    words: str
    number: int | None = None
    raw: str | None = None


class Idiom(Protocol):
    """How an engine is told what to leave alone."""

    @property
    def markup(self) -> bool:
        """Whether what is sent is HTML or XML, so that the engine must be told so."""
        ...

    def mark(self, number: int, shown: str) -> str:
        """Return the mark as it is sent."""
        ...

    def words(self, text: str) -> str:
        """Return the words between marks as they are sent."""
        ...

    def read(self, answer: str, shown: Mapping[int, str]) -> Iterator[Part]:
        """Read an answer; ``shown`` is what stands in each mark. What is wrong comes as a part without a number."""
        ...


@dataclass(frozen=True, slots=True)
class Elements:
    """Marks as elements of HTML or XML with their content inside: ``<x id="1">{size}</x>``.

    An answer counts by its content, letter by letter but for spaces; by its number too where the engine keeps numbers.
    """

    name: str
    attributes: str = ""
    numbered: bool = False
    markup: bool = True

    def mark(self, number: int, shown: str) -> str:
        """Return the element around what the mark shows."""
        numbers = f' id="{number}"' if self.numbered else ""
        return f"<{self.name}{self.attributes}{numbers}>{html.escape(shown, quote=False)}</{self.name}>"

    def words(self, text: str) -> str:
        """Return the words with the three signs of markup escaped."""
        return html.escape(text, quote=False)

    def read(self, answer: str, shown: Mapping[int, str]) -> Iterator[Part]:
        """Read the elements; any other tag in the answer is none of ours, since we sent none."""
        waiting = defaultdict[str, list[int]](list)
        for number in sorted(shown, reverse=True):
            waiting[_bare(shown[number])].append(number)
        element = re.compile(rf"<{self.name}\b([^<>]*?)(?:/\s*>|>([^<]*+)</\s*{self.name}\s*>)", re.IGNORECASE)
        done = 0
        for found in element.finditer(answer):
            yield from self._strangers(answer[done : found.start()])
            content = None if found[2] is None else _bare(html.unescape(found[2]))
            yield Part("", self._number(found[1], content, waiting, shown), found[0])
            done = found.end()
        yield from self._strangers(answer[done:])

    def _number(
        self, attributes: str, content: str | None, waiting: Mapping[str, list[int]], shown: Mapping[int, str]
    ) -> int | None:
        if self.numbered:
            named = _ID.search(attributes)
            number = int(named[1]) if named else 0
            if number not in shown or (content is not None and content.casefold() != _bare(shown[number]).casefold()):
                return None
            return number
        # Marks that show the same are the same; the last one stays, and is doubled if it comes again.
        same = waiting.get(content or "")
        if not same:
            return None
        return same.pop() if len(same) > 1 else same[0]

    def _strangers(self, words: str) -> Iterator[Part]:
        done = 0
        for found in _TAG.finditer(words):
            yield Part(html.unescape(words[done : found.start()]), raw=found[0])
            done = found.end()
        yield Part(html.unescape(words[done:]))


@dataclass(frozen=True, slots=True)
class Tokens:
    """Marks as bare numbers in brackets, ``⟦1⟧``, for engines that know only text."""

    markup: bool = False

    def mark(self, number: int, shown: str) -> str:  # noqa: ARG002  # an opaque mark hides what it shows
        """Return the number between its brackets."""
        return f"⟦{number}⟧"

    def words(self, text: str) -> str:
        """Return the words as they are."""
        return text

    def read(self, answer: str, shown: Mapping[int, str]) -> Iterator[Part]:
        """Read the tokens, also with spaces inside; what an engine escaped is put right, since no entity was sent."""
        done = 0
        for found in _TOKEN.finditer(answer):
            number = int(found[1])
            yield Part(_decoded(answer[done : found.start()]), number if number in shown else None, found[0])
            done = found.end()
        yield Part(_decoded(answer[done:]))


def _decoded(words: str) -> str:
    return ENTITY.sub(lambda found: html.unescape(found[0]), words)


def _bare(text: str) -> str:
    return " ".join(text.split())


APERTIUM: Final = Elements("apertium-notrans")
DEEPL: Final = Elements("x", numbered=True)
GOOGLE: Final = Elements("span", ' translate="no"')
OPAQUE: Final = Tokens()
