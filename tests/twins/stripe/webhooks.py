"""Who is told of an event, when, and in how broken a way; what was sent is kept."""

from __future__ import annotations

import http.client
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from threading import Barrier, Condition, Event, Thread
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from tests.twins.stripe import mangling

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.twins.stripe.mangling import Mode, Shot
    from tests.twins.stripe.shapes import Thing
    from tests.twins.stripe.world import Account, World

# Seconds after the event at which a delivery is tried. Stripe says up to three days, and three tries within hours for
# test keys; the steps between are the twin's.
TRIES: Final = {False: (0, 3600, 3 * 3600), True: (0, 300, 1800, 7200, 18000, 36000, 86400, 172800, 259200)}
TIMEOUT_S: Final = 10.0

Transport = "Callable[[str, dict[str, str], bytes], int]"


@dataclass
class Delivery:
    """One event on its way to one endpoint."""

    number: int
    event: Thing
    endpoint: Thing
    due: int
    tried: int = 0


@dataclass
class Webhooks:
    """The sender. ``when``: ``manual`` (``deliver()`` sends), ``after`` the answer to the request, or ``before`` it."""

    world: World
    when: str = "manual"
    modes: list[Mode] = field(default_factory=list)
    waiting: list[Delivery] = field(default_factory=list)
    # How a body gets to its address; a test may hand it to an application that is not served.
    transport: Callable[[str, dict[str, str], bytes], int] = field(default_factory=lambda: post)
    # The moment a signature bears: the receiver's clock, which moving the twin's does not move.
    signed_at: Callable[[], int] = field(default_factory=lambda: lambda: int(time.time()))
    _numbers: Any = field(default_factory=count)
    _busy: int = 0
    _wake: Event = field(default_factory=Event)
    _running: bool = False
    _thread: Thread | None = None

    def __post_init__(self) -> None:
        self._quiet = Condition(self.world.lock)

    def queue(self, account: Account, event: Thing) -> int:
        """Queue an event for every endpoint of the account that listens, and return how many do."""
        heard = [
            endpoint
            for endpoint in self.world.all(account, "webhook_endpoint", status="enabled")
            if {"*", event["type"]} & set(endpoint["enabled_events"])
        ]
        now = self.world.now()
        self.waiting += [Delivery(next(self._numbers), event, endpoint, now) for endpoint in heard]
        return len(heard)

    def arm(self, mode: Mode) -> None:
        """Let the next deliveries that a mode is for go out in its way."""
        with self.world.lock:
            self.modes.append(mode)

    def deliver(self) -> list[dict[str, Any]]:
        """Send what is due, and return what was sent with the answers' statuses (0: nobody answered)."""
        with self.world.lock:
            now = self.world.now()
            due = [one for one in self.waiting if one.due <= now]
            self.waiting = [one for one in self.waiting if one.due > now]
            shots = self._shots(due)
            moment = self.signed_at()
            signed = [mangling.signed(shot, self._secret(shot.delivery), moment) for shot in shots]
            self._busy += 1
        try:
            answers = self._send(signed)
        finally:
            with self.world.lock:
                self._busy -= 1
                self._quiet.notify_all()
        with self.world.lock:
            return self._settle(answers)

    def _shots(self, due: list[Delivery]) -> list[Shot]:
        shots: list[Shot] = []
        for delivery in due:
            mode = self._mode(delivery.event["type"])
            if mode is not None and mode.name == "delay" and not delivery.tried:
                delivery.due = self.world.now() + mode.seconds
                self.waiting.append(delivery)
                continue
            shots += mangling.shots(delivery, mode)
        order = next((mode for mode in self.modes if mode.name == "reorder" and mode.times), None)
        if order is not None and len(shots) > 1:
            order.times -= 1
            random.Random(order.seed).shuffle(shots)  # noqa: S311  # the same seed, the same order
        return shots

    def _mode(self, kind: str) -> Mode | None:
        for mode in self.modes:
            if mode.name != "reorder" and mode.times and (not mode.events or kind in mode.events):
                mode.times -= 1
                return mode
        return None

    def _secret(self, delivery: Delivery) -> str:
        return str(delivery.endpoint["_secret"])

    def _send(self, shots: list[mangling.Signed]) -> list[tuple[mangling.Signed, int]]:
        answers: list[tuple[mangling.Signed, int]] = []
        for shot in shots:
            url = shot.shot.delivery.endpoint["url"]
            if shot.shot.lost:
                answers.append((shot, -1))
            elif shot.shot.at_once == 1:
                answers.append((shot, self.transport(url, shot.headers, shot.body)))
            else:
                answers += self._at_once(url, shot)
        return answers

    def _at_once(self, url: str, shot: mangling.Signed) -> list[tuple[mangling.Signed, int]]:
        copies = shot.shot.at_once
        barrier = Barrier(copies)

        def one(_: int) -> int:
            barrier.wait(TIMEOUT_S)
            return self.transport(url, shot.headers, shot.body)

        with ThreadPoolExecutor(copies) as pool:
            return [(shot, status) for status in pool.map(one, range(copies))]

    def _settle(self, answers: list[tuple[mangling.Signed, int]]) -> list[dict[str, Any]]:
        out: list[dict[str, Any]] = []
        again: dict[int, Delivery] = {}
        for signed, status in answers:
            delivery = signed.shot.delivery
            if not signed.shot.foreign and not 200 <= status < 300:
                again[delivery.number] = delivery
            out.append(
                {
                    "kind": "delivery",
                    "at": self.world.now(),
                    "event": delivery.event["id"],
                    "type": signed.shot.kind or delivery.event["type"],
                    "mode": signed.shot.mode,
                    "url": delivery.endpoint["url"],
                    "attempt": delivery.tried + 1,
                    "status": status,
                }
            )
        for delivery in again.values():
            delivery.tried += 1
            tries = TRIES[bool(delivery.event["livemode"])]
            if delivery.tried < len(tries):
                delivery.due = delivery.event["created"] + tries[delivery.tried]
                self.waiting.append(delivery)
        self.world.journal += out
        return out

    # Sending by itself, for a browser or for use by hand.

    def start(self) -> None:
        """Send by itself from now on, after each answer."""
        self.when, self._running = "after", True
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look whether something is due."""
        self._wake.set()

    def stop(self) -> None:
        """Send no more."""
        self._running = False
        self.wake()
        if self._thread is not None:
            self._thread.join()

    def idle(self) -> bool:
        """Return whether nothing is due and nothing is on its way."""
        with self.world.lock:
            return not self._busy and not any(one.due <= self.world.now() for one in self.waiting)

    def settled(self, timeout_s: float) -> bool:
        """Wait until nothing is due or on its way, and return whether that came in time."""
        with self._quiet:
            return self._quiet.wait_for(self.idle, timeout_s)

    def _run(self) -> None:
        while self._running:
            self._wake.wait(0.5)
            self._wake.clear()
            while not self.idle():
                self.deliver()


def post(url: str, headers: dict[str, str], body: bytes) -> int:
    """Send a body to an address and return the status, 0 when nobody answers; redirections are not followed."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=TIMEOUT_S)
    try:
        connection.request("POST", parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        return 0
    else:
        return response.status
    finally:
        connection.close()
