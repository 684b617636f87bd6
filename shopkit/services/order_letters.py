"""Letters on what happens to orders: written down with the event they tell of, sent afterwards, each once.

A letter is a row in the transaction that adds the event (:mod:`shopkit.services.outbox`). Letters on parcels are sent
with them.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from shopkit.models import Membership, OrderLetter, ParcelLetter
from shopkit.services import outbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.models import StoredOrder
    from shopkit.orders import Event, OrderState
    from shopkit.services.context import Services

_LOG: Final = logging.getLogger(__name__)
BUYER: Final = "buyer"
_AT_WORK: Final = threading.Lock()
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
        outbox.WRITTEN.set()


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
    """Send what is due on orders and parcels, and return how many letters went out.

    ``base`` is the shop's address without a slash at its end.
    """
    # Words and pages of orders and parcels: few processes write.
    from shopkit.services import order_letter_words, parcel_letter_words  # noqa: PLC0415

    outbox.WRITTEN.clear()
    sent = outbox.send_due(services, OrderLetter, lambda row: order_letter_words.letter(services, row, base), limit)
    return sent + outbox.send_due(
        services, ParcelLetter, lambda row: parcel_letter_words.letter(services, row, base), limit
    )


def is_written() -> bool:
    """Return whether this process has written a letter down that nobody looked for yet."""
    return outbox.WRITTEN.is_set()


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
