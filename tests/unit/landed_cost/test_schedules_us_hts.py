"""The importer of the US schedule: what is read from a small file of the same shape, and every way it can be broken."""

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from landed_cost.schedules import Edition, Schedule, ScheduleError
from landed_cost.schedules.importer import ParsedSchedule, SourceFile, Stated
from landed_cost.schedules.store import import_schedule
from landed_cost.schedules.table import Table, pack
from landed_cost.schedules.us_hts import EXCISE, UsHts
from tests.unit.landed_cost.schedule_files import US_ROWS, us_row, write_us

NAME = "hts_2026_rev_10.json"


@pytest.fixture
def parsed(tmp_path: Path) -> ParsedSchedule:
    """Return the small file as read."""
    return UsHts().read(write_us(tmp_path / NAME))


@pytest.fixture
def schedule(parsed: ParsedSchedule) -> Schedule:
    """Return the small file as a schedule."""
    payload = json.loads(json.dumps(pack(parsed.rows, parsed.line_digits)))
    return Schedule(parsed.edition, Table.of(payload, None))


def _changed(index: int, **values: Any) -> list[Any]:
    """Return the small file with one row changed."""
    rows: list[Any] = [dict(row) for row in US_ROWS]
    rows[index].update(values)
    return rows


def test_edition(parsed: ParsedSchedule, tmp_path: Path) -> None:
    """The name of the file says which edition it is; its first day and the last one it is known for are ours."""
    assert parsed.edition == Edition(
        id="hts-2026-rev-10",
        country="US",
        title="US HTS 2026 rev. 10",
        publisher="United States International Trade Commission",
        url="https://hts.usitc.gov/",
        effective=date(2026, 6, 8),
        hs_edition="HS 2022",
        imported_at="",
        sha256=SourceFile.open(tmp_path / NAME).sha256,
        lines=6,
        status="verified",
        known_until=date(2026, 10, 7),
    )


def test_counts(parsed: ParsedSchedule) -> None:
    """Lines are counted by class; rows of chapters 98 and 99 are read, counted, and kept out of the lines."""
    assert parsed.counts == {
        "rows": 21,
        "free": 2,
        "specific": 1,
        "ad_valorem": 3,
        "chapters 98 and 99": 3,
    }
    assert len(parsed.rows) == 18


def test_remark_on_missing_chapters(parsed: ParsedSchedule) -> None:
    """A file that lacks chapters says so, because their codes will not be found."""
    (remark,) = parsed.remarks

    assert remark.startswith("chapters without a line: 01, 02, 03")
    assert remark.endswith("97; codes of them will not be found")
    assert " 09," not in remark


def test_no_remark_on_a_whole_file(tmp_path: Path) -> None:
    """A file with lines in every chapter leaves nothing to look at."""
    chapters = [f"{number:02d}" for number in range(1, 98) if number != 77]
    rows = [us_row(f"{chapter}01.10.00.00", 0, "Goods", "Free") for chapter in chapters]

    assert UsHts().read(write_us(tmp_path / NAME, rows)).remarks == ()


def test_grouping_row_at_the_beginning(tmp_path: Path) -> None:
    """A grouping row before the first code belongs to the lines, not to chapters 98 and 99."""
    rows = [us_row("", 0, "Live animals:"), us_row("0101.21.00.00", 1, "Horses", "Free")]

    parsed = UsHts().read(write_us(tmp_path / NAME, rows))

    assert [row.text for row in parsed.rows] == ["Live animals", "Horses"]


def test_inheritance_by_indent(schedule: Schedule) -> None:
    """A statistical row takes all three columns from the rated row above it, through rows without a code."""
    (line,) = schedule.lookup("6109100012").lines

    assert (line.code, line.rated_code) == ("6109100012", "61091000")
    assert line.description == "T-shirts, singlets and similar garments, knitted > Of cotton > Men's > T-shirts"
    assert (line.general.text, line.other and line.other.text) == ("16.5%", "90%")
    assert [(sorted(group.symbols), group.rate and group.rate.text) for group in line.special] == [
        (["AU", "BH", "CL", "CO", "PE", "S"], "Free")
    ]
    assert line.units == ("doz.", "kg")
    assert line.footnotes == ("9903.88.15", "9903.91.05")


def test_stray_cell_starts_no_set(schedule: Schedule) -> None:
    """A row with a blank general column inherits all three, whatever stands in the others."""
    (line,) = schedule.lookup("9006591520").lines

    assert (line.general.text, line.special, line.other and line.other.text) == ("Free", (), "20%")


def test_indent_that_jumps(schedule: Schedule) -> None:
    """An indent may jump by two: what counts is which is deeper."""
    (line,) = schedule.lookup("2204215005").lines

    assert line.description == "Wine of fresh grapes > Other wine > Red"
    assert (line.general.text, line.units, line.extra) == ("6.3¢/liter", ("liters", "kg"), {EXCISE: "5041"})


