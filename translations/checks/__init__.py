"""Checks of a text beside its source: what is wrong, where, why, and how to mend it.

>>> from translations.checks import Context, check
>>> [(one.id, one.fix) for one in check("Taza {color}, 12.5 cm", "Caneca {cor}, 12.5 cm", Context("es-MX", "pt-BR"))]
[('placeholder_set', '{color}'), ('decimal_separator', '12,5')]
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from translations.checks import amounts, channels, marks, signs, spanish, wording
from translations.checks.case import Case, Context, Limit
from translations.findings import Finding, ordered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["CHECKS", "MOST", "Case", "Context", "Limit", "check", "of_channel"]

# Nobody reads more of one kind in one text.
MOST: Final = 50
CHECKS: Final[tuple[Callable[[Case], Iterator[Finding]], ...]] = (
    marks.sets,
    marks.brands,
    marks.articles,
    amounts.equal,
    amounts.separators,
    amounts.currencies,
    channels.length,
    channels.banned,
    channels.expansion,
    channels.markup,
    channels.sizes,
    signs.spaces,
    signs.doubled,
    signs.ending,
    signs.encoding,
    signs.capitals,
    spanish.opening_marks,
    spanish.euphony,
    spanish.vosotros,
    spanish.address,
    wording.language,
    wording.untranslated,
    wording.machine_words,
    wording.glued,
    wording.terms,
    wording.forbidden,
    wording.table,
)


def of_channel(source: str, target: str, context: Context) -> tuple[Finding, ...]:
    """Return what hangs on a channel alone: where a text is longer than it takes, and words that it does not take."""
    case = Case(source, target, context)
    return (*channels.length(case), *channels.banned(case))


def check(source: str, target: str, context: Context) -> tuple[Finding, ...]:
    """Return what is wrong with a text, the gravest first; nothing is asked of an empty one."""
    if not target.strip():
        return ()
    case = Case(source, target, context)
    return ordered(one for look in CHECKS for one in islice(look(case), MOST))
