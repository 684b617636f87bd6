"""How well a listing fits a campaign: eight parts with their reasons, and what keeps it out whatever its score.

Each part has from 0 to 100 points and a weight; the weights come to a hundred, and the score is the weighted mean,
rounded half up. Nothing else enters, so the same listing on the same day has the same score. The weights are the
house's own judgement: of what people far from home buy, food, clothing and accessories tie most to where they are from
(Inter-American Development Bank, *Going Global*, 2014), and what comes after the feast is worth nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal

from landed_cost.money import half_up
from landed_cost.rulebook.reader import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from listings.campaigns.audiences import Group
    from listings.campaigns.calendar import Event
    from listings.campaigns.deadlines import Deadline
    from listings.model import Listing

Part = Literal["origin", "category", "occasion", "language", "stock", "in_time", "price", "restrictions"]
WEIGHTS: Final[Mapping[Part, int]] = {
    "origin": 25,
    "in_time": 20,
    "language": 15,
    "price": 10,
    "restrictions": 10,
    "category": 10,
    "occasion": 5,
    "stock": 5,
}
_BEST: Final = 100
_REQUIRED, _PERHAPS = 25, 10
# Chapters of the Harmonized System: 1-24 are food and drink, 61-63 clothing and textiles made up; of the rest leather
# goods, footwear, hats, jewellery and bags are what is worn with it.
_FOOD: Final = range(1, 25)
_CLOTHING: Final = frozenset({61, 62, 63})
_ACCESSORIES: Final = frozenset({42, 64, 65, 66, 71})
_LATIN: Final = frozenset(
    "AR BO BR CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV UY VE".split()  # noqa: SIM905 - read as a line
)
_WORDS: Final = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Price:
    """What one piece comes to at a door; ``outcome`` is the quote's, or ``unasked`` with ``why`` nobody could ask.

    ``landed``, ``low`` and ``high`` are decimal texts in ``currency``. ``papers`` and ``perhaps`` count what the goods
    need there for certain, and what may be asked; ``blocked`` says that they may not enter.
    """

    outcome: Literal["complete", "estimated", "refused", "unasked"]
    landed: str | None = None
    low: str | None = None
    high: str | None = None
    currency: str | None = None
    why: str = ""
    papers: int = 0
    perhaps: int = 0
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a listing is held against: whom, for which day, and what is known of its way, its words and its price.

    ``speaks`` says whether its texts may leave in the campaign's language.
    """

    group: Group
    event: Event
    deadline: Deadline
    price: Price
    speaks: bool
    today: date


@dataclass(frozen=True, slots=True)
class Scored:
    """One part: its points of 100, its weight, and why, as the name of a sentence with its figures."""

    part: Part
    points: int
    weight: int
    reason: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """A listing for a campaign: its score, what it is made of, and what keeps it out (nothing: it is in)."""

    score: int
    parts: tuple[Scored, ...]
    out: tuple[str, ...]

    @property
    def is_in(self) -> bool:
        """Whether it goes into the catalog."""
        return not self.out


def match(listing: Listing, asked: Asked) -> Match:
    """Return how a listing fits, and what keeps it out."""
    parts = (
        _origin(listing, asked.group),
        _in_time(asked.deadline),
        _language(speaks=asked.speaks),
        _price(asked.price),
        _restrictions(asked.price),
        _category(listing),
        _occasion(listing, asked.event),
        _stock(listing),
    )
    score = half_up(sum(one.points * one.weight for one in parts), _BEST)
    return Match(score, parts, tuple(_out(listing, asked)))


def _out(listing: Listing, asked: Asked) -> list[str]:
    found = []
    if listing.kind != "goods":
        # Services and files are flagged: nothing of them is shipped, so no deadline and no door is theirs.
        return ["not_shipped"]
    if asked.price.blocked or asked.price.outcome == "refused":
        found.append("refused")
    if asked.price.outcome == "unasked":
        found.append(f"unasked_{asked.price.why}")
    if asked.deadline.state == "too_late":
        found.append("too_late")
    if not asked.speaks:
        found.append("not_approved")
    if _pieces(listing) == 0:
        found.append("sold_out")
    return found


