"""Numbers, units and money: equal in value after conversion, none lost, none invented, written as the market does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from translations import locales, measures
from translations.checks.words import words
from translations.findings import Finding
from translations.measures import Amount
from translations.units import units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from translations.checks.case import Case, Stretch
    from translations.units import Unit

_KINDS: Final = frozenset({"number", "unit", "size"})
_FRACTIONS: Final = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "0.333", "⅔": "0.667", "⅛": "0.125"}
_NUMBER: Final = re.compile(r"\d+(?:[.,'’\u00a0\u202f]\d+)*|[½¼¾⅓⅔⅛]")
_MOST: Final = 200
# Sellers write both in neutral Spanish: CLDR says comma for "es" and point for "es-419".
_EITHER: Final = frozenset({"es"})
_SMALL: Final = {
    "es": ("un", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"),
    "pt": ("um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze"),
    "en": ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
}
_ALSO: Final = {"un": ("uno", "una", "único", "única"), "um": ("uma", "único", "única"), "dois": ("duas", "par")}
_ALSO_EN: Final = {"one": ("single", "a", "an"), "two": ("pair", "double"), "twelve": ("dozen",)}
_MONEY: Final = re.compile(
    r"(?P<code>(?<![A-Za-z])[A-Z]{3}(?=[\s\u00a0]?\$?[\s\u00a0]?\d))?[\s\u00a0]?(?P<sign>(?<![A-Za-z$])\$)"
    r"[\s\u00a0]?(?P<number>\d[\d.,]*\d|\d)(?P<after>[\s\u00a0][A-Z]{3}(?![A-Za-z]))?"
)
_CODED: Final = re.compile(
    r"(?<![A-Za-z])(?P<before>[A-Z]{3})[\s\u00a0]?\$?[\s\u00a0]?\d|\d[\s\u00a0](?P<after>[A-Z]{3})(?![A-Za-z])"
    r"|(?P<sign>US|R|MX|RD|C|A)\$"
)
# What a size is about in another system, behind the maker's own: the table writes it, and it is no number of the text.
_ABOUT: Final = re.compile(r"(?<=[A-Z0-9])[ \u00a0]\(≈ [^()]{1,40}\)")
_SIGNS: Final = {"US": "USD", "R": "BRL", "MX": "MXN", "RD": "DOP", "A": "AUD"}
# C$ is the córdoba in Nicaragua and the dollar in Canada; elsewhere nobody can know unless the offer says which.
_CORDOBA_OR_DOLLAR: Final = {"NI": "NIO", "CA": "CAD"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it may be read, with its unit; several values where the market writes it both ways."""

    text: str
    values: frozenset[Decimal]
    unit: Unit | None
    start: int
    end: int


def equal(case: Case) -> Iterator[Finding]:
    """Find quantities that the target lost, invented or changed."""
    wanted = quantities(case.source_marks, case.context.source)
    about = [found.span() for found in _ABOUT.finditer(case.target)]
    there = [
        one
        for one in quantities(case.target_marks, case.context.target)
        if not any(start < one.start < end for start, end in about)
    ]
    lost, extra = _unmatched(wanted, there)
    lost = [one for one in lost if not _said_in_words(one, case.target, case.language)]
    extra = [one for one in extra if not _said_in_words(one, case.source, case.source_language)]
    if len(lost) == len(extra):
        for one, other in zip(lost, extra, strict=True):
            values = {"found": _shown(other), "wanted": _shown(one)}
            fix = _rewritten(one, case) if one.unit == other.unit else None
            yield Finding("number_unit_equal", "block", (other.start, other.end), "number.changed", values, fix)
        return
    for other in extra:
        yield Finding("number_unit_equal", "block", (other.start, other.end), "number.new", {"found": _shown(other)})
    end = len(case.target)
    for one in lost:
        yield Finding("number_unit_equal", "block", (end, end), "number.lost", {"wanted": _shown(one)})


