"""When it will come: a range of days for each leg from the maker's bench to the buyer's door.

Five legs, in order: handling, export clearance, line-haul, import clearance, last mile. Working days skip weekends and
public holidays of the side where the leg happens; the line-haul counts every day. Dates are dates of the place and are
never moved through a time zone. Every figure is *assumed* (``rulebook/delivery.yaml`` says on what ground).

>>> from datetime import date
>>> found = estimate(date(2026, 11, 25), "MX", "US", "CA", "courier", None)
>>> found.ship_by.isoformat(), found.earliest.isoformat(), found.latest.isoformat(), found.tracked
('2026-11-27', '2026-12-01', '2026-12-09', 'end_to_end')
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, cast, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from landed_cost.rulebook.reader import Node

__all__ = ["LEGS", "Delivery", "DeliveryRules", "Holiday", "Leg", "default_rules", "estimate", "load_delivery"]

Channel = Literal["postal", "courier", "freight"]
Transport = Literal["air", "sea", "road"]
Tracked = Literal["none", "to_border", "end_to_end"]
Status = Literal["memory", "reported", "verified"]

LEGS: Final = ("handling", "export clearance", "line-haul", "import clearance", "last mile")
_AT_DISPATCH: Final = frozenset(LEGS[:2])
_CLEARANCES: Final = frozenset({"export clearance", "import clearance"})
_PAIRS: Final = ("domestic", "neighbouring", "same_region", "americas", "europe", "world")
_EARLIEST_YEAR: Final = 2000
_LATEST_YEAR: Final = 2200
_LONGEST_LEG: Final = 120

# What a row is found by: leg, channel, transport, pair, dispatch, destination, region; None where it names none.
_Key = tuple[str, str, str | None, str | None, str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg: at least and at most so many days, working days or all, on whose word.

    ``status`` is ``memory``, ``reported`` or ``verified`` as for a fact of law.
    """

    name: str
    min_days: int
    max_days: int
    working: bool
    source: str
    status: Status


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """A public holiday that costs the delivery a day; ``name`` in the country's own language."""

    day: date
    country: str
    name: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """When a parcel may come, and what that rests on.

    ``ship_by`` is the last day to hand the parcel over for the other dates to hold. ``likely`` takes the middle of each
    leg, rounded up over the whole way. ``holidays`` are those that cost a day on the fastest, the likely or the slowest
    way. ``without_calendar`` names countries whose holidays are not known: there, only weekends were skipped.
    """

    ship_by: date
    earliest: date
    likely: date
    latest: date
    tracked: Tracked
    legs: tuple[Leg, ...]
    holidays: tuple[Holiday, ...] = ()
    without_calendar: tuple[str, ...] = ()
    assumed: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Return the estimate as the quote's JSON has it: dates as YYYY-MM-DD."""
        return {
            "ship_by": self.ship_by.isoformat(),
            "earliest": self.earliest.isoformat(),
            "likely": self.likely.isoformat(),
            "latest": self.latest.isoformat(),
            "tracked": self.tracked,
            "assumed": self.assumed,
            "legs": [
                {
                    "name": leg.name,
                    "min_days": leg.min_days,
                    "max_days": leg.max_days,
                    "working_days": leg.working,
                    "source": leg.source,
                    "status": leg.status,
                }
                for leg in self.legs
            ],
            "holidays": [
                {"date": met.day.isoformat(), "country": met.country, "name": met.name} for met in self.holidays
            ],
            "without_calendar": list(self.without_calendar),
        }


