"""What an importer is and what it hands over: the edition and its rows, checked, nothing stored yet."""

import gzip
import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import ClassVar, Final, Protocol

from landed_cost.schedules.errors import ScheduleError
from landed_cost.schedules.model import Edition, ProductList
from landed_cost.schedules.table import Row

_GZIP: Final = b"\x1f\x8b"
# The US schedule is 14 MB unpacked; what is twenty times that is no schedule.
_LARGEST: Final = 300_000_000


@dataclass(frozen=True, slots=True)
class ParsedSchedule:
    """A schedule as read from its file.

    ``counts`` says how many lines of each class there are (free, ad valorem …) and ``remarks`` what a person should
    look at before it is put in force; ``gaps`` names whole chapters that are missing. ``line_digits``: see
    :class:`landed_cost.schedules.table.Table`.
    """

    edition: Edition
    rows: list[Row]
    line_digits: int | None
    counts: Mapping[str, int]
    remarks: tuple[str, ...] = ()
    gaps: str = ""


@dataclass(frozen=True, slots=True)
class ParsedList:
    """A list of products as read from its file."""

    products: ProductList
    counts: Mapping[str, int]
    remarks: tuple[str, ...] = ()


class Importer(Protocol):
    """Reads one kind of file. ``name`` is what the command line calls it, ``country`` whose law it is."""

    name: ClassVar[str]

    @property
    def country(self) -> str:
        """Return the ISO 3166 code of the country whose schedule it reads."""
        ...

    def describe(self) -> str:
        """Return one sentence for the list of importers."""
        ...

    def read(self, path: Path) -> ParsedSchedule | ParsedList:
        """Return what the file holds; ``ScheduleError`` names the place of the first fault."""
        ...


@dataclass(frozen=True, slots=True)
class Stated:
    """What whoever imports says about a file because the file does not say it itself.

    ``edition`` names it, ``effective`` is its first day in force, ``known_until`` the last day it is known to be in
    force (by default its first day), ``url`` where it was fetched, ``country`` whose law it is, where a file serves
    several or does not say it.
    """

    edition: str | None = None
    effective: date | None = None
    known_until: date | None = None
    url: str | None = None
    country: str | None = None


NOTHING_STATED: Final = Stated()


class StatedImporter:
    """The opening of every importer of ours: it is told what its file does not say.

    ``of`` are the countries whose law the file is, the first of them where nothing is stated; ``sentence`` describes
    the importer.
    """

    name: ClassVar[str]
    of: ClassVar[tuple[str, ...]] = ()
    sentence: ClassVar[str]

    def __init__(self, stated: Stated = NOTHING_STATED) -> None:
        self._stated = stated
        if self.of and self.country not in self.of:
            problem = f"is no tariff of {self.country}; it serves {', '.join(self.of)}"
            raise ScheduleError(self.name, "", problem)

    @property
    def country(self) -> str:
        """The country that was stated, else the one that the file is of; nothing when the file has to say it."""
        return (self._stated.country or next(iter(self.of), "")).upper()

    def describe(self) -> str:
        """Return one sentence for the list of importers."""
        return self.sentence


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The bytes of a file, unpacked, and the checksum of the file as it was."""

    path: Path
    data: bytes = field(repr=False)
    sha256: str

    @classmethod
    def open(cls, path: Path) -> "SourceFile":
        """Return the file, unpacked when it is gzip; ``ScheduleError`` when it cannot be read."""
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise ScheduleError(path, "", f"cannot be read: {error.strerror}; name a file that exists") from error
        data = raw
        if raw.startswith(_GZIP):
            try:
                with gzip.open(path) as unpacked:
                    data = unpacked.read(_LARGEST + 1)
            except (OSError, EOFError, zlib.error) as error:
                raise ScheduleError(path, "", f"is damaged gzip ({error}); fetch it again") from error
        if len(data) > _LARGEST:
            raise ScheduleError(path, "", f"is larger than {_LARGEST} bytes; that is no schedule")
        return cls(path, data, hashlib.sha256(raw).hexdigest())

    def text(self) -> str:
        """Return the content as text; ``ScheduleError`` names the line of a byte that is not UTF-8."""
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.data.count(b"\n", 0, error.start) + 1
            raise ScheduleError(self.path, f"line {line}", "is not UTF-8; save the file as UTF-8") from error
