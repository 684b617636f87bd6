"""Routes of what a change of law does: what changed since a day."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Response, request

from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, send, services
from shopkit.api.language import language
from shopkit.api.tagged import tagged
from shopkit.services import changes
from shopkit.services.days import read_day
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError, RequestProblem

_KNOWN: Final = frozenset({"country", "since", "until"})


@bp.get("/api/v1/changes")
def read_changes() -> Response:
    """Read what changed in the law of one destination, or of all, since a day."""
    given = request.args
    problems = [RequestProblem(f"query:{name}", "unknown_field", {"field": name}) for name in given.keys() - _KNOWN]
    country = given.get("country")
    covered = services().rulebook.destinations
    if country is not None and country not in covered:
        problems.append(RequestProblem("query:country", "choice", {"expected": ", ".join(sorted(covered))}))
    days = {}
    for name in ("since", "until"):
        try:
            days[name] = read_day(given[name], f"query:{name}") if name in given else None
        except RequestError as error:
            problems += error.problems
    since, until = days.get("since"), days.get("until")
    if "since" not in given:
        problems.append(RequestProblem("query:since", "required"))
    if since is not None and until is not None and until < since:
        problems.append(RequestProblem("query:until", "date.before", {"value": str(until), "first": str(since)}))
    if problems or since is None:
        raise RequestError(problems)
    # Without a last day the answer changes at midnight, wherever that comes.
    todays = {str(services().today(one)) for one in covered} if until is None else {str(until)}
    return tagged(
        lambda found, _spoken: changes.list_changes(found, country, since, until),
        country or "",
        str(since),
        *sorted(todays),
    )


@bp.get("/api/v1/quotes/<quote_id>/changes")
def read_quote_changes(quote_id: str) -> Response:
    """Read what a kept quote comes to by the rules known now, and which rules make the difference."""
    if unknown := sorted(request.args.keys() - {"date"}):
        raise RequestError(RequestProblem(f"query:{name}", "unknown_field", {"field": name}) for name in unknown)
    on = None if "date" not in request.args else read_day(request.args["date"], "query:date")
    found = changes.quote_changes(services(), quote_id, on)
    return send(Reply(HTTPStatus.OK, dump(found), language()))
