"""The description of the routes of catalogs."""

from __future__ import annotations

from typing import Any, Final

from shopkit.api import catalog_schemas as shapes
from shopkit.api.catalogs import MOST_PAGES
from shopkit.api.listings import READ, WRITE
from shopkit.api.operations import Operation, parameter

_FEED: Final = parameter("feed_id", "path", "The id of a catalog.", required=True, pattern="^c_[0-9A-HJKMNP-TV-Z]{26}$")
_RUN: Final = parameter(
    "catalog_run_id", "path", "The id of a run.", required=True, pattern="^cr_[0-9A-HJKMNP-TV-Z]{26}$"
)
_PAGE: Final = parameter("page", "query", "Which page.", type="integer", minimum=1, maximum=MOST_PAGES)
_SETTINGS: Final[dict[str, Any]] = {
    "link": "https://xinantecatl.example/{key}?idioma={language}",
    "charges": "price",
    "estimates": "highest",
    "card": "illustrative",
    "service": "express",
    "packing_grams": 80,
}
_TAG: Final = "Catalogs"
_PATH: Final = "/api/v1/catalogs"
_ONE: Final = f"{_PATH}/{{feed_id}}"
_OF_RUN: Final = "/api/v1/catalog-runs/{catalog_run_id}"

OPERATIONS: Final = {
    (_PATH, "get"): Operation("readCatalogs", _TAG, {200: shapes.CatalogList}, (503,), scope=READ),
    (_PATH, "post"): Operation(
        "createCatalog",
        _TAG,
        {201: shapes.CatalogOut},
        (400, 413, 415, 422, 503),
        asks=shapes.CatalogToMake,
        example={"channel": "google", "market": "US", "language": "es", "settings": _SETTINGS},
        shows=("google", "For who reads Spanish in the United States, duties inside the price"),
        scope=WRITE,
    ),
    (_ONE, "get"): Operation(
        "readCatalog", _TAG, {200: shapes.CatalogOut}, (404, 503), parameters=(_FEED,), scope=READ
    ),
    (_ONE, "put"): Operation(
        "changeCatalog",
        _TAG,
        {200: shapes.CatalogOut},
        (400, 404, 409, 413, 415, 422, 503),
        asks=shapes.CatalogChange,
        example={"version": 1, "kind": "tsv", "every_hours": 24, "settings": _SETTINGS},
        parameters=(_FEED,),
        shows=("daily", "A table instead of RSS, made anew every day"),
        scope=WRITE,
    ),
    (_ONE, "delete"): Operation("removeCatalog", _TAG, {204: None}, (404, 503), parameters=(_FEED,), scope=WRITE),
    (f"{_ONE}/address", "post"): Operation(
        "openCatalog", _TAG, {200: shapes.CatalogOut}, (404, 503), parameters=(_FEED,), scope=WRITE
    ),
    (f"{_ONE}/address", "delete"): Operation(
        "closeCatalog", _TAG, {200: shapes.CatalogOut}, (404, 503), parameters=(_FEED,), scope=WRITE
    ),
    (f"{_ONE}/left-out", "get"): Operation(
        "readLeftOut", _TAG, {200: shapes.LeftOutPage}, (404, 422, 503), parameters=(_FEED, _PAGE), scope=READ
    ),
    (f"{_ONE}/runs", "get"): Operation(
        "readCatalogRuns", _TAG, {200: shapes.CatalogRunList}, (404, 503), parameters=(_FEED,), scope=READ
    ),
    (f"{_ONE}/runs", "post"): Operation(
        "runCatalog",
        _TAG,
        {202: shapes.CatalogRunOut},
        (400, 404, 409, 413, 415, 422, 503),
        asks=shapes.RunToMake,
        example={"dry_run": True},
        parameters=(_FEED,),
        shows=("try", "Say what would come of it, keep nothing"),
        scope=WRITE,
    ),
    (_OF_RUN, "get"): Operation(
        "readCatalogRun", _TAG, {200: shapes.CatalogRunOut}, (404, 503), parameters=(_RUN,), scope=READ
    ),
    (f"{_OF_RUN}/stop", "post"): Operation(
        "stopCatalogRun", _TAG, {200: shapes.CatalogRunOut}, (404, 503), parameters=(_RUN,), scope=WRITE
    ),
    (f"{_OF_RUN}/changes", "get"): Operation(
        "readCatalogChanges", _TAG, {200: shapes.RowChanges}, (404, 422, 503), parameters=(_RUN, _PAGE), scope=READ
    ),
}
