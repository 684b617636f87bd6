"""Route of the tariff: finding a code by everyday words."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Response, request

from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, send, services
from shopkit.api.language import LANGUAGES, language
from shopkit.services import hs
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError, RequestProblem

_KNOWN: Final = frozenset({"q", "lang", "country"})


@bp.get("/api/v1/hs/search")
def search_hs() -> Response:
    """Find a tariff code by everyday words, or by the beginning of a code."""
    given = request.args
    problems = [RequestProblem(f"query:{name}", "unknown_field", {"field": name}) for name in given.keys() - _KNOWN]
    text = given.get("q", "")
    if not text.strip():
        problems.append(RequestProblem("query:q", "query.required"))
    elif len(text) > hs.LONGEST:
        problems.append(RequestProblem("query:q", "text.too_long", {"limit": str(hs.LONGEST)}))
    elif not text.isprintable():
        problems.append(RequestProblem("query:q", "text.characters"))
    spoken = given.get("lang") or language()
    if spoken not in LANGUAGES:
        problems.append(RequestProblem("query:lang", "choice", {"expected": ", ".join(LANGUAGES)}))
    country = given.get("country")
    covered = services().rulebook.destinations
    if country is not None and country not in covered:
        problems.append(RequestProblem("query:country", "choice", {"expected": ", ".join(sorted(covered))}))
    if problems:
        raise RequestError(problems)
    try:
        results = hs.search(services(), text, spoken, country)
    except hs.ScheduleNotLoadedError:
        raise RequestError(
            [RequestProblem("query:country", "schedule.not_loaded", {"country": country or ""})]
        ) from None
    return send(Reply(HTTPStatus.OK, dump({"q": text, "results": results}), spoken))
