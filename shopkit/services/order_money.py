"""The money of one order as its seller sees it: attempts to pay, what is left to give back, refunds, disputes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from landed_cost.money import Money
from shopkit.models import Membership, StoredPayment, StoredRefund, User
from shopkit.orders import Ledger
from shopkit.payments import methods
from shopkit.payments.port import Answering
from shopkit.services import orders
from shopkit.services import payment_accounts as accounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shopkit.orders import Event, OrderState
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services


@dataclass(frozen=True, slots=True)
class Paid:
    """An attempt to pay.

    ``received`` is what counts as paid, ``astray`` what came and did not fit, ``left`` what can still be given back.
    """

    id: str
    number: int
    provider: str
    method: str
    asked: Money
    received: Money
    astray: Money
    left: Money
    may_refund: bool
    may_accept: bool
    state: str
    ref: str | None
    presented: Money | None
    began_at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Back:
    """Money that goes back; ``is_ours`` is whether it was asked for here, ``who`` the id of who did."""

    id: str
    payment: str | None
    amount: Money
    state: str
    reason: str
    is_ours: bool
    at: datetime
    who: str | None


@dataclass(frozen=True, slots=True)
class Disputed:
    """A dispute: until when it can be answered, and when it was."""

    ref: str
    payment: str | None
    amount: Money
    state: str
    reason: str
    opened_at: datetime
    due: datetime | None
    answered_at: datetime | None
    may_answer: bool


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """All of it."""

    payments: tuple[Paid, ...]
    refunds: tuple[Back, ...]
    disputes: tuple[Disputed, ...]
    refundable: Money


def of_order(services: Services, actor: Actor, order_id: str) -> OrderMoney:
    """Return the money of an order of the seller's; ``OrderNotFoundError``."""
    with services.database.reading() as session:
        row = orders.own(session, actor, order_id)
        ledger = Ledger(orders.events_of(session, order_id))
        query = select(StoredPayment).where(StoredPayment.order_id == order_id).order_by(StoredPayment.number)
        rows = session.scalars(query).all()
        refunds = {
            one.id: one for one in session.scalars(select(StoredRefund).where(StoredRefund.order_id == order_id))
        }
    state, events, currency = ledger.state, ledger.events, row.currency
    disputed = ledger.disputed
    paid = [_paid(one, state, disputed) for one in rows]
    return OrderMoney(
        tuple(paid),
        tuple(_refunds(events, state, refunds)),
        tuple(_disputes(services, events, state, rows)),
        Money(state.refundable, currency),
    )


def people(services: Services, actor: Actor, ids: Iterable[str]) -> dict[str, str]:
    """Return the names of those of the shop's team who are among ``ids``."""
    query = select(User.id, User.name).join(Membership, Membership.user_id == User.id)
    query = query.where(Membership.seller_id == actor.seller_id, User.id.in_(ids))
    with services.database.reading() as session:
        return {found: name for found, name in session.execute(query)}  # noqa: C416  # rows are no pairs to mypy


def _paid(row: StoredPayment, state: OrderState, disputed: Mapping[str, int]) -> Paid:
    currency = row.currency
    known = state.payments.get(row.id)
    received, astray = (0, 0) if known is None else (known.received, known.astray)
    back = _back(state, row.id)
    free = received + astray - back - disputed.get(row.id, 0)
    method = methods.method(row.provider, row.method)
    presented = None
    if row.presented_minor is not None and row.presented_currency is not None:
        presented = Money(row.presented_minor, row.presented_currency)
    return Paid(
        row.id,
        row.number,
        row.provider,
        row.method,
        Money(row.minor, currency),
        Money(received, currency),
        Money(astray, currency),
        Money(max(0, min(free, state.refundable)), currency),
        method is not None and method.may_refund,
        bool(astray) and not back and state.closed is None,
        row.state,
        row.ref,
        presented,
        row.created_at,
        row.until,
    )


def _back(state: OrderState, payment: str) -> int:
    return sum(one.minor for one in state.refunds.values() if one.payment == payment and one.state != "failed")


def _refunds(events: Sequence[Event], state: OrderState, rows: dict[str, StoredRefund]) -> list[Back]:
    first: dict[str, Event] = {}
    for event in events:
        if event.kind.startswith("refund_"):
            first.setdefault(event.about, event)
    found = []
    for name, one in state.refunds.items():
        row, event = rows.get(name), first[name]
        reason = row.reason if row is not None else str(event.data.get("note", ""))
        is_ours = row is None or row.key is not None
        who = event.data.get("user")
        amount = Money(one.minor, state.currency)
        found.append(
            Back(name, one.payment, amount, one.state, reason, is_ours, event.at, None if who is None else str(who))
        )
    return found


def _disputes(
    services: Services, events: Sequence[Event], state: OrderState, rows: Sequence[StoredPayment]
) -> list[Disputed]:
    opened = {one.about: one for one in events if one.kind == "dispute_opened"}
    answered = {one.about: one.at for one in events if one.kind == "dispute_answered"}
    ends = {one.about: one for one in reversed(events) if one.kind in {"dispute_won", "dispute_lost"}}
    providers = {row.id: row.provider for row in rows}
    now, found = services.now(), []
    for name, one in state.disputes.items():
        event = opened.get(name) or ends[name]
        text = str(event.data.get("due") or "")
        due = datetime.fromisoformat(text) if text else None
        provider = providers.get(event.payment or "")
        may = provider is not None and isinstance(accounts.adapter(provider), Answering)
        may = may and one.state == "open" and name not in answered and due is not None and due > now
        found.append(
            Disputed(
                name.removeprefix("dispute:"),
                event.payment,
                Money(one.minor, state.currency),
                one.state,
                str(event.data.get("reason", "")),
                event.at,
                due,
                answered.get(name),
                may,
            )
        )
    return found
