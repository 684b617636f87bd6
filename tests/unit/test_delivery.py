"""When it will come: legs, working days, holidays of both sides, and a strict file of ranges."""

from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.delivery import (
    LEGS,
    Delivery,
    Holiday,
    Leg,
    Observed,
    Standard,
    default_rules,
    estimate,
    load_delivery,
    remaining,
)
from landed_cost.rulebook import RulebookError
from landed_cost.rulebook.facts import in_all

AMERICAS = ["AR", "BO", "BR", "CA", "CL", "CO", "CR", "DO", "EC", "GT", "HN", "MX", "NI", "PA", "PE", "PY", "SV", "US"]
COUNTRIES = [*AMERICAS, "UY", "DE", "ES", "GB", "PT"]
HOUSE = {
    "en": "Assumption of this project, from memory of how posts and carriers present such services; not measured",
    "es": "Supuesto de este proyecto, de memoria, según cómo los correos y couriers presentan estos servicios; "
    "sin medir",
    "pt": "Suposição deste projeto, de memória, segundo como os correios e as transportadoras apresentam esses "
    "serviços; sem medir",
}


def courier(start: date, destination: str = "US", region: str | None = None) -> Delivery:
    """Estimate a parcel by courier from Mexico."""
    found = estimate(start, "MX", destination, region, "courier", None)
    assert found is not None
    return found


def test_worked_example() -> None:
    """A parcel to California over Thanksgiving, worked by hand.

    Ready on Wednesday 25 November 2026. Fastest: handling 1 (Thu 26), picked up at once, no export clearance,
    line-haul 1 (Fri 27), import
    clearance 0 but the day after Thanksgiving is a holiday in California, so Mon 30, last mile 1: Tue 1 December.
    Slowest: handling 1 (Thu 26), pick-up 1 (Fri 27), export 1 (Mon 30), line-haul 3 (Thu 3), import 2 (Mon 7), last
    mile 2: Wed 9.
    Likely: the middles are 1, 0.5, 0.5, 2, 1, 1.5, with halves carried along 1, 1, 0, 2, 1, 2: Fri 27, Sun 29, Tue 1,
    Thu 3. On the way: from Thu 26 to Tue 1 are 5 days, from Fri 27 to Wed 9 are 12.
    """
    found = courier(date(2026, 11, 25), region="CA")
    press = default_rules().legs["line-haul", "courier", None, None, "MX", "US", None].source

    assert found == Delivery(
        ship_by=date(2026, 11, 27),
        earliest=date(2026, 12, 1),
        likely=date(2026, 12, 3),
        latest=date(2026, 12, 9),
        tracked="end_to_end",
        legs=(
            Leg("handling", 1, 1, working=True, source=HOUSE, status="memory"),
            Leg("pick-up", 0, 1, working=True, source=HOUSE, status="memory"),
            Leg("export clearance", 0, 1, working=True, source=HOUSE, status="memory"),
            Leg("line-haul", 1, 3, working=False, source=press, status="reported"),
            Leg("import clearance", 0, 2, working=True, source=HOUSE, status="memory"),
            Leg("last mile", 1, 2, working=True, source=HOUSE, status="memory"),
        ),
        holidays=(Holiday(date(2026, 11, 27), "US", "Day After Thanksgiving"),),
        without_calendar=(),
        assumed=True,
        published=tuple(default_rules().standards["courier", "MX", "US"]),
        transit_days=(5, 12),
    )


def test_what_is_left_of_a_way_ends_after_its_legs() -> None:
    """From a Wednesday on: working days of customs, the weekend left out; days of the road count every one."""
    clearance = Leg("import clearance", 1, 3, working=True, source={}, status="memory")
    line_haul = Leg("line-haul", 1, 2, working=False, source={}, status="memory")
    start = date(2026, 12, 2)

    assert remaining(start, [clearance], "MX", "US") == (date(2026, 12, 3), date(2026, 12, 7))
    assert remaining(start, [line_haul, clearance], "MX", "US") == (date(2026, 12, 4), date(2026, 12, 9))
    assert remaining(start, [], "MX", "US") == (start, start)


