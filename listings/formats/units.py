"""Weights and lengths in the units that other shops write, exact to a millionth."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Final

# Exact by definition: the pound and the inch are fractions of the kilogram and the metre.
_GRAMS: Final = {"g": Decimal(1), "kg": Decimal(1000), "lb": Decimal("453.59237"), "oz": Decimal("28.349523125")}
_CENTIMETRES: Final = {"m": Decimal(100), "cm": Decimal(1), "mm": Decimal("0.1"), "in": Decimal("2.54")}
PLACES: Final = 6


def grams(value: str, unit: str, places: int = PLACES) -> str:
    """Return a weight in grams.

    >>> grams("0.25", "kg"), grams("1", "oz"), grams("0.000", "kg"), grams("40.0", "g")
    ('250', '28.349523', '0', '40.0')
    """
    return _rounded(value, _GRAMS[unit], places)


def kilograms(value: str, unit: str, places: int = PLACES) -> str:
    """Return a weight in kilograms.

    >>> kilograms("250", "g")
    '0.25'
    """
    return _rounded(value, _GRAMS[unit] / 1000, places)


def centimetres(value: str, unit: str, places: int = PLACES) -> str:
    """Return a length in centimetres.

    >>> centimetres("12", "in")
    '30.48'
    """
    return _rounded(value, _CENTIMETRES[unit], places)


def _rounded(value: str, factor: Decimal, places: int) -> str:
    if factor == 1 and places == PLACES:
        return value
    # Twelve digits before the point and six after it, times a factor of nine digits: nothing is cut before the end.
    with localcontext(prec=60):
        found = (Decimal(value) * factor).quantize(Decimal(1).scaleb(-places))
    text = f"{found:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
