"""How an order stands: derived from its events and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Fulfilment = Literal["none", "placed", "packed", "shipped", "delivered", "returned", "cancelled"]
Closed = Literal["expired", "cancelled"]
MoneyState = Literal["due", "pending", "received", "refunding", "refunded", "disputed", "held"]
Status = Literal[
    "awaiting_payment",
    "pending",
    "underfunded",
    "paid",
    "paid_late",
    "part_refunded",
    "refunded",
    "expired",
    "cancelled",
]
STATUSES: Final[tuple[Status, ...]] = Status.__args__  # type: ignore[attr-defined]  # typing knows no such name
FULFILMENTS: Final = ("placed", "packed", "shipped", "delivered", "returned", "cancelled")
_ON_ITS_WAY: Final = frozenset({"shipped", "delivered", "returned"})


@dataclass(frozen=True, slots=True)
class Payment:
    """One attempt to pay; ``until`` is when its voucher or page ends."""

    state: Literal["started", "pending", "received", "failed", "expired"]
    until: datetime | None = None
    received: int = 0
    astray: int = 0

    @property
    def is_open(self) -> bool:
        """Whether money may still come by it as it was asked for."""
        return self.state in {"started", "pending"}


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back, or back; a failed one took nothing."""

    state: Literal["started", "made", "failed"]
    minor: int
    payment: str | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A buyer's bank asks the money back: ``minor`` is gone once it is lost."""

    state: Literal["open", "won", "lost"]
    minor: int


