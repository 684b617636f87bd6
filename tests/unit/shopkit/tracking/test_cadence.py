"""When a parcel is asked about next: by where it is, how long it is silent, and never for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopkit.tracking.cadence import LONGEST, Look, Next, failed, may_refresh, next_look
from shopkit.tracking.statuses import ENDS, Leg, Status

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)


def look(status: Status | None, leg: Leg | None = None, **more: Any) -> Look:
    """Return a parcel that was posted yesterday from Mexico to Guatemala and heard of today."""
    said: dict[str, Any] = {
        "posted_on": NOW.date() - timedelta(days=1),
        "heard_on": NOW.date(),
        "destination": "GT",
    } | more
    return Look("RR123456785MX", status, leg, followed_since=said.pop("followed_since", NOW), **said)


@pytest.mark.parametrize(
    ("status", "leg", "more", "wait_h"),
    [
        (Status.INFO_RECEIVED, None, {}, 12),
        (Status.INFO_RECEIVED, None, {"followed_since": NOW - 49 * HOUR}, 24),
        (None, None, {}, 12),
        (Status.PICKED_UP, Leg.ORIGIN, {}, 12),
        (Status.IN_TRANSIT_INTERNATIONAL, Leg.BETWEEN, {}, 12),
        (Status.IN_CUSTOMS_IMPORT, Leg.DESTINATION, {}, 4),
        (Status.HELD_CUSTOMS_IMPORT, Leg.DESTINATION, {}, 12),
        (Status.AT_DELIVERY_OFFICE, Leg.DESTINATION, {}, 4),
        (Status.OUT_FOR_DELIVERY, Leg.DESTINATION, {}, 1),
        (Status.OUT_FOR_DELIVERY, Leg.DESTINATION, {"quiet": 4}, 2),
        (Status.OUT_FOR_DELIVERY, Leg.DESTINATION, {"quiet": 40}, 24),
        (Status.OUT_FOR_DELIVERY, Leg.DESTINATION, {"pushes": True}, 24),
        (Status.PICKED_UP, Leg.ORIGIN, {"heard_on": date(2026, 11, 1), "posted_on": date(2026, 11, 1)}, 24),
        (Status.PICKED_UP, Leg.ORIGIN, {"heard_on": date(2026, 10, 20), "posted_on": date(2026, 10, 1)}, 168),
    ],
)
def test_how_long_it_waits_is_where_it_is(status: Status, leg: Leg, more: dict[str, Any], wait_h: int) -> None:
    """Hours of the policy, and up to a tenth more so that parcels of one day spread."""
    found = next_look(look(status, leg, **more), NOW).at

    assert found is not None
    assert wait_h * HOUR <= found - NOW <= 1.1 * wait_h * HOUR


def test_out_for_delivery_at_night_is_asked_about_less() -> None:
    """At three in the morning of Guatemala nobody delivers: four hours."""
    night = datetime(2026, 11, 23, 9, tzinfo=UTC)
    found = next_look(look(Status.OUT_FOR_DELIVERY, Leg.DESTINATION), night).at

    assert found is not None
    assert found - night >= 4 * HOUR


def test_what_ended_is_asked_about_once_more() -> None:
    """A day after we learnt of the delivery, for corrections, and then no more."""
    ended = look(Status.DELIVERED, Leg.DESTINATION, ended_at=NOW)

    assert next_look(ended, NOW) == Next(NOW + 24 * HOUR, "ended")
    assert next_look(ended, NOW + 24 * HOUR) == Next(None, "ended")


def test_a_number_that_nobody_knows_is_the_sellers_to_check() -> None:
    """Twice a day for five days, then once a day with the label that asks the seller."""
    young = next_look(look(None, heard_on=None, not_found_since=NOW - 119 * HOUR), NOW)
    old = next_look(look(None, heard_on=None, not_found_since=NOW - 120 * HOUR), NOW)

    assert young.at is not None
    assert old.at is not None
    assert (young.label, old.label) == ("on_the_way", "check_number")
    assert young.at - NOW < 14 * HOUR < 24 * HOUR <= old.at - NOW


def test_silence_ends_by_its_name() -> None:
    """After ninety silent days no further scans are expected, and of a service without scans to the door before."""
    silent = look(Status.PICKED_UP, Leg.ORIGIN, posted_on=date(2026, 8, 25), heard_on=date(2026, 8, 25))
    plain = replace(
        look(Status.IN_TRANSIT_INTERNATIONAL, Leg.ORIGIN, posted_on=date(2026, 11, 1), heard_on=date(2026, 11, 2)),
        number="UA123456785MX",
    )

    assert next_look(silent, NOW) == Next(None, "no_further_scans_expected")
    assert next_look(plain, NOW).label == "no_further_scans_expected"


@settings(max_examples=60, deadline=None)
@given(
    status=st.none() | st.sampled_from(sorted(Status)),
    leg=st.none() | st.sampled_from(sorted(Leg)),
    pushes=st.booleans(),
    news=st.lists(st.booleans(), max_size=40),
)
def test_no_parcel_is_asked_about_for_ever(status: Status, leg: Leg, pushes: bool, news: list[bool]) -> None:  # noqa: FBT001
    """Whatever is told and when: each wait is between an hour and eight days, and half a year ends it."""
    now, quiet, heard, ended, asked = NOW, 0, None, None, 0
    posted = NOW.date()
    while True:
        is_new = asked < len(news) and news[asked]
        quiet, heard = (0, now.date()) if is_new else (quiet + 1, heard)
        ended = (ended or now) if status in ENDS else None
        one = Look("EE123456785MX", status, leg, posted, heard, "US", NOW, ended, None, quiet, pushes)
        found = next_look(one, now)
        if found.at is None:
            break
        assert HOUR <= found.at - now <= timedelta(days=8)
        now, asked = found.at, asked + 1

    assert now - NOW <= timedelta(days=190)
    assert asked <= 2000


def test_who_gives_no_answer_is_left_alone_longer_and_longer() -> None:
    """A minute, two, four, up to a day."""
    waits = [failed(count, NOW) - NOW for count in (0, 1, 2, 3, 50)]

    assert waits == [HOUR / 60, HOUR / 60, HOUR / 30, HOUR / 15, LONGEST]


def test_a_look_refreshes_every_quarter_of_an_hour() -> None:
    """What was never asked may be; what was asked 14 minutes ago not."""
    found = [may_refresh(None, NOW), may_refresh(NOW - HOUR / 4, NOW), may_refresh(NOW - HOUR / 5, NOW)]

    assert found == [True, True, False]
