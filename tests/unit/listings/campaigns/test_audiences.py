"""Figures with their year: ranges of rounded sources, sums of what is known, imports by row."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.campaigns.audiences import Given, audience, groups, states
from listings.campaigns.census import CensusError, Wrong, read_census
from listings.campaigns.figures import Figure, millions, rounded, share, summed

if TYPE_CHECKING:
    from pathlib import Path

ACS = {"en": "ACS", "es": "ACS", "pt": "ACS"}


@given(st.integers(0, 400_000_000), st.integers(0, 100))
def test_a_rounded_share_of_a_rounded_whole_holds_what_was_rounded(whole: int, percent: int) -> None:
    """Whatever was rounded half up to two decimals of a million and to a percent lies within the range."""
    text = f"{(whole + 5_000) // 10_000 / 100:.2f}"
    part = whole * percent // 100
    low, high = share(millions(text), (200 * part + whole) // (2 * whole) if whole else 0)

    assert low <= part <= high


def test_nothing_after_rounding_is_not_none() -> None:
    """A share of 0 % may be half of one, 0 thousand may be five hundred, and neither goes below nothing."""
    assert (share((1_000_000, 1_000_000), 0), rounded("0", 1_000)) == ((0, 5_000), (0, 500))


def test_mexicans_in_three_states_come_to_the_sum_of_their_ranges() -> None:
    """By hand from the table: 82 % of 15.54 M, 85 % of 11.37 M and 79 % of 2.21 M, each half a digit either way."""
    found = audience("mx", ["IL", "CA", "TX"])
    ranges = [(cell.state.id, cell.people and (cell.people.low, cell.people.high)) for cell in found.cells]

    assert ranges == [
        ("CA", (12_661_025, 12_824_625)),
        ("TX", (9_603_425, 9_725_625)),
        ("IL", (1_730_925, 1_760_925)),
    ]
    assert found.known is not None
    assert (found.known.low, found.known.high, found.known.bounds()) == (
        23_995_375,
        24_311_175,
        (23_900_000, 24_400_000),
    )
    assert (found.known.year, found.known.status, found.unknown, found.mixed) == (2018, "verified", (), False)


def test_what_no_table_says_is_not_known_and_not_zero() -> None:
    """Salvadorans of a state and Mexicans of one that was not read are unknown; the known ones alone are counted."""
    by_origin = audience("sv", ["CA", "TX"])
    by_state = audience("mx", ["CA", "UT"])

    assert (by_origin.known, [one.id for one in by_origin.unknown]) == (None, ["CA", "TX"])
    assert by_state.known == states()["CA"].groups["mx"]
    assert [one.id for one in by_state.unknown] == ["UT"]


def test_figures_of_several_years_have_no_sum() -> None:
    """An imported year beside one that ships: each is shown, and nothing is added up."""
    newer = Figure(12_900_000, 12_900_000, 2024, ACS, "reported")
    found = audience("mx", ["CA", "TX"], Given({("mx", "CA"): newer}))

    assert (found.mixed, found.known, found.cells[0].people) == (True, None, newer)


def test_a_group_whose_language_we_cannot_write_says_so() -> None:
    """Haitian Creole is counted where it is spoken and not served; Portuguese is served."""
    haitian, brazilian = audience("ht", ["FL"]), audience("br", ["MA"])

    assert (haitian.served, haitian.cells[0].speakers and haitian.cells[0].speakers.bounds()) == (
        False,
        (421_000, 423_000),
    )
    assert (brazilian.served, brazilian.cells[0].people, brazilian.cells[0].limited) == (True, None, None)


def test_a_sum_has_the_oldest_year_and_the_weakest_status() -> None:
    """Of a verified figure and one from memory, memory is what can be said; of none there is no sum."""
    figures = [Figure(1, 2, 2022, ACS, "verified"), Figure(10, 20, 2018, ACS, "memory")]

    assert (summed(figures), summed([])) == (Figure(11, 22, 2018, ACS, "memory"), None)


def table(shared: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a Census table."""
    return list(csv.DictReader((shared / f"data/census/{name}.csv").read_text("utf-8").splitlines()))


