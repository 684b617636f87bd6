"""Finding lines: by code, by neighbourhood, by words; and lists of products by the longest prefix."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.hs import HsCodeError
from landed_cost.schedules import Edition, ListEntry, ProductList, Schedule
from landed_cost.schedules.model import RateTexts
from landed_cost.schedules.table import Row, Table, pack
from landed_cost.schedules.us_hts import UsHts
from landed_cost.schedules.words import stems
from tests.unit.landed_cost.schedule_files import write_us

DAY = date(2026, 6, 8)


@pytest.fixture(scope="module")
def schedule(tmp_path_factory: pytest.TempPathFactory) -> Schedule:
    """Return the small US file as a schedule."""
    parsed = UsHts().read(write_us(tmp_path_factory.mktemp("us") / "hts_2026_rev_10.json"))
    return Schedule(parsed.edition, Table.of(json.loads(json.dumps(pack(parsed.rows, parsed.line_digits))), None))


def _flat(rows: list[Row], on: date | None = None) -> Schedule:
    edition = Edition("e", "MX", "t", "p", "", DAY, "HS 2022", "", "", len(rows), "reported", DAY)
    return Schedule(edition, Table.of(json.loads(json.dumps(pack(rows, None))), on))


@pytest.mark.parametrize(
    ("code", "lines", "used", "truncated"),
    [
        ("6109.10.00.12", ["6109100012"], "6109100012", False),
        ("61091000", ["61091000"], "61091000", False),
        ("610910", ["61091000"], "610910", False),
        ("6109", ["61091000"], "6109", False),
        ("4202", ["42022160", "42022190"], "4202", False),
        ("42", ["42022160", "42022190"], "42", False),
        # a line without statistical split has ten digits in the file
        ("4202216000", ["4202216000"], "4202216000", False),
        ("42022160", ["42022160"], "42022160", False),
        # digits that do not exist are left away, down to six
        ("6109100099", ["61091000"], "61091000", True),
        ("6109109999", ["61091000"], "610910", True),
        ("61091099", ["61091000"], "610910", True),
        ("4202219999", ["42022160", "42022190"], "420221", True),
        # what does not exist at six digits or less is not found
        ("610990", [], "", False),
        ("6110", [], "", False),
        ("6110200000", [], "", False),
        ("9801.00.10", [], "", False),
    ],
)
def test_lookup(schedule: Schedule, code: str, lines: list[str], used: str, truncated: bool) -> None:  # noqa: FBT001
    """A code means one line, or the lines below it, or those of the digits that exist."""
    match = schedule.lookup(code)

    assert ([line.code for line in match.lines], match.used, match.truncated) == (lines, used, truncated)
    assert match.found == bool(lines)


def test_lookup_of_no_code(schedule: Schedule) -> None:
    """What is no code is an error, not a miss."""
    with pytest.raises(HsCodeError):
        schedule.lookup("playera")


@pytest.mark.parametrize(
    ("code", "n", "lines"),
    [
        ("6110.20", 2, ["61091000", "90065915"]),
        ("6109.90.10", 1, ["61091000"]),
        ("4202.21.70", 2, ["42022190", "42022160"]),
        ("9706", 1, ["90065915"]),
        ("0101", 2, ["09012100", "22042150"]),
        ("6109", 0, []),
    ],
)
def test_nearest(schedule: Schedule, code: str, n: int, lines: list[str]) -> None:
    """The nearest lines share the most leading digits; among those the next ones come first."""
    assert [line.code for line in schedule.nearest(code, n)] == lines


def test_nearest_is_at_most_all(schedule: Schedule) -> None:
    """Asked for more than there are, all lines come."""
    assert sorted(line.code for line in schedule.nearest("6109", 50)) == [
        line.code for line in schedule.lines_under("")
    ]
    assert len(schedule) == 6


def test_codes_under(schedule: Schedule) -> None:
    """The longest codes under a prefix: statistical ones, and lines that have none."""
    assert schedule.codes_under("6109") == ["6109100012", "6109100014"]
    assert schedule.codes_under("4202") == ["4202216000", "4202219000"]
    assert schedule.codes_under("98") == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("coffee", ["09012100"]),
        ("Roasted COFFEES, organic", ["09012100"]),
        ("t-shirt of cotton for men", ["61091000"]),
        ("leather", ["42022160", "42022190"]),
        ("red wine", ["22042150"]),
        ("wines valued over", ["42022160", "42022190", "22042150"]),
        ("xylophone", []),
        ("", []),
    ],
)
def test_search(schedule: Schedule, text: str, lines: list[str]) -> None:
    """Lines whose descriptions, or those of the rows above and below, hold most of the words come first."""
    found = [line.code for line in schedule.search(text)]

    assert found[: len(lines)] == lines
    assert bool(found) == bool(lines)


def test_search_below() -> None:
    """What stands in a statistical row counts for its line, but less than the line's own words."""
    rows = [
        Row("61091000", "Shirts", rates=RateTexts("5%")),
        Row("6109100012", "Blue", parent=0, inherited=0),
        Row("61092000", "Shirts", rates=RateTexts("5%")),
        Row("61093000", "Blue shirts", rates=RateTexts("5%")),
    ]
    edition = Edition("e", "US", "t", "p", "", DAY, "HS 2022", "", "", 3, "reported", DAY)

    schedule = Schedule(edition, Table.of(json.loads(json.dumps(pack(rows, 8))), None))

    assert [line.code for line in schedule.search("blue shirts")] == ["61093000", "61091000", "61092000"]


