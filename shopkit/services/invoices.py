"""Invoices, receipts and credit notes of orders: issued once, numbered without gaps, read by whoever may.

The row of the order is locked first, then that of the counter, and a number is given in the transaction that writes
its document: what fails gives its number back. What a document says follows from the frozen quote and the ledger;
what it says is frozen with it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, get_args

from sqlalchemy import func, select, update

from landed_cost.money import Money
from shopkit.invoices import Document, Issued, Kind, Party, Standing, amounts, building, digest_of, read, write
from shopkit.invoices.documents import SERIES, number_of
from shopkit.models import FirmQuote, InvoiceCounter, OrderLine, Seller, StoredInvoice, StoredOrder, StoredPayment
from shopkit.orders import Ledger
from shopkit.orders.totals import totals
from shopkit.services import audit, orders, tax_numbers
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.orders import Event, OrderState
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

PAGE: Final = 50
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
BY_HAND: Final = "transfer"


class InvoiceNotFoundError(LookupError):
    """There is no such document, or it is another seller's: nobody is told which."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as it is kept; ``standing`` is how an invoice stands today, ``None`` for the other kinds."""

    id: str
    order_id: str
    digest: str
    document: Document
    opened_at: datetime | None
    standing: Standing | None = None

    @property
    def total(self) -> Money:
        """What it is of."""
        return Money(self.document.total, self.document.currency)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of documents, the newest first, and how many there are in all."""

    rows: tuple[Kept, ...]
    total: int


def issue(services: Services, actor: Actor, order_id: str) -> Kept:
    """Issue the invoice of an order as it stands, and what else its ledger asks for; pressed again, the same one.

    ``RequestError`` where there is nothing to invoice: an order that ended, or of which all went back.
    """
    actor.must("editor")
    with services.database.writing.begin() as session:
        row = orders.own(session, actor, order_id, lock=True)
        issuing = _Issuing(session, services, row)
        for one in issuing.issue(with_invoice=True):
            audit.note(session, actor, services.now(), f"invoice.{one.kind}", row.id, number=one.number)
        found = [one for one in _of(session, row, services) if one.document.kind == "invoice"]
        if found and found[-1].standing is not None and found[-1].standing.status != "credited":
            return found[-1]
    # What was to be credited is: that stays though there is nothing to invoice.
    raise RequestError([RequestProblem("", "invoice.nothing")])


def catch_up(services: Services, order_id: str) -> int:
    """Issue the receipts and credit notes that the ledger of an order asks for, each once; return how many.

    Most looks at an order find nothing to do, and lock nobody out.
    """
    return _issue_asked(services, order_id, with_invoice=False)


def issue_due(services: Services, *, with_invoices: bool) -> int:
    """Issue what the ledgers of all shops ask for and return how many documents; each order in its own transaction.

    ``with_invoices``: orders that are paid and have no invoice get theirs, too.
    """
    count, after = 0, ""
    while True:
        query = select(StoredOrder.id).where(StoredOrder.id > after).order_by(StoredOrder.id).limit(PAGE)
        with services.database.reading() as session:
            ids = session.scalars(query).all()
        count += sum(_issue_asked(services, one, with_invoice=with_invoices) for one in ids)
        if len(ids) < PAGE:
            return count
        after = ids[-1]


def _issue_asked(services: Services, order_id: str, *, with_invoice: bool) -> int:
    with services.database.reading() as session:
        row = session.get(StoredOrder, order_id)
        if row is None:
            raise OrderNotFoundError(order_id)
        if not _Issuing(session, services, row).wants(with_invoice=with_invoice):
            return 0
    with services.database.writing.begin() as session:
        issuing = _Issuing(session, services, orders.locked(session, order_id))
        return len(issuing.issue(with_invoice=with_invoice and issuing.is_paid))


def of_order(services: Services, actor: Actor, order_id: str) -> tuple[Kept, ...]:
    """Return the documents of an order of the seller's, the oldest first."""
    with services.database.reading() as session:
        return tuple(_of(session, orders.own(session, actor, order_id), services))


