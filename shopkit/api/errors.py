"""Errors as ``application/problem+json`` (RFC 9457): one shape for all of them, in the reader's language."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Response, request

from shopkit.api.language import language
from shopkit.services.problems import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.exceptions import HTTPException

    from shopkit.services.problems import RequestProblem

PROBLEM_JSON: Final = "application/problem+json"

# The word behind the # of ``type`` leads to a paragraph of the reference page; ``title.<word>`` is its title.
WORDS: Final = {
    400: "unreadable",
    401: "unknown-key",
    403: "forbidden",
    404: "not-found",
    405: "method",
    409: "idempotency",
    412: "stale",
    413: "too-large",
    415: "media-type",
    422: "invalid",
    428: "version-needed",
    429: "too-many",
    500: "internal",
    503: "unavailable",
}


def title(status: int, spoken: str) -> str:
    """Return what a status means, in the language; HTTP's own phrase for one that we do not give ourselves."""
    word = WORDS.get(status)
    return HTTPStatus(status).phrase if word is None else sentence(f"title.{word}", {}, spoken)


def is_ours() -> bool:
    """Return whether the request is a program's: only those get problems instead of pages."""
    return request.path.startswith("/api/") or request.path == "/healthz"


def problem_body(
    status: int,
    spoken: str,
    detail: str | None = None,
    errors: Sequence[RequestProblem] = (),
    instance: str | None = None,
) -> dict[str, object]:
    """Return the members of a problem, texts in the language."""
    word = WORDS.get(status)
    body: dict[str, object] = {
        "type": f"/api/docs#problem-{word}" if word else "about:blank",
        "title": title(status, spoken),
        "status": status,
    }
    if detail is not None:
        body["detail"] = detail
    if instance is not None:
        body["instance"] = instance
    if errors:
        body["errors"] = [error.to_dict(spoken) for error in errors]
    return body


def problem(
    status: int,
    detail: str | None = None,
    errors: Sequence[RequestProblem] = (),
    headers: Sequence[tuple[str, str]] = (),
) -> Response:
    """Return the problem as a response to the request at hand."""
    spoken = language()
    body = problem_body(status, spoken, detail, errors, request.path)
    # ASCII alone: an unknown key that is shown again may hold what UTF-8 cannot.
    response = Response(json.dumps(body, separators=(",", ":")), status, mimetype=PROBLEM_JSON)
    response.headers["Content-Language"] = spoken
    response.headers["Vary"] = "Accept-Language"
    response.headers.extend(headers)
    return response


def http_problem(error: HTTPException) -> Response:
    """Return what werkzeug or the limiter raised as a problem; their own headers stay (``Allow``, ``Retry-After``)."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    kept = [(name, value) for name, value in error.get_headers() if name.lower() != "content-type"]
    # The texts of our own titles are translated; werkzeug's English sentences say no more than they do.
    return problem(status, headers=kept)


def unreadable(detail: str) -> Response:
    """Return the problem of a body that is no JSON."""
    return problem(HTTPStatus.BAD_REQUEST, sentence("json.invalid", {"detail": detail}, language()))
