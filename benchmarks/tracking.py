"""A million raw events of posts read into our words, beside bare parsing of the same JSON; memory has to stay flat.

Seconds are those of the processor. Lines are made before, a hundred thousand that come again and again; a tenth have
wordings that no table has and no other line, more of them than are remembered.
"""

from __future__ import annotations

import json
import random
import resource
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from shopkit.tracking.codes import post
from shopkit.tracking.events import RawEvent, normalise
from shopkit.tracking.statuses import Status

if TYPE_CHECKING:
    from benchmarks.report import Report

EVENTS: Final = 1_000_000
LINES: Final = 100_000
GROWTH_MB: Final = 10.0
_TEXTS: Final = (
    "Cancelar exportación de envío",
    "Enviar envío a aduana (entrada)",
    "Devolver envÃ\xado desde aduana (entrada)",
    "Receive item at delivery office (Inb)",
    "ENTREGAR ENVIO (ENTRADA)",
)
_RECEIVED: Final = datetime(2026, 11, 1, tzinfo=UTC)


def lines(count: int, seed: int = 1) -> list[str]:
    """Return so many events as a feed would send them, one JSON object each, the same ones for a seed."""
    chance = random.Random(seed)  # noqa: S311  # the same events in every run
    codes = [code for code in post().codes if code.isalpha()]
    return [json.dumps(_event(chance, number, codes), ensure_ascii=False) for number in range(count)]


def read(line: str) -> Status:
    """Read one line to the end, and keep nothing of it."""
    body = json.loads(line)
    raw = RawEvent(
        "post",
        _RECEIVED,
        code=body["code"],
        text=body["text"],
        time=body["time"],
        place=body["place"],
        office=body["office"],
        country=body["country"],
        reason=body["reason"],
        body=body,
    )
    return normalise(raw, post()).status


def measure(report: Report, *, count: int = EVENTS) -> None:
    """Read all events once, a parse of the same lines in between, and look at the memory on the way."""
    told = lines(min(LINES, count))
    statuses: Counter[Status] = Counter(map(read, told))
    held = _megabytes()
    ours = bare = 0.0
    for _ in range(count // len(told)):
        begun = time.process_time()
        statuses.update(map(read, told))
        between = time.process_time()
        for line in told:
            json.loads(line)
        ours, bare = ours + between - begun, bare + time.process_time() - between
    done = count // len(told) * len(told)
    unknown = statuses[Status.UNKNOWN] / statuses.total()
    report.add("tracking: events read", done / ours, "a second of CPU", f"{done:,} events, {unknown:.0%} in no table")
    report.add("tracking: bare parsing of their JSON", done / bare, "a second of CPU")
    report.add("tracking: of bare parsing", bare / ours, "×", "parsed, looked up, placed in time, folded")
    report.goal("tracking: growth while reading", _megabytes() - held, GROWTH_MB, at_most=True, unit="MB")


def _event(chance: random.Random, number: int, codes: list[str]) -> dict[str, Any]:
    kind = chance.random()
    coded = kind < 0.5  # noqa: PLR2004  # half of them bear a code
    text = chance.choice(_TEXTS) if kind < 0.9 else f"Proceso interno {number}"  # noqa: PLR2004  # a tenth no table has
    moment = datetime(2026, 1 + number % 9, 1 + number % 28, number % 24, number % 60, tzinfo=UTC)
    return {
        "code": chance.choice(codes) if coded else None,
        "text": None if coded else text,
        "time": moment.strftime("%Y-%m-%dT%H:%M:%S") + ("-05:00" if number % 2 else ""),
        "country": chance.choice(("BO", "PE", "MX", "GT", "BR")),
        "place": f"Oficina {number % 300}",
        "office": f"OF{number % 300:04}",
        "reason": "65" if number % 50 == 0 else None,
    }


def _megabytes() -> float:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize() / 1e6
