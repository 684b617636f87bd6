"""What values of a feed look like: prices, addresses, article numbers, days; no locale has a say in them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from stdnum import ean

from landed_cost.currencies import exponent, is_known

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PRICE: Final = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?) ([A-Z]{3})")
_URL: Final = re.compile(r"https?://[^\s/?#<>\"\\^`{|}]+[^\s<>\"\\^`{|}]*")
_PICTURE: Final = re.compile(r"https?://[^\s/?#<>\"\\^`{|}]+/[^\s<>\"\\^`{|}]+")
_WEIGHT: Final = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,4})? (?:g|kg|lb|oz)")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_MELI: Final = re.compile(r"(?:M[A-Z]{2}|CBT)[0-9]{1,9}")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_STARS: Final = re.compile(r"[0-4]\.[0-9]{2}|5\.00")
_DAYS: Final = re.compile(r"[0-9]{1,3}")
_GTIN: Final = frozenset({8, 12, 13, 14})
_SHORT: Final = 8
_OWN: Final = ("2", "02", "04", "05", "981", "982", "983", "984", "99")
_STAMP: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:?[0-9]{2}))?"
)


def is_price(text: str) -> bool:
    """Return whether a text is an amount above nothing with its currency, with the currency's own decimals.

    >>> [is_price(text) for text in ("49.90 USD", "49,90 USD", "49.90", "46161 CLP", "46161.00 CLP", "0.00 USD")]
    [True, False, False, True, False, False]
    """
    return is_amount(text) and any(digit in "123456789" for digit in text)


def is_amount(text: str) -> bool:
    """Return the same of an amount that may be nothing: what shipping costs."""
    found = PRICE.fullmatch(text)
    if found is None or not is_known(found[2]):
        return False
    return len(found[1].partition(".")[2]) == exponent(found[2])


def is_gtin(text: str) -> bool:
    """Return whether a text is a GTIN whose check digit is right, of a range that is given out.

    >>> is_gtin("7501031311309"), is_gtin("7501031311308"), is_gtin("2001234567893")
    (True, False, False)
    """
    if len(text) not in _GTIN or not text.isascii() or not text.isdigit() or not ean.is_valid(text.zfill(14)):
        return False
    # Prefixes that GS1 leaves to a shop's own counting and to coupons are nobody's article numbers. Eight digits have
    # prefixes of their own.
    inner = text.zfill(14)[1:]
    return len(text) == _SHORT or not inner.startswith(_OWN)


def is_stamp(text: str) -> bool:
    """Return whether a text is a day, with a time and its zone or without."""
    found = _STAMP.fullmatch(text)
    if found is None:
        return False
    try:
        date.fromisoformat(found[1])
    except ValueError:
        return False
    return True


def is_span(text: str) -> bool:
    """Return whether a text is two stamps with a slash, in order."""
    first, slash, last = text.partition("/")
    return bool(slash) and is_stamp(first) and is_stamp(last) and first <= last


FORMS: Final[Mapping[str, Callable[[str], bool]]] = {
    "price": is_price,
    "amount": is_amount,
    "url": lambda text: _URL.fullmatch(text) is not None,
    "picture": lambda text: _PICTURE.fullmatch(text) is not None,
    "picture_https": lambda text: text.startswith("https://") and _PICTURE.fullmatch(text) is not None,
    "meli_category": lambda text: _MELI.fullmatch(text) is not None,
    "gtin": is_gtin,
    "stamp": is_stamp,
    "span": is_span,
    "weight": lambda text: _WEIGHT.fullmatch(text) is not None,
    "country": lambda text: _COUNTRY.fullmatch(text) is not None,
    "whole": lambda text: _WHOLE.fullmatch(text) is not None,
    "stars": lambda text: _STARS.fullmatch(text) is not None,
    "days": lambda text: _DAYS.fullmatch(text) is not None,
}
