"""Orders: placed once from a quote that is frozen into them, their ledgers added to, read by whoever may.

What is another seller's is not there. Locks are taken in one order everywhere: seller, order, payment, listings.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from landed_cost.money import Money, allocate
from shopkit.models import OrderEvent, OrderLine, Seller, StockHold, StoredOrder
from shopkit.orders import Event, Ledger, OrderState, RefusedError
from shopkit.orders.totals import Totals, UnsettledError, totals
from shopkit.services import order_letters, stock
from shopkit.services.keeping import KeyConflictError, canonical_hash
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Json = dict[str, Any]
MOST_LINES: Final = 100
# The number of a shop's first order.
FIRST: Final = 1001
_CLOSES: Final = frozenset({"cancelled", "expired"})


class OrderNotFoundError(LookupError):
    """There is no such order, or it is another seller's: nobody is told which."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, and where the parcel goes: ``address`` holds lines, city, region, postal code and country by name."""

    name: str
    email: str
    address: Mapping[str, str]
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces of one SKU as the shop lists them: ``unit`` is the price of one, ``title`` in the buyer's language."""

    listing_id: str
    sku: str | None
    title: str
    quantity: int
    unit: Money


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of an order as it was placed; ``total`` is what all its pieces cost."""

    listing_id: str
    sku: str | None
    title: str
    quantity: int
    total: Money


@dataclass(frozen=True, slots=True)
class Order:
    """An order: what was promised and how it stands."""

    id: str
    seller_id: str
    number: int
    created_at: datetime
    market: str
    locale: str
    currency: str
    terms: str
    buyer: Buyer
    lines: tuple[Placed, ...]
    quote_id: str | None
    request: Json
    quote: Json
    campaign_code: str | None
    events: tuple[Event, ...]
    state: OrderState

    @property
    def totals(self) -> Totals:
        """What the frozen quote asks of the buyer."""
        return totals(self.request, self.quote)


def place(  # noqa: PLR0913  # all of it makes an order
    services: Services,
    seller_id: str,
    basket: Sequence[Line],
    buyer: Buyer,
    quote: Json,
    request: Json,
    *,
    key: str,
    locale: str,
    pay_until: datetime | None = None,
    campaign_code: str | None = None,
) -> Order:
    """Place an order by a quote (as it is kept: ``Answer.stored``, ``Answer.request``) and set its pieces aside.

    The quote is frozen into the order, and what it asks is what is due; the lines are those of its items, in order. A
    repeat with the same ``key`` gives the order that was placed. Without payment it ends at ``pay_until``. Raises
    ``RequestError`` (the quote is over, refused, or of other goods; sold out), ``KeyConflictError`` where the key
    stands for another order.
    """
    said = [(one.listing_id, one.sku, one.quantity) for one in basket]
    body = canonical_hash(said, buyer.email, dict(buyer.address), quote["totals"], quote["currency"])
    earlier = _by_key(services, seller_id, key, body)
    if earlier is not None:
        return earlier
    _check(services, basket, quote, request)
    try:
        asked = totals(request, quote)
    except UnsettledError as error:
        raise RequestError([RequestProblem("/quote", error.code)]) from error
    now = services.now()
    row = StoredOrder(
        id=new_id("o", now),
        seller_id=seller_id,
        key=key,
        body_hash=body,
        created_at=now,
        updated_at=now,
        market=request["destination"]["country"].upper(),
        locale=locale,
        currency=asked.total.currency,
        terms=request.get("terms", "DAP"),
        buyer_name=buyer.name,
        buyer_email=buyer.email,
        buyer_phone=buyer.phone,
        address=dict(buyer.address),
        quote_id=quote.get("id"),
        request=json.dumps(request, ensure_ascii=False),
        quote=json.dumps(quote, ensure_ascii=False),
        campaign_code=campaign_code,
        status="",
        fulfilment="",
        is_open=True,
        is_unsettled=False,
        ends_at=None,
    )
    # One transaction, and the row of the seller first: who comes second finds the key, or fewer pieces.
    try:
        with services.database.writing.begin() as session:
            _insert(session, now, row, basket, asked, pay_until)
            return _order(session, row)
    except stock.SoldOutError as error:
        raise RequestError(_sold_out(basket, error)) from error
    except IntegrityError:
        found = _by_key(services, seller_id, key, body)
        if found is None:
            raise
        return found


def _insert(
    session: Session,
    now: datetime,
    row: StoredOrder,
    basket: Sequence[Line],
    asked: Totals,
    pay_until: datetime | None,
) -> None:
    session.scalars(select(Seller.id).where(Seller.id == row.seller_id).with_for_update()).one()
    last = session.scalar(select(func.max(StoredOrder.number)).where(StoredOrder.seller_id == row.seller_id))
    row.number = FIRST if last is None else last + 1
    session.add(row)
    session.flush()
    shares = allocate(asked.goods.minor, [one.unit.minor * one.quantity for one in basket])
    for position, (one, minor) in enumerate(zip(basket, shares, strict=True)):
        session.add(
            OrderLine(
                order_id=row.id,
                position=position,
                seller_id=row.seller_id,
                listing_id=one.listing_id,
                sku=one.sku,
                title=one.title,
                quantity=one.quantity,
                minor=minor,
            )
        )
    holds = [
        StockHold(
            order_id=row.id,
            position=position,
            seller_id=row.seller_id,
            listing_id=one.listing_id,
            sku=one.sku,
            quantity=one.quantity,
            is_counted=False,
            state="held",
        )
        for position, one in enumerate(basket)
        if one.sku is not None
    ]
    stock.hold(session, now, holds)
    pieces = {position: one.quantity for position, one in enumerate(basket)}
    append(session, row, Event("placed", now, "buyer", "placed", asked.total, until=pay_until, pieces=pieces), now)


def append(session: Session, row: StoredOrder, event: Event, now: datetime | None = None) -> OrderState:
    """Add an event to the ledger of an order, in the caller's transaction, and return how it stands then.

    The row must be locked (:func:`locked`). A repeat changes nothing; pieces are released, taken and sent as the event
    asks. Raises ``RefusedError`` for what may not happen now, ``SoldOutError`` where goods are gone meanwhile.
    """
    moment = now or event.at
    ledger = Ledger(events_of(session, row.id))
    before = ledger.state
    if ledger.add(event) == "repeated":
        return ledger.state
    written, state = ledger.events[-1], ledger.state
    session.add(_event_row(row, written, len(ledger.events), moment))
    order_letters.write(session, row, written, len(ledger.events), (before, state), moment)
    if written.kind in _CLOSES:
        stock.release(session, moment, row.id)
    elif written.kind == "accepted":
        stock.take_again(session, moment, row.id)
    elif written.kind == "reduced" and written.pieces:
        stock.release_some(session, moment, row.id, written.pieces)
    elif written.kind == "shipped" and not before.is_sent:
        stock.send(session, row.id)
    row.status, row.fulfilment = state.status, state.fulfilment
    row.is_open, row.is_unsettled = state.is_open, state.is_unsettled
    row.ends_at, row.updated_at = state.ends_at, moment
    session.flush()
    return state


def add(services: Services, order_id: str, event: Event) -> OrderState:
    """Do what :func:`append` does, in a transaction of its own; ``OrderNotFoundError``, ``RefusedError``."""
    with services.database.writing.begin() as session:
        return append(session, locked(session, order_id), event, services.now())


def locked(session: Session, order_id: str) -> StoredOrder:
    """Return the row of an order, locked; for who was told its id by the shop itself."""
    found = session.scalars(select(StoredOrder).where(StoredOrder.id == order_id).with_for_update()).one_or_none()
    if found is None:
        raise OrderNotFoundError(order_id)
    return found


def own(session: Session, actor: Actor, order_id: str, *, lock: bool = False) -> StoredOrder:
    """Return the row of an order of the seller's own; another's is not there."""
    query = select(StoredOrder).where(StoredOrder.id == order_id, StoredOrder.seller_id == actor.seller_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise OrderNotFoundError(order_id)
    return found


def load(services: Services, actor: Actor, order_id: str) -> Order:
    """Return an order of the seller's; ``OrderNotFoundError``."""
    with services.database.reading() as session:
        return _order(session, own(session, actor, order_id))


