"""The sales and fulfilment history of a shop, read off the ledgers of its orders, as table, CSV and PDF."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from landed_cost.money import Money
from shopkit.invoices.history import History, Sums, Told, history, last_day
from shopkit.models import OrderEvent, StoredOrder
from shopkit.services.companies import get_company
from shopkit.services.leaving import cell
from shopkit.services.letters import N_
from shopkit.services.orders import event_of
from shopkit.services.reputation import promised_days
from translations.ui import speech

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from shopkit.orders import Event
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from translations.ui import Speech

Json = dict[str, Any]
# The months that are told where nobody asks for others: the year that ends with this one.
MONTHS: Final = 12
MOST_MONTHS: Final = 60
_BATCH: Final = 200
COLUMNS: Final = (
    N_("Month"),
    N_("Market"),
    N_("Orders"),
    N_("Paid orders"),
    N_("Received"),
    N_("Given back"),
    N_("Lost in disputes"),
    N_("Net"),
    N_("Average order"),
    N_("Disputes"),
    N_("On time"),
)
_METHOD: Final = (
    N_(
        "Method: all figures are read off the ledgers of the shop's orders, to which events are only ever added. Money "
        "counts in the month in which it came or went, an order in the month in which it was placed, and as paid in "
        "the month in which its price was first covered; months and days are those of %(zone)s."
    ),
    N_(
        "On time: of the orders paid in the month whose quote promised a day, those delivered by it; one that is still "
        "on its way counts as late from the day after, as of %(day)s. Average order: what the orders paid in the month "
        "cost, with freight and the charges of import that were paid with them."
    ),
    N_(
        "Amounts of different currencies are not added. It is what the shop itself has on record: nobody else has "
        "confirmed or audited it."
    ),
)


def period(services: Services, actor: Actor, first: date | None = None, last: date | None = None) -> tuple[date, date]:
    """Return the first and last day of the months asked for (any day names one); the last year where none is."""
    zone = services.zone_of(get_company(services, actor).country)
    today = services.now().astimezone(zone).date()
    until = last_day(last or today)
    since = first or _months_before(until, MONTHS - 1)
    return max(since.replace(day=1), _months_before(until, MOST_MONTHS - 1)), until


def sales_history(services: Services, actor: Actor, since: date, until: date) -> History:
    """Return what the seller sold from one day to another, by the days of its own country."""
    zone = services.zone_of(get_company(services, actor).country)
    today = services.now().astimezone(zone).date()
    return history(_told(services, actor, since, until), since, until, zone, today)


def as_csv(found: History) -> Iterator[str]:
    """Give a history as lines of CSV, amounts as decimals in the currency of their line."""
    yield _line(
        "month", "market", "currency", "orders", "paid_orders", "received", "refunded", "charged_back", "net",
        "average_order", "disputes", "on_time", "on_time_of",
    )  # fmt: skip
    for row in found.rows:
        sums = row.sums
        amounts = [sums.received, sums.refunded, sums.charged_back, sums.net]
        ticket = "" if sums.ticket is None else Money(sums.ticket, row.currency).text
        yield _line(
            f"{row.month:%Y-%m}", row.market, row.currency, str(sums.orders), str(sums.paid),
            # Numbers, and no texts: one below nothing is no formula.
            *(Decimal(Money(minor, row.currency).text) for minor in amounts),
            ticket, str(sums.disputes), str(sums.on_time), str(sums.judged),
        )  # fmt: skip


def as_pdf(services: Services, actor: Actor, found: History, language: str) -> bytes:
    """Print a history in ``es``, ``pt`` or ``en``."""
    from shopkit.printing import pdf  # noqa: PLC0415  # 80 MB that only printing needs

    today = services.now().date()
    return pdf("history", as_words(services, actor, found, language), on=today, language=language)


def as_words(services: Services, actor: Actor, found: History, language: str) -> Json:
    """Return a history as page and paper show it: a table for each currency, its method below."""
    company = get_company(services, actor)
    to = speech(language, [f"{language}-{company.country}"])
    say = to.sentences.gettext
    zone = services.zone_of(company.country)
    today = services.now().astimezone(zone).date()
    facts = [
        [say(N_("Time")), f"{to.day(found.since)} – {to.day(found.until)}"],
        [say(N_("Made on")), to.day(today)],
        [say(N_("Legal name")), str(company.profile.get("legal_name") or "") or say(N_("not given"))],
        [say(N_("Tax number")), company.tax_id or say(N_("not given"))],
    ]
    named = {"zone": zone.key, "day": to.day(today)}
    return {
        "title": say(N_("Sales and fulfilment history")),
        "seller": company.name,
        "foot": company.name,
        "facts": facts,
        "columns": [say(one) for one in COLUMNS],
        "tables": [
            {
                "title": currency,
                "rows": [
                    [f"{row.month:%Y-%m}", _country(row.market, to), *_cells(row.sums, currency, to)]
                    for row in found.rows
                    if row.currency == currency
                ],
                "total": [say(N_("Total")), "", *_cells(sums, currency, to)],
            }
            for currency, sums in found.totals.items()
        ],
        "nothing": say(N_("No order was placed or paid in this time.")),
        "notes": [say(one) % named for one in _METHOD],
    }


def _cells(sums: Sums, currency: str, to: Speech) -> list[str]:
    def amount(minor: int | None) -> str:
        return "—" if minor is None else to.number(Money(minor, currency).text)

    percent = sums.share.percent
    share = "—" if percent is None else f"{sums.on_time}/{sums.judged} ({to.number(str(percent))} %)"
    return [
        to.number(str(sums.orders)),
        to.number(str(sums.paid)),
        *map(amount, (sums.received, sums.refunded, sums.charged_back, sums.net, sums.ticket)),
        to.number(str(sums.disputes)),
        share,
    ]


def _told(services: Services, actor: Actor, since: date, until: date) -> Iterator[Told]:
    """Yield the seller's orders that can have moved in the time, some at a time."""
    # A day more on both sides: days are those of a zone, moments those of UTC.
    first = datetime.combine(since - timedelta(days=1), time.min, UTC)
    last = datetime.combine(until + timedelta(days=2), time.min, UTC)
    after = ""
    while True:
        query = (
            select(StoredOrder.id, StoredOrder.market, StoredOrder.quote)
            .where(
                StoredOrder.seller_id == actor.seller_id,
                StoredOrder.id > after,
                StoredOrder.created_at < last,
                StoredOrder.updated_at >= first,
            )
            .order_by(StoredOrder.id)
            .limit(_BATCH)
        )
        with services.database.reading() as session:
            found = session.execute(query).all()
            events: dict[str, list[Event]] = {order_id: [] for order_id, _, _ in found}
            heard = select(OrderEvent).where(OrderEvent.order_id.in_(events)).order_by(OrderEvent.position)
            for one in session.scalars(heard):
                events[one.order_id].append(event_of(one))
        for order_id, market, quote in found:
            yield Told(market, events[order_id], promised_days(json.loads(quote)))
        if len(found) < _BATCH:
            return
        after = found[-1][0]


def _months_before(day: date, months: int) -> date:
    """Return the first day of the month so many before that of a day."""
    count = day.year * 12 + day.month - 1 - months
    return day.replace(year=count // 12, month=count % 12 + 1, day=1)


def _country(code: str, to: Speech) -> str:
    return str(to.locale.territories.get(code, code))


def _line(*cells: object) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([cell(one) for one in cells])
    return out.getvalue()
