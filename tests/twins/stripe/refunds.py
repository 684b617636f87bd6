"""Refunds: never more than is left, by what the method can; their later fate is in the hands of the test."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from tests.twins.stripe import money, rules, transfers
from tests.twins.stripe.amounts import checked_part
from tests.twins.stripe.errors import invalid, not_modelled, refused
from tests.twins.stripe.methods import METHODS

if TYPE_CHECKING:
    from tests.twins.stripe.shapes import Thing
    from tests.twins.stripe.world import Account, World

_COUNTED: Final = ("succeeded", "pending", "requires_action")
STATUSES: Final = ("succeeded", "pending", "requires_action", "failed")


def remaining(world: World, charge: Thing) -> int:
    """Return what of a charge is neither refunded nor on its way back."""
    account = world.owner(charge)
    back = [one for one in world.all(account, "refund", charge=charge["id"]) if one["status"] in _COUNTED]
    return int(charge["amount_captured"] - sum(one["amount"] for one in back))


def create(world: World, account: Account, values: Thing) -> Thing:
    """Refund a charge in whole or in part."""
    for name in ("refund_application_fee", "reverse_transfer", "origin"):
        if name in values:
            raise not_modelled(f"{name} of a refund", name)
    if ("payment_intent" in values) == ("charge" in values):
        said = "One of payment_intent and charge is needed"
        raise invalid(said, code="parameter_missing", param="payment_intent")
    metadata = rules.metadata(values.get("metadata"))
    charge = _charge(world, account, values)
    kind = charge["payment_method_details"]["type"]
    _refundable(account, charge, kind)
    amount = _amount(world, charge, values)
    status = world.next_refunds.pop(0) if world.next_refunds else "succeeded"
    if account.insufficient_balance:
        status = "pending" if kind == "card" else "failed"
    made = world.make(
        account,
        "refund",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
        reason=values.get("reason"),
        metadata=metadata,
        status="pending",
        destination_details={"type": kind, kind: {}},
    )
    if "presentment_details" in charge:
        made["presentment_details"] = _presented(charge, amount)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] >= charge["amount"]
    booked = "refund" if kind == "card" else "payment_refund"
    made["balance_transaction"] = money.book(world, account, booked, -amount, made["currency"], made["id"])["id"]
    if status in ("succeeded", "requires_action"):
        made["status"] = status
    world.emit(account, "refund.created", made)
    world.emit(account, "charge.refunded", charge)
    if status == "succeeded" and kind == "customer_balance":
        transfers.returned(world, world.things[charge["customer"]], made)
    if status == "failed":
        fail(world, made, "insufficient_funds" if account.insufficient_balance else "declined")
    return made


def _refundable(account: Account, charge: Thing, kind: str) -> None:
    if not charge["captured"]:
        raise refused("Only a captured charge can be refunded; cancel the PaymentIntent instead.", param="charge")
    if not (METHODS[kind].refundable or (kind == "oxxo" and account.refundable_vouchers)):
        raise refused(f"Payments by {kind} cannot be refunded.", code="charge_not_refundable")
    if charge["disputed"]:
        raise refused("The charge has been charged back.", code="charge_disputed")


def _amount(world: World, charge: Thing, values: Thing) -> int:
    """Return what is refunded: what was asked, else what is left; never more than is left."""
    left = remaining(world, charge)
    amount = checked_part(values.get("amount", left), charge["currency"], "amount")
    if "refunds_unchecked" not in world.planted:
        if not left:
            raise refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
        if amount > left:
            said = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
            raise refused(said, param="amount")
    if amount < 1:
        raise invalid(f"Invalid positive integer: {amount}", code="parameter_invalid_integer", param="amount")
    return amount


def _presented(charge: Thing, amount: int) -> Thing:
    shown: dict[str, Any] = charge["presentment_details"]
    share = Decimal(shown["presentment_amount"]) * amount / charge["amount"]
    return shown | {"presentment_amount": int(share.quantize(Decimal(1), ROUND_HALF_UP))}


def _charge(world: World, account: Account, values: Thing) -> Thing:
    if "charge" in values:
        charge = world.get(account, "charge", values["charge"], "charge")
    else:
        intent = world.get(account, "payment_intent", values["payment_intent"], "payment_intent")
        if intent["status"] != "succeeded":
            said = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
            raise refused(said, code="payment_intent_unexpected_state", param="payment_intent")
        charge = world.things[intent["latest_charge"]]
    return charge


def settle(world: World, refund: Thing, status: str, reason: str = "declined") -> Thing:
    """Bring a refund that is on its way to its end."""
    if refund["status"] not in ("pending", "requires_action"):
        raise refused(f"The refund is {refund['status']} already")
    if status == "failed":
        fail(world, refund, reason)
    else:
        refund["status"] = status
        world.emit(world.owner(refund), "refund.updated", refund)
    return refund


def fail(world: World, refund: Thing, reason: str, status: str = "failed") -> None:
    """Let a refund fail, even one that was thought done: its amount can be refunded again."""
    account = world.owner(refund)
    charge = world.things[refund["charge"]]
    booked = money.book(world, account, "refund_failure", refund["amount"], refund["currency"], refund["id"])
    refund |= {"status": status, "failure_balance_transaction": booked["id"]}
    if status == "failed":
        refund["failure_reason"] = reason
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    world.emit(account, "refund.updated", refund)
    if status == "failed":
        world.emit(account, "refund.failed", refund)


def cancel(world: World, refund: Thing) -> Thing:
    """Cancel a refund that waits for the buyer, the only kind that can be."""
    if refund["status"] != "requires_action":
        raise refused("Only a refund that requires action can be cancelled.")
    fail(world, refund, "merchant_request", "canceled")
    return refund
