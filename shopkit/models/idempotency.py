"""Keys of requests that must not be done twice."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class IdempotencyKey(Base):
    """A key that a client gave, by whom and for which route; ``status`` is empty while its request is under way.

    ``claim`` names the attempt that holds the key until ``claimed_until``; after that moment the process is taken for
    dead and another may take over. ``expires_at`` is when the key may be used anew.
    """

    __tablename__ = "idempotency_key"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    principal: Mapped[str] = mapped_column(String(64), primary_key=True)
    route: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    claim: Mapped[str] = mapped_column(String(32))
    claimed_until: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    status: Mapped[int | None]
    location: Mapped[str | None] = mapped_column(String(255))
    language: Mapped[str | None] = mapped_column(String(8))
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
