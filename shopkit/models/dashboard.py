"""What a seller plans and remembers on the dashboard: past sales, goals and trials, what was set there."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class SaleImport(Base):
    """A file of past sales: how many lines of it were new; undone, its lines are gone and this remembers them."""

    __tablename__ = "sale_import"
    __table_args__ = (Index("ix_sale_import_of_seller", "seller_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[str | None] = mapped_column(String(32))
    file_name: Mapped[str] = mapped_column(String(250))
    lines: Mapped[int] = mapped_column(Integer)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PastSale(Base):
    """One line of an order that was sold elsewhere: ``value`` in minor units, without freight, duties and taxes.

    ``listing_id`` names a listing of the seller and is no foreign key: a sale stays a sale when its listing goes.
    """

    __tablename__ = "past_sale"
    __table_args__ = (Index("ix_past_sale_import_id", "import_id"),)

    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True)
    order: Mapped[str] = mapped_column(String(64), primary_key=True)
    line: Mapped[str] = mapped_column(String(64), primary_key=True)
    import_id: Mapped[str] = mapped_column(ForeignKey("sale_import.id"))
    market: Mapped[str] = mapped_column(String(2))
    listing_id: Mapped[str] = mapped_column(String(32))
    sold_on: Mapped[date] = mapped_column(Date)
    quantity: Mapped[int] = mapped_column(Integer)
    value: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))


class Goal(Base):
    """What is to be sold in a market (``*``: in all), or a trial of one: ``amount`` is then the most it may cost.

    Amounts are minor units of ``currency``. ``spent`` counts up, so that two who write at once lose nothing.
    """

    __tablename__ = "goal"
    __table_args__ = (Index("ix_goal_of_seller", "seller_id", "ends_on"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    kind: Mapped[str] = mapped_column(String(8))
    market: Mapped[str] = mapped_column(String(2))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    spent: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Plan(Base):
    """What a seller set on the dashboard: markets to compare, whether the first steps are shown, the self-assessment.

    ``answers`` are question and answer of ``self_assessment.yaml``.
    """

    __tablename__ = "plan"

    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), primary_key=True)
    markets: Mapped[list[str]] = mapped_column(JSON, default=list)
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