def separators(case: Case) -> Iterator[Finding]:
    """Find decimals that are not written as the target market writes them."""
    signs = decimal_signs(case.context.target)
    if len(signs) > 1:
        return
    sign = next(iter(signs))
    other = "," if sign == "." else "."
    for one in quantities(case.target_marks, case.context.target):
        if _well_formed(one.text, sign) or not _well_formed(one.text, other):
            continue
        fix = _swapped(one.text)
        values = {"found": one.text, "wanted": fix}
        yield Finding("decimal_separator", "block", (one.start, one.end), "decimal_separator", values, fix)


def currencies(case: Case) -> Iterator[Finding]:
    """Find amounts whose currency nobody can know, or that is not the source's."""
    known = words("currencies")
    offered = case.context.currency
    said = _codes(case.source, case.context.source, offered) | ({offered} if offered else set())
    for found in _MONEY.finditer(case.target):
        if (found["code"] or "") in known or (found["after"] or "").strip() in known:
            continue
        start, end = found.start("sign"), found.end("number")
        # Only where one currency is known can the sign be told apart.
        fix = f"{next(iter(said))} {found['number']}" if len(said) == 1 else None
        yield Finding(
            "currency_code", "block", (start, end), "currency_code.absent", {"found": case.target[start:end]}, fix
        )
    if not said:
        return
    for found in _CODED.finditer(case.target):
        code = _code(found, case.context.target, next(iter(said)) if len(said) == 1 else "")
        group = "sign" if found["sign"] else "before" if found["before"] else "after"
        if code in known and code not in said:
            values = {"found": code, "wanted": ", ".join(sorted(said))}
            yield Finding("currency_code", "block", found.span(group), "currency_code.other", values)


def decimal_signs(locale: str) -> frozenset[str]:
    """Return the signs that a decimal may have in a locale.

    >>> sorted(decimal_signs("es-MX")), sorted(decimal_signs("pt-BR")), sorted(decimal_signs("es"))
    (['.'], [','], [',', '.'])
    """
    if locale in _EITHER or not locales.known(locale):
        return frozenset({",", "."})
    return frozenset({locales.of(locale).decimal})


def quantities(stretches: Iterable[Stretch], locale: str) -> list[Quantity]:
    """Return every number among the stretches, with its unit where it has one."""
    found = []
    signs = decimal_signs(locale)
    for one in stretches:
        if one.kind not in _KINDS:
            continue
        whole = measures.read(one.text, locale) if one.kind == "unit" and locales.known(locale) else None
        for amount in _bare(one.text) if whole is None else _amounts(whole):
            values = _values(amount, signs)
            if values:
                start = one.start + amount.start
                found.append(Quantity(amount.text, values, amount.unit, start, start + len(amount.text)))
    return found


def _amounts(whole: measures.Quantity) -> Iterator[Amount]:
    """Return the amounts; how many pieces there are counts once where both units are given."""
    yield from whole.amounts
    if whole.other is not None:
        yield from (amount for amount in whole.other.amounts if amount.unit is not None)


def _bare(text: str) -> list[Amount]:
    return [Amount(number[0], None, None, number.start()) for number in _NUMBER.finditer(text)]


def _values(amount: Amount, signs: frozenset[str]) -> frozenset[Decimal]:
    """Return what a number may be worth: a written-out fraction one thing, others one for each manner of the market."""
    if not _NUMBER.fullmatch(amount.text):
        return frozenset() if amount.value is None else frozenset({amount.value})
    below = -1 if amount.value is not None and amount.value < 0 else 1
    return frozenset(below * value for sign in signs if (value := _read(amount.text, sign)) is not None)


def _read(text: str, sign: str) -> Decimal | None:
    if text in _FRACTIONS:
        return Decimal(_FRACTIONS[text])
    style = sign if _well_formed(text, sign) else "," if sign == "." else "."
    plain = re.sub(rf"[^\d{re.escape(style)}]", "", text).replace(style, ".")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _well_formed(text: str, sign: str) -> bool:
    """Whether a number is written with that decimal sign: groups of three by the other, one decimal sign at most."""
    if not text[0].isdigit():
        return True
    groups = r"[.'’\u00a0\u202f]" if sign == "," else r"[,'’\u00a0\u202f]"
    return re.fullmatch(rf"(?:\d{{1,3}}(?:{groups}\d{{3}})+|\d+)(?:{re.escape(sign)}\d+)?", text) is not None


