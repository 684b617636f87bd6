"""Exchange rates: exact conversion, dates and sources, and a strict file."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.currencies import exponent
from landed_cost.rates import (
    ExchangeRate,
    InvalidRateError,
    RatesFileError,
    RateTable,
    UnknownCurrencyError,
    default_rates,
    is_stale,
    load_rates,
)

HEADER = "base,quote,rate,date,kind,source\n"
TABLE = load_rates(
    HEADER
    + "USD,MXN,18.5,2026-11-20,market,bank A\n"
    + "USD,CLP,950,2026-11-19,customs,customs B\n"
    + "USD,KWD,0.3071,2026-11-20,customs,customs B\n"
    + "EUR,GTQ,8.8,2026-11-20,market,bank C\n"
    + "EUR,USD,1.16,2026-11-20,market,bank C\n"
    + "BRL,PYG,1100,2026-11-20,market,bank D\n",
)


@pytest.mark.parametrize(
    ("minor", "from_", "to", "expected"),
    [
        (10_00, "USD", "CLP", 9_500),  # 10.00 x 950
        (1, "USD", "CLP", 10),  # 0.01 x 950 = 9.5, half up
        (-1, "USD", "CLP", -10),  # the same, away from zero
        (9_500, "CLP", "USD", 10_00),
        (1, "CLP", "USD", 0),  # 0.00105 USD
        (18_50, "MXN", "CLP", 950),  # across USD
        (1_000, "KWD", "USD", 326),  # 1 / 0.3071 = 3.2563
    ],
)
def test_conversion(minor: int, from_: str, to: str, expected: int) -> None:
    """Amounts convert by whole minor units with each currency's own decimals, halves away from zero."""
    assert TABLE.convert_minor(minor, from_, to) == expected


def test_cross_over_the_euro() -> None:
    """Two currencies without a common dollar rate cross over the euro."""
    assert TABLE.convert_minor(8_80, "GTQ", "USD") == 1_16


def test_cross_over_any_common_currency() -> None:
    """Where neither dollar nor euro joins two currencies, any third one of the table does."""
    table = load_rates(HEADER + "BRL,PYG,1100,2026-11-20,market,x\nBRL,UYU,7.7,2026-11-20,market,x\n")

    assert table.convert_minor(1_100, "PYG", "UYU") == 7_70


def test_no_way_between_two_currencies() -> None:
    """Two known currencies without a joint are an error that names those within reach."""
    with pytest.raises(UnknownCurrencyError) as caught:
        TABLE.rate("BRL", "USD")

    assert (caught.value.code, caught.value.known) == ("USD", ("BRL", "PYG"))


@pytest.mark.parametrize(("from_", "to", "code"), [("ARS", "USD", "ARS"), ("USD", "ZZZ", "ZZZ"), ("ZZZ", "ZZZ", "ZZZ")])
def test_unknown_currency(from_: str, to: str, code: str) -> None:
    """A currency that the table lacks is an error that names it and the ones there are."""
    with pytest.raises(UnknownCurrencyError) as caught:
        TABLE.convert_minor(1, from_, to)

    assert (caught.value.code, caught.value.known) == (code, tuple(sorted(TABLE.currencies)))


def test_same_currency_needs_no_rate() -> None:
    """A currency converts to itself at 1, even one that the table does not have."""
    assert TABLE.convert_minor(123, "ARS", "ARS") == 123
    assert TABLE.rate("ARS", "ARS") == ExchangeRate(
        "ARS", "ARS", Decimal(1), date(2026, 11, 19), "same currency", "market"
    )


def test_direct_rate_is_as_published() -> None:
    """A published pair comes back unchanged."""
    assert TABLE.rate("USD", "MXN") == TABLE.rates[0]


def test_inverse_rate() -> None:
    """The inverse of a customs rate is one too, shown with ten digits."""
    assert TABLE.rate("CLP", "USD") == ExchangeRate(
        "CLP", "USD", Decimal("0.001052631579"), date(2026, 11, 19), "customs B", "customs"
    )


def test_cross_rate_names_both_sources_and_the_older_day() -> None:
    """A cross of a market and a customs rate is a market rate of the older day with both sources."""
    assert TABLE.rate("MXN", "CLP") == ExchangeRate(
        "MXN", "CLP", Decimal("51.35135135"), date(2026, 11, 19), "bank A; customs B", "market"
    )
    assert TABLE.rate("KWD", "CLP").source == "customs B"
    assert TABLE.rate("KWD", "CLP").kind == "customs"


