"""Load on one address of this machine: by wrk where it is installed, else by a small generator of our own."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SCRIPT: Final = Path(__file__).with_name("wrk.lua")
HOST: Final = "127.0.0.1"
CONNECTIONS: Final = 16
# A run ends by time; this many requests end it earlier, whatever happens.
MOST: Final = 1_000_000
_PATIENCE_S: Final = 15


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: answers, seconds, failures (any other status than 2xx, or none at all), waiting times."""

    requests: int
    seconds: float
    failed: int
    bytes: int
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds


def generator() -> str:
    """Return which generator is used, in words."""
    if shutil.which("wrk"):
        return "wrk"
    return "a generator in Python (no wrk here), so rates are lower and shares of the empty route larger than by wrk"


def post(port: int, path: str, bodies: Path, seconds: float) -> Load:
    """Post the bodies of a file (JSON, one a line) in turn for some seconds."""
    if shutil.which("wrk"):
        return by_wrk(port, path, bodies, seconds)
    return by_ourselves(port, path, bodies, seconds)


def by_wrk(port: int, path: str, bodies: Path, seconds: float) -> Load:
    """Let wrk do it; it counts whole seconds."""
    whole = max(1, round(seconds))
    command = [
        *("wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{whole}s"),
        *("--timeout", f"{_PATIENCE_S}s", "--script", str(SCRIPT), f"http://{HOST}:{port}{path}", "--", str(bodies)),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=whole + 2 * _PATIENCE_S)
    return Load(**json.loads(done.stdout.strip().splitlines()[-1]))


def by_ourselves(port: int, path: str, bodies: Path, seconds: float) -> Load:
    """Do it on as many connections, each with one request at a time."""
    texts = [_request(path, line.encode()) for line in bodies.read_text("utf-8").splitlines()]
    # In a thread of its own, for whoever calls may have an event loop running already.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, _all(port, texts, seconds)).result()


def _request(path: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


async def _all(port: int, texts: Sequence[bytes], seconds: float) -> Load:
    begun = time.perf_counter()
    end = begun + seconds
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_one(port, texts, offset, end)) for offset in range(CONNECTIONS)]
    took = time.perf_counter() - begun
    answers = [answer for task in tasks for answer in task.result()]
    waits = sorted(wait for wait, _, _ in answers) or [0.0]
    return Load(
        requests=len(answers),
        seconds=took,
        failed=sum(not ok for _, _, ok in answers),
        bytes=sum(size for _, size, _ in answers),
        p50_ms=waits[len(waits) // 2] * 1000,
        p99_ms=waits[len(waits) * 99 // 100] * 1000,
    )


async def _one(port: int, texts: Sequence[bytes], offset: int, end: float) -> list[tuple[float, int, bool]]:
    """Ask on one connection until the end; return waiting time, size and success of each answer."""
    answers = []
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        for text in _rounds(texts, offset):
            asked = time.perf_counter()
            if asked >= end:
                break
            writer.write(text)
            head = await reader.readuntil(b"\r\n\r\n")
            size = _length(head)
            await reader.readexactly(size)
            answers.append((time.perf_counter() - asked, len(head) + size, head.startswith(b"HTTP/1.1 2")))
    finally:
        writer.close()
        await writer.wait_closed()
    return answers


def _rounds(texts: Sequence[bytes], offset: int) -> Iterator[bytes]:
    for number in range(MOST // CONNECTIONS):
        yield texts[(offset + number * CONNECTIONS) % len(texts)]


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            return int(value)
    raise ValueError("an answer without a length")
