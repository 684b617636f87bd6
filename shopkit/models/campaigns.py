"""Campaigns of a seller: what was planned with which figures, imported figures, links, and how often they were used.

Nothing here is of a person who was meant or who clicked: a link counts its days, and that is all it knows.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class Campaign(Base):
    """A plan: ``asked`` is whom, where, when, what and in which words; ``figures`` what was known of the audience then.

    ``words`` holds the texts by locale, ``reviewed`` who read them as a native and when, also by locale.
    """

    __tablename__ = "campaign"
    __table_args__ = (Index("ix_campaign_of_seller", "seller_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[str | None] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(120))
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    figures: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    words: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reviewed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(Integer, default=1)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AudienceFigure(Base):
    """How many of a group live in a state, as a seller imported it: never overwritten, the newest year counts."""

    __tablename__ = "audience_figure"

    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True)
    import_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    group: Mapped[str] = mapped_column(String(8), primary_key=True)
    state: Mapped[str] = mapped_column(String(2), primary_key=True)
    year: Mapped[int] = mapped_column(Integer)
    low: Mapped[int] = mapped_column(BigInteger)
    high: Mapped[int] = mapped_column(BigInteger)
    table: Mapped[str] = mapped_column(String(120))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CampaignLink(Base):
    """A short address of a campaign: ``target`` is the tagged page it leads to, ``variant`` the wording beside it.

    ``partner_id`` names the partner whose own it is.
    """

    __tablename__ = "campaign_link"
    __table_args__ = (Index("ix_campaign_link_campaign_id", "campaign_id"),)

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    medium: Mapped[str] = mapped_column(String(40))
    variant: Mapped[str] = mapped_column(String(16))
    partner_id: Mapped[str | None] = mapped_column(String(32))
    target: Mapped[str] = mapped_column(String(2_000))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CampaignClick(Base):
    """How often a link was followed on a day: a number, and nothing of who followed it."""

    __tablename__ = "campaign_click"

    code: Mapped[str] = mapped_column(ForeignKey("campaign_link.code"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    count: Mapped[int] = mapped_column(Integer)
