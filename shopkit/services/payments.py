"""Payments: begun once for each attempt, read again at the provider, and told to the order's ledger.

A provider is called outside of any transaction. What was asked is kept before, under a key of its own, so that an
answer that is lost, or a process that is killed before it can write it down, leaves an attempt that is asked again in
the same words. Locks are taken in one order: order, then payment.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from landed_cost.money import Money
from shopkit.models import StoredPayment, StoredRefund
from shopkit.orders import Event, Ledger, RefusedError
from shopkit.payments import methods as matrix
from shopkit.payments.port import Attempt, PaymentError, Read
from shopkit.services import orders
from shopkit.services import payment_accounts as accounts
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from shopkit.models import StoredOrder
    from shopkit.orders import OrderState
    from shopkit.payments.methods import Offer
    from shopkit.payments.port import RefundRead, Started
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

_LOG: Final = logging.getLogger(__name__)
UNPAID: Final = ("starting", "open", "pending")
# A key is kept for a day at the provider; after that the same words would begin a second payment.
KEY_LIFE: Final = timedelta(hours=23)


class ProviderDownError(Exception):
    """A provider that cannot be asked now; what was begun is kept and gone on with."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)


class PaymentNotFoundError(LookupError):
    """There is no such payment, or it is another seller's."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt, and what the buyer does next: go to ``url`` or follow ``instructions`` until ``until``."""

    payment_id: str
    method: str
    amount: Money
    state: str
    url: str | None
    instructions: Mapping[str, str] = field(default_factory=dict)
    until: datetime | None = None


def methods(services: Services, seller_id: str, market: str, money: Money) -> list[Offer]:
    """Return what a seller can offer a buyer of a market for an amount; ``why_not`` is set on what cannot be."""
    with services.database.reading() as session:
        found = accounts.active(session, services, seller_id)
    return matrix.offers(found, market, money)


def start(
    services: Services,
    order_id: str,
    method: str,
    return_url: str,
    *,
    cancel_url: str | None = None,
    title: str | None = None,
) -> Begun:
    """Begin to pay what an order still costs by a method, ``stripe/oxxo``; what is begun already is given again.

    Raises ``RequestError`` (nothing is due, or the method does not fit) and ``ProviderDownError``: asked again, it goes
    on with the same attempt.
    """
    provider, _, name = method.partition("/")
    with services.database.writing.begin() as session:
        row = orders.locked(session, order_id)
        state = _state(session, order_id)
        _must_be_due(state)
        amount = Money(state.missing, row.currency)
        offer = _offer(services, session, row, provider, name, amount)
        found, others = _known(session, services, order_id, method, amount)
        if found is None:
            found = _new(services, session, row, offer, amount, return_url, cancel_url or return_url, title)
        payment_id = found.id
    begun = _begin(services, payment_id)
    for other in others:
        # The price changed after a page was opened for the old one: that page ends.
        cancel(services, other)
    return begun


def see(services: Services, order_id: str) -> list[Begun]:
    """Return the attempts of an order, oldest first."""
    with services.database.reading() as session:
        query = select(StoredPayment).where(StoredPayment.order_id == order_id).order_by(StoredPayment.number)
        return [_begun(row) for row in session.scalars(query)]


def settle(services: Services, payment_id: str) -> OrderState:
    """Read a payment at its provider and tell the order what follows; as often as anybody likes.

    Raises ``PaymentError`` where the provider cannot be read.
    """
    with services.database.reading() as session:
        row = _get(session, payment_id)
        account = accounts.by_id(session, services, row.account_id)
        order_id = row.order_id
    found = accounts.adapter(row.provider)
    if row.ref is None and row.state == "starting":
        row = _resume(services, row)
    if found.by_hand or row.ref is None:
        return orders.see(services, order_id).state
    read = found.read(account, row.ref)
    with services.database.writing.begin() as session:
        order = orders.locked(session, order_id)
        mine = _get(session, payment_id, lock=True)
        if read.attempt != payment_id or read.is_live is not account.is_live:
            _LOG.error("payment %s: the provider's object is of something else, nothing is told", payment_id)
            return _state(session, order_id)
        return _tell(session, services.now(), order, mine, read)


def cancel(services: Services, payment_id: str) -> None:
    """End an attempt that is not paid; what was paid in the meantime is found and told."""
    with services.database.reading() as session:
        row = _get(session, payment_id)
        account = accounts.by_id(session, services, row.account_id)
    try:
        if row.ref is not None:
            accounts.adapter(row.provider).cancel(account, row.ref)
        settle(services, payment_id)
    except PaymentError as error:
        # It ends by itself, and what comes after that is a mismatch that somebody looks at.
        _LOG.warning("payment %s could not be ended: %s", payment_id, error)


