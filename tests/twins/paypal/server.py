"""The twin of PayPal on a socket: tokens, orders, captures, refunds, a buyer's page, controls, faults, a journal."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.twins.paypal import disputes
from tests.twins.paypal.schema import PayPalError
from tests.twins.paypal.webhooks import CERTIFICATE, certificate
from tests.twins.paypal.world import KEPT_FOR_S, TOKEN_FOR_S, Thing, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLIENT, SECRET = "twin-client", "twin-secret"
FAULTS: Final = ("500_before", "500_after", "drop_after", "429", "503")
_POSTS: Final[dict[str, tuple[str, Callable[[World, str, Thing], Thing]]]] = {
    "order": (r"/v2/checkout/orders", lambda world, _, body: world.order(body)),
    "capture": (r"/v2/checkout/orders/(\w+)/capture", lambda world, name, body: world.capture(name, body)),
    "track": (r"/v2/checkout/orders/(\w+)/track", lambda world, name, body: world.track(name, body)),
    "refund": (r"/v2/payments/captures/(\w+)/refund", lambda world, name, body: world.refund(name, body)),
    "verify": (r"/v1/notifications/verify-webhook-signature", lambda world, _, body: world.webhooks.verify(body)),
}
_GETS: Final = {
    "order": r"/v2/checkout/orders/(\w+)",
    "capture": r"/v2/payments/captures/(\w+)",
    "refund": r"/v2/payments/refunds/(\w+)",
    "dispute": r"/v1/customer/disputes/([A-Z0-9-]+)",
}
_DISPUTES: Final = "/v1/customer/disputes"


class Twin:
    """A running twin, with its controls in the process."""

    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def url(self) -> str:
        """Return its address, without a slash at the end."""
        return self.world.url

    def control(self, name: str, /, **fields: Any) -> Any:
        """Do one of the controls that README.md names."""
        with self.world.lock:
            found = _CONTROLS[name](self.world, **fields) if name != "deliver" else None
        sends = name == "deliver" or (self.world.webhooks.automatic and name in _TOLD)
        sent = self.world.webhooks.deliver() if sends else []
        return sent if name == "deliver" else found

    def requests(self, method: str, path: str) -> list[Thing]:
        """Return what the journal has of requests of a method to a path."""
        return [row for row in self.world.journal if row.get("method") == method and row.get("path") == path]


def _advance(world: World, seconds: int) -> int:
    world.moved += seconds
    return world.now()


def _fault(world: World, kind: str, times: int = 1, path: str = "/v2/") -> None:
    if kind not in FAULTS:
        raise ValueError(f"fault {kind!r}: one of {', '.join(FAULTS)}")
    world.faults.append({"kind": kind, "times": times, "path": path})


def _listen(world: World, url: str, webhook_id: str = "TWINWEBHOOK", *, automatic: bool = False) -> None:
    hooks = world.webhooks
    hooks.endpoint, hooks.webhook_id, hooks.automatic = url, webhook_id, automatic


# What happens at PayPal without the shop asking, and is told by itself where that was wished for.
_TOLD: Final = ("approve", "settle", "settle_refund", "give_back", "dispute", "end_dispute")
_CONTROLS: Final[dict[str, Callable[..., Any]]] = {
    "advance": _advance,
    "approve": lambda world, order, **how: world.approve(order, **how),
    "fault": _fault,
    "journal": lambda world: list(world.journal),
    "dispute": disputes.dispute,
    "end_dispute": disputes.end,
    "give_back": lambda world, capture, value=None: world.give_back(capture, value),
    "lapse": lambda world, order: world.lapse(order),
    "listen": _listen,
    "next_refund": lambda world, status: world.fates.append(status),
    "mode": lambda world, name, **how: world.webhooks.arm(name, **how),
    "plant": lambda world, fault: world.planted.add(fault),
    "settle_refund": lambda world, refund, status: world.settle_refund(refund, status),
    "settle": lambda world, capture, **how: world.settle(capture, **how),
}


class _Handler(BaseHTTPRequestHandler):
    twin: Twin

    def do_GET(self) -> None:
        """Answer a reading request, or show the buyer's page."""
        parts = urlsplit(self.path)
        if parts.path == CERTIFICATE:
            self._say(200, certificate(), "application/x-pem-file")
        elif parts.path == "/checkoutnow":
            self._page(parse_qs(parts.query)["token"][0])
        else:
            self._api("GET", parts.path, b"", dict(parse_qsl(parts.query)))

    def do_POST(self) -> None:
        """Answer a request that acts, a button or a control."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        if parts.path == "/v1/oauth2/token":
            self._token(body)
        elif parts.path == "/checkoutnow":
            self._pressed(parse_qs(parts.query)["token"][0], body)
        elif parts.path.startswith("/_control/"):
            self._control(parts.path.removeprefix("/_control/"), body)
        else:
            self._api("POST", parts.path, body)

    # The API.

    def _token(self, body: bytes) -> None:
        world = self.twin.world
        wanted = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if self.headers.get("Authorization") != wanted or body != b"grant_type=client_credentials":
            error = {"error": "invalid_client", "error_description": "Client Authentication failed"}
            self._json(401, error)
            return
        with world.lock:
            token = f"A21AA{world.new_id()}"
            world.tokens[token] = world.now() + TOKEN_FOR_S
        self._json(200, {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_FOR_S, "scope": "twin"})

    def _api(self, method: str, path: str, body: bytes, query: dict[str, str] | None = None) -> None:
        world = self.twin.world
        key = self.headers.get("PayPal-Request-Id")
        with world.lock:
            fault = next((one for one in world.faults if one["times"] and path.startswith(one["path"])), None)
            kind = fault["kind"] if fault else ""
            if fault:
                fault["times"] -= 1
            text = body.decode("utf-8", "replace")
            row: Thing = {"kind": "request", "method": method, "path": path, "key": key, "body": text, "fault": kind}
            world.journal.append(row)
        if kind in ("500_before", "429", "503"):
            status = {"500_before": 500}.get(kind) or int(kind)
            name = {429: "RATE_LIMIT_REACHED", 503: "SERVICE_UNAVAILABLE"}.get(status, "INTERNAL_SERVER_ERROR")
            found: tuple[int, Thing] = (status, {"name": name, "message": "The twin was told to fail."})
        else:
            found = self._answered(method, path, body, key, query or {})
        if kind == "500_after":
            found = (500, {"name": "INTERNAL_SERVER_ERROR", "message": "The twin was told to fail."})
        row["status"] = found[0]
        if kind != "drop_after":
            self._json(*found)
        if world.webhooks.automatic:
            world.webhooks.deliver()

    def _answered(
        self, method: str, path: str, body: bytes, key: str | None, query: dict[str, str]
    ) -> tuple[int, Thing]:
        world = self.twin.world
        try:
            with world.lock:
                self._allowed()
                return self._read(path, query) if method == "GET" else self._once(path, body, key)
        except PayPalError as error:
            return error.status, error.body

    def _allowed(self) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.twin.world.tokens.get(token, 0) <= self.twin.world.now():
            raise PayPalError(401, "AUTHENTICATION_FAILURE", "Authentication failed due to invalid credentials.")

    def _read(self, path: str, query: dict[str, str]) -> tuple[int, Thing]:
        world = self.twin.world
        if path == _DISPUTES:
            if "disputes_barred" in world.planted:
                raise PayPalError(403, "NOT_AUTHORIZED", "The app may not read disputes.")
            return 200, disputes.listed(world, query)
        for kind, pattern in _GETS.items():
            found = re.fullmatch(pattern, path)
            if found:
                thing = world.get(kind, found[1])
                return 200, disputes.told(thing) if kind == "dispute" else world.told(thing)
        raise PayPalError(404, "RESOURCE_NOT_FOUND", "The twin does not model this; see its README.")

    def _once(self, path: str, body: bytes, key: str | None) -> tuple[int, Thing]:
        """Do what was asked, once for a request id while it is kept; a repeated one is answered with 200."""
        world = self.twin.world
        if key is not None and not 1 <= len(key) <= 108:
            raise PayPalError(400, "INVALID_REQUEST", "PayPal-Request-Id is 1 to 108 characters long.")
        held = world.kept.get((path, key)) if key else None
        same = hashlib.sha256(body).hexdigest()
        if held and world.now() - held[0] < KEPT_FOR_S and "keys_forgotten" not in world.planted:
            if held[1] != same:
                raise PayPalError(422, "UNPROCESSABLE_ENTITY", "This PayPal-Request-Id was used with another body.")
            return 200, self._preferred(held[2])
        found, made = self._make(path, body)
        if key:
            world.kept[path, key] = (world.now(), same, found)
        return made, self._preferred(found)

    def _make(self, path: str, body: bytes) -> tuple[Thing, int]:
        if self.headers.get("Content-Type", "").partition(";")[0] != "application/json":
            raise PayPalError(415, "UNSUPPORTED_MEDIA_TYPE", "The body is not JSON.")
        try:
            values = json.loads(body or b"{}")
        except ValueError as error:
            details = {"issue": "MALFORMED_REQUEST_JSON", "description": str(error), "field": "/", "location": "body"}
            raise PayPalError(400, "INVALID_REQUEST", "The body is not JSON.", details) from error
        for name, (pattern, act) in _POSTS.items():
            found = re.fullmatch(pattern, path)
            if found:
                given = act(self.twin.world, found[1] if found.groups() else "", values)
                return given, 200 if name == "verify" or (name == "order" and "payment_source" in given) else 201
        raise PayPalError(404, "RESOURCE_NOT_FOUND", "The twin does not model this; see its README.")

    def _preferred(self, found: Thing) -> Thing:
        """Return all of an answer, or of an object only what it is and where to go, which is what comes unasked."""
        if self.headers.get("Prefer") == "return=representation" or "id" not in found:
            return found
        short = {name: found[name] for name in ("id", "status", "links")}
        units = [
            {"reference_id": unit["reference_id"], "payments": unit["payments"]}
            for unit in found.get("purchase_units", ())
            if "payments" in unit
        ]
        return short | ({"purchase_units": units} if units else {})

    # The buyer, and the controls.

    def _page(self, name: str) -> None:
        with self.twin.world.lock:
            order = self.twin.world.things.get(name)
        if order is None or order["status"] in ("COMPLETED", "VOIDED"):
            self._say(404, b"<!doctype html><title>Over</title><p>There is nothing to approve.", "text/html")
            return
        amounts = ", ".join(f"{u['amount']['value']} {u['amount']['currency_code']}" for u in order["purchase_units"])
        fates = (
            ("COMPLETED", "Pay"),
            ("PENDING", "Pay by eCheck"),
            ("INSTRUMENT_DECLINED", "Pay with a card that fails"),
        )
        buttons = "".join(f'<p><button name="fate" value="{fate}">{said}</button></p>' for fate, said in fates)
        head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>PayPal, the twin</title>'
        back = f'<p><a href="{escape(order["_back"].get("cancel_url", ""))}">Back to the shop</a></p>'
        page = f'{head}<main><h1>Pay {escape(amounts)}</h1><form method="post">{buttons}</form>{back}</main>'
        self._say(200, page.encode(), "text/html; charset=utf-8")

    def _pressed(self, name: str, body: bytes) -> None:
        fate = parse_qs(body.decode("ascii", "replace")).get("fate", ["COMPLETED"])[0]
        order = self.twin.world.things[name]
        self.twin.control("approve", order=name, fate=fate)
        back = order["_back"].get("return_url", self.twin.url)
        link = f"{back}{'&' if '?' in back else '?'}token={name}&PayerID=TWBUYER234567"
        self._say(303, b"", "text/html", {"Location": link})

    def _control(self, name: str, body: bytes) -> None:
        try:
            found = self.twin.control(name, **json.loads(body or b"{}"))
        except PayPalError as error:
            self._json(error.status, error.body)
        except (KeyError, TypeError, ValueError) as error:
            self._json(400, {"message": f"{name}: {error!r}"})
        else:
            self._json(200, {"done": found if not isinstance(found, set) else sorted(found)})

    def _json(self, status: int, body: Thing) -> None:
        self._say(status, json.dumps(body).encode(), "application/json")

    def _say(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        """Say nothing; the journal has it."""


@contextmanager
def serving(country: str = "MX", seed: int = 0, start: int | None = None, port: int = 0) -> Iterator[Twin]:
    """Run a twin on this machine for a while, for an account in a country."""
    twin = Twin(World(country, seed, start))
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"twin": twin}))
    server.daemon_threads = True
    twin.world.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield twin
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
