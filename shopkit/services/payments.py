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
from shopkit.models import StoredPayment
from shopkit.orders import Event
from shopkit.payments import methods as matrix
from shopkit.payments.port import Attempt, GoneError, PaymentError
from shopkit.services import orders
from shopkit.services import payment_accounts as accounts
from shopkit.services import payment_telling as telling
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from shopkit.models import StoredOrder
    from shopkit.orders import OrderState
    from shopkit.payments.methods import Offer
    from shopkit.payments.port import Account, Adapter, Read, Started
    from shopkit.services.context import Services

_LOG: Final = logging.getLogger(__name__)
UNPAID: Final = telling.UNPAID
# Over, and yet money may come by them: late, or for another price than the order has by now.
ENDED: Final = ("expired", "failed", "replaced")
# What a buyer began at a provider that waits for us to take the money may still be approved so long after its end.
_GRACE: Final = timedelta(hours=3)


class ProviderDownError(Exception):
    """A provider that cannot be asked now; what was begun is kept and gone on with."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)


class PaymentNotFoundError(LookupError):
    """There is no such payment, or it is another seller's."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt, and what the buyer does next: go to ``url`` or follow ``instructions`` until ``until``.

    ``presented`` is what the buyer saw and paid where the provider offered another currency; sums are in ``amount``'s.
    """

    payment_id: str
    method: str
    amount: Money
    state: str
    url: str | None
    instructions: Mapping[str, str] = field(default_factory=dict)
    until: datetime | None = None
    presented: Money | None = None


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
        state = telling.state_of(session, order_id)
        _must_be_due(state)
        amount = Money(state.missing, row.currency)
        offer = _offer(services, session, row, provider, name, amount)
        found, others = _known(session, services, order_id, method, amount)
        if found is None:
            found = _new(services, session, row, offer, amount, return_url, cancel_url or return_url, title)
        payment_id = found.id
        replace(session, others)
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


def settle(services: Services, payment_id: str, also: Sequence[str] = ()) -> OrderState:
    """Read a payment at its provider and tell the order what follows; as often as anybody likes.

    ``also`` are names by which a message spoke of it. What a buyer agreed to is taken first, where the provider leaves
    that to us. Raises ``PaymentError`` where the provider cannot be asked.
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
    read = _look(services, found, account, row, row.ref, also)
    with services.database.writing.begin() as session:
        order = orders.locked(session, order_id)
        mine = _get(session, payment_id, lock=True)
        if read is None:
            return telling.lapsed(session, services.now(), order, mine)
        if read.attempt != payment_id or read.is_live is not account.is_live:
            _LOG.error("payment %s: the provider's object is of something else, nothing is told", payment_id)
            return telling.state_of(session, order_id)
        return telling.tell(session, services.now(), order, mine, read)


def _look(  # whom, as whom, of what
    services: Services, adapter: Adapter, account: Account, row: StoredPayment, ref: str, also: Sequence[str]
) -> Read | None:
    """Return a reading, after taking what the buyer agreed to; ``None`` for what is over without anybody saying so."""
    names = tuple(dict.fromkeys((*also, *([row.charge] if row.charge else ()))))
    try:
        read = _read(adapter, account, ref, names)
    except GoneError:
        if row.until is None or row.until > services.now():
            raise
        return None
    if not adapter.takes or read.state not in {"open", "approved"}:
        return read
    if row.until is not None and row.until + _GRACE <= services.now():
        return None
    if read.state == "approved" and _claims(services, account, row, read):
        try:
            adapter.capture(account, ref)
        except PaymentError as error:
            if error.reason != "refused":
                raise
            _LOG.warning("payment %s was approved and cannot be taken: %s", row.id, error)
        read = _read(adapter, account, ref, names)
    return read


def _read(adapter: Adapter, account: Account, ref: str, names: Sequence[str]) -> Read:
    """Read a payment; an answer of another shape than the provider promises is no answer, and stops nobody else."""
    try:
        return adapter.read(account, ref, names)
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise PaymentError("unavailable", f"an answer that cannot be read: {type(error).__name__}") from error


def _claims(services: Services, account: Account, row: StoredPayment, read: Read) -> bool:
    """Whether what a buyer agreed to is what the order still asks for, to the cent; then it is this attempt's turn.

    One attempt of an order is taken at a time, by as many as like: its key makes them one. Who takes it and is killed
    leaves it ``taking``, and whoever reads it next goes on.
    """
    if read.attempt != row.id or read.is_live is not account.is_live:
        return False
    with services.database.writing.begin() as session:
        orders.locked(session, row.order_id)
        mine = _get(session, row.id, lock=True)
        state = telling.state_of(session, row.order_id)
        others = select(StoredPayment.id).where(StoredPayment.order_id == row.order_id, StoredPayment.id != row.id)
        is_anothers_turn = session.scalars(others.where(StoredPayment.state == "taking")).first() is not None
        fits = read.asked == Money(mine.minor, mine.currency) and state.missing == mine.minor
        if mine.state not in UNPAID or not fits or state.is_held or state.is_disputed or is_anothers_turn:
            return False
        mine.state = "taking"
        return True