def seen_by_buyer(services: Services, order_id: str) -> tuple[Kept, ...]:
    """Return the documents of an order to who holds its id, as its buyer does."""
    with services.database.reading() as session:
        row = session.get(StoredOrder, order_id)
        if row is None:
            raise OrderNotFoundError(order_id)
        return tuple(_of(session, row, services))


def can_issue(services: Services, actor: Actor, order_id: str) -> bool:
    """Return whether an invoice of an order can be issued now."""
    with services.database.reading() as session:
        return bool(_Issuing(session, services, orders.own(session, actor, order_id)).to_invoice)


def is_asked(services: Services, actor: Actor, order_id: str) -> bool:
    """Return whether the ledger of an order asks for a receipt or a credit note that is not issued."""
    with services.database.reading() as session:
        return _Issuing(session, services, orders.own(session, actor, order_id)).wants(with_invoice=False)


def load(services: Services, actor: Actor, order_id: str, number: str) -> Kept:
    """Return a document of an order of the seller's by its number; ``InvoiceNotFoundError``."""
    return _named(of_order(services, actor, order_id), number)


def open_as_buyer(services: Services, order_id: str, number: str) -> Kept:
    """Return a document to its buyer, and note when that was for the first time; ``InvoiceNotFoundError``."""
    found = _named(seen_by_buyer(services, order_id), number)
    if found.opened_at is None:
        with services.database.writing.begin() as session:
            session.execute(
                update(StoredInvoice)
                .where(StoredInvoice.id == found.id, StoredInvoice.opened_at.is_(None))
                .values(opened_at=services.now())
            )
    return found


def basis(services: Services, actor: Actor, order_id: str) -> building.Order:
    """Return what the papers of an order of the seller's are made of: its promise, its parties, how it stands."""
    with services.database.reading() as session:
        row = orders.own(session, actor, order_id)
        return _order(session, services, row, Ledger(orders.events_of(session, row.id)))


def find(services: Services, actor: Actor, *, kind: Kind | None = None, page: int = 1) -> Found:
    """Return the seller's documents, of one kind or of all, the newest first."""
    chosen = [StoredInvoice.seller_id == actor.seller_id]
    if kind is not None:
        chosen.append(StoredInvoice.kind == kind)
    query = select(StoredInvoice).where(*chosen).order_by(StoredInvoice.issued_at.desc(), StoredInvoice.id.desc())
    with services.database.reading() as session:
        total = session.scalar(select(func.count()).select_from(StoredInvoice).where(*chosen)) or 0
        rows = session.scalars(query.offset((page - 1) * PAGE).limit(PAGE)).all()
        known: dict[str, dict[str, Kept]] = {}
        for order_id in dict.fromkeys(one.order_id for one in rows):
            order = session.get_one(StoredOrder, order_id)
            known[order_id] = {one.id: one for one in _of(session, order, services)}
        return Found(tuple(known[one.order_id][one.id] for one in rows), total)


