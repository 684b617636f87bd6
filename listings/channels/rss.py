"""RSS 2.0 with Google's namespace: what Google, and who came after it, reads."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from listings.channels.port import UnreadableError, UnwritableError
from translations.exchange.errors import ExchangeError
from translations.exchange.tree import Element, stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from listings.channels.port import Feed, Record

SPACE: Final = "http://base.google.com/ns/1.0"
MOST_BYTES: Final = 4_000_000_000
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(records: Iterable[Record], feed: Feed) -> Iterator[bytes]:
    """Write a feed; every field is an element of Google's namespace, in the order of the record."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<rss version="2.0" xmlns:g="{SPACE}">\n<channel>\n'
        f"<title>{_text(feed.title)}</title>\n<link>{_text(feed.link)}</link>\n"
        f"<description>{_text(feed.title)}</description>\n"
    ).encode()
    for record in records:
        yield f"<item>\n{''.join(_elements(record))}</item>\n".encode()
    yield b"</channel>\n</rss>\n"


def read(source: IO[bytes], lists: frozenset[str]) -> Iterator[Record]:
    """Read a feed's items; ``lists`` are the fields that may stand several times. ``UnreadableError``."""
    try:
        for one in stream(source, lambda path: path[-1] == "item" and len(path) == 3, most_bytes=MOST_BYTES):  # noqa: PLR2004 - rss, channel, item
            if isinstance(one, Element):
                yield _record(one, lists)
            elif one.root.local != "rss" or one.root.first("channel") is None:
                raise UnreadableError("", f"the root is <{one.root.local}>, not <rss> with a <channel>")
    except ExchangeError as error:
        raise UnreadableError(error.where, error.message) from error


def _elements(record: Record) -> Iterator[str]:
    for name, held in record.items():
        for one in held if isinstance(held, list) else (held,):
            if isinstance(one, str):
                yield f"<g:{name}>{_text(one)}</g:{name}>\n"
            else:
                inside = "".join(f"<g:{key}>{_text(text)}</g:{key}>" for key, text in one.items())
                yield f"<g:{name}>{inside}</g:{name}>\n"


def _text(text: str) -> str:
    found = _ILLEGAL.search(text)
    if found is not None:
        raise UnwritableError(f"XML has no place for U+{ord(found[0]):04X}")
    return escape(text, {"\r": "&#13;"})


def _record(item: Element, lists: frozenset[str]) -> Record:
    record: dict[str, Any] = {}
    for one in item.elements():
        value: Any = {part.local: part.text().strip() for part in one.elements()} or one.text().strip()
        if one.local in lists:
            record.setdefault(one.local, []).append(value)
        elif one.local in record:
            # The second of what may stand once: both are kept, and the count is told.
            held = record[one.local]
            record[one.local] = [*held, value] if isinstance(held, list) else [held, value]
        else:
            record[one.local] = value
    return record
