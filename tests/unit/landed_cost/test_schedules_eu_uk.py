"""The tariffs of the European Union and the United Kingdom out of one file."""

from datetime import date
from pathlib import Path

import pytest

from landed_cost.schedules.eu_uk import Eu, Uk
from landed_cost.schedules.importer import ParsedSchedule, Stated
from landed_cost.schedules.marks import marks_of, other_rates
from tests.unit.landed_cost.schedule_files import fault, write_lines

FLAGS = (
    "trade_remedy_applies,cet_applies_until_trade_remedy_transition_reviews_concluded,suspension_applies,atq_applies"
)
HEADER = f"commodity,description,cet_duty_rate,ukgt_duty_rate,change,{FLAGS}"
NO_RATE = "rate 'two': expected a percentage, an amount such as 5¢ or $1.20, or Free at position 0, found 'two'"
NONE = "False,False,False,False"


def _lines(parsed: ParsedSchedule) -> dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return rate, marks and other rates of the rows that the file holds."""
    return {
        row.code: (row.rates.general, marks_of(row.extra), other_rates(row.extra))
        for row in parsed.rows
        if row.text and row.rates
    }


def test_each_reads_its_column(tmp_path: Path) -> None:
    """The Union's rate for Spain and Portugal, the Kingdom's for Britain, out of the same row."""
    path = write_lines(tmp_path, HEADER, f"42022100,Handbags,3.0%,2.0%,Simplified,{NONE}")
    eu, uk = Eu(Stated(country="PT")).read(path), Uk().read(path)

    assert (_lines(eu), _lines(uk)) == ({"42022100": ("3.0%", (), ())}, {"42022100": ("2.0%", (), ())})
    assert (eu.edition.country, eu.edition.id, eu.edition.known_until) == ("PT", "eu-2020", date(2020, 12, 31))
    assert (uk.edition.country, uk.edition.id, uk.edition.known_until) == ("GB", "uk-2021", date(2021, 1, 27))
    assert (eu.counts, uk.counts) == ({"rows": 1, "ad_valorem": 1}, {"rows": 1, "ad_valorem": 1})


def test_stated_dates(tmp_path: Path) -> None:
    """A later file of the same columns says its own days."""
    path = write_lines(tmp_path, HEADER, f"42022100,Handbags,3.0%,2.0%,x,{NONE}")
    day = date(2022, 4, 6)

    edition = Uk(Stated(effective=day)).read(path).edition

    assert (edition.id, edition.title, edition.known_until) == ("uk-2022", "UK Global Tariff 2022", day)


@pytest.mark.parametrize(
    ("flags", "marks", "others"),
    [
        (NONE, (), ()),
        ("True,False,False,False", ("remedy",), ()),
        ("True,True,False,False", ("remedy", "transition"), ("6.5%",)),
        ("False,False,True,False", ("suspended",), ("0%",)),
        ("False,False,False,True", ("quota",), ("0%",)),
    ],
)
def test_flags_are_marks(tmp_path: Path, flags: str, marks: tuple[str, ...], others: tuple[str, ...]) -> None:
    """What the flags of the Kingdom say stands beside its rate, and says nothing of the Union's."""
    path = write_lines(tmp_path, HEADER, f"31023090,Nitrate,6.5%,6.0%,x,{flags}")

    assert _lines(Uk().read(path)) == {"31023090": ("6.0%", marks, others)}
    assert _lines(Eu().read(path)) == {"31023090": ("6.5%", (), ())}


def test_an_old_rate_that_is_the_new_one_is_no_other_rate(tmp_path: Path) -> None:
    """A review that changes nothing leaves the mark alone."""
    path = write_lines(tmp_path, HEADER, "31023090,Nitrate,6.0%,6.0%,x,False,True,False,False")

    assert _lines(Uk().read(path)) == {"31023090": ("6.0%", ("transition",), ())}


def test_a_line_knows_its_parts(tmp_path: Path) -> None:
    """Eight digits hold what some of the ten-digit codes below pay or are marked with."""
    path = write_lines(
        tmp_path,
        HEADER,
        f"69111000,Tableware,12.0%,12.0%,x,{NONE}",
        "6911100090,Of porcelain,12.0%,12.0%,x,True,False,False,False",
        f"6911100010,Of bone china,10.0%,8.0%,x,{NONE}",
    )

    assert _lines(Uk().read(path)) == {
        "69111000": ("12.0%", ("remedy",), ("8.0%",)),
        "6911100090": ("12.0%", ("remedy",), ()),
        "6911100010": ("8.0%", (), ()),
    }


def test_a_sign_that_is_missing_is_put_in_and_told(tmp_path: Path) -> None:
    """Ten cells of the official file have lost their sign of per cent."""
    path = write_lines(tmp_path, HEADER, f"08081010,Apples,7.2 MIN 0.36 EUR/100 kg,6.0%,x,{NONE}")

    parsed = Eu().read(path)

    assert _lines(parsed) == {"08081010": ("7.2% MIN 0.36 EUR/100 kg", (), ())}
    assert parsed.remarks[0] == "a sign of per cent was missing and put in: 08081010"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            f"4202210,x,3.0%,2.0%,x,{NONE}",
            "line 2: commodity is '4202210'; write 8 or 10 digits; a spreadsheet may have taken the leading zero",
        ),
        (
            f"42022100,x,3.0%,two,x,{NONE}",
            f"line 2: ukgt_duty_rate: {NO_RATE}",
        ),
        (
            "42022100,x,3.0%,2.0%,x,False,False,Maybe,False",
            "line 2: suspension_applies is 'Maybe'; write one of True, False",
        ),
        ("42022100,x,3.0%,2.0%,x,False,False,,False", "line 2: suspension_applies is ''; write True or False"),
        (
            f"42022100,x,3.0%,2.0%,x,{NONE}\n42022100,x,3.0%,2.0%,x,{NONE}",
            "line 3: repeats 42022100 of line 2; keep one of them",
        ),
    ],
)
def test_faults(tmp_path: Path, row: str, problem: str) -> None:
    """A fault names the line, the cell and what to write instead."""
    assert fault(Uk(), write_lines(tmp_path, HEADER, row)) == problem


def test_empty(tmp_path: Path) -> None:
    """A table without rows is refused: it would free everything."""
    assert fault(Eu(), write_lines(tmp_path, HEADER)) == "has no rows; take the whole table"
