"""Many listings into every destination, as often as told: ``python -m benchmarks.bulk_worker LISTINGS``.

A line ``<count>`` prices all listings by every way so often, ``<count> floor`` does one multiplication, addition and
division per total over the same columns in bare numpy, and ``1 memory`` tells the most memory so far in megabytes,
``1 first`` what the first pass took, in which the programs were made: that happens once for a day's law.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import numpy as np

from benchmarks.goods import CODES, DAY, ORIGINS
from landed_cost import Amount, Place, Rulebook, Shipment, load_rulebook
from landed_cost.bulk import CHUNK, Goods, Way, quote_goods
from landed_cost.bulk.columns import plain_item

_KILOBYTES = 1024


def listings(count: int) -> Goods:
    """Return listings of forty goods of eight origins at changing prices; the same ones every time."""
    chance = np.random.default_rng(count)
    kinds = tuple(plain_item(code, origin, "USD") for code in CODES for origin in ORIGINS)
    return Goods(
        kinds,
        chance.integers(0, len(kinds), count, np.int32),
        chance.integers(5_00, 300_00, count),
        chance.integers(1, 4, count),
        chance.integers(50, 2_000, count),
    )


def everywhere(rulebook: Rulebook) -> list[Way]:
    """Return a way by courier into every destination, shown in its own money."""
    found = []
    for code, one in rulebook.destinations.items():
        start = Place("MX" if code != "MX" else "CO")
        freight = Amount(Decimal(12), "USD")
        way = Shipment(date.fromisoformat(DAY), start, Place(code), "courier", one.currency, (), freight=freight)
        found.append(Way(way))
    return found


def priced(goods: Goods, ways: list[Way], rulebook: Rulebook) -> tuple[int, int]:
    """Return how many totals there are, and how many of them were answered one by one."""
    count = alone = 0
    for block in quote_goods(goods, ways, rulebook):
        count += len(block.priced)
        alone += sum(block.priced.fallbacks.values())
    return count, alone


def floor(goods: Goods, ways: list[Way]) -> int:
    """Return how many totals there are, each one multiplication, one addition and one division rounded half up."""
    count = 0
    for first in range(0, len(goods), CHUNK):
        price = goods.price[first : first + CHUNK]
        for number in range(len(ways)):
            told = price * (2 * (116 + number))
            told += 100
            told //= 200
            count += len(told)
    return count


def timed(work: Callable[[], int], times: int) -> dict[str, float]:
    """Return how many totals came of doing it so often, and how long that took."""
    wall, cpu = time.perf_counter(), time.process_time()
    count = sum(work() for _ in range(times))
    return {"count": count, "seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}


def main() -> None:
    """Answer each line with the time it took."""
    goods, rulebook = listings(int(sys.argv[1])), load_rulebook()
    ways = everywhere(rulebook)
    first = timed(lambda: priced(goods, ways, rulebook)[0], 1)
    count, alone = priced(goods, ways, rulebook)
    if alone * 100 > count:
        raise SystemExit(f"{alone} of {count} totals were answered one by one: that is no bulk")
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        number, _, how = line.strip().partition(" ")
        if how == "memory":
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KILOBYTES
            found: dict[str, float] = {"count": most, "seconds": 1, "cpu_seconds": 1}
        elif how == "first":
            found = first
        elif how == "floor":
            found = timed(lambda: floor(goods, ways), int(number))
        else:
            found = timed(lambda: priced(goods, ways, rulebook)[0], int(number))
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
