"""Accounts of sellers at channels, and rows of catalogs that were put on sale there by calls."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class ChannelAccount(Base):
    """A seller's account at a channel, one for each. ``sealed`` is its token and more as JSON, see ``channel_tokens``.

    Another account has another ``id``: what was made in the first is not in it. ``place`` is ``live`` or ``sandbox``.
    ``expires_at`` is when it has to be connected again, ``renewing_by`` who is at work on a new token.
    """

    __tablename__ = "channel_account"
    __table_args__ = (UniqueConstraint("seller_id", "channel"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[str | None] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    renewing_by: Mapped[str | None] = mapped_column(String(128))
    renewing_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Push(Base):
    """A run that sends the rows of a catalog.

    ``state`` is ``waiting``, ``running``, ``done``, ``stopped`` or ``halted``; ``why`` is the reason of one that waits
    or was halted, ``wait_until`` the moment before which the channel is not to be asked. ``counts`` tells ``done``,
    ``same``, ``refused``, ``unknown``, ``failed``, ``stays``.
    """

    __tablename__ = "push"
    __table_args__ = (Index("ix_push_of_feed", "feed_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    feed_id: Mapped[str] = mapped_column(ForeignKey("catalog_feed.id"))
    account_id: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[str | None] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    why: Mapped[str | None] = mapped_column(String(32))
    wait_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    holder: Mapped[str | None] = mapped_column(String(128))
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PushRow(Base):
    """A row of a catalog at an account: what was last made of it, and under which ``ids`` of the channel it is there.

    ``state`` is ``new``, ``sending`` (a call is out that may make something), ``done``, ``unknown``, ``refused`` or
    ``failed``; ``reason`` says why, ``problems`` in the channel's words. ``digest`` is of the row as it was sent,
    ``push_id`` the run that said the last word.
    """

    __tablename__ = "push_row"

    feed_id: Mapped[str] = mapped_column(ForeignKey("catalog_feed.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    push_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(32))
    digest: Mapped[str | None] = mapped_column(String(64))
    ids: Mapped[dict[str, str]] = mapped_column(JSON)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
