"""A campaign of the demonstration: Mexicans in three states before Mother's Day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from shopkit.services import campaigns

if TYPE_CHECKING:
    from shopkit.services.actors import Actor
    from shopkit.services.campaigns import Kept
    from shopkit.services.context import Services

MOTHERS = date(2027, 5, 9)


def asked(**more: Any) -> campaigns.Asked:
    """Return what the campaign asks, with some of it replaced."""
    given: dict[str, Any] = {"group": "mx", "states": ("CA", "TX", "IL"), "event": "mothers-day", "day": MOTHERS}
    return campaigns.Asked(**(given | more))


def planned(services: Services, who: Actor, **more: Any) -> Kept:
    """Keep the campaign."""
    return campaigns.create(services, who, "Madres 2027", asked(**more))
