"""Whether a translation still says what its source says: digests, what changed in the source, what of the text holds.

Nobody sets a text to *stale*: it is stale when the source it was made of is not the source there is. So every text
keeps the digest of its source, and the source itself, so that the difference can be shown.

>>> digest("Taza azul ") == digest("Taza azul")
True
>>> [(piece.kind, piece.text) for piece in changes("Taza azul, 250 ml", "Taza azul, 350 ml")]
[('same', 'Taza azul, '), ('gone', '250'), ('new', '350'), ('same', ' ml')]
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Freshness = Literal["current", "changed", "missing"]
_DIGITS: Final = 32
_WORD: Final = re.compile(r"\s+|\w+|[^\w\s]")
_NUMERIC: Final = re.compile(r"\d")
# A run of signs up to the end of a sentence or line, with the blanks after it; and what ends one.
_RUN: Final = re.compile(r"[^\n.!?…]*[.!?…]*[^\S\n]*\n*")
_END: Final = re.compile(r"(?:[.!?…]|\n)\s*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that two texts share (``same``), that only the old one has (``gone``), or only the new."""

    kind: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a translation and whether it still holds; ``None`` where that cannot be told."""

    text: str
    holds: bool | None


def normalised(text: str) -> str:
    r"""Return a text as it is compared: NFC, ends of lines as ``\n``, nothing blank around it."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def digest(text: str) -> str:
    """Return what stands for a source text: 128 bits of SHA-256 of its normal form, in hexadecimal."""
    return hashlib.sha256(normalised(text).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def freshness(made_of: str | None, source: str) -> Freshness:
    """Return how fresh a text is that was made of a source with the digest ``made_of`` (``None``: there is no text)."""
    if made_of is None:
        return "missing"
    return "current" if made_of == digest(source) else "changed"


def changes(old: str, new: str) -> tuple[Piece, ...]:
    """Return both texts as one run of pieces, words whole; what is gone stands before what is new."""
    before, after = _WORD.findall(normalised(old)), _WORD.findall(normalised(new))
    found: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
        if kind == "equal":
            _add(found, "same", before[i:j])
        else:
            _add(found, "gone", before[i:j])
            _add(found, "new", after[k:m])
    return tuple(found)


def _add(pieces: list[Piece], kind: Literal["same", "gone", "new"], words: Sequence[str]) -> None:
    if words:
        pieces.append(Piece(kind, "".join(words)))


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of a text; joined they are the text.

    >>> sentences("Taza de 1.5 l. Pintada a mano.")
    ['Taza de 1.5 l. ', 'Pintada a mano.']
    """
    found: list[str] = []
    pending = ""
    for piece in _RUN.findall(text):
        pending += piece
        if pending and (pending[-1].isspace() and _END.search(pending)):
            found.append(pending)
            pending = ""
    return [*found, pending] if pending else found


def standing(old: str, new: str, text: str) -> tuple[Part, ...]:
    """Return a translation of ``old`` in parts, and of each whether it holds for ``new``.

    Where text and old source have as many sentences, a sentence holds whose source is still there. Of one that does
    not, what it took over from the source as it was, such as a number, and the source no longer says is told apart.
    Where their sentences do not match, only that can be told.
    """
    was, now, said = sentences(normalised(old)), sentences(normalised(new)), sentences(normalised(text))
    dropped = _dropped(old, new)
    if len(was) != len(said):
        return tuple(_within(normalised(text), dropped))
    left = Counter(one.strip() for one in now)
    parts: list[Part] = []
    for source, sentence in zip(was, said, strict=True):
        if left[source.strip()] > 0:
            left[source.strip()] -= 1
            parts.append(Part(sentence, holds=True))
        else:
            parts += _within(sentence, dropped)
    return tuple(parts)


def _dropped(old: str, new: str) -> frozenset[str]:
    """Return the words with a digit that the source no longer has: a translation takes such words over as they are."""
    before, after = Counter(_WORD.findall(normalised(old))), Counter(_WORD.findall(normalised(new)))
    return frozenset(word for word in before - after if _NUMERIC.search(word))


def _within(sentence: str, dropped: frozenset[str]) -> Iterator[Part]:
    run = ""
    for word in _WORD.findall(sentence):
        if word in dropped:
            if run:
                yield Part(run, holds=None)
            yield Part(word, holds=False)
            run = ""
        else:
            run += word
    if run:
        yield Part(run, holds=None)