def test_region_brings_its_own_holidays() -> None:
    """Without a region the day after Thanksgiving is a working day, and the parcel may come on the Monday."""
    assert courier(date(2026, 11, 25)).earliest == date(2026, 11, 30)


def test_region_with_and_without_its_country() -> None:
    """A region may be written with its country or without; an unknown one is the country at large."""
    day = date(2026, 11, 25)

    assert courier(day, region="US-CA") == courier(day, region="CA")
    assert courier(day, region="QQ") == courier(day)


def test_far_region_takes_longer() -> None:
    """Hawaii's last mile has a row of its own, which outranks the general one."""
    assert courier(date(2026, 3, 2), region="HI").legs[-1].max_days == 5
    assert courier(date(2026, 3, 2), region="TX").legs[-1].max_days == 2


@pytest.mark.parametrize(
    ("destination", "followed"),
    [
        # The posts of both ends exchange scans to the door, to the border, or not at all.
        ("US", {"E": "end_to_end", "C": "end_to_end", "R": "end_to_end", "L": "end_to_end", "U": "none"}),
        ("AR", {"E": "end_to_end", "C": "to_border", "R": "to_border", "L": "to_border", "U": "none"}),
        ("CU", {"E": "none", "C": "none", "R": "none", "L": "none", "U": "none"}),
    ],
)
def test_by_post_it_hangs_on_service_and_pair(destination: str, followed: dict[str, str]) -> None:
    """An item is followed as far as its service promises and as the two posts exchange scans."""
    found = estimate(date(2026, 11, 25), "PE", destination, None, "postal", None)

    assert found is not None
    assert {one.prefix: one.tracked for one in found.services if one.prefix in followed} == followed


def test_a_courier_has_no_postal_services() -> None:
    """What a post calls its services says nothing of a courier."""
    assert courier(date(2026, 11, 25)).services == ()


def test_leap_day() -> None:
    """29 February counts as a day, at the start and at the end: Thu 24, Fri 25, Sat 26, so Mon 28, Tue 29."""
    assert courier(date(2028, 2, 24)).earliest == date(2028, 2, 29)
    assert courier(date(2028, 2, 29)).earliest == date(2028, 3, 3)


def test_turn_of_the_year() -> None:
    """Holidays of the new year count as well: handling from Wed 30 December takes Thu 31 and, over New Year, Mon 4."""
    found = courier(date(2026, 12, 30), "CL")

    assert found.ship_by == date(2027, 1, 4)
    assert found.earliest == date(2027, 1, 6)  # Thu 31, line-haul 2: Sat 2, so Mon 4; import Tue 5; last mile Wed 6
    assert found.holidays == (Holiday(date(2027, 1, 1), "MX", "Año Nuevo"),)


def test_holiday_on_the_day_of_delivery() -> None:
    """A delivery due on Christmas, a Friday, moves to the Monday after: Wed 23, Thu 24, not Fri 25 but Mon 28."""
    found = courier(date(2026, 12, 22))

    assert found.earliest == date(2026, 12, 28)
    assert Holiday(date(2026, 12, 25), "US", "Christmas Day") in found.holidays


def test_ready_on_a_weekend() -> None:
    """Goods ready on a Saturday are handled from Monday: one working day more is Tuesday."""
    found = estimate(date(2026, 3, 7), "US", "US", None, "courier", None)

    assert found is not None
    assert found.ship_by == date(2026, 3, 11)
    assert found.earliest == date(2026, 3, 12)  # Mon 9, handling Tue 10, line-haul Wed 11, last mile Thu 12


def test_past_day() -> None:
    """A day of the past is taken as it is; told what day it is today, the goods start today."""
    past, today = date(2025, 8, 1), date(2026, 11, 25)

    assert courier(past).ship_by == date(2025, 8, 5)
    assert estimate(past, "MX", "US", None, "courier", None, today=today) == courier(today)
    assert estimate(today, "MX", "US", None, "courier", None, today=past) == courier(today)


def test_within_a_country_nothing_is_cleared() -> None:
    """A delivery within one country has no customs legs."""
    found = estimate(date(2026, 3, 2), "MX", "MX", None, "postal", None)

    assert found is not None
    assert [leg.name for leg in found.legs] == ["handling", "pick-up", "line-haul", "last mile"]


