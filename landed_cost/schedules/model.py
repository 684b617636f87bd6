"""What an official tariff schedule is once it is loaded: an edition, its lines, and how to find one."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nsmallest
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from landed_cost.expressions import Expression, parse
from landed_cost.hs import normalise
from landed_cost.schedules.marks import marks_of, other_rates
from landed_cost.schedules.words import TextIndex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from landed_cost.schedules.table import Table

Status = Literal["verified", "reported", "memory", "conflicting"]

_UNIVERSAL: Final = 6
_KEPT: Final = 4096


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of one country's schedule: what it is, from when it counts, and where it came from.

    ``lines`` counts the rated lines, ``sha256`` is of the file that was imported, ``imported_at`` an ISO time in UTC,
    ``known_until`` the last day up to which it is known to be in force.
    """

    id: str
    country: str
    title: str
    publisher: str
    url: str
    effective: date
    hs_edition: str
    imported_at: str
    sha256: str
    lines: int
    status: Status
    known_until: date


@dataclass(frozen=True, slots=True)
class SpecialRate:
    """A group of the special column: the programmes, and their rate.

    A group that names headings of chapter 98 or 99 instead (a quota) has no ``rate`` and the headings in ``see``: that
    is not Free. ``symbols`` is empty where the cell names no programme.
    """

    symbols: frozenset[str]
    rate: Expression | None
    see: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TariffLine:
    """A line of a schedule with its rates.

    ``code`` has the digits of the line asked for; ``rated_code`` is the line that carries the rate (the first eight
    digits in the US). ``description`` is the whole path. ``footnotes`` are headings of chapter 99 that the general
    column points to: hints, not law. ``extra`` holds national columns (``ipi`` in Brazil).
    """

    code: str
    rated_code: str
    description: str
    general: Expression
    special: tuple[SpecialRate, ...] = ()
    other: Expression | None = None
    units: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def marks(self) -> tuple[str, ...]:
        """What is doubtful about the line: see :mod:`landed_cost.schedules.marks`."""
        return marks_of(self.extra)

    @property
    def alternatives(self) -> tuple[Expression, ...]:
        """The rates that may count instead of the general one."""
        return tuple(parse(text) for text in other_rates(self.extra))


@dataclass(frozen=True, slots=True)
class Match:
    """The lines that a code means: one is exact, several are the candidates under a shorter code.

    ``used`` are the digits that were really read; ``truncated`` says that the code asked for had more of them than the
    schedule knows, and its first six or eight were used.
    """

    lines: tuple[TariffLine, ...]
    used: str
    truncated: bool

    @property
    def found(self) -> bool:
        """Whether the schedule knows the code at all."""
        return bool(self.lines)


@dataclass(frozen=True, slots=True)
class RateTexts:
    """The texts of one set of rates: the columns general, special (programmes, rate, headings) and other."""

    general: str
    special: tuple[tuple[tuple[str, ...], str | None, tuple[str, ...]], ...] = ()
    other: str | None = None


