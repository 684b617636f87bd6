"""Numbers as people type them: the sign of decimals is told from the whole file, and what stays open is a problem.

``12,50`` and ``1,250.50`` tell their sign themselves; ``1,250`` does not: it is a thousand and more, or one and a
quarter. One cell that tells settles those that do not, unless another tells the contrary.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Sign = Literal[".", ","]
_PLAIN: Final = re.compile(r"[0-9]+")
_NEGATIVE: Final = re.compile(r"[-−] ?[0-9][0-9.,]*")  # a minus of its own, as spreadsheets write it
_ONE_SIGN: Final = re.compile(r"([0-9]+)([.,])([0-9]+)")
_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*(?:([.,])([0-9]+))?")
_BOTH: Final[Mapping[str, Sign]] = {".": ",", ",": "."}


class NumberError(ValueError):
    """A text that is no number (``number_bad``), is below nought, or may be two numbers; ``code`` says which."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        super().__init__(text)


def sign_of(text: str) -> Sign | None:
    """Return the sign of decimals that a number tells by itself.

    >>> sign_of("12,50"), sign_of("1,250.5"), sign_of("1.250.000"), sign_of("0.350"), sign_of("1,250"), sign_of("7")
    (',', '.', ',', '.', None, None)
    """
    text = text.strip()
    grouped = _GROUPED.fullmatch(text)
    if grouped is not None:
        if grouped[2] is not None and grouped[2] != grouped[1]:
            return _sign(grouped[2])
        return _BOTH[grouped[1]] if text.count(grouped[1]) > 1 and grouped[2] is None else None
    found = _ONE_SIGN.fullmatch(text)
    return _sign(found[2]) if found is not None else None


def unmistakable(value: str) -> str:
    """Return a decimal with a point so that nobody takes the point for a sign of thousands.

    >>> unmistakable("1.250"), unmistakable("12.5"), unmistakable("0.350")
    ('1.2500', '12.5', '0.350')
    """
    return f"{value}0" if "." in value and sign_of(value) is None else value


def _sign(text: str) -> Sign:
    return "," if text == "," else "."


@dataclass(slots=True)
class Signs:
    """What the numbers of a file tell of their sign, by kind of number (``price``, ``measure``).

    ``given`` is what a person said, and ``by_format`` what the format fixes where no cell tells the contrary.
    """

    given: Sign | None = None
    by_format: Mapping[str, Sign] = field(default_factory=dict)
    seen: dict[str, Counter[str]] = field(default_factory=dict)

    def see(self, kind: str, text: str) -> None:
        """Take a number into account."""
        sign = sign_of(text)
        if sign is not None:
            self.seen.setdefault(kind, Counter())[sign] += 1

    def sign(self, kind: str) -> Sign | None:
        """Return the sign of a kind, ``None`` while it is open."""
        if self.given is not None and kind == "price":
            return self.given
        seen = self.seen.get(kind, Counter())
        if len(seen) == 1:
            return _sign(next(iter(seen)))
        return None if seen else self.by_format.get(kind)

    def read(self, kind: str, text: str) -> str:
        """Return a number as a decimal with a point, its digits as they were typed; ``NumberError``.

        >>> Signs(given=",").read("price", "1.250,50")
        '1250.50'
        """
        text = text.strip()
        if _PLAIN.fullmatch(text):
            return text
        own = sign_of(text)
        sign = own or self.sign(kind)
        if _GROUPED.fullmatch(text) is None and _ONE_SIGN.fullmatch(text) is None:
            raise NumberError("number_negative" if _NEGATIVE.fullmatch(text) else "number_bad", text)
        if sign is None:
            raise NumberError("number_ambiguous", text)
        if own is not None and self.given is not None and kind == "price" and own != self.given:
            raise NumberError("number_other_sign", text)
        return text.replace(_BOTH[sign], "").replace(sign, ".")
