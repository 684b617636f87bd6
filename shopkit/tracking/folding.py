"""Wordings made comparable: mojibake repaired, then NFKC, without case, accents and doubled blanks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

# What Windows shows for the bytes 0x80 to 0x9F, back to the bytes.
_BYTES: Final = {
    ord(bytes([byte]).decode("cp1252")): byte
    for byte in range(0x80, 0xA0)
    if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_UTF8: Final = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
# Read wrongly more than twice over, a text is no longer worth the search.
_ROUNDS: Final = 3
_DIRECTION: Final = re.compile(r"\s*\((?:otb|inb|salida|sal|entrada|ent)\)$")


def repaired(text: str) -> str:
    r"""Return a text whose UTF-8 was read as Latin-1 or Windows-1252 as it was written; others come back as they are.

    >>> repaired("Enviar env\u00c3\u00ado a ubicaci\u00c3\u00b3n"), repaired("N\u00c3O"), repaired("env\u00edo")
    ('Enviar envío a ubicación', 'NÃO', 'envío')
    """
    for _ in range(_ROUNDS):
        if "\xc3" not in text and "\xc2" not in text:
            return text
        mended = _UTF8.sub(_decoded, text.translate(_BYTES))
        # Without a pair that was mended, the text keeps its own quotes and dashes too.
        if mended == text.translate(_BYTES):
            return text
        text = mended
    return text


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    r"""Return what a wording is compared by.

    >>> folded("  Enviar  ENV\u00cdO a aduana (Entrada) ")
    'enviar envio a aduana (entrada)'
    """
    plain = unicodedata.normalize("NFKC", repaired(text)).casefold()
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(mark))
    return " ".join(bare.replace("\xad", "").split())


def lone(text: str) -> str:
    """Return a wording in which the invisible half of a broken *í* was lost: *EnvÃo* as *Envío*.

    Only for a look-up of whole wordings that failed: in Portuguese the letter stands for itself.
    """
    return text.replace("\xc3", "\xed")


def undirected(wording: str) -> str:
    """Return a folded wording without the direction that ends it.

    >>> undirected("send item to customs (inb)"), undirected("deliver item")
    ('send item to customs', 'deliver item')
    """
    return _DIRECTION.sub("", wording)


def _decoded(found: re.Match[str]) -> str:
    try:
        return found[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return found[0]
