"""``python -m benchmarks``: measure, print, and keep the result; ``make bench`` calls it.

``all`` (the default) measures everything and writes the table that is kept; ``scalar``, ``start``, ``http``,
``finder``, ``imports``, ``catalog``, ``memory`` and ``translation`` measure a part of it; ``profile`` shows where the
time of a quote goes.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks import catalog, finder, goods, http, imports, memory, profiling, scalar, start, translation
from benchmarks.report import Report


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for; 0 even when a goal is missed, because a machine may be slow."""
    given = _parser().parse_args(arguments)
    with goods.data_dir() as data:
        if given.part == "profile":
            print(profiling.profile(data, given.what, given.count))
            return 0
        report = Report()
        if given.part in {"all", "scalar"}:
            scalar.measure(report, data, rounds=given.rounds, seconds=given.seconds, peers=not given.no_peers)
        if given.part in {"all", "start"}:
            start.measure(report, data, rounds=given.rounds)
        if given.part in {"all", "http"}:
            http.measure(report, data, rounds=given.rounds, seconds=given.seconds)
        if given.part in {"all", "finder"}:
            finder.measure(report, rounds=given.rounds)
        if given.part in {"all", "imports"}:
            imports.measure(report)
        if given.part in {"all", "catalog"}:
            catalog.measure(report)
        if given.part in {"all", "translation"}:
            translation.measure(report)
        if given.part in {"all", "memory"}:
            memory.measure(report)
    print(report.text())
    path = report.write(keep=given.part == "all" and not given.no_peers)
    print(f"\nwritten to {path.relative_to(goods.ROOT)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed and memory, in ratios.")
    parser.add_argument(
        "part",
        nargs="?",
        default="all",
        choices=("all", "scalar", "start", "http", "finder", "imports", "catalog", "memory", "translation", "profile"),
    )
    parser.add_argument("what", nargs="?", default="quote", choices=("quote", "http", "saved"), help="what to profile")
    parser.add_argument("--rounds", type=int, default=7, help="how often the sides take turns")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long a turn takes")
    parser.add_argument("--count", type=int, default=2_000, help="how many calls are profiled")
    parser.add_argument("--no-peers", action="store_true", help="measure ourselves only")
    return parser


if __name__ == "__main__":
    sys.exit(main())
