"""What transports to the outside share: reading a body that may never end, and the wait that a server asks for."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    import requests
    import urllib3


class SlowBodyError(Exception):
    """A body that was not whole by its deadline."""


class LargeBodyError(Exception):
    """A body of more bytes than anybody wants."""


def read_body(response: requests.Response, end: float, largest_bytes: int) -> bytes:
    """Return the whole body, looking at clock (``time.monotonic``) and size after each piece."""
    body = bytearray()
    raw: urllib3.HTTPResponse = response.raw
    while piece := raw.read1(65_536, decode_content=True):
        body += piece
        if len(body) > largest_bytes:
            raise LargeBodyError(f"more than {largest_bytes} bytes")
        if time.monotonic() > end:
            raise SlowBodyError
    return bytes(body)


def asked_wait(response: requests.Response, now: datetime) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, as a number or a date; ``None`` without a good one."""
    asked = response.headers.get("Retry-After", "")
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    try:
        moment = parsedate_to_datetime(asked)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - now).total_seconds())
