r"""What an engine must not touch, taken out of a text and put back exactly, or the answer is refused.

Placeholders, HTML, addresses, emoji, quantities, numbers, sizes and article numbers are found by their shape; brands,
own article numbers and terms are given. Each becomes a mark. How a mark is sent is the idiom of the engine; whatever
the engine does to it, ``restore`` gives back every mark once and letter by letter, or raises ``BrokenMarksError`` that
names the ones that are lost, doubled, invented or out of place.

>>> marked = mark("Playera {size} de Casa Ola, 12,5 cm", keep=(Keep("Casa Ola"),))
>>> [(m.kind, m.source) for m in marked.marks]
[('placeholder', '{size}'), ('brand', 'Casa Ola'), ('unit', '12,5 cm')]
>>> print(marked.render(OPAQUE))
Playera ⟦1⟧ de ⟦2⟧, ⟦3⟧
>>> marked.restore("⟦2⟧ T-shirt ⟦ 1 ⟧, ⟦3⟧", OPAQUE)
'Casa Ola T-shirt {size}, 12,5 cm'
>>> marked.restore("T-shirt ⟦1⟧, ⟦3⟧ ⟦3⟧", OPAQUE)
Traceback (most recent call last):
    ...
translations.masks.BrokenMarksError: lost: 'Casa Ola'; doubled: '12,5 cm'
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from translations.idioms import APERTIUM, DEEPL, GOOGLE, OPAQUE, Idiom
from translations.shapes import bound_before, firm, soft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from translations.shapes import Bound, Kind

    _Span = tuple[int, int, Kind, str | None]

__all__ = ["APERTIUM", "DEEPL", "GOOGLE", "OPAQUE", "BrokenMarksError", "Idiom", "Keep", "Mark", "Marked", "mark"]

_TAG: Final = re.compile(r"<(/?)\s*([A-Za-z0-9:-]+)[^>]*?(/?)>", re.DOTALL)
_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)


@dataclass(frozen=True, slots=True)
class Keep:
    """A text that the caller wants kept: a brand, an article number, a term with its translation.

    Without ``start`` it is kept wherever it stands as a whole word, in these very letters; with ``start`` only there.
    """

    source: str
    kind: Kind = "brand"
    shown: str | None = None
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """One protected stretch: ``source`` as it stood, ``shown`` as it shall stand in the target; ``id`` from 1.

    ``bound`` tells a quantity that is a limit by the words before it: ``most`` as in "hasta 5 kg", or ``least``.
    """

    id: int
    kind: Kind
    source: str
    shown: str
    bound: Bound | None = None


class BrokenMarksError(ValueError):
    """An answer in which a mark is missing, doubled, unknown or where it breaks the markup."""

    def __init__(
        self,
        lost: Sequence[Mark] = (),
        doubled: Sequence[Mark] = (),
        invented: Sequence[str] = (),
        misplaced: Sequence[Mark] = (),
    ) -> None:
        self.lost, self.doubled, self.misplaced = tuple(lost), tuple(doubled), tuple(misplaced)
        self.invented = tuple(invented)
        named = {
            "lost": [each.source for each in lost],
            "doubled": [each.source for each in doubled],
            "invented": list(invented),
            "out of place": [each.source for each in misplaced],
        }
        super().__init__("; ".join(f"{what}: {', '.join(map(repr, which))}" for what, which in named.items() if which))


@dataclass(frozen=True, slots=True)
class Marked:
    """A text in pieces: plain words for the engine, and marks between them."""

    pieces: tuple[str | Mark, ...]

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks in the order of the source."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Mark))

    @property
    def source(self) -> str:
        """The text that was marked, unchanged."""
        return "".join(piece.source if isinstance(piece, Mark) else piece for piece in self.pieces)

    @property
    def words(self) -> str:
        """What is left for an engine to translate, with a space for each mark."""
        return "".join(" " if isinstance(piece, Mark) else piece for piece in self.pieces)

    def showing(self, shown: Callable[[Mark], str]) -> Marked:
        """Return the same with what ``shown`` answers for each mark: a number written for the target, say."""
        return Marked(
            tuple(replace(piece, shown=shown(piece)) if isinstance(piece, Mark) else piece for piece in self.pieces)
        )

    def render(self, idiom: Idiom) -> str:
        """Return what is sent to the engine."""
        return "".join(
            idiom.mark(piece.id, piece.shown) if isinstance(piece, Mark) else idiom.words(piece)
            for piece in self.pieces
        )

    def restore(self, answer: str, idiom: Idiom) -> str:
        """Return the engine's answer with every mark as it shall stand.

        Raises BrokenMarksError unless each mark is there exactly once, nothing looks like a mark without being one, and
        the tags still open and close as they did.
        """
        ours = {each.id: each for each in self.marks}
        waiting = dict(ours)
        came: list[Mark] = []
        doubled: list[Mark] = []
        invented: list[str] = []
        strangers: Counter[str] = Counter()
        out: list[str] = []
        for words, number, raw in idiom.read(answer, {each.id: each.shown for each in ours.values()}):
            out.append(words)
            strangers.update(_like_marks(words))
            if raw is None:
                continue
            if number is None:
                invented.append(raw)
            elif number in waiting:
                came.append(waiting.pop(number))
                out.append(came[-1].shown)
            else:
                doubled.append(ours[number])
        # What only resembles a mark, such as the sign in "50 %s", may come back as often as it was sent.
        for piece in self.pieces:
            if isinstance(piece, str):
                strangers.subtract(_like_marks(piece))
        invented += (+strangers).elements()
        if waiting or doubled or invented:
            raise BrokenMarksError(tuple(waiting.values()), doubled, invented)
        misplaced = _misplaced(self.marks, came)
        if misplaced:
            raise BrokenMarksError(misplaced=misplaced)
        return "".join(out)


def mark(text: str, keep: Iterable[Keep] = ()) -> Marked:
    """Return the text with everything marked that no engine shall touch; time grows with its length.

    Where two overlap, tags, addresses and placeholders come first, then what is given, then numbers by their shape.
    """
    given = tuple(keep)
    taken = _apart((start, end, kind, None) for start, end, kind in firm(text))
    taken = _between(taken, len(text), partial(_kept, text, given, _at(text, given)))
    taken = _between(taken, len(text), lambda start, end: ((*span, None) for span in soft(text, start, end)))
    pieces: list[str | Mark] = []
    done = 0
    for number, (start, end, kind, shown) in enumerate(taken, 1):
        if start > done:
            pieces.append(text[done:start])
        source = text[start:end]
        bound = bound_before(text, start) if kind == "unit" else None
        pieces.append(Mark(number, kind, source, source if shown is None else shown, bound))
        done = end
    if done < len(text):
        pieces.append(text[done:])
    return Marked(tuple(pieces))


def _apart(spans: Iterable[_Span]) -> list[_Span]:
    """Return the spans in order; where some overlap the first wins, and of those that start together the longest."""
    kept: list[_Span] = []
    for span in sorted(spans, key=lambda one: (one[0], -one[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _between(taken: Sequence[_Span], length: int, find: Callable[[int, int], Iterable[_Span]]) -> list[_Span]:
    """Return the spans with those that ``find`` finds between them."""
    result: list[_Span] = []
    done = 0
    for span in taken:
        if span[0] > done:
            result += find(done, span[0])
        result.append(span)
        done = span[1]
    return [*result, *find(done, length)]


def _at(text: str, given: Sequence[Keep]) -> list[_Span]:
    """Return the spans of those given with their place; ValueError when the text says something else there."""
    spans: list[_Span] = []
    for one in given:
        if one.start is not None:
            if not one.source or not text.startswith(one.source, one.start):
                raise ValueError(f"{one.source!r} does not stand at {one.start}")
            spans.append((one.start, one.start + len(one.source), one.kind, one.shown))
    return _apart(spans)


def _kept(text: str, given: Sequence[Keep], placed: Sequence[_Span], start: int, end: int) -> list[_Span]:
    first = bisect_left(placed, start, key=itemgetter(0))
    last = bisect_left(placed, end, key=itemgetter(0))
    here = [span for span in placed[first:last] if span[1] <= end]
    named = {form: one for one in reversed(given) if one.start is None and one.source for form in _forms(one)}
    if not named:
        return here
    pattern = _pattern(tuple(sorted(named, key=len, reverse=True)))
    found = ((*hit.span(), named[hit[0]].kind, named[hit[0]].shown) for hit in pattern.finditer(text, start, end))
    return _apart([*here, *found])


def _forms(one: Keep) -> tuple[str, ...]:
    """Return how it may be written: a name also in capitals altogether."""
    return (one.source,) if one.shown is not None else (one.source, one.source.upper())


@lru_cache(maxsize=256)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(_whole, forms)))


def _whole(source: str) -> str:
    left = r"(?<!\w)" if source[0].isalnum() else ""
    right = r"(?!\w)" if source[-1].isalnum() else ""
    return left + re.escape(source) + right


def _like_marks(words: str) -> list[str]:
    return [words[start:end] for start, end, kind in firm(words) if kind in {"placeholder", "html"}]


def _misplaced(before: Sequence[Mark], after: Sequence[Mark]) -> list[Mark]:
    """Return the tags that no longer stand inside the same tag; when they never closed, those out of order."""
    tags = [each for each in before if each.kind == "html"]
    came = [each for each in after if each.kind == "html"]
    if [each.source for each in tags] == [each.source for each in came]:
        return []
    was, now = _nested(tags), _nested(came)
    if was is None or now is None:
        return [new for old, new in zip(tags, came, strict=True) if old.source != new.source]
    extra = Counter(now) - Counter(was)
    return [each for each, place in zip(came, now, strict=True) if place in extra]


def _nested(tags: Sequence[Mark]) -> list[tuple[str, str]] | None:
    """Return each tag with the one it stands in, or None when they do not open and close in pairs."""
    opened: list[tuple[str, str]] = [("", "")]
    places: list[tuple[str, str]] = []
    for each in tags:
        found = _TAG.match(each.source)
        if found is None:  # an entity or a comment
            places.append((opened[-1][1], each.source))
            continue
        closing, name, closed = found[1], found[2].lower(), found[3]
        if closing:
            if opened[-1][0] != name:
                return None
            opened.pop()
        places.append((opened[-1][1], each.source))
        if not closing and not closed and name not in _VOID:
            opened.append((name, each.source))
    return places if len(opened) == 1 else None
