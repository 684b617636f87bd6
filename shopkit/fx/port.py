"""The port of exchange rates: what a source answers, how it fails, and how a table is renewed without harm.

An adapter builds a request and reads a response, both without I/O; the one transport between them is given by the
application. What an adapter hands over has been checked: every rate finite, positive and of a known currency, with a
date that is not in the future. A source that answers anything else is refused with the reason, and the table at hand
stays in force.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol, runtime_checkable

from landed_cost.rates import ExchangeRate, InvalidRateError, RateKind, RateTable, UnknownCurrencyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

JUMP_LIMIT: Final = 3
"""A rate that moved by more than this factor since the table at hand is taken for a slip of the source.

A true redenomination is rare and is loaded by hand; a shifted decimal point in a refresh would spoil every quote.
"""

_NUMBER: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,20})?", re.ASCII)


class RateSourceError(Exception):
    """A source gave no table that can be used; ``source`` is its name, the message says why."""

    def __init__(self, source: str, reason: str) -> None:
        self.source = source
        self.reason = reason
        super().__init__(f"{source}: {reason}")


class RateSourceUnavailableError(RateSourceError):
    """The source could not be reached, was too slow, or answered with a status of failure; later may be better."""


class RateSourceRefusedError(RateSourceError):
    """The source answered, and the answer is wrong: garbage, absurd rates, a missing or a future date."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A GET that is safe to repeat. ``headers`` may carry a key: they are never shown in an error."""

    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Transport(Protocol):
    """What carries a request out and brings the whole body of a 200 back."""

    def get(self, source: str, request: HttpRequest) -> bytes:
        """Return the body; raise ``RateSourceUnavailableError`` for anything but a complete 200."""
        ...


@runtime_checkable
class RateSource(Protocol):
    """Anybody who publishes exchange rates."""

    @property
    def name(self) -> str:
        """A short name for logs and settings."""
        ...

    def fetch(self, on: date | None = None) -> RateTable:
        """Return the rates in force on a day, or the latest without one.

        In force means the last published on or before the day. Raises ``RateSourceError``.
        """
        ...


@dataclass(frozen=True, slots=True)
class Renewal:
    """The table to go on with, and what kept the new one from being it (``None`` when nothing did)."""

    table: RateTable
    problem: RateSourceError | None


def utc_today() -> date:
    """Return today's date in UTC: the clock of every adapter that is not given another."""
    return datetime.now(UTC).date()


def renew(table: RateTable, source: RateSource, on: date | None = None) -> Renewal:
    """Ask a source and lay its rates over the table at hand; on any trouble the table stays as it was."""
    try:
        newer = source.fetch(on)
        refuse_jumps(source.name, table, newer)
    except RateSourceError as problem:
        return Renewal(table, problem)
    return Renewal(table.updated(newer), None)


def refuse_jumps(source: str, table: RateTable, newer: RateTable) -> None:
    """Raise ``RateSourceRefusedError`` if a pair known to both moved by more than ``JUMP_LIMIT`` either way."""
    for rate in newer.rates:
        try:
            known = table.rate(rate.base, rate.quote).rate
        except UnknownCurrencyError:
            continue
        if not known <= rate.rate * JUMP_LIMIT or not rate.rate <= known * JUMP_LIMIT:
            reason = (
                f"{rate.base} to {rate.quote} went from {known} to {rate.rate}, more than {JUMP_LIMIT} times: "
                f"if that is true, load it by hand"
            )
            raise RateSourceRefusedError(source, reason)


@dataclass(frozen=True, slots=True)
class Reader:
    """What every adapter checks in an answer, with the source's name in each refusal."""

    source: str
    today: Callable[[], date]

    def refuse(self, reason: str) -> NoReturn:
        """Raise the refusal."""
        raise RateSourceRefusedError(self.source, reason)

    def json(self, body: bytes) -> Any:  # noqa: ANN401 - what JSON holds is known after looking
        """Return decoded JSON with exact decimals; NaN, Infinity and duplicate keys are refused."""
        try:
            return json.loads(
                body,
                parse_float=Decimal,
                parse_constant=lambda word: self.refuse(f"{word} is not a number of JSON"),
                object_pairs_hook=self._unique,
            )
        except (ValueError, RecursionError) as error:
            reason = f"the answer is not JSON: {str(error)[:120]}"
            raise RateSourceRefusedError(self.source, reason) from error

    def number(self, value: object) -> Decimal:
        """Return a rate given as a JSON number or as plain text; signs and exponents in text are refused."""
        if isinstance(value, Decimal):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        if not isinstance(value, str) or not _NUMBER.fullmatch(value):
            self.refuse(f"{value!r:.60} is not a rate")
        return Decimal(value)

    def day(self, value: object, form: str = "%Y-%m-%d") -> date:
        """Return a date of the answer, refusing one that is missing, misspelt or after today."""
        if not isinstance(value, str):
            self.refuse(f"the answer has no date where one must be, but {value!r:.60}")
        try:
            parsed = datetime.strptime(value, form).replace(tzinfo=UTC).date()
        except ValueError:
            self.refuse(f"{value!r:.60} is not a date of the form {form}")
        if parsed > self.today():
            self.refuse(f"the rates are dated {parsed}, which is in the future")
        return parsed

    def rate(self, base: str, quote: str, number: Decimal, day: date, kind: RateKind) -> ExchangeRate:
        """Return one checked rate with the source's name on it."""
        try:
            return ExchangeRate(base, quote, number, day, self.source, kind)
        except (InvalidRateError, UnknownCurrencyError) as error:
            raise RateSourceRefusedError(self.source, str(error)[:200]) from error

    def table(self, rates: list[ExchangeRate]) -> RateTable:
        """Return the table of the rates; an answer without any, or with a pair twice, is refused."""
        try:
            return RateTable(tuple(rates))
        except ValueError as error:
            raise RateSourceRefusedError(self.source, str(error)) from error

    def _unique(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Build an object of JSON, refusing a key given twice: which one was meant cannot be known."""
        built = dict(pairs)
        if len(built) != len(pairs):
            self.refuse("the answer gives one key twice")
        return built
