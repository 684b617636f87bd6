"""Who is at work on something that takes long: a process, by its host and number, and whether it still is."""

from __future__ import annotations

import os
import secrets
import socket
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

# A process that said nothing for so long is taken for gone.
SILENT: Final = timedelta(minutes=2)
_HOST: Final = 80


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
