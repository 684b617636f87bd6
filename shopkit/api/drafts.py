"""Route of drafts: a text in other languages, from the shop's memory and its engines, marked as the draft it is."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.language import language
from shopkit.services.keeping import Reply

if TYPE_CHECKING:
    from flask import Response

SCOPE = "translations:write"


@bp.post("/api/v1/translations/drafts")
def create_drafts() -> Response:
    """Draft a text for other markets; refused drafts have reasons and no text. Nothing is kept but engines' answers."""
    # Imported here: memory, masks and engines take their time, and most processes never draft.
    from shopkit.services import drafts  # noqa: PLC0415

    actor = api_actor(SCOPE)
    spoken = language()
    return send(Reply(HTTPStatus.OK, dump(drafts.ask(services(), actor, read_body(), spoken)), spoken))
