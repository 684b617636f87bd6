"""Routes of destinations: which are covered, and the guide of each as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopkit.api.blueprint import bp
from shopkit.api.bodies import services
from shopkit.api.queries import Query
from shopkit.api.tagged import tagged
from shopkit.services import destinations
from shopkit.services.markets import get_market

if TYPE_CHECKING:
    from flask import Response


@bp.get("/api/v1/destinations")
def read_destinations() -> Response:
    """List the covered destinations."""
    return tagged(destinations.list_destinations)


@bp.get("/api/v1/destinations/<country>")
def read_destination(country: str) -> Response:
    """Read the guide of one destination: ways in, rules, papers, agreements, examples, days, changes, and who helps."""
    country = country.upper()
    query = Query("from")
    query.done()
    on = services().today(country).isoformat()
    origin = query.code("from")
    return tagged(lambda found, spoken: get_market(found, country, spoken, origin), country, on, origin or "")
