"""Our side of the comparison: ``python -m benchmarks.worker STORE`` quotes as often as it is told.

A line ``<count>`` quotes T-shirts whose prices change; ``<count> mixed`` quotes baskets of many goods it has seen
before, ``<count> new`` the same with nothing decided yet. Every quote comes with its whole trace.
"""

import json
import sys
import time
from pathlib import Path

from benchmarks.goods import mixed, shipment
from landed_cost import Rulebook, Shipment, load_rulebook, quote

BASKETS = 500


def run(shipments: list[Shipment], rulebook: Rulebook, count: int) -> dict[str, float]:
    """Quote ``count`` times, going round in the shipments, and return the time it took."""
    size = len(shipments)
    wall, cpu = time.perf_counter(), time.process_time()
    for number in range(count):
        quote(shipments[number % size], rulebook)
    return {
        "count": count,
        "seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - cpu,
    }


def main() -> None:
    """Answer each count with the time that so many quotes took."""
    store = Path(sys.argv[1])
    rulebook = load_rulebook().with_schedules(store)
    shirts, baskets = [shipment(number) for number in range(2_000)], mixed(BASKETS)
    answer = quote(shirts[0], rulebook)
    if not {"us.mfn", "us.s301fl"} <= {charge.id for charge in answer.charges}:
        raise SystemExit("the quote lacks its duties")
    run(baskets, rulebook, BASKETS)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        number, _, how = line.strip().partition(" ")
        # A rulebook taken anew has decided nothing yet.
        book = rulebook.with_schedules(store) if how == "new" else rulebook
        print(json.dumps(run(baskets if how else shirts, book, int(number))), flush=True)


if __name__ == "__main__":
    main()
