"""Reputation: buyers of delivered orders are asked once, what they say is kept, answered and counted.

A rating belongs to an order that was paid and delivered; its link goes to the buyer's address alone, and not even the
seller can make one. How a seller stands is reckoned from ledgers and ratings by ``shopkit.orders.standing``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import and_, func, select

from shopkit.models import OrderEvent, OrderLine, Rating, RatingWords, Seller, StoredOrder
from shopkit.orders.standing import Case, Standing, is_rating, period, standing
from shopkit.services import letters
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError, RequestProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

MAX_WORDS: Final = 2_000
# Buyers are asked when the goods were in their hands for two days, and not about what they have forgotten.
ASKED_AFTER: Final = timedelta(days=2)
ASKED_BEFORE: Final = timedelta(days=60)
# A payment of the first day of the period may have been of an order placed weeks before.
_EARLIER: Final = timedelta(days=60)
_BATCH: Final = 200
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# Money that came as it should, or that a person counted as paid.
_PAID: Final = ("payment_received", "payment_accepted")
_KINDS: Final = (*_PAID, "delivered", "dispute_opened")


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating as it is shown: ``translated_from`` and ``engine`` tell of words that are not the buyer's own."""

    order_id: str
    number: int
    stars: int
    words: str
    locale: str
    rated_at: datetime
    answer: str | None
    answered_at: datetime | None
    translated_from: str | None = None
    engine: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a buyer who follows the link is asked about, and what was said before; an answered rating stays."""

    order_id: str
    number: int
    shop: str
    titles: tuple[str, ...]
    locale: str
    stars: int | None
    words: str
    is_settled: bool


def link_token(services: Services, order_id: str) -> str:
    """Return what opens the rating of an order to its buyer."""
    return str(_serializer(services).dumps(order_id))


def invite(services: Services, base: str) -> int:
    """Ask the buyers of orders that were delivered lately, each once, and return how many letters went out.

    ``base`` is the shop's address, without a slash at its end. An order is marked before its letter is sent: a process
    that dies between the two asks one buyer less, and never one twice.
    """
    sent = 0
    while True:
        with services.database.writing.begin() as session:
            found = _to_invite(session, services.now())
            for order, _ in found:
                session.add(
                    Rating(
                        order_id=order.id,
                        seller_id=order.seller_id,
                        invited_at=services.now(),
                        rated_at=None,
                        stars=None,
                        words="",
                        locale=order.locale,
                        answer=None,
                        answered_at=None,
                    )
                )
            due = [(one.id, one.buyer_email, one.buyer_name, one.locale, shop) for one, shop in found]
        for order_id, email, name, locale, shop in due:
            link = f"{base}/ratings/{link_token(services, order_id)}"
            letters.rate(services, email, locale, name, shop, link)
        sent += len(due)
        if len(due) < _BATCH:
            return sent


def _to_invite(session: Session, now: datetime) -> list[tuple[StoredOrder, str]]:
    lately = select(OrderEvent.order_id).where(
        OrderEvent.kind == "delivered", OrderEvent.at <= now - ASKED_AFTER, OrderEvent.at > now - ASKED_BEFORE
    )
    query = (
        select(StoredOrder, Seller.name)
        .join(Seller, Seller.id == StoredOrder.seller_id)
        .where(
            StoredOrder.fulfilment == "delivered",
            StoredOrder.status == "paid",
            StoredOrder.id.in_(lately),
            StoredOrder.id.not_in(select(Rating.order_id)),
        )
        .order_by(StoredOrder.id)
        .limit(_BATCH)
    )
    return [(order, name) for order, name in session.execute(query)]


def ask(services: Services, token: str) -> Asked:
    """Return what the holder of a link may rate; ``OrderNotFoundError`` for a link that opens nothing."""
    with services.database.reading() as session:
        order = _opened(services, session, token)
        shop = session.scalars(select(Seller.name).where(Seller.id == order.seller_id)).one()
        titles = select(OrderLine.title).where(OrderLine.order_id == order.id).order_by(OrderLine.position)
        row = session.get(Rating, order.id)
        return Asked(
            order.id,
            order.number,
            shop,
            tuple(session.scalars(titles)),
            order.locale,
            None if row is None else row.stars,
            "" if row is None else row.words,
            row is not None and row.answer is not None,
        )


def rate(services: Services, token: str, stars: int, words: str, locale: str) -> None:
    """Keep what a buyer says; until the seller answers, the buyer may say it anew.

    ``RequestError`` for stars that are not 1 to 5, for too many words, and for a rating that was answered.
    """
    said = _CONTROL.sub("", words).replace("\r\n", "\n").strip()
    problems = [] if is_rating(stars) else [RequestProblem("/stars", "rating.stars")]
    if len(said) > MAX_WORDS:
        problems.append(RequestProblem("/words", "text.too_long", {"limit": str(MAX_WORDS)}))
    if problems:
        raise RequestError(problems)
    now = services.now()
    with services.database.writing.begin() as session:
        order = _opened(services, session, token)
        row = session.scalars(select(Rating).where(Rating.order_id == order.id).with_for_update()).one_or_none()
        if row is None:
            row = Rating(order_id=order.id, seller_id=order.seller_id, invited_at=None, answer=None, answered_at=None)
            session.add(row)
        elif row.answer is not None:
            raise RequestError([RequestProblem("", "rating.answered")])
        row.rated_at, row.stars, row.words, row.locale = now, stars, said, locale
        # What was translated was said before.
        for other in session.scalars(select(RatingWords).where(RatingWords.order_id == order.id)):
            session.delete(other)


def answer(services: Services, actor: Actor, order_id: str, words: str) -> None:
    """Answer a rating in public, once; ``OrderNotFoundError`` where there is none of the seller's, ``RequestError``."""
    actor.must("editor")
    said = _CONTROL.sub("", words).replace("\r\n", "\n").strip()
    if not said:
        raise RequestError([RequestProblem("/words", "required")])
    if len(said) > MAX_WORDS:
        raise RequestError([RequestProblem("/words", "text.too_long", {"limit": str(MAX_WORDS)})])
    with services.database.writing.begin() as session:
        row = _own(session, actor, order_id)
        if row.answer is not None:
            raise RequestError([RequestProblem("", "rating.answered")])
        row.answer, row.answered_at = said, services.now()


