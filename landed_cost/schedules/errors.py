"""What is wrong with a schedule file, where, and what to write instead."""

from pathlib import Path


class ScheduleError(ValueError):
    """A schedule that cannot be imported or read.

    ``file`` is its name, ``where`` the line or object (``line 14``, ``object 120 (6109.10.00)``; empty for the whole
    file), ``problem`` what is wrong and what to write instead. ``faults`` are all faults of a file that is read to its
    end, each with its line; the text of the error holds the first of them.
    """

    def __init__(self, file: Path | str, where: str, problem: str, faults: tuple[str, ...] = ()) -> None:
        self.file = str(file)
        self.where = where
        self.problem = problem
        self.faults = faults
        super().__init__(": ".join(part for part in (self.file, where, problem) if part))
