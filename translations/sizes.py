"""Sizes in other systems, as suggestions: the maker's size and its system always stay, what is added is *about*.

Nothing is converted twice and nothing is guessed: where sources differ the suggestion is a span, where a market's
system is not known (Mexico's is not: sources contradict one another) it is the length of the foot in centimetres.
Numbers are converted for shoes alone, where the seller says that the goods are shoes, and only with their system.

>>> localised("Talla CH", "es-MX", "en-US"), localised("talla M", "es-MX", "pt-BR"), localised("size L", "en", "pt-BR")
('Size CH (≈ S)', 'tamanho M', 'tamanho L (≈ G)')
>>> localised("talla 42 EU", "es-MX", "pt-BR"), localised("talla 42 EU", "es-MX", "pt-BR", footwear=True)
('tamanho 42 EU', 'tamanho 42 EU (≈ 40 BR)')
>>> suggestion("42", "EU", "pt-BR"), suggestion("42", "EU", "es-US", "men"), suggestion("42", "EU", "es-MX")
('40 BR', '9–9.5 US', '26.5 cm')
>>> letter("GG", "BR", "es-MX"), letter("L", "MX", "pt-BR")
('XL', 'G')
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import yaml

from translations import formats, locales
from translations.numbers import NumberError, read_number
from translations.shapes import SIZED

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLE: Final = Path(__file__).parent / "data" / "sizes.yaml"
# How Google Merchant and others name the systems we can be given.
_SAME: Final = {"EUR": "EU", "MEX": "MX", "USA": "US"}
Wearer = Literal["men", "women"]
_NUMBERED: Final = re.compile(r"(?:(?P<before>[A-Z]{2,3})\s)?(?P<size>\d{1,2}(?:[.,]5)?)(?:\s(?P<after>[A-Z]{2,3}))?")
_LETTER: Final = re.compile(r"([/–-])")


class SizeError(ValueError):
    """A size that is no number, or outside what the table holds for adults."""


def suggestion(size: str, system: str, target: str, wearer: Wearer | None = None) -> str | None:
    """Return a shoe size for the buyers of a market, or the foot in centimetres; None where nothing can be said.

    ``system`` is the maker's: ``EU``, ``BR``, ``UK`` or ``US``, the last only with who wears it.
    """
    own = _SAME.get(system, system)
    european = _european(size, _column(own, wearer))
    if european is None:
        return None
    wanted = _table()["markets"].get(locales.of(target).territory or "")
    if wanted == own:
        return None
    column = _column(wanted, wearer) if wanted else None
    low, high = european
    if column is None:
        return _foot(low, high, target)
    least, most = (Decimal(each) for each in column)
    return f"{_span(low + least, high + most, target)} {wanted}"


def localised(text: str, source: str, target: str, *, footwear: bool = False) -> str:
    """Return a size as it stood in a text, its word in the target's language, with what it is about behind it.

    ``text`` has the word or not: ``Talla 42 EU``, ``S/M/L``. A letter without its word may be another thing, and stays.
    """
    if not (locales.known(source) and locales.known(target)):
        return text
    found = SIZED.fullmatch(text)
    word = "" if found is None else f"{_word(found['word'], target)}{found['gap']}"
    size = text if found is None else found["size"]
    about = _about(size, source, target, footwear=footwear, is_worded=found is not None)
    return f"{word}{size}" if about is None else f"{word}{size} (≈ {about})"


def _word(word: str, target: str) -> str:
    """Return what a size is called in a market, in the number and with the capital of the source's word."""
    words: Mapping[str, tuple[str, str]] = _table()["words"]
    for tag in locales.chain(target):
        if tag in words:
            said = words[tag][word.casefold().endswith("s")]
            return said.capitalize() if word[:1].isupper() else said
    return word


def _about(size: str, source: str, target: str, *, footwear: bool, is_worded: bool) -> str | None:
    numbered = _NUMBERED.fullmatch(size)
    if numbered is not None:
        system = numbered["before"] or numbered["after"]
        try:
            return suggestion(numbered["size"], system, target) if footwear and system else None
        except SizeError:
            return None
    if not is_worded:
        return None
    market = locales.of(source).territory or ("BR" if source == "pt" else "")
    parts = _LETTER.split(size)
    said = [part if _LETTER.fullmatch(part) else letter(part, market, target) for part in parts]
    return None if said == parts else "".join(one for one in said if one) if all(said) else None


def letter(size: str, market: str, target: str) -> str | None:
    """Return a letter of clothing as the target's market has it, None for what is no letter there."""
    tables: Mapping[str, Mapping[str, str]] = _table()["letters"]
    there = locales.of(target).territory or ""
    own = tables.get(market, {})
    # The letter that most share is read in those markets too.
    common = size if market not in tables or (size in own.values() and size not in own) else own.get(size)
    if common is None or there not in _table()["readers"]:
        return common
    return next((own for own, other in tables[there].items() if other == common), None)


def _column(system: str, wearer: Wearer | None) -> tuple[str, str] | None:
    systems: Mapping[str, tuple[str, str]] = _table()["shoes"]["systems"]
    return systems.get(system) or (systems.get(f"{system}-{wearer}") if wearer else None)


def _european(size: str, column: tuple[str, str] | None) -> tuple[Decimal, Decimal] | None:
    """Return the European size, or its span where sources differ; SizeError outside the sizes of adults."""
    if column is None:
        return None
    try:
        number = Decimal(read_number(size))
    except NumberError:
        raise SizeError(f"{size!r} is no shoe size") from None
    low, high = number - Decimal(column[1]), number - Decimal(column[0])
    shoes = _table()["shoes"]
    if high < shoes["least"] or low > shoes["most"]:
        raise SizeError(f"{size} is outside the sizes of adults, EU {shoes['least']} to {shoes['most']}")
    return low, high


def _foot(low: Decimal, high: Decimal, target: str) -> str:
    rule = {name: Decimal(text) for name, text in _table()["shoes"]["foot_cm"].items()}
    ends = []
    for european in (low, high):
        exact = european / rule["factor"] - rule["allowance"]
        ends.append((exact / rule["step"]).quantize(Decimal(1), ROUND_HALF_UP) * rule["step"])
    return f"{_span(ends[0], ends[1], target)} cm"


def _span(low: Decimal, high: Decimal, target: str) -> str:
    ends = [formats.number(f"{end.normalize():f}", target) for end in (low, high)]
    return ends[0] if low == high else "–".join(ends)


@lru_cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return table
