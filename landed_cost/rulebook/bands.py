"""Duty bands: the lowest, usual and highest rate per code, for where no official schedule is loaded.

A band whose lowest and highest rate agree, and that leaves no line out, is the rate itself: every line of the official
schedule under that code carries it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Final

from landed_cost.model import Texts
from landed_cost.rulebook.reader import LANGUAGES
from landed_cost.rulebook.table import Row, read_table

_RATES: Final = ("min", "typical", "max")
_SPOKEN: Final = re.compile(r"(es|pt): (.+)")
_ADDRESS: Final = re.compile(r"https?://[^\s,;)]+")
_COUNTS: Final = ("lines", "other_lines")
_UNIVERSAL: Final = 6
_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Band:
    """Rates in percent for the codes under ``prefix``. ``open_lines``: lines with rates that are no percentage.

    ``free`` maps a programme symbol to ``a`` (all lines free under it), ``s`` (some) or ``n`` (none); ``extra`` holds
    further columns, such as ``ipi_min``.
    """

    prefix: str
    lines: int
    open_lines: int
    low: Decimal
    typical: Decimal
    high: Decimal
    free: Mapping[str, str]
    extra: Mapping[str, Decimal]

    @property
    def is_uniform(self) -> bool:
        """Whether every line under the code carries the same percentage."""
        return self.low == self.high and not self.open_lines and self.lines > 0

    @property
    def varies(self) -> bool:
        """Whether a further column has a lowest and a highest rate of its own."""
        return any(
            name.endswith("_max") and value != self.extra.get(f"{name[:-4]}_min") for name, value in self.extra.items()
        )


@dataclass(frozen=True)
class Bands:
    """All bands of a destination; ``source`` is what the comments of the file name, ``url`` the address in them."""

    source: str | Texts
    url: str
    rows: Mapping[str, Band]

    @cached_property
    def is_whole(self) -> bool:
        """Whether the rows go down to six digits, so that a code without one does not exist."""
        return any(len(prefix) == _UNIVERSAL for prefix in self.rows)

    def find(self, code: str) -> Band | None:
        """Return the band of the longest prefix of ``code``."""
        for length in range(len(code), 1, -1):
            band = self.rows.get(code[:length])
            if band is not None:
                return band
        return None

    def under(self, prefix: str) -> list[Band]:
        """Return the bands of all codes that begin with ``prefix``."""
        return [band for code, band in self.rows.items() if code.startswith(prefix)]


def read_bands(path: Path) -> Bands:
    """Read a file of bands: comment lines with the source, a header, one row per code.

    A comment that begins with ``es:`` or ``pt:`` names the source in that language, the others do in English.
    The first column is the code; ``lines`` and ``other_lines`` count, ``min``, ``typical`` and ``max`` are percent.
    """
    table = read_table(path)
    spoken = {found[1]: found[2] for one in table.comments if (found := _SPOKEN.fullmatch(one))}
    comment = " ".join(one for one in table.comments if not _SPOKEN.fullmatch(one))
    if not comment:
        raise table.fail("the source is not named; begin the file with a line # ...")
    for column in _RATES:
        if column not in table.header[1:]:
            raise table.fail(f"column {column} is missing; needed: code,min,typical,max")
    rows: dict[str, Band] = {}
    for row in table.rows:
        prefix = row.prefix(table.header[0])
        if prefix in rows:
            raise row.fail(f"{prefix} stands twice; keep one")
        rows[prefix] = _band(prefix, row, table.header[1:])
    address = _ADDRESS.search(comment)
    title = (comment[: address.start()] if address else comment).strip(" ,;:")
    if spoken and len(spoken) < len(LANGUAGES) - 1:
        raise table.fail(f"the source is named in {', '.join(spoken)} alone; add lines # es: ... and # pt: ...")
    return Bands({"en": title, **spoken} if spoken else title, address[0] if address else "", rows)


def _band(prefix: str, row: Row, columns: tuple[str, ...]) -> Band:
    lines, open_lines = (int(_number(row, name) or 0) for name in _COUNTS)
    low, typical, high = (_number(row, name) for name in _RATES)
    free: dict[str, str] = {}
    extra: dict[str, Decimal] = {}
    for name in columns:
        if name in _RATES or name in _COUNTS or name == "adval_lines" or not row.cells[name]:
            continue
        if row.cells[name] in ("a", "s", "n"):
            free[name] = row.cells[name]
        else:
            extra[name] = _number(row, name) or _ZERO
    if low is None or typical is None or high is None:
        return Band(prefix, lines, max(open_lines, 1), _ZERO, _ZERO, _ZERO, free, extra)
    if not low <= typical <= high:
        raise row.fail(f"rates must rise: min {low}, typical {typical}, max {high}")
    return Band(prefix, lines, open_lines, low, typical, high, free, extra)


def _number(row: Row, column: str) -> Decimal | None:
    """The number in a cell, ``None`` for an empty or absent one."""
    text = row.cells.get(column, "")
    if text and not _NUMBER.fullmatch(text):
        raise row.fail(f"{column} {text!r} is not a number; write digits with a decimal point")
    return Decimal(text) if text else None
