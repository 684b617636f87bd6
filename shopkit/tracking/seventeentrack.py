"""17TRACK, API v2.4: numbers are registered once, which costs one of the account's, and read forty at a time.

Its shape rests on an answer that others published and on public clients; the signature of its messages (a plain hash of
body and key) on two public receivers. A message has no time of its own: one that is sent again tells what is known.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import yaml

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
    written,
)
from shopkit.tracking.codes import Vocabulary, vocabulary
from shopkit.tracking.events import RawEvent
from shopkit.tracking.port import Call, Field, Pace, Told, TrackingError, must_be_well, object_of, text_in

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from shopkit.tracking.port import Ask, Calls, Outcome, Reason, Reply

NAME: Final = "17track"
_NUMBER: Final = re.compile(r"[A-Za-z0-9]{5,50}", re.ASCII)
_OUTCOMES: Final[dict[str, Outcome]] = {"not_found": "not_found", "rejected": "rejected", "unclear": "unclear"}


class SeventeenTrack:
    """The adapter."""

    name: str = NAME
    pace: Pace = Pace(40, 3, 1.0)
    pushes: bool = True
    proves: str = "key"
    fields: tuple[Field, ...] = (
        Field("key", {"en": "Security key of the API", "es": "Clave de seguridad de la API", "pt": "Chave da API"}),
    )

    @property
    def vocabulary(self) -> Vocabulary:
        """Sub-statuses, and what carriers' own wordings say."""
        return vocabulary("seventeentrack", aggregates=True, finer="_")

    def takes(self, number: str, carrier: str) -> bool:  # noqa: ARG002 - it recognises the carrier itself
        """Return whether it is five to fifty letters and digits."""
        return _NUMBER.fullmatch(number) is not None

    def address(self, details: Mapping[str, str]) -> str:  # noqa: ARG002 - the same for everybody
        """Return its address."""
        return "https://api.17track.net/track/v2.4"

    def sign(self, call: Call, details: Mapping[str, str], token: str) -> Mapping[str, str]:  # noqa: ARG002 - as others
        """Return the key in its header."""
        return {"17token": details["key"]}

    def track(self, asks: Sequence[Ask], *, now: datetime) -> Calls:
        """Read all; what is not registered is registered and read once more.

        Reading first keeps the account's numbers from being used up where it was registered by hand.
        """
        wanted = {written(ask.number): ask for ask in asks if _NUMBER.fullmatch(ask.number)}
        found = (yield from _read(list(wanted), now)) if wanted else {}
        new = [number for number in wanted if found.get(number) == _UNREGISTERED]
        if new:
            refused = yield from _registered([wanted[number] for number in new])
            found |= {number: refused.get(number) for number in new}
            again = [number for number in new if found[number] in (None, _REGISTERED)]
            if again:
                found |= yield from _read(again, now)
        return tuple(_told(ask, found.get(written(ask.number))) for ask in asks)

    def read(
        self, body: bytes, headers: Mapping[str, str], secrets: Sequence[str], *, now: datetime
    ) -> tuple[Told, ...]:
        """Read a message of an update; one that says that a number is followed no more tells nothing."""
        signing.must_be_signed(headers, "sign", body, secrets, signing.hash_with_key)
        message = object_of(body)
        data = must_have(message, "data", dict)
        number = must_have(data, "number", str)
        if not inside(data, "track_info"):
            return ()
        return (_parcel(number, data, now),)


TRACKER: Final = SeventeenTrack()

# What was said of a number that no parcel is told of: the code of an error.
_REGISTERED: Final = -18019901
_UNREGISTERED: Final = -18019902
_Found = dict[str, "Told | int | None"]


def _told(ask: Ask, found: Told | int | None) -> Told:
    if not _NUMBER.fullmatch(ask.number):
        return rejected(ask.number)
    if isinstance(found, Told):
        return Told(ask.number, found.outcome, found.events, found.expected_on, found.ref, found.service, found.detail)
    if found is None:
        return Told(ask.number, "unclear", detail="the answer has nothing to be read of it")
    known = _table()["rejections"].get(found, {"outcome": "unclear", "name": f"rejected with {found}"})
    outcome = _OUTCOMES.get(known["outcome"], "not_found")
    return Told(ask.number, outcome, detail=known["name"])


def _registered(asks: Sequence[Ask]) -> Generator[Call, Reply, _Found]:
    rows = []
    for ask in asks:
        row = {"number": ask.number, "origin_country": ask.origin, "destination_country": ask.destination}
        row["ship_date"] = ask.posted_on.isoformat() if ask.posted_on else ""
        rows.append({name: value for name, value in row.items() if value})
    data = yield from _asked("/register", rows)
    return _refused(data)


