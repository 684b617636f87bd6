"""Which of two wordings or languages sold more: a winner is named where the numbers carry one.

Each follow of a link is one try, each paid order that bears its code one success. With few of them any difference is
chance, so nothing is said before both variants have a hundred follows and five of either kind would be expected in
each; then the two shares are held against each other by the test of two proportions, at one chance in twenty.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Standing = Literal["alone", "too_few", "odd", "even", "won"]
LEAST_FOLLOWS: Final = 100
# The usual least for the normal distribution to stand in for the binomial.
LEAST_EXPECTED: Final = 5
# The square of 1.96, beyond which one chance in twenty lies.
_CRITICAL: Final = Fraction(38416, 10_000)
_TWO: Final = 2


@dataclass(frozen=True, slots=True)
class Tried:
    """A variant: how often its links were followed, and how many paid orders came by them."""

    follows: int
    orders: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two variants come to; ``winner`` is the one that sold more where that is no chance.

    ``alone``: there is nothing to compare. ``too_few``: not enough yet. ``odd``: more orders than follows, so the
    counts are of different things (an order that was repeated, a link that was typed). ``even``: the difference may be
    chance. ``missing`` is how many follows are needed at least, by variant, for what is too few.
    """

    standing: Standing
    winner: str | None = None
    missing: Mapping[str, int] | None = None


def compare(tried: Mapping[str, Tried]) -> Verdict:
    """Return what can be said of variants.

    >>> compare({"a": Tried(1_000, 50), "b": Tried(1_000, 80)})
    Verdict(standing='won', winner='b', missing=None)
    >>> compare({"a": Tried(1_000, 50), "b": Tried(1_000, 60)}).standing
    'even'
    >>> compare({"a": Tried(40, 4), "b": Tried(400, 2)})
    Verdict(standing='too_few', winner=None, missing={'a': 60})
    """
    if len(tried) != _TWO:
        return Verdict("alone")
    if any(one.orders > one.follows for one in tried.values()):
        return Verdict("odd")
    missing = {name: LEAST_FOLLOWS - one.follows for name, one in tried.items() if one.follows < LEAST_FOLLOWS}
    follows, orders = sum(one.follows for one in tried.values()), sum(one.orders for one in tried.values())
    if missing or not follows:
        return Verdict("too_few", missing=missing)
    share = Fraction(orders, follows)
    if any(one.follows * min(share, 1 - share) < LEAST_EXPECTED for one in tried.values()):
        return Verdict("too_few", missing={})
    (first, one), (second, other) = tried.items()
    apart = Fraction(one.orders, one.follows) - Fraction(other.orders, other.follows)
    spread = share * (1 - share) * (Fraction(1, one.follows) + Fraction(1, other.follows))
    if apart * apart <= _CRITICAL * spread:
        return Verdict("even")
    return Verdict("won", first if apart > 0 else second)
