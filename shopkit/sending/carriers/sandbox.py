"""A carrier for trying things: prices that follow from the weight, and what goes wrong by the story of the account.

It needs no network and carries its own calls; its offers are marked as nobody's.

>>> from datetime import date
>>> from decimal import Decimal
>>> from landed_cost.freight import Parcel
>>> from shopkit.sending.carriers.port import Consignment, Spot
>>> from shopkit.tracking.port import converse
>>> asked = Consignment(Spot("MX"), Spot("US"), Parcel(Decimal("0.5")), (), date(2026, 11, 28))
>>> found = converse(CARRIER.rates(asked, {"story": "well"}), CARRIER)
>>> [(rate.service, str(rate.price), rate.days) for rate in found.rates]
[('Packet', '8.50 USD', (12, 12)), ('EMS', '19.00 USD', (6, 6)), ('Express', '31.00 USD', (3, 3))]
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from shopkit.sending.carriers.easypost import EasyPost
from shopkit.tracking.port import Call, Field, Reply, TrackingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopkit.sending.carriers.port import Calls, Consignment, Rates

STORIES: Final = ("well", "slow", "busy", "unsigned", "down", "error_inside", "garbage", "foreign", "unknown_service")
_HEADER: Final = "Sandbox-Story"
_REPLIES: Final = {
    "busy": Reply(429, b'{"error": {"code": "RATE_LIMITED"}}', 60.0),
    "unsigned": Reply(401, b'{"error": {"code": "APIKEY.INACTIVE"}}'),
    "down": Reply(503, b"<html>down for a moment</html>"),
    "error_inside": Reply(200, b'{"error": {"code": "SHIPMENT.INVALID_PARAMS", "message": "no"}}'),
    "garbage": Reply(200, b"<html><title>Sign in to the network</title></html>"),
}
# Name, price of nothing, price of each kilogram, days.
_SERVICES: Final = (("Packet", "6.00", "5.00", 12), ("EMS", "15.00", "8.00", 6), ("Express", "25.00", "12.00", 3))
_PACKET_MOST_KG: Final = Decimal(2)


class Sandbox(EasyPost):
    """The carrier, in EasyPost's shape, and the network between it and us."""

    name: str = "sandbox"
    fields: tuple[Field, ...] = (
        Field(
            "story",
            {"en": "What goes wrong", "es": "Qué sale mal", "pt": "O que dá errado"},
            is_secret=False,
            is_required=False,
        ),
    )

    def address(self, details: Mapping[str, str]) -> str:  # noqa: ARG002 - the port's
        """Return that it has none."""
        return ""

    def rates(self, asked: Consignment, details: Mapping[str, str]) -> Calls:
        """Ask as EasyPost is asked, with the story of the account."""
        calls = super().rates(asked, details)
        call = next(calls)
        story = details.get("story", "").strip() or "well"
        reply = yield Call(call.method, call.path, body=call.body, headers={_HEADER: story})
        try:
            calls.send(reply)
        except StopIteration as end:
            found: Rates = end.value
            return found
        raise TrackingError("garbage", "one call is all there is")

    def send(self, call: Call) -> Reply:
        """Answer a call, or do not."""
        story = call.headers.get(_HEADER, "well")
        if story == "slow":
            raise TrackingError("unavailable", "no answer could be read: ReadTimeout")
        if story in _REPLIES:
            return _REPLIES[story]
        asked = json.loads(call.body)["shipment"]
        kilograms = Decimal(str(asked["parcel"]["weight"])) * Decimal("0.028349523125")
        rates = [
            _rate(one, kilograms, story) for one in _SERVICES if one[0] != "Packet" or kilograms <= _PACKET_MOST_KG
        ]
        if story == "unknown_service":
            rates.append({"carrier": "Hermes Trismegistos", "service": "Winged", "rate": "3.00", "currency": "USD"})
        messages = []
        if kilograms > _PACKET_MOST_KG:
            said = "Packet takes up to 2 kg"
            messages.append({"carrier": "Sandbox", "type": "rate_error", "message": said})
        return Reply(201, json.dumps({"object": "Shipment", "rates": rates, "messages": messages}).encode())


CARRIER: Final = Sandbox()


def _rate(service: tuple[str, str, str, int], kilograms: Decimal, story: str) -> dict[str, Any]:
    name, base, more, days = service
    # To the tenth of a kilogram, so that a parcel has the same price however it was measured.
    price = Decimal(base) + Decimal(more) * kilograms.quantize(Decimal("0.1"))
    currency = "GBP" if story == "foreign" else "USD"
    return {
        "carrier": "Sandbox",
        "service": name,
        "rate": f"{price:.2f}",
        "currency": currency,
        "delivery_days": days,
    }
