"""Exchange rates: a dated table, and exact conversion of minor units with it.

Rates are decimals, crosses are fractions, amounts are integers: nothing is ever a float. A conversion multiplies by the
exact cross rate and rounds once, halves away from zero.

>>> table = load_rates('''base,quote,rate,date,kind,source
... USD,MXN,18.50,2026-11-20,market,example
... USD,CLP,950,2026-11-20,market,example
... ''')
>>> table.convert_minor(10_00, "USD", "CLP")  # 10.00 USD in whole pesos
9500
>>> table.rate("MXN", "CLP").rate
Decimal('51.35135135')
"""

from __future__ import annotations

import csv
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal, cast, get_args

from landed_cost.currencies import EXPONENTS, UnknownCurrencyError, exponent, is_known

__all__ = [
    "RATE_LIMIT_DAYS",
    "ExchangeRate",
    "InvalidRateError",
    "RateKind",
    "RateTable",
    "RatesFileError",
    "UnknownCurrencyError",
    "default_rates",
    "is_stale",
    "load_rates",
]

RATE_LIMIT_DAYS: Final = 10
"""A rate further than this many days from the quote's date makes the answer *estimated*.

Ten days bridge the longest run of days without publication that central banks have (year's end, Holy Week, carnival)
and are the limit that this project keeps for the SDR as well. It is a rule of the house, not of law: where a customs
law names its own rate of the week or the month, that rate belongs in the table with its own date and ``customs``.
"""

RateKind = Literal["customs", "market"]

_KINDS: Final = get_args(RateKind)
_COLUMNS: Final = ["base", "quote", "rate", "date", "kind", "source"]
_PIVOTS: Final = ("USD", "EUR")
_DISPLAY: Final = Context(prec=10)
# No pair of currencies in use is further apart than about 10^8; anything past these is a slip of units.
_LOWEST: Final = Decimal("1e-12")
_HIGHEST: Final = Decimal("1e12")
_PLAIN_NUMBER: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,20})?", re.ASCII)
_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class InvalidRateError(ValueError):
    """A rate that no market or authority can have meant: zero, negative, not a number, out of all proportion."""


class RatesFileError(ValueError):
    """A file of rates that cannot be used; the message names file, line and what to write instead."""


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """How many units of ``quote`` one unit of ``base`` is worth on a day, and who says so.

    Units are major ones: ``rate`` of USD to CLP is pesos for a dollar. ``kind`` is ``customs`` only for a rate that an
    authority sets for customs value; anything else is ``market``.
    """

    base: str
    quote: str
    rate: Decimal
    date: date
    source: str
    kind: RateKind

    def __post_init__(self) -> None:
        """Refuse unknown currencies, a currency against itself other than 1, and impossible rates."""
        for code in (self.base, self.quote):
            if not is_known(code):
                raise UnknownCurrencyError(code, EXPONENTS)
        if not self.rate.is_finite() or not _LOWEST <= self.rate <= _HIGHEST:
            raise InvalidRateError(f"{self.base} to {self.quote}: {self.rate} is not a possible exchange rate")
        if self.base == self.quote and self.rate != 1:
            raise InvalidRateError(f"{self.base} to itself is 1, not {self.rate}")


@dataclass(frozen=True, slots=True)
class _Link:
    """One known step between two currencies, exact, with the published rate that it rests on."""

    factor: Fraction
    published: ExchangeRate


