"""A million listings into every destination at once, in turns with bare numpy and with openfisca-core's vectors."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from benchmarks import environment
from benchmarks.goods import ROOT
from benchmarks.measure import Sample, Worker, middle, middle_cpu, ratio

if TYPE_CHECKING:
    from benchmarks.report import Report

LISTINGS: Final = 1_000_000
TOTALS_A_SECOND: Final = 5_000_000
# What the goal was set for: so many listings into so many destinations.
DESTINATIONS: Final = 23
SECONDS: Final = 5
MEGABYTES: Final = 500
# The floor is quick, and is done so often to take a time that can be measured.
_FLOORS: Final = 10
_SHIPMENTS: Final = 200_000


def measure(report: Report, *, rounds: int, peers: bool = True, listings: int = LISTINGS) -> None:
    """Measure whole passes in turns, ``rounds`` times each."""
    ours: list[Sample] = []
    floors: list[Sample] = []
    theirs: list[Sample] = []
    with ExitStack() as stack:
        command = [sys.executable, "-m", "benchmarks.bulk_worker", str(listings)]
        worker = stack.enter_context(Worker(command, cwd=ROOT))
        other: Worker | None = None
        if peers:
            try:
                other = stack.enter_context(Worker(*environment.openfisca()))
            except environment.PeersMissingError as error:
                report.remarks.append(f"Bulk not compared: {error}.")
        for _ in range(rounds):
            ours.append(worker.run(1))
            floors.append(worker.run(_FLOORS, "floor"))
            if other is not None:
                theirs.append(other.run(_SHIPMENTS, "vector"))
        memory, first = worker.run(1, "memory").count, worker.run(1, "first")
    rate, fastest = middle_cpu(ours), max(sample.cpu_rate for sample in ours)
    note = (
        f"listings × destinations, fully ruled; fastest round {fastest:,.0f}, {middle(ours):,.0f} a second by the clock"
    )
    report.add("bulk: totals", rate, "a second of CPU", note)
    report.add("bulk: the first time on a day", first.cpu_seconds, "s of CPU", "programs made for every kind and way")
    report.add("bulk: bare numpy", middle_cpu(floors), "a second of CPU", "one multiply, add and divide per total")
    report.add(
        "bulk: of bare numpy", ratio(ours, floors), "×", "a quote is two dozen amounts, each rounded by its rule"
    )
    report.goal("bulk totals a second of one core", rate, TOTALS_A_SECOND)
    report.goal(
        "a million listings into 23 destinations", LISTINGS * DESTINATIONS / rate, SECONDS, at_most=True, unit="s"
    )
    report.goal("memory with a million listings", memory, MEGABYTES, at_most=True, unit="MB")
    if theirs:
        note = f"one simulation of {_SHIPMENTS:,} shipments, three dated formulas, float32"
        report.add("openfisca-core, vectors", middle_cpu(theirs), "a second of CPU", note)
        report.add(
            "bulk: of openfisca-core's vectors", ratio(ours, theirs), "×", "thirteen exact amounts against three"
        )
