"""Where providers of payments send their messages: kept as they came, byte by byte, before they are answered."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Response, current_app, request

from shopkit.api.blueprint import bp
from shopkit.api.bodies import services
from shopkit.services import webhooks

_ANSWERS: Final = {
    "kept": HTTPStatus.OK,
    "repeated": HTTPStatus.OK,
    "unknown_account": HTTPStatus.NOT_FOUND,
    "unproved": HTTPStatus.BAD_REQUEST,
    "later": HTTPStatus.SERVICE_UNAVAILABLE,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


@bp.post("/webhooks/<provider>/<account_id>")
def take_message(provider: str, account_id: str) -> Response:
    """Keep a message of a provider; what it is about is looked up after it was answered."""
    # The bytes themselves: a body that is read as JSON and written again bears no signature any more.
    answer = webhooks.receive(
        services(), provider, account_id, request.get_data(), dict(request.headers), request.args.to_dict()
    )
    if answer == "kept" and not current_app.testing:
        webhooks.nudge(services(), (services().settings.public_url or request.url_root).rstrip("/"))
    return Response(status=_ANSWERS[answer])
