"""USPS, Tracking v3: one number a call, OAuth 2.0 by client credentials, schema 3.2.4 of what it publishes.

A number of which it knows nothing yet is answered with 400 and a code of its own (its *Error Inventory*, 2025-10-31),
not with 404. Its answers are wider than its schema: places are null, flags are texts, ``services`` is a text or a list,
names of services hold HTML. All of it is kept as it came, and shown as text alone.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any, Final

from shopkit.tracking.clock import moment
from shopkit.tracking.codes import vocabulary
from shopkit.tracking.events import RawEvent
from shopkit.tracking.numbers import recognise
from shopkit.tracking.port import Call, Field, Pace, Reply, Token, Told, TrackingError, must_be_well, object_of, text_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shopkit.tracking.codes import Vocabulary
    from shopkit.tracking.port import Ask, Calls, TokenCalls

_LIVE: Final = "https://apis.usps.com"
_TRIAL: Final = "https://apis-tem.usps.com"
_BAD_REQUEST: Final = 400
_NOT_FOUND: Final = 404
_NUMBER: Final = re.compile(r"[A-Z0-9]{4,34}")
# What its Error Inventory says of a number: no status yet; or one that it will never tell of here (another kind of
# number, another shipper's, a product or country it does not track).
_NOT_YET: Final = frozenset({"150001", "150002", "150003", "150009", "150013"})
_NEVER: Final = frozenset({"150004", "150006", "150007", "150008", "150010", "150011", "150012"})
_TAG: Final = re.compile(r"<[^<>]{0,200}>")
_OFFSET: Final = re.compile(r"([+-])([0-9]{1,2}):?([0-9]{2})")
# Local time is told to the minute, GMT to the second; more than this apart, one of them is wrong.
_AGREE: Final = timedelta(minutes=5)
_BEFORE: Final = timedelta(days=3)


class Usps:
    """USPS. A number that it used before is asked for again by its day of posting, which costs a second call."""

    name: str = "usps"
    pushes: bool = False
    # 60 requests an hour is what an account has until it asks for more (reported).
    pace: Pace = Pace(numbers=1, requests=60, per_s=3600.0)
    fields: tuple[Field, ...] = (
        Field(
            "client_id",
            {"en": "Consumer key", "es": "Clave de consumidor", "pt": "Chave de consumidor"},
            is_secret=False,
        ),
        Field(
            "client_secret",
            {"en": "Consumer secret", "es": "Secreto de consumidor", "pt": "Segredo de consumidor"},
        ),
        Field(
            "environment",
            {
                "en": "tem for the testing environment, else empty",
                "es": "tem para el entorno de pruebas; si no, vacío",
                "pt": "tem para o ambiente de testes; senão, vazio",
            },
            is_secret=False,
            is_required=False,
        ),
    )

    @property
    def vocabulary(self) -> Vocabulary:
        """What its codes mean."""
        return vocabulary("usps")

    def takes(self, number: str, carrier: str) -> bool:
        """Return whether a number may be USPS's: its own, or an item of S10 that may have come to the United States."""
        if carrier == "usps":
            return _NUMBER.fullmatch(number) is not None
        found = recognise(number)
        fits = "USPS" in found.carriers or (found.format == "s10" and found.is_valid is True)
        return fits and carrier in ("", "post")

    def address(self, details: Mapping[str, str]) -> str:
        """Return the address of its live or its testing environment."""
        return _TRIAL if details.get("environment", "").strip().lower() == "tem" else _LIVE

    def sign(self, call: Call, details: Mapping[str, str], token: str) -> Mapping[str, str]:  # noqa: ARG002 - the port's
        """Sign by the token."""
        return {"Authorization": f"Bearer {token}"}

    def token(self, details: Mapping[str, str]) -> TokenCalls:
        """Ask for a token by the consumer's key and secret; it is taken for eight hours (reported)."""
        asked = {
            "client_id": details.get("client_id", ""),
            "client_secret": details.get("client_secret", ""),
            "grant_type": "client_credentials",
            "scope": "tracking",
        }
        call = Call("POST", "/oauth2/v3/token", body=json.dumps(asked).encode())
        reply = yield call
        if reply.status == _BAD_REQUEST:
            # RFC 6749 section 5.2: whoever asks is not who it says it is.
            raise TrackingError("unsigned", "the consumer key or secret is not taken")
        must_be_well(reply, call)
        answer = object_of(reply.body)
        token, lasts = text_in(answer, "access_token"), answer.get("expires_in")
        if token is None:
            raise TrackingError("garbage", "the answer has no token")
        # The number comes as a text as well.
        return Token(token, float(str(lasts)) if str(lasts).isdigit() else None)

    def track(self, asks: Sequence[Ask], *, now: datetime) -> Calls:
        """Ask for each number by a call of its own, in full detail."""
        told = []
        for ask in asks:
            if _NUMBER.fullmatch(ask.number) is None:
                told.append(Told(ask.number, "rejected", detail="not a number of USPS"))
                continue
            call = _asked(ask)
            found = read(ask.number, (yield call), call, now)
            if ask.posted_on is not None and _is_others(found, ask.posted_on):
                call = _asked(ask, by_day=True)
                again = read(ask.number, (yield call), call, now)
                # Of a day on which it knows no parcel the first answer is all there is; it is told apart by its time.
                found = again if again.events else found
            told.append(found)
        return tuple(told)


TRACKER: Final = Usps()


