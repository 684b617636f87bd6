"""What is doubtful about a tariff line: marks beside its rate, and the other rates that it may carry instead.

Marks stand in ``TariffLine.extra``, so that a stored edition needs no column for what few lines have. Each mark has a
sentence of its own in ``messages.yaml`` (``schedule.<mark>``).
"""

from collections.abc import Iterable, Mapping
from typing import Final

MARKS: Final = "marks"
"""Key of ``extra``: the marks of a line, by blanks."""
OTHER_RATES: Final = "other_rates"
"""Key of ``extra``: the rates that may count instead of the general one, joined by :data:`BETWEEN`."""
BETWEEN: Final = " | "
AGREEMENTS: Final = "agreements"
"""Key of ``extra``: the agreements that the file has a column for, by blanks; a blank cell there is no preference."""

ESTIMATE: Final = "estimate"
"""Whoever wrote the row says that it is no line of the official tariff."""
NOMINAL: Final = "nominal"
"""The common tariff of a union: the country has exceptions of its own that are not in the file."""
NATIONAL: Final = "national"
"""Capital goods or goods of information technology, for which each member has its own rate."""
OLD_CODE: Final = "old_code"
"""The code is of an earlier edition of the HS, and the goods under it came from codes with several rates."""
SUSPENDED: Final = "suspended"
"""The duty is or was suspended for some of the goods: they may pay less, down to nothing."""
TRANSITION: Final = "transition"
"""The old rate goes on until a review of trade remedies is over."""
QUOTA: Final = "quota"
"""A tariff quota concerns the line: its rate is the one beyond it, the other rates are those within."""
IN_QUOTA: Final = "in_quota"
"""The rate of the line counts within a tariff quota only; the other rates are those beyond it."""
SAFEGUARD: Final = "safeguard"
"""An additional duty falls on cheap goods, or once a quantity is reached; the other rates hold it."""
REMEDY: Final = "remedy"
"""Goods of some origins pay an anti-dumping, countervailing or safeguard duty that is not in the file."""


def with_marks(extra: Mapping[str, str], marks: Iterable[str], rates: Iterable[str] = ()) -> dict[str, str]:
    """Return the columns beside a rate with more marks and more rates that may count instead.

    >>> with_marks({"marks": "quota"}, ["remedy", "quota"], ["0%"])
    {'marks': 'quota remedy', 'other_rates': '0%'}
    """
    told = dict.fromkeys([*extra.get(MARKS, "").split(), *marks])
    others = dict.fromkeys([*filter(None, extra.get(OTHER_RATES, "").split(BETWEEN)), *rates])
    added = {MARKS: " ".join(told), OTHER_RATES: BETWEEN.join(others)}
    return {**extra, **{key: text for key, text in added.items() if text}}


def marks_of(extra: Mapping[str, str]) -> tuple[str, ...]:
    """Return the marks of a line, in the order in which they were put there."""
    return tuple(extra.get(MARKS, "").split())


def other_rates(extra: Mapping[str, str]) -> tuple[str, ...]:
    """Return the texts of the rates that may count instead of the general one."""
    return tuple(filter(None, extra.get(OTHER_RATES, "").split(BETWEEN)))
