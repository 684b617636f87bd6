"""Search over the descriptions of a schedule: words compared without accents, capitals and plural endings."""

from __future__ import annotations

import math
import re
import unicodedata
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from landed_cost.schedules.table import Table

_WORD: Final = re.compile(r"[^\W_]+")
_SHORTEST: Final = 2
_STEM: Final = 4
# A word in the path of a line says more of it than one in a statistical row below.
_BELOW: Final = 0.5
_BEHIND_ALL: Final = "\U0010ffff"


def folded(text: str) -> str:
    """Return the text in small letters without accents.

    >>> folded("Café molido")
    'cafe molido'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def stems(text: str) -> list[str]:
    """Return the distinct words of a query, cut to what singular and plural share.

    >>> stems("Leather bags for a lady")
    ['leather', 'bag', 'for', 'lady']
    """
    found = [word for word in _WORD.findall(folded(text)) if len(word) >= _SHORTEST]
    return list(dict.fromkeys(word[:-1] if len(word) >= _STEM and word.endswith("s") else word for word in found))


class TextIndex:
    """The words of all rows of an edition, made ready once, and asked for lines.

    A line holds the words of its own row and of the rows above it; those of the rows below it count half. A word that
    few lines hold says more, as in :mod:`landed_cost.ranking`; how long a text is does not count here, for the official
    words of the narrowest line are the longest.
    """

    __slots__ = ("_line_at", "_lines", "_parents", "_rows_of", "_spans", "_words")

    def __init__(self, table: Table) -> None:
        self._parents = table.parents
        below: list[list[int]] = [[] for _ in table.texts]
        roots: list[int] = []
        for row, parent in enumerate(table.parents):
            (below[parent] if parent >= 0 else roots).append(row)
        # Each row and what stands below it are a span of the order in which the tree is walked.
        self._spans: list[tuple[int, int]] = [(0, 0)] * len(table.texts)
        order = _walk(roots, below)
        place = {row: at for at, row in enumerate(order)}
        ends = [place[row] + 1 for row in range(len(table.texts))]
        for row in reversed(order):
            self._spans[row] = (place[row], ends[row])
            if table.parents[row] >= 0:
                ends[table.parents[row]] = max(ends[table.parents[row]], ends[row])
        self._lines = sorted(table.lines, key=place.__getitem__)
        self._line_at = [place[row] for row in self._lines]
        rows_of: dict[str, array[int]] = {}
        for row, text in enumerate(table.texts):
            for word in stems(text):
                rows_of.setdefault(word, array("I")).append(row)
        self._rows_of = rows_of
        self._words = sorted(rows_of)

    def points(self, text: str) -> dict[int, float]:
        """Return for each row of a line that holds a word of ``text`` how well it does."""
        points: dict[int, float] = {}
        for word in stems(text):
            rows = self._holding(word)
            inside = {row for held in rows for row in self._under(held)}
            over = {row for held in rows for row in self._over(held)} - inside
            count = len(inside) + len(over)
            rarity = math.log(1 + (len(self._lines) - count + 0.5) / (count + 0.5))
            for found, weight in ((inside, 1.0), (over, _BELOW)):
                for row in found:
                    points[row] = points.get(row, 0.0) + weight * rarity
        return points

    def _holding(self, word: str) -> list[int]:
        """Return the rows with this word, or, of four letters and more, with one that begins with it."""
        if len(word) < _STEM:
            return list(self._rows_of.get(word, ()))
        first, last = bisect_left(self._words, word), bisect_left(self._words, word + _BEHIND_ALL)
        return [row for one in self._words[first:last] for row in self._rows_of[one]]

    def _under(self, row: int) -> list[int]:
        begin, end = self._spans[row]
        return self._lines[bisect_left(self._line_at, begin) : bisect_left(self._line_at, end)]

    def _over(self, row: int) -> Iterator[int]:
        while (row := self._parents[row]) >= 0:
            if self._is_line(row):
                yield row

    def _is_line(self, row: int) -> bool:
        begin, _ = self._spans[row]
        at = bisect_left(self._line_at, begin)
        return at < len(self._line_at) and self._line_at[at] == begin


def _walk(roots: list[int], below: list[list[int]]) -> list[int]:
    """Return all rows, each before what stands below it and after what stands before it."""
    order = []
    waiting = roots[::-1]
    while waiting:
        row = waiting.pop()
        order.append(row)
        waiting.extend(reversed(below[row]))
    return order
