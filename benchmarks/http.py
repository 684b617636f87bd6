"""Requests a second on granian: an empty route of the application, a quote that is not kept, and one that is."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from benchmarks import load
from benchmarks.cold import memory_mb
from benchmarks.goods import ROOT, request
from benchmarks.served import EMPTY
from benchmarks.start import MEMORY_MB
from shopkit import db
from shopkit.config import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.load import Load
    from benchmarks.report import Report

QUOTES: Final = "/api/v1/quotes"
UNSAVED, SAVED = 1 / 4, 1 / 8
WORKERS: Final = (2, 1)
_BODIES: Final = 1_999
_PATIENCE_S: Final = 30
_THREADS: Final = 4


@dataclass(frozen=True, slots=True)
class Route:
    """What is asked, and the file with the bodies."""

    name: str
    path: str
    bodies: Path


def measure(report: Report, data: Path, *, rounds: int, seconds: float) -> None:
    """Load the three routes in turns, with as many workers as ``shopkit serve`` has, and with one."""
    routes = _routes(data)
    report.remarks.append(
        f"HTTP: granian and its load, {load.CONNECTIONS} connections, share the cores; load by {load.generator()}."
    )
    for workers in WORKERS:
        # Each number of workers begins with an empty database.
        database = db.open_database(f"sqlite:///{data / f'bench-{workers}.sqlite'}")
        db.upgrade(database)
        database.dispose()
        with serving(data, workers) as (server, port):
            found: dict[str, list[Load]] = {route.name: [] for route in routes}
            for route in routes:
                load.post(port, route.path, route.bodies, 1)
            for _ in range(rounds):
                for route in routes:
                    found[route.name].append(load.post(port, route.path, route.bodies, seconds))
            _tell(report, workers, found, _memory(server))


def _routes(data: Path) -> tuple[Route, ...]:
    files: dict[str, list[dict[str, Any]]] = {
        "empty": [{}],
        "unsaved": [request(number) for number in range(_BODIES)],
        "saved": [request(number, save=True) for number in range(_BODIES)],
    }
    for name, bodies in files.items():
        lines = "".join(json.dumps(body, ensure_ascii=False) + "\n" for body in bodies)
        (data / f"{name}.jsonl").write_text(lines, "utf-8")
    return (
        Route("empty route", EMPTY, data / "empty.jsonl"),
        Route("quote, not kept", QUOTES, data / "unsaved.jsonl"),
        Route("quote, kept", QUOTES, data / "saved.jsonl"),
    )


def _tell(report: Report, workers: int, found: dict[str, list[Load]], biggest_mb: float) -> None:
    plural = "s" if workers > 1 else ""
    for name, loads in found.items():
        failed = sum(one.failed for one in loads)
        size = sum(one.bytes for one in loads) / max(1, sum(one.requests for one in loads))
        waits = f"p50 {median(one.p50_ms for one in loads):.1f} ms, p99 {median(one.p99_ms for one in loads):.1f} ms"
        note = f"{waits}; {size / 1000:.1f} kB an answer" + (f"; {failed} FAILED" if failed else "")
        report.add(f"{name}, {workers} worker{plural}", median(one.rate for one in loads), "a second", note)
        if failed:
            report.remarks.append(
                f"{name}, {workers} worker{plural}: {failed} requests failed, so its rate says nothing."
            )
    empty, unsaved, saved = found.values()
    report.add(f"largest process, {workers} worker{plural}", biggest_mb, "MB", "the most it held under that load")
    for name, loads, wanted in (("not kept", unsaved, UNSAVED), ("kept", saved, SAVED)):
        share = median(one.rate / other.rate for one, other in zip(loads, empty, strict=True))
        report.goal(f"quote {name}, of the empty route ({workers} worker{plural})", share, wanted, unit="×")
    report.goal(f"memory under load ({workers} worker{plural})", biggest_mb, MEMORY_MB, at_most=True, unit="MB")


@contextmanager
def serving(data: Path, workers: int) -> Iterator[tuple[int, int]]:
    """Run granian as ``shopkit serve`` does; give its process id and its port."""
    port = _free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "benchmarks.served:create"),
        *("--host", load.HOST, "--port", str(port), "--workers", str(workers), "--no-ws", "--log-level", "error"),
        *("--blocking-threads", str(_THREADS), "--backpressure", str(_THREADS * 8)),
    ]
    environ = os.environ | {
        "SHOPKIT_DATA_DIR": str(data),
        "SHOPKIT_DATABASE_URL": f"sqlite:///{data / f'bench-{workers}.sqlite'}",
        "SHOPKIT_LIMIT_DEFAULT": "off",
        "SHOPKIT_LIMIT_BATCH": "off",
        "MALLOC_ARENA_MAX": "2",
    }
    Settings(data_dir=data).secret()  # made before two workers ask for it
    process = subprocess.Popen(command, env=environ, cwd=ROOT, start_new_session=True)
    try:
        _wait(process, port)
        yield process.pid, port
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((load.HOST, 0))
        port: int = found.getsockname()[1]
    return port


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the server answers a quote, and look at the answer."""
    asked = urllib.request.Request(
        f"http://{load.HOST}:{port}{QUOTES}",
        data=json.dumps(request(1)).encode(),
        headers={"Content-Type": "application/json"},
    )
    end = time.monotonic() + _PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=_PATIENCE_S) as answer:  # noqa: S310  # our own server
                if not json.load(answer)["charges"]:
                    raise RuntimeError("the quote has no charges")
                return
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"the quote was refused: {error.read().decode()}") from error
        except OSError as error:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("granian does not answer") from error
            time.sleep(0.05)


def _memory(server: int) -> float:
    """Return the most that one of the server's processes ever held, in MB."""
    workers = Path(f"/proc/{server}/task/{server}/children").read_text("ascii").split()
    return max(memory_mb(pid)[1] for pid in (str(server), *workers))
