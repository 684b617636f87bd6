"""Where the time goes: cProfile over the scalar quote, or over a whole request without a server."""

from __future__ import annotations

import cProfile
import io
import json
import pstats
import time
from typing import TYPE_CHECKING, Any, Final

from werkzeug.test import EnvironBuilder

from benchmarks.goods import request, shipment
from benchmarks.http import QUOTES
from landed_cost import load_rulebook, quote
from shopkit import db
from shopkit.app import create_app, services_of
from shopkit.config import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from werkzeug.datastructures import Headers

SHOWN: Final = 25
_DIFFERENT: Final = 500


def profile(data: Path, what: str, count: int) -> str:
    """Return what ``count`` calls of ``quote``, ``http`` (not kept) or ``saved`` spend their time on."""
    step = _quotes(data) if what == "quote" else _requests(data, save=what == "saved")
    for number in range(_DIFFERENT):
        step(number)
    begun = time.perf_counter()
    for number in range(count):
        step(number)
    plain = (time.perf_counter() - begun) / count
    profiler = cProfile.Profile()
    profiler.enable()
    for number in range(count):
        step(number)
    profiler.disable()
    text = io.StringIO()
    text.write(f"{what}: {plain * 1e6:,.0f} µs each without the profiler\n")
    for order in ("tottime", "cumulative"):
        pstats.Stats(profiler, stream=text).strip_dirs().sort_stats(order).print_stats(SHOWN)
    return text.getvalue()


def _quotes(data: Path) -> Callable[[int], object]:
    rulebook = load_rulebook().with_schedules(data / "schedules")
    shipments = [shipment(number) for number in range(_DIFFERENT)]
    return lambda number: quote(shipments[number % _DIFFERENT], rulebook)


def _requests(data: Path, *, save: bool) -> Callable[[int], object]:
    app = create_app(Settings(data_dir=data, limit_default="off", limit_batch="off"))
    db.upgrade(services_of(app).database)
    bodies = [json.dumps(request(number, save=save)).encode() for number in range(_DIFFERENT)]
    head = EnvironBuilder(path=QUOTES, method="POST", content_type="application/json").get_environ()

    def start(status: str, _headers: Headers, _error: object = None) -> None:
        if not status.startswith("20"):
            raise RuntimeError(status)

    def step(number: int) -> bytes:
        body = bodies[number % _DIFFERENT]
        environ: dict[str, Any] = head | {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        answer: Any = app.wsgi_app(environ, start)  # type: ignore[arg-type]  # what it writes to is not needed
        return b"".join(answer)

    return step
