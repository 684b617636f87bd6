"""Numbers that people paste where a tracking number is asked: S10 by its check digit, others by their shape.

A shape is no proof: ten digits are DHL's and anybody's, so what is not S10 is named and never called valid.

>>> recognise("rb 123 456 785 gb").format, recognise("1Z 999 AA1 01 2345 6784").format
('s10', 'ups')
>>> recognise("9400 1000 0000 0000 0000 00").carriers
('USPS',)
>>> recognise("hello").problem
'unrecognised'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from shopkit.tracking import s10

MAX_CHARS: Final = 100
# The shapes of others, in the order they are tried: the format, and whose it is.
_SHAPES: Final = (
    (re.compile(r"1Z[A-Z0-9]{16}"), "ups", ("UPS",)),
    (re.compile(r"[0-9]{20,34}"), "usps_impb", ("USPS",)),
    (re.compile(r"[0-9]{10}"), "dhl", ("DHL",)),
    (re.compile(r"[0-9]{12}|[0-9]{15}"), "fedex", ("FedEx",)),
)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a text is taken for.

    ``is_valid`` is ``None`` for a shape of others, which nothing here can check. ``problem`` is a code of
    ``words.yaml``, ``item`` the parts of a valid S10 number, ``expected`` the check digit that it ought to have.
    """

    given: str
    number: str
    format: str | None
    carriers: tuple[str, ...]
    is_valid: bool | None
    problem: str | None = None
    item: s10.Item | None = None
    expected: int | None = None
    did_you_mean: tuple[str, ...] = ()


def recognise(text: str) -> Recognised:
    """Return what a number is, with what is wrong and what may have been meant; a text of any kind has an answer."""
    if len(text) > MAX_CHARS:
        return Recognised(text[:MAX_CHARS], "", None, (), is_valid=False, problem="too_long")
    number = s10.compact(text)
    if not number:
        return Recognised(text, number, None, (), is_valid=False, problem="empty")
    other = next(((name, carriers) for shape, name, carriers in _SHAPES if shape.fullmatch(number)), None)
    if other is not None:
        return Recognised(text, number, other[0], other[1], is_valid=None)
    return _postal(text, number)


def _postal(text: str, number: str) -> Recognised:
    item, problem, expected = None, None, None
    meant = s10.suggestions(number)
    try:
        item = s10.parse(number)
    except s10.InvalidCheckDigitError as error:
        problem, expected = "check_digit", error.expected
    except s10.UnknownIssuerError:
        problem = "issuer"
    except s10.InvalidFormatError:
        # Letters for digits are told as such only where the rest fits: any thirteen letters are no S10 number.
        if not meant:
            return Recognised(text, number, None, (), is_valid=False, problem="unrecognised")
        problem = "letters"
    return Recognised(text, number, "s10", (), item is not None, problem, item, expected, meant)