class Schedule:
    """A loaded edition. Rates are kept as text and read when a line is looked up.

    ``len()`` is the number of rated lines.
    """

    def __init__(self, edition: Edition, table: Table) -> None:
        self.edition = edition
        self._table = table
        order = sorted(table.lines, key=lambda row: table.codes[row][: table.line_digits])
        self._codes = [table.codes[row][: table.line_digits] for row in order]
        self._rows = order
        self._row_of_line = dict(zip(self._codes, order, strict=True))
        self._row_of_code = {table.codes[row]: row for row in table.rated}
        self._texts: TextIndex | None = None
        # Caches of this object, so that they go when the edition goes.
        self._match = lru_cache(maxsize=_KEPT)(self._find)

    def __len__(self) -> int:
        return len(self._codes)

    def lookup(self, code: str) -> Match:
        """Return the lines that ``code`` means.

        Digits that the schedule does not have are left away two by two, down to the six that are universal. Codes of
        six digits or less that it does not have are not found. Raises ``HsCodeError`` for what is no code.
        """
        return self._match(normalise(code))

    def nearest(self, code: str, n: int = 5) -> list[TariffLine]:
        """Return the ``n`` lines whose codes stand nearest, those that share the most leading digits first."""
        digits = normalise(code)
        at = bisect_left(self._codes, digits)
        window = range(max(0, at - n), min(len(self._codes), at + n))
        near = sorted(window, key=lambda index: (-_shared(self._codes[index], digits), abs(index - at)))
        return [self._line(self._rows[index], self._codes[index]) for index in near[:n]]

    def lines_under(self, prefix: str) -> Sequence[TariffLine]:
        """Return the rated lines whose codes begin with ``prefix`` (digits, any number of them), in order."""
        return [self._line(self._rows[index], self._codes[index]) for index in self._under(prefix)]

    def codes_under(self, prefix: str) -> list[str]:
        """Return the longest codes under ``prefix``: in the US the statistical ones of ten digits, in order."""
        found = sorted(code for code in self._row_of_code if code.startswith(prefix))
        return [code for code, after in zip(found, [*found, ""][1:], strict=True) if not after.startswith(code)]

    def search(self, text: str, n: int = 10) -> list[TariffLine]:
        """Return up to ``n`` lines whose descriptions hold the words of ``text``, the best first.

        Words are compared in the language of the schedule, rare ones count more; the texts of statistical rows count as
        well. The first search makes the texts ready, which takes a moment.
        """
        if self._texts is None:
            self._texts = TextIndex(self._table)
        points = self._texts.points(text)
        found = [(-points[row], code) for row, code in zip(self._rows, self._codes, strict=True) if row in points]
        return [self._line(self._row_of_line[code], code) for _, code in nsmallest(n, found)]

    def _find(self, digits: str) -> Match:
        for length in range(len(digits), min(len(digits), _UNIVERSAL) - 1, -2):
            used = digits[:length]
            row = self._row_of_code.get(used, self._row_of_line.get(used))
            lines = tuple(self.lines_under(used)) if row is None else (self._line(row, used),)
            if lines:
                return Match(lines, used, length < len(digits))
        return Match((), "", truncated=False)

    def _under(self, prefix: str) -> range:
        # A colon sorts behind every digit, so that it closes the range.
        return range(bisect_left(self._codes, prefix), bisect_left(self._codes, prefix + ":"))

    def _line(self, row: int, code: str) -> TariffLine:
        table = self._table
        rated_code = code[: table.line_digits]
        rated = self._row_of_line[rated_code]
        rates = table.rate_sets[table.rates[row]]
        return TariffLine(
            code=code,
            rated_code=rated_code,
            description=table.path(row),
            general=parse(rates.general),
            special=special_rates(rates.special),
            other=None if rates.other is None else parse(rates.other),
            units=table.unit_sets[table.units[row]],
            footnotes=table.note_sets[table.notes[rated]],
            extra=MappingProxyType(table.extra_sets[table.extras[row]]),
        )


@lru_cache(maxsize=_KEPT)
def special_rates(groups: tuple[tuple[tuple[str, ...], str | None, tuple[str, ...]], ...]) -> tuple[SpecialRate, ...]:
    """Return the groups of a special column with their rates read."""
    return tuple(
        SpecialRate(frozenset(symbols), None if rate is None else parse(rate), see) for symbols, rate, see in groups
    )


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One row of a list of products: what it says of a prefix, and from when (to when)."""

    prefix: str
    attributes: Mapping[str, str]
    effective: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ProductList:
    """An official list of codes beside a schedule: steel products, exemptions, remedies."""

    id: str
    country: str
    title: str
    url: str
    effective: date
    imported_at: str
    sha256: str
    known_until: date
    entries: Mapping[str, tuple[ListEntry, ...]]

    def __len__(self) -> int:
        return sum(len(entries) for entries in self.entries.values())

    def match(self, code: str, on: date) -> tuple[ListEntry, ...]:
        """Return what the list says of ``code`` on the day, nothing when it is not on it.

        The longest prefix with a row in force wins; it may have several (two metals). Raises ``HsCodeError`` for what
        is no code.
        """
        digits = normalise(code)
        for length in range(len(digits), 1, -1):
            rows = tuple(entry for entry in self.entries.get(digits[:length], ()) if _in_force(entry, on))
            if rows:
                return rows
        return ()

    def under(self, prefix: str) -> tuple[ListEntry, ...]:
        """Return every row whose prefix begins with ``prefix``: a code too short to decide may hold some of them."""
        return tuple(entry for key in sorted(self.entries) if key.startswith(prefix) for entry in self.entries[key])


def _in_force(entry: ListEntry, on: date) -> bool:
    return (entry.effective is None or entry.effective <= on) and (entry.until is None or on <= entry.until)


def _shared(one: str, other: str) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length
