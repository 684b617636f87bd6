"""EasyPost's trackers, API v2, on loopback."""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.twins.aggregates import STORIES, Scan
from tests.twins.carriers import Answered, Asked, Carrier

Json = dict[str, Any]
CODES: Final = {
    "announced": ("pre_transit", "status_update"),
    "posted": ("in_transit", "received_at_origin_facility"),
    "left": ("in_transit", "departed_facility"),
    "customs": ("in_transit", "arrived_at_facility"),
    "released": ("in_transit", "departed_facility"),
    "held": ("in_transit", "held"),
    "out": ("out_for_delivery", "out_for_delivery"),
    "failed": ("failure", "delivery_exception"),
    "waits": ("available_for_pickup", "arrived_at_pickup_location"),
    "returning": ("return_to_sender", "return"),
    "returned": ("return_to_sender", "status_update"),
    "lost": ("failure", "lost"),
    "delivered": ("delivered", "arrived_at_destination"),
}
# The vendor's numbers for trying: what they tell from the first ask on.
_TRIALS: Final = {
    "EZ1000000001": "announced",
    "EZ2000000002": "silent",
    "EZ4000000004": "delivered",
    "EZ5000000005": "returned",
}


class EasyPost(Carrier):
    """The twin.

    ``planted``: ``error_in_200``, ``no_detail``, ``new_detail``, ``no_places``, ``is_return``, ``night`` (a delivery
    expected late in the evening), ``broken`` (mojibake), ``marked`` (HTML), ``future``, ``repeated``, ``many``,
    ``backwards``, ``not_listed`` (no list of details), ``odd_rows``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.details = {"key": "EZAKtest-1", "webhook_secret": "contraseña"}
        self.parcels: dict[str, tuple[str, datetime]] = {}
        self.made: dict[str, str] = {}
        for number, story in _TRIALS.items():
            self.lay(number, story)

    def lay(self, number: str, story: str, days: float = 5.0) -> None:
        """Let the carriers know a number, posted some days ago; nobody made a tracker of it yet."""
        self.parcels[number] = (story, self.now - timedelta(days=days))

    def answer(self, asked: Asked) -> Answered:
        """Answer a request."""
        if asked.headers.get("authorization") != f"Bearer {self.details['key']}":
            return _failed(401, "APIKEY.INACTIVE", "This api key is no longer active.")
        if "error_in_200" in self.planted:
            return Answered(200, json.dumps({"error": {"code": "INTERNAL", "message": "Sorry", "errors": []}}).encode())
        path = asked.path.removeprefix("/v2")
        if path == "/trackers" and asked.method == "POST":
            return self._make(asked)
        number = next((number for number, made in self.made.items() if path == f"/trackers/{made}"), None)
        if number is None or asked.method != "GET":
            return _failed(404, "NOT_FOUND", "The requested resource could not be found.")
        return _said(200, self.tracker(number))

    def _make(self, asked: Asked) -> Answered:
        try:
            number = json.loads(asked.body)["tracker"]["tracking_code"]
        except (ValueError, KeyError, TypeError):
            return _failed(422, "PARAMETER.REQUIRED", "Missing required parameter.")
        if not isinstance(number, str) or number.startswith("QQ"):
            return _failed(422, "TRACKER.CREATE.ERROR", "The tracking code could not be used.")
        # A number and carrier that there is already gives the same tracker again.
        self.made.setdefault(number, "trk_" + hashlib.sha256(number.encode()).hexdigest()[:32])
        return _said(201, self.tracker(number))

    def tracker(self, number: str) -> Json:
        """Return what is told of a number."""
        story, posted = self.parcels.get(number, ("", self.now))
        scans = [scan for scan in STORIES.get(story, ()) if scan.at(posted) <= self.now]
        rows: list[Any] = [self._row(scan, posted) for scan in scans]
        if "future" in self.planted:
            late = (self.now + timedelta(days=900)).strftime("%Y-%m-%dT%H:%M:%SZ")
            rows.append({**rows[-1], "datetime": late, "status": "delivered", "status_detail": None})
        if "repeated" in self.planted:
            rows *= 1_000
        if "many" in self.planted:
            times = [(posted + timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M:%SZ") for m in range(10_000)]
            rows = [{**rows[0], "datetime": t, "status": "in_transit", "status_detail": "unknown"} for t in times]
        if "backwards" in self.planted:
            rows.reverse()
        if "odd_rows" in self.planted:
            rows = [None, 7, [], {}, *rows]
        status, detail = CODES[scans[-1].what] if scans else ("unknown", "unknown")
        hour = "T23:30:00-06:00" if "night" in self.planted else "T00:00:00Z"
        return {
            "id": self.made.get(number, "trk_0"),
            "object": "Tracker",
            "mode": "test",
            "tracking_code": number,
            "status": status,
            "status_detail": detail,
            "created_at": posted.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "updated_at": self.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "signed_by": None,
            "weight": None,
            "est_delivery_date": (posted + timedelta(days=10)).strftime("%Y-%m-%d") + hour if scans else None,
            "shipment_id": None,
            "carrier": "USPS",
            "tracking_details": None if "not_listed" in self.planted else rows,
            "carrier_detail": {
                "object": "CarrierDetail",
                "service": "EMS",
                "origin_location": "GUATEMALA, GT",
                "destination_location": "HIALEAH, FL",
            },
            "finalized": True,
            "is_return": "is_return" in self.planted,
            "public_url": "https://track.easypost.com/x",
            "fees": [],
        }

    def _row(self, scan: Scan, posted: datetime) -> Json:
        status, detail = CODES[scan.what]
        words, given = scan.words, {"country": scan.country, "city": scan.city}
        if "no_detail" in self.planted:
            detail = ""
        if "new_detail" in self.planted and scan.what == "left":
            detail = "beamed_up"
        if "marked" in self.planted:
            words = f"<b onclick='x()'>{words}</b> &amp; more"
        if "broken" in self.planted:
            words = "Enviar env\u00c3\u00ado a ubicaci\u00c3\u00b3n nacional (salida)"
        place = {} if "no_places" in self.planted else given
        return {
            "object": "TrackingDetail",
            "message": words,
            "description": "",
            "status": status,
            "status_detail": detail,
            "datetime": scan.at(posted).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "source": "USPS",
            "carrier_code": "",
            "tracking_location": {
                "object": "TrackingLocation",
                "city": None,
                "state": None,
                "country": None,
                "zip": None,
                **place,
            },
        }

    def message(self, number: str, event: str = "tracker.updated") -> tuple[bytes, dict[str, str]]:
        """Return a message of a number, signed by the twin's own hand: HMAC-SHA256 by the secret in NFKD."""
        told = {"id": "evt_1", "object": "Event", "mode": "test", "description": event, "result": self.tracker(number)}
        body = json.dumps(told, ensure_ascii=False).encode()
        key = unicodedata.normalize("NFKD", self.details["webhook_secret"]).encode()
        mark = hmac.new(key, body, hashlib.sha256).hexdigest()
        return body, {"x-hmac-signature": f"hmac-sha256-hex={mark}", "content-type": "application/json"}


def _said(status: int, body: Json) -> Answered:
    return Answered(status, json.dumps(body).encode())


def _failed(status: int, code: str, message: str) -> Answered:
    return Answered(status, json.dumps({"error": {"code": code, "message": message, "errors": []}}).encode())