@pytest.mark.parametrize(
    ("destination", "channel", "tracked"),
    [
        ("US", "postal", "end_to_end"),
        ("BR", "postal", "end_to_end"),
        ("CL", "postal", "to_border"),
        ("VE", "postal", "none"),
        ("VE", "courier", "end_to_end"),
    ],
)
def test_tracked(destination: str, channel: str, tracked: str) -> None:
    """How far a parcel can be followed is said before the sale, by channel and destination."""
    found = estimate(date(2026, 3, 2), "MX", destination, None, channel, None)

    assert found is not None
    assert found.tracked == tracked


@pytest.mark.parametrize(
    ("dispatch", "destination", "exists"),
    [
        ("MX", "US", True),
        ("GT", "CA", True),
        ("PE", "BR", True),
        ("DO", "HT", True),
        ("MX", "MX", True),
        ("CO", "PA", False),
        ("MX", "BR", False),
        ("MX", "DE", False),
        ("DO", "US", False),
    ],
)
def test_roads(dispatch: str, destination: str, *, exists: bool) -> None:
    """A lorry goes only where roads lead: not over the sea, nor through the Darien."""
    found = estimate(date(2026, 3, 2), dispatch, destination, None, "freight", "road")

    assert (found is not None) is exists


@pytest.mark.parametrize(
    ("dispatch", "destination", "pair"),
    [
        ("MX", "MX", "domestic"),
        ("MX", "US", "neighbouring"),
        ("US", "MX", "neighbouring"),
        ("US", "PR", "domestic"),
        ("PR", "US", "domestic"),
        ("PR", "DO", "same_region"),
        ("CA", "MX", "same_region"),
        ("PE", "UY", "same_region"),
        ("MX", "BR", "americas"),
        ("DO", "US", "americas"),
        ("CL", "ES", "europe"),
        ("ES", "CL", "europe"),
        ("CL", "JP", "world"),
        ("JP", "CL", "world"),
    ],
)
def test_pair(dispatch: str, destination: str, pair: str) -> None:
    """Two countries lie to one another inside one customs border, as neighbours, in one region, or ever farther."""
    assert default_rules().pair(dispatch, destination) == pair


def test_country_without_a_calendar() -> None:
    """A country whose holidays nobody knows is named; its weekends are skipped all the same."""
    found = estimate(date(2026, 3, 6), "XX", "US", None, "courier", None)

    assert found is not None
    assert found.without_calendar == ("XX",)
    assert found.ship_by == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("start", "channel", "transport", "message"),
    [
        (date(2026, 3, 2), "drone", None, "channel 'drone' is not one of postal, courier, freight"),
        (date(2026, 3, 2), "freight", None, "freight needs a transport: air, sea, road"),
        (date(2026, 3, 2), "freight", "rail", "freight needs a transport: air, sea, road"),
        (date(2026, 3, 2), "courier", "air", "a transport belongs to freight, not to courier"),
        (date(1999, 12, 31), "courier", None, "1999-12-31 is outside 2000-2200"),
        (date.max, "courier", None, "9999-12-31 is outside 2000-2200"),
    ],
)
def test_wrong_question(start: date, channel: str, transport: str | None, message: str) -> None:
    """A channel, a transport or a year that cannot be is an error that says what can."""
    with pytest.raises(ValueError, match=message):
        estimate(start, "MX", "US", None, channel, transport)


@pytest.mark.parametrize("year", [2000, 2200])
def test_edges_of_the_years(year: int) -> None:
    """The first and the last year are answered."""
    assert courier(date(year, 12, 31)).latest > date(year, 12, 31)


