"""Money as whole minor units, rounding as a property of the rule, allocation that adds up exactly."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from landed_cost.currencies import exponent, units


class Money(NamedTuple):
    """An amount in whole minor units of one currency.

    >>> Money(825, "USD").text
    '8.25'
    >>> Money(-5, "USD").text
    '-0.05'
    >>> Money(46161, "CLP").text
    '46161'
    """

    minor: int
    currency: str

    @property
    def text(self) -> str:
        """The amount as a decimal string with exactly the currency's decimals."""
        return decimal_text(self.minor, exponent(self.currency))

    def __str__(self) -> str:
        """Amount and currency, for formulas and logs."""
        return f"{self.text} {self.currency}"


def decimal_text(minor: int, digits: int) -> str:
    """Return ``minor`` units as a decimal string with ``digits`` decimals."""
    if not digits:
        return str(minor)
    if minor < 0:
        return f"-{decimal_text(-minor, digits)}"
    text = str(minor)
    if len(text) <= digits:
        text = text.zfill(digits + 1)
    return f"{text[:-digits]}.{text[-digits:]}"


def half_up(numerator: int, denominator: int = 1) -> int:
    """Return the nearest whole number, halves away from zero; ``denominator`` is positive.

    >>> half_up(5, 2), half_up(-5, 2), half_up(7, 3)
    (3, -3, 2)
    """
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -((-2 * numerator + denominator) // (2 * denominator))


def to_minor(amount: Decimal, currency: str) -> int:
    """Return ``amount`` of ``currency`` in minor units, halves away from zero.

    >>> to_minor(Decimal("12.345"), "USD")
    1235
    """
    numerator, denominator = amount.as_integer_ratio()
    return half_up(numerator * units(currency), denominator)


def round_to(value: Fraction, step: int, mode: str) -> int:
    """Round ``value`` (minor units) to a multiple of ``step`` minor units.

    ``mode`` is ``half_up``, ``down`` or ``up``; ``ValueError`` for any other.
    """
    numerator, denominator = value.numerator, value.denominator * step
    if mode == "half_up":
        return half_up(numerator, denominator) * step
    if mode == "down":
        return numerator // denominator * step
    if mode == "up":
        return -(-numerator // denominator) * step
    message = f"rounding mode {mode!r} is not one of half_up, down, up"
    raise ValueError(message)


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Share ``total`` minor units by ``weights``, largest remainder first, so that the parts add up exactly.

    Equal remainders go to the earlier part. All weights zero: equal shares.

    >>> allocate(100, [1, 1, 1])
    [34, 33, 33]
    >>> allocate(-100, [1, 1, 1])
    [-34, -33, -33]
    """
    if not weights:
        return []
    if len(weights) == 1:
        return [total]
    whole = sum(weights)
    if whole == 0:
        weights, whole = [1] * len(weights), len(weights)
    size = abs(total)
    shares = [size * weight // whole for weight in weights]
    missing = size - sum(shares)
    if missing:
        rests = sorted([(-(size * weight % whole), index) for index, weight in enumerate(weights)])
        for _, index in rests[:missing]:
            shares[index] += 1
    return shares if total >= 0 else [-share for share in shares]


def plain(number: Fraction) -> str:
    """A number as people write it, without needless zeros."""
    return f"{(Decimal(number.numerator) / Decimal(number.denominator)).normalize():f}"
