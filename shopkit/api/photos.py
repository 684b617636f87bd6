"""Routes of photos: sent as they are, read in the size that is wanted."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Response, abort, request

from listings.photos import MAX_BYTES, PhotoError
from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, send, services
from shopkit.api.language import language
from shopkit.api.listings import READ, WRITE
from shopkit.services import photos
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError, RequestProblem

_ANY: Final = "application/octet-stream"


@bp.post("/api/v1/photos")
def create_photo() -> Response:
    """Keep a photo; the answer is what a listing says of it under *photos*."""
    actor = api_actor(WRITE)
    if not request.mimetype.startswith("image/") and request.mimetype != _ANY:
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    # One byte more than is allowed is asked for, so that what is too large is told as such.
    request.max_content_length = MAX_BYTES + 1
    try:
        photo = photos.add_photo(services(), actor, request.get_data(cache=False))
    except PhotoError as error:
        raise RequestError([RequestProblem("", error.code, error.params)]) from None
    body = dump(photo.model_dump(mode="json"))
    return send(Reply(HTTPStatus.CREATED, body, language(), f"/api/v1/photos/{photo.id}/full"))


@bp.get("/api/v1/photos/<photo_id>/<size>")
def read_photo(photo_id: str, size: str) -> Response:
    """Read a photo in one of its sizes, as a JPEG; under its name it never changes."""
    shown = photos.get_photo(services(), api_actor(READ), photo_id, size)
    response = Response(shown.data, content_type=shown.content_type)
    response.set_etag(shown.etag)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.make_conditional(request)
    return response
