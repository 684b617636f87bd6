"""The special column of the US schedule: groups of a rate and the programmes it is for.

``Free (AU,BH, CL) 2.8% (JP) See 9822.05.20 (P+)``: a rate for some, another for Japan, and for ``P+`` a quota heading
of chapter 98, which is not Free. Blanks are left out or doubled at will, and one cell reads ``(PA (PA)``.
"""

import re
from functools import lru_cache
from typing import Final

from landed_cost.expressions import parse
from landed_cost.expressions.lexer import RateSyntaxError

Group = tuple[tuple[str, ...], str | None, tuple[str, ...]]

_SYMBOL: Final = r"[A-Z]{1,2}[+*]?"
_SYMBOLS: Final = re.compile(rf"\(\s*({_SYMBOL}(?:[\s,]+{_SYMBOL})*)\s*\)")
_TWICE: Final = re.compile(rf"\(\s*({_SYMBOL})\s*(?=\(\1\))")
_HEADING: Final = re.compile(r"\d[\d.]*\d")
_DIGITS: Final = 8


@lru_cache(maxsize=8192)
def read_special(text: str) -> tuple[Group, ...]:
    """Return the groups of a cell: symbols in order, the rate's text or ``None``, the headings to see instead.

    A cell without symbols (chapters 98 and 99) is one group for no programme in particular. Raises
    ``RateSyntaxError`` for a rate that the grammar does not have.

    >>> read_special("Free(CL, PE)2.8% (JP) See 9822.05.20 (P+)")
    ((('CL', 'PE'), 'Free', ()), (('JP',), '2.8%', ()), (('P+',), None, ('9822.05.20',)))
    """
    printed = _TWICE.sub("", " ".join(text.split()))
    if not printed:
        return ()
    groups = []
    start = 0
    for match in _SYMBOLS.finditer(printed):
        symbols = tuple(re.findall(_SYMBOL, match.group(1)))
        groups.append(_group(symbols, printed[start : match.start()].strip(), printed))
        start = match.end()
    rest = printed[start:].strip()
    if rest:
        if groups:
            raise RateSyntaxError(printed, start, "programme symbols in brackets, such as (CL,PE)")
        groups.append(_group((), rest, printed))
    return tuple(groups)


def _group(symbols: tuple[str, ...], rate: str, printed: str) -> Group:
    if rate.startswith("See U.S. note"):
        return symbols, None, (rate.removeprefix("See "),)
    if rate.startswith("See "):
        return symbols, None, tuple(_headings(rate.removeprefix("See "), printed))
    return symbols, parse(rate).text, ()


def _headings(text: str, printed: str) -> list[str]:
    found = []
    for span in text.split(","):
        ends = [_heading(end.strip(), printed) for end in span.split("-")]
        found.append("-".join(ends))
    return found


def _heading(text: str, printed: str) -> str:
    digits = text.replace(".", "")
    if _HEADING.fullmatch(text) is None or len(digits) != _DIGITS:
        raise RateSyntaxError(printed, max(printed.find(text), 0), "a heading such as 9822.05.20")
    # Dots stand in the wrong place now and then (99.19.04.14); the digits are right.
    return f"{digits[:4]}.{digits[4:6]}.{digits[6:]}"