# -- issuing -------------------------------------------------------------------------------------------------------
class _Issuing:
    """What the ledger of one order asks for, and issuing it; the row of the order must be locked to issue."""

    def __init__(self, session: Session, services: Services, row: StoredOrder) -> None:
        self.session = session
        self.services = services
        self.row = row
        self.ledger = Ledger(orders.events_of(session, row.id))
        self.rows = _rows(session, row.id)
        self.made: list[Issued] = []

    @property
    def issued(self) -> list[Issued]:
        """What was issued, what this one issued among it."""
        return [_issued(one) for one in self.rows]

    @property
    def to_credit(self) -> int:
        """What is invoiced and does not stand any more."""
        return amounts.to_credit(self.ledger.state, self.issued)

    @property
    def to_invoice(self) -> int:
        """What an invoice would be of."""
        return amounts.to_invoice(self.ledger.state, self.issued)

    @property
    def without_receipt(self) -> list[Event]:
        """The payments that counted and have no receipt."""
        there = {one.key for one in self.rows if one.kind == "receipt"}
        return [
            one
            for one in self.ledger.events
            if one.kind in {"payment_received", "payment_accepted"}
            and one.amount is not None
            and one.amount.currency == self.ledger.state.currency
            and one.amount.minor > 0
            and _key(one) not in there
        ]

    @property
    def is_paid(self) -> bool:
        """Whether the order was paid in full, so that its invoice need not be asked for; what went back is credited."""
        return self.ledger.state.received >= self.ledger.state.due > 0

    def wants(self, *, with_invoice: bool) -> bool:
        """Whether there is anything to issue."""
        return bool(self.to_credit or self.without_receipt or (with_invoice and self.is_paid and self.to_invoice))

    def issue(self, *, with_invoice: bool) -> list[Issued]:
        """Issue what the ledger asks for: first what does not stand is credited, then the order is invoiced.

        An invoice is of the whole price; what had been given back of it already is credited at once.
        """
        self._credit()
        if with_invoice and self.to_invoice:
            self._write("invoice", self._count("invoice"), building.invoice)
            self._credit()
        last = self._last_invoice()
        of = None if last is None else read(last.document)
        for event in self.without_receipt:
            self._write("receipt", _key(event), building.receipt, event, _way(self.session, event), of)
        return self.made

    def _credit(self) -> None:
        minor, last = self.to_credit, self._last_invoice()
        if not minor or last is None:
            return
        of = read(last.document)
        cause = amounts.cause_of(self.ledger.state, of.reduced)
        key = self._count("credit_note")
        self._write("credit_note", key, building.credit_note, of, minor, cause, refers_to=last.id)

    def _last_invoice(self) -> StoredInvoice | None:
        return next((one for one in reversed(self.rows) if one.kind == "invoice"), None)

    def _count(self, kind: Kind) -> str:
        return str(1 + sum(one.kind == kind for one in self.rows))

    def _write(
        self,
        kind: Kind,
        key: str,
        build: Callable[..., Document],
        *of: object,
        refers_to: str | None = None,
    ) -> None:
        order = _order(self.session, self.services, self.row, self.ledger)
        now = self.services.now()
        today = now.astimezone(self.services.zone_of(order.seller.country)).date()
        count = _next(self.session, self.services, self.row.seller_id, SERIES[kind])
        document = build(order, *of, number=number_of(kind, count), issued_at=now, today=today)
        text = write(document)
        stored = StoredInvoice(
            id=new_id("i", now),
            seller_id=self.row.seller_id,
            order_id=self.row.id,
            kind=kind,
            series=SERIES[kind],
            number=count,
            key=key,
            issued_at=now,
            currency=document.currency,
            minor=document.total,
            refers_to=refers_to,
            document=text,
            digest=digest_of(text),
            opened_at=None,
        )
        self.session.add(stored)
        self.session.flush()
        self.rows.append(stored)
        self.made.append(_issued(stored))


def _key(event: Event) -> str:
    return "/".join(event.key)


def _way(session: Session, event: Event) -> str:
    """Return by what money came: provider and method, or the seller's own word for a transfer."""
    payment = None if event.payment is None else session.get(StoredPayment, event.payment)
    if payment is not None:
        return f"{payment.provider}/{payment.method}"
    return BY_HAND if event.source == "seller" else event.source.removeprefix("provider:")


def _next(session: Session, services: Services, seller_id: str, series: str) -> int:
    """Return the next number of a series, with its counter locked until the transaction ends."""
    made = services.database.insert(InvoiceCounter).values(seller_id=seller_id, series=series, last=0)
    session.execute(made.on_conflict_do_nothing())
    query = select(InvoiceCounter).where(InvoiceCounter.seller_id == seller_id, InvoiceCounter.series == series)
    counter = session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()
    counter.last += 1
    session.flush()
    return counter.last


