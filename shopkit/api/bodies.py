"""Reading a body and writing an answer: the few lines that every route shares and every request runs."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, abort, current_app, request

from shopkit.api.access import key_of_request
from shopkit.security import MAX_BODY
from shopkit.services.encoding import encode
from shopkit.services.keeping import MAX_KEY, Key, Reply, canonical_hash
from shopkit.services.problems import RequestError, RequestProblem, UnreadableError
from shopkit.services.reading import decode

if TYPE_CHECKING:
    from shopkit.services.context import Services

JSON: Final = "application/json"
_LONG_LENGTH: Final = 20


class TooLargeError(ValueError):
    """The body has more bytes than ``limit``."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


def services() -> Services:
    """Return the services of the running application."""
    found: Services = current_app.extensions["shopkit"]
    return found


def read_body(limit: int = MAX_BODY) -> Any:  # noqa: ANN401  # what JSON holds is known after looking
    """Return the JSON value of the body; 415, ``TooLargeError`` or ``UnreadableError`` where there is none."""
    environ = request.environ
    if environ.get("CONTENT_TYPE") != JSON and request.mimetype != JSON:
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    length = environ.get("CONTENT_LENGTH", "")
    if length.isascii() and length.isdigit() and len(length) < _LONG_LENGTH:
        # The server gives at most what was announced, so there is nothing to guard while reading.
        size = int(length)
        if size > limit:
            raise TooLargeError(limit)
        body = environ["wsgi.input"].read(size)
        if len(body) < size:
            raise UnreadableError("it ends before its announced length")
        return decode(body)
    # An unannounced body is cut off at werkzeug's limit without a word (3.1.9), so one byte more is asked for.
    request.max_content_length = limit + 1
    body = request.get_data(cache=False)
    if len(body) > limit:
        raise TooLargeError(limit)
    return decode(body)


def dump(value: object) -> bytes:
    """Return the JSON text of an answer."""
    return encode(value)


def seller_id() -> str | None:
    """Return the seller of the key, nobody without one: whose rate cards a request may name."""
    key = key_of_request()
    return None if key is None else key.seller_id


def principal() -> str:
    """Return who asks: the seller of the key, or without one the address, made unreadable with our secret."""
    key = key_of_request()
    return key.seller_id if key is not None else _blinded(request.remote_addr or "", current_app.config["SECRET_KEY"])


@lru_cache(maxsize=1024)
def _blinded(address: str, secret: str) -> str:
    return hmac.new(secret.encode(), address.encode(), hashlib.sha256).hexdigest()


def key_of(route: str, *body: object) -> Key | None:
    """Return the idempotency key that the client gave for this route and body, or ``None``."""
    given = request.environ.get("HTTP_IDEMPOTENCY_KEY")
    if given is None:
        return None
    if not 0 < len(given) <= MAX_KEY or not given.isascii() or not given.isprintable():
        raise RequestError([RequestProblem("header:Idempotency-Key", "key.invalid", {"limit": str(MAX_KEY)})])
    return Key(given, principal(), route, canonical_hash(*body))


def send(reply: Reply) -> Response:
    """Return the reply as a response."""
    headers = [("Content-Type", JSON), ("Content-Language", reply.language), ("Vary", "Accept-Language")]
    if reply.location is not None:
        headers.append(("Location", reply.location))
    return Response(reply.body, reply.status, headers)
