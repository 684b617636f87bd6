"""Routes of countries of dispatch: whose export side is known, and the guide of each as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopkit.api.blueprint import bp
from shopkit.api.bodies import services
from shopkit.api.tagged import tagged
from shopkit.services import origins

if TYPE_CHECKING:
    from flask import Response


@bp.get("/api/v1/origins")
def read_origins() -> Response:
    """List the countries of dispatch whose export side is known."""
    return tagged(origins.list_origins, "origins")


@bp.get("/api/v1/origins/<country>")
def read_origin(country: str) -> Response:
    """Read the export side of one country: simplified ways out, their limits, what is due and what comes back."""
    country = country.upper()
    on = services().today(country).isoformat()
    return tagged(lambda found, spoken: origins.get_origin(found, country, spoken), "origin", country, on)
