"""What a reading at a provider adds to an order's ledger: money, refunds, disputes, each of them once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from landed_cost.money import Money
from shopkit.models import StoredRefund
from shopkit.orders import Event, Ledger, RefusedError
from shopkit.services import orders
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.models import StoredOrder, StoredPayment
    from shopkit.orders import OrderState
    from shopkit.payments.port import Read, RefundRead

UNPAID: Final = ("starting", "open", "taking", "pending")


def tell(session: Session, now: datetime, order: StoredOrder, row: StoredPayment, read: Read) -> OrderState:
    """Add to the ledger what a reading says and it does not hold yet; the row of the order is locked."""
    state = _tell_money(session, now, order, row, read)
    for refund in read.refunds:
        state = _tell_refund(session, now, order, row, refund)
    for one in read.disputes:
        data = {"reason": one.reason, "due": one.due.isoformat() if one.due is not None else ""}
        opened = Event(
            "dispute_opened",
            now,
            _source(row),
            f"{one.ref}:opened",
            one.amount,
            row.id,
            f"dispute:{one.ref}",
            data=data,
        )
        state = orders.append(session, order, opened, now)
        if one.state != "open":
            kind = "dispute_won" if one.state == "won" else "dispute_lost"
            ended = Event(kind, now, _source(row), f"{one.ref}:{one.state}", one.amount, row.id, opened.ref)  # type: ignore[arg-type]  # one of its kinds
            state = orders.append(session, order, ended, now)
    for ref in read.settled:
        known = state.disputes.get(f"dispute:{ref}")
        if known is not None and known.state == "open":
            over = Event("dispute_won", now, _source(row), f"{ref}:won", payment=row.id, ref=f"dispute:{ref}")
            state = orders.append(session, order, over, now)
    if read.is_suspect:
        state = orders.append(
            session, order, Event("fraud_warned", now, _source(row), f"{read.ref}:fraud", payment=row.id), now
        )
    row.charge, row.checked_at = read.charge or row.charge, now
    if read.presented is not None:
        row.presented_minor, row.presented_currency = read.presented
    if row.state != "paid" and not _is_kept_shut(row, read):
        # A reading that was overtaken does not undo what a later one found.
        row.state, row.until = "open" if read.state == "approved" else read.state, read.until or row.until
        row.url, row.instructions = read.url, dict(read.instructions)
    return state


def lapsed(session: Session, now: datetime, order: StoredOrder, row: StoredPayment) -> OrderState:
    """Add to the ledger that a payment is over at its provider, which knows it no longer or waits for us in vain."""
    row.checked_at = now
    if row.state in UNPAID:
        row.state = "expired"
    event = Event("payment_expired", now, _source(row), f"{row.ref}:expired", payment=row.id)
    return orders.append(session, order, event, now)


def _is_kept_shut(row: StoredPayment, read: Read) -> bool:
    """Whether a payment was ended by us: its page may still be open there, and money alone changes how it stands."""
    if row.state == "replaced":
        return read.state != "paid"
    return row.state in {"expired", "failed"} and read.state in {"open", "approved"}


def _tell_money(session: Session, now: datetime, order: StoredOrder, row: StoredPayment, read: Read) -> OrderState:
    source, asked = _source(row), Money(row.minor, row.currency)
    state = state_of(session, order.id)
    if read.received.minor > 0:
        known = state.payments.get(row.id)
        counted = 0 if known is None else known.received + known.astray
        fits = read.asked == asked and read.received.currency == asked.currency
        whole = read.received.minor == asked.minor or (read.state == "pending" and read.received.minor < asked.minor)
        # Its page was for a price the order had before: whether that is still a sale is for a person to say.
        is_old = row.state == "replaced"
        kind = "payment_received" if fits and whole and not is_old else "payment_mismatch"
        more = read.received.minor - (counted if read.received.currency == asked.currency else 0)
        if more > 0:
            name = f"{read.ref}:{kind.removeprefix('payment_')}:{read.received.currency}:{read.received.minor}"
            amount = Money(more, read.received.currency)
            state = orders.append(session, order, Event(kind, now, source, name, amount, row.id), now)  # type: ignore[arg-type]  # one of its kinds
        return state
    if read.state in {"pending", "failed", "expired"}:
        event = Event(
            f"payment_{read.state}",  # type: ignore[arg-type]  # one of its kinds
            now,
            source,
            f"{read.ref}:{read.state}",
            payment=row.id,
            until=read.until if read.state == "pending" else None,
        )
        return orders.append(session, order, event, now)
    return state


def _tell_refund(
    session: Session, now: datetime, order: StoredOrder, row: StoredPayment, read: RefundRead
) -> OrderState:
    ours = select(StoredRefund).where(StoredRefund.payment_id == row.id)
    found = session.scalars(ours.where(StoredRefund.ref == read.ref)).one_or_none()
    if found is None and read.ours is not None:
        found = session.scalars(ours.where(StoredRefund.id == read.ours)).one_or_none()
    if found is None and not read.is_marked:
        # Asked for here and never answered, as far as can be told from the amount.
        lost = ours.where(StoredRefund.state == "starting", StoredRefund.ref.is_(None))
        same = lost.where(StoredRefund.minor == read.amount.minor, StoredRefund.currency == read.amount.currency)
        found = session.scalars(same.order_by(StoredRefund.id).limit(1)).one_or_none()
    if found is None:
        # Made in the provider's own pages.
        found = StoredRefund(
            id=new_id("r", now),
            payment_id=row.id,
            order_id=order.id,
            seller_id=order.seller_id,
            key=None,
            minor=read.amount.minor,
            currency=read.amount.currency,
            reason="",
            state="starting",
            ref=read.ref,
            created_at=now,
        )
        session.add(found)
        session.flush()
    return tell_refund(session, now, order, row, found, read)


def tell_refund(  # what is told, of what, to whom
    session: Session, now: datetime, order: StoredOrder, row: StoredPayment, found: StoredRefund, read: RefundRead
) -> OrderState:
    """Add to the ledger where a refund stands; the row of the order is locked."""
    found.ref, found.state = read.ref, read.state
    if read.state == "started" and found.id in state_of(session, order.id).refunds:
        return state_of(session, order.id)
    event = Event(
        f"refund_{read.state}",  # type: ignore[arg-type]  # one of its kinds
        now,
        _source(row),
        f"{read.ref}:{read.state}",
        read.amount,
        row.id,
        found.id,
    )
    try:
        return orders.append(session, order, event, now)
    except RefusedError as error:
        # The provider did it all the same: a person looks at books that do not agree.
        held = Event("held", now, _source(row), f"{read.ref}:{error.code}", read.amount, row.id, found.id)
        return orders.append(session, order, held, now)


def state_of(session: Session, order_id: str) -> OrderState:
    """Return how an order stands."""
    return Ledger(orders.events_of(session, order_id)).state


def _source(row: StoredPayment) -> str:
    return f"provider:{row.provider}"
