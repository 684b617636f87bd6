"""The settings of a shop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from shopkit.services.companies import get_company
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/settings")
def settings() -> ResponseReturnValue:
    """Show what the company says of itself."""
    return render_template("web/settings.html", company=get_company(services(), actor()))
