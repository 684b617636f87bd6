"""Firm quotes: a price at a door that a seller stands by until a day, and the order that comes of it by its link.

It is a quote of the engine like any other, with the seller's own price for the pieces, and the last day is never after
the one until which the law behind it is known. What was promised is kept whole and not reckoned again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from landed_cost.model import Amount
from landed_cost.money import Money, to_minor
from shopkit.models import Enquiry, FirmQuote
from shopkit.orders.totals import Totals, UnsettledError, totals
from shopkit.services import audit, enquiries, orders
from shopkit.services.checkouts import PAY_WITHIN, ordered_as
from shopkit.services.keeping import KeyConflictError, keep
from shopkit.services.listings import ListingNotFoundError, get_listings
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.quotes import answer
from shopkit.services.store_baskets import Line, request_for
from shopkit.services.store_shelf import Shelf, locale_of
from shopkit.services.tokens import new_token

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.orders import Buyer, Order
    from shopkit.services.stores import KeptStore

Json = dict[str, Any]
MOST_DAYS: Final = 90
MOST_LINES: Final = 20
_MOST_PIECES: Final = 10_000
_ID: Final = 32


class FirmQuoteNotFoundError(ListingNotFoundError):
    """There is no such quote, or it was withdrawn, or it is another seller's."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is offered: pieces of a variant, each at a price in the market's currency."""

    listing_id: str
    sku: str | None
    quantity: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Offered:
    """What a seller offers: to which door (``region``, ``postal_code``), for how long, with which words."""

    market: str
    language: str
    pieces: Sequence[Piece]
    until: date
    region: str = ""
    postal_code: str = ""
    note: str = ""
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class KeptFirmQuote:
    """A firm quote as it is kept; ``until`` is its last day, there where the parcel goes."""

    id: str
    seller_id: str
    enquiry_id: str | None
    created_at: datetime
    until: date
    market: str
    language: str
    is_sample: bool
    note: str
    lines: Sequence[Json]
    request: Json
    quote: Json
    order_id: str | None

    @property
    def totals(self) -> Totals:
        """What it asks of the buyer."""
        return totals(self.request, self.quote)

    def is_over(self, services: Services) -> bool:
        """Whether its last day has passed at the door."""
        return services.today(self.market) > self.until


def offer(services: Services, actor: Actor, store: KeptStore, said: Offered, enquiry_id: str | None) -> KeptFirmQuote:
    """Reckon and keep a firm quote, as an answer to an enquiry if it is one; ``RequestError``."""
    actor.must("editor")
    opening = store.opening(said.market)
    if opening is None or said.language not in opening.languages:
        raise RequestError([RequestProblem("/market", "store.market", {"market": said.market[:8]})])
    today = services.today(said.market)
    problems = []
    if not 0 < len(said.pieces) <= MOST_LINES or any(not 0 < one.quantity <= _MOST_PIECES for one in said.pieces):
        problems.append(RequestProblem("/pieces", "order.lines"))
    if not 0 <= (said.until - today).days <= MOST_DAYS:
        problems.append(RequestProblem("/until", "firm.until", {"days": str(MOST_DAYS)}))
    problems += [RequestProblem("/pieces", "firm.price") for one in said.pieces if not one.price > 0]
    if problems:
        raise RequestError(problems)
    with services.database.reading() as session:
        shelf = Shelf(services, session, store, opening, said.language)
        shown = shelf.by_ids({one.listing_id for one in said.pieces})
        currency = shelf.currency
    named = get_listings(services, actor, [one.listing_id for one in said.pieces])
    lines = [Line(one.listing_id, one.sku, one.quantity, {}) for one in said.pieces]
    prices = [Amount(one.price, currency) for one in said.pieces]
    door = {"region": said.region, "postal_code": said.postal_code}
    request = request_for(services, store, opening, lines, door, prices)
    found = answer(services, request, save=True, seller=store.seller_id)
    try:
        totals(found.request, found.stored)
    except UnsettledError as error:
        raise RequestError([RequestProblem("", error.code)]) from error
    keep(services, [found.row(store.seller_id)])
    until = min(said.until, date.fromisoformat(found.stored["valid_until"]))
    now = services.now()
    kept_lines = [
        {
            "listing": one.listing_id,
            "sku": one.sku,
            "quantity": one.quantity,
            "minor": to_minor(one.price, currency),
            "title": shown[one.listing_id].document["title"]
            if one.listing_id in shown
            else named[one.listing_id].listing.title,
        }
        for one in said.pieces
    ]
    with services.database.writing.begin() as session:
        row = FirmQuote(
            id=new_token()[:_ID],
            seller_id=actor.seller_id,
            enquiry_id=enquiry_id,
            created_at=now,
            expires_at=datetime.combine(until, time(), UTC),
            market=said.market,
            language=said.language,
            is_sample=said.is_sample,
            note=said.note.strip(),
            lines=kept_lines,
            request=found.request,
            quote=found.stored,
        )
        session.add(row)
        if enquiry_id is not None:
            enquiries.own(session, actor, enquiry_id).state = "answered"
        audit.note(session, actor, now, "firm_quote.made", row.id, market=said.market)
        session.flush()
        return _kept(row)


def of_enquiry(services: Services, actor: Actor, enquiry_id: str) -> tuple[KeptFirmQuote, ...]:
    """Return the quotes that answered an enquiry, the newest first."""
    query = select(FirmQuote).where(FirmQuote.seller_id == actor.seller_id, FirmQuote.enquiry_id == enquiry_id)
    with services.database.reading() as session:
        return tuple(_kept(one) for one in session.scalars(query.order_by(FirmQuote.created_at.desc())))


def see(services: Services, store: KeptStore, firm_id: str) -> KeptFirmQuote:
    """Return a firm quote to who holds its link; ``FirmQuoteNotFoundError``."""
    with services.database.reading() as session:
        return _kept(_of_store(session, store, firm_id))


def withdraw(services: Services, actor: Actor, firm_id: str) -> None:
    """Take a firm quote back that nobody has ordered by."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        row = session.get(FirmQuote, firm_id, with_for_update=True)
        if row is None or row.seller_id != actor.seller_id:
            raise FirmQuoteNotFoundError(firm_id)
        if row.order_id is None:
            row.withdrawn_at = services.now()
            audit.note(session, actor, services.now(), "firm_quote.withdrawn", firm_id)


