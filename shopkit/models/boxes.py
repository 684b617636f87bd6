"""The boxes that a seller packs into."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class StoredBox(Base):
    """A kind of box: millimetres inside, what it weighs, what may be put into it, and what one costs.

    ``wall_mm`` and the cost are ``None`` where they were not said.
    """

    __tablename__ = "box"
    __table_args__ = (UniqueConstraint("seller_id", "name"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    name: Mapped[str] = mapped_column(String(120))
    length_mm: Mapped[int] = mapped_column(Integer)
    width_mm: Mapped[int] = mapped_column(Integer)
    height_mm: Mapped[int] = mapped_column(Integer)
    wall_mm: Mapped[int | None] = mapped_column(Integer)
    own_grams: Mapped[int] = mapped_column(Integer)
    bears_grams: Mapped[int] = mapped_column(Integer)
    cost_minor: Mapped[int | None] = mapped_column(BigInteger)
    cost_currency: Mapped[str | None] = mapped_column(String(3))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
