"""The common external tariff of MERCOSUR (TEC), as a CSV of the nomenclature in codes of the HS of 2017.

A percentage stands on the rows of eight digits, often with a sign behind it: ``14BK`` for capital goods and ``2BIT``
for goods of information technology, for which each member has its own rate; ``10#`` for what Brazil excepts. It is the
*nominal* tariff: the lists of exceptions of Argentina, Paraguay and Uruguay are not in it, nor the tenth that was cut
in 2022. Every line says so; it is no applied tariff. Brazil's applied rates have a file of their own.
"""

import re
from collections import Counter
from pathlib import Path
from typing import ClassVar, Final

from landed_cost.schedules.csvfile import Cells, Problems, read_rows
from landed_cost.schedules.errors import ScheduleError
from landed_cost.schedules.hs2017 import carry_over
from landed_cost.schedules.importer import ParsedSchedule, SourceFile, StatedImporter
from landed_cost.schedules.marks import NATIONAL, NOMINAL, with_marks
from landed_cost.schedules.model import Edition, RateTexts
from landed_cost.schedules.table import Row

SIGN: Final = "tec.sign"
"""Key of ``TariffLine.extra``: what stands behind the percentage, such as ``BK`` or ``#``."""

_COLUMNS: Final = ("NCM", "DESCRICAO", "TEC")
_CODE: Final = re.compile(r"\d{2}\.\d{2}|\d{4}\.\d{1,2}(\.\d{2})?")
_RATE: Final = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)(BK#?|BIT§?|#|\*\*|\(\*\))?")
_OF_A_KIND: Final = ("BK", "BIT")
_LINE: Final = 8
_HEADING: Final = 4


class Tec(StatedImporter):
    """Reads a CSV with the columns ``NCM,DESCRICAO,TEC`` for one of the countries that apply the common tariff."""

    name: ClassVar[str] = "tec"
    of = ("AR", "PY", "UY")
    sentence = "Common external tariff of MERCOSUR, nominal, codes of the HS of 2017, CSV; give the day that it is of"

    def read(self, path: Path) -> ParsedSchedule:
        """Return the schedule in codes of 2022; ``ScheduleError`` names every line at fault, or asks for the day."""
        source = SourceFile.open(path)
        problems = Problems(path)
        above: dict[str, str] = {}
        rows: dict[str, Row] = {}
        counts: Counter[str] = Counter()
        twice: list[str] = []
        for cells in read_rows(source, problems, needed=_COLUMNS):
            counts["rows"] += 1
            code = cells["NCM"].replace(".", "")
            if _CODE.fullmatch(cells["NCM"]) is None:
                cells.fail("NCM", "write a code like 01.01, 0101.2, 0101.21 or 0101.21.00")
                continue
            text = cells["DESCRICAO"].lstrip("- ").rstrip(":")
            if len(code) < _LINE:
                above[code] = text
                if cells["TEC"]:
                    cells.fail("TEC", "rates stand on the rows of eight digits; leave it blank")
                continue
            row = _line(cells, code, above, text)
            if row is None:
                continue
            if code in rows and rows[code].rates != row.rates:
                cells.fail("NCM", "an earlier row gives it another rate; keep one of them")
            elif code in rows:
                twice.append(cells["NCM"])
            rows[code] = row
            counts["free" if cells["TEC"].startswith("0") else "ad_valorem"] += 1
        problems.stop()
        carried = carry_over(list(rows.values()))
        remarks = [f"{cells} stands twice with one rate; it was taken once" for cells in twice]
        edition = self._edition(source, len(carried.rows), is_empty=not rows)
        return ParsedSchedule(edition, carried.rows, None, dict(counts), (*remarks, *carried.remarks()))

    def _edition(self, source: SourceFile, lines: int, *, is_empty: bool) -> Edition:
        stated = self._stated
        if is_empty:
            raise ScheduleError(source.path, "", "has no line of eight digits; take the whole table")
        if stated.effective is None:
            raise ScheduleError(source.path, "", "does not say of which day it is; give the effective date")
        day = stated.effective.isoformat()
        return Edition(
            id=stated.edition or f"tec-{day}",
            country=self.country,
            title=f"MERCOSUR TEC, {day} ({self.country})",
            publisher="MERCOSUR",
            url=stated.url or "https://www.mercosur.int/",
            effective=stated.effective,
            hs_edition="HS 2017, carried over to HS 2022",
            imported_at="",
            sha256=source.sha256,
            lines=lines,
            status="reported",
            known_until=stated.known_until or stated.effective,
        )


def _line(cells: Cells, code: str, above: dict[str, str], text: str) -> Row | None:
    """Return the row of a line; ``None`` for a rate that cannot be read, which is kept as a fault."""
    match = _RATE.fullmatch(cells["TEC"])
    if match is None:
        cells.fail("TEC", "write a percentage such as 14, with BK, BIT, BIT§, BK#, #, ** or (*) behind it or nothing")
        return None
    percentage, sign = match.groups()
    extra = with_marks({SIGN: sign} if sign else {}, [NOMINAL])
    if sign and sign.startswith(_OF_A_KIND):
        extra = with_marks(extra, [NATIONAL], [] if percentage == "0" else ["0%"])
    path = [above[code[:length]] for length in range(_HEADING, _LINE) if code[:length] in above]
    return Row(code, " > ".join([*path, text]), rates=RateTexts(f"{percentage}%"), extra=extra)
