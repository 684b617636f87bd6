"""The day's report: what a provider booked beside what the ledgers say, line by line. It changes neither.

A day is one of universal time, as providers count. What a provider booked is looked for among all that is known of its
payment, for we may have heard of it a day later; what we heard on the day is looked for in its bookings around it.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import or_, select

from landed_cost.money import Money
from shopkit.models import OrderEvent, PaymentAccount, StoredOrder, StoredPayment, StoredRefund
from shopkit.orders import fold
from shopkit.payments.port import Booked, PaymentError
from shopkit.sealing import SealError
from shopkit.services import orders
from shopkit.services import payment_accounts as accounts
from shopkit.services.leaving import cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from shopkit.orders import Event, OrderState
    from shopkit.payments.port import Booking
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Outcome = Literal["matched", "differs", "missing_here", "missing_there", "foreign", "unpaired"]
# What a person has to look at; what is foreign is of another program on the same account.
DIFFERENCES: Final[tuple[Outcome, ...]] = ("differs", "missing_here", "missing_there")
AROUND: Final = timedelta(days=2)
_HEARD: Final = frozenset({"payment_received", "payment_mismatch", "refund_made", "dispute_opened"})
_KINDS: Final = {"payment_received": "payment", "payment_mismatch": "payment", "refund_made": "refund"}


@dataclass(frozen=True, slots=True)
class Line:
    """A booking, or what we heard and nobody booked.

    ``here`` is the amount of our ledger and ``there`` the provider's, of the payment, refund or dispute itself;
    ``gross``, ``fee`` and ``net`` are the booking's, in the currency of the balance.
    """

    outcome: Outcome
    kind: str
    at: datetime
    account_id: str
    provider: str
    booking: str
    name: str
    order: int | None
    order_id: str | None
    here: Money | None
    there: Money | None
    gross: Money | None
    fee: Money | None
    net: Money | None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """What was booked in one currency: in and out by payments, refunds and disputes, fees, net, and paid out."""

    currency: str
    gross: Money
    fees: Money
    net: Money
    paid_out: Money


@dataclass(frozen=True, slots=True)
class Report:
    """A day's bookings; ``unread`` are accounts that could not be read, each with why: nothing is known of them."""

    day: date
    lines: tuple[Line, ...]
    totals: tuple[Total, ...]
    accounts: int
    unread: tuple[tuple[str, str], ...]

    @property
    def differences(self) -> int:
        """How many lines a person has to look at."""
        return sum(one.outcome in DIFFERENCES for one in self.lines)


@dataclass(frozen=True, slots=True)
class _Known:
    """What we hold of an account's payments: by payment, how its order stands and what it is called."""

    payments: dict[str, StoredPayment]
    states: dict[str, OrderState]
    numbers: dict[str, int]
    refunds: dict[str, StoredRefund]

    def payment_of(self, one: Booking) -> StoredPayment | None:
        """Return the payment that a booking is of: by our mark, else by the provider's names."""
        if one.attempt in self.payments:
            return self.payments[one.attempt]
        return next((row for row in self.payments.values() if {row.ref, row.charge} & set(one.names)), None)

    def refund_of(self, one: Booking) -> StoredRefund | None:
        """Return the refund that a booking is of."""
        if one.refund in self.refunds:
            return self.refunds[one.refund]
        return next((row for row in self.refunds.values() if row.ref in one.names), None)


def report(services: Services, actor: Actor, day: date) -> Report:
    """Compare a day of every account whose provider tells its bookings with the ledgers of its orders."""
    since = datetime.combine(day, time(), UTC)
    until = since + timedelta(days=1)
    query = select(PaymentAccount).where(PaymentAccount.seller_id == actor.seller_id).order_by(PaymentAccount.id)
    with services.database.reading() as session:
        rows = session.scalars(query).all()
    lines: list[Line] = []
    unread: list[tuple[str, str]] = []
    read = 0
    for row in rows:
        adapter = accounts.adapter(row.provider)
        if not isinstance(adapter, Booked) or (not row.sealed and not row.is_active):
            continue
        try:
            account = accounts.opened(services, row)
            booked = adapter.bookings(account, since - AROUND, until + AROUND)
        except PaymentError as error:
            unread.append((row.id, error.reason))
            continue
        except SealError:
            unread.append((row.id, "setup"))
            continue
        read += 1
        with services.database.reading() as session:
            lines += _compared(session, row, booked, since, until)
    lines.sort(key=lambda one: one.at)
    return Report(day, tuple(lines), tuple(_totals(lines)), read, tuple(unread))


