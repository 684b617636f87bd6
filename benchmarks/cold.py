"""A process from its start to its first answer: ``python -m benchmarks.cold engine|app DATA`` says when and how big.

It is told nothing and prints one line of JSON: the moment of the first answer, and what the process holds in memory.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Final

_KB: Final = 1_000


def memory_mb(pid: int | str = "self") -> tuple[float, float]:
    """Return what a process holds in memory and the most it ever held, in MB (millions of bytes)."""
    sizes = {}
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        name, _, value = line.partition(":")
        if name in {"VmRSS", "VmHWM"}:
            sizes[name] = int(value.split()[0]) * 1024 / _KB / _KB
    return sizes["VmRSS"], sizes["VmHWM"]


def answer_in_python(data: Path) -> None:
    """Load law and schedule, and quote once."""
    from benchmarks.goods import shipment  # noqa: PLC0415  # importing is part of what is measured
    from landed_cost import load_rulebook, quote  # noqa: PLC0415  # the same

    quote(shipment(1), load_rulebook().with_schedules(data / "schedules"))


def answer_over_http(data: Path) -> None:
    """Build the whole application and answer one request."""
    from benchmarks.goods import request  # noqa: PLC0415  # the same
    from shopkit.config import Settings  # noqa: PLC0415  # the same
    from shopkit.serving import serving  # noqa: PLC0415  # the same

    answer = serving(Settings(data_dir=data)).test_client().post("/api/v1/quotes", json=request(1))
    if answer.status_code != 200:  # noqa: PLR2004  # what a quote that is not kept answers
        raise SystemExit(f"{answer.status}: {answer.text}")


def main() -> None:
    """Answer once, and say when that was."""
    way, data = sys.argv[1], Path(sys.argv[2])
    {"engine": answer_in_python, "app": answer_over_http}[way](data)
    ready = time.monotonic()
    now, most = memory_mb()
    print(json.dumps({"ready": ready, "rss_mb": now, "peak_mb": most}))


if __name__ == "__main__":
    main()
