"""The ranges of ``rulebook/delivery.yaml``: read strictly, looked up by what a row names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import product
from typing import TYPE_CHECKING, Any, Final, cast, get_args

from landed_cost.delivery.legs import (
    CLEARANCES,
    LEGS,
    Channel,
    Leg,
    PostalService,
    Standard,
    Status,
    Tracked,
    Transport,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from landed_cost.rulebook.reader import Node

_PAIRS: Final = ("domestic", "neighbouring", "same_region", "americas", "europe", "world")
_STANDINGS: Final = ("memory", "reported", "verified")
_LONGEST_LEG: Final = 120
# From the least that a parcel can be followed to the most.
_LEVELS: Final[tuple[Tracked, ...]] = ("none", "to_border", "end_to_end")

# What a row is found by: leg, channel, transport, pair, dispatch, destination, region; None where it names none.
Key = tuple[str, str, str | None, str | None, str | None, str | None, str | None]
# What a standard is found by: channel, dispatch, destination; None where it holds for any.
Way = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class DeliveryRules:
    """The ranges of ``delivery.yaml``, ready to be looked up."""

    legs: Mapping[Key, Leg]
    tracking: Mapping[Key, Tracked]
    region_of: Mapping[str, str]
    neighbours: frozenset[frozenset[str]]
    roads: tuple[frozenset[str], ...]
    no_customs: tuple[frozenset[str], ...]
    standards: Mapping[Way, tuple[Standard, ...]]
    # Each with the least and the most that it promises.
    services: tuple[tuple[PostalService, Tracked], ...]

    def on_lane(self, level: Tracked) -> tuple[PostalService, ...]:
        """Return how far each postal service can be followed where the two posts exchange scans up to a level.

        Where they exchange none, no service can be followed.
        """
        return tuple(_followed(service, most, level) for service, most in self.services)

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
    sources = {key: node.translated() for key, node in document.need("sources").map().items()}
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
    legs: dict[Key, Leg] = {}
    for row in document.need("legs").items():
        leg = _leg(row, sources)
        _place(row, leg.name, leg, legs)
    tracking: dict[Key, Tracked] = {}
    for row in document.need("tracking").items():
        level = cast("Tracked", row.need("level").word(*get_args(Tracked)))
        _evidence(row, sources)
        _place(row, "", level, tracking)
    standards: dict[Way, tuple[Standard, ...]] = {}
    for row in document.need("standards").items():
        place, standard = _standard(row, sources)
        standards[place] = (*standards.get(place, ()), standard)
    services = tuple(_service(row, sources) for row in document.need("postal_services").items())
    document.done()
    _refuse_gaps(document, legs, tracking)
    return DeliveryRules(legs, tracking, region_of, neighbours, roads, no_customs, standards, services)


def _service(row: Node, sources: Mapping[str, Mapping[str, str]]) -> tuple[PostalService, Tracked]:
    """Return a postal service with the least it promises, and the most."""
    least = cast("Tracked", row.need("least").word(*_LEVELS))
    most = cast("Tracked", row.need("most").word(*_LEVELS))
    if _LEVELS.index(least) > _LEVELS.index(most):
        raise row.fail(f"least {least} is more than most {most}; turn them round")
    source, status = _evidence(row, sources)
    service = PostalService(row.need("service").text(), row.need("prefix").text(), least, source, status)
    row.done()
    return service, most


def _followed(service: PostalService, most: Tracked, level: Tracked) -> PostalService:
    reached = _LEVELS.index(level)
    if reached:
        reached = max(_LEVELS.index(service.tracked), min(_LEVELS.index(most), reached))
    return replace(service, tracked=_LEVELS[reached])


def _leg(row: Node, sources: Mapping[str, Mapping[str, str]]) -> Leg:
    """Return the leg of one row."""
    name = row.need("leg").word(*LEGS)
    least, most = _days(row)
    source, status = _evidence(row, sources)
    return Leg(name, least, most, row.need("working").flag(), source, status)


def _standard(row: Node, sources: Mapping[str, Mapping[str, str]]) -> tuple[Way, Standard]:
    """Return what an operator publishes, and the channel, dispatch and destination it is for."""
    channel = row.need("channel").word(*get_args(Channel))
    place = (channel, _named(row, "dispatch"), _named(row, "destination"))
    least, most = _days(row)
    source, status = _evidence(row, sources)
    found = Standard(row.need("service").translated(), least, most, row.need("working").flag(), source, status)
    row.done()
    return place, found


def _named(row: Node, key: str) -> str | None:
    found = row.get(key)
    return None if found is None else found.text()


def _days(row: Node) -> tuple[int, int]:
    """Return the fewest and the most days of one row."""
    least, most = row.need("min_days"), row.need("max_days")
    if not 0 <= least.whole() <= most.whole() <= _LONGEST_LEG:
        raise least.fail(f"min_days {least.value} to max_days {most.value} is no range; write 0 to {_LONGEST_LEG}")
    return least.whole(), most.whole()


def _evidence(row: Node, sources: Mapping[str, Mapping[str, str]]) -> tuple[Mapping[str, str], Status]:
    """Return the source and the status of one row."""
    source = row.need("source")
    if source.text() not in sources:
        raise source.fail(f"source {source.text()!r} is not one of {', '.join(sources)}")
    return sources[source.text()], cast("Status", row.need("status").word(*_STANDINGS))


def _place(row: Node, leg: str, value: Any, table: dict[Key, Any]) -> None:  # noqa: ANN401 - a leg or a level
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
        place: Key = (leg, cast("str", channel), transport, pair, sender, receiver, area)
        if place in table:
            raise row.fail(f"a row for {', '.join(filter(None, place))} stands above; keep one")
        table[place] = value


def _refuse_gaps(document: Node, legs: Mapping[Key, Leg], tracking: Mapping[Key, Tracked]) -> None:
    """Refuse a file that has no answer for some way, so that a look-up always finds one."""
    for missing in _gaps(legs, tracking):
        raise document.fail(f"no row covers {missing}; add one")


def _gaps(legs: Mapping[Key, Leg], tracking: Mapping[Key, Tracked]) -> Iterator[str]:
    """Yield the ways without a row of their own or a general one."""
    for channel in get_args(Channel):
        if ("", channel, None, None, None, None, None) not in tracking:
            yield f"tracking of {channel}"
        transports = get_args(Transport) if channel == "freight" else (None,)
        for leg, transport, pair in product(LEGS, transports, _PAIRS):
            # No road leads to another continent; clearance within a country is not asked for.
            needless = (transport == "road" and pair in ("europe", "world")) or (
                pair == "domestic" and leg in CLEARANCES
            )
            rows = product([transport, None], [pair, None])
            if not needless and not any((leg, channel, by, near, None, None, None) in legs for by, near in rows):
                yield f"{leg} by {transport or channel}, {pair}"
