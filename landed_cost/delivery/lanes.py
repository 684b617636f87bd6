"""Ways that are closed for a time: a post that takes no goods for a destination, a bridge that is blocked.

Dated facts with their sources (``rulebook/lanes.yaml``), apart from the law: nobody is forbidden to send, but nobody
carries. A lane whose end is not known is taken for closed for as long as evidence of such volatility holds (120 days
past the last day it was known), and is a doubt from then on; it is never taken for open in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal, cast, get_args

from landed_cost.delivery.legs import Channel, Transport

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

State = Literal["closed", "narrowed", "unsure"]
# As for a fact of law of high volatility.
_TOLERANCE_DAYS: Final = 120
_ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class ClosedLane:
    """One lane that was closed or narrowed from a day on; countries are ISO 3166-1 codes, ``*`` is any.

    ``last`` is the last day closed, ``None`` where no word of its opening came; ``known_until`` the last day on which
    it was known to be closed. ``kind`` is ``closed`` (no goods at all) or ``narrowed`` (by another service only).
    """

    id: str
    channel: str
    transport: str | None
    dispatch: tuple[str, ...]
    destinations: tuple[str, ...]
    kind: Literal["closed", "narrowed"]
    first: date
    last: date | None
    known_until: date
    status: Literal["memory", "reported", "verified"]
    source: Mapping[str, str]
    url: str
    message: Mapping[str, str]
    action: Mapping[str, str]

    def serves(self, dispatch: str, destination: str, channel: str, transport: str | None) -> bool:
        """Return whether this is the way from one country to another."""
        return (
            self.channel == channel
            and self.transport in (None, transport)
            and (dispatch in self.dispatch or _ANY in self.dispatch)
            and (destination in self.destinations or _ANY in self.destinations)
            and dispatch != destination
        )

    def state(self, on: date) -> State | None:
        """Return what the lane is on a day: ``None`` for open, ``unsure`` once the evidence has grown old."""
        if on < self.first or (self.last is not None and on > self.last):
            return None
        if self.last is None and (on - self.known_until).days > _TOLERANCE_DAYS:
            return "unsure"
        return self.kind


def closed_lanes(
    on: date, dispatch: str, destination: str, channel: str, transport: str | None = None
) -> tuple[tuple[ClosedLane, State], ...]:
    """Return the lanes that stand in the way of what is handed over on a day, each with its state.

    >>> from datetime import date
    >>> [(lane.id, state) for lane, state in closed_lanes(date(2025, 9, 10), "ES", "US", "postal")]
    [('lane.es_us_postal_2025', 'closed')]
    >>> closed_lanes(date(2025, 10, 3), "ES", "US", "postal")
    ()
    """
    states = ((lane, lane.state(on)) for lane in _of_way(dispatch, destination, channel, transport))
    return tuple((lane, state) for lane, state in states if state is not None)


@cache
def _of_way(dispatch: str, destination: str, channel: str, transport: str | None) -> tuple[ClosedLane, ...]:
    return tuple(lane for lane in all_lanes() if lane.serves(dispatch, destination, channel, transport))


@cache
def all_lanes() -> tuple[ClosedLane, ...]:
    """Return the lanes that ship with the project, in the order of the file."""
    text = (files("landed_cost") / "rulebook" / "lanes.yaml").read_text(encoding="utf-8")
    return load_lanes(text, "lanes.yaml")


def load_lanes(text: str, name: str) -> tuple[ClosedLane, ...]:
    """Read a file of closed lanes; ``name`` stands for it in errors.

    Raises ``RulebookError`` naming file and line for anything unknown, missing, double or out of order.
    """
    # Imported here: the rulebook's package imports the model of a quote, which holds a Delivery.
    from landed_cost.rulebook.reader import read_text  # noqa: PLC0415

    document = read_text(text, name)
    found: dict[str, ClosedLane] = {}
    for row in document.need("lanes").items():
        id_ = row.need("id").text()
        if id_ in found:
            raise row.fail(f"{id_} stands above; keep one")
        channel = row.need("channel").word(*get_args(Channel))
        transport = row.get("transport")
        first, known_until = row.need("from").day(), row.need("known_until").day()
        last = row.get("to")
        if known_until < first or (last is not None and not first <= last.day() <= known_until):
            raise row.fail(f"{id_}: write from ≤ to ≤ known_until")
        found[id_] = ClosedLane(
            id=id_,
            channel=channel,
            transport=None if transport is None else transport.word(*get_args(Transport)),
            dispatch=row.need("dispatch").texts(),
            destinations=row.need("destinations").texts(),
            kind=cast("Literal['closed', 'narrowed']", row.need("kind").word("closed", "narrowed")),
            first=first,
            last=None if last is None else last.day(),
            known_until=known_until,
            status=cast(
                "Literal['memory', 'reported', 'verified']",
                row.need("status").word("memory", "reported", "verified"),
            ),
            source=row.need("source").translated(),
            url=row.need("url").text(),
            message=row.need("message").translated(),
            action=row.need("action").translated(),
        )
        row.done()
    document.done()
    return tuple(found.values())
