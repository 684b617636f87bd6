"""Notifications of the twin of Mercado Pago: an id in the address, signed with the request's own id and a moment."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import random
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.twins.mercadopago.world import World

MODES: Final = (
    "duplicate",
    "reorder",
    "lose",
    "corrupt",
    "wrong_secret",
    "old",
    "future",
    "milliseconds",
    "unsigned",
    "other_body",
    "other_address",
    "other_topic",
)


@dataclass
class Webhooks:
    """The sender: what waits, whom it goes to, and how broken the next ones are."""

    world: World
    endpoint: str = ""
    secret: str = "twin-signing"  # opens nothing but the twin
    waiting: list[tuple[str, str]] = field(default_factory=list)
    modes: list[dict[str, Any]] = field(default_factory=list)
    automatic: bool = False
    transport: Callable[[str, dict[str, str], dict[str, str], bytes], int] = field(default_factory=lambda: post)
    _numbers: Any = field(default_factory=lambda: count(1))

    def emit(self, action: str, payment: str) -> None:
        """Queue a notification about a payment."""
        self.waiting.append((action, payment))

    def arm(self, name: str, *, times: int = 1, seed: int = 0, copies: int = 2) -> None:
        """Let the next deliveries go wrong in a way."""
        if name not in MODES:
            raise ValueError(f"mode {name!r}: one of {', '.join(MODES)}")
        self.modes.append({"name": name, "times": times, "seed": seed, "copies": copies})

    def deliver(self) -> list[dict[str, Any]]:
        """Send what waits, and what was refused before once more; return what was sent, with the statuses."""
        with self.world.lock:
            due, self.waiting = self.waiting, []
            if not self.endpoint:
                return []
            if self._take("reorder"):
                random.Random(self.modes[0]["seed"]).shuffle(due)  # noqa: S311  # the same seed, the same order
        out = []
        for action, payment in due:
            with self.world.lock:
                usable = [one["name"] for one in self.modes if one["name"] != "reorder" and self._take(one["name"])]
            name = usable[0] if usable else ""
            query, headers, body = self.signed(action, payment, name)
            for _ in range(self.modes[-1]["copies"] if name == "duplicate" else int(name != "lose")):
                status = self.transport(self.endpoint, query, headers, body)
                out.append({"kind": "delivery", "payment": payment, "mode": name, "status": status})
                if not 200 <= status < 300 and (action, payment) not in self.waiting:
                    self.waiting.append((action, payment))
        self.world.journal += out
        return out

    def _take(self, name: str) -> bool:
        for mode in self.modes:
            if mode["name"] == name and mode["times"]:
                mode["times"] -= 1
                return True
        return False

    def signed(self, action: str, payment: str, mode: str = "") -> tuple[dict[str, str], dict[str, str], bytes]:
        """Return the query, headers and bytes of a notification, spoilt as the mode says."""
        number = next(self._numbers)
        moment = self.world.now() + {"old": -30 * 86_400, "future": 3600}.get(mode, 0)
        stamp = str(moment * 1000 if mode == "milliseconds" else moment)
        request = f"twin-{number:08d}"
        manifest = f"id:{payment};request-id:{request};ts:{stamp};"
        secret = "another" if mode == "wrong_secret" else self.secret
        mark = hmac.new(secret.encode(), manifest.encode(), hashlib.sha256).hexdigest()
        if mode == "corrupt":
            mark = f"{int(mark[0], 16) ^ 1:x}{mark[1:]}"
        topic = "merchant_order" if mode == "other_topic" else "payment"
        said = {
            "id": number,
            "live_mode": self.world.live,
            "type": topic,
            "date_created": self.world.moment(),
            "user_id": "88001",
            "api_version": "v1",
            "action": action,
            "data": {"id": "999" if mode == "other_body" else payment},
        }
        query = {"data.id": "999" if mode == "other_address" else payment, "type": topic}
        headers = {"Content-Type": "application/json", "x-request-id": request, "x-signature": f"ts={stamp},v1={mark}"}
        if mode == "unsigned":
            del headers["x-signature"]
        return query, headers, json.dumps(said).encode()


def post(url: str, query: dict[str, str], headers: dict[str, str], body: bytes) -> int:
    """Send a body to an address and return the status, 0 when nobody answers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("POST", f"{parts.path or '/'}?{urlencode(query)}", body, headers)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        return 0
    else:
        return response.status
    finally:
        connection.close()
