"""Bank transfers: money arrives for a customer, pays what waits for it, and what is too much stays theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.twins.stripe import money, vouchers

if TYPE_CHECKING:
    from tests.twins.stripe.shapes import Thing
    from tests.twins.stripe.world import World


def _moved(world: World, customer: Thing, kind: str, change: int, currency: str, **more: Any) -> None:
    held = customer["_cash"].get(currency, 0) + change
    customer["_cash"][currency] = held
    made = world.make(
        world.owner(customer),
        "customer_cash_balance_transaction",
        type=kind,
        customer=customer["id"],
        currency=currency,
        net_amount=change,
        ending_balance=held,
        **more,
    )
    world.emit(world.owner(customer), "customer_cash_balance_transaction.created", made)


def wait(world: World, intent: Thing) -> None:
    """Use what the customer has with us already, and show how to send the rest."""
    intent["_reference"] = intent.get("_reference") or world.letters(8).upper()
    intent["_received"] = intent.get("_received", 0)
    intent |= {"status": "requires_action", "next_action": vouchers.instructions(world, intent, remaining(intent))}
    customer = world.things[intent["customer"]]
    if customer["_cash"].get(intent["currency"], 0):
        _apply(world, customer, intent)
    if intent["status"] == "requires_action":
        world.emit(world.owner(intent), "payment_intent.requires_action", intent)


def remaining(intent: Thing) -> int:
    """Return what has still to come."""
    return int(intent["amount"] - intent["_received"])


def arrive(world: World, customer: Thing, currency: str, amount: int, intent: Thing | None = None) -> None:
    """Let money arrive: for the intent whose reference it bears, else for the one that waits longest."""
    bank = {"mx_bank_transfer": {"sender_name": "The buyer"}, "type": "mx_bank_transfer", "reference": None}
    if intent is not None:
        bank["reference"] = intent["_reference"]
    _moved(world, customer, "funded", amount, currency, funded={"bank_transfer": bank})
    waiting = [
        one
        for one in world.all(world.owner(customer), "payment_intent", customer=customer["id"], currency=currency)
        if one["status"] == "requires_action" and "_received" in one
    ]
    if intent in waiting:
        waiting.remove(intent)
        waiting.insert(0, intent)
    for one in waiting:
        if customer["_cash"].get(currency, 0):
            _apply(world, customer, one)


def _apply(world: World, customer: Thing, intent: Thing) -> None:
    part = min(customer["_cash"][intent["currency"]], remaining(intent))
    intent["_received"] += part
    applied = {"payment_intent": intent["id"]}
    _moved(world, customer, "applied_to_payment", -part, intent["currency"], applied_to_payment=applied)
    if remaining(intent):
        intent["next_action"] = vouchers.instructions(world, intent, remaining(intent))
        world.emit(world.owner(intent), "payment_intent.partially_funded", intent)
    else:
        money.paid(world, intent)


def cash_balance(world: World, customer: Thing) -> Thing:
    """Return what a customer has with us, by currency."""
    account = world.owner(customer)
    held = {currency: amount for currency, amount in customer["_cash"].items() if amount}
    return {
        "object": "cash_balance",
        "available": held or None,
        "customer": customer["id"],
        "customer_account": None,
        "livemode": account.livemode,
        "settings": {"reconciliation_mode": "automatic", "using_merchant_default": True},
    }


def returned(world: World, customer: Thing, refund: Thing) -> None:
    """Put a refund where it came from: what the customer has with us."""
    more = {"refunded_from_payment": {"refund": refund["id"]}}
    _moved(world, customer, "refunded_from_payment", refund["amount"], refund["currency"], **more)
