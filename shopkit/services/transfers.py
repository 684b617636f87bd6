"""Money that comes by hand: the attempt to pay that it belongs to, so that it is given back like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from shopkit.models import PaymentAccount, Seller, StoredPayment
from shopkit.services import orders
from shopkit.services.payment_accounts import STANDS_IN
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from landed_cost.money import Money
    from shopkit.models import StoredOrder
    from shopkit.orders import OrderState

BANK: Final = "bank"
_AWAITED: Final = frozenset({"open", "pending"})


def payment_of(session: Session, now: datetime, order: StoredOrder, amount: Money, name: str, reference: str) -> str:
    """Return the attempt that money belongs to; the row of the order is locked.

    The one it was said of before, where the same is noted again; the one whose reference the buyer wrote; one that is
    awaited; the newest. Without any, one is made: money that came is a payment, whether or not it was announced.
    """
    said = next((one.payment for one in orders.events_of(session, order.id) if one.source_id == name), None)
    if said is not None:
        return said
    query = select(StoredPayment).where(StoredPayment.order_id == order.id, StoredPayment.provider == BANK)
    rows = list(session.scalars(query.order_by(StoredPayment.number)))
    written = _plain(reference)
    for row in rows:
        if row.ref is not None and _plain(row.ref) in written:
            return row.id
    awaited = [row for row in rows if row.state in _AWAITED]
    return (awaited or rows or [_made(session, now, order, amount)])[-1].id


def mark(session: Session, payment_id: str, state: OrderState) -> None:
    """Note on an attempt that its money came, once it is whole."""
    row = session.get(StoredPayment, payment_id)
    found = state.payments.get(payment_id)
    if row is not None and found is not None and found.received >= row.minor:
        row.state = "paid"


def _made(session: Session, now: datetime, order: StoredOrder, amount: Money) -> StoredPayment:
    """Return a new attempt for money that came unannounced, at the seller's account or at one that stands for it."""
    accounts = select(PaymentAccount).where(PaymentAccount.seller_id == order.seller_id)
    account = session.scalars(
        accounts.where(PaymentAccount.provider == BANK).order_by(PaymentAccount.id.desc()).limit(1)
    ).first()
    if account is None:
        account = PaymentAccount(
            id=new_id("pa", now),
            seller_id=order.seller_id,
            provider=BANK,
            country=session.get_one(Seller, order.seller_id).country,
            is_live=True,
            is_active=False,
            sealed="",
            options={STANDS_IN: True},
            created_at=now,
        )
        session.add(account)
        session.flush()
    last = session.scalar(select(func.max(StoredPayment.number)).where(StoredPayment.order_id == order.id)) or 0
    row = StoredPayment(
        id=new_id("p", now),
        order_id=order.id,
        seller_id=order.seller_id,
        account_id=account.id,
        number=last + 1,
        provider=BANK,
        method="transfer",
        minor=amount.minor,
        currency=amount.currency,
        request={},
        state="pending",
        ref=None,
        charge=None,
        url=None,
        instructions={},
        presented_minor=None,
        presented_currency=None,
        until=None,
        created_at=now,
        checked_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _plain(reference: str) -> str:
    """Return a reference as banks leave it: without dashes and spaces, in capitals."""
    return "".join(sign for sign in reference.upper() if sign.isalnum())
