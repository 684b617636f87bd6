"""Numbers on a tape come to what numbers come to, and what is asked of them holds for all that they stand for."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.bulk.answering import spans_of
from landed_cost.bulk.columns import ABSENT
from landed_cost.bulk.programs import Program
from landed_cost.bulk.symbols import LARGEST, Figure, Ratio, Sum, Tape, Unread, UntraceableError, Whole
from landed_cost.money import half_up, round_to

if TYPE_CHECKING:
    from collections.abc import Callable

MANY = 10**6


def inputs(tape: Tape, *values: int) -> Any:  # what is done to them is the matter of these tests
    """Return inputs of a tape."""
    return [tape.input(one, MANY) for one in values]


def value(number: Whole | int) -> int:
    """Return the number at hand."""
    return number if isinstance(number, int) else number.tape.value(number.sum)


def reckoned(x: Any, y: Any) -> Any:  # numbers of either sort
    """Return what a law might make of two amounts."""
    duty = half_up(x * 33, 200)
    tax = round_to((x + duty + y) * Fraction(3, 25) / (1 - Fraction(3, 25)), 5, "up")
    fee = min(max(half_up(x * 3464, 1_000_000), 2_932), 53_850)
    rest = abs(tax - y) - 7 if tax > 3 * y else 12 - y
    return duty + tax + fee + sum([rest, -rest // 3, x * 0])


@given(st.integers(0, MANY), st.integers(0, MANY))
def test_a_tape_comes_to_what_numbers_come_to(x: int, y: int) -> None:
    """Sums, multiples, quotients and comparisons give what they give of whole numbers."""
    tape = Tape()

    found = reckoned(tape.input(x, MANY), tape.input(y, MANY))

    assert value(found) == reckoned(x, y)


@pytest.mark.parametrize(
    ("told", "bounds"),
    [
        (lambda x: x >= 300, (300, MANY)),
        (lambda x: x > 300, (301, MANY)),
        (lambda x: x < 800, (0, 799)),
        (lambda x: x <= 800, (0, 800)),
        (lambda x: 2 * x >= 501, (251, MANY)),
        (lambda x: x // 3 >= 100, (300, MANY)),
        (lambda x: x // 3 < 200, (0, 599)),
        (lambda x: (x * 5) // 100 < (x * 7) // 100, (100, MANY)),
        (lambda x: x != 0, (1, MANY)),
        (bool, (1, MANY)),
        (lambda x: x == 500, (500, 500)),
        (lambda x: Ratio(x, 1000) > Fraction(1, 4), (251, MANY)),
        (lambda x: Ratio(x, 1000) >= Fraction(1, 4), (250, MANY)),
        (lambda x: Ratio(x, 1000) < Fraction(3, 4), (0, 749)),
        (lambda x: Ratio(x, 1000) <= Fraction(3, 4), (0, 750)),
        (lambda x: Ratio(x, 1000) == Fraction(1, 2), (500, 500)),
        (lambda x: Ratio(x, 1000) - Ratio(x, 2000) == Fraction(1, 4), (500, 500)),
        (lambda x: bool(Ratio(x, 1000)), (1, MANY)),
    ],
)
def test_what_is_asked_of_an_amount_bounds_it(told: Callable[[Whole], bool], bounds: tuple[int, int]) -> None:
    """A comparison that holds for 500 is a bound within which it holds for every number."""
    tape = Tape()

    assert told(tape.input(500, MANY))

    step = tape.steps[0]
    assert ((step.low, step.high), tape.known) == (bounds, {})


def test_what_is_known_is_not_asked_again() -> None:
    """An answer that follows from what was asked before adds no condition, either way."""
    tape = Tape()
    x, y = inputs(tape, 500, 20)

    told = [x >= y, x >= y - 1, x < y, y > x, x + y >= 0, x == x]  # noqa: PLR0124  # the same twice is the point

    assert (told, tape.known) == ([True, True, False, False, True, True], {((0, 1), (1, -1)): 0})


def test_a_comparison_that_holds_only_just_stays_a_condition() -> None:
    """Where rounding decides, the sum itself is the condition, and no simpler bound."""
    tape = Tape()
    (x,) = inputs(tape, 20)

    assert (x * 5) // 100 + (x * 7) // 100 <= x // 10

    assert list(tape.known.values()) == [0]


def test_rounding_up_keeps_its_bound_from_above() -> None:
    """A sum with what is taken off rounded down is bounded by what that may be more."""
    tape = Tape()
    (x,) = inputs(tape, 1_000)

    told = [x - x // 3 >= 0, x - x // 3 < 0]

    assert (told, tape.known, tape.steps[0].high) == ([True, False], {}, MANY)


def test_what_may_outgrow_64_bits_is_refused() -> None:
    """A product that does not surely fit makes no program; a whole multiple taken apart may fit."""
    tape = Tape()
    x: Any = tape.input(1, 10**12)

    fits = (x * (10**9 + 1)) // 10**9
    with pytest.raises(UntraceableError, match="too_large"):
        _ = (x * (10**9 - 1)) // 10**9

    assert (value(fits), len(tape.steps)) == (1, 2)
    with pytest.raises(UntraceableError, match="too_large"):
        tape.check(Sum(((0, LARGEST),), 0))


def test_what_no_tape_can_hold_fails() -> None:
    """To look a number up, to read what nobody may read, or to compare it with a fraction is no arithmetic."""
    (x,) = inputs(Tape(), 500)
    ratio: Any = Ratio(x, 3)

    for number in (x, ratio, Figure(x, 100), Unread()):
        with pytest.raises(TypeError, match="unhashable"):
            hash(number)
    for attempt in (
        lambda: x == Fraction(1, 2),
        lambda: x == ratio,
        lambda: Figure(x, 100) == 5,
        lambda: bool(Unread()),
        lambda: Fraction(x),
        lambda: x * x,
        lambda: ratio * 0.5,
        lambda: ratio + 0.5,
    ):
        with pytest.raises(TypeError):
            attempt()
    assert (x == "500", ratio == "x", x.as_integer_ratio()[1], x.denominator) == (False, False, 1, 1)


def test_ratios_add_to_what_they_are() -> None:
    """A ratio takes ratios, fractions and whole numbers to it without rounding."""
    (x,) = inputs(Tape(), 500)

    found = [Ratio(x, 3) + 1, Fraction(1, 2) + Ratio(x, 3), Ratio(x, 3) - x, Ratio(x, 3) * 2, Fraction(1, 2) * x]

    numbers = [Fraction(value(one.numerator), one.denominator) for one in found if isinstance(one, Ratio)]
    assert numbers == [Fraction(503, 3), Fraction(1003, 6), Fraction(-1000, 3), Fraction(1000, 3), Fraction(250)]


def test_a_program_tells_its_rows_and_no_others() -> None:
    """Rows beyond a bound, and rows of which a condition does not hold, are left; the others come to their amounts."""
    tape = Tape()
    x, y = inputs(tape, 500, 20)
    assert x > 100
    assert 2 * x - y // 7 >= 3 * y
    amounts = {"goods": x, "duties": x * 33 // 200 - y + 5, "taxes": Whole(tape, (), 7), "fees": x - y, "landed": None}
    program = Program.of(
        tape,
        ("goods", "freight"),
        1,
        (),
        None,
        {name: None if one is None else one.sum for name, one in amounts.items()},
    )
    columns = [np.array([100, 101, 400, 400]), np.array([0, 0, 700, 3])]

    fits, known = program.fits(columns, spans_of(columns))
    into = {name: np.full(4, ABSENT) for name in amounts}
    program.tell(known, into, slice(None))

    assert fits is not None
    assert fits.tolist() == [False, True, False, True]
    assert {name: column[fits].tolist() for name, column in into.items()} == {
        "goods": [101, 400],
        "duties": [21, 68],
        "taxes": [7, 7],
        "fees": [101, 397],
        "landed": [ABSENT, ABSENT],
    }


def test_a_program_leaves_the_row_just_beyond_its_bound() -> None:
    """One unit more than the bound is another question, also where no row lies further off."""
    tape = Tape()
    (x,) = inputs(tape, 500)
    assert x <= 800
    program = Program.of(tape, ("goods",), 0, (), None, {"goods": x.sum})
    columns = [np.array([800, 801])]

    fits, _ = program.fits(columns, spans_of(columns))

    assert fits is not None
    assert fits.tolist() == [True, False]
