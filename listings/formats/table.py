"""Tables of delimited text: read row by row, written, and their cells kept from being run as formulas.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a return. On its way out such a text
gets an apostrophe before it, on its way in it loses one; a number with a minus is none.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Final

from listings.formats.port import FileRefusedError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TextIO

DELIMITERS: Final = (",", ";", "\t", "|")
# A line that is longer is no line of a catalogue; it would be held in memory whole.
MAX_LINE: Final = 1 << 20
_RUNS: Final = re.compile(r"'*[=+\-@\t\r]")
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")
_NEGATIVE: Final = re.compile(r"-[0-9]+(\.[0-9]+)?")


def defused(text: str) -> str:
    """Return a cell that no spreadsheet runs.

    >>> defused("=cmd()"), defused("-5"), defused("'=x")
    ("'=cmd()", '-5', "''=x")
    """
    return f"'{text}" if _RUNS.match(text) and not _NEGATIVE.fullmatch(text) else text


def undone(text: str) -> str:
    """Return what :func:`defused` was given.

    >>> undone("'=cmd()"), undone("'tis")
    ('=cmd()', "'tis")
    """
    return text[1:] if _GUARDED.match(text) else text


def rows(lines: TextIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Return the rows with their numbers as a spreadsheet counts them; ``FileRefusedError`` names a broken one.

    After a broken quote nobody knows where the next row begins, so that nothing of the file is taken.
    """
    reader = csv.reader(_lines(lines), delimiter=delimiter, strict=True)
    row = 0
    while True:
        row += 1
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise FileRefusedError(Problem("quote", row, values={"line": str(line)})) from None
        except UnicodeError:
            raise FileRefusedError(Problem("encoding_broken", row)) from None
        if any(cells):
            yield row, [undone(cell) for cell in cells]


def _lines(lines: TextIO) -> Iterator[str]:
    number = 0
    while line := lines.readline(MAX_LINE):
        number += 1
        if len(line) >= MAX_LINE:
            raise FileRefusedError(Problem("line_too_long", values={"line": str(number)}))
        yield line


def write(out: TextIO, header: Sequence[str], table: Iterable[Sequence[str]]) -> None:
    """Write a table whose cells cannot be run; the rows end as the standard says, with CR LF."""
    writer = csv.writer(out)
    writer.writerow([defused(name) for name in header])
    for cells in table:
        writer.writerow([defused(cell) for cell in cells])


def joined(values: Iterable[str]) -> str:
    r"""Return a list in one cell, a comma inside a value written ``\,``.

    >>> joined(["algodón, pima", "azul"])
    'algodón\\, pima, azul'
    """
    return ", ".join(value.replace("\\", "\\\\").replace(",", "\\,") for value in values)


def split(cell: str) -> list[str]:
    r"""Return the values of a cell that :func:`joined` wrote.

    >>> split(r"algodón\, pima, azul")
    ['algodón, pima', 'azul']
    """
    found: list[str] = []
    for part in re.findall(r"(?:\\.|[^,\\]|\\$)+", cell, re.DOTALL):
        value = re.sub(r"\\([,\\])", r"\1", part).strip()
        if value:
            found.append(value)
    return found
