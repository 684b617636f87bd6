"""Which of many texts may be near another: found without comparing them all, and without losing one that is.

Nearness is what rapidfuzz calls the normalised similarity of Indel: twice the longest common subsequence over the sum
of both lengths. For a nearness of at least *t* and lengths *a*, *b* that subsequence has ``l >= t(a+b)/2`` signs, so:

- ``b`` lies between ``a t/(2-t)`` and ``a (2-t)/t``;
- both texts share, counted with repetition, at least ``l`` signs;
- and at least ``3l - 1 - a - b`` pairs of neighbours: of the ``l - 1`` pairs in the subsequence each sign that one of
  the texts has besides parts at most one.

Every text keeps its signs and its pairs, each with how often it has come before, as bits; what two texts share is
then counted with ``&``. Where two of the given text's fall on one bit, all but one are taken as shared; so bits can
only make texts look nearer, and what is sifted out was never near: ``tests/unit/translations/test_candidates.py``
holds this against comparing all. Texts of more than 255 signs are few in a memory of sentences and are compared
outright.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import ceil, floor
from typing import TYPE_CHECKING, Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    _Bits = Callable[[NDArray[np.int64], NDArray[np.int64]], tuple[NDArray[np.int64], NDArray[np.int64]]]

_WORD: Final = 64
_SIGN_WORDS: Final = 8
_PAIR_WORDS: Final = 16
# Each of these has so many bits of its own; other signs, and what comes oftener, share the rest.
_OWN: Final = " abcdefghijklmnopqrstuvwxyz"
_OFTEN: Final = 16
_CODES: Final = 1 << 21
_LONGEST: Final = 255
_CHUNK: Final = 20_000
# New texts are compared outright until they are this many; then they are sorted in with the others.
_TAIL: Final = 2_048
# What floating point may get wrong in t(a+b)/2.
_SLACK: Final = 1e-9
_ROUNDING: Final = 1e-6


def _own_places() -> NDArray[np.int64]:
    places = np.full(128, -1, np.int64)
    for place, sign in enumerate(_OWN):
        places[ord(sign)] = place
    return places


_OWN_PLACES: Final = _own_places()


class Candidates:
    """Distinct texts, each with the number it got when it came in, and the search for those near a given one."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._order: NDArray[np.int64] = np.empty(0, np.int64)
        self._lengths: list[int] = []
        self._length_row: NDArray[np.int32] = np.empty(0, np.int32)
        self._signs: NDArray[np.uint64] = np.empty((_SIGN_WORDS, 0), np.uint64)
        self._pairs: NDArray[np.uint64] = np.empty((_PAIR_WORDS, 0), np.uint64)
        self._long: list[int] = []
        self._sorted = 0
        for text in texts:
            self._insert(text)
        self._sort_in()

    def __len__(self) -> int:
        return len(self.texts)

    def add(self, text: str) -> int:
        """Return the number of a text, a new one if it is not known yet."""
        number = self._insert(text)
        if len(self.texts) - self._sorted > _TAIL:
            self._sort_in()
        return number

    def number(self, text: str) -> int | None:
        """Return the number of a text, if it is known."""
        return self._numbers.get(text)

    def near(self, text: str, threshold: float) -> list[tuple[int, float]]:
        """Return the numbers of all texts whose similarity is ``threshold`` (above 0, at most 1) or more, best first.

        Of equally near ones the earlier comes first.
        """
        if not 0 < threshold <= 1:
            raise ValueError(f"a threshold lies above 0 and is at most 1, not {threshold}")
        sifted = [*self._sifted(text, threshold), *self._long_ones(text, threshold)]
        sifted += range(self._sorted, len(self.texts))
        found = process.extract(
            text,
            [self.texts[number] for number in sifted],
            scorer=Indel.normalized_similarity,
            # rapidfuzz rounds its own cut-off, and would lose what lies at the threshold exactly: six tenths of ten.
            score_cutoff=threshold - _ROUNDING,
            limit=None,
        )
        near = ((sifted[place], score) for _, score, place in found if score >= threshold)
        return sorted(near, key=lambda one: (-one[1], one[0]))

    # -- inside -----------------------------------------------------------------------------------------------
    def _insert(self, text: str) -> int:
        number = self._numbers.setdefault(text, len(self.texts))
        if number == len(self.texts):
            self.texts.append(text)
        return number

    def _sifted(self, text: str, threshold: float) -> list[int]:
        length = len(text)
        shortest, longest = _band(length, threshold)
        first = bisect_left(self._lengths, shortest)
        last = bisect_right(self._lengths, longest)
        if first == last:
            return []
        sums = self._length_row[first:last] + length
        common = np.ceil(sums * (threshold / 2) - _SLACK).astype(np.int32)
        bits, spare = _asked(_sign_bits, text, _SIGN_WORDS)
        shared = np.zeros(last - first, np.uint8)
        for row, word in zip(self._signs, bits, strict=True):
            if word:
                shared += np.bitwise_count(row[first:last] & word)
        kept = np.flatnonzero(shared >= common - spare)
        needed = 3 * common[kept] - 1 - sums[kept]
        bits, spare = _asked(_pair_bits, text, _PAIR_WORDS)
        shared = np.zeros(kept.size, np.uint8)
        for row, word in zip(self._pairs, bits, strict=True):
            if word:
                shared += np.bitwise_count(row[first:last].take(kept) & word)
        found: list[int] = self._order[first + kept[shared >= needed - spare]].tolist()
        return found

    def _long_ones(self, text: str, threshold: float) -> list[int]:
        shortest, longest = _band(len(text), threshold)
        return [number for number in self._long if shortest <= len(self.texts[number]) <= longest]

    def _sort_in(self) -> None:
        new = range(self._sorted, len(self.texts))
        self._long += [number for number in new if len(self.texts[number]) > _LONGEST]
        short = [number for number in new if len(self.texts[number]) <= _LONGEST]
        texts = [self.texts[number] for number in short]
        signs = _bitmaps(_sign_bits, texts, _SIGN_WORDS)
        pairs = _bitmaps(_pair_bits, texts, _PAIR_WORDS)
        order = np.concatenate([self._order, np.array(short, np.int64)])
        lengths = np.array([len(self.texts[number]) for number in order.tolist()], np.int32)
        by_length = np.argsort(lengths, kind="stable")
        self._order = order[by_length]
        self._length_row = lengths[by_length]
        self._lengths = self._length_row.tolist()
        self._signs = np.ascontiguousarray(np.concatenate([self._signs, signs], axis=1)[:, by_length])
        self._pairs = np.ascontiguousarray(np.concatenate([self._pairs, pairs], axis=1)[:, by_length])
        self._sorted = len(self.texts)