def see(services: Services, order_id: str) -> Order:
    """Return an order to who holds its id, as its buyer does; ``OrderNotFoundError``."""
    with services.database.reading() as session:
        found = session.get(StoredOrder, order_id)
        if found is None:
            raise OrderNotFoundError(order_id)
        return _order(session, found)


def events_of(session: Session, order_id: str) -> list[Event]:
    """Return the ledger of an order."""
    query = select(OrderEvent).where(OrderEvent.order_id == order_id).order_by(OrderEvent.position)
    return [event_of(one) for one in session.scalars(query)]


def event_of(row: OrderEvent) -> Event:
    """Return an event as it was written down."""
    amount = None if row.minor is None or row.currency is None else Money(row.minor, row.currency)
    pieces = {int(line): many for line, many in row.pieces.items()}
    return Event(
        row.kind,  # type: ignore[arg-type]  # only kinds are written
        row.at,
        row.source,
        row.source_id,
        amount,
        row.payment,
        row.ref,
        row.until,
        pieces,
        row.data,
    )


def refused(error: RefusedError) -> RequestError:
    """Return what is wrong with a request that an order refuses."""
    return RequestError([RequestProblem("", error.code)])


def _check(services: Services, basket: Sequence[Line], quote: Json, request: Json) -> None:
    """Raise ``RequestError`` where a quote is no promise for this basket on this day."""
    items = request.get("items", ())
    if not basket or len(basket) > MOST_LINES:
        raise RequestError([RequestProblem("/lines", "order.lines")])
    asked = [str(one.get("quantity", 1)) for one in items]
    if asked != [str(one.quantity) for one in basket] or len({one.unit.currency for one in basket}) > 1:
        raise RequestError([RequestProblem("/quote", "order.quote_other")])
    if quote["valid_until"] < services.today(request["destination"]["country"]).isoformat():
        raise RequestError([RequestProblem("/quote", "order.quote_over")])


