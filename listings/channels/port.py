"""What a channel's file is: how a row becomes its fields, what is wrong with them, how they are written and read back.

A record is what a row says in a channel's own words, JSON all the way down, so that it can be kept, compared with that
of yesterday and written again. Every text in it is as it will stand in the file, before the escaping of the format.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from typing import IO

    from listings.channels.item import CatalogItem, Charges

GROUP: Final = "shopkit.channels"
# A field of a record is a text, or several, or parts by name, or several of those.
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file that a channel takes: the end of its name and its media type.

    ``is_partial`` marks one that only adds to another: translations, prices of one country.
    """

    suffix: str
    media: str
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Reviews:
    """What buyers said of the shop as a whole: how many ratings, and their mean of five stars with two decimals."""

    count: int
    stars: str


@dataclass(frozen=True, slots=True)
class Feed:
    """What all rows of one file share. ``kind`` is one of the channel's; ``on`` the day whose rules hold.

    ``settings`` is what the seller agreed with the channel once for all rows, in the channel's own words. ``reviews``
    are those of the shop, where the channel takes them and there are enough.
    """

    market: str
    language: str
    currency: str
    kind: str
    on: date
    title: str = ""
    link: str = ""
    settings: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)
    reviews: Reviews | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a row, or with a file when ``row`` is empty.

    ``row`` is the id, ``number`` its place in the file, the first being 1, where a file was read. ``rule`` names the
    sentences in ``messages.yaml``. A row with a finding that is no warning does not leave.
    """

    row: str
    field: str
    rule: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    number: int | None = None
    is_warning: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as JSON."""
        return {
            "row": self.row,
            "number": self.number,
            "field": self.field,
            "rule": self.rule,
            "values": dict(self.values),
            "is_warning": self.is_warning,
        }

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Finding:
        """Return the finding that :meth:`to_dict` wrote."""
        return cls(**value)


class UnreadableError(ValueError):
    """A file of which no rows can be read; ``where`` says up to which place it could."""

    def __init__(self, where: str, message: str) -> None:
        self.where = where
        super().__init__(f"{where}: {message}" if where else message)


class UnwritableError(ValueError):
    """A record that was not validated: it holds what the format cannot say."""


class CatalogFormat(Protocol):
    """A channel's file. An instance has no state: the same calls give the same bytes."""

    # The name of the channel in ``channels.yaml``.
    channel: str
    # Kinds of file by name, the usual one first.
    kinds: Mapping[str, Kind]
    # The field of a record that holds its id.
    key: str
    # Where the channel lets import charges be, the usual one first.
    charges: tuple[Charges, ...]
    # The names that it reads of a feed's settings.
    settled: tuple[str, ...]

    def record(self, item: CatalogItem, feed: Feed) -> Record:
        """Return what a row says in the channel's words; what the item lacks is absent, never invented."""
        ...

    def validate(self, record: Record, feed: Feed, number: int | None = None) -> list[Finding]:
        """Return what is wrong with one record on the feed's day; that ids stand once is checked over all of them."""
        ...

    def write(self, records: Iterable[Record], feed: Feed) -> Iterator[bytes]:
        """Write a file, in pieces as the records come; holds one at a time. Of no records it is a valid, empty file.

        Raises ``UnwritableError``.
        """
        ...

    def read(self, source: IO[bytes], feed: Feed) -> Iterator[Record]:
        """Read back what a file says, one record at a time; raises ``UnreadableError``."""
        ...
