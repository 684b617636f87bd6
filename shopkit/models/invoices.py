"""Invoices, receipts and credit notes: frozen as they were issued, numbered by a counter whose row is locked."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class InvoiceCounter(Base):
    """The last number that a seller gave in a series; who takes the next one locks the row until it is written."""

    __tablename__ = "invoice_counter"

    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True)
    series: Mapped[str] = mapped_column(String(4), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


class StoredInvoice(Base):
    """A document of an order: ``kind`` is ``invoice``, ``receipt`` or ``credit_note``.

    ``document`` is what it says, JSON under its ``digest``; ``key`` names what of the ledger it is of, once per order;
    ``refers_to`` the invoice that it credits. All of it is frozen, and the database refuses to change it but for
    ``opened_at``: when its buyer first opened it.
    """

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("seller_id", "series", "number"),
        UniqueConstraint("order_id", "kind", "key"),
        Index("ix_invoice_of_seller", "seller_id", "issued_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[str] = mapped_column(String(16))
    series: Mapped[str] = mapped_column(String(4))
    number: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(320))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    currency: Mapped[str] = mapped_column(String(3))
    minor: Mapped[int] = mapped_column(BigInteger)
    refers_to: Mapped[str | None] = mapped_column(ForeignKey("invoice.id"))
    document: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
