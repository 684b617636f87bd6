"""Tariff quotas and agricultural safeguards of the US schedule: what a line may pay instead of the rate printed on it.

A quota is two lines beside each other: goods *described in additional U.S. note … and entered pursuant to its
provisions* pay the low rate while the quota is open (some need a licence), all *other* ones the high rate. On top of
that one chapter 99 puts an additional duty, by price or by quantity, where a note beside the line names its headings.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from landed_cost.expressions import parse
from landed_cost.expressions.lexer import RateSyntaxError
from landed_cost.schedules.marks import IN_QUOTA, SAFEGUARD, marks_of, other_rates, with_marks
from landed_cost.schedules.table import Row

QUOTA_NOTE: Final = "us.quota"
"""Key of ``TariffLine.extra``: the note that describes the quota, as printed."""
SAFEGUARDS: Final = "us.safeguard"
"""Key of ``TariffLine.extra``: the headings of the additional duty, such as ``9904.17.17-9904.17.48``."""

# The official file has "U.S.note", "chapterand", "chapter pursuant".
_WITHIN: Final = re.compile(
    r"(?i)described in (additional U\.S\. ?note .*?) ?(?:and ?)?(?:entered )?pursuant to its prov"
)
_NOTHING: Final = "no additional duty"


def with_quotas(rows: list[Row], additional: Mapping[str, str]) -> list[Row]:
    """Return the rows with what each line under a quota or a safeguard may pay instead.

    ``additional`` are the additional duties of chapter 99 by code (``9904.17.17``), as printed.
    """
    below = _children(rows)
    guarded = [_guarded(row, additional) for row in rows]
    for index, row in enumerate(rows):
        found = _WITHIN.search(row.text)
        if found is None:
            continue
        beside = below[row.parent]
        beyond = [
            guarded[line]
            for sibling in reversed(beside[beside.index(index) + 1 :])
            if _WITHIN.search(rows[sibling].text) is None
            for line in _lines(sibling, rows, below)
        ]
        # The plain rates stand first, and before them that of the last line: "Other", what is due beyond the quota.
        rates = [line.rates.general for line in beyond if line.rates]
        rates += [rate for line in beyond for rate in other_rates(line.extra)]
        marks = [IN_QUOTA, *dict.fromkeys(mark for line in beyond for mark in marks_of(line.extra))]
        for line in _lines(index, rows, below):
            extra = {**guarded[line].extra, QUOTA_NOTE: found[1]}
            guarded[line] = replace(guarded[line], extra=with_marks(extra, marks, rates))
    return guarded


def _children(rows: list[Row]) -> dict[int, list[int]]:
    below: dict[int, list[int]] = {}
    for index, row in enumerate(rows):
        below.setdefault(row.parent, []).append(index)
    return below


def _lines(index: int, rows: list[Row], below: Mapping[int, list[int]]) -> Iterator[int]:
    """Yield the rows with a rate at and below a row."""
    if rows[index].rates is not None:
        yield index
    for child in below.get(index, ()):
        yield from _lines(child, rows, below)


def _guarded(row: Row, additional: Mapping[str, str]) -> Row:
    """Return a line with each additional duty that its note names on top of its rate."""
    if row.rates is None or SAFEGUARDS not in row.extra:
        return row
    first, _, last = row.extra[SAFEGUARDS].partition("-")
    named = [text for code, text in additional.items() if first <= code <= (last or first)]
    rates = [
        rate for text in dict.fromkeys(named) if text.lower() != _NOTHING and (rate := _sum(row.rates.general, text))
    ]
    return replace(row, extra=with_marks(row.extra, [SAFEGUARD], rates))


def _sum(rate: str, added: str) -> str | None:
    try:
        return parse(f"{rate} + {added}").text
    except RateSyntaxError:
        return None
