"""Tables with tabs as Google reads them: colons between parts of a field, commas between values, quotes if needed."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final

from listings.channels.port import UnreadableError, UnwritableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from listings.channels.port import Record

_BREAKS: Final = re.compile(r"[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_NEEDS_QUOTES: Final = re.compile(r'[:,"]')
_LONGEST_CELL: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field, its parts in their order, and whether it may hold several values."""

    name: str
    parts: tuple[str, ...] = ()
    several: bool = False

    @property
    def header(self) -> str:
        """What stands in the first line."""
        return f"{self.name}({':'.join(self.parts)})" if self.parts and self.several else self.name


def write(records: Iterable[Record], columns: tuple[Column, ...]) -> Iterator[bytes]:
    """Write a table; a field that has no column is refused, for it would be lost in silence."""
    known = {one.name for one in columns}
    yield ("\t".join(one.header for one in columns) + "\n").encode()
    for record in records:
        unknown = record.keys() - known
        if unknown:
            raise UnwritableError(f"no column for {', '.join(sorted(unknown))}")
        yield ("\t".join(_cell(record.get(one.name), one) for one in columns) + "\n").encode()


def read(source: IO[bytes], columns: tuple[Column, ...]) -> Iterator[Record]:
    """Read a table by its header; columns that are not known are fields of their own. ``UnreadableError``."""
    known = {one.name: one for one in columns}
    text = io.TextIOWrapper(source, "utf-8-sig", errors="strict", newline="")
    old = csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = csv.reader(text, delimiter="\t", strict=False)
        header = next(rows, None)
        if not header or not any(header):
            raise UnreadableError("line 1", "there is no header")
        names = [_column(one, known) for one in header]
        for row in rows:
            if not row:
                continue
            if len(row) > len(names):
                raise UnreadableError(f"line {rows.line_num}", f"{len(row)} cells, and the header has {len(names)}")
            yield {one.name: _value(cell.strip(), one) for one, cell in zip(names, row, strict=False) if cell.strip()}
    except UnicodeDecodeError as error:
        raise UnreadableError("", "the file is not UTF-8; save it as UTF-8") from error
    except csv.Error as error:
        raise UnreadableError("", str(error)) from error
    finally:
        csv.field_size_limit(old)
        text.detach()


def _column(header: str, known: dict[str, Column]) -> Column:
    name, opened, parts = header.strip().partition("(")
    name = name.strip().casefold().replace(" ", "_")
    one = known.get(name, Column(name))
    return Column(name, tuple(parts.rstrip(")").split(":")), one.several) if opened else one


def _cell(held: Any, column: Column) -> str:  # noqa: ANN401 - a field of a record
    if held is None:
        return ""
    values = held if isinstance(held, list) else [held]
    text = ",".join(_BREAKS.sub(" ", _said(one, column)) for one in values)
    # A cell that begins with a quote is read as one that is quoted whole.
    return f'"{_doubled(text)}"' if text.startswith('"') else text


def _said(one: Any, column: Column) -> str:  # noqa: ANN401 - a value of a field
    if isinstance(one, str):
        return one
    return ":".join(_part(one.get(name, "")) for name in column.parts)


def _part(text: str) -> str:
    return f'"{_doubled(text)}"' if _NEEDS_QUOTES.search(text) else text


def _doubled(text: str) -> str:
    return text.replace('"', '""')


def _value(cell: str, column: Column) -> Any:  # noqa: ANN401 - a field of a record
    if not column.parts:
        return cell.split(",") if column.several else cell
    values = [
        {name: text for name, text in zip(column.parts, _split(one, ":"), strict=False) if text}
        for one in (_pieces(cell, ",") if column.several else [cell])
    ]
    return values if column.several else values[0]


def _pieces(text: str, sign: str) -> list[str]:
    """Return what stands between signs that are outside of quotes, quotes as they are."""
    found, start, quoted = [], 0, False
    for at, one in enumerate(text):
        if one == '"':
            quoted = not quoted
        elif one == sign and not quoted:
            found.append(text[start:at])
            start = at + 1
    return [*found, text[start:]]


def _split(text: str, sign: str) -> list[str]:
    return [
        one[1:-1].replace('""', '"') if len(one) > 1 and one[0] == one[-1] == '"' else one
        for one in _pieces(text, sign)
    ]