def _band(length: int, threshold: float) -> tuple[int, int]:
    """Return the lengths that a text near one of ``length`` may have."""
    return (
        ceil(length * threshold / (2 - threshold) - _SLACK),
        floor(length * (2 - threshold) / threshold + _SLACK),
    )


def _sign_bits(codes: NDArray[np.int64], texts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the bit of every sign, and the text it is of; ``codes`` are the signs, ``texts`` rise."""
    before = _before(texts * _CODES + codes)
    own = np.where(codes < _OWN_PLACES.size, _OWN_PLACES[np.minimum(codes, _OWN_PLACES.size - 1)], -1)
    rest = len(_OWN) * _OFTEN
    shared = rest + (codes * 5 + before) % (_SIGN_WORDS * _WORD - rest)
    return np.where((own >= 0) & (before < _OFTEN), own * _OFTEN + before, shared), texts


def _pair_bits(codes: NDArray[np.int64], texts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the bit of every pair of neighbours, and the text it is of."""
    inside = texts[1:] == texts[:-1]
    pairs = (codes[:-1] * 8_191 + codes[1:])[inside] % _CODES
    owners = texts[1:][inside]
    return (pairs * 131 + _before(owners * _CODES + pairs) * 37) % (_PAIR_WORDS * _WORD), owners


def _before(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return of every key how often it stands before its place."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if keys.size else order
    lengths = np.diff(np.concatenate([starts, [keys.size]]))
    found = np.empty_like(keys)
    found[order] = np.arange(keys.size) - np.repeat(starts, lengths)
    return found


def _flat(texts: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    return codes, np.repeat(np.arange(len(texts)), [len(text) for text in texts])


def _bitmaps(bits: _Bits, texts: list[str], words: int) -> NDArray[np.uint64]:
    """Return a row for each word of the bitmaps, a column for each text."""
    chunks = [np.zeros((words, 0), np.uint64)]
    for first in range(0, len(texts), _CHUNK):
        chunk = texts[first : first + _CHUNK]
        places, owners = bits(*_flat(chunk))
        table = np.zeros((words, len(chunk)), np.uint64)
        np.bitwise_or.at(table, (places // _WORD, owners), np.uint64(1) << (places % _WORD).astype(np.uint64))
        chunks.append(table)
    return np.concatenate(chunks, axis=1)


def _asked(bits: _Bits, text: str, words: int) -> tuple[NDArray[np.uint64], int]:
    """Return the bitmap of a text that is asked for, and how many of its signs or pairs have no bit of their own."""
    table = _bitmaps(bits, [text], words)[:, 0]
    places, _ = bits(*_flat([text]))
    return table, places.size - int(np.bitwise_count(table).sum())
