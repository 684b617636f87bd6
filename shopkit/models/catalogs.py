"""Catalogs of a seller for channels: what each is to hold, its runs, what its rows say and how they changed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class CatalogFeed(Base):
    """A catalog for one channel, market and language; ``settings`` is what the seller chose, see ``services.catalogs``.

    ``run_id`` is the run whose file is served, ``file`` its name; ``is_dirty`` says that rows changed since it was
    written. ``serial`` counts the addresses that were given out, of which the last one opens while ``is_open``.
    """

    __tablename__ = "catalog_feed"
    __table_args__ = (Index("ix_catalog_feed_of_seller", "seller_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[str | None] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(64))
    market: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer)
    serial: Mapped[int] = mapped_column(Integer)
    is_open: Mapped[bool] = mapped_column(Boolean)
    every_hours: Mapped[int | None] = mapped_column(Integer)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_dirty: Mapped[bool] = mapped_column(Boolean)
    run_id: Mapped[str | None] = mapped_column(String(32))
    file: Mapped[str | None] = mapped_column(String(120))
    etag: Mapped[str | None] = mapped_column(String(64))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CatalogRun(Base):
    """A run of a catalog: ``cursor`` is the last listing that is through, of ``total``.

    ``state`` is ``waiting``, ``running``, ``done``, ``stopped`` or ``failed``; ``counts`` tells rows, left out, made,
    reused, added, removed, changed. ``digest`` and ``size`` are those of the file. ``is_dry``: nothing was kept of it.
    """

    __tablename__ = "catalog_run"
    __table_args__ = (Index("ix_catalog_run_of_feed", "feed_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    feed_id: Mapped[str] = mapped_column(ForeignKey("catalog_feed.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[str | None] = mapped_column(String(32))
    is_dry: Mapped[bool] = mapped_column(Boolean)
    is_first: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[str] = mapped_column(String(16))
    cursor: Mapped[str] = mapped_column(String(32))
    done: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    rests_on: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(Integer)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    holder: Mapped[str | None] = mapped_column(String(128))
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CatalogListing(Base):
    """What a listing comes to in a catalog: its ``rows`` in the channel's words, and what keeps others out.

    ``digest`` is of all that the rows rest on; until ``valid_until`` they hold if it is still the same. ``ready`` and
    ``left_out`` count them.
    """

    __tablename__ = "catalog_listing"

    feed_id: Mapped[str] = mapped_column(ForeignKey("catalog_feed.id"), primary_key=True)
    listing_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    valid_until: Mapped[date] = mapped_column(Date)
    ready: Mapped[int] = mapped_column(Integer)
    left_out: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(120))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class CatalogChange(Base):
    """A row that a run added, removed or changed; ``fields`` of a changed one have before and after."""

    __tablename__ = "catalog_change"
    __table_args__ = (Index("ix_catalog_change_of_run", "run_id", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("catalog_run.id"))
    listing_id: Mapped[str] = mapped_column(String(32))
    row: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(String(8))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
