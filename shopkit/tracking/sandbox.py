"""A provider for trying things: parcels whose numbers choose what becomes of them, and what goes wrong on the way.

It needs no network and keeps nothing: it carries its own calls, and what it tells follows from a number, its day of
posting and the time that it is asked at. ``data/sandbox.yaml`` has the stories and failures by the first two digits.

>>> from datetime import UTC, date, datetime
>>> from shopkit.tracking.port import Ask, converse
>>> ask = Ask("RB210000014GT", posted_on=date(2026, 1, 5))
>>> (told,) = converse(TRACKER.track([ask], now=datetime(2026, 1, 12, 20, tzinfo=UTC)), TRACKER)
>>> told.outcome, told.events[-1].code, told.expected_on.isoformat()
('told', 'SBX-DUE', '2026-01-19')
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from itertools import count
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import yaml

from shopkit.tracking.codes import Vocabulary, post, vocabulary
from shopkit.tracking.events import RawEvent
from shopkit.tracking.port import (
    Call,
    Field,
    Pace,
    Reply,
    Token,
    Told,
    TrackingError,
    must_be_well,
    object_of,
    text_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shopkit.tracking.port import Ask, Calls, TokenCalls

Json = dict[str, Any]
_IN_A_CALL: Final = 5
_HEADER: Final = "Sandbox-Token"
# Told of whoever does not say when the parcel was posted.
_POSTED: Final = date(2026, 1, 5)
_FAILS_FOR: Final = timedelta(days=2)
_EXPECTED_AFTER: Final = timedelta(days=14)
_TEXTS: Final = ("code", "text", "time", "zone", "place", "office", "country", "reason", "family")

_REPLIES: Final = {
    "busy": (429, b'{"error": {"code": "too_many"}}'),
    "unavailable": (503, b"<html>down for a moment</html>"),
    "expired_token": (401, b'{"error": {"code": "token_expired"}}'),
    "unsigned": (401, b'{"error": {"code": "key_unknown"}}'),
    "error_inside": (200, b'{"error": {"code": "account_suspended"}}'),
    "garbage": (200, b"<html><title>Sign in to the network</title></html>"),
    "one": (200, b"1"),
}


class Sandbox:
    """The provider, and the network between it and us."""

    name: str = "sandbox"
    pace: Pace = Pace(20, 50, 1.0)
    pushes: bool = False

    def __init__(self) -> None:
        self._tokens = count(1)

    @property
    def fields(self) -> tuple[Field, ...]:
        """A key that may be anything."""
        label = {"en": "Key (anything)", "es": "Clave (cualquiera)", "pt": "Chave (qualquer uma)"}
        return (Field("key", label, is_required=False),)

    @property
    def vocabulary(self) -> Vocabulary:
        """The codes of posts, and a few of its own."""
        return _vocabulary()

    def takes(self, number: str, carrier: str) -> bool:  # noqa: ARG002 - whatever the carrier
        """Return whether a number has digits to choose a story by."""
        return _story(number) != ""

    def address(self, details: Mapping[str, str]) -> str:  # noqa: ARG002 - the same for everybody
        """Return an address that nobody calls."""
        return "sandbox:"

    def sign(self, call: Call, details: Mapping[str, str], token: str) -> Mapping[str, str]:  # noqa: ARG002 - as others
        """Return the token in a header."""
        return {_HEADER: token} if token else {}

    def token(self, details: Mapping[str, str]) -> TokenCalls:  # noqa: ARG002 - any key is taken
        """Give the next token; it is taken for eight hours."""
        reply = yield Call("POST", "/token")
        must_be_well(reply, Call("POST", "/token"))
        return Token(str(object_of(reply.body)["token"]), 8 * 3600.0)

    def track(self, asks: Sequence[Ask], *, now: datetime) -> Calls:
        """Ask for five numbers in a call."""
        told: list[Told] = []
        for first in range(0, len(asks), _IN_A_CALL):
            several = asks[first : first + _IN_A_CALL]
            body = {"as_of": now.isoformat(), "parcels": [_asked(ask) for ask in several]}
            call = Call("POST", "/parcels", body=json.dumps(body).encode())
            reply = yield call
            must_be_well(reply, call)
            answer = object_of(reply.body)
            if "error" in answer:
                raise TrackingError("refused", "the answer is good and holds an error")
            if not isinstance(answer.get("parcels"), list):
                raise TrackingError("garbage", "the answer holds no parcels")
            found = {one["number"]: one for one in answer["parcels"] if isinstance(one, dict) and "number" in one}
            told += [_told(ask, found.get(ask.number), now) for ask in several]
        return tuple(told)

    # What others do by a network.

    def send(self, call: Call) -> Reply:
        """Answer a call as the provider would; *unavailable* where it does not answer in time."""
        if call.path == "/token":
            return _reply(200, {"token": f"sandbox-{next(self._tokens)}"})
        body = json.loads(call.body)
        now = datetime.fromisoformat(body["as_of"])
        for parcel in body["parcels"]:
            failure = _failure(parcel, now)
            if failure is not None and (reply := _failed(failure, call.headers.get(_HEADER, ""))) is not None:
                return reply
        return _reply(200, {"parcels": [_answered(parcel, now) for parcel in body["parcels"]]})


TRACKER: Final = Sandbox()


# The adapter's side.


def _asked(ask: Ask) -> Json:
    posted = None if ask.posted_on is None else ask.posted_on.isoformat()
    return {"number": ask.number, "posted_on": posted, "origin": ask.origin, "destination": ask.destination}


def _told(ask: Ask, answer: Json | None, now: datetime) -> Told:
    if answer is None:
        return Told(ask.number, "unclear", detail="the answer has nothing to be read of it")
    state = answer.get("state")
    if state in ("not_found", "rejected"):
        return Told(ask.number, state, detail=text_in(answer, "detail") or "")
    events = tuple(_event(row, now) for row in answer["events"])
    return Told(ask.number, "told", events, date.fromisoformat(answer["expected_on"]), ask.number, "EMS")


def _event(row: Json, now: datetime) -> RawEvent:
    said = {name: text_in(row, name) for name in _TEXTS}
    return RawEvent(
        "sandbox",
        now,
        code=said["code"],
        text=said["text"],
        time=said["time"],
        zone=said["zone"],
        place=said["place"],
        office=said["office"],
        country=said["country"],
        reason=said["reason"],
        family=said["family"],
        body=row,
    )


@cache
def _vocabulary() -> Vocabulary:
    posts, own = post(), vocabulary("sandbox")
    return replace(posts, codes={**posts.codes, **own.codes})


# The provider's side.


@cache
def _table() -> Json:
    data: Json = yaml.safe_load(files("shopkit.tracking").joinpath("data/sandbox.yaml").read_text("utf-8"))
    return data


def _story(number: str) -> str:
    found = re.search(r"[0-9]{2}", number)
    return found[0] if found else ""


def _failure(parcel: Json, now: datetime) -> Json | None:
    failure: Json | None = _table()["failures"].get(_story(parcel["number"]))
    if failure is None or parcel["posted_on"] is None:
        return failure
    over = now.date() >= date.fromisoformat(parcel["posted_on"]) + _FAILS_FOR
    return None if over else failure


def _failed(failure: Json, token: str) -> Reply | None:
    """Return what a failure answers to the whole call; ``None`` for those of one parcel alone."""
    kind = failure["kind"]
    if kind == "timeout":
        raise TrackingError("unavailable", "no answer in time")
    # Of the tokens that were given, every other one is taken.
    if kind not in _REPLIES or (kind == "expired_token" and re.fullmatch(r"sandbox-[0-9]*[02468]", token)):
        return None
    status, body = _REPLIES[kind]
    return Reply(status, body, float(failure["wait_s"]) if "wait_s" in failure else None)


def _answered(parcel: Json, now: datetime) -> Any:  # noqa: ANN401 - JSON
    number, table = parcel["number"], _table()
    failure = _failure(parcel, now)
    kind = "" if failure is None else failure["kind"]
    if kind == "unclear":
        return [number, None]
    if kind == "rejected":
        return {"number": number, "state": "rejected", "detail": "no number of ours"}
    story = table["stories"].get("10" if _story(number) in table["failures"] else _story(number))
    if story is None or kind == "not_found":
        return {"number": number, "state": "not_found"}
    posted = date.fromisoformat(parcel["posted_on"]) if parcel["posted_on"] else _POSTED
    ends = {"origin": parcel["origin"] or "GT", "destination": parcel["destination"] or "US"}
    events = [row for row, when in _happenings(story, posted, ends) if when is None or when <= now]
    expected = (posted + _EXPECTED_AFTER).isoformat()
    return {"number": number, "state": "told", "expected_on": expected, "events": events * story.get("copies", 1)}


def _happenings(story: Json, posted: date, ends: Mapping[str, str]) -> Iterator[tuple[Json, datetime | None]]:
    """Yield what happens in a story and when it is known; what has a time of its own is known at once."""
    table, begun = _table(), posted
    for name in story["parts"]:
        part = table["parts"][name]
        for event in part["events"]:
            row = {key: value for key, value in event.items() if key not in ("day", "at", "where")}
            country = ends.get(event["where"].partition("_")[0], "")
            row = {"text": table["texts"].get(event["code"]), **row} | ({"country": country} if country else {})
            zone = table["zones"].get(country)
            if zone:
                row = {"place": zone.rpartition("/")[2].replace("_", " "), **row, "zone": zone}
            row |= {"office": f"{country}{event['where'][-8:].upper()}"} if country else {}
            local = datetime.combine(begun + timedelta(days=event["day"]), time.fromisoformat(event["at"]))
            for minute in range(story.get("many", 1) if name == "sorted_for_ever" else 1):
                shown = local + timedelta(minutes=minute)
                # A clock of no zone is known once it is that time everywhere.
                when = shown.replace(tzinfo=ZoneInfo(zone or "Etc/GMT+12"))
                yield {"time": shown.isoformat(), **row}, None if "time" in event else when
        begun += timedelta(days=part["days"])


def _reply(status: int, body: Json) -> Reply:
    return Reply(status, json.dumps(body).encode())