@given(
    start=st.dates(date(2020, 1, 1), date(2032, 12, 31)),
    dispatch=st.sampled_from(COUNTRIES),
    destination=st.sampled_from(COUNTRIES),
    way=st.sampled_from(
        [("postal", None), ("courier", None), ("freight", "air"), ("freight", "sea"), ("freight", "road")]
    ),
)
def test_dates_are_in_order(start: date, dispatch: str, destination: str, way: tuple[str, str | None]) -> None:
    """Whatever the way, the dates follow one another, delivery is on a weekday, and no holiday met is a weekend."""
    found = estimate(start, dispatch, destination, None, *way)

    if found is None:
        assert way[1] == "road"
        return
    assert start <= found.ship_by <= found.latest
    assert start < found.earliest <= found.likely <= found.latest
    assert all(day.weekday() < 5 for day in (found.earliest, found.likely, found.latest))
    # A slow parcel may still be held by a holiday at home on the day on which a fast one is delivered abroad.
    closed = [met.day for met in found.holidays if met.country == destination != dispatch]
    assert not {found.earliest, found.latest}.intersection(closed)
    assert all(met.day.weekday() < 5 for met in found.holidays)
    assert all(met.country in (dispatch, destination) for met in found.holidays)
    assert found.latest - start <= timedelta(days=200)


def test_as_json() -> None:
    """The answer's JSON has dates as text and every leg with its ground."""
    found = Delivery(
        date(2026, 3, 2),
        date(2026, 3, 3),
        date(2026, 3, 4),
        date(2026, 3, 5),
        "none",
        (Leg("handling", 1, 2, working=True, source=in_all("x"), status="memory"),),
        (Holiday(date(2026, 3, 3), "MX", "fiesta"),),
        ("XX",),
        published=(Standard(in_all("Express"), 3, 5, working=True, source=in_all("y"), status="reported"),),
        observed=Observed(4, 5, 9, 20, date(2026, 1, 2), date(2026, 2, 3)),
        assumed_dates=(date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 8)),
        transit_days=(4, 9),
    )

    assert found.to_dict() == {
        "ship_by": "2026-03-02",
        "earliest": "2026-03-03",
        "likely": "2026-03-04",
        "latest": "2026-03-05",
        "tracked": "none",
        "services": [],
        "assumed": True,
        "legs": [
            {
                "name": "handling",
                "min_days": 1,
                "max_days": 2,
                "working_days": True,
                "source": in_all("x"),
                "status": "memory",
            }
        ],
        "holidays": [{"date": "2026-03-03", "country": "MX", "name": "fiesta"}],
        "without_calendar": ["XX"],
        "transit_days": {"min": 4, "max": 9},
        "published": [
            {
                "service": in_all("Express"),
                "min_days": 3,
                "max_days": 5,
                "working_days": True,
                "source": in_all("y"),
                "status": "reported",
            }
        ],
        "observed": {
            "low_days": 4,
            "likely_days": 5,
            "high_days": 9,
            "parcels": 20,
            "from": "2026-01-02",
            "to": "2026-02-03",
        },
        "assumed_dates": {"earliest": "2026-03-06", "likely": "2026-03-07", "latest": "2026-03-08"},
    }


def test_old_figures_stay_with_freight() -> None:
    """The study of 2009-2014 is named with its years and serves freight alone, never parcels."""
    aged = [(key, leg) for key, leg in default_rules().legs.items() if "2009-2014" in leg.source["en"]]

    assert aged
    assert {key[1] for key, _ in aged} == {"freight"}
    assert {leg.status for _, leg in aged} == {"reported"}


SHIPPED = (files("landed_cost") / "rulebook" / "delivery.yaml").read_text(encoding="utf-8")
ROW = "- {leg: handling, channels: [postal], min_days: 1, max_days: 2, working: true, status: memory, source: house}"
ROAD = (
    "- {leg: line-haul, channels: [freight], transports: [road], pairs: [same_region], min_days: 4, max_days: 12, "
    "working: false, status: memory, source: house}"
)
TRACK = "- {channels: [courier], level: end_to_end, status: memory, source: house}"


