"""CSV files of tariffs, read strictly: every fault is kept with its line, and all of them are told at once."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from landed_cost.schedules.errors import ScheduleError
from landed_cost.schedules.importer import SourceFile

_SHOWN: Final = 10
_DECIMAL: Final = re.compile(r"\d{1,12}(\.\d{1,12})?")


@dataclass(slots=True)
class Problems:
    """The faults of a file, in order."""

    path: Path
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, problem: str) -> None:
        """Keep a fault of ``line``."""
        self.found.append((line, problem))

    def stop(self) -> None:
        """Raise ``ScheduleError`` for what was found: the first fault with its place, and the next ones behind it."""
        if not self.found:
            return
        (line, problem), *others = self.found
        more = "".join(f"\n{self.path}: line {number}: {text}" for number, text in others[: _SHOWN - 1])
        if len(others) >= _SHOWN:
            more += f"\n{self.path}: and {len(others) - _SHOWN + 1} more"
        faults = tuple(f"line {number}: {text}" for number, text in self.found)
        raise ScheduleError(self.path, f"line {line}", problem + more, faults)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row by column, blanks at both ends removed, with the number of its last line."""

    line: int
    values: dict[str, str]
    problems: Problems

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def fail(self, column: str, advice: str) -> None:
        """Keep a fault of one cell."""
        self.problems.add(self.line, f"{column} is {self[column]!r}; {advice}")

    def decimal(self, column: str, highest: int | None = None) -> Decimal | None:
        """Return the number in a cell, ``None`` for a blank one or a fault, which is kept."""
        text = self[column]
        if not text:
            return None
        if _DECIMAL.fullmatch(text) is None:
            self.fail(column, "write a number with a decimal point, such as 12.5")
            return None
        value = Decimal(text)
        if highest is not None and value > highest:
            self.fail(column, f"write at most {highest}")
            return None
        return value

    def day(self, column: str) -> date | None:
        """Return the date in a cell, ``None`` for a blank one or a fault, which is kept."""
        text = self[column]
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.fail(column, "write a date as YYYY-MM-DD")
            return None

    def one_of(self, column: str, allowed: tuple[str, ...]) -> str:
        """Return a word out of ``allowed`` (or a blank); anything else is kept as a fault."""
        text = self[column]
        if text and text not in allowed:
            self.fail(column, f"write one of {', '.join(allowed)}")
        return text


def read_rows(
    source: SourceFile,
    problems: Problems,
    *,
    needed: tuple[str, ...],
    optional: tuple[str, ...] = (),
    prefix: str | None = None,
) -> Iterator[Cells]:
    """Yield the rows of a CSV file with a header; columns may stand in any order.

    ``needed`` columns must be there, ``optional`` ones and those that begin with ``prefix`` may; others are a fault.
    Raises ``ScheduleError`` for a header or a file that cannot be read at all.
    """
    lines = _numbered(source)
    _, header = next(lines, (1, []))
    header = [name.strip() for name in header]
    _check_header(header, source.path, needed, optional, prefix)
    for line, cells in lines:
        if cells and len(cells) != len(header):
            problems.add(line, f"has {len(cells)} cells where the header has {len(header)}; quote commas")
        elif cells:
            values = {name: " ".join(cell.split()) for name, cell in zip(header, cells, strict=True)}
            yield Cells(line, values, problems)


def _numbered(source: SourceFile) -> Iterator[tuple[int, list[str]]]:
    lines = csv.reader(io.StringIO(source.text(), newline=""), strict=True)
    while True:
        try:
            cells = next(lines, None)
        except csv.Error as error:
            problem = f"is no CSV ({error}); close every quotation mark"
            raise ScheduleError(source.path, f"line {lines.line_num}", problem) from error
        if cells is None:
            return
        yield lines.line_num, cells


def _check_header(
    header: list[str],
    path: Path,
    needed: tuple[str, ...],
    optional: tuple[str, ...],
    prefix: str | None,
) -> None:
    known = (*needed, *optional)
    missing = [name for name in needed if name not in header]
    if missing:
        raise ScheduleError(path, "line 1", f"the header lacks {', '.join(missing)}; write {','.join(needed)}")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise ScheduleError(path, "line 1", f"the header has {', '.join(twice)} more than once; keep one")
    for name in header:
        if name not in known and not (prefix and name.startswith(prefix) and len(name) > len(prefix)):
            near = get_close_matches(name, known, n=1)
            advice = f"write {near[0]}" if near else f"known are {', '.join(known)}"
            raise ScheduleError(path, "line 1", f"there is no column {name!r}; {advice}")


def decimal_text(value: Decimal) -> str:
    """Return a number without exponent and without zeros at the end.

    >>> decimal_text(Decimal("35.00")), decimal_text(Decimal("100"))
    ('35', '100')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
