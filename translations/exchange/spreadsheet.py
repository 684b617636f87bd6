"""Units of a memory as a table: CSV that Excel, LibreOffice and people can open, and that is read back without loss.

A cell that a program could take for a formula gets an apostrophe before it, and loses one when it is read.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Final

from translations.exchange import fields
from translations.exchange.errors import ExchangeError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from translations.memory import Unit

MOST_BYTES: Final = 50_000_000
_NEEDED: Final = ("source", "target", "source_locale", "target_locale")
_DELIMITERS: Final = (",", ";", "\t")
# = + - @ and their wide twins begin a formula, and a tab or line end before one is looked over.
_FORMULA: Final = re.compile("'*[=+\\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
_GUARDED: Final = re.compile("'+[=+\\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")


@dataclass(frozen=True, slots=True)
class Table:
    """What a file held: its units, and the columns that no unit has a place for, by name."""

    units: tuple[Unit, ...]
    unknown: tuple[str, ...] = ()


def text(units: Iterable[Unit]) -> str:
    """Return units as CSV with a header; save it as UTF-8, with a mark (``utf-8-sig``) if Excel is to open it."""
    file = StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(fields.NAMES)
    for unit in units:
        row = fields.values(unit)
        cells = [row.get(name, "") for name in fields.NAMES]
        if any("\x00" in cell for cell in cells):
            raise ExchangeError("unwritable", f"unit {unit.id}", "a table cannot hold the sign U+0000; take it out")
        writer.writerow([f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells])
    return file.getvalue()


def read(data: bytes, *, most_bytes: int = MOST_BYTES) -> Table:
    """Read a table in UTF-8, or UTF-16 with its mark; commas, semicolons or tabs part its cells.

    The first row names the columns, in any order and case: source, target, source_locale and target_locale are needed.
    """
    if len(data) > most_bytes:
        raise ExchangeError("size", "", f"more than {most_bytes:,} bytes; split the file")
    content = _decoded(data)
    first = content.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = csv.reader(StringIO(content, newline=""), delimiter=delimiter, strict=True)
    found: list[Unit] = []
    try:
        names = [name.strip().casefold() for name in next(rows, [])]
        _checked(names)
        for row in rows:
            if not any(row):
                continue
            where = f"line {rows.line_num}"
            if len(row) != len(names):
                raise ExchangeError(
                    "syntax", where, f"{len(row)} cells under {len(names)} columns; put quotes around texts"
                )
            cells = [cell[1:] if _GUARDED.match(cell) else cell for cell in row]
            try:
                found.append(fields.unit(dict(zip(names, cells, strict=True))))
            except ExchangeError as error:
                raise ExchangeError(error.reason, where, error.message) from error
    except csv.Error as error:
        reason = "size" if "limit" in str(error) else "syntax"
        raise ExchangeError("size" if reason == "size" else "syntax", f"line {rows.line_num}", str(error)) from error
    return Table(tuple(found), tuple(name for name in names if name not in fields.NAMES))


def _checked(names: list[str]) -> None:
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise ExchangeError(
            "content", "line 1", f"there is no column {', '.join(missing)}; the first row names the columns"
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ExchangeError("content", "line 1", f"{', '.join(twice)} stands there twice; keep one")


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ExchangeError(
            "encoding", f"byte {error.start + 1}", "no text in UTF-8; save the table as “CSV UTF-8”"
        ) from error
