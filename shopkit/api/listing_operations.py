"""The description of the routes of listings and photos."""

from __future__ import annotations

from typing import Any, Final

from listings.channels import channels
from listings.model import COUNTRY, PHOTO, Listing
from listings.photos import CONTENT_TYPE, SIZES
from shopkit.api import listing_schemas as shapes
from shopkit.api.listings import MAX_PAGE, MAX_SIZE, MAX_WORDS, READ, STATUSES, WRITE
from shopkit.api.operations import Operation, parameter

_ID: Final = "^l_[0-9A-HJKMNP-TV-Z]{26}$"
LISTING: Final = parameter("listing_id", "path", "The id of a listing.", required=True, pattern=_ID)
_CHANGE: Final = parameter(
    "change_id", "path", "The id of a change.", required=True, type="integer", minimum=0, maximum=2**31 - 1
)
_MATCH: Final = parameter("If-Match", "header", "The ETag of the version that was read.", pattern='^"[0-9]{1,9}"$')
_NONE_MATCH: Final = parameter("If-None-Match", "header", "The ETag of an earlier answer.")
_CUP: Final[dict[str, Any]] = {
    "key": "taza-personalizada",
    "title": "Taza de peltre personalizada, 350 ml",
    "language": "es",
    "description": "Taza de peltre de 350 ml con un nombre de hasta doce letras, pintado a mano en Toluca.",
    "hs_code": "7323.94",
    "hs_evidence": {"by": "finder", "on": "2026-11-27"},
    "origin": "MX",
    "origin_evidence": "declared",
    "weight": {"value": "180", "unit": "g"},
    "price": {"price": {"amount": "249.00", "currency": "MXN"}, "cost": {"amount": "96.50", "currency": "MXN"}},
    "making_days": 3,
    "personalisation": [{"name": "Nombre", "max_length": 12}],
    "variants": [{"sku": "TAZ-BLA", "options": {"Color": "Blanco"}, "stock": 40}, {"sku": "TAZ-AZU"}],
    "markets": [
        {
            "market": "US",
            "language": "en",
            "title": "Personalized enamel mug, 12 oz",
            "price": {"amount": "18.00", "currency": "USD"},
        }
    ],
}
_SHOWS: Final = ("cup", "A cup with two colours and a price of its own in the United States")
_TAG: Final = "Listings"

OPERATIONS: Final = {
    ("/api/v1/listings", "get"): Operation(
        "findListings",
        _TAG,
        {200: shapes.ListingPage},
        (422, 503),
        parameters=(
            parameter(
                "q",
                "query",
                "Words that title, key or SKUs hold.",
                maxLength=MAX_WORDS,
                pattern=r"^[^\x00-\x1f\x7f-\xa0]*$",
                examples=["taza"],
            ),
            parameter("status", "query", "Of this status; without one all but the archived.", enum=list(STATUSES)),
            parameter("page", "query", "Which page.", type="integer", minimum=1, maximum=MAX_PAGE),
            parameter("size", "query", "How many on a page.", type="integer", minimum=1, maximum=MAX_SIZE),
        ),
        scope=READ,
    ),
    ("/api/v1/listings", "post"): Operation(
        "createListing",
        _TAG,
        {201: shapes.ListingKept},
        (400, 409, 413, 415, 422, 503),
        asks=Listing,
        example=_CUP,
        creates=True,
        shows=_SHOWS,
        scope=WRITE,
    ),
    ("/api/v1/listings/{listing_id}", "get"): Operation(
        "readListing",
        _TAG,
        {200: shapes.ListingKept, 304: None},
        (404, 503),
        parameters=(LISTING, _NONE_MATCH),
        scope=READ,
    ),
    ("/api/v1/listings/{listing_id}", "put"): Operation(
        "replaceListing",
        _TAG,
        {200: shapes.ListingKept},
        (400, 404, 412, 413, 415, 422, 428, 503),
        asks=Listing,
        example=_CUP,
        parameters=(LISTING, _MATCH),
        shows=_SHOWS,
        scope=WRITE,
    ),
    ("/api/v1/listings/{listing_id}", "patch"): Operation(
        "changeListing",
        _TAG,
        {200: shapes.ListingKept},
        (400, 404, 412, 413, 415, 422, 503),
        asks=shapes.ListingPatch,
        example={"status": "active", "price": {"price": {"amount": "259.00", "currency": "MXN"}}, "lot": None},
        parameters=(LISTING, _MATCH),
        shows=("price", "Another price, and no lot any more"),
        scope=WRITE,
    ),
    ("/api/v1/listings/{listing_id}", "delete"): Operation(
        "archiveListing",
        _TAG,
        {200: shapes.ListingKept},
        (404, 503),
        parameters=(LISTING,),
        scope=WRITE,
    ),
    ("/api/v1/listings/{listing_id}/history", "get"): Operation(
        "readListingHistory", _TAG, {200: shapes.ListingHistory}, (404, 503), parameters=(LISTING,), scope=READ
    ),
    ("/api/v1/listings/{listing_id}/history/{change_id}/undo", "post"): Operation(
        "undoListingChange",
        _TAG,
        {200: shapes.ListingKept},
        (404, 409, 422, 503),
        parameters=(LISTING, _CHANGE),
        scope=WRITE,
    ),
    ("/api/v1/listings/{listing_id}/quality", "get"): Operation(
        "readListingQuality",
        _TAG,
        {200: shapes.ListingQuality},
        (404, 422, 503),
        parameters=(
            LISTING,
            parameter("market", "query", "Where it is sold; wherever without one.", pattern=COUNTRY, examples=["US"]),
            parameter("channel", "query", "Through which channel; the own page without one.", enum=[*channels()]),
        ),
        scope=READ,
    ),
    ("/api/v1/photos", "post"): Operation(
        "createPhoto",
        _TAG,
        {201: shapes.PhotoKept},
        (413, 415, 422, 503),
        scope=WRITE,
        body="image/*",
    ),
    ("/api/v1/photos/{photo_id}/{size}", "get"): Operation(
        "readPhoto",
        _TAG,
        {200: None, 304: None},
        (404, 503),
        parameters=(
            parameter("photo_id", "path", "The id of a photo.", required=True, pattern=PHOTO),
            parameter("size", "path", "Which size.", required=True, enum=[*SIZES]),
            _NONE_MATCH,
        ),
        scope=READ,
        gives=CONTENT_TYPE,
    ),
}