def _compared(
    session: Session, account: PaymentAccount, booked: Sequence[Booking], since: datetime, until: datetime
) -> list[Line]:
    heard = _heard(session, account, since, until)
    known = _known(session, account, booked, {row.payment or "" for row in heard})
    lines = [_line(account, known, one) for one in booked if since <= one.at < until]
    for row in heard:
        payment = known.payments.get(row.payment or "")
        if payment is None or any(_is_of(known, payment, row, one) for one in booked):
            continue
        event = orders.event_of(row)
        lines.append(
            Line(
                "missing_there",
                _KINDS.get(event.kind, "dispute"),
                event.at,
                account.id,
                account.provider,
                "",
                _name(known, payment, event),
                known.numbers.get(row.order_id),
                row.order_id,
                _signed(event),
                None,
                None,
                None,
                None,
            )
        )
    return lines


def _line(account: PaymentAccount, known: _Known, one: Booking) -> Line:
    payment, here, outcome = known.payment_of(one), None, "unpaired"
    refund = known.refund_of(one) if one.kind == "refund" else None
    if one.kind in {"payment", "refund", "dispute"}:
        if payment is None and refund is not None:
            payment = known.payments.get(refund.payment_id)
        if payment is None:
            # A mark of ours on a payment nobody here knows is no stranger's.
            outcome = "missing_here" if one.attempt or one.refund else "foreign"
        else:
            here = _here(known, payment, refund, one)
            outcome = "missing_here" if here is None else "matched" if here == one.amount else "differs"
    return Line(
        outcome,  # type: ignore[arg-type]  # one of its words
        one.kind,
        one.at,
        account.id,
        account.provider,
        one.ref,
        one.names[0] if one.names else "",
        None if payment is None else known.numbers.get(payment.order_id),
        None if payment is None else payment.order_id,
        here,
        one.amount,
        one.gross,
        one.fee,
        one.net,
        one.said,
    )


def _here(known: _Known, payment: StoredPayment, refund: StoredRefund | None, one: Booking) -> Money | None:
    """Return what our ledger holds of a booking, with its sign; ``None`` for what it never heard of."""
    state = known.states[payment.order_id]
    is_out = one.gross.minor < 0
    if one.kind == "payment":
        paid = state.payments.get(payment.id)
        minor = 0 if paid is None else paid.received + paid.astray
    elif one.kind == "refund":
        held = None if refund is None else state.refunds.get(refund.id)
        if held is None:
            return None
        # What came back of a refund that failed is there again only where ours failed too.
        minor = held.minor if is_out or held.state == "failed" else 0
    else:
        disputes = (state.disputes.get(f"dispute:{name}") for name in one.names)
        minor = next((dispute.minor for dispute in disputes if dispute is not None), 0)
    if not minor:
        return None
    return Money(-minor if is_out else minor, state.currency)


def _is_of(known: _Known, payment: StoredPayment, row: OrderEvent, one: Booking) -> bool:
    """Whether a booking is of what we heard."""
    if row.kind == "dispute_opened":
        return one.kind == "dispute" and (row.ref or "").removeprefix("dispute:") in one.names
    if row.kind == "refund_made":
        refund = known.refund_of(one) if one.kind == "refund" else None
        return refund is not None and refund.id == row.ref
    found = known.payment_of(one) if one.kind == "payment" else None
    return found is not None and found.id == payment.id


def _heard(session: Session, account: PaymentAccount, since: datetime, until: datetime) -> Sequence[OrderEvent]:
    """Return what the account's provider told us on the day."""
    query = (
        select(OrderEvent)
        .join(StoredPayment, StoredPayment.id == OrderEvent.payment)
        .where(StoredPayment.account_id == account.id, OrderEvent.at >= since, OrderEvent.at < until)
        .where(OrderEvent.kind.in_(_HEARD), OrderEvent.source == f"provider:{account.provider}")
    )
    return session.scalars(query.order_by(OrderEvent.id)).all()


