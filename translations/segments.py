r"""A text field cut into what is translated one at a time, and what stands between: joined they are the text again.

Lines, bullets, blocks of HTML and sentences are borders. What stands between two segments (spaces, line ends, bullets,
block tags, rows of signs) is a segment without words. Abbreviations, decimals and an ellipsis inside a sentence are no
borders; where it is not certain that a sentence ends it goes on, since too long a segment is still right.

>>> [each.text for each in split("Hecho a mano por la Sra. López. ¿Te gusta?\n- 12,5 cm de largo") if each.words]
['Hecho a mano por la Sra. López.', '¿Te gusta?', '12,5 cm de largo']
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LINE_END: Final = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029]+")
_BULLET: Final = re.compile(r"[ \t\u00a0]*(?:[-–—*+•·▪◦‣✓✔★☆►➤»]++(?=\s)|\d{1,3}[.)](?=\s)|[a-zA-Z]\)(?=\s))\s*")
_BLOCKS: Final = (
    "address|article|aside|blockquote|body|br|caption|center|dd|details|div|dl|dt|figcaption|figure|footer|form|h[1-6]"
    "|head|header|hr|html|li|main|nav|ol|option|p|pre|section|summary|table|tbody|td|tfoot|th|thead|title|tr|ul"
)
_BLOCK: Final = re.compile(rf"</?(?:{_BLOCKS})(?![\w:-])(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+>", re.IGNORECASE)
_RAW: Final = re.compile(r"<(script|style)\b", re.IGNORECASE)
# Signs that end a sentence where spaces part words, with what closes behind them; and those of scripts without spaces.
_STOP: Final = re.compile(
    r"(?<![.!?\u2026\u061f\u06d4\u0964])[.!?\u2026\u061f\u06d4\u0964]++[\"'\u201d\u2019»)\]]*+(?=\s)|[\u3002\uff01\uff1f]++[\u300d\u300f\u201d\uff09]*+"
)
_WIDE: Final = "\u3002\uff01\uff1f"
_OPENS: Final = re.compile(r"[\"'“‘«(\[¿¡]*+")
_TOKEN: Final = re.compile(r"[\w.ªº°]{1,12}$")
_SPACES: Final = re.compile(r"\s+")
_TABLE: Final = Path(__file__).parent / "data" / "abbreviations.yaml"


class CountError(ValueError):
    """Not one text for each segment."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the text; ``words`` says whether there is something in it to translate."""

    text: str
    words: bool


def split(text: str, *, markup: bool = False) -> tuple[Segment, ...]:
    """Return the segments of a text; ``markup`` when it is HTML, whose block tags are borders then.

    Nothing is lost: the texts of the segments joined are the text.
    """
    return tuple(
        _merged(piece for block in (_blocks(text) if markup else (Segment(text, words=True),)) for piece in _cut(block))
    )


def join(segments: Sequence[Segment], texts: Sequence[str] | None = None) -> str:
    """Return the text, with ``texts`` in place of the segments that have words.

    Raises CountError unless there is exactly one for each.
    """
    if texts is None:
        return "".join(each.text for each in segments)
    wanted = sum(each.words for each in segments)
    if len(texts) != wanted:
        raise CountError(f"{wanted} segments have words, {len(texts)} texts came")
    coming = iter(texts)
    return "".join(next(coming) if each.words else each.text for each in segments)


def _blocks(text: str) -> Iterator[Segment]:
    done = 0
    for start, end in _borders(text):
        yield Segment(text[done:start], words=True)
        yield Segment(text[start:end], words=False)
        done = end
    yield Segment(text[done:], words=True)


def _borders(text: str) -> Iterator[tuple[int, int]]:
    """Find block tags, comments, scripts and styles, in order."""
    ends: dict[str, bool] = {}
    place = text.find("<")
    while place >= 0:
        end = place + 1
        if text.startswith("<!--", place):
            close = _find(text, "-->", place + 4, ends)
            if close >= 0:
                end = close + len("-->")
                yield place, end
        elif (raw := _RAW.match(text, place)) is not None:
            close = _find(text, f"</{raw[1].lower()}", place, ends)
            stop = text.find(">", close) if close >= 0 else -1
            if stop >= 0:
                end = stop + 1
                yield place, end
        elif (found := _BLOCK.match(text, place)) is not None:
            end = found.end()
            yield place, end
        place = text.find("<", end)


