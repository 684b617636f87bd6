"""The description of the routes of invoices."""

from __future__ import annotations

from typing import Final

from shopkit.api import invoice_schemas as shapes
from shopkit.api.operations import Operation, parameter
from shopkit.api.orders import MOST_PAGES, READ, WRITE
from shopkit.services.invoices import KINDS

_ORDER: Final = parameter(
    "order_id", "path", "The id of an order.", required=True, pattern="^o_[0-9A-HJKMNP-TV-Z]{26}$"
)
_NUMBER: Final = parameter(
    "number", "path", "The number of a document.", required=True, pattern="^[FRC]-[0-9]{6,9}$", examples=["F-000001"]
)
_KIND: Final = parameter("kind", "query", "Only documents of this kind.", enum=list(KINDS))
_PAGE: Final = parameter("page", "query", "Which page.", type="integer", minimum=1, maximum=MOST_PAGES)
_TAG: Final = "Invoices"
_PATH: Final = "/api/v1/orders/{order_id}/invoices"

OPERATIONS: Final = {
    ("/api/v1/invoices", "get"): Operation(
        "findInvoices", _TAG, {200: shapes.InvoiceList}, (422, 503), parameters=(_KIND, _PAGE), scope=READ
    ),
    (_PATH, "get"): Operation(
        "readInvoices", _TAG, {200: shapes.InvoicesOfOrder}, (404, 503), parameters=(_ORDER,), scope=READ
    ),
    (_PATH, "post"): Operation(
        "issueInvoices",
        _TAG,
        {200: shapes.InvoicesOfOrder},
        (400, 404, 413, 415, 422, 503),
        asks=shapes.Issue,
        example={},
        parameters=(_ORDER,),
        shows=("issue", "Issue what is due"),
        scope=WRITE,
    ),
    (f"{_PATH}/{{number}}", "get"): Operation(
        "readInvoice", _TAG, {200: shapes.InvoiceOut}, (404, 422, 503), parameters=(_ORDER, _NUMBER), scope=READ
    ),
    (f"{_PATH}/{{number}}.pdf", "get"): Operation(
        "readInvoicePdf",
        _TAG,
        {200: None},
        (404, 503),
        parameters=(_ORDER, _NUMBER),
        scope=READ,
        gives="application/pdf",
    ),
    (f"{_PATH}/{{number}}.xml", "get"): Operation(
        "readInvoiceUbl",
        _TAG,
        {200: None},
        (404, 422, 503),
        parameters=(_ORDER, _NUMBER),
        scope=READ,
        gives="application/xml",
    ),
}
