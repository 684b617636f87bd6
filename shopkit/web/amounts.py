"""Amounts as people type them into a page."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from landed_cost.money import Money, to_minor
from translations.numbers import NumberError, read_number

_LONGEST: Final = 40
# Smallest coins; more is a slip of the keyboard, and would not fit the tables.
_MOST: Final = 10**15


def exact_money(text: str, currency: str) -> Money:
    """Return an amount above zero, exactly as it was written; ``NumberError`` for a part of the smallest coin too."""
    exact = Decimal(read_number(text[:_LONGEST]))
    minor = to_minor(exact, currency)
    if not 0 < minor <= _MOST or to_minor(exact * 1000, currency) != minor * 1000:
        raise NumberError(str(exact))
    return Money(minor, currency)
