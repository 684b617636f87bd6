"""What the shop's own parcels took on each lane, looked up now and then, so that a quote costs no query."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from landed_cost.delivery import observe
from shopkit.models import ObservedParcel
from shopkit.models.freight import THE_SHOP

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from landed_cost.delivery import Observed
    from shopkit.db import Database

Lane = tuple[str, str, str]
"""Country of dispatch, of destination, and service."""
_LOOK_EVERY_S: Final = 10.0


class ObservedLanes:
    """What the shop's parcels took, by lane; looks every ten seconds whether there are more."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._ranges: Mapping[Lane, Observed] = {}
        self._next_look = 0.0

    def find(self, dispatch: str, destination: str, *services: str) -> Observed | None:
        """Return the range of the first of the services that has enough parcels on this lane."""
        if self._clock() >= self._next_look and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        if not self._ranges:
            return None
        ranges = (self._ranges.get((dispatch, destination, service)) for service in services)
        return next((found for found in ranges if found is not None), None)

    def refresh(self) -> None:
        """Look now, as after an import."""
        with self._lock:
            self._look()

    def _look(self) -> None:
        self._next_look = self._clock() + _LOOK_EVERY_S
        file = self._database.file
        if file is not None and not file.exists():
            return
        try:
            found = lanes(self._database)
        except SQLAlchemyError:
            # Without a database or its tables a quote is answered all the same, from what is assumed.
            return
        ranges = ((lane, observe(parcels)) for lane, parcels in found.items())
        self._ranges = {lane: found for lane, found in ranges if found is not None}


def lanes(database: Database) -> dict[Lane, list[tuple[date, date]]]:
    """Return the parcels of the shop by lane, each as the days on which it was dispatched and delivered."""
    query = select(
        ObservedParcel.dispatch,
        ObservedParcel.destination,
        ObservedParcel.service,
        ObservedParcel.dispatched,
        ObservedParcel.delivered,
    ).where(ObservedParcel.seller_id == THE_SHOP)
    found: dict[Lane, list[tuple[date, date]]] = {}
    with database.reading() as session:
        for dispatch, destination, service, dispatched, delivered in session.execute(query):
            found.setdefault((dispatch, destination, service), []).append((dispatched, delivered))
    return found
