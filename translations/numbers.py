"""Reading numbers as people type them in the Americas: with a decimal point or a decimal comma.

What can be read in two ways is not read at all: the page asks.
"""

from __future__ import annotations

import re
from typing import Final

_SPACES: Final = re.compile(r"[\s\u00a0\u2009\u202f']")
_GROUPED: Final = {
    ",": re.compile(r"\d{1,3}(?:,\d{3})+", re.ASCII),
    ".": re.compile(r"\d{1,3}(?:\.\d{3})+", re.ASCII),
}
_PLAIN: Final = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_THOUSAND: Final = 3


class NumberError(ValueError):
    """A text that is no number."""


class AmbiguousNumberError(NumberError):
    """A text that is one number here and another there, such as ``1.250``."""


def read_number(text: str) -> str:
    """Return the decimal that a person typed, with a point and nothing else.

    Two different signs tell thousands from decimals by themselves. A single sign before exactly three digits does not,
    unless a zero stands before it.

    >>> read_number("1.234,50"), read_number("1,234.50"), read_number("25,5"), read_number("0.250")
    ('1234.50', '1234.50', '25.5', '0.250')
    >>> read_number("1.250")
    Traceback (most recent call last):
        ...
    translations.numbers.AmbiguousNumberError: 1.250
    """
    compact = _SPACES.sub("", text)
    point, comma = compact.rfind("."), compact.rfind(",")
    if point >= 0 and comma >= 0:
        decimal, group = (".", ",") if point > comma else (",", ".")
        whole, _, fraction = compact.partition(decimal)
        if not _GROUPED[group].fullmatch(whole):
            raise NumberError(text)
        return _checked(f"{whole.replace(group, '')}.{fraction}", text)
    if point < 0 and comma < 0:
        return _checked(compact, text)
    sign = "." if point >= 0 else ","
    whole, _, fraction = compact.partition(sign)
    if sign in fraction:
        # The sign stands more than once, so it parts thousands.
        if not _GROUPED[sign].fullmatch(compact):
            raise NumberError(text)
        return compact.replace(sign, "")
    if len(fraction) == _THOUSAND and 0 < len(whole) <= _THOUSAND and whole.lstrip("0"):
        raise AmbiguousNumberError(text)
    return _checked(f"{whole or 0}.{fraction}", text)


def _checked(plain: str, text: str) -> str:
    if not _PLAIN.fullmatch(plain):
        raise NumberError(text)
    return plain
