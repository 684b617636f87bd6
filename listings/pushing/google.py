"""Products of Google by the calls of its Merchant API: one call a row, which makes a product or replaces it whole.

Google keeps a product under language, label and id, so that a call made twice makes one product. What it answers says
that the row was taken; whether the product may be shown Google settles minutes later, and says so in Merchant Center.
Fields and words are those of ``google/shopping/merchant/products/v1`` (productinputs.proto, products_common.proto).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from listings.channels.forms import PRICE
from listings.channels.port import UnwritableError
from listings.pushing.port import Call, Problem, Pushed, PushError, asked, body_of, json_of, must_be_well, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from listings.channels.port import Record
    from listings.pushing.port import Calls

_MICROS: Final = 1_000_000
_BUSY: Final = "RESOURCE_EXHAUSTED"
_INFO: Final = "type.googleapis.com/google.rpc.ErrorInfo"
_BAD: Final = "type.googleapis.com/google.rpc.BadRequest"


@dataclass(frozen=True, slots=True)
class Google:
    """Google Merchant Center: an account, its source of data for calls, and what the rows are for.

    ``label`` is the label of the feed, by Google's advice the country that is sold to; ``language`` has two letters.
    """

    account: str
    source: str
    language: str
    label: str
    channel: str = "google"
    replaces: bool = True

    def push(self, record: Record, ids: Mapping[str, str]) -> Calls:
        """Return the call of a row."""
        parent = f"accounts/{self.account}"
        call = Call(
            "POST",
            f"/products/v1/{parent}/productInputs:insert",
            body_of(self.product_input(record)),
            is_repeatable=True,
            query={"dataSource": f"{parent}/dataSources/{self.source}"},
        )
        reply = yield from asked(call, ids)
        answer = json_of(reply, ids)
        error = answer.get("error")
        problems = _problems(error) if isinstance(error, dict) else ()
        if isinstance(error, dict) and error.get("status") == _BUSY:
            raise PushError("busy", f"{call.method} {call.path} answered {reply.status}", wait_s=reply.wait_s, ids=ids)
        must_be_well(reply, call, problems, ids)
        return Pushed(record["id"], {"product": text_of(answer, "product", ids)})

    def product_input(self, record: Record) -> dict[str, Any]:
        """Return a row as Google takes it; ``UnwritableError`` for an amount or a weight that is none."""
        attributes: dict[str, Any] = {}
        custom = []
        for name, held in record.items():
            if name == "id":
                continue
            if (known := FIELDS.get(name)) is None:
                # By this way Google takes what its specification of product data knows and the messages do not.
                custom.append({"name": name.replace("_", " "), "value": str(held)})
            else:
                attributes[known[0]] = known[1](held)
        said = {
            "offerId": record["id"],
            "contentLanguage": self.language,
            "feedLabel": self.label,
            "productAttributes": attributes,
        }
        return said | ({"customAttributes": custom} if custom else {})


def _amount(text: str) -> dict[str, str]:
    found = PRICE.fullmatch(text)
    if found is None:
        raise UnwritableError(f"{text!r} is no amount with its currency")
    # No more than six decimals stand in an amount, so nothing is rounded; whole numbers of 64 bits are texts in JSON.
    return {"amountMicros": str(int(Decimal(found[1]) * _MICROS)), "currencyCode": found[2]}


def _weight(text: str) -> dict[str, Any]:
    value, _, unit = text.partition(" ")
    try:
        return {"value": Decimal(value), "unit": unit}
    except ArithmeticError as error:
        raise UnwritableError(f"{text!r} is no weight with its unit") from error


def _moment(text: str) -> str:
    """Return a day or a minute as a moment with seconds, without which Google takes none."""
    day, mark, time = text.partition("T")
    if not mark:
        return f"{day}T00:00:00Z"
    clock, zone = (time[:5], time[5:]) if time[5:6] != ":" else (time[:8], time[8:])
    clock = clock if len(clock) == len("00:00:00") else f"{clock}:00"
    return f"{day}T{clock}{zone if ':' in zone or zone == 'Z' else f'{zone[:3]}:{zone[3:]}'}"


def _span(text: str) -> dict[str, str]:
    first, _, last = text.partition("/")
    return {"startTime": _moment(first), "endTime": _moment(last)}


def _structured(held: Mapping[str, str]) -> dict[str, str]:
    return {"digitalSourceType": held["digital_source_type"].upper(), "content": held["content"]}


def _shipping(ways: list[Mapping[str, str]]) -> list[dict[str, Any]]:
    return [{_WAY[name]: _amount(text) if name == "price" else text for name, text in way.items()} for way in ways]


def _problems(error: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what an error says is wrong: each of its details, or the error itself where it has none."""
    text, status = str(error.get("message") or ""), str(error.get("status") or "")
    found = []
    for one in error.get("details") or ():
        kind = one.get("@type") if isinstance(one, dict) else None
        if kind == _INFO:
            said = one.get("metadata") or {}
            field = said.get("FIELD_LOCATION")
            found.append(Problem(str(said.get("REASON") or one.get("reason") or status), text, _named(field)))
        elif kind == _BAD:
            found += [
                Problem(status, str(bad.get("description") or text), _named(bad.get("field")))
                for bad in one.get("fieldViolations") or ()
            ]
    return tuple(found) or (Problem(status, text),)


def _named(field: Any) -> tuple[str, ...]:  # noqa: ANN401 - what stands in an answer
    return (str(field),) if field else ()


def _same(held: Any) -> Any:  # noqa: ANN401 - a value of a record
    return held


_WAY: Final = {
    "price": "price",
    "country": "country",
    "region": "region",
    "service": "service",
    "min_handling_time": "minHandlingTime",
    "max_handling_time": "maxHandlingTime",
    "min_transit_time": "minTransitTime",
    "max_transit_time": "maxTransitTime",
}
# What a field of our rows is called, and how it is said.
FIELDS: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "title": ("title", _same),
    "structured_title": ("structuredTitle", _structured),
    "description": ("description", _same),
    "structured_description": ("structuredDescription", _structured),
    "link": ("link", _same),
    "image_link": ("imageLink", _same),
    "additional_image_link": ("additionalImageLinks", _same),
    "availability": ("availability", str.upper),
    "availability_date": ("availabilityDate", _moment),
    "expiration_date": ("expirationDate", _moment),
    "price": ("price", _amount),
    "sale_price": ("salePrice", _amount),
    "sale_price_effective_date": ("salePriceEffectiveDate", _span),
    "condition": ("condition", str.upper),
    "brand": ("brand", _same),
    "gtin": ("gtins", lambda text: [text]),
    "mpn": ("mpn", _same),
    "identifier_exists": ("identifierExists", lambda text: text in {"yes", "true"}),
    "google_product_category": ("googleProductCategory", _same),
    "product_type": ("productTypes", lambda text: [text]),
    "item_group_id": ("itemGroupId", _same),
    "color": ("color", _same),
    "size": ("size", _same),
    "material": ("material", _same),
    "pattern": ("pattern", _same),
    "gender": ("gender", str.upper),
    "age_group": ("ageGroup", str.upper),
    "shipping": ("shipping", _shipping),
    "shipping_weight": ("shippingWeight", _weight),
}
