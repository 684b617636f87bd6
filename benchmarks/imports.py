"""What reading a file of listings holds in memory, and how that grows with the file: it should not."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.goods import ROOT

if TYPE_CHECKING:
    from benchmarks.report import Report

ROWS: Final = 50_000
# Ten times the rows in the same memory: the spool keeps its eight megabytes, and the rest lies on disk.
GROWTH_MB: Final = 12.0
_HEADER: Final = "Handle,Title,Body (HTML),Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Grams\n"
# A process of its own: what it holds at most is asked of the system, so that SQLite's share counts too.
_READ: Final = """
import json, resource, sys, time
from listings.formats.merging import finished
from listings.formats.port import Options
from listings.formats.reading import opened
from shopkit.services.formats import formats
begun = time.perf_counter()
with open(sys.argv[1], "rb") as file, opened(file, formats(), options=Options(currency="MXN")) as reading:
    found = sum(finished(draft)[0] is not None for draft in reading.drafts())
seconds = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"listings": found, "seconds": seconds, "peak": peak}))
"""


def measure(report: Report, *, rows: int = ROWS) -> None:
    """Read files of ``rows`` and of a tenth of them, the variants of a product far apart, and compare the peaks."""
    with tempfile.TemporaryDirectory() as folder:
        small = _read(_file(Path(folder) / "small.csv", rows // 10))
        large = _read(_file(Path(folder) / "large.csv", rows))
    report.add("import: peak of memory", large["peak"], "MB", f"{rows:,} rows, {large['listings']:,} products")
    report.add("import: rows read and judged", rows / large["seconds"], "rows/s", "without the database")
    growth = large["peak"] - small["peak"]
    report.goal("import: memory more than for a tenth of the rows", growth, GROWTH_MB, at_most=True, unit="MB")


def _file(path: Path, rows: int) -> Path:
    half = rows // 2
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEADER)
        for number in range(half):
            file.write(f"p{number},Producto {number},<p>{'Hecho a mano. ' * 20}</p>,Talla,S,S{number},450.00,250\n")
        for number in range(half):
            file.write(f"p{number},,,,M,M{number},450.00,250\n")
    return path


def _read(path: Path) -> dict[str, Any]:
    command = [sys.executable, "-c", _READ, str(path)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout)
    return found