def _unmatched(wanted: list[Quantity], there: list[Quantity]) -> tuple[list[Quantity], list[Quantity]]:
    """Return what of the source has nothing of its value in the target, and what of the target nothing in the source.

    A text of thousands of numbers is compared one to one; only so many that are left are looked at for conversions.
    """
    waiting: dict[object, list[Quantity]] = {}
    for other in there:
        waiting.setdefault(_same_key(other), []).append(other)
    lost = [one for one in wanted if not _took(waiting, one)][:_MOST]
    extra = sorted((other for left in waiting.values() for other in left), key=lambda other: other.start)[:_MOST]
    for same in (_is_same, _is_converted):
        for one in list(lost):
            found = next((other for other in extra if same(one, other)), None)
            if found is not None:
                lost.remove(one)
                extra.remove(found)
    # The same measure may stand twice, in the buyer's unit and in the maker's.
    lost = [one for one in lost if not any(_is_converted(one, other) for other in there[:_MOST])]
    extra = [other for other in extra if not any(_is_converted(one, other) for one in wanted[:_MOST])]
    return lost, extra


def _same_key(one: Quantity) -> tuple[frozenset[Decimal], str]:
    return one.values, "" if one.unit is None else one.unit.key


def _took(waiting: dict[object, list[Quantity]], one: Quantity) -> bool:
    same = waiting.get(_same_key(one))
    if not same:
        return False
    same.pop(0)
    return True


def _is_same(one: Quantity, other: Quantity) -> bool:
    return bool(one.values & other.values) and one.unit == other.unit


def _is_converted(one: Quantity, other: Quantity) -> bool:
    first, second = one.unit, other.unit
    if first is None or second is None or first == second:
        return False
    pair = {first.dimension, second.dimension}
    if pair == {"weight", "volume"} and "oz" in {first.key, second.key}:
        # Sellers write "12 oz" of liquids too.
        fluid = units()["fl oz"]
        first, second = (fluid if unit.key == "oz" else unit for unit in (first, second))
    return any(
        measures.agree(Amount(one.text, a, first), Amount(other.text, b, second))
        for a in one.values
        for b in other.values
    )


def _said_in_words(one: Quantity, text: str, language: str) -> bool:
    """Whether a small count is said in words in the other text: "2 piezas", "two pieces"."""
    words = _SMALL.get(language, ())
    value = next(iter(one.values))
    if one.unit is not None or len(one.values) > 1 or value != int(value) or not 1 <= value <= len(words):
        return False
    word = words[int(value) - 1]
    said = (word, *_ALSO.get(word, ()), *_ALSO_EN.get(word, ()))
    return any(re.search(rf"(?<!\w){form}(?!\w)", text, re.IGNORECASE) for form in said)


def _shown(one: Quantity) -> str:
    return one.text if one.unit is None else f"{one.text} {one.unit.symbols[0] if one.unit.symbols else one.unit.key}"


def _rewritten(one: Quantity, case: Case) -> str | None:
    """Return a source number as the target writes it, where there is no doubt about its value."""
    source, target = decimal_signs(case.context.source), decimal_signs(case.context.target)
    if one.text.isdigit() or source == target:
        return one.text
    if len(source) > 1 or len(target) > 1:
        return None
    return _swapped(one.text)


def _swapped(text: str) -> str:
    """Return a number with comma and point in each other's place."""
    return text.translate({ord(","): ".", ord("."): ","})


def _codes(text: str, locale: str, offered: str) -> set[str]:
    codes = (_code(one, locale, offered) for one in _CODED.finditer(text))
    return {code for code in codes if code is not None and code in words("currencies")}


def _code(found: re.Match[str], locale: str, offered: str) -> str | None:
    """Return the currency of an amount as a market reads it; ``offered`` is the one that is known, if one is."""
    if found["sign"] != "C":
        return _SIGNS.get(found["sign"] or "") or found["before"] or found["after"]
    here = _CORDOBA_OR_DOLLAR.get(locale.partition("-")[2])
    return here or (offered if offered in _CORDOBA_OR_DOLLAR.values() else None)
