"""Sellers of one place who hand their parcels to a consolidator together: groups, pools, parcels, shares."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class PoolGroup(Base):
    """A group of sellers of one place; ``seller_id`` is who founded it, or took it over when the founder was gone."""

    __tablename__ = "pool_group"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    country: Mapped[str] = mapped_column(String(2))
    city: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PoolMember(Base):
    """A seller in a group; who left keeps the row and sees nothing any more."""

    __tablename__ = "pool_member"

    group_id: Mapped[str] = mapped_column(ForeignKey("pool_group.id"), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True, index=True)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PoolInvitation(Base):
    """An invitation: ``id`` is the hash of its code, which opens the group once and to one seller."""

    __tablename__ = "pool_invitation"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("pool_group.id"), index=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ParcelPool(Base):
    """Parcels that go to a consolidator together; ``seller_id`` is who opened it and says what it cost."""

    __tablename__ = "parcel_pool"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("pool_group.id"), index=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    consolidator: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cost_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))


class PoolParcel(Base):
    """One parcel in a pool; ``order_id`` and ``note`` are for the seller whose parcel it is alone."""

    __tablename__ = "pool_parcel"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    pool_id: Mapped[str] = mapped_column(ForeignKey("parcel_pool.id"), index=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    grams: Mapped[int] = mapped_column(Integer)
    order_id: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PoolShare(Base):
    """What a member pays of a pool that was closed: written down then, and the same ever after."""

    __tablename__ = "pool_share"

    pool_id: Mapped[str] = mapped_column(ForeignKey("parcel_pool.id"), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True, index=True)
    parcels: Mapped[int] = mapped_column(Integer)
    grams: Mapped[int] = mapped_column(BigInteger)
    minor: Mapped[int] = mapped_column(BigInteger)
