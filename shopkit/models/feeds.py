"""Providers of tracking that sellers connected, which parcel is asked about there and when, and messages of theirs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class TrackingAccount(Base):
    """A seller's account at a provider of tracking, one for each; ``sealed`` is what it says, as JSON.

    ``rank`` is the seller's order of preference, the lowest first. ``trouble`` is why nobody is asked there any more,
    empty while all is well; ``strikes`` counts asks in a row without an answer. ``token`` is sealed, and
    ``renewing_by`` gets another one since ``renewing_at``. ``pace`` names the allowance that its calls count for.
    """

    __tablename__ = "tracking_account"
    __table_args__ = (UniqueConstraint("seller_id", "provider"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    provider: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[str | None] = mapped_column(String(32))
    sealed: Mapped[str] = mapped_column(Text)
    rank: Mapped[int] = mapped_column(Integer)
    trouble: Mapped[str] = mapped_column(String(16))
    strikes: Mapped[int] = mapped_column(Integer)
    pace: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(Text)
    token_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    renewing_by: Mapped[str | None] = mapped_column(String(120))
    renewing_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TrackingPace(Base):
    """From when on the next call may be made with an account's keys: one row for all processes, and all who have them.

    ``free_at`` are seconds since 1970, for calls are milliseconds apart. It outlives the account: who forgets one and
    connects it again has not been given another allowance.
    """

    __tablename__ = "tracking_pace"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    free_at: Mapped[float] = mapped_column(Float(53))


class ShipmentFeed(Base):
    """Who is asked about a parcel, and when next: ``due_at`` is empty where nobody is, or it is over (``label``).

    Whoever asks moves ``due_at`` on by a lease first. ``ref`` is the provider's own name of the number,
    ``told`` the digest of what it told last, ``refused`` are the accounts whose provider will not take the number.
    ``by_hand``: the seller chose the account.
    """

    __tablename__ = "shipment_feed"
    __table_args__ = (
        Index("ix_shipment_feed_due", "account_id", "due_at"),
        Index("ix_shipment_feed_seller", "seller_id"),
    )

    shipment_id: Mapped[str] = mapped_column(ForeignKey("shipment.id"), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("tracking_account.id"))
    by_hand: Mapped[bool]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    label: Mapped[str] = mapped_column(String(32))
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    not_found_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    quiet: Mapped[int] = mapped_column(Integer)
    failures: Mapped[int] = mapped_column(Integer)
    ref: Mapped[str] = mapped_column(String(255))
    told: Mapped[str] = mapped_column(String(64))
    refused: Mapped[list[str]] = mapped_column(JSON)


class TrackingMessage(Base):
    """What a proved message of a provider told, until it is worked through: then the row goes.

    ``digest`` is of the body as it came. Whoever works on it moves ``due_at`` on by a lease first.
    """

    __tablename__ = "tracking_message"
    __table_args__ = (
        UniqueConstraint("account_id", "digest"),
        Index("ix_tracking_message_due", "due_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("tracking_account.id"))
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    digest: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
