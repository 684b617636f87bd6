"""AfterShip Tracking 2026-07 on loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any, Final

from tests.twins.aggregates import STORIES, Scan
from tests.twins.carriers import Answered, Asked, Carrier

Json = dict[str, Any]
_PATH: Final = "/tracking/2026-07/trackings"
_MOST: Final = 50
CODES: Final = {
    "announced": ("InfoReceived", "InfoReceived_001", "Info Received"),
    "posted": ("InTransit", "InTransit_002", "Acceptance scan"),
    "left": ("InTransit", "InTransit_007", "Departure Scan"),
    "customs": ("InTransit", "InTransit_006", "Customs clearance started"),
    "released": ("InTransit", "InTransit_005", "Customs clearance completed"),
    "held": ("Exception", "Exception_004", "Delayed (Customs clearance)"),
    "out": ("OutForDelivery", "OutForDelivery_001", "Out for Delivery"),
    "failed": ("AttemptFail", "AttemptFail_002", "Addressee not available"),
    "waits": ("AvailableForPickup", "AvailableForPickup_001", "Available for pickup"),
    "returning": ("Exception", "Exception_010", "Returning to sender"),
    "returned": ("Exception", "Exception_011", "Returned to sender"),
    "lost": ("Exception", "Exception_013", "Shipment lost"),
    "delivered": ("Delivered", "Delivered_001", "Delivered"),
}
_THREE: Final = {"GT": "GTM", "US": "USA"}


class AfterShip(Carrier):
    """The twin.

    ``planted``: ``error_in_200``, ``no_offset`` (clocks without a zone), ``no_countries``, ``new_subtag``,
    ``no_subtag``, ``by_user`` (a person marked it as delivered), ``expired``, ``two_couriers``, ``span`` (a span for
    the expected delivery), ``broken`` (mojibake), ``marked`` (HTML), ``future``, ``repeated``, ``many``, ``backwards``,
    ``no_promise`` (the carrier expects no day, AfterShip does), ``own_promise`` (only the shop itself),
    ``endless`` (pages without end), ``no_list``, ``odd_rows`` (strange things among the trackings).
    """

    def __init__(self) -> None:
        super().__init__()
        self.details = {"key": "asat-1", "webhook_secret": "as-secret"}
        self.parcels: dict[str, tuple[str, datetime]] = {}
        self.made: dict[str, str] = {}
        self.a_page = 200

    def lay(self, number: str, story: str, days: float = 5.0) -> None:
        """Let the carriers know a number, posted some days ago; nobody made a tracking of it yet."""
        self.parcels[number] = (story, self.now - timedelta(days=days))

    def answer(self, asked: Asked) -> Answered:
        """Answer a request."""
        if asked.headers.get("as-api-key") != self.details["key"]:
            return _failed(401, 401, "Unauthorized", "The API key is invalid.")
        if "error_in_200" in self.planted:
            return Answered(200, json.dumps({"meta": {"code": 500, "type": "InternalError"}, "data": {}}).encode())
        if asked.path == _PATH:
            return self._make(asked) if asked.method == "POST" else self._list(dict(asked.query))
        number = next((n for n, made in self.made.items() if asked.path == f"{_PATH}/{made}"), None)
        if number is None or asked.method != "GET":
            return _failed(404, 404, "NotFound", "The URI requested is invalid or the resource does not exist.")
        return _said(200, self.tracking(number))

    def _make(self, asked: Asked) -> Answered:
        try:
            row = json.loads(asked.body)
            number = row["tracking_number"]
        except (ValueError, KeyError, TypeError):
            return _failed(400, 4007, "BadRequest", "`tracking_number` is required.")
        if not isinstance(number, str) or not number.isalnum():
            return _failed(400, 4005, "BadRequest", "The value of `tracking_number` is invalid.")
        if number.startswith("QQ"):
            return _failed(400, 4012, "BadRequest", "Cannot detect courier.")
        if number in self.made:
            return _failed(400, 4003, "BadRequest", "Tracking already exists.")
        self.made[number] = hashlib.sha256(number.encode()).hexdigest()[:24]
        return _said(201, self.tracking(number))

    def _list(self, query: dict[str, str]) -> Answered:
        numbers = query.get("tracking_numbers", "").split(",")
        if len(numbers) > _MOST:
            return _failed(400, 4008, "BadRequest", "`tracking_numbers` takes 50 at most.")
        if "no_list" in self.planted:
            return _said(200, {"pagination": {}})
        found: list[Any] = [self.tracking(number) for number in numbers if number in self.made]
        if "two_couriers" in self.planted:
            found = [{**one, "id": "other", "slug": "other", "checkpoints": []} for one in found] + found
        if "odd_rows" in self.planted:
            found = [None, [], {"tracking_number": 7}, {}, *found]
        first = int(query.get("cursor") or 0)
        page, after = found[first : first + self.a_page], first + self.a_page
        more = after < len(found) or "endless" in self.planted
        pages = {"total": len(found), "next_cursor": str(after) if more else None, "has_next_page": more}
        return _said(200, {"pagination": pages, "trackings": page})

    def tracking(self, number: str) -> Json:
        """Return what is told of a number."""
        story, posted = self.parcels.get(number, ("", self.now))
        scans = [scan for scan in STORIES.get(story, ()) if scan.at(posted) <= self.now]
        checkpoints = [self._checkpoint(scan, posted) for scan in scans]
        if "by_user" in self.planted:
            last = {**checkpoints[-1], "tag": "Delivered", "subtag": "Delivered_001", "source": "user"}
            checkpoints.append({**last, "checkpoint_time": self.now.isoformat(), "message": "Marked as delivered"})
        if "future" in self.planted:
            late = (self.now + timedelta(days=900)).isoformat()
            checkpoints.append({**checkpoints[-1], "checkpoint_time": late, "subtag": "Delivered_001"})
        if "repeated" in self.planted:
            checkpoints *= 1_000
        if "many" in self.planted:
            times = [(posted + timedelta(minutes=minute)).isoformat() for minute in range(10_000)]
            checkpoints = [{**checkpoints[0], "checkpoint_time": time, "subtag": "InTransit_003"} for time in times]
        if "backwards" in self.planted:
            checkpoints.reverse()
        tag, subtag, words = CODES[scans[-1].what] if scans else ("Pending", "Pending_001", "Pending")
        if "expired" in self.planted:
            tag, subtag, words = "Expired", "Expired_001", "Expired"
        expected = (posted + timedelta(days=10)).strftime("%Y-%m-%d")
        span = {"estimated_delivery_date_min": expected, "estimated_delivery_date_max": "2026-12-02T23:30:00-06:00"}
        own = {"estimated_delivery_date": expected, **(span if "span" in self.planted else {})}
        source = "Order EDD" if "own_promise" in self.planted else "AfterShip EDD"
        known = "no_countries" not in self.planted
        return {
            "id": self.made.get(number, "not-made"),
            "tracking_number": number,
            "slug": "correos-guatemala",
            "active": True,
            "origin_country_region": "GTM" if known else None,
            "destination_country_region": "USA" if known else None,
            "courier_estimated_delivery_date": None if self.planted & {"own_promise", "no_promise"} else own,
            "latest_estimated_delivery": {"type": "specific", "source": source, "datetime": "2026-12-24"},
            "shipment_type": "EMS",
            "tag": tag,
            "subtag": subtag,
            "subtag_message": words,
            "checkpoints": checkpoints,
            "created_at": posted.isoformat(),
        }

    def _checkpoint(self, scan: Scan, posted: datetime) -> Json:
        tag, subtag, said = CODES[scan.what]
        time, words = scan.at(posted).replace(microsecond=0), scan.words
        if "new_subtag" in self.planted and scan.what == "left":
            subtag = "InTransit_077"
        if "marked" in self.planted:
            words = f"<b onclick='x()'>{words}</b> &amp; more"
        if "broken" in self.planted:
            words = "Enviar env\u00c3\u00ado a ubicaci\u00c3\u00b3n nacional (salida)"
        country = _THREE[scan.country] if "no_countries" not in self.planted else None
        return {
            "created_at": self.now.isoformat(),
            "slug": "correos-guatemala",
            "checkpoint_time": (time.replace(tzinfo=None) if "no_offset" in self.planted else time).isoformat(),
            "location": scan.city,
            "city": scan.city,
            "state": None,
            "postal_code": None,
            "coordinate": None,
            "country_region": country,
            "country_region_name": None,
            "message": words,
            "tag": tag,
            "subtag": None if "no_subtag" in self.planted else subtag,
            "subtag_message": said,
            "raw_tag": None,
            "events": [],
            "source": "carrier",
            "hash": hashlib.sha256(words.encode()).hexdigest()[:16],
        }

    def message(self, number: str, event: str = "tracking_update") -> tuple[bytes, dict[str, str]]:
        """Return a message of a number, signed by the twin's own hand: HMAC-SHA256 of the body in Base64."""
        told = {"event": event, "event_id": "e-1", "msg": self.tracking(number), "ts": int(self.now.timestamp())}
        body = json.dumps(told, ensure_ascii=False).encode()
        mark = hmac.new(self.details["webhook_secret"].encode(), body, hashlib.sha256).digest()
        return body, {"aftership-hmac-sha256": base64.b64encode(mark).decode(), "content-type": "application/json"}


def _said(status: int, data: Json) -> Answered:
    return Answered(status, json.dumps({"meta": {"code": status}, "data": data}).encode())


def _failed(status: int, code: int, kind: str, message: str) -> Answered:
    meta = {"code": code, "type": kind, "message": message}
    return Answered(status, json.dumps({"meta": meta, "data": {}}).encode())
