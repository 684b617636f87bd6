"""A day that somebody names outside a request's body: in an address, or on the command line."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from shopkit.services.desk import FIRST_DAY, LAST_DAY
from shopkit.services.problems import RequestError, RequestProblem

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def read_day(text: str, pointer: str) -> date:
    """Return the day that is written YYYY-MM-DD; ``RequestError`` at ``pointer`` for what is none or too far away."""
    if not _DAY.fullmatch(text):
        raise RequestError([RequestProblem(pointer, "date.invalid")])
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise RequestError([RequestProblem(pointer, "date.impossible", {"value": text})]) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        limits = {"first": str(FIRST_DAY), "last": str(LAST_DAY)}
        raise RequestError([RequestProblem(pointer, "date.range", {"value": text} | limits)])
    return day
