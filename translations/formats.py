r"""Numbers, money, dates and lists as the readers of a market write them, with Babel and its known faults mended.

Numbers look as their market has them, never as the bare language does: ``es`` writes a comma, ``es-MX`` a point. Money
across borders carries the ISO code, for ``$`` is six currencies in the Americas. Nothing is rounded here: the decimals
that come in are those that go out, since formatting is not arithmetic.

>>> import datetime
>>> number("1234.50", "es-AR"), number("1234.50", "es-MX"), number("-0.5", "es-CR")
('1.234,50', '1,234.50', '-0,5')
>>> money("1250", "CLP", "es-CL"), percent("16.5", "es"), day(datetime.date(2026, 12, 24), "es-US")
('CLP\xa01.250', '16,5\xa0%', '24 de diciembre de 2026')
>>> listed(["rojo", "azul", "índigo"], "es-MX"), listed(["siete", "ocho"], "es-AR", or_=True)
('rojo, azul e índigo', 'siete u ocho')
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent, get_decimal_symbol, get_group_symbol

from translations import euphony, locales
from translations.numbers import AmbiguousNumberError, NumberError, read_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from babel import Locale as CldrLocale

_SPACES: Final = re.compile("[\u00a0\u2007\u2009\u202f]")


def number(value: Decimal | str, tag: str, *, grouped: bool = True) -> str:
    """Return a decimal as the market writes it, with exactly the decimals it has; ``grouped`` with its thousands."""
    return decimal(Decimal(value), locales.of(tag).cldr, grouped=grouped)


def decimal(value: Decimal, cldr: CldrLocale | str, *, grouped: bool = True) -> str:
    """Return the same for a locale of Babel, such as that of a page's reader; NumberError for what is no number."""
    if not value.is_finite():
        raise NumberError(str(value))
    text = f"{value:f}"
    digits = len(text.partition(".")[2])
    pattern = ("#,##0" if grouped else "0") + ("." + "0" * digits if digits else "")
    return format_decimal(Decimal(text), pattern, cldr, group_separator=grouped)


def money(amount: Decimal | str, currency: str, tag: str) -> str:
    """Return an amount behind the ISO code of its currency, on one line; it must have the decimals it is to show."""
    return f"{currency}\u00a0{number(amount, tag)}"


def percent(value: Decimal | str, tag: str) -> str:
    r"""Return per cent, with a space that does not break where the market writes one.

    >>> percent("50", "es-MX"), percent("50", "es")
    ('50%', '50\xa0%')
    """
    return number(value, tag) + percent_sign(tag)


def percent_sign(tag: str) -> str:
    """Return the sign of per cent with the space before it, if the market writes one."""
    shown = format_percent(0, locale=locales.of(tag).cldr)
    return shown.removeprefix("0")


def day(value: date, tag: str) -> str:
    """Return a date written out: in figures it would be another day in the next country."""
    return format_date(value, "long", locales.of(tag).cldr)


def listed(items: Sequence[str], tag: str, *, or_: bool = False) -> str:
    """Return items as a list in a sentence, joined by *and*, with ``or_`` by *or*; in Spanish *e* and *u* where due."""
    locale = locales.of(tag)
    if locale.language == "es" and len(items) > 1:
        joint = euphony.before(items[-1], or_=or_)
        return f"{', '.join(items[:-1])} {joint} {items[-1]}"
    return format_list(list(items), "or" if or_ else "standard", locale.cldr)


def plain_spaces(text: str) -> str:
    """Return a text with plain spaces for those that do not break: for comparing, never for parting."""
    return _SPACES.sub(" ", text)


def read(text: str, tag: str) -> Decimal:
    """Read a number as the market writes it, and in no other way.

    >>> read("1.250", "es-AR"), read("1.250", "es-MX"), read("1 250,5", "es-CR")
    (Decimal('1250'), Decimal('1.250'), Decimal('1250.5'))

    Raises AmbiguousNumberError for what is a number elsewhere, so that one can ask, NumberError for what is none.

    >>> read("12,5", "es-MX")
    Traceback (most recent call last):
        ...
    translations.numbers.AmbiguousNumberError: 12,5 is no number in es-MX, whose decimals follow a '.'
    """
    cldr = locales.of(tag).cldr
    point, group = get_decimal_symbol(cldr), get_group_symbol(cldr)
    compact = plain_spaces(text.strip()).replace("\u2212", "-").replace("’", "'")
    strict = re.compile(
        rf"[+-]?(?:\d{{1,3}}(?:[{re.escape(plain_spaces(group))} ']\d{{3}})+|\d+)(?:{re.escape(point)}\d+)?", re.ASCII
    )
    if strict.fullmatch(compact):
        whole, _, fraction = compact.partition(point)
        return Decimal(f"{re.sub(r'[^0-9+-]', '', whole)}.{fraction}".removesuffix("."))
    try:
        read_number(compact.lstrip("+-"))
    except AmbiguousNumberError:
        pass
    except NumberError:
        raise NumberError(f"{text!r} is no number") from None
    raise AmbiguousNumberError(f"{text} is no number in {tag}, whose decimals follow a {point!r}")
