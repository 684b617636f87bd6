"""Official tariff schedules: imported by edition and date, looked up by code."""

from landed_cost.schedules.errors import ScheduleError
from landed_cost.schedules.model import (
    Edition,
    ListEntry,
    Match,
    ProductList,
    Schedule,
    SpecialRate,
    TariffLine,
)

__all__ = [
    "Edition",
    "ListEntry",
    "Match",
    "ProductList",
    "Schedule",
    "ScheduleError",
    "SpecialRate",
    "TariffLine",
]
