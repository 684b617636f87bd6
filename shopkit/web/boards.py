"""What the dashboard shows, in the reader's words: sales, the matrix, first markets, goals, first steps."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from flask import current_app, url_for

from landed_cost.currencies import exponent
from landed_cost.money import decimal_text
from listings.sales import Trial
from shopkit.services.goals import EVERYWHERE
from shopkit.web import choices
from shopkit.web.answers import OUTCOMES
from shopkit.web.bar import WIDTH
from shopkit.web.language import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from landed_cost import Rulebook
    from listings.first_markets import Candidate, PartScore
    from listings.sales import MarketSales, Rhythm
    from shopkit.services.dashboard import Board, Sold
    from shopkit.services.goals import Standing
    from shopkit.services.matrix import Cell, Missing
    from shopkit.services.self_assessment import Question
    from translations.ui import Speech

_TENTHS: Final = Decimal(10)
_SHARE: Final = Decimal(10_000)
# Outcomes of a cell: those of a quote, and of what nobody could ask.
MARKS: Final = OUTCOMES | {"unasked": ("–", N_("Not asked"))}
WHY: Final = {
    "no_price": N_("The listing has no price."),
    "not_goods": N_("Nothing crosses a border: it is digital or a service."),
    "not_offered": N_("The listing leaves this market out."),
    "home": N_("Your own country: no border."),
}
RHYTHMS: Final = {
    "new": N_("too few orders for a rhythm"),
    "steady": N_("in its rhythm"),
    "quiet": N_("quieter than usual"),
    "cold": N_("gone cold"),
}
PARTS: Final = {
    "charges": N_("Charges"),
    "restrictions": N_("Restrictions"),
    "nearness": N_("Nearness"),
    "preference": N_("Agreement"),
    "language": N_("Language"),
}
STATES: Final = {
    "ahead": N_("ahead of an even pace"),
    "on_pace": N_("on pace"),
    "behind": N_("behind an even pace"),
    "reached": N_("reached"),
    "missed": N_("over, not reached"),
    "open": N_("open"),
    "spent": N_("the cap is used up: stop, or decide anew"),
    "ended": N_("its time is over: decide whether to go on"),
    "paid_back": N_("it has paid for itself"),
}
STEPS: Final = {
    "company": (N_("Say who you are: city, e-mail, your story"), "web.settings"),
    "tax_number": (N_("Write down your tax number; its digits are checked"), "web.settings"),
    "listing": (N_("Make your first listing"), "web.listings_page"),
    "import": (N_("Or bring all your products from a file"), "web.import_listings"),
    "price": (N_("Give every product a price"), "web.listings_page"),
    "weight": (N_("Give every product its weight"), "web.listings_page"),
    "hs_code": (N_("Give every product its tariff code"), "web.listings_page"),
    "markets": (N_("Choose the markets to compare"), "web.dashboard"),
    "assessment": (N_("Ask yourself whether the company is ready"), "web.assess_company"),
    "key": (N_("Connect your own shop with an API key"), "web.settings"),
}
THEMES: Final = {
    "product": N_("Product"),
    "capacity": N_("Capacity"),
    "costs": N_("Costs and prices"),
    "papers": N_("Papers"),
    "language": N_("Language"),
    "payment": N_("Payment"),
    "delivery": N_("Delivery"),
    "aftersales": N_("After the sale"),
    "people": N_("People"),
}
ANSWERS: Final = {"yes": N_("Yes"), "partly": N_("Partly"), "no": N_("No"), "": N_("Not answered")}
# The pages that a step of the self-assessment leads to, and where on them.
_PAGES: Final = {
    "compare": ("web.compare", N_("Compare")),
    "goals": ("web.dashboard", N_("Goals and trials")),
    "listings": ("web.listings_page", N_("Listings")),
    "markets": ("web.markets", N_("Markets")),
    "origin": ("web.ask_origin", N_("Origin")),
    "settings": ("web.settings", N_("Settings")),
    "team": ("web.settings", N_("Settings")),
    "try_it": ("web.try_it", N_("Quote")),
}


@dataclass(frozen=True, slots=True)
class MarketLine:
    """One market that bought: its bar is as wide as its share of the drawing."""

    market: str
    name: str
    orders: int
    value: str
    share: str
    width: str
    last: date
    rhythm: str
    pause: str | None
    since: int
    state: str


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of the matrix in words."""

    cell: Cell
    name: str
    mark: tuple[str, str]
    why: str | None
    missing: tuple[Missing, ...]
    sold: Sold | None
    sold_value: str | None


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of a score: its name, points, weight, and the figure behind it."""

    name: str
    points: int
    weight: int
    figure: str


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A first market with its parts in words."""

    market: str
    name: str
    score: int | None
    parts: tuple[PartView, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal or trial in words; amounts as decimal texts of its currency. ``width`` of a drawing of 640."""

    standing: Standing
    where: str
    reached: str
    target: str
    left: str | None
    state: str
    width: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepView:
    """One first step."""

    text: str
    address: str | None
    done: bool
    lacking: int


def text_of(minor: int, currency: str) -> str:
    """Return minor units as a decimal text."""
    return decimal_text(minor, exponent(currency))


def name_of(country: str, rulebook: Rulebook, speech: Speech) -> str:
    """Return what a market is called; ``*`` is all of them."""
    if country == EVERYWHERE:
        return gettext(N_("All markets"))
    covered = rulebook.destinations.get(country)
    return choices.country_name(country, speech) if covered is None else covered.name[speech.language]


def market_lines(board: Board, rulebook: Rulebook, speech: Speech) -> tuple[MarketLine, ...]:
    """Return what each market bought, the largest first."""
    found = board.concentration
    rhythms = {one.market: one for one in board.rhythms}
    sold = () if found is None else found.markets
    return tuple(_market_line(one, rhythms[one.market], board.company.currency, rulebook, speech) for one in sold)


def _market_line(one: MarketSales, rhythm: Rhythm, currency: str, rulebook: Rulebook, speech: Speech) -> MarketLine:
    share = Decimal(one.share) / _SHARE
    return MarketLine(
        one.market,
        name_of(one.market, rulebook, speech),
        one.orders,
        text_of(one.value, currency),
        speech.percent(share),
        f"{WIDTH * share:.2f}",
        one.last,
        gettext(RHYTHMS[rhythm.state]),
        None if rhythm.pause is None else tenths(rhythm.pause, speech),
        rhythm.since,
        rhythm.state,
    )


def tenths(number: int, speech: Speech) -> str:
    """Return a number of tenths as it is written."""
    return speech.number(str(Decimal(number) / _TENTHS))


def cells(
    found: Iterable[Cell], sold: Mapping[str, Sold], currency: str, rulebook: Rulebook, speech: Speech
) -> tuple[CellView, ...]:
    """Return the cells of one listing in words."""
    return tuple(
        CellView(
            cell,
            name_of(cell.market, rulebook, speech),
            MARKS[cell.outcome],
            None if cell.why is None or cell.why == "request" else gettext(WHY[cell.why]),
            cell.missing(speech.language),
            sold.get(cell.market),
            text_of(sold[cell.market].value, currency) if cell.market in sold else None,
        )
        for cell in found
    )


def candidates(found: Iterable[Candidate], rulebook: Rulebook, speech: Speech) -> tuple[CandidateView, ...]:
    """Return first markets in words, in their order."""
    return tuple(
        CandidateView(
            one.market,
            name_of(one.market, rulebook, speech),
            one.score,
            tuple(PartView(gettext(PARTS[part.part]), part.points, part.weight, _figure(part)) for part in one.parts),
            one.refused,
        )
        for one in found
    )


def _figure(part: PartScore) -> str:
    if part.figure is None:
        return gettext(N_("not known"))
    if part.part == "charges":
        return gettext(N_("%(share)s of the price on top")) % {"share": part.figure}
    if part.part == "restrictions":
        return gettext(N_("conditions: %(count)s")) % {"count": part.figure}
    if part.part == "nearness":
        return gettext(N_("%(days)s days")) % {"days": part.figure}
    if part.part == "preference":
        words = {"claimed": N_("frees it"), "available": N_("would free it, with proof"), "none": N_("none")}
        return gettext(words[part.figure])
    return part.figure


def goals(board: Board, rulebook: Rulebook, speech: Speech) -> tuple[GoalView, ...]:
    """Return goals and trials in words."""
    return tuple(_goal(one, board, rulebook, speech) for one in board.goals)


def _goal(one: Standing, board: Board, rulebook: Rulebook, speech: Speech) -> GoalView:
    goal = one.goal
    reached = goal.spent if isinstance(one.result, Trial) else one.sold
    return GoalView(
        one,
        name_of(goal.market, rulebook, speech),
        text_of(reached, goal.currency),
        text_of(goal.amount, goal.currency),
        None if one.brought is None else text_of(one.brought, goal.currency),
        gettext(STATES[one.result.state]),
        f"{min(Decimal(WIDTH), Decimal(WIDTH) * reached / goal.amount):.2f}",
        tuple(board.names.get(id_, id_) for id_ in one.unknown),
    )


def steps(board: Board) -> tuple[StepView, ...]:
    """Return the first steps, each with the way to it where there is a page for it."""
    return tuple(
        StepView(gettext(STEPS[one.id][0]), address_of(STEPS[one.id][1]), one.done, one.lacking) for one in board.steps
    )


def page_of(question: Question) -> tuple[str, str] | None:
    """Return name and address of the page that helps with a question."""
    if question.page is None:
        return None
    endpoint, name = _PAGES[question.page]
    address = address_of(endpoint)
    if address is None:
        return None
    return gettext(name), address + ("#goals" if question.page == "goals" else "")


def address_of(endpoint: str) -> str | None:
    """Return the address of a page, ``None`` where the shop has none of that name."""
    return url_for(endpoint) if endpoint in current_app.view_functions else None
