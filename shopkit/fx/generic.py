"""Any address that answers exchange rates as one JSON object of codes and numbers.

Shapes that fit by configuration alone: ``{"date": …, "usd": {"mxn": …}}``, ``{"base": …, "date": …, "rates": {…}}`` and
the same with the object of rates deeper down.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from landed_cost.currencies import is_known
from shopkit.fx.port import HttpRequest, Reader, utc_today

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from landed_cost.rates import RateKind, RateTable
    from shopkit.fx.port import Transport

_INVERSE: Final = Context(prec=16)


@dataclass(frozen=True, slots=True)
class GenericJsonRates:
    """Rates from a JSON address.

    ``url`` may hold ``{date}``, filled with the day asked for or ``latest``. ``rates_path`` and ``date_path`` are keys
    joined by dots. ``required`` are codes that must be in the answer; codes outside ISO 4217 are passed over.
    ``inverted`` says that numbers are units of ``base`` for one unit of the code.
    """

    transport: Transport
    url: str
    base: str
    rates_path: str
    date_path: str = "date"
    date_form: str = "%Y-%m-%d"
    title: str = ""
    required: frozenset[str] = frozenset()
    inverted: bool = False
    kind: RateKind = "market"
    latest: str = "latest"
    today: Callable[[], date] = utc_today
    name: str = "generic-json"

    def __post_init__(self) -> None:
        """Refuse settings that cannot work, before the first request."""
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"exchange rates: {self.url!r} is not an http(s) address")
        for code in (self.base, *sorted(self.required)):
            if not is_known(code):
                raise ValueError(f"exchange rates: {code!r} is not a currency; write its ISO 4217 code in capitals")

    def fetch(self, on: date | None = None) -> RateTable:
        """Return the rates of the answer for the day."""
        return self.parse_response(self.transport.get(self.name, self.build_request(on)), on)

    def build_request(self, on: date | None) -> HttpRequest:
        """Return the request for the day.

        An address without ``{date}`` knows the latest only: another day is then for ``parse_response`` to refuse.
        """
        return HttpRequest(self.url.replace("{date}", self.latest if on is None else on.isoformat()))

    def parse_response(self, body: bytes, on: date | None) -> RateTable:
        """Return the rates of known codes; one bad number refuses the whole answer."""
        read = Reader(self.title or urlsplit(self.url).hostname or self.name, self.today)
        answer = read.json(body)
        day = read.day(self._at(answer, self.date_path, read), self.date_form)
        if on is not None and day > on:
            read.refuse(f"asked for {on}, the rates are of {day}")
        found = self._at(answer, self.rates_path, read)
        if not isinstance(found, dict):
            read.refuse(f"{self.rates_path} is not an object of JSON")
        numbers = {code.upper(): value for code, value in found.items() if is_known(code.upper())}
        missing = self.required - numbers.keys() - {self.base}
        if missing:
            read.refuse(f"no rate of {', '.join(sorted(missing))}")
        return read.table(
            [
                read.rate(self.base, code, self._towards(read.number(value), read), day, self.kind)
                for code, value in numbers.items()
                if code != self.base
            ],
        )

    def _towards(self, number: Decimal, read: Reader) -> Decimal:
        """Return the number as units of the code for one of the base."""
        if not self.inverted:
            return number
        if number <= 0:
            read.refuse(f"{number} is not a possible exchange rate")
        return _INVERSE.divide(Decimal(1), number)

    def _at(self, answer: object, path: str, read: Reader) -> object:
        """Return what stands at a path of keys."""
        value = answer
        for key in path.split("."):
            if not isinstance(value, dict) or key not in value:
                read.refuse(f"the answer has nothing at {path}")
            value = value[key]
        return value
