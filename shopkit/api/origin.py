"""Route of origin: do these goods originate, under which agreement, and what is still to be answered."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.language import language
from shopkit.services import origin
from shopkit.services.keeping import Reply

if TYPE_CHECKING:
    from flask import Response


@bp.post("/api/v1/origin")
def ask_origin() -> Response:
    """Ask whether goods originate under each agreement between two countries; nothing is kept."""
    spoken = language()
    return send(Reply(HTTPStatus.OK, dump(origin.ask(services(), read_body(), spoken)), spoken))
