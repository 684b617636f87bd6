"""What is kept of papers for customs: boxes that a seller filled, what was printed, and numbers that posts gave."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class PaperDetails(Base):
    """The boxes that a seller filled for an order, JSON as they were given and read."""

    __tablename__ = "paper_details"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    given: Mapped[str] = mapped_column(Text)


class PrintedPaper(Base):
    """A paper that was printed: ``record`` is the declaration it says, JSON under its ``digest``.

    Printed again with the same record it is the same row, with the day of the last time.
    """

    __tablename__ = "printed_paper"
    __table_args__ = (UniqueConstraint("order_id", "kind", "digest"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[str] = mapped_column(String(16))
    service: Mapped[str] = mapped_column(String(16))
    number: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    record: Mapped[str] = mapped_column(Text)
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NumberRange(Base):
    """A range of S10 serials that a seller's post gave, both ends within it; ``next_serial`` is the next to hand out.

    Who takes a number locks the shop's row until the number is written. ``warn_below`` is how many have to be left
    without a warning.
    """

    __tablename__ = "number_range"
    __table_args__ = (Index("ix_number_range_of_seller", "seller_id", "indicator", "issuer"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    indicator: Mapped[str] = mapped_column(String(2))
    issuer: Mapped[str] = mapped_column(String(2))
    first_serial: Mapped[int] = mapped_column(Integer)
    last_serial: Mapped[int] = mapped_column(Integer)
    next_serial: Mapped[int] = mapped_column(Integer)
    warn_below: Mapped[int] = mapped_column(Integer)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HandedNumber(Base):
    """A number that was handed out, once and for good; ``order_id`` is for what."""

    __tablename__ = "handed_number"
    __table_args__ = (UniqueConstraint("seller_id", "number"), Index("ix_handed_number_order", "order_id"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    range_id: Mapped[str] = mapped_column(ForeignKey("number_range.id"), index=True)
    number: Mapped[str] = mapped_column(String(13))
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"))
    handed_at: Mapped[datetime] = mapped_column(UtcDateTime)
