"""USPS, International Prices v3: one call a mail class, OAuth 2.0 by client credentials; prices in US dollars.

The shapes are those of USPS' own examples (github.com/USPS/api-examples, *International Prices - Base Rates Request
(V3)*). A class that has no price for a parcel is answered with 400 and its reason: the others are asked all the same.
"""

from __future__ import annotations

import json
from decimal import ROUND_UP, Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from shopkit.sending.carriers.port import Rate, Rates, Refusal, object_of, objects_in, price_of, text_of
from shopkit.tracking.port import Call, Field, Token, TrackingError, must_be_well

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopkit.sending.carriers.port import Calls, Consignment
    from shopkit.tracking.port import Reply, TokenCalls

_LIVE: Final = "https://apis.usps.com"
_TRIAL: Final = "https://apis-tem.usps.com"
_CLASSES: Final = (
    "FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE",
    "PRIORITY_MAIL_INTERNATIONAL",
    "PRIORITY_MAIL_EXPRESS_INTERNATIONAL",
)
# The Union has its post, and Puerto Rico the same.
_FROM: Final = frozenset({"US", "PR"})
# International avoirdupois pound and inch, exact by definition.
_KG_PER_POUND: Final = Decimal("0.45359237")
_CM_PER_INCH: Final = Decimal("2.54")
_HUNDREDTH: Final = Decimal("0.01")


class Usps:
    """USPS' retail or commercial prices to other countries, by the consumer's key and secret."""

    name: str = "usps"
    fields: tuple[Field, ...] = (
        Field(
            "client_id",
            {"en": "Consumer key", "es": "Clave de consumidor", "pt": "Chave de consumidor"},
            is_secret=False,
        ),
        Field(
            "client_secret",
            {"en": "Consumer secret", "es": "Secreto de consumidor", "pt": "Segredo de consumidor"},
        ),
        Field(
            "price_type",
            {
                "en": "commercial for commercial prices, else empty",
                "es": "commercial para precios comerciales; si no, vacío",
                "pt": "commercial para preços comerciais; senão, vazio",
            },
            is_secret=False,
            is_required=False,
        ),
        Field(
            "environment",
            {
                "en": "tem for the testing environment, else empty",
                "es": "tem para el entorno de pruebas; si no, vacío",
                "pt": "tem para o ambiente de testes; senão, vazio",
            },
            is_secret=False,
            is_required=False,
        ),
    )

    def address(self, details: Mapping[str, str]) -> str:
        """Return the address of its live or its testing environment."""
        return _TRIAL if details.get("environment", "").strip().lower() == "tem" else _LIVE

    def sign(self, call: Call, details: Mapping[str, str], token: str) -> Mapping[str, str]:  # noqa: ARG002 - the port's
        """Sign by the token."""
        return {"Authorization": f"Bearer {token}"}

    def token(self, details: Mapping[str, str]) -> TokenCalls:
        """Ask for a token by the consumer's key and secret."""
        asked = {
            "client_id": details.get("client_id", ""),
            "client_secret": details.get("client_secret", ""),
            "grant_type": "client_credentials",
            "scope": "international-prices",
        }
        call = Call("POST", "/oauth2/v3/token", body=json.dumps(asked).encode())
        reply = yield call
        if reply.status == HTTPStatus.BAD_REQUEST:
            # RFC 6749 section 5.2: whoever asks is not who it says it is.
            raise TrackingError("unsigned", "the consumer key or secret is not taken")
        must_be_well(reply, call)
        answer = object_of(reply.body)
        token, lasts = text_of(answer.get("access_token")), answer.get("expires_in")
        if not isinstance(answer.get("access_token"), str) or not token:
            raise TrackingError("garbage", "the answer has no token")
        # The number comes as a text as well.
        return Token(str(answer["access_token"]), float(str(lasts)) if str(lasts).isdigit() else None)

    def takes(self, asked: Consignment) -> bool:
        """Return whether a parcel begins in the United States and leaves them."""
        return asked.dispatch.country in _FROM and asked.destination.country not in _FROM

    def rates(self, asked: Consignment, details: Mapping[str, str]) -> Calls:
        """Ask the price of each mail class."""
        rates: list[Rate] = []
        refusals: list[Refusal] = []
        for mail_class in _CLASSES:
            call = Call("POST", "/international-prices/v3/base-rates/search", body=_body(asked, mail_class, details))
            reply = yield call
            if reply.status == HTTPStatus.BAD_REQUEST:
                refusals.append(Refusal("USPS", mail_class, _why(reply)))
                continue
            must_be_well(reply, call)
            found = _rate(object_of(reply.body), mail_class)
            if found is None:
                refusals.append(Refusal("USPS", mail_class, "price: ?"))
            else:
                rates.append(found)
        return Rates(tuple(rates), tuple(refusals))


CARRIER: Final = Usps()


def _body(asked: Consignment, mail_class: str, details: Mapping[str, str]) -> bytes:
    # Without measures a parcel is asked for as a small one, whose volume counts for nothing.
    sides = sorted(asked.parcel.dimensions_cm or (Decimal("2.54"),) * 3, reverse=True)
    length, width, height = (_up(side / _CM_PER_INCH) for side in sides)
    price_type = "COMMERCIAL" if details.get("price_type", "").strip().lower() == "commercial" else "RETAIL"
    said = {
        "originZIPCode": asked.dispatch.postal_code[:5],
        "foreignPostalCode": asked.destination.postal_code,
        "destinationCountryCode": asked.destination.country,
        "destinationEntryFacilityType": "NONE",
        "weight": _up(asked.parcel.gross_kg / _KG_PER_POUND),
        "length": length,
        "width": width,
        "height": height,
        "mailClass": mail_class,
        "processingCategory": "MACHINABLE",
        "rateIndicator": "SP",
        "priceType": price_type,
        "mailingDate": asked.on.isoformat(),
    }
    return json.dumps({name: value for name, value in said.items() if value != ""}).encode()


def _up(number: Decimal) -> float:
    return float(number.quantize(_HUNDREDTH, ROUND_UP))


def _rate(answer: Mapping[str, Any], mail_class: str) -> Rate | None:
    """Return the price that is asked in all, else that of the only rate; ``None`` where neither is one."""
    if answer.get("error"):
        raise TrackingError("refused", "an error with a good status")
    found = objects_in(answer, "rates")
    if not found and "totalBasePrice" not in answer:
        raise TrackingError("garbage", "the answer has neither rates nor a price")
    price = price_of(answer.get("totalBasePrice"), "USD")
    if price is None and len(found) == 1:
        price = price_of(found[0].get("price"), "USD")
    return None if price is None else Rate("USPS", mail_class, price)


def _why(reply: Reply) -> str:
    try:
        error = object_of(reply.body).get("error")
    except TrackingError:
        return "400"
    return (text_of(error.get("message")) if isinstance(error, dict) else "") or "400"
