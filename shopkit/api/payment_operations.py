"""The description of the routes of payments."""

from __future__ import annotations

from typing import Final

from shopkit.api import payment_schemas as shapes
from shopkit.api.operations import Operation, parameter
from shopkit.api.payments import READ, WRITE

_ACCOUNT: Final = parameter(
    "account_id", "path", "The id of an account.", required=True, pattern="^pa_[0-9A-HJKMNP-TV-Z]{26}$"
)
_MARKET: Final = parameter("market", "query", "Country of the buyer.", required=True, pattern="^[A-Za-z]{2}$")
_AMOUNT: Final = parameter(
    "amount", "query", "What is to be paid; without it an ordinary amount.", pattern=r"^[0-9]{1,9}(\.[0-9]{1,2})?$"
)
_CURRENCY: Final = parameter(
    "currency", "query", "Of the amount; without it that of stores in the market.", pattern="^[A-Za-z]{3}$"
)
# To the 28th: a pattern cannot say how long a month is.
_DAY: Final = parameter(
    "day",
    "query",
    "A day of universal time.",
    required=True,
    format="date",
    pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$",
    examples=["2026-11-23"],
)
_TAG: Final = "Payments"
_PATH: Final = "/api/v1/payments/accounts"
_ONE: Final = f"{_PATH}/{{account_id}}"

OPERATIONS: Final = {
    (_PATH, "get"): Operation("readPaymentAccounts", _TAG, {200: shapes.PaymentAccountList}, (422, 503), scope=READ),
    (_PATH, "post"): Operation(
        "connectPaymentAccount",
        _TAG,
        {201: shapes.PaymentAccountOut},
        (400, 413, 415, 422, 503),
        asks=shapes.AccountToConnect,
        example={
            "provider": "bank",
            "country": "MX",
            "live": True,
            "lines": {"bank": "Banco del Bajío", "account": "030180900012345671", "holder": "Regalos Xinantécatl"},
        },
        shows=("bank", "Transfers, recorded by hand"),
        scope=WRITE,
    ),
    (_ONE, "get"): Operation(
        "readPaymentAccount", _TAG, {200: shapes.PaymentAccountOut}, (404, 503), parameters=(_ACCOUNT,), scope=READ
    ),
    (_ONE, "patch"): Operation(
        "changePaymentAccount",
        _TAG,
        {200: shapes.PaymentAccountOut},
        (400, 404, 413, 415, 422, 503),
        asks=shapes.AccountChange,
        example={"methods": ["card", "oxxo"]},
        parameters=(_ACCOUNT,),
        shows=("methods", "Card and OXXO are used, nothing else"),
        scope=WRITE,
    ),
    (_ONE, "delete"): Operation(
        "forgetPaymentAccount", _TAG, {204: None}, (404, 503), parameters=(_ACCOUNT,), scope=WRITE
    ),
    ("/api/v1/payments/methods", "get"): Operation(
        "readPaymentMethods",
        _TAG,
        {200: shapes.MethodList},
        (422, 503),
        parameters=(_MARKET, _AMOUNT, _CURRENCY),
        scope=READ,
    ),
    ("/api/v1/payments/report", "get"): Operation(
        "readPaymentReport", _TAG, {200: shapes.ReportOut}, (422, 503), parameters=(_DAY,), scope=READ
    ),
}
