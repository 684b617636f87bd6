"""What a provider of payments is asked and answers. Amounts are ``Money``; nothing past an adapter is of a provider.

A message from a provider is a trigger and no more: what happened is read at the provider, and decided on that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from landed_cost.money import Money

Failure = Literal["refused", "unavailable", "unknown", "setup"]
State = Literal["open", "approved", "pending", "paid", "failed", "expired"]
RefundState = Literal["started", "made", "failed"]
DisputeState = Literal["open", "won", "lost"]
WINDOW_S: Final = 300


class PaymentError(Exception):
    """A provider that did not do what was asked.

    ``reason``: ``refused`` (it said no), ``unavailable`` (nothing was done, ask again), ``unknown`` (it may have been
    done: read before anything else), ``setup`` (the seller's account or our call is wrong). ``detail`` is for the log
    and never holds what was sent.
    """

    def __init__(self, reason: Failure, detail: str, *, retry_after_s: float | None = None) -> None:
        self.reason = reason
        self.detail = detail
        self.retry_after_s = retry_after_s
        super().__init__(f"{reason}: {detail}")


class GoneError(PaymentError):
    """A name that the provider does not know, or knows no longer."""

    def __init__(self, detail: str) -> None:
        super().__init__("refused", detail)


class SignatureError(ValueError):
    """A message that is not proved to be the provider's, of now, as it was sent."""


@dataclass(frozen=True, slots=True)
class Account:
    """A seller's account at a provider: ``secrets`` are for calling it, ``signing`` for its messages."""

    id: str
    provider: str
    country: str
    is_live: bool
    secrets: Mapping[str, str] = field(repr=False)
    signing: tuple[str, ...] = field(repr=False, default=())
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to pay, as it is asked of a provider: the same attempt is asked in the same words every time.

    ``key`` is what makes a repeat known there; ``installments`` is whether the buyer may pay in monthly parts.
    """

    id: str
    order_id: str
    key: str
    amount: Money
    method: str
    title: str
    locale: str
    country: str
    email: str
    return_url: str
    cancel_url: str
    made_at: datetime
    tax_id: str | None = None
    installments: bool = False
    adaptive: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """What a buyer does next: go to ``url``, or follow ``instructions`` until ``until``."""

    ref: str
    url: str | None = None
    instructions: Mapping[str, str] = field(default_factory=dict)
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefundRead:
    """A refund as the provider has it; ``ours`` is the id of our own row, where we asked for it.

    ``is_marked`` is false where the provider never says whose it is: then ``ours`` says nothing.
    """

    ref: str
    state: RefundState
    amount: Money
    ours: str | None = None
    is_marked: bool = True


@dataclass(frozen=True, slots=True)
class DisputeRead:
    """A dispute as the provider has it; ``due`` is until when it can be answered."""

    ref: str
    state: DisputeState
    amount: Money
    reason: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A payment as the provider has it now, the one source of what follows for the order.

    ``state`` is ``approved`` where the buyer agreed and the money is still to be taken (``capture``). ``received`` is
    all that came in so far, in the currency asked for; ``presented`` what the buyer saw, where that was another
    currency. ``attempt`` and ``is_live`` say whose payment it is; ``charge`` is a second name by which messages speak
    of it. ``settled`` are disputes that are over in the seller's favour, if there ever were such.
    """

    ref: str
    state: State
    asked: Money
    received: Money
    attempt: str | None
    is_live: bool
    charge: str | None = None
    url: str | None = None
    until: datetime | None = None
    instructions: Mapping[str, str] = field(default_factory=dict)
    refunds: tuple[RefundRead, ...] = ()
    disputes: tuple[DisputeRead, ...] = ()
    presented: Money | None = None
    is_suspect: bool = False
    settled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a message says, believed only as far as where to look: ``refs`` are names of the payment it speaks of."""

    event_id: str
    kind: str
    is_live: bool
    refs: tuple[str, ...] = ()
    attempt: str | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a seller in a dispute, as texts; what is not known is ``""``. ``story`` tells the whole of it."""

    product: str
    buyer: str
    email: str
    address: str
    carrier: str
    tracking: str
    sent_on: str
    refund_policy: str
    story: str


BookingKind = Literal["payment", "refund", "dispute", "fee", "payout", "other"]


@dataclass(frozen=True, slots=True)
class Booking:
    """One line of a provider's balance: what came is above zero, what went below.

    ``gross``, ``fee`` (what the provider keeps) and ``net`` are in the currency of the balance. ``amount`` is that of
    the payment, refund or dispute itself, in its own currency, which may be another. ``names`` are the provider's for
    what it is of; ``attempt`` and ``refund`` our own marks on it, ``None`` where there are none.
    """

    ref: str
    kind: BookingKind
    at: datetime
    gross: Money
    fee: Money
    net: Money
    amount: Money | None = None
    names: tuple[str, ...] = ()
    attempt: str | None = None
    refund: str | None = None
    said: str = ""


@runtime_checkable
class Booked(Protocol):
    """What an adapter can besides, where its provider tells its bookings."""

    def bookings(self, account: Account, since: datetime, until: datetime) -> list[Booking]:
        """Return what was booked from ``since`` up to, not at, ``until``, oldest first; ``PaymentError``."""
        ...


@runtime_checkable
class Answering(Protocol):
    """What an adapter can besides, where its provider takes evidence: not every one does from here."""

    def answer_dispute(self, account: Account, dispute: str, evidence: Evidence, *, submits: bool) -> None:
        """Keep evidence with a dispute, or hand it in, which is done once; ``PaymentError``."""
        ...


class Adapter(Protocol):
    """A provider. Every method may raise ``PaymentError``; ``verify`` raises ``SignatureError``.

    ``by_hand``: there is nobody to read, the seller records what happened. ``takes``: money moves when we take it and
    not before (``capture``). ``key_life``: how long the provider knows a repeat by its key; after it the same words
    would begin a second payment.
    """

    name: str
    by_hand: bool
    takes: bool
    key_life: timedelta

    def start(self, account: Account, attempt: Attempt) -> Started:
        """Begin an attempt; the same attempt again gives the same answer and nothing new."""
        ...

    def read(self, account: Account, ref: str, also: Sequence[str] = ()) -> Read:
        """Return how a payment stands; ``ref`` is what ``start`` gave, ``also`` names that messages called it by.

        Raises ``GoneError`` for what is not there.
        """
        ...

    def capture(self, account: Account, ref: str) -> None:
        """Take what the buyer agreed to, once; do nothing where the provider takes it by itself."""
        ...

    def refund(self, account: Account, ref: str, amount: Money, refund_id: str) -> RefundRead:
        """Give money back, once for each ``refund_id``."""
        ...

    def cancel(self, account: Account, ref: str) -> None:
        """End an attempt that is not paid; one that is paid or over is left as it is."""
        ...

    def verify(
        self, account: Account, body: bytes, headers: Mapping[str, str], query: Mapping[str, str], now: datetime
    ) -> Trigger:
        """Return what a message points to; ``headers`` are named in lower case."""
        ...

    def attempt_of(self, account: Account, ref: str) -> str | None:
        """Return the attempt that a name in a message belongs to, by asking the provider; ``None`` for a stranger's."""
        ...
