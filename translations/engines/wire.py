"""What the engines over HTTP share: writing JSON, and reading a reply that may be anything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NoReturn

from translations.engines.port import EngineError, Translated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translations.engines.port import Question, Reason, Reply

_OK: Final = 200
_TOO_MANY: Final = 429
_TIMED_OUT: Final = 408
_SERVER: Final = 500
_SHOWN: Final = 120
# The signs around one text in a list.
_AROUND: Final = 4


def dump(value: object) -> bytes:
    """Return JSON in UTF-8, accents as they are: a letter is two bytes then and not six."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def size(text: str) -> int:
    """Return the bytes that a text takes in a list of JSON.

    >>> size('año "1"')
    14
    """
    return len(json.dumps(text, ensure_ascii=False).encode()) + _AROUND - 2


def status_reason(status: int) -> Reason | None:
    """Return what a status of HTTP says by itself; ``None``: it is well."""
    if status == _OK:
        return None
    if status == _TOO_MANY:
        return "busy"
    return "unavailable" if status == _TIMED_OUT or status >= _SERVER else "refused"


class Reader:
    """Reads one reply for one engine, and names the engine in every refusal."""

    def __init__(self, engine: str, reply: Reply) -> None:
        self.engine = engine
        self.reply = reply

    def fail(self, reason: Reason, detail: str = "") -> NoReturn:
        """Raise the refusal."""
        raise EngineError(self.engine, reason, detail[:_SHOWN])

    def json(self) -> Any:  # noqa: ANN401  # what JSON holds is known after looking
        """Return what the body says, or refuse it."""
        try:
            return json.loads(self.reply.body)
        except (ValueError, RecursionError):
            self.fail("garbage", "the answer is not JSON")

    def said(self, *names: str) -> str:
        """Return what an answer of failure says for itself under the first of these names that it has, at most."""
        try:
            value = json.loads(self.reply.body)
        except (ValueError, RecursionError):
            return ""
        for name in names:
            inner = value.get(name) if isinstance(value, dict) else None
            if isinstance(inner, dict):
                value = inner
            elif isinstance(inner, str):
                return inner
        return ""

    def must_be_well(self, *names: str) -> None:
        """Refuse any status but 200, with what the answer says for itself under one of these names."""
        reason = status_reason(self.reply.status)
        if reason is not None:
            self.fail(reason, f"answered {self.reply.status} {self.said(*names)}".rstrip())

    def field(self, value: object, name: str, kind: type) -> Any:  # noqa: ANN401  # of the kind asked for
        """Return a field of an object, refusing one that is not there or of another kind."""
        found = value.get(name) if isinstance(value, dict) else None
        if not isinstance(found, kind):
            self.fail("garbage", f"the answer has no {name}")
        return found

    def texts(self, question: Question, found: Sequence[object]) -> tuple[Translated, ...]:
        """Return the texts of an answer, refusing another count than was asked."""
        if len(found) != len(question.texts):
            self.fail("count", f"{len(question.texts)} texts were sent, {len(found)} came back")
        for text in found:
            if not isinstance(text, str):
                self.fail("garbage", "a text of the answer is none")
        return tuple(Translated(str(text)) for text in found)
