"""When a parcel may come: narrower with each scan, a reason where nobody can say, late said as late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from landed_cost.delivery import LEGS, Leg, Observed
from shopkit.tracking.codes import Meaning, Vocabulary, post
from shopkit.tracking.events import RawEvent, normalise
from shopkit.tracking.expecting import Way, expect
from shopkit.tracking.statuses import Leg as Where
from shopkit.tracking.statuses import Status
from shopkit.tracking.timeline import fold

if TYPE_CHECKING:
    from shopkit.tracking.expecting import Expected
    from shopkit.tracking.timeline import Timeline

# A Monday; the legs count every day, so that each figure below is a sum that can be done in the head.
POSTED: Final = date(2026, 11, 2)
PROMISED: Final = (date(2026, 11, 8), date(2026, 11, 16))
_LENGTHS: Final = ((0, 1), (0, 1), (0, 2), (2, 5), (1, 4), (1, 2))
WAY: Final = Way(
    tuple(
        Leg(name, *days, working=False, source={}, status="memory") for name, days in zip(LEGS, _LENGTHS, strict=True)
    ),
    "MX",
    "US",
)
ASKED: Final = Vocabulary({"PAY": Meaning(Status.HELD_CUSTOMS_IMPORT, Where.DESTINATION, "payment_due")}, {})


def told(*scans: tuple[str, int], **more: Any) -> Timeline:
    """Return a timeline of codes, each so many days after the parcel was posted, at noon."""
    events = []
    for code, days in scans:
        time = datetime(2026, 11, 2, 12, tzinfo=UTC) + timedelta(days=days)
        raw = RawEvent("upu", datetime(2026, 12, 1, tzinfo=UTC), code, time=f"{time:%Y-%m-%dT%H:%M}-06:00", **more)
        events.append(normalise(raw, ASKED if code in ASKED.codes else post()))
    return fold(events, now=datetime(2027, 1, 1, tzinfo=UTC))


def on(timeline: Timeline, day: int, **more: Any) -> Expected:
    """Return what is expected so many days after the parcel was posted, by the promise and the legs."""
    given: dict[str, Any] = {"promised": PROMISED, "way": WAY} | more
    return expect(timeline, today=POSTED + timedelta(days=day), posted_on=POSTED, **given)


def days(found: Expected) -> tuple[int, int] | None:
    """Return the window as days after the parcel was posted."""
    if found.window is None:
        return None
    return (found.window[0] - POSTED).days, (found.window[1] - POSTED).days


def test_the_window_narrows_with_each_leg_that_is_done() -> None:
    """The promise first; then what is left of the legs from the day on which the parcel came to the first of them."""
    scans = (("EMA", 0), ("EMC", 1), ("EMD", 5), ("EDC", 6), ("EDG", 7))
    found = [on(told(*scans[:count]), scans[count - 1][1] if count else 0) for count in range(len(scans) + 1)]

    assert [(days(one), one.basis) for one in found] == [
        ((6, 14), "promise"),
        ((4, 13), "legs"),
        ((5, 12), "legs"),
        ((7, 11), "legs"),
        ((7, 8), "legs"),
        ((7, 8), "legs"),
    ]


def test_a_day_that_passed_is_no_day_to_come() -> None:
    """The window begins today at the earliest; once it is over the parcel is overdue, and no other is made up."""
    way = told(("EMA", 0), ("EMC", 1))

    assert [days(on(way, day)) for day in (9, 12)] == [(9, 12), (12, 12)]
    assert (on(way, 13).window, on(way, 13).waits) == (None, "overdue")


@pytest.mark.parametrize(
    ("scans", "waits"),
    [
        ((("EMD", 5), ("EME", 6)), "customs"),
        ((("EMD", 5), ("PAY", 6)), "customs"),
        ((("EMD", 5), ("EDH", 6)), "pickup"),
        ((("EMD", 5), ("EDF", 6)), "office"),
        ((("EMD", 5), ("EDX", 6)), "over"),
        ((("EMI", 6),), "over"),
    ],
)
def test_nobody_names_a_day_while_a_parcel_waits(scans: tuple[tuple[str, int], ...], waits: str) -> None:
    """Held by customs, asked for money, waiting to be fetched, at an end: the reason stands in place of days."""
    found = on(told(*scans), 7)

    assert (found.window, found.basis, found.waits) == (None, None, waits)


def test_a_parcel_on_its_way_back_is_not_expected() -> None:
    """Whatever was promised: it is on its way to the sender."""
    found = on(told(("EMD", 5), ("EMF", 6), leg=Where.RETURN), 20)

    assert (found.window, found.waits, found.lateness) == (None, "returning", None)


def test_the_carriers_day_stands_first_until_it_has_passed() -> None:
    """Our own window is kept beside it; a day that has passed is nobody's expectation."""
    way = told(("EMA", 0), ("EMC", 1))
    named = on(way, 5, carrier_on=POSTED + timedelta(days=10))
    today = on(way, 10, carrier_on=POSTED + timedelta(days=10))
    passed = on(way, 11, carrier_on=POSTED + timedelta(days=10))

    assert (days(named), named.basis, named.reckoned) == (
        (10, 10),
        "carrier",
        (POSTED + timedelta(days=5), POSTED + timedelta(days=12)),
    )
    assert (days(today), today.basis) == ((10, 10), "carrier")
    assert (days(passed), passed.basis, passed.reckoned) == ((11, 12), "legs", None)


