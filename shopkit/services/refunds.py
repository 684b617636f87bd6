"""Refunds: set aside in the ledger before the provider is asked, sent once, and recorded where sent by hand."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from landed_cost.money import Money
from shopkit.models import StoredPayment, StoredRefund
from shopkit.orders import Event, Ledger, RefusedError
from shopkit.payments import methods as matrix
from shopkit.payments.port import PaymentError, RefundRead
from shopkit.services import audit, orders, payments
from shopkit.services import payment_accounts as accounts
from shopkit.services import payment_telling as telling
from shopkit.services.keeping import KeyConflictError
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from shopkit.models import StoredOrder
    from shopkit.orders import OrderState
    from shopkit.payments.port import Account
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

_LOG: Final = logging.getLogger(__name__)
MAX_NOTE: Final = 500


def refund(
    services: Services,
    actor: Actor,
    order_id: str,
    amount: Money,
    reason: str,
    key: str,
    *,
    payment_id: str | None = None,
) -> OrderState:
    """Give money of an order back by the way it came, once for each ``key``; of one payment where it is named.

    Raises ``RequestError`` where that is more than is left or the method gives nothing back (then it is sent by hand
    and recorded: :func:`record`), ``KeyConflictError``, ``OrderNotFoundError`` and ``ForbiddenError``. A provider that
    does not answer leaves the refund begun; it is asked again later.
    """
    actor.must("editor")
    refund_id = _set_aside(services, actor, order_id, amount, reason, key, by_hand=False, payment_id=payment_id)
    return send(services, refund_id)


def whole(services: Services, actor: Actor, order_id: str, reason: str, key: str) -> OrderState:
    """Give back all that can be by the way it came, payment by payment; raises what :func:`refund` raises."""
    actor.must("editor")
    with services.database.reading() as session:
        orders.own(session, actor, order_id)
        held = [(row, left) for row, left in _left(session, order_id) if left > 0]
    if not held:
        found = orders.see(services, order_id)
        if any(one.data.get("whole") == key for one in found.events):
            return found.state
        raise RequestError([RequestProblem("/amount", "refund.above", {"left": str(Money(0, found.currency))})])
    possible = [(row, left) for row, left in held if _may(row)]
    if not possible:
        raise RequestError([RequestProblem("", "payment.refund_by_hand")])
    for row, left in possible:
        refund_id = _set_aside(
            services,
            actor,
            order_id,
            Money(left, row.currency),
            reason,
            f"{key}:{row.number}",
            by_hand=False,
            payment_id=row.id,
            whole=key,
        )
        send(services, refund_id)
    return orders.see(services, order_id).state


def record(
    services: Services,
    actor: Actor,
    order_id: str,
    amount: Money,
    reason: str,
    key: str,
    *,
    payment_id: str | None = None,
) -> OrderState:
    """Write down a refund that the seller made by another way; raises what :func:`refund` raises."""
    actor.must("editor")
    refund_id = _set_aside(services, actor, order_id, amount, reason, key, by_hand=True, payment_id=payment_id)
    with services.database.writing.begin() as session:
        order = orders.own(session, actor, order_id, lock=True)
        found = session.get_one(StoredRefund, refund_id)
        now = services.now()
        event = Event("refund_made", now, "seller", f"{refund_id}:made", amount, found.payment_id, refund_id)
        found.state = "made"
        return orders.append(session, order, event, now)


def is_possible(services: Services, order_id: str) -> bool:
    """Return whether any payment of an order can be given back by the way it came."""
    with services.database.reading() as session:
        return any(_may(one) for one, _ in _left(session, order_id))


def send(services: Services, refund_id: str) -> OrderState:
    """Ask the provider for a refund that was set aside; the same refund is asked for in the same words."""
    with services.database.reading() as session:
        found = session.get_one(StoredRefund, refund_id)
        row = payments.get(session, found.payment_id)
        account = accounts.by_id(session, services, row.account_id)
    if found.state != "starting" or row.ref is None:
        return orders.see(services, found.order_id).state
    amount = Money(found.minor, found.currency)
    try:
        read = _asked(services, found, account, row.ref, amount)
    except PaymentError as error:
        _LOG.warning("refund %s: %s", refund_id, error)
        if error.reason in {"unavailable", "unknown"}:
            return orders.see(services, found.order_id).state
        read = RefundRead(refund_id, "failed", amount, refund_id)
    with services.database.writing.begin() as session:
        order = orders.locked(session, found.order_id)
        mine = payments.get(session, row.id, lock=True)
        return telling.tell_refund(session, services.now(), order, mine, session.get_one(StoredRefund, refund_id), read)


def begun(services: Services, limit: int) -> Sequence[str]:
    """Return refunds that were set aside and have no answer yet."""
    with services.database.reading() as session:
        query = select(StoredRefund.id).where(StoredRefund.state == "starting").order_by(StoredRefund.id)
        return session.scalars(query.limit(limit)).all()


def _asked(services: Services, found: StoredRefund, account: Account, ref: str, amount: Money) -> RefundRead:
    """Ask for a refund; one older than its key is looked for first, or it would be made twice."""
    adapter = accounts.adapter(account.provider)
    if services.now() - found.created_at > adapter.key_life:
        known = next((one for one in adapter.read(account, ref).refunds if _is_it(services, found, one)), None)
        if known is not None:
            return known
    return adapter.refund(account, ref, amount, found.id)


def _is_it(services: Services, found: StoredRefund, read: RefundRead) -> bool:
    """Whether a refund at the provider is one that was asked for here and never answered."""
    if read.is_marked:
        return read.ours == found.id
    with services.database.reading() as session:
        query = select(StoredRefund.id).where(StoredRefund.payment_id == found.payment_id, StoredRefund.ref == read.ref)
        is_anothers = session.scalars(query).first() is not None
    return not is_anothers and read.amount == Money(found.minor, found.currency)


def _set_aside(  # noqa: PLR0913  # all of it makes a refund
    services: Services,
    actor: Actor,
    order_id: str,
    amount: Money,
    reason: str,
    key: str,
    *,
    by_hand: bool,
    payment_id: str | None = None,
    whole: str | None = None,
) -> str:
    with services.database.writing.begin() as session:
        order = orders.own(session, actor, order_id, lock=True)
        query = select(StoredRefund).where(StoredRefund.order_id == order_id, StoredRefund.key == key)
        known = session.scalars(query).one_or_none()
        if known is not None:
            if (known.minor, known.currency) != tuple(amount):
                raise KeyConflictError
            return known.id
        payment = _payment(session, order, amount, by_hand=by_hand, payment_id=payment_id)
        now = services.now()
        found = StoredRefund(
            id=new_id("r", now),
            payment_id=payment.id,
            order_id=order_id,
            seller_id=order.seller_id,
            key=key,
            minor=amount.minor,
            currency=amount.currency,
            reason=reason,
            state="started" if by_hand else "starting",
            ref=None,
            created_at=now,
        )
        said = {"user": actor.user_id, "note": reason[:MAX_NOTE], "whole": whole}
        data = {name: text for name, text in said.items() if text}
        event = Event("refund_started", now, "seller", f"{found.id}:started", amount, payment.id, found.id, data=data)
        try:
            orders.append(session, order, event, now)
        except RefusedError as error:
            raise orders.refused(error) from error
        session.add(found)
        audit.note(session, actor, now, "order.refunded", order_id, amount=str(amount))
        return found.id


def _payment(
    session: Session, order: StoredOrder, amount: Money, *, by_hand: bool, payment_id: str | None
) -> StoredPayment:
    """Return the payment that a refund is of: one that holds enough, and can be given back."""
    if amount.minor <= 0 or amount.currency != order.currency:
        raise RequestError([RequestProblem("/amount", "order.amount")])
    held = _left(session, order.id)
    if payment_id is not None:
        held = [(one, left) for one, left in held if one.id == payment_id]
        if not held:
            raise RequestError([RequestProblem("/payment", "payment.unknown")])
    enough = [one for one, left in held if left >= amount.minor]
    if not enough:
        fits = sum(left for _, left in held) >= amount.minor
        left = str(Money(sum(left for _, left in held), order.currency))
        raise RequestError(
            [
                RequestProblem("/amount", "payment.refund_apart")
                if fits
                else RequestProblem("/amount", "refund.above", {"left": left})
            ]
        )
    for one in enough:
        if by_hand or _may(one):
            return one
    raise RequestError([RequestProblem("", "payment.refund_by_hand")])


def _left(session: Session, order_id: str) -> list[tuple[StoredPayment, int]]:
    """Return the payments of an order with what is left of each to give back."""
    events = orders.events_of(session, order_id)
    ledger = Ledger(events)
    state = ledger.state
    of = {event.about: event.payment for event in events if event.kind.startswith("refund_") and event.payment}
    taken = dict(ledger.disputed)
    for name, one in state.refunds.items():
        payment = of.get(name)
        if one.state != "failed" and payment is not None:
            taken[payment] = taken.get(payment, 0) + one.minor
    query = select(StoredPayment).where(StoredPayment.order_id == order_id).order_by(StoredPayment.number)
    found = []
    for row in session.scalars(query):
        paid = state.payments.get(row.id)
        if paid is not None and paid.received + paid.astray > 0:
            found.append((row, max(0, paid.received + paid.astray - taken.get(row.id, 0))))
    return found


def _may(row: StoredPayment) -> bool:
    found = matrix.method(row.provider, row.method)
    return found is not None and found.may_refund
