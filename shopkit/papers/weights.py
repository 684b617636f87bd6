"""Weights as papers print them: rounded up at the last printed digit, so that no parcel weighs more than it says."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import Final

KG_PER_LB: Final = Decimal("0.45359237")
"""One pound in kilograms, exactly (the international avoirdupois pound)."""


def kilograms_up(kg: Decimal, digits: int = 3) -> Decimal:
    """Return kilograms rounded up to so many decimals.

    >>> kilograms_up(Decimal("0.1801")), kilograms_up(Decimal("0.180"))
    (Decimal('0.181'), Decimal('0.180'))
    """
    return kg.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_CEILING)


def pounds_up(kg: Decimal, digits: int = 3) -> Decimal:
    """Return the same in pounds, rounded up.

    >>> pounds_up(Decimal("0.45359237")), pounds_up(Decimal("1"))
    (Decimal('1.000'), Decimal('2.205'))
    """
    return (kg / KG_PER_LB).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_CEILING)