def test_quota_heading_is_not_free(schedule: Schedule) -> None:
    """A symbol that stands at a heading of chapter 98 has that heading to see and no rate."""
    (line,) = schedule.lookup("42022190").lines

    assert [(sorted(group.symbols), group.rate and group.rate.text, group.see) for group in line.special] == [
        (["A", "AU", "CL", "PE"], "Free", ()),
        (["P+"], None, ("9822.05.20",)),
    ]


def test_only_notes_of_the_general_column(schedule: Schedule) -> None:
    """Headings of chapter 99 are taken from notes on the general column alone."""
    assert schedule.lookup("42022160").lines[0].footnotes == ("9903.88.03",)


@pytest.mark.parametrize(
    ("name", "stated", "edition"),
    [
        (
            "hts_2026_revision_21_json.json",
            Stated(effective=date(2026, 10, 7)),
            ("hts-2026-rev-21", "US HTS 2026 rev. 21"),
        ),
        ("HTS-2027-basic.json", Stated(effective=date(2027, 1, 1)), ("hts-2027-basic", "US HTS 2027 basic edition")),
        ("export.json", Stated("2026-rev-10"), ("2026-rev-10", "US HTS 2026-rev-10")),
        ("export.json", Stated("mine", date(2026, 10, 7)), ("mine", "US HTS mine")),
    ],
)
def test_name_of_the_edition(tmp_path: Path, name: str, stated: Stated, edition: tuple[str, str]) -> None:
    """The edition is what was stated, or else what the name of the file says."""
    found = UsHts(stated).read(write_us(tmp_path / name)).edition

    assert (found.id, found.title) == edition


def test_stated_dates(tmp_path: Path) -> None:
    """Dates and address that are stated count before those we know."""
    stated = Stated(effective=date(2026, 6, 9), known_until=date(2026, 7, 1), url="https://example.org/hts.json")

    found = UsHts(stated).read(write_us(tmp_path / NAME)).edition

    assert (found.effective, found.known_until, found.url) == (stated.effective, stated.known_until, stated.url)


def test_known_until_is_the_first_day_when_nothing_is_said(tmp_path: Path) -> None:
    """Of an edition we know nothing about nothing is claimed beyond its first day."""
    found = UsHts(Stated("new", date(2027, 1, 1))).read(write_us(tmp_path / NAME)).edition

    assert found.known_until == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("export.json", "does not say which edition it is; name it (hts-2026-rev-10) or the file so"),
        ("hts_2026_rev_11.json", "does not say from which day hts-2026-rev-11 counts; give the effective date"),
    ],
)
def test_unknown_edition(tmp_path: Path, name: str, problem: str) -> None:
    """Which edition it is and from when is asked, not guessed."""
    with pytest.raises(ScheduleError) as caught:
        UsHts().read(write_us(tmp_path / name))

    assert (caught.value.where, caught.value.problem) == ("", problem)


def test_gzip(tmp_path: Path, parsed: ParsedSchedule) -> None:
    """A packed file is read like the plain one, whatever it is called."""
    path = tmp_path / "hts_2026_rev_10.json.gz"
    path.write_bytes(gzip.compress((tmp_path / NAME).read_bytes()))

    assert UsHts().read(path).rows == parsed.rows


def test_nulls_are_blanks(tmp_path: Path) -> None:
    """A column that is null or absent is blank."""
    rows = _changed(3, general=None, special=None, other=None, units=None, footnotes=None)
    del rows[3]["superior"]

    assert UsHts().read(write_us(tmp_path / NAME, rows)).counts["rows"] == 21


