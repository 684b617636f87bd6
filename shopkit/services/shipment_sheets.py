"""A sheet of events that a person wrote by hand: kept with the parcels that its numbers name, or not at all."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from landed_cost.cells import CellProblem, TableError
from shopkit.models import StoredShipment
from shopkit.services import shipments
from shopkit.services.trackers import meaning
from shopkit.tracking import sheet
from shopkit.tracking.timeline import Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.shipments import Received
    from shopkit.tracking.events import RawEvent

# Databases take so many names in one question.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A parcel that a sheet tells of, and what came of it."""

    shipment_id: str
    number: str
    received: Received


def keep(services: Services, actor: Actor, data: bytes) -> list[Kept]:
    """Keep what a sheet tells of the seller's own parcels; ``TableError`` with all that is wrong, and nothing is kept.

    A number that was used for several parcels is that of the one in whose days its events lie; a sheet given again is
    kept once.
    """
    actor.must("editor")
    rows = sheet.rows(data, now=services.now())
    told: dict[str, list[RawEvent]] = defaultdict(list)
    for _, number, event in rows:
        told[number].append(event)
    parcels = _parcels(services, actor, list(told))
    found, problems = [], []
    for number, events in told.items():
        of = _whose(events, parcels.get(number, ()))
        if len(of) == 1:
            found.append((of[0], number, events))
            continue
        row = next(row for row, name, _ in rows if name == number)
        said = "is of several parcels that these days fit" if of else "is no parcel of this shop in these days"
        problems.append(CellProblem(row, "number", f"{number} {said}"))
    if problems:
        raise TableError(tuple(problems))
    return [Kept(id_, number, shipments.receive(services, id_, events)) for id_, number, events in found]


def _parcels(services: Services, actor: Actor, numbers: Sequence[str]) -> Mapping[str, list[StoredShipment]]:
    found: dict[str, list[StoredShipment]] = defaultdict(list)
    with services.database.reading() as session:
        for first in range(0, len(numbers), _AT_ONCE):
            some = numbers[first : first + _AT_ONCE]
            query = select(StoredShipment).where(
                StoredShipment.seller_id == actor.seller_id, StoredShipment.number.in_(some)
            )
            for row in session.scalars(query.order_by(StoredShipment.posted_on, StoredShipment.id)):
                found[row.number].append(row)
    return found


def _whose(told: Iterable[RawEvent], rows: Iterable[StoredShipment]) -> list[str]:
    """Return the ids of the parcels in whose days all events of a number lie."""
    events = [meaning(raw) for raw in told]
    return [row.id for row in rows if all(Window(row.posted_on).holds(event) for event in events)]
