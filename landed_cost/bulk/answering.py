"""Answering rows of goods that are treated alike: by the programs that are made, by new ones, or one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from landed_cost.bulk.columns import OUTCOMES
from landed_cost.bulk.scalar import write_scalar
from landed_cost.bulk.symbols import UntraceableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from landed_cost.bulk.columns import Sheet, Whole
    from landed_cost.bulk.keeping import Programs
    from landed_cost.bulk.programs import Program, Spans
    from landed_cost.bulk.tracing import Asked
    from landed_cost.rulebook.book import Rulebook

    Rows = npt.NDArray[np.intp]


def spans_of(columns: Sequence[Whole]) -> Spans:
    """Return the least and the most of each column."""
    return [(int(column.min()), int(column.max())) for column in columns]


class Answering:
    """Writes the rows of one sheet under one rulebook."""

    def __init__(self, sheet: Sheet, rulebook: Rulebook) -> None:
        self._sheet = sheet
        self._rulebook = rulebook

    def answer(self, programs: Programs, rows: Rows, columns: Sequence[Whole], asked: Callable[[int], Asked]) -> None:
        """Answer goods of one kind by one way: ``rows`` of the sheet, of which ``columns`` are the numbers.

        ``asked`` gives the consignment at a place of ``rows``.
        """
        self.rest(programs, rows, columns, self.known(programs.made, rows, columns), asked)

    def rest(
        self,
        programs: Programs,
        rows: Rows,
        columns: Sequence[Whole],
        left: Rows,
        asked: Callable[[int], Asked],
    ) -> None:
        """Answer the places that are left, for which there is no program yet."""
        spans = spans_of(columns)
        while len(left):
            middle = int(left[len(left) // 2])
            one = asked(middle)
            try:
                program = programs.make(one, self._rulebook)
            except UntraceableError as error:
                write_scalar(self._sheet, int(rows[middle]), one.shipment, self._rulebook, error.why)
                left = left[left != middle]
                continue
            left = self._run(program, rows, columns, left, spans)

    def known(self, made: Sequence[Program], rows: Rows, columns: Sequence[Whole], spans: Spans | None = None) -> Rows:
        """Answer what the programs that are made are for; return the places of ``rows`` that are left.

        ``spans`` are the least and the most of each column, or of more rows than these.
        """
        left: Rows | None = None
        spans = spans_of(columns) if spans is None else spans
        for program in made:
            left = self._run(program, rows, columns, left, spans)
            if not len(left):
                break
        return np.arange(len(rows)) if left is None else left

    def _run(self, program: Program, rows: Rows, columns: Sequence[Whole], places: Rows | None, spans: Spans) -> Rows:
        """Answer those of some places (``None``: of all) that a program is for; return the places that are left."""
        given = columns if places is None else [column[places] for column in columns]
        at = rows if places is None else rows[places]
        fits, known = program.fits(given, spans)
        left = at[:0]
        if fits is not None:
            left = np.flatnonzero(~fits) if places is None else places[~fits]
            chosen = np.flatnonzero(fits)
            if not len(chosen):
                return left
            known, at = [column[chosen] for column in known], at[chosen]
        # Rows that follow one another are written at once.
        into = slice(int(at[0]), int(at[-1]) + 1) if at[-1] - at[0] == len(at) - 1 else at
        program.tell(known, self._sheet.money, into)
        self._say(program, into)
        return left

    def _say(self, program: Program, into: slice | Rows) -> None:
        outcome, reasons = program.outcome, program.reasons
        if self._rulebook.overlay is not None:
            # What is supposed beside the law is said of each answer, and makes none of them complete.
            outcome = max(outcome, OUTCOMES.index("estimated"))
            reasons = tuple(sorted({*reasons, "overlay.hypothetical"}))
        sheet = self._sheet
        sheet.outcome[into] = outcome
        sheet.reasons[into] = sheet.reason_sets(reasons)
        sheet.regime[into] = sheet.regimes(program.regime)
