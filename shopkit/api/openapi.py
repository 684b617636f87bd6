"""The description of the JSON door, OpenAPI 3.1, made from the routes and from the shapes that requests are read by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic.json_schema import models_json_schema

from shopkit.api import (
    campaign_operations,
    catalog_operations,
    draft_schemas,
    drafts,
    examples,
    freight,
    guides,
    invoice_operations,
    listing_operations,
    order_operations,
    origin_schemas,
    packing_operations,
    paper_operations,
    payment_operations,
    pool_operations,
    pricing_schemas,
    push_operations,
    schemas,
    shipment_operations,
    store_operations,
    tracking_operations,
    translation_operations,
    way_operations,
)
from shopkit.api.account import AccountResponse
from shopkit.api.alert_schemas import AlertsResponse
from shopkit.api.dashboard import SCOPE
from shopkit.api.dashboard_schemas import DashboardResponse
from shopkit.api.errors import PROBLEM_JSON, title
from shopkit.api.listing_schemas import StaleProblem
from shopkit.api.operations import Operation, Spec, parameter
from shopkit.services import draft_shapes
from shopkit.services.draft_shapes import DraftRequest
from shopkit.services.origin_shapes import OriginRequest
from shopkit.services.pricing_shapes import PricingRequest
from shopkit.services.schemas import COUNTRY, NAME, POSTAL_CODE, CompareRequest, QuoteRequest, ReadinessRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import BaseModel

_REF: Final = "#/components/schemas/{model}"
_ID: Final = "^q_[0-9A-HJKMNP-TV-Z]{26}$"


def _day_parameter(name: str, description: str, example: str, *, required: bool = False) -> Spec:
    # To the 28th: a pattern cannot say how long a month is.
    pattern = r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$"
    return parameter(name, "query", description, required=required, format="date", pattern=pattern, examples=[example])


_LANGUAGE: Final = parameter("Accept-Language", "header", "es, pt or en.", examples=["es"])
_KEY: Final = parameter(
    "Idempotency-Key",
    "header",
    "Any text of your own; a repeat within 24 hours gets the first answer's bytes, another body 409.",
    minLength=1,
    maxLength=255,
    pattern=r"^[\x20-\x7e]+$",
)
_QUOTE_ID: Final = parameter("quote_id", "path", "The id of a kept quote.", required=True, pattern=_ID)
_TAG: Final = parameter("If-None-Match", "header", "The ETag of an earlier answer.")

OPERATIONS: Final = {
    ("/api/v1/quotes", "post"): Operation(
        "createQuote",
        "Quotes",
        {201: schemas.QuoteResponse, 200: schemas.QuoteResponse},
        (400, 409, 413, 415, 422, 503),
        asks=QuoteRequest,
        example=examples.SHIRTS,
        creates=True,
    ),
    ("/api/v1/quotes/batch", "post"): Operation(
        "createBatch",
        "Quotes",
        {200: schemas.BatchResponse},
        (400, 409, 413, 415, 422, 503),
        asks=schemas.BatchRequest,
        example=examples.BATCH,
        creates=True,
    ),
    ("/api/v1/quotes/{quote_id}", "get"): Operation(
        "readQuote", "Quotes", {200: schemas.QuoteResponse}, (404, 503), parameters=(_QUOTE_ID,)
    ),
    ("/api/v1/quotes/{quote_id}/requote", "post"): Operation(
        "requote",
        "Quotes",
        {201: schemas.QuoteResponse, 200: schemas.QuoteResponse},
        (404, 409, 422, 503),
        parameters=(
            _QUOTE_ID,
            _day_parameter("date", "The day whose law applies; today there without one.", "2026-07-24"),
        ),
        creates=True,
    ),
    ("/api/v1/compare", "post"): Operation(
        "compare",
        "Quotes",
        {200: schemas.CompareResponse},
        (400, 409, 413, 415, 422, 503),
        asks=CompareRequest,
        example=examples.BASKET,
        creates=True,
    ),
    ("/api/v1/readiness", "post"): Operation(
        "checkReadiness",
        "Readiness",
        {200: schemas.ReadinessResponse},
        (400, 413, 415, 422),
        asks=ReadinessRequest,
        example=examples.CHEESE,
        shows=("cheese", "Hard raw-milk cheese of Nicaragua"),
    ),
    ("/api/v1/destinations", "get"): Operation(
        "readDestinations", "Destinations", {200: schemas.DestinationList, 304: None}, (), parameters=(_TAG,)
    ),
    ("/api/v1/destinations/{country}", "get"): Operation(
        "readDestination",
        "Destinations",
        {200: guides.DestinationGuide, 304: None},
        (404, 422),
        parameters=(
            parameter("country", "path", "ISO 3166-1 alpha-2.", required=True, pattern=COUNTRY, examples=["US"]),
            parameter("from", "query", "Where the goods are made and sent from.", pattern=COUNTRY, examples=["MX"]),
            _TAG,
        ),
    ),
    ("/api/v1/quotes/{quote_id}/changes", "get"): Operation(
        "readQuoteChanges",
        "Quotes",
        {200: schemas.QuoteChanges},
        (404, 422, 503),
        parameters=(
            _QUOTE_ID,
            _day_parameter("date", "The day whose law applies now; the quote's own without one.", "2026-07-24"),
        ),
    ),
    ("/api/v1/changes", "get"): Operation(
        "readChanges",
        "Destinations",
        {200: schemas.ChangeList, 304: None},
        (422,),
        parameters=(
            _day_parameter("since", "The day after which changes are told.", "2026-07-01", required=True),
            _day_parameter("until", "The last day of which changes are told; today without one.", "2026-08-01"),
            parameter("country", "query", "Of this destination only.", pattern=COUNTRY, examples=["US"]),
            _TAG,
        ),
    ),
    ("/api/v1/origins", "get"): Operation(
        "readOrigins", "Destinations", {200: schemas.OriginList, 304: None}, (), parameters=(_TAG,)
    ),
    ("/api/v1/origins/{country}", "get"): Operation(
        "readOrigin",
        "Destinations",
        {200: schemas.OriginGuide, 304: None},
        (404,),
        parameters=(
            parameter("country", "path", "ISO 3166-1 alpha-2.", required=True, pattern=COUNTRY, examples=["PE"]),
            _TAG,
        ),
    ),
    ("/api/v1/origin", "post"): Operation(
        "askOrigin",
        "Origin",
        {200: origin_schemas.OriginResponse},
        (400, 413, 415, 422),
        asks=OriginRequest,
        example=examples.USB_STICKS,
        shows=("usb", "USB sticks made in China and printed in Toluca"),
    ),
    ("/api/v1/translations/drafts", "post"): Operation(
        "createDrafts",
        "Translations",
        {200: draft_schemas.DraftsResponse},
        (400, 413, 415, 422, 503),
        asks=DraftRequest,
        example=draft_shapes.EXAMPLE,
        shows=("shirt", "A title with a placeholder, for two markets"),
        scope=drafts.SCOPE,
    ),
    ("/api/v1/pricing", "post"): Operation(
        "askPrice",
        "Pricing",
        {200: pricing_schemas.PricingResponse},
        (400, 413, 415, 422),
        asks=PricingRequest,
        example=examples.PRICED,
        shows=("shirts", "Two cotton T-shirts of Toluca to California, duties in the price"),
    ),
    ("/api/v1/hs/search", "get"): Operation(
        "searchHs",
        "Tariff codes",
        {200: schemas.HsSearch},
        (422,),
        parameters=(
            parameter(
                "q",
                "query",
                "Everyday words, or the beginning of a code.",
                required=True,
                minLength=1,
                maxLength=200,
                pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$",
                examples=["playera de algodón"],
            ),
            parameter("lang", "query", "Language of the answer; else Accept-Language.", enum=["es", "pt", "en"]),
            parameter(
                "country",
                "query",
                "Search the loaded schedule of this destination too.",
                pattern=COUNTRY,
                examples=["US"],
            ),
        ),
    ),
    ("/api/v1/freight", "get"): Operation(
        "readFreight",
        "Freight",
        {200: schemas.FreightOffers},
        (422, 503),
        parameters=(
            parameter(
                "country",
                "query",
                "Where the parcel goes, ISO 3166-1 alpha-2.",
                required=True,
                pattern=COUNTRY,
                examples=["US"],
            ),
            parameter(
                "weight_kg", "query", "What it weighs, packed.", required=True, pattern=freight.WEIGHT, examples=["0.5"]
            ),
            parameter(
                "dimensions_cm",
                "query",
                "Length, width and height, packed.",
                pattern=freight.DIMENSIONS,
                examples=["30x20x10"],
            ),
            parameter("postal_code", "query", "The postal code there.", pattern=POSTAL_CODE, examples=["90012"]),
            parameter(
                "date",
                "query",
                "The day it is handed over; today there without one.",
                format="date",
                pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$",
                examples=["2026-11-25"],
            ),
            parameter("card", "query", "One card alone.", pattern=NAME, examples=["illustrative"]),
        ),
    ),
    ("/api/v1/account", "get"): Operation(
        "readAccount", "Account", {200: AccountResponse}, (503,), scope="account:read"
    ),
    ("/api/v1/dashboard", "get"): Operation(
        "readDashboard",
        "Dashboard",
        {200: DashboardResponse},
        (422, 503),
        parameters=(parameter("page", "query", "Which fifty listings.", pattern="^[1-9][0-9]{0,3}$", examples=["1"]),),
        scope=SCOPE,
    ),
    ("/api/v1/alerts", "get"): Operation(
        "readAlerts",
        "Dashboard",
        {200: AlertsResponse},
        (422, 503),
        parameters=(
            _day_parameter("since", "The day whose law is the one before.", "2026-07-23", required=True),
            _day_parameter("until", "The day whose law is the one after; today without one.", "2026-07-24"),
            parameter(
                "after",
                "query",
                "The `next` of the answer before; without it, from the beginning.",
                pattern="^(listing|quote|order):[A-Za-z0-9_]{1,40}$",
                examples=["quote:q_00000000000000000000000000"],
            ),
        ),
        scope=SCOPE,
    ),
    **listing_operations.OPERATIONS,
    **translation_operations.OPERATIONS,
    **catalog_operations.OPERATIONS,
    **push_operations.OPERATIONS,
    **campaign_operations.OPERATIONS,
    **order_operations.OPERATIONS,
    **invoice_operations.OPERATIONS,
    **packing_operations.OPERATIONS,
    **pool_operations.OPERATIONS,
    **paper_operations.OPERATIONS,
    **shipment_operations.OPERATIONS,
    **tracking_operations.OPERATIONS,
    **payment_operations.OPERATIONS,
    **store_operations.OPERATIONS,
    **way_operations.OPERATIONS,
    ("/healthz", "get"): Operation("health", "Service", {200: schemas.Health}, (503,), speaks=False),
}
# Messages about payments come from providers, who are told the address, and say what the providers say.
_NOT_DESCRIBED: Final = frozenset(
    {
        "/api/docs",
        "/api/openapi.json",
        "/webhooks/{provider}/{account_id}",
        "/webhooks/tracking/{account_id}",
    }
)
_LIMIT_HEADERS: Final = {
    name: {"description": text, "schema": {"type": "string", "pattern": "^[0-9]+$"}}
    for name, text in {
        "RateLimit-Limit": "Requests allowed in the window.",
        "RateLimit-Remaining": "Requests left in the window.",
        "RateLimit-Reset": "Seconds until the window begins anew.",
    }.items()
}
_KEY_SCHEME: Final = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key made in the settings of a shop: `Authorization: Bearer sk_live_…`.",
}
# Problems that say more than the others.
_PROBLEMS: Final = {412: StaleProblem.__name__}
_OF_LISTINGS: Final = frozenset({"listings.model", "shopkit.api.listing_schemas"})


def complete(spec: Any) -> Any:  # noqa: ANN401  # APIFlask's own types allow text as well
    """Fill in what the routes themselves do not say, and leave no operation undescribed."""
    models: list[type[BaseModel]] = [schemas.Problem, StaleProblem]
    for operation in OPERATIONS.values():
        shapes = (*operation.answers.values(), operation.asks, operation.conflict)
        models += [model for model in shapes if model is not None]
    # A listing has words of its own for money and weight: its shapes are described apart and named apart.
    of_listings = [model for model in dict.fromkeys(models) if model.__module__ in _OF_LISTINGS]
    components = _described([model for model in dict.fromkeys(models) if model not in of_listings])
    components |= _described(of_listings, beside=components)
    # A batch holds single requests; it is read by hand, so that one that is wrong does not spoil the others.
    components["BatchRequest"]["properties"]["requests"]["items"] = {"$ref": _REF.format(model="QuoteRequest")}
    paths = {path: item for path, item in spec["paths"].items() if path not in _NOT_DESCRIBED}
    for path, item in paths.items():
        for method in item:
            item[method] = _complete(item[method], OPERATIONS[path, method])
    return {
        **spec,
        "paths": paths,
        "components": {"schemas": dict(sorted(components.items())), "securitySchemes": {"key": _KEY_SCHEME}},
        # A key is welcome everywhere.
        "security": [{}, {"key": []}],
        "tags": [{"name": name} for name in dict.fromkeys(one.tag for one in OPERATIONS.values())],
        "servers": [{"url": "/"}],
    }


def _described(models: Sequence[type[BaseModel]], beside: Spec | None = None) -> Spec:
    """Return the schemas of shapes and of all they hold; one called like another ``beside`` gets a name of its own."""
    modes: list[tuple[type[BaseModel], Any]] = [(model, "validation") for model in models]
    _, definitions = models_json_schema(modes, ref_template=_REF)
    found: Spec = definitions["$defs"]
    known = beside or {}
    taken = {name: f"Listing{name}" for name, schema in found.items() if name in known and known[name] != schema}
    names = {_REF.format(model=old): _REF.format(model=new) for old, new in taken.items()}
    return {taken.get(name, name): _renamed(schema, names) for name, schema in found.items()}


def _renamed(schema: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401  # JSON
    """Return a schema whose references follow new names."""
    if isinstance(schema, dict):
        return {
            key: names.get(value, value) if key == "$ref" else _renamed(value, names) for key, value in schema.items()
        }
    return [_renamed(one, names) for one in schema] if isinstance(schema, list) else schema


def _complete(found: Spec, operation: Operation) -> Spec:
    # A key that is wrong is refused wherever it is shown.
    errors = (*operation.errors, 401, 429, 500) if operation.speaks else operation.errors
    if operation.scope is not None:
        errors = (*errors, 403)
    completed: Spec = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": found["summary"],
        "parameters": [
            *operation.parameters,
            *([_KEY] if operation.creates else []),
            *([_LANGUAGE] if operation.speaks else []),
        ],
        "responses": {str(status): _answer(status, model, operation) for status, model in operation.answers.items()}
        | {str(status): _error(status, operation) for status in sorted(errors)},
    }
    if operation.scope is not None:
        completed["security"] = [{"key": []}]
        completed["description"] = f"Needs a key with the scope `{operation.scope}`."
    if operation.body is not None:
        schema = {"type": "string", "format": "binary"}
        completed["requestBody"] = {"required": True, "content": {operation.body: {"schema": schema}}}
    if operation.asks is not None:
        content: Spec = {"schema": {"$ref": _REF.format(model=operation.asks.__name__)}}
        if operation.example is not None:
            name, summary = operation.shows
            content["examples"] = {name: {"summary": summary, "value": operation.example}}
        completed["requestBody"] = {"required": True, "content": {"application/json": content}}
    return completed


_DESCRIPTIONS: Final = {
    200: "Answered.",
    201: "Answered and kept.",
    202: "Begun; ask again to see how far it is.",
    204: "Done.",
    304: "Nothing changed.",
}


def _answer(status: int, model: type[BaseModel] | None, operation: Operation) -> Spec:
    description = _DESCRIPTIONS[status]
    headers: Spec = dict(_LIMIT_HEADERS) if operation.speaks else {}
    if status in {201, 202}:
        headers["Location"] = {"description": "Where it can be read again.", "schema": {"type": "string"}}
    answer: Spec = {"description": description, "headers": headers}
    if operation.gives is not None and status == 200:  # noqa: PLR2004  # the status says it
        answer["content"] = {operation.gives: {"schema": {"type": "string", "format": "binary"}}}
    if model is not None:
        answer["content"] = {"application/json": {"schema": {"$ref": _REF.format(model=model.__name__)}}}
    return answer


def _error(status: int, operation: Operation) -> Spec:
    name = _PROBLEMS.get(status, "Problem")
    if status == 409 and operation.conflict is not None:  # noqa: PLR2004  # the status says it
        name = operation.conflict.__name__
    answer: Spec = {
        "description": title(status, "en") + ".",
        "content": {PROBLEM_JSON: {"schema": {"$ref": _REF.format(model=name)}}},
    }
    if status == 422:  # noqa: PLR2004  # the status says it
        answer["content"][PROBLEM_JSON]["example"] = examples.PROBLEM
    if status == 401:  # noqa: PLR2004  # the same
        answer["headers"] = {"WWW-Authenticate": {"description": "RFC 6750.", "schema": {"type": "string"}}}
    if status in {409, 429, 503}:
        answer["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}
    return answer
