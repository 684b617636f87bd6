"""Codes of the Harmonized System: text of digits, leading zeros kept.

Six digits are the same everywhere; two or four more are a country's own. A code has an even number of digits: an odd
number is nearly always a leading zero that a spreadsheet swallowed, and adding it back would be a guess.

>>> normalise("6109.10.00 12")
'6109100012'
>>> dotted("6109100012")
'6109.10.00.12'
>>> normalise("901.21.00")
Traceback (most recent call last):
    ...
landed_cost.hs.HsCodeError: HS code '901.21.00' has 7 digits, an odd number; a leading zero may be lost: write 0901...
"""

import re
from typing import Final, Literal

Reason = Literal["characters", "short", "long", "odd", "chapter"]

_IGNORED: Final = re.compile(r"[\s.]+")
_SHOWN: Final = 40
_HEADING: Final = 4
_SUBHEADING: Final = 6
_SHORTEST: Final = 2
_LONGEST: Final = 10
# 77 is kept free for a chapter that does not exist yet (general rules of the HS nomenclature).
_NO_CHAPTERS: Final = frozenset({"00", "77"})
# How customs of different countries print their codes: the length of each group.
_STYLES: Final = {"us": (4, 2, 2, 2), "cl": (4, 4)}


class HsCodeError(ValueError):
    """A text that cannot be an HS code.

    ``code`` is what was given (cut when long), ``reason`` one of ``characters``, ``short``, ``long``, ``odd``,
    ``chapter``; the message says what to write instead.
    """

    def __init__(self, code: str, reason: Reason, advice: str) -> None:
        self.code = code if len(code) <= _SHOWN else code[:_SHOWN] + "…"
        self.reason: Reason = reason
        super().__init__(f"HS code {self.code!r} {advice}")


def normalise(code: str) -> str:
    """Return the digits of the code without dots and blanks: 2, 4, 6, 8 or 10 of them.

    Raises ``HsCodeError`` for anything else than digits, dots and blanks, for a wrong number of digits, and for
    chapters that do not exist.

    >>> normalise(" 0901.21 ")
    '090121'
    """
    digits = _IGNORED.sub("", code)
    if not (digits.isascii() and digits.isdigit()):
        if not digits:
            raise HsCodeError(code, "short", "is empty; write 2 to 10 digits")
        raise HsCodeError(code, "characters", "has characters that are no digits; write 2 to 10 digits")
    if len(digits) < _SHORTEST:
        raise HsCodeError(code, "short", "has one digit; write 2 to 10")
    if len(digits) > _LONGEST:
        raise HsCodeError(code, "long", f"has {len(digits)} digits; write at most 10")
    if len(digits) % 2:
        advice = f"has {len(digits)} digits, an odd number; a leading zero may be lost: write 0{digits[:3]}..."
        raise HsCodeError(code, "odd", advice)
    if digits[:2] in _NO_CHAPTERS:
        raise HsCodeError(code, "chapter", f"names chapter {digits[:2]}, which does not exist; chapters are 01 to 99")
    return digits


def chapter(code: str) -> str:
    """Return the two digits of the chapter.

    >>> chapter("6109.10")
    '61'
    """
    return normalise(code)[:2]


def heading(code: str) -> str:
    """Return the four digits of the heading; a shorter code raises ``HsCodeError``.

    >>> heading("6109.10")
    '6109'
    """
    return _first(code, _HEADING)


def subheading(code: str) -> str:
    """Return the six digits that are the same everywhere; a shorter code raises ``HsCodeError``.

    >>> subheading("6109.10.00.12")
    '610910'
    """
    return _first(code, _SUBHEADING)


def dotted(code: str, style: str = "us") -> str:
    """Return the code as it is printed: ``us`` 6109.10.00.12 (also Mexico and Brazil), ``cl`` 6109.1000.

    >>> dotted("6109"), dotted("61091000", "cl")
    ('6109', '6109.1000')
    """
    rest = normalise(code)
    groups: list[str] = []
    for length in _STYLES[style]:
        if rest:
            groups.append(rest[:length])
            rest = rest[length:]
    # Digits beyond the country's own length are kept, so that nothing given is silently lost.
    return ".".join([*groups, rest] if rest else groups)


def _first(code: str, length: int) -> str:
    digits = normalise(code)
    if len(digits) < length:
        raise HsCodeError(code, "short", f"has {len(digits)} digits where {length} are needed")
    return digits[:length]
