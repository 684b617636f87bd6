"""The orders of a seller, found and counted; and their ledgers as a file."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import func, or_, select

from landed_cost.money import Money
from shopkit.models import OrderEvent, Seller, StoredOrder
from shopkit.orders import fold
from shopkit.orders.ledger import steps
from shopkit.services.leaving import cell
from shopkit.services.orders import OrderNotFoundError, event_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from shopkit.orders import Event, OrderState
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

View = Literal["all", "to_send", "unpaid", "on_the_way", "to_settle", "over"]
VIEWS: Final[tuple[View, ...]] = ("to_send", "unpaid", "to_settle", "on_the_way", "over", "all")
PAGE: Final = 50
_PAID: Final = ("paid", "part_refunded")
_UNPAID: Final = ("awaiting_payment", "pending", "underfunded")
_PIECE: Final = 500


@dataclass(frozen=True, slots=True)
class Row:
    """An order as it stands in a list."""

    id: str
    number: int
    created_at: datetime
    market: str
    buyer: str
    campaign_code: str | None
    state: OrderState

    @property
    def due(self) -> Money:
        """What it costs."""
        return Money(self.state.due, self.state.currency)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of orders, and how many there are in all and in each view."""

    rows: tuple[Row, ...]
    total: int
    counts: dict[View, int]


def find(
    services: Services, actor: Actor, *, view: View = "all", text: str = "", page: int = 1, size: int = PAGE
) -> Found:
    """Return the seller's orders of a view, the newest first: by number, or by part of the buyer's name or e-mail."""
    mine = StoredOrder.seller_id == actor.seller_id
    chosen = [mine, *_where(view)]
    with services.database.reading() as session:
        if text.strip():
            chosen.append(_named(text.strip(), session.get_one(Seller, actor.seller_id).slug))
        query = select(StoredOrder).where(*chosen).order_by(StoredOrder.number.desc())
        total = session.scalar(select(func.count()).select_from(StoredOrder).where(*chosen)) or 0
        counts = {
            one: session.scalar(select(func.count()).select_from(StoredOrder).where(mine, *_where(one))) or 0
            for one in VIEWS
        }
        rows = session.scalars(query.offset((page - 1) * size).limit(size)).all()
        events: dict[str, list[Event]] = {row.id: [] for row in rows}
        heard = select(OrderEvent).where(OrderEvent.order_id.in_(events)).order_by(OrderEvent.position)
        for one in session.scalars(heard):
            events[one.order_id].append(event_of(one))
    return Found(
        tuple(
            Row(row.id, row.number, row.created_at, row.market, row.buyer_name, row.campaign_code, fold(events[row.id]))
            for row in rows
        ),
        total,
        counts,
    )


def id_of(services: Services, actor: Actor, said: str) -> str:
    """Return the id of the order that somebody names: ``1001``, ``#1001``, ``demo-1001`` (shop and number) or its id.

    Raises ``OrderNotFoundError``.
    """
    with services.database.reading() as session:
        slug = session.get_one(Seller, actor.seller_id).slug
        number = _number(said, slug)
        named = StoredOrder.id == said if number is None else StoredOrder.number == number
        query = select(StoredOrder.id).where(StoredOrder.seller_id == actor.seller_id, named)
        found = session.scalars(query).one_or_none()
    if found is None:
        raise OrderNotFoundError(said)
    return found


