"""The description of the routes of translations."""

from __future__ import annotations

from typing import Any, Final

from shopkit.api import translation_schemas as shapes
from shopkit.api.drafts import SCOPE as WRITE
from shopkit.api.listing_operations import LISTING
from shopkit.api.listings import READ
from shopkit.api.operations import Operation, parameter

_LOCALE: Final = parameter(
    "locale",
    "path",
    "The locale, as BCP 47 writes it: a language, or a language and a country.",
    required=True,
    pattern="^[a-z]{2}(-[A-Z]{2}|-419)?$",
    examples=["en-US"],
)
_TEXT: Final[dict[str, Any]] = {
    "path": "title",
    "text": "Personalized enamel mug, 12 fl oz (350 ml)",
    "digest": "5f1d0c8e7b2a4e6f9c3d1b0a8e7f6c5d",
    "version": 0,
}
_TAG: Final = "Translations"
_PATH: Final = "/api/v1/listings/{listing_id}/translations/{locale}"

OPERATIONS: Final = {
    (_PATH, "get"): Operation(
        "readTexts", _TAG, {200: shapes.ListingTexts}, (404, 503), parameters=(LISTING, _LOCALE), scope=READ
    ),
    (_PATH, "put"): Operation(
        "writeText",
        _TAG,
        {200: shapes.ListingText},
        (400, 404, 409, 413, 415, 422, 503),
        asks=shapes.TextToWrite,
        example=_TEXT,
        parameters=(LISTING, _LOCALE),
        shows=("title", "A title, for the source whose digest was read"),
        scope=WRITE,
        conflict=shapes.TextConflict,
    ),
    (f"{_PATH}/review", "post"): Operation(
        "reviewText",
        _TAG,
        {200: shapes.ListingText},
        (400, 404, 409, 413, 415, 422, 503),
        asks=shapes.TextReview,
        example={"path": "title", "digest": _TEXT["digest"], "version": 1, "verdict": "approved"},
        parameters=(LISTING, _LOCALE),
        shows=("approve", "The title is approved for the source as it is now"),
        scope=WRITE,
        conflict=shapes.TextConflict,
    ),
}
