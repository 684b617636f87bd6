"""What a seller, a buyer and the clock do to an order: packed, sent, taken back, cancelled, ended when unpaid.

An act bears a ``key`` where it may happen more than once (the name of the form or request it came by), so that a
double click is one act. What may not happen now is a ``RequestError`` with its reason, and changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from landed_cost.money import Money
from shopkit.models import Seller, StoredOrder
from shopkit.orders import Event, RefusedError, fold
from shopkit.services import audit, orders, payments, shipments, transfers
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.stock import SoldOutError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.orders import Kind, OrderState
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

MAX_NOTE: Final = 500
MAX_KEY: Final = 200
_TRANSFER: Final = "transfer"
# The longest a run of the clock works on before it looks again.
_MOST: Final = 500


def pack(services: Services, actor: Actor, order_id: str, pieces: Mapping[int, int], *, key: str) -> OrderState:
    """Note which pieces were packed, by line; whole when they are what was ordered, and never more."""
    return _act(services, actor, order_id, "packed", f"packed:{key}", pieces=pieces)


def pack_all(services: Services, actor: Actor, order_id: str) -> OrderState:
    """Note that all that was still to be packed is packed."""
    with services.database.reading() as session:
        orders.own(session, actor, order_id)
        state = _state(session, order_id)
    rest = {line: many for line, many in enumerate(map(int.__sub__, state.to_send, state.packed)) if many}
    return _act(services, actor, order_id, "packed", f"packed:all:{sum(state.packed)}", pieces=rest)


def ship(services: Services, actor: Actor, order_id: str, *, carrier: str = "", tracking: str = "") -> OrderState:
    """Note that an order left, by whom and under which number; only what is paid and packed whole does."""

    def open_parcel(session: Session, row: StoredOrder, _state: OrderState) -> None:
        event = next(one for one in orders.events_of(session, row.id) if one.kind == "shipped")
        country = session.get_one(Seller, row.seller_id).country
        shipments.open_of(session, row, event, services.today(country), services.now())

    said = {"carrier": carrier, "tracking": tracking}
    return _act(services, actor, order_id, "shipped", "shipped", data=said, then=open_parcel)


def deliver(services: Services, actor: Actor, order_id: str) -> OrderState:
    """Note that an order arrived."""
    return _act(services, actor, order_id, "delivered", "delivered")


def take_back(
    services: Services, actor: Actor, order_id: str, pieces: Mapping[int, int], *, key: str, note: str = ""
) -> OrderState:
    """Note which pieces came back. What they are worth is for the seller to see: stock and money stay as they are."""
    return _act(services, actor, order_id, "returned", f"returned:{key}", pieces=pieces, data={"note": note})


def cancel(services: Services, actor: Actor, order_id: str, *, note: str = "") -> OrderState:
    """Cancel an order that was not sent; its goods can be sold again, and what was paid is owed back.

    Pages that were opened to pay it end; a provider that is down ends them by itself in time.
    """
    state = _act(services, actor, order_id, "cancelled", "cancelled", data={"note": note})
    _end_pages(services, order_id)
    return state


def cancel_as_buyer(services: Services, order_id: str) -> OrderState:
    """Cancel an order for its buyer, as long as nothing was paid."""
    with services.database.writing.begin() as session:
        row = orders.locked(session, order_id)
        state = _append(session, row, Event("cancelled", services.now(), "buyer", "cancelled"), services.now())
    _end_pages(services, order_id)
    return state


def accept(services: Services, actor: Actor, order_id: str) -> OrderState:
    """Go on with an order that ended and was paid late, if its goods are still there."""
    return _act(services, actor, order_id, "accepted", "accepted")


def reduce(  # all of it makes the event
    services: Services,
    actor: Actor,
    order_id: str,
    amount: Money,
    *,
    key: str,
    pieces: Mapping[int, int] | None = None,
    note: str = "",
) -> OrderState:
    """Ask less for an order: pieces that will not be sent, or a price that was wrong. What is paid too much is owed.

    A page that was opened for the old price ends; money that comes by it all the same waits for a person.
    """
    old: list[str] = []

    def replace_old(session: Session, row: StoredOrder, state: OrderState) -> None:
        old.extend(payments.outdated(session, row.id, state.missing))
        payments.replace(session, old)

    more: dict[str, Any] = {"amount": amount, "pieces": dict(pieces or {}), "data": {"note": note}}
    state = _act(services, actor, order_id, "reduced", f"reduced:{key}", then=replace_old, **more)
    for payment_id in old:
        payments.cancel(services, payment_id)
    return state


def hold(services: Services, actor: Actor, order_id: str, *, key: str, note: str = "") -> OrderState:
    """Let nothing of an order be sent until somebody releases it."""
    return _act(services, actor, order_id, "held", f"held:{key}", data={"note": note})


def release(services: Services, actor: Actor, order_id: str, *, key: str, note: str = "") -> OrderState:
    """Say that what held an order up was looked at and settled."""
    return _act(services, actor, order_id, "released", f"released:{key}", data={"note": note})


def note_transfer(
    services: Services, actor: Actor, order_id: str, amount: Money, *, key: str, reference: str = ""
) -> OrderState:
    """Note money that came by bank transfer, as the seller's account shows it: the whole, a part, or too much."""
    if amount.minor <= 0:
        raise RequestError([RequestProblem("/amount", "order.amount")])
    name = f"{_TRANSFER}:{key}"[:MAX_KEY]
    with services.database.writing.begin() as session:
        actor.must("editor")
        row = orders.own(session, actor, order_id, lock=True)
        if row.currency != amount.currency:
            raise RequestError([RequestProblem("/amount", "order.amount")])
        payment = transfers.payment_of(session, services.now(), row, amount, name, reference)

    def mark(session: Session, _row: StoredOrder, state: OrderState) -> None:
        transfers.mark(session, payment, state)

    more: dict[str, Any] = {"amount": amount, "payment": payment, "data": {"reference": reference}}
    return _act(services, actor, order_id, "payment_received", name, then=mark, **more)


