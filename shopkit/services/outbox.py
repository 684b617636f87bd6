"""Letters that are rows: written with what they tell of, sent afterwards, each once, by any number of processes.

What is not committed is told to nobody, what is heard twice is told once. A row is taken under a lease. A process that
is killed between the mail server's yes and its own note sends a letter again, under the same ``Message-ID``: a buyer
who is told twice loses nothing, one who is not told does.
"""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import select

from shopkit.mail.port import MailError
from shopkit.models import OrderLetter, ParcelLetter

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopkit.mail.port import Letter
    from shopkit.services.context import Services

Row = TypeVar("Row", OrderLetter, ParcelLetter)

_LOG: Final = logging.getLogger(__name__)
_LEASE: Final = timedelta(minutes=5)
_FIRST: Final = timedelta(minutes=1)
_LONGEST: Final = timedelta(hours=4)
# With the waits above about three days; what is older is no news.
_TRIES: Final = 24
# Set where this process has written one down since it last looked: whoever answers a request looks.
WRITTEN: Final = threading.Event()


def send_due(services: Services, table: type[Row], compose: Callable[[Row], Letter | None], limit: int) -> int:
    """Send what is due of a table of letters, and return how many went out; what composes to nothing is dropped."""
    sent = 0
    for _ in range(limit):
        taken = _take(services, table)
        if taken is None:
            break
        try:
            letter = compose(taken)
            if letter is None:
                _end(services, taken, "dropped")
                continue
            services.postman.mail.send(letter)
        except MailError as error:
            _LOG.warning("letter %d of %s was not taken: %s", taken.id, table.__tablename__, error)
            if not error.again or taken.tries >= _TRIES:
                _end(services, taken, "dropped")
            else:
                _end(services, taken, "waiting", min(_FIRST * 2 ** min(taken.tries, 12), _LONGEST))
            continue
        _end(services, taken, "sent")
        sent += 1
    return sent


def _take(services: Services, table: type[Row]) -> Row | None:
    """Take the letter that is due longest; who is killed with it leaves it due again after the lease."""
    now = services.now()
    with services.database.writing.begin() as session:
        query = select(table).where(table.state == "waiting", table.due_at <= now)
        query = query.order_by(table.due_at, table.id).limit(1).with_for_update(skip_locked=True)
        row = session.scalars(query).one_or_none()
        if row is not None:
            row.tries += 1
            row.due_at = now + _LEASE
        return row


def _end(services: Services, letter: Row, state: str, wait: timedelta = timedelta(0)) -> None:
    with services.database.writing.begin() as session:
        row = session.get(type(letter), letter.id)
        if row is not None:
            now = services.now()
            row.state, row.due_at = state, now + wait
            row.sent_at = now if state == "sent" else None