def _scored(part: Part, points: int, reason: str, **values: str) -> Scored:
    return Scored(part, max(0, min(_BEST, points)), WEIGHTS[part], reason, values)


def _origin(listing: Listing, group: Group) -> Scored:
    made = listing.origin
    if made is None:
        return _scored("origin", 0, "origin_unknown")
    if group.country is None:
        return _scored("origin", 100, "origin_latin", made=made) if made in _LATIN else _far(made)
    if made == group.country:
        return _scored("origin", 100, "origin_same", made=made)
    if made in _LATIN and group.country in _LATIN:
        return _scored("origin", 40, "origin_region", made=made)
    return _far(made)


def _far(made: str) -> Scored:
    return _scored("origin", 0, "origin_other", made=made)


def _in_time(deadline: Deadline) -> Scored:
    points = {"open": 100, "soon": 80, "at_risk": 30, "too_late": 0, "unknown": 0}[deadline.state]
    day = "" if deadline.order_by is None else deadline.order_by.isoformat()
    return _scored("in_time", points, f"in_time_{deadline.state}", day=day)


def _language(*, speaks: bool) -> Scored:
    return _scored("language", 100, "language_ready") if speaks else _scored("language", 0, "language_missing")


def _price(price: Price) -> Scored:
    points = {"complete": 100, "estimated": 60}.get(price.outcome, 0)
    if price.outcome == "unasked":
        return _scored("price", points, f"unasked_{price.why}")
    return _scored("price", points, f"price_{price.outcome}")


def _restrictions(price: Price) -> Scored:
    if price.outcome == "unasked":
        return _scored("restrictions", 0, "restrictions_unknown")
    if price.blocked:
        return _scored("restrictions", 0, "restrictions_blocked")
    if not price.papers and not price.perhaps:
        return _scored("restrictions", 100, "restrictions_none")
    points = _BEST - _REQUIRED * price.papers - _PERHAPS * price.perhaps
    return _scored("restrictions", points, "restrictions_some", papers=str(price.papers), perhaps=str(price.perhaps))


def _category(listing: Listing) -> Scored:
    if listing.hs_code is None:
        return _scored("category", 0, "category_unknown")
    chapter = int(listing.hs_code[:2])
    kind = "food" if chapter in _FOOD else "clothing" if chapter in _CLOTHING else None
    kind = kind or ("accessories" if chapter in _ACCESSORIES else "other")
    return _scored("category", 40 if kind == "other" else 100, f"category_{kind}")


def _occasion(listing: Listing, event: Event) -> Scored:
    said = folded(" ".join((listing.title, *listing.tags)))
    words = set(_WORDS.findall(said))
    found = [one for one in event.words if (one in said if " " in one else one in words)]
    if found:
        return _scored("occasion", 100, "occasion_named", word=found[0])
    return _scored("occasion", 50, "occasion_open")


def _stock(listing: Listing) -> Scored:
    pieces = _pieces(listing)
    if pieces is None:
        return _scored("stock", 50, "stock_unknown")
    return _scored("stock", 100 if pieces else 0, "stock_there" if pieces else "stock_none", pieces=str(pieces))


def _pieces(listing: Listing) -> int | None:
    """Return how many pieces there are of all variants; ``None`` where one of them is not counted."""
    counts = [one.stock for one in listing.variants]
    known = [one for one in counts if one is not None]
    return sum(max(0, one) for one in known) if counts and len(known) == len(counts) else None


def folded(text: str) -> str:
    """Return a text in small letters without accents.

    >>> folded("Día de las MADRES")
    'dia de las madres'
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Return what the reasons say, by name and language."""
    name = "reasons.yaml"
    book = read_text(files(__package__).joinpath(name).read_text("utf-8"), name)
    return {key: node.translated() for key, node in book.map().items()}


def said(reason: str, values: Mapping[str, str], language: str) -> str:
    """Return a reason as a sentence in ``es``, ``pt`` or ``en``.

    >>> said("stock_there", {"pieces": "12"}, "en")
    'In stock: 12.'
    """
    return sentences()[reason][language].format_map(values)
