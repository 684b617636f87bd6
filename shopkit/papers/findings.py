"""Something that is wrong with a declaration: how much, what, and where."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

USPS: Final = frozenset({"US", "PR", "VI", "GU", "AS", "MP"})
"""Where mail is that of the United States."""

# What the fonts inside typst draw.
_SCRIPTS: Final = ("LATIN", "GREEK", "CYRILLIC", "FEMININE ORDINAL", "MASCULINE ORDINAL", "MODIFIER LETTER")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: ``code`` is one of ``messages.yaml``, ``where`` a path such as ``lines/2/hs_code``."""

    level: Literal["block", "warn"]
    code: str
    where: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


def unprinted(text: str) -> str:
    """Return the first letter that no font of the printer draws, empty where all are drawn.

    >>> unprinted("Łódź, Αθήνα"), unprinted("東京")
    ('', '東')
    """
    letters = (one for one in text if one.isalpha())
    return next((one for one in letters if not unicodedata.name(one, "").startswith(_SCRIPTS)), "")
