"""Rate texts cut into tokens: numbers, money signs, words.

Law prints the same rate in many ways: ``40¢/kg +10.4%``, ``0.0622005¢ /kg``, ``case+ 5.3%``. Blanks are put in order
first; the tokens then carry the position in that text, so that an error can point at the place.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

LONGEST_TEXT: Final = 1000
_LONGEST_NUMBER: Final = 15
_SHOWN: Final = 80

_TOKEN: Final = re.compile(
    r"""
      (?P<mixed>\d+\ \d+/\d+)(?=\ ?(?:%|percent\b))     # 33 1/3 of a percentage, never of 9903.88.15/1,000
    | (?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)
    | (?P<currency>[A-Z]{3}(?![A-Za-z])|€|£)
    | (?P<word>[^\W\d_](?:[\w.²³]|-(?=[^\W\d_]))*)
    | (?P<sign>[¢$%+/,()-])
    """,
    re.VERBOSE | re.ASCII,
)
_SIGNS_OF_CURRENCIES: Final = {"€": "EUR", "£": "GBP"}
# Words in capitals that stand where a currency code could: bounds, and the agricultural components of the EU tariff.
_NO_CURRENCIES: Final = frozenset({"MIN", "MAX"})


class RateSyntaxError(ValueError):
    """A rate text that the grammar does not have.

    ``text`` is what was read (blanks in order), ``position`` where in it the fault is, ``expected`` what could stand
    there instead.
    """

    def __init__(self, text: str, position: int, expected: str) -> None:
        self.text = text
        self.position = position
        self.expected = expected
        found = text[position : position + _SHOWN] or "the end"
        super().__init__(f"rate {text[:_SHOWN]!r}: expected {expected} at position {position}, found {found!r}")


@dataclass(frozen=True, slots=True)
class Token:
    """One token: where it begins and ends, and the value of a number.

    ``kind`` is ``number``, ``word`` (in small letters), ``currency`` (an ISO code), ``end``, or the sign itself.
    """

    kind: str
    text: str
    start: int
    end: int
    value: Fraction = Fraction(0)


def in_order(text: str) -> str:
    """Return the rate text with its blanks in order; doing it twice changes nothing more.

    >>> in_order(" 40¢ /kg +10.4% ")
    '40¢/kg + 10.4%'
    """
    text = re.sub(r"\s*/\s*", "/", text.replace("+", " + "))
    return " ".join(text.split())


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text whose blanks are in order, with an ``end`` after the last one.

    Raises ``RateSyntaxError`` for characters and numbers that no rate has.
    """
    found: list[Token] = []
    position = 0
    while position < len(text):
        if text[position] == " ":
            position += 1
            continue
        match = _TOKEN.match(text, position)
        if match is None:
            raise RateSyntaxError(text, position, "a number, a unit or a word")
        found.append(_token(text, match))
        position = match.end()
    found.append(Token("end", "", len(text), len(text)))
    return found


def _token(text: str, match: re.Match[str]) -> Token:
    start, end = match.span()
    printed = match.group()
    match match.lastgroup:
        case "mixed" | "number":
            return Token("number", printed, start, end, _number(text, start, printed))
        case "currency":
            if printed in _NO_CURRENCIES:
                return Token("word", printed.lower(), start, end)
            return Token("currency", _SIGNS_OF_CURRENCIES.get(printed, printed), start, end)
        case "word":
            word = printed.lower().replace("²", "2").replace("³", "3")
            return Token("%" if word == "percent" else "word", word, start, end)
        case _:
            return Token(printed, printed, start, end)


def _number(text: str, start: int, printed: str) -> Fraction:
    # A number this long is a slip or an attack; law needs nine digits at most.
    if sum(character.isdigit() for character in printed) > _LONGEST_NUMBER:
        raise RateSyntaxError(text, start, f"a number of at most {_LONGEST_NUMBER} digits")
    whole, _, part = printed.replace(",", "").partition(" ")
    if not part:
        return Fraction(whole)
    numerator, _, denominator = part.partition("/")
    if not int(denominator):
        raise RateSyntaxError(text, start, "a fraction that does not divide by zero")
    return int(whole) + Fraction(int(numerator), int(denominator))
