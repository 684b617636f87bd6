"""What orders say of their seller: shares of what happened, never more than there were cases for."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkit.orders.standing import Case, Share, Standing, period, standing

TODAY = date(2026, 11, 28)
PAID = date(2026, 10, 1)


def case(**more: object) -> Case:
    """Return an order paid on 1 October and promised within ten days."""
    return Case(**{"paid_on": PAID, "promised_days": 10} | more)  # type: ignore[arg-type]


def on(day: int, month: int = 10) -> date:
    """Return a day of 2026."""
    return date(2026, month, day)


def test_the_period_is_a_year_with_both_its_days() -> None:
    """365 days end on the day asked for, and the first of them counts."""
    assert period(TODAY) == (date(2025, 11, 29), TODAY)
    assert standing([Case(date(2025, 11, 29)), Case(date(2025, 11, 28))], TODAY).undisputed == Share(1, 1)


@pytest.mark.parametrize(
    ("one", "share"),
    [
        (case(delivered_on=on(11)), Share(1, 1)),
        (case(delivered_on=on(12)), Share(0, 1)),
        (case(), Share(0, 1)),
        (case(paid_on=on(18, 11)), Share(0, 0)),
        (case(paid_on=on(17, 11)), Share(0, 1)),
        (case(delivered_on=on(11), promised_days=None), Share(0, 0)),
        (case(paid_on=on(20, 11), delivered_on=on(29, 11)), Share(0, 0)),
        (case(paid_on=on(29, 11), delivered_on=on(30, 11)), Share(0, 0)),
    ],
)
def test_in_time_is_by_the_last_promised_day_after_payment(one: Case, share: Share) -> None:
    """The last promised day is in time; what is still on its way is late from the day after, and open until then."""
    assert standing([one], TODAY).on_time == share


@pytest.mark.parametrize(
    ("one", "share"),
    [
        (case(stars=5, rated_on=on(1)), Share(0, 0)),
        (case(stars=5, has_words=True, rated_on=on(1), answered_on=on(8)), Share(1, 1)),
        (case(stars=3, rated_on=on(1), answered_on=on(9)), Share(0, 1)),
        (case(stars=3, rated_on=on(1)), Share(0, 1)),
        (case(stars=1, rated_on=on(21, 11)), Share(0, 0)),
        (case(stars=1, rated_on=on(20, 11)), Share(0, 1)),
        (case(stars=1, rated_on=on(27, 11), answered_on=on(28, 11)), Share(1, 1)),
        (case(stars=4, rated_on=on(1)), Share(0, 0)),
        (case(stars=1, rated_on=on(27, 11), answered_on=on(29, 11)), Share(0, 0)),
    ],
)
def test_a_rating_that_wants_an_answer_has_a_week(one: Case, share: Share) -> None:
    """Three stars or less, or any words, want one within seven days; a praise without words wants none."""
    assert standing([one], TODAY).answered == share


def test_ten_judged_deliveries_make_a_score_and_nine_do_not() -> None:
    """Nine of ten in time, one of ten disputed, one of two answered: 54 + 22.5 + 7.5 of 100."""
    cases = [case(delivered_on=on(5)) for _ in range(9)]
    late = case(delivered_on=on(20), is_disputed=True, stars=1, rated_on=on(21))
    answered = case(paid_on=on(2, 9), promised_days=None, stars=2, rated_on=on(3, 9), answered_on=on(4, 9))

    assert standing(cases, TODAY).score is None
    found = standing([*cases, late, answered], TODAY)
    assert (found.on_time, found.undisputed, found.answered) == (Share(9, 10), Share(10, 11), Share(1, 2))
    # 60 x 0.9 + 25 x 10/11 + 15 x 0.5 = 84.2272…
    assert found.score == 84


def test_a_score_is_rounded_half_up() -> None:
    """Eleven of fourteen in time and none disputed: 60 x 11/14 + 25 of 85, 84.87…, is 85."""
    cases = [case(delivered_on=on(5))] * 11 + [case(delivered_on=on(20))] * 3

    assert standing(cases, TODAY).score == 85


def test_an_order_paid_tomorrow_counts_for_nothing_today() -> None:
    """Neither for disputes nor for time."""
    assert standing([case(paid_on=on(29, 11), is_disputed=True)], TODAY).undisputed == Share(0, 0)


def test_a_share_without_cases_weighs_nothing() -> None:
    """Ten deliveries in time, none rated: the score is of time and disputes alone."""
    assert standing([case(delivered_on=on(5))] * 10, TODAY).score == 100


def test_five_ratings_make_a_mean_and_four_do_not() -> None:
    """4, 5, 5, 5 say nothing yet; with a 3 the mean is 4.40, of five."""
    four = [case(stars=stars, rated_on=on(3)) for stars in (4, 5, 5, 5)]
    five = [*four, case(stars=3, rated_on=on(4))]

    assert standing(four, TODAY).stars is None
    assert (standing(five, TODAY).stars, standing(five, TODAY).ratings) == (Decimal("4.40"), 5)


def test_percent_is_rounded_half_up_and_is_not_made_of_nothing() -> None:
    """One of eight is 13 percent, none of none is no figure."""
    assert (Share(1, 8).percent, Share(0, 0).percent, Share(1, 3).percent) == (13, None, 33)


@given(
    st.lists(
        st.builds(
            Case,
            paid_on=st.dates(date(2025, 10, 1), date(2026, 12, 31)),
            delivered_on=st.none() | st.dates(date(2025, 10, 1), date(2026, 12, 31)),
            promised_days=st.none() | st.integers(0, 60),
            is_disputed=st.booleans(),
            stars=st.none() | st.integers(1, 5),
            has_words=st.booleans(),
            rated_on=st.none() | st.dates(date(2025, 10, 1), date(2026, 12, 31)),
            answered_on=st.none() | st.dates(date(2025, 10, 1), date(2026, 12, 31)),
        ),
        max_size=30,
    )
)
def test_no_figure_leaves_its_bounds(cases: list[Case]) -> None:
    """Hits are among cases, a score between 0 and 100 as the exact sum rounds, a mean between 1 and 5."""
    found = standing(cases, TODAY)
    shares = {60: found.on_time, 25: found.undisputed, 15: found.answered}

    assert all(0 <= one.hits <= one.of <= len(cases) for one in shares.values())
    assert found.stars is None or 1 <= found.stars <= 5
    assert found.score is None or abs(found.score - _exact(shares)) <= Fraction(1, 2)


def _exact(shares: dict[int, Share]) -> Fraction:
    there = {weight: share for weight, share in shares.items() if share.of}
    parts = [Fraction(100 * weight * one.hits, one.of) for weight, one in there.items()]
    return sum(parts, Fraction(0)) / sum(there)


def test_what_comes_after_the_day_is_not_known_on_it() -> None:
    """A rating of tomorrow changes nothing today."""
    before = standing([case(delivered_on=on(5))], TODAY)

    assert standing([case(delivered_on=on(5), stars=1, rated_on=TODAY + timedelta(days=1))], TODAY) == before
    assert isinstance(before, Standing)
