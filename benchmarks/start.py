"""How long a process needs until its first answer, and how much memory it then holds."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks.goods import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.report import Report

READY_S: Final = 2
MEMORY_MB: Final = 200
WAYS: Final = (
    ("engine", "import, law, US schedule, first quote in Python"),
    ("app", "the whole application, first answer to POST /api/v1/quotes"),
)


def measure(report: Report, data: Path, *, rounds: int) -> None:
    """Start each kind of process ``rounds`` times, in turns."""
    times: dict[str, list[float]] = {way: [] for way, _ in WAYS}
    sizes: dict[str, list[float]] = {way: [] for way, _ in WAYS}
    peaks: dict[str, list[float]] = {way: [] for way, _ in WAYS}
    for _ in range(rounds):
        for way, _ in WAYS:
            begun = time.monotonic()  # the same clock in every process of a machine
            command = [sys.executable, "-m", "benchmarks.cold", way, str(data)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT, timeout=60)
            found = json.loads(done.stdout)
            times[way].append(found["ready"] - begun)
            sizes[way].append(found["rss_mb"])
            peaks[way].append(found["peak_mb"])
    for way, note in WAYS:
        report.add(f"{way}: start to first answer", median(times[way]), "s", f"{note}; slowest {max(times[way]):.2f}")
        report.add(
            f"{way}: memory then", median(sizes[way]), "MB", f"resident; at most {max(peaks[way]):.0f} on the way"
        )
    slowest = max(median(found) for found in times.values())
    report.goal("ready with the US schedule", slowest, READY_S, at_most=True, unit="s")
    biggest = max(max(found) for found in peaks.values())
    report.goal("memory with the US schedule", biggest, MEMORY_MB, at_most=True, unit="MB")
