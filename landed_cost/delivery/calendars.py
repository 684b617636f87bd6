"""Working days of a place: weekends, public holidays, and the seller's own calendar."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from functools import cache
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from landed_cost.delivery.legs import Holiday

if TYPE_CHECKING:
    from collections.abc import Mapping

    from landed_cost.delivery.handling import Handling


class Calendar:
    """The working days of one side of a delivery; those of the seller where ``handling`` is given."""

    __slots__ = ("_handling", "_region", "country")

    def __init__(self, country: str, region: str | None, handling: Handling | None = None) -> None:
        self.country = country
        self._region = None if region is None else region.removeprefix(f"{country}-")
        self._handling = handling

    def is_known(self, year: int) -> bool:
        """Return whether the holidays of the country are known at all."""
        return _holidays(self.country, self._region, year) is not None

    def add(self, day: date, count: int, met: list[Holiday]) -> date:
        """Return the working day that many after the first one on or after the day."""
        day = self.open(day, met)
        for _ in range(count):
            day = self.open(day + timedelta(days=1), met)
        return day

    def open(self, day: date, met: list[Holiday]) -> date:
        """Return the first working day on or after the day; the holidays that cost a day go into ``met``.

        Saturday counts as none, though some carriers deliver then.
        """
        while True:
            worked = self._works(day)
            name = self._holiday(day) if worked else None
            if worked and name is None:
                return day
            if name is not None:
                met.append(Holiday(day, self.country, name))
            day += timedelta(days=1)

    def _works(self, day: date) -> bool:
        if self._handling is not None:
            return self._handling.works(day)
        return day.weekday() < 5  # noqa: PLR2004 - Saturday and Sunday in every country of the Americas and Europe

    def _holiday(self, day: date) -> str | None:
        if self._handling is not None and self._handling.works_holidays:
            return None
        return (_holidays(self.country, self._region, day.year) or {}).get(day)


@cache
def _holidays(country: str, region: str | None, year: int) -> Mapping[date, str] | None:
    """Return the public holidays of a year, of the region too where it is known; ``None`` for an unknown country."""
    # Takes time to import: a process that never estimates a delivery does not pay for it.
    import holidays  # noqa: PLC0415

    _one_country_at_a_time()
    try:
        calendar = holidays.country_holidays(country)
    except NotImplementedError:
        return None
    known = region if region in calendar.subdivisions else None
    found = holidays.country_holidays(country, subdiv=known, years=year, language=calendar.default_language)
    return MappingProxyType(dict(found))


@cache
def _one_country_at_a_time() -> None:
    """Let a country be imported alone: by itself ``holidays.countries`` brings all 250, for a tenth of a second."""
    import holidays  # noqa: PLC0415

    spec = ModuleSpec("holidays.countries", loader=None, is_package=True)
    spec.submodule_search_locations = [str(Path(folder) / "countries") for folder in holidays.__path__]
    # Who imported them all before keeps them.
    sys.modules.setdefault(spec.name, module_from_spec(spec))
