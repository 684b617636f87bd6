"""What is wrong with a schedule file, where, and what to write instead."""

from pathlib import Path


class ScheduleError(ValueError):
    """A schedule that cannot be imported or read.

    ``file`` is its name, ``where`` the line or object (``line 14``, ``object 120 (6109.10.00)``; empty for the whole
    file), ``problem`` what is wrong and what to write instead.
    """

    def __init__(self, file: Path | str, where: str, problem: str) -> None:
        self.file = str(file)
        self.where = where
        self.problem = problem
        super().__init__(": ".join(part for part in (self.file, where, problem) if part))
