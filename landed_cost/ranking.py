"""Which of many short texts say most of what was asked: BM25, over words that somebody else has made comparable.

A word that few texts hold says more than one that many hold; a text that repeats it says only a little more; and of two
texts that hold the same, the shorter one is nearer. Texts are known by their position.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# How soon repeating a word stops counting, and how much the length of a text counts: the usual values.
_SATURATION: Final = 1.2
_LENGTH: Final = 0.75


class Ranking:
    """Texts made ready to be asked.

    >>> ranking = Ranking([["red", "wine"], ["white", "wine", "vinegar"], ["red", "beans"]])
    >>> [place for place, _ in ranking.best(["red", "wine"], 2)]
    [0, 2]
    """

    __slots__ = ("_mean", "_places", "_sizes")

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        self._places: dict[str, list[tuple[int, int]]] = {}
        self._sizes: list[int] = []
        for place, words in enumerate(texts):
            self._sizes.append(len(words))
            for word, times in Counter(words).items():
                self._places.setdefault(word, []).append((place, times))
        self._mean = sum(self._sizes) / len(self._sizes) if self._sizes else 0.0

    def best(self, words: Iterable[str], n: int) -> list[tuple[int, float]]:
        """Return place and points of up to ``n`` texts that hold any of the words, the best first."""
        points: dict[int, float] = {}
        for word in dict.fromkeys(words):
            held = self._places.get(word, ())
            rarity = math.log(1 + (len(self._sizes) - len(held) + 0.5) / (len(held) + 0.5))
            for place, times in held:
                length = 1 - _LENGTH + _LENGTH * self._sizes[place] / self._mean
                gained = rarity * times * (_SATURATION + 1) / (times + _SATURATION * length)
                points[place] = points.get(place, 0.0) + gained
        return heapq.nsmallest(n, points.items(), key=lambda found: (-found[1], found[0]))
