"""The units that sellers write behind a number, read from a table, and the shape of a quantity in running text.

A quantity is one number or several with a unit: ``12,5 cm``, ``30 x 40 cm``, ``10 a 12 cm``, ``3 × 500 ml``, ``30%``.
It is one thing as a whole: who took ``12 cm`` alone out of ``10 a 12 cm`` and converted that would leave a wrong 10.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLE: Final = Path(__file__).parent / "data" / "units.yaml"

# Digits with the signs that stand between digits: 1.250,50 · 1'250 · 1 250 with a space that does not break; 2½, 3/4.
_FRACTION: Final = "[½¼¾⅓⅔⅛]"
_WRITTEN: Final = r"(?:[ \u00a0]\d{1,2})?/\d{1,2}(?!\d)"
NUMBER: Final = rf"(?:\d++(?:[.,'’\u00a0\u202f]\d++)*+(?:[ \u00a0]?{_FRACTION}|{_WRITTEN})?|{_FRACTION})"
# Signs join numbers that may each have a unit, words only numbers that share the last one.
MINUS: Final = r"(?:(?<!\w)(?<!\d )[−-](?=[\d½¼¾⅓⅔⅛]))"
SPACE: Final = "[ \u00a0\u202f]?"
SIGN: Final = r"[ \u00a0]?[x×*–-][ \u00a0]?"
WORD: Final = r"[ \u00a0](?:a|to|por|by|até|hasta|y|e|and|o|u|ou|or)[ \u00a0]"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit and how it is written; ``one`` is its size in the base of its dimension, None: it has no factor.

    ``shown`` is how a language writes it where not by its key.
    """

    key: str
    dimension: str
    one: Decimal | None
    shown: Mapping[str, str] = field(hash=False)
    symbols: tuple[str, ...]
    words: tuple[str, ...]


@lru_cache
def units() -> dict[str, Unit]:
    """Return the units of the table by key."""
    rows = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return {
        row["key"]: Unit(
            row["key"],
            row["dimension"],
            Decimal(row["one"]) if "one" in row else None,
            row.get("shown", {}),
            tuple(row["symbols"]),
            tuple(row["words"]),
        )
        for row in rows
    }


@lru_cache
def _spellings() -> tuple[dict[str, Unit], dict[str, Unit]]:
    inch = {"in": units()["in"], '"': units()["in"]}
    symbols = {spelling: unit for unit in units().values() for spelling in unit.symbols}
    return symbols | inch, {spelling: unit for unit in units().values() for spelling in unit.words}


def unit_of(spelling: str) -> Unit | None:
    """Return the unit that is written so, or None: a symbol in its own letters, a word in any.

    >>> unit_of("Pulgadas").key, unit_of("M")
    ('in', None)
    """
    symbols, words = _spellings()
    return symbols.get(spelling) or words.get(spelling.lower())


@lru_cache
def spelled() -> str:
    """Return the pattern of a unit behind a number.

    English ``in`` is also a word ("3 in 1", "5 in stock"): alone it counts only before the end, a bracket or a comma.
    """
    symbols = "|".join(map(re.escape, sorted((s for u in units().values() for s in u.symbols), key=len, reverse=True)))
    words = "|".join(map(re.escape, sorted((w for u in units().values() for w in u.words), key=len, reverse=True)))
    inches = r'in(?=\s*(?:$|[),;.:×/(]|x\s*\d))|(?<=[\d½¼¾⅓⅔⅛])"'
    return rf"(?:(?:{symbols}|(?i:{words}))(?![\w²³°]|/\w)|{inches})"


@lru_cache
def quantity() -> re.Pattern[str]:
    """Return the pattern of a quantity, with the same in another unit behind it where the text has both."""
    unit = rf"{SPACE}{spelled()}"
    number = f"{MINUS}?{NUMBER}"
    one = rf"(?:[~≈±]{SPACE})?(?:{number}(?:(?:{unit})?{SIGN}|{WORD})){{0,3}}{number}{unit}"
    return re.compile(rf"(?<![\w.,/])(?<![^\W\d_]-){one}(?:[ \u00a0]\({one}\)|[ \u00a0]?/[ \u00a0]?{one})?")
