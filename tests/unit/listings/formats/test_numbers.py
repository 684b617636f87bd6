"""The sign of decimals is told from the whole file; what stays open is a problem, never a guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.formats.numbers import NumberError, Signs, unmistakable


@pytest.mark.parametrize(
    ("others", "text", "expected"),
    [
        (["12,50"], "1.250", "1250"),
        (["12.50"], "1.250", "1.250"),
        (["12.50"], "1,250", "1250"),
        (["12.50"], "12,5", "12.5"),
        ([], "1.250.000", "1250000"),
        ([], "1,250.75", "1250.75"),
        ([], "0.350", "0.350"),
        ([], "1250", "1250"),
        (["12.50", "12,50"], "7", "7"),
    ],
)
def test_one_cell_that_tells_settles_those_that_do_not(others: list[str], text: str, expected: str) -> None:
    """Twelve and a half with a comma makes 1.250 a thousand and more."""
    signs = Signs()
    for one in [*others, text]:
        signs.see("price", one)

    assert signs.read("price", text) == expected


@pytest.mark.parametrize(
    ("others", "text", "code"),
    [
        ([], "1.250", "number_ambiguous"),
        (["12.50", "12,50"], "1.250", "number_ambiguous"),
        ([], "$12", "number_bad"),
        ([], "1.2.3", "number_bad"),
        ([], "12.34.567", "number_bad"),
        ([], "-5", "number_negative"),
        ([], "-1.250,50", "number_negative"),
        ([], "-", "number_bad"),
        ([], "1 250", "number_bad"),
        ([], "٣", "number_bad"),
    ],
)
def test_what_is_open_or_no_number_is_a_problem(others: list[str], text: str, code: str) -> None:
    """Nothing is guessed."""
    signs = Signs()
    for one in [*others, text]:
        signs.see("price", one)

    with pytest.raises(NumberError) as caught:
        signs.read("price", text)

    assert caught.value.code == code


def test_a_person_may_settle_it_and_is_held_to_it() -> None:
    """With a point for decimals, 12,5 is a problem and 1,250 a thousand."""
    signs = Signs(given=".")

    assert signs.read("price", "1,250") == "1250"
    with pytest.raises(NumberError) as caught:
        signs.read("price", "12,5")
    assert caught.value.code == "number_other_sign"


@given(st.decimals(0, 10**9, places=3) | st.decimals(0, 10**9, places=2))
def test_what_is_written_cannot_be_mistaken(number: object) -> None:
    """An amount of three decimals gets a fourth, so that its point is no sign of thousands."""
    assert float(Signs().read("price", unmistakable(str(number)))) == float(str(number))
