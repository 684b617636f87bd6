"""Ways to send laid side by side: what each takes, costs and lasts, and in which order they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from landed_cost.money import Money, to_minor
from shopkit.sending.telling import Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from landed_cost.freight import FreightBasis, FreightError, Parcel, Service
    from shopkit.papers.forms import Choice

Json = dict[str, Any]
Standing = Literal["open", "unsure", "unknown", "refused", "not_taken"]
"""Whether a way may be gone: its law answers; it was closed, and nobody said that it opened; too little is known to ask
it; law or lane refuse it; the service does not take the parcel.
"""

_STANDINGS: Final[tuple[Standing, ...]] = ("open", "unsure", "unknown", "refused", "not_taken")
# What is not known of the parcel, and no limit of the service.
_ASKS: Final = frozenset({"freight.dimensions_needed", "freight.postal_code_needed"})
_UNSURE: Final = frozenset({"lane.narrowed", "lane.unsure"})
_OVER: Final = frozenset({"freight.over_limit", "freight.over_girth"})


@dataclass(frozen=True, slots=True)
class Against:
    """One thing against a service: what it is about, and by how much a limit is passed, in ``unit``."""

    about: str
    said: Said
    limit: Decimal | None = None
    given: Decimal | None = None
    unit: str = ""

    @property
    def over(self) -> Decimal | None:
        """By how much the parcel is over the limit."""
        return None if self.limit is None or self.given is None else self.given - self.limit


@dataclass(frozen=True, slots=True)
class Offer:
    """What a service asks for a parcel, or what is against it; ``basis`` is that of a rate card.

    ``source`` names who says so: ``card:NAME`` or ``carrier:NAME``.
    """

    source: str
    service: str
    channel: str
    kind: str | None
    freight: Money | None = None
    basis: FreightBasis | None = None
    of_card: Service | None = None
    against: tuple[Against, ...] = ()
    days: tuple[int, int] | None = None
    is_illustrative: bool = False

    @property
    def id(self) -> str:
        """The name of the way: where it is from, and the service."""
        return f"{self.source}/{self.service}"


@dataclass(frozen=True, slots=True)
class Missing:
    """A price that is not known now: of a carrier of the seller, or of one service (``name``) of it, and why."""

    carrier: str
    name: str
    reason: Said


@dataclass(frozen=True, slots=True)
class Cost:
    """What sending costs all in all, without the goods: freight, insurance, and all charges of import.

    ``low`` and ``high`` are its range where the law leaves one; amounts are the quote's, in its currency.
    """

    total: Money
    low: Money
    high: Money


@dataclass(frozen=True, slots=True)
class Way:
    """An offer with what the law says of it: the quote as it is kept, the form it needs, what it costs."""

    offer: Offer
    standing: Standing
    quote: Json | None = None
    form: Choice | None = None
    cost: Cost | None = None


def against(error: FreightError) -> Iterator[Against]:
    """Yield what is against a service, with the limit and by how much it is passed; each once.

    A card may say a limit twice: as that of the service, and as the end of its prices.
    """
    seen = set()
    for about, code, params in error.problems:
        said = Said(code, dict(params))
        if (key := (about, code, *params.items())) in seen:
            continue
        seen.add(key)
        if code in _OVER:
            yield Against(about, said, Decimal(params["limit"]), Decimal(params["value"]), params["unit"])
        else:
            yield Against(about, said)


def without_price(against: Iterable[Against]) -> Standing:
    """Return how a service without a price stands: *unknown* where it only asks for more, else it takes it not."""
    return "unknown" if all(one.said.code in _ASKS for one in against) else "not_taken"


def cost_of(quote: Mapping[str, Any]) -> Cost | None:
    """Return what sending costs by a quote: all at the door less the goods; ``None`` where that is not said.

    >>> totals = {"goods": "50.00", "landed": "76.63"}
    >>> found = cost_of({"currency": "USD", "totals": totals, "range": {"landed": {"low": "70.00", "high": "76.63"}}})
    >>> str(found.total), str(found.low)
    ('26.63 USD', '20.00 USD')
    """
    currency, totals = quote["currency"], quote["totals"]
    goods, landed = totals["goods"], totals["landed"]
    if landed is None or totals.get("freight", "") is None:
        return None
    found = (quote.get("range") or {}).get("landed") or {"low": landed, "high": landed}
    return Cost(
        *(Money(to_minor(Decimal(end) - Decimal(goods), currency), currency) for end in (landed, *_ends(found)))
    )


def _ends(of: Mapping[str, str]) -> tuple[str, str]:
    return of["low"], of["high"]


def standing_of(quote: Mapping[str, Any]) -> Standing:
    """Return how a way stands by its quote: refused too where the destination lets the goods not in at all."""
    banned = any(one["severity"] == "prohibits" and one["certain"] for one in quote["restrictions"])
    assessment = quote["assessment"]
    if banned or assessment["outcome"] == "refused":
        return "refused"
    return "unsure" if any(one["code"] in _UNSURE for one in assessment["reasons"]) else "open"


def ordered(ways: Iterable[Way]) -> list[Way]:
    """Return ways as they are shown: those that may be gone first, the cheapest of them first, then the sooner."""
    return sorted(ways, key=_place)


def _place(way: Way) -> tuple[int, bool, int, str, str]:
    likely = str(((way.quote or {}).get("delivery") or {}).get("likely") or "9999")
    minor = way.cost.total.minor if way.cost is not None else 0
    return _STANDINGS.index(way.standing), way.cost is None, minor, likely, way.offer.id


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be sent: the parcel, whence and whither, what its goods are worth, and the day."""

    dispatch: str
    destination: str
    on: date
    parcel: Parcel
    goods: Money | None
    hs: tuple[str, ...]