def translate(services: Services, actor: Actor, order_id: str, locale: str) -> bool:
    """Have the words of a rating translated and keep them, marked; ``False`` where no engine could."""
    # Drafts bring engines and memory along, which a page of ratings does not need.
    from shopkit.services import drafts  # noqa: PLC0415

    actor.must("editor")
    with services.database.reading() as session:
        row = _own(session, actor, order_id)
        words, spoken = row.words, row.locale
    if not words:
        return False
    made = drafts.ask(services, actor, {"text": words, "from": spoken, "to": [locale]}, "en")["drafts"][0]
    if made["draft"] is None:
        return False
    with services.database.writing.begin() as session:
        row = _own(session, actor, order_id)
        if row.words != words:
            return False
        now = services.now()
        session.merge(
            RatingWords(
                order_id=order_id,
                locale=locale,
                seller_id=actor.seller_id,
                words=made["draft"],
                engine=made["engine"] or made["origin"],
                created_at=now,
            )
        )
    return True


def ratings(services: Services, seller_id: str, locale: str | None = None, limit: int = 100) -> list[Rated]:
    """Return what was said of a seller, newest first; in ``locale`` where its words were translated into it."""
    query = (
        select(Rating, StoredOrder.number, RatingWords)
        .join(StoredOrder, StoredOrder.id == Rating.order_id)
        .outerjoin(RatingWords, and_(RatingWords.order_id == Rating.order_id, RatingWords.locale == (locale or "")))
        .where(Rating.seller_id == seller_id, Rating.stars.is_not(None))
        .order_by(Rating.rated_at.desc(), Rating.order_id)
        .limit(limit)
    )
    with services.database.reading() as session:
        return [_rated(row, number, other) for row, number, other in session.execute(query)]


def _rated(row: Rating, number: int, other: RatingWords | None) -> Rated:
    assert row.stars is not None  # noqa: S101  # asked for in the query
    assert row.rated_at is not None  # noqa: S101  # kept with the stars
    own = Rated(row.order_id, number, row.stars, row.words, row.locale, row.rated_at, row.answer, row.answered_at)
    if other is None:
        return own
    return replace(own, words=other.words, locale=other.locale, translated_from=row.locale, engine=other.engine)