def test_search_prefers_the_rare_word() -> None:
    """Of two lines that hold one word each, the one with the word that few lines hold comes first."""
    rows = [Row(f"6109{number}000", "Cotton shirts", rates=RateTexts("5%")) for number in range(10, 15)]
    rows.append(Row("62011000", "Ponchos", rates=RateTexts("5%")))

    assert _flat(rows).search("cotton poncho", 1)[0].code == "62011000"


def test_search_stops(schedule: Schedule) -> None:
    """No more lines come than were asked for."""
    assert len(schedule.search("over", 1)) == 1


def test_words() -> None:
    """Words are compared without accents, capitals and plural endings, and each counts once."""
    assert stems("Café molido, CAFÉS; uvas y 3 kg") == ["cafe", "molido", "uva", "kg"]


def test_dated_rows() -> None:
    """Of rows with dates of their own the one in force counts; without a day the newest of each code."""
    rows = [
        Row("61091001", "Playeras", rates=RateTexts("35%"), since=date(2026, 1, 1), until=date(2026, 6, 30)),
        Row("61091001", "Playeras", rates=RateTexts("20%"), since=date(2026, 7, 1)),
        Row("61091002", "Otras", rates=RateTexts("10%"), since=date(2026, 1, 1)),
        Row("61091002", "Otras", rates=RateTexts("15%"), since=date(2026, 3, 1)),
    ]

    def general(on: date | None) -> dict[str, str]:
        return {line.code: line.general.text for line in _flat(rows, on).lines_under("")}

    assert general(date(2025, 12, 31)) == {}
    assert general(date(2026, 1, 1)) == {"61091001": "35%", "61091002": "10%"}
    assert general(date(2026, 6, 30)) == {"61091001": "35%", "61091002": "15%"}
    assert general(date(2026, 7, 1)) == {"61091001": "20%", "61091002": "15%"}
    assert general(None) == {"61091001": "20%", "61091002": "15%"}


def test_lines_of_any_length() -> None:
    """Where every code is a line an eight-digit line and a ten-digit one below it are both lines."""
    rows = [Row(code, code, rates=RateTexts("5%")) for code in ("22042185", "2204218595")]

    schedule = _flat(rows)

    assert [line.code for line in schedule.lookup("22042185").lines] == ["22042185"]
    assert [line.code for line in schedule.lookup("2204218595").lines] == ["2204218595"]
    assert [line.code for line in schedule.lookup("220421").lines] == ["22042185", "2204218595"]
    assert schedule.codes_under("22") == ["2204218595"]


