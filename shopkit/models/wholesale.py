"""What shops and organisations are offered: case packs, the terms of the list, and the partners who get it.

A partner is a shop, an association or a medium with its public address; nobody who works there is kept.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class CasePack(Base):
    """A case or bundle: ``said`` holds its parts with their prices by the piece, its weight, sides and names."""

    __tablename__ = "case_pack"
    __table_args__ = (Index("ix_case_pack_of_seller", "seller_id", "code"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    code: Mapped[str] = mapped_column(String(40))
    currency: Mapped[str] = mapped_column(String(3))
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer, default=1)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WholesaleTerms(Base):
    """How a seller sells by the case: destinations, way, smallest order, days it holds, notes by language."""

    __tablename__ = "wholesale_terms"

    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True)
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer, default=1)


class Partner(Base):
    """A shop, association or medium: ``sees`` says which prices, ``cases`` which packs (``None``: all).

    ``code`` is printed on its own list and named in an order. Its address is signed with ``serial`` and holds while
    ``is_open``.
    """

    __tablename__ = "partner"
    __table_args__ = (Index("ix_partner_of_seller", "seller_id", "name"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(16), unique=True)
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    serial: Mapped[int] = mapped_column(Integer, default=1)
    is_open: Mapped[bool] = mapped_column(Boolean, default=False)
    version: Mapped[int] = mapped_column(Integer, default=1)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
