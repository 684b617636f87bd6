"""What a seller's orders say of the seller: reliability and ratings, with how many orders and what time they rest on.

Only orders that were paid count, and a share needs cases: a seller with three deliveries is neither praised nor blamed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# A year, so that a season of feasts counts once.
PERIOD: Final = timedelta(days=365)
# Deliveries below which nothing is said of reliability, ratings below which no mean is shown.
ENOUGH_DELIVERED: Final = 10
ENOUGH_RATED: Final = 5
ANSWER_WITHIN: Final = timedelta(days=7)
# What is late hurts most, then what a bank had to settle, then silence.
WEIGHTS: Final = {"on_time": 60, "undisputed": 25, "answered": 15}
_BEST: Final = 5
# A rating that asks for an answer: up to the middle, or one with words.
_MIDDLE: Final = 3


@dataclass(frozen=True, slots=True)
class Case:
    """One paid order: when it was paid and delivered, in how many days it was promised, and what its buyer said.

    ``promised_days`` counts from the day it was paid, ``None`` where the quote named no days. ``stars`` are 1 to 5.
    """

    paid_on: date
    delivered_on: date | None = None
    promised_days: int | None = None
    is_disputed: bool = False
    stars: int | None = None
    has_words: bool = False
    rated_on: date | None = None
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def percent(self) -> int | None:
        """The share in whole percent, halves up; ``None`` of nothing."""
        return None if not self.of else (200 * self.hits + self.of) // (2 * self.of)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a seller stands from ``since`` to ``until``, both days counted.

    ``score`` is 0 to 100, ``stars`` a mean with two decimals; both ``None`` while there are too few cases.
    """

    since: date
    until: date
    delivered: int
    on_time: Share
    undisputed: Share
    answered: Share
    ratings: int
    total_stars: int

    @property
    def score(self) -> int | None:
        """The weighted mean of the shares that have cases; none before there are enough deliveries."""
        if self.on_time.of < ENOUGH_DELIVERED:
            return None
        shares = {"on_time": self.on_time, "undisputed": self.undisputed, "answered": self.answered}
        there = {name: share for name, share in shares.items() if share.of}
        weight = sum(WEIGHTS[name] for name in there)
        # Exact: a sum of fractions, rounded once, halves up.
        parts = [Fraction(100 * WEIGHTS[name] * share.hits, share.of) for name, share in there.items()]
        return floor(sum(parts, Fraction(1, 2) * weight) / weight)

    @property
    def stars(self) -> Decimal | None:
        """The mean of the ratings; none before there are enough of them."""
        if self.ratings < ENOUGH_RATED:
            return None
        return (Decimal(self.total_stars) / self.ratings).quantize(Decimal("0.01"), ROUND_HALF_UP)


def period(until: date) -> tuple[date, date]:
    """Return the first and the last day that count for a standing of ``until``."""
    return until - PERIOD + timedelta(days=1), until


def standing(cases: Iterable[Case], until: date) -> Standing:
    """Return how a seller stands on the evening of ``until``.

    An order counts for time and disputes by the day it was paid, a rating by the day it was given. One that is on its
    way counts as late from the day after the promised one; one whose quote named no days does not count for time. A
    rating of three stars or less, or with words, wants an answer within a week; a younger one is not held against
    anybody yet.
    """
    since, until = period(until)
    paid = [one for one in cases if one.paid_on <= until]
    counted = [one for one in paid if one.paid_on >= since]
    judged = [hit for one in counted if (hit := is_on_time(one, until)) is not None]
    rated = [
        one for one in paid if one.stars is not None and one.rated_on is not None and since <= one.rated_on <= until
    ]
    answers = [hit for one in rated if (hit := _is_answered(one, until)) is not None]
    return Standing(
        since,
        until,
        sum(one.delivered_on is not None and one.delivered_on <= until for one in counted),
        Share(sum(judged), len(judged)),
        Share(sum(not one.is_disputed for one in counted), len(counted)),
        Share(sum(answers), len(answers)),
        len(rated),
        sum(one.stars or 0 for one in rated),
    )


def is_rating(stars: int) -> bool:
    """Return whether so many stars may be given."""
    return 1 <= stars <= _BEST


def is_on_time(case: Case, until: date) -> bool | None:
    """Whether it came in time; ``None`` while that is open, or was never promised."""
    if case.promised_days is None:
        return None
    last = case.paid_on + timedelta(days=case.promised_days)
    if case.delivered_on is not None and case.delivered_on <= until:
        return case.delivered_on <= last
    return None if until <= last else False


def _is_answered(case: Case, until: date) -> bool | None:
    """Whether a rating that wants an answer had one within the week; ``None`` while that is open, or none is wanted."""
    if case.stars is None or case.rated_on is None or (case.stars > _MIDDLE and not case.has_words):
        return None
    last = case.rated_on + ANSWER_WITHIN
    if case.answered_on is not None and case.answered_on <= min(last, until):
        return True
    return None if until <= last else False
