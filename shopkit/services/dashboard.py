"""The dashboard: what sells where, what each product comes to at each market, where to try first, how goals stand.

Everything is counted from what the shop holds and from quotes; nothing is forecast. Without sales it says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from listings.sales import concentration, rhythms, thin_markets, winners
from shopkit.models import ApiKey, ListingImport, StoredListing
from shopkit.services import goals as goals_
from shopkit.services import listings as listings_
from shopkit.services.companies import get_company
from shopkit.services.matrix import row_of, try_first
from shopkit.services.plans import MOST_MARKETS, get_plan
from shopkit.services.sales import imports, sales_of
from shopkit.services.self_assessment import assess

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from listings.first_markets import Candidate
    from listings.model import Listing
    from listings.sales import Concentration, Rhythm, Sale, Winner
    from shopkit.services.actors import Actor
    from shopkit.services.companies import Company
    from shopkit.services.context import Services
    from shopkit.services.goals import Standing
    from shopkit.services.listings import Kept
    from shopkit.services.matrix import Cell
    from shopkit.services.plans import KeptPlan
    from shopkit.services.sales import KeptImport, Told
    from shopkit.services.self_assessment import Assessed

# Attention is counted over half a year: a market with fewer than three orders in it is hardly attended to.
THIN_DAYS: Final = 180
THIN_ORDERS: Final = 3
# More markets than this at once, and the page asks whether fewer would be served better.
FEW: Final = 3
_PROPOSED: Final = 3


@dataclass(frozen=True, slots=True)
class Sold:
    """What was sold of one listing in one market; ``value`` in minor units of the company's currency."""

    orders: int
    quantity: int
    value: int


@dataclass(frozen=True, slots=True)
class Row:
    """One listing over the markets."""

    kept: Kept
    cells: tuple[Cell, ...]
    sold: Mapping[str, Sold]


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps: whether it is done, and how many listings still lack it."""

    id: str
    done: bool
    lacking: int = 0


@dataclass(frozen=True, slots=True)
class Nudge:
    """Attention spread thin: markets chosen without a sale since ``since``, and markets with hardly any."""

    chosen: int
    unsold: tuple[str, ...]
    thin: tuple[str, ...]
    since: date


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the dashboard shows.

    ``first`` are first markets for ``best``, the listing that sells best or is readiest; ``names`` are the titles of
    the listings that sales name, by id.
    """

    company: Company
    today: date
    plan: KeptPlan
    markets: tuple[str, ...]
    proposed: bool
    rows: tuple[Row, ...]
    total: int
    page: int
    told: Told
    imports: tuple[KeptImport, ...]
    concentration: Concentration | None
    rhythms: tuple[Rhythm, ...]
    winners: tuple[Winner, ...]
    nudge: Nudge | None
    best: Kept | None
    first: tuple[Candidate, ...]
    goals: tuple[Standing, ...]
    steps: tuple[Step, ...]
    assessed: Assessed
    names: Mapping[str, str]


