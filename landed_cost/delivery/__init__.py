"""When it will come: a range of days for each leg from the maker's bench to the buyer's door.

Six legs, in order: handling, pick-up, export clearance, line-haul, import clearance, last mile. Working days skip
weekends and public holidays of the side where the leg happens; the line-haul counts every day; handling keeps the
seller's own calendar where one is given. Dates are dates of the place and are never moved through a time zone. Every
figure is *assumed* (``rulebook/delivery.yaml`` says on what ground) until a shop has observed enough parcels.

>>> from datetime import date
>>> found = estimate(date(2026, 11, 25), "MX", "US", "CA", "courier", None)
>>> found.ship_by.isoformat(), found.earliest.isoformat(), found.latest.isoformat(), found.tracked
('2026-11-27', '2026-12-01', '2026-12-09', 'end_to_end')
"""

from landed_cost.delivery.estimating import estimate, remaining
from landed_cost.delivery.handling import Closure, Handling, Order
from landed_cost.delivery.lanes import ClosedLane, all_lanes, closed_lanes, load_lanes
from landed_cost.delivery.legs import LEGS, Channel, Delivery, Holiday, Leg, PostalService, Standard, Tracked, Transport
from landed_cost.delivery.observed import Observed, observe
from landed_cost.delivery.rules import DeliveryRules, default_rules, load_delivery

__all__ = [
    "LEGS",
    "Channel",
    "ClosedLane",
    "Closure",
    "Delivery",
    "DeliveryRules",
    "Handling",
    "Holiday",
    "Leg",
    "Observed",
    "Order",
    "PostalService",
    "Standard",
    "Tracked",
    "Transport",
    "all_lanes",
    "closed_lanes",
    "default_rules",
    "estimate",
    "load_delivery",
    "load_lanes",
    "observe",
    "remaining",
]
