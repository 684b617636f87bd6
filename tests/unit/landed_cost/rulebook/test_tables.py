"""The CSV files of a rulebook: lists of products and duty bands, and every fault with its line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from landed_cost import RulebookError
from landed_cost.rulebook.bands import Band, read_bands
from tests.unit.landed_cost.rulebook.small import BANDS, LIST, SMALL, changed, fault, load

if TYPE_CHECKING:
    from pathlib import Path

LIST_FAULTS = [
    ("", "qy.csv:1: the file has no header; write the names of the columns first"),
    ("code,list\n", "qy.csv:1: the header must begin list,hs_prefix"),
    (
        "# a\n\nlist,hs_prefix\n# b\nqy.list,6109\n\nqy.list,61 10\n",
        "qy.csv:7: '61 10' is not an HS prefix; write 2 to 10",
    ),
    ("# a\nlist,hs_prefix\nqy.list,6\n", "qy.csv:3: '6' is not an HS prefix; write 2 to 10 digits only"),
    ("list,hs_prefix\nqy.list,٦١\n", "qy.csv:2: '٦١' is not an HS prefix; write 2 to 10 digits only"),
    ("# a\nlist,hs_prefix\n# b\nqy.list,61\nqy.list,61\n", "qy.csv:5: 61 stands twice in qy.list; keep one"),
    ("# a\nlist,hs_prefix\n# b\nqy.list,61,x\n", "qy.csv:4: 3 cells where the header has 2"),
    (
        'list,hs_prefix\nqy.list,"61\n',
        "qy.csv:2: not CSV: unexpected end of data; close the quotation mark on the same",
    ),
]
BAND_FAULTS = [
    ("hs,min,typical,max\n", "qy.csv:1: the source is not named; begin the file with a line # ..."),
    (
        "# S\n# es: S\nhs,min,typical,max\n",
        "qy.csv:3: the source is named in es alone; add lines # es: ... and # pt: ...",
    ),
    ("# S\n# T\nhs,min,max\n", "qy.csv:3: column typical is missing; needed: code,min,typical,max"),
    ("# S\nhs,min,typical,max\n# c\n\n6x,1,1,1\n", "qy.csv:5: '6x' is not an HS prefix; write 2 to 10 digits only"),
    ("# S\nhs,min,typical,max\n61,1,1,1\n61,1,1,1\n", "qy.csv:4: 61 stands twice; keep one"),
    ("# S\nhs,min,typical,max\n61,3,2,1\n", "qy.csv:3: rates must rise: min 3, typical 2, max 1"),
    ("# S\nhs,min,typical,max\n61,1,1,NaN\n", "qy.csv:3: max 'NaN' is not a number; write digits with a decimal point"),
    ("# S\nhs,min,typical,max\n61,-1,1,1\n", "qy.csv:3: min '-1' is not a number; write digits with a decimal point"),
    ("# S\nhs,lines,min,typical,max\n61,x,1,1,1\n", "qy.csv:3: lines 'x' is not a number; write digits with"),
    ("# S\nhs,min,typical,max,S\n61,1,1,1,b\n", "qy.csv:3: S 'b' is not a number; write digits with a decimal point"),
    ("# S\nhs,min,typical,max\n61,1,1\n", "qy.csv:3: 3 cells where the header has 4"),
]


@pytest.mark.parametrize(("text", "message"), LIST_FAULTS)
def test_a_fault_in_a_list_names_its_line(tmp_path: Path, text: str, message: str) -> None:
    """Comments and empty lines count: the line is the one an editor shows."""
    assert message in fault(tmp_path, lists=text)


@pytest.mark.parametrize(("text", "message"), BAND_FAULTS)
def test_a_fault_in_the_bands_names_its_line(tmp_path: Path, text: str, message: str) -> None:
    """Bands are held to the same strictness."""
    assert message in fault(tmp_path, bands=text)


def test_a_table_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    """Another encoding is an error, not a wrong letter."""
    path = tmp_path / "qy.csv"
    path.write_bytes(b"# \xe9\n")

    with pytest.raises(RulebookError, match=r"^qy\.csv: byte 2 is not UTF-8; save the file as UTF-8$"):
        read_bands(path)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("61099000", (True, "b")),
        ("610910", (True, "a")),
        ("6109", (None, None)),
        ("61", (None, None)),
        ("6110", (False, None)),
    ],
)
def test_the_longest_prefix_of_a_list_holds(tmp_path: Path, code: str, found: tuple[bool | None, str | None]) -> None:
    """A code is on a list by its longest listed prefix; one too short to tell is perhaps on it."""
    rows = "list,hs_prefix,kind\nqy.list,610910,a\nqy.list,610990,b\n"

    assert load(tmp_path, lists=rows).destinations["QY"].lists["qy.list"].find(code) == found


@pytest.mark.parametrize(("code", "found"), [("9301", (None, None)), ("93", (None, None)), ("94", (False, None))])
def test_a_list_without_rows_says_perhaps(tmp_path: Path, code: str, found: tuple[bool | None, None]) -> None:
    """Until a list is imported the codes that may be on it are perhaps on it, and no others."""
    text = changed(SMALL, "file: qy.csv,", 'imported: true, maybe: ["9301", "9302"],')

    assert load(tmp_path, law=text).destinations["QY"].lists["qy.list"].find(code) == found


def test_a_list_without_kinds_has_empty_keys(tmp_path: Path) -> None:
    """The third column may be left out."""
    found = load(tmp_path, lists="list,hs_prefix\nqy.list,61\n").destinations["QY"].lists["qy.list"]

    assert found.find("6109") == (True, "")


def test_a_list_is_read_again_when_its_file_changes(tmp_path: Path) -> None:
    """A file that was mended is not answered from before."""
    first = load(tmp_path, lists=LIST).destinations["QY"].lists["qy.list"].find("62")
    again = load(tmp_path, lists=LIST + "qy.list,62,b\n").destinations["QY"].lists["qy.list"].find("62")

    assert (first, again) == ((False, None), (True, "b"))


def test_bands_are_found_by_the_longest_prefix(tmp_path: Path) -> None:
    """A code has the band of its longest prefix; a short one the bands under it; the comments are the source."""
    path = tmp_path / "b.csv"
    text = (
        "# Invented, https://law.example/x ; for tests.\n# Second line.\n"
        "hs,lines,adval_lines,other_lines,min,typical,max,S,ipi\n"
        "61,1,1,0,10,10,10,a,\n610910,3,3,1,1,2.5,3,,4\n62,0,0,0,5,5,5,n,\n6203,2,0,2,,,,s,\n"
    )
    path.write_text(text, "utf-8")

    bands = read_bands(path)

    shirts = Band("610910", 3, 1, Decimal(1), Decimal("2.5"), Decimal(3), {}, {"ipi": Decimal(4)})
    knitted = Band("61", 1, 0, Decimal(10), Decimal(10), Decimal(10), {"S": "a"}, {})
    assert (bands.source, bands.url) == ("Invented", "https://law.example/x")
    assert [bands.find(code) for code in ("61091000", "6110", "63")] == [shirts, knitted, None]
    assert bands.under("6") == [knitted, shirts, bands.rows["62"], bands.rows["6203"]]
    assert {prefix: band.is_uniform for prefix, band in bands.rows.items()} == {
        "61": True,
        "610910": False,
        "62": False,
        "6203": False,
    }


def test_a_code_without_percentages_is_open(tmp_path: Path) -> None:
    """Where no percentage is given at all, at least one line is left open."""
    bands = load(tmp_path, bands=BANDS + "62,2,,,\n").at("QY", date(2026, 5, 20)).bands

    assert bands is not None
    assert (bands.rows["62"].open_lines, bands.rows["62"].is_uniform) == (1, False)
