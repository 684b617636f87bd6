"""What Stripe books on an account's balance, as our bookings: charges, refunds, disputes, fees, payouts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from landed_cost.money import Money
from shopkit.payments.port import Booking, PaymentError
from shopkit.payments.wire import AmountError, from_stripe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopkit.payments.port import BookingKind

Json = dict[str, Any]
PAGE: Final = 100
_KINDS: Final[Mapping[str, BookingKind]] = {
    "charge": "payment",
    "payment": "payment",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund",
    "payment_failure_refund": "refund",
    "payment_reversal": "refund",
    "stripe_fee": "fee",
    "stripe_fx_fee": "fee",
    "tax_fee": "fee",
    "payout": "payout",
    "payout_cancel": "payout",
    "payout_failure": "payout",
}
_OF_MONEY: Final = frozenset({"payment", "refund", "dispute"})


def booking(found: Json, attempt: str, refund: str) -> Booking:
    """Return a balance transaction whose source is whole; ``attempt`` and ``refund`` name our marks on it."""
    source: Json = found["source"] if isinstance(found.get("source"), dict) else {}
    kind: BookingKind = "dispute" if source.get("object") == "dispute" else _KINDS.get(found["type"], "other")
    marks = source.get("metadata") or {}
    try:
        gross, fee, net = (from_stripe(found[name], found["currency"]) for name in ("amount", "fee", "net"))
        amount = _amount(source, gross.minor) if kind in _OF_MONEY else None
    except AmountError as error:
        raise PaymentError("refused", f"{found['id']} is booked in an amount that cannot be held") from error
    names = (source.get("id"), source.get("payment_intent"), source.get("charge"))
    return Booking(
        found["id"],
        kind,
        datetime.fromtimestamp(found["created"], UTC),
        gross,
        fee,
        net,
        amount,
        tuple(name for name in names if isinstance(name, str)),
        marks.get(attempt) if kind == "payment" else None,
        marks.get(refund) if kind == "refund" else None,
        found.get("description") or found["type"],
    )


def _amount(source: Json, sign: int) -> Money | None:
    """Return what the payment, refund or dispute is of, with the sign of its booking."""
    if "currency" not in source:
        return None
    captured = source.get("amount_captured")
    found = from_stripe(source["amount"] if captured is None else captured, source["currency"])
    return Money(-found.minor, found.currency) if sign < 0 else found