def record(services: Services, actor: Actor, payment_id: str, amount: Money, key: str) -> OrderState:
    """Write down what arrived of a transfer, once for each ``key``: a part, the whole, or more than was asked.

    Raises ``PaymentNotFoundError``, ``RequestError`` and ``ForbiddenError``.
    """
    actor.must("editor")
    with services.database.reading() as session:
        row = _get(session, payment_id)
        if row.seller_id != actor.seller_id:
            raise PaymentNotFoundError(payment_id)
    if not accounts.adapter(row.provider).by_hand:
        raise RequestError([RequestProblem("/payment", "payment.not_by_hand")])
    if amount.minor <= 0 or amount.currency != row.currency:
        raise RequestError([RequestProblem("/amount", "order.amount")])
    with services.database.writing.begin() as session:
        order = orders.own(session, actor, row.order_id, lock=True)
        mine = _get(session, payment_id, lock=True)
        now = services.now()
        event = Event("payment_received", now, "seller", f"{payment_id}:{key}", amount, payment=payment_id)
        state = orders.append(session, order, event, now)
        found = state.payments.get(payment_id)
        if found is not None and found.received >= mine.minor:
            mine.state = "paid"
        return state


# -- beginning --------------------------------------------------------------------------------------------------------
def _must_be_due(state: OrderState) -> None:
    code = None
    if state.closed is not None:
        code = "order.closed"
    elif state.is_held:
        code = "order.held"
    elif state.missing <= 0:
        code = "payment.nothing_due"
    if code is not None:
        raise RequestError([RequestProblem("", code)])


def _offer(services: Services, session: Session, row: StoredOrder, provider: str, name: str, amount: Money) -> Offer:
    found = accounts.active(session, services, row.seller_id)
    for one in matrix.offers(found, row.market, amount):
        if (one.method.provider, one.method.name) == (provider, name):
            if one.why_not is not None:
                raise RequestError([RequestProblem("/method", one.why_not)])
            return one
    raise RequestError([RequestProblem("/method", "payment.method")])


def _known(
    session: Session, services: Services, order_id: str, method: str, amount: Money
) -> tuple[StoredPayment | None, list[str]]:
    """Return the attempt that is begun already, and those of other amounts, which are to end."""
    query = select(StoredPayment).where(StoredPayment.order_id == order_id, StoredPayment.state.in_(UNPAID))
    found, others = None, []
    for row in session.scalars(query.order_by(StoredPayment.number)):
        if (row.minor, row.currency) != tuple(amount):
            others.append(row.id)
        elif f"{row.provider}/{row.method}" == method and not _is_over(row, services.now()):
            found = row
    return found, others


def _is_over(row: StoredPayment, now: datetime) -> bool:
    if row.state == "starting":
        return now - row.created_at > KEY_LIFE
    return row.until is not None and row.until <= now


