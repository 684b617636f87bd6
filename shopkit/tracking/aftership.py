"""AfterShip Tracking, API 2026-07: numbers are made known once, and read fifty at a time.

Verified with the vendor's own client (``aftership-tracking-sdk`` 10.0.1), which reads the twin that this is held to.
"""

from __future__ import annotations

import json
import re
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
from shopkit.tracking.port import Call, Field, Pace, Told, must_be_well, object_of, text_in

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from datetime import datetime

    from shopkit.tracking.port import Ask, Calls, Reply

NAME: Final = "aftership"
_PATH: Final = "/tracking/2026-07/trackings"
_NUMBER: Final = re.compile(r"[A-Za-z0-9-]{4,100}", re.ASCII)
_BAD_REQUEST: Final = 400
# Whose day of delivery is told: what the shop itself promised is no news to it.
_EXPECTS: Final = ("Carrier EDD", "AfterShip EDD")
# Each page is a call: a provider that never comes to the last one is not followed for ever.
_MOST_PAGES: Final = 5


class AfterShip:
    """The adapter; of the limits of its endpoints (reading 5 and 6 a second, making 20) the lowest holds for all."""

    name: str = NAME
    pace: Pace = Pace(50, 5, 1.0)
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
        """Tags and subtags, and what carriers' own wordings say."""
        return vocabulary("aftership", aggregates=True, finer="_")

    def takes(self, number: str, carrier: str) -> bool:  # noqa: ARG002 - it recognises the carrier itself
        """Return whether it looks like a number of any carrier."""
        return _NUMBER.fullmatch(number) is not None

    def address(self, details: Mapping[str, str]) -> str:  # noqa: ARG002 - the same for everybody
        """Return its address."""
        return "https://api.aftership.com"

    def sign(self, call: Call, details: Mapping[str, str], token: str) -> Mapping[str, str]:  # noqa: ARG002 - as others
        """Return the key in its header."""
        return {"as-api-key": details["key"]}

    def track(self, asks: Sequence[Ask], *, now: datetime) -> Calls:
        """Read all; make known what is not, which it tells the state of at once."""
        wanted = {written(ask.number): ask for ask in asks if _NUMBER.fullmatch(ask.number)}
        found = (yield from _read(wanted, now)) if wanted else {}
        for number, ask in wanted.items():
            # What it gave a name and no longer lists has been deleted there, by hand or after 120 days.
            if number not in found and not ask.ref:
                found[number] = yield from _made(ask, now)
        return tuple(_told(ask, found.get(written(ask.number))) for ask in asks)

    def read(
        self, body: bytes, headers: Mapping[str, str], secrets: Sequence[str], *, now: datetime
    ) -> tuple[Told, ...]:
        """Read a message of a tracking's update; other messages tell nothing."""
        signing.must_be_signed(headers, "aftership-hmac-sha256", body, secrets, signing.hmac_base64)
        message = object_of(body)
        tracking = must_have(message, "msg", dict)
        if message.get("event") != "tracking_update":
            return ()
        return (_tracking(must_have(tracking, "tracking_number", str), tracking, now),)


TRACKER: Final = AfterShip()


def _told(ask: Ask, found: Told | None) -> Told:
    if not _NUMBER.fullmatch(ask.number):
        return rejected(ask.number)
    if found is None:
        return Told(ask.number, "not_found", ref=ask.ref)
    return Told(ask.number, found.outcome, found.events, found.expected_on, found.ref, found.service, found.detail)


def _read(wanted: Mapping[str, Ask], now: datetime) -> Generator[Call, Reply, dict[str, Told]]:
    found: dict[str, Told] = {}
    query = (("tracking_numbers", ",".join(wanted)), ("limit", "200"))
    cursor = ""
    for _ in range(_MOST_PAGES):
        call = Call("GET", _PATH, (*query, ("cursor", cursor)) if cursor else query)
        reply = yield call
        must_be_well(reply, call)
        data = must_have(object_of(reply.body), "data", dict)
        must_have(data, "trackings", list)
        for tracking in objects(data, "trackings"):
            number = written(text_in(tracking, "tracking_number") or "")
            if number in wanted:
                told = _tracking(number, tracking, now)
                # One number may be followed with two carriers: the one that we asked for before, else the richer.
                if number not in found or _is_better(told, found[number], wanted[number].ref):
                    found[number] = told
        cursor = text_in(inside(data, "pagination"), "next_cursor") or ""
        if not cursor or inside(data, "pagination").get("has_next_page") is not True:
            break
    return found


def _is_better(told: Told, kept: Told, ref: str) -> bool:
    return (told.ref == ref, len(told.events)) > (kept.ref == ref, len(kept.events))


def _made(ask: Ask, now: datetime) -> Generator[Call, Reply, Told]:
    row = {"tracking_number": ask.number}
    if ask.posted_on is not None:
        row["tracking_ship_date"] = ask.posted_on.strftime("%Y%m%d")
    call = Call("POST", _PATH, body=json.dumps(row).encode())
    reply = yield call
    if reply.status == _BAD_REQUEST:
        meta = inside(object_of(reply.body), "meta")
        code = meta.get("code")
        outcome = _table()["errors"].get(code) if isinstance(code, int) else None
        if outcome == "exists":
            # Made between the two calls: its events come with the next ask.
            return Told(ask.number, "not_found", ref="", detail="it was made known a moment ago")
        if outcome == "rejected":
            return Told(ask.number, "rejected", detail=f"code {code}")
    must_be_well(reply, call)
    return _tracking(ask.number, must_have(object_of(reply.body), "data", dict), now)


def _tracking(number: str, tracking: Json, now: datetime) -> Told:
    ends = (
        country_of(text_in(tracking, "origin_country_region")),
        country_of(text_in(tracking, "destination_country_region")),
    )
    events = tuple(_event(row, ends, now) for row in objects(tracking, "checkpoints"))
    own, latest = inside(tracking, "courier_estimated_delivery_date"), inside(tracking, "latest_estimated_delivery")
    if text_in(latest, "source") not in _EXPECTS:
        latest = {}
    tag = text_in(tracking, "tag") or ""
    return Told(
        number,
        "not_found" if not events and tag in ("", "Pending") else "told",
        events,
        # By when: the later end of a span, and the carrier's own word before a reckoning of AfterShip.
        day_of(
            text_in(own, "estimated_delivery_date_max"),
            text_in(own, "estimated_delivery_date"),
            text_in(latest, "datetime_max"),
            text_in(latest, "datetime"),
        ),
        text_in(tracking, "id") or "",
        text_in(tracking, "shipment_type") or "",
        text_in(tracking, "subtag") or tag,
    )


def _event(row: Json, ends: tuple[str | None, str | None], now: datetime) -> RawEvent:
    country = country_of(text_in(row, "country_region"))
    by_user = row.get("source") == "user"
    return RawEvent(
        NAME,
        now,
        code="USER" if by_user else text_in(row, "subtag") or text_in(row, "tag"),
        text=text_in(row, "message"),
        time=text_in(row, "checkpoint_time"),
        place=text_in(row, "location") or place_of(row, "city", "state"),
        country=country,
        leg=leg_of(country, *ends),
        body=dict(row),
    )


@cache
def _table() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(files("shopkit.tracking").joinpath("data/aftership.yaml").read_text("utf-8"))
    return data
