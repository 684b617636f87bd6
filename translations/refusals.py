"""Why a text has no draft, in words: what happened and what to do, in Spanish, Portuguese and English.

>>> told("quota", "en")
('What was paid for at the engine is used up.', 'Widen the plan there, or set another engine.')
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from translations.engines.port import Reason

_TEXTS: Final = Path(__file__).parent / "data" / "refusals.yaml"


def told(reason: Reason, language: str) -> tuple[str, str]:
    """Return what happened and what to do about it, in ``es``, ``pt`` or ``en``."""
    row = texts()[reason]
    return row["why"][language], row["how"][language]


@cache
def texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return the sentences of every reason."""
    found: dict[str, Any] = yaml.safe_load(_TEXTS.read_text(encoding="utf-8"))
    return found
