"""The pages of ratings: the buyer's, opened by a link that nobody else holds, and the seller's with what was said."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, make_response, redirect, render_template, request, url_for

from shopkit.orders.standing import ENOUGH_DELIVERED, ENOUGH_RATED
from shopkit.services import reputation
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError
from shopkit.web import access
from shopkit.web.access import services
from shopkit.web.blueprint import bp
from shopkit.web.language import gettext, speech
from translations.ui import TAGS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor


@bp.get("/ratings/<token>")
def rate_page(token: str) -> ResponseReturnValue:
    """Ask a buyer how it was."""
    return _form(token)


@bp.post("/ratings/<token>")
def rate(token: str) -> ResponseReturnValue:
    """Keep what the buyer says."""
    if access.is_stale():
        return _form(token, access.stale_text(), HTTPStatus.BAD_REQUEST)
    stars = request.form.get("stars", "")
    tag = TAGS[speech().language]
    try:
        reputation.rate(services(), token, int(stars) if stars.isdigit() else 0, request.form.get("words", ""), tag)
    except OrderNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    except RequestError as error:
        return _form(token, error.problems[0].message(speech().language), HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.rate_page", token=token, kept=1), HTTPStatus.SEE_OTHER)


@bp.get("/ratings")
def ratings_page() -> ResponseReturnValue:
    """Show the seller how the shop stands and what was said."""
    return _page(access.actor())


@bp.post("/ratings/<order_id>/answer")
def answer_rating(order_id: str) -> ResponseReturnValue:
    """Answer a rating, once."""
    who = access.actor("editor", checks_form=False)
    if access.is_stale():
        return _page(who, access.stale_text(), HTTPStatus.BAD_REQUEST)
    try:
        reputation.answer(services(), who, order_id, request.form.get("words", ""))
    except OrderNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    except RequestError as error:
        return _page(who, error.problems[0].message(speech().language), HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.ratings_page", answered=1), HTTPStatus.SEE_OTHER)


def _form(token: str, problem: str = "", status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    try:
        asked = reputation.ask(services(), token)
    except OrderNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    said = request.form.get("words", asked.words)
    return make_response(
        render_template(
            "web/rate.html",
            asked=asked,
            token=token,
            stars=request.form.get("stars") or str(asked.stars or ""),
            words=said,
            most=reputation.MAX_WORDS,
            kept="kept" in request.args,
            problem=problem,
        ),
        status,
        # Who was asked is nobody else's business, and a search engine has none here.
        {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"},
    )


def _page(who: Actor, problem: str = "", status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    until = services().now().date() - timedelta(days=1)
    found = reputation.standing_of(services(), who.seller_id, until)
    rows = [
        (gettext("Arrived in time"), found.on_time),
        (gettext("Without a dispute"), found.undisputed),
        (gettext("Answered within a week"), found.answered),
    ]
    return make_response(
        render_template(
            "web/ratings.html",
            found=found,
            rows=rows,
            said=reputation.ratings(services(), who.seller_id, TAGS[speech().language]),
            enough=(ENOUGH_DELIVERED, ENOUGH_RATED),
            most=reputation.MAX_WORDS,
            may_answer=who.may("editor"),
            answered="answered" in request.args,
            problem=problem,
        ),
        status,
    )
