"""Disputes: opened by the buyer's bank, answered once with evidence, won or lost; and warnings of fraud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.twins.stripe import money, rules
from tests.twins.stripe.errors import refused
from tests.twins.stripe.shapes import answers

if TYPE_CHECKING:
    from tests.twins.stripe.shapes import Thing
    from tests.twins.stripe.world import World

_ENDED: Final = ("won", "lost", "prevented", "warning_closed")


def begin(
    world: World, charge: Thing, amount: int | None = None, reason: str = "product_not_received", days: int = 7
) -> Thing:
    """Open a dispute and take its amount from the balance; ``days`` of 0: nothing can be answered."""
    account = world.owner(charge)
    amount = charge["amount_captured"] - charge["amount_refunded"] if amount is None else amount
    if charge["payment_method_details"]["type"] != "card" or amount < 1 or charge["disputed"]:
        raise refused("The charge cannot be disputed: not a card's, refunded whole, or disputed already")
    known = answers()["dispute"]["properties"]["evidence"]["properties"]
    due = world.now() + days * rules.DAY if days else 0
    made = world.make(
        account,
        "dispute",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="needs_response",
        metadata={},
        evidence={name: {} if name == "enhanced_evidence" else None for name in known},
        evidence_details={"due_by": due, "has_evidence": False, "past_due": False, "submission_count": 0}
        | {"enhanced_eligibility": {}},
        is_charge_refundable=False,
        payment_method_details={"type": "card", "card": {"brand": "visa", "case_type": "chargeback"}},
    )
    charge["disputed"] = True
    booked = money.book(world, account, "adjustment", -amount, charge["currency"], made["id"])
    made["balance_transactions"] = [{name: value for name, value in booked.items() if not name.startswith("_")}]
    world.emit(account, "charge.dispute.created", made)
    world.emit(account, "charge.dispute.funds_withdrawn", made)
    if due:
        world.at(due, lambda: _past_due(world, made))
    return made


def _past_due(world: World, dispute: Thing) -> None:
    if dispute["status"] == "needs_response":
        dispute["evidence_details"]["past_due"] = True
        end(world, dispute, won=False)


def update(world: World, dispute: Thing, values: Thing) -> Thing:
    """Keep evidence and, unless told otherwise, send it: that is done once."""
    details = dispute["evidence_details"]
    if dispute["status"] != "needs_response" or details["submission_count"] or not details["due_by"]:
        raise refused("The evidence of this dispute can no longer be changed.", code="dispute_not_open")
    if "metadata" in values:
        dispute["metadata"] = rules.metadata(values["metadata"], dispute["metadata"])
    if "evidence" in values:
        dispute["evidence"] |= {name: value or None for name, value in values["evidence"].items()}
        details["has_evidence"] = any(dispute["evidence"].values())
        if values.get("submit", True):
            details["submission_count"] = 1
            dispute["status"] = "under_review"
    world.emit(world.owner(dispute), "charge.dispute.updated", dispute)
    return dispute


def end(world: World, dispute: Thing, *, won: bool) -> Thing:
    """End a dispute: what was withdrawn comes back when it is won."""
    if dispute["status"] in _ENDED:
        raise refused(f"The dispute is {dispute['status']} already")
    account, charge = world.owner(dispute), world.things[dispute["charge"]]
    dispute["status"] = "won" if won else "lost"
    world.emit(account, "charge.dispute.closed", dispute)
    if won:
        charge["disputed"] = False
        booked = money.book(world, account, "adjustment", dispute["amount"], dispute["currency"], dispute["id"])
        shown = {name: value for name, value in booked.items() if not name.startswith("_")}
        dispute["balance_transactions"].append(shown)
        world.emit(account, "charge.dispute.funds_reinstated", dispute)
    return dispute


def warn(world: World, charge: Thing) -> Thing:
    """Let the card's network suspect fraud."""
    made = world.make(
        world.owner(charge),
        "radar.early_fraud_warning",
        actionable=not charge["refunded"],
        charge=charge["id"],
        fraud_type="made_with_stolen_card",
        payment_intent=charge["payment_intent"],
    )
    world.emit(world.owner(charge), "radar.early_fraud_warning.created", made)
    return made
