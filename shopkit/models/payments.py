"""Payments: accounts of sellers at providers, attempts to pay, messages as they came, refunds that were asked for."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class PaymentAccount(Base):
    """A seller's account at a provider; ``id`` stands in the address its messages come to.

    ``sealed`` is JSON with ``secrets`` and ``signing``, sealed; ``options`` hold nothing secret.
    """

    __tablename__ = "payment_account"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    provider: Mapped[str] = mapped_column(String(32))
    country: Mapped[str] = mapped_column(String(2))
    is_live: Mapped[bool]
    is_active: Mapped[bool]
    sealed: Mapped[str] = mapped_column(Text)
    options: Mapped[dict[str, object]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StoredPayment(Base):
    """One attempt to pay. What it is of is frozen in ``request``; how the money stands is told by the order's ledger.

    ``state``: ``starting`` (asked for, no answer kept: it may have been begun), ``open``, ``taking`` (approved, and the
    money is being taken), ``pending``, ``paid``, ``failed``, ``expired``, ``replaced`` (the order has another price by
    now). ``ref`` and ``charge`` are the provider's names for it.
    """

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("order_id", "number"),
        UniqueConstraint("account_id", "ref"),
        Index("ix_payment_charge", "account_id", "charge"),
        Index("ix_payment_state", "state", "checked_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("payment_account.id"))
    number: Mapped[int] = mapped_column(Integer)
    provider: Mapped[str] = mapped_column(String(32))
    method: Mapped[str] = mapped_column(String(32))
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    request: Mapped[dict[str, object]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16))
    ref: Mapped[str | None] = mapped_column(String(255))
    charge: Mapped[str | None] = mapped_column(String(255))
    url: Mapped[str | None] = mapped_column(Text)
    instructions: Mapped[dict[str, str]] = mapped_column(JSON)
    presented_minor: Mapped[int | None] = mapped_column(BigInteger)
    presented_currency: Mapped[str | None] = mapped_column(String(3))
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PaymentEvent(Base):
    """A message of a provider, as it came, kept before it is answered and handled once.

    ``state``: ``new``, ``handled``, ``ignored`` (other mode, or nothing of ours), ``conflict`` (the same name said
    something else before), ``failed`` (tried often enough: a person looks).
    """

    __tablename__ = "payment_event"
    __table_args__ = (
        UniqueConstraint("account_id", "event_id"),
        Index("ix_payment_event_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("payment_account.id"))
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    event_id: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(80))
    said: Mapped[str] = mapped_column(Text)
    refs: Mapped[list[str]] = mapped_column(JSON)
    attempt: Mapped[str | None] = mapped_column(String(255))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16))
    tries: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    payment_id: Mapped[str | None] = mapped_column(String(32))
    problem: Mapped[str] = mapped_column(String(200))


class StoredRefund(Base):
    """A refund: asked for here (``key``), or found at the provider; its ``id`` is its name in the ledger.

    ``state``: ``starting`` (asked for, no answer kept), ``started``, ``made``, ``failed``.
    """

    __tablename__ = "payment_refund"
    __table_args__ = (UniqueConstraint("order_id", "key"), UniqueConstraint("payment_id", "ref"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    payment_id: Mapped[str] = mapped_column(ForeignKey("payment.id"))
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    key: Mapped[str | None] = mapped_column(String(255))
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    ref: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
