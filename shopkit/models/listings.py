"""Listings as they are kept: the document whole, what is searched and counted beside it, and every change."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class StoredListing(Base):
    """A listing: ``document`` is that of :class:`listings.model.Listing` without its stock, which orders count down.

    ``version`` goes up with every change; who saves names the version that was read, and a lost update is refused.
    ``search`` is title, SKUs and key in small letters without accents.
    """

    __tablename__ = "listing"
    __table_args__ = (
        UniqueConstraint("seller_id", "key"),
        Index("ix_listing_of_seller", "seller_id", "status", "updated_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    key: Mapped[str] = mapped_column(String(120))
    version: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(Text)
    search: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    document: Mapped[dict[str, object]] = mapped_column(JSON)


class StoredVariant(Base):
    """A SKU of a seller, once in the shop, and what is left of it (``None``: not counted)."""

    __tablename__ = "listing_variant"

    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True)
    sku: Mapped[str] = mapped_column(String(64), primary_key=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listing.id"), index=True)
    stock: Mapped[int | None] = mapped_column(Integer)


class ListingChange(Base):
    """One saving of a listing: ``changes`` lists path, before and after of each field.

    ``via`` is the door: ``web``, ``api``, ``import:<id>``, ``undo:<change>``.
    """

    __tablename__ = "listing_change"
    __table_args__ = (
        Index("ix_listing_change_of_listing", "listing_id", "version"),
        Index("ix_listing_change_via", "seller_id", "via"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    listing_id: Mapped[str] = mapped_column(ForeignKey("listing.id"))
    version: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[str | None] = mapped_column(String(32))
    via: Mapped[str] = mapped_column(String(64))
    changes: Mapped[list[dict[str, object]]] = mapped_column(JSON)


class StoredPhoto(Base):
    """A picture in one size, re-encoded: ``id`` is the hash of the original's pixels as they were re-encoded."""

    __tablename__ = "photo"

    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[str] = mapped_column(String(16), primary_key=True)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    content_type: Mapped[str] = mapped_column(String(32))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ListingImport(Base):
    """A file that was, or is being, imported: how far it is, and what came of it.

    ``state`` is ``previewed``, ``running``, ``done``, ``failed``, ``undoing`` or ``undone``; ``cursor`` the products
    that are through, of ``total``. ``mapping`` is what column means what, and what else a person said; ``counts`` how
    many were created, changed, the same, wrong. ``holder`` is the process at work on it, ``beat_at`` when it last
    said so.
    """

    __tablename__ = "listing_import"
    __table_args__ = (Index("ix_listing_import_of_seller", "seller_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[str | None] = mapped_column(String(32))
    format: Mapped[str] = mapped_column(String(32))
    file_name: Mapped[str] = mapped_column(String(250))
    file_hash: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(Text)
    mapping: Mapped[dict[str, object]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16))
    total: Mapped[int | None] = mapped_column(Integer)
    cursor: Mapped[int] = mapped_column(Integer)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    problems: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    holder: Mapped[str | None] = mapped_column(String(128))
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