@given(
    st.lists(st.from_regex(r"(0[1-9]|[1-6][0-9])[0-9]{6}", fullmatch=True), min_size=1, max_size=20, unique=True),
    st.data(),
)
def test_what_is_found_begins_with_what_was_used(codes: list[str], data: st.DataObject) -> None:
    """Every line found begins with the digits used, which begin what was asked; every line is found by its code."""
    schedule = _flat([Row(code, code, rates=RateTexts("5%")) for code in codes])
    asked = data.draw(
        st.one_of(st.sampled_from(codes), st.from_regex(r"(0[1-9]|[1-6][0-9])([0-9]{2}){1,4}", fullmatch=True))
    )

    match = schedule.lookup(asked)

    assert asked.startswith(match.used)
    assert all(line.code.startswith(match.used) for line in match.lines)
    assert match.truncated == (match.found and match.used != asked)
    assert asked not in codes or [line.code for line in match.lines] == [asked]


def _products(*entries: ListEntry) -> ProductList:
    grouped: dict[str, tuple[ListEntry, ...]] = {}
    for entry in entries:
        grouped[entry.prefix] = (*grouped.get(entry.prefix, ()), entry)
    return ProductList("l", "US", "t", "", DAY, "", "", DAY, grouped)


HEADING = ListEntry("7318", {"annex": "1a"}, date(2026, 4, 6))
OLD = ListEntry("73181500", {"annex": "1b"}, date(2026, 4, 6), date(2026, 6, 7))
NEW = ListEntry("73181500", {"annex": "3"}, DAY)
ALWAYS = ListEntry("9403", {"annex": "1b"})


@pytest.mark.parametrize(
    ("code", "on", "entries"),
    [
        ("7318.15.00.12", date(2026, 4, 5), ()),
        ("7318.15.00.12", date(2026, 4, 6), (OLD,)),
        ("7318.15.00", date(2026, 6, 7), (OLD,)),
        ("7318.15.00", DAY, (NEW,)),
        ("7318.16", DAY, (HEADING,)),
        ("7318", DAY, (HEADING,)),
        ("73", DAY, ()),
        ("9403.20", date(1990, 1, 1), (ALWAYS,)),
        ("6109.10", DAY, ()),
    ],
)
def test_longest_prefix_wins(code: str, on: date, entries: tuple[ListEntry, ...]) -> None:
    """The longest prefix with a row in force on the day decides; a code shorter than any prefix is not on the list."""
    assert _products(HEADING, OLD, NEW, ALWAYS).match(code, on) == entries


def test_two_metals() -> None:
    """A prefix may have several rows in force at once."""
    steel, aluminum = (ListEntry("8412", {"metal": metal}, DAY) for metal in ("steel", "aluminum"))

    assert _products(steel, aluminum).match("84129090", DAY) == (steel, aluminum)


def test_under() -> None:
    """What stands below a code that is too short to decide can be seen, and everything counts in the length."""
    products = _products(HEADING, OLD, NEW, ALWAYS)

    assert products.under("73") == (HEADING, OLD, NEW)
    assert products.under("6109") == ()
    assert len(products) == 4


def test_stored_table_is_small(tmp_path: Path) -> None:
    """Sets of rates, units and notes that repeat are stored once."""
    parsed = UsHts().read(write_us(tmp_path / "hts_2026_rev_10.json"))

    payload = pack(parsed.rows, parsed.line_digits)

    assert payload["unit_sets"] == [[], ["kg"], ["liters", "kg"], ["No."], ["doz.", "kg"]] or payload["unit_sets"] == [
        (),
        ("kg",),
        ("liters", "kg"),
        ("No.",),
        ("doz.", "kg"),
    ]
    assert len(payload["rate_sets"]) == 6
    assert payload["since"] is payload["until"] is None