@pytest.mark.parametrize(
    ("rows", "where", "problem"),
    [
        (
            _changed(3, htsno="0901.2"),
            "object 3 (0901.2)",
            'is no code; write "htsno" like 6109, 6109.10, 6109.10.00.12',
        ),
        (_changed(3, htsno="0901.21.00"), "object 3 (0901.21.00)", "repeats the code of object 2; keep one of them"),
        (_changed(3, indent="x"), "object 3 (0901.21.00.35)", '"indent" is \'x\'; write a number such as "2"'),
        (_changed(3, indent=3), "object 3 (0901.21.00.35)", '"indent" is 3; write a text in quotation marks'),
        (
            _changed(3, description=["x"]),
            "object 3 (0901.21.00.35)",
            "\"description\" is ['x']; write a text in quotation marks",
        ),
        (_changed(3, units="kg"), "object 3 (0901.21.00.35)", '"units" and "footnotes" are lists; write [] for none'),
        (
            [*_changed(3, footnotes={}), 7],
            "object 21",
            'is no object; write {"htsno": …, "indent": …, "description": …}',
        ),
        (
            _changed(3, general="5%"),
            "object 3 (0901.21.00.35)",
            'has a rate below the rate of 09012100; correct the "indent"',
        ),
        (
            _changed(0, general="5%"),
            "object 0 (0901)",
            "has a rate but no code of 8 or 10 digits; rates stand on those",
        ),
        (_changed(1, general="5%"), "object 1", "has a rate but no code of 8 or 10 digits; rates stand on those"),
        (
            _changed(10, htsno="4202.21.60.90"),
            "object 10 (4202.21.60.90)",
            "gives the line 42022160 a second rate; keep one",
        ),
        (
            _changed(2, general=""),
            "object 3 (0901.21.00.35)",
            'has no rate and stands below none; write its column "general"',
        ),
        (_changed(2, general="Fre"), "object 2 (0901.21.00)", "column \"general\": rate 'Fre': expected"),
        (
            _changed(5, special="Free (CL) x"),
            "object 5 (2204.21.50)",
            "column \"special\": rate 'Free (CL) x': expected",
        ),
        (_changed(5, other="33¢"), "object 5 (2204.21.50)", "column \"other\": rate '33¢': expected"),
        (_changed(17, other="cheap"), "object 17 (9006.59.15.20)", "column \"other\": rate 'cheap': expected"),
        (_changed(18, general="gratis"), "object 18 (9801.00.10)", "column \"general\": rate 'gratis': expected"),
        ([us_row("6109", 0, "T-shirts")], "", "has no line with a rate; take the JSON export of the whole schedule"),
        ([], "", "is not a list of rows; take the JSON export of the whole schedule"),
    ],
)
def test_broken_rows(tmp_path: Path, rows: list[Any], where: str, problem: str) -> None:
    """A fault names the file, the object with its code, and what to write instead."""
    path = write_us(tmp_path / NAME, rows)

    with pytest.raises(ScheduleError) as caught:
        UsHts().read(path)

    assert (caught.value.file, caught.value.where) == (str(path), where)
    assert caught.value.problem.startswith(problem)
    assert str(caught.value) == ": ".join(part for part in (str(path), where, caught.value.problem) if part)


@pytest.mark.parametrize(
    ("content", "where", "problem"),
    [
        (b'[\n{"htsno": ,}]', "line 2", "is no JSON"),
        (b"[" * 100_000, "", "is no JSON"),
        (b'{"rows": []}', "", "is not a list of rows"),
        (b"[\n\n\xff]", "line 3", "is not UTF-8; save the file as UTF-8"),
        (b"\x1f\x8b\x08 no gzip", "", "is damaged gzip"),
        (gzip.compress(b"[1, 2, 3]" * 100, mtime=0)[:-20], "", "is damaged gzip"),
    ],
    ids=["no-json", "too-deep", "no-list", "no-utf8", "no-gzip", "cut"],
)
def test_broken_file(tmp_path: Path, content: bytes, where: str, problem: str) -> None:
    """A file that cannot be read at all says so, with the line where there is one."""
    path = tmp_path / NAME
    path.write_bytes(content)

    with pytest.raises(ScheduleError) as caught:
        UsHts().read(path)

    assert caught.value.where == where
    assert caught.value.problem.startswith(problem)


def test_no_file(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(ScheduleError, match=r"nothing\.json: cannot be read: No such file or directory; name a file"):
        UsHts().read(tmp_path / "nothing.json")


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What unpacks to more than any schedule is refused before it is read."""
    monkeypatch.setattr("landed_cost.schedules.importer._LARGEST", 100)
    path = tmp_path / NAME
    path.write_bytes(gzip.compress(b" " * 101))

    with pytest.raises(ScheduleError, match="is larger than 100 bytes; that is no schedule"):
        UsHts().read(path)


def test_describe() -> None:
    """The importer says what it reads and for which country."""
    assert (UsHts.name, UsHts().country) == ("us-hts", "US")
    assert "United States" in UsHts().describe()


def test_whole_chapters_may_not_be_missing_unawares(tmp_path: Path) -> None:
    """A cut file would deny every code of its missing chapters: it is refused, and taken only as partial."""
    path = write_us(tmp_path / NAME, [us_row("0901.21.00.00", 0, "Coffee", "Free")])

    with pytest.raises(ScheduleError, match=r"has no line in chapters 01, 02, .*97; take the whole schedule"):
        import_schedule(UsHts(), path, tmp_path / "store", partial=False)

    assert (tmp_path / "store").exists() is False
    assert import_schedule(UsHts(), path, tmp_path / "store", partial=True).changed


def test_a_whole_schedule_has_no_gaps(tmp_path: Path) -> None:
    """With a line in every chapter nothing is missing."""
    chapters = [f"{number:02d}" for number in range(1, 98) if number != 77]
    path = write_us(tmp_path / NAME, [us_row(f"{chapter}01.10.00.00", 0, "Goods", "Free") for chapter in chapters])

    assert UsHts().read(path).gaps == ""
    assert import_schedule(UsHts(), path, tmp_path / "store", partial=False).changed
