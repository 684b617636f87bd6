"""Code 128, code set B: letters, digits and signs of ASCII as black and white bars (ISO/IEC 15417).

>>> len(bars("RB123456785GB")) == 3 * 13 + 3 + 3 + 4
True
"""

from __future__ import annotations

from typing import Final

QUIET: Final = 10
"""Modules that stay white on either side."""

_START_B: Final = 104
_MODULUS: Final = 103
_FIRST: Final = 32
_LAST: Final = 126
# Widths of bar, space, bar, space, bar, space for the values 0 to 105; the stop has a seventh, a bar.
_WIDTHS: Final = (  # noqa: SIM905  # a table that is read against the standard's
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232"
).split()
_STOP: Final = "2331112"


def bars(text: str) -> tuple[tuple[int, int], ...]:
    """Return where the black bars stand and how wide they are, in modules from the left end of the quiet zone.

    ``ValueError`` for a text that is empty or holds what code set B has not.
    """
    if not text or not all(_FIRST <= ord(one) <= _LAST for one in text):
        raise ValueError(f"{text!r}: Code 128 B takes letters, digits and signs of ASCII, at least one")
    values = [ord(one) - _FIRST for one in text]
    check = (_START_B + sum(place * value for place, value in enumerate(values, 1))) % _MODULUS
    pattern = "".join(_WIDTHS[value] for value in (_START_B, *values, check)) + _STOP
    found: list[tuple[int, int]] = []
    at = QUIET
    for index, width in enumerate(map(int, pattern)):
        if index % 2 == 0:
            found.append((at, width))
        at += width
    return tuple(found)


def width_of(text: str) -> int:
    """Return how many modules wide a code is, with its quiet zones."""
    start, width = bars(text)[-1]
    return start + width + QUIET