def _order(session: Session, services: Services, row: StoredOrder, ledger: Ledger) -> building.Order:
    """Return what a document of an order is made of."""
    request, quote = json.loads(row.request), json.loads(row.quote)
    seller = session.get_one(Seller, row.seller_id)
    zone = services.zone_of(seller.country)
    lines = session.scalars(select(OrderLine).where(OrderLine.order_id == row.id).order_by(OrderLine.position))
    sold = [building.Sold(one.title, one.sku or "", one.quantity, one.minor) for one in lines]
    shipped = next((one for one in reversed(ledger.events) if one.kind == "shipped"), None)
    sample = session.scalar(select(FirmQuote.is_sample).where(FirmQuote.order_id == row.id))
    ends = ledger.state.ends_at
    now = services.now()
    return building.Order(
        number=row.number,
        locale=row.locale,
        market=row.market,
        terms=row.terms,
        ordered_on=row.created_at.astimezone(zone).date(),
        seller=_seller(seller),
        buyer=_buyer(row),
        sold=sold,
        items=request["items"],
        totals=totals(request, quote),
        state=ledger.state,
        gross_kg=building.kilograms((request.get("parcel") or {}).get("gross_weight")),
        law=str(quote["versions"]["rulebook"]),
        law_on=date.fromisoformat(quote["date"]),
        reason="sample" if sample else "sale",
        due_on=(now if ends is None or ends < now else ends).astimezone(services.zone_of(row.market)).date(),
        dispatched_on=None if shipped is None else shipped.at.astimezone(zone).date(),
        carrier="" if shipped is None else str(shipped.data.get("carrier", "")),
        tracking="" if shipped is None else str(shipped.data.get("tracking", "")),
    )


def _seller(row: Seller) -> Party:
    said = {
        name: str(row.profile.get(name) or "")
        for name in ("legal_name", "street", "city", "postal_code", "email", "phone")
    }
    return Party(
        name=row.name,
        country=row.country,
        tax_id=row.tax_id or "",
        tax_name=tax_numbers.name_of(row.country) or "",
        **said,
    )


def _buyer(row: StoredOrder) -> Party:
    said = row.address
    street = ", ".join(part for part in (said.get("line1") or said.get("line"), said.get("line2")) if part)
    return Party(
        name=row.buyer_name,
        country=row.market,
        street=street,
        city=said.get("city", ""),
        region=said.get("region", ""),
        postal_code=said.get("postal_code", ""),
        tax_id=said.get("tax_id", ""),
        # A person's number is called otherwise than a company's, and which of them it is nobody said.
        tax_name="",
        email=row.buyer_email,
        phone=row.buyer_phone,
    )


# -- reading -------------------------------------------------------------------------------------------------------
def _rows(session: Session, order_id: str) -> list[StoredInvoice]:
    query = select(StoredInvoice).where(StoredInvoice.order_id == order_id)
    return list(session.scalars(query.order_by(StoredInvoice.issued_at, StoredInvoice.series, StoredInvoice.number)))


def _of(session: Session, row: StoredOrder, services: Services) -> list[Kept]:
    rows = _rows(session, row.id)
    if not rows:
        return []
    state = Ledger(orders.events_of(session, row.id)).state
    issued = [_issued(one) for one in rows]
    today = services.today(row.market)
    return [_kept(one, issued, state, today) for one in rows]


def _kept(row: StoredInvoice, issued: Sequence[Issued], state: OrderState, today: date) -> Kept:
    if digest_of(row.document) != row.digest:
        raise ValueError(f"{row.id} is not what was issued: its digest is another")
    standing = amounts.standing_of(_issued(row), issued, state, today) if row.kind == "invoice" else None
    return Kept(row.id, row.order_id, row.digest, read(row.document), row.opened_at, standing)


def _issued(row: StoredInvoice) -> Issued:
    said = read(row.document)
    return Issued(said.kind, said.number, row.minor, said.due_on, said.refers_to, row.opened_at)


def _named(found: Sequence[Kept], number: str) -> Kept:
    for one in found:
        if one.document.number == number:
            return one
    raise InvoiceNotFoundError(number)
