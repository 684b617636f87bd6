"""What silence means: how long a parcel may be quiet before somebody asks, and when its service gives no more scans."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import yaml

from shopkit.tracking import services
from shopkit.tracking.statuses import ENDS, Leg, Stage, Status, stage_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_HELD: Final = frozenset(
    {
        Status.IN_CUSTOMS_EXPORT,
        Status.HELD_CUSTOMS_EXPORT,
        Status.IN_CUSTOMS_IMPORT,
        Status.HELD_CUSTOMS_IMPORT,
    }
)
# Services whose scans end before the door.
_SCANLESS: Final = frozenset({"none", "no_delivery_scan"})
_FAR: Final = frozenset({Stage.BETWEEN, Stage.DESTINATION})
_ON: Final = {
    Stage.BEFORE: "unheard",
    Stage.ORIGIN: "origin",
    Stage.BETWEEN: "between",
    Stage.DESTINATION: "destination",
    Stage.RETURN: "return",
}


@dataclass(frozen=True, slots=True)
class Silence:
    """For how many days nothing was heard, and what to call it: ``stale``, ``no_further_scans_expected`` or nothing."""

    days: int
    label: Status | None


def silence(
    number: str, status: Status | None, leg: Leg | None, heard_on: date | None, posted_on: date, today: date
) -> Silence:
    """Return how silent a parcel is on a day; ``heard_on`` is the day of its last scan, ``None`` where there is none.

    What has ended is not silent. A service that is not scanned to the door (``services.yaml``) says no more once the
    parcel is on its way abroad: that is no alarm.

    >>> from datetime import date
    >>> day = date(2026, 11, 2)
    >>> silence("RR123456785MX", Status.IN_TRANSIT, Leg.DESTINATION, day, day, date(2026, 11, 16)).label.value
    'stale'
    >>> silence("UA123456785MX", Status.IN_TRANSIT_INTERNATIONAL, Leg.ORIGIN, day, day, date(2026, 11, 5)).label.value
    'no_further_scans_expected'
    """
    days = max(0, (today - max(heard_on or posted_on, posted_on)).days)
    if status in ENDS:
        return Silence(days, None)
    table, found = _table(), services.service_of(number[:2])
    reach = "" if found is None else found.tracked
    if reach == "none" or (reach in _SCANLESS and status is not None and stage_of(status, leg) in _FAR):
        return Silence(days, Status.NO_FURTHER_SCANS_EXPECTED if days >= table["last_scan_days"] else None)
    limit = table["days"][_where(status, leg)] * (table["signature_times"] if reach == "signature" else 1)
    return Silence(days, Status.STALE if days >= limit else None)


def shortest_days() -> int:
    """Return after how many days a parcel can be silent at the earliest."""
    table = _table()
    days: list[int] = [table["last_scan_days"], *table["days"].values()]
    return min(days)


def _where(status: Status | None, leg: Leg | None) -> str:
    if leg is Leg.RETURN:
        return "return"
    if status in _HELD:
        return "customs"
    stage = Stage.BEFORE if status is None else stage_of(status, leg)
    # Where nobody says on which leg it is, it is taken to be on the longest.
    return "between" if stage is None else _ON.get(stage, "between")


@cache
def _table() -> Mapping[str, Any]:
    data: dict[str, Any] = yaml.safe_load(files("shopkit.tracking").joinpath("data/silence.yaml").read_text("utf-8"))
    return data
