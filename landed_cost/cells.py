"""Tables that sellers bring: CSV with named columns, read strictly, everything wrong told at once with its place."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Reads = Mapping[str, Callable[[str], Any]]

MOST_ROWS: Final = 10_000
_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)
_WHOLE: Final = re.compile(r"[0-9]{1,6}", re.ASCII)
_NAME: Final = re.compile(r"[\w .+-]{1,64}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One thing wrong in a file: the row as a spreadsheet counts it, the column, and what to write instead."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        """Row, column and message, for people."""
        return f"row {self.row}, {self.column}: {self.message}"


class TableError(ValueError):
    """A file is not the table that was asked for; ``problems`` lists everything wrong with it, row by row."""

    def __init__(self, problems: tuple[CellProblem, ...]) -> None:
        # Some things show only when every row was read: they stand with their row all the same.
        self.problems = tuple(sorted(problems, key=lambda one: one.row))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(slots=True)
class TableReader:
    """Reads rows by what each column holds, and remembers what was wrong with any.

    ``needed`` and ``optional`` say how a cell of each column is read, raising ``ValueError`` with what to write. An
    empty cell of an optional column is left out.
    """

    needed: Reads
    optional: Reads = field(default_factory=dict)
    delimiter: str = ","
    problems: list[CellProblem] = field(default_factory=list)

    def complain(self, row: int, column: str, message: str) -> None:
        """Remember one thing that is wrong."""
        self.problems.append(CellProblem(row, column, message))

    def stop(self) -> None:
        """Raise ``TableError`` if anything was wrong so far."""
        if self.problems:
            raise TableError(tuple(self.problems))

    def rows(self, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the number and the cells of each row that can be read."""
        table = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=self.delimiter, strict=True)
        try:
            lines = [(table.line_num, cells) for cells in table if any(cell.strip() for cell in cells)]
        except csv.Error as error:
            self.complain(table.line_num, "-", f"this is no CSV: {error}")
            return
        if len(lines) < 2:  # noqa: PLR2004 - names and one row
            self.complain(1, "-", f"write the names of the columns, {', '.join(self.needed)}, and at least one row")
            return
        names = [cell.strip().lower() for cell in lines[0][1]]
        if not self._header(names):
            return
        if len(lines) - 1 > MOST_ROWS:
            self.complain(lines[MOST_ROWS + 1][0], "-", f"at most {MOST_ROWS} rows")
            return
        for number, cells in lines[1:]:
            if len(cells) != len(names):
                self.complain(number, "-", f"{len(cells)} cells where the first row has {len(names)}")
                continue
            found = self._row(number, {name: cell.strip() for name, cell in zip(names, cells, strict=True)})
            if found is not None:
                yield number, found

    def _header(self, names: list[str]) -> bool:
        known = (*self.needed, *self.optional)
        for name in dict.fromkeys(names):
            if name not in known:
                self.complain(1, name or "-", f"unknown column; known are {', '.join(known)}")
            elif names.count(name) > 1:
                self.complain(1, name, "this column stands twice; keep one")
        for name in self.needed:
            if name not in names:
                self.complain(1, name, "this column is missing")
        return not self.problems

    def _row(self, number: int, cells: dict[str, str]) -> dict[str, Any] | None:
        before = len(self.problems)
        read: dict[str, Any] = {}
        for column, cell in cells.items():
            if not cell and column in self.optional:
                continue
            try:
                read[column] = (self.needed.get(column) or self.optional[column])(cell)
            except ValueError as error:
                self.complain(number, column, str(error))
        return read if len(self.problems) == before else None


def number(*, zero: bool) -> Callable[[str], Decimal]:
    """Return a reader of exact numbers, of nought too where ``zero``."""

    def read(cell: str) -> Decimal:
        if not _NUMBER.fullmatch(cell):
            raise ValueError(f"{cell!r} is not a number; write digits with a decimal point, like 0.5")
        if not zero and not Decimal(cell):
            raise ValueError("0 is not possible here; write more")
        return Decimal(cell)

    return read


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers within limits."""

    def read(cell: str) -> int:
        if not _WHOLE.fullmatch(cell) or not least <= int(cell) <= most:
            raise ValueError(f"{cell!r} is not a whole number from {least} to {most}")
        return int(cell)

    return read


def name(cell: str) -> str:
    """Read a name."""
    if not _NAME.fullmatch(cell):
        raise ValueError(f"{cell!r} is not a name; write 1 to 64 letters, digits, spaces, . + -")
    return cell


def day(cell: str) -> date:
    """Read a day of the calendar."""
    try:
        if _DAY.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise ValueError(f"{cell!r} is not a date; write YYYY-MM-DD")


def word(*known: str) -> Callable[[str], str]:
    """Return a reader of a word out of a closed list."""

    def read(cell: str) -> str:
        if cell not in known:
            raise ValueError(f"{cell!r} is not one of {', '.join(known)}")
        return cell

    return read
