"""USPS's Tracking v3 on loopback."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from tests.twins.carriers import Answered, Asked, Carrier

Json = dict[str, Any]
_TRACK: Final = re.compile(r"/tracking/v3/tracking/([^/]+)")
_EAST: Final = timezone(timedelta(hours=-5))

# The events of a way, oldest first: hours since posting, code, name, place.
_WAY: Final = (
    (0, "GX", "Shipping Label Created, USPS Awaiting Item", ("SPRINGFIELD GARDENS", "NY", "11413")),
    (12, "03", "USPS in possession of item", ("JAMAICA", "NY", "11430")),
    (20, "10", "Arrived at USPS Regional Origin Facility", ("QUEENS NY DISTRIBUTION CENTER", None, None)),
    (44, "TL", "In Transit to Next Facility", (None, None, None)),
    (60, "A1", "Arrived at USPS Regional Facility", ("JACKSONVILLE FL DISTRIBUTION CENTER", None, None)),
    (66, "07", "Arrived at Post Office", ("LECANTO", "FL", "34461")),
    (67, "OF", "Out for Delivery", ("HERNANDO", "FL", "34442")),
)
_END: Final = (72, "01", "Delivered, Parcel Locker", ("HERNANDO", "FL", "34442"))
_STORIES: Final[dict[str, tuple[Any, ...]]] = {
    "announced": _WAY[:1],
    "posted": _WAY[:2],
    "out": _WAY,
    "delivered": (*_WAY, _END),
    "failed": (*_WAY, (72, "02", "Notice Left (No Authorized Recipient Available)", ("HERNANDO", "FL", "34442"))),
    "returned": (*_WAY, (72, "27", "Unclaimed/Being Returned to Sender", ("HERNANDO", "FL", "34442"))),
    "odd": (*_WAY[:3], (30, "ZQ", "Something New", ("QUEENS NY DISTRIBUTION CENTER", None, None))),
}
_CATEGORIES: Final = {
    "announced": "Pre-Shipment",
    "posted": "Accepted",
    "out": "Out for Delivery",
    "delivered": "Delivered",
    "failed": "Delivery Attempt",
    "returned": "Alert",
    "odd": "In Transit",
}


def _error(status: int, message: str, code: str = "", detail: str = "") -> Answered:
    errors = [{"status": str(status), "code": code, "title": message, "detail": detail, "source": {}}] if code else []
    body = {"apiVersion": "v3", "error": {"code": str(status), "message": message, "errors": errors}}
    headers = {"WWW-Authenticate": 'Bearer realm="https://api.usps.com"'} if status == 401 else {}
    return Answered(status, json.dumps(body).encode(), headers)


class Usps(Carrier):
    """The twin.

    ``planted``: ``wide`` (nulls, flags that are texts, HTML, as answers are and the schema does not say),
    ``text_services``, ``gmt_is_local``, ``no_gmt``, ``no_time``, ``marked`` (HTML in fields), ``broken``
    (mojibake), ``future``, ``many`` (ten thousand events), ``error_in_200``, ``other_number``, ``summary``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.details = {"client_id": "key-1", "client_secret": "secret-1"}
        self.parcels: dict[str, list[tuple[str, datetime]]] = {}
        self.tokens: set[str] = set()
        self.given = 0

    def lay(self, number: str, story: str, days: float = 5.0) -> None:
        """Let a number be known, posted some days ago; a second time it is another parcel of that number."""
        self.parcels.setdefault(number, []).append((story, self.now - timedelta(days=days)))

    def refuse_tokens(self) -> None:
        """Let all tokens be over."""
        self.tokens.clear()

    def answer(self, asked: Asked) -> Answered:
        """Answer a request."""
        if asked.path == "/oauth2/v3/token" and asked.method == "POST":
            return self._token(asked)
        found = _TRACK.fullmatch(asked.path)
        if found is None or asked.method != "GET":
            return _error(404, "Resource Not Found")
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _error(401, "Unauthorized")
        return self._tracked(found[1], dict(asked.query))

    def _token(self, asked: Asked) -> Answered:
        try:
            said = json.loads(asked.body)
        except ValueError:
            said = {}
        if said.get("grant_type") != "client_credentials":
            return Answered(400, b'{"error": "unsupported_grant_type"}')
        if {name: said.get(name) for name in self.details} != self.details:
            refused = {"error": "invalid_client", "error_description": "Client authentication failed."}
            return Answered(401, json.dumps(refused).encode())
        self.given += 1
        token = f"usps-token-{self.given}"
        self.tokens.add(token)
        told = {"access_token": token, "token_type": "Bearer", "expires_in": "28799", "status": "approved"}
        return Answered(200, json.dumps(told | {"scope": "tracking"}).encode())

    def _tracked(self, number: str, query: dict[str, str]) -> Answered:
        several = self.parcels.get(number, [])
        if "mailingDate" in query:
            several = [one for one in several if one[1].astimezone(_EAST).date().isoformat() == query["mailingDate"]]
        if not several:
            return _error(400, "BAD_REQUEST", "150002", "The tracking number may be incorrect.")
        if "error_in_200" in self.planted:
            return Answered(200, _error(400, "BAD_REQUEST", "150002", "No status yet.").body)
        # Of several parcels the first that had the number is told of, as long as nobody says which.
        story, posted = several[0]
        if query.get("expand", "SUMMARY") == "SUMMARY" or "summary" in self.planted:
            lines = [f"{name}, {posted:%m/%d/%Y}" for _, _, name, _ in reversed(_STORIES[story])]
            return Answered(200, json.dumps({"trackingNumber": number, "eventSummaries": lines}).encode())
        return Answered(200, json.dumps(self.details_of(number, story, posted)).encode())

    def details_of(self, number: str, story: str, posted: datetime) -> Json:
        """Return what is told of a parcel in detail, lies and all."""
        steps = _STORIES[story]
        if "many" in self.planted:
            steps = (
                *steps,
                *((80 + place / 60, "TL", "In Transit to Next Facility", (None,) * 3) for place in range(9_990)),
            )
        events = [self._event(step, posted) for step in reversed(steps)]
        services: Any = ["USPS Tracking<SUP>&#174;</SUP>", "Up to $100 insurance included"]
        return {
            "trackingNumber": "9400100000000000000000" if "other_number" in self.planted else number,
            "mailClass": "USPS Ground Advantage<SUP>&#153;</SUP>" if "wide" in self.planted else "PRIORITY_MAIL",
            "mailType": "DOMESTIC_MAIL",
            "originCity": "JAMAICA",
            "originState": "NY",
            "originZIP": "11430",
            "destinationCity": "HERNANDO",
            "destinationState": "FL",
            "destinationZIP": "34442",
            "destinationCountryCode": "US",
            "expectedDeliveryTimeStamp": f"{posted + timedelta(days=4):%Y-%m-%d}T20:00:00Z",
            "services": services[0] if "text_services" in self.planted else services,
            "status": steps[-1][2],
            "statusCategory": _CATEGORIES[story],
            "statusSummary": f"Your item: {steps[-1][2]}.",
            "uniqueMailPieceId": "110158946",
            "trackingEvents": events,
        }

    def _event(self, step: Any, posted: datetime) -> Json:
        hours, code, name, (city, state, postcode) = step
        moment = posted + timedelta(hours=hours) + (timedelta(days=400) if "future" in self.planted else timedelta())
        local = moment.astimezone(_EAST)
        told: Json = {
            "eventType": name,
            "eventTimestamp": f"{local:%Y-%m-%dT%H:%M}:00",
            "GMTTimestamp": f"{moment:%Y-%m-%dT%H:%M:%S}Z",
            "GMTOffset": "-05:00",
            "eventCountry": None,
            "eventCity": city,
            "eventState": state,
            "eventZIP": postcode,
            "firm": None,
            "name": "R ROE" if code == "01" else None,
            "authorizedAgent": "false" if "wide" in self.planted else False,
            "eventCode": code,
        }
        if "gmt_is_local" in self.planted:
            told["GMTTimestamp"] = f"{local:%Y-%m-%dT%H:%M:%S}Z"
        if "no_gmt" in self.planted:
            told |= {"GMTTimestamp": None, "GMTOffset": None}
        if "no_time" in self.planted:
            told |= {"GMTTimestamp": None, "GMTOffset": None, "eventTimestamp": None}
        if "marked" in self.planted:
            told |= {"eventType": f"<script>alert(1)</script>{name}", "eventCity": "<b onmouseover=x>HERNANDO</b>"}
        if "broken" in self.planted:
            told["eventCity"] = "SAN GERMÁN".encode().decode("latin-1")
        # The schema knows no null: what is not there is left out; answers have it all the same.
        return told if "wide" in self.planted else {name: value for name, value in told.items() if value is not None}
