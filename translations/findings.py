"""What a check found in a text: where, how grave, why, how to mend it, and the mending itself where it is safe.

>>> found = Finding("double_space", "warn", (4, 6), "double_space", fix=" ")
>>> found.mended("Taza  azul")
'Taza azul'
>>> found.why("es")
'Hay espacios de más.'
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Severity = Literal["block", "export", "warn"]
# Gravest first: what makes the text wrong, what a channel does not take, what somebody should look at.
SEVERITIES: Final[tuple[Severity, ...]] = ("block", "export", "warn")
LANGUAGES: Final = ("es", "pt", "en")
_TEXTS: Final = Path(__file__).parent / "data" / "findings.yaml"
_VALUE: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found.

    ``id``     the check.
    ``span``   first and last sign, as a slice of the target text; an empty one where something is missing.
    ``key``    the sentences in ``findings.yaml``; ``values`` stand in them.
    ``fix``    what the span becomes, where that is safe to do at a click.
    ``channel``  the channel it is about; empty for all.
    """

    id: str
    severity: Severity
    span: tuple[int, int]
    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    fix: str | None = None
    channel: str = ""

    @property
    def stops(self) -> bool:
        """Whether a text with it does not leave, by its channel or by any."""
        return self.severity != "warn"

    @property
    def name(self) -> str:
        """What tells it from others in the same text, whichever words stand before it."""
        parts = [self.id, self.channel, *(f"{name}={value}" for name, value in sorted(self.values.items()))]
        return "|".join(part for part in parts if part)

    def mended(self, text: str) -> str:
        """Return the text with the fix in it; ``ValueError`` where there is none."""
        if self.fix is None:
            raise ValueError(f"{self.id} has no fix")
        start, end = self.span
        return text[:start] + self.fix + text[end:]

    def why(self, language: str) -> str:
        """Return what is wrong, in ``es``, ``pt`` or ``en``."""
        return self._said(0, language)

    def how(self, language: str) -> str:
        """Return what to do about it."""
        return self._said(1, language)

    def _said(self, place: int, language: str) -> str:
        return _VALUE.sub(lambda found: self.values.get(found[1], found[0]), texts()[self.key][place][language])


@cache
def texts() -> Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]]:
    """Return the sentences of every key: why, and how to mend it."""
    rows = yaml.safe_load(_TEXTS.read_text(encoding="utf-8"))
    return {key: (row["why"], row["how"]) for key, row in rows.items()}


def ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings once each, the gravest first, then as they stand in the text."""
    once = {(one.id, one.channel, one.span, one.key): one for one in found}
    return tuple(sorted(once.values(), key=lambda one: (SEVERITIES.index(one.severity), one.span, one.id)))
