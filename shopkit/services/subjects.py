"""What a change of rules can touch: pieces of listings at the markets a seller serves, quotes held to, open orders.

A kind gives its things in the order of their ids, some at a time, so that a shop of any size is looked through in
bounded steps. Whatever else comes to hold a seller to a figure is one more kind in :func:`kinds_of`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from sqlalchemy import select

from shopkit.models import PastSale, Seller, StoredListing, StoredOrder, StoredQuote
from shopkit.services.alerts import Subject
from shopkit.services.companies import get_company
from shopkit.services.listings import all_kept
from shopkit.services.matrix import asked_of
from shopkit.services.plans import get_plan
from shopkit.services.problems import RequestError, RequestProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from listings.model import Listing
    from shopkit.services.actors import Actor
    from shopkit.services.companies import Company
    from shopkit.services.context import Services
    from shopkit.services.listings import Kept

Json = dict[str, Any]
MOST: Final = 50
# No quote is held to longer than two weeks after its day.
_LONGEST: Final = timedelta(days=14)
_CURSOR: Final = re.compile(r"([a-z]{1,16}):([A-Za-z0-9_]{1,40})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Thing:
    """One listing, quote or order with what can be touched of it; ``unasked`` says why nothing could be asked of it.

    Without subjects and without ``unasked`` there is nothing to ask: it is no goods, or not held to any more.
    """

    kind: str
    id: str
    name: str
    subjects: tuple[Subject, ...] = ()
    unasked: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it is one of those that are looked at."""
        return bool(self.subjects) or self.unasked is not None


class Kind(Protocol):
    """One kind of thing that a change can touch."""

    @property
    def name(self) -> str:
        """What the kind is called in data: ``listing``, ``quote``, ``order``."""

    def some(self, after: str, most: int, today: date) -> Sequence[Thing]:
        """Return the next things by id, ``most`` of them unless there are fewer."""


@dataclass(frozen=True, slots=True)
class Listings:
    """The seller's listings: one piece of each (of the first variant offered there) at each of ``markets``."""

    services: Services
    actor: Actor
    company: Company
    markets: tuple[str, ...]
    name: str = "listing"

    def some(self, after: str, most: int, today: date) -> Sequence[Thing]:  # noqa: ARG002  # each market has its own
        """Return the next listings that are not archived."""
        query = (
            select(StoredListing)
            .where(
                StoredListing.seller_id == self.actor.seller_id,
                StoredListing.status != "archived",
                StoredListing.id > after,
            )
            .order_by(StoredListing.id)
            .limit(most)
        )
        with self.services.database.reading() as session:
            kept = all_kept(session, session.scalars(query).all())
        return [self._thing(one) for one in kept]

    def _thing(self, kept: Kept) -> Thing:
        covered = self.services.rulebook.destinations
        found, why = [], None
        name = kept.listing.title or kept.listing.key
        for market in dict.fromkeys((*self.markets, *_named(kept.listing))):
            if market == self.company.country or market not in covered:
                continue
            asked = asked_of(self.services, self.company, kept.listing, market)
            if isinstance(asked, str):
                why = asked if asked == "no_price" else why
                continue
            request, sku = asked
            on = self.services.today(market)
            found.append(
                Subject(
                    self.name,
                    kept.id,
                    market,
                    on,
                    request,
                    self.actor.seller_id,
                    name,
                    sku,
                )
            )
        return Thing(self.name, kept.id, name, tuple(found), None if found else why)


@dataclass(frozen=True, slots=True)
class KeptQuotes:
    """Quotes that are kept: those of one seller, or without one all of the shop's, nobody's among them."""

    services: Services
    actor: Actor | None = None
    name: str = "quote"

    def some(self, after: str, most: int, today: date) -> Sequence[Thing]:
        """Return the next quotes of the last weeks; one whose ``valid_until`` is past has nothing to be touched."""
        chosen = (
            select(StoredQuote)
            .where(StoredQuote.id > after, StoredQuote.date >= today - _LONGEST)
            .order_by(StoredQuote.id)
            .limit(most)
        )
        if self.actor is not None:
            chosen = chosen.where(StoredQuote.principal == self.actor.seller_id)
        with self.services.database.reading() as session:
            rows = list(session.scalars(chosen))
            sellers = set(session.scalars(select(Seller.id).where(Seller.id.in_({row.principal for row in rows}))))
        return [_quote(row, sellers, today) for row in rows]

    def still_held(self, today: date) -> Iterator[Subject]:
        """Give the quotes whose ``valid_until`` is today or later."""
        return subjects_of(self, today)

    def of(self, ids: Iterable[str]) -> Iterator[Subject]:
        """Give the quotes of these ids, held to or not; unknown ids and those of other sellers are left out."""
        for id_ in ids:
            with self.services.database.reading() as session:
                row = session.get(StoredQuote, id_)
            if row is not None and (self.actor is None or row.principal == self.actor.seller_id):
                yield _promised(row, None if self.actor is None else self.actor.seller_id)