@dataclass(frozen=True, slots=True)
class DeliveryRules:
    """The ranges of ``delivery.yaml``, ready to be looked up."""

    legs: Mapping[_Key, Leg]
    tracking: Mapping[_Key, Tracked]
    region_of: Mapping[str, str]
    neighbours: frozenset[frozenset[str]]
    roads: tuple[frozenset[str], ...]
    no_customs: tuple[frozenset[str], ...]

    def pair(self, dispatch: str, destination: str) -> str:
        """Return how two countries lie to one another, as the rows name it."""
        here, there = self.region_of.get(dispatch), self.region_of.get(destination)
        if dispatch == destination or any({dispatch, destination} <= group for group in self.no_customs):
            return "domestic"
        if frozenset((dispatch, destination)) in self.neighbours:
            return "neighbouring"
        if here is None or there is None:
            return "world"
        if here == there:
            return "same_region"
        return "europe" if "europe" in (here, there) else "americas"

    def connected(self, dispatch: str, destination: str) -> bool:
        """Return whether a lorry gets from one country to the other."""
        return dispatch == destination or any({dispatch, destination} <= group for group in self.roads)


def estimate(
    ready_on: date,
    dispatch_country: str,
    destination_country: str,
    destination_region: str | None,
    channel: str,
    transport: str | None,
    *,
    today: date | None = None,
) -> Delivery | None:
    """Return when goods that are ready on a day may be delivered; ``None`` where no such way exists (a road over sea).

    Countries are ISO 3166-1 codes, the region is one of the destination with or without its country (``CA``,
    ``US-CA``). With ``today``, goods that were ready earlier start today; without it a day of the past is taken as it
    is, so that a quote can be made as of any date. A start on a holiday or weekend moves to the next working day, a
    start or an end on 29 February is a day like any other. Raises ``ValueError`` for freight without a transport, for a
    parcel with one, and for years outside 2000-2200.
    """
    start = ready_on if today is None else max(ready_on, today)
    return _estimate(start, dispatch_country, destination_country, destination_region, channel, transport)


@lru_cache(maxsize=4_096)
def _estimate(
    start: date,
    dispatch: str,
    destination: str,
    region: str | None,
    channel: str,
    transport: str | None,
) -> Delivery | None:
    """Return the estimate of one way; the same question is asked by every line of a campaign."""
    if not _EARLIEST_YEAR <= start.year <= _LATEST_YEAR:
        raise ValueError(f"delivery: {start} is outside {_EARLIEST_YEAR}-{_LATEST_YEAR}")
    found = _way(dispatch, destination, region, channel, transport)
    if found is None:
        return None
    legs, tracked = found
    sides = {"dispatch": _Calendar(dispatch, None), "destination": _Calendar(destination, region)}
    met: list[Holiday] = []
    earliest = _walk(start, legs, [leg.min_days for leg in legs], sides, met)
    likely = _walk(start, legs, _middles(legs), sides, met)
    latest = _walk(start, legs, [leg.max_days for leg in legs], sides, met)
    ship_by = _walk(start, legs[:1], [legs[0].max_days], sides, met)
    unknown = {side.country for side in sides.values() if not side.is_known(start.year)}
    return Delivery(ship_by, earliest, likely, latest, tracked, legs, tuple(sorted(set(met))), tuple(sorted(unknown)))


@lru_cache(maxsize=4_096)
def _way(
    dispatch: str,
    destination: str,
    region: str | None,
    channel: str,
    transport: str | None,
) -> tuple[tuple[Leg, ...], Tracked] | None:
    """Return the legs of a way and how far it can be followed, by the rows that name most."""
    if channel not in get_args(Channel):
        raise ValueError(f"delivery: channel {channel!r} is not one of {', '.join(get_args(Channel))}")
    if channel == "freight" and transport not in get_args(Transport):
        raise ValueError(f"delivery: freight needs a transport: {', '.join(get_args(Transport))}")
    if channel != "freight" and transport is not None:
        raise ValueError(f"delivery: a transport belongs to freight, not to {channel}")
    rules = default_rules()
    if transport == "road" and not rules.connected(dispatch, destination):
        return None
    pair = rules.pair(dispatch, destination)
    full = None if region is None else region if region.startswith(f"{destination}-") else f"{destination}-{region}"
    keys = list(
        product([full, None], [destination, None], [dispatch, None], [pair, None], [transport, None]),
    )

    def most_specific(table: Mapping[_Key, Any], leg: str) -> Any:  # noqa: ANN401 - a leg or a level, as the table has
        """Return the row that names most; the loader has seen to it that there is one."""
        candidates = ((leg, channel, by, near, sender, receiver, area) for area, receiver, sender, near, by in keys)
        return next(table[key] for key in candidates if key in table)

    wanted = [leg for leg in LEGS if pair != "domestic" or leg not in _CLEARANCES]
    return tuple(most_specific(rules.legs, leg) for leg in wanted), most_specific(rules.tracking, "")


