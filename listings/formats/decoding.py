"""The encoding of a file, told from its bytes.

UTF-8 and UTF-16 prove themselves; anything else is read as Windows-1252, the encoding of older Excel in the Americas,
and its reader is told so. Bytes that Windows-1252 does not know are read as Latin-1.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import BinaryIO

_PIECE: Final = 1 << 20
_HEAD: Final = 4096
# Of a text in UTF-16 without a mark about half the bytes are NUL; a third tells it from a stray one.
_NULS: Final = 3


def encoding_of(file: BinaryIO) -> str:
    """Return the name of a file's encoding; the file is read once, in pieces, and left at its start."""
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith(codecs.BOM_UTF8):
        found = "utf-8-sig" if _decodes(file, "utf-8-sig") else _single_byte(file)
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        found = "utf-16"
    elif head.count(0) * _NULS > len(head):
        # Letters of the Americas stand in the lower byte: the other one is NUL.
        found = "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"
    elif _decodes(file, "utf-8"):
        found = "utf-8"
    else:
        found = _single_byte(file)
    file.seek(0)
    return found


def _single_byte(file: BinaryIO) -> str:
    return "cp1252" if _decodes(file, "cp1252") else "latin-1"


def _decodes(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