@given(
    minor=st.integers(-(10**18), 10**18),
    per_dollar=st.decimals("0.0001", "99999", places=6, allow_nan=False),
    other=st.decimals("0.0001", "99999", places=6, allow_nan=False),
)
def test_cross_conversion_is_exact(minor: int, per_dollar: Decimal, other: Decimal) -> None:
    """A cross conversion equals the fraction of the two rates, rounded once, half away from zero."""
    day = date(2026, 11, 20)
    table = RateTable(
        (
            ExchangeRate("USD", "MXN", per_dollar, day, "x", "market"),
            ExchangeRate("USD", "PYG", other, day, "x", "market"),
        ),
    )
    exact = Fraction(minor) * Fraction(other) / Fraction(per_dollar) / 100
    half_up = int(abs(exact) + Fraction(1, 2)) * (1 if exact >= 0 else -1)

    assert table.convert_minor(minor, "MXN", "PYG") == half_up
    assert table.convert_minor(minor, "MXN", "PYG") == -table.convert_minor(-minor, "MXN", "PYG")


def test_age_counts_from_the_oldest_rate() -> None:
    """A table is as old as its oldest rate; a day before it gives a negative age."""
    assert TABLE.as_of == date(2026, 11, 19)
    assert TABLE.age(date(2026, 11, 25)) == 6
    assert TABLE.age(date(2026, 11, 18)) == -1


@pytest.mark.parametrize(
    ("on", "stale"),
    [
        (date(2026, 11, 8), True),
        (date(2026, 11, 9), False),
        (date(2026, 11, 29), False),
        (date(2026, 11, 30), True),
    ],
)
def test_ten_days_either_way(on: date, *, stale: bool) -> None:
    """A rate serves up to ten days after its date, and before it."""
    assert TABLE.is_stale(on) is stale
    assert is_stale(date(2026, 11, 19), on) is stale


def test_updated_replaces_pairs_in_either_direction() -> None:
    """Newer rates take the place of the same pairs, however they are written, and the rest stays."""
    newer = load_rates(HEADER + "MXN,USD,0.05,2026-11-23,market,bank A\n")

    updated = TABLE.updated(newer)

    assert updated.rates == newer.rates + TABLE.rates[1:]
    assert updated.convert_minor(20_00, "MXN", "USD") == 1_00
    assert updated.as_of == TABLE.as_of


@pytest.mark.parametrize("rate", ["0", "-18", "NaN", "Infinity", "1e13", "1e-13"])
def test_impossible_rate(rate: str) -> None:
    """Zero, negative, not a number and out of all proportion are not rates."""
    with pytest.raises(InvalidRateError, match="is not a possible exchange rate"):
        ExchangeRate("USD", "MXN", Decimal(rate), date(2026, 11, 20), "x", "market")


def test_currency_against_itself_is_one() -> None:
    """A currency is worth exactly itself."""
    with pytest.raises(InvalidRateError, match="USD to itself is 1, not 2"):
        ExchangeRate("USD", "USD", Decimal(2), date(2026, 11, 20), "x", "market")


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        ((), "needs at least one rate"),
        ((ExchangeRate("USD", "USD", Decimal(1), date(2026, 1, 1), "x", "market"),), "USD to itself needs no rate"),
        (
            (
                ExchangeRate("USD", "MXN", Decimal(18), date(2026, 1, 1), "x", "market"),
                ExchangeRate("MXN", "USD", Decimal("0.05"), date(2026, 1, 1), "x", "market"),
            ),
            "MXN and USD have two rates in one table",
        ),
    ],
)
def test_table_without_sense(rates: tuple[ExchangeRate, ...], message: str) -> None:
    """An empty table, a currency against itself and a pair given twice are refused."""
    with pytest.raises(ValueError, match=message):
        RateTable(rates)