def _asked(ask: Ask, *, by_day: bool = False) -> Call:
    query = [("expand", "DETAIL")]
    if by_day and ask.posted_on is not None:
        query.append(("mailingDate", ask.posted_on.isoformat()))
    return Call("GET", f"/tracking/v3/tracking/{ask.number}", tuple(query))


def _is_others(found: Told, posted_on: date) -> bool:
    """Return whether all that was told is of before the day of posting: the number was another parcel's."""
    times = [one.local or one.utc for one in (moment(event.time, utc=event.utc) for event in found.events)]
    days = [time.date() for time in times if time is not None]
    return bool(days) and max(days) < posted_on - _BEFORE


def read(number: str, reply: Reply, call: Call, now: datetime) -> Told:
    """Return what an answer tells of a number; ``TrackingError`` where it tells nothing."""
    if reply.status == _NOT_FOUND:
        return Told(number, "not_found")
    if reply.status == _BAD_REQUEST and (refusal := _refusal(number, reply)) is not None:
        return refusal
    must_be_well(reply, call)
    answer = object_of(reply.body)
    if "error" in answer:
        # An error that was sent with 200.
        refusal = _refusal(number, reply)
        if refusal is None:
            raise TrackingError("garbage", "an error came with 200")
        return refusal
    if not _is_of(number, text_in(answer, "trackingNumber")):
        # Another's parcel would be told as this one's.
        raise TrackingError("garbage", "the answer is of another number")
    rows = answer.get("trackingEvents")
    if not isinstance(rows, list):
        raise TrackingError("garbage", "the answer has no events in detail")
    category = text_in(answer, "statusCategory")
    said = [row for row in rows if isinstance(row, dict)]
    # The newest stands first.
    events = tuple(_event(row, now, None if place else category) for place, row in enumerate(said))
    return Told(number, "told", events, _expected(answer), service=plain(text_in(answer, "mailClass") or ""))


def _is_of(number: str, said: str | None) -> bool:
    """Return whether an answer is of the number that was asked for; the routing before a number may be left out."""
    return said is not None and (number.endswith(said.upper()) or said.upper().endswith(number))


def _refusal(number: str, reply: Reply) -> Told | None:
    """Return what an error says of the number; nothing where it says that the call is wrong."""
    try:
        error = object_of(reply.body).get("error")
    except TrackingError:
        return None
    errors = error.get("errors") if isinstance(error, dict) else None
    codes = (
        {str(one.get("code")) for one in errors or () if isinstance(one, dict)} if isinstance(errors, list) else set()
    )
    if codes & _NOT_YET:
        return Told(number, "not_found")
    if named := codes & _NEVER:
        return Told(number, "rejected", detail=f"USPS {min(named)}")
    return None


def _event(row: Mapping[str, Any], now: datetime, category: str | None) -> RawEvent:
    code = (text_in(row, "eventCode") or "").upper() or None
    text = text_in(row, "eventType")
    if category is not None and not vocabulary("usps").meaning(code, text).is_mapped:
        text = category
    local, gmt = _local(row), text_in(row, "GMTTimestamp")
    time = local if local is None or gmt is not None else f"{local}{_offset(row)}"
    country = text_in(row, "eventCountry")
    return RawEvent(
        "usps",
        now,
        code=code,
        text=text,
        time=time,
        utc=gmt if _agree(local, gmt, row) else None,
        place=", ".join(filter(None, (text_in(row, name) for name in _PLACE))) or None,
        office=text_in(row, "eventZIP") or text_in(row, "eventZIPCode"),
        country=country if country is not None and re.fullmatch(r"[A-Z]{2}", country) else None,
        body=row,
    )


_PLACE: Final = ("eventCity", "eventState", "eventZIP", "eventCountry")


def _local(row: Mapping[str, Any]) -> str | None:
    """Return the wall clock of an event: a Z at its end is none of UTC, for the field is local by its description."""
    found = text_in(row, "eventTimestamp")
    return None if found is None else re.sub(r"(?<=[0-9])Z$", "", found)


def _offset(row: Mapping[str, Any]) -> str:
    found = _OFFSET.fullmatch(text_in(row, "GMTOffset") or "")
    return f"{found[1]}{found[2]:0>2}:{found[3]}" if found else ""


def _agree(local: str | None, gmt: str | None, row: Mapping[str, Any]) -> bool:
    """Return whether GMT is what the wall clock and its offset come to; where they are not all told, GMT is believed.

    A GMT that is the wall clock again would put an event hours away from where it was.
    """
    offset = _offset(row)
    if gmt is None or local is None or not offset:
        return True
    reckoned, told = moment(f"{local}{offset}").utc, moment(None, utc=gmt).utc
    return reckoned is None or told is None or abs(reckoned - told) <= _AGREE


def _expected(answer: Mapping[str, Any]) -> date | None:
    """Return the day of delivery that is expected, as its own date: no zone moves it."""
    inner = answer.get("deliveryDateExpectation")
    for held in (answer, inner if isinstance(inner, dict) else {}):
        for name in ("expectedDeliveryTimeStamp", "expectedDeliveryDate", "predictedDeliveryDate"):
            found = text_in(held, name)
            try:
                if found is not None:
                    return date.fromisoformat(found[:10])
            except ValueError:
                continue
    return None


def plain(text: str) -> str:
    """Return a text of a provider without its markup; what it shows is text and never a part of a page.

    >>> plain("USPS Ground Advantage<SUP>&#153;</SUP>")
    'USPS Ground Advantage™'
    """
    return " ".join(unescape(_TAG.sub("", text)).split())
