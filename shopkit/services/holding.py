"""Who is at work on something that takes long: a process, by its host and number, and whether it still is.

A run is a row with ``holder`` and ``beat_at``: taken up, told that somebody is alive as it goes on, and let go. What is
held is decided under the lock of a row that two runs would both wait for, which each kind of run has of its own.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from logging import Logger

    from shopkit.models import CatalogRun, DraftRun, ListingImport, Push

# A process that said nothing for so long is taken for gone.
SILENT: Final = timedelta(minutes=2)
_HOST: Final = 80
_Run = TypeVar("_Run", "CatalogRun", "DraftRun", "ListingImport", "Push")


def new_holder() -> str:
    """Return a name for who takes something up in this process."""
    return f"{socket.gethostname()[:_HOST]}:{os.getpid()}:{secrets.token_hex(6)}"


def is_holding(holder: str | None, beat_at: datetime | None, now: datetime) -> bool:
    """Return whether somebody is at work; a process of this machine is asked for itself, another by when it said so."""
    if holder is None or beat_at is None:
        return False
    host, _, rest = holder.rpartition(":")[0].rpartition(":")
    if host == socket.gethostname()[:_HOST]:
        try:
            os.kill(int(rest), 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True
    return now - beat_at < SILENT


def first_held(runs: Iterable[_Run], now: datetime) -> _Run | None:
    """Return the first of the runs that somebody is at work on."""
    return next((one for one in runs if is_holding(one.holder, one.beat_at, now)), None)


def take_up(run: _Run, state: str, now: datetime) -> str:
    """Take a run up for this process; return the name by which it is held."""
    holder = new_holder()
    run.state, run.holder, run.beat_at, run.finished_at = state, holder, now, None
    return holder


def let_go(run: _Run | None, holder: str) -> None:
    """Let a run go, unless it is gone, was let go, or another process took it over."""
    if run is not None and run.holder == holder:
        run.holder = None


def in_background(name: str, work: Callable[[], object], log: Logger) -> None:
    """Work in a thread of this process that ends with it."""

    def go() -> None:
        try:
            work()
        # There is nobody to raise it to: the page shows that it was interrupted, and it can be gone on with.
        except Exception:
            log.exception("%s was interrupted", name)

    threading.Thread(target=go, name=name, daemon=True).start()
