"""The description of the routes of papers for customs."""

from __future__ import annotations

from typing import Final

from shopkit.api import paper_schemas as shapes
from shopkit.api.operations import Operation, parameter
from shopkit.api.orders import READ, WRITE
from shopkit.api.papers import SERVICES
from shopkit.papers.sheets import SIZES
from shopkit.papers.zpl import DPI
from shopkit.services.paper_details import PaperBoxes
from shopkit.services.paper_kinds import KINDS

_ORDER: Final = parameter(
    "order_id", "path", "The id of an order.", required=True, pattern="^o_[0-9A-HJKMNP-TV-Z]{26}$"
)
_KIND: Final = parameter("paper", "path", "The kind of paper.", required=True, enum=list(KINDS))
_SERVICE: Final = parameter("service", "query", "By what the parcel goes.", enum=list(SERVICES))
_NUMBER: Final = parameter(
    "number", "query", "The S10 number that the post gave, where the order has none yet.", maxLength=40
)
_SIZE: Final = parameter("size", "query", "The size; not every kind is printed on each.", enum=list(SIZES))
_DAY: Final = parameter(
    "on",
    "query",
    "The day of posting; today at the seller's unless given.",
    format="date",
    pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$",
    examples=["2026-11-30"],
)
_DPI: Final = parameter("dpi", "query", "Dots an inch of the printer.", enum=[str(one) for one in DPI])
_RANGE: Final = parameter("range_id", "path", "The id of a range.", required=True, pattern="^n_[0-9A-HJKMNP-TV-Z]{26}$")
_RANGES: Final = "/api/v1/s10-ranges"
_TAG: Final = "Papers"
_PATH: Final = "/api/v1/orders/{order_id}/papers"
_ASKED: Final = (_ORDER, _KIND, _SERVICE, _NUMBER, _DAY)

OPERATIONS: Final = {
    (_PATH, "get"): Operation(
        "readPapers", _TAG, {200: shapes.PapersOut}, (404, 422, 503), parameters=(_ORDER,), scope=READ
    ),
    (f"{_PATH}/boxes", "get"): Operation(
        "readPaperBoxes", _TAG, {200: shapes.BoxesOut}, (404, 503), parameters=(_ORDER,), scope=READ
    ),
    (f"{_PATH}/boxes", "put"): Operation(
        "fillPaperBoxes",
        _TAG,
        {200: shapes.BoxesOut},
        (400, 404, 413, 415, 422, 503),
        asks=PaperBoxes,
        example={
            "postage": {"amount": "312.50", "currency": "MXN"},
            "certificate": "FITO-0042",
            "inspection": "phytosanitary",
            "undelivered": "return",
            "signer": "Rosa Gómez",
        },
        parameters=(_ORDER,),
        shows=("plants", "What the post charged and a phytosanitary certificate"),
        scope=WRITE,
    ),
    (f"{_PATH}/{{paper}}", "get"): Operation(
        "readPaper", _TAG, {200: shapes.DeclarationOut}, (404, 422, 503), parameters=_ASKED, scope=READ
    ),
    (f"{_PATH}/{{paper}}.pdf", "get"): Operation(
        "printPaper",
        _TAG,
        {200: None},
        (404, 422, 503),
        parameters=(*_ASKED, _SIZE),
        scope=READ,
        gives="application/pdf",
    ),
    (f"{_PATH}/{{paper}}.xml", "get"): Operation(
        "readPaperXml",
        _TAG,
        {200: None},
        (404, 422, 503),
        parameters=_ASKED,
        scope=READ,
        gives="application/xml",
    ),
    (f"{_PATH}/{{paper}}.zpl", "get"): Operation(
        "readPaperZpl",
        _TAG,
        {200: None},
        (404, 422, 503),
        parameters=(*_ASKED, _DPI),
        scope=READ,
        gives="text/plain",
    ),
    (f"{_PATH}/number", "post"): Operation(
        "takeNumber",
        _TAG,
        {200: shapes.TakenNumber},
        (400, 404, 413, 415, 422, 503),
        asks=shapes.TakeNumber,
        example={"indicator": "RB"},
        parameters=(_ORDER,),
        shows=("registered", "The next registered number"),
        scope=WRITE,
    ),
    (_RANGES, "get"): Operation("readRanges", _TAG, {200: shapes.RangeList}, (422, 503), scope=READ),
    (_RANGES, "post"): Operation(
        "noteRange",
        _TAG,
        {200: shapes.RangeOut},
        (400, 413, 415, 422, 503),
        asks=shapes.NoteRange,
        example={"range": "RB 00000000-00001000 GT"},
        shows=("range", "A range of a thousand numbers"),
        scope=WRITE,
    ),
    (f"{_RANGES}/{{range_id}}", "delete"): Operation(
        "closeRange", _TAG, {200: shapes.RangeOut}, (404, 503), parameters=(_RANGE,), scope=WRITE
    ),
}
