"""The route of readiness: whether a product may be offered, destination by destination."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.language import language
from shopkit.services import readiness
from shopkit.services.keeping import Reply

if TYPE_CHECKING:
    from flask import Response


@bp.post("/api/v1/readiness")
def check_readiness() -> Response:
    """Tell whether a product is ready to be offered: what blocks it, the papers it needs, what must be asked."""
    spoken = language()
    found = readiness.check(services(), read_body())
    body = dump({"results": [one.read(spoken) for one in found]})
    return send(Reply(HTTPStatus.OK, body, spoken))
