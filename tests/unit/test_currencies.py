"""The project's own table of currency exponents."""

from collections.abc import Callable

import pytest

from landed_cost.currencies import _CODES_BY_EXPONENT, EXPONENTS, UnknownCurrencyError, exponent, is_known, units


@pytest.mark.parametrize(
    ("code", "digits"),
    [("CLP", 0), ("PYG", 0), ("JPY", 0), ("COP", 2), ("CRC", 2), ("USD", 2), ("XDR", 2), ("KWD", 3), ("CLF", 4)],
)
def test_exponent(code: str, digits: int) -> None:
    """The currencies of the Americas, and one of each kind, have the decimals that ISO 4217 gives them."""
    assert (exponent(code), units(code)) == (digits, 10**digits)


def test_every_code_has_three_capitals() -> None:
    """Every code of the table is three capital letters, and none stands in it under two exponents."""
    assert all(len(code) == 3 and code.isascii() and code.isalpha() and code.isupper() for code in EXPONENTS)
    assert len(EXPONENTS) == sum(len(codes.split()) for codes in _CODES_BY_EXPONENT.values()) == 161


@pytest.mark.parametrize("ask", [exponent, units])
@pytest.mark.parametrize("code", ["", "usd", "US", "XAU", "BTC", "PESOS"])
def test_unknown_code(code: str, ask: Callable[[str], int]) -> None:
    """A code outside the table is an error that carries the code and the known ones."""
    assert not is_known(code)
    with pytest.raises(UnknownCurrencyError) as caught:
        ask(code)

    assert (caught.value.code, caught.value.known) == (code, tuple(sorted(EXPONENTS)))
