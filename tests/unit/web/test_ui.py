"""The language of a page, and numbers, money and dates as its reader writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkit.web.filling import typed
from translations.numbers import AmbiguousNumberError, NumberError, read_number
from translations.ui import LANGUAGES, choose, speech


@pytest.mark.parametrize(
    ("language", "accepted", "written"),
    [
        ("es", [], "USD\xa01,234.50"),
        ("es", ["es-MX"], "USD\xa01,234.50"),
        ("es", ["pt-BR", "es-CL"], "USD\xa01.234,50"),
        ("es", ["es-ZZ"], "USD\xa01,234.50"),
        ("pt", ["es-MX"], "USD\xa01.234,50"),
        ("en", ["en-GB"], "USD\xa01,234.50"),
    ],
)
def test_money_carries_its_code(language: str, accepted: list[str], written: str) -> None:
    """Money stands after its ISO code, with the reader's separators and all its decimals."""
    assert speech(language, accepted).money("1234.50", "USD") == written


def test_currencies_keep_their_own_decimals() -> None:
    """An amount is never given more or fewer decimals than its currency has."""
    spanish = speech("es", ["es-CL"])

    assert [spanish.money("12345", "CLP"), spanish.money("1.250", "KWD")] == ["CLP\xa012.345", "KWD\xa01,250"]


@pytest.mark.parametrize(
    ("language", "written"),
    [("es", "23 de noviembre de 2026"), ("pt", "23 de novembro de 2026"), ("en", "November 23, 2026")],
)
def test_dates_are_written_out(language: str, written: str) -> None:
    """A date is written in words, never as digits alone."""
    assert speech(language, []).day("2026-11-23") == written


def test_dates_inside_sentences_are_written_out() -> None:
    """ISO dates inside a sentence are written out; what only looks like one stays."""
    english = speech("en", [])

    assert english.written("from 2026-02-24 to 2026-13-45, lot 12026-02-24") == (
        "from February 24, 2026 to 2026-13-45, lot 12026-02-24"
    )


@pytest.mark.parametrize(
    ("share", "written"), [("0", "0\xa0%"), ("0.0184", "1,8\xa0%"), ("0.17", "17\xa0%"), ("1.392", "139\xa0%")]
)
def test_shares_are_short(share: str, written: str) -> None:
    """A share has one decimal below ten percent and none above; nothing is plainly nothing."""
    assert speech("pt", []).percent(Decimal(share)) == written


def test_calculations_keep_tariff_numbers() -> None:
    """In a calculation the decimals follow the reader, and tariff numbers stay as they are."""
    assert speech("pt", []).figures("1250.00 × 16.5% + 3 × 0.485 (9903.05.55)") == (
        "1.250,00 × 16,5% + 3 × 0,485 (9903.05.55)"
    )


@pytest.mark.parametrize(
    ("asked", "kept", "accepted", "language"),
    [
        ("pt", "es", ["en"], "pt"),
        (None, "es", ["en"], "es"),
        (None, None, ["fr", "pt-BR", "en"], "pt"),
        ("xx", "", ["es-419"], "es"),
        (None, None, ["est", "*", "pt"], "pt"),
        ("español", "x" * 999, ["ES_mx"], "es"),
        (None, None, [], "en"),
    ],
)
def test_the_language_is_the_readers(asked: str | None, kept: str | None, accepted: list[str], language: str) -> None:
    """The address decides, then what was chosen before, then the browser, then English."""
    assert choose(asked, kept, accepted) == language


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("25", "25"),
        ("25.5", "25.5"),
        ("25,50", "25.50"),
        (" 1 234,5 ", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567.89", "1234567.89"),
        ("0.250", "0.250"),
        (",5", "0.5"),
        ("1234.567", "1234.567"),
    ],
)
def test_numbers_are_read_with_point_or_comma(text: str, number: str) -> None:
    """A number is read as it was meant, whatever sign parts its decimals."""
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["doce", "", "-1", "1e400", "NaN", "25 USD", "1.23.4", "1,2,3.4", "25.", "٣", "½"])
def test_what_is_no_number_is_refused(text: str) -> None:
    """A text that is no plain number is refused."""
    with pytest.raises(NumberError):
        read_number(text)


@pytest.mark.parametrize("text", ["1.250", "1,250", "999.999"])
def test_what_reads_two_ways_is_not_guessed(text: str) -> None:
    """One sign before three digits may part thousands or decimals, so nobody guesses."""
    with pytest.raises(AmbiguousNumberError):
        read_number(text)


@given(
    number=st.decimals(min_value=0, max_value=10**9, places=4).map(lambda value: f"{value:f}"),
    places=st.integers(0, 4),
    language=st.sampled_from(LANGUAGES),
)
def test_what_is_typed_back_is_read_the_same(number: str, places: int, language: str) -> None:
    """A number that the form fills in is read back as the same number."""
    cut = f"{Decimal(number):.{places}f}"

    assert Decimal(read_number(typed(cut, speech(language, [])))) == Decimal(cut)
