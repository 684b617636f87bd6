"""How long a parcel may be quiet, by where it was last heard of and by what its service is scanned for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import pytest

from shopkit.tracking.silence import Silence, shortest_days, silence
from shopkit.tracking.statuses import Leg, Status

POSTED: Final = date(2026, 11, 2)


def quiet(number: str, status: Status | None, leg: Leg | None, days: int) -> Silence:
    """Return the silence of a parcel that was last heard of on the day of posting."""
    return silence(number, status, leg, POSTED, POSTED, POSTED + timedelta(days=days))


@pytest.mark.parametrize(
    ("number", "status", "leg", "limit", "label"),
    [
        ("EE", None, None, 7, Status.STALE),
        ("EE", Status.INFO_RECEIVED, None, 7, Status.STALE),
        ("EE", Status.PICKED_UP, Leg.ORIGIN, 10, Status.STALE),
        ("EE", Status.IN_TRANSIT_INTERNATIONAL, Leg.BETWEEN, 14, Status.STALE),
        ("EE", Status.IN_TRANSIT_INTERNATIONAL, Leg.ORIGIN, 14, Status.STALE),
        ("EE", Status.IN_TRANSIT, None, 14, Status.STALE),
        ("EE", Status.AT_DELIVERY_OFFICE, Leg.DESTINATION, 7, Status.STALE),
        ("EE", Status.HELD_CUSTOMS_IMPORT, Leg.DESTINATION, 21, Status.STALE),
        ("EE", Status.RETURN_TO_SENDER, Leg.RETURN, 30, Status.STALE),
        ("RR", Status.PICKED_UP, Leg.ORIGIN, 20, Status.STALE),
        ("1Z", Status.PICKED_UP, Leg.ORIGIN, 10, Status.STALE),
        ("UA", Status.PICKED_UP, Leg.ORIGIN, 10, Status.STALE),
        ("UA", Status.IN_TRANSIT_INTERNATIONAL, Leg.BETWEEN, 3, Status.NO_FURTHER_SCANS_EXPECTED),
        ("UA", Status.ARRIVED_DESTINATION_COUNTRY, Leg.DESTINATION, 3, Status.NO_FURTHER_SCANS_EXPECTED),
        ("MA", None, None, 3, Status.NO_FURTHER_SCANS_EXPECTED),
    ],
)
def test_silence_has_a_name_from_a_day_on(
    number: str, status: Status | None, leg: Leg | None, limit: int, label: Status
) -> None:
    """On the last day before, nothing is said; on the day, that it is silent or that no more scans are expected."""
    found = [quiet(number, status, leg, days) for days in (limit - 1, limit)]

    assert found == [Silence(limit - 1, None), Silence(limit, label)]


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.RETURNED, Status.LOST, Status.CANCELLED])
def test_what_has_ended_is_not_silent(status: Status) -> None:
    """A year after the end there is nothing to hear of."""
    assert quiet("EE", status, Leg.DESTINATION, 365) == Silence(365, None)


def test_what_was_never_heard_of_counts_from_its_posting() -> None:
    """Without a scan, and with one that is older than the posting, days count from that day; never below nothing."""
    today = POSTED + timedelta(days=4)
    found = [silence("EE", None, None, heard, POSTED, today).days for heard in (None, POSTED - timedelta(days=2))]

    assert (found, silence("EE", None, None, None, POSTED, POSTED - timedelta(days=1)).days) == ([4, 4], 0)


def test_nothing_is_silent_earlier_than_the_shortest_limit() -> None:
    """What a query asks of the database loses no parcel that has a label."""
    legs = (None, *Leg)
    found = [
        quiet(n, s, leg, shortest_days() - 1).label for n in ("EE", "RR", "UA", "MA") for s in Status for leg in legs
    ]

    assert set(found) == {None}
