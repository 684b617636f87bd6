"""The worksheet before a market: month by month, in three cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.pricing import MarketPlan, OtherUse, Outlay, Sales, worksheet

# A register for 600 once, 50 a month for a mailbox; 0, 10 or 20 orders a month from the second on, 20 left of each.
PLAN = MarketPlan(
    start=date(2027, 1, 1),
    months=6,
    left=(20, 20, 20),
    outlays=(Outlay("register", 600), Outlay("mailbox", 50, monthly=True)),
    sales=(Sales(2, (0, 10, 20)),),
)


def test_money_comes_and_goes_month_by_month() -> None:
    """The likely case: 650 out in the first month, then 150 more each month, so 100 at the end."""
    likely = worksheet(PLAN).courses[1]

    assert [(one.month, one.orders, one.inflow, one.outflow, one.total) for one in likely.months] == [
        (1, 0, 0, 650, -650),
        (2, 10, 200, 50, -500),
        (3, 10, 200, 50, -350),
        (4, 10, 200, 50, -200),
        (5, 10, 200, 50, -50),
        (6, 10, 200, 50, 100),
    ]
    assert (likely.put_in, likely.back, likely.end, likely.worth) == (650, 6, 100, 100)


def test_three_cases_three_courses() -> None:
    """Without orders all is lost; with twice as many the money is back in the third month."""
    low, _, high = worksheet(PLAN).courses

    assert low is not None
    assert (low.put_in, low.back, low.end) == (900, None, -900)
    assert (high.put_in, high.back, high.end) == (650, 3, 1100)


def test_buyers_who_pay_late_make_it_dearer() -> None:
    """Two months of waiting for the money have to be bridged, and what is not paid by the end is not counted."""
    likely = worksheet(replace(PLAN, wait=2)).courses[1]

    assert [one.total for one in likely.months] == [-650, -700, -750, -600, -450, -300]
    assert likely.put_in == 750


@pytest.mark.parametrize(
    ("budget", "verdict"), [(None, None), (1000, "yes"), (900, "yes"), (700, "depends"), (649, "no")]
)
def test_affordable(budget: int | None, verdict: str | None) -> None:
    """It is affordable where the budget bears the most that has to be put in: in all cases, in some, in none."""
    assert worksheet(replace(PLAN, budget=budget)).affordable == verdict


def test_worth_it_depends_on_the_orders() -> None:
    """Worth it in some cases only is told as that; with orders for sure it is, and with none it is not."""
    sure, never = (Sales(1, (20, 20, 20)),), (Sales(1, (0, 0, 0)),)

    found = [worksheet(replace(PLAN, sales=sales)).worth_it for sales in (PLAN.sales, sure, never)]

    assert found == ["depends", "yes", "no"]


def test_money_that_comes_later_is_worth_less() -> None:
    """At 120 % a year, 10 % a month of simple interest, what comes in month six is divided by 1.5."""
    plan = replace(PLAN, outlays=(Outlay("register", 100),), sales=(Sales(6, (0, 10, 20)),), yearly=Fraction(12, 10))

    likely = worksheet(plan).courses[1]

    # 200 ÷ 1.5 − 100, halves up.
    assert (likely.end, likely.worth) == (100, 33)


def test_what_is_spent_already_decides_nothing() -> None:
    """Money that is gone whatever is decided is told, and changes no course."""
    found, plain = worksheet(replace(PLAN, spent=5000)), worksheet(PLAN)

    assert (found.spent, found.courses) == (5000, plain.courses)


def test_the_best_use_brings_most_for_each_unit_put_in() -> None:
    """Uses are in the order of what they bring for each unit of money; this market is the one without a name."""
    others = (OtherUse("a second kiln", 650, 200), OtherUse("a fair", 1000, 50), OtherUse("a letter", 0, 10))

    found = worksheet(replace(PLAN, others=others)).uses

    assert [(one.name, one.share) for one in found] == [
        ("a letter", None),
        ("a second kiln", Fraction(200, 650)),
        (None, Fraction(100, 650)),
        ("a fair", Fraction(1, 20)),
    ]


@pytest.mark.parametrize(("left", "needed"), [(20, 45), (19, 48), (0, None), (-5, None)])
def test_orders_that_pay_for_the_market(left: int, needed: int | None) -> None:
    """900 go out in six months: at 20 for each order, 45 orders pay for them; at nothing, no number does."""
    found = worksheet(replace(PLAN, left=(left, left, left)))

    assert (found.outlays, found.needed) == (900, needed)


def test_an_order_that_loses_makes_it_worse() -> None:
    """Orders below cost are money that goes out."""
    likely = worksheet(replace(PLAN, left=(-5, -5, -5), months=2)).courses[1]

    assert [(one.inflow, one.outflow) for one in likely.months] == [(0, 650), (0, 100)]


def test_without_a_least_there_is_no_low_case() -> None:
    """Where nobody knows the least that an order leaves, the low case is not told, and no verdict is sure."""
    found = worksheet(replace(PLAN, left=(None, 20, 20), budget=1000))

    assert (found.courses[0], found.affordable, found.worth_it) == (None, "depends", "depends")


def test_outlays_have_their_months() -> None:
    """A monthly outlay runs from its first to its last month, one of once stands in its own."""
    outlays = (Outlay("stand", 70, month=3), Outlay("advertising", 10, month=2, monthly=True, until=4))

    likely = worksheet(replace(PLAN, outlays=outlays, sales=())).courses[1]

    assert [one.outflow for one in likely.months] == [0, 10, 80, 10, 0, 0]
    assert likely.put_in == 100


@given(
    left=st.integers(-100, 100),
    orders=st.lists(st.tuples(st.integers(1, 12), st.integers(0, 50)), max_size=4, unique_by=lambda one: one[0]),
    once=st.integers(0, 1000),
    wait=st.integers(0, 6),
)
def test_the_end_is_all_that_came_less_all_that_went(
    left: int, orders: list[tuple[int, int]], once: int, wait: int
) -> None:
    """Nothing appears and nothing vanishes between the months."""
    sales = tuple(Sales(month, (count, count, count)) for month, count in orders)
    plan = replace(PLAN, months=12, left=(left,) * 3, sales=sales, wait=wait, outlays=(Outlay("x", once),))

    course = worksheet(plan).courses[1]

    assert course.end == sum(one.inflow - one.outflow for one in course.months)
    assert course.put_in == max(0, *(-one.total for one in course.months))
