"""Plain search over descriptions: words compared without accents, capitals and plural endings."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from landed_cost.schedules.table import Table

_WORD: Final = re.compile(r"[^\W_]+")
_SHORTEST: Final = 2
_STEM: Final = 4
# A word in the path of a line says more of it than one in a statistical row below.
_PATH, _BELOW = 2, 1


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


def score(text: str, table: Table) -> list[int]:
    """Return for each row how well it and what stands above and below it hold the words of ``text``."""
    words = stems(text)
    own = [0] * len(table.texts)
    for bit, word in enumerate(words):
        pattern = re.compile(rf"\b{re.escape(word)}")
        for row, description in enumerate(table.texts):
            if pattern.search(folded_text(description)):
                own[row] |= 1 << bit
    path = own.copy()
    for row, parent in enumerate(table.parents):
        # Rows stand behind the rows they belong to.
        if parent >= 0:
            path[row] |= path[parent]
    below = own.copy()
    for row in range(len(own) - 1, -1, -1):
        if table.parents[row] >= 0:
            below[table.parents[row]] |= below[row]
    return [_PATH * up.bit_count() + _BELOW * (down & ~up).bit_count() for up, down in zip(path, below, strict=True)]


def folded_text(description: str) -> str:
    """Return a description as it is compared; most are plain ASCII, which is quick."""
    return description.lower() if description.isascii() else folded(description)
