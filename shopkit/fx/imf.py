"""The International Monetary Fund's SDR: what a unit of each reporting currency is worth in special drawing rights.

The file of the last five days (``rms_five``, tab-separated) gives *SDRs per Currency unit* and, below, the inverse that
is not read. Its shape is as several programs that read it show it (seen 2026-11-28); the file itself was not fetched
for this project. Days are in the United States' form, columns without a rate hold ``NA`` or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from shopkit.fx.port import HttpRequest, Reader, utc_today

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from landed_cost.rates import RateTable
    from shopkit.fx.port import Transport

_URL: Final = "https://www.imf.org/external/np/fin/data/rms_five.aspx"
_WORTH: Final = "SDRs per Currency unit"
_INVERSE: Final = "Currency units per SDR"
_DAY: Final = "%B %d, %Y"
_NONE: Final = frozenset({"", "NA", "n.a."})
# What the Fund calls the currencies that matter here; the others are passed over.
_CODES: Final = {
    "Brazilian real": "BRL",
    "Canadian dollar": "CAD",
    "Chilean peso": "CLP",
    "Colombian peso": "COP",
    "Euro": "EUR",
    "Mexican peso": "MXN",
    "Peruvian sol": "PEN",
    "Swiss franc": "CHF",
    "Trinidadian dollar": "TTD",
    "U.K. pound": "GBP",
    "U.S. dollar": "USD",
    "Uruguayan peso": "UYU",
}


@dataclass(frozen=True, slots=True)
class ImfRates:
    """The Fund's rates of the SDR of the last five days; a day before them is refused."""

    transport: Transport
    today: Callable[[], date] = utc_today
    url: str = _URL
    name: str = field(default="imf", init=False)

    def fetch(self, on: date | None = None) -> RateTable:
        """Return the rates of the last day on or before the day asked."""
        return self.parse_response(self.transport.get(self.name, self.build_request(on)), on)

    def build_request(self, on: date | None) -> HttpRequest:  # noqa: ARG002  # there is one file
        """Return the file."""
        return HttpRequest(self.url, {"tsvflag": "Y"})

    def parse_response(self, body: bytes, on: date | None) -> RateTable:
        """Return the newest day that is not after the day asked and has the dollar's rate."""
        read = Reader("International Monetary Fund, SDRs per currency unit", self.today)
        days, rows = _worths(body, read)
        usable = [place for place, day in enumerate(days) if on is None or day <= on]
        usable = [place for place in usable if place < len(rows.get("USD", ())) and rows["USD"][place] not in _NONE]
        if not usable:
            read.refuse(f"no rate of the dollar on or before {on or self.today()}")
        newest = max(usable, key=lambda place: days[place])
        return read.table(
            [
                read.rate(code, "XDR", read.number(numbers[newest]), days[newest], "market")
                for code, numbers in rows.items()
                if newest < len(numbers) and numbers[newest] not in _NONE
            ]
        )


def _worths(body: bytes, read: Reader) -> tuple[list[date], dict[str, list[str]]]:
    """Return the days of the first part of the file, and the texts of each known currency, column by column."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        read.refuse("the answer is not UTF-8")
    # The title names both parts; a part begins a line of its own.
    lines = text.splitlines()
    begins = [place for place, line in enumerate(lines) if line.startswith(_WORTH) and _INVERSE not in line]
    ends = [place for place, line in enumerate(lines) if line.startswith(_INVERSE)]
    if not begins or not ends or ends[-1] < begins[0]:
        read.refuse("the answer has no part of SDRs per currency unit that ends")
    days: list[date] = []
    rows: dict[str, list[str]] = {}
    for line in lines[begins[0] + 1 : ends[-1]]:
        name, *cells = (cell.strip() for cell in line.split("\t"))
        if name == "Currency":
            days = [read.day(cell, _DAY) for cell in cells if cell]
        elif name in _CODES:
            if _CODES[name] in rows:
                read.refuse(f"{name} stands twice")
            rows[_CODES[name]] = cells
    if not days:
        read.refuse("the answer has no day")
    return days, rows
