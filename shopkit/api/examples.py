"""Requests to copy: the examples of the description and of the reference page."""

from typing import Any, Final

from shopkit.services import pricing_shapes
from shopkit.services.origin_shapes import EXAMPLE

SHIRTS: Final[dict[str, Any]] = {
    "date": "2026-11-23",
    "dispatch": {"country": "MX", "postal_code": "50000"},
    "destination": {"country": "US", "region": "CA", "postal_code": "90012"},
    "channel": "courier",
    "terms": "DDP",
    "currency": "USD",
    "items": [
        {
            "id": "1",
            "description": "Playera de algodón",
            "hs_code": "6109100012",
            "origin": "MX",
            "quantity": "2",
            "unit_price": {"amount": "25.00", "currency": "USD"},
            "weight": {"value": "0.2", "unit": "kg"},
            "attributes": {"fiber": "cotton"},
        }
    ],
    "parcel": {"gross_weight": {"value": "0.5", "unit": "kg"}},
    "freight": {"amount": "12.00", "currency": "USD"},
    "insurance": {"amount": "0.00", "currency": "USD"},
    "save": True,
}
BASKET: Final[dict[str, Any]] = {
    name: value for name, value in SHIRTS.items() if name not in {"destination", "save"}
} | {"destinations": [{"country": "US", "region": "CA"}, {"country": "MX"}, {"country": "BR", "region": "SP"}]}
BATCH: Final[dict[str, Any]] = {"requests": [SHIRTS | {"save": False}]}
CHEESE: Final[dict[str, Any]] = {
    "date": "2026-11-23",
    "dispatch": {"country": "NI"},
    "destinations": [{"country": "SV"}, {"country": "US"}],
    "channels": ["courier", "freight"],
    "product": {
        "description": "Queso morolique duro",
        "hs_code": "040690",
        "origin": "NI",
        "attributes": {"pasteurised": "no", "aged_60_days": "yes"},
    },
    "papers": [{"paper": "us.fda.facility", "number": "12345678901", "expires": "2026-12-31"}],
}
USB_STICKS: Final[dict[str, Any]] = EXAMPLE
PRICED: Final[dict[str, Any]] = pricing_shapes.EXAMPLE
PROBLEM: Final[dict[str, Any]] = {
    "type": "/api/docs#problem-invalid",
    "title": "The request cannot be answered as it is",
    "status": 422,
    "instance": "/api/v1/quotes",
    "errors": [
        {
            "pointer": "/items/0/quantity",
            "code": "measure.invalid",
            "message": "Not a measure: write digits with a decimal point, no unit, not negative, up to 9 digits and 6 "
            'decimals, like "0.2".',
        }
    ],
}
