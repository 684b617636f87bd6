"""Measuring on a noisy machine: workers that take turns, samples of each round, medians of them.

Two programs are compared by running them one after the other, round after round, and by the median of the rounds'
ratios: what slows the machine down for some seconds slows both.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

_PATIENCE_S: Final = 10


@dataclass(frozen=True, slots=True)
class Sample:
    """How often something was done, in how many seconds of the clock and of the processor."""

    count: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """How often a second, by the clock."""
        return self.count / self.seconds

    @property
    def cpu_rate(self) -> float:
        """How often in a second of the processor: what others do on the machine is not in it."""
        return self.count / self.cpu_seconds


class Worker:
    """A process that does something as often as it is told on its standard input, and answers in lines of JSON."""

    def __init__(
        self, command: Sequence[str], environ: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environ, cwd=cwd
        )
        self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def run(self, count: int, how: str = "") -> Sample:
        """Do it ``count`` times, in the way ``how``."""
        if self._process.stdin is None:
            raise RuntimeError("the worker has no standard input")
        self._process.stdin.write(f"{count} {how}".strip() + "\n")
        found = self._answer()
        return Sample(found["count"], found["seconds"], found["cpu_seconds"])

    def for_seconds(self, seconds: float, how: str = "") -> int:
        """Return how many times fill so many seconds, as far as a first try can tell."""
        return max(1, round(self.run(100, how).rate * seconds))

    def _answer(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended without an answer")
        found: dict[str, Any] = json.loads(line)
        return found


def middle(samples: Sequence[Sample]) -> float:
    """Return the median rate by the clock."""
    return median(sample.rate for sample in samples)


def middle_cpu(samples: Sequence[Sample]) -> float:
    """Return the median rate by the processor."""
    return median(sample.cpu_rate for sample in samples)


def ratio(ours: Sequence[Sample], theirs: Sequence[Sample]) -> float:
    """Return the median, over the rounds, of our rate in terms of theirs."""
    return median(one.rate / other.rate for one, other in zip(ours, theirs, strict=True))
