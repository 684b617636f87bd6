"""Who sells, who works for them, and how they prove that it is they."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base

# The longest address of e-mail that can be delivered to (RFC 5321, 4.5.3.1.3).
MAX_EMAIL = 254


class Seller(Base):
    """A company that sells: the owner of every row that names it.

    ``profile`` is JSON: story, contact, links, awards, what a page about the company shows. ``version`` counts its
    changes, so that two editors cannot lose each other's. ``slug`` is the name by which a command finds it.
    """

    __tablename__ = "seller"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    slug: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2))
    currency: Mapped[str] = mapped_column(String(3))
    tax_id: Mapped[str | None] = mapped_column(String(64))
    profile: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(Integer, default=1)


class Verification(Base):
    """That somebody looked a business up: in which registry (``source``), who did and when, until when that holds."""

    __tablename__ = "verification"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    source: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(64))
    checked_on: Mapped[date] = mapped_column(Date)
    checked_by: Mapped[str] = mapped_column(String(200))
    expires_on: Mapped[date] = mapped_column(Date)


class User(Base):
    """A person. ``email`` is kept in small letters; without ``confirmed_at`` nobody proved to read it."""

    __tablename__ = "user_account"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    email: Mapped[str] = mapped_column(String(MAX_EMAIL), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Membership(Base):
    """What a person may do for a seller: ``owner``, ``editor`` or ``viewer``."""

    __tablename__ = "membership"

    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class SignIn(Base):
    """A session: ``id`` is the hash of what the browser holds, so that a stolen table opens nothing.

    ``seller_id`` is the shop that the person looks at in it.
    """

    __tablename__ = "sign_in"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), index=True)
    seller_id: Mapped[str | None] = mapped_column(ForeignKey("seller.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    browser: Mapped[str] = mapped_column(String(250))
    address: Mapped[str] = mapped_column(String(64))


class OneTimeLink(Base):
    """A link that works once: ``purpose`` is ``confirm``, ``reset`` or ``invite``; ``id`` is the hash of its token.

    ``detail`` is JSON: of a sign-up, the person and the company that come to be when it is confirmed.
    """

    __tablename__ = "one_time_link"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    email: Mapped[str] = mapped_column(String(MAX_EMAIL), index=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    seller_id: Mapped[str | None] = mapped_column(ForeignKey("seller.id"))
    role: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Attempts(Base):
    """How often something was tried in a window of time that ends at ``until``; ``id`` hashes what and by whom."""

    __tablename__ = "attempts"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class ApiKey(Base):
    """A key for programs: shown once, kept as its hash; ``scopes`` are words with blanks between."""

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    prefix: Mapped[str] = mapped_column(String(16))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(250))
    per_minute: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuditEntry(Base):
    """What somebody did, append-only. ``detail`` is JSON and never holds a secret."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_of_seller", "seller_id", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seller_id: Mapped[str | None] = mapped_column(String(32))
    user_id: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(120))
    detail: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    via: Mapped[str] = mapped_column(String(120))
    address: Mapped[str | None] = mapped_column(Text)
