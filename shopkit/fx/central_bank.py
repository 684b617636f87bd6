"""Central banks that publish the dollar's price as JSON: Banco de México (FIX) and Banco Central do Brasil (PTAX).

Both are asked for a window of days that ends on the day wanted, because neither publishes on a holiday; the last value
in it is the one in force. Addresses and shapes of the answers: from memory of the banks' pages, not read again for this
project. Both rates are market rates here: customs in Mexico and Brazil take the rate of a day fixed by their own laws,
which is for the configuration to say (``kind="customs"``) together with the right series.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from shopkit.fx.port import HttpRequest, Reader, utc_today

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from landed_cost.rates import RateKind, RateTable
    from shopkit.fx.port import Transport

# Longer than the longest run of days without a quotation (year's end, Holy Week, carnival).
_WINDOW: Final = timedelta(days=14)


class Bank(Protocol):
    """What differs from bank to bank: the address, and where day and number stand in the answer."""

    @property
    def key(self) -> str:
        """A short name for logs and settings."""
        ...

    @property
    def title(self) -> str:
        """The source as an answer cites it."""
        ...

    @property
    def quote(self) -> str:
        """The currency that a dollar is priced in."""
        ...

    def request(self, first: date, last: date) -> HttpRequest:
        """Return what to ask for, for the days of a window."""
        ...

    def values(self, answer: object, read: Reader) -> Iterator[tuple[date, object]]:
        """Yield each day with its number as given."""
        ...


@dataclass(frozen=True, slots=True)
class Banxico:
    """Banco de México's SIE service. ``token`` is the free key that the bank hands out; it travels in a header.

    ``SF43718`` is the FIX by the day it is determined; another series in pesos per dollar can be named.
    """

    token: str
    series: str = "SF43718"
    base_url: str = "https://www.banxico.org.mx/SieAPIRest/service/v1/series/"
    key: str = "banxico"
    title: str = "Banco de México, FIX"
    quote: str = "MXN"

    def __repr__(self) -> str:
        """Show no token: a settings page or a log may print this."""
        return f"Banxico(series={self.series!r})"

    def request(self, first: date, last: date) -> HttpRequest:
        """Return the request for a range of days."""
        url = f"{self.base_url}{self.series}/datos/{first:%Y-%m-%d}/{last:%Y-%m-%d}"
        return HttpRequest(url, headers={"Bmx-Token": self.token, "Accept": "application/json"})

    def values(self, answer: object, read: Reader) -> Iterator[tuple[date, object]]:
        """Yield the data of the one series; ``N/E`` marks a day without a value and is passed over."""
        series = _list(
            _object(_object(answer, "the answer", read).get("bmx"), "bmx", read).get("series"), "series", read
        )
        wanted = [one for one in series if isinstance(one, dict) and one.get("idSerie") == self.series]
        if len(wanted) != 1:
            read.refuse(f"the answer does not hold the series {self.series} once")
        for row in _list(wanted[0].get("datos", []), "datos", read):
            entry = _object(row, "an entry of datos", read)
            if entry.get("dato") != "N/E":
                yield read.day(entry.get("fecha"), "%d/%m/%Y"), entry.get("dato")


@dataclass(frozen=True, slots=True)
class BancoCentralDoBrasil:
    """Banco Central do Brasil's PTAX through the Olinda service: the selling rate at the close of the day."""

    base_url: str = "https://olinda.bcb.gov.br/olinda/servico/PTAX/versao/v1/odata/"
    key: str = "bcb"
    title: str = "Banco Central do Brasil, PTAX venda"
    quote: str = "BRL"

    def request(self, first: date, last: date) -> HttpRequest:
        """Return the request for a range of days; the service writes the month first."""
        call = "CotacaoDolarPeriodo(dataInicial=@dataInicial,dataFinalCotacao=@dataFinalCotacao)"
        params = {
            "@dataInicial": f"'{first:%m-%d-%Y}'",
            "@dataFinalCotacao": f"'{last:%m-%d-%Y}'",
            "$format": "json",
            "$select": "cotacaoVenda,dataHoraCotacao",
        }
        return HttpRequest(self.base_url + call, params)

    def values(self, answer: object, read: Reader) -> Iterator[tuple[date, object]]:
        """Yield the selling rate of each day; the time of day behind the date is dropped."""
        for row in _list(_object(answer, "the answer", read).get("value"), "value", read):
            entry = _object(row, "an entry of value", read)
            moment = entry.get("dataHoraCotacao")
            yield read.day(moment[:10] if isinstance(moment, str) else moment), entry.get("cotacaoVenda")


@dataclass(frozen=True, slots=True)
class CentralBankRates:
    """The price of one dollar as one central bank states it: a table of a single pair.

    ``bank`` is one of this module, or its name (``banxico`` with a ``token``, ``bcb``) as settings write it.
    """

    transport: Transport
    bank: Bank | str
    today: Callable[[], date] = utc_today
    kind: RateKind = "market"
    token: str = field(default="", repr=False)
    _bank: Bank = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Find the bank by its name; raise ``ValueError`` for one that is not known or lacks its token."""
        object.__setattr__(self, "_bank", _named(self.bank, self.token) if isinstance(self.bank, str) else self.bank)

    @property
    def name(self) -> str:
        """The bank's short name."""
        return self._bank.key

    def fetch(self, on: date | None = None) -> RateTable:
        """Return the rate of the last day with one, on or before the day asked."""
        return self.parse_response(self.transport.get(self.name, self.build_request(on)), on)

    def build_request(self, on: date | None) -> HttpRequest:
        """Return the bank's request for the window that ends on the day."""
        last = self.today() if on is None else on
        return self._bank.request(last - _WINDOW, last)

    def parse_response(self, body: bytes, on: date | None) -> RateTable:
        """Return the last value of the window; every value is checked, used or not."""
        read = Reader(self._bank.title, self.today)
        rates = [
            read.rate("USD", self._bank.quote, read.number(value), day, self.kind)
            for day, value in self._bank.values(read.json(body), read)
            if on is None or day <= on
        ]
        if not rates:
            read.refuse(f"no rate in the {_WINDOW.days} days up to {self.today() if on is None else on}")
        last = max(rate.date for rate in rates)
        # The same day twice with two values is refused by the table, the same value twice is one.
        return read.table(list(dict.fromkeys(rate for rate in rates if rate.date == last)))


def _named(name: str, token: str) -> Bank:
    """Return the bank of a name."""
    if name == "bcb":
        return BancoCentralDoBrasil()
    if name != "banxico":
        raise ValueError(f"exchange rates: bank {name!r} is not one of banxico, bcb")
    if not token:
        raise ValueError("exchange rates: banxico needs the token that the bank gives out for its service")
    return Banxico(token)


def _object(value: object, what: str, read: Reader) -> Mapping[str, Any]:
    """Return the value if it is an object of JSON, or refuse the answer."""
    if not isinstance(value, dict):
        read.refuse(f"{what} is not an object of JSON")
    return value


def _list(value: object, what: str, read: Reader) -> list[Any]:
    """Return the value if it is a list of JSON, or refuse the answer."""
    if not isinstance(value, list):
        read.refuse(f"{what} is not a list of JSON")
    return value
