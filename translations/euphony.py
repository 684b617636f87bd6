"""Spanish *y* before an *i* sound is *e*, and *o* before an *o* sound is *u*: plata e índigo, siete u ocho, 7 u 8.

The rule is that of the Real Academia Española (*Diccionario panhispánico de dudas*, "y" and "o"; from memory). *Y*
stays before a diphthong (*y hielo*), and where *h* is breathed in a foreign word (*y hip hop*). *O* turns before
figures too that are read with an *o* (8, 11, 80). Where usage allows both, as in *y ion*, nothing is changed.

>>> before("índigo"), before("hielo"), before("otro", or_=True), before("11", or_=True)
('e', 'y', 'u', 'u')
>>> [(fault.start, fault.wrong, fault.right) for fault in faults("Azul y índigo, 7 o 8 piezas")]
[(5, 'y', 'e'), (17, 'o', 'u')]
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_I: Final = re.compile(r"h?[ií]", re.IGNORECASE)
# The i of a diphthong is no vowel of its own: hielo, hierba, hiato, ion.
_GLIDE: Final = re.compile(r"h?i[aeoáéó]", re.IGNORECASE)
_O: Final = re.compile(r"h?[oó]", re.IGNORECASE)
_READ_WITH_O: Final = re.compile(r"8\d*(?:[.,]\d+)*(?!\d)|11(?:[.,]\d{3})*(?![\d.,]*\d)")
_FOREIGN: Final = re.compile(
    r"(?:hip|hippies?|hits?|hobby|hobbies|hobbit|hockey|holdings?|hot|hoodies?|home|house|i(?:phone|pad|pod|mac|cloud|os))(?!\w)",
    re.IGNORECASE,
)
# A conjunction and the next word behind quotes, tags or an opening bracket; a question that begins with it keeps it.
_JOINT: Final = re.compile(
    r"(?<![^\s,;(«“\">])(?P<word>[yeouYEOU])(?=\s+(?:<[^<>]{1,80}>|[«“\"'‘(¿¡])*(?P<next>[^\W_][\w.,-]*))"
)


class Fault(NamedTuple):
    """A conjunction that sounds wrong, where it stands and what it should be."""

    start: int
    wrong: str
    right: str


def before(word: str, *, or_: bool = False) -> str:
    """Return the conjunction before a word or figure: ``y`` or ``e``, with ``or_`` ``o`` or ``u``."""
    if or_:
        return "u" if _sounds_o(word) else "o"
    return "e" if _sounds_i(word) else "y"


def faults(text: str) -> Iterator[Fault]:
    """Find the conjunctions of a Spanish text that should be another; what may be either is left alone."""
    for found in _JOINT.finditer(text):
        said, following = found["word"], found["next"]
        word = right = said.lower()
        if word == "y" and _sounds_i(following):
            right = "e"
        elif word == "o" and _sounds_o(following):
            right = "u"
        elif word == "e" and re.match(r"h?i[aeáé]|y", following, re.IGNORECASE):
            right = "y"
        elif word == "u" and re.match(r"hu|[b-df-gj-np-tv-z]", following, re.IGNORECASE):
            right = "o"
        if right != word:
            yield Fault(found.start(), said, right if said.islower() else right.upper())


def mended(text: str) -> str:
    """Return a Spanish text with its conjunctions put right.

    >>> mended("rojo, azul y índigo; uno o otro; agua y hielo")
    'rojo, azul e índigo; uno u otro; agua y hielo'
    """
    letters = list(text)
    for fault in faults(text):
        letters[fault.start] = fault.right
    return "".join(letters)


def _sounds_i(word: str) -> bool:
    return bool(_I.match(word)) and not _GLIDE.match(word) and not _FOREIGN.match(word)


def _sounds_o(word: str) -> bool:
    return bool(_O.match(word) or _READ_WITH_O.match(word)) and not _FOREIGN.match(word)
