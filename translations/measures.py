"""Quantities in running text, written for another market by table: decimal sign, name of the unit, the unit itself.

Where inches and pounds come first, the metric quantity of the maker stays behind in brackets, and the other way round:
what is converted is a help, what the maker said is the fact. A limit is never rounded to where it no longer holds.

>>> localised("12,5 cm", "es-AR", "en-US"), localised("12,5 cm", "es-AR", "es-MX"), localised("7 in", "en-US", "pt-BR")
('4.9 in (12.5 cm)', '12.5 cm', '17,8 cm (7 pol.)')
>>> localised("10 kg", "es", "en-US", "most"), localised("10 kg", "es", "en-US", "least")
('22 lb (10 kg)', '22.1 lb (10 kg)')
>>> (
...     localised("30 x 40 cm", "es", "en-US"),
...     localised("3 × 500 ml", "es", "es-US"),
...     localised("10 a 12 cm", "es", "en-US"),
... )
('11.8 × 15.7 in (30 × 40 cm)', '3 × 16.9 fl oz (3 × 500 ml)', '3.9–4.7 in (10–12 cm)')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from translations import euphony, figures, formats, locales
from translations.units import MINUS, NUMBER, SIGN, WORD, Unit, quantity, spelled, unit_of, units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from translations.locales import Locale
    from translations.masks import Mark
    from translations.shapes import Bound

_TABLE: Final = Path(__file__).parent / "data" / "conversions.yaml"
_ROUNDING: Final = {"most": ROUND_FLOOR, "least": ROUND_CEILING, None: ROUND_HALF_UP}
_TIMES: Final = frozenset({"x", "×", "*", "por", "by"})
_RANGE: Final = frozenset({"-", "–", "a", "to", "até", "hasta"})
_AND: Final = {"es": "y", "pt": "e", "en": "and"}
_TO: Final = {"es": "a", "pt": "a", "en": "to"}
_OR: Final = {"es": "o", "pt": "ou", "en": "or"}
# Units of which "3 x 500" means three pieces of 500; of lengths it means sides.
_COUNTED: Final = frozenset({"weight", "volume", "small weight"})
# Of these nobody sells thousands: a sign before three digits means decimals.
_LARGE: Final = frozenset({"kg", "l", "m", "km", "lb", "gal", "ft", "yd"})
# How far rounding may move a measure: 3 % of it.
_CLOSE: Final = Decimal("0.03")
# A thousandth of an inch helps nobody.
_MOST_PLACES: Final = 3
_CELSIUS_ZERO: Final = Decimal(32)


@dataclass(frozen=True, slots=True)
class Amount:
    """One number of a quantity: as written, its worth (None: not certain) and its unit (None: a count of pieces).

    ``start`` is where it stands in the text that was read.
    """

    text: str
    value: Decimal | None
    unit: Unit | None
    start: int = 0


@dataclass(frozen=True, slots=True)
class Quantity:
    """Numbers with units and what joins them: ``×`` for sides or pieces, ``–`` for a range, else the word there was.

    ``near`` is the sign for *about* before it. ``other`` is the same in another unit, where the text has both.
    """

    amounts: tuple[Amount, ...]
    joints: tuple[str, ...]
    near: str = ""
    other: Quantity | None = None


def localise(mark: Mark, source: str, target: str) -> str:
    """Return what a mark shall show in the target: numbers, sums and quantities by table, all else as it is."""
    if mark.shown != mark.source or not (locales.known(source) and locales.known(target)):
        return mark.shown
    if mark.kind == "unit":
        return localised(mark.source, source, target, mark.bound)
    return figures.figure(mark.source, source, target) if mark.kind == "number" else mark.shown


def localised(text: str, source: str, target: str, bound: Bound | None = None) -> str:
    """Return a quantity written for the target; unchanged where it is none, or where its number could be another."""
    whole = read(text, source)
    if whole is None or any(each.value is None for each in every(whole)):
        return text
    here, there = locales.of(source), locales.of(target)
    if here.language == there.language and here.decimal == there.decimal and here.imperial == there.imperial:
        return text
    shown = _written(text, whole, source, target)
    turned = None if whole.other is not None or _british(whole, here) else _turned(whole, target, bound)
    return shown if turned is None else f"{_shown(turned, target)} ({shown})"


def read(text: str, tag: str) -> Quantity | None:
    """Read a text that is a quantity and nothing else, or return None.

    >>> [(str(each.value), each.unit.key) for each in read("1,5 m x 80 cm", "es-AR").amounts]
    [('1.5', 'm'), ('80', 'cm')]
    """
    if not quantity().fullmatch(text):
        return None
    end, start = _halves(text)
    main = _one(text, tag, 0, end)
    return main if start is None else Quantity(main.amounts, main.joints, main.near, _one(text, tag, start, len(text)))


def base(amount: Amount) -> tuple[str, Decimal] | None:
    """Return the dimension of an amount and its value in the base of it, or None when it has no certain value.

    For comparing quantities in different units: metres, grams, millilitres; what has no factor in its own unit.
    """
    if amount.value is None or amount.unit is None:
        return None
    if amount.unit.one is None:
        return amount.unit.key, amount.value
    return amount.unit.dimension, amount.value * amount.unit.one


def agree(one: Amount, other: Amount) -> bool:
    """Whether two amounts in different units may be the same measure, one of them rounded for its reader.

    >>> first, second = read("4.9 in (12.5 cm)", "en-US"), read("12,5 cm", "es-AR")
    >>> agree(first.amounts[0], second.amounts[0]), agree(first.other.amounts[0], second.amounts[0])
    (True, True)
    """
    if one.value is None or other.value is None:
        return False
    if one.unit == other.unit:
        return one.value == other.value
    if one.unit is None or other.unit is None:
        return False
    heat = {one.unit.key, other.unit.key} == {"°C", "°F"}
    if not heat and (one.unit.dimension != other.unit.dimension or one.unit.one is None or other.unit.one is None):
        return False
    there, back = _converted(one.value, one.unit, other.unit), _converted(other.value, other.unit, one.unit)
    if heat:
        return abs(there - other.value) <= 1 or abs(back - one.value) <= 1
    return abs(there - other.value) <= _CLOSE * abs(there)


def every(whole: Quantity) -> Sequence[Amount]:
    """Return the amounts of a quantity, those in the other unit too."""
    return (*whole.amounts, *(whole.other.amounts if whole.other else ()))


@lru_cache
def _tokens() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<near>[~≈±])|(?P<minus>{MINUS})|(?P<joint>{SIGN}|{WORD})|(?P<number>{NUMBER})|(?P<unit>{spelled()})"
    )


def _halves(text: str) -> tuple[int, int | None]:
    """Return where a quantity ends and where the same one in another unit begins, in brackets or after a stroke."""
    found = re.search(rf"[ \u00a0]\((?P<in>.+)\)$|(?<!\d)[ \u00a0]?/[ \u00a0]?(?P<after>[~≈±]?{NUMBER}.*)$", text)
    return (found.start(), found.start("in" if found["in"] else "after")) if found else (len(text), None)


def _one(text: str, tag: str, start: int, end: int) -> Quantity:
    numbers: list[re.Match[str]] = []
    held: list[Unit | None] = []
    joints: list[str] = []
    below: set[int] = set()
    near = ""
    for token in _tokens().finditer(text, start, end):
        if token["near"]:
            near = token["near"]
        elif token["minus"]:
            below.add(len(numbers))
        elif token["joint"]:
            word = token["joint"].strip(" \u00a0")
            joints.append("×" if word in _TIMES else "–" if word in _RANGE else word)
        elif token["number"]:
            numbers.append(token)
            held.append(None)
        elif held:
            held[-1] = unit_of(token["unit"])
    last = held[-1] if held else None
    following = last
    for place in range(len(held) - 1, -1, -1):
        counted = last is not None and last.dimension in _COUNTED and place < len(joints) and joints[place] == "×"
        if held[place] is None and not counted:
            held[place] = following
        following = held[place] or following
    amounts: list[Amount] = []
    for place, (each, unit) in enumerate(zip(numbers, held, strict=True)):
        value = figures.value(each[0], tag, large=unit is not None and unit.key in _LARGE)
        amounts.append(Amount(each[0], -value if value is not None and place in below else value, unit, each.start()))
    return Quantity(tuple(amounts), tuple(joints), near)


def _turned(whole: Quantity, target: str, bound: Bound | None) -> Quantity | None:
    """Return the quantity in the units of the target, None where it has them already or words join its numbers."""
    if any(joint not in {"×", "–"} for joint in whole.joints):
        return None
    table = _conversions()["imperial" if locales.of(target).imperial else "metric"]
    turned: list[Amount] = []
    for each in whole.amounts:
        if each.unit is None or each.value is None:
            turned.append(each)
            continue
        largest = max(abs(one.value) for one in whole.amounts if one.value is not None and one.unit == each.unit)
        line = next(
            (one for one in table.get(each.unit.key, ()) if largest < Decimal(one.get("below", "Infinity"))), None
        )
        if line is None:
            return None
        other = units()[line["to"]]
        value = _rounded(_converted(each.value, each.unit, other), line["places"], bound, heat=other.one is None)
        if value is None:
            return None
        turned.append(Amount("", value, other))
    return Quantity(tuple(turned), whole.joints, whole.near)


def _british(whole: Quantity, here: Locale) -> bool:
    """Whether a unit has the American name and another size where the text is from."""
    other = _conversions()["british"]
    names = {each.unit.key for each in whole.amounts if each.unit is not None}
    return here.territory in other["territories"] and not names.isdisjoint(other["units"])


def _converted(value: Decimal, unit: Unit, other: Unit) -> Decimal:
    if unit.one is not None and other.one is not None:
        return value * unit.one / other.one
    if unit.key == "°C":
        return value * 9 / 5 + _CELSIUS_ZERO
    return (value - _CELSIUS_ZERO) * 5 / 9


def _rounded(value: Decimal, places: int, bound: Bound | None, *, heat: bool) -> Decimal | None:
    """Return a value with so many decimals, or as many more as keep it close; none that are zero.

    None where three decimals do not. Temperatures have no nearness of their own: zero is a place like any other.
    """
    for digits in range(places, _MOST_PLACES + 1):
        near = value.quantize(Decimal(1).scaleb(-digits), rounding=_ROUNDING[bound])
        if heat or abs(near - value) <= _CLOSE * abs(value):
            # Adding nothing makes of a zero below zero a plain one.
            return near.quantize(Decimal(1)) + 0 if near == near.to_integral_value() else near.normalize()
    return None


def _shown(whole: Quantity, target: str) -> str:
    """Return a converted quantity: each unit once behind the numbers that share it."""
    language = locales.of(target).language
    parts: list[str] = []
    for place, each in enumerate(whole.amounts):
        following = whole.amounts[place + 1].unit if place + 1 < len(whole.amounts) else None
        text = figures.written(each.value or Decimal(0), target)
        if each.unit is not None and each.unit != following:
            text += _space(each.unit) + each.unit.shown.get(language, each.unit.key)
        joint = whole.joints[place] if place < len(whole.joints) else ""
        parts.append(text + (f" {joint} " if joint == "×" else _range(whole, language) if joint else ""))
    return whole.near + "".join(parts)


def _range(whole: Quantity, language: str) -> str:
    """Return what stands between the ends of a range: a dash, or a word where an end is below zero."""
    return f" {_TO[language]} " if any(each.value is not None and each.value < 0 for each in whole.amounts) else "–"


def _space(unit: Unit) -> str:
    return "" if unit.dimension == "temperature" else " "


def _written(text: str, whole: Quantity, source: str, target: str) -> str:
    """Return the text with its numbers, units and joints as the target writes them, and everything else as it stood."""
    here, there = locales.of(source).language, locales.of(target).language
    out: list[str] = []
    done = 0
    large = (each.unit is not None and each.unit.key in _LARGE for each in every(whole))
    for token in _tokens().finditer(text):
        out.append(text[done : token.start()])
        done = token.end()
        if token["number"]:
            out.append(figures.number(token["number"], source, target, large=next(large, False)))
        elif token["unit"]:
            out.append(token["unit"] if here == there else _named(token["unit"], out, target))
        elif token["joint"]:
            out.append(_joined(token["joint"], text[done:], here, there, _range(whole, there)))
        else:
            out.append(token[0])
    return "".join(out) + text[done:] if whole.amounts else text


def _named(spelling: str, before: list[str], target: str) -> str:
    unit = unit_of(spelling)
    if unit is None:
        return spelling
    if unit.key == "%":
        if before[-1:] and not before[-1].strip():
            before.pop()
        return formats.percent_sign(target)
    name = unit.shown.get(locales.of(target).language, unit.key)
    if unit.dimension == "memory" or name == "in" == spelling.strip('."″'):
        return spelling.strip(".")
    return f" {name}" if spelling in {'"', "″"} else name


def _joined(joint: str, following: str, here: str, there: str, range_: str) -> str:
    """Return what joins two numbers: signs as they are, words of sides and ranges as signs, *and* and *or* by table."""
    word = joint.strip(" \u00a0")
    if word in _TIMES:
        return joint if here == there and word in {"x", "×"} else " × "
    if here == there or word in {"-", "–"}:
        return joint
    if word in _RANGE:
        return range_
    or_ = word in {"o", "u", "ou", "or"}
    new = (_OR if or_ else _AND)[there]
    number = re.match(NUMBER, following)
    if there == "es" and number:
        new = euphony.before(number[0], or_=or_)
    return joint.replace(word, new)


@lru_cache
def _conversions() -> Mapping[str, Any]:
    table: Mapping[str, Any] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return table