def _new(  # all of it makes an attempt
    services: Services,
    session: Session,
    order: StoredOrder,
    offer: Offer,
    amount: Money,
    return_url: str,
    cancel_url: str,
    title: str | None,
) -> StoredPayment:
    now = services.now()
    last = session.scalar(select(func.max(StoredPayment.number)).where(StoredPayment.order_id == order.id)) or 0
    payment_id, number = new_id("p", now), last + 1
    row = StoredPayment(
        id=payment_id,
        order_id=order.id,
        seller_id=order.seller_id,
        account_id=offer.account_id,
        number=number,
        provider=offer.method.provider,
        method=offer.method.name,
        minor=amount.minor,
        currency=amount.currency,
        request={
            "key": f"shopkit:{order.id}:{number}:{amount.currency}:{amount.minor}",
            "title": title or f"#{order.number}",
            "locale": order.locale,
            "country": order.market,
            "email": order.buyer_email,
            "return_url": return_url,
            "cancel_url": cancel_url,
            "made_at": now.isoformat(),
            "installments": offer.method.name == "card",
        },
        state="starting",
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
    return row


def _attempt(row: StoredPayment) -> Attempt:
    said: dict[str, Any] = dict(row.request)
    return Attempt(
        id=row.id,
        order_id=row.order_id,
        amount=Money(row.minor, row.currency),
        method=row.method,
        **said | {"made_at": datetime.fromisoformat(said["made_at"])},
    )


def _begin(services: Services, payment_id: str) -> Begun:
    with services.database.reading() as session:
        row = _get(session, payment_id)
    if row.state != "starting":
        return _begun(row)
    try:
        row = _resume(services, row)
    except PaymentError as error:
        if error.reason in {"unavailable", "unknown"}:
            raise ProviderDownError(error.detail) from error
        raise RequestError([RequestProblem("/method", "payment.refused")]) from error
    return _begun(row)


def _resume(services: Services, row: StoredPayment) -> StoredPayment:
    """Ask the provider to begin an attempt, in the words it was first asked in, and keep the answer."""
    if services.now() - row.created_at > KEY_LIFE:
        # Whatever was begun then is over, and its page was never shown to anybody.
        return _write(services, row, None, "expired")
    with services.database.reading() as session:
        account = accounts.by_id(session, services, row.account_id)
    try:
        started = accounts.adapter(row.provider).start(account, _attempt(row))
    except PaymentError as error:
        _LOG.warning("payment %s could not be begun: %s", row.id, error)
        if error.reason in {"refused", "setup"}:
            _write(services, row, None, "failed")
        raise
    return _write(services, row, started, "open" if started.url else "pending")


def _write(services: Services, row: StoredPayment, started: Started | None, state: str) -> StoredPayment:
    with services.database.writing.begin() as session:
        order = orders.locked(session, row.order_id)
        mine = _get(session, row.id, lock=True)
        if mine.state != "starting":
            return mine
        now = services.now()
        mine.state, mine.checked_at = state, now
        if started is None:
            return mine
        mine.ref, mine.url, mine.until = started.ref, started.url, started.until
        mine.instructions = dict(started.instructions)
        source = _source(mine)
        kinds = ("payment_started",) if started.url else ("payment_started", "payment_pending")
        for kind in kinds:
            name = f"{started.ref}:{kind.removeprefix('payment_')}"
            orders.append(session, order, Event(kind, now, source, name, payment=mine.id, until=started.until), now)  # type: ignore[arg-type]  # one of its kinds
        return mine


# -- what follows -----------------------------------------------------------------------------------------------------
def _tell(session: Session, now: datetime, order: StoredOrder, row: StoredPayment, read: Read) -> OrderState:
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
    if read.is_suspect:
        state = orders.append(
            session, order, Event("fraud_warned", now, _source(row), f"{read.ref}:fraud", payment=row.id), now
        )
    row.charge, row.checked_at = read.charge or row.charge, now
    if read.presented is not None:
        row.presented_minor, row.presented_currency = read.presented
    if row.state != "paid":
        # A reading that was overtaken does not undo what a later one found.
        row.state, row.until = read.state, read.until or row.until
        row.url, row.instructions = read.url, dict(read.instructions)
    return state


def _tell_money(session: Session, now: datetime, order: StoredOrder, row: StoredPayment, read: Read) -> OrderState:
    source, asked = _source(row), Money(row.minor, row.currency)
    state = _state(session, order.id)
    if read.received.minor > 0:
        known = state.payments.get(row.id)
        counted = 0 if known is None else known.received + known.astray
        fits = read.asked == asked and read.received.currency == asked.currency
        whole = read.received.minor == asked.minor or (read.state == "pending" and read.received.minor < asked.minor)
        kind = "payment_received" if fits and whole else "payment_mismatch"
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
    if read.state == "started" and found.id in _state(session, order.id).refunds:
        return _state(session, order.id)
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


def get(session: Session, payment_id: str, *, lock: bool = False) -> StoredPayment:
    """Return the row of a payment; ``PaymentNotFoundError``."""
    return _get(session, payment_id, lock=lock)


def _get(session: Session, payment_id: str, *, lock: bool = False) -> StoredPayment:
    query = select(StoredPayment).where(StoredPayment.id == payment_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise PaymentNotFoundError(payment_id)
    return found


def _state(session: Session, order_id: str) -> OrderState:
    return Ledger(orders.events_of(session, order_id)).state


def _source(row: StoredPayment) -> str:
    return f"provider:{row.provider}"


def _begun(row: StoredPayment) -> Begun:
    amount = Money(row.minor, row.currency)
    return Begun(row.id, f"{row.provider}/{row.method}", amount, row.state, row.url, row.instructions, row.until)


def unpaid(services: Services, before: datetime, limit: int) -> Sequence[str]:
    """Return payments that may have changed and were not read since ``before``: unpaid ones, and paid ones daily."""
    day, season = before - timedelta(days=1), before - timedelta(days=120)
    stale = StoredPayment.state.in_(UNPAID) & (StoredPayment.checked_at < before)
    paid = (StoredPayment.state == "paid") & (StoredPayment.checked_at < day) & (StoredPayment.created_at > season)
    with services.database.reading() as session:
        query = select(StoredPayment.id).where(stale | paid).order_by(StoredPayment.checked_at).limit(limit)
        return session.scalars(query).all()
