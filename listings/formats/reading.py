"""A file of listings, opened: its encoding, delimiter and format told, its products brought together, its drafts read.

Memory is bounded by the widest product, not by the length of the file: the records lie in a :class:`Spool`.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

from listings.formats import jsons, table
from listings.formats.decoding import encoding_of
from listings.formats.numbers import Signs
from listings.formats.port import Draft, FileRefusedError, Options, Problem, Sheet
from listings.formats.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import BinaryIO, TextIO

    from listings.formats.port import Format, Group, Record

# Under this key a record holds how many cells its row has, where that is not as many as the header.
_CELLS: Final = ""
# The name in a record of a column without a header.
_NAMELESS: Final = "#"


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is: format, encoding, delimiter, and what each column is taken for (``""``: nothing)."""

    format: Format
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    columns: Mapping[str, str]


class Reading:
    """An opened file; use it as a context, its spool goes with it."""

    def __init__(self, found: Recognised, sheet: Sheet, spool: Spool, notes: tuple[Problem, ...]) -> None:
        self.found = found
        self.sheet = sheet
        self.notes = notes
        self._spool = spool

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._spool.close()

    @property
    def total(self) -> int:
        """How many products there are."""
        return self._spool.products

    @property
    def last_row(self) -> int:
        """The number of the last row."""
        return self._spool.last_row

    def drafts(self, start: int = 0) -> Iterator[Draft]:
        """Return the products after the first ``start``, in the order of their first rows."""
        for is_orphan, rows in self._spool.groups(start):
            yield self._draft(rows, is_orphan=is_orphan)

    def _draft(self, rows: list[tuple[int, Record]], *, is_orphan: bool) -> Draft:
        draft = self.found.format.draft(rows, self.sheet)
        problems = list(draft.problems)
        for row, record in rows:
            if _CELLS in record:
                values = {"cells": str(record[_CELLS]), "header": str(sum(map(bool, self.found.header)))}
                problems.append(Problem("cells", row, None, values))
            if is_orphan:
                problems.append(Problem("parent_missing", row, self.sheet.headers.get("parent")))
            for sku in self.found.format.group(record, row).skus:
                first = self._spool.first_row(sku)
                if first is not None and first != row:
                    column = self.sheet.headers.get("sku")
                    problems.append(Problem("sku_twice", row, column, {"sku": sku, "first": str(first)}))
        return replace(draft, problems=tuple(problems))


def recognised(
    file: BinaryIO, formats: Mapping[str, Format], *, name: str | None = None, options: Options | None = None
) -> Recognised:
    """Return what a file is, by its first bytes and its header; ``FileRefusedError`` where it is nothing known."""
    encoding = encoding_of(file)
    candidates = [one for known, one in sorted(formats.items()) if name in {None, known}]
    head = _head(file, encoding)
    if not head:
        raise FileRefusedError(Problem("empty"))
    if head[0] in "[{":
        for one in candidates:
            if one.kind == "json":
                return Recognised(one, encoding, "", (), {})
        raise FileRefusedError(Problem("format_unknown", values={"columns": head[0]}))
    headers = _headers(file, encoding)
    best: tuple[int, Recognised] | None = None
    for delimiter, header in headers.items():
        for one in candidates:
            columns = _columns(one, header, {} if options is None else options.columns)
            score = sum(1 for field in columns.values() if field)
            is_known = one.kind == "table" and (name is not None or one.is_its_own(columns))
            if score and is_known and (best is None or score > best[0]):
                best = (score, Recognised(one, encoding, delimiter, tuple(header), columns))
    if best is None:
        widest = max(headers.values(), key=len)
        raise FileRefusedError(Problem("format_unknown", 1, values={"columns": ", ".join(widest[:12])[:200]}), widest)
    _check(best[1])
    return best[1]


