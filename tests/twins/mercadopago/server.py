"""The twin of Mercado Pago on a socket: preferences, payments, refunds, a buyer's page, controls, faults, a journal."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from decimal import Decimal
from email.utils import formatdate
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.twins.mercadopago.rules import CARDS, SITES, MercadoPagoError, Thing, wrong
from tests.twins.mercadopago.world import KEPT_FOR_S, World, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FAULTS: Final = ("500_before", "500_after", "drop_after", "429", "503")
_PAGE: Final = "/checkout/v1/redirect"
_REFUNDS: Final = r"/v1/payments/(\d+)/refunds"


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
        sends = name == "deliver" or (self.world.webhooks.automatic and name in ("pay", "settle", "settle_refund"))
        sent = self.world.webhooks.deliver() if sends else []
        return sent if name == "deliver" else found

    def requests(self, method: str, path: str) -> list[Thing]:
        """Return what the journal has of requests of a method to a path."""
        return [row for row in self.world.journal if row.get("method") == method and row.get("path") == path]


def _advance(world: World, seconds: int) -> int:
    world.moved += seconds
    return world.now()


def _fault(world: World, kind: str, times: int = 1, path: str = "/", method: str = "") -> None:
    if kind not in FAULTS:
        raise ValueError(f"fault {kind!r}: one of {', '.join(FAULTS)}")
    world.faults.append({"kind": kind, "times": times, "path": path, "method": method})


def _listen(world: World, url: str, secret: str = "", *, automatic: bool = False) -> None:
    hooks = world.webhooks
    hooks.endpoint, hooks.secret, hooks.automatic = url, secret or hooks.secret, automatic


_CONTROLS: Final[dict[str, Callable[..., Any]]] = {
    "advance": _advance,
    "fault": _fault,
    "give_back": lambda world, payment, value=None: world.refund(
        payment, {} if value is None else {"amount": Decimal(value)}, renders=True
    ),
    "listen": _listen,
    "mode": lambda world, name, **how: world.webhooks.arm(name, **how),
    "next_refund": lambda world, status: world.fates.append(status),
    "pay": lambda world, preference, **how: world.pay(preference, **how),
    "plant": lambda world, fault: world.planted.add(fault),
    "settle": lambda world, payment, **how: world.settle(payment, **how),
    "settle_refund": lambda world, payment, refund, status: world.settle_refund(payment, refund, status),
}


class _Handler(BaseHTTPRequestHandler):
    twin: Twin

    def do_GET(self) -> None:
        """Answer a reading request, or show the buyer's page."""
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        if parts.path == _PAGE:
            self._page(query["pref_id"])
        else:
            self._api("GET", parts.path, b"", query)

    def do_POST(self) -> None:
        """Answer a request that makes something, a button or a control."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        if parts.path == _PAGE:
            self._pressed(parse_qs(parts.query)["pref_id"][0], body)
        elif parts.path.startswith("/_control/"):
            self._control(parts.path.removeprefix("/_control/"), body)
        else:
            self._api("POST", parts.path, body, {})

    def do_PUT(self) -> None:
        """Answer a request that changes something."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._api("PUT", urlsplit(self.path).path, body, {})

    def _api(self, method: str, path: str, body: bytes, query: dict[str, str]) -> None:
        world = self.twin.world
        key = self.headers.get("X-Idempotency-Key")
        with world.lock:
            fits = (one for one in world.faults if one["times"] and one["method"] in ("", method))
            fault = next((one for one in fits if path.startswith(one["path"])), None)
            kind = fault["kind"] if fault else ""
            if fault:
                fault["times"] -= 1
            text = body.decode("utf-8", "replace")
            row: Thing = {"kind": "request", "method": method, "path": path, "key": key, "body": text, "fault": kind}
            world.journal.append(row)
        if kind in ("500_before", "429", "503"):
            status = {"500_before": 500}.get(kind) or int(kind)
            found: tuple[int, Any] = (status, {"message": "told to fail", "error": "internal_error", "status": status})
        else:
            found = self._answered(method, path, body, query, key)
        if kind == "500_after":
            found = (500, {"message": "told to fail", "error": "internal_error", "status": 500})
        row["status"] = found[0]
        if kind != "drop_after":
            self._json(*found)
        if world.webhooks.automatic:
            world.webhooks.deliver()

    def _answered(self, method: str, path: str, body: bytes, query: dict[str, str], key: str | None) -> tuple[int, Any]:
        world = self.twin.world
        try:
            with world.lock:
                self._allowed()
                if method == "GET":
                    return 200, _read(world, path, query, renders=self._renders)
                values = _values(body)
                if method == "PUT":
                    return 200, _changed(world, path, values)
                return self._made(path, values, key)
        except MercadoPagoError as error:
            return error.status, error.body

    def _allowed(self) -> None:
        if self.headers.get("Authorization") != f"Bearer {self.twin.world.token}":
            raise MercadoPagoError(401, "unauthorized", "invalid access token", "unauthorized")

    @property
    def _renders(self) -> bool:
        return self.headers.get("X-Render-In-Process-Refunds") == "true"

    def _made(self, path: str, values: Thing, key: str | None) -> tuple[int, Any]:
        """Make what was asked for; payments and refunds once for a key, which they need."""
        world = self.twin.world
        if path == "/checkout/preferences":
            return 201, world.prefer(values)
        refunds = re.fullmatch(_REFUNDS, path)
        if refunds is None and path != "/v1/payments":
            raise MercadoPagoError(404, "not_found", "The twin does not model this; see its README.")
        if not key:
            raise wrong("Header X-Idempotency-Key can't be null", "4292")
        held = world.kept.get((path, key))
        if held and world.now() - held[0] < KEPT_FOR_S and "keys_forgotten" not in world.planted:
            return held[1], held[2]
        made = world.refund(refunds[1], values, renders=self._renders) if refunds else world.create(values)
        world.kept[path, key] = (world.now(), 201, made)
        return 201, made

    # The buyer, and the controls.

    def _page(self, name: str) -> None:
        world = self.twin.world
        with world.lock:
            found = world.preferences.get(name)
        if found is None:
            self._say(404, b"<!doctype html><title>Over</title><p>There is nothing to pay.", "text/html")
            return
        ways = [*CARDS, *SITES[world.country][2]]
        buttons = "".join(f'<p><button name="method" value="{one}">{one}</button></p>' for one in ways)
        head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Mercado Pago, the twin</title>'
        total = f"{found['_total']} {SITES[world.country][0]}"
        back = f'<p><a href="{escape(found.get("back_urls", {}).get("failure", ""))}">Back to the shop</a></p>'
        page = f'{head}<main><h1>Pay {escape(total)}</h1><form method="post">{buttons}</form>{back}</main>'
        self._say(200, page.encode(), "text/html; charset=utf-8")

    def _pressed(self, name: str, body: bytes) -> None:
        method = parse_qs(body.decode("ascii", "replace")).get("method", ["visa"])[0]
        try:
            made = self.twin.control("pay", preference=name, method=method)
        except MercadoPagoError as error:
            self._json(error.status, error.body)
            return
        backs = self.twin.world.preferences[name].get("back_urls", {})
        back = backs.get("success" if made["status"] == "approved" else "pending", self.twin.url)
        link = f"{back}{'&' if '?' in back else '?'}payment_id={made['id']}&status={made['status']}"
        self._say(303, b"", "text/html", {"Location": link})

    def _control(self, name: str, body: bytes) -> None:
        try:
            found = self.twin.control(name, **json.loads(body or b"{}"))
        except MercadoPagoError as error:
            self._json(error.status, error.body)
        except (KeyError, TypeError, ValueError) as error:
            self._json(400, {"message": f"{name}: {error!r}"})
        else:
            self._json(200, {"done": found})

    def _json(self, status: int, body: Any) -> None:
        self._say(status, _text(body).encode(), "application/json")

    def _say(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the twin's own moment for the header Date."""
        return formatdate(self.twin.world.now() if timestamp is None else timestamp, usegmt=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        """Say nothing; the journal has it."""


def _values(body: bytes) -> Thing:
    try:
        found = json.loads(body or b"{}", parse_float=Decimal)
    except ValueError as error:
        raise wrong("invalid json", "invalid_json") from error
    if found is not None and not isinstance(found, dict):
        raise wrong("an object is expected", "invalid_json")
    return found or {}


def _read(world: World, path: str, query: dict[str, str], *, renders: bool) -> Any:
    if path == "/checkout/preferences/search":
        return world.found_preferences(query)
    if path == "/v1/payments/search":
        return world.search(query)
    found = re.fullmatch(r"/checkout/preferences/([\w-]+)", path)
    if found:
        return shown(world.preference(found[1]))
    found = re.fullmatch(_REFUNDS, path)
    if found:
        return [one for one in world.get(found[1])["refunds"] if renders or one["status"] != "in_process"]
    found = re.fullmatch(r"/v1/payments/(\d+)", path)
    if found:
        return world.told(world.get(found[1]))
    raise MercadoPagoError(404, "not_found", "The twin does not model this; see its README.")


def _changed(world: World, path: str, values: Thing) -> Thing:
    found = re.fullmatch(r"/checkout/preferences/([\w-]+)", path)
    if found:
        return world.change(found[1], values)
    found = re.fullmatch(r"/v1/payments/(\d+)", path)
    if found:
        return world.update(found[1], values)
    raise MercadoPagoError(404, "not_found", "The twin does not model this; see its README.")


def _text(body: Any) -> str:
    """Write JSON with decimals as the numbers they are."""
    marked = json.dumps(body, default=lambda one: f"\x00{one}\x00" if isinstance(one, Decimal) else str(one))
    return re.sub(r'"\\u0000(.*?)\\u0000"', r"\1", marked)


@contextmanager
def serving(country: str = "MX", *, live: bool = False, start: int | None = None, port: int = 0) -> Iterator[Twin]:
    """Run a twin on this machine for a while, for an account in a country."""
    twin = Twin(World(country, live, start))
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
