"""How the work on a text grows with its length, as a ratio in one run: seconds are a matter of the machine."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_SHORT: Final = 4_000
_TIMES: Final = 4
# Four times the length is four times the work; sixteen times where each part looks at all the others.
_MOST: Final = 9
# Below this a clock tells nothing.
_NOISE_S: Final = 0.005


def grows_with_length(part: str, work: Callable[[str], object]) -> bool:
    """Return whether ``work`` on a text four times as long takes about four times the processor's time."""
    short, long = (_best(_text(part, length), work) for length in (_SHORT, _SHORT * _TIMES))
    return long <= _MOST * max(short, _NOISE_S)


def _text(part: str, length: int) -> str:
    return (part * (length // len(part) + 1))[:length]


def _best(text: str, work: Callable[[str], object]) -> float:
    times = []
    for _ in range(3):
        before = time.process_time()
        work(text)
        times.append(time.process_time() - before)
    return min(times)
