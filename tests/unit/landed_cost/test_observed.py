"""Observed parcels: quantiles with a least sample, robust against what went astray."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.delivery import Observed, estimate, observe

MONDAY = date(2026, 3, 2)


def took(*days: int) -> list[tuple[date, date]]:
    """Return parcels dispatched on a Monday that took so many days."""
    return [(MONDAY, MONDAY + timedelta(days=number)) for number in days]


def test_too_few() -> None:
    """Nineteen parcels are no evidence, twenty are; none are none, whatever is asked."""
    assert observe(took(*[5] * 19)) is None
    assert observe(took(*[5] * 20)) == Observed(5, 5, 5, 20, MONDAY, MONDAY)
    assert observe([], enough=0) is None


def test_quantiles_are_days_that_parcels_took() -> None:
    """Of 1 to 20 days the tenth, fiftieth and ninetieth percentile are 2, 10 and 18, worked by hand."""
    assert observe(took(*range(1, 21))) == Observed(2, 10, 18, 20, MONDAY, MONDAY)


@pytest.mark.parametrize("days", [-1, 366])
def test_impossible(days: int) -> None:
    """A parcel delivered before it left, or more than a year later, is a slip and no observation."""
    with pytest.raises(ValueError, match=rf"a parcel took {days} days; 0 to 365 are possible"):
        observe(took(5, days))


@given(st.lists(st.integers(0, 365), min_size=20, max_size=200))
def test_range_lies_within_what_was_seen(days: list[int]) -> None:
    """Low, likely and high are in order and each is a number of days that was seen."""
    found = observe(took(*days))

    assert found is not None
    assert found.low_days <= found.likely_days <= found.high_days
    assert {found.low_days, found.likely_days, found.high_days} <= set(days)


@given(st.lists(st.integers(3, 9), min_size=30, max_size=120), st.lists(st.integers(100, 365), max_size=3))
def test_few_outliers_move_nothing_far(days: list[int], lost: list[int]) -> None:
    """A few parcels that were lost for months leave the range within what the others took."""
    found = observe(took(*days, *lost[: len(days) // 30]))

    assert found is not None
    assert min(days) <= found.low_days <= found.high_days <= max(days)


@given(st.lists(st.integers(0, 60), min_size=20, max_size=60), st.randoms(use_true_random=False))
def test_order_does_not_matter(days: list[int], chance: object) -> None:
    """The order of the observations changes nothing."""
    shuffled = list(days)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random of hypothesis

    assert observe(took(*days)) == observe(took(*shuffled))


def test_dates_rest_on_what_was_observed() -> None:
    """With enough parcels the dates are theirs, and what was assumed is said beside them.

    From Monday 2 March: handed over on Tue 3 at the earliest, Wed 4 at the latest, and as the middle (1, then 1.5) too.
    4, 6 and 9 days later: Sat 7, so Mon 9; Tue 10; Fri 13.
    """
    seen = Observed(4, 6, 9, 25, date(2025, 6, 2), date(2026, 2, 20))
    assumed = estimate(MONDAY, "MX", "US", "TX", "courier", None)
    found = estimate(MONDAY, "MX", "US", "TX", "courier", None, None, seen)

    assert assumed is not None
    assert found is not None
    assert (found.earliest, found.likely, found.latest) == (date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 13))
    assert found.assumed_dates == (assumed.earliest, assumed.likely, assumed.latest)
    assert (found.assumed, found.observed, found.transit_days, found.legs) == (False, seen, (4, 9), assumed.legs)
