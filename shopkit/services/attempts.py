"""How often something may be tried: counted in the database, so that two processes do not allow twice as much.

Guessing is limited by address and by account. Whoever signed in to an account from a browser before has a count of
their own there, so that a stranger's guesses do not keep the owner out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, delete

from shopkit.models import Attempts
from shopkit.services.tokens import hashed

if TYPE_CHECKING:
    from shopkit.services.context import Services


class TooManyError(Exception):
    """It was tried too often; ``retry_after_s`` is when the next try is looked at."""

    def __init__(self, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"again in {retry_after_s} s")


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries of a kind in a window."""

    kind: str
    count: int
    window: timedelta


BY_ADDRESS: Final = Limit("sign-in from", 30, timedelta(minutes=15))
BY_ACCOUNT: Final = Limit("sign-in to", 10, timedelta(minutes=15))
BY_DEVICE: Final = Limit("sign-in on", 10, timedelta(minutes=15))
LETTERS_BY_ADDRESS: Final = Limit("letters asked from", 20, timedelta(hours=1))
LETTERS_TO: Final = Limit("letters to", 5, timedelta(hours=1))
LINKS: Final = Limit("password at link", 10, timedelta(minutes=15))


def count(services: Services, limit: Limit, whom: str) -> None:
    """Count one try; ``TooManyError`` from the one after the last allowed on, until the window is over."""
    now = services.now()
    row = {"id": hashed(f"{limit.kind} {whom}"), "count": 1, "until": now + limit.window}
    over = Attempts.until <= now
    upsert = (
        services.database.insert(Attempts)
        .values(**row)
        .on_conflict_do_update(
            index_elements=[Attempts.id],
            set_={
                "count": case((over, 1), else_=Attempts.count + 1),
                "until": case((over, row["until"]), else_=Attempts.until),
            },
        )
        .returning(Attempts.count, Attempts.until)
    )
    with services.database.writing.begin() as session:
        # What has run out is swept up by whoever comes next; there is an index for it.
        session.execute(delete(Attempts).where(Attempts.until <= now, Attempts.id != row["id"]))
        found, until = session.execute(upsert).one()
    if found > limit.count:
        raise TooManyError(max(1, int((until - now).total_seconds()) + 1))


def forget(services: Services, limit: Limit, whom: str) -> None:
    """Begin anew for somebody who showed who they are."""
    with services.database.writing.begin() as session:
        session.execute(delete(Attempts).where(Attempts.id == hashed(f"{limit.kind} {whom}")))
