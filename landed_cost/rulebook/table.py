"""Strict CSV beside the YAML of a rulebook: every row knows its file and line."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from sys import intern
from typing import Final

from landed_cost.rulebook.reader import RulebookError

_PREFIX: Final = re.compile(r"[0-9]{2,10}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells under the names of the header, and the place it stands in."""

    cells: dict[str, str]
    where: str

    def fail(self, message: str) -> RulebookError:
        """Return the error that names this row."""
        return RulebookError(self.where, message)

    def prefix(self, column: str) -> str:
        """Return the HS prefix in ``column``, 2 to 10 digits, or an error."""
        text = self.cells[column]
        if not is_prefix(text):
            raise self.fail(f"{text!r} is not an HS prefix; write 2 to 10 digits only")
        return text


@dataclass(frozen=True, slots=True)
class Table:
    """A whole file: what its comments say above the header, the header, the rows."""

    comments: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    where: str

    def fail(self, message: str) -> RulebookError:
        """Return the error that names the header."""
        return RulebookError(self.where, message)


def is_prefix(text: str) -> bool:
    """Return whether ``text`` can be the beginning of a tariff code.

    >>> is_prefix("6109"), is_prefix("61.09")
    (True, False)
    """
    return _PREFIX.fullmatch(text) is not None


def shorter_codes(prefixes: Iterable[str]) -> frozenset[str]:
    """Return every code that is too short to tell: the proper beginnings of the listed prefixes.

    >>> sorted(shorter_codes(["6109"]))
    ['61', '610']
    """
    return frozenset(intern(prefix[:length]) for prefix in prefixes for length in range(2, len(prefix)))


def read_table(path: Path) -> Table:
    """Read a file of comma-separated values; lines that begin with # and empty ones are skipped.

    A cell may be quoted but not run over several lines. ``RulebookError`` names file and line of a fault.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise RulebookError(path.name, f"byte {error.start} is not UTF-8; save the file as UTF-8") from None
    comments: list[str] = []
    header: tuple[str, ...] = ()
    place = f"{path.name}:1"
    rows: list[Row] = []
    for number, line in enumerate(lines, 1):
        where = f"{path.name}:{number}"
        if line.startswith("#"):
            if not header:
                comments.append(line.lstrip("# ").strip())
        elif line.strip():
            cells = _cells(line, where)
            if not header:
                header, place = tuple(cells), where
            elif len(cells) != len(header):
                raise RulebookError(where, f"{len(cells)} cells where the header has {len(header)}")
            else:
                rows.append(Row(dict(zip(header, cells, strict=True)), where))
    if not header:
        raise RulebookError(place, "the file has no header; write the names of the columns first")
    return Table(tuple(comments), header, tuple(rows), place)


def _cells(line: str, where: str) -> list[str]:
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise RulebookError(where, f"not CSV: {error}; close the quotation mark on the same line") from None
