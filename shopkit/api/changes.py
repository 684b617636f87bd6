"""Routes of what a change of law does: what changed since a day."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, send, services
from shopkit.api.language import language
from shopkit.api.queries import Query
from shopkit.api.tagged import tagged
from shopkit.services import changes
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError

if TYPE_CHECKING:
    from flask import Response


@bp.get("/api/v1/changes")
def read_changes() -> Response:
    """Read what changed in the law of one destination, or of all, since a day."""
    query = Query("country", "since", "until")
    covered = services().rulebook.destinations
    country = query.covered("country", covered)
    query.need("since", "since=2026-07-01")
    since, until = query.day("since") if query.text("since") else None, query.day("until")
    if since is not None and until is not None and until < since:
        query.complain("until", "date.before", value=str(until), first=str(since))
    if query.problems or since is None:
        raise RequestError(query.problems)
    # Without a last day the answer changes at midnight, wherever that comes.
    todays = {str(services().today(one)) for one in covered} if until is None else {str(until)}
    return tagged(
        lambda found, spoken: changes.list_changes(found, country, since, until, spoken),
        country or "",
        str(since),
        *sorted(todays),
    )


@bp.get("/api/v1/quotes/<quote_id>/changes")
def read_quote_changes(quote_id: str) -> Response:
    """Read what a kept quote comes to by the rules known now, and which rules make the difference."""
    query = Query("date")
    on = query.day("date")
    query.done()
    found = changes.quote_changes(services(), quote_id, on)
    return send(Reply(HTTPStatus.OK, dump(found), language()))