def accept(services: Services, store: KeptStore, found: KeptFirmQuote, buyer: Buyer) -> Order:
    """Place the order that a firm quote promises, once, however often the button is pressed; ``RequestError``."""
    if found.order_id is not None:
        return orders.see(services, found.order_id)
    if found.is_over(services):
        raise RequestError([RequestProblem("", "order.quote_over")])
    asked = found.request["destination"]
    for name in ("region", "postal_code"):
        if asked.get(name) and buyer.address.get(name) != asked[name]:
            raise RequestError([RequestProblem(f"/{name}", "firm.other_door", {"value": asked[name]})])
    currency = found.totals.total.currency
    lines = [
        orders.Line(one["listing"], one["sku"], one["title"], one["quantity"], Money(one["minor"], currency))
        for one in found.lines
    ]
    key = f"firm:{found.id}"
    try:
        order = orders.place(
            services,
            store.seller_id,
            lines,
            buyer,
            found.quote,
            found.request,
            key=key,
            locale=locale_of(found.market, found.language),
            pay_until=services.now() + PAY_WITHIN,
            campaign_code=_code(services, found),
        )
    except KeyConflictError:
        order = orders.see(services, ordered_as(services, store, key))
    with services.database.writing.begin() as session:
        _of_store(session, store, found.id).order_id = order.id
    return order


def _code(services: Services, found: KeptFirmQuote) -> str | None:
    if found.enquiry_id is None:
        return None
    with services.database.reading() as session:
        row = session.get(Enquiry, found.enquiry_id)
        return None if row is None else row.campaign_code


def _of_store(session: Session, store: KeptStore, firm_id: str) -> FirmQuote:
    row = session.get(FirmQuote, firm_id)
    if row is None or row.seller_id != store.seller_id or row.withdrawn_at is not None:
        raise FirmQuoteNotFoundError(firm_id)
    return row


def _kept(row: FirmQuote) -> KeptFirmQuote:
    return KeptFirmQuote(
        row.id,
        row.seller_id,
        row.enquiry_id,
        row.created_at,
        row.expires_at.date(),
        row.market,
        row.language,
        row.is_sample,
        row.note,
        row.lines,
        row.request,
        row.quote,
        row.order_id,
    )
