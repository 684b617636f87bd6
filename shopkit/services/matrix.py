"""Products by markets: what one piece of each comes to at each door, kept as long as listing, law, rates and day stay.

Every figure is a quote's, asked as anybody would ask it: one piece, by courier, without freight, because nobody gave
one; its range allows for some. A piece that cannot be asked for says why instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from landed_cost.messages import render
from landed_cost.model import Place
from landed_cost.serialise import localise
from listings.first_markets import Candidate, first_markets
from listings.shipment import NoPriceError, NotGoodsError, Sale, request_of
from shopkit.services import quotes
from shopkit.services.problems import RequestError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from listings.model import Listing
    from shopkit.services.companies import Company
    from shopkit.services.context import Services
    from shopkit.services.listings import Kept

Json = dict[str, Any]
Outcome = Literal["complete", "estimated", "refused", "unasked"]
CHANNEL: Final = "courier"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that stands against a sure figure, and what settles it."""

    level: str
    message: str
    action: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One piece of a listing at one market.

    ``landed`` and its range are decimal texts in the company's currency; ``None`` where there is no figure. Days count
    from today to the door. ``unasked`` is a piece nobody could ask for: ``why`` is ``no_price``, ``not_goods``,
    ``not_offered``, ``home`` (it is the seller's own country) or ``request`` (``problems`` then say what is wrong).
    """

    market: str
    outcome: Outcome
    landed: str | None = None
    low: str | None = None
    high: str | None = None
    first_days: int | None = None
    last_days: int | None = None
    sku: str | None = None
    why: str | None = None
    reasons: tuple[Json, ...] = ()
    problems: tuple[Any, ...] = ()

    def missing(self, language: str) -> tuple[Missing, ...]:
        """Return what stands against a sure figure, the weightiest first, each once, in ``es``, ``pt`` or ``en``."""
        found: dict[str, Missing] = {}
        for one in self.problems:
            message = one.message(language)
            found.setdefault(message, Missing("refused", message, None))
        for one in sorted(self.reasons, key=lambda reason: reason["level"] != "refused"):
            message, action = render(one["code"], one["params"], language)
            found.setdefault(message, Missing(one["level"], message, action))
        return tuple(found.values())


def row_of(services: Services, company: Company, kept: Kept, markets: Iterable[str]) -> tuple[Cell, ...]:
    """Return the cells of one listing, market by market."""
    return tuple(_kept_cell(services, company, kept, market) for market in markets)


def try_first(services: Services, company: Company, kept: Kept, language: str) -> tuple[Candidate, ...]:
    """Return every covered destination as a first market for a listing, the best first, with the parts of its score."""
    law = services.rulebook
    name = ("first", *_name(company, kept), services.today(company.country), language)
    found: tuple[Candidate, ...] = services.lately.get(law, name, lambda: _first(services, company, kept, language))
    return found


def languages_of(listing: Listing) -> frozenset[str]:
    """Return the languages in which the texts of a listing are ready."""
    more = (one.language for one in listing.markets if one.language and one.title)
    return frozenset(code.partition("-")[0] for code in (listing.language, *more))


def _name(company: Company, kept: Kept) -> tuple[Hashable, ...]:
    return company.id, company.country, company.currency, kept.id, kept.version


def _kept_cell(services: Services, company: Company, kept: Kept, market: str) -> Cell:
    seen = services.observed.find(company.country, market, CHANNEL)
    name = ("cell", *_name(company, kept), market, services.today(market), seen)
    found: Cell = services.lately.get(services.rulebook, name, lambda: _cell(services, company, kept.listing, market))
    return found


def _cell(services: Services, company: Company, listing: Listing, market: str) -> Cell:
    if market == company.country:
        return Cell(market, "unasked", why="home")
    asked = asked_of(services, company, listing, market)
    if isinstance(asked, str):
        return Cell(market, "unasked", why=asked)
    request, sku = asked
    try:
        answer = quotes.answer(services, request, save=False)
    except RequestError as error:
        return Cell(market, "unasked", sku=sku, why="request", problems=error.problems)
    stored = answer.stored
    outcome, delivery = stored["assessment"]["outcome"], stored["delivery"]
    # A refused quote has no figure, and no range of one.
    spread = stored["range"].get("landed", {"low": None, "high": None})
    reasons = tuple(one for one in stored["assessment"]["reasons"] if one["level"] in {"refused", "estimated"})
    start = answer.shipment.ready_on or answer.shipment.date
    days = (
        [] if delivery is None else [(date.fromisoformat(delivery[one]) - start).days for one in ("earliest", "latest")]
    )
    return Cell(
        market,
        outcome,
        landed=stored["totals"]["landed"],
        low=spread["low"],
        high=spread["high"],
        first_days=days[0] if days else None,
        last_days=days[1] if days else None,
        sku=sku,
        reasons=reasons,
    )


def asked_of(services: Services, company: Company, listing: Listing, market: str) -> tuple[Json, str | None] | str:
    """Return the request for one piece with the SKU it is of, or why there is none."""
    override = listing.override(market)
    if override is not None and not override.included:
        return "not_offered"
    offered = [
        one.sku
        for one in listing.variants
        if override is None or override.variants is None or one.sku in override.variants
    ]
    if listing.variants and not offered:
        return "not_offered"
    sku = offered[0] if offered else None
    sale = Sale(
        dispatch=Place(company.country),
        destination=Place(market),
        on=services.today(market),
        sku=sku,
        channel=CHANNEL,
        currency=company.currency,
        more={"save": False},
    )
    try:
        return request_of(listing, sale), sku
    except NotGoodsError:
        return "not_goods"
    except NoPriceError:
        return "no_price"


def _first(services: Services, company: Company, kept: Kept, language: str) -> tuple[Candidate, ...]:
    answers: dict[str, Json] = {}
    for market in services.rulebook.destinations:
        if market == company.country:
            continue
        asked = asked_of(services, company, kept.listing, market)
        if isinstance(asked, str):
            continue
        try:
            answers[market] = localise(quotes.answer(services, asked[0], save=False).stored, language)
        except RequestError:
            # What is wrong with the request stands in the row of the matrix, with its field.
            continue
    return first_markets(answers, languages_of(kept.listing))