@dataclass(frozen=True, slots=True)
class RateTable:
    """Rates that belong together, and every conversion that follows from them.

    A pair is found directly, by inversion, or across one third currency (USD first, then EUR, then by name).
    Raises ``ValueError`` for an empty table or a pair given twice.
    """

    rates: tuple[ExchangeRate, ...]
    as_of: date = field(init=False, compare=False)
    currencies: frozenset[str] = field(init=False, compare=False)
    _links: dict[str, dict[str, _Link]] = field(init=False, compare=False, repr=False)
    _ratios: dict[tuple[str, str], tuple[int, int, int]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Index the rates both ways; ``as_of`` becomes the date of the oldest."""
        if not self.rates:
            raise ValueError("a table of exchange rates needs at least one rate")
        links: dict[str, dict[str, _Link]] = {}
        for rate in self.rates:
            if rate.base == rate.quote:
                raise ValueError(f"{rate.base} to itself needs no rate in a table")
            if rate.quote in links.get(rate.base, {}):
                raise ValueError(f"{rate.base} and {rate.quote} have two rates in one table")
            factor = Fraction(rate.rate)
            links.setdefault(rate.base, {})[rate.quote] = _Link(factor, rate)
            links.setdefault(rate.quote, {})[rate.base] = _Link(1 / factor, rate)
        # A frozen dataclass sets its derived fields this way, once.
        object.__setattr__(self, "as_of", min(rate.date for rate in self.rates))
        object.__setattr__(self, "currencies", frozenset(links))
        object.__setattr__(self, "_links", links)
        object.__setattr__(self, "_ratios", {})

    def age(self, on: date) -> int:
        """Return the days from the oldest rate of the table to the given day; negative when the table is later."""
        return (on - self.as_of).days

    def is_stale(self, on: date) -> bool:
        """Return whether the table lies further than ``RATE_LIMIT_DAYS`` from the day, before or after it."""
        return is_stale(self.as_of, on)

    def rate(self, from_: str, to: str) -> ExchangeRate:
        """Return the rate that a conversion uses, with date and source.

        A published pair comes back as published. An inverse or a cross shows ten significant digits while the exact
        fraction is what converts; its date is the older of the two, its sources are both, and it is ``customs`` only
        if both are. Raises ``UnknownCurrencyError`` when the table has no way between the two.
        """
        steps = self._path(from_, to)
        if not steps:
            return ExchangeRate(from_, to, Decimal(1), self.as_of, "same currency", "market")
        first = steps[0].published
        if len(steps) == 1 and first.base == from_:
            return first
        exact = _product(steps)
        shown = _DISPLAY.divide(Decimal(exact.numerator), Decimal(exact.denominator))
        published = [step.published for step in steps]
        sources = dict.fromkeys(rate.source for rate in published)
        kind: RateKind = "customs" if all(rate.kind == "customs" for rate in published) else "market"
        return ExchangeRate(from_, to, shown, min(rate.date for rate in published), "; ".join(sources), kind)

    def factor(self, from_: str, to: str) -> Fraction:
        """Return how many major units of ``to`` one of ``from_`` is worth, exactly; for sums that are rounded later.

        Raises ``UnknownCurrencyError`` as ``rate`` does.
        """
        return _product(self._path(from_, to))

    def convert_minor(self, minor: int, from_: str, to: str) -> int:
        """Return an amount in minor units of another currency, exact and rounded once, halves away from zero.

        ``minor`` counts the smallest units of ``from_`` (centavos of MXN, whole pesos of CLP); so does the result in
        ``to``. Raises ``UnknownCurrencyError`` as ``rate`` does.
        """
        ratio = self._ratios.get((from_, to))
        if ratio is None:
            ratio = self._compile(from_, to)
        twice_numerator, denominator, twice_denominator = ratio
        if minor >= 0:
            return (minor * twice_numerator + denominator) // twice_denominator
        return -((-minor * twice_numerator + denominator) // twice_denominator)

    def updated(self, newer: RateTable) -> RateTable:
        """Return a table with the newer rates in place of the same pairs of this one, and the rest kept.

        A pair is the same in either direction. The result is as old as its oldest rate.
        """
        replaced = {frozenset((rate.base, rate.quote)) for rate in newer.rates}
        kept = tuple(rate for rate in self.rates if frozenset((rate.base, rate.quote)) not in replaced)
        return RateTable(newer.rates + kept)

    def _compile(self, from_: str, to: str) -> tuple[int, int, int]:
        """Work out and keep the integers that convert a pair: twice the numerator, the denominator, and twice it."""
        factor = _product(self._path(from_, to))
        exact = factor * Fraction(10) ** (exponent(to) - exponent(from_))
        ratio = (2 * exact.numerator, exact.denominator, 2 * exact.denominator)
        self._ratios[from_, to] = ratio
        return ratio

    def _path(self, from_: str, to: str) -> tuple[_Link, ...]:
        """Return the steps between two currencies: none, one, or two."""
        for code in (from_, to):
            if code not in self.currencies and not (from_ == to and is_known(code)):
                raise UnknownCurrencyError(code, self.currencies)
        if from_ == to:
            return ()
        here, there = self._links[from_], self._links[to]
        if to in here:
            return (here[to],)
        for pivot in (*_PIVOTS, *sorted(here)):
            if pivot in here and pivot in there:
                return here[pivot], self._links[pivot][to]
        raise UnknownCurrencyError(to, [from_, *here])


def _product(steps: tuple[_Link, ...]) -> Fraction:
    """Return the exact factor of a path; no step is 1."""
    factor = Fraction(1)
    for step in steps:
        factor *= step.factor
    return factor


def is_stale(rate_date: date, on: date) -> bool:
    """Return whether a rate lies further than ``RATE_LIMIT_DAYS`` from the day, before or after it.

    After counts as well: a quote made as of last year with today's rate is no better than the reverse.
    """
    return abs((on - rate_date).days) > RATE_LIMIT_DAYS


def load_rates(source: Path | str) -> RateTable:
    """Read a CSV table of rates from a file, or from text given as a string.

    Columns: ``base,quote,rate,date,kind,source``, in this order under a header; lines that begin with ``#`` and empty
    ones are skipped; UTF-8. Raises ``RatesFileError`` naming file and line.
    """
    if isinstance(source, Path):
        try:
            text = source.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RatesFileError(f"{source}: cannot be read as UTF-8 text: {error}") from error
        return _parse(text, str(source))
    return _parse(source, "<text>")


@cache
def default_rates() -> RateTable:
    """Return the table that ships with the project: old by design, so that an unrefreshed quote says *estimated*."""
    resource = files("landed_cost") / "rulebook" / "rates" / "default.csv"
    return _parse(resource.read_text(encoding="utf-8"), "landed_cost/rulebook/rates/default.csv")


def _parse(text: str, name: str) -> RateTable:
    """Read the rows of a table, refusing the first that is wrong."""
    rows: list[ExchangeRate] = []
    seen: dict[frozenset[str], int] = {}
    header_seen = False
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        where = f"{name}:{number}"
        cells = _cells(line, where)
        if not header_seen:
            if cells != _COLUMNS:
                raise RatesFileError(f"{where}: the header must be {','.join(_COLUMNS)}")
            header_seen = True
            continue
        rate = _row(cells, where)
        earlier = seen.setdefault(frozenset((rate.base, rate.quote)), number)
        if earlier != number:
            raise RatesFileError(
                f"{where}: {rate.base} and {rate.quote} already have a rate on line {earlier}; keep one"
            )
        rows.append(rate)
    if not rows:
        raise RatesFileError(f"{name}: no rates; write a header {','.join(_COLUMNS)} and at least one row")
    return RateTable(tuple(rows))


def _cells(line: str, where: str) -> list[str]:
    """Return the cells of one line; a quoted cell may not run over several lines."""
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise RatesFileError(f"{where}: not CSV: {error}; close the quotation mark on the same line") from error


def _row(cells: list[str], where: str) -> ExchangeRate:
    """Return the rate of one row, or say what is wrong with it and what to write."""
    if len(cells) != len(_COLUMNS):
        raise RatesFileError(f"{where}: {len(cells)} columns; write {len(_COLUMNS)}: {','.join(_COLUMNS)}")
    base, quote, number, day, kind, source = cells
    if base == quote:
        raise RatesFileError(f"{where}: {base} against itself; leave the row out")
    if not _PLAIN_NUMBER.fullmatch(number):
        raise RatesFileError(f"{where}: rate {number!r} is not a plain positive decimal; write it like 18.2507")
    if kind not in _KINDS:
        raise RatesFileError(f"{where}: kind {kind!r}; write {' or '.join(_KINDS)}")
    if not source.strip():
        raise RatesFileError(f"{where}: no source; name who published the rate")
    published = _date(day, where)
    try:
        return ExchangeRate(base, quote, Decimal(number), published, source, cast("RateKind", kind))
    except InvalidRateError as error:
        raise RatesFileError(f"{where}: {error}") from error
    except UnknownCurrencyError as error:
        raise RatesFileError(
            f"{where}: currency {error.code!r} is not in ISO 4217; write a three-letter code in capitals",
        ) from error


def _date(text: str, where: str) -> date:
    """Return the date of a row; other ways of ISO 8601 to write one are refused."""
    if _ISO_DATE.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    raise RatesFileError(f"{where}: {text!r} is not a date; write YYYY-MM-DD")
