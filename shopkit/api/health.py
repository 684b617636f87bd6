"""Whether the shop is up: for whoever watches it."""

from http import HTTPStatus

from flask import Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, send, services
from shopkit.api.errors import problem
from shopkit.services.keeping import Reply


@bp.get("/healthz")
def health() -> Response:
    """Say that the shop is up and its database answers."""
    try:
        with services().database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE)
    return send(Reply(HTTPStatus.OK, dump({"status": "ok"}), "en"))
