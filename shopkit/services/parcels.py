"""Parcels that the shop observed: kept as they were told, and turned into ranges that its quotes rest on."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from landed_cost.delivery import observe
from landed_cost.delivery.parcels import read_parcels
from shopkit.models import ObservedParcel
from shopkit.models.freight import THE_SHOP
from shopkit.services.observed import Lane, lanes

if TYPE_CHECKING:
    from landed_cost.delivery import Observed
    from shopkit.services.context import Services


class SameFileError(ValueError):
    """The very same file was imported before."""


def import_parcels(services: Services, text: str, *, dry_run: bool = False) -> Counter[Lane]:
    """Keep the parcels of a file and return how many there were on each lane.

    ``TableError`` lists everything wrong with the file; ``SameFileError`` for one that was imported before, because
    parcels counted twice would look like evidence. Nothing is then kept.
    """
    found = read_parcels(text, services.now().date())
    batch = hashlib.sha256(text.encode()).hexdigest()
    rows = [
        {
            "seller_id": THE_SHOP,
            "dispatch": one.dispatch,
            "destination": one.destination,
            "service": one.service,
            "dispatched": one.dispatched,
            "delivered": one.delivered,
            "batch": batch,
        }
        for one in found
    ]
    before = select(ObservedParcel.id).where(ObservedParcel.seller_id == THE_SHOP, ObservedParcel.batch == batch)
    with services.database.writing() as session:
        if session.scalars(before.limit(1)).first() is not None:
            raise SameFileError("this very file was imported before; nothing was counted twice")
        if not dry_run:
            session.execute(insert(ObservedParcel), rows)
            session.commit()
    services.observed.refresh()
    return Counter((one.dispatch, one.destination, one.service) for one in found)


def remove_parcels(services: Services) -> int:
    """Forget all parcels of the shop and return how many there were."""
    with services.database.writing.begin() as session:
        gone = session.execute(
            delete(ObservedParcel).where(ObservedParcel.seller_id == THE_SHOP).returning(ObservedParcel.id)
        ).all()
    services.observed.refresh()
    return len(gone)


def ranges(services: Services) -> list[tuple[Lane, int, Observed | None]]:
    """Return each lane with its number of parcels, and their range once there are enough."""
    found = lanes(services.database)
    return [(lane, len(parcels), observe(parcels)) for lane, parcels in sorted(found.items())]
