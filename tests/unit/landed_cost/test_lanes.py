"""Ways that are closed for a time: dated, sourced, and never open in silence."""

from datetime import date, timedelta
from importlib.resources import files

import pytest

from landed_cost.delivery import closed_lanes, load_lanes
from landed_cost.delivery.lanes import all_lanes
from landed_cost.rulebook import RulebookError

SHIPPED = (files("landed_cost") / "rulebook" / "lanes.yaml").read_text(encoding="utf-8")


def states(on: date, dispatch: str, destination: str, channel: str = "postal") -> list[tuple[str, str]]:
    """Return what stands in a way on a day."""
    transport = "road" if channel == "freight" else None
    return [(lane.id, state) for lane, state in closed_lanes(on, dispatch, destination, channel, transport)]


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2025, 8, 24), None),
        (date(2025, 8, 25), "closed"),
        (date(2025, 10, 2), "closed"),
        (date(2025, 10, 3), None),
    ],
)
def test_first_and_last_day(on: date, state: str | None) -> None:
    """Spain's post took no goods for the US from 25 August to 2 October 2025, both days included."""
    assert states(on, "ES", "US") == ([] if state is None else [("lane.es_us_postal_2025", state)])


def test_no_word_of_an_opening() -> None:
    """A lane of which no opening is known is closed for 120 days past the last evidence, then a doubt, never open."""
    last = date(2025, 9, 13) + timedelta(days=120)

    assert states(date(2025, 8, 27), "MX", "US") == [("lane.mx_us_postal_2025", "closed")]
    assert states(last, "MX", "US") == [("lane.mx_us_postal_2025", "closed")]
    assert states(last + timedelta(days=1), "MX", "US") == [("lane.mx_us_postal_2025", "unsure")]
    assert states(date(2026, 11, 27), "MX", "US") == [("lane.mx_us_postal_2025", "unsure")]


def test_another_service_is_left() -> None:
    """Where a dearer service still takes goods the lane is narrowed."""
    assert states(date(2025, 9, 10), "CR", "US") == [("lane.cr_us_postal_2025", "narrowed")]


def test_only_the_way_it_names() -> None:
    """Neither another channel nor the way back is closed; Puerto Rico goes with the US."""
    on = date(2025, 9, 10)

    assert states(on, "MX", "US", "courier") == []
    assert states(on, "US", "MX") == []
    assert states(on, "MX", "PR") == [("lane.mx_us_postal_2025", "closed")]


def test_any_country() -> None:
    """A strike of Canada's post stands in the way of what comes in and what goes out, not of what stays there."""
    on = date(2025, 10, 1)

    assert states(on, "CL", "CA") == [("lane.ca_to_postal_2025", "closed")]
    assert states(on, "CA", "CL") == [("lane.ca_from_postal_2025", "closed")]
    assert states(on, "CA", "CA") == []


def test_blocked_bridge() -> None:
    """A bridge that is blocked stops lorries alone."""
    on = date(2020, 1, 1)

    assert states(on, "CO", "VE", "freight") == [("lane.co_ve_road_2015", "closed")]
    assert closed_lanes(on, "CO", "VE", "freight", "sea") == ()


def test_every_lane_has_its_evidence() -> None:
    """Every lane names a source with an address, a status, and words in three languages."""
    assert all(lane.source and lane.url.startswith("https://") for lane in all_lanes())
    assert {lane.status for lane in all_lanes()} == {"reported", "verified"}
    assert all(set(lane.message) == set(lane.action) == {"en", "es", "pt"} for lane in all_lanes())


LAST = SHIPPED[SHIPPED.index("- id: lane.es_us_postal_2025") : SHIPPED.index("- id: lane.pt_us_postal_2025")]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("channel: postal", "channel: pigeon", "lanes.yaml:3: 'pigeon' is not one of postal, courier, freight"),
        ("kind: closed", "kind: shut", "lanes.yaml:6: 'shut' is not one of closed, narrowed"),
        ("known_until: 2025-10-03", "known_until: 2025-08-01", "lanes.yaml:2: lane.es_us_postal_2025: write from"),
        ("to: 2025-10-02", "to: 2025-08-01", "lanes.yaml:2: lane.es_us_postal_2025: write from"),
        ("to: 2025-10-02", "to: 2025-10-04", "lanes.yaml:2: lane.es_us_postal_2025: write from"),
        ("status: reported", "status: rumour", "lanes.yaml:10: 'rumour' is not one of memory, reported, verified"),
        ("kind: closed", "kind: closed\n  tone: sad", "lanes.yaml:7: unknown key 'tone'"),
        ("channel: postal", "channel: freight\n  transport: ox", "lanes.yaml:4: 'ox' is not one of air, sea, road"),
    ],
)
def test_broken_file(old: str, new: str, message: str) -> None:
    """Each kind of broken file names its line and says what to write."""
    with pytest.raises(RulebookError) as caught:
        load_lanes("lanes:\n" + LAST.replace(old, new), "lanes.yaml")

    assert str(caught.value).startswith(message)


def test_lane_given_twice() -> None:
    """An id stands once."""
    with pytest.raises(RulebookError, match=r"lane\.es_us_postal_2025 stands above; keep one"):
        load_lanes("lanes:\n" + LAST + LAST, "lanes.yaml")
