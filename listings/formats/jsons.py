"""Items of JSON out of a stream: an array, one item, or one on each line, without holding the file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from listings.formats.port import FileRefusedError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

_PIECE: Final = 1 << 16
# The longest item that is read; a listing of MercadoLibre has some ten kilobytes.
MAX_ITEM: Final = 4 << 20


def items(text: TextIO) -> Iterator[tuple[int, Any]]:
    """Return the items with their numbers from one on; ``FileRefusedError`` where the text is no JSON."""
    buffer, number, is_array, is_over = "", 0, False, False
    decoder = json.JSONDecoder(parse_float=str, parse_constant=_refuse, object_pairs_hook=_once)
    while True:
        buffer = buffer.lstrip(" \t\r\n")
        if not is_array and number == 0 and buffer.startswith("["):
            is_array, buffer = True, buffer[1:]
            continue
        if is_array and buffer.startswith("]"):
            return
        if is_array and number and buffer.startswith(","):
            buffer = buffer[1:].lstrip(" \t\r\n")
        item: Any = None
        try:
            item, end = decoder.raw_decode(buffer) if buffer else (None, 0)
            check(buffer[:end])
        except (ValueError, RecursionError):
            end = 0
        # A number at the very end may go on in the next piece.
        if end and (is_over or end < len(buffer)):
            number += 1
            yield number, item
            buffer = buffer[end:]
            continue
        if is_over or len(buffer) > MAX_ITEM:
            if not buffer and not is_array:
                return
            raise FileRefusedError(Problem("json_broken", number + 1))
        try:
            piece = text.read(_PIECE)
        except UnicodeError:
            raise FileRefusedError(Problem("encoding_broken", number + 1)) from None
        buffer, is_over = buffer + piece, not piece


def check(text: str) -> None:
    """Raise ``ValueError`` where a text of JSON names half a character, which nothing can keep."""
    if "\\ud" in text.casefold():
        json.dumps(json.loads(text), ensure_ascii=False).encode()


def _refuse(text: str) -> None:
    raise ValueError(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found
