"""Payouts: what an account's balance holds in a currency goes to its bank; and bookings without a payment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.twins.stripe import money
from tests.twins.stripe.errors import refused

if TYPE_CHECKING:
    from tests.twins.stripe.shapes import Thing
    from tests.twins.stripe.world import Account, World


def pay_out(world: World, account: Account, currency: str) -> Thing:
    """Pay out all that the balance holds in a currency, at once; nothing is left to be paid out twice."""
    held = sum(one["net"] for one in world.all(account, "balance_transaction", currency=currency))
    if held < 1:
        raise refused("You have insufficient funds in your Stripe account.", code="balance_insufficient")
    made = world.make(
        account,
        "payout",
        amount=held,
        currency=currency,
        arrival_date=world.now(),
        automatic=True,
        method="standard",
        metadata={},
        reconciliation_status="in_progress",
        source_type="card",
        status="paid",
        type="bank_account",
    )
    made["balance_transaction"] = money.book(world, account, "payout", -held, currency, made["id"])["id"]
    world.emit(account, "payout.created", made)
    world.emit(account, "payout.paid", made)
    return made


def charge_fee(world: World, account: Account, amount: int, currency: str, description: str) -> Thing:
    """Book a fee that belongs to no payment, such as that of a dispute or a month."""
    booked = money.book(world, account, "stripe_fee", -amount, currency, "")
    booked |= {"source": None, "description": description}
    return booked
