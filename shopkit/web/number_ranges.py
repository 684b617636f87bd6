"""Ranges of S10 numbers on the seller's pages: noted, looked at, closed, and the number of an order taken from them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, make_response, redirect, render_template, request, url_for

from shopkit.services import number_ranges
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError, sentence
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.customs_papers import page as papers_page
from shopkit.web.language import speech

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor

_MOST_SIGNS = 80
_MOST_DIGITS = 9


@bp.get("/settings/numbers")
def ranges_page() -> ResponseReturnValue:
    """Show the ranges of the shop with what is left of each, and the form of another."""
    return _page(actor())


@bp.post("/settings/numbers")
def note_range() -> ResponseReturnValue:
    """Note a range; one that cannot be read or overlaps another is told, with what was typed."""
    who = actor("editor")
    typed = {name: request.form.get(name, "").strip()[:_MOST_SIGNS] for name in ("range", "used", "warn_below")}
    try:
        number_ranges.note(
            services(),
            who,
            typed["range"],
            used=_whole(typed["used"], 0),
            warn_below=_whole(typed["warn_below"], number_ranges.WARN_BELOW),
        )
    except RequestError as error:
        told = [sentence(one.code, one.params, speech().language) for one in error.problems]
        return _page(who, typed, told, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.ranges_page"), HTTPStatus.SEE_OTHER)


@bp.post("/settings/numbers/<range_id>/close")
def close_range(range_id: str) -> ResponseReturnValue:
    """Hand out nothing more of a range."""
    try:
        number_ranges.close(services(), actor("editor"), range_id)
    except number_ranges.RangeNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    return redirect(url_for("web.ranges_page"), HTTPStatus.SEE_OTHER)


@bp.post("/orders/<order_id>/customs/number")
def take_number(order_id: str) -> ResponseReturnValue:
    """Give an order its number; where no range has one left, the page says so."""
    who = actor("editor")
    try:
        number_ranges.hand_out(services(), who, order_id)
    except OrderNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    except RequestError as error:
        told = [sentence(one.code, one.params, speech().language) for one in error.problems]
        return papers_page(who, order_id, refused=" ".join(told), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.customs_page", order_id=order_id), HTTPStatus.SEE_OTHER)


def _page(
    who: Actor,
    typed: dict[str, str] | None = None,
    problems: list[str] | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    body = render_template(
        "web/number_ranges.html",
        ranges=number_ranges.ranges(services(), who),
        typed=typed or {"warn_below": str(number_ranges.WARN_BELOW), "used": "0"},
        problems=problems or [],
        may_edit=who.may("editor"),
    )
    return make_response(body, status)


def _whole(text: str, usual: int) -> int:
    """Return a whole number as it was typed; what is none is out of every limit, and told so."""
    if not text:
        return usual
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else -1