GOOD = "USD,MXN,18.5,2026-11-20,market,x"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "<text>: no rates; write a header base,quote,rate,date,kind,source and at least one row"),
        (HEADER, "<text>: no rates; write a header base,quote,rate,date,kind,source and at least one row"),
        (GOOD, "<text>:1: the header must be base,quote,rate,date,kind,source"),
        (f"# a note\n\n{HEADER}{GOOD},more", "<text>:4: 7 columns; write 6: base,quote,rate,date,kind,source"),
        (
            HEADER + GOOD.replace("MXN", "Mxn"),
            "<text>:2: currency 'Mxn' is not in ISO 4217; write a three-letter code in capitals",
        ),
        (HEADER + GOOD.replace("MXN", "USD"), "<text>:2: USD against itself; leave the row out"),
        (
            HEADER + GOOD.replace("18.5", "1.8e1"),
            "<text>:2: rate '1.8e1' is not a plain positive decimal; write it like 18.2507",
        ),
        (
            HEADER + GOOD.replace("18.5", "-1"),
            "<text>:2: rate '-1' is not a plain positive decimal; write it like 18.2507",
        ),
        (HEADER + GOOD.replace("18.5", "0"), "<text>:2: USD to MXN: 0 is not a possible exchange rate"),
        (HEADER + GOOD.replace("2026-11-20", "2026-13-01"), "<text>:2: '2026-13-01' is not a date; write YYYY-MM-DD"),
        (HEADER + GOOD.replace("2026-11-20", "20261120"), "<text>:2: '20261120' is not a date; write YYYY-MM-DD"),
        (HEADER + GOOD.replace("market", "spot"), "<text>:2: kind 'spot'; write customs or market"),
        (HEADER + GOOD[:-1] + " ", "<text>:2: no source; name who published the rate"),
        (
            HEADER + GOOD[:-1] + '"x',
            "<text>:2: not CSV: unexpected end of data; close the quotation mark on the same line",
        ),
        (
            f"{HEADER}{GOOD}\nMXN,USD,0.05,2026-11-20,market,x",
            "<text>:3: MXN and USD already have a rate on line 2; keep one",
        ),
    ],
)
def test_broken_file(text: str, message: str) -> None:
    """Each kind of broken table names its line and says what to write."""
    with pytest.raises(RatesFileError) as caught:
        load_rates(text)

    assert str(caught.value) == message


def test_file_is_named_in_errors(tmp_path: Path) -> None:
    """A table read from a file names that file; a good one loads as its text would."""
    path = tmp_path / "rates.csv"
    path.write_text(HEADER + GOOD + "\n", encoding="utf-8")
    assert load_rates(path) == load_rates(HEADER + GOOD)

    path.write_text(GOOD, encoding="utf-8")
    with pytest.raises(RatesFileError) as caught:
        load_rates(path)

    assert str(caught.value).startswith(f"{path}:1: ")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_unreadable_file(tmp_path: Path, content: bytes | None) -> None:
    """A file that is absent or not UTF-8 is an error that names it."""
    path = tmp_path / "rates.csv"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(RatesFileError, match=r"rates\.csv: cannot be read as UTF-8 text"):
        load_rates(path)


def test_default_table() -> None:
    """The table that ships covers the Americas and the currencies of their trade, all of one day."""
    table = default_rates()

    assert table is default_rates()
    assert {rate.date for rate in table.rates} == {date(2026, 9, 29)}
    assert {rate.kind for rate in table.rates} == {"market"}
    americas = "ARS BBD BOB BRL BSD BZD CAD CLP COP CRC CUP DOP GTQ GYD HNL HTG JMD MXN NIO PAB PEN PYG SRD"
    assert table.currencies >= {*americas.split(), "TTD", "USD", "UYU", "VES", "XCD", "CNY", "EUR", "GBP", "JPY", "XDR"}
    assert table.rate("USD", "MXN").rate == Decimal("18.00541451")
    assert table.convert_minor(25_00, "USD", "CLP") == 24_193  # 25 x 967.7346811 = 24 193.37
    assert table.convert_minor(300_00, "XDR", "USD") == 407_96  # 300 / 0.73536631 = 407.9599


def test_every_default_pair_converts() -> None:
    """Every currency of the default table converts to every other."""
    table = default_rates()

    for from_ in table.currencies:
        for to in table.currencies:
            back = table.convert_minor(table.convert_minor(10**12, from_, to), to, from_)
            unit_in_from = Fraction(table.rate(to, from_).rate) * Fraction(10) ** (exponent(from_) - exponent(to))
            assert abs(back - 10**12) <= unit_in_from / 2 + 1


def test_a_factor_is_exact() -> None:
    """What is summed before it is rounded is converted by a fraction, over USD where there is no direct rate."""
    found = [TABLE.factor("USD", "MXN"), TABLE.factor("MXN", "USD"), TABLE.factor("MXN", "CLP")]

    assert found == [Fraction(37, 2), Fraction(2, 37), Fraction(950 * 2, 37)]
