"""What a campaign comes to today: its days and last days to order, its listings with their reasons, its catalog.

Everything is asked anew each time and kept while listing, law, rates and day stay: a price at the door and a last day
to order that were true last week are not printed today.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from landed_cost.model import Place
from listings.campaigns.audiences import groups, states
from listings.campaigns.calendar import events
from listings.campaigns.cities import cities_in
from listings.campaigns.deadlines import Deadline, Way, deadline
from listings.campaigns.matching import Asked as Held
from listings.campaigns.matching import Price, match, said
from listings.campaigns.sectors import sector_of
from listings.channels import Market
from listings.shipment import NoPriceError, NotGoodsError, Sale, making_of, request_of
from listings.texts import base
from shopkit.services import quotes
from shopkit.services.campaigns import MARKET, upcoming
from shopkit.services.companies import get_company
from shopkit.services.gate import going_out_all
from shopkit.services.leaving import cell
from shopkit.services.listings import find_listings
from shopkit.services.problems import RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from listings.campaigns.audiences import Audience, State
    from listings.campaigns.calendar import Occurrence
    from listings.campaigns.matching import Match
    from listings.campaigns.sectors import Sector
    from listings.outgoing import Outgoing
    from shopkit.services.actors import Actor
    from shopkit.services.campaigns import Kept
    from shopkit.services.companies import Company
    from shopkit.services.context import Services
    from shopkit.services.listings import Kept as KeptListing

# A campaign of more is a catalog: the plan looks at those that were changed last, and says how many it did not.
MOST_LISTINGS: Final = 100
COLUMNS: Final = (
    "listing",
    "title",
    "language",
    "state",
    "price_at_the_door",
    "price_is",
    "lowest",
    "highest",
    "currency",
    "order_by",
    "event_day",
    "score",
    "reasons",
)


@dataclass(frozen=True, slots=True)
class There:
    """A listing in one state: by when to order it, what it comes to at the door there, and how well it fits."""

    state: State
    deadline: Deadline
    price: Price
    match: Match


@dataclass(frozen=True, slots=True)
class Fits:
    """A listing of a campaign, in every state of it; ``going`` is what of its texts leaves, by locale."""

    kept: KeptListing
    going: Mapping[str, Outgoing]
    there: tuple[There, ...]

    @property
    def worst(self) -> There:
        """The state it fits least: what is said of the listing holds in all of them."""
        return min(self.there, key=lambda one: (one.match.is_in, one.match.score, one.state.id))

    @property
    def inside(self) -> tuple[There, ...]:
        """The states whose catalog it goes into."""
        return tuple(one for one in self.there if one.match.is_in)


@dataclass(frozen=True, slots=True)
class Planned:
    """A campaign on a day: ``deadlines`` by state without any making, ``near`` the other days around it.

    ``others`` are the ways that still arrive in time where the chosen one is past; ``unseen`` counts the listings that
    the plan did not look at.
    """

    campaign: Kept
    company: Company
    today: date
    audience: Audience
    occurrence: Occurrence | None
    near: tuple[Occurrence, ...]
    deadlines: tuple[tuple[State, Deadline], ...]
    others: tuple[tuple[str, date], ...]
    fits: tuple[Fits, ...]
    unseen: int

    @property
    def chosen(self) -> tuple[Fits, ...]:
        """The listings that go into the catalog of one state at least, those that fit best first."""
        return tuple(one for one in self.fits if one.inside)

    @property
    def sectors(self) -> tuple[tuple[Sector, int], ...]:
        """The sectors of what fits, with how many products each, the largest first."""
        found = Counter(sector for one in self.chosen if (sector := sector_of(one.kept.listing)) is not None)
        return tuple(sorted(found.items(), key=lambda entry: (-entry[1], entry[0].id)))

    @property
    def left_out(self) -> tuple[Fits, ...]:
        """The listings that stay out everywhere."""
        return tuple(one for one in self.fits if not one.inside)


def plan(services: Services, actor: Actor, found: Kept) -> Planned:
    """Return what a campaign comes to today."""
    asked, today = found.asked, services.today(MARKET)
    company = get_company(services, actor)
    page = find_listings(services, actor, size=MOST_LISTINGS)
    wanted = [states()[code] for code in asked.states]
    with services.database.reading() as session:
        going = {
            locale: going_out_all(session, actor, page.listings, locale, asked.channel, today)
            for locale in asked.locales
        }
    fits = [
        Fits(
            kept,
            {locale: texts[kept.id] for locale, texts in going.items()},
            tuple(_there(services, company, found, kept, state, _speaks(kept, going), today) for state in wanted),
        )
        for kept in page.listings
    ]
    fits.sort(key=lambda one: (not one.inside, -one.worst.match.score, one.kept.listing.key))
    days = upcoming(services, asked.group)
    return Planned(
        found,
        company,
        today,
        found.audience(),
        next((one for one in days if (one.event.id, one.first) == (asked.event, asked.day)), None),
        tuple(one for one in days if abs((one.first - asked.day).days) <= 31),  # noqa: PLR2004 - a month either way
        tuple((state, _deadline(company, found, state, None, today)) for state in wanted),
        tuple(_others(company, found, wanted, today)),
        tuple(fits),
        max(0, page.total - len(page.listings)),
    )


def destination_of(state: State) -> Place:
    """Return where a state is for customs and carriers: Puerto Rico is a destination of its own."""
    return Place(state.id) if state.id == "PR" else Place(MARKET, state.id)


def catalog_csv(found: Planned, locale: str, language: str) -> str:
    """Return the catalog of a campaign in one of its locales: a row for each listing and state it is in.

    Reasons are in ``language``. A cell that a spreadsheet would calculate stays the text that it is.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for fits in found.chosen:
        going = fits.going[locale]
        if not going.is_open:
            continue
        shown = going.listing(fits.kept.listing)
        for one in fits.inside:
            order_by = "" if one.deadline.order_by is None else one.deadline.order_by.isoformat()
            lines = " ".join(said(part.reason, part.values, language) for part in one.match.parts)
            price = one.price
            row: tuple[Any, ...] = (
                *(shown.key, shown.title, locale, one.state.place),
                *(price.landed if price.outcome == "complete" else "", price.outcome),
                *(price.low or "", price.high or "", price.currency or ""),
                *(order_by, found.campaign.asked.day.isoformat(), str(one.match.score), lines),
            )
            writer.writerow([cell(value) for value in row])
    return out.getvalue()


