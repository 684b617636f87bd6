"""Bytes to rows: encodings, delimiters, broken quotes, cells that a spreadsheet would run."""

from __future__ import annotations

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.formats import table
from listings.formats.messages import LANGUAGES, sentences
from listings.formats.port import FileRefusedError
from tests.unit.listings.formats.files import FORMATS, MERCADOLIBRE, MXN, SHOPIFY, WOOCOMMERCE_ES, read, told, written

CSV = "key,title,price\nñandú,Ñandú «grande»,12.50 MXN\n"


@pytest.mark.parametrize(
    ("data", "notes"),
    [
        (CSV.encode(), []),
        (codecs.BOM_UTF8 + CSV.encode(), []),
        (CSV.encode("utf-16"), []),
        (codecs.BOM_UTF16_BE + CSV.encode("utf-16-be"), []),
        (CSV.encode("utf-16-le"), []),
        (CSV.encode("utf-16-be"), []),
        (CSV.encode("cp1252"), ["encoding_assumed"]),
        (CSV.replace("«", "\x81").encode("latin-1"), ["encoding_assumed"]),
        (CSV.replace(",", ";").encode(), []),
        (CSV.replace(",", "\t").encode(), []),
        (CSV.replace("\n", "\r\n").encode(), []),
        (b"\n\n" + CSV.encode(), []),
    ],
)
def test_the_encoding_and_the_delimiter_are_told_from_the_file(data: bytes, notes: list[str]) -> None:
    """UTF-8 with a mark or without, UTF-16 both ways, older Excel; comma, semicolon, tab."""
    (found,), problems = read(data)

    assert (found.key, found.title.replace("\x81", "«")) == ("ñandú", "Ñandú «grande»")
    assert [one.code for one in problems] == notes


@pytest.mark.parametrize(
    ("data", "code", "row"),
    [
        (b"", "empty", None),
        (b"  \n", "empty", None),
        (b"key,title\n", "empty", None),
        (b'key,title\na,Uno\nb,"Dos" tres\nc,Cuatro\n', "quote", 3),
        (b'key,title\na,Uno\nb,"Dos\nc,Tres\n', "quote", 3),
        (b"key,title,title\na,b,c\n", "column_twice", 1),
        (b"foo,bar\n1,2\n", "format_unknown", 1),
        (b"\xff\xfe\x00\xd8", "encoding_broken", None),
        (b"key,title\na," + b"x" * (table.MAX_LINE + 1), "line_too_long", None),
        (b"key,title\na," + b"x" * 200_000, "quote", 2),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_place(data: bytes, code: str, row: int | None) -> None:
    """A broken quote names the row that it began in, and nothing after it is guessed at."""
    with pytest.raises(FileRefusedError) as caught:
        read(data)

    assert (caught.value.problem.code, caught.value.problem.row) == (code, row)


def test_the_row_is_that_of_a_spreadsheet_and_the_line_that_of_the_file() -> None:
    """A cell with line breaks is one row."""
    with pytest.raises(FileRefusedError) as caught:
        read('key,title\na,"Uno\n\ndos"\nb,"Tres" x\n')

    problem = caught.value.problem
    assert (problem.code, problem.row, dict(problem.values)) == ("quote", 3, {"line": "5"})


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1+1", "@x", "\tx", "\rx", "'=x", "''@"])
def test_a_formula_does_not_leave_as_one(text: str) -> None:
    """What goes out begins with an apostrophe, and comes in as it was."""
    assert table.defused(text).startswith("'")
    assert table.undone(table.defused(text)) == text


@given(st.text())
def test_any_cell_comes_back(text: str) -> None:
    """Guarding and undoing are each other's inverse, and no guarded cell runs."""
    out = table.defused(text)

    assert table.undone(out) == text
    assert not out.startswith(("=", "+", "@", "\t", "\r"))


@given(st.lists(st.text(min_size=1).map(str.strip).filter(bool), max_size=4))
def test_any_list_comes_back_from_its_cell(values: list[str]) -> None:
    """Commas and backslashes inside the values are no separators."""
    assert table.split(table.joined(values)) == values


def test_formulas_are_defused_in_every_table() -> None:
    """A title, a SKU, a header: nothing of an export runs in a spreadsheet."""
    data = SHOPIFY.replace("Blusa de manta", "'=HYPERLINK(1)").replace("BL-S", "'@x").replace("SEO Title", "'=A1")
    found, _ = read(data)

    assert (found[0].title, found[0].variants[0].sku) == ("=HYPERLINK(1)", "@x")
    for name in ("shopify", "shopify-2025", "woocommerce", "shopkit"):
        cells = [cell for row in csv.reader(io.StringIO(written(name, found))) for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "@", "-"))] in ([], ["-1"])


def test_scripts_are_taken_out_of_descriptions_and_that_is_said() -> None:
    """What shows text stays."""
    data = 'key,title,description\na,A,"<p onclick=""x()"">Sí<script>alert(1)</script><img src=x onerror=y></p>"\n'

    (found,), problems = read(data)

    assert found.description == "<p>Sí</p>"
    assert told(problems, notes=True) == [("html_cleaned", 2, "description")]


def refusal(data: bytes, name: str | None = None) -> str | None:
    """Return the code that a file is refused with, ``None`` where it is read."""
    try:
        read(data, MXN, name)
    except FileRefusedError as error:
        return error.problem.code
    return None


@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd(data: bytes) -> None:
    """A file is read or refused, whatever it holds."""
    for name in (None, *FORMATS):
        assert refusal(data, name) in {None, *sentences()}


@given(st.sampled_from([SHOPIFY, WOOCOMMERCE_ES, MERCADOLIBRE, CSV]), st.integers(0, 400), st.text(max_size=6))
def test_no_damage_is_too_odd(data: str, at: int, text: str) -> None:
    """A good file with anything put into it is read or refused."""
    damaged = (data[:at] + text + data[at:]).encode("utf-8", "surrogatepass")

    assert refusal(damaged) in {None, *sentences()}


def test_every_problem_has_its_sentence_in_every_language() -> None:
    """And no language has one of its own."""
    assert {tuple(one) for one in sentences().values()} == {LANGUAGES}