def _find(text: str, what: str, start: int, ends: dict[str, bool]) -> int:
    """Find an end from here on; once there is none it is not looked for again, so that time stays in proportion."""
    if not ends.get(what, True):
        return -1
    found = re.compile(re.escape(what), re.IGNORECASE).search(text, start)
    ends[what] = found is not None
    return found.start() if found else -1


def _cut(block: Segment) -> Iterator[Segment]:
    if not block.words:
        yield block
        return
    done = 0
    for found in _LINE_END.finditer(block.text):
        yield from _line(block.text[done : found.start()])
        yield Segment(found[0], words=False)
        done = found.end()
    yield from _line(block.text[done:])


def _line(line: str) -> Iterator[Segment]:
    bullet = _BULLET.match(line)
    start = bullet.end() if bullet and bullet.end() < len(line) else 0
    if start:
        yield Segment(line[:start], words=False)
    done = start
    for found in _STOP.finditer(line, start):
        if _ends(line, start, found.start(), found.end()):
            yield from _trimmed(line[done : found.end()])
            done = found.end()
    yield from _trimmed(line[done:])


def _ends(line: str, start: int, stop: int, end: int) -> bool:
    """Whether the signs between ``stop`` and ``end`` end a sentence: something follows that can begin one."""
    if line[stop] in _WIDE:
        return True
    spaces = _SPACES.match(line, end)
    follows = spaces.end() if spaces else end
    opens = _OPENS.match(line, follows)
    at = opens.end() if opens else follows
    first = line[at : at + 1]
    if not first or first.islower():
        return False
    if line[stop] != "." or line[stop + 1] == ".":
        return True
    token = _TOKEN.search(line, max(start, stop - 12), stop)
    return not _shortened(token[0].lstrip(".") if token else "", before_figure=first.isdigit())


def _shortened(token: str, *, before_figure: bool) -> bool:
    """Whether the point after a token only shortens it."""
    always, before_figures = _abbreviations()
    small = token.lower()
    if small in before_figures:
        return before_figure
    # One small letter is a unit, "12 g.", one capital an initial.
    return small in always or (len(token) == 1 and token.isupper()) or _initials(token)


@lru_cache
def _abbreviations() -> tuple[frozenset[str], frozenset[str]]:
    table = {
        name: frozenset(words.split()) for name, words in yaml.safe_load(_TABLE.read_text(encoding="utf-8")).items()
    }
    before_figures = table.pop("before_figures")
    return frozenset().union(*table.values()) - before_figures, before_figures


def _initials(token: str) -> bool:
    """Whether a token is letters with a point between each, such as ``EE.UU`` or ``S.A.S``."""
    parts = token.split(".")
    return len(parts) > 1 and all(0 < len(part) <= 2 and part.isalpha() for part in parts)  # noqa: PLR2004  # as in EE.UU.


def _trimmed(text: str) -> Iterator[Segment]:
    inner = text.strip()
    if not any(sign.isalnum() for sign in inner):
        yield Segment(text, words=False)
        return
    start = text.index(inner[0])
    yield Segment(text[:start], words=False)
    yield Segment(inner, words=True)
    yield Segment(text[start + len(inner) :], words=False)


def _merged(pieces: Iterator[Segment]) -> Iterator[Segment]:
    """Join neighbours without words, and leave out what is empty."""
    gap: list[str] = []
    for piece in pieces:
        if piece.words and piece.text:
            if gap:
                yield Segment("".join(gap), words=False)
                gap = []
            yield piece
        elif piece.text:
            gap.append(piece.text)
    if gap:
        yield Segment("".join(gap), words=False)