@dataclass(frozen=True, slots=True)
class OrderState:
    """How an order stands. Amounts are whole minor units of ``currency``; ``ordered`` counts pieces by line.

    ``dropped`` are pieces that will not be sent, ``astray`` money that came and did not fit (another amount or
    currency than was asked for): it is not counted as paid, and not lost. ``doubts`` are what a person has to decide
    before anything is sent. ``marks`` says when each kind of event was last heard.
    """

    currency: str = ""
    total: int = 0
    reduced: int = 0
    received: int = 0
    received_late: int = 0
    ordered: tuple[int, ...] = ()
    packed: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    returned: tuple[int, ...] = ()
    fulfilment: Fulfilment = "none"
    closed: Closed | None = None
    pay_until: datetime | None = None
    payments: Mapping[str, Payment] = field(default_factory=lambda: MappingProxyType({}))
    refunds: Mapping[str, Refund] = field(default_factory=lambda: MappingProxyType({}))
    disputes: Mapping[str, Dispute] = field(default_factory=lambda: MappingProxyType({}))
    astray: int = 0
    doubts: tuple[str, ...] = ()
    marks: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))

    # -- money ----------------------------------------------------------------------------------------------------
    @property
    def due(self) -> int:
        """What the order costs by now."""
        return self.total - self.reduced

    @property
    def refunded(self) -> int:
        """What went back of the money that was counted as paid."""
        return sum(one.minor for one in self.refunds.values() if one.state == "made" and not self._is_astray(one))

    @property
    def refunding(self) -> int:
        """What is on its way back, of all money."""
        return sum(one.minor for one in self.refunds.values() if one.state == "started")

    @property
    def charged_back(self) -> int:
        """What disputes took that were lost."""
        return sum(one.minor for one in self.disputes.values() if one.state == "lost")

    @property
    def net(self) -> int:
        """What the seller holds for the order; below nothing only while a refund was heard of before its payment."""
        return self.received - self.refunded - self.charged_back

    @property
    def covered(self) -> int:
        """What stays once the refunds that are on their way have arrived."""
        leaving = (one for one in self.refunds.values() if one.state == "started" and not self._is_astray(one))
        return self.net - sum(one.minor for one in leaving)

    @property
    def missing(self) -> int:
        """What is still to be paid."""
        return 0 if self.closed else max(0, self.due - self.covered)

    @property
    def astray_left(self) -> int:
        """What came and did not fit, and is not back yet."""
        back = sum(one.minor for one in self.refunds.values() if one.state == "made" and self._is_astray(one))
        return self.astray - back

    def _is_astray(self, refund: Refund) -> bool:
        """Whether a refund gives back money that did not fit: its payment brought nothing else."""
        payment = self.payments.get(refund.payment or "")
        return payment is not None and not payment.received and payment.astray > 0

    @property
    def refundable(self) -> int:
        """The most that can still be given back: what came, without what is back, on its way back, or in dispute."""
        disputed = sum(one.minor for one in self.disputes.values() if one.state == "open")
        return max(0, self.net + max(0, self.astray_left) - self.refunding - disputed)

    @property
    def owed_back(self) -> int:
        """What the buyer paid and should not have: too much, after the end, or for an order that was cancelled."""
        keeps = 0 if self.closed else self.due
        return max(0, self.covered - keeps)

    @property
    def is_disputed(self) -> bool:
        """Whether a dispute is open."""
        return any(one.state == "open" for one in self.disputes.values())

    @property
    def is_held(self) -> bool:
        """Whether a person has to decide first."""
        return bool(self.doubts)

    @property
    def is_funded(self) -> bool:
        """Whether what was received, less what goes back, is what the order costs."""
        return self.covered >= self.due

    @property
    def money(self) -> MoneyState:
        """Where the money stands, the most pressing first."""
        if self.is_disputed:
            return "disputed"
        if self.is_held:
            return "held"
        if self.refunding:
            return "refunding"
        if self.received and self.net <= 0:
            return "refunded"
        if self.net >= self.due:
            return "received"
        return "pending" if self._is_awaited else "due"

    @property
    def status(self) -> Status:
        """What a buyer is told; ``is_disputed`` and ``is_held`` stand beside it."""
        if self.received and self.net <= 0:
            return "refunded"
        if self.closed is not None:
            return "paid_late" if self.received_late and self.net > 0 else self.closed
        if self.net >= self.due:
            return "part_refunded" if self.refunded and self.reduced else "paid"
        if self.received:
            # Once it was whole, what is missing went back.
            return "part_refunded" if self.received >= self.due else "underfunded"
        return "pending" if self._is_awaited else "awaiting_payment"

    @property
    def _is_awaited(self) -> bool:
        return any(one.state == "pending" for one in self.payments.values())

    @property
    def ends_at(self) -> datetime | None:
        """When an unpaid order ends: the last moment by which anything of it may still be paid.

        One that was paid whole and of which a part went back waits for a person, not for the clock.
        """
        if self.closed is not None or self.is_funded or self.fulfilment != "placed":
            return None
        if self.received >= self.due and self.net > 0:
            return None
        ends = [one.until for one in self.payments.values() if one.is_open and one.until is not None]
        if self.pay_until is not None:
            ends.append(self.pay_until)
        return max(ends, default=None)

    # -- goods ----------------------------------------------------------------------------------------------------
    @property
    def to_send(self) -> tuple[int, ...]:
        """How many pieces of each line are to be sent."""
        return tuple(map(int.__sub__, self.ordered, self.dropped))

    @property
    def is_packed_whole(self) -> bool:
        """Whether what is packed is what is to be sent, piece by piece."""
        return self.packed == self.to_send

    @property
    def is_sent(self) -> bool:
        """Whether the goods left the seller."""
        return self.fulfilment in _ON_ITS_WAY

    @property
    def holds_stock(self) -> bool:
        """Whether the goods are set aside for this buyer."""
        return self.closed is None and not self.is_sent and self.fulfilment != "none"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done: to pay, to send, to give back, to decide."""
        return self.holds_stock or self.is_unsettled

    @property
    def is_unsettled(self) -> bool:
        """Whether a person has to see to its money: it is owed back, held or disputed."""
        return self.owed_back > 0 or self.is_disputed or self.is_held

    @property
    def stops(self) -> str | None:
        """Why nothing may be sent now; ``None`` where it may."""
        if self.closed is not None:
            return "order.closed"
        if self.is_disputed:
            return "order.disputed"
        if self.is_held:
            return "order.held"
        return None if self.is_funded else "order.not_paid"
