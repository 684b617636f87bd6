"""The nouns of a delivery: its legs, the holidays on the way, and the whole estimate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from landed_cost.delivery.observed import Observed

Channel = Literal["postal", "courier", "freight"]
Transport = Literal["air", "sea", "road"]
Tracked = Literal["none", "to_border", "end_to_end"]
# A figure is a fact of some standing, or it was given by whoever asks.
Status = Literal["memory", "reported", "verified", "given"]

LEGS: Final = ("handling", "pick-up", "export clearance", "line-haul", "import clearance", "last mile")
HANDLING: Final = LEGS[0]
AT_DISPATCH: Final = frozenset(LEGS[:3])
CLEARANCES: Final = frozenset({"export clearance", "import clearance"})


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg: at least and at most so many days, working days or all, on whose word.

    ``status`` is ``memory``, ``reported`` or ``verified`` as for a fact of law, or ``given`` by whoever asks. The
    ``source`` is told in each language.
    """

    name: str
    min_days: int
    max_days: int
    working: bool
    source: Mapping[str, str] = field(hash=False)
    status: Status


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """A public holiday that costs the delivery a day; ``name`` in the country's own language."""

    day: date
    country: str
    name: str


@dataclass(frozen=True, slots=True)
class Standard:
    """What an operator publishes for a service on this way, door to door, beside our own legs; named by language."""

    service: Mapping[str, str] = field(hash=False)
    min_days: int
    max_days: int
    working: bool
    source: Mapping[str, str] = field(hash=False)
    status: Status


@dataclass(frozen=True, slots=True)
class PostalService:
    """How far an item of a postal service can be followed on this way; ``prefix`` begins its S10 number.

    ``tracked`` is between the least and the most of the service, as far as the posts of both ends exchange scans.
    """

    service: str
    prefix: str
    tracked: Tracked
    source: Mapping[str, str] = field(hash=False)
    status: Status


@dataclass(frozen=True, slots=True)
class Delivery:
    """When a parcel may come, and what that rests on.

    ``ship_by`` is the last day to hand the parcel over for the other dates to hold. ``likely`` takes the middle of each
    leg, rounded up over the whole way. ``holidays`` are those that cost a day on the fastest, the likely or the slowest
    way. ``without_calendar`` names countries whose holidays are not known: there, only weekends were skipped.
    ``services`` says by postal service how far an item can be followed; by courier and as cargo there are none.
    ``published`` are standards of operators. With ``observed``, the dates rest on the shop's own parcels, and
    ``assumed_dates`` (earliest, likely, latest) says what they would be without. ``transit_days`` are the fewest and
    the most calendar days from the hand-over to the door.
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
    published: tuple[Standard, ...] = ()
    observed: Observed | None = None
    assumed_dates: tuple[date, date, date] | None = None
    transit_days: tuple[int, int] = (0, 0)
    services: tuple[PostalService, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the estimate as the quote's JSON has it: dates as YYYY-MM-DD, texts in every language."""
        return {
            "ship_by": self.ship_by.isoformat(),
            "earliest": self.earliest.isoformat(),
            "likely": self.likely.isoformat(),
            "latest": self.latest.isoformat(),
            "tracked": self.tracked,
            "services": [
                {
                    "service": one.service,
                    "prefix": one.prefix,
                    "tracked": one.tracked,
                    "source": one.source,
                    "status": one.status,
                }
                for one in self.services
            ],
            "assumed": self.assumed,
            "legs": [{"name": leg.name, **_days(leg)} for leg in self.legs],
            "holidays": [
                {"date": met.day.isoformat(), "country": met.country, "name": met.name} for met in self.holidays
            ],
            "without_calendar": list(self.without_calendar),
            "transit_days": {"min": self.transit_days[0], "max": self.transit_days[1]},
            "published": [{"service": one.service, **_days(one)} for one in self.published],
            "observed": None if self.observed is None else self.observed.to_dict(),
            "assumed_dates": None
            if self.assumed_dates is None
            else dict(
                zip(("earliest", "likely", "latest"), (day.isoformat() for day in self.assumed_dates), strict=True)
            ),
        }


def _days(one: Leg | Standard) -> dict[str, Any]:
    return {
        "min_days": one.min_days,
        "max_days": one.max_days,
        "working_days": one.working,
        "source": one.source,
        "status": one.status,
    }