def broken(old: str, new: str) -> Any:
    """Return the shipped file with one thing changed, and the line where it stands."""
    assert SHIPPED.count(old) == 1
    return SHIPPED.replace(old, new), SHIPPED[: SHIPPED.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (ROW, ROW.replace("working: true", "working: true, days: 3"), "unknown key 'days'; known here: "),
        (ROW, ROW.replace("leg: handling", "leg: packing"), "'packing' is not one of handling, pick-up, "),
        (ROW, ROW.replace("[postal]", "[pigeon]"), "'pigeon' is not one of postal, courier, freight"),
        (ROW, ROW.replace(", status: memory", ""), "status is missing; add status: ..."),
        (ROW, ROW.replace("memory", "rumour"), "'rumour' is not one of memory, reported, verified"),
        (ROW, ROW.replace("house", "neighbour"), "source 'neighbour' is not one of house, press_mx_2025"),
        (ROW, ROW.replace("min_days: 1", "min_days: 4"), "min_days 4 to max_days 2 is no range; write 0 to 120"),
        (ROW, ROW.replace("min_days: 1", "min_days: -1"), "min_days -1 to max_days 2 is no range; write 0 to 120"),
        (ROW, ROW.replace("max_days: 2", "max_days: 121"), "min_days 1 to max_days 121 is no range; write 0 to 120"),
        (ROW, ROW.replace("max_days: 2", "max_days: 2.5"), '2.5 unquoted is a binary fraction; write "2.5" in quotes'),
        (ROW, ROW.replace("working: true", "working: sometimes"), "write true or false, not 'sometimes'"),
        (ROW, f"{ROW} {ROW[2:]}", "not YAML"),
        (TRACK, TRACK.replace("end_to_end", "somewhere"), "'somewhere' is not one of none, to_border, end_to_end"),
        (TRACK, TRACK.replace("level", "levels"), "level is missing; add level: ..."),
        (TRACK, TRACK.replace("house", "nobody"), "source 'nobody' is not one of house"),
        (
            "least: none, most: none",
            "least: end_to_end, most: none",
            "least end_to_end is more than most none; turn them round",
        ),
        ("- [DO, HT]\n# A lorry", "- [NO, HT]\n# A lorry", "NO was read as true or false; put it in quotes"),
        ("[CA, MX, US]\n", "[CA, MX, US, BR]\n", "BR already is in north_america; keep one"),
    ],
)
def test_broken_file(old: str, new: str, message: str) -> None:
    """Each kind of broken file names its line and says what to write."""
    text, line = broken(old, new)

    with pytest.raises(RulebookError) as caught:
        load_delivery(text, "delivery.yaml")

    assert message in str(caught.value)
    if "already is in" not in message:  # that one is found where the country stands the second time
        assert str(caught.value).startswith(f"delivery.yaml:{line}: ")


def test_row_given_twice() -> None:
    """Two rows for the same way are refused at the second, with what they are for."""
    text, line = broken(ROW, f"{ROW}\n{ROW}")

    with pytest.raises(RulebookError) as caught:
        load_delivery(text, "delivery.yaml")

    assert str(caught.value) == f"delivery.yaml:{line + 1}: a row for handling, postal stands above; keep one"


@pytest.mark.parametrize(
    ("row", "missing"),
    [
        (ROW, "handling by postal, domestic"),
        (TRACK, "tracking of courier"),
        (ROAD, "line-haul by road, same_region"),
    ],
)
def test_gap(row: str, missing: str) -> None:
    """A file without an answer for some way is refused, and the way is named."""
    text, _ = broken(f"{row}\n", "")

    with pytest.raises(RulebookError) as caught:
        load_delivery(text, "delivery.yaml")

    assert str(caught.value).endswith(f"no row covers {missing}; add one")


def test_standard_of_any_dispatch_and_destination() -> None:
    """What an operator publishes is shown on the ways it names, and never within a country."""
    there = estimate(date(2026, 3, 2), "US", "BR", None, "postal", None)
    home = estimate(date(2026, 3, 2), "US", "US", None, "postal", None)

    assert there is not None
    assert home is not None
    assert [one.service["en"] for one in there.published] == [
        "Priority Mail Express International",
        "Priority Mail International",
    ]
    assert home.published == ()


def test_unknown_key_at_the_top() -> None:
    """A section that nobody reads is refused."""
    with pytest.raises(RulebookError, match=r"unknown key 'extra'"):
        load_delivery(f"{SHIPPED}\nextra: []\n", "delivery.yaml")


def test_every_leg_has_a_ground() -> None:
    """Nothing in the shipped file claims to be verified, and every row names its source."""
    legs = default_rules().legs.values()

    assert {leg.name for leg in legs} == set(LEGS)
    assert {leg.status for leg in legs} == {"memory", "reported"}
    assert all(leg.source for leg in legs)