def _columns(one: Format, header: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """Return what each column is taken for: as a person said, else as the format knows it, else for nothing."""
    columns = dict.fromkeys(header, "") | one.columns(header)
    return columns | {column: field for column, field in given.items() if column in columns}


def _head(file: BinaryIO, encoding: str) -> str:
    with _text(file, encoding) as text:
        try:
            return text.read(1 << 16).lstrip()
        except UnicodeError:
            raise FileRefusedError(Problem("encoding_broken")) from None


def _headers(file: BinaryIO, encoding: str) -> dict[str, list[str]]:
    """Return the header by delimiter; quotes that are broken with one may be whole with another."""
    found = {}
    for delimiter in table.DELIMITERS:
        try:
            found[delimiter] = _header(file, encoding, delimiter)
        except FileRefusedError:
            if delimiter == table.DELIMITERS[-1] and not found:
                raise
    return found


def opened(
    file: BinaryIO, formats: Mapping[str, Format], *, name: str | None = None, options: Options | None = None
) -> Reading:
    """Read a file to its end and return it open; ``FileRefusedError`` where a part of it cannot be read at all."""
    options = options or Options()
    found = recognised(file, formats, name=name, options=options)
    signs = Signs(options.decimal, found.format.signs)
    headers = {field: column for column, field in found.columns.items() if field}
    others = tuple(column for column, field in found.columns.items() if not field and column)
    sheet = Sheet(options, headers, signs, others)
    assumed = Problem("encoding_assumed", values={"encoding": found.encoding}, is_note=True)
    spool = Spool()
    try:
        with _text(file, found.encoding) as text:
            spool.load(_records(text, found, signs))
        _check_filled(spool)
    except BaseException:
        spool.close()
        raise
    notes = [assumed] if found.encoding in {"cp1252", "latin-1"} else []
    return Reading(found, sheet, spool, (*notes, *found.format.notes(sheet)))


def _check_filled(spool: Spool) -> None:
    if not spool.products:
        raise FileRefusedError(Problem("empty"))


def _records(text: TextIO, found: Recognised, signs: Signs) -> Iterator[tuple[int, Group, Record]]:
    for row, record in _items(text) if found.format.kind == "json" else _cells(text, found):
        for kind, number in found.format.numbers(record):
            signs.see(kind, number)
        yield row, found.format.group(record, row), record


def _items(text: TextIO) -> Iterator[tuple[int, Record]]:
    for row, item in jsons.items(text):
        if not isinstance(item, dict):
            raise FileRefusedError(Problem("json_no_item", row))
        yield row, item


def _cells(text: TextIO, found: Recognised) -> Iterator[tuple[int, Record]]:
    names = [found.columns[column] or f"#{column}" for column in found.header]
    rows = table.rows(text, found.delimiter)
    # The header is known already, with its commas put right.
    next(rows)
    for row, cells in rows:
        record: dict[str, Any] = dict(zip(names, cells, strict=False))
        beyond = [cell for name, cell in zip(names, cells, strict=False) if name == _NAMELESS] + cells[len(names) :]
        if len(cells) < len(names) or any(beyond):
            record[_CELLS] = len(cells)
            record |= dict.fromkeys(names[len(cells) :], "")
        yield row, record


def _header(file: BinaryIO, encoding: str, delimiter: str) -> list[str]:
    with _text(file, encoding) as text:
        _, cells = next(table.rows(text, delimiter), (0, []))
    return _with_commas([cell.strip() for cell in cells], delimiter)


def _with_commas(cells: list[str], delimiter: str) -> list[str]:
    """Return a header in which ``GTIN, UPC, EAN o ISBN`` was not quoted with that column whole again."""
    if delimiter == "," and "GTIN" in cells:
        at = cells.index("GTIN")
        for length in (3, 4):
            part = cells[at : at + length]
            if len(part) == length and part[-1].endswith("ISBN"):
                return [*cells[:at], ", ".join(part), *cells[at + length :]]
    return cells


def _check(found: Recognised) -> None:
    seen: dict[str, str] = {}
    for column in found.header:
        name = found.columns[column] or column
        if name and (name in seen):
            values = {"column": column, "other": seen[name]}
            raise FileRefusedError(Problem("column_twice", 1, column, values))
        seen[name] = column


def _text(file: BinaryIO, encoding: str) -> _Text:
    file.seek(0)
    return _Text(file, encoding)


class _Text(io.TextIOWrapper):
    """A text over a file that stays open when the text is done with."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        super().__init__(file, encoding=encoding, newline="")

    def __exit__(self, *_: object) -> None:
        self.detach()
