"""The import duty (II) and IPI of Brazil by NCM, as a CSV of the rates in force.

One row for each NCM, and more rows for the exceptions (*ex*) of the IPI. The duty is always a percentage; so is the
IPI, or else ``NT``: not taxed, which is another thing than zero. The file does not say of which day it is.
"""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Final

from landed_cost.hs import HsCodeError, normalise
from landed_cost.schedules.csvfile import Cells, Problems, decimal_text, read_rows
from landed_cost.schedules.errors import ScheduleError
from landed_cost.schedules.hs2017 import NOT_STATED
from landed_cost.schedules.importer import ParsedSchedule, SourceFile, StatedImporter
from landed_cost.schedules.model import Edition, RateTexts
from landed_cost.schedules.table import Row

IPI: Final = "ipi"
"""Key of ``TariffLine.extra``: the IPI in per cent as printed (``6.50``), or ``NT``."""
IPI_EX: Final = "ipi_ex"
"""Key of ``TariffLine.extra``: exceptions that may be claimed, such as ``01=0.00 02=NT``."""
NOT_TAXED: Final = "NT"

_COLUMNS: Final = ("ncm", "ex", "ii_pct", "ipi_pct", "descricao")
_DIGITS: Final = 8


class BrNcm(StatedImporter):
    """Reads a CSV with the columns ``ncm,ex,ii_pct,ipi_pct,descricao``."""

    name: ClassVar[str] = "br-ncm"
    of = ("BR",)
    sentence = "Import duty (II) and IPI of Brazil by NCM, CSV; give the day that the table is of"

    def read(self, path: Path) -> ParsedSchedule:
        """Return the schedule; ``ScheduleError`` names every line at fault, or asks for the day of the table."""
        source = SourceFile.open(path)
        problems = Problems(path)
        rows: dict[str, Row] = {}
        exceptions: dict[str, dict[str, str]] = {}
        first_seen: dict[tuple[str, str], int] = {}
        counts: Counter[str] = Counter()
        unstated: list[str] = []
        for cells in read_rows(source, problems, needed=_COLUMNS):
            counts["rows"] += 1
            ncm = _ncm(cells)
            if first_seen.setdefault((ncm, cells["ex"]), cells.line) != cells.line:
                problems.add(cells.line, f"repeats NCM {ncm} of line {first_seen[ncm, cells['ex']]}; keep one of them")
            ipi = _ipi(cells)
            if cells["ex"]:
                exceptions.setdefault(ncm, {})[cells["ex"]] = ipi
                counts["ipi exceptions"] += 1
                continue
            duty = cells.decimal("ii_pct", highest=100)
            if not cells["ii_pct"]:
                unstated.append(ncm)
            counts["reference" if duty is None else "ad_valorem" if duty else "free"] += 1
            rates = RateTexts(NOT_STATED if duty is None else f"{decimal_text(duty)}%")
            rows[ncm] = Row(ncm, cells["descricao"], rates=rates, extra={IPI: ipi})
        for ncm, line in ((ncm, first_seen[ncm, next(iter(exceptions[ncm]))]) for ncm in exceptions if ncm not in rows):
            problems.add(line, f"is an exception of NCM {ncm}, which has no row of its own; add one with a blank ex")
        problems.stop()
        for ncm, of_ncm in exceptions.items():
            listed = " ".join(f"{ex}={ipi}" for ex, ipi in sorted(of_ncm.items()))
            rows[ncm] = replace(rows[ncm], extra={**rows[ncm].extra, IPI_EX: listed})
        remarks = (f"no import duty is printed for {', '.join(unstated)}: unknown, not zero",) if unstated else ()
        return ParsedSchedule(self._edition(source, len(rows)), list(rows.values()), None, dict(counts), remarks)

    def _edition(self, source: SourceFile, lines: int) -> Edition:
        stated = self._stated
        if not lines:
            raise ScheduleError(source.path, "", "has no rows; take the whole table")
        if stated.effective is None:
            raise ScheduleError(source.path, "", "does not say of which day it is; give the effective date")
        day = stated.effective.isoformat()
        return Edition(
            id=stated.edition or f"ncm-{day}",
            country=self.country,
            title=f"TEC/NCM e TIPI, {day}",
            publisher="Receita Federal; Camex",
            url=stated.url or "https://www.gov.br/receitafederal/",
            effective=stated.effective,
            hs_edition="HS 2022",
            imported_at="",
            sha256=source.sha256,
            lines=lines,
            status="reported",
            known_until=stated.known_until or stated.effective,
        )


def _ncm(cells: Cells) -> str:
    text = cells["ncm"]
    try:
        digits = normalise(text)
    except HsCodeError:
        digits = ""
    if len(digits) != _DIGITS:
        cells.fail("ncm", "write 8 digits; a spreadsheet may have taken the leading zero")
        return text
    return digits


def _ipi(cells: Cells) -> str:
    if cells["ipi_pct"] != NOT_TAXED:
        if not cells["ipi_pct"]:
            cells.fail("ipi_pct", "write a percentage, or NT for not taxed")
        cells.decimal("ipi_pct", highest=1000)
    return cells["ipi_pct"]