def _sold_out(basket: Sequence[Line], error: stock.SoldOutError) -> Iterable[RequestProblem]:
    for position, one in enumerate(basket):
        if one.sku in error.left:
            params = {"sku": one.sku, "left": str(error.left[one.sku])}
            yield RequestProblem(f"/lines/{position}/quantity", "order.sold_out", params)


def _by_key(services: Services, seller_id: str, key: str, body: str) -> Order | None:
    with services.database.reading() as session:
        query = select(StoredOrder).where(StoredOrder.seller_id == seller_id, StoredOrder.key == key)
        found = session.scalars(query).one_or_none()
        if found is None:
            return None
        if found.body_hash != body:
            raise KeyConflictError
        return _order(session, found)


def _order(session: Session, row: StoredOrder) -> Order:
    query = select(OrderLine).where(OrderLine.order_id == row.id).order_by(OrderLine.position)
    lines = tuple(
        Placed(one.listing_id, one.sku, one.title, one.quantity, Money(one.minor, row.currency))
        for one in session.scalars(query)
    )
    ledger = Ledger(events_of(session, row.id))
    return Order(
        row.id,
        row.seller_id,
        row.number,
        row.created_at,
        row.market,
        row.locale,
        row.currency,
        row.terms,
        Buyer(row.buyer_name, row.buyer_email, row.address, row.buyer_phone),
        lines,
        row.quote_id,
        json.loads(row.request),
        json.loads(row.quote),
        row.campaign_code,
        tuple(ledger.events),
        ledger.state,
    )


def _event_row(row: StoredOrder, event: Event, position: int, now: datetime) -> OrderEvent:
    return OrderEvent(
        order_id=row.id,
        seller_id=row.seller_id,
        position=position,
        kind=event.kind,
        at=event.at,
        recorded_at=now,
        source=event.source,
        source_id=event.source_id,
        minor=None if event.amount is None else event.amount.minor,
        currency=None if event.amount is None else event.amount.currency,
        payment=event.payment,
        ref=event.ref,
        until=event.until,
        pieces={str(line): many for line, many in event.pieces.items()},
        data=dict(event.data),
    )
