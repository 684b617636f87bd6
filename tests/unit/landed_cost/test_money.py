"""Money: whole minor units, rounding as law says, parts that add up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.money import Money, allocate, decimal_text, half_up, round_to, to_minor

WHOLE = st.integers(-(10**18), 10**18)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(825, "USD", "8.25"), (-5, "USD", "-0.05"), (46161, "CLP", "46161"), (-1, "CLP", "-1"), (1005, "KWD", "1.005")],
)
def test_an_amount_is_written_with_its_currency_s_decimals(minor: int, currency: str, text: str) -> None:
    """Two decimals for dollars, none for Chilean pesos, three for Kuwaiti dinars."""
    assert (Money(minor, currency).text, str(Money(minor, currency))) == (text, f"{text} {currency}")


@given(WHOLE, st.integers(0, 4))
def test_text_and_minor_units_say_the_same(minor: int, digits: int) -> None:
    """No digit is lost on the way to text and back."""
    assert Decimal(decimal_text(minor, digits)).scaleb(digits) == minor


@given(WHOLE, st.integers(1, 10**9))
def test_half_up_is_the_nearest_and_halves_go_away_from_zero(numerator: int, denominator: int) -> None:
    """Never further off than one half, and the same distance from zero on both sides."""
    found = half_up(numerator, denominator)

    assert abs(Fraction(numerator, denominator) - found) <= Fraction(1, 2)
    assert half_up(-numerator, denominator) == -found


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.345", "USD", 1235),
        ("12.344", "USD", 1234),
        ("0.5", "CLP", 1),
        ("1.0005", "KWD", 1001),
        ("1E+3", "USD", 100000),
    ],
)
def test_a_decimal_becomes_minor_units(text: str, currency: str, minor: int) -> None:
    """What is finer than the smallest unit is rounded, halves away from zero."""
    assert to_minor(Decimal(text), currency) == minor


@pytest.mark.parametrize(
    ("mode", "value", "rounded"),
    [
        ("half_up", Fraction(25, 2), 15),
        ("half_up", Fraction(249, 20), 10),
        ("down", Fraction(1499, 100), 10),
        ("up", Fraction(1001, 100), 15),
        ("up", Fraction(15), 15),
    ],
)
def test_rounding_is_a_property_of_the_rule(mode: str, value: Fraction, rounded: int) -> None:
    """To a step of five: to the nearest, down, or up."""
    assert round_to(value, 5, mode) == rounded


def test_an_unknown_way_to_round_is_an_error() -> None:
    """It names the ones there are."""
    with pytest.raises(ValueError, match=r"rounding mode 'near' is not one of half_up, down, up"):
        round_to(Fraction(1), 1, "near")


@given(WHOLE, st.lists(st.integers(0, 10**12), max_size=40))
def test_parts_add_up_and_are_fair(total: int, weights: list[int]) -> None:
    """Shares sum to the total exactly, and none is a whole unit away from its exact share."""
    shares = allocate(total, weights)

    assert sum(shares) == (total if weights else 0)
    whole = sum(weights)
    exact = [Fraction(total * weight, whole) if whole else Fraction(total, len(weights)) for weight in weights]
    assert all(abs(share - want) < 1 for share, want in zip(shares, exact, strict=True))


@given(st.integers(0, 10**12), st.lists(st.integers(1, 1000), min_size=1, max_size=20))
def test_equal_remainders_go_to_the_earlier_part(total: int, weights: list[int]) -> None:
    """Parts of equal weight never grow along the list."""
    equal = allocate(total, [weights[0]] * len(weights))

    assert equal == sorted(equal, reverse=True)
