"""S10, the 13-character number of an international postal item.

Two letters for the service, eight digits, a check digit, two letters for the country that issued it, which is not where
the item goes (UPU standard S10, version 12). A right check digit does not prove that there is such an item.

>>> validate("ra 473 124 829 gb")
'RA473124829GB'
>>> validate("RA473124828GB")
Traceback (most recent call last):
    ...
shopkit.tracking.s10.InvalidCheckDigitError: RA473124828GB: the check digit is 9
>>> print_groups("rb123456785gb")
'RB 123 456 785 GB'
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

from landed_cost.countries import COUNTRIES
from shopkit.tracking.services import Service, issuer_used, service_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SHAPE: Final = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")
LENGTH: Final = 13
SERIALS: Final = 100_000_000
_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)
_LETTERS: Final = (0, 1, 11, 12)
# What people put between the groups: blanks, dashes of every kind, dots, and what cannot be seen.
_BETWEEN: Final = re.compile(r"[\s\-.·_‐-―−\u200b-\u200f\u2060\ufeff]+")  # noqa: RUF001  # dashes are what is looked for
# Which digit a letter is taken for, and the other way; a suggestion, never a reading.
_AS_DIGIT: Final = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8"}
_AS_LETTERS: Final = {"0": "OQD", "1": "IL", "2": "Z", "5": "S", "6": "G", "8": "B"}
_READINGS: Final = 64


class S10Error(ValueError):
    """A number is no S10 number; ``number`` is the bare form of it."""

    def __init__(self, number: str, why: str) -> None:
        super().__init__(f"{number}: {why}")
        self.number = number


class InvalidFormatError(S10Error):
    """It is not two letters, nine digits, two letters."""

    def __init__(self, number: str) -> None:
        super().__init__(number, "not two letters, nine digits and two letters")


class InvalidCheckDigitError(S10Error):
    """The digit before the country does not follow from the eight before it; ``expected`` would."""

    def __init__(self, number: str, expected: int) -> None:
        super().__init__(number, f"the check digit is {expected}")
        self.expected = expected


class UnknownIssuerError(S10Error):
    """The last two letters are no country of ISO 3166-1."""

    def __init__(self, number: str) -> None:
        super().__init__(number, f"{number[-2:]} is no country of ISO 3166-1")


@dataclass(frozen=True, slots=True)
class Item:
    """A valid number taken apart.

    ``service`` is ``None`` where the indicator is not known; ``issuer`` is the country as written, ``mail_of`` the one
    whose numbers that country's mail bears, where they differ.
    """

    number: str
    indicator: str
    serial: str
    issuer: str
    service: Service | None
    mail_of: str | None

    @property
    def groups(self) -> str:
        """The number as it is printed."""
        return print_groups(self.number)


def compact(text: str) -> str:
    """Return the number bare and in capitals: without blanks, dashes and dots, digits of every script as ours.

    Nothing else is changed: a letter O stays one.

    >>> compact(" rb-123.456 785–gb "), compact("RB ١٢٣")
    ('RB123456785GB', 'RB123')
    """
    bare = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    if bare.isascii():
        return bare.upper()
    return "".join(
        str(value) if (value := unicodedata.decimal(one, None)) is not None else one.upper() if one.isascii() else one
        for one in bare
    )


def check_digit(serial: str) -> int:
    """Return the check digit of eight digits; of the eleven remainders, 0 shares the digit of 6.

    >>> [check_digit(one) for one in ("12345678", "10000014", "10000002", "47312482")]
    [5, 0, 5, 9]
    """
    digit = 11 - sum(int(one) * weight for one, weight in zip(serial, _WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(digit, digit)


def validate(text: str) -> str:
    """Return the number bare, or raise the error that names its fault."""
    number = compact(text)
    if not SHAPE.fullmatch(number):
        raise InvalidFormatError(number)
    if number[-2:] not in COUNTRIES:
        raise UnknownIssuerError(number)
    if int(number[10]) != (expected := check_digit(number[2:10])):
        raise InvalidCheckDigitError(number, expected)
    return number


def is_valid(text: str) -> bool:
    """Return whether it is an S10 number."""
    try:
        validate(text)
    except S10Error:
        return False
    return True


def parse(text: str) -> Item:
    """Return the parts of a number, or raise the error that names its fault."""
    number = validate(text)
    issuer = number[-2:]
    return Item(number, number[:2], number[2:10], issuer, service_of(number[:2]), issuer_used(issuer))


def print_groups(text: str) -> str:
    """Return a number in the groups it is printed in; what is no such number comes back bare."""
    number = compact(text)
    if not SHAPE.fullmatch(number):
        return number
    return " ".join((number[:2], number[2:5], number[5:8], number[8:11], number[11:]))


def suggestions(text: str) -> tuple[str, ...]:
    """Return the valid numbers that differ in one mistyped digit, or in letters that look like digits.

    They are for asking *did you mean*: any of them may be another's parcel, so none is ever taken for the number.

    >>> suggestions("RB123456786US")[:2]
    ('RB123456785US', 'RB523456786US')
    >>> suggestions("R8I23456785G8")
    ('RB123456785GB',)
    """
    number = compact(text)
    if len(number) != LENGTH or is_valid(number):
        return ()
    if SHAPE.fullmatch(number):
        return tuple(_slips(number)) if number[-2:] in COUNTRIES else ()
    return tuple(_lookalikes(number))


def issue(indicator: str, issuer: str, first: int, last: int) -> Iterator[str]:
    """Yield the numbers of a range of serials that a post gave, both ends within it.

    The range is the post's: nothing is handed out beyond it, and nothing keeps account of what was used before.
    What is no pair of letters, no country or no range is a ``ValueError``.

    >>> list(issue("RB", "GT", 12345678, 12345679))
    ['RB123456785GT', 'RB123456799GT']
    """
    if not re.fullmatch(r"[A-Z]{2}", indicator) or issuer not in COUNTRIES:
        raise ValueError(f"{indicator} … {issuer}: two capital letters and a country of ISO 3166-1 are needed")
    if not 0 <= first <= last < SERIALS:
        raise ValueError(f"{first} to {last} is no range of serials: eight digits, the first not above the last")
    serials = (f"{number:08}" for number in range(first, last + 1))
    return (f"{indicator}{serial}{check_digit(serial)}{issuer}" for serial in serials)


def _slips(number: str) -> Iterator[str]:
    """Yield what one other digit would make of it, the check digit first."""
    for place in (10, *range(2, 10)):
        for digit in "0123456789":
            changed = f"{number[:place]}{digit}{number[place + 1 :]}"
            if digit != number[place] and is_valid(changed):
                yield changed


def _lookalikes(number: str) -> list[str]:
    choices = [
        (_AS_LETTERS.get(one, one) if one.isdigit() else one) if place in _LETTERS else _AS_DIGIT.get(one, one)
        for place, one in enumerate(number)
    ]
    found = ["".join(letters) for letters in product(*choices)]
    return [one for one in found[:_READINGS] if is_valid(one) and service_of(one[:2]) is not None]