class _Calendar:
    """The working days of one side of a delivery."""

    __slots__ = ("_region", "country")

    def __init__(self, country: str, region: str | None) -> None:
        self.country = country
        self._region = None if region is None else region.removeprefix(f"{country}-")

    def is_known(self, year: int) -> bool:
        """Return whether the holidays of the country are known at all."""
        return _holidays(self.country, self._region, year) is not None

    def holiday(self, day: date) -> str | None:
        """Return the name of the holiday on a day, if it is one."""
        return (_holidays(self.country, self._region, day.year) or {}).get(day)


@cache
def _holidays(country: str, region: str | None, year: int) -> Mapping[date, str] | None:
    """Return the public holidays of a year, of the region too where it is known; ``None`` for an unknown country."""
    # Takes a tenth of a second to import: a process that never estimates a delivery does not pay for it.
    import holidays  # noqa: PLC0415

    supported = holidays.list_supported_countries(include_aliases=False)
    if country not in supported:
        return None
    known = region if region in supported[country] else None
    own_language = holidays.country_holidays(country).default_language
    found = holidays.country_holidays(country, subdiv=known, years=year, language=own_language)
    return MappingProxyType(dict(found))


def _middles(legs: tuple[Leg, ...]) -> list[int]:
    """Return the middle of each leg, halves carried along so that only the whole way is rounded up."""
    middles: list[int] = []
    twice = 0
    for leg in legs:
        twice += leg.min_days + leg.max_days
        middles.append((twice + 1) // 2 - sum(middles))
    return middles


def _walk(
    start: date,
    legs: tuple[Leg, ...],
    days: list[int],
    sides: Mapping[str, _Calendar],
    met: list[Holiday],
) -> date:
    """Return the day on which the legs end when each takes so many days; the holidays on the way go into ``met``."""
    day = start
    for leg, count in zip(legs, days, strict=True):
        if leg.working:
            side = sides["dispatch" if leg.name in _AT_DISPATCH else "destination"]
            day = _working(day, count, side, met)
        else:
            day += timedelta(days=count)
    return day


def _working(day: date, count: int, side: _Calendar, met: list[Holiday]) -> date:
    """Return the working day that many after the first one on or after the day."""
    day = _open(day, side, met)
    for _ in range(count):
        day = _open(day + timedelta(days=1), side, met)
    return day


def _open(day: date, side: _Calendar, met: list[Holiday]) -> date:
    """Return the first working day on or after the day. Saturday counts as none, though some carriers deliver then."""
    while True:
        weekend = day.weekday() >= 5  # noqa: PLR2004 - Saturday and Sunday in every country of the Americas and Europe
        name = None if weekend else side.holiday(day)
        if not weekend and name is None:
            return day
        if name is not None:
            met.append(Holiday(day, side.country, name))
        day += timedelta(days=1)


@cache
def default_rules() -> DeliveryRules:
    """Return the ranges that ship with the project."""
    text = (files("landed_cost") / "rulebook" / "delivery.yaml").read_text(encoding="utf-8")
    return load_delivery(text, "delivery.yaml")


def load_delivery(text: str, name: str) -> DeliveryRules:
    """Read a file of ranges; ``name`` stands for it in errors.

    Raises ``RulebookError`` naming file and line for anything unknown, missing, double or out of range.
    """
    # Imported here: the rulebook's package imports the model of a quote, which holds a Delivery.
    from landed_cost.rulebook.reader import read_text  # noqa: PLC0415

    document = read_text(text, name)
    sources = {key: node.text() for key, node in document.need("sources").map().items()}
    region_of: dict[str, str] = {}
    for region, members in document.need("regions").map().items():
        for member in members.items():
            if region_of.setdefault(member.text(), region) != region:
                raise member.fail(f"{member.text()} already is in {region_of[member.text()]}; keep one")
    neighbours = frozenset(
        frozenset((one, other))
        for group in document.need("neighbours").items()
        for one, other in product(group.texts(), repeat=2)
        if one != other
    )
    roads, no_customs = (
        tuple(frozenset(group.texts()) for group in document.need(key).items())
        for key in ("roads", "no_customs_between")
    )
    legs: dict[_Key, Leg] = {}
    for row in document.need("legs").items():
        leg = _leg(row, sources)
        _place(row, leg.name, leg, legs)
    tracking: dict[_Key, Tracked] = {}
    for row in document.need("tracking").items():
        level = cast("Tracked", row.need("level").word(*get_args(Tracked)))
        _evidence(row, sources)
        _place(row, "", level, tracking)
    document.done()
    _refuse_gaps(document, legs, tracking)
    return DeliveryRules(legs, tracking, region_of, neighbours, roads, no_customs)


def _leg(row: Node, sources: Mapping[str, str]) -> Leg:
    """Return the leg of one row."""
    name = row.need("leg").word(*LEGS)
    least, most = row.need("min_days"), row.need("max_days")
    if not 0 <= least.whole() <= most.whole() <= _LONGEST_LEG:
        raise least.fail(f"min_days {least.value} to max_days {most.value} is no range; write 0 to {_LONGEST_LEG}")
    source, status = _evidence(row, sources)
    return Leg(name, least.whole(), most.whole(), row.need("working").flag(), source, status)


def _evidence(row: Node, sources: Mapping[str, str]) -> tuple[str, Status]:
    """Return the source and the status of one row."""
    source = row.need("source")
    if source.text() not in sources:
        raise source.fail(f"source {source.text()!r} is not one of {', '.join(sources)}")
    return sources[source.text()], cast("Status", row.need("status").word(*get_args(Status)))


def _place(row: Node, leg: str, value: Any, table: dict[_Key, Any]) -> None:  # noqa: ANN401 - a leg or a level
    """Put the value of one row under each combination that it names, refusing one that is taken."""
    channels = [node.word(*get_args(Channel)) for node in row.need("channels").items()]
    closed = {"transports": get_args(Transport), "pairs": _PAIRS}
    named: list[list[str | None]] = []
    for key in ("transports", "pairs", "dispatch", "destinations", "regions"):
        node = row.get(key)
        if node is None:
            named.append([None])
        else:
            named.append([one.word(*closed[key]) if key in closed else one.text() for one in node.items()])
    row.done()
    for channel, transport, pair, sender, receiver, area in product(channels, *named):
        place: _Key = (leg, cast("str", channel), transport, pair, sender, receiver, area)
        if place in table:
            raise row.fail(f"a row for {', '.join(filter(None, place))} stands above; keep one")
        table[place] = value


def _refuse_gaps(document: Node, legs: Mapping[_Key, Leg], tracking: Mapping[_Key, Tracked]) -> None:
    """Refuse a file that has no answer for some way, so that a look-up always finds one."""
    for missing in _gaps(legs, tracking):
        raise document.fail(f"no row covers {missing}; add one")


def _gaps(legs: Mapping[_Key, Leg], tracking: Mapping[_Key, Tracked]) -> Iterator[str]:
    """Yield the ways without a row of their own or a general one."""
    for channel in get_args(Channel):
        if ("", channel, None, None, None, None, None) not in tracking:
            yield f"tracking of {channel}"
        transports = get_args(Transport) if channel == "freight" else (None,)
        for leg, transport, pair in product(LEGS, transports, _PAIRS):
            # No road leads to another continent; clearance within a country is not asked for.
            needless = (transport == "road" and pair in ("europe", "world")) or (
                pair == "domestic" and leg in _CLEARANCES
            )
            rows = product([transport, None], [pair, None])
            if not needless and not any((leg, channel, by, near, None, None, None) in legs for by, near in rows):
                yield f"{leg} by {transport or channel}, {pair}"
