"""EasyPost's shipments and USPS's International Prices v3 on loopback, in the shapes that both publish."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.twins.carriers import Answered, Asked, Carrier

Json = dict[str, Any]
# Carrier, service, cents of nothing, cents of an ounce, days.
_SERVICES: Final = (
    ("USPS", "FirstClassPackageInternationalService", 1_400, 60, None),
    ("USPS", "ExpressMailInternational", 5_000, 110, None),
    ("FedEx", "INTERNATIONAL_PRIORITY", 6_000, 120, 3),
)
_CLASSES: Final = {
    "FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE": (14.96, 4.0),
    "PRIORITY_MAIL_INTERNATIONAL": (52.2, 66.0),
    "PRIORITY_MAIL_EXPRESS_INTERNATIONAL": (71.45, 66.0),
}


class EasyPost(Carrier):
    """The twin of EasyPost.

    ``planted``: ``error_in_200``, ``pounds`` (prices in GBP), ``crowns`` (in a currency without a rate),
    ``new_service``, ``odd_prices`` (none, below nothing, no number), ``odd_rows``, ``no_rates``, ``tired`` (a carrier
    times out).
    """

    def __init__(self) -> None:
        super().__init__()
        self.details = {"key": "EZAKtest-1"}

    def answer(self, asked: Asked) -> Answered:
        """Answer a request."""
        if asked.headers.get("authorization") != f"Bearer {self.details['key']}":
            return _failed(401, "APIKEY.INACTIVE", "This api key is no longer active.")
        if "error_in_200" in self.planted:
            return Answered(200, _failed(422, "SHIPMENT.INVALID_PARAMS", "Sorry").body)
        if asked.path != "/v2/shipments" or asked.method != "POST":
            return _failed(404, "NOT_FOUND", "The requested resource could not be found.")
        try:
            shipment = json.loads(asked.body)["shipment"]
            ounces = float(shipment["parcel"]["weight"])
            where = [shipment[name]["country"] for name in ("from_address", "to_address")]
        except (ValueError, KeyError, TypeError):
            return _failed(422, "PARAMETER.REQUIRED", "Missing required parameter.")
        made = self.shipment(ounces, where)
        if "no_rates" in self.planted:
            del made["rates"]
        return Answered(201, json.dumps(made).encode())

    def shipment(self, ounces: float, where: list[str]) -> Json:
        """Return a shipment with its prices, lies and all."""
        currency = "GBP" if "pounds" in self.planted else "ISK" if "crowns" in self.planted else "USD"
        rates: list[Any] = [
            {
                "id": f"rate_{place}",
                "object": "Rate",
                "mode": "test",
                "service": service,
                "carrier": carrier,
                "carrier_account_id": f"ca_{place}",
                "shipment_id": "shp_1",
                "rate": f"{(base + more * ounces) / 100:.2f}",
                "currency": currency,
                "retail_rate": None,
                "list_rate": None,
                "delivery_days": days,
                "delivery_date": None,
                "delivery_date_guaranteed": False,
                "est_delivery_days": days,
            }
            for place, (carrier, service, base, more, days) in enumerate(_SERVICES)
        ]
        if "new_service" in self.planted:
            rates.append(rates[0] | {"carrier": "PostPanda", "service": "Bamboo", "rate": "3.00"})
        if "odd_prices" in self.planted:
            rates = [rates[0] | {"rate": text} for text in ("0.00", "-4.00", "1e400", "free", None)] + rates[1:]
        if "odd_rows" in self.planted:
            rates = [None, 7, [], {}, *rates]
        messages = []
        if "tired" in self.planted:
            said = "The carrier <b>did not answer</b> in time."
            messages.append(
                {"carrier": "DHLExpress", "type": "rate_error", "message": said, "carrier_account_id": "ca_9"}
            )
        return {
            "id": "shp_1",
            "object": "Shipment",
            "mode": "test",
            "status": "unknown",
            "from_address": {"object": "Address", "country": where[0]},
            "to_address": {"object": "Address", "country": where[1]},
            "parcel": {"object": "Parcel", "weight": ounces},
            "rates": rates,
            "messages": messages,
        }


class Usps(Carrier):
    """The twin of USPS.

    ``planted``: ``error_in_200``, ``no_price`` (rates without one), ``only_rates`` (no total).
    """

    def __init__(self) -> None:
        super().__init__()
        self.details = {"client_id": "key-1", "client_secret": "secret-1"}
        self.tokens: set[str] = set()
        self.given = 0

    def refuse_tokens(self) -> None:
        """Let all tokens be over."""
        self.tokens.clear()

    def answer(self, asked: Asked) -> Answered:
        """Answer a request."""
        if asked.path == "/oauth2/v3/token" and asked.method == "POST":
            return self._token(asked)
        if asked.path != "/international-prices/v3/base-rates/search" or asked.method != "POST":
            return _error(404, "Resource Not Found")
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _error(401, "Unauthorized")
        if "error_in_200" in self.planted:
            return Answered(200, _error(400, "BAD_REQUEST").body)
        said = json.loads(asked.body)
        price, most = _CLASSES[said["mailClass"]]
        if said["weight"] > most:
            return _error(400, f"Weight exceeds the maximum of {most:g} pounds for this mail class.")
        rate = {
            "SKU": "IPXX0XXXXR01040",
            "description": "Machinable Single-piece",
            "mailClass": said["mailClass"],
            "priceType": said["priceType"],
            "zone": "01",
            "dimWeight": 0,
            "weight": said["weight"],
            "fees": [],
            "price": "?" if "no_price" in self.planted else price,
            "startDate": "2026-07-12",
            "endDate": "",
            "warnings": [],
        }
        total = {} if {"only_rates", "no_price"} & self.planted else {"totalBasePrice": price}
        return Answered(200, json.dumps({"rates": [rate], **total}).encode())

    def _token(self, asked: Asked) -> Answered:
        said = json.loads(asked.body)
        if {name: said.get(name) for name in self.details} != self.details:
            return Answered(401, b'{"error": "invalid_client"}')
        self.given += 1
        token = f"usps-token-{self.given}"
        self.tokens.add(token)
        told = {"access_token": token, "token_type": "Bearer", "expires_in": "28799", "scope": said["scope"]}
        return Answered(200, json.dumps(told).encode())


def _failed(status: int, code: str, message: str) -> Answered:
    return Answered(status, json.dumps({"error": {"code": code, "message": message, "errors": []}}).encode())


def _error(status: int, message: str) -> Answered:
    body = {"apiVersion": "v3", "error": {"code": str(status), "message": message, "errors": []}}
    return Answered(status, json.dumps(body).encode())
