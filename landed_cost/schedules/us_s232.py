"""The list of articles under the US metals duties (Section 232), as a CSV of prefixes by annex.

It is a list beside the schedule, not a schedule: a prefix of 4 to 10 digits, the annex that it stands in, the metal,
and from which day. Annex 2 holds what was taken *out* of the duty.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, Final

from landed_cost.hs import HsCodeError, normalise
from landed_cost.schedules.csvfile import Problems, read_rows
from landed_cost.schedules.errors import ScheduleError
from landed_cost.schedules.importer import ParsedList, SourceFile, StatedImporter
from landed_cost.schedules.model import ListEntry, ProductList

LIST: Final = "us.s232"

_COLUMNS: Final = ("hts_prefix", "annex", "metal_type", "effective_date")
_METALS: Final = ("steel", "aluminum", "copper")
_ANNEXES: Final = ("1a", "1b", "1c", "2", "3")


class UsSection232(StatedImporter):
    """Reads a CSV with the columns ``hts_prefix,annex,metal_type,source,effective_date``."""

    name: ClassVar[str] = "us-s232"
    of = ("US",)
    sentence = "Articles under the US duties on steel, aluminum and copper (Section 232), CSV of prefixes by annex"

    def read(self, path: Path) -> ParsedList:
        """Return the list; ``ScheduleError`` names every line at fault. The attributes are annex, metal, source."""
        source = SourceFile.open(path)
        problems = Problems(path)
        entries: dict[str, list[ListEntry]] = {}
        counts: Counter[str] = Counter()
        seen: dict[tuple[str, str, str], int] = {}
        for cells in read_rows(source, problems, needed=_COLUMNS, optional=("source",)):
            counts["rows"] += 1
            prefix, annex = _prefix(cells["hts_prefix"]), cells.one_of("annex", _ANNEXES)
            metal, effective = cells.one_of("metal_type", _METALS), cells.day("effective_date")
            if prefix is None:
                cells.fail("hts_prefix", "write 4, 6, 8 or 10 digits")
                continue
            empty = [column for column in _COLUMNS if not cells[column]]
            if empty:
                problems.add(cells.line, f"{empty[0]} is empty; every row says prefix, annex, metal and date")
            key = (prefix, metal, cells["effective_date"])
            if seen.setdefault(key, cells.line) != cells.line:
                problems.add(cells.line, f"says {prefix} {metal} of one day again, as line {seen[key]}; keep one")
            attributes = {"annex": annex, "metal": metal, "source": cells["source"]}
            entries.setdefault(prefix, []).append(ListEntry(prefix, attributes, effective))
            counts[f"annex {annex}"] += 1
        problems.stop()
        if not entries:
            raise ScheduleError(path, "", "has no rows; a list that is over is removed, not emptied")
        first = min(entry.effective for rows in entries.values() for entry in rows if entry.effective)
        last = max(entry.effective for rows in entries.values() for entry in rows if entry.effective)
        products = ProductList(
            id=LIST,
            country=self.country,
            title="US Section 232, articles by annex",
            url=self._stated.url or "https://hts.usitc.gov/",
            effective=self._stated.effective or first,
            imported_at="",
            sha256=source.sha256,
            known_until=self._stated.known_until or last,
            entries={prefix: _closed(rows) for prefix, rows in entries.items()},
        )
        return ParsedList(products, dict(counts))


def _closed(rows: list[ListEntry]) -> tuple[ListEntry, ...]:
    """End each row on the day before the same metal begins anew under the same prefix."""
    closed = []
    for row in rows:
        later = [
            other.effective
            for other in rows
            if other.effective
            and row.effective
            and other.effective > row.effective
            and other.attributes["metal"] == row.attributes["metal"]
        ]
        closed.append(replace(row, until=min(later) - timedelta(days=1)) if later else row)
    return tuple(closed)


def _prefix(text: str) -> str | None:
    try:
        digits = normalise(text)
    except HsCodeError:
        return None
    return digits if digits == text else None
