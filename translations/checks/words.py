"""The words that checks know, read from ``data/words.yaml``.

>>> "haced" in words("vosotros", "es")
True
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLE: Final = Path(__file__).parent.parent / "data" / "words.yaml"


@cache
def words(name: str, language: str = "all") -> frozenset[str]:
    """Return a list of words; nothing for a language that it has none of."""
    return frozenset(_table()[name].get(language, "").split())


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return found
