"""Records as JSON: every text of a record in the type that a channel asks for, numbers digit by digit, never a float.

A record holds an amount as one text, ``49.90 USD``; JSON holds value and currency apart, each channel in its own way.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, Final

from listings.channels.forms import PRICE
from listings.channels.port import UnreadableError, UnwritableError
from listings.formats.jsons import items
from listings.formats.port import FileRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from listings.channels.port import Record

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?")
_FLAGS: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Amount:
    """How an amount stands in JSON: the keys of its value and its currency, in an object of its own where ``inside``.

    Without a key for the currency it is the seller's own with the channel. ``more`` is said beside them in the object.
    """

    value: str
    currency: str | None = None
    inside: bool = False
    as_text: bool = False
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shape:
    """The types of fields by path (``offers.price``); what is not named is text. Lists are not in the path."""

    amounts: Mapping[str, Amount] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()

    def body(self, record: Record, at: str = "") -> dict[str, Any]:
        """Return a record as JSON, numbers as decimals; ``UnwritableError`` for a text that is none of its type."""
        said: dict[str, Any] = {}
        for name, held in record.items():
            path = f"{at}{name}"
            amount = self.amounts.get(path)
            if amount is None:
                said[name] = [self._one(one, path) for one in held] if isinstance(held, list) else self._one(held, path)
            else:
                said |= _apart(name, str(held), amount)
        return said

    def record(self, body: Mapping[str, Any], currency: str, at: str = "") -> Record:
        """Return the record that a body says, ``currency`` being that of amounts that name none."""
        left = {name: held for name, held in body.items() if held is not None}
        record: Record = {}
        for path, amount in self.amounts.items():
            if path.rpartition(".")[0] == at.rstrip("."):
                name = path.rpartition(".")[2]
                text = _together(name, left, amount, currency)
                if text is not None:
                    record[name] = text
        for name, held in left.items():
            path = f"{at}{name}"
            record[name] = (
                [self._text(one, path, currency) for one in held]
                if isinstance(held, list)
                else (self._text(held, path, currency))
            )
        return record

    def _one(self, held: Any, path: str) -> Any:  # noqa: ANN401 - a value of a record
        if isinstance(held, dict):
            return self.body(held, f"{path}.")
        if path in self.flags:
            if held not in _FLAGS:
                raise UnwritableError(f"{path}: {held!r} is neither true nor false")
            return _FLAGS[held]
        if path in self.numbers:
            if not _NUMBER.fullmatch(held):
                raise UnwritableError(f"{path}: {held!r} is no number")
            return Decimal(held)
        return held

    def _text(self, held: Any, path: str, currency: str) -> Any:  # noqa: ANN401 - a value of JSON
        if isinstance(held, dict):
            return self.record(held, currency, f"{path}.")
        if isinstance(held, bool):
            return "true" if held else "false"
        return str(held)


def dumps(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return JSON on one line, decimals as they are written.

    >>> dumps({"price": Decimal("49.90"), "title": "Café", "tags": [True]})
    '{"price":49.90,"title":"Café","tags":[true]}'
    """
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{dumps(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dumps, value)) + "]"
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def write_lines(bodies: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Write one body on each line; of none the file is one empty line."""
    count = 0
    for body in bodies:
        count += 1
        yield _bytes(dumps(body)) + b"\n"
    if not count:
        yield b"\n"


def write_array(bodies: Iterable[Mapping[str, Any]], head: str = "[", tail: str = "]\n") -> Iterator[bytes]:
    """Write an array of bodies, one on each line, between ``head`` and ``tail``."""
    yield head.encode()
    for number, body in enumerate(bodies):
        yield (b",\n" if number else b"\n") + _bytes(dumps(body))
    yield f"\n{tail}".encode()


def read(source: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Read bodies out of an array or of lines, numbers with a point as their texts. ``UnreadableError``."""
    text = io.TextIOWrapper(source, "utf-8-sig", errors="strict", newline="")
    try:
        for number, one in items(text):
            if not isinstance(one, dict):
                raise UnreadableError(f"item {number}", "it is no object with fields")
            yield one
    except FileRefusedError as error:
        raise UnreadableError(f"item {error.problem.row}", "the file is no JSON from here on") from error
    finally:
        text.detach()


def _apart(name: str, text: str, amount: Amount) -> dict[str, Any]:
    found = PRICE.fullmatch(text)
    if found is None:
        raise UnwritableError(f"{name}: {text!r} is no amount with its currency")
    said: dict[str, Any] = {**amount.more, amount.value: found[1] if amount.as_text else Decimal(found[1])}
    if amount.currency:
        said[amount.currency] = found[2]
    return {name: said} if amount.inside else said


def _together(name: str, left: dict[str, Any], amount: Amount, currency: str) -> str | None:
    held = left.pop(name, None) if amount.inside else left
    if not isinstance(held, dict) or amount.value not in held:
        return None
    value = held.pop(amount.value) if held is left else held[amount.value]
    named = (
        (held.pop(amount.currency, "") if held is left else held.get(amount.currency, ""))
        if amount.currency
        else (currency)
    )
    return f"{value} {named}".strip()


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise UnwritableError("half a character stands in a text") from error
