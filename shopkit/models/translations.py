"""Texts in other languages as they are kept: each with its source's digest, its history, and what people say of it.

A text belongs to a leaf of a listing (``path``, as ``listings.texts`` names them) and a locale. Whether it is stale is
in no column: it is asked of the source each time.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base

PATH = 200


class StoredTranslation(Base):
    """A text: ``origin`` is that of ``translations.states``, ``source`` what it was made of, with its ``digest``.

    ``version`` goes up with every change; who saves names the version that was read. ``locked``: not to be translated.
    """

    __tablename__ = "translation"

    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listing.id"), primary_key=True, index=True)
    locale: Mapped[str] = mapped_column(String(16), primary_key=True)
    path: Mapped[str] = mapped_column(String(PATH), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    origin: Mapped[dict[str, Any]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(32))
    review: Mapped[str] = mapped_column(String(16))
    reviewed_by: Mapped[str | None] = mapped_column(String(200))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked: Mapped[bool] = mapped_column(Boolean)
    # Findings that somebody looked at and let be: check, span, reason, who, when, and the digest of the text.
    dismissed: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TranslationChange(Base):
    """One saving of a text: ``changes`` lists field, before and after, as those of a listing.

    ``via`` is the door: ``web``, ``api``, ``draft:<run>``, ``review:<share>``, ``undo:<change>``.
    """

    __tablename__ = "translation_change"
    __table_args__ = (Index("ix_translation_change_of", "seller_id", "listing_id", "locale", "path", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    listing_id: Mapped[str] = mapped_column(ForeignKey("listing.id"))
    locale: Mapped[str] = mapped_column(String(16))
    path: Mapped[str] = mapped_column(String(PATH))
    version: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str | None] = mapped_column(String(200))
    via: Mapped[str] = mapped_column(String(64))
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class TranslationComment(Base):
    """What somebody says of a text, or of all of a listing's texts in a locale (``path`` empty)."""

    __tablename__ = "translation_comment"
    __table_args__ = (Index("ix_translation_comment_of", "seller_id", "listing_id", "locale"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    listing_id: Mapped[str] = mapped_column(ForeignKey("listing.id"))
    locale: Mapped[str] = mapped_column(String(16))
    path: Mapped[str] = mapped_column(String(PATH))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(String(200))
    via: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReviewShare(Base):
    """A link for a reviewer without an account: which listings in which locale, for whom, until when.

    The link is signed and names this row; ``revoked_at`` ends it before its time.
    """

    __tablename__ = "review_share"
    __table_args__ = (Index("ix_review_share_of_seller", "seller_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    listing_ids: Mapped[list[str]] = mapped_column(JSON)
    locale: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(120))
    may_approve: Mapped[bool] = mapped_column(Boolean)
    created_by: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MemoryUnit(Base):
    """What the shop's memory holds: a source and the wording that somebody approved for it.

    ``source_digest`` finds it exactly; ``context`` is JSON: the part it plays, category, listing. ``withdrawn_at``: the
    wording was replaced or rejected, and is offered no more.
    """

    __tablename__ = "memory_unit"
    __table_args__ = (
        Index("ix_memory_unit_of", "seller_id", "source_locale", "target_locale", "withdrawn_at"),
        Index("ix_memory_unit_digest", "seller_id", "source_digest"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    source_locale: Mapped[str] = mapped_column(String(16))
    target_locale: Mapped[str] = mapped_column(String(16))
    source_digest: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    context: Mapped[dict[str, Any]] = mapped_column(JSON)
    listing_id: Mapped[str | None] = mapped_column(String(32))
    path: Mapped[str | None] = mapped_column(String(PATH))
    approved: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StoredTerm(Base):
    """A term of a seller's own, as ``translations.terms`` writes it; ``key`` finds it again."""

    __tablename__ = "term"

    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[str | None] = mapped_column(String(32))


class TranslationPlan(Base):
    """What a seller settles for all texts: into which locales, how buyers are addressed there, what leaves unapproved.

    ``registers`` is the form of address by locale; ``allowances`` by channel, which of ``unapproved`` and ``changed``.
    """

    __tablename__ = "translation_plan"

    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True)
    locales: Mapped[list[str]] = mapped_column(JSON)
    registers: Mapped[dict[str, str]] = mapped_column(JSON)
    allowances: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer)


class DraftRun(Base):
    """A drafting of many texts: how far it is and what came of it; gone on with where it stopped.

    ``state`` is ``waiting``, ``running``, ``done``, ``stopped`` or ``failed``; ``cursor`` counts the listings that are
    through, of ``listing_ids``. ``counts`` tells how many texts were drafted, kept, refused. ``holder`` is the process
    at work on it, ``beat_at`` when it last said so.
    """

    __tablename__ = "draft_run"
    __table_args__ = (Index("ix_draft_run_of_seller", "seller_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[str | None] = mapped_column(String(32))
    locales: Mapped[list[str]] = mapped_column(JSON)
    listing_ids: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16))
    cursor: Mapped[int] = mapped_column(Integer)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    holder: Mapped[str | None] = mapped_column(String(128))
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
