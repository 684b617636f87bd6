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

_TRACKING: Final = {
    "kept": HTTPStatus.OK,
    "repeated": HTTPStatus.OK,
    "unknown_account": HTTPStatus.NOT_FOUND,
    "unproved": HTTPStatus.BAD_REQUEST,
    "unreadable": HTTPStatus.UNPROCESSABLE_ENTITY,
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


@bp.post("/webhooks/tracking/<account_id>")
def take_tracking(account_id: str) -> Response:
    """Keep a message of a provider of tracking; parcels are told of it after it was answered."""
    # Imported when the first message comes: what reads parcels takes its time.
    from shopkit.services import tracking_messages  # noqa: PLC0415

    request.max_content_length = tracking_messages.LARGEST
    answer = tracking_messages.receive(services(), account_id, request.get_data(), dict(request.headers))
    if answer.kind == "kept" and not current_app.testing:
        tracking_messages.nudge(services())
    return Response(answer.detail, _TRACKING[answer.kind], content_type="text/plain; charset=utf-8")
