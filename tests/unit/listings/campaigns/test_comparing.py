"""Which variant sold more: only where the numbers carry it."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.campaigns.comparing import Tried, Verdict, compare


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ((1_000, 50), (1_000, 80), Verdict("won", "b")),
        ((1_000, 80), (1_000, 50), Verdict("won", "a")),
        ((1_000, 50), (1_000, 60), Verdict("even")),
        ((99, 30), (1_000, 50), Verdict("too_few", missing={"a": 1})),
        ((100, 4), (100, 5), Verdict("too_few", missing={})),
        ((100, 0), (100, 10), Verdict("won", "b")),
        ((100, 100), (100, 96), Verdict("too_few", missing={})),
        ((0, 0), (0, 0), Verdict("too_few", missing={"a": 100, "b": 100})),
        ((3, 4), (1_000, 50), Verdict("odd")),
    ],
)
def test_a_winner_is_named_where_it_is_hardly_chance(
    first: tuple[int, int], second: tuple[int, int], verdict: Verdict
) -> None:
    """Below a hundred follows, or where fewer than five of a kind are expected, nothing is said."""
    assert compare({"a": Tried(*first), "b": Tried(*second)}) == verdict


def test_one_alone_is_compared_with_nothing() -> None:
    """Nor are three."""
    assert {compare(dict.fromkeys(names, Tried(500, 50))).standing for names in ("", "a", "abc")} == {"alone"}


@given(st.integers(100, 5_000), st.integers(100, 5_000), st.data())
def test_it_is_the_test_of_two_proportions(first: int, second: int, data: st.DataObject) -> None:
    """A winner is named exactly where the usual z lies beyond 1.96, and not where it is within a hair of it."""
    one, other = data.draw(st.integers(0, first)), data.draw(st.integers(0, second))
    found = compare({"a": Tried(first, one), "b": Tried(second, other)})
    share = (one + other) / (first + second)
    spread = sqrt(share * (1 - share) * (1 / first + 1 / second))
    z = 0.0 if not spread else (one / first - other / second) / spread

    if found.standing == "won":
        assert (found.winner, abs(z) > 1.9599) == ("a" if z > 0 else "b", True)
    if found.standing == "even":
        assert abs(z) < 1.9601
