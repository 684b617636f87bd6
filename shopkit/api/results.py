"""Several answers in one: each as it would have been alone, or the problem that stands in its place."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from shopkit.api.errors import problem_body
from shopkit.services.problems import RequestError

if TYPE_CHECKING:
    from shopkit.services.quotes import Answer, Compared

Json = dict[str, Any]


def result(answer: Answer | RequestError, language: str) -> Json:
    """Return one entry of a batch: the status it would have had alone, and the quote or the problem."""
    if isinstance(answer, RequestError):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return {"status": status, "problem": problem_body(status, language, errors=answer.problems)}
    return {"status": HTTPStatus.CREATED if answer.saves else HTTPStatus.OK, "quote": answer.read(language)}


def compared(found: Compared, language: str) -> list[Json]:
    """Return one entry for each destination of a comparison, in the order asked."""
    return [{"country": country} | result(answer, language) for country, answer in found.entries]
