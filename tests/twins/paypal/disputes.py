"""Disputes of the twin of PayPal: a buyer or a bank asks money back, and it is settled one way or the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.twins.paypal.world import World

Thing = dict[str, Any]
OUTCOMES: Final = (
    "RESOLVED_BUYER_FAVOUR",
    "RESOLVED_SELLER_FAVOUR",
    "RESOLVED_WITH_PAYOUT",
    "CANCELED_BY_BUYER",
    "ACCEPTED",
    "DENIED",
)
_SUMMARY: Final = (
    "dispute_id",
    "create_time",
    "update_time",
    "reason",
    "status",
    "dispute_state",
    "dispute_amount",
    "dispute_life_cycle_stage",
    "seller_response_due_date",
)


def dispute(world: World, capture: str, reason: str = "MERCHANDISE_OR_SERVICE_NOT_RECEIVED") -> Thing:
    """Open a dispute about the whole of a capture; the seller has ten days to answer."""
    found = world.get("capture", capture)
    due = datetime.fromtimestamp(world.now(), UTC) + timedelta(days=10)
    name = f"PP-D-{len([one for one in world.things.values() if one['_kind'] == 'dispute']) + 1:05}"
    made: Thing = {
        "dispute_id": name,
        "create_time": world.moment(),
        "update_time": world.moment(),
        "disputed_transactions": [{"seller_transaction_id": capture, "gross_amount": found["amount"]}],
        "reason": reason,
        "status": "WAITING_FOR_SELLER_RESPONSE",
        "dispute_state": "REQUIRED_ACTION",
        "dispute_amount": found["amount"],
        "dispute_life_cycle_stage": "CHARGEBACK",
        "seller_response_due_date": due.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "_kind": "dispute",
    }
    world.things[name] = made
    world.webhooks.emit("CUSTOMER.DISPUTE.CREATED", "dispute", told(made))
    return told(made)


def end(world: World, dispute: str, outcome: str) -> Thing:
    """Settle a dispute."""
    made = world.get("dispute", dispute)
    if outcome not in OUTCOMES or made["status"] == "RESOLVED":
        raise ValueError(f"the dispute is {made['status']}; outcomes are {OUTCOMES}")
    made |= {"status": "RESOLVED", "dispute_state": "RESOLVED", "update_time": world.moment()}
    made["dispute_outcome"] = {"outcome_code": outcome}
    if outcome in ("RESOLVED_BUYER_FAVOUR", "ACCEPTED"):
        made["dispute_outcome"]["amount_refunded"] = made["dispute_amount"]
    world.webhooks.emit("CUSTOMER.DISPUTE.RESOLVED", "dispute", told(made))
    return told(made)


def told(made: Thing) -> Thing:
    """Return a dispute as it is shown whole."""
    return {name: value for name, value in made.items() if not name.startswith("_") and name != "dispute_state"}


def listed(world: World, query: dict[str, str]) -> Thing:
    """Return the disputes of a transaction in short, the newest first; without any there is no list."""
    wanted = query.get("disputed_transaction_id")
    found = [
        {name: one[name] for name in _SUMMARY}
        for one in world.things.values()
        if one["_kind"] == "dispute" and wanted in (None, one["disputed_transactions"][0]["seller_transaction_id"])
    ]
    links = [world.link("/v1/customer/disputes", "self")]
    return {"items": found[::-1], "links": links} if found else {"links": links}
