"""``python -m benchmarks``: measure, print, and keep the result; ``make bench`` calls it.

``all`` (the default) measures everything and writes the table that is kept; ``scalar``, ``bulk``, ``start``, ``http``,
``finder``, ``imports``, ``catalog``, ``memory``, ``packing``, ``polling``, ``tracking`` and ``translation`` measure a
part; ``profile`` shows where the time of a quote goes.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from benchmarks import (
    bulk,
    catalog,
    finder,
    goods,
    http,
    imports,
    memory,
    packing,
    polling,
    profiling,
    scalar,
    start,
    tracking,
    translation,
)
from benchmarks.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for; 0 even when a goal is missed, because a machine may be slow."""
    given = _parser().parse_args(arguments)
    with goods.data_dir() as data:
        if given.part == "profile":
            print(profiling.profile(data, given.what, given.count))
            return 0
        report = Report()
        for name, measure in _parts(given, report, data).items():
            if given.part in {"all", name}:
                measure()
    print(report.text())
    path = report.write(keep=given.part == "all" and not given.no_peers)
    print(f"\nwritten to {path.relative_to(goods.ROOT)}")
    return 0


def _parts(given: argparse.Namespace, report: Report, data: Path) -> dict[str, Callable[[], None]]:
    """Return what measures each part, in the order of a whole run."""
    rounds, seconds, peers = given.rounds, given.seconds, not given.no_peers
    return {
        "scalar": lambda: scalar.measure(report, data, rounds=rounds, seconds=seconds, peers=peers),
        "bulk": lambda: bulk.measure(report, rounds=rounds, peers=peers),
        "start": lambda: start.measure(report, data, rounds=rounds),
        "http": lambda: http.measure(report, data, rounds=rounds, seconds=seconds),
        "finder": lambda: finder.measure(report, rounds=rounds),
        "imports": lambda: imports.measure(report),
        "catalog": lambda: catalog.measure(report),
        "translation": lambda: translation.measure(report),
        "memory": lambda: memory.measure(report),
        "tracking": lambda: tracking.measure(report),
        "packing": lambda: packing.measure(report),
        # A hundred thousand take long: they are followed when they are asked for.
        "polling": lambda: polling.measure(report, parcels=100_000 if given.part == "polling" else 5_000),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed and memory, in ratios.")
    parser.add_argument(
        "part",
        nargs="?",
        default="all",
        choices=(
            *(
                "all",
                "scalar",
                "bulk",
                "start",
                "http",
                "finder",
                "imports",
                "catalog",
                "memory",
                "packing",
                "polling",
                "tracking",
                "translation",
            ),
            "profile",
        ),
    )
    parser.add_argument("what", nargs="?", default="quote", choices=("quote", "http", "saved"), help="what to profile")
    parser.add_argument("--rounds", type=int, default=7, help="how often the sides take turns")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long a turn takes")
    parser.add_argument("--count", type=int, default=2_000, help="how many calls are profiled")
    parser.add_argument("--no-peers", action="store_true", help="measure ourselves only")
    return parser


if __name__ == "__main__":
    sys.exit(main())
