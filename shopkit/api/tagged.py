"""An answer out of the rulebook, with a tag by which a client need not be sent the same twice."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, request

from shopkit.api.bodies import dump, send, services
from shopkit.api.language import language
from shopkit.services import destinations
from shopkit.services.keeping import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopkit.services.context import Services


def tagged(read: Callable[[Services, str], object], *more: str) -> Response:
    """Answer with the rulebook's tag, or say that nothing changed since the client looked last."""
    here, spoken = services(), language()
    tag = destinations.version_tag(here.rulebook, spoken, *more)
    body = b"" if tag in request.if_none_match else dump(read(here, spoken))
    response = send(Reply(HTTPStatus.OK if body else HTTPStatus.NOT_MODIFIED, body, spoken))
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    return response
