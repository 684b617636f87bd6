"""The description of the routes of stores."""

from __future__ import annotations

from typing import Final

from shopkit.api import store_schemas as shapes
from shopkit.api.operations import Operation, parameter
from shopkit.api.stores import MOST_PAGES

_SLUG: Final = parameter("slug", "path", "The store's short name.", required=True, pattern="^[a-z0-9-]{3,40}$")
_MARKET: Final = parameter("market", "path", "The country, in small letters.", required=True, pattern="^[a-z]{2}$")
_LANGUAGE: Final = parameter("language", "path", "The language.", required=True, enum=["es", "pt", "en"])
_PLACE: Final = (_SLUG, _MARKET, _LANGUAGE)
_KEY: Final = parameter("key", "path", "The seller's name of it.", required=True, pattern="^[A-Za-z0-9._-]{1,64}$")
_NAME: Final = parameter("name", "path", "What its link bears.", required=True, pattern="^[A-Za-z0-9_-]{1,80}$")
_PAGE: Final = parameter("page", "query", "Which page.", type="integer", minimum=1, maximum=MOST_PAGES)
_TAG: Final = "Stores"
_STORE: Final = "/api/v1/stores/{slug}"
_PATH: Final = _STORE + "/{market}/{language}"
_LINES: Final = [{"key": "taza-peltre", "sku": "TAZ-AZU", "quantity": 2, "written": {"Nombre": "Lucía"}}]

OPERATIONS: Final = {
    (_STORE, "get"): Operation("readStore", _TAG, {200: shapes.StoreOut}, (404, 503), parameters=(_SLUG,)),
    (f"{_STORE}/reputation", "get"): Operation(
        "readReputation", _TAG, {200: shapes.ReputationOut}, (404, 503), parameters=(_SLUG,)
    ),
    (f"{_PATH}/products", "get"): Operation(
        "findProducts", _TAG, {200: shapes.ProductList}, (404, 422, 503), parameters=(*_PLACE, _PAGE)
    ),
    (f"{_PATH}/products/{{key}}", "get"): Operation(
        "readProduct", _TAG, {200: shapes.ProductOut}, (404, 503), parameters=(*_PLACE, _KEY)
    ),
    (f"{_PATH}/quotes", "post"): Operation(
        "quoteBasket",
        _TAG,
        {200: shapes.BasketOut},
        (400, 404, 413, 415, 422, 503),
        asks=shapes.Basket,
        example={"lines": _LINES, "region": "CA", "postal_code": "90012"},
        parameters=_PLACE,
        shows=("cups", "Two cups to Los Angeles"),
    ),
    (f"{_PATH}/orders", "post"): Operation(
        "orderInStore",
        _TAG,
        {201: shapes.OrderOfBuyer},
        (400, 404, 413, 415, 422, 503),
        asks=shapes.Checkout,
        example={
            "lines": _LINES,
            "buyer": {
                "name": "Elena Ríos",
                "email": "elena@correo.example",
                "line1": "742 Evergreen Terrace",
                "city": "Los Angeles",
                "region": "CA",
                "postal_code": "90012",
            },
            "agreed": "what the quote gave",
            "key": "8c0f3a52-6c1e-4d5f-9b1a",
        },
        parameters=_PLACE,
        shows=("order", "The same, ordered"),
    ),
    (f"{_PATH}/orders/{{name}}", "get"): Operation(
        "readOrderOfBuyer", _TAG, {200: shapes.OrderOfBuyer}, (404, 503), parameters=(*_PLACE, _NAME)
    ),
}
