"""Quotes that were kept."""

from datetime import date, datetime

from sqlalchemy import Date, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class StoredQuote(Base):
    """A quote as it was asked and answered.

    ``request`` and ``response`` are JSON texts: the response with codes, parameters and every language, so that it can
    be read in any of them later, and never changes when the rules do.
    """

    __tablename__ = "quote"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    date: Mapped[date] = mapped_column(Date)
    destination: Mapped[str] = mapped_column(String(2))
    outcome: Mapped[str] = mapped_column(String(16))
    rulebook: Mapped[str] = mapped_column(String(64))
    schedule: Mapped[str] = mapped_column(Text)
    rates: Mapped[str] = mapped_column(Text)
    principal: Mapped[str] = mapped_column(String(64))
    request: Mapped[str] = mapped_column(Text)
    response: Mapped[str] = mapped_column(Text)