def test_what_ships_holds_the_tables_that_it_was_rounded_from(shared: Path) -> None:
    """Every exact figure of the Census tables lies in the range that ships for it."""
    outside = []
    by_name = {one.name["en"]: one for one in states().values()}
    names = {"latino": "hispanic_total", "mx": "mexican", "pr": "puerto_rican", "cu": "cuban"}
    for row in table(shared, "hispanic_by_state_acs1_2018"):
        for group, figure in by_name[row["state"]].groups.items():
            if not figure.low <= int(row[names[group]]) <= figure.high:
                outside.append((row["state"], group))
    for row in table(shared, "home_language_by_state_acs1_2018"):
        for code, name in (("es", "spanish"), ("pt", "portuguese"), ("ht", "haitian")):
            speakers = by_name[row["state"]].speakers.get(code)
            if speakers is not None and not speakers.low <= int(row[name]) <= speakers.high:
                outside.append((row["state"], code))
    nation = {one.code: one.figure for one in groups().values() if one.figure is not None}
    for row in table(shared, "us_origin_groups_acs1_2018"):
        whole = nation.get(int(row["popgroup"]))
        if whole is not None and not whole.low <= int(row["population"]) <= whole.high:
            outside.append(("nation", row["label"]))

    assert outside == []


# -- the Census API's answer ----------------------------------------------------------------------------------------
COLUMNS = {"B03001_003E": "latino", "B03001_014E": "sv"}
HEADER = ["NAME", "B03001_003E", "B03001_014E", "B03001_014M", "state"]


def answer(*rows: list[Any]) -> str:
    """Return an answer of the API with these rows."""
    return json.dumps([HEADER, *rows])


def problems(text: str, columns: dict[str, str] | None = None) -> list[Wrong]:
    """Return what is wrong with a file."""
    with pytest.raises(CensusError) as caught:
        read_census(text, COLUMNS if columns is None else columns, 2024, "B03001")
    return caught.value.problems


def test_an_answer_is_read_with_its_margins_and_its_holes() -> None:
    """A margin widens the figure; a sentinel and null leave the cell open, which is neither zero nor an error."""
    text = answer(["California", "15600000", "700000", "20000", "06"], ["Maine", "25000", "-555555555", None, "23"])
    found = read_census(text, COLUMNS, 2024, "ACS 5-year B03001")
    source = dict.fromkeys(("es", "pt", "en"), "US Census Bureau, ACS 5-year B03001, 2024")

    assert found.people == {
        ("latino", "CA"): Figure(15_600_000, 15_600_000, 2024, source, "reported"),
        ("sv", "CA"): Figure(680_000, 720_000, 2024, source, "reported"),
        ("latino", "ME"): Figure(25_000, 25_000, 2024, source, "reported"),
    }
    assert found.open == (("sv", "ME"),)


def test_every_row_that_is_wrong_is_told_and_nothing_is_taken() -> None:
    """Rows are counted as in the file: wrong length, no state, twice, no number, a number that is none, too many."""
    text = answer(
        ["California", "15600000", "700000", "20000", "06"],
        ["short", "06"],
        ["Nowhere", "1", "1", "1", "99"],
        ["California", "1", "1", "1", "06"],
        ["Texas", "11.4 M", 900000, "1", "48"],
        ["Utah", "10", "20", "1", "49"],
        ["Ohio", "-5", "1", "1", "39"],
    )

    assert problems(text) == [
        Wrong(3, "", "has not the 5 values of the header"),
        Wrong(4, "state", '"99" is no state\'s code, such as 06'),
        Wrong(5, "state", "06 stands twice"),
        Wrong(6, "B03001_003E", '"11.4 M" is not a whole number'),
        Wrong(6, "B03001_014E", "900000 is not a string, as every value of the API is"),
        Wrong(8, "B03001_003E", "-5 is below nothing, and no sentinel that is known"),
        Wrong(7, "B03001_014E", "is more than all Hispanics of the state in the same file"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html>", "is not JSON; save the answer of the API as it came"),
        ("{}", "is not an array of arrays whose first is the header"),
        ('[["NAME","NAME"]]', "a header holds names, each once"),
        ('[["NAME","state"]]', "holds a header and no rows"),
        ("[" * 100_000, "is not JSON; save the answer of the API as it came"),
    ],
)
def test_a_file_of_another_shape_is_told_so(text: str, said: str) -> None:
    """A page of errors, an object, a header that is none: one thing is wrong, and it is said."""
    assert [one.what for one in problems(text)] == [said]


def test_a_column_has_to_be_there_and_count_a_group() -> None:
    """A column that is missing, one of percent, and a group that is not known stand against the header."""
    text = answer(["California", "1", "1", "1", "06"])

    assert problems(text, {"B03001_999E": "sv", "DP05_0072PE": "mx", "B03001_014E": "atlantis"}) == [
        Wrong(1, "B03001_999E", "is not in the header"),
        Wrong(1, "DP05_0072PE", "is not in the header"),
        Wrong(1, "DP05_0072PE", "is no estimate of a count: such columns end in E"),
        Wrong(1, "B03001_014E", "'atlantis' is no group; see shopkit campaigns audiences"),
    ]
