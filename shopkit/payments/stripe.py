"""Stripe: hosted Checkout Sessions of API version endive, one for each attempt, read again before anything is believed.

``allowed_payment_method_types`` filters what the account may offer; ``payment_method_types`` is refused there since
endive. The client retries by itself under the same key; 429 is ours to wait for.
"""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from shopkit.payments.locales import stripe_locale
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
from shopkit.payments.signing import check_stamped, read_json
from shopkit.payments.wire import AmountError, from_stripe, to_stripe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from landed_cost.money import Money
    from shopkit.payments.port import Account, Attempt, Booking, DisputeState, Evidence, RefundState, State

Json = dict[str, Any]
RETRIES: Final = 2
# A Session may live up to 24 hours; the rest is for clocks that differ.
LIFE: Final = timedelta(hours=23, minutes=50)
VOUCHER_DAYS: Final = 3
# All texts of a dispute together may hold 150,000 signs.
EVIDENCE_MOST: Final = 20_000
ATTEMPT: Final = "shopkit_attempt"
REFUND: Final = "shopkit_refund"
_BUSY: Final = 429
_FROM_SERVER: Final = 500
_REFUNDS: Final[Mapping[str, RefundState]] = {
    "pending": "started",
    "requires_action": "started",
    "succeeded": "made",
    "failed": "failed",
    "canceled": "failed",
}
_DISPUTES: Final[Mapping[str, DisputeState]] = {
    "won": "won",
    "warning_closed": "won",
    "prevented": "won",
    "lost": "lost",
}
_DETAILS: Final = (
    "oxxo_display_details",
    "boleto_display_details",
    "pix_display_qr_code",
    "display_bank_transfer_instructions",
)
_ENDS: Final = ("expires_after", "expires_at")


