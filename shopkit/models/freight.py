"""What a shop brings for its freight: rate cards, and parcels that it observed."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base

# The owner of what belongs to no seller: cards of commands that name none, and every parcel that was observed.
THE_SHOP = "shop"


class StoredCard(Base):
    """A rate card as it was imported: the text of its file, which was read strictly before."""

    __tablename__ = "rate_card"

    seller_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)


class CarrierAccount(Base):
    """A seller's account at a carrier that is asked for prices, one for each; ``sealed`` is what it says, as JSON."""

    __tablename__ = "carrier_account"

    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True)
    carrier: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[str | None] = mapped_column(String(32))
    sealed: Mapped[str] = mapped_column(Text)


class ObservedParcel(Base):
    """One parcel: lane, service, when it was dispatched and delivered; ``batch`` is the hash of the file it came in."""

    __tablename__ = "observed_parcel"
    __table_args__ = (
        Index("ix_observed_parcel_lane", "seller_id", "dispatch", "destination", "service"),
        Index("ix_observed_parcel_batch", "seller_id", "batch"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seller_id: Mapped[str] = mapped_column(String(64))
    dispatch: Mapped[str] = mapped_column(String(2))
    destination: Mapped[str] = mapped_column(String(2))
    service: Mapped[str] = mapped_column(String(64))
    dispatched: Mapped[date] = mapped_column(Date)
    delivered: Mapped[date] = mapped_column(Date)
    batch: Mapped[str] = mapped_column(String(64))
