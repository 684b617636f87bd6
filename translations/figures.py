r"""Numbers and sums in a text, written anew for another market, or left as they are where that could mislead.

What can be read in two ways stays as it is, and so does what is no plain number: dates, times, telephone numbers.
A sum keeps its currency by ISO code; a bare ``$`` says six currencies, so that sum stays untouched for a person to see.

>>> figure("1.250,50", "es-AR", "en-US"), figure("1.250", "es-419", "en-US"), figure("2026-11-27", "es-AR", "en-US")
('1,250.50', '1.250', '2026-11-27')
>>> figure("R$ 45,90", "pt-BR", "es-MX"), figure("$45.90", "es-MX", "es-AR"), figure("3.ª", "es", "en")
('BRL\xa045.90', '$45.90', '3rd')
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

from translations import formats, locales
from translations.numbers import AmbiguousNumberError, NumberError, read_number
from translations.shapes import SUM
from translations.units import NUMBER

# Both signs are at home in these: what is not clear by itself is not clear.
_NEUTRAL: Final = frozenset({"es", "es-419"})
_FRACTIONS: Final = {"½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅓": (1, 3), "⅔": (2, 3), "⅛": (1, 8)}
_FRACTION: Final = re.compile(
    r"(?:(?P<whole>\d+)[ \u00a0]?)?(?:(?P<top>\d{1,2})/(?P<bottom>\d{1,2})|(?P<sign>[½¼¾⅓⅔⅛]))"
)
_WITH_SIGN: Final = re.compile(r"[.,'’\u00a0\u202f]")
_ORDINAL: Final = re.compile(r"(?P<number>\d{1,4})(?:\.?(?P<end>[ºª])|(?P<letters>[a-z]{2}))")
_FEMININE: Final = frozenset({"ra", "da", "ta", "ma", "va", "na"})
_PARTS: Final = re.compile(rf"{NUMBER}")
_NUMBERS: Final = re.compile(rf"[+~≈±−-]?{NUMBER}(?:[ \u00a0]?[x×–-][ \u00a0]?{NUMBER})*")
# Signs that mean one currency alone. $, C$, L, ¥ and S/ with a figure behind it in other uses are not among them.
_SIGNS: Final = {
    "R$": "BRL", "US$": "USD", "MX$": "MXN", "RD$": "DOP", "$U": "UYU", "€": "EUR", "£": "GBP", "₡": "CRC", "₲": "PYG",
}  # fmt: skip


def value(text: str, tag: str, *, lenient: bool = True, large: bool = False) -> Decimal | None:
    """Return what a number in a text is worth, None where that is not certain.

    A fraction counts. ``lenient`` also reads what is written in the other manner and clear all the same (``12.5`` in
    Argentina); without it such a number is taken for a name or version. A sign before three digits is not trusted
    against all likelihood, for people mix the manners: with a ``large`` unit (kilo, litre, metre) it must mean
    decimals, else thousands.

    >>> value("12.5", "es-AR"), value("1.250", "es-AR"), value("1.250", "es"), value("1½", "es")
    (Decimal('12.5'), Decimal('1250'), None, Decimal('1.5'))
    >>> value("1,250", "es-AR", large=True), value("1.250", "es-AR", large=True), value("1,250", "es-AR")
    (Decimal('1.250'), None, None)
    """
    found = _FRACTION.fullmatch(text)
    if found:
        bottom = int(found["bottom"] or 0)
        if found["top"] and not bottom:
            return None
        part = Fraction(*_FRACTIONS[found["sign"]]) if found["sign"] else Fraction(int(found["top"]), bottom)
        exact = int(found["whole"] or 0) + part
        return Decimal(exact.numerator) / Decimal(exact.denominator)
    locale = locales.of(tag)
    if locale.tag not in _NEUTRAL:
        try:
            worth = formats.read(text, locale.tag)
            return worth if not _either(text) or bool(_decimals(worth)) == large else None
        except NumberError:
            if not lenient:
                return None
    try:
        return Decimal(read_number(text))
    except NumberError:
        return None


def number(text: str, source: str, target: str, *, lenient: bool = True, large: bool = False) -> str:
    """Return one number written for the target; grouped where it was grouped, with the decimals it had."""
    if not _WITH_SIGN.search(text) or _FRACTION.fullmatch(text):
        return text
    worth = value(text, source, lenient=lenient, large=large)
    if worth is None:
        return text
    whole = re.split(r"[.,](?=\d*$)", text)[0] if _decimals(worth) else text
    return written(worth, target, grouped=bool(_WITH_SIGN.search(whole)))


def written(worth: Decimal, target: str, *, grouped: bool = True) -> str:
    """Return a number as the target writes it; without signs between thousands where both manners have readers.

    >>> written(Decimal("1250"), "es-MX"), written(Decimal("1250"), "es-419")
    ('1,250', '1250')
    """
    return formats.number(worth, target, grouped=grouped and locales.of(target).tag not in _NEUTRAL)


def figure(text: str, source: str, target: str) -> str:
    """Return a number, several, a sum or an ordinal written for the target; all else comes back unchanged."""
    if locales.of(source).tag == locales.of(target).tag:
        return text
    if SUM.fullmatch(text):
        return _sum(text, source, target)
    ordinal = _ORDINAL.fullmatch(text)
    if ordinal:
        return _ordinal(ordinal, text, locales.of(target).language)
    if _NUMBERS.fullmatch(text):
        return _PARTS.sub(lambda found: number(found[0], source, target, lenient=False), text)
    return text


def _sum(text: str, source: str, target: str) -> str:
    found = _PARTS.search(text)
    if found is None:
        return text
    around = f"{text[: found.start()]} {text[found.end() :]}".split()
    codes = [_SIGNS.get(each, each if re.fullmatch("[A-Z]{3}", each) else "") for each in around if each != "$"]
    amount = value(found[0], source)
    if len(set(codes)) != 1 or not codes[0] or amount is None:
        return text
    return f"{codes[0]}\u00a0{number(found[0], source, target)}"


def _ordinal(found: re.Match[str], text: str, language: str) -> str:
    """Return an ordinal in figures; English has no gender, so that what comes from it is masculine."""
    count = int(found["number"])
    feminine = found["end"] == "ª" or found["letters"] in _FEMININE
    if language == "en":
        last = count % 100
        return f"{count}{'th' if last in {11, 12, 13} else {1: 'st', 2: 'nd', 3: 'rd'}.get(count % 10, 'th')}"
    if language == "es":
        return f"{count}.{'ª' if feminine else 'º'}"
    return f"{count}{'ª' if feminine else 'º'}" if language == "pt" else text


def _either(text: str) -> bool:
    """Whether a number is one here and another there, such as 1.250."""
    try:
        read_number(text)
    except AmbiguousNumberError:
        return True
    except NumberError:
        return False
    return False


def _decimals(worth: Decimal) -> int:
    exponent = worth.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
