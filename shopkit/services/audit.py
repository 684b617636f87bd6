"""What was done, by whom and from where: written with the deed, in its transaction; never changed, never a secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from shopkit.models import AuditEntry, User

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

PAGE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed; ``who`` is the person's address of e-mail, nothing for a key or a command."""

    id: int
    at: datetime
    who: str | None
    action: str
    subject: str
    detail: dict[str, Any]
    via: str
    address: str | None


def note(session: Session, actor: Actor, now: datetime, action: str, subject: str = "", **detail: Any) -> None:  # noqa: ANN401  # JSON
    """Write down, in the transaction of the deed, what an actor did to a subject."""
    session.add(
        AuditEntry(
            seller_id=actor.seller_id,
            user_id=actor.user_id,
            at=now,
            action=action,
            subject=subject[:120],
            detail=detail,
            via=actor.via,
            address=actor.address,
        )
    )


def entries(services: Services, actor: Actor, before: int | None = None) -> tuple[Entry, ...]:
    """Return the last deeds, those before an entry where one is named; owners alone may look."""
    actor.must("owner")
    query = select(AuditEntry, User.email).outerjoin(User, User.id == AuditEntry.user_id)
    query = query.where(AuditEntry.seller_id == actor.seller_id)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    with services.database.reading() as session:
        rows = session.execute(query.order_by(AuditEntry.id.desc()).limit(PAGE)).all()
    return tuple(
        Entry(row.id, row.at, email, row.action, row.subject, row.detail, row.via, row.address) for row, email in rows
    )
