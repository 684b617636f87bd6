"""Duty bands: the lowest, usual and highest rate per code, for where no official schedule is loaded.

A band whose lowest and highest rate agree, and that leaves no line out, is the rate itself: every line of the official
schedule under that code carries it.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from landed_cost.rulebook.reader import RulebookError

_RATES = ("min", "typical", "max")
_ADDRESS = re.compile(r"https?://[^\s,;)]+")


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


@dataclass(frozen=True, slots=True)
class Bands:
    """All bands of a destination; ``source`` is what the first line of the file names, ``url`` the address in it."""

    source: str
    url: str
    rows: Mapping[str, Band]

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
    """Read a file of bands: a comment line with the source, a header, one row per code."""
    rows: dict[str, Band] = {}
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(file)
    comments = 0
    while comments < len(lines) and lines[comments].startswith("#"):
        comments += 1
    if not comments:
        raise RulebookError(f"{path.name}:1", "the first line must name the source; begin it with #")
    source = " ".join(line.lstrip("# ").strip() for line in lines[:comments])
    reader = csv.DictReader(lines[comments:])
    names = reader.fieldnames or []
    code_column = names[0] if names else ""
    for column in _RATES:
        if column not in names:
            raise RulebookError(f"{path.name}:{comments + 1}", f"column {column} is missing; needed: code,min,typical,max")
    for number, row in enumerate(reader, comments + 2):
        place = f"{path.name}:{number}"
        prefix = row[code_column]
        if not prefix.isdigit():
            raise RulebookError(place, f"{prefix!r} is not an HS prefix; write digits only")
        if prefix in rows:
            raise RulebookError(place, f"{prefix} stands twice; keep one")
        rows[prefix] = _band(prefix, row, code_column, place)
    address = _ADDRESS.search(source)
    title = source[: address.start()] if address else source
    return Bands(title.strip(" ,;:"), address[0] if address else "", rows)


def _band(prefix: str, row: Mapping[str, str], code_column: str, place: str) -> Band:
    lines = int(row.get("lines") or 0)
    open_lines = int(row.get("other_lines") or 0)
    try:
        rates = [Decimal(row[name]) if row[name] else None for name in _RATES]
        others = {
            name: value
            for name, value in row.items()
            if name not in (*_RATES, code_column, "lines", "adval_lines", "other_lines") and value
        }
        free = {name: value for name, value in others.items() if value in ("a", "s", "n")}
        extra = {name: Decimal(value) for name, value in others.items() if name not in free}
    except InvalidOperation:
        raise RulebookError(place, "a rate is not a number; write digits with a decimal point") from None
    low, typical, high = rates
    if low is None or typical is None or high is None:
        zero = Decimal(0)
        return Band(prefix, lines, max(open_lines, 1), zero, zero, zero, free, extra)
    if not low <= typical <= high:
        raise RulebookError(place, f"rates must rise: min {low}, typical {typical}, max {high}")
    return Band(prefix, lines, open_lines, low, typical, high, free, extra)