@dataclass(frozen=True, slots=True)
class OpenOrders:
    """The seller's orders whose goods have not left, by the request of the quote that is frozen into each.

    What was promised to the buyer stays; both sides say what the seller would pay by the law of a day, with the freight
    of the promise. The parcel enters today at the earliest, or on the day that was promised if it is later.
    """

    services: Services
    actor: Actor
    name: str = "order"

    def some(self, after: str, most: int, today: date) -> Sequence[Thing]:  # noqa: ARG002  # each market has its own
        """Return the next orders that are to be sent, paid or not."""
        query = (
            select(StoredOrder)
            .where(
                StoredOrder.seller_id == self.actor.seller_id,
                StoredOrder.fulfilment.in_(("placed", "packed")),
                StoredOrder.id > after,
            )
            .order_by(StoredOrder.id)
            .limit(most)
        )
        with self.services.database.reading() as session:
            rows = session.scalars(query).all()
        return [self._thing(row) for row in rows]

    def _thing(self, row: StoredOrder) -> Thing:
        quote = json.loads(row.quote)
        request = _with_freight(json.loads(row.request), quote)
        on = max(self.services.today(row.market), date.fromisoformat(quote["date"]))
        name = f"#{row.number}"
        return Thing("order", row.id, name, (Subject("order", row.id, row.market, on, request, row.seller_id, name),))


def kinds_of(services: Services, actor: Actor) -> tuple[Kind, ...]:
    """Return everything of a seller's that a change of rules can touch, kind by kind."""
    company = get_company(services, actor)
    listings = Listings(services, actor, company, markets_of(services, actor))
    return listings, KeptQuotes(services, actor), OpenOrders(services, actor)


def markets_of(services: Services, actor: Actor) -> tuple[str, ...]:
    """Return the markets that a seller compares or has sold to; a listing may name more of its own."""
    query = select(PastSale.market).where(PastSale.seller_id == actor.seller_id).distinct().order_by(PastSale.market)
    with services.database.reading() as session:
        sold = session.scalars(query).all()
    return tuple(dict.fromkeys((*get_plan(services, actor).markets, *sold)))


def subjects_of(kind: Kind, today: date) -> Iterator[Subject]:
    """Give every subject of a kind, a step at a time."""
    after = ""
    while True:
        things = kind.some(after, MOST, today)
        for thing in things:
            yield from thing.subjects
        if len(things) < MOST:
            return
        after = things[-1].id


def walk(kinds: Sequence[Kind], cursor: str | None, most: int, today: date) -> tuple[list[Thing], str | None]:
    """Return the next things of all kinds, and the cursor of those that may follow (``None``: that was all).

    ``RequestError`` for a cursor that is none of ours.
    """
    first, after = _start(kinds, cursor)
    found: list[Thing] = []
    for kind in kinds[first:]:
        things = kind.some(after, most - len(found), today)
        found += things
        if len(found) == most:
            return found, f"{kind.name}:{things[-1].id}"
        after = ""
    return found, None


def _start(kinds: Sequence[Kind], cursor: str | None) -> tuple[int, str]:
    if cursor is None:
        return 0, ""
    match = _CURSOR.fullmatch(cursor)
    names = [kind.name for kind in kinds]
    if match is None or match[1] not in names:
        raise RequestError([RequestProblem("query:after", "query.cursor")])
    return names.index(match[1]), match[2]


def _named(listing: Listing) -> tuple[str, ...]:
    return tuple(one.market for one in listing.markets if one.market != "*" and one.included)


def _quote(row: StoredQuote, sellers: set[str], today: date) -> Thing:
    if json.loads(row.response)["valid_until"] < today.isoformat():
        return Thing("quote", row.id, "")
    found = _promised(row, row.principal if row.principal in sellers else None)
    return Thing("quote", row.id, found.name, (found,))


def _promised(row: StoredQuote, seller: str | None) -> Subject:
    request = _with_freight(json.loads(row.request), json.loads(row.response))
    name = next((str(item["description"]) for item in request.get("items", ()) if item.get("description")), "")
    return Subject("quote", row.id, row.destination, row.date, request, seller, name)


def _with_freight(request: Json, response: Json) -> Json:
    """Return a request with the freight that was promised: what a rate card says by now is no change of rules."""
    basis = response.get("freight_basis")
    if request.get("freight_service") is None or basis is None:
        return request
    return {name: value for name, value in request.items() if name != "freight_service"} | {"freight": basis["total"]}
