"""PayPal: Orders v2. The buyer approves on PayPal's page, we take the money afterwards, and read before we believe.

Approved is not paid: the capture is. A ``PayPal-Request-Id`` is kept there for 6 hours; the buyer may be sent to PayPal
for 3 hours, and has 3 more to approve (Orders v2, 2.13).
"""

from __future__ import annotations

import base64
import re
import threading
import time
from datetime import UTC, datetime, timedelta
from decimal import InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from landed_cost.money import Money
from shopkit.payments.calling import Said, call
from shopkit.payments.paypal_messages import prove
from shopkit.payments.port import (
    DisputeRead,
    GoneError,
    PaymentError,
    Read,
    RefundRead,
    SignatureError,
    Started,
    Trigger,
)
from shopkit.payments.signing import read_json
from shopkit.payments.wire import AmountError, from_paypal, to_paypal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shopkit.payments.port import Account, Attempt, DisputeState, RefundState, State

Json = dict[str, Any]
LIVE: Final = "https://api-m.paypal.com"
SANDBOX: Final = "https://api-m.sandbox.paypal.com"
# The buyer is sent to PayPal within these hours of the order's making.
LINK_LIFE: Final = timedelta(hours=3)
_LOCALE: Final = re.compile(r"[a-z]{2}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_ID: Final = re.compile(r"[A-Za-z0-9]{1,36}")
_LONGEST_KEY: Final = 108
_STATES: Final[Mapping[str, State]] = {
    "COMPLETED": "paid",
    "PARTIALLY_REFUNDED": "paid",
    "REFUNDED": "paid",
    "PENDING": "pending",
    "DECLINED": "failed",
    "FAILED": "failed",
}
_REFUNDS: Final[Mapping[str, RefundState]] = {
    "PENDING": "started",
    "COMPLETED": "made",
    "FAILED": "failed",
    "CANCELLED": "failed",
}
# Paid out by PayPal itself, taken back or denied: the money stays.
_WON: Final = frozenset({"RESOLVED_SELLER_FAVOUR", "RESOLVED_WITH_PAYOUT", "CANCELED_BY_BUYER", "DENIED"})
_LOST: Final = frozenset({"RESOLVED_BUYER_FAVOUR", "ACCEPTED"})
_DONE_ALREADY: Final = frozenset({"ORDER_ALREADY_CAPTURED", "ORDER_NOT_APPROVED", "INSTRUMENT_DECLINED"})
_TOKENS: Final[dict[tuple[str, str, str], tuple[str, float]]] = {}
_AT_TOKENS: Final = threading.Lock()
_UNSIGNED, _MISSING = 401, 404


class PayPal:
    """The adapter; an account's ``secrets`` are ``client_id`` and ``client_secret``, its ``signing`` ids of webhooks.

    ``options["api_base"]`` is another address, for tests.
    """

    name: str = "paypal"
    by_hand: bool = False
    takes: bool = True
    key_life: timedelta = timedelta(hours=5, minutes=45)

    def start(self, account: Account, attempt: Attempt) -> Started:
        """Make an order of one unit, and return where its buyer approves it."""
        made = _ask(account, "POST", "/v2/checkout/orders", body=_order(attempt), key=attempt.key)
        asked, _ = _unit(made.body)
        if asked != attempt.amount:
            # A key that stands for another request is answered with what was made for that one.
            raise PaymentError("setup", "a key stands for another request")
        return Started(made.body["id"], _link(made.body), {}, attempt.made_at + LINK_LIFE)

    def read(self, account: Account, ref: str, also: Sequence[str] = ()) -> Read:
        """Read an order with its capture, refunds and disputes."""
        del also
        order = _ask(account, "GET", f"/v2/checkout/orders/{_id(ref)}").body
        asked, unit = _unit(order)
        payments = unit.get("payments") or {}
        capture = next(iter(payments.get("captures") or ()), None)
        state: State = "approved" if order["status"] == "APPROVED" else "open"
        received = Money(0, asked.currency)
        disputes: tuple[DisputeRead, ...] = ()
        if capture is not None:
            state = _STATES.get(capture["status"], "pending")
            if state == "paid":
                received = _money(capture["amount"])
                disputes = tuple(_disputes(account, capture["id"]))
        elif order["status"] == "VOIDED":
            state = "expired"
        return Read(
            order["id"],
            state,
            asked,
            received,
            unit.get("custom_id"),
            account.is_live,
            None if capture is None else capture["id"],
            _link(order) if state == "open" else None,
            _moment(order["create_time"]) + LINK_LIFE if state == "open" and "create_time" in order else None,
            refunds=tuple(_refund(one) for one in payments.get("refunds") or ()),
            disputes=disputes,
        )

    def capture(self, account: Account, ref: str) -> None:
        """Take the money of an order that its buyer approved; what was taken, or cannot be, is for the next reading."""
        said = _asked(account, "POST", f"/v2/checkout/orders/{_id(ref)}/capture", body={}, key=f"capture:{ref}")
        if not said.is_done and _issue(said) not in _DONE_ALREADY:
            raise _refused(said)

    def refund(self, account: Account, ref: str, amount: Money, refund_id: str) -> RefundRead:
        """Refund the capture of an order."""
        order = _ask(account, "GET", f"/v2/checkout/orders/{_id(ref)}").body
        captures = (_unit(order)[1].get("payments") or {}).get("captures") or ()
        if not captures:
            raise PaymentError("refused", "nothing was paid")
        body = {"amount": _written(amount), "custom_id": refund_id}
        path = f"/v2/payments/captures/{captures[0]['id']}/refund"
        return _refund(_ask(account, "POST", path, body=body, key=f"refund:{refund_id}").body)

    def cancel(self, account: Account, ref: str) -> None:
        """Do nothing: an order that is not captured takes no money, and lapses by itself."""
        del account, ref

    def verify(
        self, account: Account, body: bytes, headers: Mapping[str, str], query: Mapping[str, str], now: datetime
    ) -> Trigger:
        """Check the signature by PayPal's certificate."""
        del query
        prove(body, headers, account.signing, now, base=_base(account), is_test="api_base" in account.options)
        event = read_json(body)
        resource = event.get("resource")
        if not isinstance(event.get("id"), str) or not isinstance(resource, dict):
            raise SignatureError("not an event")
        attempt = resource.get("custom_id") if event.get("resource_type") == "capture" else None
        said = "/".join(str(resource.get(name)) for name in ("id", "dispute_id", "status", "amount"))
        return Trigger(
            event["id"],
            str(event.get("event_type", "")),
            # An event does not say; its endpoint, which the signature covers, is of one mode.
            account.is_live,
            tuple(dict.fromkeys(_names(resource))),
            attempt if isinstance(attempt, str) else None,
            said,
        )

    def attempt_of(self, account: Account, ref: str) -> str | None:
        """Read an order or a capture for the attempt it was made for."""
        if not _ID.fullmatch(ref):
            return None
        for path in (f"/v2/checkout/orders/{ref}", f"/v2/payments/captures/{ref}"):
            try:
                found = _ask(account, "GET", path).body
            except GoneError:
                continue
            units = found.get("purchase_units") or [found]
            attempt = units[0].get("custom_id")
            return attempt if isinstance(attempt, str) else None
        return None


# -- asking -----------------------------------------------------------------------------------------------------------
def _base(account: Account) -> str:
    return str(account.options.get("api_base") or (LIVE if account.is_live else SANDBOX))


def _ask(account: Account, method: str, path: str, *, body: Json | None = None, key: str | None = None) -> Said:
    """Return an answer that did what was asked; ``PaymentError``."""
    said = _asked(account, method, path, body=body, key=key)
    if not said.is_done:
        raise _refused(said)
    return said


def _asked(account: Account, method: str, path: str, *, body: Json | None = None, key: str | None = None) -> Said:
    """Ask with a token that holds: one that is no longer taken is got anew, once."""
    head = {"Prefer": "return=representation"}
    if key is not None:
        head["PayPal-Request-Id"] = key[:_LONGEST_KEY]
    is_fresh = False
    while True:
        bearer = {"Authorization": f"Bearer {_token(account, anew=is_fresh)}"}
        said = call(method, f"{_base(account)}{path}", head | bearer, body=body, changes=method != "GET")
        if said.status != _UNSIGNED or is_fresh:
            return said
        is_fresh = True


def _token(account: Account, *, anew: bool) -> str:
    """Return a token for the app of an account; it is kept in this process for as long as it holds."""
    name, secret = account.secrets["client_id"], account.secrets["client_secret"]
    place = (_base(account), name, secret)
    with _AT_TOKENS:
        kept = _TOKENS.get(place)
    if kept is not None and not anew and kept[1] > time.monotonic():
        return kept[0]
    basic = base64.b64encode(f"{name}:{secret}".encode()).decode()
    head = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    said = call("POST", f"{place[0]}/v1/oauth2/token", head, body=b"grant_type=client_credentials", changes=False)
    token = said.body.get("access_token")
    if not said.is_done or not isinstance(token, str):
        raise PaymentError("setup", f"no token was given: {said.status}")
    with _AT_TOKENS:
        _TOKENS[place] = (token, time.monotonic() + int(said.body.get("expires_in", 0)) - 60)
    return token


def _refused(said: Said) -> PaymentError:
    issue = _issue(said)
    if said.status == _MISSING:
        return GoneError(issue or "not there")
    if said.status in {400, 401, 403, 415} or not issue:
        return PaymentError("setup", f"{said.status} {issue or said.body.get('name', '')}".strip())
    return PaymentError("refused", issue)


def _issue(said: Said) -> str:
    """Return the code of what was wrong; the sentences of an error may repeat what was sent."""
    details = said.body.get("details")
    first = details[0] if isinstance(details, list) and details else None
    return str(first.get("issue", ""))[:80] if isinstance(first, dict) else ""


def _id(ref: str) -> str:
    if not _ID.fullmatch(ref):
        raise GoneError("no name of PayPal's")
    return ref


# -- writing ----------------------------------------------------------------------------------------------------------
def _order(attempt: Attempt) -> Json:
    context = {
        "return_url": attempt.return_url,
        "cancel_url": attempt.cancel_url,
        "user_action": "PAY_NOW",
        # The address is the order's, which the price was made for.
        "shipping_preference": "NO_SHIPPING",
    }
    if _LOCALE.fullmatch(attempt.locale):
        context["locale"] = attempt.locale
    unit = {
        "reference_id": attempt.id,
        "custom_id": attempt.id,
        "description": attempt.title[:127],
        "amount": _written(attempt.amount),
    }
    return {
        "intent": "CAPTURE",
        "purchase_units": [unit],
        "payment_source": {"paypal": {"experience_context": context}},
    }


def _written(amount: Money) -> Json:
    return {"currency_code": amount.currency, "value": to_paypal(amount)}


# -- reading ----------------------------------------------------------------------------------------------------------
def _unit(order: Json) -> tuple[Money, Json]:
    """Return what an order asks for, and its one unit."""
    units: list[Json] = order.get("purchase_units") or []
    if len(units) != 1:
        raise PaymentError("refused", "not an order of this shop")
    return _money(units[0]["amount"]), units[0]


def _money(found: Json) -> Money:
    try:
        return from_paypal(found["value"], found["currency_code"])
    except (AmountError, InvalidOperation, KeyError, ValueError) as error:
        raise PaymentError("setup", "an amount that cannot be read") from error


def _link(order: Json) -> str | None:
    links = {str(one.get("rel")): str(one.get("href")) for one in order.get("links") or ()}
    return links.get("payer-action") or links.get("approve")


def _refund(found: Json) -> RefundRead:
    return RefundRead(
        found["id"], _REFUNDS.get(found["status"], "started"), _money(found["amount"]), found.get("custom_id")
    )


def _disputes(account: Account, capture: str) -> Iterator[DisputeRead]:
    """Read what buyers and banks dispute; an app that may not read disputes sees none."""
    said = _asked(account, "GET", f"/v1/customer/disputes?disputed_transaction_id={capture}")
    for one in said.body.get("items") or () if said.is_done else ():
        state: DisputeState = "open"
        if one["status"] == "RESOLVED":
            whole = _ask(account, "GET", f"/v1/customer/disputes/{one['dispute_id']}").body
            code = str((whole.get("dispute_outcome") or {}).get("outcome_code", ""))
            # Resolved in a way that is not known: open, so that a person looks and nothing is sent.
            state = "won" if code in _WON else "lost" if code in _LOST else "open"
        due = one.get("seller_response_due_date")
        amount, reason = _money(one["dispute_amount"]), str(one.get("reason", ""))
        yield DisputeRead(one["dispute_id"], state, amount, reason, _moment(due) if due else None)


def _names(resource: Json) -> Iterator[str]:
    """Return the orders and captures that an event speaks of."""
    related = (resource.get("supplementary_data") or {}).get("related_ids") or {}
    disputed = [one.get("seller_transaction_id") for one in resource.get("disputed_transactions") or ()]
    ups = [one.get("href", "").rpartition("/")[2] for one in resource.get("links") or () if one.get("rel") == "up"]
    names = [related.get("order_id"), related.get("capture_id"), *disputed, *ups, resource.get("id")]
    return (one for one in names if isinstance(one, str) and _ID.fullmatch(one))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