def cancel(services: Services, payment_id: str) -> None:
    """End an attempt that is not paid; what was paid in the meantime is found and told."""
    with services.database.writing.begin() as session:
        order = orders.locked(session, _get(session, payment_id).order_id)
        row = _get(session, payment_id, lock=True)
        account = accounts.by_id(session, services, row.account_id)
        found = accounts.adapter(row.provider)
        if found.takes and row.ref is not None and row.state != "paid":
            # Nobody but us takes its money: it is over as soon as we say so.
            telling.lapsed(session, services.now(), order, row)
    try:
        if row.ref is not None:
            found.cancel(account, row.ref)
        settle(services, payment_id)
    except PaymentError as error:
        # It ends by itself, and what comes after that is a mismatch that somebody looks at.
        _LOG.warning("payment %s could not be ended: %s", payment_id, error)


def replace(session: Session, payment_ids: Iterable[str]) -> None:
    """Mark attempts whose order has another price by now: money that still comes by them waits for a person."""
    for payment_id in payment_ids:
        row = _get(session, payment_id, lock=True)
        if row.state in UNPAID:
            row.state = "replaced"


def outdated(session: Session, order_id: str, missing: int) -> list[str]:
    """Return the attempts of an order that may still be paid and ask for another amount than is missing by now."""
    query = select(StoredPayment.id).where(StoredPayment.order_id == order_id, StoredPayment.state.in_(UNPAID))
    return list(session.scalars(query.where(StoredPayment.minor != missing).order_by(StoredPayment.number)))


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
        return now - row.created_at > accounts.adapter(row.provider).key_life
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
    account = accounts.by_id(session, services, offer.account_id)
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
            "adaptive": offer.method.name == "card" and bool(account.options.get("adaptive")),
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
    if services.now() - row.created_at > accounts.adapter(row.provider).key_life:
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
        source = f"provider:{mine.provider}"
        kinds = ("payment_started",) if started.url else ("payment_started", "payment_pending")
        for kind in kinds:
            name = f"{started.ref}:{kind.removeprefix('payment_')}"
            orders.append(session, order, Event(kind, now, source, name, payment=mine.id, until=started.until), now)  # type: ignore[arg-type]  # one of its kinds
        return mine


def get(session: Session, payment_id: str, *, lock: bool = False) -> StoredPayment:
    """Return the row of a payment; ``PaymentNotFoundError``."""
    return _get(session, payment_id, lock=lock)


def _get(session: Session, payment_id: str, *, lock: bool = False) -> StoredPayment:
    query = select(StoredPayment).where(StoredPayment.id == payment_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise PaymentNotFoundError(payment_id)
    return found


def _begun(row: StoredPayment) -> Begun:
    amount = Money(row.minor, row.currency)
    shown = None
    if row.presented_minor is not None and row.presented_currency is not None:
        shown = Money(row.presented_minor, row.presented_currency)
    name = f"{row.provider}/{row.method}"
    return Begun(row.id, name, amount, row.state, row.url, row.instructions, row.until, shown)


def unpaid(services: Services, before: datetime, limit: int) -> Sequence[str]:
    """Return payments that may have changed and were not read since ``before``.

    Unpaid ones at any time; once a day paid ones, for what was done in the provider's own pages, and for two weeks
    those that are over, for money that comes late and of which no message told.
    """
    day, season, weeks = before - timedelta(days=1), before - timedelta(days=120), before - timedelta(days=14)
    by_hand = [name for name in accounts.PROVIDERS if accounts.adapter(name).by_hand]
    stale = StoredPayment.state.in_(UNPAID) & (StoredPayment.checked_at < before)
    paid = (StoredPayment.state == "paid") & (StoredPayment.checked_at < day) & (StoredPayment.created_at > season)
    ended = StoredPayment.state.in_(ENDED) & (StoredPayment.checked_at < day) & (StoredPayment.created_at > weeks)
    with services.database.reading() as session:
        query = select(StoredPayment.id).where(stale | paid | (ended & StoredPayment.ref.is_not(None)))
        query = query.where(StoredPayment.provider.not_in(by_hand))
        return session.scalars(query.order_by(StoredPayment.checked_at).limit(limit)).all()


def put_off(services: Services, payment_id: str) -> None:
    """Let a payment that could not be read wait for its turn, so that it does not keep others from theirs."""
    with services.database.writing.begin() as session:
        _get(session, payment_id, lock=True).checked_at = services.now()