def accept_payment(
    services: Services, actor: Actor, order_id: str, payment: str, *, is_enough: bool = False
) -> OrderState:
    """Count money that did not fit as paid: all of it, in the order's currency.

    With ``is_enough`` nothing more is asked for: what is missing then is taken off what the order costs.
    """
    with services.database.reading() as session:
        row = orders.own(session, actor, order_id)
        events = orders.events_of(session, order_id)
    state = fold(events)
    known = state.payments.get(payment)
    times = sum(one.kind == "payment_accepted" and one.payment == payment for one in events)
    if known is None or not (known.astray or times):
        raise RequestError([RequestProblem("/payment", "payment.nothing_astray")])
    if known.astray:
        more: dict[str, Any] = {"amount": Money(known.astray, row.currency), "payment": payment}
        state = _act(services, actor, order_id, "payment_accepted", f"{payment}:accepted:{times}", **more)
    if is_enough and state.missing:
        return reduce(services, actor, order_id, Money(state.missing, state.currency), key=f"{payment}:accepted")
    return state


def expire_due(services: Services, now: datetime | None = None) -> list[str]:
    """End the orders whose time to pay is over, each in a transaction of its own, and return their ids.

    What was paid at the same moment stays: the ledger decides under the lock of its row. Two that run at once end
    each order once.
    """
    moment = now or services.now()
    query = select(StoredOrder.id).where(StoredOrder.ends_at.is_not(None), StoredOrder.ends_at <= moment)
    with services.database.reading() as session:
        due = session.scalars(query.order_by(StoredOrder.ends_at).limit(_MOST)).all()
    ended = []
    for order_id in due:
        with services.database.writing.begin() as session:
            row = orders.locked(session, order_id)
            if row.ends_at is None or row.ends_at > moment:
                # Paid, given more time or ended by another since it was looked for.
                continue
            _append(session, row, Event("expired", moment, "clock", "expired"), services.now())
            ended.append(order_id)
    return ended


def _end_pages(services: Services, order_id: str) -> None:
    """End what may still be paid of an order that is over."""
    with services.database.reading() as session:
        begun = payments.outdated(session, order_id, 0)
    for payment_id in begun:
        payments.cancel(services, payment_id)


def _act(  # noqa: PLR0913  # the parts of an event
    services: Services,
    actor: Actor,
    order_id: str,
    kind: Kind,
    name: str,
    *,
    amount: Money | None = None,
    payment: str | None = None,
    pieces: Mapping[int, int] | None = None,
    data: Mapping[str, str] | None = None,
    then: Callable[[Session, StoredOrder, OrderState], None] | None = None,
) -> OrderState:
    actor.must("editor")
    said = {key: text.strip()[:MAX_NOTE] for key, text in (data or {}).items() if text.strip()}
    if actor.user_id is not None:
        said["user"] = actor.user_id
    event = Event(
        kind,
        services.now(),
        "seller",
        name[:MAX_KEY],
        amount,
        payment,
        pieces=dict(pieces or {}),
        data=said,
    )
    with services.database.writing.begin() as session:
        row = orders.own(session, actor, order_id, lock=True)
        state = _append(session, row, event, services.now())
        if then is not None:
            then(session, row, state)
        audit.note(session, actor, services.now(), f"order.{kind}", row.id)
        return state


def _append(session: Session, row: StoredOrder, event: Event, now: datetime) -> OrderState:
    if event.kind in _AGAIN:
        # An order can end and be taken up more than once: each time is an event of its own.
        times = sum(one.kind in _AGAIN[event.kind] for one in orders.events_of(session, row.id))
        event = replace(event, source_id=f"{event.source_id}:{times}")
    try:
        return orders.append(session, row, event, now)
    except RefusedError as error:
        raise orders.refused(error) from error
    except SoldOutError as error:
        raise RequestError([RequestProblem("", "order.gone")]) from error


_AGAIN: Final[dict[str, frozenset[str]]] = {
    "cancelled": frozenset({"accepted"}),
    "expired": frozenset({"accepted"}),
    "accepted": frozenset({"cancelled", "expired"}),
}


def _state(session: Session, order_id: str) -> OrderState:
    return fold(orders.events_of(session, order_id))
