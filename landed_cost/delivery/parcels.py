"""Observed parcels from a CSV file: when each was dispatched and delivered, on which lane, by which service."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from landed_cost import cells
from landed_cost.cells import TableReader
from landed_cost.delivery.observed import LONGEST_DAYS

if TYPE_CHECKING:
    from datetime import date

_LANE: Final = re.compile(r"([A-Z]{2})-([A-Z]{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Seen:
    """One parcel; ``service`` is a channel (``postal``, ``courier``, ``freight``) or a service of a card."""

    dispatch: str
    destination: str
    service: str
    dispatched: date
    delivered: date


def _lane(cell: str) -> tuple[str, str]:
    found = _LANE.fullmatch(cell.upper())
    if found is None:
        raise ValueError(f"{cell!r} is no lane; write the two countries, like MX-US")
    return found[1], found[2]


NEEDED: Final = {"dispatched": cells.day, "delivered": cells.day, "lane": _lane, "service": cells.name}


def read_parcels(text: str, today: date) -> tuple[Seen, ...]:
    """Return the parcels of a file; ``TableError`` lists everything wrong with it at once.

    A parcel delivered before it was dispatched, more than a year after, or after ``today`` is wrong.
    """
    reader = TableReader(NEEDED)
    found = []
    for number, read in reader.rows(text):
        days = (read["delivered"] - read["dispatched"]).days
        if days < 0:
            reader.complain(number, "delivered", f"{read['delivered']} is before dispatched {read['dispatched']}")
        elif days > LONGEST_DAYS:
            reader.complain(number, "delivered", f"{days} days after dispatched; at most {LONGEST_DAYS}")
        elif read["delivered"] > today:
            reader.complain(number, "delivered", f"{read['delivered']} is still to come")
        dispatch, destination = read["lane"]
        found.append(Seen(dispatch, destination, read["service"], read["dispatched"], read["delivered"]))
    reader.stop()
    return tuple(found)