def newsletter(found: Planned, locale: str) -> str:
    """Return the words of a campaign in one of its locales as plain text: for all, for each state and city, its goods.

    A price is told as its range where it is an estimate, with its currency; what may not leave in the locale is not in.
    """
    texts = found.campaign.words.get(locale, {})
    blocks = [texts.get("all", "")]
    for state, _ in found.deadlines:
        if state.id in texts:
            blocks.append(f"{state.name[base(locale)]}\n{texts[state.id]}")
        blocks += [f"{city.name}\n{texts[city.id]}" for city in cities_in([state.id]) if city.id in texts]
    lines = []
    for fits in found.chosen:
        going = fits.going[locale]
        if not going.is_open:
            continue
        for one in fits.inside:
            price = one.price
            amounts = [price.landed] if price.outcome == "complete" else [price.low, price.high]
            told = "-".join(text for text in amounts if text)
            until = "" if one.deadline.order_by is None else f" · {one.deadline.order_by.isoformat()}"
            title = going.listing(fits.kept.listing).title
            lines.append(f"{title} · {one.state.id}" + (f" · {price.currency} {told}" if told else "") + until)
    return "\n\n".join([*(one for one in blocks if one), "\n".join(lines)]) + "\n"


def _speaks(kept: KeptListing, going: Mapping[str, Mapping[str, Outgoing]]) -> bool:
    """Return whether a listing may leave in every locale of the campaign."""
    return all(texts[kept.id].is_open for texts in going.values())


def _there(
    services: Services,
    company: Company,
    found: Kept,
    kept: KeptListing,
    state: State,
    speaks: bool,  # noqa: FBT001 - one of the sides
    today: date,
) -> There:
    asked = found.asked
    until = _deadline(company, found, state, kept, today)
    price = price_at(services, company, kept, state, asked.way)
    held = Held(groups()[asked.group], events()[asked.event], until, price, speaks, today)
    return There(state, until, price, match(kept.listing, held))


def _deadline(company: Company, found: Kept, state: State, kept: KeptListing | None, today: date) -> Deadline:
    place = destination_of(state)
    making = None if kept is None else making_of(kept.listing)
    way = Way(company.country, place.country, place.region, found.asked.way, making)
    return deadline(way, found.asked.day, found.asked.margin_days, today)


def _others(company: Company, found: Kept, wanted: list[State], today: date) -> list[tuple[str, date]]:
    """Return the other ways by which an order still arrives in every state, with the last day of the slowest."""
    told = []
    for name in ("courier", "postal"):
        if name == found.asked.way:
            continue
        last = []
        for state in wanted:
            place = destination_of(state)
            way = Way(company.country, place.country, place.region, name)
            last.append(deadline(way, found.asked.day, found.asked.margin_days, today).order_by)
        days = [one for one in last if one is not None and one >= today]
        if days and len(days) == len(wanted):
            told.append((name, min(days)))
    return told


def price_at(services: Services, company: Company, kept: KeptListing, state: State, way: str) -> Price:
    """Return what one piece comes to at a door in a state, kept as long as listing, law, rates and day stay."""
    place = destination_of(state)
    name = ("campaign", company.id, company.country, kept.id, kept.version, place, way, services.today(place.country))
    found: Price = services.lately.get(services.rulebook, name, lambda: _price(services, company, kept, place, way))
    return found


def _price(services: Services, company: Company, kept: KeptListing, place: Place, way: str) -> Price:
    listing = kept.listing
    if place.country == company.country:
        return Price("unasked", why="home")
    override = listing.override(place.country)
    offered = [
        one.sku
        for one in listing.variants
        if override is None or override.variants is None or one.sku in override.variants
    ]
    if (override is not None and not override.included) or (listing.variants and not offered):
        return Price("unasked", why="not_offered")
    currency = Market.of(place.country).currency or company.currency
    sale = Sale(
        dispatch=Place(company.country),
        destination=place,
        on=services.today(place.country),
        sku=offered[0] if offered else None,
        channel=cast("Any", way),
        currency=currency,
        more={"save": False},
    )
    try:
        stored = quotes.answer(services, request_of(listing, sale), save=False).stored
    except NotGoodsError:
        return Price("unasked", why="not_goods")
    except NoPriceError:
        return Price("unasked", why="no_price")
    except RequestError:
        return Price("unasked", why="request")
    spread = stored["range"].get("landed", {"low": None, "high": None})
    asked = [one for one in stored["restrictions"] if one["severity"] == "requires"]
    outcome: Literal["complete", "estimated", "refused"] = stored["assessment"]["outcome"]
    return Price(
        outcome,
        stored["totals"]["landed"],
        spread["low"],
        spread["high"],
        currency,
        papers=sum(1 for one in asked if one["certain"]),
        perhaps=sum(1 for one in asked if not one["certain"]),
        blocked=any(one["severity"] == "prohibits" and one["certain"] for one in stored["restrictions"]),
    )
