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

# The word behind the # of ``type`` leads to the paragraph about it on the reference page.
TITLES: Final = {
    400: (
        "unreadable",
        {"en": "The body cannot be read", "es": "No se puede leer el cuerpo", "pt": "Não é possível ler o corpo"},
    ),
    404: ("not-found", {"en": "There is nothing here", "es": "Aquí no hay nada", "pt": "Não há nada aqui"}),
    405: (
        "method",
        {
            "en": "This address does not take that method",
            "es": "Esta dirección no admite ese método",
            "pt": "Este endereço não aceita esse método",
        },
    ),
    409: (
        "idempotency",
        {
            "en": "The idempotency key is taken",
            "es": "La clave de idempotencia está ocupada",
            "pt": "A chave de idempotência está ocupada",
        },
    ),
    413: (
        "too-large",
        {"en": "The body is too large", "es": "El cuerpo es demasiado grande", "pt": "O corpo é grande demais"},
    ),
    415: (
        "media-type",
        {"en": "Send application/json", "es": "Envía application/json", "pt": "Envie application/json"},
    ),
    422: (
        "invalid",
        {
            "en": "The request cannot be answered as it is",
            "es": "La solicitud no se puede responder tal como está",
            "pt": "A solicitação não pode ser respondida como está",
        },
    ),
    429: ("too-many", {"en": "Too many requests", "es": "Demasiadas solicitudes", "pt": "Solicitações demais"}),
    500: (
        "internal",
        {
            "en": "Something broke on our side",
            "es": "Algo se rompió de nuestro lado",
            "pt": "Algo quebrou do nosso lado",
        },
    ),
    503: (
        "unavailable",
        {"en": "Not available just now", "es": "No disponible por ahora", "pt": "Indisponível no momento"},
    ),
}


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
    word, titles = TITLES.get(status, (None, None))
    body: dict[str, object] = {
        "type": f"/api/docs#problem-{word}" if word else "about:blank",
        "title": titles[spoken] if titles else HTTPStatus(status).phrase,
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
