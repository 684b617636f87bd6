"""Routes of quotes: make one, many, one basket everywhere; find one; make one again."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response

from landed_cost.serialise import localise
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, key_of, principal, read_body, seller_id, send, services
from shopkit.api.language import language
from shopkit.api.queries import Query
from shopkit.api.results import compared, result
from shopkit.security import MAX_BATCH_BODY
from shopkit.services import quotes
from shopkit.services.keeping import Reply, reply_once
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.schemas import MAX_BATCH

if TYPE_CHECKING:
    from collections.abc import Sequence


@bp.post("/api/v1/quotes")
def create_quote() -> Response:
    """Quote one consignment."""
    value = read_body()
    spoken = language()

    def work() -> Reply:
        return _created(quotes.answer(services(), value, seller=seller_id()), spoken)

    return send(reply_once(services(), key_of("quotes", value), work))


@bp.post("/api/v1/quotes/batch")
def create_batch() -> Response:
    """Quote up to a thousand consignments, each on its own, in order."""
    value = read_body(MAX_BATCH_BODY)
    requests = _requests(value)
    spoken = language()

    def work() -> Reply:
        answers = quotes.answer_many(services(), requests, seller=seller_id())
        results = [result(answer, spoken) for answer in answers]
        rows = [answer.row(principal()) for answer in answers if isinstance(answer, quotes.Answer) and answer.saves]
        return Reply(HTTPStatus.OK, dump({"results": results}), spoken, rows=rows)

    return send(reply_once(services(), key_of("batch", value), work))


@bp.post("/api/v1/compare")
def create_comparison() -> Response:
    """Quote one basket for many destinations, side by side."""
    value = read_body()
    spoken = language()

    def work() -> Reply:
        found = quotes.answer_everywhere(services(), value, seller=seller_id())
        rows = [answer.row(principal()) for answer in found.answers if answer.saves]
        return Reply(HTTPStatus.OK, dump({"results": compared(found, spoken)}), spoken, rows=rows)

    return send(reply_once(services(), key_of("compare", value), work))


@bp.get("/api/v1/quotes/<quote_id>")
def read_quote(quote_id: str) -> Response:
    """Read a kept quote, as it was answered, in the language asked for now."""
    spoken = language()
    stored = quotes.get_quote(services(), quote_id)
    return send(Reply(HTTPStatus.OK, dump(localise(stored, spoken)), spoken))


@bp.post("/api/v1/quotes/<quote_id>/requote")
def requote(quote_id: str) -> Response:
    """Answer a kept request anew, as of a day, by the rules known now."""
    query = Query("date")
    query.done()
    on, spoken = query.text("date"), language()

    def work() -> Reply:
        return _created(quotes.requote(services(), quote_id, on, seller=seller_id()), spoken)

    return send(reply_once(services(), key_of("requote", quote_id, on), work))


def _created(answer: quotes.Answer, spoken: str) -> Reply:
    body = answer.text(spoken)
    if not answer.saves:
        return Reply(HTTPStatus.OK, body, spoken)
    return Reply(HTTPStatus.CREATED, body, spoken, f"/api/v1/quotes/{answer.id}", [answer.row(principal())])


def _requests(value: object) -> Sequence[object]:
    if not isinstance(value, dict):
        raise RequestError([RequestProblem("", "type.object")])
    problems = [
        RequestProblem(f"/{name[:64]}", "unknown_field", {"field": name[:64]}) for name in value.keys() - {"requests"}
    ]
    found = value.get("requests")
    if "requests" not in value:
        problems.append(RequestProblem("/requests", "required"))
    elif not isinstance(found, list):
        problems.append(RequestProblem("/requests", "type.list"))
    elif not found:
        problems.append(RequestProblem("/requests", "count.too_few", {"limit": "1"}))
    elif len(found) > MAX_BATCH:
        problems.append(RequestProblem("/requests", "count.too_many", {"limit": str(MAX_BATCH)}))
    if problems or not isinstance(found, list):
        raise RequestError(problems)
    return found
