"""Tariffs that are written in codes of the HS of 2017, carried over into those of 2022.

Goods of a code of 2022 stood under one code of 2017, mostly the same, or under several. With one, or where all of them
carry one rate, the correspondence is sure. With several rates it is not: the line is marked and holds all of them.
Source: ``hs2017.csv``, from the correlation of the United Nations Statistics Division.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from landed_cost.hs import dotted
from landed_cost.schedules.marks import OLD_CODE, marks_of, other_rates, with_marks
from landed_cost.schedules.model import RateTexts
from landed_cost.schedules.table import Row

NOT_STATED: Final = "Not stated in the table"
_SIX: Final = 6
_ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class Carried:
    """The rows under codes of 2022.

    ``moved`` counts the codes of six digits that are new, ``doubtful`` those whose goods came from codes with several
    rates; ``gone`` are the codes of 2017 that have no goods of their own any more, ``unstated`` those of 2022 that no
    row of the file speaks of.
    """

    rows: list[Row]
    moved: int
    doubtful: int
    gone: tuple[str, ...]
    unstated: tuple[str, ...]

    def remarks(self) -> tuple[str, ...]:
        """Say what was carried over, for whoever imports."""
        moved = (
            f"codes of the HS of 2017 carried over: {self.moved} codes of 2022 are new, {len(self.gone)} of 2017 are "
            f"gone, {self.doubtful} came from codes with several rates and are marked"
        )
        if not self.unstated:
            return (moved,)
        return moved, f"codes of the HS of 2022 without a rate here: {_listed(self.unstated)}: unknown, not zero"


@cache
def changes() -> dict[str, tuple[str, ...]]:
    """Return for each code of 2022 that was not simply itself the codes of 2017 its goods stood under.

    Nothing at all stands for more codes than say anything (modules of screens, waste of appliances).
    """
    lines = (Path(__file__).parent / "hs2017.csv").read_text("utf-8").splitlines()
    rows = (line.split(",") for line in lines if line[:1].isdecimal())
    return {code: () if old == _ANY else tuple(old.split()) for code, old in rows}


@cache
def hs_2022() -> frozenset[str]:
    """Return the 5,612 codes of six digits: those of the US bands that ship with the rulebook."""
    with (Path(__file__).parent.parent / "rulebook" / "bands" / "us.csv").open(encoding="utf-8") as lines:
        return frozenset(line[:_SIX] for line in lines if line[:_SIX].isdecimal())


def carry_over(rows: Sequence[Row]) -> Carried:
    """Return rated rows of 2017 under the codes of 2022.

    A code that lives on keeps its national digits. A code that is new has six digits only, because which national ones
    it got is not known.
    """
    by_six: dict[str, list[Row]] = {}
    for row in rows:
        by_six.setdefault(row.code[:_SIX], []).append(row)
    known = hs_2022()
    carried: list[Row] = []
    moved = doubtful = 0
    for code in sorted(known):
        sources = changes().get(code, (code,))
        found = [row for source in sources for row in by_six.get(source, [])]
        # A star is no list of sources: the code may still be one of them.
        own = by_six.get(code, []) if code in sources or not sources else []
        rates = _rates(found)
        if own and rates == _rates(own):
            carried += own
        elif own:
            doubtful += 1
            carried += [replace(row, extra=with_marks(row.extra, [OLD_CODE], _but(row, rates))) for row in own]
        elif found:
            moved += 1
            new = _new(code, found)
            doubtful += bool(other_rates(new.extra))
            carried.append(new)
    stated = {row.code[:_SIX] for row in carried}
    unstated = tuple(sorted(known - stated))
    carried += [Row(code, "", rates=RateTexts(NOT_STATED)) for code in unstated]
    gone = tuple(sorted(set(by_six) - known))
    return Carried(carried, moved, doubtful, gone, unstated)


def _rates(rows: Iterable[Row]) -> set[str]:
    return {row.rates.general for row in rows if row.rates}


def _but(row: Row, rates: Iterable[str]) -> list[str]:
    return sorted(set(rates) - _rates([row]))


def _new(code: str, found: list[Row]) -> Row:
    """Return the row of a code that 2017 did not have: the commonest rate of where its goods stood, and the others."""
    rates = [row.rates.general for row in found if row.rates]
    usual = Counter(rates).most_common(1)[0][0]
    text = " / ".join(dict.fromkeys(row.text for row in found[:3]))
    extra = found[0].extra
    for row in found[1:]:
        extra = with_marks(extra, marks_of(row.extra), other_rates(row.extra))
    others = sorted(set(rates) - {usual})
    if others:
        extra = with_marks(extra, [OLD_CODE], others)
    return Row(code, text, units=found[0].units, rates=RateTexts(usual), extra=extra)


def _listed(codes: Sequence[str], most: int = 10) -> str:
    more = f" and {len(codes) - most} more" if len(codes) > most else ""
    return ", ".join(dotted(code) for code in codes[:most]) + more
