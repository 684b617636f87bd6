"""The API: which operation a request is, its account, its key of idempotency, and the answer."""

from __future__ import annotations

import fnmatch
import functools
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.twins.stripe import catalogue, checkout, disputes, intents, refunds, schema, shapes, transfers
from tests.twins.stripe.errors import StripeError, invalid, not_modelled
from tests.twins.stripe.world import Account, Kept, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.twins.stripe.shapes import Thing

Make = Callable[[World, Account, dict[str, Any]], dict[str, Any]]
Change = Callable[[World, Account, dict[str, Any], dict[str, Any]], dict[str, Any]]
KEPT_FOR_S: Final = 24 * 3600

_MAKES: Final[dict[str, Make]] = {
    "POST /v1/checkout/sessions": checkout.create,
    "POST /v1/customers": catalogue.customer,
    "POST /v1/payment_intents": intents.create,
    "POST /v1/prices": catalogue.price,
    "POST /v1/products": catalogue.product,
    "POST /v1/refunds": refunds.create,
    "POST /v1/shipping_rates": catalogue.shipping_rate,
    "POST /v1/webhook_endpoints": catalogue.webhook_endpoint,
}
_CHANGES: Final[dict[str, tuple[str, Change]]] = {
    "POST /v1/charges/{charge}": ("charge", catalogue.update),
    "POST /v1/checkout/sessions/{session}": ("checkout.session", lambda _, __, t, v: checkout.modify(t, v)),
    "POST /v1/checkout/sessions/{session}/expire": ("checkout.session", lambda w, _, t, __: checkout.expire(w, t)),
    "POST /v1/customers/{customer}": ("customer", catalogue.update),
    "POST /v1/disputes/{dispute}": ("dispute", lambda w, _, t, v: disputes.update(w, t, v)),
    "POST /v1/disputes/{dispute}/close": ("dispute", lambda w, _, t, __: disputes.end(w, t, won=False)),
    "POST /v1/payment_intents/{intent}": ("payment_intent", lambda _, a, t, v: intents.update(a, t, v)),
    "POST /v1/payment_intents/{intent}/cancel": ("payment_intent", lambda w, _, t, v: intents.cancel(w, t, v)),
    "POST /v1/payment_intents/{intent}/capture": ("payment_intent", lambda w, _, t, v: intents.capture(w, t, v)),
    "POST /v1/payment_intents/{intent}/confirm": ("payment_intent", intents.confirm),
    "POST /v1/prices/{price}": ("price", catalogue.update),
    "POST /v1/products/{id}": ("product", catalogue.update),
    "POST /v1/refunds/{refund}": ("refund", catalogue.update),
    "POST /v1/refunds/{refund}/cancel": ("refund", lambda w, _, t, __: refunds.cancel(w, t)),
    "POST /v1/webhook_endpoints/{webhook_endpoint}": ("webhook_endpoint", catalogue.update),
    "GET /v1/customers/{customer}/cash_balance": ("customer", lambda w, _, t, __: transfers.cash_balance(w, t)),
}
_LISTS: Final = {
    "GET /v1/balance_transactions": "balance_transaction",
    "GET /v1/charges": "charge",
    "GET /v1/checkout/sessions": "checkout.session",
    "GET /v1/customers": "customer",
    "GET /v1/disputes": "dispute",
    "GET /v1/events": "event",
    "GET /v1/payment_intents": "payment_intent",
    "GET /v1/payouts": "payout",
    "GET /v1/prices": "price",
    "GET /v1/products": "product",
    "GET /v1/radar/early_fraud_warnings": "radar.early_fraud_warning",
    "GET /v1/refunds": "refund",
    "GET /v1/webhook_endpoints": "webhook_endpoint",
}
_READS: Final = {
    "GET /v1/balance_transactions/{id}": "balance_transaction",
    "GET /v1/charges/{charge}": "charge",
    "GET /v1/checkout/sessions/{session}": "checkout.session",
    "GET /v1/customers/{customer}": "customer",
    "GET /v1/disputes/{dispute}": "dispute",
    "GET /v1/events/{id}": "event",
    "GET /v1/payment_intents/{intent}": "payment_intent",
    "GET /v1/payment_methods/{payment_method}": "payment_method",
    "GET /v1/payouts/{payout}": "payout",
    "GET /v1/prices/{price}": "price",
    "GET /v1/products/{id}": "product",
    "GET /v1/radar/early_fraud_warnings/{early_fraud_warning}": "radar.early_fraud_warning",
    "GET /v1/refunds/{refund}": "refund",
    "GET /v1/shipping_rates/{shipping_rate_token}": "shipping_rate",
    "GET /v1/webhook_endpoints/{webhook_endpoint}": "webhook_endpoint",
}
_PAGING: Final = ("limit", "starting_after", "ending_before", "created", "expand")


