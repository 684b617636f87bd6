"""What buyers said of an order, and what the seller answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class Rating(Base):
    """One order's rating: asked for once (``invited_at``), ``stars`` is ``None`` until its buyer gives some."""

    __tablename__ = "rating"
    __table_args__ = (Index("ix_rating_of_seller", "seller_id", "rated_at"),)

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    invited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stars: Mapped[int | None] = mapped_column(Integer)
    words: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(String(16))
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RatingWords(Base):
    """The words of a rating in another language, with the engine that translated them; they are marked by it."""

    __tablename__ = "rating_words"

    order_id: Mapped[str] = mapped_column(ForeignKey("rating.order_id"), primary_key=True)
    locale: Mapped[str] = mapped_column(String(16), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    engine: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
