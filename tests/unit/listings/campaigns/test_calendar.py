"""Feast days by their rules, and the last day to order for them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.delivery import estimate
from listings.campaigns.audiences import groups
from listings.campaigns.calendar import coming, easter, events
from listings.campaigns.deadlines import Deadline, Way, deadline

# Mother's Days of 2027, taken from a calendar of that year and not from the rules: of the Sundays 9 May is the second,
# 2 May the first, 30 May the last, 17 October the third.
MOTHERS_2027 = {
    **dict.fromkeys(
        ("US", "BR", "CA", "CL", "CO", "CU", "EC", "HN", "PE", "PR", "UY", "VE", "BB", "JM", "TT"), "2027-05-09"
    ),
    **dict.fromkeys(("GT", "MX", "SV"), "2027-05-10"),
    **dict.fromkeys(("ES", "PT"), "2027-05-02"),
    **dict.fromkeys(("DO", "HT", "NI"), "2027-05-30"),
    "PY": "2027-05-15",
    "BO": "2027-05-27",
    "CR": "2027-08-15",
    "AR": "2027-10-17",
    "PA": "2027-12-08",
}


def test_each_country_has_its_own_mothers_day() -> None:
    """Every country's day of 2027, against a calendar."""
    rules = events()["mothers-day"].rules
    found = {country: rule.first(2027).isoformat() for rule in rules for country in rule.countries}

    assert found == MOTHERS_2027


@pytest.mark.parametrize(
    ("event", "country", "first", "last"),
    [
        ("carnival", "BR", "2027-02-08", "2027-02-09"),
        ("heritage-month", "US", "2027-09-15", "2027-10-15"),
        ("day-of-the-dead", "MX", "2027-11-01", "2027-11-02"),
        ("black-friday", "US", "2027-11-26", "2027-11-26"),
        ("cyber-monday", "US", "2027-11-29", "2027-11-29"),
        ("three-kings", "PR", "2027-01-06", "2027-01-06"),
    ],
)
def test_feasts_fall_where_a_calendar_has_them(event: str, country: str, first: str, last: str) -> None:
    """Days from Easter, spans and the day after a Thursday, against a calendar of 2027 (Easter: 28 March)."""
    rule = next(one for one in events()[event].rules if country in one.countries)
    start = rule.first(2027)

    assert (start.isoformat(), (start + timedelta(days=rule.days - 1)).isoformat()) == (first, last)


def test_easter_is_where_the_calendar_has_it() -> None:
    """The earliest and latest that there can be, a leap year, and 2027, from printed tables."""
    assert [easter(year).isoformat() for year in (1818, 1943, 2024, 2027)] == [
        "1818-03-22",
        "1943-04-25",
        "2024-03-31",
        "2027-03-28",
    ]


def test_independence_days_are_those_of_the_holiday_tables() -> None:
    """Each fixed day is a public holiday of its country in the tables that carriers' days are taken from."""
    import holidays  # noqa: PLC0415 - as heavy as the delivery estimate says

    rules = events()["independence-day"].rules
    absent = [
        (country, rule.first(2027))
        for rule in rules
        for country in rule.countries
        if rule.first(2027) not in holidays.country_holidays(country, years=2027, categories=("public",))
    ]

    assert absent == []


def test_mexicans_in_the_united_states_have_two_mothers_days() -> None:
    """That of the country they come from, and that of where they live; a day that both share stands once."""
    found = coming(groups()["mx"], "US", date(2027, 4, 1), 60)

    assert [(one.first.isoformat(), one.event.id, one.country) for one in found] == [
        ("2027-04-30", "childrens-day", "MX"),
        ("2027-05-05", "cinco-de-mayo", "MX"),
        ("2027-05-09", "mothers-day", "US"),
        ("2027-05-10", "mothers-day", "MX"),
    ]


def test_a_month_that_has_begun_is_still_coming() -> None:
    """On its last day Hispanic Heritage Month is there, on the day after it is next year's."""
    last, after = (coming(groups()["latino"], "US", date(2027, 10, day), 1) for day in (15, 16))

    assert ([one.event.id for one in last], after) == (["heritage-month"], ())


def test_who_is_not_of_hispanic_origin_has_no_heritage_month() -> None:
    """Brazilians and Jamaicans are counted as ancestries."""
    found = {one.event.id for one in coming(groups()["br"], "US", date(2027, 1, 1))}

    assert ("heritage-month" in found, "festas-juninas" in found) == (False, True)


# -- the last day to order ------------------------------------------------------------------------------------------
COURIER = Way("MX", "US", "CA", "courier")
MOTHERS = date(2027, 5, 9)


def test_the_last_day_is_the_feast_less_margin_and_longest_way() -> None:
    """By hand, the longest courier legs from Mexico (1, 1, 1 working; 3 days; 2, 2 working), to 6 May, the margin off.

    Thursday 22 April: one working day to Friday 23, one to Monday 26, one to Tuesday 27; three days to Friday 30; two
    working days to Tuesday 4 May, and two to Thursday 6. From Friday 23 each step is a day later: Friday 7.
    """
    found = deadline(COURIER, MOTHERS, 3, date(2026, 11, 28))

    assert (found.state, found.order_by) == ("open", date(2027, 4, 22))


@pytest.mark.parametrize(
    ("today", "state"),
    [
        ("2027-04-14", "open"),
        ("2027-04-15", "soon"),
        ("2027-04-22", "soon"),
        ("2027-04-23", "at_risk"),
        ("2027-05-09", "too_late"),
    ],
)
def test_what_is_said_changes_with_the_days_that_are_left(today: str, state: str) -> None:
    """More than a week, a week, the last day itself, the day after, and the feast."""
    assert deadline(COURIER, MOTHERS, 3, date.fromisoformat(today)).state == state


def test_where_there_is_no_way_nothing_is_promised() -> None:
    """A channel without a route has no last day, and it is not said to be open."""
    way = Way("MX", "US", "CA", "courier")

    with pytest.raises(ValueError, match="margin"):
        deadline(way, MOTHERS, 61, date(2027, 1, 1))
    assert Deadline("unknown", None, None, None).order_by is None


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.integers(0, 20), st.sampled_from(["CA", "AK"]))
def test_an_order_on_the_last_day_arrives_and_a_day_later_may_not(event: date, margin: int, region: str) -> None:
    """The estimate itself says so, for any feast, margin and state."""
    way = Way("MX", "US", region, "courier", (2, 5))
    order_by = deadline(way, event, margin, event - timedelta(days=200)).order_by
    assert order_by is not None
    on, after = (way.estimate(order_by + timedelta(days=late)) for late in (0, 1))
    target = event - timedelta(days=margin)

    assert on is not None
    assert after is not None
    assert on.latest <= target < after.latest


def test_the_making_brings_the_last_day_forward() -> None:
    """Five working days of making and no others: a week earlier."""
    assert estimate(date(2027, 4, 22), "MX", "US", "CA", "courier", None) is not None
    assert deadline(Way("MX", "US", "CA", "courier", (5, 5)), MOTHERS, 3, date(2026, 11, 28)).order_by == date(
        2027, 4, 15
    )
