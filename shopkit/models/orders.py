"""Orders: what was promised and to whom, the ledger from which all amounts follow, and the goods set aside."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.accounts import MAX_EMAIL
from shopkit.models.base import Base


class StoredOrder(Base):
    """An order: its buyer, and the quote that was promised, whole (``quote`` and ``request`` are JSON texts).

    ``number`` counts the orders of a seller from 1, ``id`` cannot be guessed and opens the buyer's page. ``key`` is
    the name under which it was placed once, ``body_hash`` what was placed. What was promised is frozen: the database
    refuses to change it. ``status``, ``fulfilment``, ``is_open``, ``is_unsettled`` (money is owed back,
    held or disputed) and ``ends_at`` are what the ledger comes to, written beside it so that orders can be found by
    them; nothing is decided on them.
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("seller_id", "number"),
        UniqueConstraint("seller_id", "key"),
        Index("ix_orders_of_seller", "seller_id", "created_at"),
        Index("ix_orders_ends_at", "ends_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    number: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(255))
    body_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    market: Mapped[str] = mapped_column(String(2))
    locale: Mapped[str] = mapped_column(String(16))
    currency: Mapped[str] = mapped_column(String(3))
    terms: Mapped[str] = mapped_column(String(3))
    buyer_name: Mapped[str] = mapped_column(String(200))
    buyer_email: Mapped[str] = mapped_column(String(MAX_EMAIL))
    buyer_phone: Mapped[str] = mapped_column(String(40))
    address: Mapped[dict[str, str]] = mapped_column(JSON)
    quote_id: Mapped[str | None] = mapped_column(String(32))
    request: Mapped[str] = mapped_column(Text)
    quote: Mapped[str] = mapped_column(Text)
    campaign_code: Mapped[str | None] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(20))
    fulfilment: Mapped[str] = mapped_column(String(20))
    is_open: Mapped[bool]
    is_unsettled: Mapped[bool]
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OrderLine(Base):
    """A line of an order: ``minor`` is what all its pieces cost, in the currency of the order."""

    __tablename__ = "order_line"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    listing_id: Mapped[str] = mapped_column(String(32))
    sku: Mapped[str | None] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    quantity: Mapped[int] = mapped_column(Integer)
    minor: Mapped[int] = mapped_column(BigInteger)


class OrderEvent(Base):
    """One event of a ledger; rows are added, and the database refuses to change or delete them."""

    __tablename__ = "order_event"
    __table_args__ = (UniqueConstraint("order_id", "source", "source_id"), UniqueConstraint("order_id", "position"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(40))
    source_id: Mapped[str] = mapped_column(String(255))
    minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    payment: Mapped[str | None] = mapped_column(String(255))
    ref: Mapped[str | None] = mapped_column(String(255))
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pieces: Mapped[dict[str, int]] = mapped_column(JSON)
    data: Mapped[dict[str, object]] = mapped_column(JSON)


class OrderLetter(Base):
    """A letter about an event of an order, written down with it: ``whom`` is ``buyer`` or the id of one of the owners.

    ``state`` is ``waiting``, ``sent``, or ``dropped`` where nobody took it.
    """

    __tablename__ = "order_letter"
    __table_args__ = (
        UniqueConstraint("order_id", "position", "kind", "whom"),
        Index("ix_order_letter_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(32))
    whom: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(16))
    tries: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StockHold(Base):
    """Pieces of a SKU that are set aside for an order: ``state`` is ``held``, ``released`` or ``sent``.

    What is held is out of ``listing_variant.stock`` already; ``is_counted`` tells whether that was counted at all.
    """

    __tablename__ = "stock_hold"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    listing_id: Mapped[str] = mapped_column(String(32))
    sku: Mapped[str] = mapped_column(String(64))
    quantity: Mapped[int] = mapped_column(Integer)
    is_counted: Mapped[bool]
    state: Mapped[str] = mapped_column(String(16))


class ShopLeaving(Base):
    """A shop that is being deleted, for as long as that takes: its ledgers alone go, and go whole."""

    __tablename__ = "shop_leaving"

    shop: Mapped[str] = mapped_column(String(32), primary_key=True)