def ledger_csv(
    services: Services,
    actor: Actor,
    since: date | None = None,
    until: date | None = None,
    *,
    order_id: str | None = None,
) -> Iterator[str]:
    """Give every event of every order as lines of CSV, in the order they were written down; some at a time.

    ``since`` and ``until`` are the first and last day, in the seller's own time, of what happened; ``order_id`` is of
    one order alone. ``due`` is what the order cost after the event, ``balance`` what the seller held for it then:
    received, less what went back.
    """
    yield _line(
        "order", "event", "at", "recorded_at", "kind", "amount", "currency", "source", "source_id", "payment", "ref",
        "until", "pieces", "said", "market", "due", "balance",
    )  # fmt: skip
    after, days = 0, _within(services, actor, since, until)
    while True:
        query = (
            select(OrderEvent, StoredOrder.number, StoredOrder.market)
            .join(StoredOrder, StoredOrder.id == OrderEvent.order_id)
            .where(OrderEvent.seller_id == actor.seller_id, OrderEvent.id > after, *days)
            .order_by(OrderEvent.id)
            .limit(_PIECE)
        )
        if order_id is not None:
            query = query.where(OrderEvent.order_id == order_id)
        with services.database.reading() as session:
            found = session.execute(query).all()
            stood = _stood(session, [row for row, _, _ in found])
        for row, number, market in found:
            event, state = event_of(row), stood[row.id]
            yield _line(
                str(number),
                str(row.position),
                _moment(row.at),
                _moment(row.recorded_at),
                row.kind,
                event.amount.text if event.amount is not None else "",
                event.amount.currency if event.amount is not None else "",
                row.source,
                row.source_id,
                row.payment or "",
                row.ref or "",
                _moment(row.until),
                " ".join(f"{line}:{many}" for line, many in sorted(event.pieces.items())),
                json.dumps(row.data, ensure_ascii=False, sort_keys=True) if row.data else "",
                market,
                # Numbers, and no texts: one below nothing is no formula.
                Decimal(Money(state.due, state.currency).text),
                Decimal(Money(state.net, state.currency).text),
            )
        if len(found) < _PIECE:
            return
        after = found[-1][0].id


def _within(services: Services, actor: Actor, since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    """Return what is asked of the moment of an event."""
    with services.database.reading() as session:
        zone = services.zone_of(session.get_one(Seller, actor.seller_id).country)
    found: list[ColumnElement[bool]] = []
    if since is not None:
        found.append(OrderEvent.at >= datetime.combine(since, time(), zone))
    if until is not None:
        found.append(OrderEvent.at < datetime.combine(until + timedelta(days=1), time(), zone))
    return found


def _stood(session: Session, rows: Sequence[OrderEvent]) -> dict[int, OrderState]:
    """Return how the order of each event stood after it; ledgers are folded from their beginning."""
    wanted = {row.id for row in rows}
    query = select(OrderEvent).where(OrderEvent.order_id.in_({row.order_id for row in rows}))
    ledgers: dict[str, list[OrderEvent]] = {}
    for row in session.scalars(query.order_by(OrderEvent.position)):
        ledgers.setdefault(row.order_id, []).append(row)
    found: dict[int, OrderState] = {}
    for ledger in ledgers.values():
        for row, (_, state) in zip(ledger, steps(map(event_of, ledger)), strict=True):
            if row.id in wanted:
                found[row.id] = state
    return found


def _where(view: View) -> list[ColumnElement[bool]]:
    """Return what is asked of the columns that say how a ledger stands."""
    sent = StoredOrder.fulfilment.in_(("shipped", "delivered", "returned"))
    if view == "to_send":
        return [StoredOrder.status.in_(_PAID), StoredOrder.fulfilment.in_(("placed", "packed"))]
    if view == "unpaid":
        return [StoredOrder.status.in_(_UNPAID), StoredOrder.fulfilment == "placed"]
    if view == "on_the_way":
        return [StoredOrder.fulfilment == "shipped"]
    if view == "to_settle":
        return [StoredOrder.is_unsettled.is_(True)]
    if view == "over":
        return [or_(sent, StoredOrder.fulfilment == "cancelled"), StoredOrder.is_open.is_(False)]
    return []


def _number(said: str, slug: str | None) -> int | None:
    """Return the number by which an order is named, if it is one: ``1001``, ``#1001`` or ``demo-1001``."""
    number = said.strip().removeprefix("#")
    if slug is not None:
        number = number.removeprefix(f"{slug}-")
    # More digits are no number of an order.
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 9 else None  # noqa: PLR2004


def _named(text: str, slug: str | None) -> ColumnElement[bool]:
    number = _number(text, slug)
    if number is not None:
        return StoredOrder.number == number
    return or_(
        StoredOrder.buyer_name.icontains(text, autoescape=True),
        StoredOrder.buyer_email.icontains(text, autoescape=True),
    )


def _line(*cells: object) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([cell(one) for one in cells])
    return out.getvalue()


def _moment(at: datetime | None) -> str:
    return "" if at is None else at.isoformat(timespec="seconds").removesuffix("+00:00") + "Z"
