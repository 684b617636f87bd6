"""EasyPost's trackers, API v2: a number is made a tracker once, which costs, and read by the tracker's id from then on.

Verified with the vendor's own client (``easypost`` 10.7.0), which reads the twin that this is held to.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from shopkit.tracking import signing
from shopkit.tracking.aggregates import (
    Json,
    country_of,
    day_of,
    inside,
    leg_of,
    must_have,
    objects,
    place_of,
    rejected,
)
from shopkit.tracking.codes import Vocabulary, vocabulary
from shopkit.tracking.events import RawEvent
from shopkit.tracking.port import Call, Field, Pace, Told, must_be_well, object_of, text_in
from shopkit.tracking.statuses import Leg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from shopkit.tracking.port import Ask, Calls

NAME: Final = "easypost"
_NUMBER: Final = re.compile(r"[A-Za-z0-9-]{4,100}", re.ASCII)
_ID: Final = re.compile(r"trk_[A-Za-z0-9]{1,64}", re.ASCII)
_NOT_FOUND: Final = 404
_UNPROCESSABLE: Final = 422


class EasyPost:
    """The adapter. How often it may be asked is not stated; five a second is a guess at what nobody minds."""

    name: str = NAME
    pace: Pace = Pace(1, 5, 1.0)
    pushes: bool = True
    proves: str = "webhook_secret"
    fields: tuple[Field, ...] = (
        Field("key", {"en": "API key", "es": "Clave de la API", "pt": "Chave da API"}),
        Field(
            "webhook_secret",
            {"en": "Webhook secret", "es": "Secreto del webhook", "pt": "Segredo do webhook"},
            is_required=False,
        ),
    )

    @property
    def vocabulary(self) -> Vocabulary:
        """Statuses with their details, and what carriers' own wordings say."""
        return vocabulary("easypost", aggregates=True, finer="/")

    def takes(self, number: str, carrier: str) -> bool:  # noqa: ARG002 - it recognises the carrier itself
        """Return whether it looks like a number of any carrier."""
        return _NUMBER.fullmatch(number) is not None

    def address(self, details: Mapping[str, str]) -> str:  # noqa: ARG002 - the same for everybody
        """Return its address."""
        return "https://api.easypost.com/v2"

    def sign(self, call: Call, details: Mapping[str, str], token: str) -> Mapping[str, str]:  # noqa: ARG002 - as others
        """Return the key in its header."""
        return {"Authorization": f"Bearer {details['key']}"}

    def track(self, asks: Sequence[Ask], *, now: datetime) -> Calls:
        """Read each by its id, or make it a tracker."""
        told: list[Told] = []
        for ask in asks:
            if not _NUMBER.fullmatch(ask.number):
                told.append(rejected(ask.number))
                continue
            call = _call(ask)
            reply = yield call
            if reply.status == _UNPROCESSABLE:
                code = text_in(inside(object_of(reply.body), "error"), "code") or ""
                told.append(Told(ask.number, "rejected", detail=code))
            elif reply.status == _NOT_FOUND and call.method == "GET":
                told.append(Told(ask.number, "not_found"))
            else:
                must_be_well(reply, call)
                told.append(_tracker(ask.number, object_of(reply.body), (ask.origin, ask.destination), now))
        return tuple(told)

    def read(
        self, body: bytes, headers: Mapping[str, str], secrets: Sequence[str], *, now: datetime
    ) -> tuple[Told, ...]:
        """Read an event about a tracker; those about other things tell nothing."""
        signing.must_be_signed(headers, "x-hmac-signature", body, secrets, signing.hmac_nfkd)
        message = object_of(body)
        if not (text_in(message, "description") or "").startswith("tracker."):
            return ()
        tracker = must_have(message, "result", dict)
        return (_tracker(must_have(tracker, "tracking_code", str), tracker, ("", ""), now),)


TRACKER: Final = EasyPost()


def _call(ask: Ask) -> Call:
    if _ID.fullmatch(ask.ref):
        return Call("GET", f"/trackers/{ask.ref}")
    return Call("POST", "/trackers", body=json.dumps({"tracker": {"tracking_code": ask.number}}).encode())


def _tracker(number: str, tracker: Json, ends: tuple[str, str], now: datetime) -> Told:
    must_have(tracker, "tracking_code", str)
    details = objects(tracker, "tracking_details")
    back = tracker.get("is_return") is True
    events = tuple(_event(row, ends, now, back=back) for row in details)
    status = text_in(tracker, "status") or ""
    return Told(
        number,
        "not_found" if not events and status in ("", "unknown", "error") else "told",
        events,
        day_of(text_in(tracker, "est_delivery_date")),
        text_in(tracker, "id") or "",
        text_in(inside(tracker, "carrier_detail"), "service") or "",
        status,
    )


def _event(row: Json, ends: tuple[str, str], now: datetime, *, back: bool) -> RawEvent:
    location = inside(row, "tracking_location")
    country = country_of(text_in(location, "country"))
    parts = [text_in(row, "status"), text_in(row, "status_detail")]
    return RawEvent(
        NAME,
        now,
        code="/".join(part for part in parts if part) or None,
        text=text_in(row, "message"),
        # Its Z is taken at its word, but no clock was shown by it: carriers' own clocks slip in, too.
        utc=text_in(row, "datetime"),
        place=place_of(location, "city", "state"),
        country=country,
        leg=Leg.RETURN if back else leg_of(country, country_of(ends[0]), country_of(ends[1])),
        body=dict(row),
    )
