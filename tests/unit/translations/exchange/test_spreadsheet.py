"""Tables: units in and out, formulas disarmed, and what is no table refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.translations.exchange.units import units
from translations.exchange import spreadsheet
from translations.exchange.errors import ExchangeError
from translations.memory import Unit

HEAD = "source,target,source_locale,target_locale"


@given(st.lists(units(), max_size=5), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_units_come_back_as_they_went(rows: list[Unit], encoding: str) -> None:
    """Every field and sign of them, in each encoding that programs write."""
    assert spreadsheet.read(spreadsheet.text(rows).encode(encoding)) == spreadsheet.Table(tuple(rows))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "\n=1", "\uff1d1", "'=1"])
def test_no_cell_can_be_taken_for_a_formula(text: str) -> None:
    """An apostrophe stands before it."""
    written = spreadsheet.text([Unit("u", f"{text}x", "b", "en-US", "es-MX")])

    assert f"'{text}x" in written
    assert spreadsheet.read(written.encode()).units[0].source == f"{text}x"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cells_may_be_parted_as_programs_part_them(delimiter: str) -> None:
    """Columns stand in any order and case; those without a place in a unit are named."""
    table = "Target;SOURCE;source_locale;target_locale;Client\nTaza;Mug;en-US;es-MX;Rosa\n\n".replace(";", delimiter)

    assert spreadsheet.read(table.encode()) == spreadsheet.Table(
        (Unit("", "Mug", "Taza", "en-US", "es-MX", origin=""),), ("client",)
    )


@pytest.mark.parametrize(
    ("data", "reason", "message"),
    [
        (b"", "content", "line 1: there is no column source, target, source_locale, target_locale"),
        (b"source,target\na,b", "content", "there is no column source_locale, target_locale"),
        (f"{HEAD},Source\n".encode(), "content", "source stands there twice"),
        (f"{HEAD}\na,b,en\n".encode(), "syntax", "line 2: 3 cells under 4 columns"),
        (f"{HEAD}\na,,en,es\n".encode(), "content", "line 2: unit '': source and target have text"),
        (f"{HEAD},status\na,b,en,es,good\n".encode(), "content", "line 2: 'good' is no status"),
        (f"{HEAD},written\na,b,en,es,2026-11-27\n".encode(), "content", "line 2: .*has no time zone"),
        (f"{HEAD},written\na,b,en,es,soon\n".encode(), "content", "line 2: .*soon"),
        (f'{HEAD}\n"a,b\n'.encode(), "syntax", "unexpected end of data"),
        (f"{HEAD}\n{'x' * 200_000},b,en,es\n".encode(), "size", "line 2: .*limit"),
        (f"{HEAD}\nñ,b,en,es\n".encode("latin-1"), "encoding", "byte 43: no text in UTF-8"),
        (f"{HEAD}\n".encode() + b"x" * 600_000, "size", "more than 500,000 bytes"),
    ],
)
def test_what_is_no_table_of_units_is_refused(data: bytes, reason: str, message: str) -> None:
    """Saying where and what."""
    with pytest.raises(ExchangeError, match=message) as raised:
        spreadsheet.read(data, most_bytes=500_000)

    assert raised.value.reason == reason


def test_a_sign_that_no_table_holds_is_refused() -> None:
    """Programs end a cell there."""
    with pytest.raises(ExchangeError, match="cannot hold the sign"):
        spreadsheet.text([Unit("u", "a\x00", "b", "en-US", "es-MX")])
