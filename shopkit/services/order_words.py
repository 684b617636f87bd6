"""What the events of an order's ledger are called where sellers read them."""

from __future__ import annotations

from typing import Final

from shopkit.services.letters import N_

EVENTS: Final = {
    "placed": N_("Placed"),
    "reduced": N_("Costs less"),
    "packed": N_("Packed"),
    "shipped": N_("Sent"),
    "delivered": N_("Arrived"),
    "returned": N_("Came back"),
    "cancelled": N_("Cancelled"),
    "expired": N_("Not paid in time"),
    "accepted": N_("Taken up again"),
    "held": N_("Held"),
    "released": N_("Looked at and released"),
    "payment_started": N_("Payment begun"),
    "payment_pending": N_("Voucher or transfer issued"),
    "payment_received": N_("Money received"),
    "payment_failed": N_("Payment failed"),
    "payment_expired": N_("Voucher or payment page ended"),
    "payment_mismatch": N_("Money that does not fit"),
    "payment_accepted": N_("Counted as paid"),
    "refund_started": N_("Money on its way back"),
    "refund_made": N_("Money given back"),
    "refund_failed": N_("Money could not be given back"),
    "dispute_opened": N_("Disputed by the buyer’s bank"),
    "dispute_won": N_("Dispute won"),
    "dispute_lost": N_("Dispute lost"),
    "dispute_answered": N_("Evidence handed in"),
    "fraud_warned": N_("Warning of fraud"),
    "conflict": N_("Told twice, with another content"),
}
