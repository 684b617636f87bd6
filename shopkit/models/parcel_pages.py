"""What a parcel's buyer is written and chose to be written, and what they were charged at the door."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class ParcelLetter(Base):
    """A letter on what became of a parcel, written down with the change: one for each ``kind`` and buyer, ever.

    ``order_id`` is the buyer's order in it. ``state`` is ``waiting``, ``sent``, or ``dropped`` where it was not wished
    any more, did not hold any more, or nobody took it.
    """

    __tablename__ = "parcel_letter"
    __table_args__ = (
        UniqueConstraint("shipment_id", "order_id", "kind"),
        Index("ix_parcel_letter_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    shipment_id: Mapped[str] = mapped_column(ForeignKey("shipment.id"))
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    tries: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ParcelWish(Base):
    """Which letters a buyer chose for a parcel, where they chose at all: ``groups`` of the services' names."""

    __tablename__ = "parcel_wish"

    shipment_id: Mapped[str] = mapped_column(ForeignKey("shipment.id"), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    groups: Mapped[list[str]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MailStop(Base):
    """An address that wants no letters on parcels from anybody here: its hash alone is kept, under our secret."""

    __tablename__ = "mail_stop"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ParcelCharge(Base):
    """What a buyer says that they were charged for a parcel at the door, with a photo of the receipt if there is one.

    ``state`` is ``new`` until the seller looked, then ``counted`` or ``left_out``.
    """

    __tablename__ = "parcel_charge"

    shipment_id: Mapped[str] = mapped_column(ForeignKey("shipment.id"), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16))
    has_receipt: Mapped[bool]
    receipt: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
