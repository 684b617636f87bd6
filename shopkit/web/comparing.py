"""One basket at every destination, laid out for the page: what it costs, when it comes, what is left, or why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from shopkit.services.quotes import Answer
from shopkit.web import choices
from shopkit.web.answers import OUTCOMES, basket_of, parts_of
from shopkit.web.bar import Bar, draw
from shopkit.web.language import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from landed_cost import Rulebook
    from shopkit.services.problems import RequestError
    from shopkit.services.quotes import Compared
    from translations.ui import Speech

Json = dict[str, Any]
_LAST: Final = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Row:
    """What one destination comes to.

    ``why`` is what most stands against a sure figure, ``action`` what settles it, ``others`` are the further reasons
    with their actions.

    ``left`` is what remains for the seller of the goods' price: without what the price holds of freight and charges,
    and without what the goods cost; in the currency of the answer.
    """

    country: str
    name: str
    outcome: str
    mark: tuple[str, str]
    landed: Decimal
    on_top: Decimal | None = None
    low: str | None = None
    high: str | None = None
    left: Decimal | None = None
    first_days: int = 0
    last_days: int = 0
    likely_days: int = 0
    latest: str | None = None
    why: str | None = None
    action: str | None = None
    others: tuple[tuple[str, str | None], ...] = ()
    bar: Bar | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows with a figure, in the order asked for, and the destinations without one."""

    rows: tuple[Row, ...]
    without: tuple[Row, ...]
    basket: str
    currency: str
    sort: str
    has_cost: bool


def _by_name(row: Row) -> tuple[Any, ...]:
    return (choices.by_name((row.country, row.name)),)


SORTS: Final[dict[str, tuple[str, Callable[[Row], tuple[Any, ...]]]]] = {
    "landed": (N_("At the door"), lambda row: (row.landed, *_by_name(row))),
    "name": (N_("Destination"), _by_name),
    "on_top": (N_("On top"), lambda row: (_LAST if row.on_top is None else row.on_top, *_by_name(row))),
    "days": (N_("Days"), lambda row: (row.latest is None, row.last_days, row.first_days, *_by_name(row))),
    "left": (N_("Left for you"), lambda row: (_LAST if row.left is None else -row.left, *_by_name(row))),
    "outcome": (N_("How sure"), lambda row: (tuple(OUTCOMES).index(row.outcome), row.landed, *_by_name(row))),
}
DEFAULT: Final = "landed"


def lay_out(found: Compared, rulebook: Rulebook, speech: Speech, sort: str, cost: Decimal | None) -> Table:
    """Return the table of a comparison, which holds one answer at least.

    ``cost`` is what all the goods cost the seller, in the answer's currency.
    """
    landed = [Decimal(answer.stored["totals"]["landed"] or 0) for answer in found.answers]
    # All bars are on one scale: the dearest destination is as long as the drawing.
    scale = max(landed, default=Decimal(0))
    rows = [_row(country, entry, rulebook, speech, cost, scale) for country, entry in found.entries]
    order = sort if sort in SORTS else DEFAULT
    return Table(
        rows=tuple(sorted((row for row in rows if row.outcome != "refused"), key=SORTS[order][1])),
        without=tuple(sorted((row for row in rows if row.outcome == "refused"), key=_by_name)),
        basket=basket_of(found.answers[0].request, speech),
        currency=found.answers[0].stored["currency"],
        sort=order,
        has_cost=cost is not None,
    )


def _row(
    country: str, entry: Answer | RequestError, rulebook: Rulebook, speech: Speech, cost: Decimal | None, scale: Decimal
) -> Row:
    covered = rulebook.destinations.get(country)
    name = choices.country_name(country, speech) if covered is None else covered.name[speech.language]
    if not isinstance(entry, Answer):
        wrong = " ".join(speech.written(one.message(speech.language)) for one in entry.problems)
        return Row(country, name, "refused", OUTCOMES["refused"], Decimal(0), why=wrong)
    quote = entry.read(speech.language)
    outcome = quote["assessment"]["outcome"]
    reasons = list(_reasons(quote, speech))
    why, action = reasons[0] if reasons else (None, None)
    if outcome == "refused":
        return Row(
            country, name, outcome, OUTCOMES[outcome], Decimal(0), why=why, action=action, others=tuple(reasons[1:])
        )
    totals, spread = quote["totals"], quote["range"]["landed"]
    landed, goods = Decimal(totals["landed"]), Decimal(totals["goods"])
    first, likely, last = _days(quote, entry)
    return Row(
        country=country,
        name=name,
        outcome=outcome,
        mark=OUTCOMES[outcome],
        landed=landed,
        on_top=(landed - goods) / goods if goods else None,
        low=spread["low"],
        high=spread["high"],
        left=None if cost is None else _kept(totals) - cost,
        first_days=first,
        last_days=last,
        likely_days=likely,
        latest=None if quote["delivery"] is None else quote["delivery"]["latest"],
        why=why,
        action=action,
        others=tuple(reasons[1:]),
        bar=draw(parts_of(quote, speech), speech, scale),
        currency=quote["currency"],
    )


def row_of(country: str, entry: Answer | RequestError, rulebook: Rulebook, speech: Speech) -> Row:
    """Return what one destination alone comes to."""
    return _row(country, entry, rulebook, speech, None, Decimal(0))


def _kept(totals: Json) -> Decimal:
    """Return what the seller has of the price: the landed cost without what goes on to carriers and customs."""
    passed_on = sum(Decimal(totals[name] or 0) for name in ("freight", "insurance", "import_charges"))
    return Decimal(totals["landed"]) - passed_on


def _reasons(quote: Json, speech: Speech) -> Iterator[tuple[str, str | None]]:
    """Find what stands against a sure figure and what would settle it, the weightiest first, each once."""
    told: set[str] = set()
    levels = {"refused": 0, "estimated": 1}
    listed = [one for one in quote["assessment"]["reasons"] if one["level"] in levels]
    for one in sorted(listed, key=lambda reason: levels[reason["level"]]):
        if one["message"] not in told:
            told.add(one["message"])
            yield speech.written(one["message"]), speech.written(one["action"]) if one["action"] else None


def _days(quote: Json, answer: Answer) -> tuple[int, int, int]:
    """Return how many days it takes at least, most likely and at most, counted from the day the goods are ready."""
    delivery = quote["delivery"]
    if delivery is None:
        return 0, 0, 0
    ready = answer.shipment.ready_on or answer.shipment.date
    first, likely, last = (
        (date.fromisoformat(delivery[name]) - ready).days for name in ("earliest", "likely", "latest")
    )
    return first, likely, last