def open_board(services: Services, actor: Actor, language: str, page: int = 1) -> Board:
    """Return the dashboard of the seller, its texts of the law in ``es``, ``pt`` or ``en``."""
    company, plan = get_company(services, actor), get_plan(services, actor)
    today = services.today(company.country)
    told = sales_of(services, actor, company.currency)
    found = listings_.find_listings(services, actor, page=page)
    if not found.listings and found.total:
        # Past the end the last page is shown: an empty one would look like an empty shop.
        page = -(-found.total // listings_.PAGE)
        found = listings_.find_listings(services, actor, page=page)
    # A sale stays a sale when its listing is gone.
    known = listings_.get_listings(services, actor, {sale.listing for sale in told.sales})
    sellers = winners(told.sales, plan.markets, most=5)
    best = _best(sellers, known, found.listings)
    first = () if best is None else try_first(services, company, best, language)
    markets = plan.markets or _propose(told.sales, first, services, company)
    sold = _sold(told.sales)
    rows = tuple(Row(kept, row_of(services, company, kept, markets), sold.get(kept.id, {})) for kept in found.listings)
    return Board(
        company=company,
        today=today,
        plan=plan,
        markets=markets,
        proposed=not plan.markets,
        rows=rows,
        total=found.total,
        page=page,
        told=told,
        imports=imports(services, actor),
        concentration=concentration(told.sales),
        rhythms=rhythms(told.sales, today),
        winners=winners(told.sales, [one for one in markets if one != company.country], most=5),
        nudge=_nudge(told.sales, plan.markets, company, today),
        best=best,
        first=first,
        goals=_standings(services, actor, {id_: kept.listing for id_, kept in known.items()}, today),
        steps=_steps(services, actor, company, plan, found.total),
        assessed=assess(plan.answers or {}),
        names={id_: kept.listing.title for id_, kept in known.items()},
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """One listing at every covered destination, and what each scores as a first market for it."""

    company: Company
    row: Row
    first: tuple[Candidate, ...]


def open_row(services: Services, actor: Actor, listing_id: str, language: str) -> Opened:
    """Return one listing of the seller at every covered destination but home, with what it sold there.

    ``ListingNotFoundError`` for another seller's as for none.
    """
    company = get_company(services, actor)
    kept = listings_.get_listing(services, actor, listing_id)
    told = sales_of(services, actor, company.currency)
    markets = [one for one in services.rulebook.destinations if one != company.country]
    row = Row(kept, row_of(services, company, kept, markets), _sold(told.sales).get(kept.id, {}))
    return Opened(company, row, try_first(services, company, kept, language))


def _sold(sales: Sequence[Sale]) -> dict[str, dict[str, Sold]]:
    orders: dict[tuple[str, str], set[str]] = {}
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for sale in sales:
        at = sale.listing, sale.market
        orders.setdefault(at, set()).add(sale.order)
        quantity, value = counts.get(at, (0, 0))
        counts[at] = quantity + sale.quantity, value + sale.value
    found: dict[str, dict[str, Sold]] = {}
    for (listing, market), (quantity, value) in counts.items():
        found.setdefault(listing, {})[market] = Sold(len(orders[listing, market]), quantity, value)
    return found


def _best(sellers: Sequence[Winner], known: Mapping[str, Kept], shown: Sequence[Kept]) -> Kept | None:
    """Return what to try first elsewhere: what sells best, else the listing that lacks the least for a quote."""
    for one in sellers:
        kept = known.get(one.listing)
        if kept is not None and kept.listing.kind == "goods" and kept.listing.status != "archived":
            return kept
    goods = [one for one in shown if one.listing.kind == "goods"]
    return min(goods, key=lambda one: _lacks(one.listing), default=None)


def _lacks(listing: Listing) -> int:
    has_price = listing.price.price is not None or any(one.price for one in listing.variants)
    return sum((not has_price, listing.hs_code is None, not _has_weight(listing), listing.origin is None))


def _has_weight(listing: Listing) -> bool:
    return listing.weight is not None or (bool(listing.variants) and all(one.weight for one in listing.variants))


def _propose(
    sales: Sequence[Sale], first: Sequence[Candidate], services: Services, company: Company
) -> tuple[str, ...]:
    """Return markets to compare where none were chosen: those sold to, the best first, and the first to try."""
    bought = concentration(sales)
    sold = [] if bought is None else [one.market for one in bought.markets]
    tries = [one.market for one in first if one.score is not None][:_PROPOSED]
    covered = services.rulebook.destinations
    both = (one for one in (*sold, *tries) if one in covered and one != company.country)
    return tuple(dict.fromkeys(both))[:MOST_MARKETS]


def _nudge(sales: Sequence[Sale], chosen: Sequence[str], company: Company, today: date) -> Nudge | None:
    since = today - timedelta(days=THIN_DAYS)
    abroad = [sale for sale in sales if sale.market != company.country]
    lately = {sale.market for sale in abroad if sale.on >= since}
    unsold = tuple(one for one in chosen if one not in lately and one != company.country)
    thin = thin_markets(abroad, since, THIN_ORDERS)
    if len(set(chosen) | lately) <= FEW or not (unsold or thin):
        return None
    return Nudge(len(chosen), unsold, thin, since)


def _standings(services: Services, actor: Actor, known: Mapping[str, Listing], today: date) -> tuple[Standing, ...]:
    rates = services.rulebook.rates
    told: dict[str, Told] = {}
    found = []
    for goal in goals_.goals(services, actor):
        if goal.currency not in told:
            told[goal.currency] = sales_of(services, actor, goal.currency)
        found.append(goals_.standing(goal, told[goal.currency], known, rates, today))
    return tuple(found)


def _steps(services: Services, actor: Actor, company: Company, plan: KeptPlan, total: int) -> tuple[Step, ...]:
    with services.database.reading() as session:
        lacking = _lacking(services, session, actor)
        imported = _counts(session, actor, ListingImport, ListingImport.state == "done")
        keys = _counts(session, actor, ApiKey, ApiKey.revoked_at.is_(None))
    profile = company.profile
    return (
        Step("company", all(profile.get(name) for name in ("city", "email", "story"))),
        Step("tax_number", bool(company.tax_id)),
        Step("listing", total > 0),
        Step("import", imported),
        *(Step(name, total > 0 and not count, count) for name, count in lacking.items()),
        Step("markets", bool(plan.markets)),
        Step("assessment", bool(plan.answers)),
        Step("key", keys),
    )


def _counts(session: Session, actor: Actor, table: type[ApiKey | ListingImport], condition: object) -> bool:
    query = select(func.count()).select_from(table).where(table.seller_id == actor.seller_id, condition)  # type: ignore[arg-type]
    return bool(session.scalar(query))


def _lacking(services: Services, session: Session, actor: Actor) -> dict[str, int]:
    """Return how many of the seller's goods lack a price, a weight, a tariff code; counted anew after a change."""
    mine = (StoredListing.seller_id == actor.seller_id, StoredListing.status != "archived")
    # Each saving raises a version, so this is another one after any.
    stands = session.execute(
        select(func.count(), func.sum(StoredListing.version), func.max(StoredListing.updated_at)).where(*mine)
    ).one()
    name = ("lacking", actor.seller_id, *stands)
    found: dict[str, int] = services.lately.get(services.rulebook, name, lambda: _counted(session, mine))
    return found


def _counted(session: Session, mine: tuple[ColumnElement[bool], ...]) -> dict[str, int]:
    found = {"price": 0, "weight": 0, "hs_code": 0}
    # The texts alone, some at a time: a shop may have tens of thousands.
    for document in session.scalars(select(StoredListing.document).where(*mine).execution_options(yield_per=1000)):
        if document.get("kind", "goods") != "goods":
            continue
        variants = document.get("variants")
        parts = variants if isinstance(variants, list) and variants else [{}]
        price = document.get("price")
        own_price = isinstance(price, dict) and price.get("price")
        found["price"] += not (own_price or all(one.get("price") for one in parts))
        found["weight"] += not (document.get("weight") or all(one.get("weight") for one in parts))
        found["hs_code"] += not document.get("hs_code")
    return found