def standing_of(services: Services, seller_id: str, until: date) -> Standing:
    """Return how a seller stands on the evening of a day, days in UTC."""
    with services.database.reading() as session:
        return standing(list(_cases(session, seller_id, until)), until)


def standing_lately(services: Services, seller_id: str) -> Standing:
    """Return how a seller stood yesterday evening, as every page of the store says it: reckoned once a day.

    What is written down afterwards of a day that is over counts from the next day on.
    """
    until = services.now().date() - timedelta(days=1)
    name = ("standing", seller_id, until)
    found: Standing = services.lately.get(services.rulebook, name, lambda: standing_of(services, seller_id, until))
    return found


def published_on(today: date) -> date:
    """Return the day as of which catalogs tell of a seller: the last of the month before, so that they rest in it."""
    return today.replace(day=1) - timedelta(days=1)


def _cases(session: Session, seller_id: str, until: date) -> Iterator[Case]:
    since = datetime.combine(period(until)[0] - _EARLIER, time.min, UTC)
    marks: dict[str, dict[str, datetime]] = {}
    found = (
        select(OrderEvent.order_id, OrderEvent.kind, func.min(OrderEvent.at))
        .where(OrderEvent.seller_id == seller_id, OrderEvent.kind.in_(_KINDS), OrderEvent.at >= since)
        .group_by(OrderEvent.order_id, OrderEvent.kind)
    )
    for order_id, kind, at in session.execute(found):
        marks.setdefault(order_id, {})[kind] = at
    paid = [id_ for id_, kinds in marks.items() if kinds.keys() & _PAID]
    for start in range(0, len(paid), _BATCH):
        yield from _cases_of(session, paid[start : start + _BATCH], marks)


def _cases_of(session: Session, ids: Sequence[str], marks: dict[str, dict[str, datetime]]) -> Iterator[Case]:
    said = {row.order_id: row for row in session.scalars(select(Rating).where(Rating.order_id.in_(ids)))}
    for order_id, quote in session.execute(select(StoredOrder.id, StoredOrder.quote).where(StoredOrder.id.in_(ids))):
        kinds, row = marks[order_id], said.get(order_id)
        case = Case(
            min(kinds[one] for one in _PAID if one in kinds).date(),
            _day(kinds.get("delivered")),
            promised_days(json.loads(quote)),
            "dispute_opened" in kinds,
        )
        if row is not None and row.stars is not None:
            case = replace(
                case,
                stars=row.stars,
                has_words=bool(row.words),
                rated_on=_day(row.rated_at),
                answered_on=_day(row.answered_at),
            )
        yield case


def promised_days(quote: dict[str, Any]) -> int | None:
    """Return in how many days a frozen quote promised the goods, from its own day to its last; ``None``: it did not."""
    delivery = quote.get("delivery")
    if delivery is None:
        return None
    return (date.fromisoformat(delivery["latest"]) - date.fromisoformat(quote["date"])).days


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _serializer(services: Services) -> URLSafeSerializer:
    return URLSafeSerializer(services.settings.secret(), salt="rating")


def _opened(services: Services, session: Session, token: str) -> StoredOrder:
    """Return the order that a link opens, if it was paid for and delivered."""
    try:
        order_id = _serializer(services).loads(token)
    except BadSignature:
        raise OrderNotFoundError(token) from None
    order = session.get(StoredOrder, str(order_id))
    if order is None:
        raise OrderNotFoundError(token)
    kinds = select(OrderEvent.kind).where(OrderEvent.order_id == order.id, OrderEvent.kind.in_(_KINDS))
    done = set(session.scalars(kinds))
    if "delivered" not in done or done.isdisjoint(_PAID):
        raise OrderNotFoundError(token)
    return order


def _own(session: Session, actor: Actor, order_id: str) -> Rating:
    query = select(Rating).where(
        Rating.order_id == order_id, Rating.seller_id == actor.seller_id, Rating.stars.is_not(None)
    )
    found = session.scalars(query.with_for_update()).one_or_none()
    if found is None:
        raise OrderNotFoundError(order_id)
    return found
