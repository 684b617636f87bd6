"""What twins of channels share: they stand in memory, keep what they are sent, and fail as asked.

``failing`` says how the next calls go wrong, ``None`` for one that goes well: *busy* (429 with Retry-After), *unsigned*
(401), *down* (503), *lost* (done, and the answer never came). What is wrong with a row they find by themselves.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl, urlencode

from listings.pushing.port import PushError, Reply

if TYPE_CHECKING:
    from listings.pushing.port import Call

Failure = Literal["busy", "unsigned", "down", "lost"]


@dataclass(slots=True)
class Twin(ABC):
    """What twins share: the failures to come, and the calls that came."""

    failing: list[Failure | None] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)

    def send(self, call: Call) -> Reply:
        """Return the reply of a channel; ``PushError`` for an answer that is lost."""
        self.calls.append(f"{call.method} {call.path}{f'?{urlencode(call.query)}' if call.query else ''}")
        failure = self.failing.pop(0) if self.failing else None
        if failure == "busy":
            return Reply(429, b'{"message":"too many requests"}', 7.0)
        if failure == "unsigned":
            return Reply(401, b'{"message":"invalid access token","error":"unauthorized"}')
        if failure == "down":
            return Reply(503, b"<html>", None)
        status, answer = self.answer(call, _body(call))
        if failure == "lost":
            raise PushError("unavailable" if call.is_harmless else "unknown", "no answer could be read")
        return Reply(status, json.dumps(answer).encode() if answer is not None else b"")

    @abstractmethod
    def answer(self, call: Call, body: dict[str, Any]) -> tuple[int, Any]:
        """Return status and answer; for a channel to say."""


def _body(call: Call) -> dict[str, Any]:
    """Return what a call says: the object of JSON, or the fields of a form."""
    if call.photo is not None:
        return {**call.photo.more, call.photo.name: call.photo.url}
    if call.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(call.body.decode(), keep_blank_values=True))
    found: dict[str, Any] = json.loads(call.body or b"{}")
    return found
