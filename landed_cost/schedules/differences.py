"""What an edition changes against the one before it, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from landed_cost.schedules.marks import other_rates
from landed_cost.schedules.model import RateTexts
from landed_cost.schedules.table import Table

_NOTHING: Final = "–"


@dataclass(frozen=True, slots=True)
class Change:
    """A line whose rates are not what they were: its code, and the rates before and after in one text each."""

    code: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Differences:
    """The lines that are new, gone and changed against the edition ``against``, by code."""

    against: str
    new: tuple[Change, ...]
    gone: tuple[Change, ...]
    changed: tuple[Change, ...]

    def __str__(self) -> str:
        """Say it in a sentence."""
        counts = f"lines new {len(self.new):,}, gone {len(self.gone):,}, changed {len(self.changed):,}"
        return f"compared with {self.against}: {counts}"


def differences(against: str, old: Table, new: Table) -> Differences:
    """Return what ``new`` changes against ``old``; a rate is compared in all its columns, as printed."""
    before, after = _rates(old), _rates(new)
    return Differences(
        against,
        new=tuple(Change(code, _NOTHING, after[code]) for code in sorted(after.keys() - before.keys())),
        gone=tuple(Change(code, before[code], _NOTHING) for code in sorted(before.keys() - after.keys())),
        changed=tuple(
            Change(code, before[code], after[code])
            for code in sorted(before.keys() & after.keys())
            if before[code] != after[code]
        ),
    )


def _rates(table: Table) -> dict[str, str]:
    return {
        table.codes[row][: table.line_digits]: _text(
            table.rate_sets[table.rates[row]], table.extra_sets[table.extras[row]]
        )
        for row in table.lines
    }


def _text(rates: RateTexts, extra: Mapping[str, str]) -> str:
    """Return all columns in one text: the general rate, what may count instead, the special rates, the last column."""
    parts = [" or ".join([rates.general, *other_rates(extra)])]
    parts += [f"{rate or ', '.join(see)} ({','.join(symbols)})" for symbols, rate, see in rates.special]
    if rates.other is not None:
        parts.append(f"column 2 {rates.other}")
    return "; ".join(parts)
