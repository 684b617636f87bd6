"""The tariffs of the European Union and of the United Kingdom of the turn of 2020 to 2021, in one CSV of the UK.

One row for each code of eight or ten digits, with the common external tariff in one column and the UK's in another, in
codes of the HS of 2017. Four flags say that a trade remedy, an old rate until its review is over, a suspension or a
tariff quota concerns the line; for which goods and origins they do not say. There are no preferences in it.
"""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import ClassVar, Final

from landed_cost.expressions import parse
from landed_cost.expressions.lexer import RateSyntaxError
from landed_cost.schedules.csvfile import Cells, Problems, read_rows
from landed_cost.schedules.errors import ScheduleError
from landed_cost.schedules.hs2017 import carry_over
from landed_cost.schedules.importer import ParsedSchedule, SourceFile, StatedImporter
from landed_cost.schedules.marks import QUOTA, REMEDY, SUSPENDED, TRANSITION, marks_of, other_rates, with_marks
from landed_cost.schedules.model import Edition, RateTexts
from landed_cost.schedules.table import Row

_CODE: Final = re.compile(r"\d{8}(\d{2})?")
_EU: Final = "cet_duty_rate"
_UK: Final = "ukgt_duty_rate"
_REMEDY: Final = "trade_remedy_applies"
_TRANSITION: Final = "cet_applies_until_trade_remedy_transition_reviews_concluded"
_SUSPENDED: Final = "suspension_applies"
_QUOTA: Final = "atq_applies"
_FLAGS: Final = (_REMEDY, _TRANSITION, _SUSPENDED, _QUOTA)
_COLUMNS: Final = ("commodity", "description", _EU, _UK, "change", *_FLAGS)
# Ten cells of the official file have lost their sign: "24 + 4.2 EUR/100 kg".
_NO_SIGN: Final = re.compile(r"(\d+(?:\.\d+)?)(?= (?:\+|MIN) )")
_CN8: Final = 8


class _TwoTariffs(StatedImporter):
    """What both columns have in common: the rows, the codes and the edition."""

    column: ClassVar[str]
    title: ClassVar[str]
    publisher: ClassVar[str]
    first_day: ClassVar[date]
    last_known: ClassVar[date]
    # The flags are the UK's; what they say holds for its own column.
    has_flags: ClassVar[bool]

    def read(self, path: Path) -> ParsedSchedule:
        """Return the schedule in codes of 2022; ``ScheduleError`` names every line at fault."""
        source = SourceFile.open(path)
        problems = Problems(path)
        rows: dict[str, Row] = {}
        seen: dict[str, int] = {}
        counts: Counter[str] = Counter()
        mended: list[str] = []
        for cells in read_rows(source, problems, needed=_COLUMNS):
            counts["rows"] += 1
            code = cells["commodity"]
            if _CODE.fullmatch(code) is None:
                cells.fail("commodity", "write 8 or 10 digits; a spreadsheet may have taken the leading zero")
                continue
            if seen.setdefault(code, cells.line) != cells.line:
                problems.add(cells.line, f"repeats {code} of line {seen[code]}; keep one of them")
            text, kind = _rate(cells, self.column)
            if text != cells[self.column]:
                mended.append(code)
            counts[kind] += 1
            rows[code] = Row(code, cells["description"], rates=RateTexts(text), extra=self._marked(cells))
        problems.stop()
        carried = carry_over(_of_whole(rows))
        remarks = [f"a sign of per cent was missing and put in: {', '.join(mended)}"] if mended else []
        edition = self._edition(source, len(carried.rows), is_empty=not rows)
        return ParsedSchedule(edition, carried.rows, None, dict(counts), (*remarks, *carried.remarks()))

    def _marked(self, cells: Cells) -> dict[str, str]:
        extra: dict[str, str] = {}
        flags = [flag for flag in _FLAGS if cells.one_of(flag, ("True", "False")) == "True"]
        for flag in _FLAGS:
            if not cells[flag]:
                cells.fail(flag, "write True or False")
        if not self.has_flags:
            return extra
        if _REMEDY in flags:
            extra = with_marks(extra, [REMEDY])
        if _TRANSITION in flags:
            old, _ = _rate(cells, _EU)
            extra = with_marks(extra, [TRANSITION], [old] if old != cells[self.column] else [])
        if _SUSPENDED in flags:
            extra = with_marks(extra, [SUSPENDED], ["0%"])
        if _QUOTA in flags:
            extra = with_marks(extra, [QUOTA], ["0%"])
        return extra

    def _edition(self, source: SourceFile, lines: int, *, is_empty: bool) -> Edition:
        stated = self._stated
        if is_empty:
            raise ScheduleError(source.path, "", "has no rows; take the whole table")
        effective = stated.effective or self.first_day
        return Edition(
            id=stated.edition or f"{self.name}-{effective.year}",
            country=self.country,
            title=f"{self.title} {effective.year}",
            publisher=self.publisher,
            url=stated.url or "https://github.com/uktrade/global-uk-tariff",
            effective=effective,
            hs_edition="HS 2017, carried over to HS 2022",
            imported_at="",
            sha256=source.sha256,
            lines=lines,
            status="reported",
            known_until=stated.known_until or stated.effective or self.last_known,
        )


class Uk(_TwoTariffs):
    """Reads the UK's column."""

    name: ClassVar[str] = "uk"
    of = ("GB",)
    sentence = "Global tariff of the United Kingdom of 2021, codes of the HS of 2017, CSV"
    column = _UK
    title = "UK Global Tariff"
    publisher = "UK Department for International Trade"
    first_day = date(2021, 1, 1)
    last_known = date(2021, 1, 27)
    has_flags = True


class Eu(_TwoTariffs):
    """Reads the column of the European Union, for a member state that the rulebook covers."""

    name: ClassVar[str] = "eu"
    of = ("ES", "PT")
    sentence = "Common external tariff of the European Union at the end of 2020, codes of the HS of 2017, CSV of the UK"
    column = _EU
    title = "EU common external tariff"
    publisher = "European Commission, as printed by the UK Department for International Trade"
    first_day = date(2020, 12, 31)
    last_known = date(2020, 12, 31)
    has_flags = False


def _rate(cells: Cells, column: str) -> tuple[str, str]:
    """Return the text of a rate with its sign of per cent, and its kind; one that cannot be read is kept as a fault."""
    text = _NO_SIGN.sub(r"\1%", cells[column])
    try:
        rate = parse(text)
    except RateSyntaxError as error:
        cells.problems.add(cells.line, f"{column}: {error}")
        return text, ""
    return text, "free" if rate.is_free else rate.kind


def _of_whole(rows: dict[str, Row]) -> list[Row]:
    """Return the rows, those of eight digits with what holds for a part of them only: a rate of their own, a mark."""
    parts: dict[str, list[Row]] = {}
    for code, row in rows.items():
        if len(code) > _CN8:
            parts.setdefault(code[:_CN8], []).append(row)
    return [_of_parts(row, parts.get(row.code, [])) for row in rows.values()]


def _of_parts(row: Row, parts: list[Row]) -> Row:
    extra = row.extra
    for part in parts:
        rates = {one.rates.general for one in (part, row) if one.rates} if part.rates != row.rates else set()
        own = "" if row.rates is None else row.rates.general
        extra = with_marks(extra, marks_of(part.extra), [*sorted(rates - {own}), *other_rates(part.extra)])
    return replace(row, extra=extra) if parts else row
