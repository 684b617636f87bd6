"""The ways in which a delivery goes wrong: what is sent, how often, and with which signature."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.twins.stripe.shapes import shown
from tests.twins.stripe.signing import header, signature

if TYPE_CHECKING:
    from tests.twins.stripe.webhooks import Delivery

# Signed well, but somebody else's: they go out before the true one.
FOREIGN: Final = ("unknown_type", "unknown_object", "other_livemode", "other_order", "thin", "not_json", "non_utf8")
# Badly signed, or signed at a strange moment: refused, and tried again properly when their time comes.
SIGNATURES: Final = ("corrupt", "wrong_secret", "stale", "future", "only_v0", "reserialised", "two_v1", "unsigned")
ORDER: Final = ("duplicate", "parallel", "reorder", "delay", "drop", "lose")
MODES: Final = FOREIGN + SIGNATURES + ORDER


@dataclass
class Mode:
    """How the next ``times`` deliveries go out, of those events or of all."""

    name: str
    times: int = 1
    events: tuple[str, ...] = ()
    copies: int = 2
    seed: int = 0
    # Of a delay, on the twin's clock; of a stale or future signature, how far it is off.
    seconds: int = 3600

    def __post_init__(self) -> None:
        if self.name not in MODES:
            raise ValueError(f"mode {self.name!r}: one of {', '.join(MODES)}")


@dataclass
class Shot:
    """One body to be sent: the event as it is worded, by which mode, and how many at once."""

    delivery: Delivery
    event: dict[str, Any]
    mode: str = ""
    seconds: int = 0
    at_once: int = 1
    lost: bool = False

    @property
    def foreign(self) -> bool:
        """Whether it is not the event itself, which then is to come."""
        return self.mode in FOREIGN

    @property
    def kind(self) -> str:
        """Return the type it says it is of."""
        return str(self.event.get("type", ""))


@dataclass
class Signed:
    """A shot with the bytes and the headers that are sent."""

    shot: Shot
    body: bytes
    headers: dict[str, str]


def _event(delivery: Delivery) -> dict[str, Any]:
    return shown(delivery.event) | {"api_version": delivery.endpoint["api_version"] or delivery.event["api_version"]}


def shots(delivery: Delivery, mode: Mode | None) -> list[Shot]:
    """Return what is sent for a delivery in a mode, in its order."""
    event = _event(delivery)
    plain = Shot(delivery, event)
    if mode is None or mode.name in ("delay", "reorder"):
        return [plain]
    if mode.name in FOREIGN:
        return [Shot(delivery, _foreign(event, mode.name), mode.name), plain]
    if mode.name in SIGNATURES:
        return [Shot(delivery, event, mode.name, mode.seconds)]
    return {
        "duplicate": [Shot(delivery, event, "duplicate") for _ in range(mode.copies)],
        "parallel": [Shot(delivery, event, "parallel", at_once=mode.copies)],
        "drop": [Shot(delivery, event, "drop", lost=True)],
        "lose": [],
    }[mode.name]


def _foreign(event: dict[str, Any], name: str) -> dict[str, Any]:
    other = copy.deepcopy(event)
    other["id"] = "evt_" + other["id"][:3:-1]
    thing = other["data"]["object"]
    if name == "unknown_type":
        other["type"] = "twin.something.happened"
    elif name == "unknown_object":
        thing["object"] = "twin_thing"
    elif name == "other_livemode":
        other["livemode"] = thing["livemode"] = not event["livemode"]
    elif name == "other_order":
        thing["id"] = thing["id"].partition("_")[0] + "_of_another_shop"
        thing["metadata"], thing["client_reference_id"] = {}, None
    elif name == "thin":
        return {"id": other["id"], "object": "v2.core.event", "type": "v1." + event["type"], "related_object": None}
    return other


def signed(shot: Shot, secret: str, moment: int) -> Signed:
    """Return a shot with its bytes and its signature, as its mode spoils them."""
    body = json.dumps(shot.event, indent=2, ensure_ascii=False).encode()
    if shot.mode == "not_json":
        body = b"<html>not an event</html>"
    elif shot.mode == "non_utf8":
        body = body.replace(b'"evt_', b'"\xff\xfe_', 1)
    moment += {"stale": -shot.seconds, "future": shot.seconds}.get(shot.mode, 0)
    right, wrong = signature(body, secret, moment), signature(body, secret + "x", moment)
    pairs = {
        "wrong_secret": [("v1", wrong)],
        "two_v1": [("v1", wrong), ("v1", right)],
        "only_v0": [("v0", right)],
    }.get(shot.mode, [("v1", right)])
    if shot.mode == "corrupt":
        middle = len(body) // 2
        body = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
    elif shot.mode == "reserialised":
        body = json.dumps(shot.event, separators=(",", ":"), sort_keys=True).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (the twin)"}
    if shot.mode != "unsigned":
        headers["Stripe-Signature"] = header(moment, *pairs)
    return Signed(shot, body, headers)