def test_the_carriers_day_says_nothing_of_what_customs_holds() -> None:
    """A carrier's system goes on counting while customs holds the parcel."""
    assert on(told(("EMD", 5), ("EME", 6)), 7, carrier_on=POSTED + timedelta(days=10)).waits == "customs"


@pytest.mark.parametrize(("low", "high", "window", "basis"), [(7, 10, (7, 10), "observed"), (20, 30, (5, 12), "legs")])
def test_what_parcels_took_cuts_the_window(low: int, high: int, window: tuple[int, int], basis: str) -> None:
    """As far as it fits where the parcel is; where it does not, the legs that are left count."""
    lane = Observed(low, low, high, 20, POSTED, POSTED)

    found = on(told(("EMA", 0), ("EMC", 1)), 3, observed=lane)

    assert (days(found), found.basis) == (window, basis)


def test_what_parcels_took_counts_before_the_promise_and_without_one() -> None:
    """Nothing was scanned yet, or nobody knows the legs."""
    lane = Observed(7, 8, 10, 20, POSTED, POSTED)

    assert (days(on(told(), 0, observed=lane)), on(told(), 0, observed=lane).basis) == ((7, 10), "observed")
    assert days(on(told(("EMC", 1)), 3, observed=lane, way=None, promised=None)) == (7, 10)


def test_without_any_ground_nothing_is_expected() -> None:
    """No promise, no legs, no parcels before it: it is not known."""
    assert on(told(("EMC", 1)), 3, way=None, promised=None).waits == "unknown"


def test_late_is_said_as_late() -> None:
    """Maybe, surely, and by how many days, with the last promised day still in time; the same of one that came."""
    slow = told(("EMA", 0), ("EMC", 8))
    slower = told(("EMA", 0), ("EMC", 12))
    found = [
        on(slow, 8),
        on(slower, 13),
        on(slower, 14),
        on(slower, 15),
        *(on(told(("EMI", day)), 20) for day in (14, 16)),
    ]

    assert [(one.lateness, one.days) for one in found] == [
        ("may_be_late", 0),
        ("will_be_late", 0),
        ("will_be_late", 0),
        ("late", 1),
        (None, 0),
        ("late", 2),
    ]


def test_no_zone_moves_a_day() -> None:
    """Delivered at eleven at night in Mexico is delivered on that day, though it is the next one in UTC."""
    raw = RawEvent("upu", datetime(2026, 12, 1, tzinfo=UTC), "EMI", time="2026-11-16T23:00:00-06:00")
    timeline = fold([normalise(raw, post())], now=datetime(2027, 1, 1, tzinfo=UTC))

    assert on(timeline, 20).lateness is None
