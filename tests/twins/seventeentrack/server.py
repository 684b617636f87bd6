"""17TRACK's API v2.4 on loopback."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.twins.aggregates import STORIES, Scan
from tests.twins.carriers import Answered, Asked, Carrier

Json = dict[str, Any]
_NUMBER: Final = re.compile(r"[A-Za-z0-9]{5,50}", re.ASCII)
_MOST: Final = 40
CODES: Final = {
    "announced": ("InfoReceived", "InfoReceived"),
    "posted": ("PickedUp", "InTransit_PickedUp"),
    "left": ("Departure", "InTransit_Departure"),
    "customs": (None, "InTransit_CustomsProcessing"),
    "released": (None, "InTransit_CustomsReleased"),
    "held": (None, "InTransit_CustomsRequiringInformation"),
    "out": ("OutForDelivery", "OutForDelivery_Other"),
    "failed": (None, "DeliveryFailure_NoBody"),
    "waits": ("AvailableForPickup", "AvailableForPickup_Other"),
    "returning": ("Returning", "Exception_Returning"),
    "returned": ("Returned", "Exception_Returned"),
    "lost": (None, "Exception_Lost"),
    "delivered": ("Delivered", "Delivered_Other"),
}
_NOWHERE: Final[Json] = {
    "country": None,
    "state": None,
    "city": None,
    "street": None,
    "postal_code": None,
    "coordinates": {"longitude": None, "latitude": None},
}


class SeventeenTrack(Carrier):
    """The twin.

    ``planted``: ``code_in_200`` (the key is not taken, with 200), ``errors_in_200`` (no data, but errors),
    ``no_info`` (an accepted number without its info), ``utc_is_local``, ``day_only``, ``no_zone``, ``no_sub_status``,
    ``new_sub_status``, ``no_countries``, ``expired``, ``two_carriers``, ``broken`` (mojibake), ``marked`` (HTML),
    ``future``, ``repeated`` (a thousand times), ``many`` (ten thousand events), ``backwards``, ``lost_number`` (one of
    those that were asked for is not in the answer), ``always_new`` (it forgets what is registered).
    """

    def __init__(self, quota: int = 100) -> None:
        super().__init__()
        self.details = {"key": "key-17"}
        self.quota = quota
        self.parcels: dict[str, tuple[str, datetime]] = {}
        self.registered: dict[str, Json] = {}

    def lay(self, number: str, story: str, days: float = 5.0) -> None:
        """Let the carriers know a number, posted some days ago; nobody registered it yet."""
        self.parcels[number] = (story, self.now - timedelta(days=days))

    def answer(self, asked: Asked) -> Answered:
        """Answer a request."""
        if asked.headers.get("17token") != self.details["key"]:
            return _said({"code": -18010002, "data": {"errors": [_error(-18010002, "Invalid key.")]}}, 401)
        if "code_in_200" in self.planted:
            return _said({"code": -18010002, "data": {"errors": [_error(-18010002, "Invalid key.")]}})
        name = asked.path.rpartition("/")[2]
        if asked.method != "POST" or name not in ("register", "gettrackinfo"):
            return _said({"code": 404}, 404)
        try:
            rows = json.loads(asked.body)
        except ValueError:
            rows = None
        if not _is_list_of_numbers(rows):
            return _said({"code": 0, "data": {"errors": [_error(-18010013, "Submitted data is invalid.")]}})
        if "errors_in_200" in self.planted:
            return _said({"code": 0, "data": {"errors": [_error(-18010003, "Internal service error.")]}})
        data: Json = {"accepted": [], "rejected": []}
        for row in rows:
            (self._register if name == "register" else self._read)(row, data)
        return _said({"code": 0, "data": data})

    def _register(self, row: Json, data: Json) -> None:
        number = row["number"]
        if not _NUMBER.fullmatch(number):
            return _reject(data, number, -18010014, "The format of the number is incorrect.")
        if number in self.registered:
            return _reject(data, number, -18019901, "The tracking number has been registered.")
        if number.startswith("QQ"):
            return _reject(data, number, -18019903, "Carrier cannot be detected.")
        if len(self.registered) >= self.quota:
            return _reject(data, number, -18019908, "Insufficient quota.")
        if "always_new" not in self.planted:
            self.registered[number] = row
        carrier = {"origin": 1, "number": number, "carrier": 11031, "param": None, "email": None, "tag": None}
        data["accepted"].append(carrier)
        return None

    def _read(self, row: Json, data: Json) -> None:
        number = row["number"]
        if number not in self.registered:
            return _reject(data, number, -18019902, f"{number} is not registered.")
        if number not in self.parcels:
            return _reject(data, number, -18019909, "No tracking information at this time.")
        if "lost_number" in self.planted:
            return None
        parcel = {"number": number, "carrier": 11031, "param": None, "tag": ""}
        if "two_carriers" in self.planted:
            data["accepted"].append({**parcel, "carrier": 3011, "track_info": self._info((), self.now, "NotFound")})
        info = None if "no_info" in self.planted else self.info(number)
        data["accepted"].append({**parcel, "track_info": info})
        return None

    def info(self, number: str) -> Json:
        """Return what is told of a number."""
        story, posted = self.parcels[number]
        return self._info(STORIES[story], posted, "")

    def _info(self, scans: tuple[Scan, ...], posted: datetime, status: str) -> Json:
        events = [self._event(scan, posted) for scan in scans if scan.at(posted) <= self.now]
        if "future" in self.planted:
            events.append({**events[-1], **_times(self.now + timedelta(days=900)), "sub_status": "Delivered_Other"})
        if "repeated" in self.planted:
            events *= 1_000
        if "many" in self.planted:
            minutes = (posted + timedelta(minutes=minute) for minute in range(10_000))
            events = [{**events[0], **_times(minute), "sub_status": "InTransit_Other"} for minute in minutes]
        if "backwards" not in self.planted:
            # A public reader takes them oldest first; nothing may rest on either.
            events.reverse()
        latest = events[0] if events else None
        sub = "Expired_Other" if "expired" in self.planted else (latest or {}).get("sub_status") or status
        ends = {"shipper_address": {**_NOWHERE, "country": "GT"}, "recipient_address": {**_NOWHERE, "country": "US"}}
        if "no_countries" in self.planted:
            ends = {"shipper_address": _NOWHERE, "recipient_address": _NOWHERE}
        edd = {
            "source": "Official",
            "from": (posted + timedelta(days=8)).strftime("%Y-%m-%dT00:00:00-05:00"),
            "to": (posted + timedelta(days=10)).strftime("%Y-%m-%dT23:59:59-05:00"),
        }
        return {
            "shipping_info": ends,
            "latest_status": {"status": sub.partition("_")[0], "sub_status": sub, "sub_status_descr": None},
            "latest_event": latest,
            "time_metrics": {"days_after_order": 5, "days_of_transit": 4, "estimated_delivery_date": edd},
            "milestone": [],
            "misc_info": {"risk_factor": 0, "service_type": "EMS", "weight_kg": "0.45", "local_key": 0},
            "tracking": {
                "providers_hash": -686374653,
                "providers": [
                    {
                        "provider": {"key": 11031, "name": "Royal Mail", "alias": "Royal Mail", "country": "GB"},
                        "provider_lang": "en",
                        "service_type": "EMS",
                        "latest_sync_status": "Success",
                        "events_hash": -1626422354,
                        "provider_tips": None,
                        "events": events,
                    }
                ],
            },
        }

    def _event(self, scan: Scan, posted: datetime) -> Json:
        stage: str | None
        sub: str | None
        stage, sub = CODES[scan.what]
        words, address = scan.words, {**_NOWHERE, "country": scan.country, "city": scan.city}
        if "no_sub_status" in self.planted:
            sub = None
        if "new_sub_status" in self.planted and scan.what == "left":
            sub = "InTransit_TransportDeparted"
        if "marked" in self.planted:
            words = f"<b onclick='x()'>{words}</b> &amp; more"
        if "broken" in self.planted:
            words = "Enviar env\u00c3\u00ado a ubicaci\u00c3\u00b3n nacional (salida)"
        times = _times(scan.at(posted))
        if "utc_is_local" in self.planted:
            times["time_utc"] = scan.at(posted).strftime("%Y-%m-%dT%H:%M:%SZ")
        if "no_zone" in self.planted:
            times["time_raw"]["timezone"] = None
        if "day_only" in self.planted:
            times["time_raw"] |= {"time": None, "timezone": None}
        place = {"description": words, "location": scan.city, "address": address}
        return {**times, **place, "stage": stage, "sub_status": sub}

    def message(self, number: str, event: str = "TRACKING_UPDATED") -> tuple[bytes, dict[str, str]]:
        """Return a message of a number, signed by the twin's own hand: SHA-256 of body, slash and key."""
        data: Json = {"number": number, "carrier": 11031, "param": None, "tag": ""}
        if event == "TRACKING_UPDATED":
            data["track_info"] = self.info(number)
        body = json.dumps({"event": event, "data": data}, ensure_ascii=False).encode()
        mark = hashlib.sha256(body + b"/" + self.details["key"].encode()).hexdigest()
        return body, {"sign": mark, "content-type": "application/json"}


def _times(local: datetime) -> Json:
    offset = local.isoformat()[19:]
    raw = {"date": local.strftime("%Y-%m-%d"), "time": local.strftime("%H:%M:%S"), "timezone": offset}
    utc = local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"time_iso": local.replace(microsecond=0).isoformat(), "time_utc": utc, "time_raw": raw}


def _is_list_of_numbers(rows: object) -> bool:
    if not isinstance(rows, list) or not 1 <= len(rows) <= _MOST:
        return False
    return all(isinstance(row, dict) and isinstance(row.get("number"), str) for row in rows)


def _error(code: int, message: str) -> Json:
    return {"code": code, "message": message}


def _reject(data: Json, number: str, code: int, message: str) -> None:
    data["rejected"].append({"number": number, "error": _error(code, message)})


def _said(body: Json, status: int = 200) -> Answered:
    return Answered(status, json.dumps(body).encode())
