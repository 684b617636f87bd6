"""Prices as shops write them, and that the one proposed does what it should."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.rulebook.reader import RulebookError, read_text
from listings.pricing.endings import Endings, _read, currencies, endings, nearest_that


def style(currency: str) -> Endings:
    """Return the endings of a currency that has some."""
    found = endings(currency)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("currency", "price", "above", "below"),
    [
        ("USD", 12_34, 12_99, 11_99),
        ("USD", 12_99, 12_99, 12_99),
        ("USD", 99_99, 99_99, 99_99),
        ("USD", 100_00, 109_00, 99_99),
        ("USD", 124_50, 129_00, 119_00),
        ("CLP", 12_345, 12_990, 11_990),
        ("CLP", 950, 990, 890),
        ("COP", 48_120_00, 48_900_00, 47_900_00),
        ("BRL", 24_91, 25_90, 24_90),
        ("PYG", 118_500, 119_000, 109_000),
    ],
)
def test_the_nearest_prices_with_an_ending(currency: str, price: int, above: int, below: int) -> None:
    """Each currency has its own endings, in its smallest unit."""
    found = style(currency)

    assert (next(found.at_or_above(price)), next(found.at_or_below(price))) == (above, below)


def test_a_currency_without_data_has_no_endings() -> None:
    """Where the house knows nothing of endings it proposes none."""
    assert endings("KWD") is None


def test_nothing_lies_below_the_first_ending() -> None:
    """Below the lowest price with an ending there is none."""
    assert list(style("USD").at_or_below(98)) == []


@given(currency=st.sampled_from(currencies()), price=st.integers(1, 10**8))
def test_no_ending_is_left_out(currency: str, price: int) -> None:
    """The next above the one below a price is the next at or above the price, or the price itself."""
    found = style(currency)
    above = next(found.at_or_above(price))
    below = next(found.at_or_below(price), 0)

    assert below <= price <= above
    assert next(found.at_or_above(below + 1)) in {above, next(found.at_or_above(price + (below == price)))}


def test_an_ending_that_does_not_reach_is_passed_over() -> None:
    """Of the prices with an ending, the nearest that does what it should is taken."""
    found = nearest_that(style("USD"), 12_34, up=True, reaches=lambda price: price > 15_00)

    assert found == 15_99


def test_no_ending_near_is_none() -> None:
    """Where none near does, none is proposed."""
    assert nearest_that(style("USD"), 12_34, up=False, reaches=lambda _price: False) is None
    assert nearest_that(style("USD"), 99_12_34, up=True, reaches=lambda _price: False) is None


@pytest.mark.parametrize(
    ("styles", "said"),
    [
        ('{from: "0", step: "1", ending: "1"}', "smaller than its step"),
        ('{from: "0", step: "1", ending: "0.999"}', "more decimals than the currency"),
    ],
)
def test_a_style_that_cannot_be_is_refused(styles: str, said: str) -> None:
    """A file of endings says where and what is wrong."""
    text = f"currency: USD\nas_of: 2026-01-01\nstatus: memory\nsource: us\nstyles: [{styles}]\n"

    with pytest.raises(RulebookError, match=said):
        _read(read_text(text, "endings.yaml"))
