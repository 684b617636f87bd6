"""What a twin keeps: a clock that can be moved, ids that repeat with the seed, accounts by key, and every object."""

from __future__ import annotations

import hashlib
import heapq
import itertools
import time
from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from tests.twins.stripe.errors import StripeError, missing
from tests.twins.stripe.shapes import Thing, shown, skeleton
from tests.twins.stripe.webhooks import Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from tests.twins.stripe.faults import Fault

# Prefix of an id and how many characters follow it: columns that are too short have to be found here.
_IDS: Final = {
    "account": ("acct_", 16),
    "balance_transaction": ("txn_", 24),
    "charge": ("ch_", 24),
    "checkout.session": ("cs_", 63),
    "customer": ("cus_", 14),
    "customer_cash_balance_transaction": ("ccsbtxn_", 24),
    "dispute": ("du_", 24),
    "event": ("evt_", 24),
    "item": ("li_", 24),
    "payment_intent": ("pi_", 24),
    "payment_method": ("pm_", 24),
    "payout": ("po_", 24),
    "price": ("price_", 24),
    "product": ("prod_", 14),
    "radar.early_fraud_warning": ("issfr_", 24),
    "refund": ("re_", 24),
    "request": ("req_", 14),
    "secret": ("whsec_", 32),
    "shipping_rate": ("shr_", 24),
    "webhook_endpoint": ("we_", 24),
}
_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SETTLES: Final = {"MX": "mxn", "BR": "brl", "US": "usd", "CA": "cad", "SG": "sgd", "AU": "aud", "GB": "gbp"}


@dataclass
class Account:
    """One account: its secret key, where it is, what it has been given; its rates are the test's, not the market's."""

    key: str
    id: str
    country: str
    # What one of a currency is worth in the currency of settlement; without a rate only a currency's own least counts.
    rates: dict[str, Decimal] = field(default_factory=dict)
    # Methods that are by invitation, or where sources disagree whether they can be refunded.
    invited: set[str] = field(default_factory=set)
    refundable_vouchers: bool = False
    insufficient_balance: bool = False
    # Invented: only so that what is paid and what arrives are not the same figure.
    fee_per_mille: int = 36

    @property
    def livemode(self) -> bool:
        """Whether its key is for real money; the twin takes it at its word."""
        return "_live_" in self.key

    @property
    def settles_in(self) -> str:
        """Return the currency it is paid out in."""
        return _SETTLES.get(self.country, "eur")


@dataclass
class Kept:
    """What is kept of a request with a key: what it was, and its answer once there is one."""

    at: int
    what: str
    status: int = 0
    body: bytes = b""
    request: str = ""


class World:
    """One Stripe. Everything is done under its lock; what reaches the network is done without."""

    def __init__(self, seed: int = 0, start: int | None = None) -> None:
        self.seed = seed
        self.url = ""
        self.lock = RLock()
        self.things: dict[str, Thing] = {}
        self.accounts: dict[str, Account] = {}
        self.kept: dict[tuple[str, str], Kept] = {}
        self.faults: list[Fault] = []
        self.journal: list[dict[str, Any]] = []
        self.webhooks = Webhooks(self)
        self.request: dict[str, str | None] = {"id": None, "idempotency_key": None}
        # What a test plants to see that it is noticed: "keys_forgotten", "refunds_unchecked".
        self.planted: set[str] = set()
        self.next_refunds: list[str] = []
        self._start = start
        self._moved = 0
        self._held_at: int | None = None
        self._numbers = itertools.count(1)
        self._timers: list[tuple[int, int, Callable[[], None]]] = []

    def now(self) -> int:
        """Return the moment in whole seconds: the machine's, or the one given at the start, and as far as was moved."""
        if self._held_at is not None:
            return self._held_at
        return (int(time.time()) if self._start is None else self._start) + self._moved

    def at(self, moment: int, action: Callable[[], None]) -> None:
        """Do something when the clock reaches a moment."""
        heapq.heappush(self._timers, (moment, next(self._numbers), action))

    def advance(self, seconds: int) -> None:
        """Move the clock and do what falls due on the way, in its order, each at its own moment."""
        with self.lock:
            self._moved += seconds
            self.due()

    def due(self) -> None:
        """Do what has fallen due."""
        until = self.now()
        while self._timers and self._timers[0][0] <= until:
            moment, _, action = heapq.heappop(self._timers)
            self._held_at = moment
            try:
                action()
            finally:
                self._held_at = None

    def letters(self, length: int) -> str:
        """Return the next letters: the same with the same seed and the same story."""
        number, out = next(self._numbers), ""
        while len(out) < length:
            block = hashlib.sha256(f"{self.seed}:{number}:{len(out)}".encode()).digest()
            out += "".join(_LETTERS[byte % len(_LETTERS)] for byte in block)
        return out[:length]

    def new_id(self, kind: str, *, livemode: bool = False) -> str:
        """Return an id as long as Stripe's own."""
        prefix, length = _IDS[kind]
        mode = ("live_" if livemode else "test_") if kind == "checkout.session" else ""
        return f"{prefix}{mode}{self.letters(length)}"

    def account(self, key: str) -> Account:
        """Return the account of a key, made when first seen: in Brazil for ``sk_test_BR_...``, else in Mexico."""
        if key not in self.accounts:
            named = key.split("_")[2] if key.count("_") > 2 else ""
            country = named if len(named) == 2 and named.isupper() else "MX"
            self.accounts[key] = Account(key, self.new_id("account"), country)
        return self.accounts[key]

    def owner(self, thing: Thing) -> Account:
        """Return the account an object belongs to."""
        return self.accounts[thing["_key"]]

    def make(self, account: Account, kind: str, **fields: Any) -> Thing:
        """Keep a new object, with the fields its schema asks for."""
        thing = skeleton(kind) | {"id": self.new_id(kind, livemode=account.livemode), "object": kind}
        for name, value in (("created", self.now()), ("livemode", account.livemode)):
            if name in thing:
                thing[name] = value
        thing |= fields | {"_key": account.key}
        self.things[thing["id"]] = thing
        return thing

    def get(self, account: Account, kind: str, name: str, param: str = "id") -> Thing:
        """Return an object of the account, or refuse as Stripe does for one of another account: it is not there."""
        found = self.things.get(name)
        if found is None or found["object"] != kind or found["_key"] != account.key:
            error = missing(kind, name)
            if param != "id":
                error = StripeError(400, "invalid_request_error", str(error), code="resource_missing", param=param)
            raise error
        return found

    def all(self, account: Account, kind: str, **fields: Any) -> list[Thing]:
        """Return the objects of a kind in the order they were made, whose fields are those."""
        mine = [one for one in self.things.values() if one["object"] == kind and one["_key"] == account.key]
        return [one for one in mine if all(one.get(name) == value for name, value in fields.items())]

    def emit(self, account: Account, kind: str, thing: Thing) -> None:
        """Keep an event with the object as it is now, and queue it for who listens."""
        event = self.make(
            account,
            "event",
            type=kind,
            api_version="2026-10-28.endive",
            data={"object": shown(thing)},
            request=dict(self.request),
        )
        event["pending_webhooks"] = self.webhooks.queue(account, event)
