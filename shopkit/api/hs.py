"""Route of the tariff: finding a code by everyday words."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, send, services
from shopkit.api.language import LANGUAGES, language
from shopkit.api.queries import Query
from shopkit.services import hs
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError, RequestProblem

if TYPE_CHECKING:
    from flask import Response


@bp.get("/api/v1/hs/search")
def search_hs() -> Response:
    """Find a tariff code by everyday words, or by the beginning of a code."""
    query = Query("q", "lang", "country")
    text = query.need("q", "q=playera")
    if len(text) > hs.LONGEST:
        query.complain("q", "text.too_long", limit=str(hs.LONGEST))
    elif not text.isprintable():
        query.complain("q", "text.characters")
    spoken = query.text("lang") or language()
    if spoken not in LANGUAGES:
        query.complain("lang", "choice", expected=", ".join(LANGUAGES))
    country = query.covered("country", services().rulebook.destinations)
    query.done()
    try:
        found = hs.search(services(), text, spoken, country)
    except hs.ScheduleNotLoadedError:
        raise RequestError(
            [RequestProblem("query:country", "schedule.not_loaded", {"country": country or ""})]
        ) from None
    return send(Reply(HTTPStatus.OK, dump({"q": text, "question": found.question, "results": found.results}), spoken))
