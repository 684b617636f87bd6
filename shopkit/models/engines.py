"""What engines of translation were asked: how much in a month, and what they answered."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class EngineMonth(Base):
    """Characters that an engine was asked for in a month (``2026-11``), those set aside for calls under way included.

    It is the whole shop's, of all sellers: they share the keys.
    """

    __tablename__ = "engine_month"

    engine: Mapped[str] = mapped_column(String(64), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    characters: Mapped[int] = mapped_column(BigInteger)


class SellerEngineMonth(Base):
    """What of an engine's month a seller asked for: it is within :class:`EngineMonth`, and may have a budget too."""

    __tablename__ = "seller_engine_month"

    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True)
    engine: Mapped[str] = mapped_column(String(64), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    characters: Mapped[int] = mapped_column(BigInteger)


class EngineAnswer(Base):
    """One answer, under the digest of who asked, the whole question and who answered it.

    ``unknown`` are the words that the engine did not know; null where it does not say.
    """

    __tablename__ = "engine_answer"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str | None] = mapped_column(ForeignKey("seller.id"), index=True)
    engine: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    unknown: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
