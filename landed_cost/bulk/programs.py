"""What a tape says, as a program over columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, cast

from landed_cost.bulk.columns import ABSENT
from landed_cost.bulk.symbols import Sum

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from landed_cost.bulk.columns import Whole
    from landed_cost.bulk.symbols import Tape

    Mask = npt.NDArray[np.bool_]
    Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Program:
    """What the engine does for every row that lies within ``bounds`` and of which no sum in ``asked`` is below zero.

    Columns are numbered: the inputs first, then the quotients of ``asking`` (what the conditions need) and of
    ``telling`` (what the amounts need beyond), each a sum of columns before it, divided and rounded down. ``amounts``
    are the different sums that are told, ``named`` the names that each has in the answer, ``absent``
    those of no amount.
    """

    inputs: tuple[str, ...]
    bounds: tuple[tuple[int, int], ...]
    asking: tuple[tuple[Sum, int], ...]
    asked: tuple[Sum, ...]
    telling: tuple[tuple[Sum, int], ...]
    amounts: tuple[Sum, ...]
    named: tuple[tuple[str, ...], ...]
    absent: tuple[str, ...]
    outcome: int
    reasons: tuple[str, ...]
    regime: str | None

    @classmethod
    def of(
        cls,
        tape: Tape,
        inputs: tuple[str, ...],
        outcome: int,
        reasons: tuple[str, ...],
        regime: str | None,
        amounts: Mapping[str, Sum | None],
    ) -> Self:
        """Return the program of a tape; ``amounts`` that are ``None`` are not told."""
        asked = [Sum(terms, const) for terms, const in tape.known.items()]
        names: dict[Sum, list[str]] = {}
        for name, one in amounts.items():
            if one is not None:
                names.setdefault(one, []).append(name)
        numbers = {place: place for place in range(tape.inputs)}
        asking = _steps(tape, asked, numbers)
        telling = _steps(tape, names, numbers)
        return cls(
            inputs,
            tuple([(step.low, step.high) for step in tape.steps[: tape.inputs]]),
            asking,
            tuple([_renumbered(one, numbers) for one in asked]),
            telling,
            tuple([_renumbered(one, numbers) for one in names]),
            tuple([tuple(one) for one in names.values()]),
            tuple([name for name, one in amounts.items() if one is None]),
            outcome,
            reasons,
            regime,
        )

    def fits(self, columns: Sequence[Whole], spans: Spans) -> tuple[Mask | None, list[Whole]]:
        """Return which rows it is for (``None``: all), and all columns so far.

        ``spans`` are the least and the most of each column, or of more rows than it has.
        """
        found: Mask | None = None
        for (low, high), (least, most), column in zip(self.bounds, spans, columns, strict=True):
            if least < low:
                found = _and(found, column >= low)
            if most > high:
                found = _and(found, column <= high)
        known = list(columns)
        for sum_, by in self.asking:
            known.append(_quotient(sum_, by, known))
        for sum_ in self.asked:
            found = _and(found, _summed(sum_, known) >= 0)
        return None if found is None or found.all() else found, known

    def tell(self, known: list[Whole], into: Mapping[str, Whole], rows: slice | npt.NDArray[np.intp]) -> None:
        """Write the amounts of the rows of which ``known`` are the columns that :meth:`fits` returned."""
        for sum_, by in self.telling:
            known.append(_quotient(sum_, by, known))
        for sum_, names in zip(self.amounts, self.named, strict=True):
            amount = _summed(sum_, known) if sum_.terms else sum_.const
            for name in names:
                into[name][rows] = amount
        for name in self.absent:
            into[name][rows] = ABSENT


def _and(one: Mask | None, other: Mask) -> Mask:
    return other if one is None else one & other


def _steps(tape: Tape, wanted: Iterable[Sum], numbers: dict[int, int]) -> tuple[tuple[Sum, int], ...]:
    """Return the quotients that sums need and that have no number yet, and number them."""
    needed: set[int] = set()
    waiting = [place for sum_ in wanted for place, _ in sum_.terms]
    while waiting:
        place = waiting.pop()
        if place not in numbers and place not in needed:
            needed.add(place)
            waiting += [one for one, _ in _inner(tape, place).terms]
    found = []
    for place in sorted(needed):
        found.append((_renumbered(_inner(tape, place), numbers), tape.steps[place].by))
        numbers[place] = len(numbers)
    return tuple(found)


def _inner(tape: Tape, place: int) -> Sum:
    """Return what is divided at a place that is no input; inputs have their numbers from the first."""
    return cast("Sum", tape.steps[place].sum)


def _renumbered(sum_: Sum, numbers: Mapping[int, int]) -> Sum:
    return Sum(tuple([(numbers[place], times) for place, times in sum_.terms]), sum_.const)


def _summed(sum_: Sum, columns: Sequence[Whole]) -> Whole:
    """Return a sum of columns; of no part of it more than fits into 64 bits, as the tape has made sure."""
    (first, by), *others = sum_.terms
    found = columns[first].copy() if by == 1 else columns[first] * by
    for place, times in others:
        if times == 1:
            found += columns[place]
        elif times == -1:
            found -= columns[place]
        else:
            found += columns[place] * times
    if sum_.const:
        found += sum_.const
    return found


def _quotient(sum_: Sum, by: int, columns: Sequence[Whole]) -> Whole:
    found = _summed(sum_, columns)
    found //= by
    return found
