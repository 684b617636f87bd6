"""A whole file checked as it streams by: every row by the channel's rules, and that each id stands once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from listings.channels.port import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from listings.channels.port import CatalogFormat, Feed, Record


class Once:
    """Tells ids that have been seen: a million of them are held as numbers of eight bytes, not as texts."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def __call__(self, id_: str, number: int | None = None, field: str = "id") -> Finding | None:
        """Return a finding for an id that was there before."""
        mark = int.from_bytes(hashlib.blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
        if mark in self._seen:
            return Finding(id_, field, "twice", {"id": id_}, number)
        self._seen.add(mark)
        return None


def checked(channel: CatalogFormat, records: Iterable[Record], feed: Feed) -> Iterator[tuple[Record, list[Finding]]]:
    """Return each record of a file with what is wrong with it, rows counted from 1."""
    once = Once()
    for number, record in enumerate(records, start=1):
        found = channel.validate(record, feed, number)
        id_ = record.get(channel.key)
        again = once(id_, number, channel.key) if isinstance(id_, str) and id_ else None
        yield record, found if again is None else [*found, again]
