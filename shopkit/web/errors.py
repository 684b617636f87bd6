"""Friendly pages for what goes wrong: what happened, and what to do next."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import make_response, render_template
from werkzeug.exceptions import Forbidden, HTTPException, InternalServerError

from shopkit.services.actors import ForbiddenError
from shopkit.web.blueprint import bp
from shopkit.web.language import N_, keep_language
from shopkit.web.views import is_partial

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PAGES: Final = {
    400: (
        N_("This request cannot be read"),
        N_("Something in it is not as a browser sends it. Go back and try again."),
    ),
    403: (
        N_("Your role does not allow this"),
        N_("You can look, and somebody with a higher role in this shop can change. Ask an owner of the shop."),
    ),
    404: (
        N_("There is nothing here"),
        N_("The address may be cut off, or the quote was never kept. Check that it was copied to its last letter."),
    ),
    405: (
        N_("This address does not take that"),
        N_("It is part of a form. Open the form and send it from there."),
    ),
    413: (
        N_("That was too much at once"),
        N_("The form holds more text than we read. Shorten it and send it again."),
    ),
    429: (
        N_("A moment, please"),
        N_("Many requests came from your connection. Wait a minute, then go on where you were."),
    ),
    503: (
        N_("This cannot be done just now"),
        N_("Something the shop needs is missing; it was noted down. Try again later."),
    ),
    500: (
        N_("Something broke on our side"),
        N_("It was noted down. Nothing you did is wrong; try again in a moment."),
    ),
}


@bp.app_errorhandler(ForbiddenError)
def show_forbidden(_error: ForbiddenError) -> ResponseReturnValue:
    """Show that the role is too low."""
    return show_error(Forbidden())


@bp.app_errorhandler(HTTPException)
def show_error(error: HTTPException) -> ResponseReturnValue:
    """Show the page of an error; its own headers stay (``Allow``, ``Retry-After``)."""
    if error.response is not None:
        return error.response
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    title, text = PAGES.get(status, PAGES[HTTPStatus.BAD_REQUEST if status < InternalServerError.code else 500])
    template = "web/_error.html" if is_partial() else "web/error.html"
    response = make_response(render_template(template, title=title, text=text, status=int(status)), status)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return keep_language(response)
