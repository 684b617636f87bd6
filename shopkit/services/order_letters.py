"""Letters on what happens to orders: written down with the event they tell of, sent afterwards, each once.

A letter is a row in the transaction that adds the event: what is not committed is told to nobody, what is heard twice
is told once. Any number of processes send what is due; a row is taken under a lease. A process that is killed
between the mail server's yes and its own note sends a letter again, under the same ``Message-ID``: a buyer who is told
twice how to pay loses nothing, one who is not told does.
"""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from shopkit.mail.port import MailError
from shopkit.models import Membership, OrderLetter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.models import StoredOrder
    from shopkit.orders import Event, OrderState
    from shopkit.services.context import Services

_LOG: Final = logging.getLogger(__name__)
BUYER: Final = "buyer"
_LEASE: Final = timedelta(minutes=5)
_FIRST: Final = timedelta(minutes=1)
_LONGEST: Final = timedelta(hours=4)
# With the waits above about three days; what is older is no news.
_TRIES: Final = 24
_AT_WORK: Final = threading.Lock()
# Set where this process has written one down since it last looked: whoever answers a request looks.
_WRITTEN: Final = threading.Event()
_UNPAID: Final = frozenset({"awaiting_payment", "pending", "underfunded"})


def write(
    session: Session,
    row: StoredOrder,
    event: Event,
    position: int,
    states: tuple[OrderState, OrderState],
    now: datetime,
) -> None:
    """Write down the letters that an event asks for, in the transaction that adds it; how it stood before and after."""
    before, after = states
    wanted = [(BUYER, kind) for kind in _to_buyer(before, event, after)]
    to_seller = list(_to_seller(before, event, after))
    if to_seller:
        owners = select(Membership.user_id).where(Membership.seller_id == row.seller_id, Membership.role == "owner")
        wanted += [(user, kind) for user in session.scalars(owners.order_by(Membership.user_id)) for kind in to_seller]
    for whom, kind in wanted:
        session.add(
            OrderLetter(
                order_id=row.id,
                seller_id=row.seller_id,
                position=position,
                kind=kind,
                whom=whom,
                state="waiting",
                tries=0,
                due_at=now,
                created_at=now,
                sent_at=None,
            )
        )
    if wanted:
        _WRITTEN.set()


def _to_buyer(before: OrderState, event: Event, after: OrderState) -> Iterator[str]:
    if event.kind == "placed":
        yield "placed"
    elif event.kind == "payment_pending" and after.missing:
        yield "pending"
    elif event.kind in {"shipped", "cancelled"} or (event.kind == "expired" and before.status in _UNPAID):
        yield event.kind
    elif event.kind == "refund_made":
        yield "refunded"
    if after.status == "paid" and before.status != "paid" and not before.refunded:
        yield "paid"
    elif after.status == "paid_late" and before.status != "paid_late":
        yield "paid_late"


def _to_seller(before: OrderState, event: Event, after: OrderState) -> Iterator[str]:
    if after.status == "paid" and before.status != "paid" and not before.refunded:
        yield "new_paid"
    elif after.status == "paid_late" and before.status != "paid_late":
        yield "came_late"
    if event.kind == "dispute_opened":
        yield "disputed"
    if after.is_held and not before.is_held and event.kind != "held":
        yield "held"


def work(services: Services, base: str, limit: int = 200) -> int:
    """Send what is due, and return how many went out; ``base`` is the shop's address without a slash at its end."""
    from shopkit.services import order_letter_words  # noqa: PLC0415  # words and pages of orders: few processes write

    _WRITTEN.clear()
    sent = 0
    for _ in range(limit):
        taken = _take(services)
        if taken is None:
            break
        try:
            letter = order_letter_words.letter(services, taken, base)
            if letter is None:
                _end(services, taken, "dropped")
                continue
            services.postman.mail.send(letter)
        except MailError as error:
            _LOG.warning("letter %d on an order was not taken: %s", taken.id, error)
            if not error.again or taken.tries >= _TRIES:
                _end(services, taken, "dropped")
            else:
                _end(services, taken, "waiting", min(_FIRST * 2 ** min(taken.tries, 12), _LONGEST))
            continue
        _end(services, taken, "sent")
        sent += 1
    return sent


def is_written() -> bool:
    """Return whether this process has written a letter down that nobody looked for yet."""
    return _WRITTEN.is_set()


def nudge(services: Services, base: str) -> None:
    """Send what is due in a thread of this process, if none is at it."""
    if _AT_WORK.acquire(blocking=False):
        threading.Thread(target=_in_thread, args=(services, base), name="letters on orders", daemon=True).start()


def forget(services: Services, seller_id: str) -> None:
    """Let the letters of a shop be that were not sent: of a demonstration nobody is told."""
    with services.database.writing.begin() as session:
        session.execute(delete(OrderLetter).where(OrderLetter.seller_id == seller_id, OrderLetter.state == "waiting"))


def _in_thread(services: Services, base: str) -> None:
    try:
        work(services, base)
    # There is nobody to raise it to: the letter stays, and is due again after its lease.
    except Exception:  # noqa: BLE001
        _LOG.exception("letters on orders wait")
    finally:
        _AT_WORK.release()


def _take(services: Services) -> OrderLetter | None:
    """Take the letter that is due longest; who is killed with it leaves it due again after the lease."""
    now = services.now()
    with services.database.writing.begin() as session:
        query = select(OrderLetter).where(OrderLetter.state == "waiting", OrderLetter.due_at <= now)
        query = query.order_by(OrderLetter.due_at, OrderLetter.id).limit(1).with_for_update(skip_locked=True)
        row = session.scalars(query).one_or_none()
        if row is not None:
            row.tries += 1
            row.due_at = now + _LEASE
        return row


def _end(services: Services, letter: OrderLetter, state: str, wait: timedelta = timedelta(0)) -> None:
    with services.database.writing.begin() as session:
        row = session.get(OrderLetter, letter.id)
        if row is not None:
            now = services.now()
            row.state, row.due_at = state, now + wait
            row.sent_at = now if state == "sent" else None