@dataclass(frozen=True)
class Asked:
    """A request as it came; the names of headers in small letters."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def key(self) -> str | None:
        """Return its key of idempotency."""
        return self.headers.get("idempotency-key") if self.method == "POST" else None


@dataclass(frozen=True)
class Answered:
    """An answer: its status, its body, and its headers beside those that every answer has."""

    status: int
    body: bytes
    headers: dict[str, str]


@functools.cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    names = [*_MAKES, *_CHANGES, *_LISTS, *_READS]
    names += [
        "GET /v1/checkout/sessions/{session}/line_items",
        "GET /v1/customers/{customer}/cash_balance_transactions",
    ]
    plain_first = sorted(names, key=lambda name: name.count("{"))
    return [(re.compile(re.sub(r"\\\{\w+\\\}", r"(\\w+)", re.escape(name))), name) for name in plain_first]


def route(method: str, path: str) -> tuple[str, str]:
    """Return the operation of a request and the id in its path."""
    for pattern, operation in _patterns():
        found = pattern.fullmatch(f"{method} {path}")
        if found is not None:
            return operation, found[1] if found.groups() else ""
    raise invalid(f"Unrecognized request URL ({method}: {path}).", status=404)


def _account(world: World, headers: Mapping[str, str]) -> Account:
    kind, _, key = headers.get("authorization", "").partition(" ")
    if kind != "Bearer" or not re.fullmatch(r"(sk|rk)_(test|live)_\w+", key):
        raise invalid("Invalid API Key provided", status=401)
    return world.account(key)


def _version(headers: Mapping[str, str]) -> str:
    version = headers.get("stripe-version", schema.ENDIVE)
    if version not in (schema.ENDIVE, schema.DAHLIA):
        raise not_modelled(f"version {version}", "Stripe-Version")
    return version


def answer(world: World, asked: Asked, pause: Callable[[], object] = lambda: None) -> Answered:
    """Answer a request, once for every key of idempotency; ``pause`` comes when its key is at work, before it acts."""
    request = "req_" + hashlib.sha256(f"{world.seed}:{len(world.journal)}".encode()).hexdigest()[:14]
    try:
        account = _account(world, asked.headers)
        version = _version(asked.headers)
        what = _What(*route(asked.method, asked.path), version, request)
        if asked.key is None:
            pause()
            return _done(world, account, asked, what)
        return _once(world, account, asked, what, pause)
    except StripeError as error:
        return Answered(error.status, _bytes(error.body), {"Request-Id": request})


@dataclass(frozen=True)
class _What:
    """What a request is: its operation, the id in its path, its version, and the id it is given."""

    operation: str
    name: str
    version: str
    request: str


def _once(world: World, account: Account, asked: Asked, what: _What, pause: Callable[[], object]) -> Answered:
    key = asked.key or ""
    if not 1 <= len(key) <= 255:
        raise invalid("Idempotency keys are 1 to 255 characters long", param="Idempotency-Key")
    same = hashlib.sha256(f"{asked.method} {asked.path} {what.version}\n".encode() + asked.body).hexdigest()
    echo = {"Idempotency-Key": key, "Request-Id": what.request}
    with world.lock:
        held = world.kept.get((account.key, key))
        if held is not None and (world.now() - held.at >= KEPT_FOR_S or "keys_forgotten" in world.planted):
            held = None
        if held is not None and held.what != same:
            said = "Keys for idempotent requests can only be used with the same parameters they were first used with."
            raise StripeError(400, "idempotency_error", said)
        if held is not None and not held.status:
            said = "There is currently another in-progress request using this Idempotent Key."
            raise invalid(said, code="idempotency_key_in_use", status=409)
        if held is not None:
            again = {"Idempotent-Replayed": "true", "Original-Request": held.request}
            return Answered(held.status, held.body, echo | again)
        running = world.kept[account.key, key] = Kept(world.now(), same, request=what.request)
    kept = False
    try:
        pause()
        found = _done(world, account, asked, what)
        kept = True
    except StripeError as error:
        found = Answered(error.status, _bytes(error.body), {})
        kept = error.kept
    finally:
        with world.lock:
            if not kept:
                del world.kept[account.key, key]
    running.status, running.body = found.status, found.body
    return Answered(found.status, found.body, found.headers | echo)


def keep_instead(world: World, asked: Asked, status: int, body: bytes) -> None:
    """Keep another answer than the one that was given: a request that was done, and answered with a 500."""
    kind, _, key = asked.headers.get("authorization", "").partition(" ")
    held = world.kept.get((key, asked.key or "")) if kind else None
    if held is not None:
        held.status, held.body = status, body


def _done(world: World, account: Account, asked: Asked, what: _What) -> Answered:
    form = asked.body.decode("utf-8", "replace") if asked.method == "POST" else asked.query
    values = schema.read(what.operation, form, what.version)
    with world.lock:
        world.due()
        world.request = {"id": what.request, "idempotency_key": asked.key}
        before = len(world.things)
        try:
            thing = _operate(world, account, what.operation, what.name, values)
        except StripeError as error:
            if not error.kept:  # nothing is left of what was half made
                for made in list(world.things)[before:]:
                    del world.things[made]
            raise
        finally:
            world.request = {"id": None, "idempotency_key": None}
        told = shapes.expand(world, account, shapes.shown(thing), values.get("expand", []))
        return Answered(200, _bytes(told), {"Request-Id": what.request})


def _operate(world: World, account: Account, operation: str, name: str, values: Thing) -> Thing:
    if operation in _MAKES:
        return _MAKES[operation](world, account, values)
    if operation in _CHANGES:
        kind, change = _CHANGES[operation]
        return change(world, account, world.get(account, kind, name), values)
    if operation in _READS:
        return world.get(account, _READS[operation], name)
    path = operation.partition(" ")[2].replace("{session}", name).replace("{customer}", name)
    if operation.endswith("/line_items"):
        return shapes.page(world.get(account, "checkout.session", name)["_lines"][::-1], values, path)
    if operation.endswith("/cash_balance_transactions"):
        world.get(account, "customer", name)
        return shapes.page(world.all(account, "customer_cash_balance_transaction", customer=name), values, path)
    things = world.all(account, _LISTS[operation])
    asked = {field: value for field, value in values.items() if field not in _PAGING}
    return shapes.page([one for one in things if _fits(one, asked)], values, path)


def _fits(thing: Thing, asked: Thing) -> bool:
    """Whether an object is one that a list was asked for."""
    for field, value in asked.items():
        if field == "types":
            fits = any(fnmatch.fnmatchcase(thing["type"], pattern) for pattern in value)
        elif field == "type" and thing["object"] == "event":
            fits = fnmatch.fnmatchcase(thing["type"], value)
        elif field == "customer_details":
            fits = (thing["customer_details"] or {}).get("email") == value["email"]
        elif field in thing:
            fits = thing[field] == value
        else:
            raise not_modelled(f"lists of {thing['object']} by {field}", field)
        if not fits:
            return False
    return True


def _bytes(value: Any) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode()
