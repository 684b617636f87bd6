"""The common external tariff of MERCOSUR."""

from datetime import date
from pathlib import Path

import pytest

from landed_cost.schedules import ScheduleError
from landed_cost.schedules.importer import ParsedSchedule, Stated
from landed_cost.schedules.marks import marks_of, other_rates
from landed_cost.schedules.tec import Tec
from tests.unit.landed_cost.schedule_files import fault, write_lines

DAY = date(2025, 11, 22)
WRITE = "write a percentage such as 14, with BK, BIT, BIT§, BK#, #, ** or (*) behind it or nothing"
HEADER = "NCM,DESCRICAO,TEC"


def _read(tmp_path: Path, *rows: str, country: str = "AR") -> ParsedSchedule:
    return Tec(Stated(effective=DAY, country=country)).read(write_lines(tmp_path, HEADER, *rows))


def test_a_line_has_its_path_and_its_percentage(tmp_path: Path) -> None:
    """Texts of the rows above stand before that of the line, without dashes and colons."""
    parsed = _read(tmp_path, "61.09,Camisetas.,", "6109.1,- De malha:,", "6109.10.00,-- De algodão,35")

    (line,) = (row for row in parsed.rows if row.code == "61091000")
    assert (line.text, line.rates and line.rates.general) == ("Camisetas. > De malha > De algodão", "35%")
    assert (dict(line.extra), parsed.counts) == ({"marks": "nominal"}, {"rows": 3, "ad_valorem": 1})


@pytest.mark.parametrize(
    ("cell", "rate", "marks", "others"),
    [
        ("14", "14%", ("nominal",), ()),
        ("0", "0%", ("nominal",), ()),
        ("14BK", "14%", ("nominal", "national"), ("0%",)),
        ("0BK#", "0%", ("nominal", "national"), ()),
        ("2BIT§", "2%", ("nominal", "national"), ("0%",)),
        ("10#", "10%", ("nominal",), ()),
        ("16**", "16%", ("nominal",), ()),
        ("30(*)", "30%", ("nominal",), ()),
    ],
)
def test_signs(tmp_path: Path, cell: str, rate: str, marks: tuple[str, ...], others: tuple[str, ...]) -> None:
    """Every line is nominal; of capital and IT goods each member has its own rate, down to nothing."""
    (line,) = (row for row in _read(tmp_path, f"7308.20.00,Torres,{cell}").rows if row.code == "73082000")

    assert line.rates is not None
    assert (line.rates.general, marks_of(line.extra), other_rates(line.extra)) == (rate, marks, others)
    assert line.extra.get("tec.sign", "") == cell.lstrip("0123456789")


def test_edition(tmp_path: Path) -> None:
    """One file is the law of three countries: the edition says whose, and of which day."""
    edition = _read(tmp_path, "6109.10.00,De algodão,35", country="UY").edition

    assert (edition.id, edition.country, edition.title) == ("tec-2025-11-22", "UY", "MERCOSUR TEC, 2025-11-22 (UY)")
    assert (edition.effective, edition.known_until, edition.status) == (DAY, DAY, "reported")


def test_a_row_twice_with_one_rate_is_told(tmp_path: Path) -> None:
    """A misprint that changes no rate is no fault, and is said."""
    parsed = _read(tmp_path, "2918.14.00,Ácido cítrico,12", "2918.14.00,Citratos,12")

    assert parsed.remarks[0] == "2918.14.00 stands twice with one rate; it was taken once"


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (["61091000,x,35"], "line 2: NCM is '61091000'; write a code like 01.01, 0101.2, 0101.21 or 0101.21.00"),
        (["6109.10,x,35"], "line 2: TEC is '35'; rates stand on the rows of eight digits; leave it blank"),
        (
            ["6109.10.00,x,35XX"],
            f"line 2: TEC is '35XX'; {WRITE}",
        ),
        (
            ["6109.10.00,x,35", "6109.10.00,x,30"],
            "line 3: NCM is '6109.10.00'; an earlier row gives it another rate; keep one of them",
        ),
        (["6109.1,x,"], "has no line of eight digits; take the whole table"),
    ],
)
def test_faults(tmp_path: Path, rows: list[str], problem: str) -> None:
    """A fault names the line, the cell and what to write instead."""
    assert fault(Tec(Stated(effective=DAY)), write_lines(tmp_path, HEADER, *rows)) == problem


def test_the_day_is_asked(tmp_path: Path) -> None:
    """The file says nothing of its day, so whoever imports does."""
    problem = fault(Tec(), write_lines(tmp_path, HEADER, "6109.10.00,x,35"))

    assert problem == "does not say of which day it is; give the effective date"


def test_it_is_no_tariff_of_other_countries() -> None:
    """Brazil has an applied tariff of its own, and France is no member."""
    with pytest.raises(ScheduleError, match="tec: is no tariff of BR; it serves AR, PY, UY"):
        Tec(Stated(country="br"))