class Stripe:
    """The adapter; ``account.secrets["key"]`` is the API key, ``options["api_base"]`` another address, for tests."""

    name: str = "stripe"
    by_hand: bool = False
    takes: bool = False
    # Keys may be dropped once they are a day old.
    key_life: timedelta = timedelta(hours=23)

    def start(self, account: Account, attempt: Attempt) -> Started:
        """Make a Session for one method."""
        client = _client(account)
        params = _session(account, attempt)
        if attempt.method == "customer_balance":
            person = _asked(
                lambda: client.v1.customers.create(
                    {"email": attempt.email, "metadata": {ATTEMPT: attempt.id}},
                    {"idempotency_key": f"{attempt.key}:customer"},
                )
            )
            del params["customer_email"]
            params["customer"] = person["id"]
        made = _asked(lambda: client.v1.checkout.sessions.create(params, {"idempotency_key": attempt.key}))
        return Started(made["id"], made["url"], {}, _moment(made["expires_at"]))

    def read(self, account: Account, ref: str, also: Sequence[str] = ()) -> Read:
        """Read a Session with its intent, charge, refunds and disputes."""
        del also
        client = _client(account)
        found = _read(lambda: client.v1.checkout.sessions.retrieve(ref, {"expand": ["payment_intent.latest_charge"]}))
        intent: Json = found["payment_intent"] or {}
        charge: Json | None = intent.get("latest_charge")
        refunds: list[Json] = []
        disputes: list[Json] = []
        warnings: list[Json] = []
        if charge is not None:
            refunds = _read(lambda: client.v1.refunds.list({"payment_intent": intent["id"], "limit": 100}))["data"]
            warnings = _read(lambda: client.v1.radar.early_fraud_warnings.list({"payment_intent": intent["id"]}))[
                "data"
            ]
            disputes = _read(lambda: client.v1.disputes.list({"payment_intent": intent["id"]}))["data"]
        return _reading(found, intent, refunds, disputes, warns=bool(warnings))

    def capture(self, account: Account, ref: str) -> None:
        """Do nothing: Stripe takes what is paid."""
        del account, ref

    def refund(self, account: Account, ref: str, amount: Money, refund_id: str) -> RefundRead:
        """Refund the intent of a Session."""
        client = _client(account)
        session = _read(lambda: client.v1.checkout.sessions.retrieve(ref))
        if not session["payment_intent"]:
            raise PaymentError("refused", "nothing was paid")
        params: Any = {
            "payment_intent": session["payment_intent"],
            "amount": to_stripe(amount),
            "reason": "requested_by_customer",
            "metadata": {REFUND: refund_id},
        }
        made = _asked(lambda: client.v1.refunds.create(params, {"idempotency_key": f"refund:{refund_id}"}))
        return _refund(made)

    def cancel(self, account: Account, ref: str) -> None:
        """Expire an open Session; cancel the intent where a voucher is out."""
        client = _client(account)
        session = _read(lambda: client.v1.checkout.sessions.retrieve(ref))
        try:
            if session["status"] == "open":
                _asked(lambda: client.v1.checkout.sessions.expire(ref))
            elif session["status"] == "complete" and session["payment_status"] == "unpaid":
                _asked(lambda: client.v1.payment_intents.cancel(session["payment_intent"]))
        except PaymentError as error:
            # Paid in the meantime: what is paid is read, not cancelled.
            if error.reason != "refused":
                raise

    def verify(
        self, account: Account, body: bytes, headers: Mapping[str, str], query: Mapping[str, str], now: datetime
    ) -> Trigger:
        """Check the signature of a snapshot event."""
        del query
        check_stamped(body, headers.get("stripe-signature", ""), account.signing, now)
        event = read_json(body)
        if event.get("object") != "event" or not isinstance(event.get("id"), str):
            raise SignatureError("not an event of version 1")
        data = event.get("data")
        thing = data.get("object") if isinstance(data, dict) else None
        return _trigger(event, thing if isinstance(thing, dict) else {})

    def attempt_of(self, account: Account, ref: str) -> str | None:
        """Read an intent, or the intent of a charge, for the attempt in its metadata."""
        client = _client(account)
        try:
            if ref.startswith(("ch_", "py_")):
                ref = _read(lambda: client.v1.charges.retrieve(ref))["payment_intent"] or ""
            if not ref.startswith("pi_"):
                return None
            intent = _read(lambda: client.v1.payment_intents.retrieve(ref))
        except PaymentError as error:
            if error.reason == "refused":
                return None
            raise
        found: str | None = (intent.get("metadata") or {}).get(ATTEMPT)
        return found

    def bookings(self, account: Account, since: datetime, until: datetime) -> list[Booking]:
        """Read the balance transactions of a time, page by page, with what they are of."""
        from shopkit.payments.stripe_books import PAGE, booking  # noqa: PLC0415  # only the day's report needs it

        client = _client(account)
        asked: Json = {"created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())}, "limit": PAGE}
        rows: list[Json] = []
        while True:
            params: Any = asked | {"expand": ["data.source"]} | ({"starting_after": rows[-1]["id"]} if rows else {})
            found = _read(functools.partial(client.v1.balance_transactions.list, params))
            rows += found["data"]
            if not found["has_more"]:
                return [booking(one, ATTEMPT, REFUND) for one in reversed(rows)]

    def answer_dispute(self, account: Account, dispute: str, evidence: Evidence, *, submits: bool) -> None:
        """Keep texts with a dispute as a draft, or hand them in: Stripe takes evidence a single time.

        What was handed in before and got no answer is found by reading, for a key would give the lost answer again.
        """
        client = _client(account)
        fields = {
            "product_description": evidence.product,
            "customer_name": evidence.buyer,
            "customer_email_address": evidence.email,
            "shipping_address": evidence.address,
            "shipping_carrier": evidence.carrier,
            "shipping_tracking_number": evidence.tracking,
            "shipping_date": evidence.sent_on,
            "refund_policy_disclosure": evidence.refund_policy,
            "uncategorized_text": evidence.story,
        }
        said = {name: text[:EVIDENCE_MOST] for name, text in fields.items() if text}
        found = _read(lambda: client.v1.disputes.retrieve(dispute))
        if found["evidence_details"]["submission_count"] and all(
            found["evidence"].get(one) == said[one] for one in said
        ):
            return
        params: Any = {"evidence": said, "submit": submits}
        _asked(lambda: client.v1.disputes.update(dispute, params))


def _client(account: Account) -> Any:  # noqa: ANN401  # the package is imported when it is first needed
    import stripe  # noqa: PLC0415  # slow to import

    if not account.secrets.get("key"):
        raise PaymentError("setup", "the key was taken away")
    base = account.options.get("api_base")
    return stripe.StripeClient(
        account.secrets["key"],
        max_network_retries=RETRIES,
        base_addresses={"api": str(base)} if base else None,
    )


def _read(call: Callable[[], Any]) -> Any:  # noqa: ANN401  # JSON
    """Return what was read as plain JSON; whatever fails may be asked again."""
    return _asked(call, changes=False)


def _asked(call: Callable[[], Any], *, changes: bool = True) -> Any:  # noqa: ANN401  # JSON
    import stripe  # noqa: PLC0415  # slow to import

    lost = "unknown" if changes else "unavailable"
    try:
        return call().to_dict(for_json=True)
    except stripe.RateLimitError as error:
        asked = str((error.headers or {}).get("Retry-After", ""))
        wait = float(asked) if asked.isascii() and asked.isdigit() else None
        raise PaymentError("unavailable", "asked too often", retry_after_s=wait) from None
    except stripe.APIConnectionError:
        raise PaymentError(lost, "no answer could be read") from None  # type: ignore[arg-type]  # one of two reasons
    except stripe.IdempotencyError:
        raise PaymentError("setup", "a key stands for another request") from None
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        if error.code == "resource_missing":
            raise GoneError(f"resource_missing {error.param or ''}".strip()) from None
        # The code and the parameter: the text of an error may repeat what was sent.
        raise PaymentError("refused", f"{error.code or error.http_status} {error.param or ''}".strip()) from None
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise PaymentError("setup", f"{type(error).__name__}") from None
    except stripe.StripeError as error:
        status = error.http_status or _FROM_SERVER
        reason = lost if status >= _FROM_SERVER or status == 409 else "refused"  # noqa: PLR2004  # at work still
        raise PaymentError(reason, f"answered {status}") from None  # type: ignore[arg-type]  # one of the reasons


def _session(account: Account, attempt: Attempt) -> Json:
    currency = attempt.amount.currency.lower()
    line = {
        "price_data": {
            "currency": currency,
            "unit_amount": to_stripe(attempt.amount),
            "product_data": {"name": attempt.title[:250]},
        },
        "quantity": 1,
    }
    marks = {ATTEMPT: attempt.id, "shopkit_order": attempt.order_id}
    params: Json = {
        "mode": "payment",
        "line_items": [line],
        "allowed_payment_method_types": [attempt.method],
        "client_reference_id": attempt.id,
        "metadata": marks,
        "payment_intent_data": {"metadata": marks},
        "customer_email": attempt.email,
        "locale": stripe_locale(attempt.locale),
        "success_url": attempt.return_url,
        "cancel_url": attempt.cancel_url,
        "expires_at": int((attempt.made_at + LIFE).timestamp()),
    }
    options = _options(account, attempt)
    if options:
        params["payment_method_options"] = {attempt.method: options}
    if attempt.adaptive:
        params["adaptive_pricing"] = {"enabled": True}
    return params


def _options(account: Account, attempt: Attempt) -> Json:
    if attempt.method == "card" and account.country == "MX" and attempt.amount.currency == "MXN":
        return {"installments": {"enabled": attempt.installments}}
    if attempt.method in {"oxxo", "boleto"}:
        return {"expires_after_days": VOUCHER_DAYS}
    if attempt.method == "customer_balance":
        return {"funding_type": "bank_transfer", "bank_transfer": {"type": "mx_bank_transfer"}}
    return {}


def _reading(session: Json, intent: Json, refunds: list[Json], disputes: list[Json], *, warns: bool) -> Read:
    asked = from_stripe(session["amount_total"], session["currency"])
    state = _state(session, intent)
    received = from_stripe(_received(session, intent, state), session["currency"])
    instructions, until = _instructions(intent)
    if state == "open":
        until = _moment(session["expires_at"])
    return Read(
        session["id"],
        state,
        asked,
        received,
        (session["metadata"] or {}).get(ATTEMPT),
        session["livemode"],
        intent.get("id"),
        session.get("url"),
        until,
        instructions,
        tuple(_refund(one) for one in refunds),
        tuple(_dispute(one) for one in disputes),
        _presented(session),
        warns,
    )


def _received(session: Json, intent: Json, state: State) -> int:
    """Return what came in so far; a transfer that came in part is told by what is still awaited of it."""
    if state == "paid":
        return int(intent["amount_received"] if intent else session["amount_total"])
    awaited = (intent.get("next_action") or {}).get("display_bank_transfer_instructions")
    if state != "pending" or awaited is None or awaited.get("amount_remaining") is None:
        return 0
    return int(intent["amount"]) - int(awaited["amount_remaining"])


def _state(session: Json, intent: Json) -> State:
    if session["payment_status"] in {"paid", "no_payment_required"}:
        return "paid"
    if session["status"] == "expired":
        return "expired"
    if session["status"] == "open":
        return "open"
    # Complete and not paid: a voucher is out or money is under way, or that is over.
    return "expired" if intent.get("status") in {"requires_payment_method", "canceled"} else "pending"


def _instructions(intent: Json) -> tuple[dict[str, str], datetime | None]:
    """Return what a buyer needs to pay later, and the provider's own end of it."""
    action = intent.get("next_action") or {}
    for name in _DETAILS:
        found = action.get(name)
        if found is None:
            continue
        told = {key: str(value) for key, value in found.items() if isinstance(value, str)}
        if found.get("amount_remaining") is not None:
            told["remaining"] = from_stripe(found["amount_remaining"], found["currency"]).text
        for address in found.get("financial_addresses") or ():
            told |= {key: str(value) for key, value in (address.get("spei") or {}).items() if isinstance(value, str)}
        ends = next((found[key] for key in _ENDS if found.get(key)), None)
        return told, None if ends is None else _moment(ends)
    return {}, None


def _refund(found: Json) -> RefundRead:
    amount = from_stripe(found["amount"], found["currency"])
    state = _REFUNDS.get(found["status"] or "pending", "started")
    return RefundRead(found["id"], state, amount, (found["metadata"] or {}).get(REFUND))


def _dispute(found: Json) -> DisputeRead:
    due = (found.get("evidence_details") or {}).get("due_by")
    return DisputeRead(
        found["id"],
        _DISPUTES.get(found["status"], "open"),
        from_stripe(found["amount"], found["currency"]),
        found.get("reason") or "",
        _moment(due) if due else None,
    )


def _presented(session: Json) -> Money | None:
    shown = session.get("presentment_details")
    if not shown:
        return None
    try:
        return from_stripe(shown["presentment_amount"], shown["presentment_currency"])
    except AmountError:
        return None


def _trigger(event: Json, thing: Json) -> Trigger:
    metadata = thing.get("metadata")
    marks = metadata if isinstance(metadata, dict) else {}
    names = (thing.get("id"), thing.get("payment_intent"), thing.get("charge"))
    refs = tuple(one for one in names if isinstance(one, str) and len(one) < 256)  # noqa: PLR2004  # a column's width
    attempt = marks.get(ATTEMPT)
    said = "/".join(str(thing.get(name)) for name in ("id", "amount", "amount_total", "currency", "status"))
    kind = str(event.get("type", ""))
    return Trigger(
        event["id"],
        kind,
        event.get("livemode") is True,
        refs,
        attempt if isinstance(attempt, str) else None,
        said,
    )


def _moment(stamp: int) -> datetime:
    return datetime.fromtimestamp(stamp, UTC)
