"""What can happen to an order: one shape for all events, and what each kind says."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from landed_cost.money import Money

Kind = Literal[
    # The order and its goods.
    "placed",
    "reduced",
    "packed",
    "shipped",
    "delivered",
    "returned",
    "cancelled",
    "expired",
    "accepted",
    "held",
    "released",
    # Money.
    "payment_started",
    "payment_pending",
    "payment_received",
    "payment_failed",
    "payment_expired",
    "payment_mismatch",
    "payment_accepted",
    "refund_started",
    "refund_made",
    "refund_failed",
    "dispute_opened",
    "dispute_won",
    "dispute_lost",
    "dispute_answered",
    "fraud_warned",
    # The same source told one thing twice, with another content.
    "conflict",
]
KINDS: Final[tuple[Kind, ...]] = Kind.__args__  # type: ignore[attr-defined]  # typing knows no such name
# What happened at a provider has happened: nobody asks whether it may.
FACTS: Final[frozenset[Kind]] = frozenset(
    {
        "payment_started",
        "payment_pending",
        "payment_received",
        "payment_failed",
        "payment_expired",
        "payment_mismatch",
        "refund_failed",
        "dispute_opened",
        "dispute_won",
        "dispute_lost",
        "dispute_answered",
        "fraud_warned",
        "conflict",
    }
)
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, said once.

    ``source`` is who says it: ``buyer``, ``seller``, ``clock``, ``provider:stripe``. ``source_id`` is the source's own
    name for it, made of the *thing* and not of the message that told it (``pi_1:received``, never the id of a webhook),
    so that whoever tells it again, by whatever way, is heard once.

    ``payment`` is the attempt it speaks of, ``ref`` the refund or dispute (without one: the event itself). ``amount``
    is what this event alone moves: the part that came in, not the sum so far. ``until`` is when what it began ends, as
    the provider said it: the end of a voucher, of a session, of the time to pay. ``pieces`` counts pieces by the
    position of their line, from 0.
    """

    kind: Kind
    at: datetime
    source: str
    source_id: str
    amount: Money | None = None
    payment: str | None = None
    ref: str | None = None
    until: datetime | None = None
    pieces: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    data: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    @property
    def key(self) -> tuple[str, str]:
        """What makes a repeat of it known."""
        return self.source, self.source_id

    @property
    def about(self) -> str:
        """The refund or dispute it speaks of."""
        return self.ref or f"{self.source}/{self.source_id}"

    @property
    def is_from_provider(self) -> bool:
        """Whether a provider of payments says it."""
        return self.source.startswith("provider:")

    def says_the_same(self, other: Event) -> bool:
        """Whether a repeat says what was said before: when it was heard, and words beside it, do not matter."""
        return (self.kind, self.amount, self.payment, self.ref, dict(self.pieces)) == (
            other.kind,
            other.amount,
            other.payment,
            other.ref,
            dict(other.pieces),
        )
