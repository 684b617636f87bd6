"""First markets to try: a score that says what it is made of, from the quotes of one piece at many doors.

Five parts, each from 0 to 100, weighed as :data:`WEIGHTS` says; the sum is the score. Nothing else enters, and each
part is told with the figure it was made from. A destination whose quote is refused has no score, and the reason stands
there. What is only known as a range counts at its dear end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal

from landed_cost.money import half_up

Part = Literal["charges", "restrictions", "preference", "nearness", "language"]
# Charges at the door are what buyers feel; papers are what stops a first parcel.
WEIGHTS: Final[Mapping[Part, int]] = {
    "charges": 30,
    "restrictions": 25,
    "nearness": 20,
    "preference": 15,
    "language": 10,
}
# Charges of half of the goods' value leave nothing of that part, thirty days on the way nothing of nearness.
_CHARGES_MOST: Final = Fraction(1, 2)
_DAYS_MOST: Final = 30
# What one condition takes off, and one that is only perhaps asked.
_REQUIRED, _PERHAPS = 25, 10
_BEST: Final = 100
# Languages that most buyers of a market read, by destination, and Spanish where many do (the US Hispanic market).
LANGUAGES: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(
        ("AR", "BO", "CL", "CO", "CR", "DO", "EC", "ES", "GT", "HN", "MX", "NI", "PA", "PE", "PY", "SV", "UY"),
        frozenset({"es"}),
    ),
    **dict.fromkeys(("BR", "PT"), frozenset({"pt"})),
    **dict.fromkeys(("BB", "DM", "GB", "JM", "TT"), frozenset({"en"})),
    "CA": frozenset({"en", "fr"}),
    **dict.fromkeys(("BZ", "PR", "US"), frozenset({"en", "es"})),
    "SR": frozenset({"nl"}),
}


@dataclass(frozen=True, slots=True)
class PartScore:
    """One part: its points of 100, its weight, and the figure it was made from (``None``: not known, no points)."""

    part: Part
    points: int
    weight: int
    figure: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A destination with its score of 100, or without one and with the reasons why."""

    market: str
    score: int | None
    parts: tuple[PartScore, ...]
    outcome: str
    refused: tuple[str, ...] = ()


def first_markets(answers: Mapping[str, Mapping[str, Any]], languages: Iterable[str]) -> tuple[Candidate, ...]:
    """Return the destinations, the best first; ``answers`` are quotes as the API reads them, by country.

    ``languages`` are those the seller's texts are ready in (``es``, ``pt``, ``en``).
    """
    ready = frozenset(code.partition("-")[0] for code in languages)
    found = [_candidate(market, answer, ready) for market, answer in answers.items()]
    return tuple(sorted(found, key=lambda one: (one.score is None, -(one.score or 0), one.market)))


def _candidate(market: str, answer: Mapping[str, Any], ready: frozenset[str]) -> Candidate:
    outcome = answer["assessment"]["outcome"]
    if outcome == "refused":
        reasons = [one["message"] for one in answer["assessment"]["reasons"] if one["level"] == "refused"]
        return Candidate(market, None, (), outcome, tuple(reasons))
    parts = (
        _charges(answer),
        _restrictions(answer),
        _nearness(answer),
        _preference(answer),
        _language(market, ready),
    )
    score = half_up(sum(one.points * one.weight for one in parts), _BEST)
    return Candidate(market, score, parts, outcome)


def _part(part: Part, points: int, figure: str | None) -> PartScore:
    return PartScore(part, max(0, min(_BEST, points)), WEIGHTS[part], figure)


def _charges(answer: Mapping[str, Any]) -> PartScore:
    """What is charged at the door as a share of the goods, at the dear end of a range."""
    goods, high = Decimal(answer["totals"]["goods"]), answer["range"]["import_charges"]["high"]
    if high is None or not goods:
        return _part("charges", 0, None)
    share = Fraction(Decimal(high)) / Fraction(goods)
    rest = 1 - share / _CHARGES_MOST
    return _part(
        "charges",
        half_up(rest.numerator * _BEST, rest.denominator),
        f"{half_up(share.numerator * _BEST, share.denominator)} %",
    )


def _restrictions(answer: Mapping[str, Any]) -> PartScore:
    """What the goods need there: each paper or condition costs, one that is perhaps asked costs less."""
    asked = [one for one in answer["restrictions"] if one["severity"] == "requires"]
    sure = sum(1 for one in asked if one["certain"])
    points = _BEST - _REQUIRED * sure - _PERHAPS * (len(asked) - sure)
    return _part("restrictions", points, str(len(asked)))


def _nearness(answer: Mapping[str, Any]) -> PartScore:
    """The likely days from the day of the quote to the door."""
    delivery = answer["delivery"]
    if delivery is None:
        return _part("nearness", 0, None)
    days = (date.fromisoformat(delivery["likely"]) - date.fromisoformat(answer["date"])).days
    return _part("nearness", half_up((_DAYS_MOST - days) * _BEST, _DAYS_MOST), str(days))


def _preference(answer: Mapping[str, Any]) -> PartScore:
    """Whether an agreement frees the goods: claimed, or to be had with proof of origin."""
    offers = answer["preferences"]
    if any(one["claimed"] for one in offers):
        return _part("preference", _BEST, "claimed")
    if any(one["available"] for one in offers):
        return _part("preference", _BEST // 2, "available")
    return _part("preference", 0, "none")


def _language(market: str, ready: frozenset[str]) -> PartScore:
    """Whether the texts are ready in a language that buyers there read."""
    spoken = LANGUAGES.get(market, frozenset())
    return _part("language", _BEST if spoken & ready else 0, ", ".join(sorted(spoken)) or None)
