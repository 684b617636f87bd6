"""What a seller sold, was paid and gave back, month by month and market by market, for who lends money on it.

All of it is read off the ledgers of orders: each amount belongs to the month in which its money moved, so that the
months of an order add up to how its ledger stands. Amounts of different currencies are never added.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from landed_cost.money import half_up
from shopkit.orders.ledger import steps
from shopkit.orders.standing import Case, Share, is_on_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from shopkit.orders import Event, OrderState


@dataclass(frozen=True, slots=True)
class Told:
    """An order as it counts: its market, its ledger, and in how many days it was promised (``None``: in none)."""

    market: str
    events: Sequence[Event]
    promised_days: int | None


@dataclass(slots=True)
class Sums:
    """What adds up, in one currency: orders that were placed, and what became of money in the time.

    ``paid`` are the orders whose price was first covered in it, ``tickets`` what these cost together; ``on_time`` of
    ``judged`` deliveries of theirs came in time. ``received``, ``refunded`` and ``charged_back`` are what moved.
    """

    orders: int = 0
    paid: int = 0
    tickets: int = 0
    received: int = 0
    refunded: int = 0
    charged_back: int = 0
    disputes: int = 0
    on_time: int = 0
    judged: int = 0

    @property
    def net(self) -> int:
        """What was received, less what went back."""
        return self.received - self.refunded - self.charged_back

    @property
    def ticket(self) -> int | None:
        """What an order that was paid cost on average, halves up; ``None`` where none was paid."""
        return half_up(self.tickets, self.paid) if self.paid else None

    @property
    def share(self) -> Share:
        """How many of the deliveries that can be judged came in time."""
        return Share(self.on_time, self.judged)

    def add(self, other: Sums) -> None:
        """Add what another time or market brought, of the same currency."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Row:
    """A month of a market, in one currency; ``month`` is its first day."""

    month: date
    market: str
    currency: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class History:
    """What was sold from ``since`` to ``until``, both days counted: rows by month, market and currency."""

    since: date
    until: date
    rows: tuple[Row, ...]
    totals: dict[str, Sums] = field(default_factory=dict)


def history(orders: Iterable[Told], since: date, until: date, zone: ZoneInfo, today: date) -> History:
    """Return what orders brought from one day to another, by the days of the seller's own ``zone``.

    A delivery that is on its way counts as late from the day after the promised one, as of ``today``; one without a
    promise is not judged.
    """
    found: dict[tuple[date, str, str], Sums] = {}
    for one in orders:
        for day, currency, sums in _moves(one, zone, today):
            if since <= day <= until:
                found.setdefault((day.replace(day=1), one.market, currency), Sums()).add(sums)
    rows = tuple(Row(*key, found[key]) for key in sorted(found) if found[key] != Sums())
    totals: dict[str, Sums] = {}
    for row in rows:
        totals.setdefault(row.currency, Sums()).add(row.sums)
    return History(since, until, rows, dict(sorted(totals.items())))


def _moves(told: Told, zone: ZoneInfo, today: date) -> Iterable[tuple[date, str, Sums]]:
    """Yield what each event of an order moved, on the day on which it happened."""
    before: OrderState | None = None
    was_paid = False
    for event, state in steps(told.events):
        day = _day(event.at, zone)
        sums = Sums(orders=event.kind == "placed" and before is None)
        if before is not None:
            sums.received = state.received - before.received
            sums.refunded = state.refunded - before.refunded
            sums.charged_back = state.charged_back - before.charged_back
        sums.disputes = len(state.disputes) - (0 if before is None else len(before.disputes))
        if not was_paid and state.received > 0 and state.is_funded:
            was_paid = True
            sums.paid, sums.tickets = 1, state.due
            hit = is_on_time(_case(told, day, zone), today)
            sums.judged, sums.on_time = int(hit is not None), int(hit or False)
        yield day, state.currency, sums
        before = state


def _case(told: Told, paid_on: date, zone: ZoneInfo) -> Case:
    delivered = min((one.at for one in told.events if one.kind == "delivered"), default=None)
    return Case(paid_on, None if delivered is None else _day(delivered, zone), told.promised_days)


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def last_day(month: date) -> date:
    """Return the last day of a month that is named by any of its days."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
