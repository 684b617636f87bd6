"""The twin on a socket: the API, the controls, the buyer's pages; faults at the door; everything in the journal."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from tests.twins.stripe import api, buyer, checkout, control, pages
from tests.twins.stripe.api import Answered, Asked
from tests.twins.stripe.errors import StripeError, invalid
from tests.twins.stripe.faults import Fault, next_fault
from tests.twins.stripe.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.twins.stripe.shapes import Thing

_TROUBLE = json.dumps(
    {"error": {"type": "api_error", "message": "An unknown error occurred (the twin was told to)"}}
).encode()


class Twin:
    """A running twin: where it is, its world, and its controls without going over HTTP."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stop = Event()

    @property
    def url(self) -> str:
        """Return its address, without a slash at the end."""
        return self.world.url

    def control(self, name: str, /, **fields: Any) -> Thing:
        """Do what a control says (see ``control``), webhooks included where they go out by themselves."""
        found = control.act(self.world, name, fields)
        self.told()
        return found

    def told(self) -> None:
        """Let what is due go out, if that is how webhooks are sent."""
        if self.world.webhooks.when == "before":
            self.world.webhooks.deliver()
        elif self.world.webhooks.when == "after":
            self.world.webhooks.wake()

    def settled(self, timeout_s: float = 5.0) -> None:
        """Wait until every webhook that is due has been answered; ``TimeoutError`` when they are not in time."""
        if not self.world.webhooks.settled(timeout_s):
            raise TimeoutError("webhooks are still on their way")

    def requests(self, method: str, path: str) -> list[Thing]:
        """Return what the journal has of requests of a method to a path."""
        return [row for row in self.world.journal if row.get("method") == method and row.get("path") == path]


class _Handler(BaseHTTPRequestHandler):
    twin: Twin

    def do_GET(self) -> None:
        """Answer a reading request."""
        self._serve(b"")

    def do_POST(self) -> None:
        """Answer a request that acts."""
        self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _serve(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, parts.path, parts.query, headers, body)
        self.close_connection = True
        if parts.path.startswith("/_control/"):
            self._control(asked)
        elif parts.path.startswith("/v1/"):
            self._api(asked)
        else:
            self._page(asked)

    # The API.

    def _api(self, asked: Asked) -> None:
        world = self.twin.world
        with world.lock:
            fault = next_fault(world, asked.method, asked.path)
            row = _noted(asked, fault)
            row["at"] = world.now()
            world.journal.append(row)
        found = self._met(asked, fault)
        row["status"] = found.status if found else None
        row["replayed"] = bool(found and "Idempotent-Replayed" in found.headers)
        if world.webhooks.when == "before":
            world.webhooks.deliver()
        if found is not None:
            self._answer(found)
        self.twin.told()

    def _met(self, asked: Asked, fault: Fault | None) -> Answered | None:
        """Return the answer to a request, with the fault it meets; nothing where the line is cut."""
        kind = fault.kind if fault else ""
        if fault is None or kind == "slow":
            return api.answer(self.twin.world, asked, lambda: self._wait(fault))
        if kind in ("409", "429"):
            said = "lock_timeout" if kind == "409" else "rate_limit"
            error = invalid("The twin was told to refuse this", code=said, status=int(kind))
            wait = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            return Answered(error.status, json.dumps(error.body).encode(), wait)
        if kind == "500_before":
            return Answered(500, _TROUBLE, {})
        if kind == "drop_before":
            return None
        found = api.answer(self.twin.world, asked)
        if kind == "drop_after":
            return None
        # What was kept under the key is the trouble too: the same key gives the same 500 again.
        api.keep_instead(self.twin.world, asked, 500, _TROUBLE)
        return Answered(500, _TROUBLE, {name: value for name, value in found.headers.items() if name == "Request-Id"})

    def _wait(self, fault: Fault | None) -> None:
        if fault is not None:
            self.twin.stop.wait(fault.seconds)

    def _answer(self, found: Answered) -> None:
        self._say(found.status, found.body, "application/json", found.headers)

    # Controls and pages.

    def _control(self, asked: Asked) -> None:
        name = asked.path.removeprefix("/_control/")
        try:
            fields = json.loads(asked.body or b"{}") if asked.method == "POST" else dict(parse_qsl(asked.query))
            found = self.twin.control(name, **fields)
        except StripeError as error:
            self._say(error.status, json.dumps(error.body).encode(), "application/json")
        except ValueError as error:
            self._say(400, json.dumps({"error": {"message": str(error)}}).encode(), "application/json")
        else:
            self._say(200, json.dumps(found, indent=2, default=str).encode(), "application/json")

    def _page(self, asked: Asked) -> None:
        world = self.twin.world
        name = asked.path.rpartition("/")[2]
        with world.lock:
            world.due()
            thing = world.things.get(name)
            page, to = (None, "") if thing is None else self._turned(asked, thing)
        if asked.method == "POST":
            self.twin.told()
        if to:
            self._say(303, b"", "text/html", {"Location": to})
        elif page is None:
            self._say(404, b"<!doctype html><title>Not here</title><p>The twin has no such page.", "text/html")
        else:
            self._say(200, page, "text/html; charset=utf-8")

    def _turned(self, asked: Asked, thing: Thing) -> tuple[bytes | None, str]:
        """Return the page that a request leads to, or where the buyer is sent."""
        world, pressing = self.twin.world, asked.method == "POST"
        form = asked.body.decode("utf-8", "replace")
        if thing["object"] == "checkout.session":
            return pages.pressed(world, thing, form) if pressing else (pages.checkout(thing), "")
        if thing["object"] != "payment_intent":
            return None, ""
        session = checkout.of_intent(world, thing)
        fields = dict(parse_qsl(form))
        if asked.path.startswith("/3ds/"):
            if not pressing:
                return pages.bank(thing), ""
            buyer.authenticate(world, thing, well=fields.get("do") == "yes")
            paid = thing["status"] in ("succeeded", "requires_capture")
            to = pages.back_to_shop(session) if paid else f"{world.url}/c/pay/{session['id'] if session else ''}"
            return pages.bank(thing), to
        if pressing:
            what = fields.pop("do", "")
            control.act(world, what, {"payment": thing["id"], **fields})
        return pages.voucher(thing, pages.back_to_shop(session)), ""

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


def _noted(asked: Asked, fault: Fault | None) -> Thing:
    """Return the journal's row of a request: what was on the wire, without the key it was signed with."""
    form = asked.body.decode("utf-8", "replace") if asked.method == "POST" else asked.query
    return {
        "kind": "request",
        "method": asked.method,
        "path": asked.path,
        "params": parse_qsl(form, keep_blank_values=True),
        "key": asked.key,
        "version": asked.headers.get("stripe-version"),
        "account": asked.headers.get("authorization", "")[:15] + "…",
        "fault": fault.kind if fault else None,
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let go of a client that went away; anything else is a defect of the twin and is shown."""
        super().handle_error(request, client_address)


@contextmanager
def serving(seed: int = 0, start: int | None = None, port: int = 0) -> Iterator[Twin]:
    """Run a twin on this machine for a while; ``start``: the moment its clock stands at, else it is the machine's."""
    twin = Twin(World(seed, start))
    server = _Server(("127.0.0.1", port), type("Handler", (_Handler,), {"twin": twin}))
    twin.world.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield twin
    finally:
        twin.stop.set()
        twin.world.webhooks.stop()
        server.shutdown()
        thread.join()
        server.server_close()