def _read(numbers: Sequence[str], now: datetime) -> Generator[Call, Reply, _Found]:
    data = yield from _asked("/gettrackinfo", [{"number": number} for number in numbers])
    found: _Found = _refused(data)
    for parcel in objects(data, "accepted"):
        number = text_in(parcel, "number")
        # A parcel that cannot be read is told as unclear, and leaves the others well.
        if number is None or not isinstance(parcel.get("track_info"), dict):
            continue
        told, kept = _parcel(number, parcel, now), found.get(written(number))
        # One number may be followed with several carriers: of the others nothing was heard.
        if not isinstance(kept, Told) or len(told.events) > len(kept.events):
            found[written(number)] = told
    return found


def _asked(path: str, rows: list[dict[str, str]]) -> Generator[Call, Reply, Json]:
    call = Call("POST", path, body=json.dumps(rows).encode())
    reply = yield call
    must_be_well(reply, call)
    answer = object_of(reply.body)
    if answer.get("code") != 0:
        raise _error(path, [answer.get("code")])
    data: Json = must_have(answer, "data", dict)
    if "accepted" not in data and "rejected" not in data:
        raise _error(path, [error.get("code") for error in objects(data, "errors")])
    return data


def _error(path: str, codes: Sequence[object]) -> TrackingError:
    """Return what is wrong with a whole ask, by the first of its codes."""
    if not codes or not isinstance(codes[0], int):
        return TrackingError("garbage", f"{path} answered 200 without a code that is known")
    reason: Reason = _table()["errors"].get(codes[0], "refused")
    return TrackingError(reason, f"{path} answered 200 with code {codes[0]}")


def _refused(data: Json) -> _Found:
    found: _Found = {}
    for row in objects(data, "rejected"):
        number, code = text_in(row, "number"), inside(row, "error").get("code")
        if number is not None and isinstance(code, int):
            found[written(number)] = code
    return found


def _parcel(number: str, parcel: Json, now: datetime) -> Told:
    info = inside(parcel, "track_info")
    ends = (
        country_of(text_in(inside(info, "shipping_info", "shipper_address"), "country")),
        country_of(text_in(inside(info, "shipping_info", "recipient_address"), "country")),
    )
    providers = objects(inside(info, "tracking"), "providers")
    events = tuple(_event(row, ends, now) for provider in providers for row in objects(provider, "events"))
    status = text_in(inside(info, "latest_status"), "status") or ""
    edd = inside(info, "time_metrics", "estimated_delivery_date")
    carrier = parcel.get("carrier")
    return Told(
        number,
        "not_found" if not events and status.startswith("NotFound") else "told",
        events,
        # By when: the later end of a span.
        day_of(text_in(edd, "to"), text_in(edd, "from")),
        str(carrier) if isinstance(carrier, int) else "",
        text_in(inside(info, "misc_info"), "service_type") or "",
        text_in(inside(info, "latest_status"), "sub_status") or status,
    )


def _event(row: Json, ends: tuple[str | None, str | None], now: datetime) -> RawEvent:
    address = inside(row, "address")
    country = country_of(text_in(address, "country"))
    time, utc = _times(row)
    return RawEvent(
        NAME,
        now,
        code=text_in(row, "sub_status") or text_in(row, "stage"),
        text=text_in(row, "description"),
        time=time,
        utc=utc,
        place=text_in(row, "location") or place_of(address, "city", "state"),
        country=country,
        leg=leg_of(country, *ends),
        body=dict(row),
    )


def _times(row: Json) -> tuple[str | None, str | None]:
    """Return a clock as the carrier showed it and UTC.

    A day without a clock stays one, though 17TRACK makes midnight of it. Where its UTC and its time with an offset are
    two instants, neither is believed, and the clock stays without a zone.
    """
    raw, iso, utc = inside(row, "time_raw"), text_in(row, "time_iso"), text_in(row, "time_utc")
    if (day := text_in(raw, "date")) and not text_in(raw, "time"):
        return day, None
    if iso is not None and utc is not None and not _same(iso, utc):
        return iso[:19], None
    return iso, utc


def _same(one: str, other: str) -> bool:
    try:
        first, second = datetime.fromisoformat(one), datetime.fromisoformat(other)
    except ValueError:
        return True
    return first.tzinfo is None or second.tzinfo is None or first == second


@cache
def _table() -> dict[str, Any]:
    text = files("shopkit.tracking").joinpath("data/seventeentrack.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data
