"""EasyPost: one shipment, and the prices of every carrier of the account in its answer (API v2, read 2026-11-28).

A shipment that is not bought costs nothing. Carriers that gave no price stand among its ``messages``.
https://docs.easypost.com/docs/shipments, /docs/shipments/rates, /docs/shipments/messages, /docs/errors.
"""

from __future__ import annotations

import json
from decimal import ROUND_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from shopkit.sending.carriers.port import (
    Rate,
    Rates,
    Refusal,
    days_of,
    object_of,
    objects_in,
    price_of,
    text_of,
)
from shopkit.tracking.port import Call, Field, TrackingError, must_be_well

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shopkit.sending.carriers.port import Calls, Consignment, Spot

_LIVE: Final = "https://api.easypost.com"
# International avoirdupois ounce and inch, exact by definition.
_KG_PER_OUNCE: Final = Decimal("0.028349523125")
_CM_PER_INCH: Final = Decimal("2.54")
_TENTH: Final = Decimal("0.1")


class EasyPost:
    """EasyPost, by the key of an account: a test key brings prices of its test carriers."""

    name: str = "easypost"
    fields: tuple[Field, ...] = (Field("key", {"en": "API key", "es": "Clave de API", "pt": "Chave da API"}),)

    def address(self, details: Mapping[str, str]) -> str:  # noqa: ARG002 - the port's
        """Return its address: a key says itself whether it is for tests."""
        return _LIVE

    def sign(self, call: Call, details: Mapping[str, str], token: str) -> Mapping[str, str]:  # noqa: ARG002 - the port's
        """Sign by the key, as the vendor's own client does."""
        return {"Authorization": f"Bearer {details.get('key', '')}"}

    def takes(self, asked: Consignment) -> bool:  # noqa: ARG002 - the port's
        """Return that it can be asked: which carriers an account has, it alone knows."""
        return True

    def rates(self, asked: Consignment, details: Mapping[str, str]) -> Calls:  # noqa: ARG002 - the port's
        """Ask for a shipment and read its prices."""
        body = json.dumps({"shipment": dict(_shipment(asked))}).encode()
        call = Call("POST", "/v2/shipments", body=body)
        reply = yield call
        must_be_well(reply, call)
        answer = object_of(reply.body)
        error = answer.get("error")
        if error:
            # Said with a good status as well.
            raise TrackingError("refused", text_of(error.get("code")) if isinstance(error, dict) else "an error")
        if "rates" not in answer:
            raise TrackingError("garbage", "the answer has no rates")
        return Rates(tuple(_rates(answer)), (*_refusals(answer), *_unreadable(answer)))


CARRIER: Final = EasyPost()


def _shipment(asked: Consignment) -> Iterator[tuple[str, Any]]:
    yield "from_address", _spot(asked.dispatch)
    yield "to_address", _spot(asked.destination)
    sides = asked.parcel.dimensions_cm
    measures = {} if sides is None else dict(zip(("length", "width", "height"), map(_inches, sides), strict=True))
    yield "parcel", measures | {"weight": _ounces(asked.parcel.gross_kg)}
    if all(one.net_kg is not None for one in asked.goods):
        yield "customs_info", {"contents_type": "merchandise", "customs_items": list(_customs(asked))}


def _customs(asked: Consignment) -> Iterator[dict[str, Any]]:
    for one in asked.goods:
        yield {
            "description": one.description,
            "quantity": one.quantity,
            "value": one.value.text,
            "currency": one.value.currency,
            "weight": _ounces(one.net_kg or Decimal(0)),
            "hs_tariff_number": one.hs_code,
            "origin_country": one.origin,
        }


def _spot(spot: Spot) -> dict[str, str]:
    said = {"country": spot.country, "zip": spot.postal_code, "state": spot.region}
    return {name: text for name, text in said.items() if text}


def _ounces(kilograms: Decimal) -> float:
    """Return ounces to the tenth, rounded up: a carrier weighs again, and more is what it charges."""
    return float((kilograms / _KG_PER_OUNCE).quantize(_TENTH, ROUND_UP))


def _inches(centimetres: Decimal) -> float:
    return float((centimetres / _CM_PER_INCH).quantize(_TENTH, ROUND_UP))


def _rates(answer: Mapping[str, Any]) -> Iterator[Rate]:
    for one in objects_in(answer, "rates"):
        price = price_of(one.get("rate"), one.get("currency"))
        carrier, service = text_of(one.get("carrier")), text_of(one.get("service"))
        if price is not None and carrier and service:
            yield Rate(carrier, service, price, days_of(one.get("delivery_days")))


def _unreadable(answer: Mapping[str, Any]) -> Iterator[Refusal]:
    """Tell of prices that are none: without a currency that exists, of nothing, below nothing."""
    for one in objects_in(answer, "rates"):
        if price_of(one.get("rate"), one.get("currency")) is None:
            said = f"{text_of(one.get('rate'))} {text_of(one.get('currency'))}".strip()
            yield Refusal(text_of(one.get("carrier")), text_of(one.get("service")), f"price: {said or '?'}")


def _refusals(answer: Mapping[str, Any]) -> Iterator[Refusal]:
    for one in objects_in(answer, "messages"):
        yield Refusal(text_of(one.get("carrier")), "", text_of(one.get("message")))
