"""The page of a reviewer without an account: what a link shows, and what may be said there."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import make_response, redirect, render_template, request, url_for

from shopkit.services import commenting, listings, reviewing
from shopkit.services.actors import ForbiddenError
from shopkit.services.reviewing import LinkOverError
from shopkit.services.translations import Written
from shopkit.web import access, desk_view
from shopkit.web.access import services
from shopkit.web.blueprint import bp
from shopkit.web.desk import keep_all, read, tried
from shopkit.web.desk_view import Sent
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.reviewing import Opened
    from shopkit.services.translations import Desk
    from translations.states import Review

_NO: Final = N_("This link lets you write and comment, not approve.")
_COMMENT: Final = N_("A comment has at least one letter, and no more than 2,000.")


@bp.errorhandler(LinkOverError)
def _over(_error: LinkOverError) -> ResponseReturnValue:
    return render_template("web/review_over.html"), HTTPStatus.GONE


@bp.get("/review/<token>")
def review_list(token: str) -> ResponseReturnValue:
    """Show what the link is for."""
    who = reviewing.opened(services(), token)
    kept = listings.get_listings(services(), who.actor, who.share.listing_ids)
    body = render_template(
        "web/review_list.html",
        share=who.share,
        token=token,
        locale_name=desk_view.locale_name(who.share.locale, speech()),
        kept=[kept[one] for one in who.share.listing_ids if one in kept],
    )
    return _private(body)


@bp.get("/review/<token>/<listing_id>")
def review_page(token: str, listing_id: str) -> ResponseReturnValue:
    """Show the texts of one listing that the link is for."""
    who = reviewing.opened(services(), token)
    return _page(who, token, reviewing.desk(services(), who, listing_id))


@bp.post("/review/<token>/<listing_id>")
def review_texts(token: str, listing_id: str) -> ResponseReturnValue:
    """Keep what a reviewer wrote or said."""
    who = reviewing.opened(services(), token)
    desk = reviewing.desk(services(), who, listing_id)
    sent = read(desk, request.form)
    if access.is_stale():
        sent.problems["*"] = access.stale_text()
        return _page(who, token, desk, sent, HTTPStatus.BAD_REQUEST)
    keep_all(desk, sent, request.form, lambda written: reviewing.write(services(), who, listing_id, written))
    _act(who, desk, sent)
    if sent.problems:
        return _page(who, token, reviewing.desk(services(), who, listing_id), sent, sent.status)
    address = url_for("web.review_page", token=token, listing_id=listing_id, saved=1)
    return redirect(f"{address}#text-{sent.focus}", HTTPStatus.SEE_OTHER)


def _act(who: Opened, desk: Desk, sent: Sent) -> None:
    do, _, which = request.form.get("do", "").partition("-")
    which = which.partition("-")[0]
    if not which.isascii() or not which.isdigit() or len(which) > 5 or int(which) >= len(desk.rows):  # noqa: PLR2004  # digits
        return
    sent.focus = int(which)
    path = desk.rows[sent.focus].leaf.path
    if path in sent.problems:
        return
    row = reviewing.desk(services(), who, desk.kept.id).row(path)
    at = Written(path, row.text, request.form.get(f"digest-{which}", ""), row.version)
    if do == "comment":
        try:
            text = request.form.get(f"comment-{which}", "")
            commenting.comment(services(), who.actor, desk.kept.id, who.share.locale, path, text)
        except commenting.CommentError:
            sent.problems[path], sent.status = gettext(_COMMENT), HTTPStatus.UNPROCESSABLE_ENTITY
    elif do in {"approve", "reject"} and row.text:
        try:
            verdict: Review = "approved" if do == "approve" else "rejected"
            tried(sent, path, lambda one: reviewing.review(services(), who, desk.kept.id, verdict, one), at)
        except ForbiddenError:
            sent.problems[path], sent.status = gettext(_NO), HTTPStatus.FORBIDDEN


def _page(
    who: Opened, token: str, desk: Desk, sent: Sent | None = None, status: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    to = speech()
    said = commenting.comments(services(), who.actor, desk.kept.id, desk.locale)
    with services().database.reading() as session:
        shown = desk_view.cells(session, who.actor, desk, services().now().date(), to, sent or Sent(), said)
    body = render_template(
        "web/review.html",
        share=who.share,
        token=token,
        kept=desk.kept,
        locale=desk.locale,
        locale_name=desk_view.locale_name(desk.locale, to),
        source_name=desk_view.locale_name(desk.kept.listing.language, to),
        cells=shown,
        general=() if sent is None else [sent.problems[name] for name in ("*",) if name in sent.problems],
        focus=-1 if sent is None else sent.focus,
        saved="saved" in request.args,
    )
    return _private(body, status)


def _private(body: str, status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    """Return a page whose address is a secret: nobody on the way learns it or keeps it."""
    response = make_response(body, status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
