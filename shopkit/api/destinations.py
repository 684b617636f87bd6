"""Routes of destinations: which are covered, and the guide of each as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopkit.api.blueprint import bp
from shopkit.api.bodies import services
from shopkit.api.tagged import tagged
from shopkit.services import destinations

if TYPE_CHECKING:
    from flask import Response


@bp.get("/api/v1/destinations")
def read_destinations() -> Response:
    """List the covered destinations."""
    return tagged(destinations.list_destinations)


@bp.get("/api/v1/destinations/<country>")
def read_destination(country: str) -> Response:
    """Read the guide of one destination: regimes, rules in force, restrictions, agreements, each with its source."""
    here = services()
    on = here.today(country).isoformat()
    return tagged(lambda found, spoken: destinations.get_destination(found, country, spoken), country, on)
