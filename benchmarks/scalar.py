"""One quote after the other in one process, in turns with the engines we compare with."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from benchmarks import environment
from benchmarks.goods import ROOT, official_schedule
from benchmarks.measure import Sample, Worker, middle, middle_cpu, ratio

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.report import Report

QUOTES_A_SECOND: Final = 8_000
TIMES_TRYTOND: Final = 5
# name, worker, way, note
WAYS: Final = (
    ("quote, two T-shirts, with trace", "ours", "", "warm; prices and quantities differ from quote to quote"),
    ("quote, any two of 40 goods, 8 origins", "ours", "mixed", "six digits, so most are ranges; seen before"),
    ("the same, nothing decided before", "ours", "new", "each kind of goods for the first time that day"),
    ("openfisca-core, one simulation", "openfisca", "", "three dated formulas, one shipment, float32"),
    ("openfisca-core, with its trace", "openfisca", "traced", "the same with what our quotes always have"),
    ("openfisca-core, from a situation", "openfisca", "situation", "the same from JSON's values, as its web API does"),
    ("trytond-customs, one look-up", "trytond", "", "all in one transaction, which keeps what it read"),
    ("trytond-customs, as its server does it", "trytond", "each", "a transaction for each look-up"),
)


def measure(report: Report, data: Path, *, rounds: int, seconds: float, peers: bool = True) -> None:
    """Measure quotes, simulations and look-ups in turns, ``rounds`` times ``seconds`` each."""
    if official_schedule() is None:
        report.remarks.append("No official US schedule at hand (SHOPKIT_SHARED): quotes come from the bands that ship.")
    with ExitStack() as stack:
        workers = {"ours": stack.enter_context(_ours(data))}
        if peers:
            try:
                for name, start in (("openfisca", environment.openfisca), ("trytond", environment.trytond)):
                    workers[name] = stack.enter_context(Worker(*start()))
            except environment.PeersMissingError as error:
                report.remarks.append(f"Not compared: {error}.")
        ways = [way for way in WAYS if way[1] in workers]
        counts = [workers[worker].for_seconds(seconds, how) for _, worker, how, _ in ways]
        samples: dict[str, list[Sample]] = {name: [] for name, *_ in ways}
        for _ in range(rounds):
            for (name, worker, how, _), count in zip(ways, counts, strict=True):
                samples[name].append(workers[worker].run(count, how))
    _tell(report, samples)


def _ours(data: Path) -> Worker:
    return Worker([sys.executable, "-m", "benchmarks.worker", str(data / "schedules")], cwd=ROOT)


def _tell(report: Report, samples: dict[str, list[Sample]]) -> None:
    names = [name for name, *_ in WAYS]
    notes = {name: note for name, _, _, note in WAYS}
    for name, found in samples.items():
        fastest = max(sample.rate for sample in found)
        note = f"{notes[name]}; fastest round {fastest:,.0f}, {middle_cpu(found):,.0f} a second of CPU"
        if name != names[0]:
            note += f"; {ratio(samples[names[0]], found):.2f} quotes in its time"
        report.add(name, middle(found), "a second", note)
    # Judged against the fastest way of each peer; the other ways are there to be read.
    quotes, simulations, look_ups = (samples.get(names[index], []) for index in (0, 3, 6))
    report.goal("quotes a second, one process", middle(quotes), QUOTES_A_SECOND)
    if simulations:
        report.goal("quote against an openfisca-core simulation", ratio(quotes, simulations), 1, unit="×")
    if look_ups:
        report.goal("quote against a trytond-customs look-up", ratio(quotes, look_ups), TIMES_TRYTOND, unit="×")
