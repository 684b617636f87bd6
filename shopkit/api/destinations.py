"""Routes of destinations: which are covered, and the guide of each as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from shopkit.api.blueprint import bp
from shopkit.api.bodies import services
from shopkit.api.tagged import tagged
from shopkit.services import destinations
from shopkit.services.markets import get_market
from shopkit.services.problems import RequestError, RequestProblem

if TYPE_CHECKING:
    from flask import Response


@bp.get("/api/v1/destinations")
def read_destinations() -> Response:
    """List the covered destinations."""
    return tagged(destinations.list_destinations)


@bp.get("/api/v1/destinations/<country>")
def read_destination(country: str) -> Response:
    """Read the guide of one destination: ways in, rules, papers, agreements, examples, days, changes, and who helps."""
    here = services()
    if unknown := sorted(request.args.keys() - {"from"}):
        raise RequestError(RequestProblem(f"query:{name}", "unknown_field", {"field": name}) for name in unknown)
    on = here.today(country).isoformat()
    origin = request.args.get("from")
    return tagged(lambda found, spoken: get_market(found, country, spoken, origin), country, on, origin or "")
