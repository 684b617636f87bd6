"""Money that moves: charges, what the account's balance books of them, and the end of a payment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.twins.stripe import checkout

if TYPE_CHECKING:
    from tests.twins.stripe.shapes import Thing
    from tests.twins.stripe.world import Account, World


def book(world: World, account: Account, kind: str, amount: int, currency: str, source: str, fee: int = 0) -> Thing:
    """Book an amount on the account's balance, in the currency it was paid in: nothing is exchanged here."""
    details = [
        {
            "amount": fee,
            "application": None,
            "currency": currency,
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]
    return world.make(
        account,
        "balance_transaction",
        amount=amount,
        currency=currency,
        fee=fee,
        fee_details=details if fee else [],
        net=amount - fee,
        source=source,
        type=kind,
        reporting_category={"adjustment": "dispute", "payment": "charge", "payment_refund": "refund"}.get(kind, kind),
        status="available",
        available_on=world.now(),
        balance_type="payments",
    )


def _charge(world: World, intent: Thing, status: str, **fields: Any) -> Thing:
    account = world.owner(intent)
    method = world.things[intent["payment_method"]]
    session = checkout.of_intent(world, intent)
    charge = world.make(
        account,
        "charge",
        amount=intent["amount"],
        amount_captured=0,
        amount_refunded=0,
        captured=False,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        metadata=dict(intent["metadata"]),
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details=_details(method, intent),
        billing_details=method["billing_details"],
        receipt_email=intent["receipt_email"],
        shipping=intent["shipping"],
        statement_descriptor=intent["statement_descriptor"],
        status=status,
        paid=status == "succeeded",
        **fields,
    )
    if session is not None and "presentment_details" in session:
        charge["presentment_details"] = dict(session["presentment_details"])
    intent["latest_charge"] = charge["id"]
    return charge


def _details(method: Thing, intent: Thing) -> Thing:
    kind = method["type"]
    if kind != "card":
        return {"type": kind, kind: {}}
    card = {
        name: method["card"].get(name) for name in ("brand", "country", "exp_month", "exp_year", "funding", "last4")
    }
    plan = intent.get("_plan")
    return {"type": "card", "card": card | {"installments": {"plan": plan} if plan else None, "three_d_secure": None}}


def paid(world: World, intent: Thing) -> None:
    """End a payment well: a charge, captured or held for capture, its booking, and the Session told."""
    account = world.owner(intent)
    if intent["capture_method"] == "manual":
        charge = _charge(world, intent, "succeeded")
        intent |= {"status": "requires_capture", "amount_capturable": intent["amount"], "next_action": None}
        world.emit(account, "charge.succeeded", charge)
        world.emit(account, "payment_intent.amount_capturable_updated", intent)
    else:
        charge = _charge(world, intent, "succeeded")
        _captured(world, charge, intent["amount"])
        intent |= {"status": "succeeded", "amount_received": intent["amount"], "next_action": None}
        intent["last_payment_error"] = None
        world.emit(account, "charge.succeeded", charge)
        world.emit(account, "payment_intent.succeeded", intent)
    checkout.money_came(world, intent)


def _captured(world: World, charge: Thing, amount: int) -> None:
    account = world.owner(charge)
    fee = amount * account.fee_per_mille // 1000
    kind = "charge" if charge["payment_method_details"]["type"] == "card" else "payment"
    booked = book(world, account, kind, amount, charge["currency"], charge["id"], fee)
    charge |= {"captured": True, "amount_captured": amount, "balance_transaction": booked["id"]}


def capture(world: World, intent: Thing, amount: int) -> None:
    """Take an amount that was held; what is more than that is let go."""
    account = world.owner(intent)
    charge = world.things[intent["latest_charge"]]
    _captured(world, charge, amount)
    charge["amount_refunded"] = 0
    intent |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
    world.emit(account, "charge.captured", charge)
    world.emit(account, "payment_intent.succeeded", intent)
    checkout.money_came(world, intent)


def declined(world: World, intent: Thing, code: str) -> Thing:
    """End one try badly: a failed charge, and the intent asks for another method. Return the error it keeps."""
    world.owner(intent)
    message = "Your card was declined."
    charge = _charge(world, intent, "failed", failure_code="card_declined", failure_message=message)
    charge["outcome"] = {"network_status": "declined_by_network", "reason": code, "type": "issuer_declined"}
    charge["outcome"] |= {"advice_code": None, "network_advice_code": None, "network_decline_code": None}
    charge["outcome"] |= {"seller_message": "The bank did not return any further details with this decline."}
    error = {"type": "card_error", "code": "card_declined", "decline_code": code, "message": message}
    failed(world, intent, error | {"charge": charge["id"]}, charge)
    return error | {"charge": charge["id"]}


def failed(world: World, intent: Thing, error: Thing, charge: Thing | None = None) -> None:
    """Send an intent back to where it needs a method, with what went wrong."""
    account = world.owner(intent)
    intent |= {"status": "requires_payment_method", "last_payment_error": error, "next_action": None}
    intent["payment_method"] = None
    if charge is not None:
        world.emit(account, "charge.failed", charge)
    world.emit(account, "payment_intent.payment_failed", intent)
    checkout.money_failed(world, intent)
