"""A person's sheet of events, read strictly: everything wrong in it is told at once, by row and column.

Columns: ``number``, ``time`` and ``status``, and if wanted ``zone``, ``place``, ``country``, ``text``. Commas,
semicolons or tabs; UTF-8, UTF-16 or Windows-1252. Days as ISO has them, or with day and month in an order that the
column itself proves. What a spreadsheet made of a day or of a long number is refused, and what it may have been is
told: it is never taken for it.
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from landed_cost.cells import TableError, TableReader
from landed_cost.countries import is_country
from listings.formats.decoding import encoding_of
from shopkit.tracking.events import RawEvent
from shopkit.tracking.numbers import recognise
from shopkit.tracking.plain import Brought, word_of
from shopkit.tracking.port import Told

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME: Final = "csv"
TRACKER: Final = Brought(NAME, pushes=False)
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)
_EPOCH: Final = date(1899, 12, 30)
_MAC_EPOCH: Final = date(1904, 1, 1)
_ORDERED: Final = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})(?:[ T,]+(.+))?", re.ASCII)
_ISO: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]+(.+))?", re.ASCII)
_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:\s*([ap])\.?\s?m\.?)?", re.ASCII | re.IGNORECASE)
_OFFSET: Final = re.compile(r"(.*[0-9])\s*(Z|[+-][0-9]{2}:?[0-9]{2})", re.ASCII)
_SERIAL: Final = re.compile(r"([0-9]{5})(?:[.,][0-9]+)?", re.ASCII)
_SCIENTIFIC: Final = re.compile(r"[0-9][.,][0-9]+[Ee]\+?[0-9]+", re.ASCII)
_MAX_CHARS: Final = 2_000
_NOON: Final = 12
# Which comes first in a column of days: the day, or the month.
_ORDERS: Final = ("dmy", "mdy")


def read(data: bytes, *, now: datetime) -> tuple[Told, ...]:
    """Return what a sheet tells of each number, in the order of their first rows; ``TableError`` says what is wrong."""
    found: dict[str, list[RawEvent]] = {}
    for _, number, event in rows(data, now=now):
        found.setdefault(number, []).append(event)
    return tuple(Told(number, "told", tuple(events)) for number, events in found.items())


def rows(data: bytes, *, now: datetime) -> list[tuple[int, str, RawEvent]]:
    """Return each row of a sheet by itself: as a spreadsheet counts it, its number and what it tells."""
    text = _decoded(data)
    reader = TableReader(
        {"number": _number, "time": _time, "status": _status},
        {"zone": _zone, "place": _text, "country": _country, "text": _text},
        _delimiter(text),
    )
    read_ = list(reader.rows(text))
    order = _order([cells["time"] for _, cells in read_])
    found: list[tuple[int, str, RawEvent]] = []
    for row, cells in read_:
        when = _settled(cells["time"], order)
        if when is None:
            reader.complain(row, "time", f"{cells['time']!r} may be two days; write it as {_both(cells['time'])}")
            continue
        event = RawEvent(
            NAME,
            now,
            code=cells["status"],
            text=cells.get("text"),
            time=when,
            zone=cells.get("zone"),
            place=cells.get("place"),
            country=cells.get("country"),
            body=cells,
        )
        found.append((row, cells["number"], event))
    reader.stop()
    return found


def _decoded(data: bytes) -> str:
    encoding = encoding_of(io.BytesIO(data))
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        reader = TableReader({})
        reader.complain(1, "-", "this is no text; save the sheet as CSV in UTF-8")
        raise TableError(tuple(reader.problems))
    return text.removeprefix("\ufeff")


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


# Cells.


def _number(cell: str) -> str:
    if _SCIENTIFIC.fullmatch(cell):
        raise ValueError(
            f"{cell!r} is what a spreadsheet made of a long number; make the column text and paste it again"
        )
    found = recognise(cell)
    if found.is_valid is False:
        meant = f"; you may have meant {', '.join(found.did_you_mean[:3])}" if found.did_you_mean else ""
        raise ValueError(f"{cell[:64]!r} is no tracking number ({found.problem}){meant}")
    return found.number


def _status(cell: str) -> str:
    code = word_of(cell[:_MAX_CHARS])
    if code is None:
        raise ValueError(
            f"{cell[:64]!r} is no status; write one such as posted, in customs, delivered, or a code of EMSEVT"
        )
    return code


def _zone(cell: str) -> str:
    try:
        return ZoneInfo(cell).key
    except (ValueError, OSError, KeyError):
        raise ValueError(f"{cell[:64]!r} is no zone; write one such as America/Guatemala") from None


def _country(cell: str) -> str:
    if not is_country(cell.upper()):
        raise ValueError(f"{cell[:64]!r} is no country; write two letters, such as GT")
    return cell.upper()


def _text(cell: str) -> str:
    if len(cell) > _MAX_CHARS:
        raise ValueError(f"longer than {_MAX_CHARS} characters")
    return cell


def _time(cell: str) -> str:
    """Return a time as it was written, if any reading of it is one."""
    if serial := _SERIAL.fullmatch(cell):
        days = timedelta(days=int(serial[1]))
        raise ValueError(
            f"{cell!r} is a spreadsheet's number, of {_EPOCH + days}, or {_MAC_EPOCH + days} by some; write that"
        )
    if not _readings(cell):
        raise ValueError(f"{cell[:64]!r} is no time; write one such as 2026-01-31 14:05")
    return cell


# Days and clocks.


def _readings(cell: str) -> dict[str, str]:
    """Return the times in ISO 8601 that a cell may mean, by the order of its day and month."""
    if iso := _ISO.fullmatch(cell):
        return dict.fromkeys(_ORDERS, found) if (found := _iso(iso[1], iso[2])) else {}
    if not (ordered := _ORDERED.fullmatch(cell)):
        return {}
    first, _, second, year, clock = ordered.groups()
    days = {"dmy": f"{year}-{second:0>2}-{first:0>2}", "mdy": f"{year}-{first:0>2}-{second:0>2}"}
    return {order: found for order, day in days.items() if (found := _iso(day, clock))}


def _iso(day: str, clock: str | None) -> str | None:
    try:
        on = date.fromisoformat(day)
        if not _EARLIEST <= on < _LATEST:
            return None
        if clock is None:
            return day
        offset = _OFFSET.fullmatch(clock)
        if not (read := _CLOCK.fullmatch(offset[1] if offset else clock)):
            return None
        hour, half = int(read[1]), (read[4] or "").lower()
        if half and not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half == "p" else 0) if half else hour
        shown = datetime.combine(on, time(hour, int(read[2]), int(read[3] or 0))).isoformat()
        return datetime.fromisoformat(f"{shown}{offset[2] if offset else ''}").isoformat()
    except ValueError:
        return None


def _order(cells: Iterable[str]) -> str | None:
    """Return the order of day and month that all cells of a column allow, ``None`` where both are possible, or none."""
    possible = set(_ORDERS)
    for cell in cells:
        possible &= set(_readings(cell))
    return possible.pop() if len(possible) == 1 else None


def _settled(cell: str, order: str | None) -> str | None:
    readings = _readings(cell)
    if len(set(readings.values())) == 1:
        return next(iter(readings.values()))
    return None if order is None else readings.get(order)


def _both(cell: str) -> str:
    return " or ".join(sorted(set(_readings(cell).values())))