def _known(session: Session, account: PaymentAccount, booked: Sequence[Booking], heard: set[str]) -> _Known:
    """Return what is held of the payments that bookings and events speak of."""
    names = {name for one in booked for name in one.names}
    marks = {one.attempt for one in booked if one.attempt} | heard
    ours = {one.refund for one in booked if one.refund}
    payments: dict[str, StoredPayment] = {}
    refunds: dict[str, StoredRefund] = {}
    mine = select(StoredPayment).where(StoredPayment.account_id == account.id)
    for part in _parts([*names, *marks, *ours]):
        asked = or_(StoredPayment.id.in_(part), StoredPayment.ref.in_(part), StoredPayment.charge.in_(part))
        payments |= {row.id: row for row in session.scalars(mine.where(asked))}
        back = select(StoredRefund).join(StoredPayment, StoredPayment.id == StoredRefund.payment_id)
        back = back.where(StoredPayment.account_id == account.id)
        asked = or_(StoredRefund.id.in_(part), StoredRefund.ref.in_(part))
        refunds |= {row.id: row for row in session.scalars(back.where(asked))}
    more = {row.payment_id for row in refunds.values()} - set(payments)
    for part in _parts(more):
        payments |= {row.id: row for row in session.scalars(mine.where(StoredPayment.id.in_(part)))}
    ids = {row.order_id for row in payments.values()}
    numbers: dict[str, int] = {}
    for part in _parts(ids):
        query = select(StoredOrder.id, StoredOrder.number).where(StoredOrder.id.in_(part))
        numbers |= {id_: number for id_, number in session.execute(query)}  # noqa: C416  # rows are no pairs to mypy
    states = {id_: fold(orders.events_of(session, id_)) for id_ in ids}
    return _Known(payments, states, numbers, refunds)


def _parts(names: Iterable[str]) -> Iterable[list[str]]:
    """Give names in parts that fit into a query."""
    rows = sorted(names)
    return (rows[start : start + 300] for start in range(0, len(rows), 300))


def _name(known: _Known, payment: StoredPayment, event: Event) -> str:
    if event.kind == "dispute_opened":
        return event.about.removeprefix("dispute:")
    refund = known.refunds.get(event.ref or "")
    if event.kind == "refund_made":
        return event.about if refund is None or refund.ref is None else refund.ref
    return payment.charge or payment.ref or payment.id


def _signed(event: Event) -> Money | None:
    if event.amount is None or event.kind.startswith("payment_"):
        return event.amount
    return Money(-event.amount.minor, event.amount.currency)


def _totals(lines: Sequence[Line]) -> list[Total]:
    found = []
    booked = [one for one in lines if one.gross is not None and one.fee is not None and one.net is not None]
    for currency in sorted({one.gross.currency for one in booked if one.gross is not None}):
        mine = [(one, one.gross, one.fee, one.net) for one in booked if one.gross and one.gross.currency == currency]
        moved = [row for row in mine if row[0].kind != "payout"]
        gross = sum(g.minor for one, g, _, _ in moved if one.kind != "fee" and g is not None)
        # A fee of its own is booked as what goes out; that of a payment stands beside it.
        fees = sum(f.minor for _, _, f, _ in moved if f is not None)
        fees -= sum(n.minor for one, _, _, n in moved if one.kind == "fee" and n is not None)
        net = sum(n.minor for _, _, _, n in moved if n is not None)
        out = -sum(n.minor for one, _, _, n in mine if one.kind == "payout" and n is not None)
        amounts = (Money(minor, currency) for minor in (gross, fees, net, out))
        found.append(Total(currency, *amounts))
    return found


def as_csv(found: Report) -> str:
    """Return a report as CSV, a line for each booking and each thing that nobody booked."""
    held = io.StringIO()
    file = csv.writer(held)
    file.writerow(
        ["outcome", "kind", "at", "account", "booking", "name", "order", "here", "here_currency", "there",
         "there_currency", "gross", "fee", "net", "balance_currency", "said"]
    )  # fmt: skip
    for one in found.lines:
        words = (one.account_id, one.booking, one.name)
        amounts = [("", "") if part is None else (part.text, part.currency) for part in (one.here, one.there)]
        balance = ["" if part is None else part.text for part in (one.gross, one.fee, one.net)]
        file.writerow(
            [
                one.outcome,
                one.kind,
                one.at.isoformat(timespec="seconds"),
                *map(cell, words),
                "" if one.order is None else str(one.order),
                *(text for pair in amounts for text in pair),
                *balance,
                "" if one.gross is None else one.gross.currency,
                cell(one.said),
            ]
        )
    return held.getvalue()
