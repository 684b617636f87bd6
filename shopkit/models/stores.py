"""Stores that buyers see: what a seller settled, what each product comes to there, and what lies in a buyer's cart."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class Store(Base):
    """The store of a seller: ``settings`` holds markets and words (``services.stores``); open, buyers see it."""

    __tablename__ = "store"

    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    is_open: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)


class StoreProduct(Base):
    """What a listing comes to on the page of a market and language: priced once, kept while nothing beneath it moves.

    ``digest`` is of all that it rests on; until ``valid_until`` it holds if that is still the same. ``document`` is
    what the page shows, without variants where nothing of the listing may leave.
    """

    __tablename__ = "store_product"

    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True)
    market: Mapped[str] = mapped_column(String(2), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    listing_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    valid_until: Mapped[date] = mapped_column(Date)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)


class Cart(Base):
    """What a browser put aside in a store for a market: ``id`` is the hash of what its cookie holds.

    ``lines`` are listing, SKU and quantity; ``order_id`` is what became of it. ``campaign_code`` is the link that
    brought the buyer.
    """

    __tablename__ = "cart"
    __table_args__ = (Index("ix_cart_touched_at", "touched_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    market: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    campaign_code: Mapped[str | None] = mapped_column(String(16))
    order_id: Mapped[str | None] = mapped_column(String(32))


class Enquiry(Base):
    """What somebody asked a store: their words, how to answer, and what they looked at.

    ``state`` is ``open``, ``answered`` or ``closed``.
    """

    __tablename__ = "enquiry"
    __table_args__ = (Index("ix_enquiry_of_seller", "seller_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    market: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(8))
    listing_id: Mapped[str | None] = mapped_column(String(32))
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16))
    campaign_code: Mapped[str | None] = mapped_column(String(16))


class FirmQuote(Base):
    """A price that a seller stands by until a moment: ``id`` cannot be guessed and opens its page.

    ``lines``, ``request`` and ``quote`` are what was promised, frozen; ``order_id`` the order that came of it.
    """

    __tablename__ = "firm_quote"
    __table_args__ = (Index("ix_firm_quote_of_seller", "seller_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    enquiry_id: Mapped[str | None] = mapped_column(ForeignKey("enquiry.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    market: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(8))
    is_sample: Mapped[bool] = mapped_column(Boolean)
    note: Mapped[str] = mapped_column(String(2_000))
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    quote: Mapped[dict[str, Any]] = mapped_column(JSON)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    order_id: Mapped[str | None] = mapped_column(String(32))
