"""The seller's own ways: cut-off, making to order, a calendar of one's own."""

from datetime import date, datetime, time

import pytest

from landed_cost.delivery import Closure, Delivery, Handling, Order, estimate

WEDNESDAY = date(2026, 11, 25)


def sent(handling: Handling | None, ready_on: date = WEDNESDAY, dispatch: str = "MX") -> Delivery:
    """Estimate a parcel by courier to Texas."""
    found = estimate(ready_on, dispatch, "US", "TX", "courier", None, handling)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("minute", "ship_by"),
    [
        (time(13, 59), date(2026, 11, 27)),
        (time(14, 0), date(2026, 11, 27)),
        (time(14, 1), date(2026, 11, 30)),
    ],
)
def test_cut_off(minute: time, ship_by: date) -> None:
    """An order after the cut-off counts for the next working day; one at that very minute is in time.

    In time on Wednesday: handling to Thursday 26, pick-up by Friday 27. Late: Thursday, so Friday, so Monday 30.
    """
    order = Order(datetime.combine(WEDNESDAY, minute), time(14))

    assert sent(Handling(order=order)).ship_by == ship_by


def test_late_on_friday() -> None:
    """An order after the cut-off on a Friday counts for Monday, as one on Saturday does: handling ends on Tuesday."""
    late = Handling(order=Order(datetime(2026, 11, 27, 18, 0), time(14)))  # noqa: DTZ001 - by the seller's clock
    saturday = Handling(order=Order(datetime(2026, 11, 28, 9, 0)))  # noqa: DTZ001 - by the seller's clock

    assert sent(late) == sent(saturday)
    assert sent(late).ship_by == date(2026, 12, 2)


def test_order_stands_for_the_day_it_is_ready() -> None:
    """The day of the order takes the place of the other start."""
    order = Handling(order=Order(datetime(2026, 11, 25, 9, 0)))  # noqa: DTZ001 - by the seller's clock

    assert sent(order, date(2026, 1, 2)).ship_by == sent(None).ship_by


def test_made_to_order() -> None:
    """Making comes before handling: five to eight days from Wed 25 and one more end on Thu 3 or Tue 8 December."""
    found = sent(Handling(making=(5, 8)))

    assert (found.legs[0].min_days, found.legs[0].max_days, found.legs[0].status) == (6, 9, "memory")
    assert found.legs[0].source["en"].startswith("The seller's own word for the making; then: ")
    assert found.ship_by == date(2026, 12, 9)  # Tue 8, and a day to be picked up


def test_own_days_replace_the_assumed_ones() -> None:
    """A seller who gets ready on the same day says so; the figure is then the seller's."""
    found = sent(Handling(days=(0, 0)))

    assert (found.legs[0].min_days, found.legs[0].max_days) == (0, 0)
    assert (found.legs[0].source["es"], found.legs[0].status) == ("Lo que dice el vendedor", "given")
    assert found.ship_by == date(2026, 11, 26)


def test_usual_ways_change_nothing() -> None:
    """A calendar like everybody's gives what none gives."""
    assert sent(Handling()) == sent(None)


def test_closed_week() -> None:
    """Nothing is handled while the seller is closed, both days included: from Mon 30 on Tue 1, picked up by Wed 2."""
    found = sent(Handling(closures=(Closure(date(2026, 11, 25), date(2026, 11, 29)),)))

    assert found.ship_by == date(2026, 12, 2)


def test_working_weekend() -> None:
    """Who works on Saturdays alone is ready on Saturday 28; the courier comes on Monday 30 or the day after."""
    found = sent(Handling(weekdays=frozenset({5}), days=(1, 1)), date(2026, 11, 21))

    assert found.ship_by == date(2026, 12, 1)
    assert found.earliest == date(2026, 12, 2)  # picked up Mon 30, line-haul Tue 1, cleared at once, last mile Wed 2


def test_holidays_of_the_seller() -> None:
    """A public holiday is off for the seller, unless it is worked: 16 November 2026 in Mexico, a Monday."""
    friday = date(2026, 11, 13)

    assert sent(None, friday).ship_by == date(2026, 11, 18)
    assert sent(Handling(works_holidays=True, days=(1, 1)), friday).ship_by == date(2026, 11, 18)
    assert sent(Handling(works_holidays=True, days=(0, 1)), friday).ship_by == date(2026, 11, 18)
    assert sent(Handling(works_holidays=True, days=(1, 1)), friday).earliest == date(2026, 11, 19)
    assert sent(Handling(days=(1, 1)), friday).earliest == date(2026, 11, 19)


def test_leap_day_and_the_turn_of_the_year() -> None:
    """29 February is worked like any other day; a closure over the turn of the year ends in the new one."""
    leap = sent(Handling(days=(1, 1)), date(2028, 2, 28))
    year = sent(Handling(closures=(Closure(date(2026, 12, 24), date(2027, 1, 6)),)), date(2026, 12, 23))

    assert leap.ship_by == date(2028, 3, 1)  # Tue 29, and a day to be picked up
    assert year.ship_by == date(2027, 1, 8)  # Wed 23, so Thu 7 January, and a day to be picked up
