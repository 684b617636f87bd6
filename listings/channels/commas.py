"""Tables with commas: one header, one line for each row, quotes where RFC 4180 asks for them."""

from __future__ import annotations

import csv
import io
from typing import IO, TYPE_CHECKING, Final

from listings.channels.port import UnreadableError, UnwritableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

BOM: Final = "\ufeff".encode()
_LONGEST_CELL: Final = 1 << 20


def write(rows: Iterable[Mapping[str, str]], header: Sequence[str], *, mark: bool = False) -> Iterator[bytes]:
    """Write a table; a field without a column is refused, for it would be lost in silence.

    ``mark`` puts the byte order mark in front, which spreadsheets need to see UTF-8.
    """
    yield (BOM if mark else b"") + line(header)
    known = frozenset(header)
    for row in rows:
        if not row.keys() <= known:
            raise UnwritableError(f"no column for {', '.join(sorted(row.keys() - known))}")
        yield line([row.get(name, "") for name in header])


def line(cells: Sequence[str]) -> bytes:
    """Return one line of a table."""
    held = io.StringIO()
    csv.writer(held, lineterminator="\r\n").writerow(cells)
    return held.getvalue().encode()


def read(source: IO[bytes]) -> Iterator[dict[str, str]]:
    """Read the rows of a table by its header, blank cells left out. ``UnreadableError``."""
    text = io.TextIOWrapper(source, "utf-8-sig", errors="strict", newline="")
    old = csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = csv.reader(text, strict=True)
        header = next(rows, None)
        if not header or not any(header):
            raise UnreadableError("line 1", "there is no header")
        for row in rows:
            if len(row) > len(header):
                raise UnreadableError(f"line {rows.line_num}", f"{len(row)} cells, and the header has {len(header)}")
            if row:
                yield {name: cell for name, cell in zip(header, row, strict=False) if cell.strip()}
    except UnicodeDecodeError as error:
        raise UnreadableError("", "the file is not UTF-8; save it as UTF-8") from error
    except csv.Error as error:
        raise UnreadableError("", str(error)) from error
    finally:
        csv.field_size_limit(old)
        text.detach()
