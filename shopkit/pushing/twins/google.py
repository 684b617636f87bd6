"""A twin of Google's Merchant API: products by language, label and id, checked as its messages are.

The table holds what a call of ours may say, by ``google/shopping/merchant/products/v1`` of 2026-08-22. An unknown field
is refused as the API refuses JSON that does not fit its messages. What makes a product fit to be shown it does not
judge: Google does that later, and not in its answer.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from shopkit.pushing.sandbox import Twin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from listings.pushing.port import Call

_INSERT: Final = re.compile(r"/products/v1/(accounts/[^/]+)/productInputs:insert")
_SOURCE: Final = re.compile(r"(accounts/[0-9]+)/dataSources/[0-9]+")
_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_LABEL: Final = re.compile(r"[A-Z0-9_-]{1,20}")
_WHOLE: Final = re.compile(r"-?[0-9]{1,19}")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
# Signs that a name may only have in its encoded form.
_ENCODED: Final = frozenset("%.+/:~,(*!)&?=@#$")
_PRICE: Final = {"amountMicros": "whole", "currencyCode": "text"}
_STRUCTURED: Final = {"digitalSourceType": ("TRAINED_ALGORITHMIC_MEDIA", "DEFAULT"), "content": "text"}
_ATTRIBUTES: Final[dict[str, Any]] = {
    **dict.fromkeys(
        (
            *("title", "description", "link", "imageLink", "brand", "mpn", "googleProductCategory", "itemGroupId"),
            *("color", "size", "material", "pattern"),
        ),
        "text",
    ),
    "structuredTitle": _STRUCTURED,
    "structuredDescription": _STRUCTURED,
    "additionalImageLinks": ["text"],
    "availability": ("IN_STOCK", "OUT_OF_STOCK", "PREORDER", "LIMITED_AVAILABILITY", "BACKORDER"),
    "availabilityDate": "moment",
    "expirationDate": "moment",
    "price": _PRICE,
    "salePrice": _PRICE,
    "salePriceEffectiveDate": {"startTime": "moment", "endTime": "moment"},
    "condition": ("NEW", "USED", "REFURBISHED"),
    "gtins": ["text"],
    "identifierExists": "flag",
    "productTypes": ["text"],
    "gender": ("MALE", "FEMALE", "UNISEX"),
    "ageGroup": ("ADULT", "KIDS", "TODDLER", "INFANT", "NEWBORN"),
    "shipping": [
        {
            **dict.fromkeys(("country", "region", "service"), "text"),
            "price": _PRICE,
            **dict.fromkeys(("minHandlingTime", "maxHandlingTime", "minTransitTime", "maxTransitTime"), "whole"),
        }
    ],
    "shippingWeight": {"value": "number", "unit": "text"},
}
_MESSAGE: Final[dict[str, Any]] = {
    "offerId": "text",
    "contentLanguage": "text",
    "feedLabel": "text",
    "productAttributes": _ATTRIBUTES,
    "customAttributes": [{"name": "text", "value": "text"}],
}


@dataclass(slots=True)
class GoogleTwin(Twin):
    """Google Merchant Center with one account, which has any source of data that is asked for."""

    account: str = "123456"

    def answer(self, call: Call, body: dict[str, Any]) -> tuple[int, Any]:
        """Take products: one of the same language, label and id is replaced."""
        found = _INSERT.fullmatch(call.path)
        if call.method != "POST" or found is None:
            return 404, _error(404, "NOT_FOUND", "Requested entity was not found.")
        parent = found[1]
        if parent != f"accounts/{self.account}":
            # Google's own example of an account that is not the caller's has this status.
            text = f"The caller does not have access to the accounts: [{parent.partition('/')[2]}]"
            return 401, _error(401, "UNAUTHENTICATED", text, _info("PERMISSION_DENIED_ACCOUNTS"))
        if misfits := list(_misfits(body, _MESSAGE, "product_input")):
            bad = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": misfits}
            return 400, _error(400, "INVALID_ARGUMENT", misfits[0]["description"], bad)
        source = _SOURCE.fullmatch(call.query.get("dataSource", ""))
        wrong = [name for name in ("offerId", "contentLanguage", "feedLabel") if not body.get(name)]
        if not wrong and not _LANGUAGE.fullmatch(body["contentLanguage"]):
            wrong = ["contentLanguage"]
        if not wrong and not _LABEL.fullmatch(body["feedLabel"]):
            wrong = ["feedLabel"]
        if not wrong and (source is None or source[1] != parent):
            wrong = ["dataSource"]
        if wrong:
            # Which word Google has for each of these it does not publish.
            details = [_info("INVALID_VALUE", FIELD_LOCATION=name) for name in wrong]
            return 400, _error(400, "INVALID_ARGUMENT", f"[{wrong[0]}] The value is missing or invalid.", *details)
        key = f"{body['contentLanguage']}~{body['feedLabel']}~{' '.join(body['offerId'].split())}"
        self.kept[key] = body
        encoded = base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
        name = encoded if _ENCODED & set(key.replace("~", "", 2)) else key
        return 200, {
            "name": f"{parent}/productInputs/{name}",
            "base64EncodedName": f"{parent}/productInputs/{encoded}",
            "product": f"{parent}/products/{name}",
            "base64EncodedProduct": f"{parent}/products/{encoded}",
            **body,
        }


def _misfits(said: Any, form: Any, at: str) -> Iterator[dict[str, str]]:  # noqa: ANN401 - JSON
    """Yield what does not fit a message, in the words of Google's reader of JSON."""
    if isinstance(form, dict):
        if not isinstance(said, dict):
            yield _misfit(at, said)
            return
        for name, held in said.items():
            if name not in form:
                text = f"Invalid JSON payload received. Unknown name \"{name}\" at '{at}': Cannot find field."
                yield {"field": at, "description": text}
            else:
                yield from _misfits(held, form[name], f"{at}.{_snake(name)}")
    elif isinstance(form, list):
        if not isinstance(said, list):
            yield _misfit(at, said)
            return
        for number, one in enumerate(said):
            yield from _misfits(one, form[0], f"{at}[{number}]")
    elif not _fits(said, form):
        yield _misfit(at, said)


def _fits(said: Any, form: Any) -> bool:  # noqa: ANN401 - JSON
    if form == "flag":
        return isinstance(said, bool)
    if form == "number":
        return isinstance(said, int | float) and not isinstance(said, bool)
    if not isinstance(said, str):
        return False
    if isinstance(form, tuple):
        return said in form
    return form == "text" or (_WHOLE if form == "whole" else _MOMENT).fullmatch(said) is not None


def _misfit(at: str, said: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
    return {"field": at, "description": f"Invalid value at '{at}', \"{said}\""}


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name)


def _info(reason: str, **more: str) -> dict[str, Any]:
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "invalid",
        "domain": "merchantapi.googleapis.com",
        "metadata": {"REASON": reason, **more},
    }


def _error(code: int, status: str, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "status": status, "details": list(details)}}
